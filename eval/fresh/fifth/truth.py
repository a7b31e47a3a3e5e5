"""What is true of the fifth bank, from the books its papers were printed from and the accounts as posted; never from the product.

The reckoning is the fourth bank's (handbook 3, fixed conventions); here stand this bank's own conditions: where its loan's money went.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import yaml

from eval.fresh.fourth.truth import Reckoner, figures, trace
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.truth import rounded

MISUSED = ("Wren Bay Verdance Property Limited", "Eastfield Securities client account", "Callum Straker")
"""Parties that L5091 was not lent for."""
_POINTS = ("cash_and_equivalents", "total_equity")
TRACED = ("L5071", "L5091")
MORE: Mapping[str, Callable[[Reckoner, date], Decimal]] = {
    "interest_coverage_cash": lambda sums, end: (sums.ltm("net_cash_operating", end)) / sums.ltm("interest_paid", end),
    "st_debt_share": lambda sums, end: (
        (sums.point("short_term_borrowings", end) + sums.point("current_portion_lt_debt", end)) / sums.total_debt(end)
    ),
    "free_cash": lambda sums, end: sums.point("cash_and_equivalents", end) - sums.point("restricted_cash", end),
    "equity_multiplier": lambda sums, end: sums.point("total_assets", end) / sums.point("total_equity", end),
}
"""A few further ratios of handbook 3."""


def more(ledger: Ledger) -> dict[str, dict[str, str]]:
    """The further ratios by period."""
    sums, found = Reckoner(ledger), {}
    for end in sorted(ledger.balances):
        row = {}
        for name, made in MORE.items():
            try:
                row[name] = rounded(made(sums, end))
            except (KeyError, ValueError, ArithmeticError):
                continue
        found[end.isoformat()] = row
    return found


def tests(draft: Draft, ledgers: Mapping[str, Ledger]) -> dict[str, dict[str, str]]:
    """Each confirmed or waived maintenance covenant at every test date whose accounts came by the book date."""
    owner = {str(row["id"]): str(row["customer_id"]) for row in draft.book.tables["loans"]}
    owner |= {str(row["facility_id"]): str(row["customer_id"]) for row in draft.book.tables["loans"] if row.get("facility_id")}
    came = {
        (str(row["customer_id"]), row["period_end"]) for row in draft.book.tables["documents"] if row["kind"] == "statement"
    }
    found: dict[str, dict[str, str]] = {}
    for row in draft.book.tables["covenants"]:
        if row["type"] != "maintenance":
            continue
        customer = owner[str(row.get("loan_id") or row["facility_id"])]
        sums = Reckoner(ledgers[f"{customer}-parent" if row["scope"] == "parent" else customer])
        metric, operator, limit = str(row["metric"]), str(row["operator"]), Decimal(str(row["threshold"]))
        verdicts = {"test": f"{metric} {operator} {limit}", "steps": str(row.get("threshold_steps") or "")}
        for end in sorted(sums.ledger.balances):
            if (customer, end) not in came or not _tested(end, row):
                continue
            actual = sums.point(metric, end) if metric in _POINTS else sums.ratio(metric, end)
            headroom = (limit - actual) / limit if operator == "<=" else (actual - limit) / limit
            word = "breach" if headroom < 0 else "at_risk" if headroom < Decimal("0.1") else "compliant"
            waived = row.get("waived_until")
            if row["status"] == "waived" and isinstance(waived, date) and end <= waived:
                word = f"waived ({word})"
            verdicts[end.isoformat()] = f"{rounded(actual)} {word} headroom {rounded(headroom)}"
        found[str(row["id"])] = verdicts
    return found


def _tested(end: date, row: Mapping[str, object]) -> bool:
    first = row.get("first_test_date")
    if not isinstance(first, date) or end < first:
        return False
    if row["test_frequency"] == "annually":
        return (end.month, end.day) == (first.month, first.day)
    return end.month in ((6, 12) if row["test_frequency"] == "semi_annually" else (3, 6, 9, 12))


def loans(draft: Draft) -> dict[str, dict[str, object]]:
    """Balance, arrears and what falls due, by loan."""
    found: dict[str, dict[str, object]] = {}
    year_on = draft.book_date.replace(year=draft.book_date.year + 1)
    for number, booked in draft.loans.items():
        days, amount = booked.overdue(draft.book_date)
        ahead = [due for due in booked.lent.dues() if due.day > draft.book_date]
        late = [
            due
            for due in booked.lent.dues()
            if booked.lent.unpaid_from and booked.lent.unpaid_from <= due.day <= draft.book_date
        ]
        found[number] = {
            "customer": booked.lent.customer,
            "currency": booked.lent.currency,
            "balance": str(booked.balance),
            "rate": str(booked.lent.rate),
            "days_past_due": days,
            "overdue": str(amount),
            "late": [f"{due.day} principal {due.principal} interest {due.interest}" for due in late],
            "next": [f"{due.day} principal {due.principal} interest {due.interest}" for due in ahead[:4]],
            "dues_12m": str(sum((due.amount for due in ahead if due.day <= year_on), Decimal(0))),
        }
    return found


def traces(draft: Draft) -> dict[str, dict[str, str]]:
    """Where the money of the traced loans went, first in first out; the misused sum of each."""
    found = {}
    for loan in TRACED:
        parts = trace(draft, loan)
        wrong = sum((Decimal(parts.get(party, "0")) for party in MISUSED), Decimal(0))
        found[loan] = {**parts, "misuse": str(wrong), "misuse share": rounded(wrong / draft.loans[loan].lent.amount)}
    return found


def write_truth(folder: Path, draft: Draft, ledgers: Mapping[str, Ledger]) -> None:
    """figures.yaml (by customer and period), loans.yaml, covenants.yaml, traces.yaml."""
    whole = {who: figures(ledger) for who, ledger in ledgers.items()}
    for who, ledger in ledgers.items():
        for end, row in more(ledger).items():
            whole[who][end].update(row)
    folder.mkdir(parents=True, exist_ok=True)
    contents: Mapping[str, object] = {
        "figures": whole,
        "loans": loans(draft),
        "covenants": tests(draft, ledgers),
        "traces": traces(draft),
    }
    for name, content in contents.items():
        text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=160)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
