"""Rules over rows and files: each broken row is reported with its place and reason, and the rest comes in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from ingestion.loan_book import Rejection
from tests.loan_book.books import CLOCKS, SMALL, Bank, Rows, customer, loan, payment
from tools.domain.callers import LOCAL


def account(identity: str, owner: str) -> dict[str, str]:
    return {"id": identity, "customer_id": owner, "currency_code": "CNY"}


def movement(identity: str, account_id: str, **more: str) -> dict[str, str]:
    return {
        "id": identity,
        "account_id": account_id,
        "value_date": "2026-03-01",
        "direction": "in",
        "amount": "5",
        "currency_code": "CNY",
        **more,
    }


def covenant(identity: str, **more: str) -> dict[str, str]:
    base = {
        "id": identity,
        "loan_id": "L1",
        "name": "leverage",
        "metric": "debt_to_ebitda",
        "operator": "<=",
        "threshold": "3.5",
    }
    return {**base, "test_frequency": "quarterly", **more}


def collateral(identity: str, loans: str) -> dict[str, str]:
    return {
        "id": identity,
        "loan_ids": loans,
        "type": "land",
        "value": "100",
        "currency_code": "CNY",
        "value_date": "2026-01-01",
    }


def rejected(bank: Bank, book: Mapping[str, Rows]) -> list[Rejection]:
    return list(bank.take({**SMALL, **book}).rejected)


def only(bank: Bank, book: Mapping[str, Rows]) -> tuple[str, int, str, str | None]:
    """File, line, column and value of the one rejection."""
    (found,) = rejected(bank, book)
    return found.file, found.line, found.column, found.value


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("orig_notional", "-5.00", "negative"),
        ("balance", "many", "not a plain decimal"),
        ("rate", "4.35", "annual decimals"),
        ("currency_code", "RMB", "ISO 4217"),
        ("start_date", "2026-02-30", "no such day"),
        ("end_date", "2025-01-01", "before start_date"),
        ("repayment_type", "whenever", "not one of equal_instalment"),
        ("repayment_frequency", "", "required"),
        ("purpose", " ", "required"),
        ("stage", "0", "stage is 1, 2 or 3"),
        ("stage", "4", "more than 3"),
        ("customer_id", "C9", "unknown id: not in customers"),
    ],
)
def test_a_broken_loan(bank: Bank, column: str, value: str, reason: str) -> None:
    report = bank.take({**SMALL, "loans": [loan("L1", "C1"), loan("L2", "C2") | {column: value}, loan("L3", "C2")]})
    (found,) = report.rejected
    assert (found.file, found.line, found.column, found.value) == ("loans.csv", 3, column, value.strip() or None)
    assert reason in found.reason
    assert bank.ids("loans") == ["L1", "L3"] and report.rows["loans"] == 2 and report.exit_code == 1


def test_all_faults_of_a_row_are_told_at_once(bank: Bank) -> None:
    (found,) = rejected(bank, {"loans": [loan("L1", "C1") | {"balance": "x", "rate": "7"}, loan("L2", "C2")]})
    assert found.column == "balance" and "also rate" in found.reason


def test_duplicate_ids_keep_the_first(bank: Bank) -> None:
    (found,) = rejected(bank, {"loans": [loan("L1", "C1"), loan("L2", "C2"), loan("L1", "C2")]})
    assert (found.line, found.column, found.value, found.reason) == (4, "id", "L1", "duplicate id: the first is on line 2")
    assert bank.reader.rows(LOCAL, "loans", CLOCKS, loan="L1")[0]["customer_id"] == "C1"


def test_duplicates_of_rows_without_an_id(bank: Bank) -> None:
    rate = {"series": "USDCNY", "date": "2026-10-30", "value": "7.11"}
    assert only(bank, {"market": [rate, {**rate, "value": "7.12"}, {**rate, "date": "2026-10-31"}]}) == (
        "market.csv",
        3,
        "series",
        "USDCNY",
    )
    assert bank.ids("market") == ["USDCNY|2026-10-30", "USDCNY|2026-10-31"]


def test_a_row_whose_reference_was_rejected_says_so(bank: Bank) -> None:
    found = rejected(
        bank,
        {
            "customers": [customer("C1"), customer("C2") | {"type": "tribe"}],
            "loans": [loan("L1", "C1"), loan("L2", "C2")],
            "loan_transactions": [payment("T1", "L1"), payment("T2", "L2")],
            "collateral": [collateral("K1", "L1"), collateral("K2", "L1;L2")],
        },
    )
    assert [(r.file, r.line, r.column, r.value) for r in found] == [
        ("customers.csv", 3, "type", "tribe"),
        ("loans.csv", 3, "customer_id", "C2"),
        ("loan_transactions.csv", 3, "loan_id", "L2"),
        ("collateral.csv", 3, "loan_ids", "L2"),
    ]
    assert "its customers row was rejected (customers.csv line 3: not one of corporate" in found[1].reason
    assert "its loans row was rejected (loans.csv line 3" in found[2].reason and "its loans row was rejected" in found[3].reason


def test_references_reach_rows_of_earlier_imports(bank: Bank) -> None:
    bank.take(SMALL)
    report = bank.take({"loan_transactions": [payment("T1", "L1"), payment("T2", "L9")]})
    assert [r.value for r in report.rejected] == ["L9"] and bank.ids("loan_transactions") == ["T1"]


@pytest.mark.parametrize(
    ("book", "column", "value"),
    [
        ({"accounts": [account("A1", "C1"), account("A2", "C9")]}, "customer_id", "C9"),
        ({"account_transactions": [movement("X1", "A1")]}, "account_id", "A1"),
        ({"accounts": [account("A1", "C1")], "account_transactions": [movement("X1", "A1", loan_id="L9")]}, "loan_id", "L9"),
        ({"accounts": [account("A1", "C1")], "loan_transactions": [payment("T1", "L1", account_id="A9")]}, "account_id", "A9"),
        ({"loan_transactions": [payment("T1", "L1", reverses_id="T0")]}, "reverses_id", "T0"),
        ({"loan_cash_flows": [payment("F1", "L9") | {"payment_date": "2026-05-01"}]}, "loan_id", "L9"),
        ({"guarantors": [{"id": "G1", "loan_ids": "L1", "name": "Li", "customer_id": "C9"}]}, "customer_id", "C9"),
        ({"covenants": [covenant("V1", facility_id="F9")]}, "facility_id", "F9"),
        (
            {"events": [{"id": "E1", "customer_id": "C9", "date": "2026-01-01", "type": "news", "title": "x"}]},
            "customer_id",
            "C9",
        ),
        (
            {"relations": [{"customer_id": "C1", "related_name": "x", "relation": "buyer", "related_customer_id": "C9"}]},
            "related_customer_id",
            "C9",
        ),
        ({"bureau": [{"id": "B1", "customer_id": "C9", "date": "2026-01-01"}]}, "customer_id", "C9"),
        (
            {"operations": [{"id": "O1", "customer_id": "C9", "date": "2026-01-01", "measure": "headcount", "value": "1"}]},
            "customer_id",
            "C9",
        ),
        ({"documents": [{"file": "a.pdf", "customer_id": "C9", "kind": "statement"}]}, "customer_id", "C9"),
        ({"evidence": [{"id": "Q1", "loan_id": "L9"}]}, "loan_id", "L9"),
        (
            {"loan_transactions": [payment("T1", "L1")], "evidence": [{"id": "Q1", "loan_id": "L1", "transaction_id": "X9"}]},
            "transaction_id",
            "X9",
        ),
        ({"mitigants": [{"id": "M1", "loan_ids": "L9", "kind": "other"}]}, "loan_ids", "L9"),
    ],
)
def test_unknown_ids(bank: Bank, book: Mapping[str, Rows], column: str, value: str) -> None:
    (found,) = rejected(bank, book)
    assert (found.column, found.value) == (column, value) and "unknown id" in found.reason


def test_optional_references_wait_for_the_table_they_name(bank: Bank) -> None:
    book = {
        "loan_transactions": [payment("T1", "L1", account_id="A9")],
        "evidence": [{"id": "Q1", "loan_id": "L1", "transaction_id": "T1"}],
    }
    assert rejected(bank, book) == []


def test_a_required_reference_to_a_table_never_handed_over(bank: Bank) -> None:
    (found,) = rejected(bank, {"account_transactions": [movement("X1", "A1")]})
    assert found.reason == "unknown id: not in accounts, which was never handed over"


def test_reversals_of_rejected_transactions_fall_in_turn(bank: Bank) -> None:
    rows = [
        payment("T1", "L9"),
        payment("R1", "L1", type="reversal", reverses_id="T1"),
        payment("R2", "L1", type="reversal", reverses_id="R1"),
        payment("R3", "L1", type="reversal", reverses_id="R3x"),
        payment("T2", "L1"),
        payment("R4", "L1", type="reversal", reverses_id="T2"),
    ]
    found = rejected(bank, {"loan_transactions": rows})
    assert [r.line for r in found] == [2, 3, 4, 5] and bank.ids("loan_transactions") == ["R4", "T2"]


@pytest.mark.parametrize("kind", ["step", "balloon", "irregular"])
def test_irregular_loans_need_their_cash_flows(bank: Bank, kind: str) -> None:
    loans = [loan("L1", "C1") | {"repayment_type": kind}, loan("L2", "C2") | {"repayment_type": kind}]
    flow = {
        "id": "F1",
        "loan_id": "L1",
        "payment_date": "2026-06-30",
        "type": "principal",
        "amount": "1",
        "currency_code": "CNY",
    }
    report = bank.take({"customers": SMALL["customers"], "loans": loans, "loan_cash_flows": [flow]})
    assert [(r.file, r.line, r.column, r.value) for r in report.rejected] == [("loans.csv", 3, "repayment_type", kind)]
    # the flows of an earlier import count as well
    assert [r.line for r in bank.take({"loans": loans}).rejected] == [3]


@pytest.mark.parametrize(
    ("more", "column"),
    [
        ({"loan_id": "", "facility_id": ""}, "loan_id"),
        ({"metric": ""}, "metric"),
        ({"type": "incurrence", "metric": ""}, "metric"),
        ({"threshold": "three"}, "threshold"),
        ({"threshold": "60%"}, "threshold"),
        ({"threshold": "1..2"}, "threshold"),
        ({"operator": "between", "threshold": "1.5"}, "threshold"),
        ({"operator": "between", "threshold": "3..1"}, "threshold"),
        ({"operator": "<"}, "operator"),
        ({"threshold_steps": "2026-02-30:3"}, "threshold_steps"),
        ({"threshold_steps": "2026-06-30=3"}, "threshold_steps"),
        ({"threshold_steps": "2026-06-30:3;soon:2"}, "threshold_steps"),
        ({"test_frequency": ""}, "test_frequency"),
    ],
)
def test_broken_covenants(bank: Bank, more: dict[str, str], column: str) -> None:
    assert only(bank, {"covenants": [covenant("V1", **more)]})[:3] == ("covenants.csv", 2, column)


def test_sound_covenants(bank: Bank) -> None:
    rows = [
        covenant("V1", loan_id="", facility_id="F2"),
        covenant("V2", type="reporting", metric="", operator="", threshold=""),
        covenant("V3", operator="between", threshold="-1.5 .. 2"),
        covenant("V4", threshold_steps="2026-06-30:3.0; 2027-06-30:2.5;"),
        covenant("V5", operator="between", threshold="1..2", threshold_steps="2027-01-01:1..3"),
    ]
    assert rejected(bank, {"covenants": rows}) == []
    types = {row["id"]: row["type"] for row in bank.reader.rows(LOCAL, "covenants", CLOCKS)}
    assert types["V1"] == "maintenance" and types["V2"] == "reporting"


def test_periods_that_end_before_they_start(bank: Bank) -> None:
    dates = {"start_date": "2026-02-01", "end_date": "2026-01-31"}
    found = rejected(
        bank,
        {
            "guarantors": [{"id": "G1", "loan_ids": "L1", "name": "Li", **dates}],
            "mitigants": [{"id": "M1", "loan_ids": "L1", "kind": "other", **dates}],
            "relations": [{"customer_id": "C1", "related_name": "x", "relation": "buyer", **dates}],
        },
    )
    assert [(r.file, r.column) for r in found] == [
        (f"{name}.csv", "end_date") for name in ("guarantors", "mitigants", "relations")
    ]


def test_unknown_columns_are_kept_unused_and_named_once(bank: Bank) -> None:
    report = bank.take({**SMALL, "customers": [customer("C1", hue="red"), customer("C2", hue="", size="9")]})
    assert report.unused_columns == {"customers": ["hue", "size"]} and report.rejected_rows == 0
    assert bank.take({"customers": [customer("C1", hue="blue"), customer("C2", hue="", size="9")]}).unchanged is False
    with bank.reader.views(LOCAL, CLOCKS, ["customers"]) as book:
        assert "hue" not in [column[0] for column in book.execute("DESCRIBE customers").fetchall()]


def test_zero_amounts_and_far_dates_are_no_fault(bank: Bank) -> None:
    assert (
        rejected(
            bank,
            {
                "loans": [
                    loan("L1", "C1", limit_amount="0") | {"orig_notional": "0", "balance": "0.00", "end_date": "9999-12-31"}
                ]
            },
        )
        == []
    )


def test_values_that_may_be_negative(bank: Bank) -> None:
    book = {
        "loans": [loan("L1", "C1", spread="-0.0015", base_rate="-0.001")],
        "accounts": [account("A1", "C1")],
        "account_transactions": [movement("X1", "A1", balance_after="-20.00")],
        "market": [{"series": "EURIBOR3M", "date": "2021-01-04", "value": "-0.00546"}],
        "operations": [{"id": "O1", "customer_id": "C1", "date": "2026-01-31", "measure": "tax_paid", "value": "-300"}],
    }
    assert rejected(bank, book) == []


def test_many_rejections_are_listed_in_order(bank: Bank) -> None:
    rows = [payment(f"T{i}", "L1", amount="-1" if i % 2 else "1") for i in range(3000)]
    report = bank.take({**SMALL, "loan_transactions": rows})
    assert report.rejected_rows == 1500 and [r.line for r in report.rejected] == list(range(3, 3002, 2))
    assert report.rows["loan_transactions"] == 1500


def test_the_report_has_the_published_shape(bank: Bank) -> None:
    shape = bank.take({**SMALL, "loans": [loan("L1", "C1"), loan("L2", "C9")]}, on=date(2026, 10, 31)).shape()
    assert shape["book_date"] == "2026-10-31" and shape["unchanged"] is False and shape["rows"] == {"customers": 2, "loans": 1}
    assert shape["rejected"] == [
        {"file": "loans.csv", "line": 3, "column": "customer_id", "value": "C9", "reason": "unknown id: not in customers"}
    ]
    assert set(shape) >= {"snapshot", "book_date", "unchanged", "rows", "rejected", "unused_columns"}
