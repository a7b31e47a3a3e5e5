"""Ratios of a ledger worked out by hand rules (handbook 3), to say what the product should find. Independent of the rulebook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from eval.sample_bank.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Reckoner:
    """Figures of one ledger. Flow figures are LTM between year ends and the year at them."""

    ledger: Ledger

    def point(self, item: str, end: date) -> Decimal:
        """A balance in currency units; an absent line is zero."""
        return self.ledger.balances[end].get(item, 0) * self.ledger.unit

    def flow(self, item: str, end: date, months: int) -> Decimal:
        """A flow in currency units; an absent line is zero."""
        return self.ledger.flows[end, months].get(item, 0) * self.ledger.unit

    def ltm(self, item: str, end: date) -> Decimal:
        """Last full year plus this year to date less the same part of last year."""
        if end.month == 12:
            return self.flow(item, end, 12)
        months = end.month
        year = self.flow(item, date(end.year - 1, 12, 31), 12)
        return year + self.flow(item, end, months) - self.flow(item, end.replace(year=end.year - 1), months)

    def total_debt(self, end: date) -> Decimal:
        """Interest-bearing debt with leases."""
        names = (
            "short_term_borrowings",
            "current_portion_noncurrent_liabilities",
            "long_term_borrowings",
            "bonds_payable",
            "lease_liabilities",
        )
        return sum((self.point(name, end) for name in names), Decimal(0))

    def ebitda(self, end: date) -> Decimal:
        """Profit before tax, interest, depreciation and amortisation."""
        return sum(
            (self.ltm(name, end) for name in ("profit_before_tax", "interest_expense", "depreciation_amortization")), Decimal(0)
        )

    def ratio(self, name: str, end: date) -> Decimal:
        """A named ratio, unrounded; KeyError for one this reckoner does not know."""
        point, ltm = self.point, self.ltm
        if name == "current_ratio":
            return point("total_current_assets", end) / point("total_current_liabilities", end)
        if name == "debt_to_assets":
            return point("total_liabilities", end) / point("total_assets", end)
        if name == "debt_to_ebitda":
            return self.total_debt(end) / self.ebitda(end)
        if name == "icr_ebitda":
            return self.ebitda(end) / ltm("interest_expense", end)
        if name == "icr_ebit":
            return (ltm("profit_before_tax", end) + ltm("interest_expense", end)) / ltm("interest_expense", end)
        if name == "gross_margin":
            return (ltm("revenue", end) - ltm("cost_of_sales", end)) / ltm("revenue", end)
        if name == "tnw":
            return point("total_equity", end) - point("goodwill", end) - point("intangible_assets", end)
        if name == "dscr":
            opening = self.point("current_portion_lt_debt", end.replace(year=end.year - 1))
            return (self.ebitda(end) - ltm("income_tax_expense", end)) / (opening + ltm("interest_expense", end))
        if name == "revenue_growth":
            return ltm("revenue", end) / ltm("revenue", end.replace(year=end.year - 1)) - 1
        raise KeyError(name)

    def ytd_growth(self, item: str, end: date) -> Decimal:
        """This year to date against the same months of last year."""
        before = self.flow(item, end.replace(year=end.year - 1), end.month)
        return self.flow(item, end, end.month) / before - 1


def rounded(value: Decimal, places: int = 4) -> str:
    """Half up, as every ratio is shown."""
    return format(value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP), "f")


def in_wan(value: Decimal, places: int = 2) -> str:
    """An amount in 万元, grouped."""
    return f"{value / 10000:,.{places}f}"


def in_percent(value: Decimal, places: int = 2) -> str:
    """0.6080 as 60.80%."""
    return f"{rounded(value * 100, places)}%"


def verdict(actual: Decimal, operator: str, limit: Decimal) -> str:
    """compliant, at_risk (headroom under 10 %) or breach, with the figure; for limits and figures above zero."""
    headroom = (limit - actual) / limit if operator == "<=" else (actual - limit) / limit
    word = "breach" if headroom < 0 else "at_risk" if headroom < Decimal("0.1") else "compliant"
    return f"{word} {rounded(actual)}"
