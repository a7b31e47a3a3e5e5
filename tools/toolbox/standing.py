"""A borrower's figure over time and among the caller's own borrowers of the same industry.

Peers are whoever the caller may see, so that nothing of others shows through a percentile. Columns give the peers' values to twelve
digits, which is far below what a percentile or a shown quartile needs; the borrower's own value is exact.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

from tools.columns.portfolio import FigureColumn
from tools.domain.figures import Figure
from tools.domain.money import plain, plain_or_none
from tools.domain.standing import FEWEST_PEERS, Place, Trend, place, trend
from tools.toolbox.artifacts import Artifact, ToolResult, Value
from tools.toolbox.desk import Desk
from tools.toolbox.figures import end_of, known, look_up, metric_id
from tools.toolbox.ranked import latest_column
from tools.toolbox.references import mark

POINTS = 5
DIGITS = 12


def standing(desk: Desk, borrower: str, name: str) -> ToolResult:
    """The tool: level, change and slope over the last five comparable years or interims, and the percentile among peers."""
    who, id = desk.borrower(borrower), metric_id(desk, name)
    path, own = path_of(desk, who.id, id)
    industry, among = peers_of(desk, who.id, id, own.value if own else None)
    when = own.period_end if own else desk.clocks.as_of
    unit = own.unit if own else "ratio"
    values = [
        Value(f"{part}:{id}:{who.id}", part, who.id, "ratio" if part == "percentile" else "count" if part == "peers" else unit, number,
              own.currency if own and part not in ("percentile", "peers") else None, when, about="peers" if part == "peers" else id,
              direction=path.direction or "" if path and part in ("slope", "change") else "")
        for part, number in _numbers(path, among).items() if number is not None
    ]  # fmt: skip
    missing = (
        ()
        if among.percentile is not None
        else (f"{among.peers} peers in industry {industry or '(not stated)'}; {FEWEST_PEERS} are needed",)
    )
    figures = tuple(a for a in _answers(desk, who.id, id) if isinstance(a, Figure))
    facts = tuple(a for a in _answers(desk, who.id, id) if not isinstance(a, Figure))
    lines = [f"{end_of(a)}: {plain(known(a) or Decimal(0))} {mark(a.id)}" for a in (*figures, *facts) if known(a) is not None]
    lines += [f"{value.name}: {plain(value.value or Decimal(0))} {mark(value.id)}" for value in values]
    artifact = Artifact(
        "standing", {"borrower": who.id, "name": id}, (desk.ref(who),), figures, facts, (), tuple(values), missing=missing
    )
    return ToolResult("\n".join([*lines, *missing]) or f"{who.id}: no {id}", artifact)


def standing_shape(desk: Desk, borrower: str, name: str) -> dict[str, Any]:
    """`figure --peers`: `trend` {points, change, slope, direction} and `peers` {industry, peers, percentile, quartiles}."""
    who, id = desk.borrower(borrower), metric_id(desk, name)
    path, own = path_of(desk, who.id, id)
    industry, among = peers_of(desk, who.id, id, own.value if own else None)
    return {
        "trend": None if path is None else {
            "points": [{"period_end": day.isoformat(), "value": plain(value)} for day, value in path.points],
            "change": plain_or_none(path.change), "slope": plain_or_none(path.slope), "direction": path.direction,
        },
        "peers": {"industry": industry, "peers": among.peers, "percentile": plain_or_none(among.percentile), "low": plain_or_none(among.low),
                  "median": plain_or_none(among.median), "high": plain_or_none(among.high)},
    }  # fmt: skip


def path_of(desk: Desk, borrower: str, id: str) -> tuple[Trend | None, Figure | None]:
    """The trend over the last fiscal year ends and the newest period, and the newest figure itself. A flow at an interim end is the
    rolling year, so that every point covers twelve months; a year to date that had to be annualised is left out."""
    evaluator = desk.evaluator(borrower)
    newest = evaluator.newest(id, None, desk.clocks.as_of)
    if newest is None or newest.value is None:
        return None, None
    ends = {end for end in desk.book(borrower).fiscal_year_ends if end <= newest.period_end} | {newest.period_end}
    points: list[tuple[date, Decimal]] = []
    for end in sorted(ends)[-POINTS:]:
        figure = evaluator.figure(id, end)
        if figure.value is not None and figure.basis != "annualised":
            points.append((end, figure.value))
    return trend(points), newest


def peers_of(desk: Desk, borrower: str, id: str, value: Decimal | None) -> tuple[str, Place]:
    """The industry and the place among the caller's other borrowers in it: the division (C34), and where it holds too few, the section
    (C). With too few in either the division's count is told and no percentile."""
    codes = {
        str(row["id"]): industries(row["industry_code"])
        for row in desk.loan_book.rows(desk.caller, "customers", desk.clocks, columns=["id", "industry_code"])
    }
    mine = codes.get(borrower, ())
    if value is None or not mine:
        return mine[0] if mine else "", Place(0, None, None, None, None)
    column = latest_column(desk, id)
    tried: list[tuple[str, Place]] = []
    for industry in mine:
        fellows = frozenset(one for one, listed in codes.items() if industry in listed and one != borrower)
        tried.append((industry, place(value, _values_of(desk, id, column, fellows))))
        if tried[-1][1].percentile is not None:
            return tried[-1]
    return tried[0]


def industries(code: str | None) -> tuple[str, ...]:
    """Division and section of an industry code, the narrower first; a code without a letter has a division alone."""
    text = str(code or "").strip().upper()
    letter = text[:1] if text[:1].isalpha() else ""
    digits = "".join(sign for sign in text[len(letter) :] if sign.isdigit())[:2]
    return tuple(dict.fromkeys(part for part in (letter + digits if len(digits) == 2 else "", letter) if part))


def _values_of(desk: Desk, id: str, column: FigureColumn, wanted: Collection[str]) -> list[Decimal]:
    others: list[Decimal] = []
    for row, one in enumerate(column.borrowers):
        if one not in wanted:
            continue
        if column.doubt[row]:
            newest = desk.evaluator(one).newest(id, None, desk.clocks.as_of)
            if newest is not None and newest.value is not None:
                others.append(newest.value)
        elif column.state[row] == 0:
            others.append(Decimal(f"{column.values[row]:.{DIGITS}g}"))
    return others


def _answers(desk: Desk, borrower: str, id: str) -> list[Any]:
    return [
        asked.answer for asked in look_up(desk, borrower, [id], [f"last{POINTS}y", "latest"]) if known(asked.answer) is not None
    ]


def _numbers(path: Trend | None, among: Place) -> dict[str, Decimal | None]:
    return {
        "slope": path.slope if path else None, "change": path.change if path else None, "percentile": among.percentile,
        "peers": Decimal(among.peers), "peer_low": among.low, "peer_median": among.median, "peer_high": among.high,
    }  # fmt: skip
