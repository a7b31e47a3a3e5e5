"""Use-of-proceeds flags of a borrower's loans, from the tracing desk, for loans whose drawing is seen on an account.

Tracing reads account after account; a loan whose money never shows on an account we hold cannot be traced, and is not asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from tools.domain.facts import Row
from tools.domain.loan_views import LoanView
from tools.domain.signal_case import FINISHED, UseFlag, UseOfProceeds, row_of
from tools.domain.usage import owners_on_the_way
from tools.domain.use_flags import Raised
from tools.toolbox.desk import Desk
from tools.toolbox.usage import usage_of
from tools.toolbox.use_told import seen_loans

BookRow = Mapping[str, Any]


def use_of_proceeds(desk: Desk, borrower: str, views: Sequence[LoanView], lines: Sequence[BookRow]) -> UseOfProceeds:
    """Flags of every loan still out. `lines` are the account lines of the borrower."""
    flags: list[UseFlag] = []
    blind: list[str] = []
    seen = seen_loans(desk)
    known = {str(row["id"]): row for row in lines}
    for view in views:
        if view.terms.status in FINISHED:
            continue
        if view.terms.id not in seen:
            blind.append(view.terms.id)
            continue
        usage = usage_of(desk, view.terms.id)
        owners = owners_on_the_way(usage)
        flags += [_flag(desk, view.terms.id, raised, known, owners) for raised in usage.flags]
    return UseOfProceeds(tuple(flags), tuple(blind))


def _flag(desk: Desk, loan: str, raised: Raised, known: Mapping[str, BookRow], owners: Mapping[str, frozenset[str]]) -> UseFlag:
    measured = raised.measured
    share = measured.share if not isinstance(measured.share, bool) else None
    rows = tuple(_line(desk, id, known) for id in measured.transactions) if raised.severity is not None else ()
    return UseFlag(
        loan,
        raised.rule.id,
        raised.severity,
        Decimal(measured.amount).scaleb(-2),
        share,
        tuple(row for row in rows if row is not None),
        raised.missing,
        frozenset().union(*(owners.get(id, frozenset()) for id in measured.transactions)),
    )


def _line(desk: Desk, id: str, known: Mapping[str, BookRow]) -> Row | None:
    """An account line as evidence; a payee's line is read when the borrower's own are not it."""
    return (
        row_of("account_transactions", known[id])
        if id in known
        else desk.loan_book.row(desk.caller, "account_transactions", id, desk.clocks)
    )
