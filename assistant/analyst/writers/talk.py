"""Answers that need no numbers: choices, what was not found, what is outside, what must be refused, help."""

from __future__ import annotations

from assistant.analyst.drafting import Draft
from assistant.analyst.plans import STATUS_OF, Part

LONGEST_ECHO = 30


def write_clarify(draft: Draft, part: Part) -> None:
    """A short choice between the borrowers a name may mean."""
    draft.say("clarify", said=str(part.options["said"])[:LONGEST_ECHO])
    for place, id in enumerate(part.options["choices"][:8], 1):
        draft.say("clarify_line", place=place, who=draft.who(id), id=id)
    draft.is_("clarify")


def write_ask_borrower(draft: Draft, part: Part) -> None:
    """Which borrower? With a few of the caller's own as examples."""
    names = [
        draft.who(ref.id) for artifact in draft.artifacts if artifact.tool == "list_borrowers" for ref in artifact.borrowers[:4]
    ]
    if names:
        draft.say("ask_borrower_some", names=draft.listed(names))
    else:
        draft.say("ask_borrower")
    draft.is_("clarify")


def write_not_found(draft: Draft, part: Part) -> None:
    """The same words whether the name does not exist or is not the caller's."""
    draft.say("not_found", said=str(part.options.get("said") or part.reading.text)[:LONGEST_ECHO])
    draft.is_("not_found")


def write_plain(draft: Draft, part: Part) -> None:
    """A fixed answer of the same name as the frame."""
    draft.say("out_of_scope" if part.frame == "off_topic" else part.frame)
    draft.is_(STATUS_OF.get(part.frame, "answered"))


def write_not_available(draft: Draft, part: Part) -> None:
    """A kind of question the product does not answer yet."""
    draft.say("not_available", what=draft.phrase(f"what_{part.frame}"))
    draft.is_("not_available")
