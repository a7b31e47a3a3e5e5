"""Visit notes by the sections of handbook 9, as the form an officer fills in: DOCX, Markdown or a printed PDF, Chinese or English.

Seen, checked and said stay apart: what a borrower says is not what the officer saw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from eval.sample_bank.papers.report import Company
from eval.sample_bank.papers.sheet import GREY, Paper, flow
from eval.sample_bank.papers.tables import Column, Grid, TableRow
from eval.sample_bank.papers.workbook import fixed_archive
from tools.typesetting.fonts import Face


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitNote:
    """Each list holds sentences; empty ones are printed as none."""

    company: Company
    language: str
    day: date
    hour: str
    place: str
    visitors: Sequence[str]
    met: str
    purpose: str
    seen: Sequence[str]
    checked: Sequence[str]
    said: Sequence[str]
    differences: Sequence[str] = ()
    collateral: str = ""
    view: str = ""
    follow_ups: Sequence[str] = ()

    @property
    def title(self) -> str:
        """The form's name."""
        return "贷后现场走访记录" if self.language == "zh" else "Post-Disbursement Site Visit Note"

    def header(self) -> list[tuple[str, str]]:
        """The table at the top of the form."""
        stamp = f"{self.day.isoformat()} {self.hour}"
        if self.language == "zh":
            return [
                ("借款人", self.company.name), ("统一社会信用代码", self.company.registration), ("走访时间", stamp),
                ("走访地点", self.place), ("走访人（双人）", "、".join(self.visitors)), ("会见人员", self.met),
                ("走访目的", self.purpose),
            ]  # fmt: skip
        return [
            ("Borrower", self.company.name_en), ("Registration no.", self.company.registration), ("Date and time", stamp),
            ("Place", self.place), ("Visitors", ", ".join(self.visitors)), ("People met", self.met), ("Purpose", self.purpose),
        ]  # fmt: skip

    def sections(self) -> list[tuple[str, list[str]]]:
        """Heading and sentences, in the order of the form."""
        chinese = self.language == "zh"
        none = "无。" if chinese else "None."
        heads = (
            ("一、现场所见", "二、现场核验", "三、对方陈述（原话）", "四、与档案资料的差异", "五、押品及担保状况", "六、客户经理意见", "七、跟进事项")
            if chinese
            else ("1. Seen", "2. Checked", "3. Said by the borrower (quoted)", "4. Differences from the file", "5. Collateral", "6. Officer's view", "7. Follow-up")
        )  # fmt: skip
        bodies = (
            self.seen, self.checked, self.said, self.differences, (self.collateral,) if self.collateral else (),
            (self.view,) if self.view else (), self.follow_ups,
        )  # fmt: skip
        return [(head, list(body) or [none]) for head, body in zip(heads, bodies, strict=True)]

    def signature(self) -> str:
        """The last line of the form."""
        if self.language == "zh":
            return f"走访人签字：{'　　　'.join(self.visitors)}　　　附件：现场照片{len(self.seen) + 2}张"
        return f"Signed: {'    '.join(self.visitors)}    Attachments: {len(self.seen) + 2} photographs"


def note_docx(note: VisitNote, path: Path) -> None:
    """The form in Word, with fonts set for East Asian text too."""
    document = Document()
    latin, east = ("Times New Roman", "宋体") if note.language == "zh" else ("Calibri", "宋体")
    style = document.styles["Normal"]
    style.font.name, style.font.size = latin, Pt(10.5)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), east)
    for section in document.sections:
        section.left_margin = section.right_margin = Cm(2.5)
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = title.add_run(note.title)
    run.bold, run.font.size = True, Pt(16)
    table = document.add_table(rows=0, cols=2)
    table.style, table.autofit = "Table Grid", False
    table.columns[0].width, table.columns[1].width = Cm(4.2), Cm(11.8)
    for label, text in note.header():
        cells = table.add_row().cells
        cells[0].width, cells[1].width = Cm(4.2), Cm(11.8)
        cells[0].paragraphs[0].add_run(label).bold = True
        cells[1].text = text
    for head, sentences in note.sections():
        document.add_paragraph().add_run(head).bold = True
        for sentence in sentences:
            document.add_paragraph(sentence, style="List Bullet" if len(sentences) > 1 else None)
    document.add_paragraph()
    document.add_paragraph(note.signature())
    made = datetime(note.day.year, note.day.month, note.day.day, 18)
    core = document.core_properties
    core.author, core.last_modified_by, core.title = note.visitors[0], note.visitors[0], note.title
    core.created = core.modified = made
    core.revision = 1
    raw = BytesIO()
    document.save(raw)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(fixed_archive(raw.getvalue(), made))


def note_markdown(note: VisitNote, path: Path) -> None:
    """The note as typed on a phone."""
    colon = "：" if note.language == "zh" else ": "
    out = [f"# {note.title}", ""]
    out += [f"- **{label}**{colon}{text}" for label, text in note.header()]
    for head, sentences in note.sections():
        out += ["", f"## {head}", ""]
        out += [f"- {sentence}" for sentence in sentences] if len(sentences) > 1 else sentences
    out += ["", note.signature(), ""]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(out), encoding="utf-8")


def note_paper(note: VisitNote) -> Paper:
    """The printed form."""
    chinese = note.language == "zh"
    paper = Paper(note.title, note.visitors[0], note.day, face=Face.SANS, language=note.language)
    page = paper.page()
    page.text(297.6, 72, note.title, 16, align="centre", bold=True)
    grid = Grid([Column("", 118), Column("", 357)], 60, size=9.5, face=Face.SANS, height=19, bottom=770)
    page, y = grid.draw(paper, page, 92, [TableRow([label, text]) for label, text in note.header()])
    y += 26
    for head, sentences in note.sections():
        if y > 730:
            page, y = paper.page(), 80.0
        page.text(60, y, head, 11, bold=True)
        mark = "" if len(sentences) == 1 else "· "
        page, y = flow(
            paper, page, y + 19, [mark + s for s in sentences], left=66, right=535, bottom=770, top=80, size=10,
            leading=1.65 if chinese else 1.5, gap=2,
        )  # fmt: skip
        y += 8
    page.text(60, min(y + 16, 790), note.signature(), 9.5)
    page.text(535, 815, note.company.short if chinese else note.company.name_en, 8, align="right", colour=GREY)
    return paper
