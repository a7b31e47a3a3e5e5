"""The signals of one borrower: every one in force, judged over its figures and measured things, dated and put into words.

A signal over statements is looked at on the newest statement that can tell, not older than the signal allows; without one it is
unknown for lack of statements, unless the measured things alone decide it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, cast

from tools.domain.definitions import Rulebook
from tools.domain.evaluation import Evaluator
from tools.domain.figures import Basis
from tools.domain.periods import add_months
from tools.domain.signal_case import FINISHED, Case
from tools.domain.signals import (
    SEVERITIES,
    Evidence,
    Judgement,
    Measured,
    Severity,
    Signal,
    SignalVerdict,
    judge,
    reference,
    worst,
)
from tools.domain.tree import names
from tools.monitor.environment import Measures, Place, SignalEnvironment
from tools.monitor.wording import Worded, worded
from tools.rulebook.signal_rules import SignalBook

NEIGHBOURLY = frozenset({"guarantor_rank", "circle_rank"})
"""Measures that look at how others stand on their own account."""
OUTWARD = frozenset({"use_rank", "circle_size", "component_size", "circle_rank", "guarantor_rank"})
OUT_OF_SIGHT = "accounts and guarantees outside your sight"
MOST_ALIKE = 20_000
"""Judgements kept for the same values; beyond that they are made again."""
Before = Mapping[tuple[str, str], Mapping[str, Any]]
"""(signal, loan or "") → what was recorded for an earlier business date."""


class Judge:
    """Judges the signals of one borrower after another under one rulebook and book of signals."""

    def __init__(self, rulebook: Rulebook, book: SignalBook, day: date, *, sees_all: bool = True) -> None:
        """`sees_all` False: the asker sees a part of the bank, so that where money and guarantees lead may be hidden from him."""
        self.rulebook, self.book, self.day, self.sees_all = rulebook, book, day, sees_all
        self.signals = book.in_force(day)
        self.own = [signal for signal in self.signals if not _looks_around(signal)]
        self.others = [signal for signal in self.signals if _looks_around(signal)]
        self._reasons = rulebook.reasons
        self._asks = {signal.key: _asks(signal) for signal in self.signals}
        self._named = {signal.key: self._measured_by(signal) for signal in self.signals}
        self._alike: dict[tuple[Any, ...], Judgement] = {}
        self._of_statements = {
            key for key, asks in self._asks.items() if asks and not any(name in book.measures for name in asks)
        }

    def own_account(self, case: Case, evaluator: Evaluator | None, before: Before) -> list[SignalVerdict]:
        """Signals that need nobody else's."""
        return self._judge(self.own, case, evaluator, before)

    def around(self, case: Case, evaluator: Evaluator | None, before: Before) -> list[SignalVerdict]:
        """Signals that look at how guarantors and fellow members stand; after everybody's own account is settled."""
        return self._judge(self.others, case, evaluator, before)

    def _judge(self, signals: Sequence[Signal], case: Case, evaluator: Evaluator | None, before: Before) -> list[SignalVerdict]:
        places = _Places(case, evaluator)
        shared = Measures(self.book, case)
        found: list[SignalVerdict] = []
        loans = [view for view in case.views if view.terms.status not in FINISHED]
        apart = [(replace(case, loan=view), view.terms.id) for view in loans]
        each = [(alone, Measures(self.book, alone), id) for alone, id in apart]
        customer = case.customer
        group = self.rulebook.set_of(
            customer.get("industry_code"), customer.get("country_code"), customer.get("enterprise_size")
        )
        for signal in (one.for_set(group) for one in signals):
            if signal.subject == "borrower":
                found.append(self._one(signal, case, shared, places, before, None))
                continue
            for alone, measured, id in each:
                found.append(self._one(signal, alone, measured, places, before, id))
        return found

    def _one(
        self, signal: Signal, case: Case, measures: Measures, places: _Places, before: Before, loan: str | None
    ) -> SignalVerdict:
        last = before.get((signal.id, loan or ""))
        fired = cast("Severity | None", last["severity"]) if last and last["verdict"] == "hit" else None
        if places.evaluator is None and signal.key in self._of_statements:
            # without any statement there is nothing to work out
            judged, place = _without_statements(signal), Place(None, "", None)
        else:
            judged, place = self._best(signal, measures, places, fired)
        if not self.sees_all and judged.verdict != "hit" and self._leads_outside(signal):
            judged = replace(judged, verdict="unknown", missing=(*judged.missing, OUT_OF_SIGHT))
        env = SignalEnvironment(measures, place.environment, self.rulebook, judged.level.threshold)
        lead = _lead(signal, measures)
        words = worded(signal, self.book, env, place, case) if judged.verdict == "hit" else Worded({}, ())
        same = (
            last is not None
            and last["verdict"] == judged.verdict
            and (judged.verdict != "hit" or last["severity"] == judged.level.severity)
        )
        since = date.fromisoformat(last["since"]) if same and last and last.get("since") else self.day
        return SignalVerdict(
            signal=signal.id, borrower=case.borrower, loan=loan, verdict=judged.verdict, severity=judged.level.severity, value=judged.value,
            threshold=judged.level.threshold, since=since, missing=judged.missing, rule=signal.key, evidence=_evidence(judged, measures, self._asks[signal.key]),
            family=signal.family, unit=signal.unit, currency=judged.currency, when=place.end or (lead.when if lead else None), held=judged.held,
            material=judged.material, reason=judged.reason, explanation=words.text, slots=words.slots, actions=signal.actions,
            owners=_owners(measures, (*self._asks[signal.key], *(slot.name for slot in words.slots))) if judged.verdict == "hit" else (),
        )  # fmt: skip

    def _leads_outside(self, signal: Signal) -> bool:
        """Whether the signal follows money or guarantees to other firms."""
        kernels = (self.book.measures[name].kernel for name in self._asks[signal.key] if name in self.book.measures)
        return any(kernel in OUTWARD for kernel in kernels)

    def _best(self, signal: Signal, measures: Measures, places: _Places, fired: Severity | None) -> tuple[Judgement, Place]:
        """The verdict at the newest period that can tell by the signal's own basis. When only another basis can (half a year against
        half a year), the newest one by its own basis is looked at too, and the worse of the two counts. Without any, what is missing
        at the newest."""
        first: tuple[Judgement, Place] | None = None
        told: tuple[Judgement, Place] | None = None
        for place in places.of(signal):
            env = SignalEnvironment(measures, place.environment, self.rulebook)
            judged = self._told(signal, env, fired)
            own = not signal.bases or place.basis in ("", signal.bases[0])
            if judged.verdict != "unknown" and own:
                return (judged, place) if told is None or _graver(judged, told[0]) else told
            if judged.verdict != "unknown":
                told = told or (judged, place)
            first = first or (judged, place)
        if told is not None:
            return told
        assert first is not None
        judged, place = first
        if signal.bases and places.stale(signal) and "statements" in judged.missing:
            judged = replace(
                judged,
                missing=tuple(f"statements since {places.least(signal)}" if m == "statements" else m for m in judged.missing),
            )
        return judged, place

    def _told(self, signal: Signal, env: SignalEnvironment, fired: Severity | None) -> Judgement:
        """The bare verdict. In a book of many, most measures are alike (nothing known, nothing due): where no statement is looked at and
        no row stands behind, the same values were judged before and need not be again."""
        if env.statements is not None:
            return judge(signal, env, fired, self._reads_as)
        made = [env.measures.get(name) for name in self._named[signal.key]]
        if any(one.rows or one.figures for one in made):
            return judge(signal, env, fired, self._reads_as)
        key = (
            signal.key,
            fired,
            tuple(level.set for level in signal.levels),
            *((repr(one.value), one.missing, one.currency) for one in made),
        )
        if key not in self._alike:
            if len(self._alike) >= MOST_ALIKE:
                self._alike.clear()
            self._alike[key] = judge(signal, env, fired, self._reads_as)
        return self._alike[key]

    def _measured_by(self, signal: Signal) -> tuple[str, ...]:
        """Every measured thing the signal's value, levels and materiality may ask for."""
        nodes = [
            signal.value,
            *(level.condition for level in signal.levels),
            *(level.clears for level in signal.levels if level.clears),
        ]
        nodes += [signal.material] if signal.material is not None else []
        return tuple(dict.fromkeys(name for node in nodes for name in names(node) if name in self.book.measures))

    def _reads_as(self, reason: str) -> str:
        return self._reasons[reason].reads_as if reason in self._reasons else "neutral"


class _Places:
    """Periods at which statements can be looked at, newest first."""

    def __init__(self, case: Case, evaluator: Evaluator | None) -> None:
        self.case, self.evaluator = case, evaluator
        self._made: dict[tuple[date, str], Place] = {}

    def of(self, signal: Signal) -> Iterable[Place]:
        """Places for a signal; one without statements when there are none to look at, or when none is needed."""
        ends = (
            []
            if self.evaluator is None or not signal.bases
            else [e for e in reversed(self.case.statement_ends) if e >= self.least(signal)]
        )
        if not ends:
            yield Place(None, "", None)
        for end in ends:
            for basis in signal.bases:
                yield self._place(end, basis)

    def least(self, signal: Signal) -> date:
        """The oldest period end that still says something."""
        return add_months(self.case.as_of, -signal.stale_months)

    def stale(self, signal: Signal) -> bool:
        """Whether there are statements, but none recent enough."""
        return bool(self.case.statement_ends) and max(self.case.statement_ends) < self.least(signal)

    def _place(self, end: date, basis: str) -> Place:
        if (end, basis) not in self._made:
            assert self.evaluator is not None
            asked = None if basis == "ltm" else cast(Basis, basis)
            months = self.evaluator.book.months_into_year(end)
            self._made[end, basis] = Place(end, basis, self.evaluator.environment(end, asked), months)
        return self._made[end, basis]


def _graver(one: Judgement, other: Judgement) -> bool:
    """Whether the first is a hit of a worse severity than the second."""
    ranks = [SEVERITIES.index(found.level.severity) if found.verdict == "hit" else -1 for found in (one, other)]
    return ranks[0] > ranks[1]


def _looks_around(signal: Signal) -> bool:
    return any(name in NEIGHBOURLY for level in signal.levels for name in names(level.condition))


def _lead(signal: Signal, measures: Measures) -> Measured | None:
    """The measured thing a signal shows, when its value is one."""
    name = signal.value_text.strip()
    return measures.get(name) if name in measures.book.measures else None


def _asks(signal: Signal) -> tuple[str, ...]:
    """Every name the signal's value and conditions ask for."""
    return tuple(
        dict.fromkeys(name for node in (signal.value, *(level.condition for level in signal.levels)) for name in names(node))
    )


def _without_statements(signal: Signal) -> Judgement:
    return Judgement("unknown", signal.levels[-1], None, ("statements",), "", (), False, True, None)


def _evidence(judged: Judgement, measures: Measures, asks: Sequence[str]) -> tuple[Any, ...]:
    """What the verdict stands on, with passages and figures behind the measured things the signal asks for."""
    found: dict[str, Evidence] = {reference(item): item for item in judged.inputs}
    for name in asks:
        measured = measures.made.get(name)
        if measured is not None and measured.value is not None:
            behind: tuple[Evidence, ...] = (*measured.passages, *measured.figures)
            found |= {reference(item): item for item in behind}
    return tuple(found.values())


def _owners(measures: Measures, asks: Sequence[str]) -> tuple[str, ...]:
    """Other customers whose data the measured things of a signal tell of."""
    made = (measures.made[name] for name in asks if name in measures.made)
    return tuple(sorted(frozenset().union(*(measured.owners for measured in made))))


def own_severity(verdicts: Iterable[SignalVerdict]) -> Severity | None:
    """How badly a borrower stands on its own account."""
    return worst(verdict.severity for verdict in verdicts if verdict.fires)


def before_of(recorded: Sequence[Mapping[str, Any]]) -> Before:
    """Recorded verdicts by signal and loan."""
    return {(str(found["signal"]), str(found.get("loan") or "")): found for found in recorded}
