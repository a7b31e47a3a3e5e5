"""All ratios, dues and days past due of a whole portfolio: the columnar run against hand-written SQL and against ORM objects.

Each engine runs in a process of its own, so that its peak memory is its own. The columnar run says how many rows it left to the
Decimal evaluator; those are decided and timed too.
"""

from __future__ import annotations

import resource
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.bench import Measure
from eval.bench.portfolio_data import AS_OF, YEARS, write_portfolio
from eval.bench.portfolio_objects import row_by_row

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from tools.columns.table import FactTable
    from tools.domain.facts import Fact, Scope

KNOWN = datetime(2026, 11, 1, tzinfo=UTC)
SMALL, LARGE = 100_000, 1_000_000
OBJECTS = 300
TABLES = ("loans", "loan_cash_flows", "loan_transactions")
GIB = 2**30
MONTHS = 16


@dataclass(frozen=True, slots=True)
class Run:
    """`seconds` of wall time, `peak` bytes of memory, `known` figures with a value, `again` figures decided in Decimal."""

    seconds: float
    peak: int
    known: int
    again: int
    late: int


def bench_portfolio(say: Callable[[str], None], loans: int = LARGE) -> list[Measure]:
    """Columns against SQL and objects at `loans`, and how time grows from a tenth of them."""
    from tools.rulebook.loader import load_rulebook

    small = max(loans // 10, 1000)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for size in (small, loans):
            say(f"writing a portfolio of {size:,} loans")
            write_portfolio(root / str(size), size, load_rulebook())
        runs: dict[tuple[str, int], Run] = {}
        for size in (small, loans):
            for name, engine in (("columns", columnar), ("sql", handwritten)):
                say(f"{name} over {size:,} loans")
                runs[name, size] = _alone(engine, root / str(size))
        say(f"objects, row by row, over {OBJECTS} loans")
        objects = _alone(objects_run, root / str(small))
    ours, sql = runs["columns", loans], runs["sql", loans]
    growth = ours.seconds / runs["columns", small].seconds
    per_loan = (objects.seconds / OBJECTS) / (ours.seconds / loans)
    said = f"{ours.seconds:.1f} s at {loans:,} loans, {ours.known:,} figures, {ours.again:,} decided in Decimal, {ours.late:,} loans past due"
    return [
        Measure("portfolio", "the same as hand-written DuckDB queries", ours.seconds / sql.seconds, "<= 2", ours.seconds <= 2 * sql.seconds,
                f"{said}; SQL {sql.seconds:.1f} s, {sql.known:,} figures, {sql.late:,} loans past due"),
        Measure("portfolio per loan", "row-by-row ORM objects", per_loan, ">= 100", per_loan >= 100,
                f"{objects.seconds / OBJECTS * 1000:.2f} ms a loan row by row on {OBJECTS} loans"),
        Measure("portfolio growth", f"the run over {small:,} loans", growth, "<= 12", growth <= 12,
                f"{runs['columns', small].seconds:.1f} s at {small:,} loans"),
        Measure("portfolio memory", "one GiB", ours.peak / GIB, "<= 3", ours.peak <= 3 * GIB, f"SQL {sql.peak / GIB:.2f} GiB"),
    ]  # fmt: skip


def _alone(engine: Callable[[Path], Run], folder: Path) -> Run:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(engine, folder).result()


def _run(began: float, known: int, again: int, late: int) -> Run:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return Run(time.perf_counter() - began, peak, known, again, late)


def columnar(folder: Path) -> Run:
    """The product's columns, shard by shard; doubtful figures by the Decimal evaluator."""
    import duckdb
    import pyarrow.parquet as pq

    from tools.columns.arrears import arrears_of
    from tools.columns.portfolio import Portfolio
    from tools.domain.evaluation import Evaluator
    from tools.domain.factbook import FactBook
    from tools.domain.periods import Clocks
    from tools.rulebook.loader import load_rulebook

    rules = load_rulebook()
    began = time.perf_counter()
    with duckdb.connect() as connection:
        for name in TABLES:
            connection.execute(f"CREATE VIEW {name} AS SELECT * FROM '{folder / name}.parquet'")
        arrears = arrears_of(connection, Clocks(AS_OF, KNOWN))
        late = int((arrears.table.column("dpd").fill_null(0).to_numpy() > 0).sum())
        late += sum(1 for dpd in _ledgers(connection, arrears.others) if dpd)
    known, again = 0, len(arrears.others)
    for path in sorted(folder.glob("facts-*.parquet")):
        table = fact_table(pq.read_table(path, read_dictionary=["item"]))
        portfolio = Portfolio(rules, table)
        for name in rules.ratios:
            column = portfolio.at(name, YEARS[0])
            known += int(((column.state == 0) & ~column.doubt).sum())
            for row in column.doubt.nonzero()[0]:
                again += 1
                facts = facts_of(table, int(row))
                known += Evaluator(rules, FactBook(facts, standard="CAS")).figure(name, YEARS[0]).value is not None
    return _run(began, known, again, late)


def _ledgers(connection: duckdb.DuckDBPyConnection, loans: Sequence[str]) -> list[int | None]:
    """Days past due of the loans only the ledger can tell."""
    from tools.domain.loan_views import LoanInput, Rulings, loan_view
    from tools.domain.loans import CashFlow, LoanTerms, LoanTransaction
    from tools.domain.periods import Clocks
    from tools.rulebook.loan_rules import load_classification

    def rows(sql: str) -> list[tuple[Any, ...]]:
        return connection.execute(f"{sql} IN (SELECT unnest(?::VARCHAR[]))", [list(loans)]).fetchall()

    flows: dict[str, list[CashFlow]] = defaultdict(list)
    for loan, *flow in rows(
        "SELECT loan_id, loan_id || payment_date || type, payment_date, type, amount FROM loan_cash_flows WHERE loan_id"
    ):
        flows[loan].append(CashFlow(*flow))
    posted: dict[str, list[LoanTransaction]] = defaultdict(list)
    for loan, *posting in rows(
        "SELECT loan_id, loan_id || value_date || type, value_date, type, amount FROM loan_transactions WHERE loan_id"
    ):
        posted[loan].append(LoanTransaction(*posting))
    rulings, clocks = Rulings(load_classification()), Clocks(AS_OF, KNOWN)
    found = []
    for terms in rows(
        """SELECT id, _borrower, currency_code, orig_notional, rate, start_date, end_date, repayment_type, repayment_frequency
           FROM loans WHERE id"""
    ):
        loan = LoanTerms(*terms)
        view = loan_view(LoanInput(loan, flows=tuple(flows[loan.id]), transactions=tuple(posted[loan.id])), clocks, rulings)
        found.append(view.dpd)
    return found


def handwritten(folder: Path) -> Run:
    """DuckDB alone: pivot, ratios, and dues and days past due in one window query."""
    import duckdb

    from eval.bench.portfolio_sql import ratio_query
    from tools.rulebook.loader import load_rulebook

    rules = load_rulebook()
    names = list(rules.ratios)
    began = time.perf_counter()
    with duckdb.connect() as connection:
        ((late, *_),) = connection.execute(_DPD_SQL.format(folder=folder, as_of=AS_OF)).fetchall()
        known = 0
        for path in sorted(folder.glob("facts-*.parquet")):
            query = ratio_query(rules, f"'{path}'", (YEARS[0].isoformat(), YEARS[1].isoformat()), names)
            table = connection.sql(query).to_arrow_table()
            known += sum(table.num_rows - table.column(name).null_count for name in names)
    return _run(began, known, 0, late)


def objects_run(folder: Path) -> Run:
    """Loans one by one through ORM objects."""
    seconds, known, late = row_by_row(folder, OBJECTS)
    return Run(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, known, 0, late)


_DPD_SQL = """
WITH grown AS (
  SELECT loan_id, payment_date, type, sum(amount) OVER (PARTITION BY loan_id, type ORDER BY payment_date) AS due
  FROM '{folder}/loan_cash_flows.parquet'
), paid AS (
  SELECT loan_id, type, sum(amount) AS amount FROM '{folder}/loan_transactions.parquet' WHERE value_date <= DATE '{as_of}' GROUP BY ALL
), state AS (
  SELECT g.loan_id, date_diff('day', min(payment_date) FILTER (due > coalesce(p.amount, 0) AND payment_date < DATE '{as_of}'), DATE '{as_of}') AS dpd,
    greatest(max(due) FILTER (payment_date < DATE '{as_of}') - max(coalesce(p.amount, 0)), 0) AS overdue,
    greatest(max(due) FILTER (payment_date <= DATE '{as_of}' + INTERVAL 12 MONTH) - max(coalesce(p.amount, 0)), 0) AS near
  FROM grown g LEFT JOIN paid p ON p.loan_id = g.loan_id AND p.type = g.type GROUP BY g.loan_id, g.type
), loans AS (
  SELECT loan_id, max(dpd) AS dpd, sum(overdue) AS overdue, sum(near - overdue) AS dues_12m FROM state GROUP BY loan_id
)
SELECT count(*) FILTER (dpd > 0), sum(overdue), sum(dues_12m) FROM loans
"""


def fact_table(columns: pa.Table) -> FactTable:
    """The generator's columns as a FactTable: every number printed in full, one currency, one standard."""
    import numpy as np

    from tools.columns.table import FactTable, ranked

    items = columns["item"].unify_dictionaries().combine_chunks()
    names = items.dictionary.to_pylist()
    base = int(columns["borrower"].to_numpy().min())
    who, people = ranked(columns["borrower"].to_numpy().astype(np.int64) - base)
    ends = columns["period_end"].combine_chunks().dictionary_encode()
    days, end = ends.dictionary.to_pylist(), ends.indices.to_numpy().astype(np.int64)
    months = columns["period_months"].to_numpy().astype(np.int64)
    codes, spell = ranked((items.indices.to_numpy().astype(np.int64) * len(days) + end) * MONTHS + months)
    spells: list[tuple[str, date, int, Scope]] = [
        (names[one // MONTHS // len(days)], days[one // MONTHS % len(days)], one % MONTHS, "consolidated")
        for one in codes.tolist()
    ]
    size = len(spell)
    return FactTable(
        [f"C{one + base}" for one in who.tolist()], spells, people, spell,
        columns["cents"].to_numpy().astype(np.float64), np.ones(size), np.zeros(size, np.bool_), np.zeros(size, np.bool_),
        ["CAS"] * len(who), ["CNY"] * len(who),
    )  # fmt: skip


def facts_of(table: FactTable, row: int) -> list[Fact]:
    """One borrower's facts as objects, for the Decimal evaluator."""
    from tools.domain.facts import Fact, Source
    from tools.domain.periods import Period

    cent, one = Decimal("0.01"), Decimal(1)
    made = []
    for place in (table.borrower == row).nonzero()[0]:
        item, end, months, scope = table.spells[int(table.spell[place])]
        value = (Decimal(int(table.cents[place])) * cent).quantize(cent)
        made.append(
            Fact(str(place), item, value, "CNY", Period(end, months), scope, "", "", table.borrowers[row], Source("", ""), "", str(value), one, one)
        )  # fmt: skip
    return made
