"""Books in a look, as PDF, workbook, CSV, Word or HTML; with each the values a right reading finds."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pylopdf_fonts_zh_cn
from fpdf import FPDF

from eval.layouts.books import Book
from eval.layouts.forms import FORMS, Form
from eval.layouts.looks import MINUS, Look
from tools.rulebook.loader import load_rulebook

FONT = Path(pylopdf_fonts_zh_cn.__file__).with_name("NotoSansSC-Regular.otf")
PORTRAIT, LANDSCAPE = (595.0, 842.0), (842.0, 595.0)
Key = tuple[str, Any, int, str]


@dataclass(slots=True)
class Printed:
    """One row as printed."""

    label: str
    indent: int
    note: str
    number: str
    values: list[str]
    kind: str


@dataclass(slots=True)
class Sheet:
    """One statement as printed."""

    form: Form
    title: str
    captions: list[str]
    headers: list[list[str]]
    rows: list[Printed] = field(default_factory=list)
    split: int = 0


def shown(value: Decimal, look: Look) -> str:
    """An amount as the look prints it."""
    if not value:
        return look.nil
    text = f"{abs(value):,.{look.places}f}"
    return MINUS[look.minus].format(text) if value < 0 else text


def sheets_of(book: Book, look: Look, name: str, draw: Random) -> tuple[list[Sheet], dict[Key, Decimal]]:
    """The statements as printed and the truth: item, end, months, scope to value."""
    items = load_rulebook().items
    sheets, truth = [], {}
    for form in FORMS[book.family]:
        spans = look.spans[form.statement]
        title = draw.choice(form.titles)
        if look.language == "zh":
            title = (
                ("合并及母公司" if draw.random() < 0.5 else "") + title
                if any(s.scope == "parent" for s in spans)
                else draw.choice(["", "", "合并"] if book.family == "cas" else [""]) + title
            )
        sheet = Sheet(form, title, [c.format(name=name) for c in look.captions[form.statement]], look.headers[form.statement])
        lines, last = 0, ""
        for row in book.rows[form.statement]:
            if row.name == form.halves and form.halves and not sheet.split:
                sheet.split = len(sheet.rows) - 1
            if row.kind == "head":
                sheet.rows.append(Printed(row.words[0], 0, "", "", [], "head"))
                continue
            lines += 1
            word = book.words[f"{form.statement}:{row.name}"]
            if look.bilingual and row.item and row.name in items:
                word += (" " if look.bilingual == "same line" else "\n") + items[row.name].name["en"]
            if look.footnotes and row.kind == "line" and draw.random() < 0.12:
                word += draw.choice(["*", " (1)", " (a)"])
            if (
                row.kind == "of"
                and look.language == "zh"
                and last != "of"
                and "其中" not in word
                and row.name != "minority_profit"
            ):
                word = "其中：" + word
            last = row.kind
            values = []
            for span in spans:
                made = book.amounts[(form.statement, span)]
                if row.name not in made:
                    values.append("")
                    continue
                value = made[row.name] * row.sign
                if not row.item and draw.random() < 0.03 and row.kind == "of":
                    value = Decimal(0)
                values.append(shown(value, look))
                if row.item:
                    key = (row.name, span.end, span.months, span.scope)
                    if values[-1]:
                        truth[key] = value * row.sign * look.factor
            note = ""
            if look.notes and row.kind == "line" and draw.random() < 0.5:
                note = (
                    draw.choice([f"五、{lines}", f"七、{lines}", f"{lines}"])
                    if look.language == "zh"
                    else draw.choice([str(lines), f"{lines}", f"{lines}(a)"])
                )
            sheet.rows.append(
                Printed(
                    word,
                    1 if row.kind == "line" else 2 if row.kind == "of" else 0,
                    note,
                    str(lines) if look.line_numbers else "",
                    values,
                    row.kind,
                )
            )
        sheets.append(sheet)
    return sheets, truth


class Paper:
    """A PDF in the making: text at places, in points from the top left."""

    def __init__(self, look: Look) -> None:
        self.look = look
        self.pdf = FPDF(unit="pt", format=LANDSCAPE if look.landscape else PORTRAIT)
        self.width, self.height = LANDSCAPE if look.landscape else PORTRAIT
        self.pdf.set_auto_page_break(False)
        self.pdf.add_font("Han", "", str(FONT))
        self.pdf.set_compression(True)

    def page(self) -> None:
        self.pdf.add_page()

    def text(self, x: float, y: float, text: str, size: float, align: str = "left") -> None:
        latin = self.look.language == "en" and all(ord(c) < 256 for c in text)
        self.pdf.set_font("Helvetica" if latin else "Han", "", size)
        wide = self.pdf.get_string_width(text)
        self.pdf.text(x - (wide if align == "right" else wide / 2 if align == "centre" else 0), y, text)

    def wide(self, text: str, size: float) -> float:
        latin = self.look.language == "en" and all(ord(c) < 256 for c in text)
        self.pdf.set_font("Helvetica" if latin else "Han", "", size)
        return float(self.pdf.get_string_width(text))

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.pdf.set_line_width(0.5)
        self.pdf.line(x0, y0, x1, y1)


def pdf_of(sheets: list[Sheet], look: Look, out: Path) -> None:
    """Sets the sheets on paper."""
    paper = Paper(look)
    for sheet in sheets:
        if look.halves and sheet.split:
            _halves(paper, sheet)
        else:
            _whole(paper, sheet)
    data = bytes(paper.pdf.output())
    if look.turned:
        import pypdfium2

        document = pypdfium2.PdfDocument(data)
        for page in document:
            page.set_rotation(look.turned)
        buffer = io.BytesIO()
        document.save(buffer)
        data = buffer.getvalue()
    out.write_bytes(data)


def _columns(paper: Paper, sheet: Sheet, left: float, right: float) -> tuple[float, float, float, list[tuple[float, float]]]:
    """Right edge of the labels, of the line number, of the note; left and right edge of each value column."""
    look, count = paper.look, len(sheet.headers)
    number = 26.0 if look.line_numbers else 0.0
    note = 44.0 if look.notes else 0.0
    need = max((paper.wide(v, look.size) for r in sheet.rows for v in r.values), default=40) + 14
    need = max(need, min(max((paper.wide(h, look.size) for head in sheet.headers for h in head), default=0) + 6, 110))
    wide = min(need, (right - left) * (0.62 if count > 2 else 0.5) / count)
    edges = [(right - wide * (count - i), right - wide * (count - i - 1)) for i in range(count)]
    label = edges[0][0] - number - note
    return label, label + number, label + number + note, edges


def _head(paper: Paper, sheet: Sheet, y: float, left: float, right: float, full: bool) -> float:
    look = paper.look
    if full:
        paper.text((left + right) / 2, y, sheet.title, look.size + 4, "centre")
        y += look.size * 2.2
        for at, caption in enumerate(sheet.captions):
            if look.language == "zh" and at == 0:
                paper.text(left, y, caption, look.size)
            elif look.language == "zh" and at == len(sheet.captions) - 1 and "单位" in caption:
                paper.text(right, y, caption, look.size, "right")
            else:
                paper.text((left + right) / 2, y, caption, look.size, "centre")
            y += look.size * 1.7
    y += look.size * 0.8
    label, number, note, edges = _columns(paper, sheet, left, right)
    depth = max(len(h) for h in sheet.headers)
    top = y - look.size * 1.2
    for level in range(depth):
        cells = [h[level - (depth - len(h))] if level >= depth - len(h) else "" for h in sheet.headers]
        index = 0
        while index < len(cells):
            last = index
            while last + 1 < len(cells) and cells[last + 1] == cells[index] and level < depth - 1:
                last += 1
            text = cells[index]
            if text:
                parts = _wrapped(paper, text, edges[last][1] - edges[index][0] - 4)
                for k, part in enumerate(parts):
                    place = y + k * look.size * 1.25
                    if look.centred or last > index or look.language == "zh":
                        paper.text((edges[index][0] + edges[last][1]) / 2, place, part, look.size, "centre")
                    else:
                        paper.text(edges[index][1] - 4, place, part, look.size, "right")
            index = last + 1
        y += (
            look.size
            * 1.25
            * max(
                len(_wrapped(paper, c, edges[0][1] - edges[0][0] - 4)) if cells.count(c) == 1 or level == depth - 1 else 1
                for c in cells or [""]
            )
            + 2
        )
    if look.stub:
        paper.text(left + 12, y - look.size * 1.4, look.stub, look.size)
    if look.line_numbers:
        paper.text((label + number) / 2, y - look.size * 1.4, "行次", look.size, "centre")
    if look.notes:
        paper.text((number + note) / 2, y - look.size * 1.4, "附注" if look.language == "zh" else "Notes", look.size, "centre")
    if look.ruled:
        paper.line(left, top, right, top)
        paper.line(left, y - look.size * 0.8, right, y - look.size * 0.8)
    return y


def _wrapped(paper: Paper, text: str, room: float) -> list[str]:
    out: list[str] = []
    for part in text.split("\n"):
        words = re.findall(r"[A-Za-z&/.,]+ ?|.", part) if paper.look.language == "zh" else part.split(" ")
        line = ""
        for word in words:
            joint = "" if paper.look.language == "zh" or not line else " "
            if line and paper.wide(line + joint + word, paper.look.size) > room:
                out.append(line)
                line = word
            else:
                line += joint + word
        out.append(line)
    return out


def _rows(paper: Paper, sheet: Sheet, rows: list[Printed], y: float, left: float, right: float) -> float:
    look = paper.look
    label, number, note, edges = _columns(paper, sheet, left, right)
    room = (label - left) * (0.62 if look.wrap else 0.98)
    for row in rows:
        lines = _wrapped(paper, row.label, room - row.indent * 8)
        step = look.size * 1.3
        top = y - look.size * 1.05
        for k, part in enumerate(lines):
            paper.text(left + 3 + row.indent * 8, y + k * step, part, look.size)
        base = y + (len(lines) - 1) * step * (0.5 if look.ruled else 1.0 if look.language == "en" else 0.5)
        if row.number:
            paper.text((label + number) / 2, base, row.number, look.size, "centre")
        if row.note:
            paper.text((number + note) / 2, base, row.note, look.size, "centre")
        for (x0, x1), value in zip(edges, row.values, strict=False):
            if not value:
                continue
            if look.centred:
                paper.text((x0 + x1) / 2, base, value, look.size, "centre")
            else:
                hang = paper.wide(")", look.size) if value.endswith((")", "）", "-")) and len(value) > 1 else 0
                paper.text(x1 - 5 + hang, base, value, look.size, "right")
            if look.marks and row.kind == "total":
                paper.text(x0 + 2, base, look.marks, look.size)
        y += (len(lines) - 1) * step + look.size * 1.75
        if look.ruled:
            for x in (left, right, *(e[0] for e in edges), label):
                paper.line(x, top, x, y - look.size * 1.05)
            paper.line(left, y - look.size * 1.05, right, y - look.size * 1.05)
    return y


def _whole(paper: Paper, sheet: Sheet) -> None:
    look = paper.look
    left, right = 42.0, paper.width - 42.0
    paper.page()
    y = _head(paper, sheet, 60.0, left, right, True)
    used = 0
    for row in sheet.rows:
        if y > paper.height - 60 or used >= look.per_page:
            paper.page()
            used = 0
            y = _head(paper, sheet, 60.0, left, right, False) if look.repeat else 60.0
        y = _rows(paper, sheet, [row], y, left, right)
        used += 1
    if look.language == "zh":
        paper.text(
            left, min(y + 14, paper.height - 30), "法定代表人：        主管会计工作负责人：        会计机构负责人：", look.size
        )
    else:
        paper.text(
            left,
            min(y + 14, paper.height - 30),
            "The accompanying notes are an integral part of these consolidated financial statements.",
            look.size,
        )


def _halves(paper: Paper, sheet: Sheet) -> None:
    look = paper.look
    paper.page()
    middle = paper.width / 2
    full = _head_lines(paper, sheet)
    for rows, left, right in (
        (sheet.rows[: sheet.split], 36.0, middle - 6),
        (sheet.rows[sheet.split :], middle + 6, paper.width - 36.0),
    ):
        look_stub, look.stub = look.stub, "资产" if left < 40 else "负债和所有者权益"
        y = _head(paper, sheet, full, left, right, False)
        look.stub = look_stub
        _rows(paper, sheet, rows, y, left, right)


def _head_lines(paper: Paper, sheet: Sheet) -> float:
    look, y = paper.look, 50.0
    paper.text(paper.width / 2, y, sheet.title, look.size + 4, "centre")
    y += look.size * 2.2
    for at, caption in enumerate(sheet.captions):
        if at == 0:
            paper.text(36.0, y, caption, look.size)
        elif at == len(sheet.captions) - 1 and "单位" in caption:
            paper.text(paper.width - 36, y, caption, look.size, "right")
        else:
            paper.text(paper.width / 2, y, caption, look.size, "centre")
        y += look.size * (0.0 if at == 0 else 1.6)
    return y + look.size


def grid_of(sheet: Sheet, look: Look) -> list[list[str]]:
    """The sheet as cells: titles, captions, header rows, rows."""
    wide = 1 + look.line_numbers + look.notes + len(sheet.headers)
    out = [[sheet.title], *[[c] for c in sheet.captions]]
    depth = max(len(h) for h in sheet.headers)
    for level in range(depth):
        last = level == depth - 1
        lead = [look.stub or ("" if look.language == "en" else "项目") if last else ""]
        lead += ["行次" if last else ""] if look.line_numbers else []
        lead += [("附注" if look.language == "zh" else "Note") if last else ""] if look.notes else []
        out.append(lead + [h[level - (depth - len(h))] if level >= depth - len(h) else "" for h in sheet.headers])
    for row in sheet.rows:
        lead = ["  " * row.indent + row.label.replace("\n", " ")]
        lead += [row.number] if look.line_numbers else []
        lead += [row.note] if look.notes else []
        out.append((lead + (row.values or [""] * len(sheet.headers)))[:wide])
    return out


def csv_of(sheets: list[Sheet], look: Look, out: Path) -> None:
    """All statements one under the other."""
    with out.open("w", encoding="utf-8-sig" if look.language == "zh" else "utf-8", newline="") as file:
        writer = csv.writer(file)
        for sheet in sheets:
            writer.writerows(grid_of(sheet, look))
            writer.writerow([])


def workbook_of(sheets: list[Sheet], look: Look, out: Path, draw: Random) -> None:
    """One sheet each; amounts as numbers, header cells merged; the names of the sheets say what they are, or not."""
    import openpyxl
    from openpyxl.styles import Alignment

    book = openpyxl.Workbook()
    book.remove(book.active)
    named = draw.random() < 0.7
    for at, sheet in enumerate(sheets, 1):
        page = book.create_sheet(sheet.title[:28] if named else f"Sheet{at}")
        grid = grid_of(sheet, look)
        wide = max(len(r) for r in grid)
        start = draw.choice([1, 1, 2])
        lead = 1 + look.line_numbers + look.notes
        first = 1 + len(sheet.captions) + max(len(h) for h in sheet.headers)
        for number, row in enumerate(grid, 1):
            for column, text in enumerate(row):
                if not text:
                    continue
                cell = page.cell(number, start + column)
                if number > first and column >= lead:
                    value = _number(text, look)
                    cell.value = value if value is not None else text
                    if value is not None:
                        cell.number_format = draw.choice(["#,##0.00", "General"]) if look.places else "#,##0_);(#,##0)"
                else:
                    cell.value = text.strip()
                    indent = (len(text) - len(text.lstrip())) // 2
                    if indent:
                        cell.alignment = Alignment(indent=indent)
            if number == 1:
                page.merge_cells(start_row=1, start_column=start, end_row=1, end_column=start + wide - 1)
        for level in range(first - max(len(h) for h in sheet.headers) + 1, first):
            _merge_equal(page, level, start + lead, start + wide - 1)
    book.save(out)


def _merge_equal(page: Any, row: int, first: int, last: int) -> None:
    column = first
    while column <= last:
        end = column
        while end < last and page.cell(row, end + 1).value == page.cell(row, column).value and page.cell(row, column).value:
            end += 1
        if end > column:
            for c in range(column + 1, end + 1):
                page.cell(row, c).value = None
            page.merge_cells(start_row=row, start_column=column, end_row=row, end_column=end)
        column = end + 1


def _number(text: str, look: Look) -> float | int | None:
    digits = "".join(c for c in text if c.isdigit() or c == ".")
    if not digits:
        return None
    value = Decimal(digits)
    if any(c in text for c in "(-−－△（"):
        value = -value
    return float(value) if look.places else int(value)


def word_of(sheets: list[Sheet], look: Look, out: Path) -> None:
    """Tables of a Word file, captions as paragraphs above them."""
    import docx

    file = docx.Document()
    for sheet in sheets:
        grid = grid_of(sheet, look)
        heads = 1 + len(sheet.captions)
        for row in grid[:heads]:
            file.add_paragraph(row[0])
        body = grid[heads:]
        table = file.add_table(len(body), max(len(r) for r in body))
        for at, row in enumerate(body):
            cells = table.rows[at].cells
            for column, text in enumerate(row):
                cells[column].text = text
    file.save(str(out))


def html_of(sheets: list[Sheet], look: Look, out: Path) -> None:
    """Plain tables."""
    from html import escape

    parts = ["<html><head><meta charset='utf-8'></head><body>"]
    for sheet in sheets:
        grid = grid_of(sheet, look)
        heads = 1 + len(sheet.captions)
        parts += [f"<p>{escape(r[0])}</p>" for r in grid[:heads]]
        parts.append("<table>")
        parts += ["<tr>" + "".join(f"<td>{escape(c)}</td>" for c in row) + "</tr>" for row in grid[heads:]]
        parts.append("</table>")
    out.write_text("".join(parts) + "</body></html>", encoding="utf-8")
