"""A second opinion on what kind of question it is, learned from examples (prompts/examples_*.yaml), for wordings no phrase book foresaw.

The examples are fitted once, beside the rules' own choice, into plain weights (prompts/kinds_*.json, written by eval.kinds), so that
an answer only adds numbers up: the same on every machine, without a learning library, in a fraction of a millisecond. Names, ids,
amounts, times and metrics are slots: what was learned of one bank's borrowers holds for any other's.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from assistant.analyst.reading import _ID, Reading, Span
from assistant.analyst.timewords import time_phrases
from assistant.analyst.words import singular
from prompts.library import fitted, phrase_book

_TOKEN = re.compile(r"\{[bmtai]\}|[\u3400-\u9fff]|[a-z]+(?:['’]s)?|\d+")
LONG_WORD = 5
PART = 4
OF_WORDS = 3.0
OF_CUES = 0.7
"""How much the whole of the words weighs, and each cue beside it."""
WEAK_SCORE = 40
SUREST = 1000


@dataclass(frozen=True, slots=True)
class Opinion:
    """A kind of question with the cues it stands for; `share` of all belief, `lead` over the next kind."""

    frame: str
    cues: tuple[str, ...]
    share: float
    lead: float


def masked(reading: Reading, as_of: date) -> str:
    """The question in lower case with slots: {b} borrower, {m} metric, {t} time, {i} identifier, {a} amount."""
    text = reading.text
    metrics = [(h.start, h.end) for h in reading.hits if h.ids("metric")]
    times = [(t.start, t.end) for t in time_phrases(text, as_of, [*reading.names, *metrics])]
    found: list[tuple[int, int, str]] = []
    for slot, spans in (
        ("b", reading.names), ("m", metrics), ("t", times), ("i", [m.span() for m in _ID.finditer(text)]),
        ("a", [(a.start, a.end) for a in reading.amounts]),
    ):  # fmt: skip
        found += [(a, b, slot) for a, b in spans if not _taken((a, b), found)]
    for start, end, slot in sorted(found, reverse=True):
        text = f"{text[:start]}{{{slot}}}{text[end:]}"
    return text.lower()


def _taken(span: Span, found: Iterable[tuple[int, int, str]]) -> bool:
    return any(span[0] < b and a < span[1] for a, b, _ in found)


def grams(text: str, language: str) -> set[str]:
    """Runs of up to three characters and slots; in English words, pairs of words and pieces of longer words, which survive slips."""
    tokens = [t if t[0] == "{" or not t.isascii() else singular(t) for t in _TOKEN.findall(text)]
    longest = 3
    if language == "en":
        longest, tokens = 2, ["^", *tokens, "$"]
    found = {" ".join(tokens[i : i + n]) for n in range(1, longest + 1) for i in range(len(tokens) - n + 1)}
    if language == "en":
        for token in tokens:
            if token.isalpha() and len(token) >= LONG_WORD:
                framed = f"^{token}$"
                found |= {"~" + framed[i : i + PART] for i in range(len(framed) - PART + 1)}
    return found


def signs(found: frozenset[str], named: int, frame: str, score: int) -> list[str]:
    """What the rules saw and what they would choose."""
    weak = "weak" if score < WEAK_SCORE else "sure"
    return [*(f"cue {cue}" for cue in sorted(found)), f"named {min(named, 2)}", f"rule {frame}", f"rule {frame} {weak}"]


@cache
def _model(language: str) -> Mapping[str, Any]:
    return fitted(f"kinds_{language}")


def opinions(text: str, language: str, seen: Sequence[str]) -> list[Opinion]:
    """Kinds of question from the likeliest down. `text`: masked; `seen`: signs."""
    model = _model(language)
    kinds: Sequence[str] = model["kinds"]
    weights: Mapping[str, Sequence[int]] = model["weights"]
    rarity: Mapping[str, int] = model["rarity"]
    total = [float(b) for b in model["bias"]]
    words = [(gram, rarity.get(gram, model["unknown"])) for gram in sorted(grams(text, language))]
    length = math.sqrt(sum(w * w for _, w in words)) or 1.0
    for sign, value in (*((gram, OF_WORDS * w / length) for gram, w in words), *((sign, OF_CUES) for sign in seen)):
        told = weights.get(sign, ())
        for place in range(0, len(told), 2):
            total[told[place]] += told[place + 1] * value
    highest = max(total)
    belief = [math.exp((t - highest) / model["scale"]) for t in total]
    whole = sum(belief)
    frames: dict[str, tuple[float, float, tuple[str, ...]]] = {}
    for kind, one in zip(kinds, belief, strict=True):
        frame, *cues = kind.split()
        share, most, kept = frames.get(frame, (0.0, 0.0, ()))
        frames[frame] = (share + one / whole, max(most, one), tuple(cues) if one > most else kept)
    ranked = sorted(frames.items(), key=lambda item: (-round(item[1][0], 9), item[0]))
    shares = [share for _, (share, _, _) in ranked] + [0.0]
    return [Opinion(frame, cues, share, share - shares[i + 1]) for i, (frame, (share, _, cues)) in enumerate(ranked)]


def second_opinion(
    reading: Reading, found: frozenset[str], named: int, frame: str, score: int, as_of: date
) -> tuple[str, frozenset[str]] | None:
    """The kind the examples say it is, with the cues that go with it, when they say so clearly enough to be taken over the rules'
    choice; None to leave that as it is. Never into or out of a refusal, a proposal or what is nobody's business here."""
    book = phrase_book("kinds")
    if frame in book["never"] or score >= book["firm"].get(frame, SUREST):
        return None
    if frame == "value" and not reading.topic and reading.cues <= set(book["plain"]):
        return None  # a figure, a name and a time: nothing else was said
    best = opinions(masked(reading, as_of), reading.language, signs(found, named, frame, score))[0]
    weak = frame in book["weak"] and score < book["weak"][frame]
    if best.frame == frame or best.lead < (book["lead"]["weak"] if weak else book["lead"]["sure"]):
        return None
    if not weak and any({best.frame, frame} <= set(group) for group in book["alike"]):
        return None
    if best.frame == "follow_up":
        return ("unknown", frozenset()) if weak and "focus" in found else None
    if frame == "passages" and set(book["searched"]) & set(best.cues):
        return None
    if best.frame in book["never"] or not allowed(best.frame, found | set(best.cues)):
        return None
    return best.frame, frozenset(best.cues)


def allowed(frame: str, found: frozenset[str] | set[str]) -> bool:
    """Whether what a frame needs is there: each group of `needs` with at least one of its members."""
    book = phrase_book("kinds")
    needs: Sequence[Sequence[str]] = book["needs"].get(frame, ())
    if frame.startswith("portfolio_") and found & {"borrower", "focus", "pronoun", "id"}:
        return False
    if frame in phrase_book("frames")["needs_borrower"] and not found & {"borrower", "focus", "id"}:
        return False
    return all(found & set(group) for group in needs)
