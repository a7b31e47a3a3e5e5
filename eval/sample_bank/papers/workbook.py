"""Statements as the workbook a finance department mails: one sheet per statement, real numbers, merged titles, thin borders.

The same books give the same bytes: the archive is repacked with fixed dates.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

from eval.sample_bank.papers.cas_lines import ASSETS, CASH, EQUITY, INCOME, LIABILITIES, SUPPLEMENT, Line, for_scope
from eval.sample_bank.papers.report import SCALES, Period, Report, chinese_date, chinese_period

_THIN = Side(style="thin", color="808080")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEAD = PatternFill("solid", fgColor="DDEBF7")


def chinese_workbook(report: Report, path: Path) -> None:
    """Writes 资产负债表, 利润表, 现金流量表 (with its supplement) of the first scope."""
    book = Workbook()
    scope = next(iter(report.ledgers))
    form = scope if report.group else "parent"
    points = [(day, 0) for day in report.balances]
    heads = ["期末余额", "年初余额"]
    spoken = chinese_period(report.flows[0])
    flow_heads = ["本期金额", "上期金额"] if report.flows[0][1] == 12 else ["本年累计", "上年同期"]
    first = book.active
    assert isinstance(first, Worksheet)
    first.title = "资产负债表"
    _sheet(
        first,
        report,
        scope,
        "资产负债表",
        chinese_date(report.end),
        _own(ASSETS, form) + _own((*LIABILITIES, *EQUITY), form),
        points,
        heads,
        "balance_sheet",
    )
    _sheet(
        book.create_sheet("利润表"),
        report,
        scope,
        "利润表",
        spoken,
        _own(INCOME, form),
        report.flows[:2],
        flow_heads,
        "income_statement",
    )
    _sheet(
        book.create_sheet("现金流量表"), report, scope, "现金流量表", spoken, _own((*CASH, Line("补充资料", kind="head"), *SUPPLEMENT), form),
        report.flows[:2], flow_heads, "cash_flow",
    )  # fmt: skip
    write_fixed(
        book, path, report.company.finance_head, datetime(report.made_on.year, report.made_on.month, report.made_on.day, 9)
    )


def _own(form: Sequence[Line], scope: str) -> list[Line]:
    skip = {"结算备付金", "拆出资金", "生产性生物资产"}
    return [line for line in for_scope(tuple(form), scope) if line.label not in skip]


def _sheet(
    sheet: Worksheet, report: Report, scope: str, title: str, dated: str, lines: Sequence[Line], periods: Sequence[Period],
    heads: Sequence[str], kind: str,
) -> None:  # fmt: skip
    sheet.merge_cells("A1:D1")
    sheet["A1"] = f"合并{title}" if report.group else title
    sheet["A1"].font = Font(name="宋体", size=16, bold=True)
    sheet["A1"].alignment = Alignment(horizontal="center")
    sheet["A2"] = f"编制单位：{report.company.name}"
    sheet["C2"] = dated
    sheet["D2"] = f"单位：{report.denomination}"
    sheet["D2"].alignment = Alignment(horizontal="right")
    for index, head in enumerate(["项目", "行次", *heads], 1):
        cell = sheet.cell(row=4, column=index, value=head)
        cell.font, cell.fill, cell.border = Font(name="宋体", size=11, bold=True), _HEAD, _BOX
        cell.alignment = Alignment(horizontal="center")
    row, number = 4, 0
    scale = SCALES[report.denomination]
    for line in lines:
        row += 1
        label = sheet.cell(row=row, column=1, value=("  " if line.kind in ("line", "of") else "") + line.label)
        label.font, label.border = Font(name="宋体", size=10, bold=line.kind in ("head", "sub", "total")), _BOX
        order = sheet.cell(row=row, column=2)
        order.border = _BOX
        if line.kind != "head":
            number += 1
            order.value = number
        for column, period in zip("CD", periods, strict=True):
            cell = sheet[f"{column}{row}"]
            cell.border, cell.number_format = _BOX, "#,##0.00;-#,##0.00"
            raw, value = report.money(line, scope, period, lambda amount: f"{amount / scale:.2f}")
            if value is not None:
                cell.value = float(Decimal(raw))
                report.record_cell(line, scope, period, value, raw, kind, f"{sheet.title}!{column}{row}")
    sheet.cell(row=row + 2, column=1, value=f"单位负责人：{report.company.legal_representative}")
    sheet.cell(row=row + 2, column=3, value=f"财务负责人：{report.company.finance_head}")
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 46, 6
    sheet.column_dimensions["C"].width = sheet.column_dimensions["D"].width = 20
    sheet.freeze_panes = "A5"


def write_fixed(book: Workbook, path: Path, author: str, made: datetime) -> None:
    """Saves a workbook whose bytes depend only on its content."""
    book.properties.creator, book.properties.lastModifiedBy = author, author
    book.properties.created = book.properties.modified = made
    raw = BytesIO()
    book.save(raw)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(fixed_archive(raw.getvalue(), made))


def fixed_archive(raw: bytes, made: datetime) -> bytes:
    """The same ZIP with every member dated `made`, and the save time openpyxl insists on replaced."""
    out = BytesIO()
    stamp = (made.year, made.month, made.day, made.hour, made.minute, 0)
    with ZipFile(BytesIO(raw)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/core.xml":
                data = _core_dated(data, made)
            info = ZipInfo(name, stamp)
            info.compress_type, info.external_attr = ZIP_DEFLATED, 0o600 << 16
            new.writestr(info, data)
    return out.getvalue()


def _core_dated(data: bytes, made: datetime) -> bytes:
    import re

    when = made.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    return re.sub(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(<)", rb"\g<1>" + when + rb"\g<3>", data)
