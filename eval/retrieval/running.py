"""Runs the questions: filings into a home, every ranking over the same passages, recall with paired gains and their intervals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np

from assistant.wiring import Bank, synonym_groups
from eval.retrieval.baselines import Bm25, ModelAlone, Page, Piece, house_terms, house_words, plain_terms, plain_words
from eval.retrieval.questions import PageQuestion
from ingestion.pipeline import IngestOptions, ingest_paths
from tools.domain.callers import LOCAL
from tools.domain.periods import Clocks
from tools.search.passages import Filter
from tools.search.synonyms import Synonyms

AT = (1, 5, 10)
MOST = 20
ASKED = 60
"""Passages asked of the search, from which the first distinct pages are taken."""
ROUNDS, SEED = 4000, 7
EVER = Clocks(date(2100, 1, 1), datetime(2100, 1, 1, tzinfo=UTC))
SYSTEM = "loanward search"

Ranker = Callable[[str, str | None], list[Page]]


@dataclass(slots=True)
class Ranking:
    """One way of ranking: the place of the first right page per question, 0 for none; None where it was not run."""

    name: str
    inside: list[int | None] = field(default_factory=list)
    pool: list[int | None] = field(default_factory=list)


@dataclass(slots=True)
class RetrievalReport:
    """All rankings over the same questions."""

    questions: Sequence[PageQuestion]
    rankings: list[Ranking]
    documents: int
    passages: int

    def shape(self) -> dict[str, object]:
        """As JSON: recall, gains over each baseline and their 95 % intervals."""
        return {
            "questions": len(self.questions), "documents": self.documents, "passages": self.passages,
            "recall": [self._recall(r, scope, part) for r in self.rankings for scope in ("inside", "pool") for part in ("all", "held_out")],
            "gains": [gain for r in self.rankings[1:] for scope in ("inside", "pool") for gain in self._gains(r, scope)],
        }  # fmt: skip

    def lines(self) -> list[str]:
        """For a person."""
        out = [
            f"{len(self.questions)} questions, {self.documents} filings, {self.passages:,} passages; any page that answers counts"
        ]
        for scope, said in (("inside", "inside the right filing"), ("pool", "over all filings")):
            out.append(f"\n{said}")
            for ranking in self.rankings:
                for part in ("all", "held_out"):
                    found = self._recall(ranking, scope, part)
                    if found["n"]:
                        shown = "  ".join(f"@{k} {found[f'recall@{k}']}" for k in AT)
                        out.append(f"  {ranking.name if part == 'all' else '  held out':<34}{found['n']:>4}  {shown}")
            for ranking in self.rankings[1:]:
                for gain in self._gains(ranking, scope):
                    if gain["n"]:
                        out.append(
                            f"    gain over {ranking.name} at {gain['k']}: {gain['gain']} [{gain['low']}, {gain['high']}] (n {gain['n']})"
                        )
        return out

    def _recall(self, ranking: Ranking, scope: str, part: str) -> dict[str, object]:
        places = self._places(ranking, scope)
        kept = [p for p, q in zip(places, self.questions, strict=True) if p is not None and (part == "all" or q.held_out)]
        row: dict[str, object] = {"ranking": ranking.name, "scope": scope, "part": part, "n": len(kept)}
        for k in AT:
            row[f"recall@{k}"] = f"{sum(0 < p <= k for p in kept) / len(kept):.3f}" if kept else None
        return row

    def _gains(self, baseline: Ranking, scope: str) -> list[dict[str, object]]:
        """The system's recall less the baseline's on the questions both ran, with a bootstrap over questions."""
        pairs = [
            (mine, theirs) for mine, theirs in zip(self._places(self.rankings[0], scope), self._places(baseline, scope), strict=True)
            if mine is not None and theirs is not None
        ]  # fmt: skip
        out: list[dict[str, object]] = []
        random = np.random.default_rng(SEED)
        draws = random.integers(0, len(pairs), (ROUNDS, len(pairs))) if pairs else None
        for k in AT:
            row: dict[str, object] = {"baseline": baseline.name, "scope": scope, "k": k, "n": len(pairs)}
            if draws is not None:
                gains = np.array([int(0 < mine <= k) - int(0 < theirs <= k) for mine, theirs in pairs])
                low, high = np.percentile(gains[draws].mean(axis=1), [2.5, 97.5])
                row |= {"gain": f"{gains.mean():+.3f}", "low": f"{low:+.3f}", "high": f"{high:+.3f}"}
            out.append(row)
        return out

    def _places(self, ranking: Ranking, scope: str) -> list[int | None]:
        return ranking.inside if scope == "inside" else ranking.pool


def run_retrieval(
    bank: Bank,
    filings: Path,
    questions: Sequence[PageQuestion],
    say: Callable[[str], None],
    *,
    meaning: bool = True,
    naive: int = 0,
) -> RetrievalReport:
    """Ingests what the questions need into `bank`, then ranks. `naive`: for so many English filings every passage is also embedded as it
    stands, to have the small model alone as a baseline."""
    known = {document.name for document in bank.store.documents.list(LOCAL)}
    files = list(dict.fromkeys(filings / question.file for question in questions))
    missing = [path for path in files if path.name not in known]
    if missing:
        say(f"reading {len(missing)} filings")
        ingest_paths(LOCAL, missing, bank.store, lambda: datetime.now(UTC), IngestOptions(workers=bank.settings.workers))
    bank.search.catch_up()
    if meaning and bank.vectors is not None and bank.vectors.pending():
        say(f"embedding {bank.vectors.pending():,} passages")
        bank.vectors.index_pending()
    shas = {document.name: document.sha256 for document in bank.store.documents.list(LOCAL)}
    pieces = _pieces(bank, [shas[path.name] for path in files])
    rankers = [(SYSTEM, _system(bank, meaning), questions), *_by_words(bank, pieces, questions)]
    if naive and bank.vectors is not None:
        rankers.append(_small_model(bank, pieces, questions, shas, naive, say))
    rankings = []
    for name, ranker, asked in rankers:
        say(f"ranking: {name}")
        rankings.append(_ranked(name, ranker, questions, {id(question) for question in asked}, shas))
    return RetrievalReport(questions, rankings, len(files), len(pieces))


def _ranked(name: str, ranker: Ranker, questions: Sequence[PageQuestion], asked: set[int], shas: Mapping[str, str]) -> Ranking:
    made = Ranking(name)
    for question in questions:
        sha256 = shas[Path(question.file).name]
        run = id(question) in asked
        made.inside.append(_place(ranker(question.text, sha256), question, sha256) if run else None)
        made.pool.append(
            _place(ranker(question.text, None), question, sha256) if run and len(asked) == len(questions) else None
        )
    return made


def _place(found: Sequence[Page], question: PageQuestion, sha256: str) -> int:
    return next((at for at, (sha, page) in enumerate(found, 1) if sha == sha256 and page in question.pages), 0)


def _pieces(bank: Bank, shas: Sequence[str]) -> list[Piece]:
    return [
        Piece(sha256, passage.source.page or 0, passage.heading, passage.text)
        for sha256 in shas for passage in bank.store.passages.of_document(LOCAL, sha256)
    ]  # fmt: skip


def _system(bank: Bank, meaning: bool) -> Ranker:
    def rank(text: str, sha256: str | None) -> list[Page]:
        found = bank.search.search(LOCAL, text, EVER, within=Filter(document=sha256), k=ASKED, meaning=meaning)
        return list(dict.fromkeys((p.source.sha256, p.source.page or 0) for p in found))[:MOST]

    return rank


def _by_words(
    bank: Bank, pieces: Sequence[Piece], questions: Sequence[PageQuestion]
) -> list[tuple[str, Ranker, Sequence[PageQuestion]]]:
    plain, house = Bm25(pieces, plain_words), Bm25(pieces, house_words)
    expand = Synonyms(synonym_groups(bank.rulebook)).expand
    return [
        ("BM25", lambda text, sha: plain.pages(plain_terms(text), sha), questions),
        ("BM25, stop words and synonyms", lambda text, sha: house.pages(house_terms(text, expand), sha), questions),
    ]


def _small_model(
    bank: Bank,
    pieces: Sequence[Piece],
    questions: Sequence[PageQuestion],
    shas: Mapping[str, str],
    most: int,
    say: Callable[[str], None],
) -> tuple[str, Ranker, Sequence[PageQuestion]]:
    """The small model over every passage of the English filings with the most questions."""
    assert bank.vectors is not None
    english = [q for q in questions if q.text.isascii() and not Path(q.file).name.startswith("cn_")]
    counts = {file: sum(q.file == file for q in english) for file in dict.fromkeys(q.file for q in english)}
    chosen = sorted(counts, key=lambda file: -counts[file])[:most]
    wanted = {shas[Path(file).name] for file in chosen}
    own = [piece for piece in pieces if piece.sha256 in wanted]
    say(f"embedding all {len(own):,} passages of {len(chosen)} filings for the baseline")
    model = ModelAlone(own, bank.vectors.embedder)
    return "small model alone, all passages", lambda text, sha: model.pages(text, sha), [q for q in english if q.file in chosen]
