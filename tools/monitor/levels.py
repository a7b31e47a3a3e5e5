"""Watch levels and combined severity, put to a person: entering a level at once, leaving it after clean months, several oranges as red.

A level is what the last approved proposal says, L0 until there is one. Nothing is entered or left by itself. What counts are alerts that
stand: live ones, and those a person closed as true or accepted while their cause still fires. What cannot be told today keeps its
alert live, so that it is no clean month.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from tools.domain.callers import Caller
from tools.domain.periods import add_months
from tools.domain.signals import Severity, SignalVerdict
from tools.monitor.alerting import LANGUAGES, Cause, causes, watch_level
from tools.rulebook.signal_rules import Family, SignalBook
from tools.store.alert_records import Alert
from tools.store.database import Store
from tools.store.proposals import MONITOR, Proposal
from tools.toolbox import rendering

LEVEL, SEVERITY = "watch_level", "severity"
NO_LEVEL = "L0"
DECIDED = frozenset({"approved", "rejected"})
STILL_COUNTS = frozenset({"true", "accepted_risk"})
"""Outcomes after which a closed alert whose cause still fires counts on."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A root cause that stands: its alert's severity and findings."""

    family: Family
    severity: Severity
    findings: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class LevelCase:
    """What is put to a person about one borrower: `rules` it rests on, `findings` behind it, `explanation` in both languages."""

    kind: str
    current: str
    proposed: str
    rules: tuple[str, ...]
    findings: tuple[Mapping[str, Any], ...]
    explanation: Mapping[str, str]


def approved_level(known: Iterable[Proposal]) -> tuple[str, date | None]:
    """The level a borrower is on by the last approval, and its business date; L0 and None before there was one."""
    decided = [(p.decided_at, p.at, p) for p in known if p.kind == LEVEL and p.state == "approved" and p.decided_at is not None]
    if not decided:
        return NO_LEVEL, None
    last = max(decided, key=lambda found: found[:2])[2]
    return last.proposed, last.as_of


def found_level(book: SignalBook, standing: Iterable[Standing]) -> str:
    """The level that what stands calls for; L0 for nothing worth a list."""
    return watch_level(book, [Cause(one.family, one.severity, ()) for one in standing]) or NO_LEVEL


def counted_red(book: SignalBook, known: Iterable[Proposal], standing: Sequence[Cause]) -> frozenset[str]:
    """Families whose orange alerts count as red: those the last decision on a combination approved, as long as they still make one together
    and nothing is red by itself."""
    decided = [(p.decided_at, p.at, p) for p in known if p.kind == SEVERITY and p.state in DECIDED and p.decided_at is not None]
    last = max(decided, key=lambda found: found[:2])[2] if decided else None
    if last is None or last.state != "approved" or any(one.severity == "red" for one in standing):
        return frozenset()
    named = {str(finding.get("family")) for finding in last.evidence}
    oranges = [
        Standing(one.family, one.severity, tuple({"signal": verdict.signal} for verdict in one.verdicts))
        for one in standing
        if one.severity == "orange" and one.family.id in named
    ]
    together = len(_categories(book, oranges)) >= book.orange_categories
    return frozenset(one.family.id for one in oranges) if together else frozenset()


def standing_of(book: SignalBook, alerts: Iterable[Alert], verdicts: Sequence[SignalVerdict] = ()) -> list[Standing]:
    """What stands of one borrower, worst causes of the rulebook's order first. `alerts`: every alert of his as it is now."""
    firing = {cause.family.id for cause in causes(book, verdicts)}
    return [
        Standing(book.family(alert.family), cast(Severity, alert.severity), tuple(alert.findings))
        for alert in sorted(alerts, key=lambda alert: alert.family)
        if alert.live or (alert.state == "closed" and alert.outcome in STILL_COUNTS and alert.family in firing)
    ]


def cases(
    book: SignalBook,
    standing: Sequence[Standing],
    alerts: Iterable[Alert],
    known: Iterable[Proposal],
    as_of: date,
    *,
    performing: bool,
) -> list[LevelCase]:
    """What should be put to a person today. `performing`: no loan of the borrower is non-performing."""
    combined = _combined(book, standing)
    found = [combined] if combined is not None else []
    level, since = approved_level(known)
    wanted = found_level(book, standing)
    if _rank(book, wanted) > _rank(book, level):
        found.append(_enters(book, level, wanted, standing))
    elif wanted != level:
        left = _leaves(book, (level, wanted), since, alerts, as_of, performing)
        found += [left] if left is not None else []
    return found


def propose_levels(
    store: Store,
    caller: Caller,
    borrower: str,
    wanted: Sequence[LevelCase],
    known: Iterable[Proposal],
    as_of: date,
    at: datetime,
) -> None:
    """Puts the cases and takes back open ones whose cause is gone."""
    for case in wanted:
        store.proposals.propose(
            caller, borrower=borrower, kind=case.kind, current=case.current, proposed=case.proposed, rules=case.rules,
            evidence=case.findings, explanation=case.explanation, as_of=as_of, at=at, by=MONITOR,
        )  # fmt: skip
    kinds = {case.kind for case in wanted}
    for proposal in known:
        mine = proposal.kind in (LEVEL, SEVERITY) and proposal.by == MONITOR and proposal.state == "open"
        if mine and proposal.kind not in kinds:
            store.proposals.withdraw(caller, proposal.id, "what it rested on no longer stands", at)


def _combined(book: SignalBook, standing: Sequence[Standing]) -> LevelCase | None:
    """Orange from enough categories, while nothing is red yet."""
    if any(one.severity == "red" for one in standing):
        return None
    found = _categories(book, [one for one in standing if one.severity == "orange"])
    if len(found) < book.orange_categories:
        return None
    behind = list(found.values())
    rules = (f"COMBINE-{book.level_rule}", *_rules(behind))
    return LevelCase(
        SEVERITY, "orange", "red", rules, _findings(behind), _said(book, "combined", behind, {"count": len(found)})
    )


def _categories(book: SignalBook, oranges: Sequence[Standing]) -> dict[str, Standing]:
    """Category → an orange cause in it. Mild signs together count only when they bring a category of their own."""
    found = {one.family.category: one for one in oranges if one.family.id != book.combined.id}
    for one in oranges:
        if one.family.id == book.combined.id:
            brought = {book.families[book.signal(f["signal"]).family].category for f in one.findings}
            if brought - set(found):
                found[book.combined.category] = one
    return found


def _enters(book: SignalBook, level: str, wanted: str, standing: Sequence[Standing]) -> LevelCase:
    behind = [one for one in standing if one.severity != "yellow"] or list(standing)
    rules = (f"{wanted}-{book.level_rule}", *_rules(behind))
    return LevelCase(LEVEL, level, wanted, rules, _findings(behind), _said(book, "enters", behind, {}, wanted))


def _leaves(
    book: SignalBook, levels: tuple[str, str], entered: date | None, alerts: Iterable[Alert], as_of: date, performing: bool
) -> LevelCase | None:
    """A lower level after clean months; the rest of the way is another step."""
    level, wanted = levels
    rule = next((one for one in book.levels if one.id == level), None)
    if rule is None or (rule.performing and not performing):
        return None
    ended = [alert.as_of for alert in alerts if not alert.live]
    since = max([*ended, *([entered] if entered else [])], default=as_of)
    if add_months(since, rule.clean_months) > as_of:
        return None
    target = rule.exit_to if rule.exit_to and _rank(book, rule.exit_to) > _rank(book, wanted) else wanted
    rules = (f"{level}-EXIT-{book.level_rule}", f"clean_since:{since}")
    said = _said(book, "leaves", [], {"since": since, "months": rule.clean_months}, target)
    return LevelCase(LEVEL, level, target, rules, (), said)


def _rank(book: SignalBook, level: str) -> int:
    """L3 is the worst; L0 is below them all."""
    order = [one.id for one in book.levels]
    return len(order) - order.index(level) if level in order else 0


def _rules(found: Iterable[Standing]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(finding["rule"]) for one in found for finding in one.findings))


def _findings(found: Iterable[Standing]) -> tuple[Mapping[str, Any], ...]:
    return tuple(
        {"kind": "signal", "signal": f["signal"], "loan": f.get("loan"), "severity": f["severity"], "rule": f["rule"], "family": one.family.id}
        for one in found
        for f in one.findings
    )  # fmt: skip


def _said(
    book: SignalBook, sentence: str, found: Sequence[Standing], words: Mapping[str, Any], level: str | None = None
) -> dict[str, str]:
    made = {}
    for language in LANGUAGES:
        text = book.level_words[sentence][language]
        filled: dict[str, Any] = {
            **words, "causes": book.level_words["between"][language].join(one.family.name[language] for one in found),
        }  # fmt: skip
        if level is not None:
            names = next((one.name for one in book.levels if one.id == level), book.level_words["normal"])
            filled |= {"level": level, "name": names[language]}
        for key, value in filled.items():
            text = text.replace("{" + key + "}", rendering.day(value, language) if isinstance(value, date) else str(value))
        made[language] = text
    return made
