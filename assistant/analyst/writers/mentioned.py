"""Answers about a name that is no borrower's: what the papers the asker may see say of it, or that nothing of that name was found.

A company's name is only looked for where the question asks what papers say: else a borrower of others, named in a paper, would be
treated otherwise than one that does not exist.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from assistant.analyst.drafting import Draft
from assistant.analyst.plans import Part
from assistant.analyst.recipes import query_of
from assistant.analyst.writers.book import row_line
from assistant.analyst.writers.note_lines import HEAD, TOLD, Line, by_section, lines_of, newest
from assistant.analyst.writers.notes import sections_asked
from assistant.analyst.writers.papers import speaks_of, topic_groups
from assistant.analyst.writers.talk import write_not_found
from prompts.library import phrase_book
from tools.domain.facts import Passage, Row
from tools.toolbox.artifacts import Artifact
from tools.toolbox.clauses import sentences_in
from tools.toolbox.mentions import pattern_of

MOST = 8
REPLANNED = frozenset({"note_section", "visit", "letter", "contradictions"})
"""Kinds of question about a person met that are really about the borrower he speaks for."""


def write_mention(draft: Draft, part: Part) -> None:
    """Every sentence that holds the name, those first that speak of the rest of the question."""
    said = str(part.options["said"])
    artifact = next((a for a in draft.artifacts if a.tool == "mentions"), None)
    found = mentioned(artifact, said, part.reading.text) if artifact is not None else []
    rows = _rows(artifact, said) if artifact is not None else []
    if not found and not rows:
        write_not_found(draft, part)
        return
    groups = topic_groups(query_of(part.reading).replace(said, " "))
    found.sort(key=lambda pair: not speaks_of(pair[1], groups))
    owners = list(dict.fromkeys([*(owner for _, owner in rows), *(passage.borrower for passage, _ in found)]))
    draft.say("mention_head", said=said, who=draft.listed([draft.who(id) for id in owners]))
    for row, owner in rows[:MOST]:
        draft.say(f"mention_{row.table}", who=draft.who(owner), row=row_line(draft, row), mark=draft.mark(row))
    told = _of_the_note(artifact, said, part) if artifact is not None else []
    for passage, sentence in found[: 2 if told else MOST]:
        draft.quote(passage, sentence)
    for line in sorted(told, key=lambda line: not speaks_of(line.said, groups))[:MOST]:
        draft.quote(line.passage, line.said)
    draft.is_("answered")


def _rows(artifact: Artifact, said: str) -> list[tuple[Row, str]]:
    """Rows of the book that name a person; a company's name is not told of them, nor what only begins like one."""
    owners = {v.about: v.borrower or "" for v in artifact.values if v.name == "named_in"}
    if _company(said):
        return []
    found = [(row, owners.get(row.id, "")) for row in artifact.rows]
    name = re.compile(pattern_of(said), re.IGNORECASE)
    return [
        (row, owner) for row, owner in found
        if row.table != "events" or any(not _company((row.columns.get("detail") or "")[m.start() :], len(said)) for m in name.finditer(row.columns.get("detail") or ""))
    ]  # fmt: skip


def _of_the_note(artifact: Artifact, said: str, part: Part) -> list[Line]:
    """What the note tells whose head names the person or place: what was said when that is asked, else all of it."""
    name = re.compile(pattern_of(said), re.IGNORECASE)
    lines = lines_of(artifact.passages)
    heads = {line.document for line in lines if line.section == HEAD and name.search(line.said)}
    if not heads or part.options["wanted"] in ("profile", "relations"):
        return []
    sections = sections_asked(part) or (
        ["said", "checked"] if part.reading.cues & {"say", "narrative", "notes"} else list(TOLD)
    )
    return newest(kept) if (kept := by_section([line for line in lines if line.document in heads], sections)) else []


def mentioned(artifact: Artifact, said: str, question: str) -> list[tuple[Passage, str]]:
    """The sentences that hold the name by itself; inside a company's name, or as one, only when the question asks what papers say."""
    name = re.compile(pattern_of(said), re.IGNORECASE)
    asked = _asks_of_papers().search(question) is not None
    if _company(said) and not asked:
        return []
    found: list[tuple[Passage, str]] = []
    for passage in artifact.passages:
        lines = [line.said for line in lines_of([passage])] or sentences_in(passage.text)
        for sentence in lines:
            if any(asked or not _company(sentence[m.start() :], len(said)) for m in name.finditer(sentence)):
                found.append((passage, sentence))
    return list({sentence: (passage, sentence) for passage, sentence in found}.values())


def spoken_for(artifact: Artifact, said: str) -> str | None:
    """The one borrower whose visit notes name this person among those met or present; None when there is none, or several."""
    name = re.compile(pattern_of(said), re.IGNORECASE)
    owners = {line.passage.borrower for line in lines_of(artifact.passages) if line.section == HEAD and name.search(line.said)}
    return owners.pop() if len(owners) == 1 else None


@cache
def _asks_of_papers() -> re.Pattern[str]:
    return re.compile("|".join(phrase_book("names")["strangers"]["mentioned"]), re.IGNORECASE)


@cache
def _business() -> tuple[re.Pattern[str], frozenset[str]]:
    book = phrase_book("names")
    chinese: Sequence[str] = [*book["strangers"]["trades"], *book["generic"]["zh"]]
    return re.compile("|".join(re.escape(str(w)) for w in sorted(chinese, key=len, reverse=True))), frozenset(
        book["generic"]["en"]
    )


def _company(text: str, of: int = 0) -> bool:
    """Whether a text is (or, from the end of its first `of` characters, goes on as) a company's name."""
    chinese, english = _business()
    if text[:1].isascii():
        words = re.findall(r"[A-Za-z][\w'-]*", text if not of else text[of : of + 24])
        if of:
            return bool(words) and text[of : of + 1] == " " and words[0][0].isupper()
        return any(word.lower() in english for word in words[1:])
    return chinese.match(text, of) is not None if of else len(text) > 2 and chinese.search(text, 2) is not None
