"""Who stands around whom in guarantees, worked out once for a run: circles, components, and how badly each member stands.

What the asker may not see is not there; a borrower whose guarantees lead to firms that are hidden from him is marked, so that no
circle found is no proof that there is none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tools.domain.guarantees import NAMED, Guarantee, circles
from tools.domain.signal_case import Neighbours
from tools.rulebook.money_rules import load_ties
from tools.toolbox.desk import Desk
from tools.toolbox.guarantees import guarantee_book

GIVEN = ("guarantee_given", "guarantee_received")


@dataclass
class Neighbourhood:
    """Guarantees of everybody the asker may see. `severities` is filled while a run goes over the borrowers: id → worst severity on
    its own account, None for nothing."""

    guarantees: Sequence[Guarantee] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    visible: Collection[str] | None = None
    size: int = 5
    severities: dict[str, str | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._circle = {member: circle.members for circle in circles(self.guarantees) for member in circle.members}
        self._component = components(self.guarantees)
        self._guarantors: dict[str, list[str]] = defaultdict(list)
        for guarantee in self.guarantees:
            self._guarantors[guarantee.debtor].append(guarantee.guarantor)

    @property
    def members(self) -> frozenset[str]:
        """Customers whose guarantees make somebody else's signals depend on their own."""
        return frozenset(party for party in self._component if not party.startswith(NAMED))

    def of(self, borrower: str) -> Neighbours:
        """One borrower's neighbours."""
        component = self._component.get(borrower, ())
        guarantors = sorted(set(self._guarantors.get(borrower, ())))
        own = [party for party in guarantors if not party.startswith(NAMED)]
        hidden = self.visible is not None and any(not p.startswith(NAMED) and p not in self.visible for p in component)
        direct = {
            party
            for g in self.guarantees
            if borrower in (g.guarantor, g.debtor)
            for party in (g.guarantor, g.debtor)
        } if component else set()  # fmt: skip
        return Neighbours(
            circle=self._circle.get(borrower, ()), component=component, guarantors=tuple(own), outsiders=len(guarantors) - len(own),
            sees_all=not hidden, severities=self.severities, component_size=self.size,
            names={party: self.names.get(party, party.removeprefix(NAMED)) for party in direct},
        )  # fmt: skip


def neighbourhood(desk: Desk) -> Neighbourhood:
    """Everybody the desk's caller may see."""
    book = guarantee_book(desk)
    return Neighbourhood(
        book.guarantees, book.names, desk.store.borrowers.ids(desk.caller), load_ties(desk.clocks.as_of).component
    )


def around(desk: Desk, borrower: str) -> Neighbourhood:
    """For one borrower: the same, unless nothing of his and nobody else's rows speak of a guarantee of his."""
    book = desk.loan_book

    def some(table: str, **more: object) -> bool:
        return bool(book.rows(desk.caller, table, desk.clocks, limit=1, **more))  # type: ignore[arg-type]

    speaks = (
        some("guarantors", borrower=borrower)
        or some("relations", borrower=borrower, where={"relation": list(GIVEN)})
        or some("relations", where={"related_customer_id": borrower, "relation": list(GIVEN)})
        or some("guarantors", where={"customer_id": borrower})
    )
    return neighbourhood(desk) if speaks else Neighbourhood()


def components(guarantees: Iterable[Guarantee]) -> dict[str, tuple[str, ...]]:
    """Party → everybody joined to it over guarantees in either direction, itself included."""
    parent: dict[str, str] = {}

    def root(party: str) -> str:
        parent.setdefault(party, party)
        while parent[party] != party:
            parent[party] = parent[parent[party]]
            party = parent[party]
        return party

    for guarantee in guarantees:
        one, other = root(guarantee.guarantor), root(guarantee.debtor)
        if one != other:
            parent[max(one, other)] = min(one, other)
    groups: dict[str, list[str]] = defaultdict(list)
    for party in parent:
        groups[root(party)].append(party)
    return {party: tuple(sorted(members)) for members in groups.values() for party in members}
