"""What was due and when, paid or not, and what falls due next, on one line of time with the day of the brief marked.

Instalments of one month are one bar. Paid is plain, paid late striped, unpaid strong, ahead an outline: four looks a grey print keeps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from assistant.charts.sheet import Box, Drawing, Ink, Sheet, Stroke, Words
from prompts.library import phrase_book
from tools.domain.periods import add_months

TEXT = 7.0
Kind = Literal["paid", "late", "unpaid", "ahead"]
KINDS: tuple[Kind, ...] = ("paid", "late", "unpaid", "ahead")
_LOOK: Mapping[Kind, tuple[Ink, bool, bool]] = {
    "paid": ("bar", False, False),
    "late": ("warn", False, True),
    "unpaid": ("bad", False, False),
    "ahead": ("accent", True, False),
}


@dataclass(frozen=True, slots=True)
class Instalment:
    """One due: day, amount and what became of it."""

    day: date
    amount: Decimal
    kind: Kind


def dues_timeline(
    instalments: Sequence[Instalment],
    as_of: date,
    language: str,
    *,
    back: int = 12,
    ahead: int = 12,
    width: float = 460,
    height: float = 62,
) -> Sheet:
    """Bars by month from `back` months ago to `ahead` months on. The tallest bar fills the height."""
    words = phrase_book("charts")[language]
    first = add_months(as_of.replace(day=1), -back)
    months = [add_months(first, index) for index in range(back + ahead + 1)]
    sums: dict[tuple[date, Kind], Decimal] = {}
    for due in instalments:
        month = due.day.replace(day=1)
        if months[0] <= month <= months[-1]:
            sums[month, due.kind] = sums.get((month, due.kind), Decimal(0)) + due.amount
    told = "; ".join(f"{month:%Y-%m} {words[kind]}" for month, kind in sorted(sums)) or words["no_dues"]
    drawing = Drawing()
    legend, top, floor = TEXT + 4, TEXT + 8, height - TEXT - 5
    step = width / len(months)
    tallest = max((sum((sums.get((m, k), Decimal(0)) for k in KINDS), Decimal(0)) for m in months), default=Decimal(0))
    drawing.add(Stroke(((0, floor), (width, floor)), "rule", 0.8))
    for index, month in enumerate(months):
        base = floor
        for kind in KINDS:
            amount = sums.get((month, kind), Decimal(0))
            if amount > 0:
                high = max(float(amount / tallest) * (floor - top), 1.5)
                ink, outline, striped = _LOOK[kind]
                drawing.add(
                    Box(index * step + step * 0.16, base - high, step * 0.68, high, ink, outline, striped, f"{month:%Y-%m}")
                )
                base -= high
    today = (months.index(as_of.replace(day=1)) + as_of.day / 31) * step
    drawing.add(Stroke(((today, legend), (today, floor + 3)), "ink", 0.9, True))
    drawing.label(Words(today, height - 1, f"{as_of.isoformat()}", TEXT, "ink", "middle", True), 0, width)
    for index, month in enumerate(months):
        if month.month in (1, 4, 7, 10):
            drawing.label(Words((index + 0.5) * step, height - 1, f"{month:%Y-%m}", TEXT, "soft", "middle"), 0, width)
    _legend(drawing, {kind for _, kind in sums}, words)
    return Sheet(width, height, tuple(drawing.marks), told)


def _legend(drawing: Drawing, present: set[Kind], words: Mapping[str, str]) -> None:
    x = 0.0
    for kind in KINDS:
        if kind in present:
            ink, outline, striped = _LOOK[kind]
            drawing.add(Box(x, 1, 7, 6.5, ink, outline, striped))
            text = Words(x + 10, 7, words[kind], TEXT, "soft")
            drawing.add(text)
            x = text.right + 12
