"""Covenants with their headroom: the tests that need a reader first, the rest in a word."""

from __future__ import annotations

from assistant.analyst.writers.covenants import LACKING
from assistant.briefs.findings import quoted, row_of, value_of
from assistant.briefs.material import Material
from assistant.briefs.model import Block, Cell, Line, Section, Table, TableRow, Tone
from assistant.briefs.pen import Pen
from assistant.charts.headroom import Room, Verdict, headroom_bar
from tools.domain.covenant_tests import Assessment
from tools.toolbox.artifacts import Value

ORDER = ("breach", "at_risk", "stale", "not_evidenced", "compliant", "waived", "not_due")
TONES: dict[str, Tone] = {"breach": "bad", "at_risk": "warn", "stale": "warn", "not_evidenced": "warn", "compliant": "good"}
VERDICTS: dict[str, Verdict] = {"breach": "bad", "at_risk": "warn", "compliant": "good", "waived": "good"}
MOST = 8


def covenants_section(material: Material, pen: Pen) -> Section:
    """The table, then what a breach would take to cure and what open tests lack."""
    blocks: list[Block] = []
    found = [one for one in material.covenants if not (one.covenant.end_date and one.covenant.end_date < material.as_of)]
    found.sort(key=lambda one: (ORDER.index(one.latest.status), one.latest.actual is None))
    if not found:
        blocks.append(Line(pen.phrase("covenants_none")))
    # Duties without a number that are kept need no row of their own.
    plain = [one for one in found if one.latest.figure is not None or one.latest.status not in ("compliant", "not_due")]
    shown = [one for place, one in enumerate(plain) if place < MOST or one.latest.status in ("breach", "at_risk")]
    if shown:
        header = tuple(pen.word(key) for key in ("covenant", "metric", "actual", "limit", "room", "status", "tested"))
        rows = tuple(_row(material, pen, one) for one in shown)
        blocks.append(Table(pen.word("covenants"), header, rows, (21, 15, 11, 14, 17, 11, 11), frozenset({2})))
    for one in shown:
        blocks += [Line(text) for text in _more(material, pen, one)]
    left = len(found) - len(shown)
    if left and all(one.latest.status == "compliant" for one in found if one not in shown):
        blocks.append(Line(pen.phrase("covenants_more", n=left), "soft"))
    if material.waiting:
        blocks.append(Line(pen.phrase("covenants_waiting", n=material.waiting), "soft"))
    return Section("covenants", pen.word("covenants"), tuple(blocks))


def _row(material: Material, pen: Pen, one: Assessment) -> TableRow:
    covenant, test = one.covenant, one.latest
    limit, room = value_of(material, "threshold", covenant.id), value_of(material, "headroom", covenant.id)
    figure, clause = test.figure, _clause(material, one)
    actual = pen.short(figure) if figure is not None and figure.value is not None else ""
    bound = (
        f"{pen.code('operator', covenant.operator)} {pen.short(limit, marked=False)}" if limit and figure is not None else ""
    )
    if pen.language == "zh":
        bound = bound.replace(" ", "", 1)
    sheet = None
    if figure is not None and limit is not None and covenant.operator in ("<=", ">="):
        sheet = headroom_bar(
            Room(covenant.id, figure.value, limit.value, covenant.operator == "<=", VERDICTS.get(test.status, "soft"), actual), width=48, height=9
        )  # fmt: skip
    name = quoted(pen, covenant.name)
    cells = (
        Cell(f"{covenant.id} {name}"), Cell(pen.Metric(figure.name) if figure is not None else ""), Cell(actual), Cell(bound),
        Cell(pen.short(room, marked=False) if room else "", sheet=sheet),
        Cell(pen.code("covenant_status", test.status) + (pen.mark(clause) if clause is not None else ""), TONES.get(test.status, "")),
        Cell(pen.date(test.test_date) if test.test_date else "", "soft"),
    )  # fmt: skip
    return TableRow(cells)


def _clause(material: Material, one: Assessment) -> Value | None:
    """The test as resting on its clause alone: what it was computed from is cited beside the value."""
    id, test = one.covenant.id, one.latest
    if row_of(material, "covenants", id) is None:
        return None
    made = Value(f"brief:test:{id}", "covenant_status", material.borrower.id, "state", None, None, test.test_date, None, id, test.status, "",
                 (f"covenants:{id}",))  # fmt: skip
    material.state([made])
    return made


def _more(material: Material, pen: Pen, one: Assessment) -> list[str]:
    id, test = one.covenant.id, one.latest
    lines = []
    if test.status == "breach":
        cures = [v for v in material.values("covenants", "cure_amount", id) if v.state]
        ways = [
            pen.phrase(f"covenant_cure_{cure.state}", metric=pen.metric(cure.id.rsplit(":", 1)[-1]), amount=pen.short(cure))
            for cure in cures
        ]
        if ways:
            lines.append(pen.phrase("covenant_cure_one", id=id, how=pen.phrase("covenant_cure_or").join(ways)))
    projected = value_of(material, "projected_breach", id)
    if projected is not None and projected.when and test.status in ("compliant", "at_risk"):
        lines.append(pen.phrase("covenant_projected", id=id, date=pen.day(projected.when) + pen.mark(projected)))
    return lines


def lacking(pen: Pen, missing: tuple[str, ...]) -> str:
    """What a test lacks, in words."""
    words = [pen.code("missing", part) if part in LACKING else pen.metric(part) for part in missing[:4]]
    return pen.listed(words)
