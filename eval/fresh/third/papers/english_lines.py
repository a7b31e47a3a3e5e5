"""Lines of international and of American accounts as this bank's foreign borrowers word them, by the books they add up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from eval.sample_bank.papers.report import Period

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@dataclass(frozen=True, slots=True)
class Row:
    """`parts`: item to sign; none for a heading. `strong` for totals."""

    label: str
    parts: Mapping[str, int] = field(default_factory=dict)
    strong: bool = False


def _of(*names: str, sign: int = 1) -> dict[str, int]:
    return dict.fromkeys(names, sign)


def month_day(period: Period) -> str:
    """March 31, 2026 for a balance; Year Ended or Six Months Ended for a flow."""
    end, months = period
    day = f"{_MONTHS[end.month - 1]} {end.day}, {end.year}"
    return day if not months else f"{ {12: 'Year', 9: 'Nine Months', 6: 'Six Months', 3: 'Three Months'}[months] } Ended {day}"


def day_month(period: Period) -> str:
    """31 March 2026."""
    return f"{period[0].day} {_MONTHS[period[0].month - 1]} {period[0].year}"


_OPERATING = {
    "profit_before_tax": 1,
    "interest_expense": 1,
    "interest_income": -1,
    "non_operating_income": -1,
    "non_operating_expenses": 1,
}

AMERICAN: dict[str, tuple[Row, ...]] = {
    "balance": (
        Row("ASSETS"),
        Row("Cash and cash equivalents", _of("cash_and_equivalents")),
        Row("Trade accounts receivable, net", _of("accounts_receivable")),
        Row("Inventories", _of("inventories")),
        Row("Prepaid and other current assets", _of("prepayments", "other_receivables", "other_current_assets")),
        Row("Total current assets", _of("total_current_assets"), True),
        Row("Property, plant and equipment, net", _of("ppe_net", "construction_in_progress")),
        Row("Goodwill", _of("goodwill")),
        Row("Other intangible assets, net", _of("intangible_assets")),
        Row("Other noncurrent assets", _of("other_noncurrent_assets", "deferred_tax_assets")),
        Row("TOTAL ASSETS", _of("total_assets"), True),
        Row("LIABILITIES AND SHAREHOLDERS' EQUITY"),
        Row("Short-term debt", _of("short_term_borrowings")),
        Row("Current portion of long-term debt", _of("current_portion_lt_debt")),
        Row("Accounts payable", _of("accounts_payable", "notes_payable")),
        Row("Accrued payroll and benefits", _of("employee_benefits_payable")),
        Row("Other current liabilities", _of("contract_liabilities", "other_payables", "taxes_payable", "other_current_liabilities")),
        Row("Total current liabilities", _of("total_current_liabilities"), True),
        Row("Long-term debt, less current portion", _of("long_term_borrowings")),
        Row("Deferred income taxes", _of("deferred_tax_liabilities")),
        Row("Total liabilities", _of("total_liabilities"), True),
        Row("Common stock and additional paid-in capital", _of("share_capital", "capital_surplus")),
        Row("Retained earnings", _of("undistributed_profit", "surplus_reserve")),
        Row("Total shareholders' equity", _of("total_equity"), True),
        Row("TOTAL LIABILITIES AND SHAREHOLDERS' EQUITY", _of("total_liabilities_and_equity"), True),
    ),
    "income": (
        Row("Net revenues", _of("revenue")),
        Row("Cost of products sold", _of("cost_of_sales", sign=-1)),
        Row("Gross profit", {"revenue": 1, "cost_of_sales": -1}, True),
        Row("Selling, general and administrative", _of("selling_expenses", "admin_expenses", "rnd_expenses", "taxes_and_surcharges",
                                                       "credit_impairment_loss", "asset_impairment_loss", sign=-1)),
        Row("Operating income", _OPERATING, True),
        Row("Interest expense", _of("interest_expense", sign=-1)),
        Row("Interest income", _of("interest_income")),
        Row("Other, net", {"non_operating_income": 1, "non_operating_expenses": -1}),
        Row("Income before income taxes", _of("profit_before_tax"), True),
        Row("Income tax expense", _of("income_tax_expense", sign=-1)),
        Row("Net income", _of("net_profit"), True),
    ),
    "cash": (
        Row("Operating activities"),
        Row("Net income", _of("net_profit")),
        Row("Depreciation and amortization", _of("depreciation_amortization")),
        Row("Provisions", _of("credit_impairment_loss", "asset_impairment_loss")),
        Row("Deferred income taxes", _of("x_deferred_tax_assets", "x_deferred_tax_liabilities")),
        Row("Change in receivables", _of("x_receivables", "x_other")),
        Row("Change in inventories", _of("x_inventories")),
        Row("Change in payables and accruals", _of("x_payables")),
        Row("Net cash provided by operating activities", {"net_cash_operating": 1, "interest_paid": -1}, True),
        Row("Investing activities"),
        Row("Capital expenditures", _of("capex", sign=-1)),
        Row("Net cash used for investing activities", _of("net_cash_investing"), True),
        Row("Financing activities"),
        Row("Borrowings", _of("borrowings_proceeds")),
        Row("Repayments", _of("debt_repaid", sign=-1)),
        Row("Dividends paid", _of("dividends_paid", sign=-1)),
        Row("Net cash from (used for) financing activities", {"net_cash_financing": 1, "interest_paid": 1}, True),
        Row("Net change in cash", _of("net_change_in_cash")),
        Row("Cash at beginning of period", _of("cash_beginning")),
        Row("Cash at end of period", _of("cash_ending"), True),
        Row("Supplemental: cash paid for interest", _of("interest_paid")),
    ),
}  # fmt: skip

INTERNATIONAL: dict[str, tuple[Row, ...]] = {
    "income": (
        Row("Revenue", _of("revenue")),
        Row("Cost of sales", _of("cost_of_sales", sign=-1)),
        Row("Gross profit", {"revenue": 1, "cost_of_sales": -1}, True),
        Row("Selling and distribution costs", _of("selling_expenses", sign=-1)),
        Row("Administrative expenses", _of("admin_expenses", "rnd_expenses", "taxes_and_surcharges", sign=-1)),
        Row("Impairment losses on trade receivables and inventories", _of("credit_impairment_loss", "asset_impairment_loss", sign=-1)),
        Row("Profit from operations", _OPERATING, True),
        Row("Interest income", _of("interest_income")),
        Row("Interest expense", _of("interest_expense", sign=-1)),
        Row("Other gains and losses", {"non_operating_income": 1, "non_operating_expenses": -1}),
        Row("Profit before taxation", _of("profit_before_tax"), True),
        Row("Taxation", _of("income_tax_expense", sign=-1)),
        Row("Profit for the period", _of("net_profit"), True),
    ),
    "balance": (
        Row("Non-current assets"),
        Row("Property, plant and equipment", _of("ppe_net", "construction_in_progress")),
        Row("Intangible assets", _of("intangible_assets")),
        Row("Deferred tax assets", _of("deferred_tax_assets", "other_noncurrent_assets")),
        Row("Total non-current assets", _of("total_noncurrent_assets"), True),
        Row("Current assets"),
        Row("Inventories", _of("inventories")),
        Row("Trade receivables", _of("accounts_receivable")),
        Row("Prepayments and other receivables", _of("prepayments", "other_receivables", "other_current_assets")),
        Row("Cash and cash equivalents", _of("cash_and_equivalents")),
        Row("Total current assets", _of("total_current_assets"), True),
        Row("Total assets", _of("total_assets"), True),
        Row("Equity"),
        Row("Share capital", _of("share_capital")),
        Row("Retained earnings", _of("undistributed_profit", "surplus_reserve", "capital_surplus")),
        Row("Total equity", _of("total_equity"), True),
        Row("Non-current liabilities"),
        Row("Bank borrowings", _of("long_term_borrowings")),
        Row("Total non-current liabilities", _of("total_noncurrent_liabilities"), True),
        Row("Current liabilities"),
        Row("Bank borrowings: trade loans and overdrafts", _of("short_term_borrowings")),
        Row("Current portion of term loans", _of("current_portion_lt_debt")),
        Row("Trade payables", _of("accounts_payable", "notes_payable")),
        Row("Accruals and other payables", _of("employee_benefits_payable", "other_payables", "contract_liabilities", "other_current_liabilities")),
        Row("Tax payable", _of("taxes_payable")),
        Row("Total current liabilities", _of("total_current_liabilities"), True),
        Row("Total liabilities", _of("total_liabilities"), True),
        Row("Total equity and liabilities", _of("total_liabilities_and_equity"), True),
    ),
    "cash": (
        Row("Cash flows from operating activities"),
        Row("Profit before taxation", _of("profit_before_tax")),
        Row("Depreciation of property, plant and equipment", _of("depreciation_ppe")),
        Row("Amortisation of intangible assets", _of("amortization_intangibles")),
        Row("Interest expense", _of("interest_expense")),
        Row("Net cash generated from operating activities", _of("net_cash_operating"), True),
        Row("Cash flows from investing activities"),
        Row("Purchase of property, plant and equipment", _of("capex", sign=-1)),
        Row("Net cash used in investing activities", _of("net_cash_investing"), True),
        Row("Cash flows from financing activities"),
        Row("Drawdown of bank borrowings", _of("borrowings_proceeds")),
        Row("Repayment of bank borrowings", _of("debt_repaid", sign=-1)),
        Row("Interest paid", _of("interest_paid", sign=-1)),
        Row("Dividends paid", _of("dividends_paid", sign=-1)),
        Row("Net cash used in financing activities", _of("net_cash_financing"), True),
        Row("Net change in cash and cash equivalents", _of("net_change_in_cash")),
        Row("Cash and cash equivalents at beginning", _of("cash_beginning")),
        Row("Cash and cash equivalents at end", _of("cash_ending"), True),
    ),
}  # fmt: skip
