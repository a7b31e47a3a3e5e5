"""Figures that a later paper gives differently: both versions, and what would have come out differently had the bank known.

A comparative column that is not what was reported before is a restatement; both values are kept, the newer is in force from the day
it was received. What the bank told in between stood on the older one. The book of that day is judged twice, as it was and with the
newer values in it, and whatever differs is listed: figures, covenant tests, signals, alerts that stood on them, briefs that showed them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from tools.domain.facts import Fact
from tools.domain.figures import Figure
from tools.domain.money import plain, plain_or_none
from tools.domain.periods import Clocks
from tools.domain.shapes import fact_shape, figure_shape
from tools.monitor.live import signals_of
from tools.store.trail import Act
from tools.toolbox.covenant_desk import assessments
from tools.toolbox.desk import Desk
from tools.toolbox.fact_books import fact_book

MOST_ENDS = 6
"""Statement ends looked at for each restatement, newest first: a change also moves the growth and the averages of later years."""
Shape = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Restated:
    """`before` was in force until `after` was received; `kind` corrected: a person's correction of the same paper."""

    before: Fact
    after: Fact

    @property
    def kind(self) -> str:
        """restated or corrected."""
        return "corrected" if self.before.source.sha256 == self.after.source.sha256 else "restated"

    def shape(self) -> Shape:
        """As JSON, both facts whole."""
        fact = self.after
        return {
            "item": fact.item, "period_end": fact.period.end.isoformat(), "period_months": fact.period.months, "scope": fact.scope,
            "kind": self.kind, "before": fact_shape(self.before), "after": fact_shape(fact),
            "difference": plain(fact.value - self.before.value),
        }  # fmt: skip


def restated_facts(desk: Desk, borrower: str) -> list[Restated]:
    """Every value in force that an earlier paper (or reading) gives differently, by more than rounding."""
    slots: dict[tuple[Any, ...], list[Fact]] = {}
    for fact in desk.store.facts.history(desk.caller, borrower, desk.clocks):
        slots.setdefault((fact.item, fact.period.end, fact.period.months, fact.scope), []).append(fact)
    found = []
    for known in slots.values():
        after = next((fact for fact in known if fact.superseded_by is None), None)
        if after is None:
            continue
        older = [f for f in known if f is not after and _differs(f, after) and _moment(f) <= _moment(after)]
        if older:
            found.append(Restated(max(older, key=_moment), after))
    return sorted(found, key=lambda r: (_moment(r.after), r.after.statement, r.after.item, r.after.period.end))


def restated_effects(desk: Desk, borrower: str) -> Shape:
    """All restatements of a borrower with their consequences. UnknownBorrower when the caller sees none such."""
    who = desk.borrower(borrower).id
    found = restated_facts(desk, who)
    groups: dict[datetime, list[Restated]] = {}
    for one in found:
        groups.setdefault(_moment(one.after), []).append(one)
    return {
        "borrower": who, "as_of": desk.clocks.as_of.isoformat(), "known_at": desk.clocks.known_at.isoformat(),
        "restated": [one.shape() for one in found],
        "consequences": [_consequences(desk, who, at, group) for at, group in sorted(groups.items())],
    }  # fmt: skip


def _consequences(desk: Desk, borrower: str, at: datetime, changes: Sequence[Restated]) -> Shape:
    clocks = Clocks(min(at.date(), desk.clocks.as_of), at - timedelta(microseconds=1))
    facts = desk.store.facts.active(desk.caller, borrower, clocks)
    ids = {fact.id for fact in facts}
    known = any(one.before.id in ids for one in changes)
    if not known:
        # papers that came together: nothing was told on the older values alone, but the two versions still differ
        clocks = desk.clocks
        now = {one.after.id: one.before for one in changes}
        facts = [now.get(fact.id, fact) for fact in desk.store.facts.active(desk.caller, borrower, clocks)]
    newer = {one.before.id: one.after for one in changes}
    then = _with(desk, borrower, clocks, facts)
    instead = _with(desk, borrower, clocks, [newer.get(fact.id, fact) for fact in facts])
    figures = list(_figures(then, instead, borrower, changes, facts))
    signals = _signals(then, instead, borrower)
    return {
        "received": at.isoformat(), "documents": sorted({one.after.source.document for one in changes}),
        "compared": "as_known_then" if known else "both_versions_now", "as_of": clocks.as_of.isoformat(),
        "figures": [{"figure": name, "scope": scope, "period_end": end.isoformat(), "before": _told(old), "after": _told(new)}
                    for name, scope, end, old, new in figures],
        "covenants": _covenants(then, instead, borrower), "signals": signals,
        "alerts": _alerts(desk, borrower, at, {signal["signal"] for signal in signals}),
        "briefs": _briefs(desk, borrower, at, changes, [old for *_, old, _ in figures]),
    }  # fmt: skip


def _with(desk: Desk, borrower: str, clocks: Clocks, facts: Sequence[Fact]) -> Desk:
    """A desk on which the borrower's facts are these."""
    made = Desk(desk.store, desk.loan_book, desk.rulebook, desk.search, desk.caller, clocks, desk.names)
    made._books[borrower] = fact_book(made, borrower, facts)
    return made


def _figures(
    then: Desk, instead: Desk, borrower: str, changes: Sequence[Restated], facts: Sequence[Fact]
) -> Iterable[tuple[str, Any, date, Figure, Figure]]:
    rules = then.rulebook
    names = sorted({*rules.ratios, *rules.blocks, *rules.scores})
    first = min(one.after.period.end for one in changes)
    for scope in then.book(borrower).scopes():
        if scope not in {one.after.scope for one in changes}:
            continue
        sides = [desk.evaluator(borrower, scope) for desk in (then, instead)]
        ends = sorted({fact.period.end for fact in facts if fact.scope == scope and fact.period.end >= first})
        for end in ends[-MOST_ENDS:]:
            for name in names:
                old, new = (side.figure(name, end) for side in sides)
                if (old.status, old.value) != (new.status, new.value):
                    yield name, scope, end, old, new


def _told(figure: Figure) -> Shape:
    return {"status": figure.status, "value": plain_or_none(figure.value), "unit": figure.unit, "rule": figure.rule}


def _covenants(then: Desk, instead: Desk, borrower: str) -> list[Shape]:
    sides: list[dict[tuple[str, str], Shape]] = []
    for desk in (then, instead):
        tests: dict[tuple[str, str], Shape] = {}
        for found in assessments(desk, borrower):
            for test in found.tests:
                if test.test_date is not None:
                    tests[(found.covenant.id, test.test_date.isoformat())] = {
                        "status": test.status, "actual": plain_or_none(test.actual), "limit": test.limit.text if test.limit else None,
                        "headroom": plain_or_none(test.headroom),
                    }  # fmt: skip
        sides.append(tests)
    return [
        {"covenant": id, "test_date": day, "before": sides[0].get((id, day)), "after": sides[1].get((id, day))}
        for id, day in sorted({*sides[0], *sides[1]})
        if sides[0].get((id, day)) != sides[1].get((id, day))
    ]


def _signals(then: Desk, instead: Desk, borrower: str) -> list[Shape]:
    sides = [{(v.signal, v.loan or ""): v for v in signals_of(desk, borrower)} for desk in (then, instead)]
    out = []
    for key in sorted({*sides[0], *sides[1]}):
        told = [
            {"verdict": v.verdict, "severity": v.severity if v.verdict == "hit" else None, "value": plain_or_none(v.value)}
            if v
            else None
            for v in (sides[0].get(key), sides[1].get(key))
        ]
        if _stands(told[0]) != _stands(told[1]):
            out.append({"signal": key[0], "loan": key[1] or None, "before": told[0], "after": told[1]})
    return out


def _stands(told: Shape | None) -> tuple[Any, ...]:
    """A signal that is quiet either way makes no difference, whatever its value."""
    return tuple(told.values()) if told and told["verdict"] == "hit" else (told["verdict"] if told else None,)


def _alerts(desk: Desk, borrower: str, at: datetime, signals: set[str]) -> list[Shape]:
    """Alerts opened before the restatement came, on signals that would have come out differently."""
    found = desk.store.alerts.list(desk.caller, borrower=borrower, states=())
    return [
        {"alert": alert.id, "opened": alert.opened.isoformat(), "state": alert.state, "severity": alert.severity,
         "signals": sorted(signals & set(alert.signals))}
        for alert in found
        if signals & set(alert.signals) and alert.opened <= at.date()
    ]  # fmt: skip


def _briefs(desk: Desk, borrower: str, at: datetime, changes: Sequence[Restated], figures: Sequence[Figure]) -> list[Shape]:
    """Briefs written on the older values that showed one of them, or a figure that would have been another."""
    ids = {figure_shape(figure)["id"] for figure in figures}
    places = {(one.before.source.sha256, one.before.source.page, _box(one.before.source.box)) for one in changes}
    out = []
    for record in desk.store.trail.search(desk.caller, act=Act.BRIEF, borrower=borrower, limit=500):
        shown = desk.store.trail.show(desk.caller, record.id)
        payload: Mapping[str, Any] = (shown or {}).get("payload") or {}
        told_at = (payload.get("clocks") or {}).get("known_at")
        if told_at is None or datetime.fromisoformat(told_at) >= at:
            continue
        figured = sorted(ids & set(payload.get("figures") or {}))
        cited = [s for s in payload.get("sources") or () if (s.get("sha256"), s.get("page"), _box(s.get("box"))) in places]
        if figured or cited:
            out.append({"month": payload.get("month"), "trail_id": record.id, "figures": figured, "cites_before": bool(cited)})
    return out


def _box(box: Any) -> tuple[int, ...] | None:
    return tuple(round(float(edge)) for edge in box) if box else None


def _differs(one: Fact, other: Fact) -> bool:
    """By more than the rounding of the coarser of the two prints."""
    return (
        abs(one.value - other.value) >= max(one.scale or Decimal(1), other.scale or Decimal(1))
        and one.currency == other.currency
    )


def _moment(fact: Fact) -> datetime:
    return fact.recorded_at if fact.recorded_at is not None else datetime.min
