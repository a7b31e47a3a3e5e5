"""Which rules are different between two rulebooks, and what stands on them: the reason for whatever comes out differently."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from tools.domain.definitions import Definition, Parameter, Rulebook
from tools.domain.rules import Rule
from tools.domain.signals import Signal
from tools.domain.tree import names
from tools.rulebook.checks import definitions, expressions
from tools.rulebook.entries import Entry
from tools.rulebook.layers import pinned
from tools.rulebook.loan_rules import classification_under
from tools.rulebook.settings import settings_in_force
from tools.rulebook.signal_rules import signals_under
from tools.rulebook.whole import NAMED

Held = Signal | Rule | Definition | Parameter | Entry


@dataclass(frozen=True)
class Changes:
    """`entries`: every rule that was added, changed or removed. `signals`: ids of those among them. `figures`: definitions that changed or
    stand on one that did. `reach`: signal → (name, rule before, rule after) of changed definitions below it."""

    entries: tuple[Mapping[str, Any], ...] = ()
    signals: frozenset[str] = frozenset()
    figures: tuple[str, ...] = ()
    reach: Mapping[str, Sequence[tuple[str, str | None, str | None]]] = field(default_factory=dict)

    @property
    def sorts(self) -> frozenset[str]:
        """What sorts of rules are different."""
        return frozenset(entry["sort"] for entry in self.entries)

    def below(self, signal: str) -> Sequence[tuple[str, str | None, str | None]]:
        """Changed definitions the signal stands on."""
        return self.reach.get(signal, ())


def changes_between(before: Rulebook, after: Rulebook, known_at: date) -> Changes:
    """What is different, for rulebooks that were both picked for a day. Allocation orders go by the day of each payment, whatever the
    day picked."""
    old, new = (_signals(book, known_at) for book in (before, after))
    moved = _moved("signal", old, new)
    floors = _moved("classification", *(_rules(book, known_at) for book in (before, after)))
    figures = _moved("figure", *(_figures(book) for book in (before, after)))
    settings = _settings(before, after, known_at)
    changed = {entry["id"]: (entry["before"], entry["after"]) for entry in figures}
    needs = _needs(before) | _needs(after)
    standing = _above(changed, needs)
    reach = {}
    for signal in {**old, **new}.values():
        asked = set(_asked(signal))
        below = {name for ask in asked for name in _below(ask, needs)} & set(changed)
        reach[signal.id] = [(name, *changed[name]) for name in sorted(below)]
    known = [name for name in sorted(standing) if before.definition(name) and after.definition(name)]
    return Changes((*moved, *floors, *settings, *figures), frozenset(entry["id"] for entry in moved), tuple(known), reach)


def _signals(book: Rulebook, known_at: date) -> dict[str, Signal]:
    return {signal.id: signal for signal in signals_under(book, known_at).signals}


def _rules(book: Rulebook, known_at: date) -> dict[str, Rule]:
    return {rule.id: rule for rule in classification_under(book, known_at).rules}


def _settings(before: Rulebook, after: Rulebook, known_at: date) -> list[dict[str, Any]]:
    """Settings of repayment, covenant testing and stress that are different."""
    if before.as_of is None or after.as_of is None:
        return []
    old, new = (settings_in_force(book.layers, book.as_of, known_at) for book in (before, after) if book.as_of is not None)
    sorts = {id: NAMED[sort] for id, (sort, _) in {**old, **new}.items()}
    moved = _moved("setting", {id: entry for id, (_, entry) in old.items()}, {id: entry for id, (_, entry) in new.items()})
    return [{**entry, "sort": sorts[entry["id"]]} for entry in moved]


def _figures(book: Rulebook) -> dict[str, Definition | Parameter]:
    found: dict[str, Definition | Parameter] = {held.id: held for held in definitions(book)}
    return {**found, **book.parameters}


def _moved(sort: str, old: Mapping[str, Held], new: Mapping[str, Held]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for id in sorted({*old, *new}):
        one, other = old.get(id), new.get(id)
        if one is None or other is None or _bare(one) != _bare(other):
            change = "added" if one is None else "removed" if other is None else "changed"
            found.append({"id": id, "sort": sort, "change": change, "before": _key(one), "after": _key(other)})
    return found


def _bare(held: Held) -> Held:
    """Without its dates: the same rule for longer is the same rule on the day it was picked for."""
    return replace(held, origin=replace(pinned(held.origin), recorded_from=date.min))


def _key(held: Held | None) -> str | None:
    return f"{held.id}@{held.origin.version}" if held is not None else None


def _needs(book: Rulebook) -> dict[str, frozenset[str]]:
    return {held.id: frozenset(name for _, node in expressions(held) for name in names(node)) for held in definitions(book)}


def _above(changed: Mapping[str, Any], needs: Mapping[str, frozenset[str]]) -> set[str]:
    return {name for name in needs if set(_below(name, needs)) & set(changed)}


def _below(name: str, needs: Mapping[str, frozenset[str]]) -> Iterator[str]:
    """The name and everything it stands on."""
    seen: set[str] = set()
    stack = [name]
    while stack:
        one = stack.pop()
        if one not in seen:
            seen.add(one)
            yield one
            stack += needs.get(one, ())


def _asked(signal: Signal) -> Iterator[str]:
    for node in (signal.value, *(level.condition for level in signal.levels)):
        yield from names(node)
