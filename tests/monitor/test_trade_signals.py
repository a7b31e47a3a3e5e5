"""Limits in full use, others who repay, customers who leave, the industry, exports, lending beyond need: measured on rows, unknown without them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tools.domain import kernels_trade as kernels
from tools.domain.capital_need import Need
from tools.domain.periods import add_months
from tools.domain.signal_case import Case
from tools.domain.signals import Measured
from tools.rulebook.loader import load_rulebook
from tools.rulebook.signal_rules import load_signals

D = Decimal
DAY = date(2026, 10, 31)
BOOK = load_signals()


def case(customer: Mapping[str, Any] | None = None, **tables: Sequence[Mapping[str, Any]]) -> Case:
    return Case(
        "C1",
        DAY,
        customer or {"id": "C1", "name": "甲公司", "industry_code": "C3857", "country_code": "CN"},
        rows=tables,
        handed=frozenset(tables),
    )


def measured(name: str, held: Case) -> Measured:
    rule = BOOK.measures[name]
    found: Measured = getattr(kernels, rule.kernel)(held, rule.settings)
    return found


def loan(id: str, balance: str, limit: str | None, **more: Any) -> dict[str, Any]:
    return {"id": id, "status": "active", "type": "working_capital", "orig_notional": D(balance), "balance": D(balance), "currency_code": "CNY",
            "limit_amount": None if limit is None else D(limit), "facility_id": "F1", **more}  # fmt: skip


def posting(id: str, loan: str, day: date, kind: str, amount: str, **more: Any) -> dict[str, Any]:
    return {
        "id": id,
        "loan_id": loan,
        "value_date": day,
        "type": kind,
        "amount": D(amount),
        "currency_code": "CNY",
        "account_id": "A1",
        **more,
    }


def test_a_limit_is_full_only_when_it_was_on_every_day() -> None:
    loans = [loan("L1", "60", "100"), loan("L2", "38", "100")]
    assert measured("limit_use", case(loans=loans, loan_transactions=[])).value == D("0.98")
    dip = [posting("T1", "L1", date(2026, 9, 1), "principal", "20"), posting("T2", "L1", date(2026, 9, 3), "drawdown", "20")]
    assert measured("limit_use", case(loans=loans, loan_transactions=dip)).value == D("0.78")
    undone = [
        *dip,
        posting("T3", "L1", date(2026, 9, 2), "reversal", "20", reverses_id="T1"),
        posting("T4", "L1", date(2026, 9, 4), "reversal", "20", reverses_id="T2"),
    ]
    assert measured("limit_use", case(loans=loans, loan_transactions=undone)).value == D("0.98"), "neither ever was"


def test_a_loan_whose_limit_is_its_own_amount_has_none_to_fill() -> None:
    term = [loan("L1", "100", "100")]
    assert measured("limit_use", case(loans=term, loan_transactions=[])).missing == ("loans.limit_amount",)
    assert measured("limit_use", case(loans=[loan("L1", "95", "100")])).missing == ("loan_transactions",)
    lost = [{**loan("L1", "95", "100"), "balance": None}]
    assert measured("limit_use", case(loans=lost, loan_transactions=[])).value is None


def test_what_others_paid_is_told_apart_by_the_account() -> None:
    own = [{"id": "A1", "currency_code": "CNY"}]
    paid = [
        posting("T1", "L1", date(2026, 9, 1), "interest", "40"),
        posting("T2", "L1", date(2026, 9, 2), "principal", "60", account_id="A9"),
    ]
    assert measured("third_party_share", case(accounts=own, loan_transactions=paid)).value == D("0.6")
    silent = [paid[0], {**paid[1], "account_id": None}]
    assert measured("third_party_share", case(accounts=own, loan_transactions=silent)).missing == (
        "loan_transactions.account_id",
    )
    assert (
        measured("third_party_share", case(accounts=own, loan_transactions=[{**paid[0], "value_date": date(2026, 1, 1)}])).value
        is None
    )
    assert measured("third_party_share", case(loan_transactions=paid)).missing == ("accounts",)


def lines(*amounts: tuple[str, int, str]) -> list[dict[str, Any]]:
    """(payer, months back, amount)."""
    return [
        {"id": f"X{n}", "account_id": "A1", "value_date": add_months(date(2026, 10, 15), -back), "direction": "in", "amount": D(amount),
         "counterparty_name": who, "memo": "货款"}
        for n, (who, back, amount) in enumerate(amounts)
    ]  # fmt: skip


def test_a_customer_is_lost_when_both_quarters_fall_short() -> None:
    accounts = [{"id": "A1", "currency_code": "CNY"}]
    steady = [("乙公司", back, "10") for back in range(13)]
    leaving = [("丙公司", back, "40" if back > 5 else "5") for back in range(13)]
    held = case(accounts=accounts, account_transactions=lines(*steady, *leaving))
    assert measured("buyer_share", held).value == 1
    fall = measured("buyer_fall", held)
    assert (fall.value, fall.text) == (D("0.875"), "丙公司")
    late = [("丙公司", back, "40" if back > 2 else "5") for back in range(13)]
    kept = measured("buyer_fall", case(accounts=accounts, account_transactions=lines(*steady, *late)))
    assert kept.value == 0, "one poor quarter is no loss"
    lent = [{**row, "memo": "借款"} for row in lines(*leaving)]
    assert measured("buyer_fall", case(accounts=accounts, account_transactions=[*lines(*steady), *lent])).value == 0
    short = case(accounts=accounts, account_transactions=lines(*[("乙公司", back, "10") for back in range(6)]))
    assert measured("buyer_fall", short).missing == ("account_transactions of twelve months",)


def series(id: str, code: str, unit: str, *values: str, country: str | None = None) -> list[dict[str, Any]]:
    """Newest value last, the last one in October 2026."""
    months = range(len(values) - 1, -1, -1)
    return [
        {"id": f"{id}{back}", "series": id, "date": add_months(date(2026, 10, 1), -back), "value": D(value), "unit": unit, "industry_code": code,
         "country_code": country, "name": id}
        for back, value in zip(months, values, strict=True)
    ]  # fmt: skip


def test_the_series_of_the_closest_industry_counts() -> None:
    sector = series("PMI", "C", "index", "50", "48.9", "48", "47")
    own = series("MODULE", "C38", "CNY/W", *["1"] * 12, *["0.9"] * 10, "0.8", "0.8", "0.76")
    assert measured("industry_months", case(market=sector)).value == 3
    found = measured("industry_months", case(market=[*sector, *own]))
    assert (found.value, found.text) == (3, "MODULE")
    assert measured("industry_months", case(market=series("PMI", "C", "index", "48", "48", "49"))).value == 0, (
        "at the mark is not under it"
    )
    assert measured("industry_months", case(market=series("COAL", "B", "CNY/t", "1", "1"))).value is None
    assert measured("industry_months", case(market=series("PMI", "C", "index", "48", country="US"))).value is None
    assert measured("industry_months", case(market=series("STEEL", "C", "CNY/t", "5", "4"))).missing == (
        "market of a year before",
    )
    assert measured("industry_months", case()).missing == ("market",)


def exports(months: int, unit: str = "CNY") -> list[dict[str, Any]]:
    return [
        {
            "id": f"O{back}",
            "measure": "export_customs_value",
            "date": add_months(date(2026, 9, 30), -back),
            "value": D(10),
            "unit": unit,
        }
        for back in range(months)
    ]


def test_exports_need_twelve_months_in_one_currency() -> None:
    assert measured("foreign_net", case(operations=exports(24))).value == 120
    assert measured("foreign_net", case(operations=exports(11))).value is None
    assert measured("foreign_net", case(operations=[*exports(6), *exports(12, "USD")[6:]])).value is None
    assert measured("foreign_net", case(operations=[])).missing == ("operations.export_customs_value",)


@pytest.mark.parametrize(
    ("loans", "room", "told"), [("9000", "-4000", "-1000"), ("6400", "792", "792"), ("6400", "-1007", None)]
)
def test_lending_beyond_need_is_said_only_when_own_funds_cannot_change_it(loans: str, room: str, told: str | None) -> None:
    """The need is 8,000: with loans of 9,000 whatever own funds there are; with 6,400 they decide."""
    need = Need(need=D(8000), room=D(room))
    found = measured("capital_room", replace(case(), need=lambda: (need, D(loans), ())))
    assert found.value == (None if told is None else D(told))
    assert found.missing == (() if told else ("own_funds",))


def test_an_industry_has_levels_of_its_own() -> None:
    signal, rulebook = BOOK.signal("FIN-12"), load_rulebook()
    limits = {
        group: [level.threshold for level in signal.for_set(group).levels]
        for group in ("default", "manufacturing", "trade", "construction", "small")
    }
    assert limits == {"default": [D("0.80"), D("0.70")], "manufacturing": [D("0.80"), D("0.65")], "trade": [D("0.85"), D("0.75")],
                      "construction": [D("0.90"), D("0.80")], "small": [D("0.80"), D("0.70")]}  # fmt: skip
    assert rulebook.set_of("C3421", "CN", "medium") == "manufacturing" and rulebook.set_of("E4710", "CN") == "construction"
