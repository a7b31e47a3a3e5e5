"""The state of the fake workspace: people, channels, messages, files, and every call that was made. Locked: the server has threads."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

TEAM, BOT, BOT_ID = "T0BANK", "U0LOANWARD", "B0LOANWARD"


@dataclass
class Channel:
    """`flags` such as is_ext_shared."""

    id: str
    members: list[str]
    flags: dict[str, bool] = field(default_factory=dict)
    im_of: str = ""


@dataclass
class Posted:
    """A message as it stands; `ephemeral_to` only that user sees it; `streaming` a stream not yet stopped."""

    channel: str
    ts: str
    text: str
    blocks: list[Any]
    thread_ts: str | None = None
    ephemeral_to: str | None = None
    client_msg_id: str | None = None
    streaming: float | None = None
    chunks: list[Any] = field(default_factory=list)
    edits: int = 0
    file: str | None = None

    @property
    def words(self) -> str:
        """Everything it says."""
        found: list[str] = []
        _collect(self.blocks, found)
        return "\n".join([*found]) if found else self.text


class Workspace:
    """`ts` counts up; nothing is ever forgotten."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.channels: dict[str, Channel] = {}
        self.locales: dict[str, str] = {}
        self.messages: list[Posted] = []
        self.files: dict[str, dict[str, Any]] = {}
        self.views: list[dict[str, Any]] = []
        self.homes: dict[str, Any] = {}
        self.prompts: list[dict[str, Any]] = []
        self.statuses: list[dict[str, Any]] = []
        self.responses: list[dict[str, Any]] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self._ts = int(time.time()) * 1_000_000
        self._by_client_id: dict[tuple[str, str], Posted] = {}

    def new_ts(self) -> str:
        """A timestamp nobody has."""
        with self.lock:
            self._ts += 100
            return f"{self._ts // 1_000_000}.{self._ts % 1_000_000:06d}"

    def channel(self, id: str, *members: str, **flags: bool) -> Channel:
        """Makes a channel the bot is in."""
        self.channels[id] = Channel(id, [BOT, *members], flags)
        return self.channels[id]

    def direct(self, user: str) -> str:
        """The direct channel of a user with the bot."""
        id = f"D{user[1:]}"
        if id not in self.channels:
            self.channels[id] = Channel(id, [BOT, user], {}, user)
        return id

    def post(self, message: Posted) -> Posted:
        """Adds a message, or gives back the one with the same client_msg_id."""
        with self.lock:
            if message.client_msg_id:
                key = (message.channel, message.client_msg_id)
                if key in self._by_client_id:
                    return self._by_client_id[key]
                self._by_client_id[key] = message
            self.messages.append(message)
            return message

    def find(self, channel: str, ts: str) -> Posted | None:
        """A message by its place."""
        return next((m for m in self.messages if m.channel == channel and m.ts == ts and m.ephemeral_to is None), None)

    def of_thread(self, channel: str, thread_ts: str) -> list[Posted]:
        """What the bot said in a thread, ephemeral messages among it."""
        with self.lock:
            return [m for m in self.messages if m.channel == channel and m.thread_ts == thread_ts]

    def counted(self) -> dict[str, int]:
        """How often each method was called."""
        found: dict[str, int] = defaultdict(int)
        with self.lock:
            for method, _ in self.calls:
                found[method] += 1
        return found


def _collect(node: Any, found: list[str]) -> None:
    if isinstance(node, dict):
        if isinstance(node.get("text"), str):
            found.append(node["text"])
        for value in node.values():
            if not isinstance(value, str):
                _collect(value, found)
    elif isinstance(node, list):
        for value in node:
            _collect(value, found)
