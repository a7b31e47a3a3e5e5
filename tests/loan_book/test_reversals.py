"""A reversal undoes what it names, or the newest posting of the same amount."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import permutations

from tools.domain.loans import LoanTransaction, TransactionType
from tools.domain.reversals import reversals


def posting(
    identity: str,
    day: int,
    kind: TransactionType = "principal",
    amount: str = "100.00",
    *,
    reference: str | None = None,
    reverses: str | None = None,
    hour: int | None = None,
) -> LoanTransaction:
    return LoanTransaction(
        id=identity,
        value_date=date(2026, 3, day),
        type=kind,
        amount=Decimal(amount),
        posted_at=datetime(2026, 3, day, hour, tzinfo=UTC) if hour is not None else None,
        reference=reference,
        reverses_id=reverses,
    )


def test_reverses_id_names_the_posting_whatever_its_amount() -> None:
    found = reversals([posting("T1", 1), posting("T2", 2), posting("R", 3, "reversal", "40.00", reverses="T1")])
    assert found.by == {"R": "T1"} and found.undone == {"T1"} and not found.unmatched


def test_reference_names_an_id_or_the_reference_of_a_posting() -> None:
    by_id = reversals([posting("T1", 1), posting("T2", 2), posting("R", 3, "reversal", reference="T1")])
    assert by_id.by == {"R": "T1"}
    by_reference = reversals(
        [posting("T1", 1, reference="slip 7"), posting("T2", 2), posting("R", 3, "reversal", reference="slip 7")]
    )
    assert by_reference.by == {"R": "T1"}


def test_a_reference_that_names_nothing_is_no_name() -> None:
    assert reversals([posting("T1", 1), posting("T2", 2), posting("R", 3, "reversal", reference="?")]).by == {"R": "T2"}


def test_unnamed_undoes_the_newest_of_the_same_amount_up_to_its_date() -> None:
    rows = [posting("T1", 1), posting("T2", 2, amount="99.99"), posting("T3", 9), posting("R", 5, "reversal")]
    for order in permutations(rows):
        assert reversals(order).by == {"R": "T1"}


def test_same_day_the_later_posted_is_newer() -> None:
    assert reversals([posting("A", 1, hour=15), posting("B", 1, hour=9), posting("R", 1, "reversal", hour=16)]).by == {"R": "A"}


def test_two_unnamed_reversals_undo_two_postings() -> None:
    found = reversals([posting("T1", 1), posting("T2", 2), posting("R1", 3, "reversal"), posting("R2", 3, "reversal")])
    assert found.undone == {"T1", "T2"}


def test_a_named_posting_is_not_taken_by_an_unnamed_reversal() -> None:
    rows = [posting("T1", 1), posting("T2", 2), posting("R1", 3, "reversal"), posting("R2", 4, "reversal", reverses="T2")]
    assert reversals(rows).by == {"R1": "T1", "R2": "T2"}


def test_nothing_to_undo_is_said() -> None:
    rows = [posting("T1", 1, amount="1.00"), posting("R1", 3, "reversal"), posting("R2", 3, "reversal", reverses="T9")]
    assert reversals(rows).unmatched == ("R1", "R2") and not reversals(rows).undone


def test_a_reversal_undone_lets_the_posting_count_again() -> None:
    chain = [posting("T1", 1), posting("R1", 2, "reversal", reverses="T1"), posting("R2", 3, "reversal", reverses="R1")]
    assert reversals(chain).undone == {"R1"}
    longer = [*chain, posting("R3", 4, "reversal", reverses="R2")]
    assert reversals(longer).undone == {"R2", "T1"}


def test_reversals_of_each_other_undo_nothing_else() -> None:
    rows = [posting("R1", 1, "reversal", reverses="R2"), posting("R2", 1, "reversal", reverses="R1"), posting("T1", 1)]
    assert "T1" not in reversals(rows).undone
