"""Loan agreements in this bank's words: Chinese 第X条 with items (一)(二), English sections 1.01; set as PDF or written as Word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from eval.fresh.fourth.papers.english import spell_day
from eval.fresh.fourth.papers.word import letter
from eval.sample_bank.lending import Lent
from eval.sample_bank.papers.report import Company, chinese_date
from eval.sample_bank.papers.sheet import Paper, wrapped
from eval.sample_bank.papers.wording import capital_amount, grouped, percent

LENDERS = {
    "HL": ("霁川银行股份有限公司槐岭支行", "Jichuan Bank Co., Ltd., Huailing Branch"),
    "TP": ("霁川银行股份有限公司汀浦支行", "Jichuan Bank Co., Ltd., Tingpu Branch"),
    "AW": ("霁川银行股份有限公司艾湾支行", "Jichuan Bank Co., Ltd., Alder Bay Branch"),
}
_HAN = "一二三四五六七八九十"
_EVERY = {"monthly": "每月", "quarterly": "每季", "semi_annually": "每半年", "annually": "每年", "at_maturity": "到期日"}
_WAYS = {
    "interest_only": "{every}支付利息，本金于到期日一次清偿", "equal_principal": "本金自放款后{every}等额偿还，利息同时支付",
    "bullet": "本金和利息均于到期日一次付清", "equal_instalment": "{every}偿还金额相等的本息", "step": "本金按还款计划表偿还，利息{every}支付",
}  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Agreement:
    """`lines`: (text, covenant id); headings start with `# `. `pages` is known once it is set as PDF."""

    title: str
    number: str
    company: Company
    lender: str
    signed: date
    language: str
    lines: Sequence[tuple[str, str]]
    pages: dict[str, int] = field(default_factory=dict)


def chinese_agreement(
    company: Company, branch: str, loan: Lent, number: str, signed: date, *, title: str, tests: Sequence[tuple[str, str]],
    papers: str, duties: Sequence[str], security: str, penalty: str, cure: str, cross: tuple[str, str] | None = None,
) -> Agreement:  # fmt: skip
    """`tests` are (clause, covenant id); `cure` how long a breach may last; `cross` a cross-default clause."""
    way = _WAYS.get(loan.repayment, _WAYS["step"]).format(every=_EVERY[loan.frequency])
    entrusted = loan.row.get("payment_control") == "entrusted"
    paying = (
        "贷款资金由贷款人根据借款人的委托直接支付给符合用途的交易对手（受托支付）。"
        if entrusted
        else "贷款资金由借款人自主支付，借款人应在放款后一个月内向贷款人汇总报告资金使用情况并附凭证。"
    )
    lines: list[tuple[str, str]] = [
        (f"贷款人：{LENDERS[branch][0]}", ""),
        (f"借款人：{company.name}（统一社会信用代码{company.registration}）", ""),
        ("借贷双方经协商一致，订立本合同，共同遵守。", ""),
        ("# 第一条　贷款金额、期限与用途", ""),
        (f"（一）贷款金额为人民币{grouped(loan.amount)}元整（{capital_amount(loan.amount)}）。", ""),
        (f"（二）贷款期限自{chinese_date(loan.start)}至{chinese_date(loan.end)}。", ""),
        (f"（三）贷款用途：{loan.purpose}。借款人不得挪作他用，不得用于股本权益性投资、有价证券、房地产开发或民间借贷。", ""),
        ("# 第二条　利率、罚息", ""),
        (f"（一）年利率{percent(loan.rate)}，固定利率；计息以实际天数除以360。", ""),
        (f"（二）逾期贷款的罚息利率为上述利率上浮{penalty}，被挤占挪用贷款的罚息利率为上述利率上浮百分之一百。", ""),
        ("# 第三条　支付与还款", ""),
        (f"（一）{paying}", ""),
        (f"（二）{way}。", ""),
        ("# 第四条　担保", ""),
        (f"（一）{security}", ""),
    ]  # fmt: skip
    if tests:
        lines += [("# 第五条　财务指标承诺", ""), ("借款人承诺在贷款存续期间持续满足以下财务指标：", "")]
        lines += [(f"（{_HAN[at]}）{clause}", covenant) for at, (clause, covenant) in enumerate(tests)]
        lines.append((f"（{_HAN[len(tests)]}）任一指标未达标的，借款人应在收到贷款人通知后{cure}内采取补救措施。", ""))
    lines.append(("# 第六条　资料提供与告知", ""))
    lines += [(f"（{_HAN[at]}）{text}", "") for at, text in enumerate([papers, *duties])]
    lines += [("# 第七条　违约事件及处理", ""), ("（一）借款人未按时足额还本付息，或违反贷款用途约定。", "")]
    if cross:
        lines.append((f"（二）{cross[0]}", cross[1]))
    lines.append(("发生违约事件的，贷款人可停止发放贷款、提前收回已发放贷款、行使担保权利。", ""))
    return Agreement(
        title=title, number=number, company=company, lender=LENDERS[branch][0], signed=signed, language="zh", lines=lines
    )


def english_agreement(
    company: Company, branch: str, number: str, signed: date, *, title: str, terms: Sequence[str], definitions: Sequence[str],
    tests: Sequence[tuple[str, str]], undertakings: Sequence[tuple[str, str]], defaults: Sequence[tuple[str, str]], law: str,
) -> Agreement:  # fmt: skip
    """An English agreement of six articles."""
    lines: list[tuple[str, str]] = [
        (f"This Agreement is made on {spell_day(signed)} between {company.name_en} (the \"Borrower\", registration {company.registration}) and "
         f"{LENDERS[branch][1]} (the \"Lender\").", ""),
    ]  # fmt: skip
    articles: tuple[tuple[str, Sequence[tuple[str, str]]], ...] = (
        ("Article I. The Loans", [(text, "") for text in terms]), ("Article II. Definitions", [(text, "") for text in definitions]),
        ("Article III. Financial Covenants", tests), ("Article IV. Other Undertakings", undertakings), ("Article V. Events of Default", defaults),
        ("Article VI. Governing Law", [(f"This Agreement is governed by {law}.", "")]),
    )  # fmt: skip
    for number_of, (heading, clauses) in enumerate(articles, 1):
        lines.append((f"# {heading}", ""))
        lines += [(f"{number_of}.{at:02d} {text}", covenant) for at, (text, covenant) in enumerate(clauses, 1)]
    return Agreement(
        title=title, number=number, company=company, lender=LENDERS[branch][1], signed=signed, language="en", lines=lines
    )


def agreement_paper(agreement: Agreement) -> Paper:
    """As PDF; knows afterwards on which page each covenant's clause starts."""
    chinese = agreement.language == "zh"
    paper = Paper(agreement.title, agreement.lender, agreement.signed, language=agreement.language)
    page, y = paper.page(), 120.0
    page.text(297.6, y, agreement.title, 20, align="centre", bold=True)
    page.text(297.6, y + 24, f"（编号：{agreement.number}）" if chinese else f"No. {agreement.number}", 10.5, align="centre")
    y += 66
    for text, covenant in agreement.lines:
        heading = text.startswith("# ")
        if heading:
            text, y = text[2:], y + 10
        for number, line in enumerate(wrapped(text, 450, 11, page.face)):
            if y > 770:
                page, y = paper.page(), 82.0
            if not number and covenant:
                agreement.pages[covenant] = paper.page_number
            page.text(72, y, line, 11, bold=heading)
            y += 19
        y += 2
    if y > 690:
        page, y = paper.page(), 90.0
    name = agreement.company.name if chinese else agreement.company.name_en
    day = chinese_date(agreement.signed) if chinese else spell_day(agreement.signed)
    for at, text in enumerate(
        (f"{'贷款人' if chinese else 'Lender'}：{agreement.lender}", f"{'借款人' if chinese else 'Borrower'}：{name}", day)
    ):
        page.text(72, y + 30 + 22 * at, text if chinese else text.replace("：", ": "), 10.5)
    for number, each in enumerate(paper.pages, 1):
        each.text(297.6, 812, f"第 {number} 页" if chinese else f"Page {number}", 8.5, align="centre")
    return paper


def agreement_word(agreement: Agreement, path: Path) -> None:
    """As a Word file."""
    chinese = agreement.language == "zh"
    blocks = [("p", f"（编号：{agreement.number}）" if chinese else f"No. {agreement.number}")]
    blocks += [("h", text[2:]) if text.startswith("# ") else ("p", text) for text, _ in agreement.lines]
    name = agreement.company.name if chinese else agreement.company.name_en
    blocks += [
        ("p", f"{agreement.lender}　　　{name}"),
        ("p", chinese_date(agreement.signed) if chinese else spell_day(agreement.signed)),
    ]
    letter(agreement.title, agreement.lender, agreement.signed, blocks, path, english=not chinese)
