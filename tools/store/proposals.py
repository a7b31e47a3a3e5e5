"""Proposals: what the program or a person puts to a second person, who approves or rejects it. Maker and checker are never one.

A proposal states its case once and never changes; confirmation and decision are records of their own, by different people (初分,
认定, 审批). The same case is not proposed twice while it is open or after it was decided.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from tools.domain.callers import Caller
from tools.domain.periods import Clocks
from tools.errors import BadRequest, NotPermitted
from tools.store.columns import canonical_json, time_text, utc
from tools.store.connection import Database
from tools.store.permissions import must_write, root_of, visible
from tools.store.schema_monitor import proposal_confirmations, proposal_decisions, proposals
from tools.store.trail import Act, Trail

DECIDING_ROLES = frozenset({"manager", "reviewer", "approver", "local"})
"""Roles that may decide: never the officer, and never who made the proposal."""
CONFIRMING_ROLES = DECIDING_ROLES | {"officer"}
"""Roles that may confirm a case before somebody else decides it; never who made it."""
STATES = ("open", "approved", "rejected", "withdrawn")
MONITOR = "monitor"
_FEW = 500


@dataclass(frozen=True, slots=True)
class Proposal:
    """`kind` such as classification; `rules` what it rests on; `stage` the IFRS 9 stage that goes with it; `by` who made it. `decided_by`,
    `decided_at` and `reason` belong to the decision."""

    id: str
    borrower: str
    loan: str | None
    kind: str
    current: str | None
    proposed: str
    rules: tuple[str, ...]
    stage: int | None
    evidence: tuple[Mapping[str, Any], ...]
    as_of: date
    by: str
    at: datetime
    state: str = "open"
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: str | None = None
    explanation: Mapping[str, str] | None = None
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None

    def shape(self) -> dict[str, Any]:
        """The `proposals` shape."""
        return {
            "proposal": self.id, "loan": self.loan, "borrower": self.borrower, "kind": self.kind, "current": self.current,
            "proposed": self.proposed, "rules": list(self.rules), "stage": self.stage, "evidence": [dict(item) for item in self.evidence],
            "by": self.by, "state": self.state, "as_of": self.as_of.isoformat(), "at": time_text(self.at), "decided_by": self.decided_by,
            "decided_at": time_text(self.decided_at) if self.decided_at else None, "reason": self.reason,
            "explanation": dict(self.explanation or {}), "confirmed_by": self.confirmed_by,
            "confirmed_at": time_text(self.confirmed_at) if self.confirmed_at else None,
        }  # fmt: skip


Cases = list[tuple[Proposal, str]]
"""Proposals with the digest of their case."""


class Proposals:
    """Making, listing and deciding proposals of borrowers the caller may see."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self.database = database
        self.trail = trail

    def propose(self, caller: Caller, *, borrower: str, kind: str, proposed: str, current: str | None = None, loan: str | None = None,
                rules: Sequence[str] = (), stage: int | None = None, evidence: Sequence[Mapping[str, Any]] = (),
                explanation: Mapping[str, str] | None = None, as_of: date, at: datetime, by: str | None = None) -> Proposal:  # fmt: skip
        """Puts a case to a second person; `by` defaults to the caller. The same case (borrower, loan, kind, from, to, rules) that is open or was
        decided last is not put again: that one is returned."""
        must_write(caller)
        moment = utc(at)
        digest = _digest(borrower, loan, kind, current, proposed, rules)
        with self.database.writing() as unit:
            last = self._read(caller, proposals.c.borrower == root_of(borrower), proposals.c.kind == kind,
                              proposals.c.loan == loan if loan else proposals.c.loan.is_(None))  # fmt: skip
            same = [known for known in last if known[1] == digest and known[0].state != "withdrawn"]
            if same and same[-1][0] is last[-1][0]:
                return same[-1][0]
            for known, _ in last:
                if known.state == "open":
                    self._decide(caller, known, "withdrawn", "another case took its place", moment, by or caller.user)
            id = f"P{hashlib.sha256(f'{digest}|{len(last)}'.encode()).hexdigest()[:10]}"
            made = Proposal(
                id, borrower, loan, kind, current, proposed, tuple(rules), stage, tuple(evidence), as_of, by or caller.user, moment,
                explanation=explanation,
            )  # fmt: skip
            content = {
                "current": current, "proposed": proposed, "rules": list(rules), "stage": stage, "evidence": list(evidence),
                "explanation": dict(explanation or {}),
            }  # fmt: skip
            payload = {"borrower": borrower, "loan": loan, "kind": kind, "as_of": as_of, **content}
            record = self.trail.record(unit, caller, Act.PROPOSE, id, payload, moment, borrower)
            unit.connection.execute(
                proposals.insert(),
                {
                    "id": id, "borrower": borrower, "loan": loan, "kind": kind, "digest": digest, "as_of": as_of, "content": content,
                    "by": made.by, "at": moment, "trail_id": record.id,
                },
            )  # fmt: skip
            return made

    def list(self, caller: Caller, *, borrower: str | None = None, states: Collection[str] | None = ("open",), kind: str | None = None,
             clocks: Clocks | None = None) -> Sequence[Proposal]:  # fmt: skip
        """Proposals, newest first; `states` None: all."""
        for state in states or ():
            if state not in STATES:
                raise BadRequest(f"{state!r} is not a state of a proposal", fix=f"Use one of {', '.join(STATES)}")
        conditions = [proposals.c.borrower == root_of(borrower)] if borrower is not None else []
        if kind is not None:
            conditions.append(proposals.c.kind == kind)
        found = [made for made, _ in self._read(caller, *conditions, clocks=clocks)]
        return [made for made in reversed(found) if not states or made.state in states]

    def of_borrowers(self, caller: Caller, borrowers: Sequence[str]) -> Sequence[Proposal]:
        """Every proposal of these borrowers, oldest first, in whatever state."""
        found: list[Proposal] = []
        for start in range(0, len(borrowers), _FEW):
            part = borrowers[start : start + _FEW]
            found += [made for made, _ in self._read(caller, proposals.c.borrower.in_(list(part)))]
        return found

    def get(self, caller: Caller, id: str, clocks: Clocks | None = None) -> Proposal | None:
        """One proposal, or None when there is none the caller may see."""
        found = self._read(caller, proposals.c.id == id, clocks=clocks)
        return found[0][0] if found else None

    def confirm(self, caller: Caller, id: str, reason: str, at: datetime) -> Proposal:
        """Somebody else than who made it stands by the case; it stays open for a third person. Raises NotPermitted, BadRequest."""
        must_write(caller)
        if not reason.strip():
            raise BadRequest("a confirmation needs a reason", where="--reason", fix="Say in one sentence why")
        with self.database.writing() as unit:
            found = self._open(caller, id)
            if caller.role not in CONFIRMING_ROLES:
                raise NotPermitted(f"the role {caller.role} does not confirm proposals", where=f"user {caller.user}")
            if found.by == caller.user:
                raise NotPermitted(
                    "who made a proposal does not confirm it", where=f"user {caller.user}", fix="Ask a second person"
                )
            if found.confirmed_by is not None:
                raise BadRequest(f"proposal {id} was confirmed by {found.confirmed_by} already", fix="It waits for a decision")
            moment, said = utc(at), reason.strip()
            payload = {
                "proposal": id,
                "confirmed": True,
                "reason": said,
                "proposed": found.proposed,
                "loan": found.loan,
                "by": caller.user,
            }
            record = self.trail.record(unit, caller, Act.CONFIRM, id, payload, moment, found.borrower)
            unit.connection.execute(
                proposal_confirmations.insert(),
                {"proposal": id, "by": caller.user, "reason": said, "at": moment, "trail_id": record.id},
            )
            confirmed = self.get(caller, id)
            assert confirmed is not None
            return confirmed

    def decide(self, caller: Caller, id: str, approved: bool, reason: str, at: datetime) -> Proposal:
        """Approved or rejected by somebody else than who made or confirmed it, whose role allows it. Raises NotPermitted, BadRequest."""
        must_write(caller)
        if not reason.strip():
            raise BadRequest("a decision needs a reason", where="--reason", fix="Say in one sentence why")
        with self.database.writing():
            found = self._open(caller, id)
            if caller.role not in DECIDING_ROLES:
                raise NotPermitted(f"the role {caller.role} does not decide proposals", where=f"user {caller.user}",
                                   fix="Ask the manager, the reviewer or the approver of the case")  # fmt: skip
            if found.by == caller.user:
                raise NotPermitted(
                    "who made a proposal does not decide it", where=f"user {caller.user}", fix="Ask a second person"
                )
            if found.confirmed_by == caller.user:
                raise NotPermitted(
                    "who confirmed a proposal does not decide it", where=f"user {caller.user}", fix="Ask a third person"
                )
            self._decide(caller, found, "approved" if approved else "rejected", reason.strip(), utc(at), caller.user)
            decided = self.get(caller, id)
            assert decided is not None
            return decided

    def withdraw(self, caller: Caller, id: str, reason: str, at: datetime, by: str = MONITOR) -> None:
        """Takes back an open proposal whose cause is gone."""
        must_write(caller)
        with self.database.writing():
            found = self.get(caller, id)
            if found is not None and found.state == "open":
                self._decide(caller, found, "withdrawn", reason, utc(at), by)

    def _open(self, caller: Caller, id: str) -> Proposal:
        found = self.get(caller, id)
        if found is None:
            raise BadRequest(f"no proposal {id!r}", fix="See `loanward proposals list`")
        if found.state != "open":
            raise BadRequest(f"proposal {id} is {found.state} already", fix="See `loanward proposals list`")
        return found

    def _decide(self, caller: Caller, made: Proposal, state: str, reason: str, at: datetime, by: str) -> None:
        with self.database.writing() as unit:
            payload = {
                "proposal": made.id,
                "decision": state,
                "reason": reason,
                "proposed": made.proposed,
                "loan": made.loan,
                "by": by,
            }
            act = Act.PROPOSE if state == "withdrawn" else Act.APPROVE
            record = self.trail.record(unit, caller, act, made.id, payload, at, made.borrower)
            unit.connection.execute(
                proposal_decisions.insert(),
                {"proposal": made.id, "state": state, "by": by, "reason": reason, "at": at, "trail_id": record.id},
            )

    def _read(self, caller: Caller, *conditions: Any, clocks: Clocks | None = None) -> Cases:
        if caller.sees_nothing:
            return []
        decisions, confirmed = proposal_decisions.c, proposal_confirmations.c
        query = (
            select(
                proposals, decisions.state.label("d_state"), decisions.by.label("d_by"), decisions.reason.label("d_reason"),
                decisions.at.label("d_at"), confirmed.by.label("c_by"), confirmed.at.label("c_at"),
            )
            .join(proposal_confirmations, confirmed.proposal == proposals.c.id, isouter=True)
            .join(proposal_decisions, decisions.proposal == proposals.c.id, isouter=True)
            .where(visible(caller, proposals.c.borrower), *conditions)
            .order_by(proposals.c.at, proposals.c.id)
        )  # fmt: skip
        if clocks is not None:
            query = query.where(proposals.c.at <= clocks.known_at)
        with self.database.reading() as connection:
            return [(_proposal(row, clocks), row.digest) for row in connection.execute(query)]


def _proposal(row: Any, clocks: Clocks | None) -> Proposal:
    content = row.content
    confirmed = row.c_at is not None and (clocks is None or row.c_at <= clocks.known_at)
    decided = row.d_at is not None and (clocks is None or row.d_at <= clocks.known_at)
    return Proposal(
        row.id, row.borrower, row.loan, row.kind, content["current"], content["proposed"], tuple(content["rules"]), content["stage"],
        tuple(content["evidence"]), row.as_of, row.by, row.at, row.d_state if decided else "open", row.d_by if decided else None,
        row.d_at if decided else None, row.d_reason if decided else None, content.get("explanation"),
        row.c_by if confirmed else None, row.c_at if confirmed else None,
    )  # fmt: skip


def _digest(borrower: str, loan: str | None, kind: str, current: str | None, proposed: str, rules: Sequence[str]) -> str:
    return hashlib.sha256(canonical_json([borrower, loan, kind, current, proposed, list(rules)]).encode()).hexdigest()
