"""Answers about warnings: alerts and signals with their explanations, over one borrower or all; contradictions between sources."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.analyst.drafting import Draft
from assistant.analyst.plans import Part
from assistant.analyst.writers.note_lines import by_section, lines_of
from tools.domain.facts import Row
from tools.toolbox.artifacts import Artifact, Value
from tools.toolbox.steering import steers_anywhere

LEVELS = ("red", "orange", "yellow")
MOST = 8
MOST_PORTFOLIO = 20
MOST_FIRST = 5


def artifact_of(draft: Draft, tool: str, borrower: str | None = None) -> Artifact | None:
    """The first artifact of a tool, of one borrower when one is named."""
    return next((a for a in draft.artifacts if a.tool == tool and borrower in (None, a.arguments.get("borrower"))), None)


def count_in(artifact: Artifact, about: str) -> Value | None:
    """A count a tool told."""
    return next((v for v in artifact.values if v.name == "count" and v.about == about), None)


def write_alerts(draft: Draft, part: Part) -> None:
    """How many of each colour, then each alert in its own words; live signals when nothing was recorded by a monitoring run."""
    for heard in part.borrowers:
        artifact = artifact_of(draft, "alerts", heard.id)
        if artifact is not None and alerts_of(artifact):
            say_alerts(draft, heard.id, artifact, most=MOST)
            draft.is_("answered")
        else:
            _signals(draft, heard.id, quiet=not part.reading.identifiers)


def alerts_of(artifact: Artifact) -> list[Row]:
    """Alerts, worst first as the tool gave them."""
    return [row for row in artifact.rows if row.table == "alerts"]


def say_alerts(draft: Draft, who: str, artifact: Artifact, most: int) -> None:
    """The count by colour and the alerts."""
    rows = alerts_of(artifact)
    count = count_in(artifact, "alerts")
    levels = [
        (level, found) for level in LEVELS if (found := count_in(artifact, f"alerts_{level}")) is not None and found.value
    ]
    colours = draft.listed([draft.phrase(f"alerts_{level}", n=draft.number(v, marked=False)) for level, v in levels])
    if count is not None:
        draft.say(
            "alerts_head", who=draft.who(who), n=draft.number(count, marked=False), colours=colours, date=draft.day(draft.as_of)
        )
    for row in rows[:most]:
        draft.add(alert_line(draft, artifact, row))
    if len(rows) > most:
        draft.say("too_many", n=most)


def alert_line(draft: Draft, artifact: Artifact, row: Row) -> str:
    """One alert: its explanation, who has it and until when."""
    due = next((v for v in artifact.values if v.name == "due" and v.about == row.id), None)
    state = next((v for v in artifact.values if v.name == "alert" and v.about == row.id), None)
    mark = draft.mark(state) if state else draft.mark(row)
    owner = row.columns.get("owner")
    until = draft.phrase("alert_until", due=draft.day(due.when), owner=owner) if due and due.when and owner else ""
    return draft.phrase(
        "alert_line", id=row.id, text=str(row.columns[f"explanation_{draft.language}"]).rstrip("。."), until=until, mark=mark
    )


def _signals(draft: Draft, who: str, *, quiet: bool) -> None:
    artifact = artifact_of(draft, "signals", who)
    if artifact is None:
        return
    rows = [row for row in artifact.rows if row.table == "signals"]
    hits = [row for row in rows if row.columns.get("verdict") == "hit"]
    count, unknown = count_in(artifact, "signals_hit"), count_in(artifact, "signals_unknown")
    shown = hits if quiet else rows
    if quiet and count is not None:
        key = "signals_head" if hits else "signals_none"
        unknown_told = draft.number(unknown, marked=False) if unknown else "0"
        draft.say(
            key, who=draft.who(who), n=draft.number(count, marked=False), unknown=unknown_told, date=draft.day(draft.as_of)
        )
    for row in sorted(
        shown, key=lambda r: LEVELS.index(r.columns["severity"] or "yellow") if r.columns["severity"] in LEVELS else 3
    )[:MOST]:
        explained = row.columns.get(f"explanation_{draft.language}")
        state = next((v for v in artifact.values if v.name == "signal" and v.id == f"signal:{row.id}"), None)
        mark = draft.mark(state) if state else draft.mark(row)
        verdict = draft.glossary.word("signal_verdict", row.columns.get("verdict"), draft.language)
        if explained and row.columns.get("verdict") == "hit":
            colour = draft.glossary.word("severity", row.columns.get("severity"), draft.language)
            draft.say("signal_line", id=row.columns["signal"], colour=colour, text=explained.rstrip("。."), mark=mark)
        else:
            draft.say("signal_state", id=row.columns["signal"], verdict=verdict, mark=mark)
    draft.is_("answered")


def write_portfolio_alerts(draft: Draft, part: Part) -> None:
    """All the caller's alerts: how many of each colour, of whom, the worst first."""
    artifact = artifact_of(draft, "alerts")
    if artifact is None:
        return
    rows = alerts_of(artifact)
    if not rows:
        draft.say("portfolio_alerts_none", date=draft.day(draft.as_of))
        draft.is_("answered")
        return
    count, owners = count_in(artifact, "alerts"), count_in(artifact, "borrowers_alerted")
    levels = [
        (level, found) for level in LEVELS if (found := count_in(artifact, f"alerts_{level}")) is not None and found.value
    ]
    colours = draft.listed([draft.phrase(f"alerts_{level}", n=draft.number(v, marked=False)) for level, v in levels])
    if count is not None and owners is not None:
        draft.say("portfolio_alerts_head", n=draft.number(count, marked=False), borrowers=draft.number(owners, marked=False), colours=colours,
                  date=draft.day(draft.as_of))  # fmt: skip
    states = {v.about: v for v in artifact.values if v.name == "alert"}
    if part.reading.cues & {"worst", "highest"}:
        # Which to take up first: those of the worst colour, in full.
        worst = [row for row in rows if row.columns.get("severity") == rows[0].columns.get("severity")]
        draft.say("portfolio_alerts_first")
        for row in worst[:MOST_FIRST]:
            state = states.get(row.id)
            draft.add(f"- {draft.who(state.borrower if state else None)} {alert_line(draft, artifact, row).removeprefix('- ')}")
        if len(worst) > MOST_FIRST:
            draft.say("too_many", n=MOST_FIRST)
        draft.is_("answered")
        return
    for row in rows[:MOST_PORTFOLIO]:
        state = states.get(row.id)
        mark = draft.mark(state) if state else draft.mark(row)
        draft.say(
            "portfolio_alert_line",
            who=draft.who(state.borrower if state else None),
            title=row.columns[f"title_{draft.language}"],
            id=row.id,
            mark=mark,
        )
    if len(rows) > MOST_PORTFOLIO:
        draft.say("too_many", n=MOST_PORTFOLIO)
    draft.is_("answered")


def write_contradictions(draft: Draft, part: Part) -> None:
    """What does not agree, by the words of the sources."""
    for heard in part.borrowers:
        artifact = artifact_of(draft, "contradictions", heard.id)
        if artifact is None:
            continue
        say_contradictions(draft, heard.id, artifact)
        notes = artifact_of(draft, "visit_notes", heard.id)
        for line in by_section(lines_of(notes.passages), ("differences", "checked", "view")) if notes else []:
            if line.said not in "\n".join(draft.lines):
                draft.quote(line.passage, line.said)
        draft.is_("answered")


def say_contradictions(draft: Draft, who: str, artifact: Artifact, most: int = 6, counted: bool = True) -> None:
    """How many, and the two sides of each."""
    count = count_in(artifact, "contradictions")
    if count is None or not count.value:
        draft.say("contradictions_none", who=draft.who(who))
        return
    if counted:
        draft.say("contradictions_head", who=draft.who(who), n=draft.number(count, marked=False))
    for row in artifact.rows[:most]:
        sides = (";" if draft.language == "zh" else "; ").join(_sides(draft, artifact, row))
        draft.say("contradiction_line", title=row.columns[f"explanation_{draft.language}"], sides=sides, mark=draft.mark(row))


def _sides(draft: Draft, artifact: Artifact, row: Row) -> Iterator[str]:
    """What was said, word for word, then the figures it is held against."""
    for words in (row.columns["said"] or "").split("\n"):
        passage = next((p for p in artifact.passages if words and words in p.text), None)
        if passage is not None and not steers_anywhere(passage.text):
            yield draft.phrase(
                "contradiction_said",
                quote=words,
                name=passage.source.document,
                where=draft.place_of(passage),
                mark=draft.mark(passage),
            )
    for id in (row.columns["figures"] or "").split("\n"):
        fact = next((f for f in artifact.facts if f.id == id), None)
        value = next((v for v in artifact.values if v.id == id), None)
        if fact is not None:
            yield draft.phrase(
                "contradiction_figure", metric=draft.metric(fact.item), value=draft.number(fact), when=draft.when(fact)
            )
        elif value is not None and value.when is not None:
            named = draft.glossary.word("measure", value.name, draft.language)
            yield draft.phrase("contradiction_figure", metric=named, value=draft.number(value), when=draft.day(value.when))
