"""A person corrects what was read: recorded, reversible, and true from that moment only."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.store.bank import NOW, ingest, open_bank
from tools.domain.callers import LOCAL, Caller
from tools.domain.names import label_key
from tools.domain.periods import Clocks
from tools.errors import BadRequest, NotPermitted
from tools.store.database import Store

OFFICER = Caller("O1", "officer", officer_id="O1", can_write=True)


def at(days: float) -> Clocks:
    return Clocks(date(2030, 1, 1), NOW + timedelta(days=days))


def newest(store: Store, days: float, item: str = "total_assets") -> dict[date, Decimal]:
    return {f.period.end: f.value for f in store.facts.active(OFFICER, "C1", at(days), item)}


def wrong(store: Store) -> str:
    return next(f.id for f in store.facts.active(OFFICER, "C1", at(0)) if f.value == 100)


def test_a_corrected_value_holds_until_it_is_reversed(store: Store) -> None:
    open_bank(store)
    done = store.corrections.value(OFFICER, wrong(store), Decimal("108.5"), "the page shows 108.5", NOW + timedelta(days=1))
    assert newest(store, 0.5)[date(2024, 12, 31)] == 100
    assert newest(store, 1)[date(2024, 12, 31)] == Decimal("108.5")
    corrected = next(f for f in store.facts.active(OFFICER, "C1", at(1)) if f.value == Decimal("108.5"))
    assert "corrected" in corrected.flags and corrected.source.box == (72.0, 100.25, 140.5, 110.0)
    store.corrections.reverse(OFFICER, done.id, "misread by me", NOW + timedelta(days=2))
    assert [newest(store, days)[date(2024, 12, 31)] for days in (0, 1, 2)] == [100, Decimal("108.5"), 100]
    assert len(store.trail.search(OFFICER, act="correct")) == 2
    assert store.trail.verify(LOCAL).ok


def test_a_later_report_still_supersedes_a_corrected_value(store: Store) -> None:
    open_bank(store)
    store.corrections.value(OFFICER, wrong(store), Decimal(108), "typo", NOW + timedelta(days=1))
    ingest(store, LOCAL, "C1", b"later", ("111",), received=NOW + timedelta(days=2), period_end=date(2025, 12, 31))
    assert newest(store, 3)[date(2024, 12, 31)] == 111


def test_a_mapping_correction_moves_the_line_and_teaches_the_label(store: Store) -> None:
    open_bank(store)
    done = store.corrections.mapping(OFFICER, wrong(store), "total_current_assets", "wrong line", NOW + timedelta(days=1))
    assert date(2024, 12, 31) not in newest(store, 1)
    assert newest(store, 1, "total_current_assets") == {date(2024, 12, 31): Decimal(100)}
    taught = {("balance_sheet", label_key("资产总计")): "total_current_assets"}
    assert store.corrections.mappings(OFFICER, "C1", at(1)) == taught
    assert store.corrections.mappings(OFFICER, "C1", at(0)) == {}
    store.corrections.reverse(OFFICER, done.id, "it was right", NOW + timedelta(days=2))
    assert store.corrections.mappings(OFFICER, "C1", at(2)) == {}
    assert newest(store, 2)[date(2024, 12, 31)] == 100


def test_a_withdrawn_fact_is_not_in_force(store: Store) -> None:
    open_bank(store)
    store.corrections.withdraw(OFFICER, wrong(store), "no such number on the page", NOW + timedelta(days=1))
    assert date(2024, 12, 31) not in newest(store, 1)
    assert store.trail.verify(LOCAL).ok


def test_corrections_need_a_reason_a_right_and_a_visible_fact(store: Store) -> None:
    open_bank(store)
    target = wrong(store)
    with pytest.raises(BadRequest, match="reason"):
        store.corrections.value(OFFICER, target, Decimal(1), " ", NOW)
    with pytest.raises(NotPermitted):
        store.corrections.value(Caller("X1", "auditor", everything=True), target, Decimal(1), "x", NOW)
    with pytest.raises(BadRequest, match="no fact"):
        store.corrections.value(Caller("O3", "officer", officer_id="O3", can_write=True), target, Decimal(1), "x", NOW)


def test_a_fact_is_corrected_once_and_chains_unwind_from_the_end(store: Store) -> None:
    open_bank(store)
    target = wrong(store)
    first = store.corrections.value(OFFICER, target, Decimal(1), "x", NOW + timedelta(days=1))
    with pytest.raises(BadRequest, match="was corrected by"):
        store.corrections.value(OFFICER, target, Decimal(2), "x", NOW + timedelta(days=2))
    assert first.new_fact_id
    second = store.corrections.value(OFFICER, first.new_fact_id, Decimal(3), "x", NOW + timedelta(days=2))
    with pytest.raises(BadRequest, match="corrected again"):
        store.corrections.reverse(OFFICER, first.id, "x", NOW + timedelta(days=3))
    store.corrections.reverse(OFFICER, second.id, "x", NOW + timedelta(days=3))
    store.corrections.reverse(OFFICER, first.id, "x", NOW + timedelta(days=4))
    got = [newest(store, days)[date(2024, 12, 31)] for days in (0, 1, 2, 3, 4)]
    assert got == [100, 1, 3, 1, 100]
    assert store.trail.verify(LOCAL).ok
