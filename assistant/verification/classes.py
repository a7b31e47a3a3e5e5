"""Five-category classes an answer states: what a loan is classified as, and what is proposed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from assistant.verification.dates import DateMention
from assistant.verification.evidence import Evidence
from assistant.verification.mentions import Mentions
from assistant.verification.sentences import Sentence
from assistant.verification.vocabulary import word_pattern
from prompts.library import phrase_book

NOW, PROPOSED = "classification", "classification_proposed"


def check_classes(
    text: str, sentence: Sentence, dates: Sequence[DateMention], mentions: Mentions, evidence: Evidence
) -> Iterator[tuple[int, int, str]]:
    """Classes no tool returned for the loan or borrower the sentence speaks of."""
    states = [v for v in evidence.states if v.name in (NOW, PROPOSED)]
    if not states and (evidence.rules or not evidence.claims):
        return
    names = _classes()
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


@cache
def _classes() -> Mapping[str, str]:
    return {word.lower(): key for key, words in phrase_book("gate")["classes"].items() for word in words}


@cache
def _triggers() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """A word that says a class follows, then the class."""
    classes = word_pattern(list(_classes())).pattern
    made = []
    for which, words in phrase_book("gate")["class_triggers"].items():
        lead = "|".join(words)
        made.append((which, re.compile(rf"(?:{lead})\s*(?P<class>{classes})", re.IGNORECASE)))
    return tuple(made)
