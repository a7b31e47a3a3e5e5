"""Shares, rolling, migration, vintages and maturities of a book: nothing is lost, and worked examples come out right."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from tools.domain.concentration import concentration
from tools.domain.loan_states_in_time import StateThen, states_then
from tools.domain.loan_views import LoanInput
from tools.domain.loans import LoanTerms, LoanTransaction
from tools.domain.migration import bucket_moves, moves, roll_rates, state_bucket
from tools.domain.periods import month_end
from tools.domain.vintage import vintages

MONEY = st.integers(0, 10**11).map(lambda cents: Decimal(cents) / 100)
DAYS = [month_end(date(2026, month, 1)) for month in range(1, 7)]


def state(loan: str, day: date, amount: str | Decimal | None, dpd: int | None, begun: bool = True) -> StateThen:
    return StateThen(loan, "C1", "CNY", day, None if amount is None else Decimal(amount), dpd, begun)


@given(st.lists(st.tuples(st.sampled_from(["A", "B", "C", ""]), MONEY), max_size=30))
def test_shares_add_up_to_one_and_hhi_is_their_squares(amounts: list[tuple[str, Decimal]]) -> None:
    found = concentration(amounts)
    total = sum((amount for _, amount in amounts), Decimal(0))
    if not total:
        assert found is None
        return
    assert found is not None and found.total == total
    sums: dict[str, Fraction] = defaultdict(Fraction)
    for key, amount in amounts:
        sums[key] += Fraction(amount)
    exact = sum((value / Fraction(total)) ** 2 for value in sums.values())
    assert abs(Fraction(found.hhi) - exact) < Fraction(1, 10**30)
    assert abs(sum(Fraction(share.share) for share in found.shares) - 1) < Fraction(1, 10**40)
    assert [share.amount for share in found.shares] == sorted((share.amount for share in found.shares), reverse=True)
    assert found.unknown_share == next((share.share for share in found.shares if share.key == ""), Decimal(0))


def test_roll_rates_follow_the_handbooks_definition() -> None:
    june, july = DAYS[0], DAYS[1]
    before = [
        state("L1", june, "800", 0),
        state("L2", june, "200", 0),
        state("L3", june, "50", 10),
        state("L4", june, "40", 95),
    ]
    after = [
        state("L1", july, "800", 0),
        state("L2", july, "100", 15),
        state("L3", july, "25", 40),
        state("L4", july, "40", 125),
    ]
    found = roll_rates([*before, *after])
    assert found.mean == {"current→M1": Decimal("0.1"), "M1→M2": Decimal("0.5"), "M2→M3": None, "M3→M4": None}
    assert (found.flow, found.missing) == (None, ("M2→M3", "M3→M4"))


def test_the_flow_to_non_performing_is_the_product_of_the_steps() -> None:
    first = [
        state("A", DAYS[0], "1000", 0),
        state("B", DAYS[0], "100", 5),
        state("C", DAYS[0], "80", 35),
        state("D", DAYS[0], "50", 65),
    ]
    then = [
        state("A", DAYS[1], "200", 20),
        state("B", DAYS[1], "50", 35),
        state("C", DAYS[1], "40", 65),
        state("D", DAYS[1], "25", 95),
    ]
    assert roll_rates([*first, *then]).flow == Decimal("0.2") * Decimal("0.5") * Decimal("0.5") * Decimal("0.5")


STATE = st.one_of(st.none(), st.tuples(st.sampled_from(["normal", "special_mention", "loss"]), MONEY))


@given(st.dictionaries(st.sampled_from([f"L{n}" for n in range(8)]), st.tuples(STATE, STATE)))
def test_migration_loses_no_loan_and_no_money(book: dict[str, tuple[object, object]]) -> None:
    before = {loan: pair[0] for loan, pair in book.items() if pair[0]}
    after = {loan: pair[1] for loan, pair in book.items() if pair[1]}
    found = moves(before, after)  # type: ignore[arg-type]
    assert sum(move.loans for move in found) == len({*before, *after})
    started = sum((move.amount for move in found if move.start != "new"), Decimal(0))
    assert started == sum((amount for _, amount in before.values()), Decimal(0))  # type: ignore[misc, attr-defined]
    for start in {move.start for move in found}:
        shares = [move.share for move in found if move.start == start]
        assert None in shares or abs(sum(Fraction(share) for share in shares if share is not None) - 1) < Fraction(1, 10**40)


def test_unknown_arrears_are_their_own_state_and_never_current() -> None:
    assert state_bucket(state("L", DAYS[0], None, None)) == "unknown"
    assert state_bucket(state("L", DAYS[0], "5", None)) == "unknown"
    (move,) = bucket_moves([state("L", DAYS[0], "5", 0)], [state("L", DAYS[1], None, None)])
    assert (move.start, move.end) == ("current", "unknown")


def test_a_vintage_counts_a_loan_once_with_what_it_owed_then() -> None:
    loans = {"A": (date(2025, 11, 10), Decimal(100)), "B": (date(2025, 12, 1), Decimal(300))}
    history = [state("A", day, "90", dpd) for day, dpd in zip(DAYS, (0, 31, 0, 45, 75, 105), strict=True)]
    history += [state("B", day, "200", dpd) for day, dpd in zip(DAYS, (0, 0, 0, 0, 29, 60), strict=True)]
    (cohort,) = vintages(loans, history, 30, DAYS[-1])
    assert (cohort.cohort, cohort.disbursed, cohort.loans) == ("2025Q4", Decimal(400), 2)
    assert [cohort.curve[month] for month in (2, 3, 6)] == [Decimal(0), Decimal("0.225"), Decimal("0.725")]
    assert list(cohort.curve) == [1, 2, 3, 4, 5, 6]
    values = list(cohort.curve.values())
    assert values == sorted(values)


def loan(postings: list[tuple[date, str, str]]) -> LoanInput:
    terms = LoanTerms(
        "L1", "C1", "CNY", Decimal(1200), Decimal("0.06"), date(2026, 1, 10), date(2026, 12, 10), "equal_principal", "monthly"
    )
    made = tuple(LoanTransaction(f"P{n}", day, kind, Decimal(amount)) for n, (day, kind, amount) in enumerate(postings))  # type: ignore[arg-type]
    return LoanInput(terms, transactions=made)


def test_what_was_owed_then_comes_from_the_postings_of_then() -> None:
    from datetime import UTC, datetime

    source = loan([
        (date(2026, 1, 10), "drawdown", "1200"), (date(2026, 2, 10), "principal", "109.09"), (date(2026, 2, 10), "interest", "6.00"),
        (date(2026, 4, 20), "prepayment", "500"),
    ])  # fmt: skip
    found = states_then(source, [date(2025, 12, 31), *DAYS[:5]], datetime(2026, 7, 1, tzinfo=UTC))
    assert [(s.outstanding, s.begun) for s in found] == [
        (Decimal(0), False), (Decimal(1200), True), (Decimal("1090.91"), True), (Decimal("1090.91"), True), (Decimal("590.91"), True),
        (Decimal("590.91"), True),
    ]  # fmt: skip
    assert [s.dpd for s in found[1:4]] == [0, 0, 21]
    assert (
        states_then(LoanInput(source.terms, transactions=None), DAYS[:1], datetime(2026, 7, 1, tzinfo=UTC))[0].outstanding
        is None
    )
