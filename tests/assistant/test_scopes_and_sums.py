"""Whose customers a question is about, whom a name does not mean, and what is made of several amounts: added up, a share, one currency."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.analyst.timewords import time_phrases
from tests.assistant.asking import ask
from tests.assistant.bank import OTHER, SmallBank
from tests.assistant.test_reading import reading
from tools.domain.names import Borrower
from tools.toolbox.linking import NameIndex
from tools.toolbox.patches import said_in

PEOPLE = (
    Borrower("K1", "青川恒远供应链集团有限公司", aliases=("恒远集团",), officer_id="E1", branch_id="QX", region="青川"),
    Borrower("K2", "恒远冷链仓储（临港）有限公司", aliases=("恒远冷链",), officer_id="E2", branch_id="LG", region="临港"),
    Borrower(
        "K3",
        "牧野乳业集团有限公司",
        "Muye Dairy Group Co., Ltd.",
        ("Muye", "Muye Dairy"),
        officer_id="E2",
        branch_id="LG",
        region="临港",
    ),
)
INDEX = NameIndex(PEOPLE, {"E1": "戴维远", "E2": "Grace Whitfield"})


@pytest.mark.parametrize(
    ("text", "references"),
    [
        ("戴经理名下有几户", ["officer:E1"]), ("weiyuan dai's clients", ["officer:E1"]), ("Which borrowers does Grace look after?", ["officer:E2"]),
        ("E2的客户", ["officer:E2"]), ("青川这边逾期多少", ["region:青川"]), ("total balance in Qingchuan", ["region:青川"]), ("LG支行", ["branch:LG"]),
        ("张经理名下有几户", []),
    ],
)  # fmt: skip
def test_places_branches_and_officers_are_found_as_people_say_them(text: str, references: list[str]) -> None:
    assert [one.patch.reference for one in said_in(text, INDEX.patches)] == references


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Oakfield Dairy revenue", []), ("oakfield dairy revenue", []), ("roe of the dairy", ["K3"]), ("dairy sales 2025", ["K3"]), ("Muye Dairy revenue", ["K3"]),
        ("东方乳业的收入", []), ("HYJT的杠杆", ["K1"]), ("HY供应链的杠杆", ["K1"]),
    ],
)  # fmt: skip
def test_a_trade_alone_makes_no_firm_ours(text: str, ids: list[str]) -> None:
    assert [c.borrower.id for m in INDEX.mentions(text) for c in m.candidates] == ids


def test_a_firm_of_that_first_word_is_not_another_group(small: SmallBank) -> None:
    for question in ("临江恒泰集团的收入是多少", "江州华联商贸的负债率"):
        assert ask(small, question).status == "not_found", question


def test_an_officers_customers_are_counted_and_added_up(small: SmallBank) -> None:
    said = ask(small, "u1名下有几户").answer
    assert "4户" in said and "2,515.00万元" in said and "900.00" not in said
    assert "临江恒泰贸易有限公司" in ask(small, "B1支行逾期的有哪些").answer
    nobody = ask(small, "u1名下有几户", caller=OTHER).answer
    assert "明远" not in nobody and "2,515" not in nobody


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("恒泰和海宁明远两家贷款一共多少", "515.00万元"),
        ("What do Hengtai and Haining Mingyuan owe us together?", "CNY 5.15 million"),
        ("明远精机占我行全部贷款的比例", "79.52%"),
        ("人民币贷款合计多少", "2,515.00万元"),
        ("哪笔贷款利率最高", "L002"),
        ("明远精机9月用电和去年同月比", "34.00%"),
    ],
)
def test_amounts_of_several_are_put_together(small: SmallBank, question: str, shown: str) -> None:
    said = ask(small, question).answer
    assert shown in said and "略去" not in said and "left out" not in said, said


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("leverage at June", ["2026-06"]), ("if you take June instead", ["2026-06"]), ("May I ask", []), ("receivables Dec 24, Dec 25, Jun 26", ["2024-12", "2025-12", "2026-06"]),
        ("due Jun 25", ["2026-06-25"]), ("sales twenty twenty-four", ["2024"]), ("今年3月底净杠杆", ["2026-03"]), ("去年12月31日总资产", ["2025-12-31"]),
    ],
)  # fmt: skip
def test_months_alone_and_years_spelt_out_are_periods(text: str, periods: list[str]) -> None:
    assert [str(phrase.request) for phrase in time_phrases(text, date(2026, 10, 31))] == periods


def test_a_share_behind_a_comma_and_the_newest_twelve_months_are_read() -> None:
    assert reading("R&D spend for 2025, and as a share of revenue").share_of == "revenue"
    assert reading("研发费用多少,占收入几成").share_of == "revenue"
    rolling = reading("EBITDA over the last twelve months")
    assert "ltm" in rolling.cues and not rolling.windows
    assert [str(p) for p in reading("2024年净利润现在是多少").periods] == ["2024"]
