"""A paper as a list of marks on pages, before any PDF exists.

Marks are kept so that the press can subset one font for the whole bank and so that every printed figure knows its page and box: the truth
a reader is checked against. Coordinates are points from the top-left corner, `y` is the baseline of text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from tools.typesetting.fonts import Face, text_width

Align = Literal["left", "right", "centre"]
Colour = tuple[int, int, int]
Box = tuple[float, float, float, float]

BLACK: Colour = (0, 0, 0)
GREY: Colour = (110, 110, 110)
A4 = (595.28, 841.89)
LETTER = (612.0, 792.0)

# 避头尾: these never start a line, and those never end one.
_NOT_FIRST = set("，。、；：？！）》】”’%％…—·,.;:?!)]}")
_NOT_LAST = set("（《【“‘([{")


@dataclass(frozen=True, slots=True)
class TextMark:
    x: float
    y: float
    text: str
    size: float
    face: Face
    bold: bool
    colour: Colour


@dataclass(frozen=True, slots=True)
class LineMark:
    x0: float
    y0: float
    x1: float
    y1: float
    width: float
    colour: Colour


@dataclass(frozen=True, slots=True)
class AreaMark:
    x: float
    y: float
    width: float
    height: float
    fill: Colour


@dataclass(frozen=True, slots=True)
class SealMark:
    """A company seal centred on (x, y): an image, as electronic and scanned seals are, so that no text stands under it."""

    x: float
    y: float
    radius: float
    name: str
    caption: str


Mark = TextMark | LineMark | AreaMark | SealMark


@dataclass(slots=True)
class Page:
    """One page with its marks in the order they were made."""

    width: float
    height: float
    face: Face
    marks: list[Mark] = field(default_factory=list)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float = 10,
        *,
        align: Align = "left",
        bold: bool = False,
        face: Face | None = None,
        colour: Colour = BLACK,
    ) -> Box:
        """Sets one line; `x` is its left edge, right edge or middle by `align`. Returns the box of its glyphs."""
        chosen = face or self.face
        width = text_width(text, size, chosen)
        left = x if align == "left" else x - width if align == "right" else x - width / 2
        if text:
            self.marks.append(TextMark(left, y, text, size, chosen, bold, colour))
        return (round(left, 2), round(y - 0.78 * size, 2), round(left + width, 2), round(y + 0.14 * size, 2))

    def rule(self, x0: float, y0: float, x1: float, y1: float, width: float = 0.5, colour: Colour = BLACK) -> None:
        """A straight line."""
        self.marks.append(LineMark(x0, y0, x1, y1, width, colour))

    def area(self, x: float, y: float, width: float, height: float, fill: Colour) -> None:
        """A filled rectangle; make it before the text that stands on it."""
        self.marks.append(AreaMark(x, y, width, height, fill))

    def seal(self, x: float, y: float, name: str, caption: str = "", radius: float = 42) -> None:
        """A red seal with the name along its upper arc and a caption such as 财务专用章 below the star."""
        self.marks.append(SealMark(x, y, radius, name, caption))


@dataclass(slots=True)
class Paper:
    """A document in the making. `made_on` becomes the PDF's date, so that the same paper has the same bytes."""

    title: str
    author: str
    made_on: date
    size: tuple[float, float] = A4
    face: Face = Face.SERIF
    language: str = "zh"
    pages: list[Page] = field(default_factory=list)

    def page(self, *, landscape: bool = False) -> Page:
        """Starts a new page and returns it."""
        width, height = self.size
        if landscape:
            width, height = height, width
        page = Page(width, height, self.face)
        self.pages.append(page)
        return page

    @property
    def page_number(self) -> int:
        """1-based number of the page being filled."""
        return len(self.pages)


def wrapped(text: str, width: float, size: float, face: Face, first_indent: float = 0.0) -> list[str]:
    """Breaks text into lines no wider than `width`: Latin at blanks, Chinese between any characters, punctuation never first."""
    lines: list[str] = []
    room, line = width - first_indent, ""
    for token in _tokens(text):
        if token == "\n":
            lines.append(line)
            line, room = "", width
            continue
        if line and text_width(line + token.rstrip(), size, face) > room and token[0] not in _NOT_FIRST:
            carry = ""
            while line and line[-1] in _NOT_LAST:
                carry, line = line[-1] + carry, line[:-1]
            lines.append(line.rstrip())
            line, room = carry + token.lstrip(), width
        else:
            line += token
    if line.strip():
        lines.append(line.rstrip())
    return lines


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    word = ""
    for char in text:
        if char == "\n" or ord(char) >= 0x2E80 or char in "—…“”‘’":
            if word:
                tokens.append(word)
                word = ""
            tokens.append(char)
        elif char == " ":
            tokens.append(word + " ")
            word = ""
        else:
            word += char
    if word:
        tokens.append(word)
    return [t for t in tokens if t]


def flow(
    paper: Paper,
    page: Page,
    y: float,
    paragraphs: Sequence[str],
    *,
    left: float,
    right: float,
    bottom: float,
    top: float,
    size: float = 10.5,
    leading: float = 1.6,
    indent: float = 0.0,
    gap: float = 4.0,
) -> tuple[Page, float]:
    """Runs paragraphs down the page and over to new ones; returns where the next thing may start."""
    for paragraph in paragraphs:
        for number, line in enumerate(wrapped(paragraph, right - left, size, page.face, indent)):
            if y > bottom:
                page, y = paper.page(), top
            page.text(left + (indent if number == 0 else 0.0), y, line, size)
            y += size * leading
        y += gap
    return page, y
