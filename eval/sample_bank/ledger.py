"""A company's books: balances at dates and flows of periods, in whole units, with the identities they must keep.

A unit is the smallest amount its statements print (a cent, a hundredth of 万元, a thousand dollars), so that every sum is exact in
the books and on paper alike. Items are the canonical ids, positive in their named direction. Written apart from the product's own
rulebook on purpose: this is the truth that one is checked against.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

Amounts = dict[str, int]

CURRENT_ASSETS = (
    "cash_and_equivalents", "short_term_investments", "notes_receivable", "accounts_receivable", "receivables_financing",
    "prepayments", "other_receivables", "inventories", "contract_assets", "other_current_assets",
)  # fmt: skip
NONCURRENT_ASSETS = (
    "long_term_equity_investments", "investment_property", "ppe_net", "construction_in_progress", "right_of_use_assets",
    "intangible_assets", "goodwill", "long_term_deferred_expenses", "deferred_tax_assets", "other_noncurrent_assets",
)  # fmt: skip
CURRENT_LIABILITIES = (
    "short_term_borrowings", "notes_payable", "accounts_payable", "contract_liabilities", "employee_benefits_payable",
    "taxes_payable", "other_payables", "current_portion_noncurrent_liabilities", "other_current_liabilities",
)  # fmt: skip
NONCURRENT_LIABILITIES = (
    "long_term_borrowings", "bonds_payable", "lease_liabilities", "deferred_income", "deferred_tax_liabilities",
)  # fmt: skip
EQUITY_OF_PARENT = ("share_capital", "capital_surplus", "accumulated_oci", "surplus_reserve", "undistributed_profit")
BALANCE_MEMOS = ("restricted_cash", "current_portion_lt_debt", "contingent_guarantees")

OPERATING_PLUS = ("revenue", "other_income", "investment_income", "fair_value_gains", "asset_disposal_gains")
OPERATING_MINUS = (
    "cost_of_sales", "taxes_and_surcharges", "selling_expenses", "admin_expenses", "rnd_expenses", "finance_costs_net",
    "credit_impairment_loss", "asset_impairment_loss",
)  # fmt: skip
CASH_PLUS = {
    "net_cash_operating": ("cash_from_customers", "tax_refunds_received", "other_operating_cash_in"),
    "net_cash_investing": (
        "investment_recovered", "investment_income_received", "cash_from_asset_disposal", "other_investing_in",
    ),
    "net_cash_financing": ("equity_proceeds", "borrowings_proceeds", "other_financing_in"),
}  # fmt: skip
CASH_MINUS = {
    "net_cash_operating": ("cash_to_suppliers", "cash_to_employees", "taxes_paid", "other_operating_cash_out"),
    "net_cash_investing": ("capex", "cash_for_investments", "other_investing_out"),
    "net_cash_financing": ("debt_repaid", "dividends_interest_paid", "other_financing_out"),
}
DEPRECIATION = ("depreciation_ppe", "depreciation_rou", "amortization_intangibles", "amortization_lt_deferred")
RECONCILING = (
    "net_profit", "asset_impairment_loss", "credit_impairment_loss", *DEPRECIATION, "x_disposal_loss", "x_fair_value_loss",
    "x_finance_costs", "x_investment_loss", "x_deferred_tax_assets", "x_deferred_tax_liabilities", "x_inventories",
    "x_receivables", "x_payables", "x_other",
)  # fmt: skip
"""The indirect reconciliation to operating cash flow, in the order the supplement prints it; `x_` lines have no canonical item."""


def total(amounts: Mapping[str, int], names: tuple[str, ...]) -> int:
    """Sum of the named amounts; one that is absent counts zero."""
    return sum(amounts.get(name, 0) for name in names)


def with_balance_totals(lines: Mapping[str, int]) -> Amounts:
    """The balance sheet with its subtotals."""
    sheet = dict(lines)
    sheet["total_current_assets"] = total(sheet, CURRENT_ASSETS)
    sheet["total_noncurrent_assets"] = total(sheet, NONCURRENT_ASSETS)
    sheet["total_assets"] = sheet["total_current_assets"] + sheet["total_noncurrent_assets"]
    sheet["total_current_liabilities"] = total(sheet, CURRENT_LIABILITIES)
    sheet["total_noncurrent_liabilities"] = total(sheet, NONCURRENT_LIABILITIES)
    sheet["total_liabilities"] = sheet["total_current_liabilities"] + sheet["total_noncurrent_liabilities"]
    sheet["equity_attributable_to_parent"] = total(sheet, EQUITY_OF_PARENT)
    sheet["total_equity"] = sheet["equity_attributable_to_parent"] + sheet.get("minority_interest", 0)
    sheet["total_liabilities_and_equity"] = sheet["total_liabilities"] + sheet["total_equity"]
    return sheet


def with_flow_totals(lines: Mapping[str, int]) -> Amounts:
    """Income and cash flow with their subtotals."""
    flow = dict(lines)
    flow["total_operating_costs"] = total(flow, OPERATING_MINUS[:6])
    flow["operating_profit"] = total(flow, OPERATING_PLUS) - total(flow, OPERATING_MINUS)
    flow["profit_before_tax"] = (
        flow["operating_profit"] + flow.get("non_operating_income", 0) - flow.get("non_operating_expenses", 0)
    )
    flow["net_profit"] = flow["profit_before_tax"] - flow.get("income_tax_expense", 0)
    flow["net_profit_to_parent"] = flow["net_profit"] - flow.get("minority_profit", 0)
    flow["total_comprehensive_income"] = flow["net_profit"] + flow.get("other_comprehensive_income", 0)
    for net, plus in CASH_PLUS.items():
        flow[f"x_{net}_in"] = total(flow, plus)
        flow[f"x_{net}_out"] = total(flow, CASH_MINUS[net])
        flow[net] = flow[f"x_{net}_in"] - flow[f"x_{net}_out"]
    flow["net_change_in_cash"] = total(flow, tuple(CASH_PLUS)) + flow.get("fx_effect_on_cash", 0)
    flow["cash_ending"] = flow.get("cash_beginning", 0) + flow["net_change_in_cash"]
    flow["depreciation_amortization"] = total(flow, DEPRECIATION)
    return flow


@dataclass(slots=True)
class Ledger:
    """`unit`: value of one unit in currency units. Balances by date, flows by (end, months), both with their subtotals."""

    currency: str
    unit: Decimal
    balances: dict[date, Amounts] = field(default_factory=dict)
    flows: dict[tuple[date, int], Amounts] = field(default_factory=dict)
    transfers: dict[tuple[date, int], int] = field(default_factory=dict)
    dividends: dict[tuple[date, int], int] = field(default_factory=dict)
    adjustments: dict[tuple[date, int], int] = field(default_factory=dict)

    def value(self, item: str, end: date, months: int = 0) -> Decimal:
        """`item` in currency units: a balance at `end`, or a flow of `months` ending there."""
        source = self.flows[end, months] if months else self.balances[end]
        return source[item] * self.unit

    def add_balance(self, end: date, lines: Mapping[str, int]) -> None:
        """Records a balance sheet; raises ValueError when it does not balance."""
        sheet = with_balance_totals(lines)
        gap = sheet["total_assets"] - sheet["total_liabilities_and_equity"]
        if gap:
            raise ValueError(f"balance sheet at {end} is off by {gap} units")
        self.balances[end] = sheet

    def add_flow(self, end: date, months: int, lines: Mapping[str, int]) -> None:
        """Records income and cash flow of a period; raises ValueError when the indirect way gives another cash flow."""
        flow = with_flow_totals(lines)
        if "x_other" in lines:
            gap = total(flow, RECONCILING) - flow["net_cash_operating"]
            if gap:
                raise ValueError(f"cash flow of {months} months to {end}: indirect is off by {gap} units")
        self.flows[end, months] = flow

    def sum_flows(self, end: date, months: int, parts: list[tuple[date, int]]) -> None:
        """Records a longer period as the sum of consecutive ones."""
        lines: Amounts = {}
        for part in parts:
            for name, amount in self.flows[part].items():
                lines[name] = lines.get(name, 0) + amount
        lines["cash_beginning"] = self.flows[parts[0]]["cash_beginning"]
        self.add_flow(end, months, lines)
        key = (end, months)
        self.transfers[key] = sum(self.transfers.get(part, 0) for part in parts)
        self.dividends[key] = sum(self.dividends.get(part, 0) for part in parts)

    def broken(self) -> list[str]:
        """Every identity between periods that does not hold; empty for honest books."""
        faults: list[str] = []
        for end, sheet in self.balances.items():
            free = sheet["cash_and_equivalents"] - sheet.get("restricted_cash", 0)
            faults += [
                f"{end}: cash of {months} months ends at {flow['cash_ending']}, balance {free}"
                for (flow_end, months), flow in self.flows.items()
                if flow_end == end and flow["cash_ending"] != free
            ]
        for (end, months), flow in self.flows.items():
            opening = _opening(self.balances, end, months)
            if opening is None or end not in self.balances:
                continue
            free = opening["cash_and_equivalents"] - opening.get("restricted_cash", 0)
            if flow["cash_beginning"] != free:
                faults.append(f"{end}/{months}: begins at {flow['cash_beginning']}, balance {free}")
            key = (end, months)
            rolled = (
                opening["undistributed_profit"]
                + flow["net_profit_to_parent"]
                - self.transfers.get(key, 0)
                - self.dividends.get(key, 0)
                + self.adjustments.get(key, 0)
            )
            if rolled != self.balances[end]["undistributed_profit"]:
                faults.append(f"{end}/{months}: profit rolls to {rolled}, not {self.balances[end]['undistributed_profit']}")
        return faults


def _opening(balances: Mapping[date, Amounts], end: date, months: int) -> Amounts | None:
    index = end.year * 12 + end.month - 1 - months
    year, month = divmod(index, 12)
    for start, sheet in balances.items():
        if (start.year, start.month) == (year, month + 1):
            return sheet
    return None
