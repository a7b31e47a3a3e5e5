"""Who belongs to a borrower: owners, controllers, sisters, firms at the same address, and groups of customers under one control.

A tie is told by either side: what a customer says about another name counts from that name's side too. Two customers with one
controller are related over that person. Which relations tie, from which share, and how far the search goes is rulebook data.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from tools.domain.guarantees import Resolve, party
from tools.domain.rules import RowId

BookRow = Mapping[str, Any]
BACK = {
    "parent": "subsidiary", "subsidiary": "parent", "shareholder": "holding", "actual_controller": "controlled",
    "legal_representative": "represented", "same_address": "same_address",
}  # fmt: skip
"""A relation seen from the other side."""


@dataclass(frozen=True, slots=True)
class TieRule:
    """When a relation ties: from this share on (a blank share counts); `control`: both belong to one group."""

    least: Decimal
    control: bool


@dataclass(frozen=True, slots=True)
class TieSettings:
    """`ties` by relation; `hops` of the search; a guarantee component of `component` firms counts as a circle; `depth` of contagion."""

    ties: Mapping[str, TieRule]
    hops: int
    component: int
    depth: int


@dataclass(frozen=True, slots=True)
class Related:
    """One related party. `kinds`: the relations of the last step, `path`: parties from the borrower to it, both included."""

    party: str
    name: str
    kinds: tuple[str, ...]
    path: tuple[str, ...]
    rows: tuple[RowId, ...]


@dataclass(frozen=True, slots=True)
class _Step:
    other: str
    kind: str
    control: bool
    row: RowId


class Ties:
    """All ties of a set of relation rows in force on a day, and the groups they make."""

    def __init__(
        self, relations: Iterable[BookRow], customers: Iterable[BookRow], day: date, settings: TieSettings, resolve: Resolve
    ) -> None:
        self.settings = settings
        self.names: dict[str, str] = {}
        self._steps: dict[str, list[_Step]] = defaultdict(list)
        self._groups: dict[str, list[str]] = defaultdict(list)
        for customer in customers:
            self.names[str(customer["id"])] = customer["name"]
            if customer.get("group_id"):
                self._groups[str(customer["group_id"])].append(str(customer["id"]))
        for row in relations:
            rule = settings.ties.get(row["relation"])
            if rule is None or not _ties(row, rule, day):
                continue
            own, other = str(row["customer_id"]), party(row.get("related_customer_id"), row["related_name"], resolve)
            self.names.setdefault(other, row["related_name"])
            id = str(row.get("id") or f"{own}:{row['relation']}:{row['related_name']}")
            self._steps[own].append(_Step(other, row["relation"], rule.control, ("relations", id)))
            self._steps[other].append(_Step(own, BACK[row["relation"]], rule.control, ("relations", id)))
        for id, members in self._groups.items():
            for member in members:
                self._steps[member] += [
                    _Step(other, "same_group", True, ("customers", other)) for other in members if other != member
                ]
            self.names.setdefault(f"group:{id}", id)

    def related(self, borrower: str) -> tuple[Related, ...]:
        """Everybody related to `borrower`, nearest first. The search goes on through people and firms, at most `hops` ties far."""
        found: dict[str, Related] = {}
        open_: deque[tuple[str, tuple[str, ...]]] = deque([(borrower, (borrower,))])
        while open_:
            at, path = open_.popleft()
            if len(path) > self.settings.hops:
                continue
            near: dict[str, list[_Step]] = defaultdict(list)
            for step in self._steps[at]:
                near[step.other].append(step)
            for other, steps in sorted(near.items()):
                if other == borrower or other in found:
                    continue
                kinds = tuple(dict.fromkeys(step.kind for step in steps))
                rows = tuple(dict.fromkeys(step.row for step in steps))
                found[other] = Related(other, self.names.get(other, other), kinds, (*path, other), rows)
                open_.append((other, (*path, other)))
        return tuple(found.values())

    def group(self, borrower: str) -> tuple[str, ...]:
        """Customers and others under one control with `borrower`, itself included, over any number of control ties."""
        seen, open_ = {borrower}, deque([borrower])
        while open_:
            for step in self._steps[open_.popleft()]:
                if step.control and step.other not in seen:
                    seen.add(step.other)
                    open_.append(step.other)
        return tuple(sorted(seen))


def _ties(row: BookRow, rule: TieRule, day: date) -> bool:
    start, end, share = row.get("start_date"), row.get("end_date"), row.get("share")
    running = (start is None or start <= day) and (end is None or day <= end)
    return running and (share is None or share >= rule.least)
