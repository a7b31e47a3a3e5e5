"""Turns papers into PDF bytes: fonts embedded as subsets, dates and ids fixed by the paper itself.

One reduced font per face is cut for all papers of a run (cutting from the full 30,000-glyph face for each would take most of the time).
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from fpdf import FPDF
from fpdf.enums import TextMode

from eval.sample_bank.papers.seals import seal_image
from eval.sample_bank.papers.sheet import AreaMark, LineMark, Page, Paper, TextMark
from tools.typesetting.fonts import Face, missing_glyphs, truetype_subset


def print_papers(papers: Mapping[Path, Paper]) -> None:
    """Writes every paper to its path. ValueError names a character no face can draw, instead of printing a box."""
    used: dict[Face, set[str]] = {}
    for path, paper in papers.items():
        for page in paper.pages:
            for mark in page.marks:
                if isinstance(mark, TextMark):
                    used.setdefault(mark.face, set()).update(mark.text)
                    if lost := missing_glyphs(mark.text, mark.face):
                        raise ValueError(f"{path.name}: {mark.face} has no glyph for {lost!r} in {mark.text!r}")
    with TemporaryDirectory() as folder:
        cuts: dict[Face, Path] = {}
        for face in sorted(used):
            cuts[face] = Path(folder) / f"{face.name.lower()}.ttf"
            cuts[face].write_bytes(truetype_subset("".join(sorted(used[face])), face))
        for path, paper in papers.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(_pdf(paper, cuts))


def _pdf(paper: Paper, cuts: Mapping[Face, Path]) -> bytes:
    pdf = FPDF(unit="pt")
    pdf.set_auto_page_break(False)
    pdf.set_margin(0)
    pdf.set_title(paper.title)
    pdf.set_author(paper.author)
    pdf.set_creator("")
    pdf.set_lang("zh-CN" if paper.language == "zh" else "en")
    pdf.set_creation_date(datetime(paper.made_on.year, paper.made_on.month, paper.made_on.day, 9, tzinfo=UTC))
    faces = {m.face for p in paper.pages for m in p.marks if isinstance(m, TextMark)}
    for face in sorted(faces):
        pdf.add_font(face.name, fname=cuts[face])
    for page in paper.pages:
        pdf.add_page(format=(page.width, page.height))
        _draw(pdf, page)
    return bytes(pdf.output())


def _draw(pdf: FPDF, page: Page) -> None:
    for mark in page.marks:
        if isinstance(mark, TextMark):
            _draw_text(pdf, mark)
        elif isinstance(mark, LineMark):
            pdf.set_draw_color(*mark.colour)
            pdf.set_line_width(mark.width)
            pdf.line(mark.x0, mark.y0, mark.x1, mark.y1)
        elif isinstance(mark, AreaMark):
            pdf.set_fill_color(*mark.fill)
            pdf.rect(mark.x, mark.y, mark.width, mark.height, style="F")
        else:
            across = 2 * mark.radius
            pdf.image(seal_image(mark.name, mark.caption), mark.x - mark.radius, mark.y - mark.radius, across, across)


def _draw_text(pdf: FPDF, mark: TextMark) -> None:
    pdf.set_font(mark.face.name, size=mark.size)
    pdf.set_text_color(*mark.colour)
    with ExitStack() as around:
        if mark.bold:
            # A text mode outlives its text object, so it is fenced in a saved graphics state.
            around.enter_context(pdf.local_context())
            pdf.text_mode = TextMode.FILL_STROKE
            pdf.set_draw_color(*mark.colour)
            pdf.set_line_width(mark.size * 0.022)
        pdf.text(mark.x, mark.y, mark.text)
