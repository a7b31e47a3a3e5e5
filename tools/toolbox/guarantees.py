"""Guarantees around a borrower: who stands behind whom, circles, what we have out in them, and whom a fall would reach.

Read over everything the caller may see, since a circle is made of other people's guarantees; a firm that is not his is a name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from tools.domain.book_evidence import evidence
from tools.domain.daycounts import cents
from tools.domain.facts import Row
from tools.domain.guarantees import (
    NAMED,
    Circle,
    Guarantee,
    Resolve,
    Spread,
    circle_of,
    connected,
    contagion,
    exposure,
    guarantees_of,
    in_force,
)  # fmt: skip
from tools.domain.money import cents_by_currency, plain
from tools.domain.names import normal_name
from tools.domain.related_parties import Related, Ties
from tools.rulebook.money_rules import load_ties
from tools.toolbox.artifacts import Artifact, ToolResult, Value, count_of
from tools.toolbox.desk import Desk
from tools.toolbox.references import mark

ENDED = ("closed", "written_off")
NPL = frozenset({"substandard", "doubtful", "loss"})
Balances = Mapping[str, Mapping[str, Decimal]]


@dataclass(frozen=True, slots=True)
class GuaranteeView:
    """What guarantees mean for one borrower at a date. `circle`: the ring it is in; `component`: everybody joined to it by guarantees;
    `at_risk`: what the circle (without one, the component) owes us, by currency; `spread`: whom the borrower's fall reaches;
    `troubled`: members classified non-performing; `group`: who is under one control with it; `worth_a_warning`: in a ring, or in a
    component of the size the rulebook names."""

    borrower: str
    as_of: date
    given: tuple[Guarantee, ...]
    received: tuple[Guarantee, ...]
    circle: Circle | None
    component: tuple[str, ...]
    worth_a_warning: bool
    at_risk: Mapping[str, Decimal]
    balances: Balances
    spread: tuple[Spread, ...]
    troubled: tuple[str, ...]
    related: tuple[Related, ...]
    group: tuple[str, ...]
    group_balances: Mapping[str, Decimal]
    names: Mapping[str, str]

    def shape(self) -> dict[str, Any]:
        """JSON: money as strings, parties with id (null for one that is no customer) and name."""
        return {
            "borrower": self.borrower, "as_of": self.as_of.isoformat(),
            "given": [self._guarantee(g) for g in self.given], "received": [self._guarantee(g) for g in self.received],
            "circle": None if self.circle is None else {
                "members": [self._party(one) for one in self.circle.members], "ring": [self._party(one) for one in self.circle.ring],
                "guarantees": [self._guarantee(g) for g in self.circle.guarantees],
            },
            "component": [self._party(one) for one in self.component], "warning": self.worth_a_warning,
            "at_risk": cents_by_currency(self.at_risk), "troubled": [self._party(one) for one in self.troubled],
            "contagion": [
                {"party": self._party(s.party), "path": [self._party(one) for one in s.path],
                 "called": None if s.called is None else plain(cents(s.called)), "guarantee": self._guarantee(s.guarantee)}
                for s in self.spread
            ],
            "related": [
                {**self._party(r.party), "relations": list(r.kinds), "path": [self._party(one) for one in r.path],
                 "rows": [{"table": table, "id": id} for table, id in r.rows]}
                for r in self.related
            ],
            "group": [self._party(one) for one in self.group], "group_exposure": cents_by_currency(self.group_balances),
        }  # fmt: skip

    def _party(self, who: str) -> dict[str, Any]:
        return {
            "id": None if who.startswith(NAMED) else who, "name": self.names.get(who, who.removeprefix(NAMED)),
            "balances": cents_by_currency(self.balances.get(who, {})),
        }  # fmt: skip

    def _guarantee(self, g: Guarantee) -> dict[str, Any]:
        return {
            "guarantor": self._party(g.guarantor), "debtor": self._party(g.debtor),
            "amount": None if g.amount is None else plain(cents(g.amount)), "currency": g.currency,
            "start": g.start.isoformat() if g.start else None, "end": g.end.isoformat() if g.end else None,
            "loans": list(g.loans), "rows": [{"table": table, "id": id} for table, id in g.rows],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class GuaranteeBook:
    """Everything the caller may see of guarantees and ties, read once for a question."""

    guarantees: tuple[Guarantee, ...]
    ties: Ties
    names: Mapping[str, str]
    balances: Balances
    troubled: frozenset[str]


def guarantee_book(desk: Desk) -> GuaranteeBook:
    """Guarantees in force and ties at the desk's clocks, over all the caller's customers."""
    if "guarantee_book" not in desk.kept:
        desk.kept["guarantee_book"] = _read(desk)
    found: GuaranteeBook = desk.kept["guarantee_book"]
    return found


def guarantees_around(desk: Desk, borrower: str) -> GuaranteeView:
    """The view of one borrower. UnknownBorrower when the caller sees none such."""
    who = desk.borrower(borrower).id
    book, day = guarantee_book(desk), desk.clocks.as_of
    settings = load_ties(day)
    circle = circle_of(book.guarantees, who)
    joined = connected(book.guarantees, who)
    members = circle.members if circle else joined
    owed = {party: sum(held.values(), Decimal(0)) for party, held in book.balances.items() if len(held) == 1}
    group = book.ties.group(who)
    return GuaranteeView(
        who, day,
        tuple(g for g in book.guarantees if g.guarantor == who), tuple(g for g in book.guarantees if g.debtor == who),
        circle, joined, circle is not None or len(joined) >= settings.component, exposure(members, book.balances), book.balances,
        contagion(book.guarantees, who, owed, settings.depth), tuple(one for one in members if one in book.troubled),
        book.ties.related(who), group, exposure(group, book.balances), book.names,
    )  # fmt: skip


def ties_seen(desk: Desk) -> Ties:
    """Ties between all the caller's customers and whom they name."""
    if "ties" not in desk.kept:
        relations, customers = (desk.loan_book.rows(desk.caller, table, desk.clocks) for table in ("relations", "customers"))
        day = desk.clocks.as_of
        desk.kept["ties"] = Ties(relations, customers, day, load_ties(day), resolver(desk))
    found: Ties = desk.kept["ties"]
    return found


def resolver(desk: Desk) -> Resolve:
    """A customer's id for a registered name the caller may see; a name two customers share means neither."""
    names = desk.index().registered
    return lambda name: names.get(normal_name(name))


def guarantees(desk: Desk, borrower: str) -> ToolResult:
    """The tool: guarantees given and received, the circle with its members and our exposure, contagion, related parties, group."""
    view = guarantees_around(desk, borrower)
    involved = {view.borrower, *(view.circle.members if view.circle else ()), *view.component, *view.group}
    people = [desk.store.borrowers.get(desk.caller, one) for one in sorted(involved) if not one.startswith(NAMED)]
    from tools.toolbox.party_states import party_states

    parties = [*(g.guarantor for g in view.received), *(g.debtor for g in view.given)]
    states, read = party_states(desk, parties)
    known = {ref.id for ref in people if ref}
    people += [
        desk.store.borrowers.get(desk.caller, one)
        for one in dict.fromkeys(parties)
        if not one.startswith(NAMED) and one not in known
    ]
    rows = tuple({(row.table, row.id): row for row in (*_rows(desk, view), *read)}.values())
    values = [*_values(view), *states]
    missing = () if view.given or view.received else (f"{view.borrower}: the loan book has no guarantees in force",)
    artifact = Artifact(
        "guarantees",
        {"borrower": view.borrower},
        tuple(desk.ref(one) for one in people if one),
        rows=rows,
        values=tuple(values),
        missing=missing,
    )
    return ToolResult(
        "\n".join(
            [*_lines(view), *(f"{v.name} {v.about} {v.value} {v.currency or v.unit} {mark(v.id)}" for v in values), *missing]
        ),
        artifact,
    )


def _read(desk: Desk) -> GuaranteeBook:
    def rows(table: str) -> list[dict[str, Any]]:
        return desk.loan_book.rows(desk.caller, table, desk.clocks)

    loans, customers, relations = rows("loans"), rows("customers"), rows("relations")
    resolve = resolver(desk)
    balances: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for loan in loans:
        if loan["status"] not in ENDED and loan["balance"]:
            held = balances[str(loan["_borrower"])]
            held[loan["currency_code"]] = held.get(loan["currency_code"], Decimal(0)) + loan["balance"]
    found = guarantees_of(rows("guarantors"), relations, {str(loan["id"]): str(loan["_borrower"]) for loan in loans}, resolve)
    ties = ties_seen(desk)
    names = {**ties.names, **_named(rows("guarantors"), relations)}
    names |= {str(customer["id"]): str(customer["name"]) for customer in customers}
    troubled = frozenset(
        str(loan["_borrower"]) for loan in loans if loan["classification"] in NPL and loan["status"] not in ENDED
    )
    return GuaranteeBook(in_force(found, desk.clocks.as_of), ties, names, dict(balances), troubled | _proposed_npl(desk, found))


def _proposed_npl(desk: Desk, found: Iterable[Guarantee]) -> frozenset[str]:
    """Debtors and guarantors whose loans must be non-performing by a floor, though nobody has confirmed it."""
    from tools.toolbox.loan_states import views_of

    parties = {g.guarantor for g in found} | {g.debtor for g in found}
    fallen = {
        one
        for one in parties
        if not one.startswith(NAMED) and desk.store.borrowers.get(desk.caller, one)
        for view in views_of(desk, one)
        if view.classification is not None and view.classification.proposed in NPL
    }
    return frozenset(fallen)


def _named(*tables: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    names: dict[str, str] = {}
    for table in tables:
        for row in table:
            name = row.get("name") or row.get("related_name")
            if name:
                names.setdefault(NAMED + normal_name(name), name)
    return names


def _values(view: GuaranteeView) -> Iterable[Value]:
    loans = tuple(sorted({f"{table}:{id}" for g in (*view.given, *view.received) for table, id in g.rows}))
    about = "guarantee_circle" if view.circle else "guarantee_component"
    for currency, amount in view.at_risk.items():
        yield Value(f"exposure_at_risk:{view.borrower}:{currency}", "exposure_at_risk", view.borrower, "currency", amount, currency, view.as_of,
                    about=about, inputs=loans)  # fmt: skip
    for currency, amount in view.group_balances.items():
        yield Value(f"group_exposure:{view.borrower}:{currency}", "group_exposure", view.borrower, "currency", amount, currency, view.as_of,
                    about="group")  # fmt: skip
    yield Value(f"guarantee_circle:{view.borrower}", "guarantee_circle", view.borrower, "state", None, None, view.as_of,
                state="in_circle" if view.circle else "no_circle", inputs=loans)  # fmt: skip
    yield count_of("circle_members", len(view.circle.members) if view.circle else 0, view.borrower)
    yield count_of("component_members", len(view.component), view.borrower)
    for spread in view.spread:
        if spread.called is not None:
            yield Value(f"called:{view.borrower}:{spread.party}", "called", view.borrower, "currency", spread.called, spread.guarantee.currency,
                        view.as_of, about=spread.party, inputs=tuple(f"{t}:{i}" for t, i in spread.guarantee.rows))  # fmt: skip
    yield count_of("guarantees_given", len(view.given), view.borrower)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for place, given in enumerate(view.given):
        unit = _currency(view, given)
        yield Value(f"guarantee_given:{view.borrower}:{place}", "guarantee_given", view.borrower, "currency", given.amount, unit, view.as_of,
                    about=view.names.get(given.debtor, given.debtor.removeprefix(NAMED)) if given.debtor.startswith(NAMED) else given.debtor,
                    inputs=tuple(f"{table}:{id}" for table, id in given.rows))  # fmt: skip
        sums[unit or ""] += given.amount or Decimal(0)
    if all(given.amount is not None for given in view.given):
        for money, amount in sums.items():
            yield Value(f"guarantees_given:{view.borrower}:{money}", "guarantees_given", view.borrower, "currency", amount, money or None, view.as_of,
                        about="total", inputs=tuple(f"{table}:{id}" for given in view.given for table, id in given.rows))  # fmt: skip
    for member in view.group:
        for currency, amount in view.balances.get(member, {}).items():
            yield Value(
                f"group_member:{member}:{currency}",
                "group_member",
                member,
                "currency",
                amount,
                currency,
                view.as_of,
                about=member,
            )
    for member in view.circle.members if view.circle else view.component:
        for currency, amount in view.balances.get(member, {}).items():
            yield Value(
                f"member_exposure:{member}:{currency}",
                "member_exposure",
                member,
                "currency",
                amount,
                currency,
                view.as_of,
                about=member,
            )


def _currency(view: GuaranteeView, given: Guarantee) -> str | None:
    """As its row says; a relation has none, so that of the debtor's or the guarantor's loans where there is but one."""
    kept = [set(view.balances.get(one, {})) for one in (given.debtor, given.guarantor)]
    return given.currency or next((next(iter(held)) for held in kept if len(held) == 1), None)


def _rows(desk: Desk, view: GuaranteeView) -> tuple[Row, ...]:
    """The rows the view was read from, as evidence."""
    wanted: dict[str, set[str]] = defaultdict(set)
    inside = view.circle.guarantees if view.circle else ()
    for g in (*view.given, *view.received, *inside):
        for table, id in g.rows:
            wanted[table].add(id)
    for one in view.related:
        for table, id in one.rows:
            wanted[table].add(id)
    found: list[Row] = []
    for table in sorted(wanted):
        for row in desk.loan_book.rows(desk.caller, table, desk.clocks, where={"id": sorted(wanted[table])}):
            found.append(evidence(table, row))
    return tuple(found)


def _lines(view: GuaranteeView) -> Iterable[str]:
    def name(who: str) -> str:
        shown = view.names.get(who, who.removeprefix(NAMED))
        return shown if who.startswith(NAMED) else f"{shown} ({who})"

    if view.circle:
        yield f"guarantee circle: {' guarantees '.join(name(one) for one in view.circle.ring)}"
    for g in dict.fromkeys((*view.given, *view.received, *(view.circle.guarantees if view.circle else ()))):
        yield f"{name(g.guarantor)} guarantees {name(g.debtor)} up to {g.amount} {g.currency}, {g.start} to {g.end} {mark(*(id for _, id in g.rows))}"
    for one in view.troubled:
        yield f"non-performing member: {name(one)}"
    for s in view.spread:
        yield f"if {name(view.borrower)} fails, {name(s.party)} may be asked for {s.called} over {' - '.join(name(one) for one in s.path)}"
    for r in view.related:
        yield f"related: {name(r.party)} as {', '.join(r.kinds)} over {' - '.join(name(one) for one in r.path)} {mark(*(id for _, id in r.rows))}"
