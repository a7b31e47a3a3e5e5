"""Answers about covenants: the verdict first, then each test with its limit, headroom and what it rests on."""

from __future__ import annotations

import re

from assistant.analyst.drafting import Draft
from assistant.analyst.plans import Part
from assistant.analyst.writers.figures import latest_lines
from prompts.library import phrase_book
from tools.domain.facts import Row
from tools.domain.figures import Figure
from tools.toolbox.artifacts import Artifact, Value
from tools.toolbox.steering import steers_anywhere

CERTIFICATE = re.compile(r"合规证明|达标证明|compliance[ _-]?cert", re.IGNORECASE)
WORKINGS = re.compile(
    r"\b(exclud\w+|excl\.|not includ\w+|before|adjust\w+|add(ed)?[ -]?backs?|annualis\w+|annualiz\w+|net of|left out|treated as|do(es)? not count)\b|不含|不包括|不计|未计入|未纳入|没有计入|视为|不作为|剔除|扣除|调整|加回|年化",
    re.IGNORECASE,
)
"""Where a certificate says that it counts otherwise than the agreement does."""
PASSING = frozenset({"compliant", "at_risk", "waived"})
MOST = 20
MOST_WAITING = 6
SIDES = frozenset({"numerator", "denominator"})
"""Sides of a ratio that are no line of their own."""
LACKING = frozenset(
    {
        "acts",
        "finding",
        "documents",
        "bureau",
        "exchange_rate",
        "earlier statements",
        "metric",
        "operator",
        "threshold",
        "test_frequency",
    }
)
"""What a test may lack beside line items; named in prompts/codes.yaml."""


def write_covenants(draft: Draft, part: Part) -> None:
    """Covenants of each borrower; only those of the metric or family asked about when there is one."""
    reading = part.reading
    for artifact in draft.artifacts:
        if artifact.tool != "covenants":
            continue
        owner = str(artifact.arguments.get("borrower") or (artifact.borrowers[0].id if artifact.borrowers else ""))
        if not states_of(artifact):
            draft.say("covenant_none", who=draft.who(owner))
            waits = any(r.table == "covenants_waiting" for r in artifact.rows)
            _proposed(draft, artifact, wanted_metrics(reading.metrics, reading.families))
            told = latest_lines(draft, owner, list(reading.metrics))
            draft.is_("answered" if told or waits else "not_available")
            continue
        wanted = _exactly(artifact, reading.metrics) or wanted_metrics(reading.metrics, reading.families)
        ids = [i for i in reading.identifiers if any(v.about == i for v in artifact.values)]
        states = [v for v in states_of(artifact) if (not ids or v.about in ids) and (not wanted or _about(artifact, v, wanted))]
        if not states and "cure" in reading.cues:
            states = [v for v in states_of(artifact) if v.state == "breach"]
        if "cure" in reading.cues and not wanted and not ids:
            states = [v for v in states if v.state == "breach"] or states
        if wanted and not states:
            names = draft.listed([draft.metric(m) for m in (reading.metrics or tuple(wanted))[:3]])
            if _proposed(draft, artifact, wanted):
                latest_lines(draft, owner, list(reading.metrics))
                draft.is_("answered")
                continue
            draft.say("covenant_none_match", who=draft.who(owner), metric=names)
            if latest_lines(draft, owner, list(reading.metrics)):
                draft.is_("answered")
                continue
            states = states_of(artifact)
        if "test_date" in reading.cues and not (wanted or ids or reading.cues & {"breached", "limit_word", "headroom"}):
            _test_days(draft, owner, artifact, states)
            draft.is_("answered")
            continue
        if "tightest" in reading.cues:
            rooms = {v.about: v.value for v in reversed(artifact.values) if v.name == "headroom" and v.value is not None}
            states = sorted((v for v in states if v.about in rooms), key=lambda v: rooms[v.about])[:3] or states
        more = {"headroom", "projection", "limit_word", "cure"} & reading.cues or reading.periods or wanted or ids
        verdict_of(draft, owner, states, some=len(states) < len(states_of(artifact)))
        for value in states[:MOST]:
            covenant_line(
                draft, artifact, value, details=bool(more) and len(states) <= 4, projection="projection" in reading.cues
            )
        if wanted and all(v.state == "waived" for v in states):
            latest_lines(draft, owner, list(reading.metrics))
        _ended(draft, artifact, wanted, ids)
        _proposed(draft, artifact)
        if "certificate" in reading.cues:
            _certificate(draft, owner, wanted)
        draft.is_("answered")


def _test_days(draft: Draft, owner: str, artifact: Artifact, states: list[Value]) -> None:
    """When each covenant is tested next, and when it was tested last."""
    draft.say("covenant_days_head", who=draft.who(owner))
    for value in states[:MOST]:
        row, following = row_of(artifact, value.about), _find(artifact, "next_test", value.about)
        name = f" “{row.columns['name']}”" if row and row.columns.get("name") else ""
        last = draft.phrase("covenant_tested_last", date=draft.day(value.when)) if value.when else ""
        key = "covenant_next_line" if following is not None and following.when else "covenant_next_none"
        draft.say(key, id=value.about, name=name, last=last, date=draft.day(following.when) if following and following.when else "",
                  mark=draft.mark(*(v for v in (following, value) if v is not None)))  # fmt: skip


def _certificate(draft: Draft, owner: str, wanted: frozenset[str]) -> None:
    """What the borrower's own certificate says, word for word."""
    words = [
        name for metric in wanted for name in (draft.glossary.metric(metric, "zh"), draft.glossary.metric(metric, "en"))
    ] + ["杠杆", "Leverage", "EBITDA"]
    shown = 0
    for passage in (
        p for a in draft.artifacts if a.tool == "passages" and a.arguments.get("borrower") == owner for p in a.passages
    ):
        if not CERTIFICATE.search(passage.source.document) or steers_anywhere(passage.text):
            continue
        for line in passage.text.split("\n"):
            told = any(word.lower() in line.lower() for word in words) and any(c.isdigit() for c in line)
            if shown < 7 and (told or WORKINGS.search(line)):
                quote = line.strip()[:160]
                draft.quote(passage, quote)
                shown += 1
    if not shown:
        draft.say("certificate_none", who=draft.who(owner))


def _exactly(artifact: Artifact, metrics: tuple[str, ...]) -> frozenset[str]:
    """The metrics of the covenants that are called what was asked for (a plain word stands for its variants); none: look wider."""
    variants = phrase_book("lexicon")["variants"]
    named = {id for metric in metrics for id in variants.get(metric, [metric])}
    return frozenset(named & {metric_of(artifact, v) for v in states_of(artifact)})


def wanted_metrics(metrics: tuple[str, ...], families: tuple[str, ...]) -> frozenset[str]:
    """The metrics asked about; a plain "leverage" or "coverage" stands for its whole family."""
    table = phrase_book("lexicon")["families"]
    found = set(metrics)
    for family in families:
        found |= set(table[family])
    limited: dict[str, list[str]] = phrase_book("lexicon")["limited_as"]
    for metric in metrics:
        found |= set(limited.get(metric, ()))
        for family in ("leverage", "coverage"):
            if metric == table[family][0]:
                found |= set(table[family])
    return frozenset(found)


def covenants_of(draft: Draft, owner: str, artifact: Artifact, *, brief: bool = False) -> None:
    """Verdict and lines; `brief`: only those that do not plainly pass."""
    states = states_of(artifact)
    verdict_of(draft, owner, states)
    for value in states[:MOST]:
        if not brief or value.state != "compliant":
            covenant_line(draft, artifact, value)


def _about(artifact: Artifact, value: Value, wanted: frozenset[str]) -> bool:
    """A covenant is about a metric when it is tested on it, or on a formula that names it."""
    metric = metric_of(artifact, value)
    return bool(wanted & {metric, *re.findall(r"[a-z_0-9]+", metric)})


def states_of(artifact: Artifact) -> list[Value]:
    """The latest status of each covenant in force: one that an amendment ended is history."""
    over = {v.about for v in ended_of(artifact)}
    return [v for v in artifact.values if v.name == "covenant_status" and v.about not in over]


def ended_of(artifact: Artifact) -> list[Value]:
    """When each covenant ended that is in force no longer."""
    return [v for v in artifact.values if v.name == "covenant_ended"]


def _ended(draft: Draft, artifact: Artifact, wanted: frozenset[str], ids: list[str]) -> None:
    """What was asked about and is over, with the day it ended; in a list of all, every one that is over."""
    for value in ended_of(artifact):
        row = row_of(artifact, value.about)
        metric = row.columns.get("metric") or "" if row else ""
        if value.when and (not ids or value.about in ids) and (not wanted or metric in wanted):
            name = f" “{row.columns['name']}”" if row and row.columns.get("name") else ""
            draft.say("covenant_ended", id=value.about, name=name, date=draft.day(value.when), mark=draft.mark(value))


def metric_of(artifact: Artifact, value: Value) -> str:
    """The metric a covenant is about, from its row or its figure."""
    row = row_of(artifact, value.about)
    figure = figure_of(artifact, value)
    return (figure.name if figure else "") or (row.columns.get("metric") or "" if row else "")


def row_of(artifact: Artifact, covenant: str) -> Row | None:
    """The covenant's row."""
    return next((row for row in artifact.rows if row.table == "covenants" and row.id == covenant), None)


def figure_of(artifact: Artifact, value: Value) -> Figure | None:
    """The figure a status was decided on."""
    return next((f for f in artifact.figures if f.id in value.inputs), None)


def verdict_of(draft: Draft, owner: str, states: list[Value], *, some: bool = False) -> None:
    """How many of all are met; of `some` asked about, only whether: a count of those would be taken for all."""
    bad = [v for v in states if v.state == "breach"]
    waived = sum(1 for v in states if v.state == "waived")
    if some:
        if len(states) > 1:
            key = "bad" if bad else "ok" if all(v.state in PASSING for v in states) else "open"
            draft.say(f"covenant_about_{key}", who=draft.who(owner))
    elif bad:
        draft.say("covenant_verdict_bad", who=draft.who(owner), bad=len(bad), n=len(states))
    elif waived == len(states):
        draft.say("covenant_verdict_waived", who=draft.who(owner), n=len(states))
    elif waived:
        # A test that was given up says nothing about whether it would have been met.
        fine = sum(1 for v in states if v.state in PASSING) - waived
        open_ = len(states) - fine - waived
        draft.say("covenant_verdict_given_up", who=draft.who(owner), n=len(states), k=fine, w=waived,
                  open=draft.phrase("covenant_verdict_also_open", m=open_) if open_ else "")  # fmt: skip
    elif all(v.state in PASSING for v in states):
        draft.say("covenant_verdict_one_ok" if len(states) == 1 else "covenant_verdict_ok", who=draft.who(owner), n=len(states))
    elif any(v.state in PASSING for v in states):
        fine = sum(1 for v in states if v.state in PASSING)
        draft.say("covenant_verdict_mixed", who=draft.who(owner), n=len(states), k=fine, m=len(states) - fine)
    else:
        draft.say("covenant_verdict_open", who=draft.who(owner), n=len(states))


def _proposed(draft: Draft, artifact: Artifact, wanted: frozenset[str] = frozenset()) -> int:
    """How many nobody confirmed yet, and each of those that were asked about; how many of these there are."""
    count = next((v for v in artifact.values if v.name == "count" and v.about == "covenants_proposed"), None)
    if count is None or not count.value:
        return 0
    draft.say("covenant_proposed", n=draft.number(count, marked=False))
    known = {metric_of(artifact, v) for v in states_of(artifact)} - {""}
    # one read from the contract beside the same one confirmed tells nothing new
    rows = [r for r in artifact.rows if r.table == "covenants_waiting" and r.columns.get("metric") not in known]
    asked = [
        r for r in rows if wanted & {r.columns.get("metric") or "", *re.findall(r"[a-z_0-9]+", r.columns.get("metric") or "")}
    ]
    for row in (asked if wanted else rows)[:MOST_WAITING]:
        limit, metric = _find(artifact, "threshold", row.id), row.columns.get("metric") or ""
        name = row.columns.get("name") or ""
        if limit is None or not metric:
            draft.say("covenant_waiting_plain", id=row.id, name=name)
            continue
        draft.say("covenant_waiting", id=row.id, name=name, metric=draft.metric(metric), threshold=draft.number(limit),
                  operator=draft.glossary.word("operator", limit.state, draft.language))  # fmt: skip
    return len(asked)


def _find(artifact: Artifact, name: str, covenant: str) -> Value | None:
    return next((v for v in artifact.values if v.name == name and v.about == covenant), None)


def covenant_line(draft: Draft, artifact: Artifact, value: Value, *, details: bool = False, projection: bool = False) -> None:
    """One covenant: when tested, actual against limit, headroom, verdict, the clause behind it."""
    id, row, figure = value.about, row_of(artifact, value.about), figure_of(artifact, value)
    language = draft.language
    threshold, headroom = _find(artifact, "threshold", id), _find(artifact, "headroom", id)
    status = draft.glossary.word("covenant_status", value.state, language) + (draft.mark(row) if row else "")
    name = f" “{row.columns['name']}”" if row and row.columns.get("name") else ""
    date = draft.day(value.when) if value.when else ""
    dated = "" if not date else f"({date})" if language == "zh" else f" ({date})"
    metric = draft.metric(figure.name) if figure else draft.metric((row.columns.get("metric") or "") if row else "")
    operator = draft.glossary.word("operator", threshold.state if threshold else None, language)
    if figure is not None and figure.value is not None and threshold is not None:
        room = draft.phrase("covenant_headroom", headroom=draft.number(headroom, marked=False)) if headroom else ""
        draft.say("covenant_line", id=id, name=name, date=date, metric=metric, who=draft.who(value.borrower), actual=draft.number(figure),
                  operator=operator, threshold=draft.number(threshold, marked=False), headroom=room, status=status)  # fmt: skip
    elif threshold is not None and metric:
        draft.say("covenant_line_open", id=id, name=name, who=draft.who(value.borrower), date=dated, metric=metric, operator=operator,
                  threshold=draft.number(threshold, marked=False), status=status)  # fmt: skip
    else:
        draft.say("covenant_line_plain", id=id, name=name, who=draft.who(value.borrower), date=dated, status=status)
    if figure is not None and figure.value is None and figure.reason and figure.status == "not_meaningful":
        draft.say("covenant_reason", reason=draft.glossary.reason(figure.reason, language).rstrip("。."))
    missing = [m.partition(": ")[2] for m in artifact.missing if m.startswith(f"{id}: ")]
    if missing and value.state in ("not_evidenced", "stale", "not_due"):
        names = [
            draft.glossary.word("missing", part, draft.language) if part in LACKING else draft.metric(part)
            for part in missing[0].split(", ")
        ]
        draft.say("covenant_missing", missing=draft.listed(names[:6]))
    _foreseen(draft, artifact, id, details=details)
    waived = _find(artifact, "waived_until", id)
    if value.state == "waived" and waived is not None and waived.when:
        draft.say("covenant_waived", date=draft.day(waived.when))
    if details:
        _details(draft, artifact, id, projection=projection)


def _details(draft: Draft, artifact: Artifact, id: str, *, projection: bool) -> None:
    projected, grace, following = (_find(artifact, name, id) for name in ("projected_breach", "grace_until", "next_test"))
    for step in [v for v in artifact.values if v.name == "threshold_step" and v.about == id]:
        if step.when is not None and step.when > draft.as_of:
            draft.say("covenant_step", date=draft.day(step.when), operator=draft.glossary.word("operator", step.state, draft.language),
                      threshold=draft.number(step, marked=False))  # fmt: skip
    if following is not None and following.when:
        draft.say("covenant_next", date=draft.day(following.when))
    if projected is not None and projected.when:
        draft.say("covenant_projected", date=draft.day(projected.when))
    elif projection:
        draft.say("covenant_projection_none")
    _cures(draft, artifact, id, early=False)
    if grace is not None and grace.when:
        draft.say("covenant_grace", date=draft.day(grace.when))


def _foreseen(draft: Draft, artifact: Artifact, id: str, *, details: bool) -> None:
    """What the statements that are in already say of the test that is still to come."""
    early = _find(artifact, "early_status", id)
    figure = figure_of(artifact, early) if early is not None else None
    if early is None or early.when is None or figure is None or figure.value is None:
        return
    limit, room = (
        next((v for v in artifact.values if v.name == name and v.about == id and v.id.startswith("early:")), None)
        for name in ("threshold", "headroom")
    )
    due = _find(artifact, "early_due", id)
    draft.say("covenant_early", date=draft.day(early.when), metric=draft.metric(figure.name), who=draft.who(early.borrower), actual=draft.number(figure),
              operator=draft.glossary.word("operator", limit.state if limit else None, draft.language), threshold=draft.number(limit, marked=False) if limit else "",
              headroom=draft.phrase("covenant_headroom", headroom=draft.number(room, marked=False)) if room else "",
              said=draft.phrase("covenant_early_bad" if early.state == "breach" else "covenant_early_ok"),
              due=draft.phrase("covenant_early_due", date=draft.day(due.when)) if due and due.when else "")  # fmt: skip
    if details:
        _cures(draft, artifact, id, early=True)


def _cures(draft: Draft, artifact: Artifact, id: str, *, early: bool) -> None:
    for cure in (
        v for v in artifact.values if v.name == "cure_amount" and v.about == id and v.id.startswith("early:") == early
    ):
        side = cure.id.rsplit(":", 1)[-1]
        told = draft.phrase(f"cure_of_{side}") if side in SIDES else draft.metric(side)
        draft.say(f"cure_{cure.state}", metric=told, amount=draft.number(cure))
