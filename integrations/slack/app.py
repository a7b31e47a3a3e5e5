"""The Bolt app and everything behind it, wired: what Slack delivers is claimed in middleware, before any listener, and acknowledged.

Listeners do nothing but acknowledge; the pool works. Only a form has to be opened at once, because Slack's permission to open it
lasts three seconds.
"""

from __future__ import annotations

import json
import logging
import re
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from slack_bolt import App, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from integrations.slack import blocks
from integrations.slack.alerts import AlertDesk, modal
from integrations.slack.audience import Audiences
from integrations.slack.downloads import Downloads
from integrations.slack.home import HomeTab
from integrations.slack.intake import Claimer, incoming
from integrations.slack.papers import Papers
from integrations.slack.people import People
from integrations.slack.phrases import Phrases
from integrations.slack.pool import Pool, owner_name
from integrations.slack.presses import Presses
from integrations.slack.progress import PATIENCE, ProgressBoard
from integrations.slack.questions import Questions
from integrations.slack.sending import Sender, part_messages
from integrations.slack.surroundings import Surroundings
from integrations.slack.wire import Later, Refused, Wire, log
from tools.errors import SettingsError
from tools.store.inbox import LEASE, Taken

if TYPE_CHECKING:
    from assistant.wiring import Bank

ANYTHING = re.compile("")
FORMS = re.compile("^alert_(snooze|close)$")
LOOK_EVERY = 60.0
"""Seconds between two looks for alerts that nobody was told of."""


def wall_clock() -> datetime:
    """The time now."""
    return datetime.now(UTC)


class SlackApp:
    """One per process. `bolt` takes requests from Socket Mode or HTTP; `start` begins to work, `stop` ends in good order."""

    def __init__(
        self, bank: Bank, now: Callable[[], datetime] = wall_clock, *, patience: float = PATIENCE, lease: timedelta = LEASE,
        look_every: float = LOOK_EVERY,
    ) -> None:  # fmt: skip
        settings = bank.settings
        token = settings.slack_secret("bot_token")
        if not token:
            raise SettingsError(
                "there is no bot token", where="slack_bot_token", fix="Set slack_bot_token_file to a file that holds it"
            )
        self.bank, self.now, self.look_every = bank, now, look_every
        self.wire = Wire(token, settings.slack_api_url)
        people = People(bank, self.wire)
        audiences = Audiences(bank, self.wire, lambda: self.around.own_user)
        board = ProgressBoard(self.wire, patience=patience)
        self.around = Surroundings(bank, self.wire, people, audiences, board, now, lambda: self.pool.mailed())
        papers = Papers(self.around, Downloads(self.wire, token, settings.slack_file_limit))
        self.alerts = AlertDesk(self.around)
        self.questions = Questions(self.around, papers)
        self.presses = Presses(self.around, papers, self.alerts)
        self.home = HomeTab(self.around)
        owner = owner_name()
        self.pool = Pool(
            bank.store,
            lambda: Sender(bank, self.wire, now, owner),
            self.handle,
            self.give_up,
            now,
            owner,
            settings.slack_workers,
            lease,
        )
        self.claimer = Claimer(bank.store, self.pool.woken)
        self._bot = ""
        self._stop = threading.Event()
        self._watch = threading.Thread(target=self._looking, name="slack-alerts", daemon=True)
        self.bolt = self._bolt(token, settings.slack_secret("signing_secret"))

    def identify(self) -> Mapping[str, Any]:
        """Asks Slack who we are. Raises Later or Refused."""
        who = self.wire.call("auth.test")
        self.around.team, self.around.own_user = str(who["team_id"]), str(who["user_id"])
        self._bot = str(who.get("bot_id") or "")
        return who

    def start(self) -> None:
        """Waits until Slack says who we are, then begins. What an earlier process left is taken up first."""
        pause = 1.0
        while not self._stop.is_set():
            try:
                self.identify()
                break
            except (Later, Refused) as problem:
                log.error("Slack does not answer: %s; trying again", problem)
                self._stop.wait(getattr(problem, "seconds", None) or pause)
                pause = min(pause * 2, 60.0)
        _ = self.bank.assistant.analyst  # compiled before the first question, not during it
        self.claimer.start()
        self.around.board.start()
        self.pool.start()
        self._watch.start()

    def stop(self) -> None:
        """No more work; what is begun is finished."""
        self._stop.set()
        self.claimer.stop()
        self.around.board.stop()
        self.pool.stop()

    def handle(self, event: Taken) -> None:
        """Works one event off."""
        if event.kind in ("message", "app_mention", "command"):
            self.questions.handle(event)
        elif event.kind in ("press", "view"):
            self.presses.handle(event)
        else:
            self.home.handle(event)

    def give_up(self, event: Taken, error: str) -> None:
        """The person is told, and the event stays for whoever looks into it."""
        said = event.payload
        slack = str(said.get("user") or said.get("user_id") or "")
        phrases = Phrases(self.around.people.language(slack, str(said.get("text") or "")))
        text = phrases("failed", id=event.id, contact=self.around.people.contact(phrases("contact")))
        place = {"channel": said.get("channel"), "thread_ts": said.get("thread_ts") or said.get("ts"), "user": slack}
        if event.kind != "message":
            place["ephemeral"] = bool(place["channel"])
        shown = [{"text": blocks.escape(text), "blocks": [blocks.said(text)]}]
        card = dict(event.note.get("card") or {})
        moment = self.now()
        with self.bank.store.transaction():
            if slack:
                line = f"{place['channel']}:{place['thread_ts'] or ''}"
                self.bank.store.outbox.put(part_messages(f"{event.id}:failed", line, place, shown, card), moment)
            self.bank.store.inbox.fail(event.id, moment, error)
        self.pool.mailed()

    def _looking(self) -> None:
        while not self._stop.is_set():
            try:
                self.alerts.look(self.now())
            except (Later, Refused) as problem:
                log.warning("alerts wait: %s", problem)
            except Exception:  # the next look may succeed
                log.exception("alerts could not be looked at")
            self._stop.wait(self.look_every)

    def _bolt(self, token: str, signing_secret: str | None) -> App:
        quiet = logging.getLogger("loanward.slack.bolt")
        quiet.setLevel(logging.WARNING)  # at INFO Bolt writes the bodies of refused requests

        def authorize(**_: Any) -> AuthorizeResult:
            return AuthorizeResult(enterprise_id=None, team_id=self.around.team, bot_id=self._bot, bot_user_id=self.around.own_user, bot_token=token)  # fmt: skip

        app = App(
            authorize=authorize, signing_secret=signing_secret or "", request_verification_enabled=signing_secret is not None,
            client=WebClient(base_url=self.wire.base_url), logger=quiet, raise_error_for_unhandled_request=False,
        )  # fmt: skip
        app.middleware(self._claimed)
        app.action(FORMS)(self._open_form)
        app.action(ANYTHING)(_pressed)
        app.view(ANYTHING)(_pressed)
        app.command("/loanward")(_pressed)
        return app

    def _claimed(self, body: Mapping[str, Any], next: Callable[[], BoltResponse]) -> BoltResponse:
        """Stored first, acknowledged then; what cannot be stored in time is not acknowledged, so that Slack delivers it again."""
        actions = body.get("actions") or [{}]
        if FORMS.match(str(actions[0].get("action_id", ""))):
            return next()
        event = incoming(body, self.now())
        if event is not None and not self.claimer.claim(event):
            return BoltResponse(status=503, body="not stored")
        if event is not None or body.get("type") == "event_callback":
            return BoltResponse(status=200, body="")
        return next()

    def _open_form(self, ack: Callable[[], Any], body: Mapping[str, Any]) -> None:
        """Snooze and close ask for a reason."""
        ack()
        pressed = body["actions"][0]
        slack = str(body["user"]["id"])
        if self.around.people.person(slack, self.now()) is None:
            return
        phrases = Phrases(self.around.people.language(slack))
        container = body.get("container") or {}
        place = {
            "channel": (body.get("channel") or {}).get("id") or container.get("channel_id"),
            "ts": container.get("message_ts"),
        }
        day = self.now().astimezone(ZoneInfo(self.bank.settings.slack_time_zone)).date() + timedelta(days=7)
        view = modal(str(pressed["action_id"]), str(pressed["value"]), place, phrases, day)
        try:
            self.wire.call("views.open", trigger_id=body["trigger_id"], view=json.loads(json.dumps(view)))
        except (Later, Refused) as problem:
            log.warning("a form could not be opened: %s", problem)


def _pressed(ack: Callable[[], Any]) -> None:
    ack()
