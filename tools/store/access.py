"""From a person to a Caller: roles of the loan book's staff file and handbook 10, and grants with a time limit.

Nobody's role is guessed: an unknown id, or a role whose branch, region or grants are missing, sees nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, delete, func, or_, select, update

from tools.domain.callers import LOCAL, Caller
from tools.errors import BadRequest, NotPermitted
from tools.store.columns import utc
from tools.store.connection import Database
from tools.store.permissions import must_see_everything, must_write, roots
from tools.store.schema import grants, staff
from tools.store.trail import Act, Trail

ROLES = ("officer", "manager", "reviewer", "approver", "auditor", "admin", "service")
_FRONT = ("officer", "manager")


def branch_regions(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The region of each branch: the one its officers and managers name, else the one its other staff name. A branch for which
    several are named has none, because a guess would show rows to the wrong region."""
    named: dict[bool, dict[str, set[str]]] = {True: {}, False: {}}
    for row in rows:
        branch, region = row.get("branch_id"), row.get("region")
        if branch and region:
            named[row.get("role") in _FRONT].setdefault(str(branch), set()).add(str(region))
    votes = named[False] | named[True]
    return {branch: next(iter(regions)) for branch, regions in votes.items() if len(regions) == 1}


def resolve(user: str, rows: Iterable[Mapping[str, Any]], granted: Iterable[str] = (), *, at_machine: bool = True) -> Caller:
    """The Caller for `user`. `rows` are staff rows, `granted` the borrower ids of grants in force. `local`, the operator, exists only
    `at_machine`. An unknown user becomes a Caller that sees nothing."""
    rows = list(rows)
    if user == LOCAL.user:
        return LOCAL if at_machine else Caller(user=user, role="unknown")
    row = next((row for row in rows if row.get("id") == user), None)
    role = str(row.get("role")) if row else "unknown"
    branch = str(row.get("branch_id") or "") if row else ""
    extra = frozenset(granted)
    if role == "officer":
        return Caller(user, role, officer_id=user, borrowers=extra, can_write=True)
    if role == "manager":
        return Caller(user, role, branches=frozenset({branch} - {""}), borrowers=extra, can_write=True)
    if role == "reviewer":
        region = row.get("region") if row else None
        mine = frozenset(b for b, r in branch_regions(rows).items() if region and r == region)
        return Caller(user, role, branches=mine, borrowers=extra, can_write=True)
    if role in ("approver", "service"):
        return Caller(user, role, borrowers=extra, can_write=True)
    if role == "auditor":
        return Caller(user, role, everything=True)
    return Caller(user, role if role in ROLES else "unknown")


def store_staff(connection: Connection, rows: Iterable[Mapping[str, Any]], known_from: datetime) -> None:
    """Stores the staff rows of a book in place of those of an older one; a book older than the stored one changes nothing."""
    newest = connection.scalar(select(func.max(staff.c.known_from)))
    if newest is not None and newest > known_from:
        return
    values = [
        {column.name: row.get(column.name) or None for column in staff.c}
        | {"id": str(row["id"]), "name": str(row["name"]), "role": str(row["role"]), "known_from": known_from}
        for row in rows
    ]
    connection.execute(delete(staff))
    if values:
        connection.execute(staff.insert(), values)


def stored_staff(connection: Connection) -> list[dict[str, Any]]:
    """The staff rows of the newest book."""
    return [dict(row) for row in connection.execute(select(staff).order_by(staff.c.id)).mappings()]


class Access:
    """Staff as the newest book has it, and grants."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self.database = database
        self.trail = trail

    def resolve(self, user: str, at: datetime, *, at_machine: bool = True) -> Caller:
        """The Caller for `user` at `at`, from the stored staff and the grants in force."""
        if user == LOCAL.user:
            return resolve(user, (), at_machine=at_machine)
        running = (
            select(grants.c.borrower)
            .where(
                grants.c.user == user, grants.c.valid_from <= at, or_(grants.c.valid_until.is_(None), grants.c.valid_until > at)
            )
            .where(or_(grants.c.revoked_at.is_(None), grants.c.revoked_at > at))
        )
        with self.database.reading() as connection:
            own = connection.execute(select(staff).where(staff.c.id == user)).mappings().one_or_none()
            if own is None:
                return resolve(user, ())
            rows = stored_staff(connection) if own["role"] == "reviewer" else [dict(own)]
            return resolve(user, rows, connection.scalars(running))

    def user_of_slack(self, slack_user_id: str) -> str | None:
        """The staff id behind a Slack user; None when nobody, or more than one, has it."""
        with self.database.reading() as connection:
            found = connection.scalars(select(staff.c.id).where(staff.c.slack_user_id == slack_user_id)).all()
        return found[0] if len(found) == 1 else None

    def grant(
        self, caller: Caller, user: str, borrower: str, at: datetime, *, reason: str, until: datetime | None = None
    ) -> str:
        """Lets `user` see `borrower` from `at` until `until` (None: until revoked); recorded. Only somebody who may see the borrower can
        grant it, and never to himself. Returns the grant's id."""
        must_write(caller)
        if user == caller.user:
            raise NotPermitted("nobody may grant access to himself", where=f"user {user}", fix="Ask a colleague")
        if not reason.strip():
            raise BadRequest("a grant needs a reason", fix="Say why the access is needed")
        with self.database.writing() as unit:
            target = roots(unit.connection, caller, [borrower])[borrower]
            id = f"G-{uuid4().hex[:12]}"
            values = {"id": id, "user": user, "borrower": target, "valid_from": utc(at), "valid_until": until, "reason": reason.strip(),
                      "granted_by": caller.user}  # fmt: skip
            unit.connection.execute(grants.insert(), values)
            unit.touch("grant", id, caller, at)
            self.trail.append(caller, Act.GRANT, id, values, at, target)
            return id

    def revoke(self, caller: Caller, id: str, at: datetime) -> None:
        """Ends a grant; recorded. Raises BadRequest for a grant that does not exist or is over."""
        must_write(caller)
        with self.database.writing() as unit:
            row = unit.connection.execute(select(grants).where(grants.c.id == id, grants.c.revoked_at.is_(None))).one_or_none()
            if row is None:
                raise BadRequest(f"no running grant {id}")
            roots(unit.connection, caller, [row.borrower])
            unit.connection.execute(update(grants).where(grants.c.id == id).values(revoked_at=utc(at)))
            unit.touch("grant", id, caller, at)
            self.trail.append(caller, Act.GRANT, id, {"revoked": id, "user": row.user}, at, row.borrower)

    def staff(self, caller: Caller) -> list[dict[str, Any]]:
        """Every staff row, for those who see everything or administer users."""
        if caller.role != "admin":
            must_see_everything(caller, "the staff list")
        with self.database.reading() as connection:
            return stored_staff(connection)
