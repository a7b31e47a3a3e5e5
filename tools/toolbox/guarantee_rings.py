"""Every guarantee circle among the caller's customers: who stands in it, who guarantees whom, and what its members owe us."""

from __future__ import annotations

from decimal import Decimal

from tools.domain.book_evidence import evidence
from tools.domain.facts import Row
from tools.domain.guarantees import NAMED, circles, exposure
from tools.toolbox.artifacts import Artifact, ToolResult, Value, count_of
from tools.toolbox.desk import Desk
from tools.toolbox.guarantees import guarantee_book
from tools.toolbox.references import mark


def guarantee_circles(desk: Desk) -> ToolResult:
    """The tool: all circles of guarantees the asker may see, with members, guarantees and our exposure to each, largest first."""
    book, day = guarantee_book(desk), desk.clocks.as_of
    found = sorted(
        circles(book.guarantees), key=lambda one: (-sum(exposure(one.members, book.balances).values(), Decimal(0)), one.members)
    )
    values: list[Value] = [count_of("circles", len(found))]
    rows: dict[tuple[str, str], Row] = {}
    people: list[str] = []
    lines = []
    for place, circle in enumerate(found, 1):
        key = f"circle{place}"
        people += [one for one in circle.ring if not one.startswith(NAMED)]
        sources = tuple(f"{table}:{id}" for g in circle.guarantees for table, id in g.rows)
        for currency, amount in exposure(circle.members, book.balances).items():
            values.append(
                Value(
                    f"exposure_at_risk:{key}:{currency}",
                    "exposure_at_risk",
                    None,
                    "currency",
                    amount,
                    currency,
                    day,
                    about=key,
                    inputs=sources,
                )
            )
        values.append(
            Value(f"count:circle_members:{key}", "count", None, "count", Decimal(len(circle.members)), about="circle_members")
        )
        values += [
            Value(f"circle_member:{key}:{number}", "circle_member", None, "state", when=day, about=key, state=one.removeprefix(NAMED), inputs=sources)
            for number, one in enumerate(circle.ring)
        ]  # fmt: skip
        values += [
            Value(f"member_exposure:{one}:{currency}", "member_exposure", one, "currency", amount, currency, day, about=one)
            for one in circle.members for currency, amount in book.balances.get(one, {}).items()
        ]  # fmt: skip
        values += [
            Value(f"guaranteed:{g.guarantor}:{g.debtor}", "guaranteed", g.debtor, "currency", g.amount, g.currency, day, about=g.guarantor,
                  inputs=tuple(f"{table}:{id}" for table, id in g.rows))
            for g in circle.guarantees if g.amount is not None
        ]  # fmt: skip
        for table, id in {pair for g in circle.guarantees for pair in g.rows}:
            for row in desk.loan_book.rows(desk.caller, table, desk.clocks, where={"id": id}):
                rows[table, id] = evidence(table, row)
        names = [book.names.get(one, one.removeprefix(NAMED)) for one in circle.ring]
        lines.append(f"{' guarantees '.join(names)}: {dict(exposure(circle.members, book.balances))} {mark(*sources)}")
    known = [desk.store.borrowers.get(desk.caller, one) for one in dict.fromkeys(people)]
    artifact = Artifact(
        "guarantee_circles", {}, tuple(desk.ref(one) for one in known if one), rows=tuple(rows.values()), values=tuple(values)
    )
    return ToolResult("\n".join(lines) or "No guarantee circle.", artifact)
