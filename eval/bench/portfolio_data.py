"""A portfolio of any size as Parquet: loans with given schedules and postings, and two years of statements that add up.

One borrower in five loans. Statements leave out nil lines in eight ways, so that the proof by addition has work; a twentieth of
the loans are behind, one in two hundred has a posting of a sort only the ledger understands.
"""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import numpy as np

from tools.domain.definitions import Rulebook

AS_OF = date(2026, 10, 31)
YEARS = (date(2025, 12, 31), date(2024, 12, 31))
SHARD_BORROWERS = 20_000
LOANS_A_BORROWER = 5
DUES_A_LOAN = 12


def write_portfolio(folder: Path, loans: int, rulebook: Rulebook, seed: int = 20261031) -> None:
    """loans.parquet, loan_cash_flows.parquet, loan_transactions.parquet and facts-NNN.parquet in `folder`."""
    import duckdb

    folder.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect()
    connection.execute("SELECT setseed(0.42)")
    connection.execute(
        f"""CREATE TABLE loans AS SELECT 'L' || i AS id, 'C' || (i // {LOANS_A_BORROWER}) AS _borrower, 'CNY' AS currency_code,
        'active' AS status, 0.0435::DECIMAL(18,12) AS rate, DATE '2025-12-20' AS start_date, DATE '2026-12-15' AS end_date,
        NULL::DATE AS first_payment_date, NULL::DATE AS restructured_date, 0 AS extension_count, 'equal_principal' AS repayment_type, 'monthly' AS repayment_frequency,
        (100000 + (random() * 900000)::INT)::DECIMAL(18,2) AS part, (hash(i) % 20 = 0) AS behind, (hash(i) % 200 = 7) AS odd
        FROM range({loans}) t(i)"""
    )
    connection.execute(
        f"""CREATE TABLE dues AS SELECT l.id AS loan_id, (DATE '2026-01-15' + INTERVAL (m) MONTH)::DATE AS payment_date, part AS principal,
        (part * ({DUES_A_LOAN} - m) * 435 / 120000)::DECIMAL(18,2) AS interest, behind, odd, m FROM loans l, range({DUES_A_LOAN}) t(m)"""
    )
    for name, query in {
        "loans": f"SELECT * EXCLUDE (part, behind, odd), (part * {DUES_A_LOAN})::DECIMAL(18,2) AS orig_notional FROM loans",
        "loan_cash_flows": """SELECT loan_id, payment_date, 'principal' AS type, principal AS amount FROM dues
             UNION ALL SELECT loan_id, payment_date, 'interest', interest FROM dues""",
        "loan_transactions": f"""SELECT loan_id, value_date, type, amount, NULL::TIMESTAMP AS posted_at FROM (
             SELECT loan_id, payment_date AS value_date, CASE WHEN odd AND m = 3 THEN 'prepayment' ELSE 'principal' END AS type,
               principal AS amount, behind, m FROM dues
             UNION ALL SELECT loan_id, payment_date, 'interest', interest, behind, m FROM dues)
             WHERE value_date <= DATE '{AS_OF}' AND NOT (behind AND m >= 6)""",
    }.items():
        connection.execute(f"COPY ({query}) TO '{folder / name}.parquet' (FORMAT parquet)")
    connection.close()
    borrowers = -(-loans // LOANS_A_BORROWER)
    for start in range(0, borrowers, SHARD_BORROWERS):
        _facts(
            folder / f"facts-{start // SHARD_BORROWERS:03}.parquet",
            start,
            min(borrowers, start + SHARD_BORROWERS),
            rulebook,
            seed,
        )


def _facts(path: Path, start: int, stop: int, rulebook: Rulebook, seed: int) -> None:
    """Facts as the store hands them over as columns, money as cents."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    size, parts = stop - start, []
    people = np.arange(start, stop)
    for year in YEARS:
        chance = np.random.default_rng([seed, start, year.year])
        for item, cents, printed in _statement(rulebook, people % 8, chance, size):
            stock = rulebook.items[item].stock
            rows = np.flatnonzero(printed)
            parts.append(
                pa.table(
                    {
                        "borrower": pa.array(people[rows].astype(np.int32)), "item": _constant(item, len(rows)),
                        "period_end": pa.array(np.full(len(rows), np.datetime64(year))),
                        "period_months": pa.array(np.full(len(rows), 0 if stock else 12, np.int8)), "cents": pa.array(cents[rows]),
                    }
                )
            )  # fmt: skip
    pq.write_table(pa.concat_tables(parts).unify_dictionaries(), path)


def _constant(text: str, size: int) -> object:
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(size, np.int16)), pa.array([text]))


def _statement(
    rulebook: Rulebook, pattern: np.ndarray, chance: np.random.Generator, size: int
) -> list[tuple[str, np.ndarray, np.ndarray]]:
    """(item, cents, printed) of one year: leaves at random, subtotals their sums, notes beside them."""
    sections, made = rulebook.sections, dict[str, tuple[np.ndarray, np.ndarray]]()
    ways = random.Random(1)
    nil = {item: ways.randint(0, 7) for item in rulebook.items}

    def grow(section: str) -> np.ndarray:
        members = sections.members(section)
        if not members:
            dropped = pattern == nil[section] if section not in sections.never_zero else np.zeros(size, np.bool_)
            value = np.where(dropped, 0, chance.integers(10**7, 10**10, size))
            made[section] = (value, ~dropped)
            return value
        total = sum((sign * grow(item) for item, sign in members), np.zeros(size, np.int64))
        made[section] = (total, np.ones(size, np.bool_))
        return np.asarray(total)

    grow("total_assets")
    grow("total_liabilities_and_equity")
    grow("net_profit")
    for item in rulebook.items.values():
        if item.id not in made:
            made[item.id] = (chance.integers(10**6, 10**9, size), np.ones(size, np.bool_))
    return [(item, cents, printed) for item, (cents, printed) in made.items()]
