"""What Slack sends: events, questions, presses, forms, commands and files, as a workspace's people cause them."""

from __future__ import annotations

import itertools
import time
from typing import Any
from uuid import uuid4

from eval.fake_slack.workspace import BOT, TEAM, Workspace


class Bodies:
    """Bodies of deliveries, each with ids of its own."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._count = itertools.count(1)
        self._own = uuid4().hex[:8]
        self._triggers: dict[str, float] = {}

    @property
    def url(self) -> str:
        """Where files and answers go."""
        raise NotImplementedError

    def trigger(self) -> str:
        """A trigger id, good for three seconds."""
        id = f"trigger-{self._own}-{next(self._count)}"
        self._triggers[id] = time.monotonic()
        return id

    def expired(self, trigger: str) -> bool:
        """Whether a trigger id is unknown or too old."""
        return time.monotonic() - self._triggers.get(trigger, -1e9) > 3.0

    def event(self, event: dict[str, Any], event_id: str = "") -> dict[str, Any]:
        """The body of an event delivery."""
        id = event_id or f"Ev{self._own}{next(self._count):06d}"
        return {
            "type": "event_callback",
            "team_id": TEAM,
            "api_app_id": "A0",
            "event_id": id,
            "event_time": int(time.time()),
            "event": event,
        }

    def question(
        self,
        user: str,
        text: str,
        *,
        channel: str = "",
        thread_ts: str | None = None,
        files: list[Any] | None = None,
        event_id: str = "",
        **more: Any,
    ) -> dict[str, Any]:
        """A direct message, or a mention when a channel is given."""
        ts = self.workspace.new_ts()
        direct = not channel or self.workspace.channels[channel].im_of
        event = {
            "type": "message" if direct else "app_mention",
            "user": user,
            "text": text if direct else f"<@{BOT}> {text}",
            "ts": ts,
            "event_ts": ts,
            "channel": channel or self.workspace.direct(user),
            "team": TEAM,
            **more,
        }
        if direct:
            event["channel_type"] = "im"
        if thread_ts:
            event["thread_ts"] = thread_ts
        if files:
            event["files"] = files
            if direct:
                event["subtype"] = "file_share"
        return self.event(event, event_id)  # fmt: skip

    def press(
        self,
        user: str,
        action_id: str,
        value: str,
        *,
        channel: str,
        ts: str = "1.1",
        thread_ts: str | None = None,
        option: bool = False,
        ephemeral: bool = False,
    ) -> dict[str, Any]:
        """The body of a pressed button or chosen option."""
        container = {"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": ephemeral}
        if thread_ts:
            container["thread_ts"] = thread_ts
        action: dict[str, Any] = {"action_id": action_id, "type": "button", "action_ts": self.workspace.new_ts()}
        if option:
            action["selected_option"] = {"value": value}
        else:
            action["value"] = value
        return {"type": "block_actions", "user": {"id": user, "team_id": TEAM}, "team": {"id": TEAM}, "trigger_id": self.trigger(),
                "container": container, "channel": {"id": channel}, "actions": [action],
                "response_url": f"{self.url}/response/{next(self._count)}"}  # fmt: skip

    def submission(self, user: str, view: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
        """The body of a sent form."""
        sent = {**view, "state": {"values": values}}
        return {
            "type": "view_submission",
            "user": {"id": user},
            "team": {"id": TEAM},
            "trigger_id": self.trigger(),
            "view": sent,
        }

    def command(self, user: str, text: str, channel: str) -> dict[str, Any]:
        """The body of /loanward."""
        return {"command": "/loanward", "text": text, "user_id": user, "channel_id": channel, "team_id": TEAM,
                "trigger_id": self.trigger(), "response_url": f"{self.url}/response/{next(self._count)}"}  # fmt: skip

    def file(self, name: str, data: bytes, **more: Any) -> dict[str, Any]:
        """A file somebody uploaded, as it stands in an event."""
        id = f"F{len(self.workspace.files):04d}"
        file = {"id": id, "name": name, "size": len(data), "mimetype": "application/octet-stream",
                "url_private_download": f"{self.url}/files/{id}/download", "shares": {}, **more}  # fmt: skip
        self.workspace.files[id] = {**file, "data": data}
        return file
