"""Slips in the words of a question: "currnet ratio", "资产负责率". Only words nothing else knows are mended, and it is said."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from assistant.analyst.lexicon import Hit, Lexicon
from assistant.analyst.words import phrase_key, singular, tokens

_HAN = re.compile(r"[\u3400-\u9fff]{4,}")
CLOSE_LATIN = 84
CLOSE_HAN = 75
MEANT = 2


@dataclass(frozen=True, slots=True)
class Mended:
    """Phrases found only after mending, placed where the slip stood; `notes`: as written → as read."""

    hits: tuple[Hit, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)


def mended(text: str, hits: Sequence[Hit], lexicon: Lexicon, names: Sequence[tuple[int, int]]) -> Mended:
    """Metrics hidden behind a slip of one or two letters, or of one Chinese character."""
    found: list[Hit] = []
    notes: dict[str, str] = {}
    _latin(text, hits, lexicon, names, found, notes)
    _han(text, hits, lexicon, names, found, notes)
    return Mended(tuple(found), notes)


def _latin(
    text: str, hits: Sequence[Hit], lexicon: Lexicon, names: Sequence[tuple[int, int]], found: list[Hit], notes: dict[str, str]
) -> None:
    stream = [t for t in tokens(text) if not any(t.start < b and a < t.end for a, b in names)]
    norms = [token.norm for token in stream]
    for place, token in enumerate(stream):
        if len(token.norm) < 5 or not token.norm.isalpha() or not token.norm.isascii() or token.norm in lexicon.vocabulary:
            continue
        for word, score, _ in process.extract(
            token.norm, lexicon.vocabulary, scorer=fuzz.ratio, score_cutoff=CLOSE_LATIN, limit=3
        ):
            norms[place] = singular(word)
            hit = _around(text, stream, norms, place, lexicon)
            if hit is not None and score >= CLOSE_LATIN:
                found.append(hit)
                notes[text[token.start : token.end]] = word
                break
            norms[place] = token.norm


def _around(text: str, stream: Sequence, norms: Sequence[str], place: int, lexicon: Lexicon) -> Hit | None:  # type: ignore[type-arg]
    for size in range(4, 0, -1):
        for first in range(max(0, place - size + 1), place + 1):
            last = first + size
            entries = lexicon.table.get(tuple(norms[first:last])) if last <= len(stream) else None
            if entries and any(entry.kind in ("metric", "family") for entry in entries):
                return Hit(stream[first].start, stream[last - 1].end, text[stream[first].start : stream[last - 1].end], entries)
    return None


def _han(
    text: str, hits: Sequence[Hit], lexicon: Lexicon, names: Sequence[tuple[int, int]], found: list[Hit], notes: dict[str, str]
) -> None:
    if any(hit.ids("metric") for hit in hits):
        return
    for match in _HAN.finditer(text):
        run = match.group()
        if any(match.start() < b and a < match.end() for a, b in names):
            run_start = max([match.start(), *(b for a, b in names if a < match.end() and match.start() < b)])
            run = text[run_start : match.end()]
        else:
            run_start = match.start()
        best: tuple[float, str, int] | None = None
        for phrase in lexicon.zh_phrases:
            if len(run) < len(phrase):
                continue
            at = fuzz.partial_ratio_alignment(phrase, run, score_cutoff=CLOSE_HAN)
            if at is None:
                continue
            piece = run[at.dest_start : at.dest_end]
            if (
                len(piece) == len(phrase)
                and sum(a != b for a, b in zip(piece, phrase, strict=True)) == 1
                and (best is None or len(phrase) > len(best[1]))
            ):
                best = (at.score, phrase, at.dest_start)
        if best:
            _, phrase, offset = best
            start = run_start + offset
            over = [min(hit.end, start + len(phrase)) - max(hit.start, start) for hit in hits if lexicon.strongest(hit) > 1]
            if any(size >= MEANT for size in over):
                continue  # its characters already stand in words that mean something
            found.append(Hit(start, start + len(phrase), text[start : start + len(phrase)], lexicon.table[phrase_key(phrase)]))
            notes[text[start : start + len(phrase)]] = phrase
