"""Answers that hold two sources against each other: sales in the books and sales told to the tax authority."""

from __future__ import annotations

from assistant.analyst.drafting import Draft
from assistant.analyst.plans import Part
from assistant.analyst.writers.warnings import artifact_of, say_contradictions
from tools.toolbox.figures import end_of


def write_cross_check(draft: Draft, part: Part) -> None:
    """Both amounts and the gap of each period, then what else does not agree."""
    for heard in part.borrowers:
        artifact = artifact_of(draft, "cross_check", heard.id)
        if artifact is None:
            continue
        said = 0
        for fact in artifact.facts:
            own = {v.name: v for v in artifact.values if v.when == end_of(fact) and fact.id in v.inputs}
            declared, gap, share = own.get("declared_sales"), own.get("books_gap"), own.get("books_gap_share")
            if declared is None or gap is None:
                continue
            said += 1
            draft.say(
                f"books_{gap.state}", who=draft.who(heard.id), when=draft.at(fact), books=draft.number(fact, exact=False), declared=draft.number(declared, exact=False),
                gap=draft.number(gap, exact=False), share=draft.number(share) if share is not None else "",
            )  # fmt: skip
        if not said:
            draft.say("books_unknown", who=draft.who(heard.id))
        others = artifact_of(draft, "contradictions", heard.id)
        if others is not None and others.rows:
            say_contradictions(draft, heard.id, others)
        draft.is_("answered" if said or (others is not None and others.rows) else "not_available")
