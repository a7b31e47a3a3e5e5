"""What Slack delivers becomes a row of the inbox before Slack is told that it arrived. Retries are recognised by their id.

Claims that come at the same time are written in one transaction by one thread: twenty questions at once cost one wait for the
disk, not twenty. When the store cannot take them in time they are not acknowledged, and Slack delivers them again.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Late
from datetime import datetime
from typing import Any

from integrations.slack.wire import log
from tools.errors import LoanwardError
from tools.store.database import Store
from tools.store.inbox import Incoming

SLOW, QUICK = "slack-slow", "slack-quick"
"""Questions and papers; presses, forms and pages."""
WAIT = 2.5
"""Seconds a claim may take: Slack wants its acknowledgement within three."""
BATCH = 64


def incoming(body: Mapping[str, Any], at: datetime) -> Incoming | None:
    """The row of a payload; None for what needs no work (our own messages, edits, joins of others)."""
    kind = body.get("type")
    if kind == "event_callback":
        return _event(body, at)
    if kind == "block_actions":
        return _press(body, at)
    if kind == "view_submission":
        view = body["view"]
        payload = {"user": _user(body), "callback_id": view.get("callback_id"), "private_metadata": view.get("private_metadata"),
                   "values": view.get("state", {}).get("values", {})}  # fmt: skip
        return Incoming(f"v:{view['id']}", QUICK, f"user:{_user(body)}", "view", payload, at)
    if body.get("command"):
        payload = {name: body.get(name) for name in ("command", "text", "user_id", "channel_id", "team_id", "response_url")}
        return Incoming(f"c:{body.get('trigger_id')}", SLOW, f"user:{body.get('user_id')}", "command", payload, at)
    return None


def _event(body: Mapping[str, Any], at: datetime) -> Incoming | None:
    event = body.get("event") or {}
    kind = event.get("type")
    id = str(body.get("event_id") or f"{event.get('channel')}:{event.get('event_ts')}")
    if kind in ("app_mention", "message"):
        if event.get("bot_id") or event.get("subtype") not in (None, "file_share", "thread_broadcast") or not event.get("user"):
            return None
        if kind == "message" and event.get("channel_type") != "im":
            return None
        names = ("channel", "channel_type", "user", "text", "ts", "thread_ts", "files", "user_team", "source_team", "team")
        payload = {name: event[name] for name in names if name in event}
        payload["team_id"] = body.get("team_id")
        line = f"{event['channel']}:{event.get('thread_ts') or event['ts']}"
        return Incoming(id, SLOW, line, kind, payload, at)
    if kind == "app_home_opened":
        payload = {"user": event.get("user"), "tab": event.get("tab"), "channel": event.get("channel")}
        return Incoming(id, QUICK, f"home:{event.get('user')}", kind, payload, at)
    if kind in ("member_joined_channel", "member_left_channel"):
        return Incoming(id, QUICK, f"members:{event.get('channel')}", kind, {"channel": event.get("channel")}, at)
    return None


def _press(body: Mapping[str, Any], at: datetime) -> Incoming | None:
    pressed = (body.get("actions") or [{}])[0]
    action = str(pressed.get("action_id", ""))
    if not action or pressed.get("url") or action.startswith("open:"):
        return None
    container, message = body.get("container") or {}, body.get("message") or {}
    chosen = (pressed.get("selected_option") or {}).get("value")
    payload = {
        "user": _user(body), "action": action, "value": chosen if chosen is not None else pressed.get("value", ""),
        "channel": (body.get("channel") or {}).get("id") or container.get("channel_id"),
        "ts": container.get("message_ts") or message.get("ts"), "thread_ts": container.get("thread_ts") or message.get("thread_ts"),
        "ephemeral": bool(container.get("is_ephemeral")), "response_url": body.get("response_url"),
    }  # fmt: skip
    id = f"a:{pressed.get('action_ts') or body.get('trigger_id')}:{payload['user']}:{action}"
    # Reading a file again takes long; everything else that is pressed is done in a moment.
    lane = SLOW if action.startswith("borrower:") else QUICK
    return Incoming(id, lane, f"user:{payload['user']}", "press", payload, at)


def _user(body: Mapping[str, Any]) -> str:
    return str((body.get("user") or {}).get("id") or "")


class Claimer:
    """Claims rows in batches; tells the pool when there is something new."""

    def __init__(self, store: Store, woken: Callable[[], None]) -> None:
        self.store, self.woken = store, woken
        self._waiting: queue.SimpleQueue[tuple[Incoming, Future[bool]] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="slack-claims", daemon=True)

    def start(self) -> None:
        """Begins to claim."""
        self._thread.start()

    def stop(self) -> None:
        """Ends after what is waiting."""
        self._waiting.put(None)
        self._thread.join(WAIT)

    def claim(self, event: Incoming) -> bool:
        """Whether the event is safely stored, by this delivery or an earlier one. False: not in time, it has to be delivered again."""
        future: Future[bool] = Future()
        self._waiting.put((event, future))
        try:
            return future.result(WAIT)
        except Late:
            log.warning("the store did not take an event in time; Slack will deliver it again")
            return False

    def _run(self) -> None:
        while True:
            batch = [self._waiting.get()]
            while len(batch) < BATCH and not self._waiting.empty():
                batch.append(self._waiting.get())
            claims = [entry for entry in batch if entry is not None]
            try:
                fresh = self.store.inbox.claim([event for event, _ in claims])
                for _, future in claims:
                    future.set_result(True)
                if fresh:
                    self.woken()
            except LoanwardError as problem:
                log.error("the store takes no events: %s", problem)
                for _, future in claims:
                    future.set_result(False)
            if None in batch:
                return
