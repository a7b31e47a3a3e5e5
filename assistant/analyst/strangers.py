"""Words a question leaves over that look like a name nobody knows, as against a topic, filler or a slip."""

from __future__ import annotations

import re

from assistant.analyst.lexicon import Lexicon
from assistant.analyst.reading import Reading
from assistant.analyst.words import singular

_FORM = re.compile(r"(?:公司|集团|科技|电子|贸易|实业|股份|机械|化工|制造|物流|银行|控股|材料|食品|药业|建设|工程)$")
_LATIN_FORM = re.compile(r"\b(?:inc|ltd|limited|corp|corporation|plc|llc|gmbh|co|holdings|group)\b\.?", re.IGNORECASE)
LONGEST_HAN = 14


def unknown_name(reading: Reading, lexicon: Lexicon) -> str:
    """The left-over words when they stand where a name stands; empty when there are none."""
    return _han(reading) or _latin(reading, lexicon)


def _han(reading: Reading) -> str:
    for piece in reading.topic:
        if not re.match(r"[\u3400-\u9fff]", piece) or not 2 <= len(piece) <= LONGEST_HAN:
            continue
        at = reading.text.find(piece)
        before, after = reading.text[:at], reading.text[at + len(piece) :]
        opens = not re.search(
            r"[\u3400-\u9fffA-Za-z]",
            re.sub(r"请问|请告诉我|帮我|查一下|查询|告诉我|那么|那|看看|看一下|想知道|关于|请|问|查", "", before),
        )
        followed = re.match(
            r"(?:有限公司|公司|集团|的|\d|[,,]|去年|今年|上|最|近|目前|截至|还|有|是|在|呢|怎么|现在|逾期|为什么|为何|为啥|亮|变|被|能|可以|会|$)",
            after,
        )
        if _FORM.search(piece) or after.startswith(("公司", "集团", "有限", "股份")) or (opens and followed):
            return piece
    return ""


def _latin(reading: Reading, lexicon: Lexicon) -> str:
    text = reading.text
    names = []
    for piece in reading.topic:
        if not piece[0].isascii() or not piece[0].isalpha():
            continue
        word = piece.split("'")[0]
        if singular(word) in lexicon.vocabulary or len(word) < 2:
            continue
        at = text.find(piece)
        capital = piece[0].isupper()
        possessive = piece.endswith("'s") or text[at + len(piece) : at + len(piece) + 2] == "'s"
        after_of = re.search(r"\b(?:of|for|at|about|does|did|is|has)\s+$", text[:at], re.IGNORECASE) is not None
        form = _LATIN_FORM.match(text[at + len(piece) :].lstrip())
        in_chinese = re.search(r"[\u3400-\u9fff]", text) is not None
        if capital or possessive or form or (after_of and not _ordinary(word)) or in_chinese:
            names.append(word)
    return " ".join(names)


def _ordinary(word: str) -> bool:
    """Endings of English adjectives, verbs and nouns that are hardly names."""
    return bool(re.search(r"(?:ing|ed|ly|tion|ness|able|ible|ful|ive|ment|ity|ous|al|er|est|y)$", word.lower()))
