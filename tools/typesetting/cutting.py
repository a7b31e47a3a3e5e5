"""Reduced fonts fast enough to cut one for every page that leaves: HarfBuzz does in hundredths of a second what fontTools does in seconds.

A brief or a chart must show Chinese on a machine without Chinese fonts and without a network, so each carries the letters it uses.
"""

from __future__ import annotations

import struct
import zlib
from functools import cache, lru_cache
from typing import Any

from tools.typesetting.fonts import Face, font_path, with_truetype_outlines


def cut(text: str, face: Face = Face.SANS) -> bytes:
    """An OpenType font holding only what `text` needs. Same letters, same bytes."""
    return _cut("".join(sorted({*text, " "})), face)


def web_font(text: str, face: Face = Face.SANS) -> bytes:
    """The same packed as WOFF, to be put into a page."""
    return _woff(cut(text, face))


def truetype(text: str, face: Face = Face.SANS) -> bytes:
    """The same with TrueType outlines, which office programs embed. Each letter is redrawn once in a process."""
    return with_truetype_outlines(cut(text, face), _drawn.setdefault(face, {}))


_drawn: dict[Face, dict[str, Any]] = {}


@cache
def _whole(face: Face) -> bytes:
    return font_path(face).read_bytes()


@lru_cache(maxsize=8)
def _cut(letters: str, face: Face) -> bytes:
    import uharfbuzz

    wanted = uharfbuzz.SubsetInput()
    wanted.sets(uharfbuzz.SubsetInputSets.UNICODE).set({ord(letter) for letter in letters})
    wanted.sets(uharfbuzz.SubsetInputSets.LAYOUT_FEATURE_TAG).clear()
    wanted.sets(uharfbuzz.SubsetInputSets.DROP_TABLE_TAG).update({int.from_bytes(tag.encode(), "big") for tag in _DROPPED})
    wanted.flags = (
        uharfbuzz.SubsetFlags.NO_HINTING | uharfbuzz.SubsetFlags.DESUBROUTINIZE | uharfbuzz.SubsetFlags.NOTDEF_OUTLINE
    )
    made = uharfbuzz.subset(uharfbuzz.Face(_whole(face)), wanted)
    return bytes(made.blob.data)


_DROPPED = ("vhea", "vmtx", "VORG", "BASE", "GSUB", "GPOS", "GDEF", "DSIG")


def _woff(font: bytes) -> bytes:
    """WOFF 1.0: the tables of a font, each deflated, behind a directory (W3C Recommendation, section 3 to 5)."""
    flavour, count = struct.unpack(">4sH", font[:6])
    tables = [struct.unpack(">4sLLL", font[12 + 16 * i : 28 + 16 * i]) for i in range(count)]
    head, body, whole = b"", b"", 12 + 16 * count
    start = 44 + 20 * count
    for tag, check, offset, length in tables:
        plain = font[offset : offset + length]
        packed = zlib.compress(plain, 9)
        data = packed if len(packed) < length else plain
        head += struct.pack(">4sLLLL", tag, start + len(body), len(data), length, check)
        body += data + b"\0" * (-len(data) % 4)
        whole += length + (-length % 4)
    return (
        struct.pack(">4s4sLHHLHHLLLLL", b"wOFF", flavour, start + len(body), count, 0, whole, 1, 0, 0, 0, 0, 0, 0) + head + body
    )
