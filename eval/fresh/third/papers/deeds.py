"""Contracts in this bank's words: numbered articles, the financial conditions in their own article, set as PDF or written as Word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from eval.fresh.third.papers.word import words
from eval.sample_bank.lending import Lent
from eval.sample_bank.papers.report import Company, chinese_date
from eval.sample_bank.papers.sheet import GREY, Paper, wrapped
from eval.sample_bank.papers.wording import capital_amount, grouped, percent

LENDERS = {
    "QX": ("云岫银行股份有限公司青浔分行", "Yunxiu Bank Co., Ltd., Qingxun Branch"),
    "YG": ("云岫银行股份有限公司砚港分行", "Yunxiu Bank Co., Ltd., Yangang Branch"),
}
_EVERY = {"monthly": "按月", "quarterly": "按季", "semi_annually": "每半年", "at_maturity": "到期"}
_WAYS = {
    "interest_only": "{every}付息，到期一次性归还本金", "equal_principal": "{every}等额归还本金，利随本清", "bullet": "到期一次性还本付息",
    "equal_instalment": "{every}等额本息还款", "step": "按附表所列日期和金额归还本金，利息{every}支付",
}  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Deed:
    """`lines`: (text, covenant id); headings start with ##. `pages` is filled when it is set as PDF."""

    title: str
    number: str
    company: Company
    lender: str
    signed: date
    language: str
    lines: Sequence[tuple[str, str]]
    pages: dict[str, int] = field(default_factory=dict)


def chinese_deed(
    company: Company, branch: str, loan: Lent, number: str, signed: date, *, title: str, tests: Sequence[tuple[str, str]],
    duties: Sequence[tuple[str, str]], security: str, penalty: str, grace: str, paying: str = "", others: Sequence[tuple[str, str]] = (),
) -> Deed:  # fmt: skip
    """A Chinese contract; `tests`, `duties` and `others` (cross default and the like) are (clause, covenant id)."""
    lender = LENDERS[branch][0]
    way = _WAYS.get(loan.repayment, _WAYS["step"]).format(every=_EVERY[loan.frequency])
    controlled = loan.row.get("payment_control") == "entrusted"
    paying = paying or (
        "本合同项下借款采用受托支付，乙方提款时应同时提交交易合同、发票等凭证，由甲方将款项划付至乙方交易对象账户。"
        if controlled
        else "本合同项下借款采用自主支付，乙方应于提款后三十日内提交用款明细及凭证。"
    )
    lines: list[tuple[str, str]] = [
        (f"甲方（贷款人）：{lender}", ""),
        (f"乙方（借款人）：{company.name}　统一社会信用代码：{company.registration}", ""),
        (f"住所：{company.address}　法定代表人：{company.legal_representative}", ""),
        ("## 第一章　借款", ""),
        (f"1. 甲方向乙方提供借款人民币{grouped(loan.amount)}元（大写：{capital_amount(loan.amount)}）。", ""),
        (f"2. 借款期限自{chinese_date(loan.start)}起至{chinese_date(loan.end)}止。", ""),
        (f"3. 借款仅限用于{loan.purpose}。未经甲方书面同意，乙方不得改变用途，不得将借款投入房地产、证券、期货或转借他人。", ""),
        (f"4. 借款年利率为{percent(loan.rate)}，固定不变，日利率按年利率除以360计算。逾期罚息在此基础上加收{penalty}，挪用罚息加收100%。", ""),
        ("## 第二章　提款与还款", ""),
        (f"5. {paying}", ""),
        (f"6. 还款方式：{way}。", ""),
        ("7. 乙方可以提前还款，但应提前十五日书面申请，甲方不收取违约金。", ""),
        ("## 第三章　担保", ""),
        (f"8. {security}", ""),
        ("## 第四章　财务约束", ""),
        ("9. 本章所称总债务包括短期借款、一年内到期的非流动负债、长期借款、应付债券和租赁负债；息税折旧摊销前利润（EBITDA）为利润总额、利息支出、折旧及摊销之和，取最近十二个月数。", ""),
    ]  # fmt: skip
    at = 9
    for clause, covenant in tests:
        at += 1
        lines.append((f"{at}. {clause}", covenant))
    lines.append((f"{at + 1}. 乙方违反本章约定的，应自甲方通知之日起{grace}内纠正，逾期未纠正的按违约处理。", ""))
    at += 1
    lines.append(("## 第五章　信息报送与其他承诺", ""))
    for clause, covenant in duties:
        at += 1
        lines.append((f"{at}. {clause}", covenant))
    lines.append(("## 第六章　违约", ""))
    for clause, covenant in (
        ("乙方未按期足额偿还本息、擅自改变借款用途、提供虚假资料，或者卷入重大诉讼、被责令停业的，均构成违约。", ""),
        *others,
        ("发生违约的，甲方有权停止发放尚未提取的借款、宣布借款提前到期、处置担保物并追究保证人责任。", ""),
    ):
        at += 1
        lines.append((f"{at}. {clause}", covenant))
    return Deed(title=title, number=number, company=company, lender=lender, signed=signed, language="zh", lines=lines)


def english_deed(
    company: Company, branch: str, number: str, signed: date, *, title: str, money: str, purpose: str, rate: str, repayment: str, security: str,
    tests: Sequence[tuple[str, str]], duties: Sequence[tuple[str, str]], defaults: Sequence[tuple[str, str]], law: str,
    schedule: Sequence[tuple[str, str]] = (),
) -> Deed:  # fmt: skip
    """An English facility letter."""
    lines: list[tuple[str, str]] = [
        (f"To: {company.name_en} (the Company), registration {company.registration}", ""),
        (f"From: {LENDERS[branch][1]} (the Bank)", ""),
        ("We are pleased to offer the facilities below. Please sign and return the duplicate of this letter to accept.", ""),
        ("## A. Facilities", ""),
        (f"A1. Amount. {money}", ""),
        (f"A2. Purpose. {purpose} No drawing may be used for dividends, share purchases or loans to affiliates.", ""),
        (f"A3. Interest. {rate}", ""),
        (f"A4. Repayment. {repayment}", ""),
        *((f"{when}: {amount}", "") for when, amount in schedule),
        ("## B. Security", ""),
        (f"B1. {security}", ""),
        ("## C. Financial undertakings", ""),
        ("C1. Terms in this Part. Debt: all borrowings and lease liabilities. Net Debt: Debt less cash. EBITDA: profit before tax plus interest expense, depreciation and amortisation, for the twelve months to the test date. Tangible Net Worth: equity less goodwill and intangible assets.", ""),
    ]  # fmt: skip
    for at, (clause, covenant) in enumerate(tests, 2):
        lines.append((f"C{at}. {clause}", covenant))
    lines.append(("## D. Reporting and general undertakings", ""))
    for at, (clause, covenant) in enumerate(duties, 1):
        lines.append((f"D{at}. {clause}", covenant))
    lines.append(("## E. Events of default", ""))
    for at, (clause, covenant) in enumerate(defaults, 1):
        lines.append((f"E{at}. {clause}", covenant))
    lines += [("## F. Law", ""), (f"F1. This letter is governed by {law}.", "")]
    return Deed(
        title=title, number=number, company=company, lender=LENDERS[branch][1], signed=signed, language="en", lines=lines
    )


def deed_paper(deed: Deed) -> Paper:
    """As PDF; knows afterwards on which page each covenant's clause starts."""
    chinese = deed.language == "zh"
    paper = Paper(deed.title, deed.lender, deed.signed, language=deed.language)
    page, y = paper.page(), 84.0
    page.text(297.6, y, deed.title, 18, align="centre", bold=True)
    page.text(297.6, y + 22, f"合同编号　{deed.number}" if chinese else f"Ref. {deed.number}", 10, align="centre", colour=GREY)
    y += 56
    for text, covenant in deed.lines:
        heading = text.startswith("## ")
        size, step = (12.0, 22.0) if heading else (10.5, 18.0)
        if heading:
            text, y = text[3:], y + 8
        for number, line in enumerate(wrapped(text, 455, size, page.face)):
            if y > 772:
                page, y = paper.page(), 78.0
            if not number and covenant:
                deed.pages[covenant] = paper.page_number
            page.text(70, y, line, size, bold=heading)
            y += step
        y += 3
    if y > 690:
        page, y = paper.page(), 90.0
    name = deed.company.name if chinese else deed.company.name_en
    for left, party in ((70, deed.lender), (310, name)):
        for number, line in enumerate(
            wrapped(("甲方：" if left == 70 else "乙方：") + party if chinese else party, 220, 10, page.face)
        ):
            page.text(left, y + 30 + 14 * number, line, 10)
        page.text(left, y + 76, chinese_date(deed.signed) if chinese else f"{deed.signed.day} {deed.signed:%B %Y}", 10)
    if chinese:
        page.seal(200, y + 50, deed.lender, "合同专用章", 42)
    return paper


def deed_word(deed: Deed, path: Path) -> None:
    """As a Word file."""
    blocks = [("p", f"{'合同编号：' if deed.language == 'zh' else 'Ref. '}{deed.number}")]
    blocks += [("h", text[3:]) if text.startswith("## ") else ("p", text) for text, _ in deed.lines]
    name = deed.company.name if deed.language == "zh" else deed.company.name_en
    day = chinese_date(deed.signed) if deed.language == "zh" else f"{deed.signed.day} {deed.signed:%B %Y}"
    blocks += [("p", f"{deed.lender}　　　{name}"), ("p", day)]
    tables: Mapping[int, Sequence[Sequence[str]]] = {}
    words(deed.title, deed.lender, deed.signed, blocks, tables, path, "宋体" if deed.language == "zh" else "Calibri")
