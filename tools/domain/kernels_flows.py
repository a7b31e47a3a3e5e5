"""Measured things that move month by month: meters, tax and invoices, account balances, collections, payroll."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tools.domain import arithmetic
from tools.domain.periods import add_months, month_end
from tools.domain.signal_case import ZERO, BookRow, Case, row_of, rows_of, unknown
from tools.domain.signals import Measured

Params = Mapping[str, Any]
STALE_MONTHS = 3
"""A monthly series whose newest month is older says nothing of today."""
Month = tuple[int, int]


def yearly_change(case: Case, params: Params) -> Measured:
    """A monthly measure against the same months of the year before. `mode` each: the mildest of the last `months` months, so that a
    limit it passes is passed by all of them; sum: the months together."""
    series = _series(case, params["measure"])
    months = _last(series, params["months"], case.as_of)
    if months is None:
        return unknown(f"operations.{params['measure']}")
    pairs = [(series[month], series.get((month[0] - 1, month[1]))) for month in months]
    if any(before is None or before["value"] <= 0 for _, before in pairs):
        return unknown(f"operations.{params['measure']} a year before")
    kept = [(now, before) for now, before in pairs if before is not None]
    rows = rows_of("operations", [row for pair in kept for row in pair])
    newest = kept[-1][0]["date"]
    if params.get("mode", "each") == "sum":
        now, then = (sum((pair[place]["value"] for pair in kept), ZERO) for place in (0, 1))
        return Measured(_change(now, then), rows, when=newest)
    if params.get("mode") == "latest":
        now, then = kept[-1][0]["value"], kept[-1][1]["value"]
        return Measured(_change(now, then), rows, when=newest)
    return Measured(max(_change(now["value"], then["value"]) for now, then in kept), rows, when=newest)


def change_back(case: Case, params: Params) -> Measured:
    """The newest value of a monthly measure against the one `months` before."""
    for name in params["measures"]:
        series = _series(case, name)
        months = _last(series, 1, case.as_of)
        if months is None:
            continue
        year, month = months[0]
        then = add_months(date(year, month, 1), -params["months"])
        before = series.get((then.year, then.month))
        if before is None or before["value"] <= 0:
            continue
        now = series[months[0]]
        return Measured(_change(now["value"], before["value"]), rows_of("operations", [before, now]), when=now["date"])
    return unknown(*(f"operations.{name}" for name in params["measures"]))


def period_sum(case: Case, params: Params) -> Measured:
    """A monthly measure added up over the months of the newest statement's year to date; every month must be there."""
    series = _series(case, params["measure"])
    if not series or case.figure is None:
        return unknown(f"operations.{params['measure']}")
    for end in reversed(case.statement_ends):
        revenue = case.figure("revenue", end, "ytd")
        if revenue.value is None or end < add_months(case.as_of, -params["stale_months"]):
            continue
        facts = [fact for fact in revenue.facts() if fact.period.months]
        length = max((fact.period.months for fact in facts if fact.period.end == end), default=0)
        if not length:
            continue
        wanted = [(d.year, d.month) for d in (add_months(end.replace(day=1), -back) for back in range(length))]
        if any(month not in series for month in wanted):
            continue
        rows = [series[month] for month in sorted(wanted)]
        total = sum((row["value"] for row in rows), ZERO)
        if params.get("against_revenue"):
            if revenue.value <= 0:
                continue
            gap = arithmetic.divide(arithmetic.subtract(revenue.value, total), revenue.value)
            return Measured(gap, rows_of("operations", rows), when=end, figures=(revenue,))
        if params.get("revenue"):
            return Measured(revenue.value, (), when=end, figures=(revenue,), currency=revenue.currency)
        return Measured(total, rows_of("operations", rows), when=end, currency=revenue.currency)
    return unknown(f"operations.{params['measure']}", "statements of the same months")


def balance_drop(case: Case, params: Params) -> Measured:
    """Average balance of the last `months` over that of the last twelve, less one."""
    path = _balances(case)
    if path is None:
        return unknown("account_transactions")
    days, rows = path
    start, year = add_months(case.as_of, -params["months"]), add_months(case.as_of, -12)
    if min(days) > year + timedelta(days=45):
        return unknown("account_transactions of twelve months")
    recent, long = _average(days, start, case.as_of), _average(days, year, case.as_of)
    if long <= 0:
        return unknown("account_transactions with a balance")
    return Measured(_change(recent, long), rows_of("account_transactions", rows[-2:]), when=case.as_of)


def low_days(case: Case, params: Params) -> Measured:
    """Days of the last whole month on which the accounts together held nothing or less."""
    path = _balances(case)
    if path is None:
        return unknown("account_transactions")
    days, rows = path
    last = month_end(add_months(case.as_of.replace(day=1), -1)) if case.as_of != month_end(case.as_of) else case.as_of
    first = last.replace(day=1)
    low = sum(
        1
        for number in range((last - first).days + 1)
        if (held := _at(days, first + timedelta(days=number))) is not None and held <= 0
    )
    return Measured(Decimal(low), rows_of("account_transactions", rows[-1:]), when=last)


def collections(case: Case, params: Params) -> Measured:
    """What came into the accounts in the last `months` from others than the bank, the borrower itself and lenders."""
    rows = _transactions(case, params["months"])
    if rows is None:
        return unknown("account_transactions")
    own = {str(case.customer.get("name") or "")}
    came = [row for row in rows if row["direction"] == "in" and not row.get("loan_id") and row.get("counterparty_name") not in own
            and not _says(row, params.get("not_words", ()))]  # fmt: skip
    return _total(came)


def memo_change(case: Case, params: Params) -> Measured:
    """What was paid under the given words in the last whole month against the average of the three before."""
    paid = _monthly(case, params)
    if paid is None:
        return unknown("account_transactions")
    if len(paid) < 4:
        return unknown(f"account_transactions: {params['words'][0]}")
    months = _whole_months(case.as_of, 4)
    sums = [sum((row["amount"] for row in paid.get(month, ())), ZERO) for month in months]
    before = arithmetic.divide(sum(sums[1:], ZERO), Decimal(3))
    if before <= 0:
        return unknown(f"account_transactions: {params['words'][0]}")
    rows = [row for month in months for row in paid.get(month, ())]
    return Measured(_change(sums[0], before), rows_of("account_transactions", rows[-6:]), when=month_end(date(*months[0], 1)))


def periodic_payments(case: Case, params: Params) -> Measured:
    """The most payments to one person under words of lending, about a month apart and about equal, in the last `months`."""
    rows = _transactions(case, params["months"])
    if rows is None:
        return unknown("account_transactions")
    by_payee: dict[str, list[BookRow]] = defaultdict(list)
    for row in rows:
        name = str(row.get("counterparty_name") or "")
        if (
            row["direction"] == "out"
            and name
            and _says(row, params["words"])
            and not any(word in name.lower() for word in params["firms"])
        ):
            by_payee[str(row["counterparty_name"])].append(row)
    best: list[BookRow] = []
    for paid in by_payee.values():
        paid.sort(key=lambda row: row["value_date"])
        run = paid[:1]
        for row in paid[1:]:
            gap = (row["value_date"] - run[-1]["value_date"]).days
            alike = abs(row["amount"] - run[-1]["amount"]) <= run[-1]["amount"] * params["tolerance"]
            run = [*run, row] if params["gap"][0] <= gap <= params["gap"][1] and alike else [row]
            if len(run) > len(best):
                best = run
    name = str(best[0]["counterparty_name"]) if best else ""
    return Measured(
        Decimal(len(best)), rows_of("account_transactions", best), when=best[-1]["value_date"] if best else None, text=name
    )


def _series(case: Case, measure: str) -> dict[Month, BookRow]:
    """Newest row of each month."""
    return {(row["date"].year, row["date"].month): row for row in case.table("operations") if row["measure"] == measure}


def _last(series: Mapping[Month, BookRow], count: int, as_of: date) -> list[Month] | None:
    """The newest `count` months in a row, oldest first; None when the series is too short, has a gap or is stale."""
    if not series:
        return None
    newest = max(series)
    if (as_of.year - newest[0]) * 12 + as_of.month - newest[1] > STALE_MONTHS:
        return None
    first = date(newest[0], newest[1], 1)
    months = [(d.year, d.month) for d in (add_months(first, -back) for back in range(count - 1, -1, -1))]
    return months if all(month in series for month in months) else None


def _change(now: Decimal, before: Decimal) -> Decimal:
    return arithmetic.subtract(arithmetic.divide(now, before), Decimal(1))


def _transactions(case: Case, months: int) -> list[BookRow] | None:
    """Account lines of the last `months`; None when the bank hands over none or has none of this borrower."""
    rows = case.table("account_transactions")
    if not rows:
        return None
    since = add_months(case.as_of, -months)
    return [row for row in rows if row["value_date"] > since]


def _total(rows: Sequence[BookRow]) -> Measured:
    currencies = {row["currency_code"] for row in rows}
    if len(currencies) > 1:
        return unknown("exchange_rate")
    total = sum((row["amount"] for row in rows), ZERO)
    largest = sorted(rows, key=lambda row: row["amount"])[-3:]
    return Measured(
        total, tuple(row_of("account_transactions", row) for row in largest), currency=currencies.pop() if currencies else None
    )


def _balances(case: Case) -> tuple[dict[date, Decimal], list[BookRow]] | None:
    """Total balance of the accounts at the end of each day on which it changed, one currency; None when it is not known."""
    rows = [row for row in case.table("account_transactions") if row.get("balance_after") is not None]
    if not rows or len({row["currency_code"] for row in rows}) > 1:
        return None
    rows.sort(key=lambda row: (row["value_date"], row.get("sequence") or 0, str(row["id"])))
    held: dict[str, Decimal] = {}
    days: dict[date, Decimal] = {}
    for row in rows:
        held[str(row["account_id"])] = row["balance_after"]
        days[row["value_date"]] = sum(held.values(), ZERO)
    return days, rows


def _at(days: Mapping[date, Decimal], day: date) -> Decimal | None:
    known = [changed for changed in days if changed <= day]
    return days[max(known)] if known else None


def _average(days: Mapping[date, Decimal], start: date, end: date) -> Decimal:
    """Time-weighted over (start, end]; before the first known day nothing counts."""
    changes = sorted(days)
    total, length = ZERO, 0
    for place, day in enumerate(changes):
        until = changes[place + 1] if place + 1 < len(changes) else end + timedelta(days=1)
        left, right = max(day, start + timedelta(days=1)), min(until, end + timedelta(days=1))
        if right > left:
            span = (right - left).days
            total += days[day] * span
            length += span
    return arithmetic.divide(total, Decimal(length)) if length else ZERO


def _monthly(case: Case, params: Params) -> dict[Month, list[BookRow]] | None:
    rows = _transactions(case, 8)
    if rows is None:
        return None
    found: dict[Month, list[BookRow]] = defaultdict(list)
    for row in rows:
        if row["direction"] == "out" and _says(row, params["words"]):
            found[row["value_date"].year, row["value_date"].month].append(row)
    return found


def _whole_months(as_of: date, count: int) -> list[Month]:
    """The last whole months up to `as_of`, newest first."""
    first = as_of.replace(day=1) if as_of == month_end(as_of) else add_months(as_of.replace(day=1), -1)
    return [(d.year, d.month) for d in (add_months(first, -back) for back in range(count))]


def _says(row: BookRow, words: Sequence[str]) -> bool:
    text = f"{row.get('memo') or ''} {row.get('channel') or ''}".lower()
    return any(word in text for word in words)
