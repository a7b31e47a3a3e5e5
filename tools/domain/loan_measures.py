"""What classification asks about a loan and its debtor, answered from the loan book where the book can.

A blank column is unknown, not no. Two things are knowledge although they are absences: a technical reason nobody recorded
does not exempt, and an event feed that was handed over and holds no such event says that there was none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from tools.domain.classification import DebtorCase
from tools.domain.loan_rows import BookRow, LoanRecord
from tools.domain.loans import LoanTerms
from tools.domain.rules import Known, RowId

_SMALL = ("micro", "small")
Words = Mapping[str, tuple[str, ...]]
"""rulebook/classification/events.yaml: what to look for in events."""


def loan_measures(terms: LoanTerms, record: LoanRecord, dpd: int | None, in_observation: bool | None) -> dict[str, Known]:
    """The measures of one loan. `in_observation` None: restructured, but the period cannot be read off the schedule."""
    row: tuple[RowId, ...] = (("loans", terms.id),)
    balance = terms.balance
    share = record.impairment_amount / balance if record.impairment_amount is not None and balance else None
    restructured = record.restructured_date is not None
    again = None if restructured and (record.extension_count or 0) > 1 else False
    return {
        "days_past_due": Known(dpd, row),
        "technical_reason_recorded": Known(record.technical_overdue_reason is not None, row),
        "renewal": Known(None if record.origin is None else record.origin == "renewal", row),
        "refinance": Known(None if record.origin is None else record.origin == "refinance", row),
        "maturity": Known(terms.end_date, row),
        "credit_impaired": Known(None if record.stage is None else record.stage == 3, row),
        "ecl_share": Known(share, row),
        "in_observation": Known(in_observation, row),
        "npl_before_restructuring": Known(None if restructured else False, row),
        "restructured_again_in_observation": Known(again, row),
    }


def debtor_case(
    customer: BookRow,
    words: Words,
    bureau: BookRow | None = None,
    events: Iterable[BookRow] | None = None,
    more: Mapping[str, Known] | None = None,
) -> DebtorCase:
    """The debtor of a `customers` row. `bureau`: the newest report on or before the business date; `words`: as ClassificationRules has them; `events`: those up to
    it, None when the bank hands over no event feed; `more`: measures from elsewhere (use of proceeds, group, a person)."""
    row: tuple[RowId, ...] = (("customers", customer["id"]),)
    size = customer.get("enterprise_size")
    measures = {
        "enterprise_small_or_micro": Known(None if size is None else size in _SMALL, row),
        "enterprise_medium": Known(None if size is None else size == "medium", row),
        "enterprise_large": Known(None if size is None else size == "large", row),
        "in_financial_difficulty": Known(customer.get("in_financial_difficulty"), row),
        **_event_measures(events, words),
        **(more or {}),
    }
    report: BookRow = bureau or {}
    count = report.get("other_bank_count")
    return DebtorCase(
        retail=_retail(customer),
        measures=measures,
        currency=report.get("currency_code"),
        elsewhere_balance=Decimal(0) if count == 0 else report.get("other_bank_balance"),
        elsewhere_overdue_90=Decimal(0) if count == 0 else report.get("other_bank_overdue_90"),
        elsewhere_npl=Decimal(0) if count == 0 else report.get("other_bank_npl"),
        bureau_rows=(("bureau", bureau["id"]),) if bureau else (),
    )


def _retail(customer: BookRow) -> bool | None:
    """Personal and small and micro claims. A firm of unknown size is not given the easier treatment; an "sme" may be medium."""
    size = customer.get("enterprise_size")
    if customer.get("type") == "individual" or size in _SMALL:
        return True
    return None if customer.get("type") == "sme" and size is None else False


def _event_measures(events: Iterable[BookRow] | None, words: Words) -> dict[str, Known]:
    names = ("bankruptcy_liquidation", "dishonest_or_abnormal", "rating_cut_sharply", "evades_debts")
    if events is None:
        return dict.fromkeys(names, Known(None))
    listed = [event for event in events if event.get("subject") in (None, "company")]
    bankrupt = [event for event in listed if event["type"] == "bankruptcy"]
    liquidated = [event for event in bankrupt if _says(event, words["liquidation"])]
    dishonest = [event for event in listed if event["type"] in words["dishonest_types"] or _abnormal(event, words)]
    rated = [event for event in listed if event["type"] == "rating_change"]
    evading = [event for event in listed if _says(event, words["evasion"])]
    return {
        # a filing may end in reorganisation: only a notice that says liquidation proves it
        "bankruptcy_liquidation": Known(True if liquidated else None if bankrupt else False, _rows(liquidated or bankrupt)),
        "dishonest_or_abnormal": Known(bool(dishonest), _rows(dishonest)),
        "rating_cut_sharply": Known(None if rated else False, _rows(rated)),
        "evades_debts": Known(bool(evading), _rows(evading)),
    }


def _abnormal(event: BookRow, words: Words) -> bool:
    return bool(event["type"] == "business_status_change" and _says(event, words["abnormal"]))


def _says(event: BookRow, words: tuple[str, ...]) -> bool:
    text: Any = f"{event.get('title') or ''} {event.get('detail') or ''}".lower()
    return any(word in text for word in words)


def _rows(events: Iterable[BookRow]) -> tuple[RowId, ...]:
    return tuple(("events", event["id"]) for event in events)
