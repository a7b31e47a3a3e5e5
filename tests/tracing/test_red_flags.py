"""Every red flag of handbook 6: it is raised where it should be, at its threshold, and an ordinary loan raises none."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.tracing.cases import DAY, Book, flags, verdicts
from tools.domain.account_steps import Account
from tools.domain.use_shapes import usage_shape


def ordinary() -> Book:
    """A self-paid loan that buys steel from known suppliers and pays wages."""
    book = Book(10_000_000)
    book.know("江州钢铁有限公司", supplier=True)
    book.line("1", 5, "江州钢铁有限公司", 6_000_000, memo="采购款")
    book.line("2", 9, "代发工资", 1_000_000, memo="代发工资")
    book.line("3", 20, "江州钢铁有限公司", 3_000_000, memo="采购款")
    return book


def test_an_ordinary_loan_raises_nothing() -> None:
    usage = ordinary().usage()
    assert flags(usage) == {}
    assert usage.changed_use is False


@pytest.mark.parametrize(
    ("party", "memo", "category"),
    [
        ("银证转账资金专户", "银证转账", "securities"),
        ("江海银行结构性存款专户", "购买结构性存款", "deposit_wealth"),
        ("恒景置业有限公司", "购房款", "real_estate"),
        ("江州通达小额贷款有限公司", "还款", "other_lender"),
        ("王小明", "借款", "private_lending"),
        ("某某投资有限公司", "2025年度分红", "dividends"),
        ("某某科技有限公司", "股权转让款", "equity"),
        ("某某装备制造有限公司", "设备款", "fixed_assets"),
        ("币安", "usdt", "gambling_crypto"),
    ],
)
def test_money_in_a_prohibited_place_is_misuse_from_one_per_cent_on(party: str, memo: str, category: str) -> None:
    just, under = Book(10_000_000), Book(10_000_000)
    just.line("1", 40, party, 100_000, memo=memo)
    under.line("1", 40, party, 99_999, memo=memo)
    assert flags(just.usage())["TXN-01"] == "red"
    assert usage_shape(just.usage())["methods"]["fifo"]["by_destination"] == [
        {"category": category, "name": party, "amount": "100000.00"}
    ]
    assert "TXN-01" not in flags(under.usage())


def test_what_the_contract_says_the_loan_is_for_is_no_misuse() -> None:
    book = Book(10_000_000, loan_type="fixed_asset", purpose="装配基地厂房建设及土地")
    book.line("1", 4, "江州市自然资源和规划局", 9_000_000, memo="土地款", entrusted=True)
    assert "TXN-01" not in flags(book.usage())


def test_a_related_party_is_misuse_without_trade_and_trade_with_contract_and_invoice() -> None:
    bare, proven, said = Book(10_000_000), Book(10_000_000), Book(10_000_000)
    for book, memo in ((bare, "往来款"), (proven, "往来款"), (said, "采购款")):
        book.know("江州恒远铸造有限公司", tie=("subsidiary",))
        book.line("1", 3, "江州恒远铸造有限公司", 2_000_000, memo=memo)
    proven.paper("E1", "contract", "江州恒远铸造有限公司", 2_000_000, -3)
    proven.paper("E2", "invoice", "江州恒远铸造有限公司", 2_000_000, 10)
    assert flags(bare.usage()) == {"TXN-01": "red", "TXN-04": "orange", "USE-04": "yellow"}
    assert flags(proven.usage()) == {"USE-04": "yellow"}
    assert verdicts(said.usage(), ["TXN-01", "TXN-04"]) == ["clear", "unknown"]


def test_back_flow_by_way_of_a_payee_elsewhere_is_seen_when_it_comes_back_to_us() -> None:
    book = Book(10_000_000)
    book.line("1", 1, "江州丰泰贸易有限公司", 6_000_000)
    book.line("2", 9, "江州丰泰贸易有限公司", 1_800_000, incoming=True, memo="借款", account="A2")
    usage = book.usage()
    assert (usage.backflow, usage.backflow_base) == (180_000_000, 600_000_000)
    assert flags(usage)["TXN-02"] == "red"


def test_a_buyers_payments_and_a_refund_are_no_back_flow() -> None:
    book = ordinary()
    book.know("江州钢铁有限公司", supplier=True, buyer=True)
    book.line("4", 25, "江州钢铁有限公司", 4_000_000, incoming=True)
    assert "TXN-02" not in flags(book.usage())
    other = Book(10_000_000)
    other.line("1", 1, "江州丰泰贸易有限公司", 6_000_000)
    other.line("2", 9, "江州丰泰贸易有限公司", 3_000_000, incoming=True, memo="退货款退回")
    usage = other.usage()
    assert (usage.backflow, usage.unspent) == (0, 700_000_000)


def test_fast_in_fast_out_counts_those_who_are_no_known_suppliers() -> None:
    fast, known, slow = Book(10_000_000), Book(10_000_000), Book(10_000_000)
    fast.line("1", 3, "江州丰泰贸易有限公司", 8_000_000)
    known.line("1", 3, "江州丰泰贸易有限公司", 8_000_000)
    known.before["party:江州丰泰贸易有限公司"] = 2
    slow.line("1", 4, "江州丰泰贸易有限公司", 8_000_000)
    assert [flags(book.usage()).get("TXN-03") for book in (fast, known, slow)] == ["orange", None, None]


@pytest.mark.parametrize(
    ("kind", "amount", "told"), [("invoice", 8_000_000, None), ("invoice", 3_000_000, "orange"), ("contract", 8_000_000, None)]
)
def test_who_has_invoiced_the_whole_payment_is_no_stranger(kind: str, amount: int, told: str | None) -> None:
    book = Book(10_000_000)
    book.paper("E1", kind, "Orlen Pharma AG", amount)
    book.line("1", 2, "Orlen Pharma AG", 8_000_000, memo="进口货款")
    assert flags(book.usage()).get("TXN-03") == told


def test_natural_persons_cash_and_new_payees() -> None:
    book = Book(10_000_000)
    book.line("1", 10, "王小明", 3_000_000, memo="转账")
    book.line("2", 11, "", 500_000, memo="现金支取", channel="柜台")
    book.know("江州新立贸易有限公司", registered_on=DAY + timedelta(days=12) - timedelta(days=100))
    book.line("3", 12, "江州新立贸易有限公司", 1_000_000)
    book.line("4", 12, "代发工资", 5_000_000, memo="工资")
    assert flags(book.usage()) == {"USE-01": "orange", "TXN-07": "yellow", "TXN-06": "yellow"}


def test_splitting_below_the_threshold_within_a_week() -> None:
    for days, amounts, hit in (
        ((10, 12, 16), (4_000_000, 4_000_000, 2_000_000), True),
        ((10, 12, 17), (4_000_000, 4_000_000, 2_000_000), False),
        ((10, 12, 16), (4_000_000, 4_000_000, 1_999_999), False),
    ):
        book = Book(20_000_000)
        book.know("江州丰泰贸易有限公司", supplier=True)
        for number, (day, amount) in enumerate(zip(days, amounts, strict=True)):
            book.line(str(number), day, "江州丰泰贸易有限公司", amount)
        assert ("USE-08" in flags(book.usage())) is hit
        if hit:
            (flag,) = (flag for flag in book.usage().flags if flag.rule.id == "USE-08")
            assert (flag.measured.amount, flag.measured.transactions) == (1_000_000_000, ("0", "1", "2"))


def test_one_payment_above_the_threshold_by_the_borrower_itself() -> None:
    book, entrusted = Book(20_000_000), Book(20_000_000, control="entrusted")
    book.line("1", 10, "江州丰泰贸易有限公司", 10_000_001)
    entrusted.line("1", 10, "江州丰泰贸易有限公司", 10_000_001, entrusted=True)
    assert "USE-10" in flags(book.usage())
    assert "USE-10" not in flags(entrusted.usage())


def test_idle_money_after_sixty_days() -> None:
    book = Book(10_000_000)
    book.line("1", 10, "代发工资", 4_000_000, memo="工资")
    assert flags(book.usage(DAY + timedelta(days=60))) == {}
    assert flags(book.usage(DAY + timedelta(days=61))) == {"USE-04": "yellow"}


def test_round_sums_passed_on_with_little_loss() -> None:
    book = Book(10_000_000)
    book.accounts["B1"] = Account("B1", "7001", "C7", "江州甲贸易有限公司", "江海银行", "CNY")
    book.line("1", 5, "江州甲贸易有限公司", 5_000_000, number="7001")
    book.line("1b", 5, "江州恒远机械有限公司", 5_000_000, account="B1", incoming=True, number="6001")
    book.line("2", 6, "江州乙贸易有限公司", 4_900_000, account="B1")
    assert flags(book.usage())["USE-09"] == "orange"


def test_business_scope_that_has_nothing_to_do_with_the_purpose() -> None:
    book = Book(10_000_000)
    book.know("江州丰泰贸易有限公司", supplier=True, scope="服装、日用百货批发")
    book.know("江州金源物资有限公司", supplier=True, scope="金属材料、建材批发")
    book.line("1", 10, "江州丰泰贸易有限公司", 2_000_000)
    book.line("2", 11, "江州金源物资有限公司", 7_000_000)
    assert flags(book.usage()) == {"USE-02": "yellow"}


def test_repaying_another_loan_with_this_one_unless_agreed() -> None:
    book = Book(10_000_000)
    book.line("1", 2, "江海银行", 9_000_000, memo="归还贷款本金 L0", bank="江海银行")
    assert flags(book.usage()) == {"USE-12": "yellow"}
    assert flags(book.usage(refinancing=True)) == {}


def test_without_the_drawing_in_any_account_nothing_is_said_to_be_clear() -> None:
    book = Book(10_000_000)
    book.lines.clear()
    usage = book.usage()
    assert usage.changed_use is None
    assert set(verdicts(usage, ["TXN-01", "TXN-02", "TXN-03", "DOC-02"])) == {"unknown"}
    assert "no_drawing_in_accounts" in usage.remarks
    shape = usage_shape(usage)
    assert [shape["methods"]["fifo"][name] for name in ("misuse", "misuse_share")] == [None, None]
    assert [shape[name] for name in ("backflow", "unspent", "misuse_range")] == [None, None, None]


def test_papers_of_money_paid_out_of_our_sight_count_up_to_what_was_drawn() -> None:
    book = Book(1_000_000, control="entrusted")
    book.lines.clear()
    book.paper("E1", "contract", "江州钢铁有限公司", 1_500_000)
    book.paper("E2", "invoice", "江州钢铁有限公司", 700_000, 9)
    assert book.usage().evidenced == 700_000_00
    book.paper("E3", "invoice", "江州钢铁有限公司", 700_000, 19)
    assert book.usage().evidenced == 1_000_000_00


def test_missing_lines_of_an_account_are_seen_in_its_balances() -> None:
    book = ordinary()
    gone = book.lines.pop(1)
    usage = book.usage()
    assert [r for r in usage.remarks if r.startswith("lines_missing_before")] == ["lines_missing_before:2"]
    assert usage_shape(usage)["methods"]["fifo"]["destinations"][0] == {
        "category": "unexplained", "name": "?", "amount": f"{gone.amount // 100}.00", "misused": "0.00",
    }  # fmt: skip


def test_an_opening_balance_nobody_states_is_the_least_that_fits() -> None:
    book = ordinary()
    book.lines = [type(line)(**{**{f: getattr(line, f) for f in line.__slots__}, "balance": None}) for line in book.lines]
    usage = book.usage()
    assert "opening_balance_unknown:A1" in usage.remarks
    assert flags(usage) == {}
