"""Clauses, notes and papers in wordings the readers were not written for: what is right stays right, nothing is invented."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from eval.clauses.running import cases
from eval.clauses.running import judge as judge_clause
from eval.papers.running import BOOK, filed
from eval.visits.running import judge as judge_note
from eval.visits.running import notes
from ingestion.contracts.reading import read_contract
from ingestion.quantities import quantities
from ingestion.readers.plain import markdown_reading
from ingestion.recognition import tells_of_a_visit


def test_covenant_clauses_in_many_wordings() -> None:
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for case in cases():
        judged = judge_clause(case)
        assert not judged.invented, (case["id"], judged.invented)
        right.update(judged.right)
        asked.update(judged.asked)
    for name in ("ratio", "direction", "threshold", "freq", "basis", "scope"):
        assert right[name] >= 0.95 * asked[name], name
    assert right.total() >= 0.965 * asked.total()


def test_visit_notes_by_different_hands() -> None:
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for note in notes():
        judged = judge_note(note)
        right.update(judged.right)
        asked.update(judged.asked)
    assert right["kind"] == asked["kind"] and right["promise"] == asked["promise"]
    assert right.total() >= 0.95 * asked.total()


@pytest.mark.slow
def test_papers_of_all_kinds_never_get_the_wrong_borrower() -> None:
    for paper, kind, whose, message, facts in filed():
        wanted = paper["borrower"] if isinstance(paper["borrower"], list) else [paper["borrower"]]
        assert whose in wanted or whose not in {entry["id"] for entry in BOOK}, (paper["id"], whose, message)
        assert kind in paper["kind"], paper["id"]
        assert not facts or "statement" in paper["kind"], paper["id"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("shall not exceed four times EBITDA", "4"),
        ("one point two five times", "1.25"),
        ("one and a half times its equity", "1.5"),
        ("twice its EBITDA", "2"),
        ("不低于一点二倍", "1.2"),
        ("不高于三比一", "3"),
        ("两倍半", "2.5"),
    ],
)
def test_multiples_said_in_words(text: str, value: str) -> None:
    assert [(found.value, found.unit) for found in quantities(text)] == [(Decimal(value), "x")]


def test_a_count_of_times_is_no_multiple() -> None:
    assert not [found for found in quantities("not more than three times a year") if found.unit == "x"]


@pytest.mark.parametrize(
    ("text", "metric", "operator", "limit"),
    [
        ("14.5 It is an Event of Default if the Current Ratio falls below 1.20.", "current_ratio", ">=", "1.20"),
        ("第十条 违约事件\n(1)借款人资产负债率超过80%;", "debt_to_assets", "<=", "0.8"),
    ],
)
def test_a_default_beyond_a_limit_asks_for_what_lies_within(text: str, metric: str, operator: str, limit: str) -> None:
    (found,) = read_contract(markdown_reading(text).blocks, "a" * 64, "c").covenants
    assert (found["metric"], found["operator"], Decimal(found["threshold"])) == (metric, operator, Decimal(limit))


def test_no_default_being_afoot_makes_no_test_of_a_bound() -> None:
    text = "9.8 Provided no Event of Default has occurred, the successor shall be an institution with a net worth of at least $200,000,000."
    assert not [c for c in read_contract(markdown_reading(text).blocks, "a" * 64, "c").covenants if c["type"] == "maintenance"]


def test_a_note_needs_someone_who_went_and_something_seen() -> None:
    assert tells_of_a_visit("We visited the plant: four lines running, two shifts.")
    assert not tells_of_a_visit("Four lines running, two shifts, according to the annual report.")
    assert not tells_of_a_visit("We visited the plant and talked about the weather.")
