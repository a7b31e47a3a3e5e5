"""Days past due, what is overdue and what falls due in twelve months, for every loan at once.

A loan is *plain* when the bank gave its schedule with principal and interest and its core system typed every posting: then the
oldest unpaid due is the first date by which more has fallen due than was paid, principal and interest each on its own, and
DuckDB's exact decimals say the same as `tools.domain.ledger`. Prepayments, reversals, untyped money and schedules that must be
generated make a loan not plain: it is named, and the Decimal ledger serves it. Penalty interest is the ledger's alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from tools.domain.callers import Caller
from tools.domain.periods import Clocks, add_months

if TYPE_CHECKING:
    import pyarrow as pa

    from tools.store.loan_book import LoanBook

TABLES = ("loans", "loan_cash_flows", "loan_transactions")
_SQL = """
WITH
due AS (
  SELECT loan_id, payment_date,
         coalesce(sum(amount) FILTER (type = 'principal'), 0) AS principal,
         coalesce(sum(amount) FILTER (type = 'interest'), 0) AS interest
  FROM loan_cash_flows GROUP BY ALL
),
grown AS (
  SELECT loan_id, payment_date, sum(principal) OVER upto AS principal, sum(interest) OVER upto AS interest
  FROM due WINDOW upto AS (PARTITION BY loan_id ORDER BY payment_date)
),
paid AS (
  SELECT loan_id,
         coalesce(sum(amount) FILTER (type = 'principal'), 0) AS principal,
         coalesce(sum(amount) FILTER (type = 'interest'), 0) AS interest,
         bool_or(type IN ('prepayment', 'reversal', 'payment', 'recovery')) AS odd
  FROM loan_transactions
  WHERE value_date <= $as_of AND (posted_at IS NULL OR posted_at <= $known_at)
  GROUP BY loan_id
),
terms AS (
  SELECT *, CASE repayment_frequency WHEN 'monthly' THEN 1 WHEN 'quarterly' THEN 3 WHEN 'semi_annually' THEN 6 WHEN 'annually' THEN 12 END
              AS months
  FROM loans
),
told AS (
  SELECT l.id, l._borrower, l.currency_code, l.status, l.rate, l.orig_notional, l.start_date, l.end_date,
         CASE WHEN l.first_payment_date IS NOT NULL THEN l.first_payment_date + INTERVAL (45) DAY
              WHEN l.months IS NULL OR l.repayment_type IN ('interest_only', 'bullet') THEN l.end_date
              ELSE l.start_date + INTERVAL (l.months) MONTH + INTERVAL (45) DAY END AS lead_time,
         coalesce(p.principal, 0) AS paid_principal, coalesce(p.interest, 0) AS paid_interest, coalesce(p.odd, false) AS odd
  FROM terms l LEFT JOIN paid p ON p.loan_id = l.id
),
run AS (
  SELECT t.id,
         min(g.payment_date) FILTER (
           g.payment_date < $as_of
           AND greatest(g.principal - t.paid_principal, 0) + greatest(g.interest - t.paid_interest, 0) > $tolerance
         ) AS oldest,
         min(g.payment_date) FILTER (g.principal > 0) AS first_principal,
         max(g.principal) AS all_principal, max(g.interest) AS all_interest,
         max(g.principal) FILTER (g.payment_date < $as_of) AS past_principal,
         max(g.interest) FILTER (g.payment_date < $as_of) AS past_interest,
         max(g.principal) FILTER (g.payment_date <= $until) AS near_principal,
         max(g.interest) FILTER (g.payment_date <= $until) AS near_interest
  FROM told t JOIN grown g ON g.loan_id = t.id GROUP BY t.id
),
open AS (
  SELECT t.*, r.oldest,
         $history AND r.all_principal > 0 AND (r.all_interest > 0 OR t.rate = 0) AND NOT t.odd
           AND NOT (r.all_principal < t.orig_notional AND r.first_principal > t.lead_time) AS plain,
         greatest(coalesce(r.past_principal, 0) - t.paid_principal, 0) AS late_principal,
         greatest(coalesce(r.past_interest, 0) - t.paid_interest, 0) AS late_interest,
         greatest(coalesce(r.near_principal, 0) - t.paid_principal, 0) AS reach_principal,
         greatest(coalesce(r.near_interest, 0) - t.paid_interest, 0) AS reach_interest
  FROM told t LEFT JOIN run r ON r.id = t.id
)
SELECT id AS loan, _borrower AS borrower, currency_code AS currency,
       coalesce(plain, false) OR done AS plain,
       CASE WHEN done THEN 0 WHEN plain THEN coalesce(date_diff('day', oldest, $as_of), 0) END AS dpd,
       CASE WHEN plain AND NOT done THEN oldest END AS oldest_unpaid_due,
       CASE WHEN done THEN 0 WHEN plain THEN late_principal END AS overdue_principal,
       CASE WHEN done THEN 0 WHEN plain THEN late_interest END AS overdue_interest,
       CASE WHEN done THEN 0 WHEN plain THEN reach_principal - late_principal END AS dues_12m_principal,
       CASE WHEN done THEN 0 WHEN plain THEN reach_interest - late_interest END AS dues_12m_interest
FROM (SELECT *, status = 'closed' AND NOT $past AS done FROM open)
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
        # The store keeps times in UTC without a zone mark.
        values = {
            "as_of": clocks.as_of, "until": add_months(clocks.as_of, 12), "known_at": clocks.known_at.replace(tzinfo=None),
            "tolerance": tolerance, "history": history, "past": past,
        }  # fmt: skip
        table = connection.sql(_SQL, params=values).to_arrow_table()
    plain = table.column("plain").to_pylist()
    others = tuple(loan for loan, told in zip(table.column("loan").to_pylist(), plain, strict=True) if not told)
    return ArrearsColumns(table, others)
