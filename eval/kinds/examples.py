"""The reviewed examples of prompts/examples_*.yaml, read as the analyst would read them: slots filled, rules asked, signs noted.

Each example that names one borrower is also learned as a follow-up of a thread that speaks of one already.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from assistant.analyst.framing import choose, features, needing_borrower
from assistant.analyst.kinds import masked, signs
from assistant.analyst.lexicon import Lexicon
from assistant.analyst.reading import read
from prompts.library import phrase_book

LANGUAGES = ("zh", "en")
AS_OF = date(2026, 10, 31)
_SLOT = re.compile(r"\{([bmtai])\}")
FILLERS = {
    "zh": {"b": ("宏远", "天成", "瑞丰", "科达"), "m": ("流动比率", "营业收入", "毛利率", "EBITDA"), "t": ("2025年", "去年", "上半年", "6月末"),
           "a": ("20%", "500万", "3倍", "30天"), "i": ("L001", "L002")},
    "en": {"b": ("Ridgeway", "Norland", "Kestwick", "Alderby"), "m": ("current ratio", "revenue", "gross margin", "EBITDA"),
           "t": ("2025", "last year", "H1 2026", "June 2026"), "a": ("20%", "5 million", "3x", "30 days"), "i": ("L001", "L002")},
}  # fmt: skip
FOLLOWING = 0.5
"""How much a follow-up made of an example counts."""


@dataclass(frozen=True, slots=True)
class Example:
    """One sentence as learned: its `kind` (frame and cues), masked text, signs, what the rules alone choose, and its weight."""

    kind: str
    said: str
    text: str
    seen: tuple[str, ...]
    ruled: str
    weight: float = 1.0


def groups(language: str) -> Iterator[tuple[str, list[str]]]:
    """(kind, sentences) as they stand in the phrase book."""
    for group in phrase_book(f"examples_{language}")["kinds"]:
        yield " ".join([group["frame"], *group.get("cues", ())]), str(group["said"]).split("\n")


def filled(said: str, language: str) -> tuple[str, list[tuple[int, int]]]:
    """A sentence with its slots filled, and where the borrowers' names stand."""
    text, spans, used = "", list[tuple[int, int]](), Counter[str]()
    for place, piece in enumerate(_SLOT.split(said)):
        if place % 2:
            words = FILLERS[language][piece]
            word = words[used[piece] % len(words)]
            used[piece] += 1
            if piece == "b":
                spans.append((len(text), len(text) + len(word)))
            text += word
        else:
            text += piece
    return text, spans


def followed(said: str, language: str) -> str:
    """The sentence as a follow-up, without its only borrower; empty when that leaves nothing."""
    if said.count("{b}") != 1:
        return ""
    if language == "zh":
        rest = re.sub(r"\{b\}的?", "", said).strip()
    else:
        rest = said.replace("{b}", "its" if re.search(r"\{b\} (?:\{m\}|[a-z])", said) else "it")
    return rest if len(rest) > 1 and rest not in ("it", "its") else ""


def heard(kind: str, said: str, language: str, lexicon: Lexicon, weight: float = 1.0, has_focus: bool = False) -> Example:
    """One sentence read, framed by the rules and masked."""
    text, spans = filled(said, language)
    reading = read(text, AS_OF, lexicon, spans)
    found = features(reading, len(spans), has_focus)
    frame, score = choose(found)
    return Example(kind, said, masked(reading, AS_OF), tuple(signs(found, len(spans), frame, score)), frame, weight)


def examples(language: str, lexicon: Lexicon) -> list[Example]:
    """Every example and the follow-ups made of them."""
    made = []
    for kind, sentences in groups(language):
        for said in (s.strip() for s in sentences if s.strip()):
            made.append(heard(kind, said, language, lexicon, has_focus=_threaded(kind, said)))
            rest = followed(said, language) if kind.split()[0] in needing_borrower() else ""
            if rest:
                made.append(heard(kind, rest, language, lexicon, FOLLOWING, has_focus=True))
    return made


def _threaded(kind: str, said: str) -> bool:
    """Whether a sentence only makes sense in a thread that speaks of a borrower already."""
    return kind == "follow_up" or (kind.split()[0] in needing_borrower() and "{b}" not in said and "{i}" not in said)


def fingerprint(language: str) -> str:
    """SHA-256 of the examples as they stand: which the weights were fitted on."""
    told = "\n".join(f"{kind}\t{'|'.join(sentences)}" for kind, sentences in groups(language))
    return hashlib.sha256(told.encode()).hexdigest()
