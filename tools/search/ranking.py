"""How rankings become one: pages lend their passages weight, likely pages come first, reciprocal ranks are added.

All weights are here. They were chosen on one half of the retrieval questions and checked on the other (`loanward eval retrieval`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tools.search.gists import BY_PAGE
from tools.search.intent import Intent
from tools.search.lexical import Candidate
from tools.search.pages import Place
from tools.search.subjects import Subject

RRF_K = 60
PAGE_SHARE = 0.3
"""What the second and third passage of a page add to its first, as a share of their own score."""
PAGE_PRIOR, PROSE_PRIOR = 0.7, 0.2
"""Most that a likely page adds to the best score by words; less for a question that asks why."""
RIGHT_YEAR = 1.25
MOST_OF_A_PAGE = 2
"""Passages of one page of a filing that come before other pages had their turn."""
LIKELY_DOCUMENTS = 12
GIST_SHARE = 0.1
"""What the nearness of a page's gist counts: a small model finds pages worse than words and lines do, and only adds what they miss."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a search is about. `given`: the filter says so, not the question."""

    intent: Intent | None = None
    subjects: Sequence[Subject] = ()
    given: bool = False

    @property
    def named(self) -> bool:
        """Whether some company is meant."""
        return bool(self.subjects)

    @property
    def documents(self) -> list[str]:
        """The documents of that company, when the question named it."""
        return [subject.sha256 for subject in self.subjects]


NOWHERE = Scope()
"""No company, no preference: every word counts."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """One ranking: candidates by seq, best first, and what it counts."""

    weight: float
    places: Mapping[int, Candidate] = field(default_factory=dict)
    meaning: bool = False


def likely(found: Sequence[Candidate]) -> list[str]:
    """The documents of the best candidates."""
    return list(dict.fromkeys(candidate.sha256 for candidate in found))[:LIKELY_DOCUMENTS]


def ordered(
    found: Sequence[Candidate], priors: Mapping[Place, float], intent: Intent | None, years: Mapping[str, int]
) -> dict[int, Candidate]:
    """Candidates by their own words, what else their page says, whether the question is about the page, and the year asked for."""
    top = max((candidate.score for candidate in found), default=0.0) or 1.0
    pages: dict[Place, list[float]] = defaultdict(list)
    for candidate in found:
        if candidate.page is not None:
            pages[(candidate.sha256, candidate.page)].append(candidate.score)
    for scores in pages.values():
        scores.sort(reverse=True)
    prior = PROSE_PRIOR if intent is not None and intent.reasons else PAGE_PRIOR
    final: dict[int, float] = {}
    for candidate in found:
        place = (candidate.sha256, candidate.page or 0)
        others = pages.get(place, [])[:3]
        support = sum(others) - candidate.score if candidate.score in others else sum(others[:2])
        score = (candidate.score + PAGE_SHARE * max(support, 0.0)) / top + prior * priors.get(place, 0.0)
        if intent is not None and years.get(candidate.sha256) in intent.years:
            score *= RIGHT_YEAR
        final[candidate.seq] = score
    return {candidate.seq: candidate for candidate in sorted(found, key=lambda c: (-final[c.seq], c.seq))}


def fused(rankings: Sequence[Ranked]) -> dict[int, float]:
    """Weighted reciprocal ranks, added."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for position, (seq, candidate) in enumerate(ranking.places.items()):
            by_gist = ranking.meaning and candidate.kind in BY_PAGE and candidate.page is not None
            weight = ranking.weight * (GIST_SHARE if by_gist else 1.0)
            scores[seq] = scores.get(seq, 0.0) + weight / (RRF_K + position + 1)
    return scores


def spread(order: Sequence[int], places: Mapping[int, Candidate]) -> list[int]:
    """The same order, but a page of a filing gives two passages before others had their turn; clauses and notes stay as they are."""
    first: list[int] = []
    later: list[int] = []
    taken: dict[Place, int] = defaultdict(int)
    for seq in order:
        candidate = places.get(seq)
        if candidate is None or candidate.page is None or candidate.kind != "statement":
            first.append(seq)
            continue
        place = (candidate.sha256, candidate.page)
        taken[place] += 1
        (first if taken[place] <= MOST_OF_A_PAGE else later).append(seq)
    return [*first, *later]
