"""Files that could not be read, and why: kept until somebody retries or drops them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import ColumnElement, select, true, update

from tools.domain.callers import Caller
from tools.errors import BadRequest
from tools.store.columns import utc
from tools.store.connection import Database
from tools.store.permissions import must_write
from tools.store.schema import quarantine
from tools.store.trail import Act, Trail


@dataclass(frozen=True, slots=True)
class Quarantined:
    """One file that could not be read. `reason` is a stable code (encrypted, truncated ...), `state` open, retried or dropped."""

    id: str
    file: str
    sha256: str
    reason: str
    message: str
    user: str
    at: datetime
    state: str
    settled_at: datetime | None = None


Found = list[Quarantined]


class Quarantine:
    """An entry belongs to no borrower yet: it is visible to who brought the file and to those who see everything."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self.database = database
        self.trail = trail

    def add(self, caller: Caller, file: str, sha256: str, reason: str, message: str, at: datetime) -> Quarantined:
        """Records a file that could not be read, with its trail record. The same file for the same reason stays one open entry."""
        must_write(caller)
        with self.database.writing() as unit:
            same = (quarantine.c.sha256 == sha256) & (quarantine.c.reason == reason) & (quarantine.c.user == caller.user)
            known = unit.connection.execute(select(quarantine).where(same, quarantine.c.state == "open")).first()
            if known is not None:
                return Quarantined(**known._mapping)
            entry = Quarantined(f"Q-{uuid4().hex[:12]}", file, sha256, reason, message, caller.user, utc(at), "open")
            values = {column.name: getattr(entry, column.name) for column in quarantine.c}
            unit.connection.execute(quarantine.insert(), values)
            self.trail.append(caller, Act.QUARANTINE, entry.id, values, at)
            return entry

    def list(self, caller: Caller, state: str | None = "open") -> list[Quarantined]:
        """Entries in `state` (None: all), oldest first."""
        condition: ColumnElement[bool] = true() if state is None else quarantine.c.state == state
        return self._read(caller, condition)

    def get(self, caller: Caller, id: str) -> Quarantined | None:
        """One entry."""
        found = self._read(caller, quarantine.c.id == id)
        return found[0] if found else None

    def wants(self, sha256: str) -> bool:
        """Whether an open entry, anyone's, is about these bytes: then they are kept."""
        with self.database.reading() as connection:
            query = select(quarantine.c.id).where(quarantine.c.sha256 == sha256, quarantine.c.state == "open")
            return connection.execute(query).first() is not None

    def settle(self, caller: Caller, id: str, state: str, at: datetime) -> None:
        """Closes an open entry as `retried` or `dropped`, recorded. Raises BadRequest when there is no such open entry."""
        must_write(caller)
        if state not in ("retried", "dropped"):
            raise BadRequest(f"{state!r} is not an end of a quarantine entry", fix="Use retried or dropped")
        with self.database.writing() as unit:
            entry = self.get(caller, id)
            if entry is None or entry.state != "open":
                raise BadRequest(f"no open quarantine entry {id}", fix="See `loanward quarantine list`")
            unit.connection.execute(update(quarantine).where(quarantine.c.id == id).values(state=state, settled_at=utc(at)))
            self.trail.append(caller, Act.QUARANTINE, id, {"state": state, "file": entry.file, "sha256": entry.sha256}, at)

    def _read(self, caller: Caller, condition: ColumnElement[bool]) -> Found:
        if caller.sees_nothing:
            return []
        own: ColumnElement[bool] = true() if caller.everything else quarantine.c.user == caller.user
        with self.database.reading() as connection:
            rows = connection.execute(select(quarantine).where(condition, own).order_by(quarantine.c.at, quarantine.c.id))
            return [Quarantined(**row._mapping) for row in rows]
