"""What each run found about each borrower: every signal's verdict, hit or not, kept once per content.

A run that finds what the last one found writes nothing, so that running twice changes nothing; `before` gives the verdicts a new
run starts from (first seen, and signals that are harder to clear than to raise).
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, select

from tools.domain.callers import Caller
from tools.domain.periods import Clocks
from tools.store.columns import canonical_json, utc
from tools.store.connection import Database
from tools.store.permissions import must_write, visible
from tools.store.schema_monitor import monitor_runs, signal_results
from tools.store.trail import Act, Trail

_FEW = 500


@dataclass(frozen=True, slots=True)
class Recorded:
    """The verdicts of one borrower as a run recorded them."""

    borrower: str
    as_of: date
    recorded_at: datetime
    digest: str
    verdicts: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class MonitorRun:
    """One recorded run."""

    id: str
    as_of: date
    known_at: datetime
    recorded_at: datetime
    user: str
    digest: str
    report: Mapping[str, Any]


class SignalResults:
    """Recording and reading verdicts."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self.database = database
        self.trail = trail

    def record(
        self, caller: Caller, as_of: date, known_at: datetime, at: datetime, found: Mapping[str, Sequence[Mapping[str, Any]]]
    ) -> int:
        """Keeps the verdicts of each borrower in `found` that differ from what was last recorded for the same business date; returns how many did."""
        must_write(caller)
        rows = []
        with self.database.writing() as unit:
            known = {borrower: digest for borrower, digest in self._digests(caller, as_of, list(found))}
            for borrower, verdicts in found.items():
                text = canonical_json(list(verdicts))
                digest = hashlib.sha256(text.encode()).hexdigest()
                if known.get(borrower) != digest:
                    rows.append(
                        {
                            "borrower": borrower, "as_of": as_of, "recorded_at": utc(at), "known_at": utc(known_at), "digest": digest,
                            "content": zlib.compress(text.encode(), 6),
                        }
                    )  # fmt: skip
            if rows:
                unit.connection.execute(signal_results.insert(), rows)
        return len(rows)

    def before(
        self, caller: Caller, as_of: date, borrowers: Collection[str] | None = None, known_at: datetime | None = None
    ) -> dict[str, Recorded]:
        """The newest verdicts recorded for an earlier business date than `as_of`, by borrower."""
        return self._newest(caller, borrowers, known_at, signal_results.c.as_of < as_of)

    def newest(self, caller: Caller, clocks: Clocks, borrowers: Collection[str] | None = None) -> dict[str, Recorded]:
        """The newest verdicts recorded for a business date up to `clocks.as_of`, known then, by borrower."""
        return self._newest(caller, borrowers, clocks.known_at, signal_results.c.as_of <= clocks.as_of)

    def runs(self, caller: Caller, as_of: date | None = None) -> list[MonitorRun]:
        """Recorded runs of the caller (of everybody for those who see everything), oldest first."""
        query = select(monitor_runs).order_by(monitor_runs.c.recorded_at, monitor_runs.c.id)
        if as_of is not None:
            query = query.where(monitor_runs.c.as_of == as_of)
        if not caller.everything:
            query = query.where(monitor_runs.c.user == caller.user)
        with self.database.reading() as connection:
            return [MonitorRun(**row._mapping) for row in connection.execute(query)]

    def newest_clocks(self) -> Clocks | None:
        """The latest clocks any run was recorded at; dates only, so that it needs no caller."""
        query = select(func.max(monitor_runs.c.as_of), func.max(monitor_runs.c.known_at))
        with self.database.reading() as connection:
            as_of, known_at = connection.execute(query).one()
        return (
            Clocks(as_of, known_at if isinstance(known_at, datetime) else datetime.fromisoformat(known_at)) if as_of else None
        )

    def finish(self, caller: Caller, clocks: Clocks, at: datetime, digest: str, report: Mapping[str, Any]) -> bool:
        """Records the run with its report in the trail, unless the last run of this caller at this business date found the same."""
        must_write(caller)
        with self.database.writing() as unit:
            query = (
                select(monitor_runs.c.digest)
                .where(monitor_runs.c.user == caller.user, monitor_runs.c.as_of == clocks.as_of)
                .order_by(monitor_runs.c.recorded_at.desc())
                .limit(1)
            )
            if unit.connection.scalar(query) == digest:
                return False
            id = f"R-{hashlib.sha256(f'{caller.user}|{digest}|{utc(at)}'.encode()).hexdigest()[:12]}"
            self.trail.record(
                unit, caller, Act.MONITOR, id, {"as_of": clocks.as_of, "digest": digest, "report": report}, utc(at), None
            )
            unit.connection.execute(
                monitor_runs.insert(),
                {
                    "id": id, "as_of": clocks.as_of, "known_at": utc(clocks.known_at), "recorded_at": utc(at), "user": caller.user,
                    "digest": digest, "report": dict(report),
                },
            )  # fmt: skip
            return True

    def _digests(self, caller: Caller, as_of: date, borrowers: list[str]) -> list[tuple[str, str]]:
        found = []
        for start in range(0, len(borrowers), _FEW):
            part = borrowers[start : start + _FEW]
            query = (
                select(signal_results.c.borrower, signal_results.c.digest)
                .where(
                    signal_results.c.as_of == as_of,
                    signal_results.c.borrower.in_(part),
                    visible(caller, signal_results.c.borrower),
                )
                .order_by(signal_results.c.recorded_at)
            )
            with self.database.reading() as connection:
                found += [(row.borrower, row.digest) for row in connection.execute(query)]
        return found

    def _newest(
        self, caller: Caller, borrowers: Collection[str] | None, known_at: datetime | None, *conditions: Any
    ) -> dict[str, Recorded]:
        if caller.sees_nothing:
            return {}
        if borrowers is not None and len(borrowers) > _FEW:
            listed = sorted(borrowers)
            parts = [self._newest(caller, listed[i : i + _FEW], known_at, *conditions) for i in range(0, len(listed), _FEW)]
            return {borrower: held for part in parts for borrower, held in part.items()}
        limits = list(conditions)
        if borrowers is not None:
            limits.append(signal_results.c.borrower.in_(sorted(borrowers)))
        if known_at is not None:
            limits.append(signal_results.c.recorded_at <= utc(known_at))
        day = (
            select(signal_results.c.borrower, func.max(signal_results.c.as_of).label("as_of"))
            .where(*limits)
            .group_by(signal_results.c.borrower)
            .subquery()
        )
        query = (
            select(signal_results)
            .join(day, and_(day.c.borrower == signal_results.c.borrower, day.c.as_of == signal_results.c.as_of))
            .where(visible(caller, signal_results.c.borrower), *limits)
            .order_by(signal_results.c.recorded_at)
        )
        with self.database.reading() as connection:
            return {row.borrower: _recorded(row) for row in connection.execute(query)}


def _recorded(row: Any) -> Recorded:
    verdicts = json.loads(zlib.decompress(bytes(row.content)))
    return Recorded(row.borrower, row.as_of, row.recorded_at, row.digest, tuple(verdicts))
