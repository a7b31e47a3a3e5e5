"""Answers about figures a later report changed: as they stand, as first reported, and what the reports say of it."""

from __future__ import annotations

from assistant.analyst.drafting import Draft
from assistant.analyst.plans import Part
from assistant.analyst.writers.contracts import quotes_of
from assistant.analyst.writers.warnings import artifact_of
from tools.toolbox.figures import Answer, answers_in, name_of

MOST = 8
MOST_QUOTES = 3


def write_restated(draft: Draft, part: Part) -> None:
    """Both values of each period, or that none was changed; then the sentences on the correction."""
    for heard in part.borrowers:
        artifact = artifact_of(draft, "restatements", heard.id)
        if artifact is None:
            continue
        answers: dict[str, Answer] = {answer.id: answer for answer in answers_in(artifact)}
        told = [v for v in artifact.values if v.name == "restatement_change"]
        for value in told[:MOST]:
            now = answers[value.inputs[-1]]
            slots = {
                "who": draft.who(heard.id),
                "when": draft.at(now),
                "metric": draft.metric(value.about),
                "Metric": draft.Metric(value.about),
                "now": draft.number(now),
            }
            if value.state == "restated":
                draft.say(
                    f"restated_{value.direction}", **slots, then=draft.number(answers[value.inputs[0]]), size=draft.size(value)
                )
            else:
                draft.say("restated_not", **slots)
        for absent in [answer for answer in answers.values() if answer.value is None]:
            draft.say("missing_item", who=draft.who(heard.id), when=draft.when(absent), metric=draft.metric(name_of(absent)),
                      Metric=draft.Metric(name_of(absent)))  # fmt: skip
        ends = sorted({v.when for v in artifact.values if v.name == "period_available" and v.when}, reverse=True)
        if ends:
            draft.say("have_periods", periods=draft.listed([draft.day(end) for end in ends[:6]]))
        said = artifact_of(draft, "clauses", heard.id)
        for passage, quote in list(quotes_of(said, ["restatement"]))[:MOST_QUOTES] if said is not None else ():
            draft.quote(passage, quote)
        draft.is_("answered" if told else "not_available")
