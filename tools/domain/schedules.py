"""The contractual schedule of one loan: given cash flows where the bank has them, generated from the terms where not.

Handbook 5: 等额本息, 等额本金, 先息后本, 到期一次还本付息, step, balloon, irregular. Instalments are rounded to cents and the last
one absorbs the remainder. A prepayment shortens the loan: level payments stay level, other principal falls away from the
last instalment backwards, and interest runs on what is left. Rate resets re-cut level payments over the term that remains.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from tools.domain.annuities import annuity_rows
from tools.domain.calendars import WEEKENDS, BusinessCalendar
from tools.domain.daycounts import cents
from tools.domain.given_flows import GivenRows, given_rows, lead_time
from tools.domain.instalments import ZERO, Instalment, Schedule
from tools.domain.interest import BalancePath, RatePath, convention, period_interest
from tools.domain.loans import MONTHS, CashFlow, LoanTerms, RateReset
from tools.domain.payment_dates import PaymentPeriod, payment_periods
from tools.domain.periods import add_months

Plan = list[tuple[date, Decimal]]
Prepayments = Sequence[tuple[date, Decimal]]
_NEED_FLOWS = "not computable because loan_cash_flows is missing"


def build_schedule(
    terms: LoanTerms,
    flows: Iterable[CashFlow] = (),
    *,
    resets: Sequence[RateReset] = (),
    prepayments: Prepayments = (),
    calendar: BusinessCalendar = WEEKENDS,
) -> Schedule:
    """The schedule of `terms`. `prepayments` are (value date, amount) already paid ahead of it.

    Never raises for a bank's data: terms that contradict themselves give a schedule with a `reason`.
    """
    given = given_rows(flows)
    try:
        rows, flags, excess = _rows(terms, given, RatePath(terms.rate, resets), sorted(prepayments))
    except ValueError as error:
        return Schedule(missing=("loan terms",), reason=f"not computable because {error}")
    if rows is None:
        return Schedule(missing=("loan_cash_flows",), reason=_NEED_FLOWS)
    if terms.rate_type == "variable" and not resets and not given.has_interest:
        flags.append("rate_history_missing")
    if terms.business_day_rule != "none":
        rows = _moved(rows, terms, calendar)
    return Schedule(tuple(rows), tuple(flags), unscheduled_prepayments=tuple(excess))


def _rows(
    terms: LoanTerms, given: GivenRows, rates: RatePath, prepayments: Prepayments
) -> tuple[list[Instalment] | None, list[str], Plan]:
    flags: list[str] = []
    needs_flows = (
        terms.repayment_type == "irregular"
        or (terms.repayment_type == "step" and not terms.stages)
        or (terms.repayment_type == "balloon" and terms.balloon is None)
    )
    level = terms.repayment_type in ("equal_instalment", "step", "balloon")
    if needs_flows and not given.days:
        return None, flags, []
    if given.principal or needs_flows:
        plan = sorted(given.principal.items())
        if sum(given.principal.values()) != terms.principal:
            flags.append("principal_differs")
        if plan and sum(given.principal.values()) < terms.principal and plan[0][0] > lead_time(terms):
            flags.append("starts_late")
        if not given.has_interest and terms.rate:
            flags.append("interest_generated")
    elif level and not given.has_interest:
        rows, excess = annuity_rows(terms, rates, prepayments)
        return _with_fees(rows, given), flags, excess
    elif level:
        rows, _ = annuity_rows(terms, rates, ())
        plan = [(row.date, row.principal) for row in rows]
    else:
        plan = _principal_plan(terms)
    kept, excess, absorbed = _shortened(plan, prepayments, terms.prepayment_rule == "lower")
    before = BalancePath(sum((amount for _, amount in plan), ZERO), [(day, -amount) for day, amount in plan])
    changes = [(day, -amount) for day, amount in kept] + [(day, -amount) for day, amount in absorbed]
    after = BalancePath(sum((amount for _, amount in plan), ZERO), changes)
    if given.has_interest:
        interest = _given_interest(terms, given, before, after, bool(absorbed))
    else:
        interest = _generated_interest(terms, given, plan, after, rates)
    return _merged(dict(kept), interest, given), flags, excess


def _principal_plan(terms: LoanTerms) -> Plan:
    if terms.repayment_type in ("interest_only", "bullet"):
        return [(terms.end_date, terms.principal)]
    first = terms.first_payment_date
    ahead, behind = MONTHS[terms.repayment_frequency], MONTHS[terms.interest_frequency or terms.repayment_frequency]
    if first is not None and ahead and behind and ahead > behind:
        # the first payment is one of interest; principal follows at its own pace
        first = add_months(first, ahead - behind)
    if ahead is None or (first is not None and first >= terms.end_date):
        return [(terms.end_date, terms.principal)]
    periods = payment_periods(terms.start_date, terms.end_date, terms.repayment_frequency, first, merge_stub=True)
    part, left = cents(terms.principal / len(periods)), terms.principal
    plan: Plan = []
    for period in periods[:-1]:
        plan.append((period.end, min(part, left)))
        left -= plan[-1][1]
    return [*plan, (periods[-1].end, left)]


def _shortened(plan: Plan, prepayments: Prepayments, lower: bool) -> tuple[Plan, Plan, Plan]:
    """The plan after prepayments, what no later instalment could take, and what was taken (by date)."""
    kept = list(plan)
    excess: Plan = []
    absorbed: Plan = []
    for day, amount in prepayments:
        ahead = [index for index, (due, _) in enumerate(kept) if due > day]
        room = sum((kept[index][1] for index in ahead), ZERO)
        taken = min(amount, room)
        if amount > taken:
            excess.append((day, amount - taken))
        if taken:
            absorbed.append((day, taken))
        if lower and room:
            left = room - taken
            for index in ahead[:-1]:
                share = cents(kept[index][1] * left / room) if room else ZERO
                taken_here = kept[index][1] - share
                kept[index] = (kept[index][0], share)
                taken -= taken_here
            kept[ahead[-1]] = (kept[ahead[-1]][0], kept[ahead[-1]][1] - taken)
            continue
        for index in reversed(ahead):
            cutback = min(kept[index][1], taken)
            kept[index] = (kept[index][0], kept[index][1] - cutback)
            taken -= cutback
    return kept, excess, absorbed


def _interest_periods(terms: LoanTerms, given: GivenRows, plan: Plan) -> tuple[PaymentPeriod, ...]:
    end = max(terms.end_date, plan[-1][0]) if plan else terms.end_date
    frequency = terms.interest_frequency or terms.repayment_frequency
    if terms.repayment_type == "bullet":
        frequency = "at_maturity"
    elif given.principal and MONTHS[frequency] is None:
        days = sorted({day for day, _ in plan} | {end})
        starts = [terms.start_date, *days]
        return tuple(PaymentPeriod(a, b, None) for a, b in zip(starts, days, strict=False) if a < b)
    merge = terms.repayment_type == "equal_principal" and not given.principal
    return payment_periods(terms.start_date, end, frequency, terms.first_payment_date, merge_stub=merge)


def _generated_interest(
    terms: LoanTerms, given: GivenRows, plan: Plan, balances: BalancePath, rates: RatePath
) -> dict[date, Decimal]:
    rule = convention(terms)
    return {
        period.end: cents(period_interest(period, balances, rates, rule)) for period in _interest_periods(terms, given, plan)
    }


def _given_interest(
    terms: LoanTerms, given: GivenRows, before: BalancePath, after: BalancePath, prepaid: bool
) -> dict[date, Decimal]:
    """Given interest stands; after a prepayment it shrinks with the balance it was computed on."""
    if not prepaid:
        return dict(given.interest)
    result: dict[date, Decimal] = {}
    opened = terms.start_date
    for day, amount in sorted(given.interest.items()):
        was = before.weight(opened, day) if opened < day else ZERO
        result[day] = cents(amount * after.weight(opened, day) / was) if was else amount
        opened = max(opened, day)
    return result


def _merged(principal: dict[date, Decimal], interest: dict[date, Decimal], given: GivenRows) -> list[Instalment]:
    rows = []
    for day in sorted({*principal, *interest, *given.fees}):
        row = Instalment(
            day,
            principal.get(day, ZERO),
            interest.get(day, ZERO),
            given.fees.get(day, ZERO),
            "given" if day in given.days else "generated",
        )
        if row.principal or row.interest or row.fee:
            rows.append(row)
    return rows


def _with_fees(rows: list[Instalment], given: GivenRows) -> list[Instalment]:
    if not given.fees:
        return rows
    return _merged({row.date: row.principal for row in rows}, {row.date: row.interest for row in rows}, given)


def _moved(rows: list[Instalment], terms: LoanTerms, calendar: BusinessCalendar) -> list[Instalment]:
    """Generated dates moved to business days; amounts stay, as interest is not adjusted unless a contract says so."""
    principal: dict[date, Decimal] = {}
    interest: dict[date, Decimal] = {}
    fees: dict[date, Decimal] = {}
    given: set[date] = set()
    for row in rows:
        day = row.date if row.source == "given" else calendar.adjust(row.date, terms.business_day_rule)
        principal[day] = principal.get(day, ZERO) + row.principal
        interest[day] = interest.get(day, ZERO) + row.interest
        fees[day] = fees.get(day, ZERO) + row.fee
        if row.source == "given":
            given.add(day)
    return _merged(principal, interest, GivenRows({}, {}, fees, frozenset(given)))
