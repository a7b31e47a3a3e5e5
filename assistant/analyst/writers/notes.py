"""Answers from one section of a visit note: who met whom and when, what was seen, what the borrower said, what was left to do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from assistant.analyst.drafting import Draft
from assistant.analyst.plans import Part
from assistant.analyst.recipes import query_of
from assistant.analyst.writers.papers import sections_of, speaks_of, topic_groups
from prompts.library import phrase_book
from tools.domain.facts import Passage
from tools.toolbox.clauses import sentences_in
from tools.toolbox.steering import steers_anywhere

MOST = 10
HEAD = "note"
"""The section of a note that says who, when and where."""


def write_note_section(draft: Draft, part: Part) -> None:
    """The sections asked for, of the newest note that has them; sentences on what was named first. A note in one piece is told whole."""
    sections = sections_asked(part)
    groups = topic_groups(query_of(part.reading))
    for heard in part.borrowers:
        notes = _of_the_days(draft, heard.id)
        parted = any(p.heading in phrase_book("topics")["note_sections"] for p in notes)
        held = [p for p in notes if p.heading in sections] if parted else notes
        papers = list(dict.fromkeys(p.source.document for p in held))
        passages = sorted(held, key=lambda p: (papers.index(p.source.document), sections.index(p.heading) if parted else 0))
        if HEAD in sections and parted:
            told = _heads(notes, all_of_them="how_many" in part.reading.cues or "which" in part.reading.cues)
            told += _told([p for p in passages if p.heading != HEAD], groups, only=False)
        else:
            told = _told(passages, groups, only="counted" in part.reading.cues)
        if not told:
            draft.say("note_none", who=draft.who(heard.id))
            draft.is_("not_available")
            continue
        name = told[0][0].source.document
        titles = draft.listed([draft.phrase(f"note_{section.replace(' ', '_')}") for section in sections])
        if parted:
            draft.say("note_head", who=draft.who(heard.id), sections=titles)
        else:
            draft.say("note_whole", who=draft.who(heard.id))
        for passage, said in told[:MOST]:
            if passage.source.document == name or groups or passage.heading == HEAD:
                draft.quote(passage, said)
        for passage in passages:
            if steers_anywhere(passage.text):
                draft.say(
                    "passages_steering", name=passage.source.document, where=draft.place_of(passage), mark=draft.mark(passage)
                )
        draft.is_("answered")


def sections_asked(part: Part) -> list[str]:
    """Sections by the cues of the question, and what was seen when it speaks of that too."""
    table = phrase_book("topics")["section_cues"]
    found = [section for cue, sections in table.items() if cue in part.reading.cues for section in sections]
    also = ["seen"] if "follow ups" not in found and "seen" in sections_of(part.reading.text) else []
    return list(dict.fromkeys([*also, *found]))


def _of_the_days(draft: Draft, who: str) -> list[Passage]:
    """The notes of the days asked for, else all that were found."""
    found = [a for a in draft.artifacts if a.tool == "visit_notes" and a.arguments.get("borrower") == who]
    dated = [a for a in found if a.arguments.get("from_date") and a.passages]
    return [p for artifact in (dated or found)[:1] for p in artifact.passages]


@cache
def _labels() -> tuple[re.Pattern[str], frozenset[str]]:
    book = phrase_book("topics")["note_head"]
    words = sorted((str(word) for key in ("rows", "other") for word in book[key]), key=len, reverse=True)
    label = "|".join(re.escape(word) for word in words)
    return re.compile(rf"(?:(?<![A-Za-z])(?:{label})(?:[（(][^）)]*[）)])?\s*[|:：\t ]\s*)"), frozenset(map(str, book["rows"]))


def head_rows(text: str) -> list[str]:
    """The rows of a note's head that say who, when, where and why, word for word; they may run together in one line."""
    label, wanted = _labels()
    found: list[str] = []
    for line in text.split("\n"):
        starts = [
            m
            for m in label.finditer(line)
            if m.start() == 0 or not line[m.start() - 1].isascii() or line[m.start() - 1] in " \t"
        ]
        for place, match in enumerate(starts):
            end = starts[place + 1].start() if place + 1 < len(starts) else len(line)
            name = re.split(r"[（(|:：\t]", match.group())[0].strip()
            if name in wanted:
                found.append(line[match.start() : end].strip(" |;；,，"))
    return found


def _heads(notes: Sequence[Passage], *, all_of_them: bool) -> list[tuple[Passage, str]]:
    """The head of the newest note, or of all."""
    heads = [(p, row) for p in notes if p.heading == HEAD for row in head_rows(p.text)]
    newest = heads[0][0].source.document if heads else ""
    return [pair for pair in heads if all_of_them or pair[0].source.document == newest]


def _told(passages: Sequence[Passage], groups: Sequence[frozenset[str]], *, only: bool) -> list[tuple[Passage, str]]:
    """Every sentence of the newest note; of older ones only those on what was named. `only`: nothing else when there are such."""
    newest = passages[0].source.document if passages else ""
    lines = [(p, said.strip("“”\"' ·")) for p in passages for said in sentences_in(_body(p.text))]
    named = [pair for pair in lines if speaks_of(pair[1], groups)]
    rest = [pair for pair in lines if pair not in named and pair[0].source.document == newest]
    return named if named and only else [*named, *rest]


def _body(text: str) -> str:
    head, _, body = text.partition("\n")
    return body if body and len(head) < 40 else text
