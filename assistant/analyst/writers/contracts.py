"""Answers from contracts and audit reports: the sentence that settles the topic, word for word, the newest paper first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from assistant.analyst.clausewords import topic
from assistant.analyst.closeness import LEAST
from assistant.analyst.drafting import Draft
from assistant.analyst.plans import Heard, Part
from assistant.analyst.writers.book import write_table
from assistant.analyst.writers.covenants import covenant_line, row_of, states_of
from assistant.analyst.writers.loans import write_loans
from assistant.analyst.writers.papers import near_lines
from assistant.analyst.writers.warnings import artifact_of
from tools.domain.facts import Passage
from tools.toolbox.artifacts import Artifact
from tools.toolbox.clauses import OPINION, sentences_in, sentences_on
from tools.toolbox.steering import steers_anywhere

LONGEST = 320
MOST = 7
PER_PAPER = 3
CLOSE = 0.55
NEAREST = 2
"""Sentences closest to the question that a topic's words had not found."""
ACTS = frozenset({"incurrence", "negative", "cross_default"})
"""Types of covenants that bite on an act or an event."""


def write_clauses(draft: Draft, part: Part) -> None:
    """Opinion or topic, then the sentences; what bears on it among the covenants for an act that is restricted."""
    for heard in part.borrowers:
        artifact = artifact_of(draft, "clauses", heard.id)
        if artifact is None:
            continue
        ids = [str(id) for id in artifact.arguments.get("topics") or ()]  # type: ignore[attr-defined]
        labels = [str(topic(id)[draft.language]) for id in ids] or [str(artifact.arguments.get("clause"))]
        names = "”、“".join(labels) if draft.language == "zh" else "” and “".join(labels)
        opinions = [v for v in artifact.values if v.name == OPINION]
        for value in opinions[:3]:
            draft.say("clause_opinion", who=draft.who(heard.id), name=value.about,
                      opinion=draft.glossary.word("audit_opinion", value.state, draft.language), mark=draft.mark(value))  # fmt: skip
        quotes = list(quotes_of(artifact, ids))
        known = " ".join(quote for _, quote in quotes)
        near = near_lines(draft, part.reading, CLOSE if quotes else LEAST)
        near = [pair for pair in near if pair[0].borrower in (None, heard.id) and pair[1] not in known]
        quotes = [*near[: NEAREST if quotes else MOST], *quotes]
        if quotes:
            draft.say("clause_head" if ids else "clause_numbered", who=draft.who(heard.id), topic=names)
        for passage, quote in quotes[:MOST]:
            draft.quote(passage, quote)
            _in_figures(draft, artifact, passage, quote)
        for passage in artifact.passages:
            if steers_anywhere(passage.text):
                draft.say(
                    "passages_steering", name=passage.source.document, where=draft.place_of(passage), mark=draft.mark(passage)
                )
        _restricted(draft, heard.id, ids)
        if not quotes and not opinions:
            read = next((v for v in artifact.values if v.about == "papers_read"), None)
            key = "clause_no_paper" if read is not None and not read.value else "clause_none"
            draft.say(key, who=draft.who(heard.id), topic=names)
        draft.is_("answered" if quotes or opinions else "not_available")
        _as_it_stands(draft, part, heard)


def _in_figures(draft: Draft, artifact: Artifact, passage: Passage, quote: str) -> None:
    """What the sentence says in words, in figures, and the rate its surcharge comes to."""
    terms = [v for v in artifact.values if v.name == "clause_term" and v.inputs == (passage.id,) and v.about in quote]
    if terms:
        told = [draft.phrase("clause_term", said=v.about, value=draft.number(v)) for v in terms[:4]]
        draft.say("clause_terms", terms=draft.listed(told))
    by_id = {v.id: v for v in artifact.values}
    on_top = bool(sentences_on("default_interest", quote))
    for rate in [v for v in artifact.values if on_top and v.name == "default_rate" and v.id.split(":")[1] == passage.id]:
        base, added = (by_id[id] for id in rate.inputs)
        draft.say(
            f"default_rate_{rate.about}_{added.state}",
            rate=draft.number(rate),
            base=draft.number(base),
            added=draft.number(added),
        )


def _as_it_stands(draft: Draft, part: Part, heard: Heard) -> None:
    """What the book shows beside the clause: debts elsewhere for a cross default, the balance when it is asked for too."""
    for tool, frame, write in (("book_rows", "bureau", write_table), ("loans", "loans", write_loans)):
        if artifact_of(draft, tool, heard.id) is not None:
            write(draft, replace(part, frame=frame, borrowers=(heard,), options={**part.options, "beside": True}))


def quotes_of(artifact: Artifact, ids: list[str]) -> Iterator[tuple[Passage, str]]:
    """The most telling sentences of each paper."""
    papers: dict[str, list[tuple[int, int, Passage, str]]] = {}
    clause = artifact.arguments.get("clause")
    for place, passage in enumerate(artifact.passages):
        found = [pair for id in ids for pair in sentences_on(id, passage.text)]
        if clause and str(clause) in passage.heading:
            found += [(0, said) for said in sentences_in(passage.text)]
        for rank, said in found:
            papers.setdefault(passage.source.sha256 or passage.source.document, []).append((rank, place, passage, said))
    shown: set[tuple[str, str]] = set()
    for sentences in papers.values():
        best = min(rank for rank, *_ in sentences)
        kept = [
            s for s in sorted(sentences, key=lambda s: (s[0], s[1])) if s[0] <= best + (1 if ids and len(sentences) < 3 else 0)
        ]
        for _, _, passage, said in kept[:PER_PAPER]:
            quote = _cut(said)
            if (passage.source.document, quote) not in shown:
                shown.add((passage.source.document, quote))
                yield passage, quote


def _cut(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    return text[:LONGEST].rsplit(" ", 1)[0] if " " in text[LONGEST // 2 : LONGEST] else text[:LONGEST]


def _restricted(draft: Draft, who: str, ids: list[str]) -> None:
    """Covenants on an act the topic is about (a dividend), as they stand."""
    tested = artifact_of(draft, "covenants", who)
    for id in ids if tested is not None else ():
        for state in states_of(tested):  # type: ignore[arg-type]
            row = row_of(tested, state.about)  # type: ignore[arg-type]
            words = " ".join(str(row.columns.get(key) or "") for key in ("name", "definition")) if row else ""
            if row is not None and row.columns.get("type") in ACTS and sentences_on(id, words):
                covenant_line(draft, tested, state)  # type: ignore[arg-type]
