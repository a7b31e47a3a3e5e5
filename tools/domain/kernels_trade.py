"""Measured things of limits, who pays, whom a borrower lives by, his industry and his foreign money. Pure functions from a case."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from tools.domain import arithmetic
from tools.domain.loan_rows import shares_limit, transactions_of
from tools.domain.names import normal_name
from tools.domain.periods import Clocks, add_months
from tools.domain.postings import effective
from tools.domain.signal_case import FINISHED, ZERO, BookRow, Case, row_of, rows_of, unknown
from tools.domain.signals import Measured

Params = Mapping[str, Any]
LATE = datetime.max.replace(tzinfo=UTC)
PAID = ("principal", "interest", "penalty", "prepayment", "payment", "recovery")
LESS = ("principal", "prepayment", "write_off", "recovery")
STALE_MONTHS = 3
YEAR = 12
TOP = 5
ONE = Decimal(1)


def limit_use(case: Case, params: Params) -> Measured:
    """The least share of a limit that was drawn on any day of the last `months`, of the limit used most. A loan that states its own amount
    as its limit has none to fill."""
    if "loan_transactions" not in case.handed:
        return unknown("loan_transactions")
    since = add_months(case.as_of, -params["months"])
    found: list[tuple[Decimal, list[BookRow]]] = []
    for row in case.table("loans"):
        if row["status"] in FINISHED or not row.get("limit_amount"):
            continue
        group = [other for other in case.table("loans") if shares_limit(row, other)]
        drawn_once = sum((one["orig_notional"] for one in group if one["status"] not in FINISHED), ZERO)
        if len(group) == 1 and drawn_once >= row["limit_amount"]:
            continue
        if any(one.get("balance") is None for one in group) or len({one["currency_code"] for one in group}) > 1:
            return unknown("loans.balance")
        used = [arithmetic.divide(drawn, row["limit_amount"]) for drawn in _drawn(case, group, since)]
        found.append((min(used), group))
    if not found:
        return unknown("loans.limit_amount")
    share, group = max(found, key=lambda pair: pair[0])
    rows = tuple(part for one in group for part in case.loan_row(str(one["id"])))
    return Measured(share, rows, when=since, text="、".join(str(one["id"]) for one in group if one["status"] not in FINISHED))


def _drawn(case: Case, group: Sequence[BookRow], since: date) -> list[Decimal]:
    """What was drawn at `since` and after each change since: today's balances, posting by posting back."""
    changes: dict[date, Decimal] = defaultdict(lambda: ZERO)
    for loan in group:
        rows = [row for row in case.table("loan_transactions") if row["loan_id"] == loan["id"]]
        for posting in effective(transactions_of(rows), Clocks(case.as_of, LATE)).kept:
            if posting.value_date > since and posting.type in (*LESS, "drawdown"):
                changes[posting.value_date] += posting.amount if posting.type == "drawdown" else -posting.amount
    drawn = sum((loan["balance"] for loan in group), ZERO)
    found = [drawn]
    for day in sorted(changes, reverse=True):
        drawn -= changes[day]
        found.append(drawn)
    return found


def third_party_share(case: Case, params: Params) -> Measured:
    """Of what was repaid in the last `months`, the share that came from an account of somebody else."""
    if "loan_transactions" not in case.handed:
        return unknown("loan_transactions")
    since, own = add_months(case.as_of, -params["months"]), {str(row["id"]) for row in case.table("accounts")}
    rows = {str(row["id"]): row for row in case.table("loan_transactions")}
    kept = [
        rows[posting.id]
        for loan in {row["loan_id"] for row in rows.values()}
        for posting in effective(
            transactions_of(r for r in rows.values() if r["loan_id"] == loan), Clocks(case.as_of, LATE)
        ).kept
        if posting.type in PAID and posting.value_date > since
    ]
    if not kept:
        return unknown("loan_transactions of late")
    if len({row["currency_code"] for row in kept}) > 1:
        return unknown("exchange_rate")
    total = sum((row["amount"] for row in kept), ZERO)
    others = [row for row in kept if row.get("account_id") and str(row["account_id"]) not in own]
    silent = [row for row in kept if not row.get("account_id")]
    share = arithmetic.divide(sum((row["amount"] for row in others), ZERO), total)
    if not own or (silent and share < Decimal(str(params["enough"]))):
        return unknown("loan_transactions.account_id" if own else "accounts")
    return Measured(share, rows_of("loan_transactions", others[-3:] or kept[-1:]), when=max(row["value_date"] for row in kept))


def buyer_share(case: Case, params: Params) -> Measured:
    """Of what customers paid into the borrower's accounts here in the half-year before the last one, the share of the five largest."""
    halves = _buyers(case, params)
    if halves is None:
        return unknown("account_transactions of twelve months")
    before, _, rows = halves
    top = sorted(before.values(), reverse=True)[:TOP]
    return Measured(arithmetic.divide(sum(top, ZERO), sum(before.values(), ZERO)), rows_of("account_transactions", rows[-2:]))


def buyer_fall(case: Case, params: Params) -> Measured:
    """The largest fall of one of those five that paid at least the share `least` of it all: how far both quarters of the last half-year lie
    under its usual quarter before, at least, so that one late payment is no loss of a customer."""
    halves = _buyers(case, params)
    if halves is None:
        return unknown("account_transactions of twelve months")
    before, quarters, rows = halves
    least = sum(before.values(), ZERO) * Decimal(str(params["least"]))
    top = [one for one in sorted(before, key=lambda name: (-before[name], name))[:TOP] if before[one] >= least]
    if not top:
        return Measured(ZERO, rows_of("account_transactions", rows[-1:]))
    falls = {
        name: ONE - arithmetic.divide(2 * max(quarter.get(name, ZERO) for quarter in quarters), before[name]) for name in top
    }
    name = max(top, key=lambda one: falls[one])
    told = [row for row in rows if normal_name(row["counterparty_name"]) == name]
    return Measured(
        falls[name],
        rows_of("account_transactions", told[-3:]),
        text=str(told[-1]["counterparty_name"]),
        when=told[-1]["value_date"],
    )


def _buyers(case: Case, params: Params) -> tuple[dict[str, Decimal], tuple[dict[str, Decimal], ...], list[BookRow]] | None:
    """What each payer paid in the half-year before the last, and in each quarter since; None without lines over all of it or in several
    currencies. Money of the borrower's own, or whose memo says that it is lent or moved (`not_sales`), is no sale."""
    accounts = {str(row["id"]): row["currency_code"] for row in case.table("accounts")}
    lines = [row for row in case.table("account_transactions") if str(row["account_id"]) in accounts]
    year, half, quarter = (add_months(case.as_of, -months) for months in (12, 6, 3))
    if (
        not lines
        or min(row["value_date"] for row in lines) > add_months(year, 1)
        or max(row["value_date"] for row in lines) < add_months(case.as_of, -1)
    ):
        return None
    own, lent = normal_name(str(case.customer.get("name") or "")), params["not_sales"]
    paid = [
        row for row in lines
        if row["direction"] == "in" and row["value_date"] > year and not row.get("loan_id") and row.get("counterparty_name")
        and not (own and normal_name(row["counterparty_name"]).startswith(own))
        and not any(word in str(row.get("memo") or "").lower() for word in lent)
    ]  # fmt: skip
    if len({accounts[str(row["account_id"])] for row in paid}) != 1:
        return None
    parts: tuple[dict[str, Decimal], ...] = tuple(defaultdict(lambda: ZERO) for _ in range(3))
    for row in paid:
        place = 0 if row["value_date"] <= half else 1 if row["value_date"] <= quarter else 2
        parts[place][normal_name(row["counterparty_name"])] += row["amount"]
    return (parts[0], parts[1:], paid) if sum(parts[0].values(), ZERO) > 0 else None


def industry_months(case: Case, params: Params) -> Measured:
    """For how many of the newest months in a row a series of the borrower's industry has stood badly: an index below `index_below`, a price
    `fall` or more under the same month of the year before. The series of the closest industry counts."""
    if "market" not in case.handed:
        return unknown("market")
    industry, country = str(case.customer.get("industry_code") or ""), case.customer.get("country_code")
    if not industry:
        return unknown("customers.industry_code")
    fits = [
        row for row in case.table("market")
        if row.get("industry_code") and industry.startswith(row["industry_code"]) and row.get("country_code") in (None, country) and row["date"] <= case.as_of
    ]  # fmt: skip
    by_series: dict[str, list[BookRow]] = defaultdict(list)
    for row in sorted(fits, key=lambda one: one["date"]):
        by_series[row["series"]].append(row)
    fresh = {id: rows for id, rows in by_series.items() if rows[-1]["date"] > add_months(case.as_of, -STALE_MONTHS)}
    if not fresh:
        return unknown("market of the industry")
    told = [(_bad_months(rows, params), len(rows[-1]["industry_code"]), rows) for rows in fresh.values()]
    known = [(months, close, rows) for months, close, rows in told if months is not None]
    if not known:
        return unknown("market of a year before")
    closest = max(close for _, close, _ in known)
    months, _, rows = max(((m, c, r) for m, c, r in known if c == closest), key=lambda one: one[0])
    return Measured(
        Decimal(months),
        rows_of("market", rows[-3:]),
        when=rows[-1]["date"],
        text=str(rows[-1].get("name") or rows[-1]["series"]),
    )


def _bad_months(rows: Sequence[BookRow], params: Params) -> int | None:
    """None when a price has no month of the year before to stand against."""
    by_month = {(row["date"].year, row["date"].month): row for row in rows}
    months, day = 0, rows[-1]["date"].replace(day=1)
    while (row := by_month.get((day.year, day.month))) is not None:
        if str(row.get("unit") or "").lower() == "index":
            bad = row["value"] < Decimal(str(params["index_below"]))
        else:
            before = by_month.get((day.year - 1, day.month))
            if before is None or before["value"] <= 0:
                return months or None
            bad = row["value"] <= before["value"] * (1 - Decimal(str(params["fall"])))
        if not bad:
            return months
        months, day = months + 1, add_months(day, -1)
    return months


def foreign_net(case: Case, _: Params) -> Measured:
    """Exports of the last twelve reported months, as the foreign money the borrower lives by; unknown when he owes in another currency too,
    as the two are not added without a rate."""
    rows = sorted(
        (row for row in case.table("operations") if row["measure"] == "export_customs_value" and row["date"] <= case.as_of),
        key=lambda r: r["date"],
    )
    if not rows or rows[-1]["date"] <= add_months(case.as_of, -STALE_MONTHS):
        return unknown("operations.export_customs_value")
    first = add_months(rows[-1]["date"].replace(day=1), 1 - YEAR)
    year = [row for row in rows if row["date"] >= first]
    unit = year[-1].get("unit")
    if len({(row["date"].year, row["date"].month) for row in year}) != YEAR or len(year) != YEAR:
        return unknown("operations.export_customs_value of twelve months")
    if any(row.get("unit") != unit for row in year) or not unit or any(view.terms.currency != unit for view in case.running):
        return unknown("exchange_rate")
    return Measured(
        sum((row["value"] for row in year), ZERO), rows_of("operations", year[-2:]), when=year[-1]["date"], currency=str(unit)
    )


def capital_room(case: Case, params: Params) -> Measured:
    """By the regulator's formula on the last fiscal year, what is left of the need for working capital after existing loans (`part` room), or
    the need itself. The borrower's own funds are the bank's to state: when loans alone exceed the need they do not matter, when there is
    room even after all net working capital they do not either; between the two nobody can tell."""
    if case.need is None:
        return unknown("annual_statement")
    need, loans, figures = case.need()
    if need.need is None:
        return unknown(*(need.missing or ("annual_statement",)))
    value: Decimal | None = need.need
    if params.get("part") == "room":
        if loans is None:
            return unknown("short_term_borrowings")
        value = need.need - loans if need.need < loans else need.room if need.room is not None and need.room >= 0 else None
    if value is None:
        return unknown("own_funds")
    stated = (figure.currency or next((fact.currency for fact in figure.facts() if fact.currency), None) for figure in figures)
    currency = next((one for one in stated if one), None)
    ends = [figure.period_end for figure in figures]
    return Measured(value, when=max(ends, default=None), currency=currency, figures=tuple(figures))


def loans_of_type(case: Case, params: Params) -> Measured:
    """How many running loans are of one of `types`."""
    if not case.table("loans"):
        return unknown("loans")
    found = [row for row in case.table("loans") if row["status"] not in FINISHED and row["type"] in params["types"]]
    return Measured(Decimal(len(found)), tuple(row_of("loans", row) for row in found[:3]))
