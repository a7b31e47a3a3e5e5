"""Money is conserved to the cent, counts once, and FIFO and pro-rata agree with a slow independent reference."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tracing.slow_reference import Reference, random_steps
from tools.domain.holdings import METHODS, Lot, Method, Tag, split
from tools.domain.tracing import Limits, Places, Step, trace

FAR = Limits(hops=10**6, first_days=10**6, days=10**6)
DAY = date(2026, 3, 2)
ACCOUNTS = ("own1", "own2", "kin1", "firm1", "firm2", "party:x", "party:y")
PLACES = Places(frozenset({"own1", "own2"}), frozenset({"kin1"}), frozenset({"party:x", "party:y"}))


def agree(seed: int) -> None:
    steps, openings = random_steps(seed)
    places = Places(frozenset({"A0", "A1"}))
    for method, fifo in (("fifo", True), ("pro_rata", False)):
        found = trace(steps, openings, places, method, FAR)  # type: ignore[arg-type]
        parts = {flow.transaction: flow.loan for flow in found.flows}
        wanted = Reference(steps, openings, fifo).parts()
        got = [step.amount if step.draw else parts.get(step.transaction, 0) for step in steps]
        assert got == wanted, f"seed {seed}, {method}"
        assert sum(sum(tags.values()) for tags in found.resting.values()) == found.drawn


def test_fifo_and_pro_rata_equal_the_slow_reference() -> None:
    for seed in range(400):
        agree(seed)


@pytest.mark.slow
def test_fifo_and_pro_rata_equal_the_slow_reference_on_ten_thousand_graphs() -> None:
    for seed in range(10_000):
        agree(seed)


def test_pro_rata_in_cents_stays_within_half_a_cent_a_payment_of_exact_fractions() -> None:
    for seed in range(120):
        steps, openings = random_steps(seed)
        if min(openings.values()) < 0:
            continue
        held: dict[str, tuple[Fraction, Fraction]] = {
            account: (Fraction(cents), Fraction(0)) for account, cents in openings.items()
        }
        exact: dict[str, Fraction] = {}
        overdrawn = False
        for step in steps:
            amount, loan = held.get(step.source, (Fraction(0), Fraction(0)))
            if step.draw:
                part = Fraction(step.amount)
            elif step.source in openings:
                overdrawn = overdrawn or amount < step.amount
                part = loan * step.amount / amount if amount else Fraction(0)
                held[step.source] = (amount - step.amount, loan - part)
            else:
                part = Fraction(0)
            exact[step.transaction] = part
            amount, loan = held.get(step.target, (Fraction(0), Fraction(0)))
            held[step.target] = (amount + step.amount, loan + part)
        if overdrawn:
            continue
        found = trace(steps, openings, Places(frozenset({"A0"})), "pro_rata", FAR)
        for flow in found.flows:
            assert abs(flow.loan - exact[flow.transaction]) <= Fraction(len(steps), 2)


@st.composite
def histories(draw: st.DrawFn) -> list[Step]:
    steps = [Step("T0", DAY, "loan", "own1", draw(st.integers(1, 10**7)), draw=True)]
    day = DAY
    for number in range(draw(st.integers(0, 30))):
        day += timedelta(days=draw(st.sampled_from([0, 1, 10, 40])))
        source, target = draw(st.sampled_from(ACCOUNTS)), draw(st.sampled_from(ACCOUNTS))
        if source == target:
            continue
        leaves = source in PLACES.own and target not in PLACES.own
        steps.append(
            Step(
                f"T{number + 1}", day, source, target, draw(st.integers(1, 10**6)), claim=draw(st.sampled_from(["", "", "loan", "other"])),
                misuse=leaves and draw(st.booleans()), refund=draw(st.sampled_from([False, False, True])),
                draw=draw(st.sampled_from([False] * 9 + [True])),
            )
        )  # fmt: skip
    return steps


@given(histories(), st.sampled_from(METHODS), st.integers(0, 20_000))
def test_every_cent_rests_in_one_place_whatever_happens_to_it(steps: list[Step], method: Method, smallest: int) -> None:
    found = trace(steps, {"own1": 500, "firm1": -300}, PLACES, method, Limits(hops=3, smallest=smallest))
    assert sum(sum(tags.values()) for tags in found.resting.values()) == found.drawn
    assert all(cents > 0 for tags in found.resting.values() for cents in tags.values())
    assert 0 <= found.misused <= found.drawn
    assert all(0 < flow.loan <= flow.amount and flow.misused <= flow.loan and flow.back <= flow.loan for flow in found.flows)
    assert sum(flow.back for flow in found.flows) <= found.drawn


@given(st.integers(1, 10**9), st.lists(st.integers(0, 10**8), max_size=6), st.integers(0, 10**9))
def test_a_lot_and_its_two_parts_are_the_same_money(own: int, loans: list[int], amount: int) -> None:
    tags = {Tag(f"T{number}", number): cents for number, cents in enumerate(loans) if cents}
    lot = Lot(own + sum(loans), dict(tags))
    part, rest = split(lot, min(amount, lot.amount))
    assert part.amount == min(amount, own + sum(loans))
    assert part.amount + rest.amount == own + sum(loans)
    assert {tag: part.loan.get(tag, 0) + rest.loan.get(tag, 0) for tag in tags} == tags
    assert part.borrowed <= part.amount
    assert rest.borrowed <= rest.amount
    if part.amount < own + sum(loans):
        exact = Decimal(sum(loans)) * part.amount / (own + sum(loans))
        assert abs(part.borrowed - exact) <= Decimal("0.5")


def circle(*amounts: int, misuse: bool = True) -> list[Step]:
    steps = [Step("D", DAY, "loan", "own1", 1_000, draw=True)]
    for number, amount in enumerate(amounts):
        steps.append(Step(f"out{number}", DAY, "own1", "firm1", amount, misuse=misuse))
        steps.append(Step(f"back{number}", DAY, "firm1", "own1", amount))
    return steps


@pytest.mark.parametrize("method", METHODS)
def test_money_that_runs_in_a_circle_is_misused_once_and_comes_back_once(method: Method) -> None:
    found = trace(circle(1_000, 1_000, 1_000), {}, PLACES, method, Limits(hops=10))
    assert found.misused == 1_000
    assert sum(flow.back for flow in found.flows) == 1_000


def test_an_entrusted_payment_takes_loan_money_even_when_older_money_waits() -> None:
    steps = [
        Step("D", DAY, "loan", "own1", 1_000, draw=True),
        Step("other", DAY, "own1", "firm1", 300, claim="other"),
        Step("ours", DAY, "own1", "firm2", 900, claim="loan"),
    ]
    parts = {flow.transaction: flow.loan for flow in trace(steps, {"own1": 500}, PLACES, "fifo").flows}
    assert parts == {"ours": 900}


def test_what_a_payee_gives_back_as_a_refund_is_unspent_again_and_no_back_flow() -> None:
    steps = [
        Step("D", DAY, "loan", "own1", 1_000, draw=True),
        Step("out", DAY, "own1", "party:x", 600),
        Step("refund", DAY, "party:x", "own1", 200, refund=True),
    ]
    found = trace(steps, {}, PLACES, "fifo")
    assert (found.unspent({"own1"}), sum(flow.back for flow in found.flows)) == (600, 0)


def test_money_is_followed_neither_past_its_hands_nor_past_its_days() -> None:
    chain = [
        Step("D", DAY, "loan", "own1", 1_000, draw=True),
        Step("1", DAY, "own1", "firm1", 1_000),
        Step("2", DAY + timedelta(days=30), "firm1", "firm2", 1_000),
        Step("3", DAY + timedelta(days=90), "firm2", "own2", 1_000),
    ]
    assert [flow.transaction for flow in trace(chain, {}, PLACES, "fifo").flows] == ["1", "2", "3"]
    late = [*chain[:2], Step("2", DAY + timedelta(days=31), "firm1", "firm2", 1_000)]
    assert [flow.transaction for flow in trace(late, {}, PLACES, "fifo").flows] == ["1"]
    assert [flow.transaction for flow in trace(chain, {}, PLACES, "fifo", Limits(hops=2)).flows] == ["1", "2"]
