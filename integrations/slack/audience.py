"""What a channel may see: only what every member may, or the borrower it is bound to; nothing when an outsider listens.

Members are asked of Slack page by page and kept for a minute; somebody who joins or leaves ends that at once. When Slack cannot
say who listens, nobody may see anything.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from integrations.slack.wire import Refused, Wire
from tools.domain.callers import Caller

if TYPE_CHECKING:
    from assistant.wiring import Bank

SECONDS = 60.0
PAGE = 200
MOST_IDS = 20_000
"""More borrowers than this are not listed one by one; the channel then sees nothing and answers go to the asker alone."""
SHARED = ("is_shared", "is_ext_shared", "is_org_shared", "is_pending_ext_shared", "is_global_shared")


@dataclass(frozen=True, slots=True)
class Audience:
    """`caller` None: nothing may be said here. `outsiders`: the channel is shared or has members who are not staff. `bound`: the
    borrower the channel is for. `members`: people in it, ourselves left out."""

    caller: Caller | None
    outsiders: bool
    bound: str | None
    members: int


class Audiences:
    """One per process."""

    def __init__(
        self, bank: Bank, wire: Wire, own_user: Callable[[], str], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.bank, self.wire, self.own_user, self.clock = bank, wire, own_user, clock
        self._members: dict[str, tuple[float, bool, frozenset[str]]] = {}
        self._lock = threading.Lock()

    def forget(self, channel: str) -> None:
        """Somebody joined or left."""
        with self._lock:
            self._members.pop(channel, None)

    def of(self, channel: str, now: datetime) -> Audience:
        """The channel's audience. Raises Later when Slack does not answer: the question waits."""
        shared, members = self._who(channel)
        bound = self.bank.settings.slack_channels.get(channel)
        nobody = Audience(None, True, bound, len(members))
        if shared or not members:
            return nobody
        callers = []
        for member in members:
            user = self.bank.store.access.user_of_slack(member)
            if user is None:
                return nobody
            callers.append(self.bank.caller(user, now, at_machine=False))
        name = f"channel:{channel}"
        if bound is not None:
            return Audience(Caller(name, "channel", borrowers=frozenset({bound})), False, bound, len(members))
        return Audience(self._common(callers, name), False, None, len(members))

    def _common(self, callers: Iterable[Caller], name: str) -> Caller | None:
        """The caller that sees what all of them see. It owns nothing: what one of them recorded without a borrower stays his."""
        narrow = [caller for caller in callers if not caller.everything]
        if not narrow:
            return Caller(name, "channel", everything=True)
        if any(caller.sees_nothing for caller in narrow):
            return None
        common: frozenset[str] | None = None
        for caller in dict.fromkeys(narrow):
            ids = self.bank.store.borrowers.ids(caller) or frozenset()
            common = ids if common is None else common & ids
            if not common:
                return None
        assert common is not None
        return Caller(name, "channel", borrowers=common) if len(common) <= MOST_IDS else None

    def _who(self, channel: str) -> tuple[bool, frozenset[str]]:
        with self._lock:
            known = self._members.get(channel)
            if known and known[0] > self.clock():
                return known[1], known[2]
        try:
            info: Mapping[str, Any] = self.wire.call("conversations.info", channel=channel)["channel"]
            shared = any(info.get(flag) for flag in SHARED)
            members: set[str] = set()
            cursor = ""
            while not shared:
                page = self.wire.call("conversations.members", channel=channel, cursor=cursor, limit=PAGE)
                members |= {str(member) for member in page["members"]}
                cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
                if not cursor:
                    break
        except Refused:
            shared, members = True, set()
        people = frozenset(members - {self.own_user()})
        with self._lock:
            self._members[channel] = (self.clock() + SECONDS, shared, people)
        return shared, people
