"""Loans joined together: rows of the book, the debtor around them, and the loan mathematics, as one view per loan.

The join lives here because it is the only place that knows both the loan book and the loan maths; the commands, the tools and
the briefs all read a loan through it. Debtor-level rules need all loans of a debtor, so they are always read together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from tools.domain.book_evidence import evidence
from tools.domain.facts import Row
from tools.domain.loan_measures import debtor_case
from tools.domain.loan_rows import flows_of, record_of, terms_of, transactions_of
from tools.domain.loan_shapes import loan_shape
from tools.domain.loan_views import LoanInput, LoanView, Predecessor, Rulings, loan_views
from tools.domain.periods import Clocks
from tools.errors import BadRequest
from tools.rulebook.loan_rules import classification_under, load_calendar, load_observation, repayment_under
from tools.toolbox.desk import Desk
from tools.toolbox.loan_kept import Portfolio
from tools.toolbox.loan_pasts import loan_pasts, with_past
from tools.toolbox.rate_paths import rate_paths, with_rates
from tools.toolbox.use_told import seen_loans, told_by_tracing

if TYPE_CHECKING:
    from tools.store.snapshots import Snapshot

FINISHED = frozenset({"closed", "written_off"})
BookRow = Mapping[str, Any]


def running(view: LoanView) -> bool:
    """Neither closed nor written off."""
    return view.terms.status not in FINISHED


def rulings(desk: Desk) -> Rulings:
    """The dated settings loans are judged under at the desk's clocks."""
    known = desk.clocks.known_at.date()
    repayment = repayment_under(desk.rulebook, desk.clocks.as_of, known)
    return Rulings(classification_under(desk.rulebook, known), repayment, load_observation(), load_calendar())


def views_of(desk: Desk, borrower: str | None = None, loan: str | None = None) -> list[LoanView]:
    """Every loan the caller may see: of one borrower, the one named, or all; by borrower and id."""
    if loan is not None:
        owner = borrower or _owner(desk, loan)
        return [view for view in views_of(desk, owner) if view.terms.id == loan] if owner else []
    key = ("loan_views", borrower)
    if key not in desk.kept:
        desk.kept[key] = _read(desk, borrower)
    found: list[LoanView] = desk.kept[key]
    return found


def loan_inputs(desk: Desk) -> list[LoanInput]:
    """Every loan the caller may see as it was handed over, with its schedule and postings, for looking at past days."""
    key = ("loan_inputs",)
    if key not in desk.kept:
        rows = {
            name: desk.loan_book.rows(desk.caller, name, desk.clocks)
            for name in ("loans", "loan_cash_flows", "loan_transactions")
        }
        snapshot = desk.loan_book.snapshot(desk.clocks)
        flows, posted = _by(rows["loan_cash_flows"], "loan_id"), _by(rows["loan_transactions"], "loan_id")
        loans: dict[str, list[BookRow]] = _by(rows["loans"], "customer_id")
        history = bool(snapshot and snapshot.rows.get("loan_transactions"))
        pasts, paths = loan_pasts(desk, rows["loans"]), rate_paths(desk, rows["loans"])
        desk.kept[key] = [
            with_rates(
                with_past(_input(row, group, flows, posted, history), pasts.get(str(row["id"]))), paths.get(str(row["id"]))
            )
            for group in loans.values()
            for row in group
        ]
    found: list[LoanInput] = desk.kept[key]
    return found


def loan_shapes(desk: Desk, borrower: str | None = None, loan: str | None = None) -> list[dict[str, Any]]:
    """The `loans` command: shapes of interfaces, with the schedule when one loan is named. UnknownBorrower, BadRequest for ids
    that do not exist."""
    borrower = desk.borrower(borrower).id if borrower else None
    if loan and not views_of(desk, borrower, loan):
        raise BadRequest(f"no loan {loan!r}", fix="Use `loanward loans` to see the ids")
    tasks = rulings(desk).classification.tasks
    return [loan_shape(view, tasks, schedule=loan is not None) for view in views_of(desk, borrower, loan)]


def loan_row(desk: Desk, loan: str) -> Row | None:
    """The loan's row in the book as evidence."""
    found = desk.kept.get(("loan_rows",), {}).get(loan)
    return evidence("loans", found) if found is not None else desk.loan_book.row(desk.caller, "loans", loan, desk.clocks)


def _owner(desk: Desk, loan: str) -> str | None:
    rows = desk.loan_book.rows(desk.caller, "loans", desk.clocks, where={"id": loan}, limit=1)
    return str(rows[0]["_borrower"]) if rows else None


def _read(desk: Desk, borrower: str | None) -> list[LoanView]:
    if borrower is None and (kept := desk.loan_portfolios.of(desk, lambda: _untraced(desk))) is not None:
        desk.kept["seen_loans"] = kept.traced
        traced, book = set(kept.traced.values()), desk.loan_book
        fresh = views_over(desk, lambda table: book.rows(desk.caller, table, desk.clocks, borrowers=traced)) if traced else []
        desk.kept.setdefault(("loan_rows",), {}).update(kept.rows)
        found = [view for views in kept.views.values() for view in views] + fresh
        return sorted(found, key=lambda view: (view.terms.borrower, view.terms.id))
    return views_over(desk, lambda table: desk.loan_book.rows(desk.caller, table, desk.clocks, borrower=borrower))


def _untraced(desk: Desk) -> Portfolio | None:
    """The loans of everyone whose money is not traced; None when a posting counts that the bank had not recorded by then."""
    late = False

    def rows(table: str) -> Sequence[BookRow]:
        nonlocal late
        found = [row for row in desk.loan_book.rows(desk.caller, table, desk.clocks) if str(row["_borrower"]) not in traced]
        late = late or any((row.get("posted_at") or desk.clocks.known_at) > desk.clocks.known_at for row in found)
        return found

    traced = set(seen_loans(desk).values())
    views = views_over(desk, rows)
    if late:
        return None
    return Portfolio(_by_borrower(views), dict(desk.kept.get(("loan_rows",), {})), seen_loans(desk), desk.rulebook)


def _by_borrower(views: Iterable[LoanView]) -> dict[str, list[LoanView]]:
    groups: dict[str, list[LoanView]] = defaultdict(list)
    for view in views:
        groups[view.terms.borrower].append(view)
    return dict(groups)


def views_over(desk: Desk, rows: Callable[[str], Sequence[BookRow]]) -> list[LoanView]:
    """The views of all loans in `rows`, which gives the rows of a table however they were read; all loans of a debtor together."""
    loans = rows("loans")
    if not loans:
        return []
    desk.kept.setdefault(("loan_rows",), {}).update({row["id"]: row for row in loans})
    snapshot = desk.loan_book.snapshot(desk.clocks)
    given = snapshot.rows if snapshot else {}
    past = snapshot is not None and desk.clocks.as_of < snapshot.book_date
    flows = _by(rows("loan_cash_flows"), "loan_id")
    posted = _by(_all_postings(desk, snapshot, loans) if snapshot and past else rows("loan_transactions"), "loan_id")
    customers = {row["id"]: row for row in rows("customers")}
    bureau, events = _by(rows("bureau"), "customer_id"), _by(rows("events"), "customer_id")
    settings = rulings(desk)
    told = told_by_tracing(desk, {str(row["_borrower"]) for row in loans})
    pasts, paths = loan_pasts(desk, loans), rate_paths(desk, loans)
    views: list[LoanView] = []
    for owner, group in _by(loans, "customer_id").items():
        inputs = [
            _input(
                _as_then(row) if past else row,
                loans,
                flows,
                posted,
                bool(given.get("loan_transactions")),
                snapshot.book_date if snapshot else None,
            )
            for row in group
        ]
        inputs = [
            with_past(replace(loan, measures={**loan.measures, **told.get(loan.terms.id, {})}), pasts.get(loan.terms.id))
            for loan in inputs
        ]
        inputs = [with_rates(loan, paths.get(loan.terms.id)) for loan in inputs]
        reports = bureau.get(owner, [])
        debtor = debtor_case(
            customers.get(owner, {"id": owner}), settings.classification.words, reports[-1] if reports else None,
            events.get(owner, []) if given.get("events") else None,
        )  # fmt: skip
        closed = {str(row["id"]): row["status"] for row in group if past and row["status"] in FINISHED}
        views += [_as_stated(view, closed) for view in loan_views(inputs, debtor, desk.clocks, settings).values()]
    return [view for view in views if not past or view.terms.start_date <= desk.clocks.as_of]


def _as_stated(view: LoanView, closed: Mapping[str, str]) -> LoanView:
    """A loan that was repaid by the earlier day already is as closed as the book says."""
    status = closed.get(view.terms.id)
    return replace(view, terms=replace(view.terms, status=status)) if status and not view.terms.balance else view


def _all_postings(desk: Desk, snapshot: Snapshot, loans: Sequence[BookRow]) -> Sequence[BookRow]:
    """Postings up to the book's own day: what was paid after an earlier business date is what was still owed then."""
    clocks = Clocks(snapshot.book_date, desk.clocks.known_at)
    owners = sorted({str(row["_borrower"]) for row in loans})
    return desk.loan_book.rows(desk.caller, "loan_transactions", clocks, borrowers=owners)


def _as_then(row: BookRow) -> BookRow:
    """A loan closed by the book's date may have been running on an earlier day: then its schedule and postings decide."""
    return {**row, "status": "active"} if row["status"] in FINISHED else row


def _input(
    row: BookRow,
    loans: Sequence[BookRow],
    flows: Mapping[str, list[BookRow]],
    posted: Mapping[str, list[BookRow]],
    history: bool,
    stated_on: date | None = None,
) -> LoanInput:
    """`history`: the bank hands over postings at all; without any, arrears are unknown and not nil. `stated_on`: the book's day."""
    before = next((r for r in loans if r["id"] == row["replaces_loan_id"]), None) if row["replaces_loan_id"] else None
    past = (
        Predecessor(
            terms_of(before),
            row["start_date"],
            flows_of(flows.get(before["id"], ())),
            transactions_of(posted.get(before["id"], ())),
        )
        if before is not None
        else None
    )
    return LoanInput(
        terms_of(row), record_of(row), flows_of(flows.get(row["id"], ())),
        transactions_of(posted.get(row["id"], ())) if history else None, predecessors=(past,) if past else (), stated_on=stated_on,
    )  # fmt: skip


def _by(rows: Iterable[BookRow], column: str) -> dict[str, list[BookRow]]:
    groups: dict[str, list[BookRow]] = defaultdict(list)
    for row in rows:
        groups[str(row[column])].append(row)
    return groups
