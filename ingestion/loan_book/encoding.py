"""How the characters of a handed-over text file are encoded: UTF-8 (with or without a byte-order mark) or GB18030.

GB18030 accepts almost any bytes, so a UTF-8 file with a few damaged bytes must not fall through to it: the damage would
come in as strange Chinese names. What mostly reads as UTF-8 is damaged UTF-8, and the file is refused with the line.
"""

from __future__ import annotations

import codecs
import hashlib
from dataclasses import dataclass
from pathlib import Path

from tools.errors import ImportRefused

CHUNK = 1 << 20
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


@dataclass(frozen=True, slots=True)
class TextEncoding:
    """The codec to read a file with, and the SHA-256 of its bytes."""

    codec: str
    sha256: str


def detect(path: Path) -> TextEncoding:
    """Reads the whole file once. Raises ImportRefused when it is not text, or not in an accepted encoding."""
    digest = hashlib.sha256()
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines, utf8, first = 1, True, True
    try:
        with path.open("rb") as stream:
            while True:
                chunk = stream.read(CHUNK)
                if first:
                    _refuse_foreign(path, chunk)
                    marked, first = chunk.startswith(codecs.BOM_UTF8), False
                digest.update(chunk)
                if b"\0" in chunk:
                    line = lines + chunk[: chunk.index(b"\0")].count(b"\n")
                    raise ImportRefused("not text: there is a zero byte", where=f"{path.name} line {line}", fix=FIX)
                if utf8:
                    try:
                        decoder.decode(chunk, final=not chunk)
                    except UnicodeDecodeError:
                        utf8 = False
                lines += chunk.count(b"\n")
                if not chunk:
                    break
    except OSError as error:
        raise ImportRefused(
            f"cannot be read ({error.strerror})", where=path.name, fix="Check the file and its rights"
        ) from error
    if utf8:
        return TextEncoding("utf-8-sig" if marked else "utf-8", digest.hexdigest())
    _refuse_damaged_utf8(path, marked)
    _refuse_other_than_gb18030(path)
    return TextEncoding("gb18030", digest.hexdigest())


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
    number = 0
    try:
        with path.open(encoding="gb18030", newline="\n") as stream:
            for _line in stream:
                number += 1
    except UnicodeDecodeError as error:
        raise ImportRefused("neither UTF-8 nor GB18030", where=f"{path.name} near line {number + 1}", fix=FIX) from error
