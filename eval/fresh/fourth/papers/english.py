"""English accounts: the lines in the wordings of three borrowers, and the printed American report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from eval.fresh.fourth.papers.sets import Accounts, Row, of
from eval.sample_bank.papers.report import Period
from eval.sample_bank.papers.sheet import GREY, LETTER, Paper, flow

_OPERATING = {
    "profit_before_tax": 1,
    "interest_expense": 1,
    "interest_income": -1,
    "non_operating_income": -1,
    "non_operating_expenses": 1,
}
_OVERHEAD = (
    "selling_expenses",
    "admin_expenses",
    "rnd_expenses",
    "taxes_and_surcharges",
    "credit_impairment_loss",
    "asset_impairment_loss",
)

_REST = {
    "net_cash_operating": 1,
    "profit_before_tax": -1,
    "depreciation_ppe": -1,
    "amortization_intangibles": -1,
    "interest_expense": -1,
}


def spell_day(day: date) -> str:
    """31 October 2026."""
    return f"{day.day} {day:%B %Y}"


def span_words(months: int) -> str:
    """Twelve months, Six months."""
    return {12: "Twelve months", 9: "Nine months", 6: "Six months", 3: "Three months"}[months]


US: dict[str, tuple[Row, ...]] = {
    "balance": (
        Row("Assets"), Row("Current assets:"), Row("Cash and cash equivalents", of("cash_and_equivalents")),
        Row("Accounts receivable, net", of("accounts_receivable")), Row("Inventories, net", of("inventories")),
        Row("Prepaid expenses and other current assets", of("prepayments", "other_receivables", "other_current_assets")),
        Row("Total current assets", of("total_current_assets"), True),
        Row("Property, plant and equipment, net", of("ppe_net", "construction_in_progress")), Row("Goodwill", of("goodwill")),
        Row("Intangible assets, net", of("intangible_assets")), Row("Other assets", of("other_noncurrent_assets", "deferred_tax_assets")),
        Row("Total assets", of("total_assets"), True), Row("Liabilities and Stockholders' Equity"), Row("Current liabilities:"),
        Row("Revolving credit borrowings", of("short_term_borrowings")),
        Row("Current maturities of long-term debt", of("current_portion_lt_debt")), Row("Accounts payable", of("accounts_payable", "notes_payable")),
        Row("Accrued compensation", of("employee_benefits_payable")), Row("Keg deposits and deferred revenue", of("contract_liabilities")),
        Row("Other accrued liabilities", of("other_payables", "taxes_payable", "other_current_liabilities")),
        Row("Total current liabilities", of("total_current_liabilities"), True), Row("Long-term debt, net of current maturities", of("long_term_borrowings")),
        Row("Deferred tax liabilities", of("deferred_tax_liabilities")), Row("Total liabilities", of("total_liabilities"), True),
        Row("Common stock", of("share_capital")), Row("Additional paid-in capital", of("capital_surplus")),
        Row("Retained earnings", of("undistributed_profit", "surplus_reserve")), Row("Total stockholders' equity", of("total_equity"), True),
        Row("Total liabilities and stockholders' equity", of("total_liabilities_and_equity"), True),
    ),
    "income": (
        Row("Net sales", of("revenue")), Row("Cost of goods sold", of("cost_of_sales")), Row("Gross profit", {"revenue": 1, "cost_of_sales": -1}, True),
        Row("Selling, general and administrative expenses", of(*_OVERHEAD)), Row("Operating income", _OPERATING, True),
        Row("Interest expense", of("interest_expense", sign=-1)), Row("Interest income", of("interest_income")),
        Row("Other income (expense), net", {"non_operating_income": 1, "non_operating_expenses": -1}),
        Row("Income before income taxes", of("profit_before_tax"), True), Row("Provision for income taxes", of("income_tax_expense")),
        Row("Net income", of("net_profit"), True),
    ),
    "cash": (
        Row("Cash flows from operating activities:"), Row("Net income", of("net_profit")), Row("Depreciation and amortization", of("depreciation_amortization")),
        Row("Provision for credit losses and obsolete stock", of("credit_impairment_loss", "asset_impairment_loss")),
        Row("Deferred income taxes", of("x_deferred_tax_assets", "x_deferred_tax_liabilities")),
        Row("Receivables and other assets", of("x_receivables", "x_other")), Row("Inventories", of("x_inventories")),
        Row("Payables and accruals", of("x_payables")),
        Row("Net cash provided by operating activities", {"net_cash_operating": 1, "interest_paid": -1}, True), Row("Cash flows from investing activities:"),
        Row("Purchases of property, plant and equipment", of("capex", sign=-1)), Row("Net cash used in investing activities", of("net_cash_investing"), True),
        Row("Cash flows from financing activities:"), Row("Proceeds from borrowings", of("borrowings_proceeds")),
        Row("Repayments of borrowings", of("debt_repaid", sign=-1)), Row("Dividends paid", of("dividends_paid", sign=-1)),
        Row("Net cash provided by (used in) financing activities", {"net_cash_financing": 1, "interest_paid": 1}, True),
        Row("Net change in cash", of("net_change_in_cash"), True), Row("Cash, beginning of period", of("cash_beginning")),
        Row("Cash, end of period", of("cash_ending"), True), Row("Supplemental disclosure: interest paid", of("interest_paid")),
    ),
}  # fmt: skip

IFRS: dict[str, tuple[Row, ...]] = {
    "income": (
        Row("Revenue", of("revenue")), Row("Cost of sales", of("cost_of_sales", sign=-1)), Row("Gross profit", {"revenue": 1, "cost_of_sales": -1}, True),
        Row("Distribution costs", of("selling_expenses", sign=-1)), Row("Administrative expenses", of("admin_expenses", "taxes_and_surcharges", sign=-1)),
        Row("Research and development", of("rnd_expenses", sign=-1)),
        Row("Impairment of receivables and inventories", of("credit_impairment_loss", "asset_impairment_loss", sign=-1)),
        Row("Operating profit", _OPERATING, True), Row("Interest income", of("interest_income")), Row("Interest expense", of("interest_expense", sign=-1)),
        Row("Profit before tax", of("profit_before_tax"), True), Row("Income tax", of("income_tax_expense", sign=-1)),
        Row("Profit for the year", of("net_profit"), True),
    ),
    "balance": (
        Row("Non-current assets"), Row("Property, plant and equipment", of("ppe_net", "construction_in_progress")), Row("Goodwill", of("goodwill")),
        Row("Intangible assets", of("intangible_assets")), Row("Deferred tax assets", of("deferred_tax_assets", "other_noncurrent_assets")),
        Row("Total non-current assets", of("total_noncurrent_assets"), True), Row("Current assets"), Row("Inventories", of("inventories")),
        Row("Trade receivables", of("accounts_receivable")), Row("Prepayments", of("prepayments")),
        Row("Other receivables", of("other_receivables", "other_current_assets")), Row("Cash and cash equivalents", of("cash_and_equivalents")),
        Row("Total current assets", of("total_current_assets"), True), Row("Total assets", of("total_assets"), True), Row("Equity"),
        Row("Share capital", of("share_capital")), Row("Share premium", of("capital_surplus")),
        Row("Retained earnings", of("undistributed_profit", "surplus_reserve")), Row("Total equity", of("total_equity"), True),
        Row("Non-current liabilities"), Row("Long-term borrowings", of("long_term_borrowings")),
        Row("Total non-current liabilities", of("total_noncurrent_liabilities"), True), Row("Current liabilities"),
        Row("Short-term borrowings", of("short_term_borrowings")), Row("Current portion of long-term borrowings", of("current_portion_lt_debt")),
        Row("Trade payables", of("accounts_payable", "notes_payable")), Row("Contract liabilities", of("contract_liabilities")),
        Row("Accruals and other payables", of("employee_benefits_payable", "other_payables", "other_current_liabilities")),
        Row("Current tax liabilities", of("taxes_payable")), Row("Total current liabilities", of("total_current_liabilities"), True),
        Row("Total liabilities", of("total_liabilities"), True), Row("Total equity and liabilities", of("total_liabilities_and_equity"), True),
    ),
    "cash": (
        Row("Operating activities"), Row("Profit before tax", of("profit_before_tax")), Row("Depreciation", of("depreciation_ppe")),
        Row("Amortisation", of("amortization_intangibles")), Row("Interest expense", of("interest_expense")), Row("Working capital, tax and other movements", _REST),
        Row("Net cash from operating activities", of("net_cash_operating"), True), Row("Investing activities"),
        Row("Purchase of property, plant and equipment", of("capex", sign=-1)), Row("Net cash used in investing activities", of("net_cash_investing"), True),
        Row("Financing activities"), Row("New borrowings", of("borrowings_proceeds")), Row("Repayment of borrowings", of("debt_repaid", sign=-1)),
        Row("Interest paid", of("interest_paid", sign=-1)), Row("Dividends paid", of("dividends_paid", sign=-1)),
        Row("Net cash from (used in) financing activities", of("net_cash_financing"), True), Row("Net change in cash", of("net_change_in_cash")),
        Row("Cash at the beginning of the period", of("cash_beginning")), Row("Cash at the end of the period", of("cash_ending"), True),
    ),
}  # fmt: skip

INTERIM: dict[str, tuple[Row, ...]] = {
    **IFRS, "income": (*IFRS["income"][:-1], Row("Profit for the period", of("net_profit"), True)),
}  # fmt: skip


def american_paper(accounts: Accounts, notes: Sequence[str]) -> Paper:
    """Letter pages, serif, a heading over each pair of columns, dollar signs in their own column on first rows and totals."""
    paper = Paper(accounts.title, accounts.company.name_en, accounts.made_on, size=LETTER, language="en")
    page = paper.page()
    page.text(306, 200, accounts.company.name_en.upper(), 17, align="centre", bold=True)
    page.text(306, 230, accounts.title, 13, align="centre")
    words = [
        "These financial statements are prepared in accordance with accounting principles generally accepted in the United States of America."
    ]
    if accounts.auditor:
        words.append(f"Audited by {accounts.auditor}, whose report expresses an unqualified opinion.")
    else:
        words.append("Unaudited.")
    flow(paper, page, 280, words, left=90, right=522, bottom=700, top=80)
    for statement, name in (
        ("balance", "BALANCE SHEETS"),
        ("income", "STATEMENTS OF INCOME"),
        ("cash", "STATEMENTS OF CASH FLOWS"),
    ):
        page = paper.page()
        page.text(306, 56, accounts.company.name_en, 11, align="centre", bold=True)
        page.text(306, 72, f"CONSOLIDATED {name}", 11, align="centre", bold=True)
        page.text(306, 87, "(In thousands)", 9, align="centre")
        columns = accounts.columns(statement)
        for index, (upper, lower) in enumerate(_heads(columns)):
            page.text(432 + 112 * index, 108, upper, 8.5, align="right")
            page.text(432 + 112 * index, 119, lower, 8.5, align="right", bold=True)
        y, dollars = 140.0, True
        for row in US[statement]:
            cells = accounts.row(accounts.scope, row, statement, brackets=True, none="—")
            if row.parts and all(cell == "—" for cell in cells):
                continue
            page.text(64 if row.strong or not row.parts else 74, y, row.label, 9, bold=row.strong)
            for index, cell in enumerate(cells if row.parts else []):
                right = 432 + 112 * index
                if row.strong:
                    page.rule(right - 60, y - 9.5, right, y - 9.5, 0.4)
                if dollars or row.label.startswith(("Total assets", "Total liabilities and", "Net income", "Cash, end")):
                    page.text(right - 58, y, "$", 9)
                page.text(right, y, cell, 9, align="right", bold=row.strong)
            dollars = dollars and not row.parts
            y += 15.4
    page = paper.page()
    page.text(64, 70, "NOTES TO FINANCIAL STATEMENTS", 11, bold=True)
    flow(paper, page, 94, list(notes), left=64, right=548, bottom=720, top=80, size=9.5, gap=8)
    for number, each in enumerate(paper.pages, 1):
        each.text(306, 770, str(number), 8, align="centre", colour=GREY)
    return paper


def _heads(columns: Sequence[Period]) -> list[tuple[str, str]]:
    heads = []
    for end, months in columns:
        day = f"{end:%B} {end.day},"
        heads.append((day if not months else f"{ {12: 'Year', 6: 'Six Months'}[months] } Ended {day}", str(end.year)))
    return heads
