"""One search over everything an auditor may look for: borrowers, facts, figures, documents, passages, answers.

A number finds every fact that would be written so; a name narrows everything to its borrower; a metric's name shows its newest
values. Each part is bounded, so that a search costs the same however much there is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from tools.domain.facts import Fact, Passage
from tools.domain.figures import Figure
from tools.domain.names import Borrower
from tools.errors import BadRequest
from tools.search.numbers import SoughtNumber, sought_numbers
from tools.store.documents import Document
from tools.store.trail import TrailRecord

if TYPE_CHECKING:
    from integrations.api.visits import Visit

MOST_FIGURES = 12
MOST_READ_ANSWERS = 2_000
LONGEST = 400
PARTS = ("borrowers", "facts", "figures", "documents", "passages", "answers")


@dataclass(slots=True)
class Found:
    """What a search found. `about`: the borrowers the query names or the filter says."""

    query: str
    numbers: list[SoughtNumber] = field(default_factory=list)
    about: list[Borrower] = field(default_factory=list)
    borrowers: list[Borrower] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    figures: list[Figure | Fact] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    answers: list[TrailRecord] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How much was found in all."""
        return sum(len(getattr(self, part)) for part in PARTS)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A query with its filters. `parts` to look in; all when empty."""

    query: str
    borrower: str | None = None
    kind: str | None = None
    first: date | None = None
    last: date | None = None
    parts: tuple[str, ...] = ()
    limit: int = 20
    offset: int = 0

    def has(self, part: str) -> bool:
        """Whether to look in this part."""
        return not self.parts or part in self.parts


def find(visit: Visit, wanted: Wanted) -> Found:
    """Everything the query finds for this visitor at these clocks. BadRequest for an endless query, UnknownBorrower."""
    query = wanted.query.strip()
    if len(query) > LONGEST:
        raise BadRequest(f"the query has {len(query)} characters", fix=f"Search with at most {LONGEST}")
    found = Found(query)
    if not query:
        return found
    found.numbers, words = sought_numbers(query)
    if wanted.borrower:
        found.about = [visit.desk.borrower(wanted.borrower)]
    else:
        mentions = visit.desk.index().mentions(query) if words else []
        found.about = list({c.borrower.id: c.borrower for m in mentions for c in m.candidates[:5]}.values())
        found.borrowers = found.about if wanted.has("borrowers") else []
    metrics = _metrics(visit, words)
    if wanted.has("facts"):
        found.facts = _facts(visit, wanted, found, metrics)
    if wanted.has("figures"):
        found.figures = _figures(visit, found, metrics)
    if wanted.has("documents"):
        about = wanted.borrower and found.about[0].id
        found.documents = visit.bank.store.documents.named(
            visit.caller,
            query.split(),
            visit.clocks,
            borrower=about,
            kind=wanted.kind,
            limit=wanted.limit,
            offset=wanted.offset,
        )
        found.documents = [d for d in found.documents if _within(wanted, d.doc_date or d.received_at.date())]
    if wanted.has("passages"):
        found.passages = _passages(visit, wanted, found)
    if wanted.has("answers") and not wanted.kind:
        found.answers = visit.bank.store.trail.search(
            visit.caller, act="answer", text=query, borrower=found.about[0].id if wanted.borrower else None,
            to=visit.asked_known_at, limit=wanted.limit, most_read=MOST_READ_ANSWERS,
        )  # fmt: skip
    return found


def _metrics(visit: Visit, words: str) -> list[str]:
    """Line items and ratios the words name, the longest name first; a name inside a longer one that was found does not count."""
    said = words.lower()
    if len(said) < 2:
        return []
    hits: list[tuple[int, str, str]] = []
    for id, names in visit.bank.metric_names.items():
        best = max((name for name in names if name in said and _whole(name, said)), key=len, default="")
        if len(best) > 1:
            hits.append((-len(best), id, best))
    kept: list[tuple[str, str]] = []
    for _, id, name in sorted(hits):
        if not any(name != other and name in other for _, other in kept):
            kept.append((id, name))
    return [id for id, _ in kept[:6]]


def _whole(name: str, said: str) -> bool:
    """A Latin name counts as whole words only."""
    if not name.isascii():
        return True
    start = said.find(name)
    before, after = said[start - 1 : start], said[start + len(name) : start + len(name) + 1]
    return not (before.isascii() and before.isalnum()) and not (after.isascii() and after.isalnum())


def _facts(visit: Visit, wanted: Wanted, found: Found, metrics: list[str]) -> list[Fact]:
    facts, borrowers = visit.bank.store.facts, [b.id for b in found.about]
    items = [id for id in metrics if id in visit.bank.rulebook.items]
    ranges = [one for number in found.numbers if not number.percent for one in number.ranges]
    if ranges:
        got = facts.of_value(visit.caller, visit.clocks, ranges, borrowers=borrowers, items=items, limit=200)
        got.sort(key=lambda fact: not any(abs(fact.value) == number.value for number in found.numbers))
    elif items:
        got = facts.newest(visit.caller, visit.clocks, items, borrowers=borrowers, limit=200)
    else:
        return []
    got = [fact for fact in got if _within(wanted, fact.period.end)]
    return got[wanted.offset : wanted.offset + wanted.limit]


def _figures(visit: Visit, found: Found, metrics: list[str]) -> list[Figure | Fact]:
    """Of the borrowers named: the metrics named, or, for a number, whichever ratio has that value at its newest period."""
    from tools.toolbox.figures import look_up

    ratios = [id for id in metrics if id not in visit.bank.rulebook.items]
    chosen: list[Figure | Fact] = []
    for borrower in found.about[:3]:
        if found.numbers and not ratios:
            everything = look_up(visit.desk, borrower.id, list(visit.bank.rulebook.ratios), ["latest"])
            chosen += [
                a.answer for a in everything
                if isinstance(a.answer, Figure) and a.answer.value is not None and any(n.holds(a.answer.value) for n in found.numbers)
            ]  # fmt: skip
        elif ratios:
            chosen += [asked.answer for asked in look_up(visit.desk, borrower.id, ratios, ["latest"])]
    return chosen[:MOST_FIGURES]


def _passages(visit: Visit, wanted: Wanted, found: Found) -> list[Passage]:
    from tools.search.passages import Filter

    borrower = found.about[0].id if wanted.borrower else None
    within = Filter(borrower, wanted.kind, wanted.first, wanted.last)
    return visit.bank.search.search(
        visit.caller, found.query, visit.clocks, within=within, k=wanted.limit, offset=wanted.offset
    )


def _within(wanted: Wanted, day: date) -> bool:
    return (wanted.first is None or day >= wanted.first) and (wanted.last is None or day <= wanted.last)


def document_shape(document: Document) -> Mapping[str, Any]:
    """A document as the API shows it."""
    return {
        "sha256": document.sha256, "name": document.name, "kind": document.kind, "language": document.language,
        "borrower": document.borrower, "pages": document.pages, "status": document.status, "message": document.message,
        "entity": document.entity, "period_end": document.period_end.isoformat() if document.period_end else None,
        "date": document.doc_date.isoformat() if document.doc_date else None, "assurance": document.assurance,
        "bytes": document.bytes, "received_at": document.received_at.isoformat(), "recorded_at": document.recorded_at.isoformat(),
    }  # fmt: skip


def borrower_shape(borrower: Borrower) -> Mapping[str, Any]:
    """A borrower as the API shows it."""
    return {
        "id": borrower.id, "name": borrower.name, "name_en": borrower.name_en, "aliases": list(borrower.aliases),
        "registration_id": borrower.registration_id, "type": borrower.type, "industry_code": borrower.industry_code,
        "country_code": borrower.country_code, "group_id": borrower.group_id, "status": borrower.status,
        "officer_id": borrower.officer_id, "branch_id": borrower.branch_id, "region": borrower.region, "provisional": borrower.provisional,
    }  # fmt: skip
