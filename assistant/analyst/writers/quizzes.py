"""A question to practise on, with its choices, and the answer under it with the rule that decides it."""

from __future__ import annotations

from assistant.analyst.drafting import Draft
from assistant.analyst.plans import Part
from assistant.analyst.writers.covenants import covenant_line, states_of

CHOICES = ("normal", "special_mention", "substandard", "doubtful", "loss")
DECIDED = ("breach", "compliant", "at_risk")


def write_quiz(draft: Draft, part: Part) -> None:
    """From days past due, or from a covenant of the reader's own book that was tested."""
    for artifact in draft.artifacts:
        if artifact.tool == "arrears_classes":
            value = next(v for v in artifact.values if v.name == "dpd")
            draft.say("quiz_days", days=draft.number(value))
            draft.say(
                "quiz_choices",
                choices=draft.listed([draft.glossary.word("classification", c, draft.language) for c in CHOICES]),
            )
            draft.say(
                "quiz_days_answer",
                category=draft.glossary.word("classification", value.state, draft.language),
                mark=draft.mark(value),
            )
            for passage in [p for p in artifact.passages if p.id in value.inputs]:
                draft.say(
                    "days_rule", told=passage.text.split("\n")[0 if draft.language == "zh" else 1], mark=draft.mark(passage)
                )
            draft.is_("answered")
        if artifact.tool == "covenants":
            tested = [v for v in states_of(artifact) if v.state in DECIDED]
            if not tested:
                continue
            chosen = tested[sum(map(ord, part.reading.text)) % len(tested)]
            draft.say("quiz_covenant", id=chosen.about, who=draft.who(chosen.borrower), mark=draft.mark(chosen))
            draft.say("quiz_answer")
            covenant_line(draft, artifact, chosen, details=False)
            draft.is_("answered")
    if "answered" not in draft.statuses:
        draft.say("quiz_none")
        draft.is_("not_available")
