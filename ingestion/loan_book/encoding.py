"""What a handed-over text file is made of: its encoding, its hash, and whether every physical line is one row.

Accepted are UTF-8 (with or without a byte-order mark) and GB18030. GB18030 accepts almost any bytes, so a UTF-8 file with a few
damaged bytes must not fall through to it: the damage would come in as strange Chinese names. What mostly reads as UTF-8 is damaged
UTF-8, and the file is refused with the line.
"""

from __future__ import annotations

import codecs
import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tools.errors import ImportRefused

CHUNK = 1 << 20
LONGEST = 131_072
"""Longest field that is read, in characters: longer ones come from a quote that was never closed."""

FIX = "Save it as CSV in UTF-8 and import again"
FOREIGN = {
    b"PK\x03\x04": "a ZIP or XLSX file",
    b"\xd0\xcf\x11\xe0": "an old Excel or Word file",
    b"%PDF": "a PDF",
    b"PAR1": "a Parquet file named .csv",
    b"\x1f\x8b": "a gzip file",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
}
_COMMA, _QUOTE, _FEED, _RETURN = b',"\n\r'


@dataclass(frozen=True, slots=True)
class TextNature:
    """The codec to read a file with, the SHA-256 of its bytes and its number of lines. `plain`: no line break inside quotes, no
    stray quote or carriage return, no line that could hold an overlong field, so that any CSV reader splits it the same way, line by
    line."""

    codec: str
    sha256: str
    lines: int
    plain: bool


def examine(path: Path) -> TextNature:
    """Reads the whole file once. Raises ImportRefused when it is not text, or not in an accepted encoding."""
    digest = hashlib.sha256()
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines, ended, utf8, plain, rest = 1, False, True, True, b""
    try:
        with path.open("rb") as stream:
            start = stream.read(8)
            _refuse_foreign(path, start)
            stream.seek(0)
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
                if b"\0" in chunk:
                    line = lines + chunk[: chunk.index(b"\0")].count(b"\n")
                    raise ImportRefused("not text: there is a zero byte", where=f"{path.name} line {line}", fix=FIX)
                utf8 = utf8 and _decodes(decoder, chunk)
                if plain:
                    plain, rest = _plain(rest + chunk)
                lines += chunk.count(b"\n")
                ended = chunk.endswith(b"\n")
            lines -= ended
            utf8 = utf8 and _decodes(decoder, b"")
            plain = plain and _plain(rest + b"\n") == (True, b"")
    except OSError as error:
        raise ImportRefused(
            f"cannot be read ({error.strerror})", where=path.name, fix="Check the file and its rights"
        ) from error
    marked = start.startswith(codecs.BOM_UTF8)
    if not utf8:
        _refuse_damaged_utf8(path, marked)
        _refuse_other_than_gb18030(path)
        return TextNature("gb18030", digest.hexdigest(), lines, plain)
    return TextNature("utf-8-sig" if marked else "utf-8", digest.hexdigest(), lines, plain)


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes) -> bool:
    try:
        decoder.decode(chunk, final=not chunk)
    except UnicodeDecodeError:
        return False
    return True


def _plain(text: bytes) -> tuple[bool, bytes]:
    """Whether the whole lines in `text` are plain, and what follows the last of them. No byte inside a GB18030 or UTF-8 character
    looks like a quote, comma or line break."""
    end = text.rfind(b"\n") + 1
    whole, rest = text[:end], text[end:]
    found: NDArray[np.uint8] = np.frombuffer(whole, np.uint8)
    breaks = np.flatnonzero(found == _FEED)
    if len(rest) > LONGEST or (len(breaks) and int(np.diff(breaks, prepend=-1).max()) > LONGEST):
        return False, b""
    if whole.count(b"\r") != whole.count(b"\r\n"):
        return False, b""
    return b'"' not in whole or _quotes_pair_up(found), rest


def _quotes_pair_up(text: NDArray[np.uint8]) -> bool:
    """Every quote opens at the start of a field, closes at its end, or is doubled, and none is open at the end of a line."""
    quotes = np.flatnonzero(text == _QUOTE)
    marks = np.zeros(len(text), np.int64)
    marks[quotes] = 1
    inside = (np.cumsum(marks) & 1).astype(bool)
    ends = (text == _FEED) | (text == _RETURN)
    if bool(np.any(inside & ends)):
        return False
    around = np.concatenate(([True], ends | (text == _COMMA) | (text == _QUOTE), [True]))
    return bool(np.all(np.where(inside[quotes], around[quotes], around[quotes + 2])))


def _refuse_foreign(path: Path, start: bytes) -> None:
    if not start:
        raise ImportRefused("empty: not even a header row", where=path.name, fix=FIX)
    for magic, kind in FOREIGN.items():
        if start.startswith(magic):
            raise ImportRefused(f"not a CSV file but {kind}", where=path.name, fix=FIX)


def _refuse_damaged_utf8(path: Path, marked: bool) -> None:
    good = bad = first_bad = 0
    with path.open(encoding="utf-8", errors="replace", newline="\n") as stream:
        for number, line in enumerate(stream, 1):
            if not line.isascii():
                wrong = line.count("�")
                bad += wrong
                good += sum(character > "\x7f" for character in line) - wrong
                first_bad = first_bad or (number if wrong else 0)
    if marked or good > bad:
        raise ImportRefused("a byte that is not UTF-8", where=f"{path.name} line {first_bad}", fix=FIX)


def _refuse_other_than_gb18030(path: Path) -> None:
    with path.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            try:
                line.decode("gb18030")
            except UnicodeDecodeError as error:
                raise ImportRefused("neither UTF-8 nor GB18030", where=f"{path.name} line {number}", fix=FIX) from error
