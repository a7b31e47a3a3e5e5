"""Bytes to characters: BOM, UTF-8, UTF-16, GB18030, then a guess.

Chinese papers still come in GB encodings. A guess is only made when nothing fits, and it is reported.
"""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
DECLARED = re.compile(rb"""(?i)<meta[^>]+charset\s*=\s*["']?([\w-]{3,20})""")


def decoded(data: bytes, *, html: bool = False) -> tuple[str, str]:
    """The text and, when the encoding had to be guessed, a warning (else "")."""
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return data.decode(encoding, errors="replace"), ""
    declared = DECLARED.search(data[:2048]) if html else None
    names = [declared.group(1).decode("ascii")] if declared else []
    for encoding in (*names, "utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        if encoding != "gb18030" or _plausible(text):
            return text, ""
    guess = from_bytes(data[:65536]).best()
    encoding = guess.encoding if guess else "cp1252"
    return data.decode(encoding, errors="replace"), f"the text encoding is not stated; read as {encoding}"


def _plausible(text: str) -> bool:
    """GB18030 accepts almost any bytes: believe it only when the result is mostly ordinary characters."""
    sample = text[:20_000]
    odd = sum(
        not (ch.isascii() or "一" <= ch <= "鿿" or ch in "，。；：、（）《》“”‘’—…％￥·【】！？　０１２３４５６７８９")
        for ch in sample
    )
    return odd * 20 <= len(sample)
