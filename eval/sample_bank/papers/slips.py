"""Smaller papers: a compliance certificate with the borrower's own numbers, and a bank statement of another bank as CSV."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path

from eval.sample_bank.papers.report import Company, chinese_date
from eval.sample_bank.papers.sheet import Paper, flow
from eval.sample_bank.papers.tables import Column, Grid, TableRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """`rows`: covenant, requirement, the borrower's figure, its verdict; `workings` are its own sums, to be recomputed."""

    company: Company
    language: str
    lender: str
    agreement: str
    period: str
    day: date
    rows: Sequence[tuple[str, str, str, str]]
    workings: Sequence[str]


def certificate_paper(certificate: Certificate) -> Paper:
    """One page, signed by the finance head."""
    chinese = certificate.language == "zh"
    company = certificate.company
    name = company.name if chinese else company.name_en
    title = "财务指标合规证明" if chinese else "Compliance Certificate"
    paper = Paper(title, name, certificate.day, language=certificate.language)
    page = paper.page()
    page.text(297.6, 86, title, 17, align="centre", bold=True)
    if chinese:
        intro = [
            f"致：{certificate.lender}",
            f"根据{certificate.agreement}的约定，我公司就{certificate.period}财务指标的执行情况证明如下。除另有说明外，金额单位为人民币万元。",
        ]
        heads = ("约束条件", "约定标准", "我公司计算值", "是否符合")
        outro = "我公司确认，截至本证明出具之日，未发生上述合同项下的违约事件。"
    else:
        intro = [
            f"To: {certificate.lender}",
            f"We refer to {certificate.agreement}. This is a Compliance Certificate for {certificate.period}. Amounts are in thousands unless "
            "stated otherwise.",
        ]
        heads = ("Covenant", "Requirement", "Our figure", "Met?")
        outro = "We confirm that no Event of Default is continuing at the date of this certificate."
    page, y = flow(
        paper, page, 124, intro, left=64, right=531, bottom=770, top=80, size=10.5, leading=1.7, indent=21 if chinese else 0
    )
    columns = [Column(heads[0], 176), Column(heads[1], 121), Column(heads[2], 90, "centre"), Column(heads[3], 80, "centre")]
    grid = Grid(columns, 64, size=9.5, height=20, bottom=770)
    page, y = grid.draw(paper, page, y + 6, [TableRow(list(row)) for row in certificate.rows])
    page.text(64, y + 28, "计算过程：" if chinese else "Workings:", 10.5, bold=True)
    page, y = flow(
        paper, page, y + 48, list(certificate.workings), left=64, right=531, bottom=770, top=80, size=10, leading=1.6
    )
    page, y = flow(paper, page, y + 14, [outro], left=64, right=531, bottom=770, top=80, size=10.5, indent=21 if chinese else 0)
    page.text(330, y + 36, name, 10.5)
    page.text(
        330,
        y + 56,
        f"财务负责人：{company.finance_head}" if chinese else f"Chief Financial Officer: {company.finance_head}",
        10.5,
    )
    page.text(330, y + 76, chinese_date(certificate.day) if chinese else certificate.day.strftime("%d %B %Y").lstrip("0"), 10.5)
    if chinese:
        page.seal(400, y + 56, name, "财务专用章", 42)
    return paper


def bank_flow_csv(
    path: Path, holder: str, number: str, bank: str, opening: Decimal,
    rows: Sequence[tuple[date, str, Decimal, str, str, str]],
) -> None:  # fmt: skip
    """A statement exported from internet banking, GB18030 as Chinese banks write it.

    Rows are (day, in|out, amount, counterparty, its account, memo); the balance is carried from `opening`.
    """
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([f"{bank}对公账户交易明细"])
    writer.writerow(["户名", holder, "账号", number, "币种", "人民币"])
    writer.writerow(["交易日期", "借方发生额（支取）", "贷方发生额（收入）", "余额", "对方户名", "对方账号", "摘要"])
    balance = opening
    for day, way, amount, party, account, memo in rows:
        balance += amount if way == "in" else -amount
        debit, credit = ("", f"{amount:,.2f}") if way == "in" else (f"{amount:,.2f}", "")
        writer.writerow([day.isoformat(), debit, credit, f"{balance:,.2f}", party, account, memo])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(out.getvalue().encode("gb18030"))
