"""What draws on the pages of a PDF: text with raised citations, lines, boxes and the marks of a chart, at exact places."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fpdf import FPDF
from fpdf.enums import TextMode

from assistant.briefs.citations import pieces
from assistant.briefs.setting import Glyphs, wrapped
from assistant.charts.sheet import INKS, Box, Dot, Ink, Shape, Sheet, Stroke, Words
from assistant.charts.svg import stripes

WIDE, HIGH, EDGE = 595.28, 841.89, 34.0
BODY = WIDE - 2 * EDGE


class Drawing:
    """Draws on A4 pages, from the top. `y` is where the next thing begins."""

    def __init__(self, face: Path) -> None:
        self.pages = 0
        self.file: Any = FPDF(unit="pt", format="A4")
        self.file.set_auto_page_break(False)
        self.file.set_margin(0)
        self.file.set_author("Loanward")
        self.file.set_creator("")
        self.file.add_font("sans", fname=face)
        self.y = EDGE

    def bytes(self) -> bytes:
        """The finished file."""
        return bytes(self.file.output())

    def text(self, text: str, x: float, width: float, size: float, ink: Ink, *, bold: bool = False) -> None:
        """Sets text from `y` down, on a fresh page when this one has no room, and moves below it."""
        height = self.set(text, x, width, size, ink, draw=False)
        self.room(height)
        self.set(text, x, width, size, ink, bold=bold)
        self.y += height + 0.8

    def set(
        self,
        text: str,
        x: float,
        width: float,
        size: float,
        ink: Ink,
        *,
        bold: bool = False,
        right: bool = False,
        draw: bool = True,
    ) -> float:
        """Sets text with raised citations inside a width from `y` down; its height."""
        lines = wrapped([Glyphs(piece, size * 0.66 if cited else size, cited) for piece, cited in pieces(text)], width)
        leading = size * 1.24
        if draw:
            for place, line in enumerate(lines):
                at = x + (width - sum(g.width for g in line) if right else 0)
                for glyphs in line:
                    base = self.y + place * leading + size * 0.92 - (size * 0.34 if glyphs.raised else 0)
                    self._print(
                        glyphs.text, at, base, glyphs.size, "soft" if glyphs.raised else ink, bold and not glyphs.raised
                    )
                    at += glyphs.width
        return len(lines) * leading

    def line(self, text: str, x: float, size: float, ink: Ink, *, bold: bool = False, drop: float | None = None) -> None:
        """One line as it stands."""
        self._print(text, x, self.y + (size * 0.92 if drop is None else drop), size, ink, bold)

    def _print(self, text: str, x: float, base: float, size: float, ink: Ink, bold: bool) -> None:
        colour = _rgb(ink)
        self.file.set_font("sans", size=size)
        self.file.set_text_color(*colour)
        if bold:
            self.file.set_draw_color(*colour)
            with self.file.local_context(text_mode=TextMode.FILL_STROKE, line_width=size * 0.035):
                self.file.text(x, base, text)
        else:
            self.file.text(x, base, text)

    def sheet(self, sheet: Sheet, x: float, y: float, scale: float) -> None:
        """A chart's marks from a corner on."""
        for mark in sheet.marks:
            match mark:
                case Box():
                    if mark.outline or mark.striped:
                        corners = ((mark.x, mark.y), (mark.x + mark.width, mark.y), (mark.x + mark.width, mark.y + mark.height),
                                   (mark.x, mark.y + mark.height), (mark.x, mark.y))  # fmt: skip
                        self.stroke(tuple((x + a * scale, y + b * scale) for a, b in corners), mark.ink, 0.6)
                        for x0, y0, x1, y1 in stripes(mark) if mark.striped else ():
                            self.stroke(((x + x0 * scale, y + y0 * scale), (x + x1 * scale, y + y1 * scale)), mark.ink, 0.45)
                    else:
                        self.fill(x + mark.x * scale, y + mark.y * scale, mark.width * scale, mark.height * scale, mark.ink)
                case Stroke():
                    self.stroke(
                        tuple((x + a * scale, y + b * scale) for a, b in mark.points),
                        mark.ink,
                        mark.width * scale,
                        dashed=mark.dashed,
                    )
                case Shape():
                    self.file.set_fill_color(*_rgb(mark.ink))
                    self.file.polygon([(x + a * scale, y + b * scale) for a, b in mark.points], style="F")
                case Dot():
                    self.file.set_fill_color(*_rgb(mark.ink))
                    self.file.circle(x + mark.x * scale, y + mark.y * scale, mark.radius * scale, style="F")
                case Words():
                    if mark.halo:
                        self.fill(
                            x + (mark.left - 0.5) * scale,
                            y + (mark.y - mark.size * 0.78) * scale,
                            (mark.width + 1) * scale,
                            mark.size * 0.86 * scale,
                            "paper",
                        )
                    self._print(mark.text, x + mark.left * scale, y + mark.y * scale, mark.size * scale, mark.ink, mark.bold)

    def stroke(self, points: Sequence[tuple[float, float]], ink: Ink, width: float, *, dashed: bool = False) -> None:
        """A line through points."""
        self.file.set_draw_color(*_rgb(ink))
        self.file.set_line_width(width)
        if dashed:
            self.file.set_dash_pattern(dash=2.4, gap=1.8)
        self.file.polyline(list(points))
        if dashed:
            self.file.set_dash_pattern()

    def fill(self, x: float, y: float, width: float, height: float, ink: Ink) -> None:
        """A filled box."""
        self.file.set_fill_color(*_rgb(ink))
        self.file.rect(x, y, width, height, style="F")

    def rule(self, ink: Ink, width: float) -> None:
        """A line across the page."""
        self.stroke(((EDGE, self.y), (WIDE - EDGE, self.y)), ink, width)

    def room(self, height: float) -> bool:
        """A new page when `height` does not fit; whether there was one."""
        if self.y + height <= HIGH - EDGE:
            return False
        self.page()
        return True

    def page(self) -> None:
        """A fresh page."""
        self.file.add_page()
        self.pages += 1
        self.y = EDGE


def _rgb(ink: Ink) -> tuple[int, int, int]:
    text = INKS[ink].lstrip("#")
    return int(text[:2], 16), int(text[2:4], 16), int(text[4:], 16)
