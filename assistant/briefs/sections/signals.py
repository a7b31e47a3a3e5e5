"""Signals and alerts: what fires, gravest first, what is new and what has cleared since an earlier run, what cannot be told."""

from __future__ import annotations

from collections.abc import Collection

from assistant.briefs.material import Material
from assistant.briefs.model import Block, Cell, Line, Section, Table, TableRow, Tone
from assistant.briefs.own_words import Own, own_of
from assistant.briefs.pen import Pen
from assistant.briefs.warnings import ALONE, marks_of
from tools.domain.signals import SEVERITIES, SignalVerdict
from tools.rulebook.signal_rules import load_signals
from tools.toolbox.references import mark

MOST = 6
MOST_ALERTS = 4
ELSEWHERE = frozenset({"arrears", "covenants", "reporting"})
"""Families the sections on repayment, covenants and data gaps tell."""
TONES: dict[str, Tone] = {"red": "bad", "orange": "bad", "yellow": "warn"}


def signals_section(material: Material, pen: Pen, told: Collection[str] = ()) -> Section:
    """The table of what fires, then counts of the rest. `told`: signals (with their loan) whose sentence stands in the verdict already, named here
    and not said again; those of a section of their own are only named too."""
    verdicts = material.signals
    if not verdicts:
        return Section("signals", pen.word("signals"), (Line(pen.phrase("signals_none"), "soft"),))
    firing = sorted((v for v in verdicts if v.fires), key=lambda v: -SEVERITIES.index(v.severity))
    blocks: list[Block] = []
    said = [v for v in firing if place_of(v) in told or (v.family in ELSEWHERE and v.signal not in ALONE)]
    firing = [v for v in firing if v not in said]
    if said:
        blocks.append(Line(pen.phrase("signals_told", names=pen.listed(list(dict.fromkeys(v.signal for v in said))))))
    if firing:
        header = tuple(pen.word(key) for key in ("severity", "signal", "finding"))
        rows = tuple(_row(pen, verdict) for verdict in firing[:MOST])
        blocks.append(Table(pen.word("signals"), header, rows, (8, 20, 72)))
    left = [v.signal for v in firing[MOST:]]
    if left:
        blocks.append(Line(pen.phrase("signals_more", names=pen.listed(list(dict.fromkeys(left)))), "soft"))
    blocks += [Line(text) for text in _turned(material, pen)]
    blocks += [_alert(pen, material, place) for place in range(min(len(material.alerts), MOST_ALERTS))]
    clear = sum(1 for v in verdicts if v.verdict == "clear")
    unknown = sum(1 for v in verdicts if v.verdict == "unknown")
    blocks.append(Line(pen.phrase("signals_rest", clear=clear, unknown=unknown), "soft"))
    return Section("signals", pen.word("signals"), tuple(blocks))


def place_of(verdict: SignalVerdict) -> str:
    """A signal, and the loan it is about."""
    return f"{verdict.signal}:{verdict.loan or ''}"


def signal_name(signal: str, pen: Pen) -> str:
    """A signal by its name."""
    return load_signals(extra=pen.glossary.layers).signal(signal, pen.as_of).name[pen.language]


def explained(verdict: SignalVerdict, pen: Pen) -> str:
    """What it says, with its evidence."""
    text = verdict.explanation.get(pen.language, "").rstrip("。.")
    if pen.language == "en" and text:
        text = text[0].upper() + text[1:]
    marks = marks_of(verdict)
    return text + (mark(*marks) if marks else "") + ("。" if pen.language == "zh" else ".")


def own_words(verdict: SignalVerdict, pen: Pen) -> Own:
    """What its sentence may show."""
    book = load_signals(extra=pen.glossary.layers)
    version = next(one for one in book.signals if one.key == verdict.rule)
    return own_of(verdict, book.template(version, pen.language))


def _row(pen: Pen, verdict: SignalVerdict) -> TableRow:
    severity = pen.phrase(f"severity_{verdict.severity}")
    name = Cell(f"{verdict.signal} {signal_name(verdict.signal, pen)}")
    return TableRow((Cell(severity, TONES[verdict.severity]), name, Cell(explained(verdict, pen))), own=own_words(verdict, pen))


def _turned(material: Material, pen: Pen) -> list[str]:
    """Against the last run before this month, when there was one."""
    if material.hits_then is None:
        return []
    now = {v.signal for v in material.signals if v.fires}
    cleared = {v.signal for v in material.signals if v.verdict == "clear"} & material.hits_then
    lines = []
    new = sorted(now - material.hits_then)
    if new:
        lines.append(pen.phrase("signals_new", names=pen.listed(new)))
    if cleared:
        lines.append(pen.phrase("signals_cleared", names=pen.listed(sorted(cleared))))
    return lines


def _alert(pen: Pen, material: Material, place: int) -> Line:
    alert, row = material.alerts[place], material.alert_rows[place]
    due = pen.phrase("alert_due", due=pen.date(alert.due)) if alert.due else ""
    owner = pen.phrase("alert_owner", owner=alert.owner) if alert.owner else ""
    text = pen.phrase("alert_line", severity=pen.phrase(f"severity_{alert.severity}"), title=alert.title[pen.language],
                      state=pen.phrase(f"alert_{alert.state}"), owner=owner, due=due, mark=pen.mark(row))  # fmt: skip
    return Line(text)
