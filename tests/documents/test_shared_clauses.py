"""Contracts whose clauses share what they say: limits in one, test dates, days to cure and cures by the owners in the next.

The wording is this test's own; nothing beyond what it demands may be proposed.
"""

from __future__ import annotations

from typing import Any

import pytest

from ingestion.contracts.reading import read_contract
from ingestion.contracts.shared import add_backs, equity_cure
from ingestion.contracts.steps import inline_steps
from ingestion.readers.plain import markdown_reading

CHINESE = """
## 第六条 财务约定
6.1 在本合同有效期内，甲方应持续满足下列财务指标：
（1）资产负债率：截至2025年12月31日不高于70%；自2026年1月1日起不高于65%；自2027年1月1日起不高于60%；
（2）流动比率不得低于1.2；
（3）利息保障倍数（息税前利润/利息费用）任一会计年度不低于2.5倍；
（4）或有负债余额不超过净资产的40%；
（5）单一客户应收账款占全部应收账款的比例不超过35%；
（6）有形净资产在任何时候不少于人民币1.2亿元。
6.2 上述指标以甲方合并财务报表为准，每半年测算一次。指标未达标的，甲方应在30日内予以纠正。

## 第七条 信息披露
7.1 甲方应于每一会计年度结束后120日内向乙方提交经审计的年度财务报告，每季度终了后30日内提交季度财务报表，每月15日前提交上月纳税申报表。

## 第八条 限制性约定
8.1 未经乙方书面同意，甲方不得对外提供担保，累计金额不得超过人民币2000万元。
8.2 甲方仅在资产负债率不高于60%时方可进行利润分配，且当年分红金额不超过上一年度净利润的30%。
8.3 甲方不得将其主要资产出售、抵押或质押给第三方。

## 第九条 违约事件
9.1 甲方在其他金融机构的债务发生逾期，金额达到人民币300万元以上（含本数）的，视为甲方在本合同项下违约。
9.2 甲方实际控制人发生变更的。
"""
ENGLISH = """
## 18. FINANCIAL COVENANTS
18.1 Definitions
"EBITDA" means, for any Relevant Period, consolidated operating profit before interest, tax, depreciation and amortisation, plus (a) restructuring costs not exceeding 10% of EBITDA (before giving effect to such add-back) in any Relevant Period, (b) non-cash share-based compensation, and (c) transaction costs up to US$1,500,000 in aggregate.
"Net Debt" means Total Debt less Cash and Cash Equivalents.
18.2 Financial condition
The Borrower shall ensure that:
(a) Leverage: the ratio of Net Debt to EBITDA shall not exceed 4.25:1 for each Relevant Period ending on or before 31 December 2026, 3.75:1 for each Relevant Period ending on or before 31 December 2027, and 3.25:1 for each Relevant Period ending thereafter;
(b) Interest Cover: the ratio of EBITDA to Net Finance Charges shall not be less than 3.00:1;
(c) Debt Service Cover: the ratio of Cashflow to Debt Service in respect of any Relevant Period shall be at least 1.10 to 1.00;
(d) Tangible Net Worth shall at no time be less than US$22,500,000; and
(e) Capital Expenditure in any Financial Year shall not exceed US$9,000,000.
18.3 Financial testing
The financial covenants set out in Clause 18.2 shall be tested on each Quarter Date by reference to the consolidated financial statements for the preceding twelve months.
18.4 Equity cure
If the Borrower fails to comply with Clause 18.2(a), its shareholders may within 20 Business Days after delivery of the Compliance Certificate make a new equity contribution, which shall be deemed to increase EBITDA. No cure may be exercised in consecutive Financial Quarters nor more than four times over the life of the Facility.

## 19. INFORMATION UNDERTAKINGS
19.1 The Borrower shall supply to the Lender: (a) within 150 days after the end of each Financial Year, its audited consolidated financial statements; (b) within 45 days after the end of each Financial Quarter, its unaudited consolidated financial statements; each with a Compliance Certificate.

## 20. GENERAL UNDERTAKINGS
20.1 Negative pledge: the Borrower shall not create or permit to subsist any Security over any of its assets other than Permitted Security.
20.2 Distributions: the Borrower shall not declare or pay any dividend unless no Default is continuing and Leverage, pro forma for that dividend, does not exceed 2.50:1.
20.3 Financial Indebtedness: the Borrower shall not incur any Financial Indebtedness exceeding US$5,000,000 in aggregate.

## 21. EVENTS OF DEFAULT
21.1 Cross default: any Financial Indebtedness of the Borrower in excess of US$2,000,000 is not paid when due.
21.2 Any failure to comply with Clause 18 which is not remedied within 15 Business Days.
"""


def _read(text: str) -> dict[str, dict[str, Any]]:
    found = read_contract(markdown_reading(text).blocks, "a" * 64, "contract.md").covenants
    assert len({c["clause"] for c in found}) == len(found), "every covenant has a clause of its own"
    return {c["clause"]: c for c in found}


def _said(covenant: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(covenant[key] for key in ("metric", "operator", "threshold", "test_frequency", "grace_days"))


def test_chinese_limits_with_test_dates_and_cure_in_the_next_clause() -> None:
    found = _read(CHINESE)
    assert {key: _said(c) for key, c in found.items() if c["type"] == "maintenance"} == {
        "6.1（1）": ("debt_to_assets", "<=", "0.7", "semi_annually", 30),
        "6.1（2）": ("current_ratio", ">=", "1.2", "semi_annually", 30),
        "6.1（3）": ("icr_ebit", ">=", "2.5", "annually", 30),
        "6.1（4）": ("contingent_ratio", "<=", "0.4", "semi_annually", 30),
        "6.1（6）": ("tnw", ">=", "120000000", "at_any_time", 30),
    }
    assert found["6.1（1）"]["steps"] == [
        {"from": "2026-01-01", "threshold": "0.65"},
        {"from": "2027-01-01", "threshold": "0.6"},
    ]
    others = {key: (c["type"], c["metric"], c["threshold"]) for key, c in found.items() if c["type"] != "maintenance"}
    assert others == {
        "7.1": ("reporting", None, None),
        "8.1": ("negative", "contingent_guarantees", "20000000"),
        "8.2": ("incurrence", "debt_to_assets", "0.6"),
        "8.3": ("negative", None, None),
        "9.1": ("cross_default", None, "3000000"),
    }
    assert found["8.3"]["actions"] == ["disposal", "charge"]
    assert found["7.1"]["items"] == [{"doc": "annual_audited", "days": 120}, {"doc": "quarterly", "days": 30}]
    assert found["8.2"]["cap"] == {"share_of": "net_profit", "limit": "0.3"}


def test_english_limits_with_definitions_test_dates_and_cures_elsewhere() -> None:
    found = _read(ENGLISH)
    assert {key: _said(c) for key, c in found.items() if c["type"] == "maintenance"} == {
        "18.2(a)": ("net_debt_to_ebitda", "<=", "4.25", "quarterly", 15),
        "18.2(b)": ("icr_ebitda", ">=", "3.00", "quarterly", 15),
        "18.2(c)": ("dscr", ">=", "1.10", "quarterly", 15),
        "18.2(d)": ("tnw", ">=", "22500000", "at_any_time", 15),
        "18.2(e)": ("capex", "<=", "9000000", "annually", 15),
    }
    leverage = found["18.2(a)"]
    assert leverage["steps"] == [
        {"from": "2027-01-01", "threshold": "3.75", "to": "2027-12-31"},
        {"from": "2028-01-01", "threshold": "3.25"},
    ]
    assert leverage["cure"] == {
        "kind": "equity", "days": 20, "day_unit": "business_day", "counts_as": "ebitda", "not_consecutive": True, "most": 4,
    }  # fmt: skip
    assert found["18.2(b)"]["cure"] is None
    assert [entry["cap"] for entry in leverage["add_backs"]] == [
        {"share_of": "ebitda", "limit": "0.1", "basis": "before"}, None, {"amount": "1500000", "currency": "USD"},
    ]  # fmt: skip
    assert found["19.1"]["items"] == [{"doc": "annual_audited", "days": 150}, {"doc": "quarterly", "days": 45}]
    assert (found["20.2"]["type"], found["20.2"]["metric"], found["20.2"]["threshold"]) == (
        "incurrence",
        "net_debt_to_ebitda",
        "2.50",
    )
    assert (found["21.1"]["type"], found["21.1"]["threshold"]) == ("cross_default", "2000000")


LIMITS = """
# 综合授信协议

授信人：海州农村商业银行股份有限公司
受信人：江北永兴食品有限公司

第一条 授信额度：最高授信额度为人民币捌仟万元整，其中流动资金贷款5000万元，银行承兑汇票3000万元。

第五条 受信人承诺
（一）授信期间内，资产负债率始终控制在百分之六十五以内；
（二）速动比率保持在0.8以上；
（三）上一年度经营活动产生的现金流量净额为正；
（四）全部有息负债余额不得突破人民币1.5亿元；
（五）息税折旧摊销前利润对利息支出的覆盖倍数不得低于3；
（六）每季度结束后二十个工作日内报送财务报表；
（七）不得在未经授信人书面同意的情况下，为任何第三方提供担保；
（八）未经授信人书面同意，单笔资本性支出不得超过人民币800万元。
第六条 提前到期
受信人对任何第三方的单笔到期债务超过人民币五百万元未能清偿，或累计超过一千万元的，授信人有权宣布授信提前到期。
"""


def test_limits_under_a_heading_of_promises_without_a_sentence_that_obliges() -> None:
    found = _read(LIMITS)
    assert {key: _said(c)[:3] for key, c in found.items()} == {
        "第五条（一）": ("debt_to_assets", "<=", "0.65"),
        "第五条（二）": ("quick_ratio", ">=", "0.8"),
        "第五条（四）": ("total_debt", "<=", "150000000"),
        "第五条（五）": ("icr_ebitda", ">=", "3"),
        "第五条（六）": (None, None, None),
        "第五条（七）": (None, None, None),
        "第五条（八）": ("capex", "<=", "8000000"),
        "第六条": (None, None, "5000000"),
    }
    assert (found["第五条（七）"]["type"], found["第五条（七）"]["actions"]) == ("negative", ["guarantee"])
    assert found["第五条（六）"]["items"] == [{"doc": "quarterly", "days": 20, "unit": "business_day"}]
    assert found["第六条"]["aggregate"] == "10000000" and found["第五条（八）"]["type"] == "negative"


AMENDMENT = """
固定资产借款合同之补充协议

编号：海建银2026年补字第007号

鉴于甲乙双方于2024年3月8日签订编号为海建银2024年固贷字第021号的《固定资产借款合同》（下称原合同），现协商修改如下：

一、原合同第5.2条修改为：“借款人应确保在每个会计年度末，合并报表口径的净债务与EBITDA之比2026年度不高于4.5，2027年度不高于4.0，以后年度不高于3.5。”

二、原合同第5.3条约定的偿债备付率由不低于1.3调整为不低于1.15，自2026年6月30日起执行。

三、贷款人同意豁免借款人2025年12月31日流动比率不低于1.0的约定。

四、除上述修改外，原合同其他条款不变。
"""


def test_an_amendment_gives_the_new_limit_and_a_waiver_gives_none() -> None:
    reading = read_contract(markdown_reading(AMENDMENT).blocks, "a" * 64, "amendment.md")
    assert [(c["metric"], c["threshold"], c["amends"]["key"]) for c in reading.covenants] == [
        ("net_debt_to_ebitda", "4.5", "5.2"),
        ("dscr", "1.15", "5.3"),
    ]
    assert reading.covenants[1]["steps"] == [{"from": "2026-06-30", "threshold": "1.15"}]


def test_quarters_named_together_share_a_limit() -> None:
    steps = inline_steps(
        " (i) 5.00 to 1.00 for the fiscal quarters ending September 30, 2026 and December 31, 2026, (ii) 4.50 to 1.00 for each fiscal "
        "quarter ending thereafter.",
        "x",
    )
    assert [(str(s.threshold), str(s.since), str(s.until)) for s in steps] == [
        ("5.00", "2026-09-30", "2026-12-31"),
        ("4.50", "2027-01-01", "None"),
    ]


def test_a_definition_without_additions_adds_nothing_back() -> None:
    assert add_backs('"EBITDA" means operating profit before interest, tax, depreciation and amortisation.') == []
    assert equity_cure("The Borrower shall repay the Loan within 20 Business Days.") is None


@pytest.mark.parametrize("number", ["7.2 ", "（7.2）", "7．2 ", "第7.2款 ", "§ 7.2 ", "7.2. ", "7.2、", "按第7.2条约定，"])
def test_the_number_of_a_clause_is_never_its_limit(number: str) -> None:
    text = f"第七条 财务指标\n\n{number}每半年末，流动资产对流动负债的比率应维持在1.00以上（含）。"
    found = read_contract(markdown_reading(text).blocks, "a" * 64, "contract.md").covenants
    assert [(c["metric"], c["operator"], c["threshold"]) for c in found] == [("current_ratio", ">=", "1.00")]
    bare = f"第七条 财务指标\n\n{number}流动资产对流动负债的比率应维持在约定水平以上。"
    assert not read_contract(markdown_reading(bare).blocks, "a" * 64, "contract.md").covenants


OTHER_CHINESE = """
第五条 财务约束指标
用款单位在本合同存续期间须遵守：
5.1 每季末带息负债与税息折旧及摊销前利润的比值不得逾4.20倍，2027年6月30日起降至3.80倍。
5.2 股东权益（合并口径）任一时点不得跌破人民币八千万元。
5.3 各会计年度，息税前利润须覆盖利息支出的2.2倍以上。
5.4 6月末和12月末，速动比率以0.75为下限。
5.5 带息债务占资产合计的百分比不得超过百分之五十。
5.6 负债合计最高为所有者权益的180%，每半年检查一次。
5.7 账面货币资金在每季度末应不低于2,000万元。
5.8 流动资产÷流动负债应≥1.15（季末）。
5.9 违反5.1至5.8任何一项财务约束指标的，用款单位应于十五个工作日内纠正。
"""
OTHER_ENGLISH = """
## 12. FINANCIAL CONDITION
12.1 Consolidated Total Debt must stay within 3.25 times Adjusted EBITDA on every 31 March, 30 June, 30 September and 31 December, stepping down to 2.75 times from 30 June 2027.
12.2 Adjusted EBITDA must cover Net Finance Charges at least 4.0 times, tested half-yearly.
12.3 Interest Cover. The Company must keep Interest Cover at or above 3.0 times at the end of each financial year.
12.4 Total Liabilities may not exceed 60% of Total Assets at any time.
12.5 Shareholders' Equity is not to fall under EUR 45 million at any half-year end.
12.6 The Obligors shall hold free cash and bank deposits of EUR 5,000,000 or more on each Quarter Date.
12.7 The current ratio shall be 1.2 or better at each year end. From 31 December 2027 that minimum rises to 1.3.
12.8 The Company shall not incur Borrowings exceeding 2.0 times EBITDA.
12.9 The Company shall maintain insurance of at least 3 times the value of the goods.
12.10 If a test in clauses 12.1 to 12.7 is failed and not remedied within twenty-five Business Days, the Lender may cancel the Facility.
## 13. EVENTS OF DEFAULT
13.1 Any Borrowings of any Obligor above EUR 750,000 are not paid when due.
## 14. LAW
14.1 This Agreement and any non-contractual obligations are governed by the laws of the Netherlands.
14.2 On overdue sums the Borrower shall pay default interest at 2 percentage points above the rate otherwise payable.
"""


def test_the_same_tests_said_in_other_words() -> None:
    chinese = _read(OTHER_CHINESE)
    assert {key: _said(c) for key, c in chinese.items()} == {
        "5.1": ("debt_to_ebitda", "<=", "4.20", "quarterly", 15),
        "5.2": ("total_equity", ">=", "80000000", "at_any_time", 15),
        "5.3": ("icr_ebit", ">=", "2.2", "annually", 15),
        "5.4": ("quick_ratio", ">=", "0.75", "semi_annually", 15),
        "5.5": ("interest_bearing_ratio", "<=", "0.5", None, 15),
        "5.6": ("debt_to_equity", "<=", "1.8", "semi_annually", 15),
        "5.7": ("cash_and_equivalents", ">=", "20000000", "quarterly", 15),
        "5.8": ("current_ratio", ">=", "1.15", "quarterly", 15),
    }
    english = _read(OTHER_ENGLISH)
    assert english.pop("13.1")["threshold"] == "750000"
    assert {key: _said(c) for key, c in english.items()} == {
        "12.1": ("debt_to_ebitda", "<=", "3.25", "quarterly", 25),
        "12.2": ("icr_ebitda", ">=", "4.0", "semi_annually", 25),
        "12.3": ("icr_ebitda", ">=", "3.0", "annually", 25),
        "12.4": ("debt_to_assets", "<=", "0.6", "at_any_time", 25),
        "12.5": ("total_equity", ">=", "45000000", "semi_annually", 25),
        "12.6": ("cash_and_equivalents", ">=", "5000000", "quarterly", 25),
        "12.7": ("current_ratio", ">=", "1.2", "annually", 25),
        "12.8": (None, None, None, None, None),
    }
    steps = {key: [(s["from"], s["threshold"]) for s in c["steps"]] for key, c in {**chinese, **english}.items() if c["steps"]}
    assert (english["12.8"]["type"], english["12.8"]["actions"]) == ("negative", ["new_debt"])
    assert steps == {"5.1": [("2027-06-30", "3.80")], "12.1": [("2027-06-30", "2.75")], "12.7": [("2027-12-31", "1.3")]}


def test_the_days_to_cure_are_those_of_the_point_that_speaks_of_the_tests() -> None:
    text = (
        "## 6. Financial tests\n\n6.1 At each quarter end Borrowings shall be no more than 3.00 times EBITDA.\n\n## 9. Default\n\n"
        "9.1 It is a default if (a) any sum is unpaid and this is not remedied within three Business Days; "
        "(b) a test in clause 6 is failed and not remedied within forty-five days; or (c) the borrower is insolvent."
    )
    assert _said(_read(text)["6.1"]) == ("debt_to_ebitda", "<=", "3.00", "quarterly", 45)


@pytest.mark.parametrize(
    "text",
    [
        "The Borrower shall not incur Borrowings exceeding 2.0 times EBITDA.",
        "The Borrower shall maintain insurance of at least 3 times the value of the goods.",
        "The Lender's exposure shall be no more than 25 per cent. of the total assets of the fund, and EBITDA is reported.",
        "借款企业新增有息负债不得超过净资产的20%。",
        "担保物价值应不低于贷款本息的1.5倍。",
        "单笔金额超过人民币一千万元的，应由贷款银行受托支付，并提供流动资产清单。",
        "借款企业应每年提供流动资产、流动负债明细，份数不少于3份。",
        "The fair market value of the ships shall at all times be 140 per cent. or more of the loan.",
        "借款企业的关联方占用货币资金不得超过500万元。",
        "单笔资本支出超过500万元的，借款企业须报备。",
        "未来新增投资后，借款企业的利息保障倍数预计不低于3倍。",
        "Cash and cash equivalents held abroad shall not exceed USD 1,000,000.",
        "Each audited report shall state current assets and current liabilities in at least 2 languages.",
    ],
)
def test_what_is_no_test_of_a_ratio_is_not_made_one(text: str) -> None:
    found = read_contract(markdown_reading(f"第七条 财务指标\n\n7.1 {text}").blocks, "a" * 64, "c.md").covenants
    assert [c for c in found if c["type"] == "maintenance"] == []


def test_terms_for_when_things_go_wrong_are_terms_of_the_contract() -> None:
    english = (
        "# Loan Agreement\n\nThis agreement was signed on 4 May 2026 by Quay Street Foundry, Inc. (company number 7) as borrower and First "
        "Harbour Bank Ltd., East Branch as lender.\n\n## 3. Costs\n\n3.1 Anything paid late carries 2.50 per cent. a year on top until it is paid."
        "\n\n3.2 The borrower may prepay on ten Business Days' written notice.\n\n## 6. Tests\n\n6.1 The current ratio shall be at least 1.2 each year."
        "\n\n## 9. Default\n\n9.1 A test in clause 6 is failed and not remedied within thirty days.\n\n## 10. Law\n\n10.1 Ohio law governs this agreement."
    )
    terms = [(t.name, t.value) for t in read_contract(markdown_reading(english).blocks, "a" * 64, "c.md").terms]
    assert terms == [
        ("party", {"role": "borrower", "name": "Quay Street Foundry, Inc."}),
        ("party", {"role": "lender", "name": "First Harbour Bank Ltd., East Branch"}),
        ("signed", "2026-05-04"),
        ("late_interest", {"added_to_rate": "0.025"}),
        ("prepayment_notice", {"days": 10, "unit": "business_day"}),
        ("governing_law", "Ohio"),
        ("cure", {"days": 30, "unit": "day"}),
    ]
    chinese = (
        "第二条 利率\n\n2.1 年利率4.10%。\n\n2.3 借款企业未按期还款的，逾期部分按合同利率加收百分之四十计收罚息；挪作他用的部分，按合同利率加收百分之百计收罚息。\n\n"
        "4.2 提前还款须至少提前五个营业日书面告知。\n\n9.2 借款企业对任何其他债权人的债务逾期超过人民币300万元的，构成本合同项下违约。\n\n"
        "10.1 本合同适用中国法律，争议提交海州仲裁委员会仲裁。"
    )
    found = {t.name: t.value for t in read_contract(markdown_reading(chinese).blocks, "a" * 64, "c.md").terms}
    assert found == {
        "rate": {"annual": "0.041"}, "late_interest": {"share_over_rate": "0.4"}, "misuse_interest": {"share_over_rate": "1"},
        "prepayment_notice": {"days": 5, "unit": "business_day"}, "governing_law": "中国", "disputes": "海州仲裁委员会",
        "cross_default": {"amount": "3000000", "currency": "CNY"},
    }  # fmt: skip


THIRD_CHINESE = """
# 银团贷款协议
借款方：北川水泥有限公司
贷款方：东港银行股份有限公司

第十二条 财务承诺
12.1 借款方承诺于每个会计半年度截止日：
(1) 总负债不超过总资产的65%；
(2) 刚性债务余额不高于3.5亿元；
(3) EBITDA不少于应付利息支出的三倍；
(4) 净有息负债／EBITDA不大于4.0（2026年度）、3.5（2027年度）及3.0（2028年度及以后）；
(5) 还本付息保障率(DSCR)达到1.1倍及以上；
12.2 借款方及其子公司的对外担保总额不得超过最近一期经审计净资产的50%。
12.3 借款方合并净资产须大于等于人民币5亿元，并于每年12月31日测试。
12.4 如现金短债比低于0.2，贷款方有权提高利率。
12.5 若未能满足第12.1款任一指标，借款方有权在三十个自然日内改正。
第十三条 适用法律
13.1 本协议受中华人民共和国法律管辖，争议由东港市中级人民法院管辖。
13.2 借款方逾期还款的，在约定利率基础上上浮50%计收罚息。
"""
THIRD_ENGLISH = """
# Term Facility Agreement

## 20. FINANCIAL UNDERTAKINGS
20.1 The Parent shall procure that, on each Test Date:
(a) the ratio (expressed as a percentage) of Total Debt to Total Equity does not exceed 120 per cent.;
(b) Net Debt is not more than 3x EBITDA; and
(c) Cash and Cash Equivalents are no less than GBP 2.5 million.
20.2 The DSCR shall be 1.15:1 or better for each Relevant Period.
20.3 Consolidated EBITDA for any four consecutive quarters shall exceed GBP 12,000,000.
20.4 Dividends may be paid only if the DSCR is 1.30:1 or more.
20.5 From and after 1 January 2028 the Current Ratio will not drop below 1.05 to 1.
20.6 Liabilities to Tangible Net Worth must remain below 2.5 to 1, measured each March 31, June 30, September 30 and December 31.
20.7 "Test Date" means 30 June and 31 December in each year.
20.8 Gearing: Total Debt shall not be more than 55 per cent. of Total Assets.
20.9 Capex shall be limited to GBP 4,000,000 per financial year.
20.10 The margin is 2.5% while Leverage is 3.0 or less and 3.0% while Leverage is 3.5 or more.
20.11 As stated in Schedule 4.2, current assets should at all times exceed current liabilities by 1.3 times.
## 21. GOVERNING LAW
This Agreement shall be governed by English law. The courts of England have exclusive jurisdiction.
"""


def test_lists_under_a_lead_that_says_when_they_are_tested() -> None:
    chinese = _read(THIRD_CHINESE)
    assert {key: _said(c) for key, c in chinese.items()} == {
        "12.1（1）": ("debt_to_assets", "<=", "0.65", "semi_annually", 30),
        "12.1（2）": ("total_debt", "<=", "350000000", "semi_annually", 30),
        "12.1（3）": ("icr_ebitda", ">=", "3", "semi_annually", 30),
        "12.1（4）": ("net_debt_to_ebitda", "<=", "4.0", "semi_annually", 30),
        "12.1（5）": ("dscr", ">=", "1.1", "semi_annually", 30),
        "12.2": ("contingent_ratio", "<=", "0.5", None, None),
        "12.3": ("total_equity", ">=", "500000000", "annually", None),
    }
    assert [(s["from"], s["threshold"], s.get("to")) for s in chinese["12.1（4）"]["steps"]] == [
        ("2026-01-01", "4.0", "2026-12-31"), ("2027-01-01", "3.5", "2027-12-31"), ("2028-01-01", "3.0", None),
    ]  # fmt: skip
    english = _read(THIRD_ENGLISH)
    assert {key: _said(c)[:4] for key, c in english.items()} == {
        "20.1(a)": ("debt_to_equity", "<=", "1.2", "semi_annually"),
        "20.1(b)": ("net_debt_to_ebitda", "<=", "3", "semi_annually"),
        "20.1(c)": ("cash_and_equivalents", ">=", "2500000", "semi_annually"),
        "20.2": ("dscr", ">=", "1.15", None),
        "20.3": ("ebitda", ">=", "12000000", None),
        "20.4": ("dscr", ">=", "1.30", None),
        "20.5": ("current_ratio", ">=", "1.05", None),
        "20.6": ("liabilities_to_tnw", "<=", "2.5", "quarterly"),
        "20.8": ("interest_bearing_ratio", "<=", "0.55", None),
        "20.9": ("capex", "<=", "4000000", "annually"),
    }
    assert english["20.4"]["type"] == "incurrence" and english["20.5"]["first_test_date"] == "2028-01-01"


@pytest.mark.parametrize(
    ("text", "items"),
    [
        (
            "借款企业应于每年4月30日前报送上年度审计报告，于每年8月31日前报送半年度财务报表。",
            [{"doc": "annual_audited", "days": 120, "by": "04-30"}, {"doc": "half_year", "days": 62, "by": "08-31"}],
        ),
        (
            "借款企业应在每季度结束后三十日内报送财务报表，并在每年五月十日前报送审计报告。",
            [{"doc": "quarterly", "days": 30}, {"doc": "annual_audited", "days": 130, "by": "05-10"}],
        ),
        ("借款企业应于半年度结束后六十日内报送财务报表。", [{"doc": "half_year", "days": 60}]),
        (
            "The Borrower shall deliver its audited financial statements by 30 April each year.",
            [{"doc": "annual_audited", "days": 120, "by": "04-30"}],
        ),
        (
            "The borrower shall send audited accounts within ninety days of year end and quarterly accounts within thirty (30) days of each quarter end.",
            [{"doc": "annual_audited", "days": 90}, {"doc": "quarterly", "days": 30}],
        ),
    ],
)
def test_papers_due_on_a_day_of_the_year_and_within_days(text: str, items: list[dict[str, Any]]) -> None:
    (found,) = read_contract(markdown_reading(f"第八条 持续义务\n\n8.1 {text}").blocks, "a" * 64, "c.md").covenants
    assert found["items"] == items


def test_a_test_of_the_guarantor_is_not_one_of_the_borrower() -> None:
    (found,) = read_contract(
        markdown_reading("第八条 承诺\n\n8.4 保证人净资产应不低于人民币2亿元。").blocks, "a" * 64, "c.md"
    ).covenants
    assert (found["metric"], found["entity"]) == ("total_equity_guarantor", "保证人")


def test_tests_on_one_defined_period_share_the_dates_on_which_it_ends() -> None:
    found = _read(
        "## 6. Financial tests\n\n6.1 Net Borrowings shall not be greater than 2.90 times EBITDA for the Test Period ending on each 30 June and "
        "31 December.\n\n6.2 For every Test Period the ratio of EBITDA to interest expense shall be 3.50 to 1 or higher.\n\n"
        "6.3 The current ratio shall be 1.10 or more."
    )
    assert [c["test_frequency"] for c in found.values()] == ["semi_annually", "semi_annually", None]


def test_a_limit_that_moves_from_a_year_on_moves_on_its_first_day() -> None:
    found = _read("第九条 财务纪律\n\n9.4 甲方资产负债率上限为68%，2028年起调整为65%。")["9.4"]
    assert (found["threshold"], found["steps"]) == ("0.68", [{"from": "2028-01-01", "threshold": "0.65"}])
