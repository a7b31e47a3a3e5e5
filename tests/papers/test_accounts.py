"""Statements of account in four layouts give the movements they were made from, with their places and their proof."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.extraction import Extraction
from ingestion.papers.printed import amount_of, day_of, order_of
from ingestion.pdf.document import PdfDocument
from ingestion.reading import extract_bytes
from tests.papers.conftest import statement
from tools.domain.account_lines import AccountLine, Direction, breaks, implied_opening, same_account, without_duplicates
from tools.domain.facts import Source
from tools.domain.reconciling import BookMovement, reconcile

Read = Callable[[str], Extraction]


@pytest.mark.parametrize("name", ["flow.csv", "flow.xlsx", "flow.pdf", "flow_en.pdf"])
def test_every_movement_is_read(read: Read, name: str) -> None:
    made = statement(english=name == "flow_en.pdf")
    found = read(name)
    assert found.kind == "bank_flow" and found.status == "ok", [m.text for m in found.messages]
    assert [(one.value_date, one.direction, one.amount) for one in found.account_lines] == [m[:3] for m in made.movements]
    assert {one.account_number for one in found.account_lines} == {made.number.replace(" ", "")}
    assert found.entity == made.holder
    assert {c.status for c in found.checks if c.id in ("account_rows", "account_balance")} == {"ok"}
    assert {one.currency for one in found.account_lines} == {"GBP" if name == "flow_en.pdf" else "CNY"}
    balances = [one.balance_after for one in found.account_lines]
    assert all(b is None or b == right for b, right in zip(balances, made.balances(), strict=True))


@pytest.mark.parametrize("name", ["flow.csv", "flow.xlsx", "flow.pdf"])
def test_counterparties_are_whole_even_when_wrapped(read: Read, name: str) -> None:
    assert [one.counterparty_name for one in read(name).account_lines] == [m[3] for m in statement().movements]


def test_each_amount_opens_to_its_place(read: Read, typeset: object) -> None:
    from pathlib import Path

    assert isinstance(typeset, Path)
    with PdfDocument.open(typeset / "flow.pdf") as document:
        for line in read("flow.pdf").account_lines[::7]:
            assert line.source.page and line.source.box
            x0, top, x1, bottom = line.source.box
            inside = [
                w.text
                for w in document.words(line.source.page - 1)
                if w.x0 >= x0 - 1 and w.x1 <= x1 + 1 and w.top >= top - 1 and w.bottom <= bottom + 1
            ]
            assert inside == [f"{line.amount:,.2f}"]
    assert read("flow.xlsx").account_lines[0].source.locator == f"交易明细!D{5 + len(statement().movements)}"
    assert read("flow.csv").account_lines[0].source.locator == "line 4"


def test_transactions_leave_in_the_extract_shape(read: Read) -> None:
    first = read("flow.pdf").transactions[0]
    assert {
        "id",
        "account",
        "value_date",
        "direction",
        "amount",
        "balance_after",
        "counterparty_name",
        "page",
        "box",
        "locator",
    } <= set(first)
    assert isinstance(first["amount"], str) and first["page"] == 1 and len(first["box"]) == 4


def test_the_printed_totals_are_checked(read: Read) -> None:
    assert [c.status for c in read("flow.pdf").checks if c.id == "account_totals"] == ["ok"]


def _sheet(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def test_an_altered_balance_is_named_by_its_line() -> None:
    data = _sheet([
        ["银行账户交易明细"], ["户名", "某某有限公司", "账号", "6222000011112222"],
        ["交易日期", "摘要", "收入金额", "支出金额", "账户余额"],
        ["20260901", "货款", "100.00", "", "1,100.00"], ["20260902", "材料款", "", "40.00", "1,160.00"], ["20260903", "货款", "10.00", "", "1,170.00"],
    ])  # fmt: skip
    found = extract_bytes(data, "flow.csv")
    assert found.status == "partial"
    assert [c.status for c in found.checks if c.id == "account_rows"] == ["failed"]
    assert any("line 5" in m.text and "1,160.00 does not follow; 1,060.00" in m.text for m in found.messages)


def test_a_company_cash_book_says_debit_when_money_comes_in() -> None:
    data = _sheet([
        ["银行流水"], ["日期", "摘要", "借方", "贷方", "余额"], ["2026-09-01", "货款", "500.00", "", "1500.00"], ["2026-09-02", "材料款", "", "200.00", "1300.00"],
    ])  # fmt: skip
    assert [line.direction for line in extract_bytes(data, "a.csv", kind="bank_flow").account_lines] == ["in", "out"]


def test_unsigned_amounts_take_the_side_the_balance_proves() -> None:
    data = _sheet([
        ["交易明细"], ["期初余额：1,000.00"], ["交易日期", "交易金额", "余额", "对方户名"], ["2026-09-01", "300.00", "700.00", "甲公司"], ["2026-09-01", "50.00", "750.00", "乙公司"],
    ])  # fmt: skip
    assert [line.direction for line in extract_bytes(data, "a.csv", kind="bank_flow").account_lines] == ["out", "in"]


def test_a_two_row_header_is_one_header() -> None:
    data = _sheet([
        ["对公账户明细"], ["交易日期", "摘要", "发生额", "", "余额"], ["", "", "借方", "贷方", ""], ["2026-09-01", "货款", "", "300.00", "1300.00"], ["2026-09-02", "税款", "100.00", "", "1200.00"],
    ])  # fmt: skip
    assert [line.direction for line in extract_bytes(data, "a.csv", kind="bank_flow").account_lines] == ["in", "out"]


def test_a_flow_without_a_table_is_kept_as_text_and_says_so() -> None:
    found = extract_bytes("银行流水 对账单\n我司账户本月余额正常。\n".encode(), "a.txt", kind="bank_flow")
    assert found.transactions == [] and found.status == "partial"
    assert any("kept as text only" in message.text for message in found.messages)


@pytest.mark.parametrize(("text", "value", "mark"), [
    ("1,234.50", "1234.50", ""), ("-300.00", "-300.00", ""), ("(12.30)", "-12.30", ""), ("¥1,000", "1000", ""), ("250.00 CR", "250.00", "CR"),
    ("250.00DR", "250.00", "DR"), ("+7.00", "7.00", ""),
])  # fmt: skip
def test_printed_amounts(text: str, value: str, mark: str) -> None:
    assert amount_of(text) == (Decimal(value), mark)


@pytest.mark.parametrize(
    "text", ["20261005", "2026-10-05 14:03:22", "2026年10月5日", "05 Oct 2026", "05-Oct-26", "5/10/2026", "2026/10/5"]
)
def test_printed_days(text: str) -> None:
    assert day_of(text) == date(2026, 10, 5)


def test_which_figure_is_the_month() -> None:
    assert order_of(["03/28/2026", "03/29/2026"]) == ("mdy", True)
    assert order_of(["28/03/2026"]) == ("dmy", True)
    assert order_of(["03/01/2026", "03/02/2026", "03/03/2026"])[0] == "mdy"


def _line(
    number: int,
    day: date,
    direction: Direction,
    amount: Decimal,
    balance: Decimal | None,
    sha: str = "a" * 64,
    account: str = "62220001",
) -> AccountLine:
    return AccountLine(
        f"{sha[:2]}{number}", day, direction, amount, Source("f", sha), number, account_number=account, balance_after=balance
    )


SIDES: list[Direction] = ["in", "out"]
MOVES = st.lists(
    st.tuples(st.sampled_from(SIDES), st.decimals("0.01", "9999.99", places=2), st.integers(0, 2)),
    min_size=2,
    max_size=25,
)


def _chain(moves: list[tuple[Direction, Decimal, int]], opening: Decimal, sha: str = "a" * 64) -> list[AccountLine]:
    day, balance, out = date(2026, 1, 1), opening, []
    for number, (side, amount, step) in enumerate(moves):
        day = date.fromordinal(day.toordinal() + step)
        balance += amount if side == "in" else -amount
        out.append(_line(number, day, side, amount, balance, sha))
    return out


@given(MOVES, st.decimals("0", "100000", places=2))
@settings(deadline=None)
def test_a_true_statement_has_no_breaks_and_tells_its_opening(
    moves: list[tuple[Direction, Decimal, int]], opening: Decimal
) -> None:
    lines = _chain(moves, opening)
    assert breaks(lines, opening) == [] and implied_opening(lines) == opening


@given(MOVES, st.decimals("0", "100000", places=2), st.data())
@settings(deadline=None)
def test_one_wrong_balance_is_found(moves: list[tuple[Direction, Decimal, int]], opening: Decimal, data: st.DataObject) -> None:
    lines = _chain(moves, opening)
    at = data.draw(st.integers(0, len(lines) - 1))
    wrong = lines[at].balance_after
    assert wrong is not None
    lines[at] = _line(at, lines[at].value_date, lines[at].direction, lines[at].amount, wrong + 1)
    assert next(fault.line.sequence for fault in breaks(lines, opening)) == at


@given(MOVES, st.integers(1, 20), st.integers(1, 20))
@settings(max_examples=60, deadline=None)
def test_overlapping_statements_count_once(moves: list[tuple[Direction, Decimal, int]], cut: int, overlap: int) -> None:
    lines = _chain(moves, Decimal(1000))
    first = lines[: min(cut + overlap, len(lines))]
    second = [
        _line(one.sequence, one.value_date, one.direction, one.amount, one.balance_after, "b" * 64)
        for one in lines[min(cut, len(lines) - 1) :]
    ]
    kept = [one for one in without_duplicates([*first, *second]) if one.duplicate_of is None]
    assert sorted((one.value_date, one.direction, one.amount) for one in kept) == sorted(
        (one.value_date, one.direction, one.amount) for one in lines
    )


@given(MOVES)
@settings(max_examples=60, deadline=None)
def test_a_true_statement_reconciles_whole(moves: list[tuple[Direction, Decimal, int]]) -> None:
    lines = _chain(moves, Decimal(0))
    book = [BookMovement(f"B{one.sequence}", one.value_date, one.direction, one.amount) for one in lines]
    outcome = reconcile(lines, book)
    assert len(outcome.matched) == len(lines) and not (outcome.only_paper or outcome.only_book or outcome.altered)


def test_an_altered_amount_is_named_with_both_sides() -> None:
    day = date(2026, 9, 5)
    line = AccountLine("t1", day, "out", Decimal(500), Source("f", "a" * 64), 1, counterparty_name="甲公司")
    other = AccountLine("t2", day, "in", Decimal(70), Source("f", "a" * 64), 2)
    outcome = reconcile(
        [line, other], [BookMovement("B1", day, "out", Decimal(5000), "甲公司"), BookMovement("B2", day, "in", Decimal(70))]
    )
    assert [(one.id, b.id) for one, b in outcome.altered] == [("t1", "B1")] and len(outcome.matched) == 1


@pytest.mark.parametrize(("one", "other", "same"), [
    ("6222080200117762345", "6222 0802 0011 7762 345", True), ("6222****2345", "6222080200117762345", True),
    ("6217****2345", "6222080200117762345", False), ("6222080200117762345", "6222080200117762346", False), (None, "1", False),
])  # fmt: skip
def test_masked_numbers_can_be_one_account(one: str | None, other: str, same: bool) -> None:
    assert same_account(one, other) is same
