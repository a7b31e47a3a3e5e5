"""Who is around one borrower, read outwards from it: only relations that touch it or those it touches, never the whole book.

A question about one loan must not read a million customers. The search follows every tie as far as the rulebook says, and ties of
control until nobody new is found.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tools.domain.related_parties import Ties, TieSettings
from tools.rulebook.money_rules import load_ties
from tools.toolbox.desk import Desk
from tools.toolbox.guarantees import resolver

BookRow = Mapping[str, Any]
MOST_ROUNDS = 12
MOST_ROWS = 5_000
"""Where a name is everybody's (a village, a fund) the search ends instead of reading the book after all."""


def ties_around(desk: Desk, borrower: str) -> Ties:
    """Ties of one borrower and of those around it, as far as the caller may see them."""
    if "ties" in desk.kept:  # the whole book was read for another reason
        whole: Ties = desk.kept["ties"]
        return whole
    key = ("ties", borrower)
    if key not in desk.kept:
        desk.kept[key] = _read(desk, borrower)
    found: Ties = desk.kept[key]
    return found


def _read(desk: Desk, borrower: str) -> Ties:
    settings = load_ties(desk.clocks.as_of)
    resolve = resolver(desk)
    rows: dict[str, BookRow] = {}
    customers: dict[str, BookRow] = {}
    seen: set[str] = set()
    ids, names = {borrower}, set[str]()
    for number in range(MOST_ROUNDS):
        if not (ids or names) or len(rows) > MOST_ROWS:
            break
        seen |= ids | names
        known = _customers(desk, ids)
        customers |= {str(row["id"]): row for row in known}
        fresh = _relations(desk, ids, names | {str(row["name"]) for row in known})
        ids, names = {str(row["id"]) for row in known} - seen, set()
        for row in fresh:
            rows[str(row["id"])] = row
            if not _followed(settings, row, number):
                continue
            other = row["related_customer_id"] or resolve(row["related_name"])
            ids |= {one for one in (str(row["customer_id"]), other) if one} - seen
            if not other:
                names |= {str(row["related_name"])} - seen
    return Ties(rows.values(), customers.values(), desk.clocks.as_of, settings, resolve)


def _followed(settings: TieSettings, row: BookRow, number: int) -> bool:
    """Whether the search goes on over this relation: any tie for the first steps, control afterwards."""
    rule = settings.ties.get(row["relation"])
    return rule is not None and (number < settings.hops or rule.control)


def _relations(desk: Desk, ids: set[str], names: set[str]) -> list[dict[str, Any]]:
    """Relations told by these customers, and relations others tell about them or about these names."""
    found: list[dict[str, Any]] = []
    for one in sorted(ids):
        found += desk.loan_book.rows(desk.caller, "relations", desk.clocks, borrower=one)
    if ids:
        found += desk.loan_book.rows(desk.caller, "relations", desk.clocks, where={"related_customer_id": sorted(ids)})
    if names:
        found += desk.loan_book.rows(desk.caller, "relations", desk.clocks, where={"related_name": sorted(names)})
    return found


def _customers(desk: Desk, ids: set[str]) -> list[dict[str, Any]]:
    """The customers' rows and those of their groups."""
    found: list[dict[str, Any]] = []
    for one in sorted(ids):
        found += desk.loan_book.rows(desk.caller, "customers", desk.clocks, borrower=one, limit=1)
    groups = sorted({str(row["group_id"]) for row in found if row["group_id"]})
    return found + (desk.loan_book.rows(desk.caller, "customers", desk.clocks, where={"group_id": groups}) if groups else [])
