"""The lines of American and of international statements, by how they are worded and which books they draw on.

`sum_of` adds several lines of the books into one of the paper (with a sign); a combined line counts as a canonical item only where the handbook
has one for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["head", "line", "sub", "total", "gap"]


@dataclass(frozen=True, slots=True)
class EnglishLine:
    """`parts`: (books' item, sign). `item`: canonical id of the printed line, "" when it has none. `sign` -1 prints it negated."""

    label: str
    item: str = ""
    parts: tuple[tuple[str, int], ...] = ()
    kind: Kind = "line"
    sign: int = 1
    note: str = ""
    indent: int = 0

    @property
    def sources(self) -> tuple[tuple[str, int], ...]:
        """What to add up in the books."""
        return self.parts or (((self.item, 1),) if self.item else ())


def _plus(*names: str) -> tuple[tuple[str, int], ...]:
    return tuple((name, 1) for name in names)


E = EnglishLine

US_BALANCE = (
    E("Assets", kind="head"),
    E("Current assets:", kind="head"),
    E("Cash and cash equivalents", "cash_and_equivalents", indent=1),
    E("Accounts receivable, net of allowance for credit losses", "accounts_receivable", indent=1),
    E("Inventories, net", "inventories", indent=1),
    E(
        "Prepaid expenses and other current assets",
        "",
        _plus("prepayments", "other_receivables", "other_current_assets"),
        indent=1,
    ),
    E("Total current assets", "total_current_assets", kind="sub", indent=2),
    E("Property, plant and equipment, net", "ppe_net", _plus("ppe_net", "construction_in_progress")),
    E("Goodwill", "goodwill"),
    E("Intangible assets, net", "intangible_assets"),
    E("Other assets", "other_noncurrent_assets", _plus("other_noncurrent_assets", "deferred_tax_assets")),
    E("Total assets", "total_assets", kind="total", indent=2),
    E("Liabilities and Stockholders' Equity", kind="head"),
    E("Current liabilities:", kind="head"),
    E("Short-term borrowings", "short_term_borrowings", indent=1),
    E("Current maturities of long-term debt", "current_portion_lt_debt", indent=1),
    E("Accounts payable", "accounts_payable", _plus("accounts_payable", "notes_payable"), indent=1),
    E("Accrued compensation and benefits", "employee_benefits_payable", indent=1),
    E("Customer deposits", "advances_from_customers", _plus("contract_liabilities"), indent=1),
    E(
        "Other accrued liabilities",
        "other_payables",
        _plus("other_payables", "taxes_payable", "other_current_liabilities"),
        indent=1,
    ),
    E("Total current liabilities", "total_current_liabilities", kind="sub", indent=2),
    E("Long-term debt, net of current maturities", "long_term_borrowings"),
    E("Deferred income taxes", "deferred_tax_liabilities"),
    E("Total liabilities", "total_liabilities", kind="sub", indent=2),
    E("Commitments and contingencies (Note 9)", kind="head"),
    E("Stockholders' equity:", kind="head"),
    E("Common stock, $0.01 par value", "share_capital", indent=1),
    E("Additional paid-in capital", "capital_surplus", indent=1),
    E("Retained earnings", "undistributed_profit", _plus("undistributed_profit", "surplus_reserve"), indent=1),
    E("Total stockholders' equity", "total_equity", kind="sub", indent=2),
    E("Total liabilities and stockholders' equity", "total_liabilities_and_equity", kind="total", indent=2),
)

US_INCOME = (
    E("Net sales", "revenue"),
    E("Cost of goods sold", "cost_of_sales"),
    E("Gross profit", "gross_profit", (("revenue", 1), ("cost_of_sales", -1)), kind="sub", indent=2),
    E(
        "Selling, general and administrative expenses", "sga_expenses",
        _plus("selling_expenses", "admin_expenses", "taxes_and_surcharges", "credit_impairment_loss", "asset_impairment_loss"),
    ),
    E("Research and development expenses", "rnd_expenses"),
    E(
        "Operating income", "operating_profit",
        (("profit_before_tax", 1), ("interest_expense", 1), ("interest_income", -1), ("non_operating_income", -1),
         ("non_operating_expenses", 1)),
        kind="sub", indent=2,
    ),
    E("Interest expense", "interest_expense", sign=-1),
    E("Interest income", "interest_income"),
    E("Other income (expense), net", "", (("non_operating_income", 1), ("non_operating_expenses", -1))),
    E("Income before income taxes", "profit_before_tax", kind="sub", indent=2),
    E("Provision for income taxes", "income_tax_expense"),
    E("Net income", "net_profit", kind="total", indent=2),
)  # fmt: skip

US_CASH = (
    E("Cash flows from operating activities:", kind="head"),
    E("Net income", "net_profit", indent=1),
    E("Adjustments to reconcile net income to net cash provided by operating activities:", kind="head", indent=1),
    E("Depreciation and amortization", "depreciation_amortization", indent=2),
    E("Provision for credit losses and inventory", "", _plus("credit_impairment_loss", "asset_impairment_loss"), indent=2),
    E("Deferred income taxes", "", _plus("x_deferred_tax_assets", "x_deferred_tax_liabilities"), indent=2),
    E("Changes in operating assets and liabilities:", kind="head", indent=1),
    E("Accounts receivable and other current assets", "", _plus("x_receivables", "x_other"), indent=2),
    E("Inventories", "", _plus("x_inventories"), indent=2),
    E("Accounts payable and accrued liabilities", "", _plus("x_payables"), indent=2),
    E("Net cash provided by operating activities", "net_cash_operating", (("net_cash_operating", 1), ("interest_paid", -1)),
      kind="sub", indent=3),
    E("Cash flows from investing activities:", kind="head"),
    E("Purchases of property, plant and equipment", "capex", sign=-1, indent=1),
    E("Proceeds from sale of property, plant and equipment", "cash_from_asset_disposal", indent=1),
    E("Net cash used in investing activities", "net_cash_investing", kind="sub", indent=3),
    E("Cash flows from financing activities:", kind="head"),
    E("Proceeds from borrowings", "borrowings_proceeds", indent=1),
    E("Repayments of debt", "debt_repaid", sign=-1, indent=1),
    E("Dividends paid", "dividends_paid", sign=-1, indent=1),
    E("Net cash used in financing activities", "net_cash_financing", (("net_cash_financing", 1), ("interest_paid", 1)),
      kind="sub", indent=3),
    E("Net increase (decrease) in cash and cash equivalents", "net_change_in_cash", kind="sub"),
    E("Cash and cash equivalents, beginning of period", "cash_beginning"),
    E("Cash and cash equivalents, end of period", "cash_ending", kind="total"),
    E("Supplemental disclosure of cash flow information:", kind="head"),
    E("Cash paid for interest", "interest_paid", indent=1),
    E("Cash paid for income taxes", "", (("income_tax_expense", 1), ("x_deferred_tax_assets", -1)), indent=1),
)  # fmt: skip

IFRS_BALANCE = (
    E("Non-current assets", kind="head"),
    E("Property, plant and equipment", "ppe_net", _plus("ppe_net", "construction_in_progress"), note="12"),
    E("Right-of-use assets", "right_of_use_assets", note="13"),
    E("Intangible assets", "intangible_assets", note="14"),
    E("Goodwill", "goodwill", note="14"),
    E("Investment property", "investment_property", note="15"),
    E("Interests in associates", "long_term_equity_investments", note="16"),
    E("Deferred tax assets", "deferred_tax_assets", note="24"),
    E("", "total_noncurrent_assets", kind="sub"),
    E("Current assets", kind="head"),
    E("Inventories", "inventories", note="17"),
    E("Trade receivables", "accounts_receivable", note="18"),
    E("Prepayments", "prepayments"),
    E("Other receivables", "other_receivables", _plus("other_receivables", "other_current_assets"), note="19"),
    E("Cash and cash equivalents", "cash_and_equivalents", note="20"),
    E("", "total_current_assets", kind="sub"),
    E("Total assets", "total_assets", kind="total"),
    E("Current liabilities", kind="head"),
    E("Short-term bank borrowings", "short_term_borrowings", note="22"),
    E("Current maturities of long-term debt and leases", "current_portion_noncurrent_liabilities", note="22"),
    E("Trade payables", "accounts_payable", _plus("accounts_payable", "notes_payable"), note="21"),
    E("Contract liabilities", "contract_liabilities"),
    E("Accruals and other payables", "other_payables",
      _plus("other_payables", "employee_benefits_payable", "other_current_liabilities"), note="21"),
    E("Tax payable", "taxes_payable"),
    E("", "total_current_liabilities", kind="sub"),
    E("Non-current liabilities", kind="head"),
    E("Long-term bank borrowings", "long_term_borrowings", note="22"),
    E("Lease liabilities", "lease_liabilities", note="13"),
    E("", "total_noncurrent_liabilities", kind="sub"),
    E("Total liabilities", "total_liabilities", kind="sub"),
    E("Equity", kind="head"),
    E("Share capital", "share_capital", note="25"),
    E("Share premium and reserves", "", _plus("capital_surplus", "surplus_reserve")),
    E("Retained earnings", "undistributed_profit"),
    E("Equity attributable to owners of the Company", "equity_attributable_to_parent", kind="sub"),
    E("Non-controlling interests", "minority_interest"),
    E("Total equity", "total_equity", kind="sub"),
    E("Total equity and liabilities", "total_liabilities_and_equity", kind="total"),
)  # fmt: skip

IFRS_INCOME = (
    E("Revenue", "revenue", note="5"),
    E("Cost of sales", "cost_of_sales", sign=-1),
    E("Gross profit", "gross_profit", (("revenue", 1), ("cost_of_sales", -1)), kind="sub"),
    E("Other income", "other_income", note="6"),
    E("Selling and distribution expenses", "selling_expenses", _plus("selling_expenses", "taxes_and_surcharges"), sign=-1),
    E("Administrative expenses", "admin_expenses", _plus("admin_expenses", "rnd_expenses"), sign=-1),
    E("Impairment losses under the expected credit loss model", "credit_impairment_loss", sign=-1, note="18"),
    E("Write-down of inventories", "asset_impairment_loss", sign=-1, note="17"),
    E("(Loss)/profit from operations", "",
      (("profit_before_tax", 1), ("interest_expense", 1), ("interest_income", -1), ("investment_income", -1)), kind="sub"),
    E("Share of results of associates", "share_of_associates", _plus("investment_income")),
    E("Interest income", "interest_income", note="7"),
    E("Interest expense", "interest_expense", sign=-1, note="7"),
    E("(Loss)/profit before taxation", "profit_before_tax", kind="sub", note="8"),
    E("Income tax expense", "income_tax_expense", sign=-1, note="9"),
    E("(Loss)/profit for the {period}", "net_profit", kind="total"),
    E("Attributable to:", kind="head"),
    E("Owners of the Company", "net_profit_to_parent", indent=1),
    E("Non-controlling interests", "minority_profit", indent=1),
    E("", "net_profit", kind="sub"),
)  # fmt: skip

IFRS_CASH = (
    E("Operating activities", kind="head"),
    E("(Loss)/profit before taxation", "profit_before_tax"),
    E("Adjustments for:", kind="head"),
    E("Depreciation of property, plant and equipment", "depreciation_ppe", indent=1),
    E("Depreciation of right-of-use assets", "depreciation_rou", indent=1),
    E("Amortisation of intangible assets", "amortization_intangibles", indent=1),
    E("Impairment losses and write-downs", "", _plus("credit_impairment_loss", "asset_impairment_loss"), indent=1),
    E("Interest expense", "interest_expense", indent=1),
    E("Share of results of associates", "", (("x_investment_loss", 1),), indent=1),
    E("(Increase)/decrease in inventories", "", _plus("x_inventories"), indent=1),
    E("(Increase)/decrease in receivables and prepayments", "", _plus("x_receivables", "x_other"), indent=1),
    E("Increase/(decrease) in payables", "", _plus("x_payables"), indent=1),
    E("Income tax paid", "", (("income_tax_expense", -1), ("x_deferred_tax_assets", 1)), indent=1),
    E("Net cash (used in)/from operating activities", "net_cash_operating", kind="sub"),
    E("Investing activities", kind="head"),
    E("Purchases of property, plant and equipment", "capex", sign=-1, indent=1),
    E("Additions to interests in associates", "cash_for_investments", sign=-1, indent=1),
    E("Dividends received from associates", "investment_income_received", indent=1),
    E("Net cash used in investing activities", "net_cash_investing", kind="sub"),
    E("Financing activities", kind="head"),
    E("Proceeds from borrowings", "borrowings_proceeds", indent=1),
    E("Repayments of borrowings", "debt_repaid", sign=-1, indent=1),
    E("Interest paid", "interest_paid", sign=-1, indent=1),
    E("Payments of lease liabilities including interest", "other_financing_out", sign=-1, indent=1),
    E("Net cash (used in)/from financing activities", "net_cash_financing", kind="sub"),
    E("Net (decrease)/increase in cash and cash equivalents", "net_change_in_cash", kind="sub"),
    E("Cash and cash equivalents at beginning of {period}", "cash_beginning"),
    E("Cash and cash equivalents at end of {period}", "cash_ending", kind="total"),
)  # fmt: skip
