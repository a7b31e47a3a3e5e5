"""Settings of the loan maths under a bank's own file or a draft: allocation, arrears, covenant testing, stress, capacity.

A bank writes only what it does differently: an own entry of a setting is laid key by key over the one in force below it. Allocation
orders and scenarios are lists, so that an own entry adds one, or takes the place of that with its id.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from tools.domain.definitions import Layer
from tools.errors import NothingInForce, RulebookError
from tools.rulebook.entries import HERE, Entry, in_force, read_entries, read_file
from tools.rulebook.layers import Sort, entries_of, layered

SINGLE: tuple[Sort, ...] = ("repayment", "covenant_testing", "capacity", "repricing")
LISTS: tuple[Sort, ...] = ("allocation", "scenario")
PARTS: tuple[Sort, ...] = ("scorecard", "mitigants")
PLACES: Mapping[Sort, str] = {
    "repayment": "conventions/repayment.yaml", "covenant_testing": "covenants/testing.yaml", "capacity": "conventions/capacity.yaml",
    "repricing": "conventions/repricing.yaml", "scorecard": "rating/scorecards.yaml", "mitigants": "mitigants/mitigants.yaml",
    "allocation": "conventions/allocation.yaml", "scenario": "conventions/stress.yaml",
}  # fmt: skip


def setting(path: Path, sort: Sort, as_of: date | None, layers: Sequence[Layer] = (), known_at: date | None = None) -> Entry:
    """The one setting of a sort in force at `as_of`; its id is the sort's. Raises RulebookError when there is none."""
    found = _standing(read_entries(read_file(path), path.name), sort, as_of)
    if found is None:
        raise _nothing(sort, as_of, path)
    return _laid(found, [_standing(_written(layer, sort, known_at), sort, as_of) for layer in layers])


def parts(
    path: Path, sort: Sort, as_of: date | None, layers: Sequence[Layer] = (), known_at: date | None = None
) -> dict[str, Entry]:
    """The settings of a sort that has several, each laid key by key, by id. Raises RulebookError for an own entry of an unknown id."""
    built_in = read_entries(read_file(path), path.name)
    known = {entry.id for entry in built_in}
    found = {entry.id: entry for entry in in_force(built_in, as_of, None)}
    if lost := sorted(known - set(found)):
        raise _nothing(lost[0], as_of, path)
    for layer in layers:
        own = _written(layer, sort, known_at)
        for entry in own:
            if entry.id not in known:
                raise RulebookError(f"is called {entry.id!r}", where=entry.place, fix=f"One of {', '.join(sorted(known))}")
        for entry in in_force(own, as_of, None):
            found[entry.id] = _laid(found[entry.id], [entry])
    return found


def _nothing(id: str, as_of: date | None, path: Path) -> NothingInForce:
    return NothingInForce(
        f"nothing called {id!r} is in force on {as_of}",
        where=path.name,
        fix="Ask for a later day, or add a version for that one",
    )


def _laid(found: Entry, above: Sequence[Entry | None]) -> Entry:
    """`found` with each of `above` laid over it in turn."""
    for own in above:
        if own is not None:
            if own.origin.version == found.origin.version:
                raise RulebookError(
                    f"has the number of the version it is laid over ({own.origin.version})", where=own.place,
                    fix="Raise the version, so that what was judged under the older one can be told apart",
                )  # fmt: skip
            found = replace(own, data=_over(found.data, own.data))
    return found


def listed(path: Path, sort: Sort, layers: Sequence[Layer] = (), known_at: date | None = None) -> list[Entry]:
    """Every version of every entry of a file with those of the layers, each for its own days."""
    return layered(read_entries(read_file(path), path.name), layers, sort, known_at)


def settings_in_force(layers: Sequence[Layer], as_of: date, known_at: date | None = None) -> dict[str, tuple[Sort, Entry]]:
    """Every setting in force on a day, by id, with its sort: what two rulebooks are compared by."""
    found: dict[str, tuple[Sort, Entry]] = {}
    for sort in SINGLE:
        found[sort] = (sort, setting(HERE / PLACES[sort], sort, as_of, layers, known_at))
    for sort in PARTS:
        for id, entry in parts(HERE / PLACES[sort], sort, as_of, layers, known_at).items():
            found[id] = (sort, entry)
    for sort in LISTS:
        for entry in in_force(listed(HERE / PLACES[sort], sort, layers, known_at), as_of, None):
            found[entry.id] = (sort, entry)
    return found


def first_days(layers: Sequence[Layer], sort: Sort) -> list[date]:
    """Days on which an own entry of this sort begins to hold, so that each can be tried before any is used."""
    return sorted({entry.origin.effective_from for layer in layers for kind, entry in entries_of(layer) if kind == sort})


def _written(layer: Layer, sort: Sort, known_at: date | None) -> list[Entry]:
    return [
        entry
        for kind, entry in entries_of(layer)
        if kind == sort and (layer.draft or known_at is None or entry.origin.recorded_from <= known_at)
    ]


def _standing(entries: Sequence[Entry], id: str, as_of: date | None) -> Entry | None:
    for entry in entries:
        if entry.id != id:
            raise RulebookError(f"is called {entry.id!r}", where=entry.place, fix=f"A setting of this sort is called {id!r}")
    return next(iter(in_force(entries, as_of, None)), None)


def _over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """`above` key by key; a mapping is laid over the mapping below it."""
    made = dict(below)
    for key, value in above.items():
        under = made.get(key)
        made[key] = {**under, **value} if isinstance(value, dict) and isinstance(under, dict) else value
    return made
