"""Rankings of pages that search is held against: BM25 as it comes, BM25 with stop words and finance synonyms, a small model alone.

All work on the very passages the system has, so that a difference is one of ranking. Nothing here is used outside the evaluation.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tools.search.embedding import Embedder
from tools.search.tokens import query_tokens, tokens

K1, B = 1.2, 0.75
WORD = re.compile(r"[a-z0-9]+|[\u4e00-\u9fff]")

Page = tuple[str, int]
"""A document's hash and a page."""
Cut = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Piece:
    """One passage with its place."""

    sha256: str
    page: int
    heading: str
    text: str


def plain_words(text: str) -> list[str]:
    """Lower-case runs of letters and digits; Chinese by character pairs, as a plain engine has to cut it somehow."""
    found = WORD.findall(text.lower())
    return [a if a.isascii() else a + b if not b.isascii() else a for a, b in zip(found, [*found[1:], "."], strict=True)]


class Bm25:
    """BM25 over passages; a page is as good as its best passage."""

    def __init__(self, pieces: Sequence[Piece], cut: Cut) -> None:
        self.pieces = pieces
        self.held: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self.lengths = np.zeros(len(pieces))
        for at, piece in enumerate(pieces):
            counts = Counter(cut(f"{piece.heading}\n{piece.text}"))
            self.lengths[at] = counts.total()
            for term, count in counts.items():
                self.held[term].append((at, count))
        self.average = float(self.lengths.mean()) if len(pieces) else 1.0

    def pages(self, terms: Mapping[str, float], sha256: str | None, most: int = 20) -> list[Page]:
        """The best pages of one document, or of all."""
        scores: dict[int, float] = defaultdict(float)
        for term, weight in terms.items():
            found = self.held.get(term, ())
            idf = math.log(1 + (len(self.pieces) - len(found) + 0.5) / (len(found) + 0.5))
            for at, count in found:
                if sha256 is None or self.pieces[at].sha256 == sha256:
                    norm = K1 * (1 - B + B * self.lengths[at] / self.average)
                    scores[at] += weight * idf * count * (K1 + 1) / (count + norm)
        return distinct([self.pieces[at] for at in sorted(scores, key=lambda at: (-scores[at], at))], most)


def distinct(pieces: Sequence[Piece], most: int) -> list[Page]:
    """Their pages, each once."""
    out: dict[Page, None] = {}
    for piece in pieces:
        out[(piece.sha256, piece.page)] = None
        if len(out) == most:
            break
    return list(out)


def plain_terms(text: str) -> dict[str, float]:
    """Every word of a question, stop words too."""
    return dict.fromkeys(plain_words(text), 1.0)


def house_terms(text: str, expand: Callable[[str], Mapping[str, float]]) -> dict[str, float]:
    """A question without stop words, with the rulebook's synonyms."""
    terms = dict.fromkeys(query_tokens(text), 1.0)
    for term, weight in expand(text).items():
        terms.setdefault(term, weight)
    return terms


def house_words(text: str) -> list[str]:
    """The search's own tokens."""
    return list(tokens(text))


class ModelAlone:
    """Every passage embedded as it stands, the way a first version of such a search does it."""

    def __init__(self, pieces: Sequence[Piece], embedder: Embedder) -> None:
        self.pieces, self.embedder = pieces, embedder
        texts = [f"{piece.heading}\n{piece.text}"[:2000] for piece in pieces]
        self.vectors = np.concatenate([embedder.documents(texts[at : at + 128]) for at in range(0, len(texts), 128)])

    def pages(self, text: str, sha256: str | None, most: int = 20) -> list[Page]:
        """The nearest pages of one document, or of all."""
        scores = self.vectors @ self.embedder.query(text)[0]
        order = [int(at) for at in np.argsort(-scores, kind="stable")]
        return distinct([self.pieces[at] for at in order if sha256 is None or self.pieces[at].sha256 == sha256], most)
