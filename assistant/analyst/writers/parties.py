"""Answers about the other side of guarantees and about a whole group: how a guarantor or a debtor stands, what a group owes together."""

from __future__ import annotations

from assistant.analyst.drafting import Draft
from assistant.analyst.plans import Part
from assistant.analyst.writers.book import row_line, write_table
from assistant.analyst.writers.ties import write_given
from assistant.analyst.writers.warnings import artifact_of
from tools.toolbox.artifacts import Artifact, Value

MOST_EVENTS = 3
MOST_MEMBERS = 12


def write_guarantors(draft: Draft, part: Part) -> None:
    """Who stands behind the borrower and, when that is asked, how he stands himself."""
    write_table(draft, part)
    _states(draft, part)


def write_guarantees_given(draft: Draft, part: Part) -> None:
    """Whom the borrower stands behind and, when that is asked, how those stand."""
    write_given(draft, part)
    _states(draft, part)


def _states(draft: Draft, part: Part) -> None:
    if "party_state" not in part.reading.cues:
        return
    for heard in part.borrowers:
        artifact = artifact_of(draft, "guarantees", heard.id)
        for party in sorted(_asked(draft, part, artifact, heard.id)) if artifact else ():
            if artifact is not None and draft.ref(party) is not None:
                draft.say("party_state", who=draft.who(party), said=_state(draft, artifact, party))
                draft.is_("answered")


def _asked(draft: Draft, part: Part, artifact: Artifact, who: str) -> set[str]:
    """The side of the guarantees asked about: those who stand behind the borrower, or those it stands behind."""
    if part.frame == "given":
        return {v.about for v in artifact.values if v.name == "guarantee_given"}
    rows = [
        row
        for a in draft.artifacts
        if a.arguments.get("table") == "guarantors" and a.arguments.get("borrower") == who
        for row in a.rows
    ]
    return {id for row in rows if (id := row.columns.get("customer_id"))} - {who}


def _state(draft: Draft, artifact: Artifact, party: str) -> str:
    own = [v for v in artifact.values if v.about == f"party:{party}"]

    def told(name: str) -> list[Value]:
        return [v for v in own if v.name == name]

    said = (
        [draft.phrase("party_balance", balance=draft.listed([draft.number(v) for v in told("balance")]))]
        if told("balance")
        else []
    )
    if not said:
        said.append(draft.phrase("party_no_loans"))
    elif late := [v for v in told("dpd") if v.value]:
        total = draft.listed([draft.number(v) for v in told("overdue_total")])
        said.append(draft.phrase("party_late", dpd=draft.number(late[0]), total=total))
    else:
        said.append(draft.phrase("party_not_late" if told("dpd") else "party_late_unknown"))
    for value in told("classification_proposed")[:1]:
        said.append(draft.phrase("party_class", proposed=draft.glossary.word("classification", value.state, draft.language)))
    events = [row for row in artifact.rows if row.table == "events" and row.columns.get("customer_id") == party]
    if events:
        lines = [f"{row_line(draft, row)}{draft.mark(row)}" for row in events[:MOST_EVENTS]]
        said.append(draft.phrase("party_events", events=draft.listed(lines)))
    return draft.phrase("party_sep").join(said)


def write_group_total(draft: Draft, part: Part) -> None:
    """What everybody under one control owes together, each member's part, and the share of all loans."""
    for heard in part.borrowers[:1]:
        artifact = artifact_of(draft, "guarantees", heard.id)
        totals = [v for v in artifact.values if v.name == "group_exposure"] if artifact else []
        members = [v for v in artifact.values if v.name == "group_member"] if artifact else []
        if artifact is None or not totals:
            draft.say("group_alone", who=draft.who(heard.id))
            draft.is_("not_available")
            continue
        total = draft.listed([draft.number(v) for v in totals])
        draft.say("group_total", who=draft.who(heard.id), total=total, date=draft.day(draft.as_of))
        for value in members[:MOST_MEMBERS]:
            draft.say("group_member", who=draft.who(value.about), amount=draft.number(value))
        _share(draft, heard.id)
        draft.is_("answered")


def _share(draft: Draft, who: str) -> None:
    view = artifact_of(draft, "portfolio_view")
    rows = [row for a in draft.artifacts for row in a.rows if row.table == "customers" and row.id == who]
    group = rows[0].columns.get("group_id") if rows else None
    for value in view.values if view and group else ():
        if value.name == "exposure_share" and value.about == group:
            draft.say("group_share", share=draft.number(value), currency=value.id.rsplit(":", 1)[-1])
