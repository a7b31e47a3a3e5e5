"""What a reader must act on: arrears, breaches, floors, late papers, seized security and whatever signals fire, gravest first.

One root cause is one finding: a signal that only repeats what a covenant test or the ledger already says is left out. Severities of
signals are those of the rulebook; what no signal has judged is graded by the state itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from assistant.briefs.material import Material
from assistant.briefs.model import LEVELS, Level, Line, Tone
from assistant.briefs.own_words import Own
from assistant.briefs.pen import Pen
from assistant.briefs.sections.signals import explained, own_words, place_of
from assistant.briefs.warnings import ALONE, Trouble, troubles
from tools.domain.covenant_tests import Assessment
from tools.domain.facts import Row
from tools.domain.signals import worst
from tools.toolbox.artifacts import Value

NON_PERFORMING = frozenset({"substandard", "doubtful", "loss"})
FAMILIES = {
    "arrears": "arrears",
    "technical": "arrears",
    "breach": "covenants",
    "at_risk": "covenants",
    "late_paper": "reporting",
}
"""Families of signals whose trouble a finding of the brief's own already tells."""
MOST = 6
TONES: dict[Level, Tone] = {"red": "bad", "orange": "bad", "yellow": "warn", "normal": "good", "unknown": "warn"}


@dataclass(frozen=True, slots=True)
class Finding:
    """`kind` says what it is, `about` whose; `acts` are ids of the playbook that answer it; `signal` is the place of the signal it repeats."""

    level: Level
    kind: str
    about: str
    text: str
    acts: tuple[str, ...] = ()
    own: Own | None = None
    signal: str = ""
    calls: Mapping[str, str] = field(default_factory=dict)

    def about_for(self, act: str) -> str:
        """Whose or what calls for an act: of several signals those that do."""
        return self.calls.get(act, self.about)


def findings_of(material: Material, pen: Pen) -> list[Finding]:
    """Gravest first; within a level arrears and covenants before the rest."""
    own = [
        *_arrears(material, pen),
        *_breaches(material, pen),
        *_floors(material, pen),
        *_late_papers(material, pen),
        *_thin(material, pen),
    ]
    told = {FAMILIES[finding.kind] for finding in own if finding.kind in FAMILIES}
    found = own + [_signal(trouble, pen) for trouble in troubles(material.signals) if trouble.family not in told]
    lone = [v for v in material.signals if v.fires and v.signal in ALONE and v.family in told]
    found += [_signal(Trouble(verdict.family, (verdict,)), pen) for verdict in lone]
    return sorted(found, key=lambda finding: -LEVELS.index(finding.level))


def _signal(trouble: Trouble, pen: Pen) -> Finding:
    """The gravest signal of a family speaks for it; its acts are those of all of them."""
    acts: dict[str, list[str]] = {}
    for verdict in trouble.verdicts:
        for act in verdict.actions:
            acts.setdefault(act, []).append(verdict.signal)
    calls = {act: ", ".join(dict.fromkeys(signals)) for act, signals in acts.items()}
    about = ", ".join(dict.fromkeys(verdict.signal for verdict in trouble.verdicts))
    worst_one = trouble.worst
    return Finding(
        worst_one.severity,
        "signal",
        about,
        explained(worst_one, pen),
        tuple(acts),
        own_words(worst_one, pen),
        place_of(worst_one),
        calls,
    )


def _severity(material: Material, family: str, loan: str | None = None) -> Level | None:
    """What the signals of a family say, of one loan when it is a loan's."""
    found = [v for v in material.signals if v.fires and v.family == family and (loan is None or v.loan == loan)]
    return worst(v.severity for v in found)


def _acts(material: Material, family: str, loan: str | None = None) -> tuple[str, ...]:
    found = (v for v in material.signals if v.fires and v.family == family and (loan is None or v.loan in (None, loan)))
    return tuple(dict.fromkeys(act for verdict in found for act in verdict.actions))


def level_of(material: Material, found: Sequence[Finding]) -> Level:
    """The gravest finding; without any, normal when there was something to judge."""
    if found:
        return found[0].level
    known = material.running and all(view.dpd is not None for view in material.running)
    tested = any(one.latest.status in ("compliant", "waived") for one in material.covenants)
    if known and (material.has_statements or tested):
        return "normal"
    return "normal" if not material.running and material.has_statements and tested else "unknown"


def verdict(material: Material, pen: Pen, found: Sequence[Finding], level: Level) -> list[Line]:
    """One line that judges, then the reasons."""
    if found:
        lines = [Line(pen.phrase(f"verdict_{level}"), TONES[level])]
        lines += [Line(finding.text, TONES[finding.level], finding.own) for finding in found[:MOST]]
        if len(found) > MOST:
            lines.append(Line(pen.phrase("verdict_more"), "soft"))
        return lines
    if level == "unknown":
        return [Line(pen.phrase("verdict_unknown"), "warn")]
    tested = any(one.latest.status in ("compliant", "waived") for one in material.covenants)
    key = (
        "verdict_normal"
        if material.running and tested
        else "verdict_normal_loans"
        if material.running
        else "verdict_normal_papers"
    )
    return [Line(pen.phrase(key), "good")]


def value_of(material: Material, name: str, about: str) -> Value | None:
    """A loan's or covenant's value of this name."""
    return material.value("loans", name, about) or material.value("covenants", name, about)


def covenant_phrase(material: Material, pen: Pen, one: Assessment, key: str) -> str:
    """A covenant's test in a sentence; a plainer one when it has no number."""
    id, test = one.covenant.id, one.latest
    when = pen.day(test.test_date) if test.test_date else ""
    limit, room = value_of(material, "threshold", id), value_of(material, "headroom", id)
    status = value_of(material, "covenant_status", id)
    mark = pen.mark(status) if status else ""
    if test.figure is None or test.figure.value is None or limit is None:
        return pen.phrase("find_breach_plain", id=id, name=quoted(pen, one.covenant.name), date=when + mark)
    return pen.phrase(
        key, id=id, name=quoted(pen, one.covenant.name), date=when, metric=pen.metric(test.figure.name), actual=pen.short(test.figure),
        operator=pen.code("operator", one.covenant.operator), threshold=pen.short(limit, marked=False) + mark,
        headroom=pen.phrase("headroom", headroom=pen.short(room, marked=False)) if room else "",
    )  # fmt: skip


def quoted(pen: Pen, name: str) -> str:
    """A covenant's own name, as the contract has it."""
    return f"“{name}”"


def _arrears(material: Material, pen: Pen) -> list[Finding]:
    found = []
    for view in material.running:
        dpd, late = value_of(material, "dpd", view.terms.id), value_of(material, "overdue_total", view.terms.id)
        if dpd is None or late is None or not view.dpd:
            continue
        row = row_of(material, "loans", view.terms.id)
        reason = row.columns.get("technical_overdue_reason") if row else None
        slots = {"loan": view.terms.id, "dpd": pen.number(dpd), "amount": pen.short(late)}
        if reason and row is not None:
            text = pen.phrase("find_arrears_technical", **slots, reason=reason, mark=pen.mark(row))
            found.append(Finding("yellow", "technical", view.terms.id, text, ("A1",)))
        else:
            level = _severity(material, "arrears", view.terms.id) or "orange"
            acts = _acts(material, "arrears", view.terms.id)
            found.append(Finding(level, "arrears", view.terms.id, pen.phrase("find_arrears", **slots), acts))
    return sorted(found, key=lambda finding: -LEVELS.index(finding.level))


def _breaches(material: Material, pen: Pen) -> list[Finding]:
    return [
        Finding(
            "red", "breach", one.covenant.id, covenant_phrase(material, pen, one, "find_breach"), _acts(material, "covenants")
        )
        for one in material.covenants
        if one.latest.status == "breach"
    ]


def _thin(material: Material, pen: Pen) -> list[Finding]:
    return [
        Finding(
            "yellow", "at_risk", one.covenant.id, covenant_phrase(material, pen, one, "find_risk"), _acts(material, "covenants")
        )
        for one in material.covenants
        if one.latest.status == "at_risk" and not _over(one, material.as_of)
    ]


def _over(one: Assessment, as_of: date) -> bool:
    """The covenant has run out."""
    return one.covenant.end_date is not None and one.covenant.end_date < as_of


def _floors(material: Material, pen: Pen) -> list[Finding]:
    """Loans the rules would classify lower, one sentence for each proposed class."""
    groups: dict[str, list[str]] = {}
    rules: dict[str, dict[str, None]] = {}
    for view in material.running:
        now, then = (
            value_of(material, "classification_proposed", view.terms.id),
            value_of(material, "classification", view.terms.id),
        )
        if view.classification is None or now is None or then is None or now.state == then.state:
            continue
        row = row_of(material, "loans", view.terms.id)
        groups.setdefault(now.state, []).append(view.terms.id + (pen.mark(row) if row else ""))
        rules.setdefault(now.state, {}).update(dict.fromkeys(hit.rule.id for hit in view.classification.floors))
    found = []
    for state, ids in groups.items():
        level: Level = "red" if state in NON_PERFORMING else "orange"
        text = pen.phrase(
            "find_class",
            loans=pen.listed(ids),
            proposed=pen.code("classification", state),
            rules=pen.listed(list(rules[state])),
        )
        found.append(Finding(level, "classification", pen.listed([id.partition("{")[0] for id in ids]), text, ("A11",)))
    return found


def event_phrase(pen: Pen, row: Row, day: date) -> str:
    """An event in a sentence."""
    columns = row.columns
    amount = ""
    if columns.get("amount"):
        money = pen.written(Decimal(columns["amount"] or 0), "currency", columns.get("currency_code"))
        amount = pen.phrase("event_amount", amount=money)
    title = columns.get("title") or ""
    kind = pen.code("event_type", columns.get("type"))
    if title == kind:
        title = columns.get("detail") or title
    return pen.phrase("find_event", date=pen.day(day), type=kind, title=title, amount=amount, mark=pen.mark(row))


def _late_papers(material: Material, pen: Pen) -> list[Finding]:
    found = []
    for row in material.due_papers:
        late = next((v for v in material.values("documents", "paper_late") if row.id in v.inputs), None)
        due = day_of(row, "due")
        if late is not None and due:
            text = pen.phrase(
                "find_late",
                name=pen.paper(row.columns["name"]),
                due=pen.day(due),
                days=pen.number(late, marked=False),
                mark=pen.mark(row),
            )
            found.append(
                Finding(_severity(material, "reporting") or "yellow", "late_paper", row.id, text, _acts(material, "reporting"))
            )
    return found


def row_of(material: Material, table: str, id: str) -> Row | None:
    return next((row for artifact in material.artifacts for row in artifact.rows if row.table == table and row.id == id), None)


def day_of(row: Row, name: str) -> date | None:
    text = row.columns.get(name)
    return date.fromisoformat(text[:10]) if text else None
