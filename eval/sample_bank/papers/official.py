"""Papers of offices: the credit report of the registry, the VAT return, the list of invoices issued."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from eval.sample_bank.papers.sheet import Paper
from eval.sample_bank.papers.tables import Column, Grid, TableRow
from eval.sample_bank.papers.workbook import write_fixed

WAN = Decimal(10000)


@dataclass(frozen=True, slots=True)
class Debt:
    """One open facility at one lender, amounts in currency units. `grade` is 正常, 关注, 次级 …"""

    lender: str
    product: str
    limit: Decimal
    balance: Decimal
    grade: str
    overdue: Decimal = Decimal(0)
    days: int = 0


def credit_report(
    number: str, day: date, name: str, registration: str, debts: Sequence[Debt], guarantees: Decimal, enquiries: int
) -> Paper:
    """企业信用报告（授信机构版）: summary, open facilities by lender, guarantees given, enquiries; amounts in 万元."""
    paper = Paper("企业信用报告", "征信中心", day)
    page = paper.page()
    page.text(297.6, 66, "企业信用报告", 20, align="centre", bold=True)
    page.text(297.6, 88, "（授信机构版）", 11, align="centre")
    page.text(56, 118, f"报告编号：{number}", 10)
    page.text(360, 118, f"报告时间：{day.isoformat()}", 10)
    page.text(56, 136, f"企业名称：{name}", 10)
    page.text(56, 154, f"统一社会信用代码：{registration}", 10)
    page.text(430, 154, "金额单位：万元", 10)
    lenders = {debt.lender for debt in debts}
    page.text(56, 184, "一、信息概要", 12, bold=True)
    columns = [
        Column("发生信贷交易的机构数", 96, "centre"),
        Column("未结清信贷余额", 96, "right"),
        Column("关注类余额", 78, "right"),
        Column("不良类余额", 78, "right"),
        Column("逾期总额", 70, "right"),
        Column("授信额度总额", 80, "right"),
    ]

    def wan(value: Decimal) -> str:
        return f"{value / WAN:,.2f}"

    total = sum((debt.balance for debt in debts), Decimal(0))
    special = sum((debt.balance for debt in debts if debt.grade == "关注"), Decimal(0))
    bad = sum((debt.balance for debt in debts if debt.grade in ("次级", "可疑", "损失")), Decimal(0))
    overdue = sum((debt.overdue for debt in debts), Decimal(0))
    limits = sum((debt.limit for debt in debts), Decimal(0))
    row = TableRow([str(len(lenders)), wan(total), wan(special), wan(bad), wan(overdue), wan(limits)])
    page, y = Grid(columns, 48, size=9, height=20, header_height=22, bottom=780).draw(paper, page, 194, [row])
    page.text(56, y + 28, "二、未结清信贷", 12, bold=True)
    columns = [
        Column("授信机构", 120),
        Column("业务种类", 84),
        Column("授信额度", 68, "right"),
        Column("余额", 68, "right"),
        Column("五级分类", 56, "centre"),
        Column("逾期总额", 58, "right"),
        Column("逾期天数", 48, "right"),
    ]
    rows = [TableRow([d.lender, d.product, wan(d.limit), wan(d.balance), d.grade, wan(d.overdue), str(d.days)]) for d in debts]
    page, y = Grid(columns, 48, size=9, height=20, bottom=780).draw(paper, page, y + 38, rows)
    page.text(56, y + 28, "三、对外担保", 12, bold=True)
    page.text(56, y + 48, f"对外担保余额合计：{wan(guarantees)}万元", 10)
    page.text(56, y + 74, "四、查询记录", 12, bold=True)
    page.text(56, y + 94, f"最近6个月内的贷款审批查询次数：{enquiries}次", 10)
    page.text(56, y + 130, "本报告由征信中心出具，仅供授信机构贷后管理使用。", 9)
    return paper


def vat_return(name: str, registration: str, first: date, last: date, filed: date, sales: Decimal, purchases: Decimal, year_sales: Decimal,
               rate: Decimal = Decimal(13)) -> Paper:  # fmt: skip
    """增值税及附加税费申报表（一般纳税人适用）: the main table with 本月数 and 本年累计."""
    paper = Paper("增值税及附加税费申报表", name, filed)
    page = paper.page()
    page.text(297.6, 60, "增值税及附加税费申报表", 16, align="centre", bold=True)
    page.text(297.6, 78, "（一般纳税人适用）", 10, align="centre")
    page.text(56, 104, f"税款所属时间：自{first:%Y年%m月%d日}至{last:%Y年%m月%d日}", 9)
    page.text(370, 104, f"填表日期：{filed:%Y年%m月%d日}", 9)
    page.text(56, 120, f"纳税人识别号（统一社会信用代码）：{registration}", 9)
    page.text(56, 136, f"纳税人名称：{name}", 9)
    page.text(450, 136, "金额单位：元（列至角分）", 9)
    output, taken = (sales * rate / 100).quantize(Decimal("0.01")), (purchases * rate / 100).quantize(Decimal("0.01"))
    due = max(output - taken, Decimal(0))
    share = year_sales / sales
    lines = (
        ("（一）按适用税率计税销售额", "1", sales), ("其中：应税货物销售额", "2", sales), ("（三）免、抵、退办法出口销售额", "7", Decimal(0)),
        ("销项税额", "11", output), ("进项税额", "12", taken), ("应抵扣税额合计", "17", taken), ("实际抵扣税额", "18", min(taken, output)),
        ("应纳税额", "19", due), ("应纳税额合计", "24", due), ("本期应补（退）税额", "34", due),
    )  # fmt: skip
    columns = [
        Column("项目", 210),
        Column("栏次", 40, "centre"),
        Column("一般项目\n本月数", 110, "right"),
        Column("一般项目\n本年累计", 118, "right"),
    ]
    rows = [
        TableRow([label, number, f"{value:,.2f}", f"{(value * share).quantize(Decimal('0.01')):,.2f}"])
        for label, number, value in lines
    ]
    _, y = Grid(columns, 56, size=9, height=20, header_height=24, bottom=780).draw(paper, page, 148, rows)
    page.text(
        56,
        y + 30,
        "声明：此表是根据国家税收法律法规及相关规定填写的，本人（单位）对填报内容的真实性、可靠性、完整性负责。",
        8.5,
    )
    return paper


def invoice_list(
    path: Path, seller: str, registration: str, rows: Sequence[tuple[str, date, str, Decimal, Decimal, str]], made: date
) -> None:
    """开票数据导出: number, day, buyer, net, tax, state (正常, 红字, 作废)."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "开具发票清单"
    sheet["A1"] = "增值税发票开具清单"
    sheet["A2"] = f"纳税人名称：{seller}"
    sheet["D2"] = f"纳税人识别号：{registration}"
    for column, head in enumerate(["序号", "发票号码", "开票日期", "购买方名称", "金额", "税额", "价税合计", "发票状态"], 1):
        sheet.cell(row=4, column=column, value=head)
    for at, (number, day, buyer, net, tax, state) in enumerate(rows, 1):
        for column, value in enumerate(
            [at, number, day.isoformat(), buyer, float(net), float(tax), float(net + tax), state], 1
        ):
            sheet.cell(row=4 + at, column=column, value=value)
    write_fixed(book, path, seller, datetime(made.year, made.month, made.day, 10))
