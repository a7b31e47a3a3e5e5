"""Covenants joined together: the contract's terms, the figures, what was delivered, and what people decided, as assessments.

Terms come from the loan book; those read from contracts are proposed and never tested until a named person confirms them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from tools.domain.covenant_cures import with_cures
from tools.domain.covenant_dates import FiscalYear
from tools.domain.covenant_measures import EvaluatorMeasure
from tools.domain.covenant_shapes import assessment_shapes, untested_shape
from tools.domain.covenant_tests import Assessment
from tools.domain.covenants import Covenant, covenant_from_shape, covenant_of
from tools.domain.duties import Delivery, Recorded, assess_any
from tools.errors import BadRequest
from tools.rulebook.act_rules import load_acts_restricted
from tools.rulebook.add_back_words import named_item
from tools.rulebook.loan_rules import covenant_settings_under
from tools.toolbox.contract_edits import superseded
from tools.toolbox.covenant_life import decided
from tools.toolbox.desk import Desk
from tools.toolbox.known_acts import acts_known

UNTESTED = frozenset({"proposed", "retired"})
BookRow = Mapping[str, Any]


def covenants_in_force(desk: Desk, borrower: str | None = None) -> list[Covenant]:
    """Confirmed and waived covenants of one borrower or of all the caller's, by borrower and id."""
    return [c for c in every_covenant(desk, borrower) if c.state not in UNTESTED]


def proposed_covenants(desk: Desk, borrower: str | None = None) -> list[Covenant]:
    """Covenants that wait for a person: proposed in the book, or read from contracts and not yet confirmed."""
    return [c for c in every_covenant(desk, borrower) if c.state == "proposed"]


def every_covenant(desk: Desk, borrower: str | None = None) -> list[Covenant]:
    """All covenants known at the clocks, with what people decided about them applied."""
    key = ("covenants", borrower)
    if key not in desk.kept:
        desk.kept[key] = _read(desk, borrower)
    found: list[Covenant] = desk.kept[key]
    return found


def assessments(desk: Desk, borrower: str | None = None) -> list[Assessment]:
    """Every covenant in force, assessed at the business date."""
    groups: dict[str, list[Covenant]] = defaultdict(list)
    for covenant in covenants_in_force(desk, borrower):
        groups[covenant.borrower].append(covenant)
    return [found for owner, group in groups.items() for found in _assessed(desk, owner, group)]


def covenant_views(
    desk: Desk, borrower: str | None = None, all_dates: bool = False, proposed: bool = False
) -> list[dict[str, Any]]:
    """The `covenants` command: shapes of interfaces."""
    who = desk.borrower(borrower).id if borrower else None
    if proposed:
        return [untested_shape(covenant) for covenant in proposed_covenants(desk, who)]
    return [shape for found in assessments(desk, who) for shape in assessment_shapes(found, all_dates=all_dates)]


def one_covenant(desk: Desk, id: str) -> Covenant:
    """The covenant with this id, among those of the caller's borrowers; BadRequest when there is none."""
    for covenant in every_covenant(desk):
        if covenant.id == id:
            return covenant
    raise BadRequest(f"no covenant {id!r}", fix="See `loanward covenants` and `loanward covenants --proposed`")


def _read(desk: Desk, borrower: str | None) -> list[Covenant]:
    found: dict[tuple[str, str], Covenant] = {}
    for document in desk.store.documents.list(desk.caller, borrower, "contract", desk.clocks):
        for shape in document.report.get("covenants") or ():
            if shape.get("borrower"):
                covenant = covenant_from_shape({**shape, "borrower": document.borrower or shape["borrower"]})
                found[covenant.borrower, covenant.id] = covenant
    for row in desk.loan_book.rows(desk.caller, "covenants", desk.clocks, borrower=borrower):
        covenant = covenant_of(row, str(row["_borrower"]))
        found[covenant.borrower, covenant.id] = covenant
    decisions = decided(desk, borrower)
    words = load_acts_restricted()
    made = [words.restricting(_named(desk, decisions[c.id](c) if c.id in decisions else c)) for c in found.values()]
    return sorted(superseded(desk, borrower, made), key=lambda c: (c.borrower, c.id))


def _named(desk: Desk, covenant: Covenant) -> Covenant:
    """With what its add-backs are called in the rulebook, where that is certain."""
    if not covenant.add_backs:
        return covenant
    terms = (term if term.item else replace(term, item=named_item(desk.rulebook, term.text)) for term in covenant.add_backs)
    return replace(covenant, add_backs=tuple(terms))


def _assessed(desk: Desk, owner: str, group: list[Covenant]) -> list[Assessment]:
    settings = covenant_settings_under(desk.rulebook, desk.clocks.as_of, desk.clocks.known_at.date())
    measure = EvaluatorMeasure(lambda scope: desk.evaluator(owner, scope))
    month, day = desk.fiscal_end(owner)
    reasons = desk.rulebook.reasons
    recorded = _recorded(desk, owner)
    begun = _beginnings(desk, owner)
    return [
        with_cures(assess_any(
            covenant, measure, desk.clocks.as_of, settings, lambda reason: reasons[reason].reads_as if reason in reasons else "neutral",
            recorded=_with_acts(desk, covenant, recorded), since=begun.get(covenant.loan or "") or begun.get(covenant.facility or ""), year=FiscalYear(month, day),
        ), settings)
        for covenant in group
    ]  # fmt: skip


def _with_acts(desk: Desk, covenant: Covenant, recorded: Recorded) -> Recorded:
    acts, until = acts_known(desk, covenant)
    return replace(recorded, acts=acts, watched=until) if acts is not None else recorded


def _beginnings(desk: Desk, owner: str) -> dict[str, date]:
    """When each loan and facility began."""
    found: dict[str, date] = {}
    for row in desk.loan_book.rows(desk.caller, "loans", desk.clocks, borrower=owner):
        for key in (row["id"], row["facility_id"]):
            if key:
                found[key] = min(row["start_date"], found.get(key, row["start_date"]))
    return found


def _recorded(desk: Desk, owner: str) -> Recorded:
    """What bears on duties: papers asked for and received, and unpaid debt the credit bureau reports."""
    asked = desk.loan_book.rows(desk.caller, "documents", desk.clocks, borrower=owner)
    came = desk.store.documents.list(desk.caller, owner, None, desk.clocks)
    deliveries = [Delivery(r["kind"], r["period_end"], r["due_date"], r["received_date"], r["assurance"]) for r in asked]
    deliveries += [Delivery(d.kind, d.period_end, None, d.received_at.date(), d.assurance) for d in came]
    reports = desk.loan_book.rows(desk.caller, "bureau", desk.clocks, borrower=owner)
    newest: BookRow = reports[-1] if reports else {}
    return Recorded(
        deliveries=tuple(deliveries) if deliveries else None, unpaid_elsewhere=newest.get("other_bank_overdue"),
        unpaid_on=newest.get("date"), unpaid_currency=newest.get("currency_code"),
    )  # fmt: skip
