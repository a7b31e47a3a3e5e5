"""The same book under two rulebooks: who changes, and why. Nothing is recorded but that the comparison was made.

Both are judged piece by piece side by side, so that memory holds the differences and never two whole books. Verdicts, alerts and
figures are found exactly as a run finds them; only what comes out differently is kept.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from tools.domain.covenant_tests import Assessment
from tools.domain.definitions import Rulebook
from tools.domain.figures import Figure
from tools.domain.loan_views import LoanView
from tools.domain.money import plain, plain_or_none
from tools.domain.periods import Clocks
from tools.domain.signals import SignalVerdict
from tools.monitor.alerting import Cause, causes, watch_level
from tools.monitor.live import evaluator_of
from tools.monitor.material import Material
from tools.monitor.proposing import told_by
from tools.monitor.rule_changes import Changes, changes_between
from tools.monitor.run import Run, refuse_reader
from tools.rulebook.whole import tried_out
from tools.store.trail import Act
from tools.toolbox.desk import Desk
from tools.toolbox.ratings import RatingView, rating_of

NO_LEVEL = "L0"
Shape = dict[str, Any]
DeskUnder = Callable[[Rulebook], Desk]


@dataclass
class Comparison:
    """What comes out differently. Lists are by borrower, then loan, then rule; counts are over everybody looked at."""

    clocks: Clocks
    before: Rulebook
    after: Rulebook
    changes: Changes
    borrowers: int = 0
    loans: int = 0
    seconds: float = 0.0
    verdicts: dict[str, dict[str, Counter[str]]] = field(default_factory=dict)
    signals: list[Shape] = field(default_factory=list)
    loan_states: list[Shape] = field(default_factory=list)
    classification: list[Shape] = field(default_factory=list)
    alerts: list[Shape] = field(default_factory=list)
    levels: list[Shape] = field(default_factory=list)
    covenants: list[Shape] = field(default_factory=list)
    figures: list[Shape] = field(default_factory=list)
    ratings: list[Shape] = field(default_factory=list)
    exposures: list[Shape] = field(default_factory=list)

    def shape(self) -> Shape:
        """Everything, as JSON."""
        lists = self._lists()
        return {
            "as_of": self.clocks.as_of.isoformat(), "known_at": self.clocks.known_at.isoformat(), "seconds": round(self.seconds, 2),
            "rules": {"before": _rules(self.before), "after": _rules(self.after)},
            "draft": tried_out(self.after, self.after.as_of or self.clocks.as_of), "entries": [dict(entry) for entry in self.changes.entries],
            "borrowers": self.borrowers, "loans": self.loans, "counts": self.counts(), **lists,
            "verdicts": {id: {side: dict(sorted(found.items())) for side, found in sides.items()} for id, sides in sorted(self.verdicts.items())
                         if sides["before"] != sides["after"]},
        }  # fmt: skip

    def counts(self) -> dict[str, int]:
        """How many of each."""
        lists = self._lists()
        counts = {f"{name}_changed": len(found) for name, found in lists.items()}
        counts |= {
            f"alerts_{change}": sum(1 for a in self.alerts if a["change"] == change)
            for change in ("opens", "clears", "graver", "milder")
        }
        everything = [item for found in lists.values() for item in found]
        counts["borrowers_changed"] = len({item["borrower"] for item in everything})
        counts["loans_changed"] = len({item["loan"] for item in everything if item.get("loan")})
        return counts

    def _lists(self) -> dict[str, list[Shape]]:
        return {
            "signals": _ordered(self.signals), "arrears": _ordered(self.loan_states), "classification": _ordered(self.classification), "alerts": _ordered(self.alerts),
            "levels": _ordered(self.levels), "covenants": _ordered(self.covenants), "figures": _ordered(self.figures),
            "ratings": _ordered(self.ratings), "exposures": _ordered(self.exposures),
        }  # fmt: skip


def compare(
    desk_under: DeskUnder, before: Rulebook, after: Rulebook, now: datetime, progress: Callable[[str], None] = lambda text: None
) -> Comparison:
    """Both rulebooks over everything the caller may see. Raises NotPermitted for a role that may not run the monitor."""
    began = time.perf_counter()
    desk = desk_under(before)
    refuse_reader(desk.caller)
    clocks = desk.clocks
    runs = [Run(_fresh(desk_under, book), desk.caller, clocks, now, progress, False) for book in (before, after)]
    found = Comparison(clocks, before, after, changes_between(before, after, clocks.known_at.date()))
    for signal in sorted({signal.id for run in runs for signal in run.judge.signals}):
        found.verdicts[signal] = {"before": Counter(), "after": Counter()}
    for run in runs:
        run.stand()
    done = 0
    for piece in runs[0].pieces():
        (old, judged), (new, rejudged) = (run.judged(piece) for run in runs)
        for borrower in judged:
            _Pair(found, runs, borrower, (old, new), (judged[borrower], rejudged[borrower])).look()
        done += len(piece)
        progress(f"{done:,} of {len(runs[0].everyone):,} borrowers · {found.counts()['borrowers_changed']} change")
    found.seconds = time.perf_counter() - began
    kept = {"before": _rules(before), "after": _rules(after), "as_of": clocks.as_of, "compared": found.counts()}
    desk.store.trail.append(
        desk.caller, Act.MONITOR, f"comparison of rules {before.digest[:12]} and {after.digest[:12]}", kept, now
    )
    return found


def _fresh(desk_under: DeskUnder, rulebook: Rulebook) -> Callable[[], Desk]:
    return lambda: desk_under(rulebook)


@dataclass
class _Pair:
    """One borrower under both."""

    found: Comparison
    runs: Sequence[Run]
    borrower: str
    material: tuple[Material, Material]
    verdicts: tuple[Sequence[SignalVerdict], Sequence[SignalVerdict]]
    retested: list[str] = field(default_factory=list)

    def look(self) -> None:
        """Adds what differs."""
        self.found.borrowers += 1
        self.found.loans += sum(1 for view in self.material[0].views(self.borrower) if view.classification is not None)
        self._covenants()
        self._signals()
        self._alerts()
        self._arrears()
        self._classification()
        self._figures()
        self._rated()
        self._exposed()

    def _signals(self) -> None:
        sides = [{(v.signal, v.loan or ""): v for v in verdicts} for verdicts in self.verdicts]
        for side, verdicts in zip(("before", "after"), self.verdicts, strict=True):
            for verdict in verdicts:
                self.found.verdicts[verdict.signal][side][verdict.verdict] += 1
        for key in sorted({*sides[0], *sides[1]}):
            old, new = sides[0].get(key), sides[1].get(key)
            if _standing(old) != _standing(new):
                self.found.signals.append(
                    {"borrower": self.borrower, "loan": key[1] or None, "signal": key[0], "before": _verdict(old), "after": _verdict(new),
                     "why": self._why(old, new)}
                )  # fmt: skip

    def _why(self, old: SignalVerdict | None, new: SignalVerdict | None) -> list[Shape]:
        """What is different about the signal: itself, its limit, its value, the definitions it stands on."""
        why: list[Shape] = []
        rules = [verdict.rule if verdict else None for verdict in (old, new)]
        signal = new.signal if new else old.signal if old else ""
        if signal in self.found.changes.signals:
            why.append({"what": "rule", "before": rules[0], "after": rules[1]})
        if old and new and old.threshold != new.threshold:
            why.append({"what": "limit", "before": plain_or_none(old.threshold), "after": plain_or_none(new.threshold)})
        if old and new and old.value != new.value:
            why.append({"what": "value", "before": plain_or_none(old.value), "after": plain_or_none(new.value)})
        why += [
            {"what": "definition", "name": name, "before": before, "after": after}
            for name, before, after in self.found.changes.below(signal)
        ]
        told = signal in self.found.changes.signals or self.found.changes.below(signal)
        if self.retested and not told:
            why += [{"what": "covenant", "name": id, "before": None, "after": None} for id in self.retested]
        return why or [{"what": "others", "before": None, "after": None}]

    def _alerts(self) -> None:
        standing = [causes(run.book, verdicts) for run, verdicts in zip(self.runs, self.verdicts, strict=True)]
        old, new = ({cause.family.id: cause for cause in listed} for listed in standing)
        for family in sorted({*old, *new}):
            change = _change(old.get(family), new.get(family))
            if change:
                cause = new.get(family) or old[family]
                self.found.alerts.append(
                    {"borrower": self.borrower, "loan": None, "family": family, "name_en": cause.family.name["en"], "name_zh": cause.family.name["zh"],
                     "change": change, "before": _severity(old.get(family)), "after": _severity(new.get(family)),
                     "signals": sorted({v.signal for v in cause.verdicts})}
                )  # fmt: skip
        levels = [watch_level(run.book, listed) or NO_LEVEL for run, listed in zip(self.runs, standing, strict=True)]
        if levels[0] != levels[1]:
            self.found.levels.append({"borrower": self.borrower, "loan": None, "before": levels[0], "after": levels[1]})

    def _arrears(self) -> None:
        sides = [{view.terms.id: _owed(view) for view in material.views(self.borrower)} for material in self.material]
        for loan in sorted(sides[0]):
            old, new = sides[0][loan], sides[1].get(loan)
            if new is not None and old != new:
                self.found.loan_states.append({"borrower": self.borrower, "loan": loan, "before": old, "after": new})

    def _classification(self) -> None:
        sides = [{view.terms.id: view for view in material.views(self.borrower)} for material in self.material]
        for loan in sorted(sides[0]):
            old, new = _classified(sides[0][loan]), _classified(sides[1][loan])
            if old and new and _weight(old) != _weight(new):
                came = [rule for rule in new["rules"] if rule not in old["rules"]]
                went = [rule for rule in old["rules"] if rule not in new["rules"]]
                why = [{"what": "floor_hit", "rule": rule, **new["told"][rule]} for rule in came]
                why += [{"what": "floor_gone", "rule": rule, **old["told"][rule]} for rule in went]
                told = ({k: v for k, v in side.items() if k != "told"} for side in (old, new))
                before, after = told
                self.found.classification.append(
                    {"borrower": self.borrower, "loan": loan, "before": before, "after": after, "why": why}
                )

    def _covenants(self) -> None:
        sides = [{a.covenant.id: _tested(a) for a in material.assessed(self.borrower)} for material in self.material]
        for id in sorted({*sides[0], *sides[1]}):
            old, new = sides[0].get(id), sides[1].get(id)
            if _measured(old) != _measured(new):
                self.retested.append(id)
                self.found.covenants.append(
                    {"borrower": self.borrower, "loan": None, "covenant": id, "before": old, "after": new}
                )

    def _figures(self) -> None:
        names = self.found.changes.figures
        if not names:
            return
        sides = [self._told(material, names) for material in self.material]
        for name in names:
            old, new = sides[0].get(name), sides[1].get(name)
            if _measured(old) != _measured(new):
                self.found.figures.append(
                    {"borrower": self.borrower, "loan": None, "figure": name, "before": old, "after": new}
                )

    def _rated(self) -> None:
        """The scorecard's grade, when the card is different."""
        if "scorecard" not in self.found.changes.sorts:
            return
        sides = [_graded(rating_of(material.desk, self.borrower)) for material in self.material]
        if sides[0] != sides[1]:
            self.found.ratings.append({"borrower": self.borrower, "loan": None, "before": sides[0], "after": sides[1]})

    def _exposed(self) -> None:
        """What is left uncovered and must be set aside, when haircuts or rates are different."""
        if "mitigants" not in self.found.changes.sorts:
            return
        shapes = [material.desk.exposure(self.borrower).shape()["totals"] for material in self.material]
        if shapes[0] != shapes[1]:
            self.found.exposures.append({"borrower": self.borrower, "loan": None, "before": shapes[0], "after": shapes[1]})

    def _told(self, material: Material, names: Iterable[str]) -> dict[str, Shape]:
        case = material.case(self.borrower)
        evaluator = evaluator_of(material.desk, case)
        if evaluator is None or not case.statement_ends:
            return {}
        known = [name for name in names if material.desk.rulebook.definition(name)]
        return {name: _figure(evaluator.figure(name, case.statement_ends[-1])) for name in known}


def _graded(view: RatingView) -> Shape:
    found = view.rating
    return {"grade": found.grade, "points": found.points, "worse_by": view.worse_by}


def _standing(verdict: SignalVerdict | None) -> tuple[Any, ...]:
    """What of a verdict makes a difference: what fires, with its value and limit; otherwise clear or unknown. A signal that is not
    there is as good as clear, and one that newly cannot be told is counted but troubles nobody by itself."""
    if verdict is None:
        return ("quiet",)
    if verdict.verdict != "hit":
        return ("quiet",)
    return (verdict.severity, verdict.fires, verdict.value, verdict.threshold)


def _measured(side: Shape | None) -> tuple[Any, ...]:
    """What of a figure or a covenant makes a difference: not what else is missing when it cannot be told either way."""
    return tuple(side.get(key) for key in ("status", "value", "actual", "limit")) if side else ()


def _verdict(verdict: SignalVerdict | None) -> Shape | None:
    if verdict is None:
        return None
    return {
        "verdict": verdict.verdict, "severity": verdict.severity if verdict.verdict == "hit" else None, "material": verdict.material,
        "value": plain_or_none(verdict.value), "limit": plain_or_none(verdict.threshold), "unit": verdict.unit, "rule": verdict.rule,
        "missing": list(verdict.missing), "explanation": dict(verdict.explanation),
    }  # fmt: skip


def _change(old: Cause | None, new: Cause | None) -> str | None:
    if old is None or new is None:
        return "opens" if old is None else "clears"
    if old.severity == new.severity:
        return None
    order = ("yellow", "orange", "red")
    return "graver" if order.index(new.severity) > order.index(old.severity) else "milder"


def _classified(view: LoanView) -> Shape | None:
    result = view.classification
    if result is None:
        return None
    return {
        "current": result.current, "proposed": result.proposed, "stage": result.stage, "rules": [hit.rule.key for hit in result.floors],
        "told": {hit.rule.key: {"floor": hit.rule.effect[1], **told_by(hit)} for hit in result.floors},
    }  # fmt: skip


def _owed(view: LoanView) -> Shape:
    """What a setting of allocation, arrears or due dates may move."""
    late, ahead, soon = view.overdue, view.dues_12m, view.next_due
    return {
        "dpd": view.dpd, "bucket": view.bucket,
        "overdue": None if late is None else {
            "principal": plain(late.principal), "interest": plain(late.interest), "penalty": plain_or_none(late.penalty), "total": plain(late.total),
        },
        "next_due": None if soon is None else {"date": soon.date.isoformat(), "principal": plain(soon.principal), "interest": plain(soon.interest)},
        "dues_12m": None if ahead is None else plain(ahead.total), "currency": view.terms.currency,
    }  # fmt: skip


def _weight(side: Shape) -> tuple[Any, ...]:
    """A new version of a rule with the same outcome changes no loan."""
    floors = sorted((rule.partition("@")[0], side["told"][rule]["floor"]) for rule in side["rules"])
    return (side["proposed"], side["stage"], floors)


def _tested(assessment: Assessment) -> Shape:
    test = assessment.latest
    return {
        "metric": assessment.covenant.metric, "status": test.status, "actual": plain_or_none(test.actual),
        "limit": test.limit.text if test.limit else None, "test_date": _day(test.test_date), "missing": list(test.missing),
        "headroom": plain_or_none(test.headroom),
    }  # fmt: skip


def _figure(figure: Figure) -> Shape:
    return {
        "status": figure.status, "value": plain_or_none(figure.value), "unit": figure.unit, "period_end": figure.period_end.isoformat(),
        "basis": figure.basis, "rule": figure.rule, "missing": list(figure.missing), "reason": figure.reason,
    }  # fmt: skip


def _rules(rulebook: Rulebook) -> Shape:
    return {
        "digest": rulebook.digest,
        "as_of": _day(rulebook.as_of),
        "draft": [name for layer in rulebook.layers if layer.draft for name, _ in layer.files],
    }


def _severity(cause: Cause | None) -> str | None:
    return cause.severity if cause else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _ordered(found: list[Shape]) -> list[Shape]:
    def key(item: Mapping[str, Any]) -> tuple[str, ...]:
        return tuple(str(item.get(name) or "") for name in ("borrower", "loan", "signal", "family", "covenant", "figure"))

    return sorted(found, key=key)
