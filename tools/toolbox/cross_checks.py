"""Sales as the tax authority was told beside sales in the books, over the same months: how much is missing, as an amount and a share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from tools.domain.arithmetic import divide
from tools.domain.book_evidence import evidence
from tools.domain.facts import Fact, Row
from tools.domain.money import plain
from tools.domain.periods import add_months, month_end
from tools.toolbox.artifacts import Artifact, ToolResult, Value
from tools.toolbox.desk import Desk
from tools.toolbox.figures import end_of, known, look_up, months_of
from tools.toolbox.references import mark

MEASURE = "vat_invoiced_sales"


def cross_check(desk: Desk, borrower: str, periods: Sequence[str] = ("latest",)) -> ToolResult:
    """The tool: revenue of a period in the statements against the VAT-invoiced sales of the same months."""
    who = desk.borrower(borrower)
    facts: list[Fact] = []
    rows: dict[str, Row] = {}
    values: list[Value] = []
    missing: list[str] = []
    for asked in look_up(desk, who.id, ["revenue"], periods):
        answer = asked.answer
        revenue, months = known(answer), months_of(answer)
        if not isinstance(answer, Fact) or revenue is None or not months:
            missing.append(f"{who.id}: revenue")
            continue
        facts.append(answer)
        told = _told(desk, who.id, end_of(answer), months)
        if len({row["date"] for row in told}) < months:
            missing.append(f"{who.id}: {MEASURE}")
            continue
        held = [evidence("operations", row) for row in told]
        rows |= {row.id: row for row in held}
        declared = sum((row["value"] for row in told), Decimal(0))
        inputs = (answer.id, *(f"operations:{row.id}" for row in held))
        values.append(Value(f"declared_sales:{answer.id}", "declared_sales", who.id, "currency", declared, answer.currency, end_of(answer),
                            about=MEASURE, inputs=inputs))  # fmt: skip
        gap = revenue - declared
        state = "short" if gap > 0 else "over" if gap < 0 else "equal"
        values.append(Value(f"books_gap:{answer.id}", "books_gap", who.id, "currency", abs(gap), answer.currency, end_of(answer), about=MEASURE,
                            state=state, inputs=inputs))  # fmt: skip
        if revenue > 0:
            values.append(Value(f"books_gap_share:{answer.id}", "books_gap_share", who.id, "ratio", divide(abs(gap), revenue), None, end_of(answer),
                                about=MEASURE, state=state, inputs=inputs))  # fmt: skip
    arguments = {"borrower": who.id, "periods": list(periods)}
    artifact = Artifact("cross_check", arguments, (desk.ref(who),), facts=tuple(facts), rows=tuple(rows.values()), values=tuple(values),
                        missing=tuple(dict.fromkeys(missing)))  # fmt: skip
    lines = [
        f"{v.name} {v.when}: {plain(v.value) if v.value is not None else ''} {v.unit} {v.state} {mark(v.id)}" for v in values
    ]
    return ToolResult("\n".join([*lines, *artifact.missing]) or "No statements.", artifact)


def _told(desk: Desk, borrower: str, end: date, months: int) -> list[dict[str, Any]]:
    """The months of the period as returned; one that is missing is left out."""
    first = add_months(end.replace(day=1), 1 - months)
    found = desk.loan_book.rows(
        desk.caller, "operations", desk.clocks, borrower=borrower, since=first, where={"measure": MEASURE}
    )
    return [row for row in found if first <= row["date"] <= month_end(end)]
