"""Answers from one part of a visit note: who met whom and when, what was seen, what the borrower said, what was left to do."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.analyst.drafting import Draft
from assistant.analyst.plans import Part
from assistant.analyst.recipes import query_of
from assistant.analyst.writers.note_lines import HEAD, TOLD, Line, by_section, lines_of, newest
from assistant.analyst.writers.papers import sections_of, speaks_of, topic_groups
from prompts.library import phrase_book
from tools.domain.facts import Passage
from tools.toolbox.steering import steers_anywhere

MOST = 10


def write_note_section(draft: Draft, part: Part) -> None:
    """The parts asked for, of the newest note that has them; sentences on what was named first. A note without them is told whole."""
    sections = sections_asked(part)
    groups = topic_groups(query_of(part.reading))
    for heard in part.borrowers:
        notes = _of_the_days(draft, heard.id)
        lines = lines_of(notes)
        held = by_section(lines, sections)
        told = _told(held, groups, part)
        also = _also(lines, told, groups) if told else []
        if not told and lines:
            draft.say("note_whole", who=draft.who(heard.id))
            told = by_section(newest(lines), TOLD)
        elif told:
            titles = draft.listed([draft.phrase(f"note_{section.replace(' ', '_')}") for section in sections])
            draft.say("note_head", who=draft.who(heard.id), sections=titles)
        else:
            draft.say("note_none", who=draft.who(heard.id))
            draft.is_("not_available")
            continue
        for line in [*told[:MOST], *also]:
            draft.quote(line.passage, line.said)
        shown = {line.passage.id for line in told}
        for passage in notes:
            if passage.id in shown and steers_anywhere(passage.text):
                draft.say(
                    "passages_steering", name=passage.source.document, where=draft.place_of(passage), mark=draft.mark(passage)
                )
        draft.is_("answered")


REASONS = ("said", "checked", "differences", "view")
MOST_REASONS = 6


def say_reasons(draft: Draft) -> None:
    """What the newest visit note says that may be why: their own words, what was checked, what we think."""
    for artifact in [a for a in draft.artifacts if a.tool == "visit_notes" and a.passages]:
        lines = lines_of(artifact.passages)
        told = by_section(newest(lines), REASONS) if lines else []
        if told:
            draft.say("reasons_head")
        for line in told[:MOST_REASONS]:
            draft.quote(line.passage, line.said)


def sections_asked(part: Part) -> list[str]:
    """Parts by the cues of the question, and what was seen when it speaks of that too."""
    table = phrase_book("topics")["section_cues"]
    found = [section for cue, sections in table.items() if cue in part.reading.cues for section in sections]
    also = ["seen"] if "follow ups" not in found and HEAD not in found and "seen" in sections_of(part.reading.text) else []
    return list(dict.fromkeys([*also, *found]))


def _of_the_days(draft: Draft, who: str) -> list[Passage]:
    """The notes of the days asked for, else all that were found."""
    found = [a for a in draft.artifacts if a.tool == "visit_notes" and a.arguments.get("borrower") == who]
    dated = [a for a in found if a.arguments.get("from_date") and a.passages]
    return [p for artifact in (dated or [a for a in found if a.passages])[:1] for p in artifact.passages]


def _told(lines: Sequence[Line], groups: Sequence[frozenset[str]], part: Part) -> list[Line]:
    """Every line of the newest note; of older ones only those on what was named. A count of stock asked for: nothing else, when told."""
    if not lines:
        return []
    many = part.reading.cues & {"how_many", "which"}
    latest = lines if many else newest(lines)
    named = [line for line in lines if line.section != HEAD and speaks_of(line.said, groups)]
    rest = [line for line in latest if line not in named]
    if named and "counted" in part.reading.cues:
        return named
    return [*named, *rest]


def _also(lines: Sequence[Line], told: Sequence[Line], groups: Sequence[frozenset[str]]) -> list[Line]:
    """Lines of other parts of the newest note that speak of something else the question names ("who was met, and how many lines ran")."""
    return (
        [line for line in newest(lines) if line not in told and line.section in TOLD and speaks_of(line.said, groups)][:4]
        if lines
        else []
    )
