"""Rows of the loan book as loan values: terms, status record, cash flows, postings.

Rows carry typed values (Decimal, date, datetime), None where the bank left a blank. Columns are those of the loan book.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from tools.domain.loans import CashFlow, LoanTerms, LoanTransaction

BookRow = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LoanRecord:
    """What the bank's books say about a loan's quality and history, beside its terms. None where the bank left a blank."""

    classification: str | None = None
    classification_date: date | None = None
    stage: int | None = None
    impairment_amount: Decimal | None = None
    technical_overdue_reason: str | None = None
    origin: str | None = None
    replaces_loan_id: str | None = None
    restructured_date: date | None = None
    extension_count: int | None = None
    facility: str | None = None


BLANK_RECORD = LoanRecord()


def terms_of(row: BookRow) -> LoanTerms:
    """The contract of a `loans` row."""
    return LoanTerms(
        id=row["id"],
        borrower=row["customer_id"],
        currency=row["currency_code"],
        principal=row["orig_notional"],
        rate=row["rate"],
        start_date=row["start_date"],
        end_date=row["end_date"],
        repayment_type=row["repayment_type"],
        repayment_frequency=row["repayment_frequency"],
        balance=row.get("balance"),
        day_count=row.get("day_count_convention"),
        first_payment_date=row.get("first_payment_date"),
        interest_frequency=row.get("interest_frequency"),
        penalty_rate=row.get("penalty_rate"),
        rate_type=row.get("rate_type"),
        status=row.get("status") or "active",
    )


def record_of(row: BookRow) -> LoanRecord:
    """The status columns of a `loans` row."""
    reason = row.get("technical_overdue_reason")
    return LoanRecord(
        classification=row.get("classification"),
        classification_date=row.get("classification_date"),
        stage=row.get("stage"),
        impairment_amount=row.get("impairment_amount"),
        technical_overdue_reason=reason.strip() or None if isinstance(reason, str) else None,
        origin=row.get("origin"),
        replaces_loan_id=row.get("replaces_loan_id"),
        restructured_date=row.get("restructured_date"),
        extension_count=row.get("extension_count"),
        facility=row.get("facility_id"),
    )


def flows_of(rows: Iterable[BookRow]) -> tuple[CashFlow, ...]:
    """`loan_cash_flows` rows of one loan."""
    return tuple(CashFlow(row["id"], row["payment_date"], row["type"], row["amount"]) for row in rows)


def transactions_of(rows: Iterable[BookRow]) -> tuple[LoanTransaction, ...]:
    """`loan_transactions` rows of one loan."""
    return tuple(
        LoanTransaction(
            row["id"], row["value_date"], row["type"], row["amount"], row.get("posted_at"), row.get("reference"),
            row.get("reverses_id"),
        )
        for row in rows
    )  # fmt: skip


def shares_limit(row: BookRow, other: BookRow) -> bool:
    """Whether what is drawn on `other` counts against the limit on `row`: its own drawing does, and that of a loan of the same facility
    that states the same limit. A loan that states none (a term loan beside a revolving one) has a limit of its own, or none."""
    if row["id"] == other["id"]:
        return True
    facility, limit = row.get("facility_id"), row.get("limit_amount")
    return (
        bool(facility)
        and facility == other.get("facility_id")
        and limit is not None
        and Decimal(limit) == Decimal(other.get("limit_amount") or 0)
    )
