"""A mention, a direct message or a command: who asks, who listens, the answer, and where it may be shown."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Any

from assistant.answering import LONGEST, answer
from assistant.results import AskResult
from integrations.slack import blocks
from integrations.slack.audience import Audience
from integrations.slack.papers import Papers
from integrations.slack.people import Person
from integrations.slack.phrases import Phrases
from integrations.slack.progress import Card
from integrations.slack.rendering import Part, Shown, answer_parts
from integrations.slack.surroundings import Surroundings
from tools.domain.callers import Caller
from tools.errors import LoanwardError
from tools.store.inbox import Taken
from tools.store.outbox import Message
from tools.store.trail import Act

_MENTION = re.compile(r"<@[UW][A-Z0-9]+(?:\|[^>]*)?>")
_LINK = re.compile(r"<(?:mailto:|tel:|https?://)?[^|>]*\|([^>]*)>|<(https?://[^>]*)>|<[#!@][^|>]*\|([^>]*)>")
NOTHING_FOUND = frozenset({"not_found", "clarify", "not_available", "out_of_scope"})
"""The channel's own answer came to nothing: perhaps the asker may see more."""


def words_of(text: str) -> str:
    """What somebody typed, without mentions and Slack's marks."""
    text = _MENTION.sub(" ", text)
    text = _LINK.sub(lambda m: m.group(1) or m.group(2) or m.group(3) or "", text)
    for mark, character in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(mark, character)
    return text.strip()


class Questions:
    """Handles app_mention, message and command."""

    def __init__(self, around: Surroundings, papers: Papers) -> None:
        self.around, self.papers = around, papers
        self.bank = around.bank

    def handle(self, event: Taken) -> None:
        """Answers one event; its messages and its end are one transaction."""
        ask = event.payload
        if event.kind == "command":
            self._command(event)
            return
        direct = event.kind == "message"
        place: dict[str, Any] = {
            "channel": ask["channel"], "thread_ts": ask.get("thread_ts") or ask["ts"], "user": ask["user"],
        }  # fmt: skip
        text = words_of(str(ask.get("text") or ""))
        person = self._person(ask)
        if person is None:
            self._plain(event, place, self.around.stranger(ask["user"], text), private=not direct)
            return
        phrases = Phrases(self.around.people.language(ask["user"], text))
        refusal = self.around.powerless(person, phrases)
        files = list(ask.get("files") or [])
        if refusal is None and not text and not files:
            refusal = phrases("empty")
        if refusal is None and len(text) > LONGEST:
            refusal = phrases("too_long", n=len(text), most=LONGEST)
        if refusal is not None:
            self._plain(event, place, refusal, private=not direct)
            return
        messages: list[Message] = []
        if files:
            messages += self.papers.take_in(event, person, phrases, {**place, "ephemeral": not direct}, files, text)
        if text:
            messages += self._answered(event, person, phrases, place, text, direct=direct)
        self.around.settle(event, messages)

    def _person(self, ask: Mapping[str, Any]) -> Person | None:
        home = {ask.get(name) for name in ("user_team", "source_team") if ask.get(name)}
        if home - {self.around.team}:
            return None  # a person of another workspace, whatever his id
        return self.around.people.person(str(ask["user"]), self.around.now())

    def _answered(self, event: Taken, person: Person, phrases: Phrases, place: dict[str, Any], text: str, *, direct: bool) -> list[Message]:  # fmt: skip
        audience = None if direct else self.around.audiences.of(place["channel"], self.around.now())
        card = self._card(event, person, phrases, place, private=not direct)
        try:
            if audience is None:
                result = self._ask(person.caller, text, place, card)
                parts, shown_to = self._parts(result, phrases), dict(place)
            else:
                parts, shown_to = self._in_channel(person, audience, text, place, card)
        except LoanwardError as problem:
            parts, shown_to = [_words(str(problem))], {**place, "ephemeral": not direct}
        finally:
            self.around.board.close(card)
        return self.around.reply(event, shown_to, parts, card.note() or dict(event.note.get("card") or {}))

    def _in_channel(self, person: Person, audience: Audience, text: str, place: dict[str, Any], card: Card) -> tuple[list[Part], dict[str, Any]]:  # fmt: skip
        """What everybody here may see, for everybody; else what the asker may see, for the asker alone."""
        if audience.caller is not None:
            moment = self.around.now()
            asked = {"channel": place["channel"], "question": text, "as": audience.caller.user}
            self.bank.store.trail.append(person.caller, Act.ASK, f"slack:{place['channel']}", asked, moment, audience.bound)
            result = self._ask(audience.caller, text, place, card, audience.bound)
            if result.status not in NOTHING_FOUND or audience.bound is not None:
                phrases = Phrases(result.language)
                note = (
                    phrases("footer_bound", borrower=self._name(audience.bound))
                    if audience.bound
                    else phrases("footer_channel")
                )
                return self._parts(result, phrases, notes=[note]), place
        result = self._ask(person.caller, text, place, card)
        phrases = Phrases(result.language)
        note = phrases("only_you_outside" if audience.outsiders else "only_you")
        buttons = [] if audience.outsiders else [share_button(result.trail_id, audience.members, phrases)]
        return self._parts(result, phrases, notes=[note], buttons=buttons), {**place, "ephemeral": True}

    def _ask(
        self, caller: Caller, text: str, place: Mapping[str, Any], card: Card | None, borrower: str | None = None
    ) -> AskResult:
        now = self.around.now()
        thread = f"slack:{place['channel']}:{place.get('thread_ts') or ''}"
        return answer(
            self.bank, text, caller=caller, clocks=self.bank.clocks(None, None, now), now=now, thread=thread, borrower=borrower,
            progress=card.step if card else None,
        )  # fmt: skip

    def _parts(self, result: AskResult, phrases: Phrases, notes: list[str] | None = None, buttons: list[blocks.Block] | None = None) -> list[Part]:  # fmt: skip
        spoken = Phrases(result.language) if result.language != phrases.language else phrases
        return answer_parts(shown_of(result), spoken, self.around.links, notes=notes or [], buttons=buttons or [])

    def _card(self, event: Taken, person: Person, phrases: Phrases, place: Mapping[str, Any], *, private: bool) -> Card:
        """The card of this question; one that an earlier attempt began is gone on with."""
        before = event.note.get("card") or {}

        def remember(note: Mapping[str, Any]) -> None:
            self.bank.store.inbox.remember(event.id, {**event.note, "card": dict(note)})

        card = Card(
            place["channel"], place["thread_ts"], person.slack, self.around.team, phrases, private, time.monotonic(), remember,
            str(before.get("ts", "")), str(before.get("mode", "")), [phrases("step_ask")],
        )  # fmt: skip
        return self.around.board.open(card)

    def _command(self, event: Taken) -> None:
        """`/loanward question`: for the asker's eyes, wherever it was typed."""
        ask = event.payload
        text = words_of(str(ask.get("text") or ""))
        slack = str(ask["user_id"])
        person = self.around.people.person(slack, self.around.now())
        phrases = Phrases(self.around.people.language(slack, text))
        if person is None:
            parts = [_words(self.around.stranger(slack, text))]
        elif refusal := self.around.powerless(person, phrases) or (None if text else phrases("command_help")):
            parts = [_words(refusal)]
        else:
            try:
                result = self._ask(
                    person.caller, text, {"channel": ask["channel_id"], "thread_ts": f"command:{event.id}"}, None
                )
                parts = self._parts(result, phrases)
            except LoanwardError as problem:
                parts = [_words(str(problem))]
        url = str(ask.get("response_url") or "")
        messages = [
            Message(f"{event.id}:answer:{n}", f"{ask['channel_id']}:{event.id}", "respond" if url else "post",
                    {**part.shape(), "response_url": url, "response_type": "ephemeral", "user": slack})
            for n, part in enumerate(parts)
        ]  # fmt: skip
        self.around.settle(event, messages)

    def _plain(self, event: Taken, place: dict[str, Any], text: str, *, private: bool) -> None:
        shown = {**place, "ephemeral": True} if private else place
        self.around.settle(event, self.around.reply(event, shown, [_words(text)]))

    def _name(self, borrower: str | None) -> str:
        if borrower is None:
            return ""
        known = self.bank.store.borrowers.get(Caller("channel", "channel", borrowers=frozenset({borrower})), borrower)
        return known.name if known else borrower


def share_button(trail_id: str, members: int, phrases: Phrases) -> blocks.Block:
    """Asks before it shares."""
    question = blocks.confirm(
        phrases("share_title"), phrases("share_text", n=members), phrases("share_yes"), phrases("share_no")
    )
    return blocks.button(phrases("share"), "share", trail_id, confirm=question)


def shown_of(result: AskResult) -> Shown:
    """An answer just given."""
    citations = [citation.shape() for citation in result.citations]
    checked = result.verified and bool(citations)
    return Shown(result.answer, result.language, citations, result.trail_id, result.clocks.as_of.isoformat(), checked)


def _words(text: str) -> Part:
    return Part(blocks.escape(text), blocks.paragraphs(text))
