"""Advice to a borrower, from its newest figures: each piece an amount with the figures it was computed from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tools.domain.advice import freed_by_days, to_balance, to_bring_back, to_term_out
from tools.domain.figures import Figure
from tools.domain.money import plain
from tools.toolbox.artifacts import Artifact, ToolResult, Value
from tools.toolbox.desk import Desk
from tools.toolbox.references import mark

TEN = Decimal(10)
MOST_SHORT = Decimal("0.70")
"""Share of short-term debt from which the rulebook warns (st_debt_share)."""


@dataclass(frozen=True, slots=True)
class Advice:
    """One piece: `kind` names its sentence; `amount` is what it comes to; `days` how many days it speaks of; `on` the figures it
    rests on, the one it is about first."""

    kind: str
    amount: Value
    on: tuple[Figure, ...]
    days: Value | None = None
    share: Value | None = None


def advice_for(desk: Desk, borrower: str) -> list[Advice]:
    """What the newest figures suggest, most cash first within collecting, stock and debt."""
    evaluator = desk.evaluator(borrower)

    def newest(name: str) -> Figure | None:
        found = evaluator.newest(name, None, desk.clocks.as_of)
        return found if found is not None and found.value is not None else None

    made: list[Advice] = []
    for kind, days, flow in (("collect", "dso", "revenue"), ("stock", "dio", "cost_of_sales")):
        figure = newest(days)
        if figure is None or figure.value is None or figure.value < TEN:
            continue
        yearly = evaluator.figure(flow, figure.period_end, figure.basis)
        if yearly.value is None:
            continue
        made.append(_days(kind, figure, yearly, TEN, freed_by_days(yearly.value, TEN), borrower))
        before = evaluator.figure(days, desk.book(borrower).months_before(figure.period_end, 12))
        if before.value is not None and figure.value - before.value >= TEN:
            back = to_bring_back(figure.value, before.value, yearly.value)
            made.append(
                _days(f"{kind}_back", figure, yearly, figure.value - before.value, back, borrower, before, before.period_end)
            )
    share, total, short = (newest(name) for name in ("st_debt_share", "total_debt", "short_term_debt"))
    if share and total and share.value is not None and total.value is not None and share.value > MOST_SHORT:
        owed = (
            short.value
            if short and short.value is not None and short.period_end == total.period_end
            else share.value * total.value
        )
        amount = to_term_out(owed, total.value, MOST_SHORT)
        made.append(Advice("term_out", _amount("term_out", amount, borrower, (share, total)), tuple(f for f in (share, total, short) if f),
                           share=Value(f"target:{share.id}", "target_share", borrower, "ratio", MOST_SHORT, None, share.period_end, about="st_debt_share",
                                       inputs=(share.id,))))  # fmt: skip
    ratio, assets, debts = (newest(name) for name in ("current_ratio", "total_current_assets", "total_current_liabilities"))
    if ratio and assets and debts and assets.period_end == debts.period_end == ratio.period_end:
        amount = to_balance(debts.value or Decimal(0), assets.value or Decimal(0))
        if amount > 0:
            made.append(Advice("balance", _amount("balance", amount, borrower, (ratio, assets, debts)), (ratio, assets, debts)))
    return made


def advice(desk: Desk, borrower: str) -> ToolResult:
    """The tool: what the borrower could do about its figures, computed from them."""
    who = desk.borrower(borrower)
    found = advice_for(desk, who.id)
    figures = {figure.id: figure for piece in found for figure in piece.on}
    values = [value for piece in found for value in (piece.amount, piece.days, piece.share) if value is not None]
    missing = () if found or desk.book(who.id).period_ends() else (f"{who.id}: no statements",)
    artifact = Artifact(
        "advice", {"borrower": who.id}, (desk.ref(who),), tuple(figures.values()), values=tuple(values), missing=missing
    )
    lines = [
        f"{piece.kind}: {plain(piece.amount.value or Decimal(0))} {piece.amount.currency or ''} {mark(piece.amount.id)}"
        for piece in found
    ]
    return ToolResult("\n".join([*lines, *missing]) or "Nothing to advise.", artifact)


def _days(kind: str, figure: Figure, yearly: Figure, days: Decimal, amount: Decimal, borrower: str, before: Figure | None = None,
          since: date | None = None) -> Advice:  # fmt: skip
    on = (figure, yearly, *((before,) if before else ()))
    spoken = Value(f"days:{kind}:{figure.id}", "advice_days", borrower, "days", days, None, figure.period_end, since, figure.name,
                   inputs=tuple(f.id for f in on))  # fmt: skip
    return Advice(kind, _amount(kind, amount, borrower, on), on, spoken)


def _amount(kind: str, amount: Decimal, borrower: str, on: Sequence[Figure]) -> Value:
    currency = next((figure.currency for figure in on if figure.currency), None)
    currency = currency or next((fact.currency for figure in on for fact in figure.facts() if fact.currency), None)
    return Value(f"advice:{kind}:{on[0].id}", "advice_amount", borrower, "currency", amount, currency, on[0].period_end, about=on[0].name,
                 inputs=tuple(figure.id for figure in on))  # fmt: skip
