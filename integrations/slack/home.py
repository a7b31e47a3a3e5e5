"""App Home: the person's alerts, what is past due and what falls due in the next days, and how to ask."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from integrations.slack import blocks
from integrations.slack.alerts import MARK
from integrations.slack.blocks import Block
from integrations.slack.people import Person
from integrations.slack.phrases import Phrases
from integrations.slack.surroundings import Surroundings
from tools.domain.money import plain as plain_number
from tools.store.inbox import Taken
from tools.store.outbox import Message

DAYS = 14
MOST_ALERTS = 12
MOST_DUES = 12
MOST_BORROWERS = 300
"""Above this the home tab names no dues: they are a question away."""


class HomeTab:
    """Handles app_home_opened and the news of members."""

    def __init__(self, around: Surroundings) -> None:
        self.around = around
        self.bank = around.bank

    def handle(self, event: Taken) -> None:
        """Publishes the tab, or suggests questions in the messages tab."""
        said = event.payload
        if event.kind != "app_home_opened":
            self.around.audiences.forget(str(said["channel"]))
            self.around.settle(event, [])
            return
        slack = str(said["user"])
        now = self.around.now()
        person = self.around.people.person(slack, now)
        phrases = Phrases(self.around.people.language(slack))
        if said.get("tab") == "messages":
            self.around.settle(event, self._prompts(event, said, phrases) if person else [])
            return
        shown = [blocks.said(self.around.stranger(slack, ""))] if person is None else self._blocks(person, phrases, now)
        view = {"type": "home", "blocks": shown}
        self.around.settle(event, [Message(f"{event.id}:home", f"home:{slack}", "home", {"user": slack, "view": view})])

    def _prompts(self, event: Taken, said: Any, phrases: Phrases) -> list[Message]:
        asked = [{"title": title, "message": message} for title, message in phrases.prompts]
        payload = {"channel": said.get("channel"), "title": phrases("prompts_title"), "prompts": asked}
        return [Message(f"{event.id}:prompts", f"home:{said['user']}", "prompts", payload)] if said.get("channel") else []

    def _blocks(self, person: Person, phrases: Phrases, now: datetime) -> list[Block]:
        head = [blocks.said(phrases("home_head", name=person.name), bold=True)]
        refusal = self.around.powerless(person, phrases)
        if refusal:
            return [*head, blocks.said(refusal)]
        made = [*head, *self._alerts(person, phrases), {"type": "divider"}, *self._dues(person, phrases, now)]
        return [*made, {"type": "divider"}, blocks.context(phrases("home_ask"))]

    def _alerts(self, person: Person, phrases: Phrases) -> list[Block]:
        live = self.bank.store.alerts.list(person.caller)
        made = [blocks.said(phrases("home_alerts"), bold=True)]
        for alert in live[:MOST_ALERTS]:
            line = phrases(
                "digest_line", mark=MARK[alert.severity], title=alert.title[phrases.language], borrower=alert.borrower
            )
            made.append(blocks.said(f"{line} · {phrases(f'state_{alert.state}')} · {alert.id}"))
        if not live:
            made.append(blocks.said(phrases("home_no_alerts")))
        return made + ([blocks.context(phrases("home_more", n=len(live) - MOST_ALERTS))] if len(live) > MOST_ALERTS else [])

    def _dues(self, person: Person, phrases: Phrases, now: datetime) -> list[Block]:
        from tools.toolbox.loan_states import running, views_of

        ids = self.bank.store.borrowers.ids(person.caller)
        if ids is None or len(ids) > MOST_BORROWERS:
            return []
        clocks = self.bank.clocks(None, None, now)
        desk = self.bank.desk(person.caller, clocks)
        english = phrases.language == "en"
        everyone = self.bank.store.borrowers.all(person.caller)
        names = {b.id: (b.name_en or b.name) if english else b.name for b in everyone}
        views = [view for view in views_of(desk) if running(view)]
        late = sorted((v for v in views if v.dpd), key=lambda v: (-(v.dpd or 0), v.terms.id))
        last = clocks.as_of + timedelta(days=DAYS)
        due = sorted(
            ((v.next_due, v) for v in views if v.next_due and clocks.as_of < v.next_due.date <= last),
            key=lambda pair: (pair[0].date, pair[1].terms.id),
        )
        made: list[Block] = []
        if late:
            lines = [
                phrases("home_late", borrower=names.get(v.terms.borrower, v.terms.borrower), loan=v.terms.id, dpd=v.dpd,
                        amount=_money(v.overdue.total, v.terms.currency) if v.overdue else "?")
                for v in late
            ]  # fmt: skip
            made += self._listed(phrases("home_overdue"), lines, phrases)
        lines = [
            phrases("home_due", day=when.date, borrower=names.get(v.terms.borrower, v.terms.borrower), loan=v.terms.id,
                    principal=_money(when.principal, v.terms.currency), interest=_money(when.interest, v.terms.currency))
            for when, v in due
        ]  # fmt: skip
        title = phrases("home_dues", days=DAYS, as_of=clocks.as_of)
        return made + self._listed(title, lines or [phrases("home_no_dues")], phrases)

    def _listed(self, title: str, lines: list[str], phrases: Phrases) -> list[Block]:
        made = [blocks.said(title, bold=True), *(blocks.said(line) for line in lines[:MOST_DUES])]
        return made + ([blocks.context(phrases("home_more", n=len(lines) - MOST_DUES))] if len(lines) > MOST_DUES else [])


def _money(amount: Any, currency: str) -> str:
    whole, _, cents = plain_number(amount).partition(".")
    return f"{currency} {int(whole):,}" + (f".{cents}" if cents.strip("0") else "")
