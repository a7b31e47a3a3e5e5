"""The one place that turns a Caller into a row filter. Every query of the store is built with it.

A row belongs to a borrower; a borrower is visible by its officer, by its branch, by an explicit grant, or, while no book knows
it, to the person whose document named it. Roles and regions become branches and grants before a Caller exists (`access`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, false, func, or_, select, true

from tools.domain.callers import Caller
from tools.errors import NotPermitted, UnknownBorrower
from tools.store.schema import borrowers


def visible(caller: Caller, column: ColumnElement[Any]) -> ColumnElement[bool]:
    """Rows whose borrower id in `column` the caller may see. NULL is visible only to those who see everything."""
    if caller.everything:
        return true()
    if caller.sees_nothing:
        return false()
    return column.in_(select(borrowers.c.id).where(permitted(caller)))


def permitted(caller: Caller) -> ColumnElement[bool]:
    """The same as a condition on the `borrowers` table itself."""
    if caller.everything:
        return true()
    if caller.sees_nothing:
        return false()
    ways: list[ColumnElement[bool]] = [and_(borrowers.c.provisional, borrowers.c.created_by == caller.user)]
    if caller.officer_id:
        ways.append(borrowers.c.officer_id == caller.officer_id)
    if caller.branches:
        ways.append(borrowers.c.branch_id.in_(sorted(caller.branches)))
    if caller.borrowers:
        ways.append(borrowers.c.id.in_(sorted(caller.borrowers)))
    return or_(*ways)


def own_or_visible(caller: Caller, column: ColumnElement[Any], user: ColumnElement[Any]) -> ColumnElement[bool]:
    """Rows of visible borrowers, and the caller's own rows that belong to no borrower."""
    if caller.everything:
        return true()
    return or_(visible(caller, column), and_(column.is_(None), user == caller.user))


def must_write(caller: Caller) -> None:
    """Raises NotPermitted for a caller who may only read."""
    if not caller.can_write:
        raise NotPermitted(f"the role {caller.role} may not record anything", where=f"user {caller.user}")


def must_see_everything(caller: Caller, what: str) -> None:
    """Raises NotPermitted unless the caller is an auditor or the operator."""
    if not caller.everything:
        raise NotPermitted(f"{what} is for auditors and the operator of the machine", where=f"user {caller.user}")


def roots(connection: Connection, caller: Caller, wanted: Iterable[str]) -> dict[str, str]:
    """Each id with the borrower it stands for now (itself, or the one it was merged into). Raises UnknownBorrower for ids that do
    not exist or may not be seen: the two look the same."""
    found: dict[str, str] = {}
    for borrower in sorted(set(wanted)):
        row = None
        if not caller.sees_nothing:
            query = select(borrowers.c.id, borrowers.c.merged_into).where(borrowers.c.id == borrower, permitted(caller))
            row = connection.execute(query).one_or_none()
        if row is None:
            raise UnknownBorrower(f"no borrower {borrower}", fix="Check the id, or find the borrower by its name")
        found[borrower] = row.merged_into or row.id
    return found


def family(borrower: str) -> Select[tuple[str]]:
    """SQL: `borrower`, what it was merged into, and everything merged into that."""
    root = root_of(borrower)
    return select(borrowers.c.id).where(or_(borrowers.c.id == root, borrowers.c.merged_into == root))


def root_of(borrower: str) -> ColumnElement[Any]:
    """SQL: the borrower that `borrower` stands for now, so that an id given before a merge keeps working."""
    target = select(borrowers.c.merged_into).where(borrowers.c.id == borrower).scalar_subquery()
    return func.coalesce(target, borrower)
