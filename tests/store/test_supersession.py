"""Which value is in force depends on when each was known and on its document, never on the order of ingestion."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.store.bank import NOW
from tools.store.supersession import Claim, Span, spans

DAYS = st.integers(0, 6).map(lambda n: NOW + timedelta(days=n))


@st.composite
def claims(draw: st.DrawFn) -> list[Claim]:
    count = draw(st.integers(1, 7))
    made = []
    for index in range(count):
        known = draw(DAYS)
        withdrawn: tuple[tuple[datetime, datetime | None], ...] = ()
        if draw(st.integers(0, 3)) == 0:
            start = draw(DAYS)
            withdrawn = ((start, draw(st.one_of(st.none(), st.integers(1, 4).map(lambda n, s=start: s + timedelta(days=n))))),)
        made.append(Claim(
            f"f{index}", Decimal(draw(st.integers(1, 3))), "CNY", date(2020 + draw(st.integers(0, 3)), 12, 31), known,
            Decimal(draw(st.integers(1, 2))), draw(st.integers(1, 3)), withdrawn,
        ))  # fmt: skip
    return made


def claim(id: str, value: str, year: int, day: int) -> Claim:
    return Claim(id, Decimal(value), "CNY", date(year, 12, 31), NOW + timedelta(days=day), Decimal(1), 1)


def in_force(found: list[Span], at: datetime) -> str | None:
    holders = [s.claim for s in found if s.start <= at and (s.end is None or at < s.end)]
    assert len(holders) <= 1
    return holders[0] if holders else None


@given(claims(), st.randoms(use_true_random=False))
def test_the_order_of_ingestion_changes_nothing(made: list[Claim], chance: random.Random) -> None:
    shuffled = list(made)
    chance.shuffle(shuffled)
    assert spans(shuffled) == spans(made)


@given(claims())
def test_later_knowledge_never_changes_what_was_in_force_before(made: list[Claim]) -> None:
    full = spans(made)
    for moment in {c.known for c in made}:
        known = [Claim(c.id, c.value, c.currency, c.document_period_end, c.known, c.confidence, c.page,
                       tuple((s, e if e is None or e <= moment else None) for s, e in c.withdrawn if s <= moment))
                 for c in made if c.known <= moment]  # fmt: skip
        assert in_force(spans(known), moment) == in_force(full, moment)


@given(claims())
def test_the_value_in_force_is_that_of_the_strongest_claim_standing(made: list[Claim]) -> None:
    by_id = {c.id: c for c in made}
    found = spans(made)
    for step in range(14):
        moment = NOW + timedelta(hours=12 * step)
        standing = [c for c in made if c.standing(moment)]
        holder = in_force(found, moment)
        assert (holder is None) == (not standing)
        if holder:
            assert by_id[holder].value == max(standing, key=lambda c: c.strength).value


@given(claims())
def test_spans_are_in_order_and_never_overlap_or_vanish(made: list[Claim]) -> None:
    found = spans(made)
    for earlier, later in pairwise(found):
        assert earlier.end is not None and earlier.start < earlier.end <= later.start


def test_a_restatement_wins_from_the_day_it_is_known() -> None:
    old, new = claim("old", "100", 2023, 0), claim("new", "95", 2024, 5)
    assert spans([old, new]) == [
        Span("old", NOW, NOW + timedelta(days=5)),
        Span("new", NOW + timedelta(days=5), None),
    ]


def test_an_older_document_received_later_changes_nothing() -> None:
    assert spans([claim("new", "95", 2024, 0), claim("old", "100", 2023, 5)]) == [Span("new", NOW, None)]


def test_the_same_value_again_keeps_its_first_source_but_is_held_more_strongly() -> None:
    first, repeat, other = claim("first", "100", 2022, 0), claim("repeat", "100", 2024, 2), claim("other", "90", 2023, 4)
    assert spans([first, repeat, other]) == [Span("first", NOW, None)]


def test_of_two_documents_of_one_period_the_later_received_wins() -> None:
    assert [s.claim for s in spans([claim("a", "1", 2024, 0), claim("b", "2", 2024, 1)])] == ["a", "b"]
