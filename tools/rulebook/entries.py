"""Reads the rulebook's YAML: exact numbers, no duplicate keys, dated entries with every key accounted for.

Any folder of rules can be read with this (ratios here, signals and classification elsewhere): an entry is data until
somebody gives its keys a meaning, but its dates, version and source always mean the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from tools.domain.definitions import Origin
from tools.errors import RulebookError

HERE = Path(__file__).resolve().parent
DATING = frozenset({"id", "version", "jurisdiction", "source", "effective_from", "effective_to", "recorded_from", "scope"})
"""Keys every dated entry has, its own or from the file's `defaults`."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One dated entry: `data` without the dating keys."""

    id: str
    origin: Origin
    data: Mapping[str, Any]

    @property
    def place(self) -> str:
        """File and id, for messages."""
        return f"{self.origin.file}, {self.id}@{self.origin.version}"


class _Exact(yaml.CSafeLoader):
    """Decimal instead of float, and a key given twice is an error rather than a silent win of the second."""


def _decimal(_: _Exact, node: yaml.ScalarNode) -> Decimal:
    return Decimal(node.value.replace("_", ""))


def _mapping(loader: _Exact, node: yaml.MappingNode) -> dict[Any, Any]:
    pairs = [(loader.construct_object(key, deep=True), loader.construct_object(value, deep=True)) for key, value in node.value]
    made = dict(pairs)
    if len(made) != len(pairs):
        raise yaml.MarkedYAMLError(problem="a key is given twice", problem_mark=node.start_mark)
    return made


_Exact.add_constructor("tag:yaml.org,2002:float", _decimal)
_Exact.add_constructor("tag:yaml.org,2002:map", _mapping)


def read_yaml(text: str, file: str) -> dict[str, Any]:
    """The mapping in `text`. Raises RulebookError naming file and line."""
    try:
        data = yaml.load(text, Loader=_Exact)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else "?"
        raise RulebookError(f"not valid YAML: {error.problem}", where=f"{file}, line {line}", fix="Correct the file") from error
    except yaml.YAMLError as error:
        raise RulebookError(f"not valid YAML: {error}", where=file, fix="Correct the file") from error
    if not isinstance(data, dict):
        raise RulebookError("holds no mapping", where=file, fix="Start with `entries:`")
    return data


def read_file(path: Path) -> dict[str, Any]:
    """The mapping in a rulebook file. Raises RulebookError when it cannot be read."""
    try:
        return read_yaml(path.read_text(encoding="utf-8"), path.name)
    except OSError as error:
        raise RulebookError(
            f"cannot be read: {error.strerror}", where=str(path), fix="Reinstall, or restore the file"
        ) from error


def refuse_unknown(data: Mapping[str, Any], known: Collection[str], where: str) -> None:
    """Raises RulebookError for a key nobody reads: a typo must not become a default."""
    unknown = sorted(str(key) for key in data if key not in known)
    if unknown:
        raise RulebookError(f"unknown key {', '.join(unknown)}", where=where, fix=f"Known: {', '.join(sorted(known))}")


def read_entries(data: Mapping[str, Any], file: str) -> list[Entry]:
    """The dated entries of one file, its `defaults` filled in. Raises RulebookError for what is missing or has a wrong type."""
    refuse_unknown(data, {"defaults", "entries"}, file)
    defaults = data.get("defaults") or {}
    return [_entry({**defaults, **raw}, file) for raw in _list(data.get("entries"), file)]


def _list(value: Any, file: str) -> list[Mapping[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise RulebookError("`entries` is not a list of mappings", where=file, fix="Write `- id: …` items")
    return value


def _entry(raw: Mapping[str, Any], file: str) -> Entry:
    where = f"{file}, {raw.get('id', 'an entry without id')}"
    missing = sorted(key for key in DATING if key not in raw)
    if missing:
        raise RulebookError(f"lacks {', '.join(missing)}", where=where, fix="Give it in the entry or in the file's defaults")
    kinds: list[tuple[str, type | tuple[type, ...]]] = [
        ("id", str), ("version", int), ("jurisdiction", str), ("source", dict), ("effective_from", date),
        ("effective_to", (date, type(None))), ("recorded_from", date), ("scope", dict),
    ]  # fmt: skip
    for key, kind in kinds:
        if not isinstance(raw[key], kind):
            raise RulebookError(f"{key} is {raw[key]!r}", where=where, fix="Dates as YYYY-MM-DD, version as a whole number")
    if not raw["source"].get("title"):
        raise RulebookError("the source has no title", where=where, fix="Say where the rule comes from")
    if raw["effective_to"] is not None and raw["effective_to"] < raw["effective_from"]:
        raise RulebookError("effective_to is before effective_from", where=where, fix="Correct the dates")
    origin = Origin(
        raw["version"], raw["jurisdiction"], raw["source"], raw["effective_from"], raw["effective_to"],
        raw["recorded_from"], raw["scope"], file,
    )  # fmt: skip
    return Entry(raw["id"], origin, {key: value for key, value in raw.items() if key not in DATING})


def in_force(entries: Iterable[Entry], as_of: date | None, known_at: date | None) -> list[Entry]:
    """One entry per id: the version in force at the business date `as_of` among those recorded by `known_at`.

    Without `as_of`, the one without an end, else the latest to end. Raises RulebookError when two versions of an id have
    the same number or are in force on the same day.
    """
    by_id: dict[str, list[Entry]] = {}
    for entry in entries:
        by_id.setdefault(entry.id, []).append(entry)
    chosen: list[Entry] = []
    for versions in by_id.values():
        versions.sort(key=lambda entry: (entry.origin.effective_from, entry.origin.version))
        _refuse_overlap(versions)
        known = [entry for entry in versions if known_at is None or entry.origin.recorded_from <= known_at]
        holding = [entry for entry in known if as_of is None or entry.origin.in_force(as_of)]
        if holding:
            chosen.append(holding[-1])
    return chosen


def _refuse_overlap(versions: Sequence[Entry]) -> None:
    numbers = [entry.origin.version for entry in versions]
    if len(set(numbers)) != len(numbers):
        raise RulebookError("two entries have the same id and version", where=versions[-1].place, fix="Raise the version")
    for earlier, later in pairwise(versions):
        if earlier.origin.effective_to is None or earlier.origin.effective_to >= later.origin.effective_from:
            raise RulebookError(
                f"is in force together with version {earlier.origin.version}", where=later.place,
                fix="Close effective_to of the older version the day before",
            )  # fmt: skip
