"""A small bank with people in Slack, the app, and the fake Slack it talks to."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from assistant.settings import Settings
from assistant.wiring import Bank
from eval.fake_slack import FakeSlack, Workspace
from eval.fake_slack.server import APP_TOKEN, TOKEN
from eval.fake_slack.signing import SECRET
from eval.fake_slack.socket_mode import Delivered
from eval.fake_slack.workspace import Posted
from integrations.slack.app import SlackApp
from integrations.slack.serving import SocketServing
from tests.assistant.bank import build
from tools.store.access import store_staff

WANG, LI, BOSS, AUDIT, ADMIN, STRANGER = "U0WANG", "U0LI", "U0BOSS", "U0AUDIT", "U0ADMIN", "U0STRANGER"
STAFF = [
    {"id": "u1", "name": "王经理", "role": "officer", "branch_id": "B1", "slack_user_id": WANG},
    {"id": "u2", "name": "李经理", "role": "officer", "branch_id": "B2", "slack_user_id": LI},
    {"id": "m1", "name": "赵行长", "role": "manager", "branch_id": "B1", "slack_user_id": BOSS},
    {"id": "x1", "name": "何审计", "role": "auditor", "slack_user_id": AUDIT},
    {"id": "d1", "name": "管理员", "role": "admin", "slack_user_id": ADMIN},
]
RATIO = "明远精机2025年末的流动比率是多少?"


def slack_bank(root: Path) -> Bank:
    """The small bank, its staff known to Slack."""
    bank = build(root).bank
    with bank.store.transaction() as unit:
        store_staff(unit.connection, STAFF, datetime.now(UTC))
    return bank


@dataclass
class Rig:
    """What a test works with."""

    slack: FakeSlack
    app: SlackApp
    bank: Bank

    @property
    def space(self) -> Workspace:
        return self.slack.workspace

    def ask(self, user: str, text: str, **more: Any) -> tuple[dict[str, Any], Delivered]:
        """Asks and comes back at once."""
        body = self.slack.question(user, text, **more)
        return body["event"], self.slack.deliver(body)[0]

    def thread(self, event: dict[str, Any]) -> list[Posted]:
        """What was said in the thread of an event."""
        return self.space.of_thread(event["channel"], event.get("thread_ts") or event["ts"])

    def answers(self, event: dict[str, Any], count: int = 1) -> list[Posted]:
        """Waits for so many finished messages, and for the outbox to be empty."""
        wait_for(lambda: len([m for m in self.thread(event) if m.streaming is None]) >= count and self.quiet())
        return self.thread(event)

    def quiet(self) -> bool:
        """Nothing waits to be worked on or sent."""
        inbox, outbox = self.bank.store.inbox.count(), self.bank.store.outbox.count()
        return not (inbox.get("open", 0) + inbox.get("working", 0) + outbox.get("open", 0) + outbox.get("sending", 0))

    def said(self, event: dict[str, Any]) -> str:
        """All words of the answer."""
        return "\n".join(message.words for message in self.answers(event))


def wait_for(done: Callable[[], bool], seconds: float = 20.0) -> None:
    """Until it is so; fails the test when it never is."""
    until = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.02)


@contextmanager
def running(bank: Bank, slack: FakeSlack, *, patience: float = 30.0, socket: bool = True, **settings: Any) -> Iterator[Rig]:
    """The app at work against `slack`, stopped at the end."""
    given = {"slack_bot_token": TOKEN, "slack_app_token": APP_TOKEN, "slack_signing_secret": SECRET, "slack_api_url": slack.api,
             "slack_contact": "信息科技部小陈", "slack_digest_hour": 0}  # fmt: skip
    bank.settings = Settings.model_validate({**bank.settings.model_dump(exclude_unset=True), **given, **settings})
    app = SlackApp(bank, patience=patience, lease=timedelta(seconds=4), look_every=0.5)
    serving = SocketServing(app)
    app.start()
    if socket:
        serving.start()
        wait_for(lambda: slack.connected > 0)
    try:
        yield Rig(slack, app, bank)
    finally:
        serving.stop()
        app.stop()
