"""What falls due around covenants, and borrowers' certificates held against our tests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from hashlib import sha256

import pytest

from tests.assistant.bank import CLOCKS, OFFICER, RECEIVED, SmallBank, build
from tools.domain.callers import LOCAL
from tools.domain.certificate_reading import read_certificate
from tools.domain.certificates import Stated
from tools.domain.facts import Passage, Source
from tools.errors import BadRequest
from tools.rulebook.certificate_words import load_certificate_words
from tools.store.documents import Document
from tools.toolbox.appointments import falling_due
from tools.toolbox.certificates import checked_certificates
from tools.toolbox.registry import registry

WORDS = load_certificate_words()
CHINESE = """财务指标合规证明
致：某某银行。我公司就2026年半年度财务指标的执行情况证明如下。除另有说明外，金额单位为人民币万元。约束条件 约定标准 我公司计算值 是否符合
总债务/EBITDA（合并） 不高于4.00倍 3.94倍 符合 资产负债率（合并） 不得高于65% 66.01% 不符合 有形净资产 不低于10,000万元 11,092.00 符合
计算过程： 总债务 10,210.00（未含租赁负债190.00）；最近十二个月EBITDA 2,590.00； 10,210.00÷2,590.00＝3.94。 我公司确认未发生违约事件。"""
ENGLISH = """Compliance Certificate To: the Bank. This is a Compliance Certificate for the quarter ended 30 June 2026. Amounts are in thousands
unless stated otherwise. Covenant Requirement Our figure Met? Tangible Net Worth not less than USD 40,000,000 USD 46,684,000 Yes
Interest cover not less than 4.00:1 6.71x Yes Leverage not more than 3.00:1 3.25x No Workings: Total equity 56,449; interest expense 1,886."""


def test_a_certificates_rows_are_read_in_the_rulebooks_units() -> None:
    found = read_certificate(CHINESE, WORDS)
    assert found is not None
    assert found.period_end == date(2026, 6, 30)
    assert [(r.label, r.operator, r.limit, r.value, r.compliant) for r in found.rows] == [
        ("总债务/EBITDA（合并）", "<=", Decimal("4.00"), Decimal("3.94"), True),
        ("资产负债率（合并）", "<=", Decimal("0.65"), Decimal("0.6601"), False),
        ("有形净资产", ">=", Decimal("100000000"), Decimal("110920000.00"), True),
    ]
    assert [(p.label, p.value, p.remark) for p in found.parts[:2]] == [
        ("总债务", Decimal("102100000.00"), "未含租赁负债190.00"), ("EBITDA", Decimal("25900000.00"), ""),
    ]  # fmt: skip


def test_rows_of_a_certificates_table_are_read_cell_by_cell() -> None:
    chinese = read_certificate(
        "财务约束合规证明\n测试项 | 要求 | 本公司计算 | 结论\n净债务/EBITDA | 不高于3.20倍 | 2.75倍 | 符合\n流动比率 | 不低于1.10 | 0.98 | 不符合\n有形净资产 | 不低于9,000万元 | 见报表 | 符合",
        WORDS,
    )
    assert chinese is not None
    assert [(r.label, r.operator, r.limit, r.value, r.compliant) for r in chinese.rows] == [
        ("净债务/EBITDA", "<=", Decimal("3.20"), Decimal("2.75"), True),
        ("流动比率", ">=", Decimal("1.10"), Decimal("0.98"), False),
    ]
    english = read_certificate(
        "Compliance Certificate\nTest | Limit | Ours | Met\nNet leverage | not more than 2.25x | 1.90x | Yes\nCash | not less than $5,000,000 | See accounts | Yes",
        WORDS,
    )
    assert english is not None
    assert [(r.label, r.limit, r.value, r.compliant) for r in english.rows] == [
        ("Net leverage", Decimal("2.25"), Decimal("1.90"), True)
    ]


def test_an_english_certificate_is_read_too_and_other_papers_are_none() -> None:
    found = read_certificate(ENGLISH, WORDS)
    assert found is not None
    assert [(r.label, r.limit, r.value, r.compliant) for r in found.rows] == [
        ("Tangible Net Worth", Decimal("40000000"), Decimal("46684000"), True),
        ("Interest cover", Decimal("4.00"), Decimal("6.71"), True),
        ("Leverage", Decimal("3.00"), Decimal("3.25"), False),
    ]
    assert found.parts[0].value == Decimal("56449000")
    assert read_certificate("Minutes of the board. Leverage not more than 3.00:1 3.25x No", WORDS) is None


@pytest.mark.parametrize(
    ("said", "end"),
    [("2025年度", date(2025, 12, 31)), ("2026年第三季度", date(2026, 9, 30)), ("截至2026年2月30日", date(2026, 2, 28)),
     ("the period ended 31 March 2026", date(2026, 3, 31)), ("the year ended December 31, 2025", date(2025, 12, 31)), ("nothing", None)],
)  # fmt: skip
def test_the_period_is_read_however_it_is_written(said: str, end: date | None) -> None:
    found = read_certificate(f"Compliance Certificate for {said}.", WORDS)
    assert found is not None
    assert found.period_end == end


def test_an_amount_printed_in_ten_thousands_agrees_within_half_of_its_last_place() -> None:
    claim = Stated("C5", date(2026, 6, 30), Decimal("110920000.00"), True, Decimal("100.00"))
    assert claim.slack == 50
    assert Stated("C1", date(2026, 6, 30), Decimal("3.94")).slack == Decimal("0.005")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallBank]:
    made = build(tmp_path_factory.mktemp("bank"))
    yield made
    made.bank.close()


def test_the_calendar_lists_tests_and_statements_in_order_and_nothing_outside_its_days(small: SmallBank) -> None:
    desk = small.bank.desk(OFFICER, CLOCKS)
    found = falling_due(desk, "C001", date(2026, 11, 1), date(2027, 6, 30))
    assert {one.what for one in found} >= {"test", "statements"}
    assert [one.day for one in found] == sorted(one.day for one in found)
    assert all(date(2026, 11, 1) <= one.day <= date(2027, 6, 30) for one in found)
    assert all(one.limit for one in found if one.what == "test" and one.covenant in ("V001", "V002"))
    with pytest.raises(BadRequest, match="is before"):
        falling_due(desk, "C001", date(2026, 11, 1), date(2026, 10, 1))


def test_the_calendar_of_somebody_elses_borrower_is_empty(small: SmallBank) -> None:
    desk = small.bank.desk(OFFICER, CLOCKS)
    assert {one.borrower for one in falling_due(desk)} <= {"C001", "C002", "C003", "C004"}


@pytest.fixture(scope="module")
def claiming(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallBank]:
    """C001 certifies its leverage at the year end: lower than it is, by leaving its leases out."""
    made = build(tmp_path_factory.mktemp("claims"))
    text = (
        "财务指标合规证明 我公司就2025年度财务指标的执行情况证明如下，金额单位为人民币万元。约束条件 约定标准 我公司计算值 是否符合 "
        "总债务/EBITDA（合并） 不高于4.00倍 3.38倍 符合 资产负债率（合并） 不高于65% 60.80% 符合 速动比率 不低于0.70倍 0.75倍 符合 "
        "计算过程： 总债务 9,940.00（未含租赁负债220.00）； EBITDA 2,940.00。"
    )
    paper = Document(
        sha256(text.encode()).hexdigest(), "合规证明_2025年度.pdf", "other", "zh", "C001", 1, "ok", RECEIVED, RECEIVED
    )
    with made.bank.store.transaction():
        made.bank.store.documents.add(LOCAL, paper, text.encode())
        made.bank.store.passages.add(
            LOCAL,
            [Passage("P-claim", text, Source(paper.name, paper.sha256, 1), "other", "C001", ((72.0, 90.0, 300.0, 130.0),))],
            RECEIVED,
        )
    yield made
    made.bank.close()


def test_every_difference_between_a_certificate_and_our_test_is_shown(claiming: SmallBank) -> None:
    (found,) = checked_certificates(claiming.bank.desk(OFFICER, CLOCKS), "C001")
    rows = {row.stated.label: row for row in found.rows}
    leverage, debts, quick = rows["总债务/EBITDA（合并）"], rows["资产负债率（合并）"], rows["速动比率"]
    assert leverage.test is not None
    assert (leverage.test.covenant.id, [d.kind for d in leverage.differences]) == ("V001", ["value"])
    assert debts.test is not None
    assert (debts.test.covenant.id, debts.differences, quick.test) == ("V002", (), None)
    parts = {part.metric: part.difference for part in found.parts}
    assert parts == {"total_debt": Decimal("-2200000.00"), "ebitda": Decimal(0)}
    assert found.agrees is None
    shape = found.shape()
    assert shape["rows"][0]["differences"][0]["difference"] == "-0.0757823129"


def test_the_tool_cites_the_certificates_own_words(claiming: SmallBank) -> None:
    artifact = registry()["certificates"].call(claiming.bank.desk(OFFICER, CLOCKS), {"borrower": "C001"}).artifact
    values = {(v.name, v.about): v for v in artifact.values}
    assert values["certified", "V001"].value == Decimal("3.38")
    assert values["certificate_difference", "total_debt"].value == Decimal("-2200000.00")
    assert [p.id for p in artifact.passages] == ["P-claim"]
    assert registry()["certificates"].call(claiming.bank.desk(OFFICER, CLOCKS), {"borrower": "C002"}).artifact.missing
