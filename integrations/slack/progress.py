"""Progress while a question is worked on: a status at once, then task cards in a stream, or one message that is rewritten.

It starts late, because most answers come within a second, and stops early, because Slack closes a stream after five minutes.
Progress is decoration: no failure of it touches the answer. Nothing of the borrower is in it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from integrations.slack import blocks
from integrations.slack.phrases import Phrases
from integrations.slack.wire import Later, Refused, Wire, log

PATIENCE = 1.0
"""Seconds before the first card."""
EVERY = 0.8
"""Seconds between two changes of a card."""
STREAM_SECONDS = 240.0
"""Slack ends a stream about five minutes after it began."""
STREAM, MESSAGE = "stream", "message"


@dataclass
class Card:
    """One question's progress. `ts` is the message it is shown in, once there is one; the answer goes into the same message."""

    channel: str
    thread_ts: str
    user: str
    team: str
    phrases: Phrases
    private: bool
    born: float
    remember: Callable[[Mapping[str, Any]], None]
    ts: str = ""
    mode: str = ""
    steps: list[str] = field(default_factory=list)
    shown: int = 0
    written: float = 0.0
    closed: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def step(self, tool: str, _arguments: Mapping[str, Any]) -> None:
        """The assistant uses a tool."""
        title = self.phrases.tool(tool)
        if not self.steps or self.steps[-1] != title:
            self.steps.append(title)

    def note(self) -> dict[str, str]:
        """Where the card is, for the outbox and for a later attempt."""
        return {"ts": self.ts, "mode": self.mode} if self.ts else {}


class ProgressBoard:
    """Shows every card of this process from one thread of its own, so that no answer waits for a card."""

    def __init__(self, wire: Wire, clock: Callable[[], float] = time.monotonic, patience: float = PATIENCE) -> None:
        self.wire, self.clock, self.patience = wire, clock, patience
        self._cards: list[Card] = []
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._streams = True
        self._thread = threading.Thread(target=self._run, name="slack-progress", daemon=True)

    def start(self) -> None:
        """Begins to show."""
        self._thread.start()

    def stop(self) -> None:
        """Ends."""
        self._stop.set()

    def open(self, card: Card) -> Card:
        """Shows a card from now on. `private` cards (the answer may be for the asker alone) are a status only."""
        with self._lock:
            self._cards.append(card)
        return card

    def close(self, card: Card) -> None:
        """No more changes: afterwards the message belongs to the answer."""
        with card.lock:
            card.closed = True
        with self._lock:
            if card in self._cards:
                self._cards.remove(card)

    def _run(self) -> None:
        while not self._stop.wait(0.2):
            with self._lock:
                cards = list(self._cards)
            for card in cards:
                try:
                    self._show(card)
                except (Later, Refused) as problem:
                    log.info("progress not shown: %s", problem)
                    self.close(card)
                except Exception:  # decoration must not end the thread that shows everybody's
                    log.exception("progress not shown")
                    self.close(card)

    def _show(self, card: Card) -> None:
        now = self.clock()
        with card.lock:
            if card.closed:
                return
            if card.written == 0.0:
                card.written = now
                self._status(card)
                return
            late = now - card.born >= self.patience
            if card.private or not late or now - card.written < EVERY or card.shown == len(card.steps):
                return
            card.written = now
            card.shown = len(card.steps)
            if card.mode == STREAM and now - card.born > STREAM_SECONDS:
                return
            if card.mode == MESSAGE or not self._streams:
                self._message(card)
            else:
                self._stream(card)

    def _status(self, card: Card) -> None:
        try:
            self.wire.call("assistant.threads.setStatus", channel_id=card.channel, thread_ts=card.thread_ts,
                           status=card.phrases("status_working"))  # fmt: skip
        except (Later, Refused) as problem:
            log.info("status not shown: %s", problem)

    def _stream(self, card: Card) -> None:
        chunks = tasks(card.steps, finished=False)
        if card.ts:
            self.wire.call("chat.appendStream", channel=card.channel, ts=card.ts, chunks=chunks)
            return
        try:
            begun = self.wire.call("chat.startStream", channel=card.channel, thread_ts=card.thread_ts, recipient_user_id=card.user,
                                   recipient_team_id=card.team, task_display_mode="plan", chunks=chunks)  # fmt: skip
        except Refused as problem:
            log.info("no streams here (%s): one message is rewritten instead", problem.code)
            if problem.code in ("unknown_method", "method_deprecated", "feature_not_enabled"):
                self._streams = False
            self._message(card)
            return
        card.ts, card.mode = str(begun["ts"]), STREAM
        card.remember(card.note())

    def _message(self, card: Card) -> None:
        text = card.phrases("working")
        shown = [blocks.context(text, " · ".join(card.steps[-6:]))] if card.steps else [blocks.context(text)]
        if card.ts:
            self.wire.call("chat.update", channel=card.channel, ts=card.ts, text=text, blocks=shown)
            return
        made = self.wire.call("chat.postMessage", channel=card.channel, thread_ts=card.thread_ts, text=text, blocks=shown)
        card.ts, card.mode = str(made["ts"]), MESSAGE
        card.remember(card.note())


def tasks(steps: list[str], *, finished: bool) -> list[dict[str, Any]]:
    """The steps as task cards: all done but the last."""
    last = len(steps) - 1
    return [
        {"type": "task_update", "id": f"t{n}", "title": title, "status": "complete" if finished or n < last else "in_progress"}
        for n, title in enumerate(steps)
    ]
