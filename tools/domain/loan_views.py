"""Everything about a debtor's loans at two clocks: schedule, arrears, dues ahead, classification and stage.

One function from terms, cash flows and postings to what the `loans` command shows. A restructured schedule and a replaced
loan keep the arrears they had: the past is settled against the schedule that held then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from tools.domain.allocation import DEFAULT_SETTINGS, RepaymentSettings
from tools.domain.arrears import Due, Overdue, bucket, dues_12m, next_due, overdue, regulatory_bucket
from tools.domain.calendars import WEEKENDS, BusinessCalendar
from tools.domain.classification import Classification, ClassificationRules, DebtorCase, LoanCase, classify_debtor
from tools.domain.instalments import ZERO, Schedule
from tools.domain.ledger import Ledger, settle
from tools.domain.loan_measures import loan_measures
from tools.domain.loan_rows import BLANK_RECORD, LoanRecord
from tools.domain.loans import CashFlow, LoanTerms, LoanTransaction, RateReset
from tools.domain.observation import DEFAULT_OBSERVATION, Observation, ObservationSettings, observe
from tools.domain.periods import Clocks
from tools.domain.postings import effective
from tools.domain.rules import Known
from tools.domain.schedules import build_schedule


@dataclass(frozen=True, slots=True)
class Predecessor:
    """A schedule or loan that held before: settled by its own postings up to `until`, the day it was replaced. The same loan
    id means an earlier schedule of this loan: postings before `until` belong to it."""

    terms: LoanTerms
    until: date
    flows: tuple[CashFlow, ...] = ()
    transactions: tuple[LoanTransaction, ...] = ()


@dataclass(frozen=True, slots=True)
class LoanInput:
    """One loan as handed over. `transactions` None: the bank gave no postings at all, so arrears are unknown.
    `measures`: what classification is told from elsewhere, such as use_changed. `stated_on`: the book date of the row; a loan
    closed in a later book was still running on an earlier business date when its postings say so. `notes`: flags of how it was read."""

    terms: LoanTerms
    record: LoanRecord = BLANK_RECORD
    flows: tuple[CashFlow, ...] = ()
    transactions: tuple[LoanTransaction, ...] | None = None
    resets: tuple[RateReset, ...] = ()
    predecessors: tuple[Predecessor, ...] = ()
    measures: Mapping[str, Known] = field(default_factory=dict)
    stated_on: date | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rulings:
    """The dated settings a view is made under."""

    classification: ClassificationRules
    repayment: RepaymentSettings = DEFAULT_SETTINGS
    observation: ObservationSettings = DEFAULT_OBSERVATION
    calendar: BusinessCalendar = WEEKENDS


@dataclass(frozen=True, slots=True)
class LoanView:
    """One loan at `clocks`. `dpd`, `overdue` and `ledger` are None when arrears are unknown; `missing` and `reason` say why.
    `max_dpd` reaches back over replaced schedules and loans (`inherited`: (loan, worst DPD) of each). `flags` as in Schedule
    and Ledger, plus no_transaction_history, penalty_rate_missing, balance_differs, balance_from_postings, closed, written_off."""

    terms: LoanTerms
    record: LoanRecord
    clocks: Clocks
    schedule: Schedule
    ledger: Ledger | None
    dpd: int | None
    overdue: Overdue | None
    next_due: Due | None
    dues_12m: Due | None
    max_dpd: int | None
    max_dpd_on: date | None
    inherited: tuple[tuple[str, int], ...]
    observation: Observation | None
    flags: tuple[str, ...]
    missing: tuple[str, ...]
    reason: str
    resets: tuple[RateReset, ...] = ()
    classification: Classification | None = None

    @property
    def bucket(self) -> str | None:
        """current, M1, M2 ...; None when arrears are unknown."""
        return None if self.dpd is None else bucket(self.dpd)

    @property
    def regulatory_bucket(self) -> str | None:
        """0, 1-90, 91-270, 271-360, >360; None when arrears are unknown."""
        return None if self.dpd is None else regulatory_bucket(self.dpd)

    @property
    def oldest_unpaid_due(self) -> date | None:
        """Due date DPD counts from."""
        return self.ledger.oldest_unpaid_due if self.ledger and self.dpd else None


def loan_views(loans: Sequence[LoanInput], debtor: DebtorCase, clocks: Clocks, rulings: Rulings) -> dict[str, LoanView]:
    """All loans of one debtor by id; debtor-level rules need them together."""
    views = {loan.terms.id: loan_view(loan, clocks, rulings) for loan in loans}
    cases = []
    for loan in loans:
        view = views[loan.terms.id]
        if view.terms.status == "closed":
            continue
        measures = loan_measures(view.terms, loan.record, view.dpd, _in_observation(view, debtor))
        balance = view.terms.balance if view.terms.balance is not None else ZERO
        cases.append(
            LoanCase(
                loan.terms.id, loan.record.classification, balance, loan.terms.currency, view.dpd,
                {**measures, **loan.measures},
            )
        )  # fmt: skip
    stages = {loan.terms.id: loan.record.stage for loan in loans}
    found = classify_debtor(cases, debtor, rulings.classification, clocks.as_of, stages)
    return {id: replace(view, classification=found.get(id)) for id, view in views.items()}


def loan_view(loan: LoanInput, clocks: Clocks, rulings: Rulings) -> LoanView:
    """One loan without its classification, which needs the debtor (see `loan_views`)."""
    terms = with_rules(loan.terms, rulings.repayment)
    since = max((past.until for past in loan.predecessors if past.terms.id == terms.id), default=date.min)
    own = tuple(posting for posting in loan.transactions or () if posting.value_date >= since)
    postings = effective(own, clocks)
    schedule = build_schedule(
        terms, loan.flows, resets=loan.resets, prepayments=postings.amounts("prepayment"), calendar=rulings.calendar
    )
    flags, missing, reason = [*schedule.flags, *loan.notes], schedule.missing, schedule.reason
    ledger = settle(terms, schedule, postings, clocks.as_of, rulings.repayment, loan.resets) if not reason else None
    if ledger is not None and _reopened(loan, ledger, own, clocks):
        terms = replace(terms, status="active", balance=_outstanding(loan, ledger, own, clocks))
        flags.append("balance_from_postings")
    elif (moved := _moved_since(loan, ledger, own, clocks, rulings)) and terms.balance is not None:
        terms = replace(terms, balance=terms.balance + moved)
        flags.append("balance_from_postings")
    closed = terms.status == "closed"
    if closed or terms.status == "written_off":
        flags.append(terms.status)
    if ledger is not None:
        flags += ledger.flags
    if loan.transactions is None and not closed:
        flags.append("no_transaction_history")
        missing, reason = (*missing, "loan_transactions"), reason or "not computable because loan_transactions is missing"
    known = ledger is not None and (loan.transactions is not None or closed)
    late = overdue(ledger) if ledger is not None and known else None
    if closed:
        late = Overdue(ZERO, ZERO, ZERO, ZERO)
    elif late is not None and late.penalty is None:
        flags.append("penalty_rate_missing")
    if known and not closed and terms.balance is not None and terms.balance != _outstanding(loan, ledger, own, clocks):
        flags.append("balance_differs")
    worst, worst_on, inherited = _past(loan, ledger if known else None, clocks, rulings)
    return LoanView(
        terms=terms, record=loan.record, clocks=clocks, schedule=schedule, ledger=ledger,
        dpd=(0 if closed else ledger.dpd) if ledger is not None and known else 0 if closed else None,
        overdue=late,
        next_due=next_due(ledger) if ledger is not None and not closed else None,
        dues_12m=None if ledger is None else Due(clocks.as_of, ZERO, ZERO) if closed else dues_12m(ledger),
        max_dpd=worst, max_dpd_on=worst_on, inherited=inherited,
        observation=_observation(loan, ledger if known else None, rulings),
        flags=tuple(dict.fromkeys(flags)), missing=missing, reason=reason, resets=loan.resets,
    )  # fmt: skip


def with_rules(terms: LoanTerms, settings: RepaymentSettings) -> LoanTerms:
    """The terms with the bank's own rules where the contract names none."""
    if terms.business_day_rule == "none" and settings.business_day_rule != "none":
        terms = replace(terms, business_day_rule=settings.business_day_rule)
    if terms.prepayment_rule is None and settings.prepayment_rule is not None:
        terms = replace(terms, prepayment_rule=settings.prepayment_rule)
    return terms


def _observation(loan: LoanInput, ledger: Ledger | None, rulings: Rulings) -> Observation | None:
    if loan.record.restructured_date is None or ledger is None:
        return None
    return observe(ledger, loan.record.restructured_date, rulings.observation)


def _in_observation(view: LoanView, debtor: DebtorCase) -> bool | None:
    """Restructured means changed in the debtor's favour while in difficulty: unknown when that happened without a date."""
    if view.record.restructured_date is not None:
        return view.observation.running if view.observation is not None else None
    changed = view.record.origin in ("refinance", "extension") or bool(view.record.extension_count)
    difficult = debtor.measures.get("in_financial_difficulty", Known(None)).value
    return None if changed and difficult else False


def _past(
    loan: LoanInput, ledger: Ledger | None, clocks: Clocks, rulings: Rulings
) -> tuple[int | None, date | None, tuple[tuple[str, int], ...]]:
    worst, worst_on = (ledger.max_dpd, ledger.max_dpd_on) if ledger is not None else (None, None)
    inherited: list[tuple[str, int]] = []
    for past in loan.predecessors:
        until = min(past.until, clocks.as_of)
        same = past.terms.id == loan.terms.id
        moved = (loan.transactions or ()) if same and not past.transactions else past.transactions
        postings = effective([p for p in moved if p.value_date < past.until], Clocks(until, clocks.known_at))
        resets = loan.resets if same else ()
        terms = with_rules(past.terms, rulings.repayment)
        schedule = build_schedule(
            terms, past.flows, resets=resets, prepayments=postings.amounts("prepayment"), calendar=rulings.calendar
        )
        if schedule.reason:
            continue
        settled = settle(terms, schedule, postings, until, rulings.repayment, resets)
        inherited.append((past.terms.id, settled.max_dpd))
        if worst is None or settled.max_dpd > worst:
            worst, worst_on = settled.max_dpd, settled.max_dpd_on
    return worst, worst_on, tuple(inherited)


def _reopened(loan: LoanInput, ledger: Ledger, own: Sequence[LoanTransaction], clocks: Clocks) -> bool:
    """Closed in a book that is younger than the business date, on which principal was still out."""
    late_news = loan.stated_on is not None and clocks.as_of < loan.stated_on and bool(loan.transactions)
    return loan.terms.status == "closed" and late_news and _outstanding(loan, ledger, own, clocks) > 0


def _moved_since(
    loan: LoanInput, ledger: Ledger | None, own: Sequence[LoanTransaction], clocks: Clocks, rulings: Rulings
) -> Decimal:
    """Principal paid back less drawn between the business date and the day the book states the balance for: the book knows only how
    the loan stands on its own day."""
    if loan.stated_on is None or clocks.as_of >= loan.stated_on or not loan.transactions:
        return ZERO
    then, stated = effective(own, clocks), effective(own, Clocks(loan.stated_on, clocks.known_at))

    def between(*types: str) -> Decimal:
        return stated.total(*types) - then.total(*types)

    back = between("principal", "prepayment", "write_off") - between("drawdown")
    if ledger is not None and between("payment", "recovery"):
        terms = with_rules(loan.terms, rulings.repayment)
        schedule = build_schedule(
            terms, loan.flows, resets=loan.resets, prepayments=stated.amounts("prepayment"), calendar=rulings.calendar
        )
        settled = settle(terms, schedule, stated, loan.stated_on, rulings.repayment, loan.resets)
        back += _untyped(settled, stated.total("principal")) - _untyped(ledger, then.total("principal"))
    return back


def _untyped(ledger: Ledger, typed: Decimal) -> Decimal:
    return sum((line.paid_principal for line in ledger.lines), ZERO) - typed


def _outstanding(loan: LoanInput, ledger: Ledger | None, own: Sequence[LoanTransaction], clocks: Clocks) -> Decimal:
    """Principal the postings leave: drawn (or the notional) less what was repaid, prepaid and written off."""
    postings = effective(own, clocks)
    drawn = postings.total("drawdown") or loan.terms.principal
    untyped = ZERO
    if ledger is not None and postings.total("payment", "recovery"):
        untyped = _untyped(ledger, postings.total("principal"))
    return drawn - postings.total("principal", "prepayment", "write_off") - untyped
