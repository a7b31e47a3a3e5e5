"""Alerts in Slack: red ones at once to the officer (and to a channel whose members may all see them), the rest in a daily digest.

Each is put into the outbox under an id that names the alert, its latest opening and the person, so that looking again sends nothing
again. Pressing take, snooze or close acts as the person who pressed, with his rights and under his name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from integrations.slack import blocks
from integrations.slack.blocks import Block
from integrations.slack.people import Person
from integrations.slack.phrases import Phrases
from integrations.slack.rendering import Part, parts
from integrations.slack.surroundings import Surroundings
from tools.domain.callers import Caller
from tools.store.alert_records import OUTCOMES, Alert
from tools.store.outbox import Message

RED = frozenset({"red"})
DIGEST_LINES = 20
MARK = {"red": "🔴", "orange": "🟠", "yellow": "🟡"}
REASON_MOST = 1000


class AlertDesk:
    """Shows alerts and works them."""

    def __init__(self, around: Surroundings) -> None:
        self.around = around
        self.bank = around.bank

    def look(self, now: datetime) -> int:
        """Puts every red alert and every digest that is due and was not put before; how many that were."""
        messages: list[Message] = []
        local = now.astimezone(ZoneInfo(self.bank.settings.slack_time_zone))
        for row in self.around.people.staff():
            if row["role"] != "officer":
                continue
            person = self.around.people.person(str(row["slack_user_id"]), now)
            if person is None or person.caller.sees_nothing:
                continue
            messages += self._for_officer(person, local)
        messages += self._for_channel(now)
        put = self.bank.store.outbox.put(messages, now)
        if put:
            self.around.sent()
        return put

    def _for_officer(self, person: Person, local: datetime) -> list[Message]:
        live = self.bank.store.alerts.list(person.caller)
        if not live:
            return []
        phrases: Phrases | None = None
        messages: list[Message] = []
        red = [alert for alert in live if alert.severity == "red" and alert.state == "open"]
        known = self.bank.store.outbox.known([f"{red_id(alert, person.slack)}:0" for alert in red])
        for alert in red:
            if f"{red_id(alert, person.slack)}:0" not in known:
                phrases = phrases or Phrases(self.around.people.language(person.slack))
                messages += self._message(red_id(alert, person.slack), {"user": person.slack}, self.card(alert, phrases))
        rest = [alert for alert in live if alert.severity != "red" and alert.state == "open"]
        digest = f"digest:{local.date()}:{person.slack}"
        due = local.hour >= self.bank.settings.slack_digest_hour
        if rest and due and f"{digest}:0" not in self.bank.store.outbox.known([f"{digest}:0"]):
            phrases = phrases or Phrases(self.around.people.language(person.slack))
            messages += self._message(digest, {"user": person.slack}, self.digest(rest, local.date(), phrases))
        return messages

    def _for_channel(self, now: datetime) -> list[Message]:
        channel = self.bank.settings.slack_alert_channel
        audience = self.around.audiences.of(channel, now) if channel else None
        if channel is None or audience is None or audience.caller is None:
            return []
        phrases = Phrases(self.bank.settings.slack_language)
        messages: list[Message] = []
        for alert in self.bank.store.alerts.list(audience.caller, severities=RED):
            if alert.state == "open":
                messages += self._message(red_id(alert, channel), {"channel": channel}, self.card(alert, phrases))
        return messages

    def _message(self, id: str, place: Mapping[str, Any], shown: Sequence[Part]) -> list[Message]:
        line = f"{place.get('channel') or place.get('user')}:"
        return [Message(f"{id}:{n}", line, "post", {**place, **part.shape()}) for n, part in enumerate(shown)]

    def card(self, alert: Alert, phrases: Phrases, by: str = "") -> list[Part]:
        """One alert with what can be done about it."""
        shape = alert.shape(phrases.language)
        head = f"{MARK[alert.severity]} {self._borrower(alert, phrases.language)}"
        bodies = [blocks.said(head, bold=True), *blocks.paragraphs(shape["explanation"])]
        # The explanation names the first ones already.
        listed = [
            _step(action, phrases) for action in alert.actions if not _named(action, shape["explanation"], phrases.language)
        ]
        if listed:
            bodies.append(blocks.said(f"{phrases('alert_actions')}\n" + "\n".join(f"• {step}" for step in listed)))
        more = [phrases(
            "alert_more", opened=alert.opened, state=phrases(f"state_{alert.state}"), id=alert.id,
            owner=phrases("alert_owner", owner=self._staff_name(alert.owner)) if alert.owner else "",
            due=phrases("alert_due", due=alert.due) if alert.due and alert.state == "open" else "",
        )]  # fmt: skip
        if alert.snoozed_until and alert.state == "snoozed":
            more.append(phrases("alert_until", until=alert.snoozed_until))
        if alert.outcome and alert.state == "closed":
            more.append(phrases(f"outcome_{alert.outcome}"))
        if alert.reason:
            more.append(phrases("alert_reason", reason=blocks.clip(alert.reason, REASON_MOST)))
        if by:
            more.append(by)
        tail = [blocks.context(*more)]
        if alert.live:
            tail += blocks.actions(self._buttons(alert, phrases))
        return parts(bodies, tail, phrases)

    def _buttons(self, alert: Alert, phrases: Phrases) -> list[Block]:
        links = self.around.links
        made = [blocks.button(phrases("alert_take"), "alert_take", alert.id, style="primary")] if alert.state != "taken" else []
        made += [
            blocks.button(phrases("alert_snooze"), "alert_snooze", alert.id), blocks.button(phrases("alert_close"), "alert_close", alert.id),
        ]  # fmt: skip
        return made + ([blocks.button(phrases("alert_open"), "open:alert", url=links.alert(alert.id))] if links else [])

    def digest(self, alerts: Sequence[Alert], day: date, phrases: Phrases) -> list[Part]:
        """Everything open that is not red, one line each."""
        bodies: list[Block] = [blocks.said(phrases("digest_head", day=day, n=len(alerts)), bold=True)]
        for alert in alerts[:DIGEST_LINES]:
            line = phrases(
                "digest_line", mark=MARK[alert.severity], title=alert.title[phrases.language], borrower=alert.borrower
            )
            bodies.append(blocks.said(line))
        if len(alerts) > DIGEST_LINES:
            bodies.append(blocks.context(phrases("digest_more", n=len(alerts) - DIGEST_LINES)))
        return parts(bodies, [], phrases)

    def take(self, person: Person, id: str, now: datetime) -> Alert:
        """The person works on it from now on. Raises what the store raises."""
        return self.bank.store.alerts.take(person.caller, id, now)

    def submit(
        self, person: Person, callback: str, metadata: Mapping[str, Any], values: Mapping[str, Any], now: datetime
    ) -> Alert:
        """A form was sent: snooze or close. Raises what the store raises."""
        reason = str(values["reason"]["reason"].get("value") or "")
        if callback == "alert_snooze":
            until = date.fromisoformat(values["until"]["until"]["selected_date"])
            return self.bank.store.alerts.snooze(person.caller, metadata["alert"], until, reason, now)
        outcome = str(values["outcome"]["outcome"]["selected_option"]["value"])
        return self.bank.store.alerts.close(person.caller, metadata["alert"], outcome, reason, now)

    def rewritten(
        self, event_id: str, alert: Alert, person: Person, act: str, place: Mapping[str, Any], phrases: Phrases
    ) -> list[Message]:
        """The message the button stands in, as the alert stands now."""
        if not place.get("channel") or not place.get("ts"):
            return []
        by = phrases("alert_by", name=person.name, act=phrases(f"act_{act}"))
        shown = self.card(alert, phrases, by)
        payload = {"channel": place["channel"], "ts": place["ts"], **shown[0].shape()}
        return [Message(f"{event_id}:alert", f"{place['channel']}:", "update", payload)]

    def _borrower(self, alert: Alert, language: str) -> str:
        seen = Caller("slack", "service", borrowers=frozenset({alert.borrower}))
        known = self.bank.store.borrowers.get(seen, alert.borrower)
        if known is None:
            return alert.borrower
        name = (known.name_en or known.name) if language == "en" else known.name
        return f"{name} ({known.id})"

    def _staff_name(self, user: str) -> str:
        return next((str(row["name"]) for row in self.around.people.staff() if row["id"] == user), user)


def red_id(alert: Alert, whom: str) -> str:
    """One message per alert, opening and addressee."""
    return f"alert:{alert.id}:{alert.opened}:{whom}"


def modal(action: str, alert: str, place: Mapping[str, Any], phrases: Phrases, today: date) -> Block:
    """The form behind snooze and close. Reasons are required by Slack before the form can be sent."""
    metadata = json.dumps({"alert": alert, "channel": place.get("channel"), "ts": place.get("ts")})
    if action == "alert_snooze":
        fields = [
            _input(
                "until",
                phrases("snooze_until"),
                {"type": "datepicker", "action_id": "until", "initial_date": today.isoformat()},
            ),
            _input("reason", phrases("snooze_reason"), _words()),
        ]
    else:
        options = [
            {"text": blocks.plain(phrases(f"outcome_{name}")), "value": name}
            for name in ("true", "false", "duplicate", "accepted_risk")
            if name in OUTCOMES
        ]
        fields = [
            _input("outcome", phrases("close_outcome"), {"type": "static_select", "action_id": "outcome", "options": options}),
            _input("reason", phrases("close_reason"), _words()),
        ]  # fmt: skip
    title = phrases("snooze_title" if action == "alert_snooze" else "close_title")
    return {
        "type": "modal", "callback_id": action, "private_metadata": metadata, "title": blocks.plain(title, 24),
        "submit": blocks.plain(phrases("submit"), 24), "close": blocks.plain(phrases("cancel"), 24), "blocks": fields,
    }  # fmt: skip


def _words() -> Block:
    return {"type": "plain_text_input", "action_id": "reason", "multiline": True, "min_length": 2, "max_length": REASON_MOST}


def _input(id: str, label: str, element: Block) -> Block:
    return {"type": "input", "block_id": id, "label": blocks.plain(label, 150), "element": element}


def _named(action: Mapping[str, Any], text: str, language: str) -> bool:
    return str(action.get(f"name_{language}") or action["name"]).casefold() in text.casefold()


def _step(action: Mapping[str, Any], phrases: Phrases) -> str:
    """A proposed action with who does it and until when."""
    language = phrases.language
    name, owner = action.get(f"name_{language}") or action["name"], action.get(f"owner_{language}") or action["owner"]
    return phrases("alert_step", name=name, owner=owner, due=action["due"])
