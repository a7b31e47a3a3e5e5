"""Measured things of other lenders, guarantors, circles and the use of proceeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from tools.domain import arithmetic
from tools.domain.periods import add_months
from tools.domain.signal_case import ZERO, BookRow, Case, UseFlag, row_of, rows_of, unknown
from tools.domain.signals import Measured, worst

Params = Mapping[str, Any]
BUREAU_MONTHS = 12
"""A bureau report older than this says nothing of today."""
RANKS = {None: ZERO, "yellow": Decimal(1), "orange": Decimal(2), "red": Decimal(3)}


def bureau_field(case: Case, params: Params) -> Measured:
    """A column of the newest credit-bureau report."""
    report = _newest(case)
    column = params["column"]
    if report is None:
        return unknown("bureau")
    value = report.get(column)
    if value is None and report.get("other_bank_count") == 0 and column.startswith("other_bank"):
        value = 0
    if value is None:
        return unknown(f"bureau.{column}")
    currency = report.get("currency_code") if params.get("unit") == "currency" else None
    return Measured(Decimal(value), (row_of("bureau", report),), when=report["date"], currency=currency)


def limits_change(case: Case, params: Params) -> Measured:
    """Limits at all banks in the newest report against one about `months` before."""
    report = _newest(case)
    if report is None:
        return unknown("bureau")
    slack = params["slack"]
    earlier = [
        row for row in case.table("bureau")
        if add_months(report["date"], -params["months"] - slack) <= row["date"] <= add_months(report["date"], -params["months"] + slack)
        and row.get("limits_total")
    ]  # fmt: skip
    if not earlier or report.get("limits_total") is None:
        return unknown("bureau.limits_total")
    before = earlier[-1]
    if before.get("currency_code") != report.get("currency_code"):
        return unknown("exchange_rate")
    change = arithmetic.subtract(arithmetic.divide(report["limits_total"], before["limits_total"]), Decimal(1))
    return Measured(change, rows_of("bureau", [before, report]), when=report["date"])


def guarantee_left(case: Case, _: Params) -> Measured:
    """Days until the first guarantee of a running loan ends; below zero when it has."""
    if "guarantors" not in case.handed:
        return unknown("guarantors")
    running = {view.terms.id for view in case.running}
    found = [row for row in case.table("guarantors") if running & set(row["loan_ids"] or ()) and row.get("end_date")]
    if not found:
        return unknown("guarantors.end_date")
    first = min(found, key=lambda row: row["end_date"])
    return Measured(
        Decimal((first["end_date"] - case.as_of).days),
        (row_of("guarantors", first),),
        when=first["end_date"],
        text=str(first["name"]),
    )


def guarantor_count(case: Case, _: Params) -> Measured:
    """Guarantors of running loans."""
    if "guarantors" not in case.handed:
        return unknown("guarantors")
    running = {view.terms.id for view in case.running}
    found = [row for row in case.table("guarantors") if running & set(row["loan_ids"] or ())]
    return Measured(Decimal(len(found)), rows_of("guarantors", found), text="、".join(str(row["name"]) for row in found))


def guarantor_rank(case: Case, _: Params) -> Measured:
    """How badly the guarantors stand on their own account: 0 nothing, 1 yellow, 2 orange, 3 red; unknown for guarantors nobody watches."""
    around = case.neighbours
    known = {id: around.severities[id] for id in around.guarantors if id in around.severities}
    bad = worst(severity for severity in known.values() if severity)
    if bad in ("orange", "red") or (known and not around.outsiders and len(known) == len(around.guarantors)):
        named = [around.names.get(id, id) for id, severity in sorted(known.items()) if severity == bad]
        return Measured(RANKS[bad], around.rows, text="、".join(named), owners=frozenset(known) - {case.borrower})
    return unknown("guarantors.signals")


def guarantees_given(case: Case, _: Params) -> Measured:
    """Guarantees the borrower gave for others and that still run, added up."""
    if "relations" not in case.handed or not case.table("relations"):
        return unknown("relations")
    given = [
        row
        for row in case.table("relations")
        if row["relation"] == "guarantee_given" and (row.get("end_date") is None or row["end_date"] >= case.as_of)
    ]
    if any(row.get("amount") is None for row in given):
        return unknown("relations.amount")
    return Measured(sum((row["amount"] for row in given), ZERO), rows_of("relations", given), currency="CNY" if given else None)


def circle_size(case: Case, _: Params) -> Measured:
    """Firms in the guarantee circle the borrower is in; 0 outside any."""
    around = case.neighbours
    if not around.circle and not around.sees_all:
        return unknown("relations of other guarantors")
    direct = "、".join(name for id, name in sorted(around.names.items()) if id != case.borrower and id in around.circle)
    owners = frozenset(around.circle) - {case.borrower}
    return Measured(Decimal(len(around.circle)), around.rows if around.circle else (), text=direct, owners=owners)


def component_size(case: Case, _: Params) -> Measured:
    """Firms joined to the borrower by guarantees in either direction, itself included."""
    around = case.neighbours
    if len(around.component) < around.component_size and not around.sees_all:
        return unknown("relations of other guarantors")
    owners = frozenset(around.component) - {case.borrower}
    return Measured(Decimal(len(around.component)), around.rows if len(around.component) > 1 else (), owners=owners)


def circle_rank(case: Case, _: Params) -> Measured:
    """The worst own severity among all members of the circle or component, the borrower included: 0 to 3."""
    around = case.neighbours
    members = around.circle or around.component
    bad = worst(severity for id in members if (severity := around.severities.get(id)))
    return Measured(RANKS[bad], owners=frozenset(members) - {case.borrower})


def loans_here(case: Case, _: Params) -> Measured:
    """What the borrower owes us, in one currency."""
    owed = [(view.terms.balance, view.terms.currency, view.terms.id) for view in case.running]
    if not owed or any(balance is None for balance, _, _ in owed):
        return unknown("loans.balance")
    if len({currency for _, currency, _ in owed}) > 1:
        return unknown("exchange_rate")
    total = sum((balance for balance, _, _ in owed if balance is not None), ZERO)
    return Measured(total, tuple(row for _, _, id in owed for row in case.loan_row(id)), currency=owed[0][1])


def red_flushed(case: Case, params: Params) -> Measured:
    """Of the invoices given as vouchers in the last `months`, the share by amount that was red-flushed."""
    since = add_months(case.as_of, -params["months"])
    invoices = [
        row for row in case.table("evidence")
        if row.get("kind") == "invoice" and row.get("amount") and (row.get("date") is None or row["date"] > since)
    ]  # fmt: skip
    if not invoices:
        return unknown("evidence.invoices")
    flushed = [row for row in invoices if row.get("red_flushed_on") and row["red_flushed_on"] <= case.as_of]
    total, lost = (sum((row["amount"] for row in group), ZERO) for group in (invoices, flushed))
    when = max((row["red_flushed_on"] for row in flushed), default=None)
    return Measured(arithmetic.divide(lost, total), rows_of("evidence", flushed or invoices[:2]), when=when)


def use_rank(case: Case, params: Params) -> Measured:
    """The gravest verdict of a use-of-proceeds rule over all loans: 0 clear to 3 red. Unknown when a loan cannot be told and none hits."""
    usage = case.usage
    flags = [flag for flag in usage.flags if flag.rule == params["rule"]] if usage else []
    hit = [flag for flag in flags if flag.severity]
    if hit:
        top = _gravest(hit)
        return Measured(RANKS[top.severity], top.rows, text=top.loan, owners=top.owners)
    missing = [name for flag in flags for name in flag.missing]
    if usage is None or usage.blind or not flags:
        missing.append("account_transactions")
    return unknown(*dict.fromkeys(missing)) if missing else Measured(ZERO, text=flags[0].loan)


def use_share(case: Case, params: Params) -> Measured:
    """What the gravest verdict of a use-of-proceeds rule carries: the share it compares, or the amount."""
    flags = [flag for flag in case.usage.flags if flag.rule == params["rule"]] if case.usage else []
    if not flags:
        return unknown("account_transactions")
    top = _gravest(flags)
    if params.get("part") == "amount":
        currency = next((view.terms.currency for view in case.views if view.terms.id == top.loan), None)
        return Measured(top.amount, top.rows, text=top.loan, currency=currency, owners=top.owners)
    return (
        Measured(top.share, top.rows, text=top.loan, owners=top.owners)
        if top.share is not None
        else unknown(*(top.missing or ("account_transactions",)))
    )


def _gravest(flags: Sequence[UseFlag]) -> UseFlag:
    return max(flags, key=lambda flag: (RANKS[flag.severity], flag.share or ZERO, flag.amount))


def _newest(case: Case) -> BookRow | None:
    reports = [row for row in case.table("bureau") if row["date"] > _back(case.as_of)]
    return max(reports, key=lambda row: (row["date"], str(row["id"]))) if reports else None


def _back(day: date) -> date:
    return add_months(day, -BUREAU_MONTHS)
