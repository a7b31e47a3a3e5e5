"""The registry of borrowers: those of the book, and provisional ones that only a document has named so far.

It says who is whose now (officer, branch, region), which is what every permission filter asks; what the book said on an earlier
day is in its snapshots.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, delete, func, literal, or_, select, update

from tools.domain.callers import Caller
from tools.domain.names import Borrower, is_spaced, normal_name, short_name
from tools.errors import BadRequest
from tools.store.access import branch_regions, store_staff, stored_staff
from tools.store.connection import Database
from tools.store.dialects import upsert
from tools.store.merging import merge
from tools.store.permissions import must_write, permitted
from tools.store.schema import borrower_names, borrowers, staff
from tools.store.trail import Act, Trail

_BOOK_FIELDS = (
    "name_en",
    "registration_id",
    "type",
    "industry_code",
    "country_code",
    "group_id",
    "status",
    "officer_id",
    "branch_id",
)
_CHUNK = 500


class Borrowers:
    """Finding, registering and merging borrowers."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self.database = database
        self.trail = trail

    def get(self, caller: Caller, id: str) -> Borrower | None:
        """The borrower with this id; for an id that was merged, the one it became."""
        found = self._read(caller, borrowers.c.id == id)
        if found and found[0].merged_into:
            found = self._read(caller, borrowers.c.id == found[0].merged_into)
        return found[0] if found else None

    def all(self, caller: Caller) -> list[Borrower]:
        """Every borrower the caller may see, by id; merged ones only as what they became."""
        return self._read(caller, borrowers.c.merged_into.is_(None))

    def several(self, caller: Caller, ids: Sequence[str]) -> list[Borrower]:
        """Those of `ids` the caller may see."""
        found: list[Borrower] = []
        for start in range(0, len(ids), 500):
            found += self._read(caller, borrowers.c.id.in_(list(ids[start : start + 500])))
        return found

    def ids(self, caller: Caller) -> frozenset[str] | None:
        """The ids the caller may see, merged ones among them; None means all. For indexes that cannot ask SQL."""
        if caller.everything:
            return None
        if caller.sees_nothing:
            return frozenset()
        with self.database.reading() as connection:
            return frozenset(connection.scalars(select(borrowers.c.id).where(permitted(caller))))

    def officers(self, caller: Caller) -> dict[str, str]:
        """Names of the officers in charge of borrowers the caller may see, by their id."""
        if caller.sees_nothing:
            return {}
        own = select(borrowers.c.officer_id).where(permitted(caller), borrowers.c.officer_id.is_not(None))
        query = select(staff.c.id, staff.c.name).where(staff.c.id.in_(own), staff.c.name.is_not(None))
        with self.database.reading() as connection:
            return {str(id): str(name) for id, name in connection.execute(query)}

    def revision(self) -> str:
        """Changes whenever the registry does; for whoever keeps something made from it."""
        query = select(func.count(), func.max(borrowers.c.recorded_at), func.max(borrowers.c.known_from))
        with self.database.reading() as connection:
            return "/".join(str(part) for part in connection.execute(query).one())

    def find(self, caller: Caller, text: str, limit: int = 20) -> list[Borrower]:
        """Borrowers that `text` may mean, best first: id, registration id, full name, short name, then names that start with it,
        contain it, or are contained in it (a question that mentions the name). An id or full name that fits leaves no others."""
        normal = normal_name(text)
        if caller.sees_nothing or not normal:
            return []
        exact = text.strip()
        certain = self._exactly(caller, exact, normal)
        if certain:
            return certain[:limit]
        names = borrower_names.c
        padded = literal(f" {normal} ")
        mentioned = case(
            (names.spaced, padded.like("% " + names.short + " %")), else_=literal(normal).like("%" + names.short + "%")
        )
        matches = [
            (3, names.short == short_name(text)),
            (4, names.normal.like(f"{normal}%")),
            (5, or_(names.normal.like(f"%{normal}%"), names.short.like(f"%{normal}%"))),
            (6, mentioned & (func.length(names.short) > 1)),
        ]
        if len(normal) == 1:
            # One letter is in nearly every name.
            matches = [matches[0], matches[1]]
        rank = func.min(case(*((condition, literal(order)) for order, condition in matches), else_=literal(9)))
        query = (
            select(
                borrowers.c.id, borrowers.c.merged_into, rank.label("rank"), func.max(func.length(names.short)).label("size")
            )
            .select_from(borrowers.join(borrower_names, borrower_names.c.borrower_id == borrowers.c.id))
            .where(permitted(caller), or_(*(condition for _, condition in matches)))
            .group_by(borrowers.c.id, borrowers.c.merged_into)
        )
        with self.database.reading() as connection:
            rows = connection.execute(query).all()
        best: dict[str, tuple[int, int, str]] = {}
        for row in rows:
            root = row.merged_into or row.id
            key = (row.rank, -(row.size or 0) if row.rank == 6 else 0, root)
            best[root] = min(best.get(root, key), key)
        ordered = sorted(best, key=lambda id: best[id])[:limit]
        found = {borrower.id: borrower for borrower in self._read(caller, borrowers.c.id.in_(ordered))} if ordered else {}
        return [found[id] for id in ordered if id in found]

    def provisional(self, caller: Caller, entity_name: str, at: datetime, registration_id: str | None = None) -> Borrower:
        """The borrower a document names: one the caller can see with exactly this name, else a new provisional one.

        What another officer's document named stays out of sight, so the same name may stand for two provisional borrowers until a
        book names it. Raises BadRequest for an empty name, NotPermitted for a caller who may not write."""
        must_write(caller)
        normal = normal_name(entity_name)
        if not normal:
            raise BadRequest("the document names no company", fix="Give --borrower")
        with self.database.writing() as unit:
            known = self._exactly(caller, registration_id or entity_name, normal)
            if known:
                return known[0]
            row: dict[str, Any] = {
                "id": _provisional_id(unit.connection, normal, "" if caller.everything else caller.user),
                "name": entity_name.strip(), "aliases": [entity_name.strip()], "registration_id": registration_id,
                "officer_id": caller.officer_id, "branch_id": next(iter(caller.branches)) if len(caller.branches) == 1 else None,
                "provisional": True, "created_by": caller.user, "in_book": False, "recorded_at": at,
            }  # fmt: skip
            unit.connection.execute(borrowers.insert(), row)
            _write_names(unit.connection, [row])
            unit.touch("borrower", row["id"], caller, at)
            return self._read(caller, borrowers.c.id == row["id"])[0]

    def upsert_from_book(self, caller: Caller, rows: Iterable[Mapping[str, Any]], snapshot_id: str, *, known_from: datetime,
                         recorded_at: datetime, staff: Iterable[Mapping[str, Any]] | None = None) -> list[str]:  # fmt: skip
        """Registers the `customers` rows of a book (columns of loan_book.md, all of them), merges provisional borrowers they name, and
        returns the ids that were merged away. `staff` (None: as before) says who may see them. A book older than what is known
        changes no known row."""
        must_write(caller)
        with self.database.writing() as unit:
            connection = unit.connection
            if staff is not None:
                store_staff(connection, staff, known_from)
                unit.touch("registry", "staff", caller, recorded_at)
            regions = branch_regions(stored_staff(connection))
            known = {row.id: row for row in connection.execute(select(borrowers).where(borrowers.c.merged_into.is_(None)))}
            newest = max((row.known_from for row in known.values() if row.known_from), default=known_from)
            said = {
                "in_book": known_from >= newest,
                "snapshot_id": snapshot_id,
                "known_from": known_from,
                "recorded_at": recorded_at,
            }
            book = {str(row["id"]): _book_row(row, regions) | said for row in rows}
            fresh = [
                row for id, row in book.items()
                if id not in known or not known[id].known_from or (known[id].known_from <= known_from and _differs(known[id], row))
            ]  # fmt: skip
            for start in range(0, len(fresh), _CHUNK):
                part = fresh[start : start + _CHUNK]
                upsert(connection, borrowers, part)
                connection.execute(delete(borrower_names).where(borrower_names.c.borrower_id.in_([row["id"] for row in part])))
                _write_names(connection, part)
            if fresh:
                _follow(connection, {row["id"] for row in fresh})
            gone = [
                id
                for id, row in known.items()
                if row.in_book and id not in book and row.known_from and row.known_from <= known_from
            ]
            for start in range(0, len(gone), _CHUNK):
                part_ids = gone[start : start + _CHUNK]
                connection.execute(
                    update(borrowers).where(borrowers.c.id.in_(part_ids)).values(in_book=False, known_from=known_from)
                )
            # Unchanged rows are confirmed as of this book, so that an older one imported later cannot bring back what it said.
            confirmed = borrowers.c.in_book & (borrowers.c.known_from < known_from)
            connection.execute(update(borrowers).where(confirmed).values(known_from=known_from, snapshot_id=snapshot_id))
            merged = []
            for id, target in _named_by_book([row for row in known.values() if row.provisional], book.values()):
                merge(connection, id, target)
                unit.pending.pop(id, None)
                digests = [{"kind": "merge", "batch": id, "into": target}]
                self.trail.record(
                    unit, caller, Act.MERGE, id, {"into": target, "snapshot": snapshot_id}, recorded_at, target, digests
                )
                merged.append(id)
            # Last, because the record of a merge takes what is pending along.
            unit.touch("registry", "borrowers", caller, recorded_at)
            return merged

    def _exactly(self, caller: Caller, id: str, normal: str) -> list[Borrower]:
        """Those whose id or registration id is `id`, else those with exactly this name; found by index."""
        spellings = {id, id.upper()}
        known = self._read(caller, borrowers.c.id.in_(spellings)) or self._read(
            caller, borrowers.c.registration_id.in_(spellings)
        )
        if not known:
            named = select(borrower_names.c.borrower_id).where(borrower_names.c.normal == normal)
            known = self._read(caller, borrowers.c.id.in_(named))
        became = [self.get(caller, b.merged_into) if b.merged_into else b for b in known]
        return list({b.id: b for b in became if b}.values())

    def _read(self, caller: Caller, condition: Any) -> list[Borrower]:
        if caller.sees_nothing:
            return []
        with self.database.reading() as connection:
            rows = connection.execute(select(borrowers).where(condition, permitted(caller)).order_by(borrowers.c.id)).all()
        return [_borrower(row) for row in rows]


def _borrower(row: Any) -> Borrower:
    names = [row.name, row.name_en or "", *row.aliases]
    short = tuple(dict.fromkeys(short_name(name) for name in names if name))
    return Borrower(
        row.id, row.name, row.name_en, tuple(row.aliases), short, row.registration_id, row.type, row.industry_code, row.country_code,
        row.group_id, row.status, row.officer_id, row.branch_id, row.region, row.provisional, row.merged_into, row.in_book,
    )  # fmt: skip


def _book_row(row: Mapping[str, Any], regions: Mapping[str, str]) -> dict[str, Any]:
    given = row.get("aliases") or ()
    aliases = [part.strip() for part in given.split(";")] if isinstance(given, str) else list(given)
    values: dict[str, Any] = {name: row.get(name) or None for name in _BOOK_FIELDS}
    return values | {
        "id": str(row["id"]), "name": str(row["name"]), "aliases": [alias for alias in aliases if alias],
        "region": regions.get(str(row.get("branch_id") or "")), "provisional": False, "created_by": None, "merged_into": None,
    }  # fmt: skip


def _differs(known: Any, row: Mapping[str, Any]) -> bool:
    return any(getattr(known, name) != row[name] for name in (*_BOOK_FIELDS, "name", "aliases", "region", "in_book"))


def _write_names(connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
    values = []
    for row in rows:
        for name in dict.fromkeys([row["name"], row.get("name_en"), *row["aliases"]]):
            normal = normal_name(name or "")
            if normal:
                short = short_name(name)
                values.append(
                    {"borrower_id": row["id"], "name": name, "normal": normal, "short": short, "spaced": is_spaced(short)}
                )
    if values:
        connection.execute(borrower_names.insert(), values)


def _follow(connection: Connection, targets: set[str]) -> None:
    """Borrowers merged earlier are visible to whoever may see what they became."""
    query = select(borrowers.c.id, borrowers.c.merged_into).where(borrowers.c.merged_into.is_not(None))
    for row in connection.execute(query).all():
        if row.merged_into in targets:
            merge(connection, row.id, row.merged_into)


def _named_by_book(provisional: list[Any], book: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """(provisional id, book id) where exactly one customer of the book has the registration id or, failing that, a name."""
    if not provisional:
        return []
    by_registration: dict[str, set[str]] = {}
    by_name: dict[str, set[str]] = {}
    for row in book:
        if row["registration_id"]:
            by_registration.setdefault(row["registration_id"], set()).add(row["id"])
        for name in (row["name"], row["name_en"], *row["aliases"]):
            if name:
                by_name.setdefault(normal_name(name), set()).add(row["id"])
    pairs = []
    for row in provisional:
        names: set[str] = set()
        for name in (row.name, *row.aliases):
            names |= by_name.get(normal_name(name), set())
        wanted = by_registration.get(row.registration_id or "", set()) or names
        if len(wanted) == 1:
            pairs.append((row.id, next(iter(wanted))))
    return pairs


def _provisional_id(connection: Connection, normal: str, owner: str) -> str:
    for turn in range(100):
        seed = normal + (f"\x1f{owner}" if owner else "") + (f"\x1f{turn}" if turn else "")
        id = f"P-{hashlib.sha256(seed.encode()).hexdigest()[:8]}"
        if connection.scalar(select(borrowers.c.id).where(borrowers.c.id == id)) is None:
            return id
    raise BadRequest(f"no free provisional id for {normal!r}", fix="Give --borrower")
