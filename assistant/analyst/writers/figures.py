"""Answers about line items and ratios: a value, a change, a comparison, the reasons for a change."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.analyst.drafting import Draft
from assistant.analyst.plans import Part
from assistant.analyst.recipes import metric_names, why_names
from tools.domain.facts import Fact
from tools.domain.figures import Figure
from tools.toolbox.artifacts import Artifact, Value
from tools.toolbox.figures import Answer, answers_in, end_of, months_of, name_of

MOST_LINES = 14


def write_value(draft: Draft, part: Part) -> None:
    """Each metric in its period; the newest full year too when the newest value is of part of a year."""
    for heard in part.borrowers:
        names = metric_names(part.reading, part.frame)
        if not _has_statements(draft, heard.id):
            _none(draft, heard.id, names)
            continue
        answers = [a for name in names for a in draft.answer_of(name, heard.id)]
        _made_of(draft, part, heard.id)
        if len(answers) == 1:
            _one(draft, heard.id, answers[0])
        elif answers:
            _many(draft, heard.id, answers)
        _scopes_apart(draft, heard.id)
        _notes(draft, answers)
        _which_periods(draft, heard.id, answers)
    for day in dict.fromkeys(str(a.arguments["known_at"]) for a in draft.artifacts if a.arguments.get("known_at")):
        draft.say("known_then", date=draft.day_of(day))


def _made_of(draft: Draft, part: Part, borrower: str) -> None:
    """Shares and sums worked out of the figures, before the figures themselves."""
    whole = part.reading.share_of
    for value in values(draft, "share", borrower=borrower) if whole else ():
        when = next((draft.when(a) for a in draft.answer_of(value.about, borrower) if a.id == value.inputs[0]), "")
        draft.say("share_of", who=draft.who(borrower), metric=draft.metric(value.about), Metric=draft.Metric(value.about), whole=draft.metric(whole),
                  value=draft.number(value), when=when)  # fmt: skip
        draft.is_("answered")
    for value in values(draft, "sum", borrower=borrower):
        first, last = draft.day(value.since or draft.as_of), draft.day(value.when or draft.as_of)
        draft.say("sum_over", who=draft.who(borrower), metric=draft.metric(value.about), Metric=draft.Metric(value.about), value=draft.number(value),
                  first=first, last=last)  # fmt: skip
        draft.is_("answered")


def _scopes_apart(draft: Draft, borrower: str) -> None:
    """How far the group's value lies above or below the parent company's own."""
    for value in (v for v in values(draft, "change", borrower=borrower) if v.id.startswith("scope_gap:")):
        draft.say(
            ("scope_above" if (value.value or 0) > 0 else "scope_below") + ("" if value.unit == "currency" else "_plain"), metric=draft.metric(value.about), Metric=draft.Metric(value.about),
            value=draft.size(value), when=draft.day(value.when or draft.as_of),
        )  # fmt: skip


def _has_statements(draft: Draft, borrower: str) -> bool:
    return not any(m.startswith(f"{borrower}: no statements") for artifact in draft.artifacts for m in artifact.missing)


def _none(draft: Draft, borrower: str, names: Sequence[str]) -> None:
    """No statements at all, or none of the parent company alone."""
    alone = any(a.arguments.get("scope") == "parent" for a in draft.artifacts)
    key = "no_parent_statements" if alone else "no_statements"
    draft.say(key, who=draft.who(borrower), metrics=draft.listed([draft.metric(n) for n in names[:4]]))
    draft.is_("not_available")


def _one(draft: Draft, borrower: str, answer: Answer) -> None:
    if answer.value is None:
        _absent(draft, borrower, answer)
        return
    draft.say(
        "value" + _loss(answer),
        who=draft.who(borrower),
        when=draft.at(answer),
        metric=draft.named(answer),
        Metric=draft.Named(answer),
        value=draft.number(answer),
    )
    draft.is_("answered")


def _many(draft: Draft, borrower: str, answers: Sequence[Answer]) -> None:
    known = [a for a in answers if a.value is not None]
    if known:
        draft.say("value_head", who=draft.who(borrower))
        for answer in known[:MOST_LINES]:
            draft.say("value_line" + _loss(answer), metric=draft.named(answer), Metric=draft.Named(answer), value=draft.number(answer),
                      when=draft.when(answer))  # fmt: skip
        draft.is_("answered")
    for answer in answers:
        if answer.value is None:
            _absent(draft, borrower, answer)


PROFITS = frozenset({"net_profit", "operating_profit", "profit_before_tax", "net_profit_to_parent"})


def _loss(answer: Answer) -> str:
    """A profit below zero is called what it is."""
    return "_loss" if name_of(answer) in PROFITS and (answer.value or 0) < 0 else ""


def _absent(draft: Draft, borrower: str, answer: Answer) -> None:
    """Why there is no value: the input that is missing, or the reason it means nothing."""
    name = name_of(answer)
    slots = {
        "who": draft.who(borrower),
        "when": draft.when(answer),
        "metric": draft.named(answer),
        "Metric": draft.Named(answer),
    }
    if isinstance(answer, Figure) and answer.status == "not_meaningful":
        draft.say("not_meaningful", **slots, reason=draft.glossary.reason(answer.reason, draft.language))
    elif isinstance(answer, Figure) and answer.missing and set(answer.missing) != {name}:
        missing = draft.listed([draft.metric(m) for m in answer.missing[:6]])
        draft.say("missing_figure", **slots, missing=missing)
    else:
        draft.say("missing_item", **slots)
    draft.is_("not_available")


def _notes(draft: Draft, answers: Sequence[Answer]) -> None:
    """What a reader of these values must know: flags and unaudited statements."""
    notes: dict[str, None] = {}
    unaudited: set[str] = set()
    for answer in answers:
        for flag in answer.flags:
            said = draft.glossary.flag(flag, draft.language)
            if said:
                notes[said] = None
        facts = [answer] if isinstance(answer, Fact) else list(answer.facts())
        unaudited |= {draft.day(f.period.end) for f in facts if f.assurance == "unaudited"}
    if unaudited:
        draft.say("unaudited", periods=draft.listed(sorted(unaudited)[:4]))
    for note in list(notes)[:3]:
        draft.say("flag_note", note=note.rstrip("。."))


def _which_periods(draft: Draft, borrower: str, answers: Sequence[Answer]) -> None:
    """After a miss: the periods that could be asked for."""
    if all(a.value is not None for a in answers):
        return
    ends = sorted({v.when for v in values(draft, "period_available") if v.borrower == borrower and v.when}, reverse=True)
    if ends:
        draft.say("have_periods", periods=draft.listed([draft.day(end) for end in ends[:6]]))


def values(draft: Draft, name: str, about: str | None = None, borrower: str | None = None) -> list[Value]:
    """Values of one name the tools returned."""
    return [
        v
        for artifact in draft.artifacts
        for v in artifact.values
        if v.name == name and (about is None or v.about == about) and (borrower is None or v.borrower == borrower)
    ]


def write_change(draft: Draft, part: Part) -> None:
    """From first to last with the exact change, then the points between."""
    for heard in part.borrowers:
        names = metric_names(part.reading, part.frame)
        if not _has_statements(draft, heard.id):
            _none(draft, heard.id, names)
            continue
        everything: list[Answer] = []
        for name in names:
            everything += _moved(draft, heard.id, name)
        _notes(draft, everything)
        if all(a.value is None for a in everything):
            _which_periods(draft, heard.id, everything)


def _moved(draft: Draft, borrower: str, name: str) -> list[Answer]:
    answers = draft.answer_of(name, borrower)
    known = [a for a in answers if a.value is not None]
    pair = _pair(draft, borrower, name, known)
    if pair is None:
        if known:
            last = known[-1]
            draft.say(
                "one_point", who=draft.who(borrower), when=draft.when(last), metric=draft.named(last), value=draft.number(last)
            )
            draft.is_("answered")
        else:
            for answer in answers[-1:]:
                _absent(draft, borrower, answer)
        return answers
    then, now, change = pair
    say_change(draft, draft.who(borrower), name, then, now, change)
    _newest_step(draft, borrower, name, known, (then, now))
    between = [a for a in known if a.id not in (then.id, now.id)]
    if between:
        draft.say("series_head")
        for answer in known:
            draft.say("series_line", when=draft.when(answer), value=draft.number(answer))
    draft.is_("answered")
    return answers


def _newest_step(draft: Draft, borrower: str, name: str, known: Sequence[Answer], said: tuple[Answer, Answer]) -> None:
    """Which way it went last, when the whole stretch does not say so: the last year, and the newest part of a year beside the one before."""
    if not any(a.tool == "changes" for a in draft.artifacts):
        return
    by_id = {a.id: a for a in known}
    steps: dict[int | None, tuple[Answer, Answer, Value]] = {}
    for change in values(draft, "change", name, borrower):
        then, now = by_id.get(change.inputs[0]), by_id.get(change.inputs[1])
        if then is None or now is None or (then.id, now.id) == (said[0].id, said[1].id):
            continue
        held = steps.get(months_of(now))
        if held is None or (end_of(now), end_of(then)) > (end_of(held[1]), end_of(held[0])):
            steps[months_of(now)] = (then, now, change)
    for _, (then, now, change) in sorted(steps.items(), key=lambda pair: end_of(pair[1][1])):
        say_change(draft, draft.who(borrower), name, then, now, change)


def _pair(draft: Draft, borrower: str, name: str, known: Sequence[Answer]) -> tuple[Answer, Answer, Value] | None:
    """The widest comparable pair with a change value: first to last where lengths agree."""
    changes = values(draft, "change", name, borrower)
    best: tuple[int, Answer, Answer, Value] | None = None
    by_id = {a.id: a for a in known}
    for change in changes:
        then, now = by_id.get(change.inputs[0]), by_id.get(change.inputs[1])
        if then is None or now is None:
            continue
        span = (end_of(now) - end_of(then)).days
        if best is None or span > best[0]:
            best = (span, then, now, change)
    return best[1:] if best else None


def say_change(draft: Draft, who: str, name: str, then: Answer, now: Answer, change: Value) -> None:
    """One sentence: from, to, by how much, and which way."""
    share = next((v for v in values(draft, "change_share", name, now.borrower) if v.inputs == change.inputs), None)
    slots = {
        "who": who, "metric": draft.named(now), "Metric": draft.Named(now), "when1": draft.at(then), "v1": draft.number(then, exact=False),
        "when2": draft.at(now), "v2": draft.number(now, exact=False),
    }  # fmt: skip
    if change.direction == "flat":
        draft.say("flat_at", **slots)
        return
    key = f"{change.direction}_to" + ("_share" if share else "")
    draft.say(key, **slots, size=draft.size(change), share=draft.size(share, marked=False) if share else "")


def write_compare(draft: Draft, part: Part) -> None:
    """Each metric across the borrowers, the larger first."""
    reading = part.reading
    for name in metric_names(reading, part.frame):
        answers = []
        for heard in part.borrowers:
            found = [a for a in draft.answer_of(name, heard.id)]
            known = [a for a in found if a.value is not None]
            if known:
                answers.append(known[-1])
            else:
                for answer in found[-1:]:
                    _absent(draft, heard.id, answer)
                if not found:
                    draft.say("no_statements", who=draft.who(heard.id), metrics=draft.metric(name))
                    draft.is_("not_available")
        if not answers:
            continue
        answers.sort(key=lambda a: -(a.value or 0))
        tops = {a.value for a in answers}
        if len(answers) > 1:
            lowest = bool(reading.cues & {"lowest", "lesser"})
            if lowest:
                answers.reverse()
            key = "compare_same" if len(tops) == 1 else ("compare_top_low" if lowest else "compare_top")
            draft.say(key, who=draft.who(answers[0].borrower), metric=draft.named(answers[0]), Metric=draft.Named(answers[0]))
        else:
            draft.say("value_head", who=draft.metric(name))
        for answer in answers:
            draft.say("compare_line", who=draft.who(answer.borrower), value=draft.number(answer), when=draft.when(answer))
        draft.is_("answered")


def write_why(draft: Draft, part: Part) -> None:
    """The change, then what pushed and what pulled, largest first."""
    for heard in part.borrowers:
        for name in why_names(part.reading):
            _why(draft, heard.id, name)


def _why(draft: Draft, borrower: str, name: str) -> None:
    artifact = next(
        (
            a
            for a in draft.artifacts
            if a.tool == "drivers" and a.arguments.get("name") == name and a.arguments.get("borrower") == borrower
        ),
        None,
    )
    total = next((v for v in artifact.values if v.name == "change" and v.about == name), None) if artifact else None
    if artifact is None or total is None:
        draft.say("why_no_change", who=draft.who(borrower), metric=draft.metric(name))
        draft.is_("not_available")
        return
    answers: dict[str, Answer] = {a.id: a for a in answers_in(artifact)}
    then, now = answers.get(total.inputs[0]), answers.get(total.inputs[1])
    if then is None or now is None:
        return
    say_change(draft, draft.who(borrower), name, then, now, total)
    effects = [v for v in artifact.values if v.name == "effect" and v.value is not None and v.inputs[1] in answers]
    changes = {v.inputs: v for v in artifact.values if v.name == "change" and v.about != name}
    shares = {v.inputs: v for v in artifact.values if v.name == "change_share" and v.about != name}
    is_sum = isinstance(now, Fact) or (isinstance(now, Figure) and now.unit == "currency")
    if not effects:
        draft.say("why_none")
    elif is_sum:
        groups = (
            ("why_drag", [e for e in effects if (e.value or 0) < 0]),
            ("why_support", [e for e in effects if (e.value or 0) > 0]),
        )
        for key, group in groups if total.direction == "fall" else tuple(reversed(groups)):
            lines = [_moved_line(draft, e, changes, shares) for e in group[:5]]
            if any(lines):
                draft.say(key)
                draft.lines += [line for line in lines if line]
        if any(v.name == "unexplained" for v in artifact.values):
            draft.say("why_rest")
        _tied_up(draft, artifact, changes, shares)
    else:
        draft.say("why_inputs")
        draft.lines += [line for e in effects[:6] if (line := _moved_line(draft, e, changes, shares))]
    draft.is_("answered")


def _tied_up(
    draft: Draft, artifact: Artifact, changes: dict[tuple[str, ...], Value], shares: dict[tuple[str, ...], Value]
) -> None:
    """What day-to-day balances did to the cash, those that held it back first."""
    tied = [v for v in artifact.values if v.name == "tied_up" and v.value is not None]
    for key, group in (
        ("why_tied", [v for v in tied if (v.value or 0) < 0]),
        ("why_freed", [v for v in tied if (v.value or 0) > 0]),
    ):
        lines = [line for v in group if (line := _moved_line(draft, v, changes, shares))]
        if lines:
            draft.say(key)
            draft.lines += lines


def _moved_line(
    draft: Draft, effect: Value, changes: dict[tuple[str, ...], Value], shares: dict[tuple[str, ...], Value]
) -> str:
    change, share = changes.get(effect.inputs), shares.get(effect.inputs)
    if change is None or change.direction == "flat":
        return ""
    key = f"why_{change.direction}" + ("_share" if share else "")
    return draft.phrase(
        key, metric=draft.metric(effect.about), size=draft.size(change), share=draft.size(share, marked=False) if share else ""
    )


def latest_lines(draft: Draft, borrower: str, names: Sequence[str]) -> int:
    """One line per metric with its newest value; how many there were."""
    count = 0
    for name in names:
        known = [a for a in draft.answer_of(name, borrower) if a.value is not None]
        if known:
            last = known[-1]
            draft.say(
                "value_line",
                metric=draft.metric(name),
                Metric=draft.Metric(name),
                value=draft.number(last),
                when=draft.when(last),
            )
            count += 1
    return count


__all__ = [
    "end_of",
    "latest_lines",
    "months_of",
    "say_change",
    "values",
    "write_change",
    "write_compare",
    "write_value",
    "write_why",
]
