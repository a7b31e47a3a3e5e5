"""What every handler works with, and the two things all of them do: put messages out and end an event in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from integrations.links import Links
from integrations.slack.audience import Audiences
from integrations.slack.people import People, Person
from integrations.slack.phrases import Phrases
from integrations.slack.progress import ProgressBoard
from integrations.slack.rendering import Part, console_of
from integrations.slack.sending import part_messages
from integrations.slack.wire import Wire
from tools.domain.callers import Caller
from tools.store.inbox import Taken
from tools.store.outbox import Message
from tools.store.trail import Act

if TYPE_CHECKING:
    from assistant.wiring import Bank


@dataclass
class Surroundings:
    """Built once per process. `sent` wakes the senders; `now` is the only clock."""

    bank: Bank
    wire: Wire
    people: People
    audiences: Audiences
    board: ProgressBoard
    now: Callable[[], datetime]
    sent: Callable[[], None]
    team: str = ""
    own_user: str = ""

    @property
    def links(self) -> Links | None:
        """The console, when people can reach it."""
        return console_of(self.bank.settings.console_url)

    def settle(self, event: Taken, messages: Sequence[Message]) -> None:
        """The event is done and its messages are on their way, or neither."""
        moment = self.now()
        with self.bank.store.transaction():
            self.bank.store.outbox.put(messages, moment)
            self.bank.store.inbox.finish(event.id, moment)
        self.sent()

    def reply(
        self, event: Taken, place: dict[str, Any], parts: Sequence[Part], card: dict[str, str] | None = None
    ) -> list[Message]:
        """Messages that answer an event where it was asked."""
        line = f"{place.get('channel') or place.get('user')}:{place.get('thread_ts') or ''}"
        return part_messages(f"{event.id}:answer", line, place, [part.shape() for part in parts], card or {})

    def stranger(self, slack: str, text: str) -> str:
        """The polite refusal, recorded; what was asked is not kept."""
        phrases = Phrases(self.people.language(slack, text))
        nobody = Caller(user=f"slack:{slack}", role="unknown")
        self.bank.store.trail.append(nobody, Act.LOGIN, f"slack:{slack}", {"refused": "not on the staff list"}, self.now())
        return phrases("unknown_user", contact=self.people.contact(phrases("contact")), id=slack)

    def powerless(self, person: Person, phrases: Phrases) -> str | None:
        """The words for a role without any business data, None for everybody else."""
        if not person.caller.sees_nothing:
            return None
        return phrases("no_rights", role=person.caller.role, contact=self.people.contact(phrases("contact")))
