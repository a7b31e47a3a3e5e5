"""Turns papers into PDF bytes: fonts embedded as subsets, dates and ids fixed by the paper itself.

One reduced font per face is cut for all papers of a run (cutting from the full 30,000-glyph face for each would take most of the time).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from fpdf import FPDF
from fpdf.enums import TextMode
from fpdf.fonts import TTFFont

from eval.sample_bank.papers.sheet import SEAL_RED, AreaMark, LineMark, Page, Paper, ShapeMark, TextMark
from tools.typesetting.fonts import Face, missing_glyphs, subset


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
            cuts[face] = Path(folder) / f"{face.name.lower()}.otf"
            cuts[face].write_bytes(subset("".join(sorted(used[face])), face))
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
    for font in pdf.fonts.values():
        if isinstance(font, TTFFont):
            # The face's own bounds are kept: working them out again per paper would take most of the time.
            font.ttfont.recalcBBoxes = False
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
            _draw_shape(pdf, mark)


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
        if mark.angle:
            around.enter_context(pdf.rotation(mark.angle, mark.x, mark.y))
        pdf.text(mark.x, mark.y, mark.text)


def _draw_shape(pdf: FPDF, mark: ShapeMark) -> None:
    pdf.set_draw_color(*mark.stroke)
    pdf.set_line_width(mark.width)
    if mark.points:
        pdf.set_fill_color(*mark.stroke)
        pdf.polygon([(mark.x + dx, mark.y + dy) for dx, dy in mark.points], style="F")
    else:
        pdf.circle(mark.x, mark.y, mark.radius, style="D")


def star(radius: float) -> tuple[tuple[float, float], ...]:
    """The five-pointed star of a company seal, centred on its mark."""
    reach = (radius, radius * 0.382)
    return tuple(
        (
            round(reach[i % 2] * math.sin(i * math.pi / 5), 3),
            round(-reach[i % 2] * math.cos(i * math.pi / 5), 3),
        )
        for i in range(10)
    )


def seal(page: Page, x: float, y: float, name: str, caption: str = "", radius: float = 42) -> None:
    """A red company seal: ring, star, the name along the upper arc and a caption such as 财务专用章 below the star."""
    page.shape(ShapeMark(x, y, radius, SEAL_RED, 1.6))
    page.shape(ShapeMark(x, y, 0, SEAL_RED, 0.1, star(radius * 0.30)))
    size = min(9.0, radius * 3.1 / max(len(name), 1))
    spread = min(250.0, 17.0 * len(name))
    for index, char in enumerate(name):
        degrees = -spread / 2 + spread * (index + 0.5) / len(name)
        angle = math.radians(degrees)
        reach = radius - size - 1.5
        cx, cy = x + reach * math.sin(angle), y - reach * math.cos(angle)
        half = size / 2
        left = cx - half * math.cos(angle)
        base = cy - half * math.sin(angle)
        page.text(left, base, char, size, colour=SEAL_RED, angle=-degrees)
    if caption:
        page.text(x, y + radius * 0.62, caption, 8, align="centre", colour=SEAL_RED)
