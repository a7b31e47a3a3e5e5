"""Open-licence fonts that can write Chinese on a machine that has no CJK font.

Noto Sans SC and Noto Serif SC (SIL OFL 1.1) come inside the package `pylopdf-fonts-zh-cn`; nothing is downloaded. Both are
OpenType with CFF outlines: Pillow, matplotlib, browsers and fpdf2 take them as they are, reportlab does not (`truetype_subset` makes what it
takes). There is one weight each; draw bold by stroking the outline. Widths are typesetting lengths in points, not money, so floats are fine here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable
from pylopdf_fonts_zh_cn import sans_path, serif_path


class Face(StrEnum):
    """SANS (黑体 style) reads best on screen and in charts; SERIF (宋体 style) is what statements and contracts are set in."""

    SANS = "Noto Sans SC"
    SERIF = "Noto Serif SC"


@dataclass(frozen=True, slots=True)
class Metrics:
    """Advance widths by code point, and ascent and descent, all in thousandths of the font size."""

    advances: dict[int, int]
    ascent: int
    descent: int


def font_path(face: Face = Face.SANS) -> Path:
    """The font file, for libraries that open it themselves."""
    return sans_path() if face is Face.SANS else serif_path()


@cache
def metrics(face: Face = Face.SANS) -> Metrics:
    """Widths and heights of a face; read once per process."""
    with TTFont(font_path(face), lazy=True) as font:
        widths = font["hmtx"].metrics
        per_mille = 1000 / font["head"].unitsPerEm
        advances = {code: round(widths[glyph][0] * per_mille) for code, glyph in font.getBestCmap().items()}
        box = font["OS/2"]
        return Metrics(advances, round(box.sTypoAscender * per_mille), round(-box.sTypoDescender * per_mille))


def missing_glyphs(text: str, face: Face = Face.SANS) -> str:
    """The characters of `text` the face cannot draw, each once, in order; empty when all can be."""
    known = metrics(face).advances
    return "".join(dict.fromkeys(c for c in text if ord(c) not in known and not c.isspace()))


def text_width(text: str, size: float, face: Face = Face.SANS) -> float:
    """Width of one line in points at `size` points; a missing glyph counts as one full square."""
    advances = metrics(face).advances
    return sum(advances.get(ord(c), 1000) for c in text) * size / 1000


def subset(text: str, face: Face = Face.SANS, flavour: str | None = None) -> bytes:
    """A font file holding only what `text` needs: OpenType, or `flavour` "woff" to inline in a page. Same text, same bytes."""
    # The subsetter is slow to load and most callers only measure.
    from fontTools import subset as font_subset

    options = font_subset.Options()
    options.notdef_outline = True
    options.layout_features = []
    options.hinting = False
    options.recalc_timestamp = False
    # Vertical metrics are not used, flat outlines load faster, and the bounds of the whole face hold for any part of it.
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE", "GSUB", "GPOS", "GDEF"]
    options.desubroutinize = True
    options.flavor = flavour
    font = TTFont(font_path(face), lazy=True, recalcTimestamp=False, recalcBBoxes=False)
    engine = font_subset.Subsetter(options)
    engine.populate(unicodes=sorted({ord(c) for c in text} | {0x20}))
    engine.subset(font)
    out = BytesIO()
    font.flavor = flavour
    font.save(out)
    return out.getvalue()


def truetype_subset(text: str, face: Face = Face.SANS) -> bytes:
    """The same with TrueType outlines, a few thousandths of the em away at most: PDF writers cut these again many times faster."""
    return with_truetype_outlines(subset(text, face), {})


def with_truetype_outlines(content: bytes, drawn: dict[str, Any]) -> bytes:
    """An OpenType font with its outlines redrawn for TrueType. `drawn` keeps glyphs by name from font to font of one face: redrawing is
    what takes the time."""
    font = TTFont(BytesIO(content), recalcTimestamp=False)
    outlines, order = font.getGlyphSet(), font.getGlyphOrder()
    for name in order:
        if name not in drawn:
            pen = TTGlyphPen(outlines)
            outlines[name].draw(Cu2QuPen(pen, max_err=1.0, reverse_direction=True))
            drawn[name] = pen.glyph()
    font["loca"], table = newTable("loca"), newTable("glyf")
    table.glyphOrder, table.glyphs = order, {name: drawn[name] for name in order}
    font["glyf"] = table
    profile = font["maxp"]
    profile.tableVersion, profile.maxZones = 0x00010000, 1
    for name in _PROFILE:
        setattr(profile, name, 0)
    names = font["post"]
    names.formatType, names.extraNames, names.mapping, names.glyphOrder = 3.0, [], {}, order
    del font["CFF "]
    font.sfntVersion = "\x00\x01\x00\x00"
    out = BytesIO()
    font.save(out)
    return out.getvalue()


_PROFILE = (
    "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs", "maxStackElements", "maxSizeOfInstructions",
    "maxComponentElements", "maxPoints", "maxContours", "maxCompositePoints", "maxCompositeContours", "maxComponentDepth",
)  # fmt: skip
