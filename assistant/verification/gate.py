"""The verification gate: what in an answer no artifact supports.

It exists because a cited answer can still carry a wrong figure (87 % becomes 85 %), and because judging answers with
another model lets a plausible number pass. Policy: a number must be the rendering, at its displayed precision, of a claim
whose borrower, metric, period, unit and currency fit the words around it; when the words around it do not say, any claim
of that value will do; when they say something else, the number is unsupported even though it is right somewhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.verification.anchors import (
    Anchors,
    bound,
    named_rows,
    strange_days,
    strange_labels,
    strange_marks,
    strange_papers,
    strange_parties,
    strange_partners,
    strange_rows,
    strange_tellings,
)
from assistant.verification.cells import listed_twice, strange_cells
from assistant.verification.classes import check_classes, of_proposals, strange_proposals
from assistant.verification.dates import date_mentions
from assistant.verification.day_claims import check_days
from assistant.verification.evidence import Claim, Evidence
from assistant.verification.mentions import find_mentions, mask
from assistant.verification.moves import check_moves
from assistant.verification.number_claims import check_numbers, check_shares
from assistant.verification.numberwords import shares
from assistant.verification.orders import strange_orders
from assistant.verification.quantities import Quantity, half_width, quantities
from assistant.verification.reading import Finding, Reading
from assistant.verification.restated import check_restated
from assistant.verification.sentences import Sentence, sentences
from assistant.verification.sources import check_rests, check_sources
from assistant.verification.statements import check_statements
from assistant.verification.structure import check_structure, pages
from assistant.verification.subjects import strange_owners, strange_subjects
from assistant.verification.tallies import strange_tallies
from assistant.verification.tellings import near_tellings, near_words

CITATION = re.compile(r"\[(\d{1,3}(?:\s*[,，]\s*\d{1,3})*)\]")


@dataclass(frozen=True, slots=True)
class Unsupported:
    """One finding: `kind` number, date, borrower, citation, quote, direction, state, act or identifier; `text` as printed."""

    kind: str
    start: int
    end: int
    text: str
    why: str


def verify(
    text: str, evidence: Evidence, *, question: str = "", citations: Mapping[int, Sequence[str]] | None = None, anchors: Anchors = (),
) -> list[Unsupported]:  # fmt: skip
    """Everything in `text` the evidence does not support, in order. `citations`: marker number → ids it cites; None: no markers known.
    `anchors`: where a mark stood and what it named: the number right before it must be that."""
    original, text = text, half_width(text)
    found: list[Unsupported] = []
    cited = _check_citations(text, evidence, citations, found)
    mentions = find_mentions(text, evidence)
    for start, end, why in near_tellings(text, anchors, mentions, evidence):
        found.append(Unsupported("number", start, end, text[start:end], why))
    for start, end, why in near_words(text, mentions, evidence):
        found.append(Unsupported("state", start, end, text[start:end], why))
    dates = [d for d in date_mentions(text) if not mentions.hidden(d.start, d.end)]
    for mention in mentions.strangers:
        found.append(
            Unsupported(
                "borrower", mention.start, mention.end, text[mention.start : mention.end], "no tool spoke of this borrower"
            )
        )
    for mention in mentions.unknown_ids:
        found.append(
            Unsupported(
                "identifier", mention.start, mention.end, text[mention.start : mention.end], "no tool returned this identifier"
            )
        )
    for start, end, quoted in mentions.quotes:
        quoted = original[start:end]
        if not _quoted(quoted, evidence, question):
            found.append(Unsupported("quote", start, end, quoted, "these words are in no cited passage"))
    quotes = [(start, end) for start, end, _ in mentions.quotes]
    for start, end, why in strange_proposals(text, [*anchors, *of_proposals(text, anchors, mentions, evidence)], evidence):
        found.append(Unsupported("state", start, end, text[start:end], why))
    for kind, start, end, why in check_structure(text, dates, quotes, mentions, evidence):
        found.append(Unsupported(kind, start, end, text[start:end], why))
    masked = mask(mentions, dates) + pages(text)
    numbers = list(quantities(text, masked))
    said_shares = list(shares(text, masked))
    held = bound(text, numbers, anchors, evidence)
    named = named_rows(text, anchors, mentions, evidence)
    reading = Reading(text, evidence, mentions, dates, numbers, said_shares, anchors, named, held, cited)
    for start, end, why in strange_days(text, dates, [*anchors, *named], evidence):
        found.append(Unsupported("date", start, end, text[start:end], why))
    for start, end, why in strange_labels(text, dates, [*anchors, *named], evidence):
        found.append(Unsupported("date", start, end, text[start:end], why))
    for start, end, why in strange_parties(text, anchors, mentions, evidence):
        found.append(Unsupported("borrower", start, end, text[start:end], why))
    for start, end, why in strange_partners(text, anchors, mentions, evidence):
        found.append(Unsupported("borrower", start, end, text[start:end], why))
    for start, end, why in strange_papers(text, anchors, evidence):
        found.append(Unsupported("identifier", start, end, text[start:end], why))
    for start, end, why in strange_tellings(text, mentions):
        found.append(Unsupported("borrower", start, end, text[start:end], why))
    for start, end, why in strange_rows(text, anchors, mentions, evidence):
        found.append(Unsupported("borrower", start, end, text[start:end], why))
    for start, end, why in (*strange_cells(text, anchors, mentions, evidence), *listed_twice(text)):
        found.append(Unsupported("identifier", start, end, text[start:end], why))
    for start, end, why in strange_marks(text, anchors, mentions, evidence):
        found.append(Unsupported("borrower", start, end, text[start:end], why))
    for start, end, why in strange_orders(text, numbers, mentions, evidence):
        found.append(Unsupported("number", start, end, text[start:end], why))
    for kind, start, end, why in (*strange_tallies(text), *check_sources(reading)):
        found.append(Unsupported(kind, start, end, text[start:end], why))
    for start, end, why in strange_owners(text, mentions, evidence):
        found.append(Unsupported("borrower", start, end, text[start:end], why))
    for start, end, why in strange_subjects(text, mentions, evidence):
        found.append(Unsupported("borrower", start, end, text[start:end], why))
    for sentence in sentences(text):
        for kind, start, end, why in _of_sentence(reading, sentence):
            found.append(Unsupported(kind, start, end, text[start:end], why))
    found.sort(key=lambda item: item.start)
    return found


def _of_sentence(reading: Reading, sentence: Sentence) -> Iterator[Finding]:
    matched: list[tuple[Quantity, list[Claim]]] = []
    yield from check_numbers(reading, sentence, matched)
    for start, end, why in check_restated(reading.text, matched):
        yield "number", start, end, why
    yield from check_shares(reading, sentence)
    yield from check_days(reading, sentence, matched)
    yield from check_rests(reading, sentence, matched)
    yield from check_moves(reading, sentence, matched)
    text, dates, mentions, evidence = reading.text, reading.dates, reading.mentions, reading.evidence
    for start, end, why in check_classes(text, sentence, dates, mentions, evidence):
        yield "state", start, end, why
    passages = reading.passages(sentence)
    yield from check_statements(text, sentence, matched, reading.days(sentence), mentions, evidence, passages)


def _check_citations(
    text: str, evidence: Evidence, citations: Mapping[int, Sequence[str]] | None, found: list[Unsupported]
) -> list[tuple[int, Sequence[str]]]:
    cited: list[tuple[int, Sequence[str]]] = []
    for match in CITATION.finditer(text):
        for raw in re.split(r"[,，]", match.group(1)):
            ids = (citations or {}).get(int(raw))
            if ids is None:
                if citations is not None:
                    found.append(
                        Unsupported("citation", match.start(), match.end(), match.group(), "no source carries this number")
                    )
                continue
            cited.append((match.start(), ids))
            if not any(i in evidence.ids for i in ids):
                found.append(
                    Unsupported(
                        "citation", match.start(), match.end(), match.group(), "the source cited was not found by any tool"
                    )
                )
    return cited


def _quoted(quoted: str, evidence: Evidence, question: str) -> bool:
    plain = re.sub(r"\s+", "", quoted).lower()
    if any(plain == re.sub(r"\s+", "", name).lower() for names in evidence.names.values() for name in names):
        return True
    pool = [
        *evidence.texts.values(),
        question,
        *evidence.identifiers,
        *(n for names in evidence.borrowers.values() for n in names),
    ]
    return any(plain in re.sub(r"\s+", "", source).lower() for source in pool)
