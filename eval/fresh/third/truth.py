"""What is true of the third bank, from the books its papers were printed from; never from the product.

Flow ratios are of the last twelve months between year ends and of the year at them; a year ends where the books have twelve months.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import yaml

from eval.fresh.bank.truth import ITEMS, POINTS, RATIOS, Sums
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.truth import rounded


class FiscalSums(Sums):
    """Ratios of books whose year may end in any month."""

    def ltm(self, item: str, end: date) -> Decimal:
        """The year at a year end; else the last year and this year to date less the same part of last year."""
        if (end, 12) in self.ledger.flows:
            return self.flow(item, end, 12)
        year_end = max(stop for stop, months in self.ledger.flows if months == 12 and stop < end)
        months = (end.year - year_end.year) * 12 + end.month - year_end.month
        before = _year_before(end)
        return self.flow(item, year_end, 12) + self.flow(item, end, months) - self.flow(item, before, months)

    def ratio(self, name: str, end: date) -> Decimal:
        """Those the second bank's reckoner knows, and a few more."""
        if name == "fccr":
            opening = self.point("current_portion_lt_debt", _year_before(end))
            left = self.ebitda(end) - self.ltm("capex", end) - self.ltm("income_tax_expense", end)
            return left / (opening + self.ltm("interest_expense", end))
        if name == "net_debt":
            return self.total_debt(end) - self.point("cash_and_equivalents", end) + self.point("restricted_cash", end)
        if name == "roe":
            return self.ltm("net_profit_to_parent", end) / (
                (
                    self.point("equity_attributable_to_parent", end)
                    + self.point("equity_attributable_to_parent", _year_before(end))
                )
                / 2
            )
        return super().ratio(name, end)


def _year_before(end: date) -> date:
    after = end + timedelta(days=1)
    return after.replace(year=after.year - 1) - timedelta(days=1)


def figures(ledger: Ledger) -> dict[str, dict[str, str]]:
    """Every amount and ratio of a borrower's books, by period."""
    sums, found = FiscalSums(ledger), {}
    for end in sorted(ledger.balances):
        row = {item: rounded(sums.point(item, end), 2) for item in POINTS}
        for months in (3, 6, 9, 12):
            if (end, months) in ledger.flows:
                row.update({f"{item}/{months}": rounded(sums.flow(item, end, months), 2) for item in ITEMS})
        for name in (*RATIOS, "fccr", "net_debt"):
            try:
                row[name] = rounded(sums.ratio(name, end))
            except (KeyError, ValueError, ZeroDivisionError, ArithmeticError):
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
        "book_date": draft.book_date.isoformat(), "loans": loans, "figures": {who: figures(ledger) for who, ledger in ledgers.items()},
    }  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(truth, allow_unicode=True, sort_keys=False, width=140), encoding="utf-8")
