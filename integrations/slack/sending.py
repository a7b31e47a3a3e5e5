"""The outbox goes out: one message after the other within a thread, each once, whatever Slack answers.

`chat.postMessage` carries an id of ours (`client_msg_id`): Slack then answers a repeated post with the message it already has. Rewriting
a message and finishing a stream name the message they change, so that doing it twice shows once. What Slack refuses for its form
is sent again in plain words; what has no place any more goes to the person's direct messages.
"""

from __future__ import annotations

import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from integrations.slack import blocks
from integrations.slack.crops import crop
from integrations.slack.wire import SECONDS, Later, Refused, Wire, log
from tools.errors import LoanwardError
from tools.store.outbox import Message, Outgoing

if TYPE_CHECKING:
    from assistant.wiring import Bank

NAMESPACE = uuid5(NAMESPACE_URL, "urn:loanward:slack")
FORM = frozenset(
    {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long", "only_one_table_allowed", "invalid_attachments",
     "invalid_arguments", "invalid_chunks"}
)  # fmt: skip
GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed", "cant_delete_message"})
STREAM_OVER = frozenset({"message_not_in_streaming_state", "message_not_owned_by_app"})
NO_PLACE = frozenset(
    {"channel_not_found", "not_in_channel", "is_archived", "user_not_in_channel", "restricted_action", "thread_not_found",
     "cannot_reply_to_message", "messages_tab_disabled", "restricted_action_thread_locked"}
)  # fmt: skip
TEXT = 3500
"""Characters of a message of plain words."""
LONGEST_WAIT = 60.0
DAYS = 2
"""A message that could not be sent for so long is given up; what it said stays in the trail."""


def message_id(id: str) -> str:
    """The UUID Slack recognises a repeated post by."""
    return str(uuid5(NAMESPACE, id))


def part_messages(
    id: str, line: str, place: Mapping[str, Any], shown: list[dict[str, Any]], card: Mapping[str, str]
) -> list[Message]:
    """The parts of an answer: the first goes into the card's message when there is one. `place`: channel, thread_ts, user, and
    `ephemeral` when only that user may see it."""
    kinds = ["card" if card and n == 0 and not place.get("ephemeral") else "post" for n in range(len(shown))]
    return [
        Message(f"{id}:{n}", line, kind, {**place, **part, **({"card": dict(card)} if kind == "card" else {})})
        for n, (kind, part) in enumerate(zip(kinds, shown, strict=True))
    ]


class Sender:
    """Sends one message at a time; several senders may run side by side."""

    def __init__(self, bank: Bank, wire: Wire, now: Callable[[], datetime], owner: str) -> None:
        self.bank, self.wire, self.now, self.owner = bank, wire, now, owner
        self.outbox = bank.store.outbox
        self._direct: dict[str, str] = {}
        self._paused: dict[str, float] = {}
        self._lock = threading.Lock()

    def send_next(self) -> bool:
        """Sends the next message; False when none is waiting."""
        message = self.outbox.take(self.owner, self.now())
        if message is None:
            return False
        result = {name: value for name, value in message.result.items() if name != "unsure"}
        try:
            result |= self._send(message, result)
        except Later as problem:
            self._wait(message, problem, result)
        except Refused as problem:
            log.warning("Slack refused a %s: %s", message.kind, problem)
            self.outbox.fail(message.id, self.now(), str(problem))
        except LoanwardError as problem:
            log.warning("a %s could not be made: %s", message.kind, problem)
            self.outbox.fail(message.id, self.now(), str(problem))
        except Exception:  # one message that cannot be built must not hold up all others
            log.exception("a %s could not be sent", message.kind)
            self.outbox.fail(message.id, self.now(), "unforeseen")
        else:
            self.outbox.sent(message.id, result, self.now())
        return True

    def _wait(self, message: Outgoing, problem: Later, result: Mapping[str, Any]) -> None:
        if self.now() - message.created_at > timedelta(days=DAYS):
            self.outbox.fail(message.id, self.now(), f"given up: {problem.why}")
            return
        pause = problem.seconds if problem.seconds is not None else min(0.25 * 2 ** min(message.attempts, 8), LONGEST_WAIT)
        unsure = problem.unsure or message.unsure
        self.outbox.put_back(message.id, self.now() + timedelta(seconds=pause), problem.why, unsure=unsure, result=result)

    def _call(self, method: str, **arguments: Any) -> Mapping[str, Any]:
        """A call, unless Slack asked for a pause of this method."""
        with self._lock:
            rest = self._paused.get(method, 0.0) - time.monotonic()
        if rest > 0:
            raise Later(f"{method}: paused", rest)
        try:
            return self.wire.call(method, **arguments)
        except Later as problem:
            if problem.seconds is not None:
                with self._lock:
                    self._paused[method] = time.monotonic() + problem.seconds
            raise

    def _send(self, message: Outgoing, result: dict[str, Any]) -> dict[str, Any]:
        payload = message.payload
        match message.kind:
            case "card":
                return self._card(message)
            case "post":
                return self._ephemeral(message) if payload.get("ephemeral") else self._post(message)
            case "update":
                return self._update(message)
            case "respond":
                return self._respond(message)
            case "home":
                self._call("views.publish", user_id=payload["user"], view=payload["view"])
                return {}
            case "prompts":
                with suppress(Refused):
                    self._call("assistant.threads.setSuggestedPrompts", channel_id=payload["channel"], title=payload["title"],
                               prompts=payload["prompts"])  # fmt: skip
                return {}
            case "picture":
                return self._picture(message, result)
        raise Refused(f"unknown kind {message.kind}", "outbox")

    def _post(self, message: Outgoing) -> dict[str, Any]:
        payload = message.payload
        channel = payload.get("channel") or self._open(payload["user"])
        common = {"channel": channel, "thread_ts": payload.get("thread_ts"), "unfurl_links": False, "unfurl_media": False}
        try:
            made = self._shown("chat.postMessage", payload, common, message.id)
        except Refused as problem:
            if problem.code not in NO_PLACE or not payload.get("user") or not payload.get("channel"):
                raise
            direct = self._open(payload["user"])
            made = self._shown("chat.postMessage", payload, {**common, "channel": direct, "thread_ts": None}, message.id)
            channel = direct
        return {"channel": channel, "ts": made.get("ts")}

    def _ephemeral(self, message: Outgoing) -> dict[str, Any]:
        payload = message.payload
        common = {"channel": payload["channel"], "user": payload["user"], "thread_ts": payload.get("thread_ts")}
        try:
            self._shown("chat.postEphemeral", payload, common, "")
        except Refused as problem:
            if problem.code not in NO_PLACE:
                raise
            direct = {"channel": self._open(payload["user"]), "unfurl_links": False, "unfurl_media": False}
            self._shown("chat.postMessage", payload, direct, message.id)
        return {}

    def _update(self, message: Outgoing) -> dict[str, Any]:
        payload = message.payload
        try:
            self._shown("chat.update", payload, {"channel": payload["channel"], "ts": payload["ts"]}, "")
        except Refused as problem:
            if problem.code not in GONE:
                raise
        return {"channel": payload["channel"], "ts": payload["ts"]}

    def _card(self, message: Outgoing) -> dict[str, Any]:
        """The answer goes where its progress was: the stream is finished with it, or the message is rewritten."""
        payload = message.payload
        card = payload["card"]
        place = {"channel": payload["channel"], "ts": card["ts"]}
        try:
            if card.get("mode") == "stream" and not message.unsure:
                try:
                    self._call("chat.stopStream", **place, chunks=payload.get("chunks") or [], blocks=payload["blocks"])
                    return dict(place)
                except Refused as problem:
                    if problem.code not in STREAM_OVER | FORM:
                        raise
            if card.get("mode") == "stream":
                with suppress(Refused):
                    self._call("chat.stopStream", **place)
            self._shown("chat.update", payload, place, "")
        except Refused as problem:
            if problem.code not in GONE | NO_PLACE:
                raise
            return self._post(message)
        return dict(place)

    def _shown(self, method: str, payload: Mapping[str, Any], common: Mapping[str, Any], id: str) -> Mapping[str, Any]:
        """With its blocks; refused for their form, in plain words, all of them."""
        same = {"client_msg_id": message_id(id)} if id else {}
        text = str(payload.get("text") or " ")
        try:
            return self._call(method, **common, **same, text=blocks.pieces(text, TEXT)[0], blocks=payload.get("blocks") or [])
        except Refused as problem:
            if problem.code not in FORM or not payload.get("blocks"):
                raise
            log.warning("blocks refused by %s (%s): sent as plain words", method, problem.code)
        first: Mapping[str, Any] | None = None
        for n, piece in enumerate(blocks.pieces(text, TEXT)):
            again = {"client_msg_id": message_id(f"{id}:plain:{n}")} if id else {}
            if first is not None and method == "chat.update":
                more = {"channel": common["channel"], "thread_ts": payload.get("thread_ts"), "unfurl_links": False}
                self._call("chat.postMessage", **more, text=piece, client_msg_id=message_id(f"{common['ts']}:plain:{n}"))
                continue
            made = self._call(method, **common, **again, text=piece, blocks=[])
            first = first or made
        assert first is not None
        return first

    def _respond(self, message: Outgoing) -> dict[str, Any]:
        """To the address Slack gave with a command or press, when it is Slack's."""
        from json import dumps

        payload = message.payload
        request = urllib.request.Request(
            payload["response_url"],
            dumps({name: payload[name] for name in ("text", "blocks", "response_type", "replace_original", "delete_original") if name in payload}).encode(),
            {"Content-Type": "application/json; charset=utf-8"},
        )  # fmt: skip
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:
                answer.read(1024)
        except urllib.error.HTTPError as problem:
            if problem.code == 429:
                raise Later("response_url: rate limited", float(problem.headers.get("Retry-After") or 1)) from problem
            if problem.code >= 500:
                raise Later(f"response_url: {problem.code}", unsure=True) from problem
            if not payload.get("user"):
                raise Refused(str(problem.code), "response_url") from problem
            return self._post(message)
        except OSError as problem:
            raise Later(f"response_url: {type(problem).__name__}", unsure=True) from problem
        return {}

    def _picture(self, message: Outgoing, result: dict[str, Any]) -> dict[str, Any]:
        """A page crop into the person's direct messages. The file's id is kept before it is shared: a second attempt shares the same
        file, or sees that it is shared."""
        payload = message.payload
        channel = payload.get("channel") or self._open(payload["user"])
        file = str(result.get("file") or "")
        if file and message.unsure:
            with suppress(Refused):
                shares = self._call("files.info", file=file)["file"].get("shares") or {}
                if any(shares.values()):
                    return {"file": file, "channel": channel}
        if not file:
            data = self._drawn(payload)
            if data is None:
                place = {**payload, "channel": channel, "text": payload["plain"], "blocks": [blocks.said(payload["plain"])]}
                self._shown("chat.postMessage", place, {"channel": channel, "thread_ts": payload.get("thread_ts")}, message.id)
                return {"channel": channel}
            slot = self._call("files.getUploadURLExternal", filename="page.png", length=len(data))
            self._upload(str(slot["upload_url"]), data)
            file = str(slot["file_id"])
            result["file"] = file
            self.outbox.note(message.id, result)
        self._call("files.completeUploadExternal", files=[{"id": file, "title": payload["title"]}], channel_id=channel,
                   thread_ts=payload.get("thread_ts"), initial_comment=payload["caption"])  # fmt: skip
        return {"file": file, "channel": channel}

    def _drawn(self, payload: Mapping[str, Any]) -> bytes | None:
        path = self.bank.home.shelf.path(payload["sha256"])
        return crop(path, int(payload["page"]), payload["boxes"]) if path.is_file() else None

    def _upload(self, url: str, data: bytes) -> None:
        request = urllib.request.Request(url, data, {"Content-Type": "application/octet-stream"})
        try:
            with urllib.request.urlopen(request, timeout=SECONDS * 2) as answer:
                answer.read(1024)
        except urllib.error.HTTPError as problem:
            raise Later(f"upload: {problem.code}", float(problem.headers.get("Retry-After") or 2)) from problem
        except OSError as problem:
            raise Later(f"upload: {type(problem).__name__}") from problem

    def _open(self, user: str) -> str:
        """The direct channel with a person."""
        known = self._direct.get(user)
        if known is None:
            known = self._direct[user] = str(self._call("conversations.open", users=user)["channel"]["id"])
        return known
