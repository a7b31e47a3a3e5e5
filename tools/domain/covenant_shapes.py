"""The `covenant` JSON shape of interfaces: one per test, or one without a test for a covenant nobody confirmed.

`threshold` is the limit in force on the test date; `base_threshold` the one before any step. Cure amounts are rounded up to
the cent, since a cure must be enough.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_CEILING
from typing import Any

from tools.domain.covenant_dates import Appointment
from tools.domain.covenant_tests import Assessment, CovenantTest
from tools.domain.covenants import AddBackTerm, Covenant
from tools.domain.headroom import Cure
from tools.domain.money import CENT, plain, plain_or_none
from tools.domain.projection import Projection
from tools.domain.restricted_acts import EVER, Act
from tools.domain.shapes import figure_shape


def assessment_shapes(assessment: Assessment, *, all_dates: bool = False) -> list[dict[str, Any]]:
    """The latest due test, or every test."""
    if not all_dates or not assessment.tests:
        return [covenant_shape(assessment.latest, assessment.projection)]
    return [covenant_shape(test, assessment.projection if test is assessment.tests[-1] else None) for test in assessment.tests]


def untested_shape(covenant: Covenant) -> dict[str, Any]:
    """A proposed or retired covenant: its terms, and nothing about tests."""
    shape = covenant_shape(CovenantTest(covenant, None, None, "not_evidenced", covenant.limit), None)
    return shape | {"status": None, "reason": "", "missing": []}


def covenant_shape(test: CovenantTest, projection: Projection | None) -> dict[str, Any]:
    """One test with its covenant."""
    covenant, limit = test.covenant, test.limit or test.covenant.limit
    return {
        "covenant": covenant.id, "borrower": covenant.borrower, "loan": covenant.loan, "facility": covenant.facility,
        "name": covenant.name, "type": covenant.type, "metric": covenant.metric, "definition": covenant.definition,
        "operator": covenant.operator, "threshold": limit.text if limit else None,
        "steps": [{"from": step.from_date.isoformat(), "threshold": step.limit.text} for step in covenant.steps],
        "basis": covenant.basis, "scope": covenant.scope, "currency": covenant.currency,
        "test_frequency": covenant.test_frequency, "test_date": _day(test.test_date), "actual": plain_or_none(test.actual),
        "status": test.status, "headroom": plain_or_none(test.headroom), "cushion": plain_or_none(test.cushion),
        "projected_breach": _day(projection.breach) if projection else None,
        "figure": figure_shape(test.figure) if test.figure else None, "grace_until": _day(test.grace_until),
        "cure": _cure(test), "document": covenant.document, "page": covenant.page,
        "box": list(covenant.box) if covenant.box else None, "clause": covenant.clause,
        "confidence": plain_or_none(covenant.confidence), "state": covenant.state,
        "base_threshold": covenant.limit.text if covenant.limit else None, "first_test_date": _day(covenant.first_test_date),
        "end_date": _day(covenant.end_date), "due": _day(test.due), "due_test": _day(test.due_test),
        "due_days": covenant.due_days, "grace_days": covenant.grace_days,
        "grace_unit": "business_day" if covenant.grace_business_days else "day" if covenant.grace_days is not None else None, "cure_days": covenant.cure_days,
        "waived_until": _day(max((w.until for w in covenant.waivers if w.until), default=None)),
        "status_before_waiver": test.status_before_waiver, "early": test.early, "late_days": test.late_days,
        "add_backs": [_add_back(one) for one in covenant.add_backs], "counted_add_backs": [
            {"text": one.term.text, "item": one.term.item, "amount": plain_or_none(one.amount), "allowed": plain(one.allowed), "cut_by": one.cut_by}
            for one in test.counted
        ],
        "missing": list(test.missing), "reason": test.reason, "projection": _projection(projection),
        "action": covenant.actions[0] if covenant.actions else None, "actions": list(covenant.actions),
        "cap": {"share_of": "net_profit", "limit": plain(covenant.cap)} if covenant.cap is not None else None,
        "no_event_of_default": covenant.no_default, "excepted": covenant.excepted,
        "acts": [_act(one) for one in test.acts], "limbs": [{"limb": one.id, "status": one.status, "detail": one.detail} for one in test.limbs],
        "findings": [{"date": one.day.isoformat(), "kept": one.kept, "reason": one.why} for one in covenant.findings],
        "cured": None if test.cured is None else {
            "test_date": test.cured.test_date.isoformat(), "kind": test.cured.kind, "amount": plain(test.cured.amount),
        },
    }  # fmt: skip


def appointment_shape(entry: Appointment) -> dict[str, Any]:
    """One line of the covenant calendar."""
    return {"date": entry.day.isoformat(), "covenant": entry.covenant, "what": entry.what, "test_date": _day(entry.test_date)}


def _add_back(one: AddBackTerm) -> dict[str, Any]:
    """As contracts are read, so that what a person confirms goes out and comes back."""
    cap: dict[str, Any] | None = None
    if one.cap is not None:
        cap = {"share_of": "ebitda", "limit": plain(one.cap), "basis": one.base}
    elif one.most is not None:
        cap = {"amount": plain(one.most)}
    return {"text": one.text, "item": one.item, "cap": cap, "until": _day(one.until)}


def _act(one: Act) -> dict[str, Any]:
    """What the borrower did: `since` the first day it can have been (null: on `date`; with no day known at all both are open)."""
    undated = one.since == EVER
    return {
        "kind": one.kind, "date": _day(one.day), "since": None if undated else _day(one.since), "undated": undated,
        "amount": plain_or_none(one.amount), "currency": one.currency, "source": one.source, "detail": one.detail,
    }  # fmt: skip


def _cure(test: CovenantTest) -> dict[str, Any] | None:
    if test.status == "not_due" or (not test.cures and test.cure_until is None):
        return None
    return {"until": _day(test.cure_until), "options": [_option(cure) for cure in test.cures]}


def _option(cure: Cure) -> dict[str, str]:
    return {"kind": cure.kind, "measure": cure.measure, "amount": plain(cure.amount.quantize(CENT, ROUND_CEILING))}


def _projection(projection: Projection | None) -> dict[str, Any] | None:
    if projection is None:
        return None
    return {
        "points": projection.points, "slope": plain(projection.line.slope), "intercept": plain(projection.line.intercept),
        "breach": _day(projection.breach), "value": plain_or_none(projection.value),
        "steps_to_breach": plain_or_none(projection.steps_to_breach),
    }  # fmt: skip


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
