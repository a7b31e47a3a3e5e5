"""Five-category classes an answer states: what a loan is classified as, and what is proposed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from assistant.verification.anchors import Anchors
from assistant.verification.dates import DateMention
from assistant.verification.evidence import Evidence
from assistant.verification.mentions import Mentions
from assistant.verification.sentences import Sentence
from assistant.verification.vocabulary import word_pattern
from prompts.library import phrase_book

_QUOTED = re.compile(r"[“\"]([^”\"\n]{2,20})[”\"]")
NOW, PROPOSED = "classification", "classification_proposed"


def check_classes(
    text: str, sentence: Sentence, dates: Sequence[DateMention], mentions: Mentions, evidence: Evidence
) -> Iterator[tuple[int, int, str]]:
    """Classes no tool returned for the loan or borrower the sentence speaks of."""
    states = [v for v in evidence.states if v.name in (NOW, PROPOSED)]
    if not states and (evidence.rules or not evidence.claims):
        return
    names = class_names()
    for which, pattern in _triggers():
        for match in pattern.finditer(text, sentence.start, sentence.end):
            start, end = match.span("class")
            if mentions.hidden(start, end):
                continue
            context = sentence.around(start, text, mentions, dates)
            pool = [v for v in states if v.name == which] or ([] if which == PROPOSED else states)
            ids = {k for m in mentions.identifiers if sentence.start <= m.start < start for k in m.keys}
            own = [v for v in pool if v.about in ids]
            mine = own or [v for v in pool if not context.borrowers or v.borrower in (None, *context.borrowers)] or pool
            said = names[match["class"].lower()]
            if said not in {v.state for v in mine}:
                yield start, end, f"the tools say {', '.join(sorted({v.state for v in mine})) or 'nothing of the kind'}"


def strange_proposals(text: str, anchors: Anchors, evidence: Evidence) -> Iterator[tuple[int, int, str]]:
    """Categories in quotation marks beside a proposal's mark: what it is now and what is proposed, in this order; and those that days
    past due lead to."""
    names = class_names()
    for place, ids in anchors:
        start = text.rfind("\n", 0, place) + 1
        led = {v.state for v in evidence.states if v.id in ids and v.name == "dpd" and v.state in names.values()}
        for match in word_pattern(list(names)).finditer(text, start, place) if led else ():
            if names[match.group().lower()] not in led:
                yield match.start(), match.end(), f"so many days lead to {' or '.join(sorted(led))}"
        for id in (one for one in ids if one.startswith("proposals:")):
            cells = [evidence.texts.get(f"{id}:{column}", "") for column in ("current", "proposed")]
            said = [m for m in _QUOTED.finditer(text, start, place) if m[1].lower() in names]
            if not said and (moved := _from_to().search(text, start, place)):
                for part, cell in zip(("a", "b"), cells, strict=True):
                    if cell in names.values() and names[moved[part].lower()] != cell:
                        yield moved.start(part), moved.end(part), f"the proposal says {cell}"
            for match, cell in zip(said, cells[-len(said) :] if said else (), strict=False):
                if cell in names.values() and names[match[1].lower()] != cell:
                    yield match.start(1), match.end(1), f"the proposal says {cell}"


def of_proposals(text: str, anchors: Anchors, mentions: Mentions, evidence: Evidence) -> Anchors:
    """Lines without a mark that name a proposal by its id, as if they were marked at their end."""
    found: list[tuple[int, tuple[str, ...]]] = []
    for mention in mentions.identifiers:
        ids = tuple(f"proposals:{key}" for key in mention.keys if f"proposals:{key}:current" in evidence.texts)
        end = text.find("\n", mention.end)
        end = len(text) if end < 0 else end
        if ids and not any(mention.end <= place <= end for place, _ in anchors):
            found.append((end, ids))
    return found


@cache
def class_names() -> Mapping[str, str]:
    """What the five categories are called, and the id each name stands for."""
    return {word.lower(): key for key, words in phrase_book("gate")["classes"].items() for word in words}


@cache
def _from_to() -> re.Pattern[str]:
    """From one class to another."""
    classes = word_pattern(list(class_names())).pattern
    return re.compile(rf"(?:from |由)(?P<a>{classes})(?: to |改为|调为)(?P<b>{classes})", re.IGNORECASE)


@cache
def _triggers() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """A word that says a class follows, then the class."""
    classes = word_pattern(list(class_names())).pattern
    made = []
    for which, words in phrase_book("gate")["class_triggers"].items():
        lead = "|".join(words)
        made.append((which, re.compile(rf"(?:{lead})\s*(?P<class>{classes})", re.IGNORECASE)))
    return tuple(made)
