"""The Web API methods Loanward calls, with the answers and refusals of the real ones."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from eval.fake_slack.rules import check_blocks, check_view
from eval.fake_slack.workspace import BOT, BOT_ID, TEAM, Posted, Workspace

Answer = dict[str, Any]
SCOPES = "app_mentions:read,assistant:write,channels:read,chat:write,commands,files:read,files:write,groups:read,im:history,im:write,users:read"


class Host(Protocol):
    """What the methods ask of the server."""

    workspace: Workspace
    switched_off: set[str]
    stream_seconds: float

    @property
    def url(self) -> str:
        """Where files are uploaded."""

    def expired(self, trigger: str) -> bool:
        """Whether a trigger id is unknown or too old."""


def refuse(code: str) -> Answer:
    """ok: false."""
    return {"ok": False, "error": code}


class Methods:
    """One method per API method; dots become underscores."""

    def __init__(self, server: Host) -> None:
        self.server = server
        self.space = server.workspace

    def call(self, method: str, given: Mapping[str, Any]) -> Answer:
        """Runs a method; unknown ones are refused like Slack does."""
        function: Callable[[Mapping[str, Any]], Answer] | None = getattr(self, method.replace(".", "_"), None)
        if function is None or method in self.server.switched_off:
            return refuse("unknown_method")
        with self.space.lock:
            return function(given)

    def auth_test(self, _: Mapping[str, Any]) -> Answer:
        return {"ok": True, "team": "Test Bank", "team_id": TEAM, "user": "loanward", "user_id": BOT, "bot_id": BOT_ID}

    def users_info(self, given: Mapping[str, Any]) -> Answer:
        user = given["user"]
        return {"ok": True, "user": {"id": user, "locale": self.space.locales.get(user, "zh-CN")}}

    def conversations_info(self, given: Mapping[str, Any]) -> Answer:
        channel = self.space.channels.get(given["channel"])
        return {"ok": True, "channel": {"id": channel.id, **channel.flags}} if channel else refuse("channel_not_found")

    def conversations_members(self, given: Mapping[str, Any]) -> Answer:
        """Two at a time, so that whoever does not page sees too few."""
        channel = self.space.channels.get(given["channel"])
        if channel is None:
            return refuse("channel_not_found")
        start = int(given.get("cursor") or 0)
        after = start + 2 if start + 2 < len(channel.members) else 0
        return {
            "ok": True,
            "members": channel.members[start : start + 2],
            "response_metadata": {"next_cursor": str(after or "")},
        }

    def conversations_open(self, given: Mapping[str, Any]) -> Answer:
        return {"ok": True, "channel": {"id": self.space.direct(str(given["users"]))}}

    def chat_postMessage(self, given: Mapping[str, Any]) -> Answer:
        bad = self._bad_place(given) or self._bad_form(given)
        if bad:
            return refuse(bad)
        if not (given.get("text") or given.get("blocks")):
            return refuse("no_text")
        made = self.space.post(
            Posted(given["channel"], self.space.new_ts(), str(given.get("text") or ""), _json(given.get("blocks")) or [],
                   given.get("thread_ts") or None, client_msg_id=given.get("client_msg_id") or None)
        )  # fmt: skip
        return {"ok": True, "channel": made.channel, "ts": made.ts}

    def chat_postEphemeral(self, given: Mapping[str, Any]) -> Answer:
        bad = self._bad_place(given) or self._bad_form(given)
        if bad:
            return refuse(bad)
        if given["user"] not in self.space.channels[given["channel"]].members:
            return refuse("user_not_in_channel")
        ts = self.space.new_ts()
        self.space.post(
            Posted(given["channel"], ts, str(given.get("text") or ""), _json(given.get("blocks")) or [], given.get("thread_ts") or None,
                   ephemeral_to=given["user"])
        )  # fmt: skip
        return {"ok": True, "message_ts": ts}

    def chat_update(self, given: Mapping[str, Any]) -> Answer:
        bad = self._bad_form(given)
        message = self.space.find(given["channel"], given["ts"])
        if bad or message is None:
            return refuse(bad or "message_not_found")
        self._expire(message)
        if message.streaming is not None:
            return refuse("streaming_state_conflict")
        message.text, message.blocks, message.edits = (
            str(given.get("text") or ""),
            _json(given.get("blocks")) or [],
            message.edits + 1,
        )
        return {"ok": True, "channel": message.channel, "ts": message.ts}

    def chat_startStream(self, given: Mapping[str, Any]) -> Answer:
        bad = self._bad_place(given)
        if bad:
            return refuse(bad)
        if not given.get("thread_ts"):
            return refuse("invalid_arguments")
        direct = bool(self.space.channels[given["channel"]].im_of)
        if not direct and not (given.get("recipient_user_id") and given.get("recipient_team_id")):
            return refuse("missing_recipient_user_id")
        made = Posted(given["channel"], self.space.new_ts(), "", [], given["thread_ts"], streaming=time.monotonic())
        made.chunks += _json(given.get("chunks")) or []
        self.space.post(made)
        return {"ok": True, "channel": made.channel, "ts": made.ts}

    def chat_appendStream(self, given: Mapping[str, Any]) -> Answer:
        message = self._stream(given)
        if message is None:
            return refuse("message_not_in_streaming_state")
        message.chunks += _json(given.get("chunks")) or []
        return {"ok": True, "channel": message.channel, "ts": message.ts}

    def chat_stopStream(self, given: Mapping[str, Any]) -> Answer:
        message = self._stream(given)
        if message is None:
            return refuse("message_not_in_streaming_state")
        bad = self._bad_form(given)
        if bad:
            return refuse(bad)
        message.chunks += _json(given.get("chunks")) or []
        message.blocks = _json(given.get("blocks")) or []
        message.streaming = None
        return {"ok": True, "channel": message.channel, "ts": message.ts}

    def assistant_threads_setStatus(self, given: Mapping[str, Any]) -> Answer:
        self.space.statuses.append(dict(given))
        return {"ok": True}

    def assistant_threads_setSuggestedPrompts(self, given: Mapping[str, Any]) -> Answer:
        prompts = _json(given.get("prompts")) or []
        if not 1 <= len(prompts) <= 4:
            return refuse("invalid_arguments")
        self.space.prompts.append({**given, "prompts": prompts})
        return {"ok": True}

    def views_open(self, given: Mapping[str, Any]) -> Answer:
        view = _json(given["view"])
        bad = check_view(view)
        if bad:
            return refuse(bad)
        if self.server.expired(str(given.get("trigger_id", ""))):
            return refuse("expired_trigger_id")
        made = {"id": f"V{len(self.space.views)}", **view}
        self.space.views.append(made)
        return {"ok": True, "view": made}

    def views_publish(self, given: Mapping[str, Any]) -> Answer:
        view = _json(given["view"])
        bad = check_view(view)
        if bad:
            return refuse(bad)
        self.space.homes[given["user_id"]] = view
        return {"ok": True, "view": view}

    def files_info(self, given: Mapping[str, Any]) -> Answer:
        file = self.space.files.get(given["file"])
        return (
            {"ok": True, "file": {name: value for name, value in file.items() if name != "data"}}
            if file
            else refuse("file_not_found")
        )

    def files_getUploadURLExternal(self, given: Mapping[str, Any]) -> Answer:
        if not given.get("filename") or not int(given.get("length") or 0):
            return refuse("invalid_arguments")
        id = f"F{len(self.space.files):04d}"
        self.space.files[id] = {"id": id, "name": given["filename"], "length": int(given["length"]), "data": b"", "shares": {}}
        return {"ok": True, "file_id": id, "upload_url": f"{self.server.url}/upload/{id}"}

    def files_completeUploadExternal(self, given: Mapping[str, Any]) -> Answer:
        listed = _json(given["files"])
        channel = given.get("channel_id")
        if channel not in self.space.channels:
            return refuse("channel_not_found")
        for entry in listed:
            file = self.space.files.get(entry["id"])
            if file is None or len(file["data"]) != file["length"]:
                return refuse("file_not_found")
            if not file["shares"]:
                made = Posted(
                    channel,
                    self.space.new_ts(),
                    str(given.get("initial_comment") or ""),
                    [],
                    given.get("thread_ts") or None,
                    file=entry["id"],
                )
                self.space.post(made)
                file["shares"] = {"private": {channel: [{"ts": made.ts}]}}
        return {"ok": True, "files": [{"id": entry["id"]} for entry in listed]}

    def _bad_place(self, given: Mapping[str, Any]) -> str:
        channel = self.space.channels.get(str(given.get("channel")))
        if channel is None:
            return "channel_not_found"
        return "" if BOT in channel.members else "not_in_channel"

    def _bad_form(self, given: Mapping[str, Any]) -> str:
        if len(str(given.get("text") or "")) > 40_000:
            return "msg_too_long"
        if len(str(given.get("markdown_text") or "")) > 12_000:
            return "msg_too_long"
        blocks = _json(given.get("blocks"))
        return check_blocks(blocks) if blocks else ""

    def _stream(self, given: Mapping[str, Any]) -> Posted | None:
        message = self.space.find(given["channel"], given["ts"])
        if message is not None:
            self._expire(message)
        return message if message is not None and message.streaming is not None else None

    def _expire(self, message: Posted) -> None:
        if message.streaming is not None and time.monotonic() - message.streaming > self.server.stream_seconds:
            message.streaming = None


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) and value[:1] in "[{" else value
