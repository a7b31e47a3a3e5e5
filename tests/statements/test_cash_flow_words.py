"""Words of cash flow statements that name a total without "activities", or name a movement and not a payment."""

from __future__ import annotations

from decimal import Decimal

from ingestion.reading import extract_bytes

PRINTED = """Orchard Lane Software Inc
CONSOLIDATED STATEMENTS OF CASH FLOWS
(in thousands of U.S. dollars)
"Year Ended June 30,",2025,2024
Operations,,
Net income,72,61
Adjustments to reconcile net income to net cash from operations:,,
"Depreciation, amortization, and other",13,11
Changes in operating assets and liabilities:,,
Accounts receivable,(4),(6)
Income taxes,(3),7
Net cash from operations,78,73
Financing,,
Repayments of debt,(20),(9)
Common stock issued,8,1
Common stock cash dividends paid,(19),(16)
Net cash used in financing,(31),(24)
Investing,,
Additions to property and equipment,(28),(20)
Net cash used in investing,(28),(20)
Net change in cash and cash equivalents,19,29
"Cash and cash equivalents, beginning of period",34,5
"Cash and cash equivalents, end of period",53,34
"""


def _newest(text: str) -> dict[str, Decimal]:
    facts = extract_bytes(text.encode(), "cash_flows.csv", kind="statement").facts
    last = max(fact.period.end for fact in facts)
    return {fact.item: fact.value / 1000 for fact in facts if fact.period.end == last}


def test_totals_of_operations_financing_and_investing_need_not_say_activities() -> None:
    newest = _newest(PRINTED)
    totals = {item: newest[item] for item in ("net_cash_operating", "net_cash_financing", "net_cash_investing")}
    assert totals == {"net_cash_operating": 78, "net_cash_financing": -31, "net_cash_investing": -28}
    assert [newest[item] for item in ("equity_proceeds", "dividends_paid")] == [8, 19]


def test_what_a_tax_liability_moved_by_is_no_tax_paid() -> None:
    assert "taxes_paid" not in _newest(PRINTED)
    paid = PRINTED + "Supplemental cash flow information:,,\nIncome taxes,15,12\n"
    assert _newest(paid)["taxes_paid"] == 15


def test_cash_from_operations_before_interest_and_tax_is_not_the_cash_of_operating_activities() -> None:
    text = PRINTED.replace(
        "Net cash from operations,78,73\n",
        "Net cash generated from operations,78,73\nInterest paid,(6),(5)\nNet cash generated from operating activities,72,68\n",
    ).replace("cash and cash equivalents,19,29", "cash and cash equivalents,13,24")
    assert _newest(text)["net_cash_operating"] == 72
