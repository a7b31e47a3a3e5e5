"""Buttons, menus and forms: sources shown, answers judged and shared, borrowers chosen, alerts worked.

Everything is checked again for the person who presses: a button in a channel gives nobody a right he does not have.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from integrations.slack import blocks
from integrations.slack.alerts import AlertDesk
from integrations.slack.papers import Papers
from integrations.slack.people import Person
from integrations.slack.phrases import Phrases
from integrations.slack.rendering import Part, Shown, answer_parts, source_value
from integrations.slack.sending import part_messages
from integrations.slack.surroundings import Surroundings
from tools.domain.callers import Caller
from tools.errors import LoanwardError
from tools.store.inbox import Taken
from tools.store.outbox import Message
from tools.store.trail import Act


class Presses:
    """Handles press and view."""

    def __init__(self, around: Surroundings, papers: Papers, alerts: AlertDesk) -> None:
        self.around, self.papers, self.alerts = around, papers, alerts
        self.bank = around.bank

    def handle(self, event: Taken) -> None:
        """One press or form; what it says goes to the person alone."""
        said = event.payload
        slack = str(said["user"])
        person = self.around.people.person(slack, self.around.now())
        phrases = Phrases(self.around.people.language(slack))
        place = {"channel": said.get("channel"), "thread_ts": said.get("thread_ts"), "user": slack}
        if person is None:
            self.around.settle(event, self._told(event, place, self.around.stranger(slack, "")))
            return
        try:
            messages = (
                self._form(event, person, phrases) if event.kind == "view" else self._press(event, person, phrases, place)
            )
        except LoanwardError as problem:
            messages = self._told(event, place, str(problem))
        self.around.settle(event, messages)

    def _press(self, event: Taken, person: Person, phrases: Phrases, place: dict[str, Any]) -> list[Message]:
        said = event.payload
        action, value = str(said["action"]), str(said.get("value") or "")
        match action.partition(":")[0]:
            case "source":
                return self._source(event, person, phrases, place, value)
            case "sources":
                return self._listed_source(event, person, phrases, place, value)
            case "feedback":
                return self._judged(event, person, phrases, place, value)
            case "share":
                return self._share(event, person, phrases, place, value)
            case "borrower":
                sha256, _, borrower = value.partition("|")
                part = self.papers.choose(event, person, phrases, sha256, borrower)
                return self._messages(event, place, part)
            case "alert_take":
                alert = self.alerts.take(person, value, self.around.now())
                return self.alerts.rewritten(event.id, alert, person, "take", said, phrases)
        return []

    def _form(self, event: Taken, person: Person, phrases: Phrases) -> list[Message]:
        said = event.payload
        callback = str(said["callback_id"])
        metadata = json.loads(said["private_metadata"] or "{}")
        if callback not in ("alert_snooze", "alert_close"):
            return []
        place = {"channel": metadata.get("channel"), "ts": metadata.get("ts"), "user": person.slack}
        try:
            alert = self.alerts.submit(person, callback, metadata, said["values"], self.around.now())
        except LoanwardError as problem:
            return self._told(event, {"user": person.slack, "channel": None, "thread_ts": None}, str(problem))
        return self.alerts.rewritten(event.id, alert, person, callback.removeprefix("alert_"), place, phrases)

    def _source(self, event: Taken, person: Person, phrases: Phrases, place: dict[str, Any], value: str) -> list[Message]:
        """The page with the number outlined, for the presser alone."""
        where = json.loads(value)
        if "row" in where:
            return self._row(event, person, phrases, place, str(where["row"]))
        document = self.bank.store.documents.get(person.caller, str(where["sha256"]))
        if document is None:
            return self._told(event, place, phrases("source_gone"))
        direct = str(place.get("channel") or "").startswith("D")
        target = {"channel": place["channel"], "thread_ts": place["thread_ts"]} if direct else {}
        if not where.get("page"):
            words = self._passage(person.caller, document.sha256, str(where.get("locator") or ""))
            caption = phrases("source_caption_text", document=document.name, place=where.get("locator") or "")
            part = Part(blocks.escape(caption), [blocks.said(caption, bold=True), *blocks.paragraphs(words or caption)])
            return self._messages(event, place, part)
        caption = phrases("source_caption", document=document.name, page=where["page"])
        picture = Message(
            f"{event.id}:picture", f"user:{person.slack}", "picture",
            {"user": person.slack, **target, "sha256": document.sha256, "page": where["page"], "boxes": where["boxes"],
             "title": blocks.clip(document.name, 100), "caption": blocks.escape(caption),
             "plain": phrases("source_plain", document=caption)},
        )  # fmt: skip
        return [picture] if direct else [picture, *self._told(event, place, phrases("source_sent"))]

    def _row(self, event: Taken, person: Person, phrases: Phrases, place: dict[str, Any], locator: str) -> list[Message]:
        table, _, id = locator.partition(" ")
        clocks = self.bank.clocks(None, None, self.around.now())
        row = self.bank.loan_book.row(person.caller, table, id, clocks)
        if row is None:
            return self._told(event, place, phrases("source_gone"))
        lines = "\n".join(f"{name}: {cell}" for name, cell in row.columns.items() if cell)
        head = phrases("source_row", table=table, id=id)
        return self._messages(
            event, place, Part(blocks.escape(head), [blocks.said(head, bold=True), *blocks.paragraphs(lines)])
        )

    def _passage(self, caller: Caller, sha256: str, locator: str) -> str:
        texts = [p.text for p in self.bank.store.passages.of_document(caller, sha256) if p.source.locator == locator]
        facts = [
            f"{f.label}: {f.raw}" for f in self.bank.store.facts.of_document(caller, sha256) if f.source.locator == locator
        ]
        return "\n".join([*facts, *texts])

    def _listed_source(
        self, event: Taken, person: Person, phrases: Phrases, place: dict[str, Any], value: str
    ) -> list[Message]:
        """A source from the menu: looked up in the record of the answer."""
        number, _, trail_id = value.partition("|")
        payload = self._recorded(person, trail_id, str(place.get("channel") or ""))
        found = next((c for c in (payload or {}).get("citations", []) if str(c["id"]) == number), None)
        if found is None:
            return self._told(event, place, phrases("source_gone"))
        return self._source(event, person, phrases, place, source_value(found, trail_id))

    def _recorded(self, person: Person, trail_id: str, channel: str) -> Mapping[str, Any] | None:
        """What the trail kept of an answer the person may see: his own, one of a borrower of his, or the channel's he is in."""
        record = self.bank.store.trail.show(person.caller, trail_id)
        if (record is None or record["withheld"]) and channel:
            audience = self.around.audiences.of(channel, self.around.now())
            record = self.bank.store.trail.show(audience.caller, trail_id) if audience.caller else None
        payload = record.get("payload") if record else None
        return payload if isinstance(payload, Mapping) else None

    def _judged(self, event: Taken, person: Person, phrases: Phrases, place: dict[str, Any], value: str) -> list[Message]:
        verdict, _, trail_id = value.partition("|")
        payload = self._recorded(person, trail_id, str(place.get("channel") or ""))
        if payload is None:
            return self._told(event, place, phrases("gone"))
        judged = {
            "answer": trail_id,
            "helpful": verdict == "good",
            "question": payload.get("question"),
            "status": payload.get("status"),
        }
        self.bank.store.trail.append(person.caller, Act.FEEDBACK, trail_id, judged, self.around.now())
        return self._told(event, place, phrases("thanks_feedback"))

    def _share(self, event: Taken, person: Person, phrases: Phrases, place: dict[str, Any], trail_id: str) -> list[Message]:
        """The asker shows his answer to the channel: recorded, and never where outsiders listen."""
        record = self.bank.store.trail.show(person.caller, trail_id)
        payload = record.get("payload") if record else None
        if record is None or not isinstance(payload, Mapping) or record["user"] != person.caller.user:
            return self._told(event, place, phrases("gone"))
        channel = str(place["channel"])
        audience = self.around.audiences.of(channel, self.around.now())
        if audience.outsiders:
            return self._told(event, place, phrases("share_refused"))
        spoken = Phrases(str(payload["language"]))
        checked = bool(payload["verified"]) and bool(payload["citations"])
        shown = Shown(
            payload["answer"], payload["language"], payload["citations"], trail_id, payload["clocks"]["as_of"], checked
        )
        head = [blocks.section(spoken("shared_by", user=person.slack))]
        parts = answer_parts(shown, spoken, self.around.links, head=head)
        thread = {"channel": channel, "thread_ts": place["thread_ts"]}
        act = {"answer": trail_id, "channel": channel, "members": audience.members}
        self.bank.store.trail.append(person.caller, Act.SHARE, trail_id, act, self.around.now(), record["borrower"])
        line = f"{channel}:{place['thread_ts'] or ''}"
        # Named by the answer, not by the press: pressing twice shares once.
        messages = part_messages(f"share:{trail_id}:{channel}", line, thread, [part.shape() for part in parts], {})
        return messages + self._told(event, place, phrases("shared_done"))

    def _told(self, event: Taken, place: Mapping[str, Any], text: str) -> list[Message]:
        return self._messages(event, place, Part(blocks.escape(text), [blocks.said(text)]))

    def _messages(self, event: Taken, place: Mapping[str, Any], part: Part) -> list[Message]:
        """To the presser: in his direct messages openly, in a channel for his eyes only."""
        channel = str(place.get("channel") or "")
        shown = {**place, "channel": channel or None}
        if channel and not channel.startswith("D"):
            shown["ephemeral"] = True
        return part_messages(f"{event.id}:told", f"user:{place['user']}", shown, [part.shape()], {})
