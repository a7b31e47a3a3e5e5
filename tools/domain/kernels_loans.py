"""Measured things of loans, covenants and collateral: arrears, lateness, headroom, cover. Pure functions from a case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tools.domain import arithmetic
from tools.domain.covenant_tests import Assessment, CovenantTest
from tools.domain.facts import Row
from tools.domain.figures import Figure
from tools.domain.loan_views import LoanView
from tools.domain.periods import add_months
from tools.domain.signal_case import ZERO, Case, row_of, rows_of, unknown
from tools.domain.signals import Measured

Params = Mapping[str, Any]
FULL = ("principal", "prepayment")


def days_past_due(case: Case, _: Params) -> Measured:
    """Of the loan; `when` is the oldest due not fully paid."""
    view = _loan(case)
    if view.dpd is None:
        return unknown(*(view.missing or ("loan_transactions",)))
    return Measured(Decimal(view.dpd), case.loan_row(view.terms.id), when=view.oldest_unpaid_due, text=view.terms.id)


def overdue_amount(case: Case, _: Params) -> Measured:
    """Principal, interest and penalty overdue of the loan."""
    view = _loan(case)
    if view.overdue is None:
        return unknown(*(view.missing or ("loan_transactions",)))
    return Measured(view.overdue.total, case.loan_row(view.terms.id), currency=view.terms.currency)


def overdue_share(case: Case, _: Params) -> Measured:
    """What is overdue as a share of what is out of the loan, 1 when the books say that nothing is."""
    view = _loan(case)
    if view.overdue is None:
        return unknown(*(view.missing or ("loan_transactions",)))
    out = view.terms.balance
    share = arithmetic.divide(view.overdue.total, out) if out else Decimal(1)
    return Measured(share, case.loan_row(view.terms.id))


def technical_reason(case: Case, _: Params) -> Measured:
    """Whether an operational reason of the arrears is on record; what is not recorded does not excuse."""
    view = _loan(case)
    return Measured(view.record.technical_overdue_reason is not None, case.loan_row(view.terms.id))


def late_dues(case: Case, params: Params) -> Measured:
    """How many dues of the last `months` came at least `days` late, or have not come yet, over all loans."""
    since = add_months(case.as_of, -params["months"])
    late: list[tuple[date, str]] = []
    for view in case.views:
        if view.terms.status == "closed" and view.ledger is None:
            continue
        if view.ledger is None or view.dpd is None:
            return unknown("loan_transactions")
        late += [
            (line.date, view.terms.id)
            for line in view.ledger.lines
            if since < line.date <= case.as_of and _late(line, case.as_of) >= params["days"]
        ]
    loans = dict.fromkeys(loan for _, loan in late)
    rows = tuple(row for loan in loans for row in case.loan_row(loan))
    if not case.views:
        return unknown("loans")
    return Measured(Decimal(len(late)), rows, when=max((day for day, _ in late), default=None), text="、".join(loans))


def _late(line: Any, as_of: date) -> int:
    paid = line.settled_on
    return int(((paid if paid is not None else as_of) - line.date).days)


def extensions(case: Case, params: Params) -> Measured:
    """Running loans extended in the last `months`."""
    since = add_months(case.as_of, -params["months"])
    found = [
        row for row in case.table("loans")
        if row["status"] not in ("closed", "written_off") and ((row.get("origin") == "extension" and row["start_date"] >= since) or (row.get("extension_count") or 0) > 0)
    ]  # fmt: skip
    if not case.table("loans"):
        return unknown("loans")
    return Measured(Decimal(len(found)), rows_of("loans", found), text="、".join(str(row["id"]) for row in found))


def in_difficulty(case: Case, _: Params) -> Measured:
    """Whether the bank holds the borrower to be in financial difficulty."""
    value = case.customer.get("in_financial_difficulty")
    return (
        unknown("customers.in_financial_difficulty")
        if value is None
        else Measured(bool(value), (row_of("customers", case.customer),))
    )


def bridges(case: Case, params: Params) -> Measured:
    """Loans drawn within `days` after another was repaid in full or large part, in the last `months`, that are not recorded as
    a renewal or refinancing."""
    since, span = add_months(case.as_of, -params["months"]), timedelta(days=params["days"])
    if "loan_transactions" not in case.handed:
        return unknown("loan_transactions")
    known = {str(row["id"]): row for row in case.table("loans")}
    repaid = [
        (row, known[row["loan_id"]])
        for row in case.table("loan_transactions")
        if row["type"] in FULL and row["loan_id"] in known and row["value_date"] >= since
        and row["amount"] >= known[row["loan_id"]]["orig_notional"] * params["share"]
    ]  # fmt: skip
    found = []
    for row in case.table("loan_transactions"):
        loan = known.get(row["loan_id"])
        if (
            row["type"] != "drawdown"
            or loan is None
            or loan.get("origin") in ("renewal", "refinance", "extension")
            or loan.get("replaces_loan_id")
        ):
            continue
        before = [
            paid
            for paid, old in repaid
            if old["id"] != loan["id"] and timedelta(0) <= row["value_date"] - paid["value_date"] <= span
        ]
        if before:
            found.append((before[-1], row))
    rows = tuple(row_of("loan_transactions", row) for pair in found for row in pair)
    return Measured(Decimal(len(found)), rows, when=found[-1][1]["value_date"] if found else None)


def loan_to_value(case: Case, _: Params) -> Measured:
    """Balances of the loans that have collateral over the value of that collateral."""
    pledged = case.table("collateral")
    covered = {loan for row in pledged for loan in row["loan_ids"] or ()}
    loans = [view for view in case.running if view.terms.id in covered]
    owed = [view.terms.balance for view in loans]
    values = [row for row in pledged if any(view.terms.id in (row["loan_ids"] or ()) for view in loans)]
    if not values:
        return unknown("collateral")
    currencies = {view.terms.currency for view in loans} | {row["currency_code"] for row in values}
    if len(currencies) > 1:
        return unknown("exchange_rate")
    if any(row["value_date"] > case.as_of for row in values):
        # A valuation made later was not known on this day, and the one before it is not in the book.
        return unknown("collateral.value")
    total = sum((row["value"] for row in values), ZERO)
    if any(balance is None for balance in owed) or total <= 0:
        return unknown("loans.balance" if total > 0 else "collateral.value")
    debt = sum((balance for balance in owed if balance is not None), ZERO)
    return Measured(
        arithmetic.divide(debt, total), rows_of("collateral", values), when=min(row["value_date"] for row in values)
    )


def collateral_count(case: Case, params: Params) -> Measured:
    """How many pieces of collateral of running loans there are; `seized`: only those seized or with an earlier lien before ours."""
    if "collateral" not in case.handed:
        return unknown("collateral")
    running = {view.terms.id for view in case.running}
    found = [row for row in case.table("collateral") if running & set(row["loan_ids"] or ())]
    if params.get("seized"):
        found = [r for r in found if (r.get("seized_on") and r["seized_on"] <= case.as_of) or (r.get("lien_rank") or 1) > 1]
    days = [row["seized_on"] for row in found if row.get("seized_on")]
    described = "、".join(str(row.get("description") or row["id"]) for row in found)
    return Measured(Decimal(len(found)), rows_of("collateral", found), when=max(days, default=None), text=described)


def collateral_age(case: Case, _: Params) -> Measured:
    """Whole months since the oldest valuation of collateral of running loans."""
    running = {view.terms.id for view in case.running}
    found = [row for row in case.table("collateral") if running & set(row["loan_ids"] or ())]
    if not found:
        return unknown("collateral")
    oldest = min(found, key=lambda row: row["value_date"])
    day = oldest["value_date"]
    months = (case.as_of.year - day.year) * 12 + case.as_of.month - day.month - (case.as_of.day < day.day)
    return Measured(
        Decimal(months), (row_of("collateral", oldest),), when=day, text=str(oldest.get("description") or oldest["id"])
    )


def insurance_left(case: Case, _: Params) -> Measured:
    """Days until the first insurance of collateral of running loans ends; below zero when it has."""
    running = {view.terms.id for view in case.running}
    found = [r for r in case.table("collateral") if running & set(r["loan_ids"] or ()) and r.get("insurance_end_date")]
    if not found:
        return unknown("collateral.insurance_end_date")
    first = min(found, key=lambda row: row["insurance_end_date"])
    left = (first["insurance_end_date"] - case.as_of).days
    return Measured(
        Decimal(left),
        (row_of("collateral", first),),
        when=first["insurance_end_date"],
        text=str(first.get("description") or first["id"]),
    )


def covenants_breached(case: Case, _: Params) -> Measured:
    """How many numeric or event covenants fail their latest due test; reporting duties count elsewhere."""
    tested = [one for one in case.assessments if one.covenant.type != "reporting"]
    if not tested:
        return unknown("covenants")
    broken = [one for one in tested if one.latest.status == "breach"]
    if not broken and all(one.latest.status in ("not_evidenced", "stale") for one in tested):
        return unknown(*_lacking(tested))
    worst = min(broken, key=lambda one: (one.latest.headroom is not None, one.latest.headroom or ZERO), default=None)
    return Measured(
        Decimal(len(broken)), _clauses(case, broken), when=worst.latest.test_date if worst else None,
        text=worst.covenant.id if worst else "", figures=_figures(broken),
    )  # fmt: skip


def covenant_headroom(case: Case, _: Params) -> Measured:
    """The least headroom among maintenance covenants at their latest due test; unknown when one of them cannot be tested."""
    tested = [
        one for one in case.assessments if one.covenant.type == "maintenance" and one.latest.status not in ("waived", "not_due")
    ]
    tested = [one for one in tested if one.covenant.end_date is None or one.covenant.end_date >= case.as_of]
    known = [one for one in tested if one.latest.headroom is not None]
    lacking = [one for one in tested if one.latest.status in ("not_evidenced", "stale")]
    if lacking or not tested:
        return unknown(*(_lacking(lacking) or ("covenants",)))
    if not known:
        return unknown("covenants.headroom")
    least = min(known, key=lambda one: one.latest.headroom or ZERO)
    return Measured(
        least.latest.headroom,
        _clauses(case, [least]),
        when=least.latest.test_date,
        text=least.covenant.id,
        figures=_figures([least]),
    )


def covenant_part(case: Case, params: Params) -> Measured:
    """The actual value or the limit of the covenant with the least headroom, or of the worst breach."""
    tested = [
        one
        for one in case.assessments
        if one.covenant.type != "reporting" and one.latest.status in ("breach", "at_risk", "compliant")
    ]
    broken = [one for one in tested if one.latest.status == "breach"]
    pool = broken or [one for one in tested if one.latest.headroom is not None]
    if not pool:
        return unknown("covenants")
    one = min(pool, key=lambda found: (found.latest.headroom is not None, found.latest.headroom or ZERO))
    test = one.latest
    name = one.covenant.name
    if params["part"] == "name":
        return Measured(Decimal(len(pool)), _clauses(case, [one]), when=test.test_date, text=f"{one.covenant.id}({name})")
    if params["part"] == "room":
        rows, figures = _clauses(case, [one]), _figures([one])
        return (
            unknown("covenants.headroom")
            if test.headroom is None
            else Measured(test.headroom, rows, when=test.test_date, figures=figures)
        )
    value = test.actual if params["part"] == "actual" else test.limit.single if test.limit else None
    if value is None:
        return unknown("covenants.actual")
    unit = test.figure.unit if test.figure else "x"
    currency = test.figure.currency if test.figure and unit == "currency" else None
    return Measured(value, _clauses(case, [one]), when=test.test_date, currency=currency, text=unit, figures=_figures([one]))


def early_breaches(case: Case, params: Params) -> Measured:
    """Covenants whose statements are in before their test is due and already show a breach: how many, or the `part` of the worst."""
    if not case.assessments:
        return unknown("covenants")
    found = [
        (one, test)
        for one in case.assessments
        for test in one.tests
        if one.covenant.type != "reporting" and test.status == "not_due" and test.early == "breach"
    ]
    rows, figures = _clauses(case, [one for one, _ in found]), [test.figure for _, test in found if test.figure]
    one, test = min(
        found,
        key=lambda pair: (pair[1].headroom is not None, pair[1].headroom or ZERO, pair[0].covenant.id),
        default=(None, None),
    )
    part = params.get("part", "count")
    if one is None or test is None:
        return Measured(ZERO) if part == "count" else unknown("covenants")
    if part == "count":
        name = f"{one.covenant.id}({one.covenant.name})"
        return Measured(Decimal(len(found)), rows, when=test.test_date, text=name, figures=tuple(figures))
    if part == "due":
        return Measured(Decimal((test.due - case.as_of).days), rows, when=test.due) if test.due else unknown("covenants")
    value = test.actual if part == "actual" else test.limit.single if test.limit else None
    if value is None:
        return unknown("covenants.actual")
    unit = test.figure.unit if test.figure else "x"
    currency = test.figure.currency if test.figure and unit == "currency" else None
    return Measured(value, rows, when=test.test_date, currency=currency, text=unit, figures=tuple(figures))


def projected_breaches(case: Case, _: Params) -> Measured:
    """How many covenants that hold now are projected to fail within the next tests."""
    tested = [one for one in case.assessments if one.covenant.type == "maintenance"]
    if not tested:
        return unknown("covenants")
    ahead = [
        one
        for one in tested
        if one.latest.status in ("compliant", "at_risk") and one.projection is not None and one.projection.breach
    ]
    open_ = [one for one in tested if one.latest.status in ("not_evidenced", "stale")]
    if not ahead and open_:
        return unknown(*_lacking(open_))
    days = [one.projection.breach for one in ahead if one.projection and one.projection.breach]
    return Measured(
        Decimal(len(ahead)), _clauses(case, ahead), when=min(days, default=None), text="、".join(one.covenant.id for one in ahead),
        figures=_figures(ahead),
    )  # fmt: skip


def certificate_late(case: Case, _: Params) -> Measured:
    """Days by which what a covenant is tested on (certificate, statements) is late at most; 0 when nothing is."""
    late: list[tuple[int, date, str, tuple[Row, ...]]] = []
    for one in case.assessments:
        test = one.latest
        duty = one.covenant.type == "reporting" and test.status == "breach" and test.missing
        awaited = _awaited(one)
        # Papers that came but lack a line are not late: what is missing is asked for as a data gap.
        came = awaited.test_date in case.statement_ends
        untested = test.status in ("not_evidenced", "stale") and one.covenant.type == "maintenance" and not came
        due = awaited.due
        if due is not None and due < case.as_of and (duty or untested):
            late.append(((case.as_of - due).days, due, one.covenant.id, _clauses(case, [one])))
    for paper in case.papers:
        if paper.kind == "compliance_certificate" and paper.due and paper.received is None and paper.due < case.as_of:
            late.append(((case.as_of - paper.due).days, paper.due, "", (paper.row,) if paper.row else ()))
    if not case.assessments and not any(paper.kind == "compliance_certificate" for paper in case.papers):
        return unknown("covenants")
    if not late:
        return Measured(ZERO)
    days, due, id, rows = max(late, key=lambda found: found[0])
    return Measured(Decimal(days), rows, when=due, text=id)


def _awaited(one: Assessment) -> CovenantTest:
    """The test whose papers are looked for: of a stale covenant the one that could not be made, not the older one that was."""
    latest = one.latest
    return (
        next((test for test in one.tests if test.test_date == latest.due_test), latest) if latest.status == "stale" else latest
    )


def waivers(case: Case, params: Params) -> Measured:
    """Waivers that ended within the last `months` or are still running."""
    if not case.assessments:
        return unknown("covenants")
    since = add_months(case.as_of, -params["months"])
    given = [
        (one, waiver)
        for one in case.assessments
        for waiver in one.covenant.waivers
        if waiver.until is None or waiver.until >= since
    ]
    return Measured(
        Decimal(len(given)), _clauses(case, [one for one, _ in given]), text="、".join(one.covenant.id for one, _ in given)
    )


def _lacking(tested: list[Assessment]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for one in tested for name in one.latest.missing)) or ("statements",)


def _figures(tested: list[Assessment]) -> tuple[Figure, ...]:
    return tuple(one.latest.figure for one in tested if one.latest.figure is not None)


def _clauses(case: Case, tested: list[Assessment]) -> tuple[Row, ...]:
    wanted = {one.covenant.id for one in tested}
    return rows_of("covenants", [row for row in case.table("covenants") if row["id"] in wanted])


def _loan(case: Case) -> LoanView:
    assert case.loan is not None, "a loan-level measure needs a loan"
    return case.loan
