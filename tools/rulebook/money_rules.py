"""Loads what the rulebook says about who is related to whom and where loan money may go: ties, payees, red flags, evidence."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from tools.domain.related_parties import BACK, TieRule, TieSettings
from tools.errors import NothingInForce
from tools.rulebook.entries import HERE, Entry, in_force, read_entries, read_file, refuse_unknown


@lru_cache(maxsize=8)
def load_ties(as_of: date | None = None, folder: Path = HERE / "related_parties") -> TieSettings:
    """Which relations tie, in force at `as_of`. Raises RulebookError for wrong data."""
    entry = single(folder / "ties.yaml", "related_parties", as_of)
    refuse_unknown(entry.data, {"ties", "hops", "circle"}, entry.place)
    refuse_unknown(entry.data["ties"], BACK, entry.place)
    rules = {kind: TieRule(Decimal(str(rule["least"])), bool(rule["control"])) for kind, rule in entry.data["ties"].items()}
    return TieSettings(
        rules, int(entry.data["hops"]), int(entry.data["circle"]["component"]), int(entry.data["circle"]["depth"])
    )


def single(path: Path, id: str, as_of: date | None) -> Entry:
    """The entry `id` of a file in force at `as_of`. Raises RulebookError when there is none."""
    for entry in in_force(read_entries(read_file(path), path.name), as_of, None):
        if entry.id == id:
            return entry
    raise NothingInForce(
        f"nothing called {id!r} is in force on {as_of}",
        where=path.name,
        fix="Ask for a later day, or add a version for that one",
    )
