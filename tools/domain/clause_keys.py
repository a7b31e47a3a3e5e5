"""One spelling for clause numbers: 「第八条第（二）项」, 「第八条（二）」 and "Clause 8(2)" are the same clause."""

from __future__ import annotations

import re

from tools.domain.number_words import chinese_number

_NUMERAL = re.compile(r"[零一二三四五六七八九十百]+")
_WORDS = re.compile(r"section|clause|paragraph|article|sub-?", re.I)


def clause_key(printed: str) -> str:
    """ "8(2)", "6.10(d)"; "" when there is no number in it."""
    text = _WORDS.sub("", printed.replace("（", "(").replace("）", ")"))
    text = _NUMERAL.sub(lambda match: str(chinese_number(match.group())), text)
    text = re.sub(r"第\s*(\d+)\s*条", r"\1", text)
    text = re.sub(r"第?\s*\(?\s*(\d+|[a-z])\s*\)?\s*[款项目]", r"(\1)", text)
    text = re.sub(r"[第条款项目章节、\s]", "", text).strip(".:：").lower()
    return text if re.match(r"^\d", text) else ""
