"""What contracts (and audit reports) say on a topic or in a numbered clause: every paper of the borrower read through, newest first.

A search by likeness finds what is worded alike; a clause has to be found however it is worded, and its absence has to be certain.
Topics are data (prompts/clauses.yaml).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from prompts.library import phrase_book
from tools.domain.facts import Passage
from tools.errors import BadRequest
from tools.store.documents import Document
from tools.toolbox.artifacts import Artifact, ToolResult, Value, count_of
from tools.toolbox.clause_terms import default_rates, terms_of
from tools.toolbox.desk import Desk
from tools.toolbox.passages import inert
from tools.toolbox.references import mark
from tools.toolbox.steering import steers, without_steering

MOST = 12
OPINION = "audit_opinion"
DEFAULT_INTEREST = "default_interest"
_SENTENCE = re.compile(
    r"(?:[^。！？!?\n.]|\.(?!\s+[A-Z“\"‘'(]|\s*$)|(?<=\bCo)\.|(?<=\bNo)\.|(?<=\bLtd)\.|(?<=\bInc)\.|(?<=cent)\.)+[。！？!?.]?"
)


@cache
def known_topics() -> Mapping[str, Mapping[str, Any]]:
    """Topics by id."""
    return {entry["id"]: entry for entry in phrase_book("clauses")["topics"]}


@cache
def _find(topic: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in known_topics()[topic]["find"])


@cache
def _opinions() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((o["id"], re.compile(o["find"], re.IGNORECASE | re.DOTALL)) for o in phrase_book("clauses")["opinions"])


def sentences_in(text: str) -> list[str]:
    """All sentences of a text that may be quoted."""
    return [said for match in _SENTENCE.finditer(text) if len(said := match.group().strip()) > 5 and not steers(said)]


def sentences_on(topic: str, text: str) -> list[tuple[int, str]]:
    """Sentences of a text on a topic with how telling they are (0 most), in reading order of each rank."""
    found: list[tuple[int, str]] = []
    for said in sentences_in(text):
        rank = next((i for i, pattern in enumerate(_find(topic)) if pattern.search(said)), None)
        if rank is not None:
            found.append((rank, said))
    return found


def clauses(
    desk: Desk, borrower: str, topics: Sequence[str] = (), clause: str | None = None, year: int | None = None
) -> ToolResult:
    """The tool: passages of the borrower's contracts on topics, or a clause by its number; `year`: only papers of that year."""
    who = desk.borrower(borrower)
    known = _topics(topics)
    if not known and not clause:
        raise BadRequest("no topic and no clause is named", fix=f"Topics: {', '.join(known_topics())}")
    kinds = list(dict.fromkeys(kind for id in known for kind in known_topics()[id].get("kinds", ("contract",)))) or ["contract"]
    papers = [d for kind in kinds for d in _papers(desk, who.id, kind, year if kind == "statement" else None)]
    ranked: list[tuple[int, int, Passage]] = []
    values: list[Value] = [count_of("papers_read", len(papers), who.id)]
    for place, paper in enumerate(papers):
        passages = sorted(desk.store.passages.of_document(desk.caller, paper.sha256), key=lambda p: p.ordinal)
        if OPINION in known and paper.kind == "statement":
            values += _opinion(who.id, paper, passages)
        for passage in passages:
            ranks = [rank for id in known for rank, _ in sentences_on(id, passage.text)]
            numbered = clause is not None and _numbered(clause, passage)
            if ranks or numbered:
                ranked.append((min([*ranks, 0 if numbered else 9]), place, passage))
                said = (
                    [one for id in known for _, one in sentences_on(id, passage.text)] if ranks else sentences_in(passage.text)
                )
                values += [term for one in dict.fromkeys(said) for term in terms_of(passage, one, who.id)]
            if DEFAULT_INTEREST in known:
                for _, one in sentences_on(DEFAULT_INTEREST, passage.text):
                    values += default_rates(passages, who.id, passage, one)
    best = {place: min(rank for rank, at, _ in ranked if at == place) for _, place, _ in ranked}
    chosen = [p for rank, place, p in sorted(ranked, key=lambda r: (r[1], r[0])) if rank <= best[place] + 1][:MOST]
    about = [str(known_topics()[id][language]) for id in known for language in ("zh", "en")]
    arguments = {"borrower": who.id, "topics": list(known), "clause": clause, "year": year, "about": about}
    shown = {p.id for p in chosen}
    values = [v for v in {v.id: v for v in values}.values() if v.name not in TERMS or _of(v, shown)]
    # the rate a surcharge is on may stand in another clause of the same paper
    based = [p for paper in papers if any(v.name == "contract_rate" for v in values)
             for p in desk.store.passages.of_document(desk.caller, paper.sha256) if any(p.id in v.inputs for v in values) and p.id not in shown]  # fmt: skip
    artifact = Artifact("clauses", arguments, (desk.ref(who),), values=tuple(values), passages=(*chosen, *based))
    lines = [f"<document name={inert(p.source.document)!r} date={p.date or ''} {mark(p.id)}>\n{inert(without_steering(p.text))}\n</document>"
             for p in chosen]  # fmt: skip
    said = [f"{v.name} {v.state} {v.when} {mark(v.id)}" for v in values if v.name == OPINION]
    return ToolResult("\n".join([*said, *lines]) or f"Nothing in {len(papers)} papers.", artifact)


TERMS = frozenset({"clause_term", "default_rate", "contract_rate", "surcharge"})


def _of(value: Value, shown: set[str]) -> bool:
    """Whether a value belongs to a passage that is shown: its id names the passage whose clause gave it."""
    return value.id.split(":")[1] in shown


def _topics(asked: Sequence[str]) -> list[str]:
    unknown = [id for id in asked if id not in known_topics()]
    if unknown:
        raise BadRequest(f"no topic is called {unknown[0]!r}", fix=f"Use {', '.join(known_topics())}")
    return list(dict.fromkeys(asked))


def _papers(desk: Desk, borrower: str, kind: str, year: int | None) -> list[Document]:
    found = desk.store.documents.list(desk.caller, borrower, kind, desk.clocks)
    if year is not None:
        found = [d for d in found if (d.period_end or d.doc_date or date.min).year == year] or found
    return sorted(found, key=lambda d: (d.period_end or d.doc_date or date.min, d.received_at), reverse=True)


def _numbered(clause: str, passage: Passage) -> bool:
    parts = [part.split(" ")[0] for part in passage.heading.split(" > ")]
    if clause.startswith("第"):
        return bool(parts) and parts[0] == clause
    return clause in parts


def _opinion(borrower: str, paper: Document, passages: Sequence[Passage]) -> list[Value]:
    """The opinion of one report, from the sentence that gives it."""
    for passage in passages:
        for id, pattern in _opinions():
            if pattern.search(passage.text):
                return [Value(f"{OPINION}:{paper.sha256[:12]}", OPINION, borrower, "state", when=paper.period_end, about=paper.name, state=id,
                              inputs=(passage.id,))]  # fmt: skip
    return []
