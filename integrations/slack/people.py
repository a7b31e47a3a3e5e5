"""Who a Slack user is to the bank: the staff member with that Slack id, or nobody. A Slack account alone opens nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from integrations.slack.phrases import Language, language_of
from integrations.slack.wire import Later, Refused, Wire
from tools.domain.callers import Caller
from tools.store.access import stored_staff

if TYPE_CHECKING:
    from assistant.wiring import Bank

REMEMBERED = 3600.0


@dataclass(frozen=True, slots=True)
class Person:
    """A staff member behind a Slack user. `caller` carries the rights, worked out for this moment."""

    slack: str
    name: str
    caller: Caller


class People:
    """Looks people up; what Slack says of their language is kept for an hour."""

    def __init__(self, bank: Bank, wire: Wire, clock: Callable[[], float] = time.monotonic) -> None:
        self.bank, self.wire, self.clock = bank, wire, clock
        self._languages: dict[str, tuple[float, Language]] = {}
        self._lock = threading.Lock()

    def person(self, slack: str, now: datetime) -> Person | None:
        """The staff member, None for everybody else."""
        user = self.bank.store.access.user_of_slack(slack) if slack else None
        if user is None:
            return None
        caller = self.bank.caller(user, now, at_machine=False)
        return Person(slack, self._name(user), caller)

    def staff(self) -> list[Mapping[str, Any]]:
        """Staff rows with a Slack id, for alerts and digests."""
        with self.bank.store.database.reading() as connection:
            return [row for row in stored_staff(connection) if row.get("slack_user_id")]

    def language(self, slack: str, text: str = "") -> Language:
        """The language of what was written, else of the person's Slack, else the bank's."""
        default = self.bank.settings.slack_language
        if any(character.isalpha() for character in text):
            return language_of(text, default)
        with self._lock:
            known = self._languages.get(slack)
            if known and known[0] > self.clock():
                return known[1]
        try:
            user = self.wire.call("users.info", user=slack, include_locale=True)["user"]
            locale = str(user.get("locale") or "")
            found: Language = ("zh" if locale.startswith("zh") else "en") if locale else default
        except (Later, Refused):
            return default
        with self._lock:
            self._languages[slack] = (self.clock() + REMEMBERED, found)
        return found

    def contact(self, otherwise: str) -> str:
        """Whom to ask, as the settings say."""
        return self.bank.settings.slack_contact or otherwise

    def _name(self, user: str) -> str:
        rows = {str(row["id"]): str(row["name"]) for row in self.staff()}
        return rows.get(user, user)
