"""Whose document it is: what was said on the command line, the bank's own list, the registration number, the name; in that order.

A name that fits two borrowers is never settled by guessing: the document stays unassigned and the message says what to give.
A company nobody knows becomes a provisional borrower, merged when a book names it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from ingestion.extraction import Extraction
from ingestion.recognition import plausible_entity
from tools.domain.callers import Caller
from tools.domain.names import Borrower, normal_name, short_name
from tools.errors import UnknownBorrower
from tools.store.database import Store

SHORTEST = 4
"""A short name of fewer characters is too common to recognise a borrower by a mention."""
HEAD = 3000
BY_NAME_ONLY = frozenset({"statement", "bureau", "bank_flow"})
"""Kinds that name other companies all the time: only their own entity counts, not a mention."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """What the loan book's `documents` table says of a file."""

    customer_id: str
    kind: str | None = None
    received: date | None = None
    period_end: date | None = None
    assurance: str | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """`how`: given, list, registration, name, mention, provisional, ambiguous or none. `message` is "" when nothing is to say."""

    borrower: str | None
    how: str
    message: str = ""


def assignments_of(rows: list[Mapping[str, object]]) -> dict[str, Assignment]:
    """Assignments by file name from rows of `documents` (dates typed or ISO text)."""
    out: dict[str, Assignment] = {}
    for row in rows:
        file, customer = row.get("file"), row.get("customer_id")
        if file and customer:
            kind, assurance = row.get("kind"), row.get("assurance")
            out[str(file)] = Assignment(
                str(customer), str(kind) if kind else None, _day(row.get("received_date")), _day(row.get("period_end")),
                str(assurance) if assurance else None,
            )  # fmt: skip
    return out


def route(
    store: Store,
    caller: Caller,
    extraction: Extraction,
    at: datetime,
    *,
    given: str | None = None,
    listed: Assignment | None = None,
) -> Route:
    """Decides, creating a provisional borrower when that is the answer; call it inside the document's transaction.
    Raises UnknownBorrower for an explicit `given` the caller cannot see."""
    if given is not None:
        known = store.borrowers.get(caller, given)
        if known is None:
            raise UnknownBorrower(f"no borrower {given}", fix="Check the id, or leave --borrower out to have it recognised")
        return Route(known.id, "given", _contradiction(extraction, known))
    note = ""
    if listed is not None:
        known = store.borrowers.get(caller, listed.customer_id)
        if known is not None:
            return Route(known.id, "list", _contradiction(extraction, known))
        note = f"the document list gives {listed.customer_id}, which no book names; "
    found = _recognised(store, caller, extraction)
    if len(found) == 1:
        return Route(found[0][0].id, found[0][1], note.rstrip("; "))
    if found:
        names = ", ".join(f"{borrower.id} ({borrower.name})" for borrower, _ in found[:6])
        return Route(None, "ambiguous", f"{note}{len(found)} borrowers fit: {names}. Ingest it again with --borrower ID")
    if extraction.entity and plausible_entity(extraction.entity):
        made = store.borrowers.provisional(caller, extraction.entity, at, extraction.registration_id)
        if not made.provisional:
            return Route(made.id, "name", note.rstrip("; "))
        return Route(
            made.id, "provisional", f"{note}no book names {extraction.entity}: filed under the provisional borrower {made.id}"
        )
    return Route(None, "none", f"{note}it names no company. Ingest it again with --borrower ID to file it")


def known_borrower(
    store: Store, caller: Caller, extraction: Extraction, *, given: str | None = None, listed: Assignment | None = None
) -> str | None:
    """The borrower `route` would choose among those known, None when it would have to make one or cannot tell. Changes nothing."""
    for id in (given, listed.customer_id if listed else None):
        known = store.borrowers.get(caller, id) if id else None
        if known is not None:
            return known.id
    found = _recognised(store, caller, extraction)
    return found[0][0].id if len(found) == 1 else None


def _recognised(store: Store, caller: Caller, extraction: Extraction) -> list[tuple[Borrower, str]]:
    if extraction.registration_id:
        found = [
            borrower for borrower in store.borrowers.find(caller, extraction.registration_id)
            if borrower.registration_id == extraction.registration_id
        ]  # fmt: skip
        if found:
            return [(borrower, "registration") for borrower in found]
    if extraction.entity:
        found = _by_name(store, caller, extraction.entity)
        if found:
            return [(borrower, "name") for borrower in found]
    if extraction.kind in BY_NAME_ONLY or (extraction.kind == "contract" and extraction.entity):
        return []
    return [(borrower, "mention") for borrower in _mentioned(store, caller, extraction)]


def _by_name(store: Store, caller: Caller, entity: str) -> list[Borrower]:
    candidates = store.borrowers.find(caller, entity)
    normal, short = normal_name(entity), short_name(entity)
    exact = [borrower for borrower in candidates if normal in {normal_name(name) for name in _names(borrower)}]
    fits = exact or [borrower for borrower in candidates if short and short in borrower.short_names]
    return fits or [b for b in candidates if any(_behind_a_mark(entity, name) for name in _names(b))]


def _behind_a_mark(entity: str, name: str) -> bool:
    """Whether the printed name is a borrower's with something before it that a mark parts: "Finance Director, Ashcombe Steel plc"."""
    at = entity.lower().find(name.lower())
    return at > 0 and entity[:at].rstrip()[-1:] in ",，(（:：、;；" and normal_name(entity[at:]) == normal_name(name)


def _mentioned(store: Store, caller: Caller, extraction: Extraction) -> list[Borrower]:
    head = "\n".join(passage.text for passage in extraction.passages[:8])[:HEAD]
    normal = f" {normal_name(head)} "
    fitting: list[tuple[str, Borrower]] = []
    for borrower in store.borrowers.find(caller, head):
        if borrower.provisional:
            continue  # what another paper named is too weak a sign
        names = {normal_name(name) for name in _names(borrower)} | {
            name for name in borrower.short_names if len(name) >= SHORTEST
        }
        fitting += [(name, borrower) for name in names if name]
    found: list[Borrower] = []
    # a short name inside another borrower's longer one is no mention of its own
    for name, borrower in sorted(fitting, key=lambda entry: -len(entry[0])):
        spelled = f" {name} " if name.isascii() else name
        if spelled in normal and all(borrower.id != other.id for other in found):
            found.append(borrower)
        same = any(name == other and borrower.id != owner.id for other, owner in fitting)
        normal = normal if same else normal.replace(spelled, " " * len(spelled))
    return found


def _contradiction(extraction: Extraction, borrower: Borrower) -> str:
    """A word of warning when the paper names another company than the one it is filed under."""
    own = extraction.registration_id
    if own and borrower.registration_id and own != borrower.registration_id:
        return f"it carries the registration number {own}, but {borrower.id} has {borrower.registration_id}"
    if not extraction.entity or extraction.kind not in ("statement", "bank_flow", "bureau"):
        return ""
    names = {normal_name(name) for name in _names(borrower)} | set(borrower.short_names)
    fits = normal_name(extraction.entity) in names or short_name(extraction.entity) in names
    return "" if fits else f"it names {extraction.entity}, but is filed under {borrower.id} ({borrower.name})"


def _names(borrower: Borrower) -> list[str]:
    return [name for name in (borrower.name, borrower.name_en, *borrower.aliases) if name]


def _day(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return date.fromisoformat(value[:10]) if isinstance(value, str) and value else None
