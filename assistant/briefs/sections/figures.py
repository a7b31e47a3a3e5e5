"""Key figures with their trend, and what could not be computed."""

from __future__ import annotations

from assistant.briefs.material import Material
from assistant.briefs.model import Cell, Line, Section, Table, TableRow, Tone
from assistant.briefs.pen import Pen
from assistant.briefs.series import Series
from assistant.charts.sheet import Sheet
from assistant.charts.trend import Limit, Point, trend
from tools.domain.covenants import Operator
from tools.domain.facts import Fact
from tools.domain.figures import Figure
from tools.toolbox.figures import Answer, end_of, unit_of

MOST_NOTES = 3
GOOD_WHEN_UP = frozenset(
    {"revenue", "gross_margin", "net_profit", "net_cash_operating", "ebitda", "icr_ebitda", "current_ratio", "cash_to_st_debt"}
)
BAD_WHEN_UP = frozenset({"debt_to_ebitda", "debt_to_assets", "dso"})


def figures_section(material: Material, pen: Pen) -> Section:
    """The table of key figures; each row with its chart."""
    if not material.has_statements:
        return Section("figures", pen.word("figures"), (Line(pen.phrase("figures_none"), "warn"),))
    rows = [_row(material, pen, series) for series in material.series if series.latest is not None]
    header = tuple(pen.word(key) for key in ("metric", "latest", "moved", "trend"))
    table = Table(pen.word("figures"), header, tuple(rows), (20, 25, 26, 29), frozenset({1, 2}), abreast=2)
    blocks = ([table] if rows else []) + _notes(material, pen)
    return Section("figures", pen.word("figures"), tuple(blocks))


def _row(material: Material, pen: Pen, series: Series) -> TableRow:
    latest, before = series.latest, series.before
    assert latest is not None
    name = pen.Metric(series.name)
    moved = ""
    tone: Tone = ""
    if series.moved:
        first = next((value for value in series.moved if value.name == "change_share"), series.moved[0])
        assert first.value is not None
        sign = "+" if first.value > 0 else ""
        moved = sign + pen.short(first, marked=False)
        tone = _tone(series.name, first.direction)
    sheet, proof = chart_of(material, pen, series)
    earlier = (
        pen.phrase("before", period=pen.label(before), value=pen.short(before, marked=False)) if before is not None else ""
    )
    cells = (Cell(name), Cell(pen.short(latest), note=pen.label(latest)), Cell(moved, tone, note=earlier), Cell(sheet=sheet))
    return TableRow(cells, proof)


def _tone(name: str, direction: str) -> Tone:
    if direction == "flat":
        return ""
    if name in GOOD_WHEN_UP:
        return "good" if direction == "rise" else "bad"
    if name in BAD_WHEN_UP:
        return "bad" if direction == "rise" else "good"
    return ""


def chart_of(material: Material, pen: Pen, series: Series) -> tuple[Sheet | None, str]:
    """The chart, and the same numbers as a table for the gate."""
    if sum(1 for answer, _ in series.points if answer.value is not None) < 2:
        return None, ""
    points, heads, cells = [], [], []
    for answer, closes in series.points:
        tick = pen.tick(answer, closes)
        text = _brief(pen, answer) if answer.value is not None else "–"
        points.append(Point(tick, answer.value, text))
        if answer.value is not None:
            heads.append(f"{tick}年" if pen.language == "zh" and len(tick) == 4 else tick)
            cells.append(text)
    limit = _limit(material, pen, series)
    money = unit_of(series.points[-1][0]) == "currency"
    sheet = trend(points, kind="bars" if money else "line", limit=limit, width=92, height=29, title=pen.Metric(series.name))
    proof = f"| {pen.word('metric')} | {' | '.join(heads)} |\n| {pen.Metric(series.name)} | {' | '.join(cells)} |"
    return sheet, proof


def _brief(pen: Pen, answer: Answer) -> str:
    """A value small enough for a chart, still a rounding of the exact one; the currency stands beside the chart."""
    text = pen.short(answer, marked=False)
    return text.removeprefix(f"{answer.currency} ") if answer.currency else text


def _limit(material: Material, pen: Pen, series: Series) -> Limit | None:
    """The covenant on this very figure, when there is just one in force."""
    limits = {
        (one.latest.limit.single, one.covenant.operator)
        for one in material.covenants
        if one.covenant.type == "maintenance" and one.latest.figure is not None and one.latest.figure.name == series.name and one.latest.limit is not None
        and one.latest.limit.single is not None and not (one.covenant.end_date and one.covenant.end_date < material.as_of)
    }  # fmt: skip
    if len(limits) != 1:
        return None
    value, operator = limits.pop()
    assert value is not None
    signs: dict[Operator, str] = {"<=": "≤", ">=": "≥", "==": "=", "between": ""}
    unit = series.latest.unit if isinstance(series.latest, Figure) else ""
    sign = signs.get(operator or "==", "")
    return Limit(value, f"{sign}{pen.written(value, unit, None)}") if unit else None


def _notes(material: Material, pen: Pen) -> list[Line]:
    """What a reader of the figures must know: unaudited statements, and figures that could not be had."""
    lines = []
    shown = [series.latest for series in material.series if series.latest is not None]
    unaudited = sorted(
        {
            f.period.end
            for answer in shown
            for f in ([answer] if isinstance(answer, Fact) else answer.facts())
            if f.assurance == "unaudited" and f.period.end == end_of(answer)
        }
    )
    if unaudited:
        lines.append(
            Line(pen.phrase("figures_unaudited", periods=pen.listed([pen.day(day) for day in unaudited[-2:]])), "soft")
        )
    for series in material.series:
        answer = series.lacking
        if isinstance(answer, Figure) and answer.status == "not_meaningful" and len(lines) <= MOST_NOTES:
            slots = {"metric": pen.metric(series.name), "Metric": pen.Metric(series.name), "period": pen.label(answer)}
            reason = pen.glossary.reason(answer.reason, pen.language)
            lines.append(Line(pen.phrase("figures_meaningless", **slots, reason=reason) + pen.mark(answer), "soft"))
    return lines
