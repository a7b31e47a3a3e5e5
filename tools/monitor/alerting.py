"""From verdicts to alerts: one per root cause, told as a colleague would, opened once, escalated, cleared, and back when it comes back.

Pure decisions: nothing is read or stored here. The same verdicts over the same alert decide nothing, so that running twice raises
nothing new.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from prompts.library import phrase_book
from tools.domain.money import plain
from tools.domain.signals import SEVERITIES, Severity, SignalVerdict, evidence_shape, reference, worst
from tools.monitor.wording import WIDE
from tools.rulebook.acts import Act, load_acts
from tools.rulebook.loan_rules import load_calendar
from tools.rulebook.signal_rules import Family, SignalBook
from tools.store.alert_records import Alert, alert_id
from tools.toolbox import rendering

LANGUAGES = ("zh", "en")
MOST_EVIDENCE = 40
ORANGE: Severity = "orange"
RED: Severity = "red"
_RANK: dict[str, int] = {name: place for place, name in enumerate(SEVERITIES)}


Untold = Collection[tuple[str, str | None]]
"""(signal, loan) of what cannot be told today."""


@dataclass(frozen=True, slots=True)
class Cause:
    """One root cause that fires: its verdicts, worst first, and the severity an alert of it has."""

    family: Family
    severity: Severity
    verdicts: tuple[SignalVerdict, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """What happens to an alert: `act`, and how it stands from now on."""

    act: str
    alert: Alert


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom alerts are about: id, how he is called in each language, who looks after him, his own language."""

    id: str
    names: Mapping[str, str]
    officer: str | None
    language: str


def causes(book: SignalBook, verdicts: Iterable[SignalVerdict]) -> list[Cause]:
    """Root causes that raise an alert: those at or above their own level, and the yellow ones together when there are enough."""
    fired: dict[str, list[SignalVerdict]] = defaultdict(list)
    for verdict in verdicts:
        if verdict.fires:
            fired[verdict.family].append(verdict)
    found: list[Cause] = []
    mild: list[SignalVerdict] = []
    families = 0
    for id in book.families:
        group = sorted(fired.get(id, ()), key=lambda v: (-_RANK[v.severity], v.signal, v.loan or ""))
        severity = worst(v.severity for v in group)
        if severity is None:
            continue
        if severity == "yellow":
            families += 1
            mild += group
        if _RANK[severity] >= _RANK[book.families[id].alert_from]:
            found.append(Cause(book.families[id], severity, tuple(group)))
    if families >= book.yellow_families:
        found.append(Cause(book.combined, "orange", tuple(mild)))
    return found


def decide(
    book: SignalBook,
    subject: Subject,
    verdicts: Sequence[SignalVerdict],
    known: Mapping[str, Alert],
    as_of: date,
    at: datetime,
    raised: Callable[[Sequence[Cause]], Collection[str]] = lambda standing: (),
) -> list[Decision]:
    """What happens to the alerts of one borrower. `known`: his alerts so far by family, in whatever state. `raised`: the families whose
    orange alerts a person's approval counts as red, given what stands."""
    standing = causes(book, verdicts)
    red = raised(standing)
    standing = [replace(one, severity=RED) if one.severity == ORANGE and one.family.id in red else one for one in standing]
    level = watch_level(book, standing)
    untold = {(verdict.signal, verdict.loan) for verdict in verdicts if verdict.verdict == "unknown"}
    decisions = []
    for cause in standing:
        decision = _standing(book, subject, cause, known.get(cause.family.id), as_of, at, level, untold)
        if decision is not None:
            decisions.append(decision)
    firing = {cause.family.id for cause in standing}
    for family, alert in known.items():
        if family not in firing:
            decision = _gone(book, alert, verdicts, as_of)
            if decision is not None:
                decisions.append(decision)
    return decisions


def watch_level(book: SignalBook, standing: Sequence[Cause]) -> str | None:
    """L3, L2 or L1 for what fires together; None for nothing worth a list."""
    count: dict[str, int] = {severity: sum(1 for cause in standing if cause.severity == severity) for severity in SEVERITIES}
    reds = {cause.family.id for cause in standing if cause.severity == "red"}
    for level in book.levels:
        if level.red_families:
            if reds & set(level.red_families):
                return level.id
            continue
        enough = [(level.reds, count["red"]), (level.oranges, count["orange"] + count["red"]), (level.yellows, count["yellow"])]
        if any(least and has >= least for least, has in enough):
            return level.id
    return None


def _standing(
    book: SignalBook,
    subject: Subject,
    cause: Cause,
    known: Alert | None,
    as_of: date,
    at: datetime,
    level: str | None,
    untold: Untold,
) -> Decision | None:
    opened = known.opened if known is not None and known.live else as_of
    fresh = _alert(book, subject, cause, known, opened, as_of, at, level)
    if known is None:
        return Decision("opened", fresh)
    if known.live:
        fresh = _with_untold(book, subject, fresh, known, untold, opened)
    worse = _RANK[fresh.severity] > _RANK[known.severity]
    new = bool(set(fresh.signals) - set(known.signals))
    if known.state == "cleared":
        return Decision("reopened", replace(fresh, state="open", owner=fresh.owner))
    if known.state == "closed":
        return Decision("reopened", replace(fresh, state="open", opened=as_of)) if worse or new else None
    kept = replace(
        fresh,
        state=known.state,
        owner=known.owner,
        due=known.due,
        snoozed_until=known.snoozed_until,
        reason=known.reason,
        outcome=known.outcome,
    )
    if known.state == "snoozed":
        if worse or new:
            return Decision("escalated", replace(fresh, state="open", opened=opened))
        if known.snoozed_until is not None and as_of > known.snoozed_until:
            return Decision("reopened", replace(fresh, state="open", opened=opened))
    if worse:
        due = _take_by(book, fresh.severity, as_of)
        return Decision("escalated", replace(kept, due=min(due, known.due) if known.due else due))
    return None if _told(kept) == _told(known) else Decision("updated", kept)


def _with_untold(book: SignalBook, subject: Subject, fresh: Alert, known: Alert, untold: Untold, opened: date) -> Alert:
    """What fired and cannot be told today (data that stopped, or out of this caller's sight) stays part of the alert."""
    kept = [f for f in known.findings if (f["signal"], f.get("loan")) in untold]
    if not kept:
        return fresh
    findings = sorted((*fresh.findings, *kept), key=lambda f: (-_RANK[f["severity"]], f["signal"], f.get("loan") or ""))
    severity = worst((fresh.severity, *(f["severity"] for f in findings))) or fresh.severity
    known_ids = {str(item["id"]) for item in (*fresh.figures, *fresh.evidence)}
    family = book.family(fresh.family)
    acts = sorted(
        (load_acts()[id] for id in {str(a["act"]) for a in (*fresh.actions, *known.actions)}),
        key=lambda act: (act.working_days, act.order),
    )
    return replace(
        fresh, severity=severity, findings=tuple(findings), signals=tuple(dict.fromkeys(f["signal"] for f in findings)),
        title={language: _titled(subject, family, severity, language) for language in LANGUAGES},
        explanation={
            language: told(family, severity, [f[f"text_{language}"] for f in findings], acts, opened, language) for language in LANGUAGES
        },
        actions=tuple(_action(act, opened) for act in acts), due=_take_by(book, severity, opened),
        figures=(*fresh.figures, *(item for item in known.figures if str(item["id"]) not in known_ids)),
        evidence=(*fresh.evidence, *(item for item in known.evidence if str(item["id"]) not in known_ids))[:MOST_EVIDENCE],
        values=(*fresh.values, *(v for v in known.values if v not in fresh.values)),
    )  # fmt: skip


def _gone(book: SignalBook, alert: Alert, verdicts: Sequence[SignalVerdict], as_of: date) -> Decision | None:
    """A cause is gone when everything that fired is clear; what cannot be told today does not clear it."""
    if alert.state == "cleared":
        return None
    now = {(verdict.signal, verdict.loan): verdict for verdict in verdicts}
    running = [now.get((f["signal"], f.get("loan"))) for f in alert.findings]
    if any(verdict is not None and verdict.verdict == "unknown" for verdict in running):
        return None
    text = {language: _fill("cleared", language, family=book.family(alert.family).name[language]) for language in LANGUAGES}
    changed = replace(alert, state="cleared", as_of=as_of, explanation=text, snoozed_until=None, due=None)
    return Decision("cleared", changed)


def _alert(
    book: SignalBook,
    subject: Subject,
    cause: Cause,
    known: Alert | None,
    opened: date,
    as_of: date,
    at: datetime,
    level: str | None,
) -> Alert:
    acts = _acts(cause, as_of)
    evidence = {reference(item): evidence_shape(item) for verdict in cause.verdicts for item in verdict.evidence}
    listed = list(evidence.values())
    return Alert(
        id=alert_id(subject.id, cause.family.id), borrower=subject.id, family=cause.family.id, severity=cause.severity, state="open",
        signals=tuple(dict.fromkeys(verdict.signal for verdict in cause.verdicts)),
        title={language: _titled(subject, cause.family, cause.severity, language) for language in LANGUAGES},
        explanation={language: explained(book, cause, acts, opened, language) for language in LANGUAGES},
        opened=opened, opened_at=known.opened_at if known else at, updated_at=at, as_of=as_of, owner=subject.officer,
        due=_take_by(book, cause.severity, opened),
        actions=tuple(_action(act, opened) for act in acts), figures=tuple(item for item in listed if item["kind"] == "figure"),
        evidence=tuple(item for item in listed if item["kind"] != "figure")[:MOST_EVIDENCE], values=tuple(_values(book, cause, acts, opened)),
        findings=tuple(_finding(book, verdict) for verdict in cause.verdicts), level=level, snoozed_until=None, outcome=None, reason=None,
        position=known.position if known else 0, language=subject.language,
    )  # fmt: skip


def explained(book: SignalBook, cause: Cause, acts: Sequence[Act], opened: date, language: str) -> str:
    """The alert in words: the verdict first, then what was found, then what is suggested."""
    texts = [verdict.explanation.get(language) or book.signal(verdict.signal).name[language] for verdict in cause.verdicts]
    if cause.severity == RED and all(verdict.severity != RED for verdict in cause.verdicts):
        texts.append(book.level_words["raised"][language])
    return told(cause.family, cause.severity, texts, acts, opened, language)


def told(family: Family, severity: str, texts: Sequence[str], acts: Sequence[Act], opened: date, language: str) -> str:
    """The same from sentences at hand; one that is said twice is said once."""
    words = phrase_book("alerts")
    lead = _fill("lead", language, severity=words["severities"][language][severity], family=_small(family.name[language]))
    once = list(dict.fromkeys(texts))
    sentences = [_capital(text) if language == "en" and place == 0 else text for place, text in enumerate(once)]
    body = words["finding_end"][language].join(sentences) + words["sentence_end"][language]
    if not acts:
        return str(lead + body).strip()
    parts = [_said(act, opened, language) for act in acts[: words["most_actions"]]]
    return str(lead + body) + _fill("actions", language, actions=words["between_actions"][language].join(parts))


def _said(act: Act, opened: date, language: str) -> str:
    name = "action_today" if act.working_days == 0 else "action"
    due = rendering.day(act.due(opened), language)
    text = act.name[language].translate(WIDE) if language == "zh" else act.name[language]
    return _fill(name, language, act=act.id, name=_small(text), owner=act.owner[language], due=due)


def _acts(cause: Cause, as_of: date) -> list[Act]:
    known = load_acts(as_of)
    ids = dict.fromkeys(id for verdict in cause.verdicts for id in verdict.actions)
    return sorted((known[id] for id in ids if id in known), key=lambda act: (act.working_days, act.order))


def _action(act: Act, opened: date) -> dict[str, Any]:
    return {
        "act": act.id, "name": act.name["en"], "name_zh": act.name["zh"], "name_en": act.name["en"], "owner": act.owner["en"],
        "owner_zh": act.owner["zh"], "due": act.due(opened).isoformat(), "by_officer": act.by_officer, "rule": act.rule,
    }  # fmt: skip


def _finding(book: SignalBook, verdict: SignalVerdict) -> dict[str, Any]:
    signal = book.signal(verdict.signal)
    return {
        "signal": verdict.signal, "loan": verdict.loan, "severity": verdict.severity, "rule": verdict.rule, "held": verdict.held,
        "value": plain(verdict.value) if verdict.value is not None else None, "unit": verdict.unit, "currency": verdict.currency,
        "threshold": plain(verdict.threshold) if verdict.threshold is not None else None,
        "since": verdict.since.isoformat() if verdict.since else None, "when": verdict.when.isoformat() if verdict.when else None,
        "name_zh": signal.name["zh"], "name_en": signal.name["en"], "text_zh": verdict.explanation.get("zh", ""),
        "text_en": verdict.explanation.get("en", ""), "owners": list(verdict.owners),
        "evidence": [evidence_shape(item)["id"] for item in verdict.evidence],
        **{f"hidden_{language}": _fill("hidden", language, signal=signal.name[language]) for language in LANGUAGES},
    }  # fmt: skip


def _values(book: SignalBook, cause: Cause, acts: Sequence[Act], opened: date) -> Iterable[dict[str, Any]]:
    """Every value the words show, for whoever checks them: slots, limits, windows of the measures, days actions are due."""
    for verdict in cause.verdicts:
        for slot in verdict.slots:
            yield {
                "signal": verdict.signal, "loan": verdict.loan, "name": slot.name, "unit": slot.unit,
                "value": plain(slot.value) if slot.value is not None else None, "currency": slot.currency,
                "when": slot.when.isoformat() if slot.when else None, "text": slot.text,
            }  # fmt: skip
            rule = book.measures.get(slot.name)
            for key in ("months", "days") if rule else ():
                if rule is not None and key in rule.settings:
                    yield {"signal": verdict.signal, "loan": verdict.loan, "name": "window", "unit": key, "value": str(rule.settings[key]),
                           "currency": None, "when": None, "text": ""}  # fmt: skip
    for act in acts:
        yield {"signal": act.id, "loan": None, "name": "action_due", "unit": "date", "value": None, "currency": None,
               "when": act.due(opened).isoformat(), "text": ""}  # fmt: skip


def _take_by(book: SignalBook, severity: str, day: date) -> date:
    return load_calendar().add_business_days(day, book.take_within[severity])


def _titled(subject: Subject, family: Family, severity: str, language: str) -> str:
    word = phrase_book("alerts")["severities"][language][severity]
    shown = word.lower() if language == "en" else word
    return _fill("title", language, borrower=subject.names[language], family=family.name[language], severity=shown)


def _told(alert: Alert) -> tuple[Any, ...]:
    """What a reader would notice; the business date alone is no news."""
    evidence = sorted(str(item["id"]) for item in (*alert.figures, *alert.evidence))
    owners = sorted(alert.owners)
    return alert.severity, alert.signals, dict(alert.title), dict(alert.explanation), alert.state, alert.owner, evidence, owners


def _fill(phrase: str, language: str, **words: str) -> str:
    text = str(phrase_book("alerts")[phrase][language])
    for key, word in words.items():
        text = text.replace("{" + key + "}", word)
    return text


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
