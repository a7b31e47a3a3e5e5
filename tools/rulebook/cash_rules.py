"""Which balances of day-to-day business hold operating cash back, and which let it go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from tools.rulebook.entries import HERE, refuse_unknown
from tools.rulebook.money_rules import single


@dataclass(frozen=True, slots=True)
class WorkingLines:
    """`explains`: the metrics whose change is told by them too; `hold` and `free`: line items by what their growth does to cash."""

    explains: frozenset[str]
    hold: tuple[str, ...]
    free: tuple[str, ...]


@lru_cache(maxsize=8)
def load_working_lines(as_of: date | None = None) -> WorkingLines:
    """The entry in force at `as_of`. Raises RulebookError for wrong data."""
    entry = single(HERE / "conventions" / "working_lines.yaml", "working_lines", as_of)
    refuse_unknown(entry.data, {"explains", "hold", "free"}, entry.place)
    return WorkingLines(frozenset(entry.data["explains"]), tuple(entry.data["hold"]), tuple(entry.data["free"]))
