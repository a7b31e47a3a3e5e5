"""What is true of the fourth bank, from the books its papers were printed from and the accounts as posted; never from the product.

Flow ratios are of the year at year ends and of the last twelve months between them. Covenants are tested on the last test date whose
statements are in; a loan's money is followed through its account first in, first out, with what the account held before going first.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import yaml

from eval.fresh.bank.truth import ITEMS, POINTS, RATIOS
from eval.fresh.third.truth import FiscalSums
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.truth import rounded

MORE_POINTS = (
    "notes_receivable", "prepayments", "other_receivables", "contract_assets", "construction_in_progress", "intangible_assets", "goodwill",
    "long_term_equity_investments", "contract_liabilities", "share_capital", "surplus_reserve", "undistributed_profit", "minority_interest",
    "equity_attributable_to_parent", "current_portion_noncurrent_liabilities", "total_noncurrent_assets", "notes_payable",
)  # fmt: skip
MORE_ITEMS = (
    "net_profit_to_parent",
    "cash_from_customers",
    "finance_costs_net",
    "interest_paid",
    "dividends_paid",
    "net_cash_investing",
    "net_cash_financing",
)
MORE_RATIOS = ("fccr", "net_debt", "cash_ratio", "debt_to_equity", "ebitda_margin", "operating_margin", "cash_earnings", "ccc", "net_gearing",
               "net_profit_growth", "fcf", "cfo_to_debt", "working_capital", "interest_bearing_ratio", "asset_turnover", "roa", "effective_tax")  # fmt: skip
MISUSED = {"L4081": ("汀浦砥石置业有限公司", "东陆证券客户资金专户", "海川银行定期存款")}
"""Loans whose money went where it must not, and the parties it went to."""


class Reckoner(FiscalSums):
    """Further ratios of handbook 3."""

    def ratio(self, name: str, end: date) -> Decimal:
        """A named ratio, unrounded."""
        point, ltm, before = self.point, self.ltm, _year_before(end)
        free = point("cash_and_equivalents", end) - point("restricted_cash", end)
        simple = {
            "cash_ratio": lambda: free / point("total_current_liabilities", end),
            "debt_to_equity": lambda: point("total_liabilities", end) / point("total_equity", end),
            "ebitda_margin": lambda: self.ebitda(end) / ltm("revenue", end),
            "operating_margin": lambda: ltm("operating_profit", end) / ltm("revenue", end),
            "cash_earnings": lambda: ltm("net_cash_operating", end) / ltm("net_profit", end),
            "ccc": lambda: self.ratio("dso", end) + self.ratio("dio", end) - self.ratio("dpo", end),
            "net_gearing": lambda: self.ratio("net_debt", end) / point("total_equity", end),
            "net_profit_growth": lambda: ltm("net_profit", end) / ltm("net_profit", before) - 1,
            "fcf": lambda: ltm("net_cash_operating", end) - ltm("capex", end),
            "cfo_to_debt": lambda: ltm("net_cash_operating", end) / self.total_debt(end),
            "working_capital": lambda: point("total_current_assets", end) - point("total_current_liabilities", end),
            "interest_bearing_ratio": lambda: self.total_debt(end) / point("total_assets", end),
            "asset_turnover": lambda: ltm("revenue", end) / ((point("total_assets", end) + point("total_assets", before)) / 2),
            "roa": lambda: ltm("net_profit", end) / ((point("total_assets", end) + point("total_assets", before)) / 2),
            "effective_tax": lambda: ltm("income_tax_expense", end) / ltm("profit_before_tax", end),
        }  # fmt: skip
        return simple[name]() if name in simple else super().ratio(name, end)


def figures(ledger: Ledger) -> dict[str, dict[str, str]]:
    """Every amount and ratio of a borrower's books, by period."""
    sums, found = Reckoner(ledger), {}
    for end in sorted(ledger.balances):
        row = {item: rounded(sums.point(item, end), 2) for item in (*POINTS, *MORE_POINTS)}
        for months in (3, 6, 9, 12):
            if (end, months) in ledger.flows:
                row.update({f"{item}/{months}": rounded(sums.flow(item, end, months), 2) for item in (*ITEMS, *MORE_ITEMS)})
        for name in (*RATIOS, *MORE_RATIOS):
            try:
                row[name] = rounded(sums.ratio(name, end))
            except (KeyError, ValueError, ArithmeticError):
                continue
        found[end.isoformat()] = row
    return found


def tests(draft: Draft, ledgers: Mapping[str, Ledger]) -> dict[str, dict[str, str]]:
    """Each confirmed or waived maintenance covenant at every test date whose accounts came by the book date."""
    owner = {str(row["id"]): str(row["customer_id"]) for row in draft.book.tables["loans"]}
    facility = {
        str(row["facility_id"]): str(row["customer_id"]) for row in draft.book.tables["loans"] if row.get("facility_id")
    }
    came = {
        (str(row["customer_id"]), row["period_end"]) for row in draft.book.tables["documents"] if row["kind"] == "statement"
    }
    found: dict[str, dict[str, str]] = {}
    for row in draft.book.tables["covenants"]:
        if row["type"] != "maintenance":
            continue
        customer = owner.get(str(row.get("loan_id"))) or facility[str(row["facility_id"])]
        ledger = ledgers[f"{customer}-parent" if row["scope"] == "parent" else customer]
        metric, operator = str(row["metric"]), str(row["operator"])
        verdicts = {"test": f"{metric} {operator} {row['threshold']}", "steps": str(row.get("threshold_steps") or "")}
        for end in sorted(ledger.balances):
            if (customer, end) not in came or not _due(end, row):
                continue
            actual = (
                Reckoner(ledger).point(metric, end) if metric == "cash_and_equivalents" else Reckoner(ledger).ratio(metric, end)
            )
            limit = Decimal(str(row["threshold"]))
            headroom = (limit - actual) / limit if operator == "<=" else (actual - limit) / limit
            word = "breach" if headroom < 0 else "at_risk" if headroom < Decimal("0.1") else "compliant"
            waived = row.get("waived_until")
            if isinstance(waived, date) and row["status"] == "waived" and end <= waived:
                word = f"waived ({word})"
            verdicts[end.isoformat()] = f"{rounded(actual)} {word} headroom {rounded(headroom)}"
        found[str(row["id"])] = verdicts
    return found


def trace(draft: Draft, loan: str) -> dict[str, str]:
    """Where a loan's money went from its account, first in first out."""
    booked = draft.loans[loan].lent
    own, lent, parts = Decimal(0), Decimal(0), dict[str, Decimal]()
    rows = [row for row in draft.book.tables["account_transactions"] if row["account_id"] == booked.account]
    first = next(row for row in rows if row.get("loan_id") == loan)
    own = Decimal(str(first["balance_after"])) - Decimal(str(first["amount"]))
    lent = Decimal(str(first["amount"]))
    for row in rows[rows.index(first) + 1 :]:
        if row["direction"] == "in" or not lent:
            continue
        amount = Decimal(str(row["amount"]))
        from_own = min(own, amount)
        from_loan = min(lent, amount - from_own)
        own, lent = own - from_own, lent - from_loan
        if from_loan:
            party = str(row["counterparty_name"])
            parts[party] = parts.get(party, Decimal(0)) + from_loan
    wrong = sum((parts.get(party, Decimal(0)) for party in MISUSED.get(loan, ())), Decimal(0))
    shares = {party: str(amount) for party, amount in parts.items()}
    return {**shares, "own before": str(Decimal(str(first["balance_after"])) - Decimal(str(first["amount"]))), "misuse": str(wrong),
            "misuse share": rounded(wrong / booked.amount), "unspent": str(lent)}  # fmt: skip


def write_truth(folder: Path, draft: Draft, ledgers: Mapping[str, Ledger]) -> None:
    """figures.yaml (by customer and period), loans.yaml, covenants.yaml, traces.yaml."""
    loans = {}
    for number, booked in draft.loans.items():
        days, amount = booked.overdue(draft.book_date)
        ahead = [due for due in booked.lent.dues() if due.day > draft.book_date]
        year_on = draft.book_date.replace(year=draft.book_date.year + 1)
        loans[number] = {
            "customer": booked.lent.customer, "currency": booked.lent.currency, "balance": str(booked.balance), "rate": str(booked.lent.rate),
            "days_past_due": days, "overdue": str(amount), "next": [f"{due.day} principal {due.principal} interest {due.interest}" for due in ahead[:3]],
            "dues_12m": str(sum((due.amount for due in ahead if due.day <= year_on), Decimal(0))), "interest_ahead": str(sum((due.interest for due in ahead), Decimal(0))),
        }  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (
        ("figures", {who: figures(ledger) for who, ledger in ledgers.items()}), ("loans", loans), ("covenants", tests(draft, ledgers)),
        ("traces", {loan: trace(draft, loan) for loan in ("L4081", "L4111")}),
    ):  # fmt: skip
        text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=160)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


def _due(end: date, row: Mapping[str, object]) -> bool:
    first = row.get("first_test_date")
    if isinstance(first, date) and end < first:
        return False
    if row["test_frequency"] == "annually":
        return isinstance(first, date) and (end.month, end.day) == (first.month, first.day)
    return end.month in ((6, 12) if row["test_frequency"] == "semi_annually" else (3, 6, 9, 12))


def _year_before(end: date) -> date:
    after = end + timedelta(days=1)
    return after.replace(year=after.year - 1) - timedelta(days=1)
