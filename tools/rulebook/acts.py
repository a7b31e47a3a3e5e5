"""The playbook's acts: what a bank does about a finding, who owns it and by when. Only proposed, never done by the program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from tools.domain.calendars import WEEKENDS, BusinessCalendar
from tools.errors import RulebookError
from tools.rulebook.entries import in_force, read_entries, read_yaml, refuse_unknown
from tools.rulebook.loan_rules import load_calendar

FILE = Path(__file__).resolve().parent / "playbook" / "acts.yaml"
KEYS = frozenset({"order", "working_days", "by_officer", "name", "owner"})


@dataclass(frozen=True, slots=True)
class Act:
    """One act. `name` and `owner` by language; `by_officer`: the borrower's own officer does it."""

    id: str
    order: int
    working_days: int
    by_officer: bool
    name: Mapping[str, str]
    owner: Mapping[str, str]
    rule: str
    calendar: BusinessCalendar = WEEKENDS

    def due(self, as_of: date) -> date:
        """The day it should be done by."""
        return self.calendar.add_business_days(as_of, self.working_days)


@lru_cache(maxsize=32)
def load_acts(as_of: date | None = None, file: Path = FILE) -> Mapping[str, Act]:
    """Acts in force at `as_of` by id. RulebookError for an entry that lacks a name or an owner in one of the languages."""
    calendar = load_calendar()
    found = {}
    for entry in in_force(read_entries(read_yaml(file.read_text(encoding="utf-8"), file.name), file.name), as_of, None):
        refuse_unknown(entry.data, KEYS, entry.place)
        data = entry.data
        for key in ("name", "owner"):
            if set(data.get(key) or ()) != {"zh", "en"}:
                raise RulebookError(f"{key} is not given in both languages", where=entry.place, fix="Write {en: …, zh: …}")
        found[entry.id] = Act(
            entry.id, int(data["order"]), int(data["working_days"]), bool(data["by_officer"]), data["name"], data["owner"],
            f"{entry.id}@{entry.origin.version}", calendar,
        )  # fmt: skip
    return found
