"""What is true of the held-out bank, from the books its papers were printed from and the loans as booked; never from the product.

Flow ratios are of the last twelve months between year ends and of the year at them (handbook, fixed conventions).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import yaml

from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.truth import Reckoner, rounded

ITEMS = (
    "revenue", "cost_of_sales", "selling_expenses", "admin_expenses", "rnd_expenses", "interest_expense", "operating_profit",
    "profit_before_tax", "income_tax_expense", "net_profit", "net_cash_operating", "capex", "depreciation_amortization",
)  # fmt: skip
POINTS = (
    "cash_and_equivalents", "restricted_cash", "accounts_receivable", "inventories", "total_current_assets", "ppe_net", "total_assets",
    "short_term_borrowings", "current_portion_lt_debt", "long_term_borrowings", "accounts_payable", "total_current_liabilities",
    "total_liabilities", "total_equity",
)  # fmt: skip
RATIOS = (
    "current_ratio", "debt_to_assets", "debt_to_ebitda", "net_debt_to_ebitda", "icr_ebitda", "icr_ebit", "gross_margin", "net_margin",
    "tnw", "dscr", "quick_ratio", "dso", "dio", "dpo", "roe", "revenue_growth", "ebitda", "total_debt",
)  # fmt: skip


class Sums(Reckoner):
    """Further ratios by the handbook's section 3."""

    def ratio(self, name: str, end: date) -> Decimal:
        """A named ratio, unrounded; KeyError where the books do not reach far enough back."""
        point, ltm = self.point, self.ltm
        before = end.replace(year=end.year - 1)
        if name == "ebitda":
            return self.ebitda(end)
        if name == "total_debt":
            return self.total_debt(end)
        if name == "net_debt_to_ebitda":
            free = point("cash_and_equivalents", end) - point("restricted_cash", end)
            return (self.total_debt(end) - free) / self.ebitda(end)
        if name == "net_margin":
            return ltm("net_profit", end) / ltm("revenue", end)
        if name == "quick_ratio":
            quick = point("total_current_assets", end) - point("inventories", end) - point("prepayments", end)
            return quick / point("total_current_liabilities", end)
        if name in ("dso", "dio", "dpo"):
            item, base = {
                "dso": ("accounts_receivable", "revenue"),
                "dio": ("inventories", "cost_of_sales"),
                "dpo": ("accounts_payable", "cost_of_sales"),
            }[name]
            return (point(item, end) + point(item, before)) / 2 / ltm(base, end) * 365
        if name == "roe":
            owners = "equity_attributable_to_parent"
            return ltm("net_profit_to_parent", end) / ((point(owners, end) + point(owners, before)) / 2)
        return Reckoner.ratio(self, name, end)


def figures(ledger: Ledger) -> dict[str, dict[str, str]]:
    """Every amount and ratio of a borrower's books, by period."""
    sums, found = Sums(ledger), {}
    for end in sorted(ledger.balances):
        row = {item: rounded(sums.point(item, end), 2) for item in POINTS}
        for months in (3, 6, 9, 12):
            if (end, months) in ledger.flows:
                row.update({f"{item}/{months}": rounded(sums.flow(item, end, months), 2) for item in ITEMS})
        for name in RATIOS:
            try:
                row[name] = rounded(sums.ratio(name, end))
            except (KeyError, ValueError):
                continue
        found[end.isoformat()] = row
    return found


def write_truth(path: Path, draft: Draft, ledgers: Mapping[str, Ledger]) -> None:
    """Figures by customer and period, loans with balance, arrears and the next two dues."""
    loans = {}
    for number, booked in draft.loans.items():
        days, amount = booked.overdue(draft.book_date)
        ahead = [due for due in booked.lent.dues() if due.day > draft.book_date][:2]
        loans[number] = {
            "customer": booked.lent.customer, "currency": booked.lent.currency, "balance": str(booked.balance), "days_past_due": days,
            "overdue": str(amount), "next": [f"{due.day} principal {due.principal} interest {due.interest}" for due in ahead],
        }  # fmt: skip
    truth = {
        "book_date": draft.book_date.isoformat(),
        "loans": loans,
        "figures": {who: figures(ledger) for who, ledger in ledgers.items()},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(truth, allow_unicode=True, sort_keys=False, width=140), encoding="utf-8")
