"""A visit note line by line, each with the part of the note it stands in: who and when, seen, checked, said, view, follow-up.

Banks write their notes in many shapes: numbered sections, a table, a memorandum, a few lines of text. What a part is called is data
(prompts/topics.yaml); a line is quoted word for word.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from prompts.library import phrase_book
from tools.domain.facts import Passage
from tools.toolbox.clauses import sentences_in
from tools.toolbox.steering import steers

HEAD = "note"
"""The part of a note that says who, when and where."""
TOLD = ("seen", "checked", "said", "differences", "collateral", "view", "follow ups")
"""Parts of a note that carry what was found, in order."""
SHORTEST_HEAD = 4
SHORTEST = 3


_APART = re.compile(r"(?<=[”」])\s*(?=[“「])|□|；\s+|(?<=[.”])\s+(?=[“\"])")
"""Where two quoted words or two things to do stand in one sentence."""


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of a note (or one row of its head) and where it stands."""

    passage: Passage
    section: str
    said: str

    @property
    def document(self) -> str:
        """The note's name."""
        return self.passage.source.document


def lines_of(passages: Sequence[Passage]) -> list[Line]:
    """Every line of the visit notes among some passages, in their order."""
    return [line for p in passages if p.kind == "visit_note" for line in _lines(p)]


def newest(lines: Sequence[Line]) -> list[Line]:
    """Those of the first note only; notes come newest first."""
    return [line for line in lines if line.document == lines[0].document]


def by_section(lines: Sequence[Line], sections: Sequence[str]) -> list[Line]:
    """Lines of some parts, note by note, in the order of the parts."""
    papers = list(dict.fromkeys(line.document for line in lines))
    kept = [line for line in lines if line.section in sections]
    return sorted(kept, key=lambda line: (papers.index(line.document), sections.index(line.section)))


@cache
def _labels() -> tuple[re.Pattern[str], dict[str, str]]:
    """One pattern for every label of every part, and which part each label begins."""
    of = {str(word).lower(): section for section, words in phrase_book("topics")["note_labels"].items() for word in words}
    words = "|".join(re.escape(word) for word in sorted(of, key=len, reverse=True))
    bracket = r"(?:\s*[（(][^）)\n]{1,12}[）)])?"
    # A label of its own line or cell, or one that runs on after the end of what stands before it.
    pattern = (
        rf"(?:(?<=\n)|(?<=[\s。；;”\"」）)|.])|^|(?<=[\u3400-\u9fff]))(?:[一二三四五六七八九十]+、|\d{{1,2}}[.、]\s*)?"
        rf"(?P<label>{words}){bracket}(?P<after>\s*[|:：]\s*|\.\s+|[ \t]+|\s*(?=\n))"
    )
    return re.compile(pattern, re.IGNORECASE), of


def _lines(passage: Passage) -> list[Line]:
    label, of = _labels()
    text = passage.text
    section = passage.heading if passage.heading in of.values() else HEAD
    found: list[Line] = []
    starts = [m for m in label.finditer(text) if _begins(m, text, of)]
    edges = [(0, 0, section, False)]
    edges += [
        (m.start("label"), m.end(), of[m.group("label").lower()], m.group("after").strip() in ("|", ":", "：", ""))
        for m in starts
    ]
    for place, (start, body, part, row) in enumerate(edges):
        end = next((m.start() for m in starts[place : place + 1]), len(text))
        if part == "other":
            continue
        if part == HEAD:
            spans = [text[start:end]] if row else text[body:end].split("\n")
            found += [
                Line(passage, HEAD, said)
                for one in spans
                if _is_row(said := " ".join(one.split("\n")[0].split(" ")).strip(" |;；,，。"), row)
            ]
        else:
            found += [
                Line(passage, part, said)
                for whole in _sentences(text[body:end])
                if not _is_title(whole)
                for one in _APART.split(whole)
                if len(said := one.strip("“”\"' ·□|；;")) >= SHORTEST
            ]
    return found


def _sentences(text: str) -> list[str]:
    """Its sentences; a part of a few characters ("无。", "还能撑。") is one as a whole."""
    short = text.strip()
    return sentences_in(text) or ([short] if len(short) >= SHORTEST and not steers(short) else [])


def _begins(match: re.Match[str], text: str, of: dict[str, str]) -> bool:
    """Whether a label begins something there: others than those of the head need their mark or a line of their own."""
    at, after = match.start("label"), match.group("after")
    own_line = match.start() == 0 or text[match.start() - 1] == "\n"
    marked = bool(after.strip())
    if text[at].isascii() and text[at].islower():
        return False
    if of[match.group("label").lower()] in (HEAD, "other"):
        runs_on = at > 0 and "\u3400" <= text[at - 1] <= "\u9fff"
        return marked or own_line or runs_on or (at > 0 and text[at - 1] == " " and "\u3400" <= text[at] <= "\u9fff")
    return (marked and (after.strip() != "." or text[at].isupper())) or (
        own_line and (after == "" or match.end() == len(text) or text[match.end()] == "\n")
    )


def _is_row(said: str, labelled: bool) -> bool:
    """A row of the head: labelled, or a line that names a day."""
    return len(said) > SHORTEST_HEAD and (labelled or re.search(r"\d{4}", said) is not None)


def _is_title(said: str) -> bool:
    return re.fullmatch(r"(?:[一二三四五六七八九十]+、|\d{1,2}\.\s).{1,40}(?<![.。！!])", said) is not None
