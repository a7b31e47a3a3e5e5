"""Days past due, what is overdue and what falls due in twelve months, for every loan at once.

A loan is *plain* when the bank gave its schedule with principal and interest and its core system typed every posting: then the
oldest unpaid due is the first date by which more has fallen due than was paid, principal and interest each on its own, and
DuckDB's exact decimals say the same as `tools.domain.ledger`. Prepayments, reversals, untyped money and schedules that must be
generated make a loan not plain, and so does a schedule that replaced another: it is named, and the Decimal ledger serves it. Penalty interest is the ledger's alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from tools.domain.callers import Caller
from tools.domain.periods import Clocks, add_months

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from tools.store.loan_book import LoanBook

TABLES = ("loans", "loan_cash_flows", "loan_transactions")
_SQL = """
WITH
sums AS (
  SELECT loan_id,
         coalesce(sum(amount) FILTER (type = 'principal'), 0) AS all_principal,
         coalesce(sum(amount) FILTER (type = 'interest'), 0) AS all_interest,
         min(payment_date) FILTER (type = 'principal' AND amount > 0) AS first_principal,
         coalesce(sum(amount) FILTER (type = 'principal' AND payment_date < $as_of), 0) AS past_principal,
         coalesce(sum(amount) FILTER (type = 'interest' AND payment_date < $as_of), 0) AS past_interest,
         coalesce(sum(amount) FILTER (type = 'principal' AND payment_date <= $until), 0) AS near_principal,
         coalesce(sum(amount) FILTER (type = 'interest' AND payment_date <= $until), 0) AS near_interest
  FROM loan_cash_flows GROUP BY loan_id
),
paid AS (
  SELECT loan_id,
         coalesce(sum(amount) FILTER (type = 'principal'), 0) AS paid_principal,
         coalesce(sum(amount) FILTER (type = 'interest'), 0) AS paid_interest,
         bool_or(type IN ('prepayment', 'reversal', 'payment', 'recovery')) AS odd
  FROM loan_transactions
  WHERE value_date <= $as_of AND (posted_at IS NULL OR posted_at <= $known_at)
  GROUP BY loan_id
),
terms AS (
  SELECT *, CASE repayment_frequency WHEN 'monthly' THEN 1 WHEN 'quarterly' THEN 3 WHEN 'semi_annually' THEN 6 WHEN 'annually' THEN 12 END
              AS months
  FROM loans WHERE NOT $past OR start_date <= $as_of
),
told AS (
  SELECT l.id, l._borrower, l.currency_code, l.status = 'closed' AND NOT $past AS done,
         coalesce(paid_principal, 0) AS paid_principal, coalesce(paid_interest, 0) AS paid_interest,
         $history AND all_principal > 0 AND (all_interest > 0 OR l.rate = 0) AND NOT coalesce(odd, false)
           AND l.restructured_date IS NULL AND coalesce(l.extension_count, 0) = 0
           AND NOT (all_principal < l.orig_notional AND first_principal >
             CASE WHEN l.first_payment_date IS NOT NULL THEN l.first_payment_date + INTERVAL (45) DAY
                  WHEN l.months IS NULL OR l.repayment_type IN ('interest_only', 'bullet') THEN l.end_date
                  ELSE l.start_date + INTERVAL (l.months) MONTH + INTERVAL (45) DAY END) AS plain,
         greatest(coalesce(past_principal, 0) - coalesce(paid_principal, 0), 0) AS late_principal,
         greatest(coalesce(past_interest, 0) - coalesce(paid_interest, 0), 0) AS late_interest,
         greatest(coalesce(near_principal, 0) - coalesce(paid_principal, 0), 0) AS reach_principal,
         greatest(coalesce(near_interest, 0) - coalesce(paid_interest, 0), 0) AS reach_interest
  FROM terms l LEFT JOIN sums s ON s.loan_id = l.id LEFT JOIN paid p ON p.loan_id = l.id
),
-- What is open only grows with the dates, so a loan with nothing open at the end was never behind and needs no history.
grown AS (
  SELECT t.id, f.payment_date, t.paid_principal, t.paid_interest,
         coalesce(sum(f.amount) FILTER (f.type = 'principal') OVER upto, 0) AS principal,
         coalesce(sum(f.amount) FILTER (f.type = 'interest') OVER upto, 0) AS interest
  FROM told t JOIN loan_cash_flows f ON f.loan_id = t.id
  WHERE t.plain AND NOT t.done AND t.late_principal + t.late_interest > $tolerance AND f.payment_date < $as_of
  WINDOW upto AS (PARTITION BY t.id ORDER BY f.payment_date)
),
behind AS (
  SELECT id, min(payment_date) AS oldest FROM grown
  WHERE greatest(principal - paid_principal, 0) + greatest(interest - paid_interest, 0) > $tolerance
  GROUP BY id
)
SELECT t.id AS loan, _borrower AS borrower, currency_code AS currency,
       coalesce(plain, false) OR done AS plain,
       CASE WHEN done THEN 0 WHEN plain THEN coalesce(date_diff('day', oldest, $as_of), 0) END AS dpd,
       CASE WHEN plain AND NOT done THEN oldest END AS oldest_unpaid_due,
       CASE WHEN done THEN 0 WHEN plain THEN late_principal END AS overdue_principal,
       CASE WHEN done THEN 0 WHEN plain THEN late_interest END AS overdue_interest,
       CASE WHEN done THEN 0 WHEN plain THEN reach_principal - late_principal END AS dues_12m_principal,
       CASE WHEN done THEN 0 WHEN plain THEN reach_interest - late_interest END AS dues_12m_interest
FROM told t LEFT JOIN behind b ON b.id = t.id
"""


@dataclass(frozen=True, slots=True)
class ArrearsColumns:
    """`table`: loan, borrower, currency, plain, dpd, oldest_unpaid_due, overdue_principal, overdue_interest, dues_12m_principal,
    dues_12m_interest; money decimal, null where not plain. `others`: loans that only the ledger can tell."""

    table: pa.Table
    others: tuple[str, ...]


def arrears_columns(book: LoanBook, caller: Caller, clocks: Clocks, tolerance: Decimal = Decimal(0)) -> ArrearsColumns:
    """Every loan the caller may see at `clocks`; `tolerance` as in the repayment settings (currency units)."""
    snapshot = book.snapshot(clocks)
    history = bool(snapshot and snapshot.rows.get("loan_transactions"))
    past = snapshot is not None and clocks.as_of < snapshot.book_date
    with book.views(caller, clocks, TABLES) as connection:
        return arrears_of(connection, clocks, tolerance, history=history, past=past)


def arrears_of(
    connection: duckdb.DuckDBPyConnection,
    clocks: Clocks,
    tolerance: Decimal = Decimal(0),
    *,
    history: bool = True,
    past: bool = False,
) -> ArrearsColumns:
    """The same over a connection that has TABLES. `history`: the bank hands over postings at all; `past`: the book is younger than
    the business date, so that a closed loan may have been running."""
    # The store keeps times in UTC without a zone mark.
    values = {
        "as_of": clocks.as_of, "until": add_months(clocks.as_of, 12), "known_at": clocks.known_at.replace(tzinfo=None),
        "tolerance": tolerance, "history": history, "past": past,
    }  # fmt: skip
    table = connection.sql(_SQL, params=values).to_arrow_table()
    plain = table.column("plain").to_numpy()
    names = table.column("loan")
    return ArrearsColumns(table, tuple(names[int(row)].as_py() for row in np.flatnonzero(~plain.astype(np.bool_))))
