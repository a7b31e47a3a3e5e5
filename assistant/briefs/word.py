"""A brief as a Word file. Same brief, same bytes: no clock, no random ids, members of the archive in a fixed order and at a fixed time.

The letters come with the file, as Office embeds fonts, so that it looks the same where no Chinese font is installed. Charts are pictures, each
with its numbers as alternative text.
"""

from __future__ import annotations

import uuid
import zipfile
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt, RGBColor
from lxml.etree import SubElement, tostring

from assistant.briefs.citations import grouped, pieces
from assistant.briefs.model import Brief, Chart, Level, Line, Link, Section, Table, TableRow, Tone, grouped_sections, halves
from assistant.charts.png import png
from assistant.charts.sheet import INKS, Ink, Sheet
from prompts.library import phrase_book
from tools.typesetting.cutting import truetype

FONT = "Noto Sans SC"
KEY = uuid.UUID("5f4c6a0e-7d1b-4c55-9b1e-6c6f616e7764")
"""Of the embedded font: Office scrambles the first bytes of an embedded font with its key."""
SIZE = 8.0
WIDTH = Mm(186)
EPOCH = (1980, 1, 1, 0, 0, 0)
TONES: dict[Tone, Ink] = {"bad": "bad", "warn": "warn", "good": "good", "soft": "soft", "": "ink"}
LEVELS: dict[Level, Ink] = {"red": "bad", "orange": "warn", "yellow": "warn", "normal": "good", "unknown": "soft"}


def docx(briefs: Sequence[Brief], link: Link | None = None) -> bytes:
    """One Word file; languages one after the other, each on its own page."""
    document = Document()
    _set_up(document, briefs[0])
    for place, brief in enumerate(briefs):
        if place:
            document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        _write(document, brief)
    _carry_font(document)
    out = BytesIO()
    document.save(out)
    return _fixed(out.getvalue())


def _carry_font(document: Any) -> None:
    """Embeds the letters the document uses (ECMA-376 part 4, 2.8.1)."""
    letters = "".join(sorted({*"".join(element.text or "" for element in document.element.iter(qn("w:t")))}))
    font = bytearray(truetype(letters))
    key = KEY.bytes[::-1]
    for place in range(32):
        font[place] ^= key[place % 16]
    main = document.part
    table = next(rel.target_part for rel in main.rels.values() if rel.reltype == RT.FONT_TABLE)
    part = Part(
        PackURI("/word/fonts/font1.odttf"),
        "application/vnd.openxmlformats-officedocument.obfuscatedFont",
        bytes(font),
        main.package,
    )
    relation = table.relate_to(part, RT.FONT)
    root = parse_xml(table.blob)
    entry = SubElement(root, qn("w:font"))
    entry.set(qn("w:name"), FONT)
    SubElement(entry, qn("w:charset")).set(qn("w:val"), "86")
    SubElement(entry, qn("w:family")).set(qn("w:val"), "swiss")
    SubElement(entry, qn("w:pitch")).set(qn("w:val"), "variable")
    embedded = SubElement(entry, qn("w:embedRegular"))
    embedded.set(qn("r:id"), relation)
    embedded.set(qn("w:fontKey"), "{" + str(KEY).upper() + "}")
    table._blob = tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    settings = document.settings.element
    settings.insert(0, OxmlElement("w:saveSubsetFonts"))
    settings.insert(0, OxmlElement("w:embedTrueTypeFonts"))


def _set_up(document: Any, brief: Brief) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(12)
    section.top_margin = section.bottom_margin = Mm(11)
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(SIZE)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    style.paragraph_format.space_after = style.paragraph_format.space_before = Pt(0)
    style.paragraph_format.line_spacing = 1.05
    core = document.core_properties
    core.title, core.author, core.subject = f"{brief.name} {brief.month}", "Loanward", brief.title
    core.last_modified_by, core.comments, core.revision = "Loanward", "", 1
    core.language = "zh-CN" if brief.language == "zh" else "en"
    core.created = core.modified = datetime(brief.as_of.year, brief.as_of.month, brief.as_of.day)


def _write(document: Any, brief: Brief) -> None:
    words = phrase_book(f"brief_{brief.language}")["words"]
    _paragraph(document, f"{brief.title} · {brief.month}", ink="soft", size=8)
    heading = document.add_heading(level=1)
    heading.paragraph_format.space_before = heading.paragraph_format.space_after = Pt(0)
    _runs(heading, brief.name, bold=True, size=14)
    _runs(heading, f"    {brief.level_text}", bold=True, size=11, ink=LEVELS[brief.level])
    _ruled(heading, "accent", 8)
    _facts(document, brief)
    for place, line in enumerate(brief.verdict):
        _paragraph(document, line.text, bold=not place, ink=LEVELS[brief.level] if not place else TONES[line.tone] if line.tone == "soft" else "ink",
                   size=SIZE + 1 if not place else SIZE, before=3 if not place else 0)  # fmt: skip
    for group in grouped_sections(brief):
        if len(group) > 1:
            grid = _grid(document, 1, [50, 50])
            for cell, column in zip(grid.rows[0].cells, halves(group, _length), strict=True):
                for section in column:
                    _section(cell, section)
                _remove(cell.paragraphs[0])
        else:
            _section(document, group[0])
    _heading(document, words["sources"])
    for paper in grouped(brief.sources):
        text = "; ".join(f"{source.number} {source.where}".strip() for source in paper)
        _paragraph(document, f"{paper[0].title}  {text}", ink="soft", size=6.8)
    for said in brief.foot:
        if said:
            _paragraph(document, said, ink="soft", size=7, before=1)


def _facts(document: Any, brief: Brief) -> None:
    """Name and value pairs, four abreast."""
    pairs = list(brief.head)
    table = _grid(document, -(-len(pairs) // 4), [25] * 4)
    for place, (name, value) in enumerate(pairs):
        cell = table.rows[place // 4].cells[place % 4]
        _runs(cell.paragraphs[0], name, ink="soft", size=6.8)
        _runs(cell.add_paragraph(), value)


def _length(section: Section) -> float:
    """About how high a section of sentences stands in half a page's width."""
    return 2.5 + sum(1 + len(block.text) // 34 for block in section.blocks if isinstance(block, Line))


def _remove(paragraph: Any) -> None:
    """A new cell begins with an empty paragraph; it goes when others follow."""
    if paragraph._p.getnext() is not None:
        paragraph._p.getparent().remove(paragraph._p)


def _section(document: Any, section: Section) -> None:
    _heading(document, section.title)
    for block in section.blocks:
        if isinstance(block, Line):
            paragraph = _paragraph(document, block.text, ink=TONES[block.tone] if block.tone == "soft" else "ink", bullet=True)
            paragraph.paragraph_format.left_indent, paragraph.paragraph_format.first_line_indent = Pt(9), Pt(-9)
        elif isinstance(block, Chart):
            if block.caption:
                _paragraph(document, block.caption, ink="soft", size=7, before=2)
            _picture(document.add_paragraph(), block.sheet, WIDTH)
        else:
            _table(document, block)


def _table(document: Any, table: Table) -> None:
    parts = table.parts()
    if not parts:
        return
    count = len(table.header)
    made = _grid(document, 1 + max(len(part) for part in parts), list(table.widths) * len(parts))
    for at in range(len(parts)):
        for column, title in enumerate(table.header):
            paragraph = made.rows[0].cells[at * count + column].paragraphs[0]
            _runs(paragraph, title, ink="soft", size=7)
            _align(paragraph, column, table)
            _edge(made.rows[0].cells[at * count + column], "soft")
    _repeat(made.rows[0])
    for at, part in enumerate(parts):
        for place, row in enumerate(part):
            _fill(made.rows[place + 1], row, table, at * count, len(parts))


def _fill(target: Any, row: TableRow, table: Table, offset: int, parts: int) -> None:
    _whole(target)
    for column, cell in enumerate(row.cells):
        box = target.cells[offset + column]
        paragraph = box.paragraphs[0]
        _align(paragraph, column, table)
        if cell.sheet is not None and cell.sheet.marks:
            _picture(
                paragraph,
                cell.sheet,
                Emu(int(WIDTH * table.widths[column] / sum(table.widths) / parts * (0.36 if cell.text else 0.82))),
            )
        if cell.text:
            _runs(
                paragraph,
                (" " if cell.sheet is not None and cell.sheet.marks else "") + cell.text,
                ink=TONES[cell.tone],
                bold=cell.tone in ("bad", "warn"),
            )
        if cell.note:
            note = box.add_paragraph()
            _align(note, column, table)
            _runs(note, cell.note, ink="soft", size=6.8)
        _edge(box, "rule")


def _picture(paragraph: Any, sheet: Sheet, widest: int) -> None:
    width = min(Pt(sheet.width), widest)
    shape = paragraph.add_run().add_picture(BytesIO(png(sheet)), width=width)
    shape._inline.docPr.set("descr", sheet.description)
    shape._inline.docPr.set("name", "chart")


def _grid(document: Any, rows: int, widths: Sequence[int]) -> Any:
    table = document.add_table(rows, len(widths))
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.LEFT, False
    margins = OxmlElement("w:tblCellMar")
    for name, size in (("w:left", 0), ("w:right", 80)):
        margin = OxmlElement(name)
        margin.set(qn("w:w"), str(size))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.append(margins)
    total = sum(widths)
    for column, share in zip(table.columns, widths, strict=True):
        column.width = Emu(int(WIDTH * share / total))
        for cell in column.cells:
            cell.width = column.width
    return table


def _align(paragraph: Any, column: int, table: Table) -> None:
    if column in table.numeric:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _heading(document: Any, title: str) -> None:
    heading = document.add_paragraph(style=document.part.document.styles["Heading 2"])
    _runs(heading, title, bold=True, size=9.5, ink="accent")
    heading.paragraph_format.space_before, heading.paragraph_format.space_after = Pt(6), Pt(2)
    _ruled(heading, "rule", 4)


def _paragraph(
    document: Any,
    text: str,
    *,
    ink: Ink = "ink",
    size: float = SIZE,
    bold: bool = False,
    before: float = 0,
    bullet: bool = False,
) -> Any:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(before)
    _runs(paragraph, ("•  " if bullet else "") + text, ink=ink, size=size, bold=bold)
    return paragraph


def _runs(paragraph: Any, text: str, *, ink: Ink = "ink", size: float = SIZE, bold: bool = False) -> None:
    """Text with its citations raised."""
    for piece, cited in pieces(text):
        run = paragraph.add_run(piece)
        run.font.size, run.font.bold = Pt(size), bold and not cited
        run.font.color.rgb = RGBColor.from_string((INKS["soft"] if cited else INKS[ink]).lstrip("#").upper())
        run.font.superscript = cited or None
        run.font.name = FONT
        run._element.rPr.rFonts.set(qn("w:eastAsia"), FONT)


def _ruled(paragraph: Any, ink: Ink, width: int) -> None:
    edges = OxmlElement("w:pBdr")
    edges.append(_border("w:bottom", ink, width))
    paragraph._p.get_or_add_pPr().append(edges)


def _edge(cell: Any, ink: Ink) -> None:
    edges = OxmlElement("w:tcBorders")
    edges.append(_border("w:bottom", ink, 4))
    properties = cell._tc.get_or_add_tcPr()
    properties.append(edges)
    middle = OxmlElement("w:vAlign")
    middle.set(qn("w:val"), "center")
    properties.append(middle)


def _border(name: str, ink: Ink, width: int) -> Any:
    edge = OxmlElement(name)
    for key, value in (("w:val", "single"), ("w:sz", str(width)), ("w:space", "1"), ("w:color", INKS[ink].lstrip("#").upper())):
        edge.set(qn(key), value)
    return edge


def _whole(row: Any) -> None:
    """A row is not broken over two pages."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _repeat(row: Any) -> None:
    header = OxmlElement("w:tblHeader")
    header.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(header)


def _fixed(content: bytes) -> bytes:
    """The archive with a fixed order and time for every member."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in sorted(given.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            member = zipfile.ZipInfo(name, EPOCH)
            member.compress_type, member.external_attr, member.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 3
            made.writestr(member, given.read(name), compresslevel=9)
    return out.getvalue()
