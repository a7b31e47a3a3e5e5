"""Who stands behind whom: guarantees as a graph, its circles (担保圈), its chains, and what a fall sets off.

A guarantee points from the guarantor to the debtor; trouble runs the other way. Members of one strongly connected part owe for
each other in a circle: no guarantee in it is worth more than the whole circle. Amounts of two currencies are never added.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from tools.domain.names import normal_name
from tools.domain.rules import RowId

ZERO = Decimal(0)
NAMED = "name:"
"""Marks a party that is no customer: the rest is its normal name."""
BookRow = Mapping[str, Any]
Resolve = Callable[[str], str | None]
"""The customer whom a name means, or None."""


@dataclass(frozen=True, slots=True)
class Guarantee:
    """`guarantor` owes for `debtor`. `amount` None: without limit or not said. `loans`: those it covers, none said: all."""

    guarantor: str
    debtor: str
    amount: Decimal | None
    currency: str | None
    start: date | None
    end: date | None
    loans: tuple[str, ...]
    rows: tuple[RowId, ...]

    def holds(self, day: date) -> bool:
        """Whether it is in force on `day`; open ends hold."""
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True)
class Circle:
    """Parties that owe for each other in a circle. `ring`: a shortest way round, first member last again, guarantor before debtor."""

    members: tuple[str, ...]
    ring: tuple[str, ...]
    guarantees: tuple[Guarantee, ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """How trouble reaches a party: `path` from the fallen debtor to it, each next one the guarantor of the one before. `called`: what
    it may be asked for by the last step, limited by the guarantee and by what the debtor owes; None when neither is known."""

    party: str
    path: tuple[str, ...]
    guarantee: Guarantee
    called: Decimal | None


@dataclass(frozen=True, slots=True)
class Fall:
    """One party that falls in `round` because it is asked for `called` and can bear `bears` (None: unknown, it is taken to fall)."""

    party: str
    round: int
    called: Decimal
    bears: Decimal | None


def guarantees_of(
    guarantors: Iterable[BookRow], relations: Iterable[BookRow], debtor_of: Mapping[str, str], resolve: Resolve
) -> tuple[Guarantee, ...]:
    """Guarantees from `guarantors` rows (by the loans they cover) and `relations` rows (guarantee_given, guarantee_received).

    A relation that only repeats what a guarantors row says, and the same relation told from both sides, count once."""
    found: list[Guarantee] = []
    for row in guarantors:
        covered: dict[str, list[str]] = defaultdict(list)
        for loan in row["loan_ids"] or ():
            if loan in debtor_of:
                covered[debtor_of[loan]].append(loan)
        for debtor, loans in covered.items():
            # one guarantee over loans of two debtors is one promise: its amount is no promise to each of them
            amount = row.get("amount") if len(covered) == 1 else None
            found.append(
                Guarantee(
                    party(row.get("customer_id"), row["name"], resolve), debtor, amount, row.get("currency_code"),
                    row.get("start_date"), row.get("end_date"), tuple(loans), (("guarantors", str(row["id"])),),
                )
            )  # fmt: skip
    told = {(g.guarantor, g.debtor) for g in found}
    once: dict[tuple[str, str, Decimal | None, date | None], Guarantee] = {}
    for row in relations:
        if row["relation"] not in ("guarantee_given", "guarantee_received"):
            continue
        own, other = str(row["customer_id"]), party(row.get("related_customer_id"), row["related_name"], resolve)
        guarantor, debtor = (own, other) if row["relation"] == "guarantee_given" else (other, own)
        if (guarantor, debtor) in told or guarantor == debtor:
            continue
        key = (guarantor, debtor, row.get("amount"), row.get("start_date"))
        id = str(row.get("id") or f"{own}:{row['relation']}:{row['related_name']}")
        rows = (*(once[key].rows if key in once else ()), ("relations", id))
        once[key] = Guarantee(
            guarantor, debtor, row.get("amount"), row.get("currency_code"), row.get("start_date"), row.get("end_date"), (), rows
        )
    return tuple(sorted((*found, *once.values()), key=lambda g: (g.guarantor, g.debtor, g.start or date.min, g.rows)))


def party(customer: str | None, name: str, resolve: Resolve) -> str:
    """The customer's id, else the customer whom the name means, else the name itself marked as no customer."""
    return customer or resolve(name) or NAMED + normal_name(name)


def in_force(guarantees: Iterable[Guarantee], day: date) -> tuple[Guarantee, ...]:
    """Those that hold on `day`."""
    return tuple(g for g in guarantees if g.holds(day))


def circles(guarantees: Sequence[Guarantee]) -> tuple[Circle, ...]:
    """Every strongly connected part with a circle in it, largest first."""
    import networkx as nx

    graph = _graph(guarantees)
    found = []
    for members in nx.strongly_connected_components(graph):
        if len(members) < 2:
            continue
        inside = tuple(g for g in guarantees if g.guarantor in members and g.debtor in members)
        found.append(Circle(tuple(sorted(members)), _ring(graph.subgraph(members)), inside))
    return tuple(sorted(found, key=lambda circle: (-len(circle.members), circle.members)))


def circle_of(guarantees: Sequence[Guarantee], who: str) -> Circle | None:
    """The circle `who` is in, or None."""
    return next((circle for circle in circles(guarantees) if who in circle.members), None)


def connected(guarantees: Sequence[Guarantee], who: str) -> tuple[str, ...]:
    """Everybody reached from `who` over guarantees in either direction, `who` included."""
    near: dict[str, set[str]] = defaultdict(set)
    for g in guarantees:
        near[g.guarantor].add(g.debtor)
        near[g.debtor].add(g.guarantor)
    seen, open_ = {who}, deque([who])
    while open_:
        for other in sorted(near[open_.popleft()] - seen):
            seen.add(other)
            open_.append(other)
    return tuple(sorted(seen))


def contagion(guarantees: Sequence[Guarantee], fallen: str, owed: Mapping[str, Decimal], depth: int = 5) -> tuple[Spread, ...]:
    """Whom the fall of `fallen` reaches, nearest first, each by a shortest path of at most `depth` guarantees. `owed`: what each
    party owes, as far as it is known."""
    behind: dict[str, list[Guarantee]] = defaultdict(list)
    for g in guarantees:
        behind[g.debtor].append(g)
    reached: dict[str, Spread] = {}
    open_: deque[tuple[str, tuple[str, ...]]] = deque([(fallen, (fallen,))])
    while open_:
        debtor, path = open_.popleft()
        if len(path) > depth:
            continue
        for g in behind[debtor]:
            if g.guarantor == fallen or g.guarantor in reached:
                continue
            reached[g.guarantor] = Spread(g.guarantor, (*path, g.guarantor), g, _called(g, owed.get(debtor)))
            open_.append((g.guarantor, (*path, g.guarantor)))
    return tuple(reached.values())


def cascade(
    guarantees: Sequence[Guarantee], fallen: Iterable[str], owed: Mapping[str, Decimal], bears: Mapping[str, Decimal]
) -> tuple[Fall, ...]:
    """Who falls round by round: what a fallen debtor owes is asked from each guarantor up to its promise, all promises to all
    fallen debtors add up, and who can bear less falls in the next round. One currency only: the caller sees to that."""
    down: dict[str, int] = dict.fromkeys(fallen, 0)
    falls: list[Fall] = []
    round_ = 0
    while True:
        round_ += 1
        asked: dict[str, Decimal] = defaultdict(lambda: ZERO)
        for g in guarantees:
            if g.debtor in down and g.guarantor not in down:
                asked[g.guarantor] += _called(g, owed.get(g.debtor)) or ZERO
        new = [
            Fall(who, round_, called, bears.get(who))
            for who, called in sorted(asked.items())
            if called > 0 and (who not in bears or called > bears[who])
        ]
        if not new:
            return tuple(falls)
        falls += new
        down.update((fall.party, round_) for fall in new)


def exposure(members: Iterable[str], balances: Mapping[str, Mapping[str, Decimal]]) -> dict[str, Decimal]:
    """Currency → what `members` owe us together. `balances`: party → currency → balance."""
    total: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for member in members:
        for currency, amount in balances.get(member, {}).items():
            total[currency] += amount
    return dict(sorted(total.items()))


def _called(guarantee: Guarantee, owed: Decimal | None) -> Decimal | None:
    limits = [amount for amount in (guarantee.amount, owed) if amount is not None]
    return min(limits) if limits else None


def _graph(guarantees: Iterable[Guarantee]) -> Any:
    import networkx as nx

    graph = nx.DiGraph()
    graph.add_edges_from(sorted({(g.guarantor, g.debtor) for g in guarantees if g.guarantor != g.debtor}))
    return graph


def _ring(graph: Any) -> tuple[str, ...]:
    """A shortest circle through the first member, found from its followers back to it."""
    import networkx as nx

    first = min(graph.nodes)
    ways = [nx.shortest_path(graph, after, first) for after in sorted(graph.successors(first))]
    best = min(ways, key=lambda way: (len(way), way))
    return (first, *best)
