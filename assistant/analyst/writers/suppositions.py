"""Answers to what-ifs: a shock and what it does, the way back to a limit, and how much a limit still bears."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import cast

from assistant.analyst.drafting import Draft
from assistant.analyst.plans import Part
from assistant.analyst.recipes_risk import driver_of
from assistant.analyst.writers.covenants import covenant_line, metric_of, row_of, states_of, write_covenants
from assistant.analyst.writers.sheets import sheet_lines
from assistant.analyst.writers.warnings import artifact_of
from prompts.library import phrase_book
from tools.domain.figures import Basis
from tools.toolbox.artifacts import Artifact, Value
from tools.toolbox.rendering import basis_points, basis_word

ALWAYS = ("stressed_dscr", "stressed_icr", "stressed_leverage", "stressed_ebitda", "stressed_cash_after")


def write_what_if(draft: Draft, part: Part) -> None:
    """The shock, what it does to what was asked, whether limits are still met, and the cash that would be missing."""
    for heard in part.borrowers:
        artifact = artifact_of(draft, "what_if", heard.id) or artifact_of(draft, "stress", heard.id)
        if artifact is None:
            continue
        if artifact.tool == "stress":
            _scenarios(draft, heard.id, artifact)
        elif not any(v.name.startswith(("stressed", "cash_released")) for v in artifact.values):
            _no_start(draft, heard.id, artifact)
        else:
            _shock(draft, heard.id, artifact, part)


def _no_start(draft: Draft, who: str, artifact: Artifact) -> None:
    draft.say("what_if_no_start", who=draft.who(who))
    ends = sorted({v.when for v in artifact.values if v.name == "period_available" and v.when}, reverse=True)
    if ends:
        draft.say("have_periods", periods=draft.listed([draft.day(end) for end in ends[:6]]))
    _lacking(draft, artifact)
    draft.is_("not_available")


def _asked(part: Part) -> list[str]:
    """Stressed values that answer the metrics named beside the shock's own."""
    table = phrase_book("lexicon")["stressed_by"]
    return list(dict.fromkeys(name for metric in part.reading.metrics for name in table.get(metric, ())))


def _shock(draft: Draft, who: str, artifact: Artifact, part: Part) -> None:
    shocks = [v for v in artifact.values if v.name == "shock"]
    said = draft.listed([_shock_words(draft, v) for v in shocks])
    values = {(v.name, v.about): v for v in artifact.values}
    limits = [v for v in artifact.values if v.name == "stressed_status"]
    asked = [name for name in _asked(part) if (name, "asked") in values]
    # of two variants of a cover the one a covenant is on answers first
    asked.sort(key=lambda name: not any(name in status.inputs for status in limits))
    released = values.get(("cash_released", "asked"))
    lead = ""
    dscr = values.get(("stressed_dscr", "asked"))
    if released is not None:
        draft.say("what_if_supposed", shock=said)
        draft.say(f"what_if_{released.state}", who=draft.who(who), amount=draft.number(released))
    elif asked and _moved_sentence(draft, who, said, asked[0], values):
        lead, asked = asked[0], asked[1:]
    elif dscr is None or dscr.value is None:
        draft.say(
            "what_if_supposed", shock=f"{said} ({draft.who(who)})" if draft.language == "en" else f"{draft.who(who)}{said}"
        )
    else:
        lacks = values.get(("stressed_cash_gap", "asked"))
        key = (
            "what_if_short"
            if dscr.value < 1
            else "what_if_gap_verdict"
            if lacks is not None and lacks.value
            else "what_if_covers"
        )
        covers = draft.phrase(key)
        draft.say("what_if_head", who=draft.who(who), shock=said, verdict=covers)
    told = _limit_lines(draft, artifact, [v for v in limits if _about_asked(v, _asked(part))])
    shown = {lead} if lead else set[str]()
    held = [name for status in limits for name in status.inputs[:1] if name not in asked]
    for name in dict.fromkeys([*asked, *held, *ALWAYS]):
        before, after = values.get((name, "base")), values.get((name, "asked"))
        if before is None or after is None or name in shown or (released is not None and name != "stressed_cash_after"):
            continue
        if after.direction == "flat" and name not in asked:
            continue
        key = "what_if_same" if after.direction == "flat" else f"what_if_{after.direction}"
        draft.say(key, label=draft.phrase(f"label_{name}"), before=draft.number(before), after=draft.number(after))
    _limit_lines(draft, artifact, [v for v in limits if v not in told] if released is None else [])
    gap = values.get(("stressed_cash_gap", "asked"))
    if gap is not None and gap.value:
        draft.say("what_if_gap", gap=draft.number(gap))
    _lacking(draft, artifact)
    _basis(draft, artifact)
    draft.is_("answered" if any(about == "asked" for _, about in values) else "not_available")


def _about_asked(status: Value, asked: Sequence[str]) -> bool:
    return any(name in status.inputs for name in asked)


def _shock_words(draft: Draft, shock: Value) -> str:
    """The word says the direction, the number its size."""
    rate = shock.about.startswith("rate_") and shock.value is not None
    size = basis_points(shock.value, draft.language) if rate and shock.value is not None else draft.number(shock, marked=False)
    return draft.phrase(f"shock_{shock.about}", size=size)


def _moved_sentence(draft: Draft, who: str, shock: str, name: str, values: dict[tuple[str, str], Value]) -> bool:
    before, after = values.get((name, "base")), values.get((name, "asked"))
    if before is None or after is None:
        return False
    way = after.direction or "flat"
    draft.say("what_if_supposed", shock=shock)
    draft.say(f"what_if_metric_{way}", who=draft.who(who), label=draft.phrase(f"label_{name}"), before=draft.number(before),
              after=draft.number(after))  # fmt: skip
    return True


def _limit_lines(draft: Draft, artifact: Artifact, statuses: Sequence[Value]) -> list[Value]:
    for status in statuses:
        limit = next((v for v in artifact.values if v.name == "threshold" and v.about == status.about), None)
        if limit is None:
            continue
        draft.say(f"limit_{'met' if status.state == 'compliant' else 'missed'}", id=_named(artifact, status.about),
                  operator=draft.glossary.word("operator", limit.state, draft.language), threshold=draft.number(limit))  # fmt: skip
    return list(statuses)


def _named(artifact: Artifact, covenant: str) -> str:
    covenant = covenant.partition("@")[0]
    row = next((r for r in artifact.rows if r.table == "covenants" and r.id == covenant), None)
    name = row.columns.get("name") if row else None
    return f"{covenant} “{name}”" if name else covenant


def _basis(draft: Draft, artifact: Artifact) -> None:
    start = next((v for v in artifact.values if v.name == "base_period"), None)
    if start is None or start.when is None:
        return
    if start.state == "fy":
        year_end = start.when.month == 12 and start.when.day == 31
        key = "what_if_basis_year" if year_end else "what_if_basis_year_to"
        draft.say(key, year=start.when.year, date=draft.day(start.when))
    else:
        draft.say("what_if_basis", date=draft.day(start.when), basis=basis_word(cast(Basis, start.state), draft.language))


def _scenarios(draft: Draft, who: str, artifact: Artifact) -> None:
    found = [v for v in artifact.values if v.name == "stressed_dscr"]
    covers = [v for v in found if v.value is not None and v.value < 1]
    draft.say("stress_head", who=draft.who(who))
    icr = {v.about: v for v in artifact.values if v.name == "stressed_icr"}
    for value in found:
        other = icr.get(value.about)
        draft.say("stress_line", scenario=draft.glossary.word("scenario", value.about, draft.language), dscr=draft.number(value),
                  icr=draft.number(other) if other else draft.phrase("none_word"),
                  verdict=draft.phrase("stress_short" if value in covers else "stress_covers"))  # fmt: skip
    sheet_lines(draft, artifact, "stress")
    _lacking(draft, artifact)
    draft.is_("answered" if found else "not_available")


def _lacking(draft: Draft, artifact: Artifact) -> None:
    names = list(
        dict.fromkeys(m.partition(": ")[2].removesuffix(" is missing") for m in artifact.missing if m.endswith(" is missing"))
    )
    if names:
        words = phrase_book("codes")["codes"]["missing"]
        said = [
            draft.glossary.word("missing", name, draft.language) if name in words else draft.metric(name) for name in names[:5]
        ]
        draft.say("what_if_missing", names=draft.listed(said))


def write_reach(draft: Draft, part: Part) -> None:
    """From where a ratio stands to the value asked for or to its limits: what would bring it there, or what may still move."""
    reached = False
    for heard in part.borrowers:
        artifact = artifact_of(draft, "reach", heard.id)
        if artifact is None or not any(v.name == "reach_status" for v in artifact.values):
            continue
        reached = True
        for status in [v for v in artifact.values if v.name == "reach_status"]:
            _held(draft, heard.id, artifact, status)
        _other_limits(draft, heard.id, artifact)
        _break_even(draft, heard.id, part)
        draft.is_("answered")
    if not reached and "break_even" in part.reading.cues:
        named = [metric for metric in part.reading.metrics if metric in phrase_book("lexicon")["stressed_by"]]
        for heard in part.borrowers if named else ():
            draft.say("covenant_none_match", who=draft.who(heard.id), metric=draft.listed([draft.metric(m) for m in named[:2]]))
        reached = any(_break_even(draft, heard.id, part) for heard in part.borrowers)
        draft.is_("answered" if reached else "not_available")
    if not reached:
        write_covenants(draft, part)


def _held(draft: Draft, who: str, artifact: Artifact, status: Value) -> None:
    key = status.about
    figure = next((f for f in artifact.figures if f.id in status.inputs), None)
    limit = next((v for v in artifact.values if v.name == "threshold" and v.about == key), None)
    if figure is None or limit is None:
        return
    slots = {
        "who": draft.who(who), "when": draft.at(figure), "metric": draft.metric(figure.name), "Metric": draft.Metric(figure.name),
        "actual": draft.number(figure), "id": _named(artifact, key),
        "operator": draft.glossary.word("operator", limit.state, draft.language), "threshold": draft.number(limit, marked=False),
    }  # fmt: skip
    met = status.state == "compliant"
    begins = key.partition("@")[2]
    kind = "step" if begins else "asked" if artifact.arguments.get("target") else "limit"
    draft.say(
        f"reach_{kind}_{'met' if met else 'missed'}", begins=draft.day(date.fromisoformat(begins)) if begins else "", **slots
    )
    levels = {v.id.rsplit(":", 1)[-1]: v for v in artifact.values if v.name == "needed_level" and v.about == key}
    cushions = {v.id.rsplit(":", 1)[-1]: v for v in artifact.values if v.name == "cushion" and v.about == key}
    for move in [v for v in artifact.values if v.name in ("cure_amount", "room_amount") and v.about == key]:
        measure = move.id.rsplit(":", 1)[-1]
        share = cushions.get(measure) if move.state == "cut" else None
        said = draft.phrase("reach_share", share=draft.number(share)) if share is not None else ""
        way = "repay" if measure == "cash" else move.state
        level = levels.get(measure) if way != "repay" else None
        draft.say(
            f"{'room' if met else 'way'}_{way}",
            metric=draft.metric(measure),
            amount=draft.number(move, exact=False),
            share=said,
            level=draft.phrase(f"level_{way}", level=draft.number(level, exact=False)) if level is not None else "",
        )


def _other_limits(draft: Draft, who: str, artifact: Artifact) -> None:
    """The covenants in force on the metric a target was named for."""
    tested = artifact_of(draft, "covenants", who)
    asked = {f.name for f in artifact.figures}
    if tested is None or not artifact.arguments.get("target"):
        return
    for state in states_of(tested):
        row = row_of(tested, state.about)
        kept = row is None or (row.columns.get("type") == "maintenance" and not _ended(draft, row.columns.get("end_date")))
        if kept and metric_of(tested, state) in asked:
            covenant_line(draft, tested, state)


def _ended(draft: Draft, day: str | None) -> bool:
    return bool(day) and str(day) < draft.as_of.isoformat()


def _break_even(draft: Draft, who: str, part: Part) -> bool:
    """How far a driver may move before the debt service is no longer covered."""
    artifact, driver = artifact_of(draft, "stress", who), driver_of(part.reading)
    found = [v for v in artifact.values if v.name == "break_even" and v.about == driver] if artifact else []
    for value in found:
        past = value.value is not None and value.value < 0
        draft.say(f"break_even_{'past' if past else 'left'}", who=draft.who(who), what=draft.glossary.word("break_even", value.about, draft.language),
                  size=draft.number(value))  # fmt: skip
    return bool(found)
