"""Loads when floating rates are set anew and which series they follow, in force on a day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import get_args

from tools.domain.definitions import Layer, Rulebook
from tools.domain.rate_resets import Anchor, Index, Repricing
from tools.errors import RulebookError
from tools.rulebook.entries import HERE, refuse_unknown
from tools.rulebook.settings import setting

KEYS = frozenset({"every_months", "anchor", "lag_days", "indices", "units"})


@lru_cache(maxsize=8)
def load_repricing(
    as_of: date | None = None, folder: Path = HERE / "conventions", layers: tuple[Layer, ...] = (), known_at: date | None = None
) -> Repricing:
    """Everything in force at `as_of`. `layers`: a bank's or a draft's, laid over. Raises RulebookError for wrong data."""
    entry = setting(folder / "repricing.yaml", "repricing", as_of, layers, known_at)
    data, place = entry.data, entry.place
    refuse_unknown(data, KEYS, place)
    if data["anchor"] not in get_args(Anchor) or int(data["every_months"]) < 1 or int(data["lag_days"]) < 0:
        raise RulebookError(
            "anchor, every_months or lag_days is wrong", where=place, fix="See the head of conventions/repricing.yaml"
        )
    try:
        indices = tuple(
            Index(one["currency"], one["series"], None if one["up_to_months"] is None else int(one["up_to_months"]))
            for one in data["indices"]
        )
        units = {unit: Decimal(str(factor)) for unit, factor in data["units"].items()}
    except (KeyError, TypeError, ValueError, InvalidOperation) as error:
        raise RulebookError(f"an index or a unit is wrong: {error}", where=place, fix="See the head of the file") from error
    return Repricing(int(data["every_months"]), data["anchor"], int(data["lag_days"]), indices, units)


def repricing_under(rulebook: Rulebook, day: date, known_at: date | None = None) -> Repricing:
    """The settings that go with a rulebook on a business date."""
    return load_repricing(rulebook.as_of or day, layers=rulebook.layers, known_at=known_at)
