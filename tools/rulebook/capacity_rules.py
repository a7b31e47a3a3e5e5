"""Loads how capacity is planned and judged when the bank says nothing else, in force on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from tools.domain.definitions import Layer, Rulebook
from tools.rulebook.entries import HERE, refuse_unknown
from tools.rulebook.settings import setting

KEYS = frozenset({"growth_cap", "dscr", "leverage", "years", "capex_share", "renewed_types", "season"})


@dataclass(frozen=True, slots=True)
class CapacitySettings:
    """See the head of `conventions/capacity.yaml`."""

    growth_cap: Decimal
    dscr: Decimal
    leverage: Decimal
    years: int
    capex_share: Decimal
    renewed_types: frozenset[str]
    season: tuple[str, ...]


@lru_cache(maxsize=8)
def load_capacity(
    as_of: date | None = None, folder: Path = HERE / "conventions", layers: tuple[Layer, ...] = (), known_at: date | None = None
) -> CapacitySettings:
    """Everything in force at `as_of`. `layers`: a bank's or a draft's, laid over. Raises RulebookError for wrong data."""
    entry = setting(folder / "capacity.yaml", "capacity", as_of, layers, known_at)
    data = entry.data
    refuse_unknown(data, KEYS, entry.place)
    return CapacitySettings(
        Decimal(str(data["growth_cap"])), Decimal(str(data["dscr"])), Decimal(str(data["leverage"])), int(data["years"]),
        Decimal(str(data["capex_share"])), frozenset(data["renewed_types"]), tuple(data["season"]),
    )  # fmt: skip


def capacity_under(rulebook: Rulebook, day: date, known_at: date | None = None) -> CapacitySettings:
    """The capacity settings that go with a rulebook on a business date."""
    return load_capacity(rulebook.as_of or day, layers=rulebook.layers, known_at=known_at)
