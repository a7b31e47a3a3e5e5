"""A figure over its periods: the values, and the small chart of them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, cast

from markupsafe import Markup

from assistant.charts.svg import svg
from assistant.charts.trend import Point, trend
from integrations.api.amounts import short_text
from tools.domain.figures import Basis, Figure

if TYPE_CHECKING:
    from integrations.api.visits import Visit

WIDTH, HEIGHT = 210.0, 66.0


def history(visit: Visit, borrower: str, name: str, periods: int, basis: str | None = None) -> list[Figure]:
    """The figure at the newest periods there are statements for, oldest first; only those its chosen basis can be computed at."""
    book = visit.desk.book(borrower)
    ends = [end for end in book.period_ends("consolidated") if end <= visit.clocks.as_of][-periods:]
    evaluator = visit.desk.evaluator(borrower)
    found = [evaluator.figure(name, end, cast(Basis | None, basis)) for end in ends]
    return [figure for figure in found if figure.value is not None]


def trend_of(figures: Sequence[Figure], language: str, width: float = WIDTH, height: float = HEIGHT, title: str = "") -> Markup:
    """A small chart as SVG; nothing when there are not two values to compare."""
    known = [figure for figure in figures if figure.value is not None]
    if len(known) < 2:
        return Markup("")
    kind: Literal["bars", "line"] = "bars" if known[0].unit == "currency" else "line"
    points = [
        Point(f"{figure.period_end:%y-%m}", figure.value, short_text(cast(Decimal, figure.value), figure.unit, language))
        for figure in known
    ]
    # the SVG is written by our own painter from escaped text
    return Markup(svg(trend(points, kind=kind, width=width, height=height, title=title)))
