"""Covenant tests as a tool: status, actual, limit, headroom, projection, each tied to its clause and its figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from tools.domain.book_evidence import evidence
from tools.domain.covenant_tests import Assessment, CovenantTest
from tools.domain.covenants import Covenant
from tools.domain.facts import Row
from tools.domain.figures import Figure
from tools.domain.money import plain
from tools.errors import BadRequest
from tools.toolbox.artifacts import Artifact, ToolResult, Value, count_of
from tools.toolbox.covenant_desk import assessments, covenant_views, proposed_covenants
from tools.toolbox.desk import Desk
from tools.toolbox.references import mark

MOST_WAITING = 12
"""Covenants nobody confirmed yet that are told one by one."""


def covenants(desk: Desk, borrower: str | None = None, covenant: str | None = None) -> ToolResult:
    """The tool: the latest due test of each confirmed covenant of a borrower, of one covenant, or of all the caller's borrowers."""
    who = desk.borrower(borrower) if borrower else None
    found = assessments(desk, who.id if who else None)
    if covenant is not None:
        found = [one for one in found if one.covenant.id == covenant]
        if not found:
            raise BadRequest(f"no covenant {covenant!r}", fix="Use `covenants` with a borrower to see the ids")
    rows = _rows(desk, who.id if who else None, {one.covenant.id for one in found})
    tests = [test for one in found for test in (one.latest, foreseen(one)) if test is not None]
    figures = {test.figure.id: test.figure for test in tests if test.figure is not None}
    values = [value for one in found for value in covenant_values(one, one.covenant.id in {row.id for row in rows})]
    waiting = proposed_covenants(desk, who.id if who else None)
    about = who.id if who else None
    if who is not None and covenant is None:
        values += [value for one in waiting[:MOST_WAITING] for value in _waiting(desk, one)]
        rows += [_waiting_row(one) for one in waiting[:MOST_WAITING]]
    ended = [one.covenant for one in found if one.covenant.end_date and one.covenant.end_date < desk.clocks.as_of]
    values += [
        Value(f"covenant_ended:{one.id}", "covenant_ended", one.borrower, "date", when=one.end_date, about=one.id, inputs=(f"covenants:{one.id}",))
        for one in ended
    ]  # fmt: skip
    values += [count_of("covenants", len(found) - len(ended), about), count_of("covenants_proposed", len(waiting), about)]
    owners = dict.fromkeys(one.covenant.borrower for one in found)
    people = [who] if who else [desk.store.borrowers.get(desk.caller, id) for id in owners]
    missing = tuple(f"{one.covenant.id}: {', '.join(one.latest.missing)}" for one in found if one.latest.missing)
    artifact = Artifact(
        "covenants", {"borrower": who.id if who else None, "covenant": covenant}, tuple(desk.ref(b) for b in people if b),
        tuple(figures.values()), (), tuple(rows), tuple(values), missing=missing,
    )  # fmt: skip
    return ToolResult(_text(found, len(waiting)), artifact)


def _waiting(desk: Desk, covenant: Covenant) -> list[Value]:
    """The limit of a covenant nobody confirmed yet, as its clause or the book has it."""
    if covenant.limit is None or covenant.limit.single is None:
        return []
    known = desk.rulebook.definition(covenant.metric or "")
    item = desk.rulebook.items.get(covenant.metric or "")
    unit = known.unit if known else item.unit if item else "currency" if covenant.currency else "x"
    money = covenant.currency if unit == "currency" else None
    return [
        Value(f"threshold:{covenant.id}", "threshold", covenant.borrower, unit, covenant.limit.single, money, None, None, covenant.id,
              covenant.operator or "", "", (f"covenants_waiting:{covenant.id}",))
    ]  # fmt: skip


def _waiting_row(covenant: Covenant) -> Row:
    """The terms of a covenant nobody confirmed yet."""
    said = {"customer_id": covenant.borrower, "name": covenant.name, "metric": covenant.metric, "clause": covenant.clause}
    return Row("covenants_waiting", covenant.id, {**said, "document": covenant.document, "state": covenant.state})


def covenant_values(found: Assessment, in_book: bool) -> list[Value]:
    """What one assessment says, as values tied to the clause and the figure."""
    covenant, test = found.covenant, found.latest
    id, who, figure = covenant.id, covenant.borrower, test.figure
    sources = (*((figure.id,) if figure else ()), *((f"covenants:{id}",) if in_book else ()))
    unit = figure.unit if figure else "x"
    money = (
        covenant.currency
        or (figure.currency if figure else None)
        or next((f.currency for f in figure.facts() if f.currency), None)
        if figure
        else None
    )
    currency = money if unit == "currency" else None

    def value(name: str, unit: str, number: Decimal | None, when: date | None, word: str = "") -> Value:
        return Value(
            f"{name}:{id}", name, who, unit, number, currency if unit == "currency" else None, when, None, id, word, "", sources
        )

    made: list[Value] = [value("covenant_status", "state", None, test.test_date, test.status)]
    limit = test.limit.single if test.limit else None
    if limit is not None:
        made.append(value("threshold", unit, limit, test.test_date, covenant.operator or ""))
    made += [
        Value(f"threshold_step:{id}:{step.from_date}", "threshold_step", who, unit, step.limit.single, currency, step.from_date, None, id,
              covenant.operator or "", "", sources)
        for step in covenant.steps if step.limit.single is not None
    ]  # fmt: skip
    if test.headroom is not None:
        made.append(value("headroom", "ratio", test.headroom, test.test_date))
    if test.cushion is not None:
        made.append(value("cushion", "ratio", test.cushion, test.test_date))
    made += [
        Value(f"cure:{id}:{cure.measure}", "cure_amount", who, "currency", cure.amount, money, test.test_date, None, id,
              cure.kind, "", sources)
        for cure in test.cures
    ]  # fmt: skip
    open_tests = [t for t in found.tests if t.status == "not_due" and t.test_date]
    ahead = next((t.test_date for t in open_tests if not t.early), open_tests[0].test_date if open_tests else None)
    dates = (
        ("next_test", ahead), ("grace_until", test.grace_until), ("due_test", test.due_test), ("statements_due", test.due),
        ("projected_breach", found.projection.breach if found.projection else None),
        ("waived_until", max((w.until for w in covenant.waivers if w.until), default=None)),
    )  # fmt: skip
    made += [value(name, "date", None, day) for name, day in dates if day is not None]
    return made + _foreseen(found, in_book)


def foreseen(found: Assessment) -> CovenantTest | None:
    """The newest test whose day has come and whose statements are in, though they are not due yet: what it would say."""
    return next(
        (t for t in reversed(found.tests) if t.status == "not_due" and t.early and t.figure and t is not found.latest), None
    )


def _foreseen(found: Assessment, in_book: bool) -> list[Value]:
    covenant, test = found.covenant, foreseen(found)
    if test is None or test.figure is None:
        return []
    id, who, figure = covenant.id, covenant.borrower, test.figure
    sources = (figure.id, *((f"covenants:{id}",) if in_book else ()))
    money = covenant.currency or figure.currency or next((f.currency for f in figure.facts() if f.currency), None)
    limit = test.limit.single if test.limit else None

    def value(name: str, unit: str, number: Decimal | None, word: str = "", kind: str = "") -> Value:
        currency = money if unit == "currency" else None
        return Value(
            f"early:{name}:{id}:{kind}", name, who, unit, number, currency, test.test_date, None, id, word, "", sources
        )

    made = [value("early_status", "state", None, test.early or "")]
    if limit is not None:
        made.append(value("threshold", figure.unit, limit, covenant.operator or ""))
    if test.headroom is not None:
        made.append(value("headroom", "ratio", test.headroom))
    made += [value("cure_amount", "currency", cure.amount, cure.kind, cure.measure) for cure in test.cures]
    due = Value(f"early:due:{id}", "early_due", who, "date", when=test.due, about=id, inputs=sources)
    return [*made, due] if test.due else made


def _rows(desk: Desk, borrower: str | None, ids: set[str]) -> list[Row]:
    found = desk.loan_book.rows(desk.caller, "covenants", desk.clocks, borrower=borrower)
    return [evidence("covenants", row) for row in found if row["id"] in ids]


def _text(found: Sequence[Assessment], waiting: int) -> str:
    lines = []
    for one in found:
        covenant, test = one.covenant, one.latest
        actual = _number(test.figure) if test.figure else "none"
        limit = test.limit.text if test.limit else "none"
        room = f", headroom {plain(round(test.headroom, 6))}" if test.headroom is not None else ""
        lacking = f", missing {', '.join(test.missing)}" if test.missing else ""
        lines.append(
            f"{covenant.id} of {covenant.borrower} {covenant.name}: {covenant.metric} {covenant.operator} {limit}, tested {test.test_date}: "
            f"actual {actual}, {test.status}{room}{lacking} {mark(f'covenant_status:{covenant.id}')}"
        )
    if waiting:
        lines.append(f"{waiting} proposed covenants are not confirmed and not tested.")
    return "\n".join(lines) or "No confirmed covenants."


def _number(figure: Figure) -> str:
    return plain(round(figure.value, 6)) if figure.value is not None else figure.status


__all__ = ["covenant_values", "covenant_views", "covenants"]
