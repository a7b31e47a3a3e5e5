"""Loan agreements in this bank's words: Chinese 1.1 numbering under plain headings, English lettered clauses; printed or in Word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from eval.fresh.fifth.papers.english import spell_day
from eval.fresh.fourth.papers.word import letter
from eval.sample_bank.lending import Lent
from eval.sample_bank.papers.report import Company, chinese_date
from eval.sample_bank.papers.sheet import Paper, wrapped
from eval.sample_bank.papers.wording import grouped, percent

LENDERS = {
    "BY": ("沧溟银行股份有限公司泊云支行", "Cangming Bank Co., Ltd., Boyun Branch"),
    "QW": ("沧溟银行股份有限公司雀湾支行", "Cangming Bank Co., Ltd., Wren Bay Branch"),
}
_EVERY = {"monthly": "按月", "quarterly": "按季", "semi_annually": "每半年", "annually": "每年", "at_maturity": "到期"}
_WAYS = {
    "interest_only": "{every}结息，到期一次性归还全部本金",
    "equal_principal": "{every}等额归还本金，利随本清",
    "bullet": "到期时本息一并归还",
    "equal_instalment": "{every}以等额本息方式归还",
    "step": "按本合同附件还款计划归还本金，{every}结息",
}


@dataclass(slots=True, kw_only=True)
class Deed:
    """`lines`: (text, covenant id); headings start with `# `. `pages` is known once it is printed."""

    title: str
    number: str
    company: Company
    lender: str
    signed: date
    language: str
    lines: Sequence[tuple[str, str]]
    pages: dict[str, int] = field(default_factory=dict)


def chinese_deed(
    company: Company,
    branch: str,
    loan: Lent,
    number: str,
    signed: date,
    *,
    title: str,
    tests: Sequence[tuple[str, str]],
    reports: str,
    promises: Sequence[tuple[str, str]],
    security: str,
    late: str,
) -> Deed:
    """`tests` and `promises` are (clause, covenant id)."""
    way = _WAYS[loan.repayment].format(every=_EVERY[loan.frequency])
    control = loan.row.get("payment_control")
    paying = (
        "贷款采用受托支付，由贷款行审核购销合同后直接划付至交易对手。"
        if control == "entrusted"
        else "贷款采用自主支付，借款人于提款后三十日内向贷款行提交用款清单及发票。"
    )
    sections: list[tuple[str, list[tuple[str, str]]]] = [
        (
            "贷款要素",
            [
                (f"贷款金额：人民币{grouped(loan.amount)}元；年利率：{percent(loan.rate)}（固定）。", ""),
                (f"贷款期限：{chinese_date(loan.start)}起，{chinese_date(loan.end)}止。", ""),
                (f"用途：{loan.purpose}，未经贷款行书面同意不得变更。", ""),
                (f"逾期部分按合同利率加收{late}计收罚息，挪用部分按合同利率加收百分之一百计收罚息。", ""),
            ],
        ),
        ("用款与还款", [(paying, ""), (f"还款方式：{way}。", "")]),
        ("担保", [(security, "")]),
        ("财务约束", list(tests)),
        ("资料与承诺", [(reports, ""), *promises]),
        (
            "违约",
            [("未按期归还本息、改变贷款用途或违反财务约束且未在贷款行给予的宽限期内纠正的，贷款行可宣布贷款提前到期。", "")],
        ),
    ]
    lines: list[tuple[str, str]] = [(f"甲方（贷款行）：{LENDERS[branch][0]}", ""), (f"乙方（借款人）：{company.name}", "")]
    kept = [section for section in sections if section[1]]
    for at, (heading, clauses) in enumerate(kept, 1):
        lines.append((f"# {at}　{heading}", ""))
        lines += [(f"{at}.{number_of} {text}", covenant) for number_of, (text, covenant) in enumerate(clauses, 1)]
    return Deed(
        title=title, number=number, company=company, lender=LENDERS[branch][0], signed=signed, language="zh", lines=lines
    )


def english_deed(
    company: Company,
    branch: str,
    number: str,
    signed: date,
    *,
    title: str,
    parts: Sequence[tuple[str, Sequence[tuple[str, str]]]],
) -> Deed:
    """`parts` are (heading, clauses); a clause is (text, covenant id)."""
    lines: list[tuple[str, str]] = [
        (f"Dated {spell_day(signed)}, between {LENDERS[branch][1]} as lender and {company.name_en} as borrower.", "")
    ]
    for at, (heading, clauses) in enumerate(parts, 1):
        lines.append((f"# {at}. {heading}", ""))
        lines += [(f"({'abcdefghij'[place]}) {text}", covenant) for place, (text, covenant) in enumerate(clauses)]
    return Deed(
        title=title, number=number, company=company, lender=LENDERS[branch][1], signed=signed, language="en", lines=lines
    )


def deed_paper(deed: Deed) -> Paper:
    """In print; knows afterwards on which page each covenant's clause starts."""
    chinese = deed.language == "zh"
    paper = Paper(deed.title, deed.lender, deed.signed, language=deed.language)
    page, y = paper.page(), 96.0
    page.text(80, y, deed.title, 17, bold=True)
    page.text(516, y, f"{'合同号' if chinese else 'No.'} {deed.number}", 10, align="right")
    y += 40
    for text, covenant in deed.lines:
        heading = text.startswith("# ")
        if heading:
            text, y = text[2:], y + 12
        for number, line in enumerate(wrapped(text, 436, 10.8, page.face)):
            if y > 770:
                page, y = paper.page(), 84.0
            if not number and covenant:
                deed.pages[covenant] = paper.page_number
            page.text(80, y, line, 12 if heading else 10.8, bold=heading)
            y += 18.5
        y += 3
    if y > 700:
        page, y = paper.page(), 90.0
    name = deed.company.name if chinese else deed.company.name_en
    for at, text in enumerate((deed.lender, name, chinese_date(deed.signed) if chinese else spell_day(deed.signed))):
        page.text(516, y + 30 + 20 * at, text, 10, align="right")
    return paper


def deed_word(deed: Deed, path: Path) -> None:
    """In Word."""
    blocks = [("p", deed.number)]
    blocks += [("h", text[2:]) if text.startswith("# ") else ("p", text) for text, _ in deed.lines]
    chinese = deed.language == "zh"
    name = deed.company.name if chinese else deed.company.name_en
    blocks += [("p", deed.lender), ("p", name), ("p", chinese_date(deed.signed) if chinese else spell_day(deed.signed))]
    letter(deed.title, deed.lender, deed.signed, blocks, path, english=not chinese)
