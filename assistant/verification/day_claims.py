"""The dates of one sentence: each must be one the artifacts know, and beside numbers the date of one of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from assistant.verification.dates import DateMention, date_mentions
from assistant.verification.evidence import Evidence
from assistant.verification.mentions import Mentions
from assistant.verification.reading import Finding, Matched, Reading
from assistant.verification.sentences import Sentence

_STANDS = re.compile(r"[(（](?:as of |截至)$", re.IGNORECASE)
_DUE = re.compile(r"\s*(?:应还|需还|：|:|,)?\s*(?:本金|利息|principal|interest)", re.IGNORECASE)
DUE = frozenset({"next_due_principal", "next_due_interest"})
"""Values whose day is told before them."""
FIXED = frozenset({"exchange_rate"})
"""Values that stand alone with their day."""
LATE = frozenset({"days_late"})
"""Values whose day is the one something was due on."""
_AS_OF = re.compile(r"(?:\bas of |截至|截止到?)\s*$", re.IGNORECASE)
_FELL_DUE = re.compile(r"\s*(?:到期|应还|应付)")
_DUE_ON = re.compile(r"\b(?:due|falling due|of)(?: on)?\s*$", re.IGNORECASE)


def check_days(reading: Reading, sentence: Sentence, matched: Matched) -> Iterator[Finding]:
    """Dates of this sentence that nothing bears out."""
    evidence = reading.evidence
    passages = reading.passages(sentence)
    tested = _days_of_tests(sentence, reading.mentions, evidence)
    for mention in reading.days(sentence):
        if tested and mention.grain == "day" and not any(mention.covers(day) for day in tested):
            yield "date", mention.start, mention.end, "nothing of this covenant is of this day"
        elif not _due(mention, reading):
            yield "date", mention.start, mention.end, "this is due on another day"
        elif not _assured(mention, reading, sentence):
            yield "date", mention.start, mention.end, "no statement of this day is so assured"
        elif not _date_supported(mention, reading.text, sentence, matched, evidence, passages):
            why = "no tool found anything dated so" if not matched else "the numbers beside this date are of another date"
            yield "date", mention.start, mention.end, why


_BY = re.compile(r"(?:\bby|\bbefore|\btaken up by) $", re.IGNORECASE)
_BEFORE = re.compile(r"前(?!三|两|一|\d)")
_SPAN = 90


def _due(mention: DateMention, reading: Reading) -> bool:
    """By when an action or an alert is to be seen to: the day of the one named right before, as the tools say it."""
    text, evidence = reading.text, reading.evidence
    if mention.grain != "day" or not (_BY.search(text[: mention.start][-12:]) or _BEFORE.match(text, mention.end)):
        return True
    line = max(text.rfind("\n", 0, mention.start) + 1, mention.start - _SPAN * 4)
    taken = re.search(r"taken up by $", text[: mention.start][-12:]) or text.startswith("前处理", mention.end)
    names = ("due",) if taken else ("action_due",)
    for named in reversed(reading.mentions.identifiers):
        if line <= named.start < mention.start:
            known = {day for name in names for about, day in evidence.named_dates.get(name, ()) if about in named.keys}
            if known:
                return any(mention.covers(day) for day in known)
            if not taken:
                return True
    return True


_ASSURED = re.compile(r"未经审计|未审计|unaudited|(?<![未不])经审计|(?<!un)\baudited\b", re.IGNORECASE)


def _assured(mention: DateMention, reading: Reading, sentence: Sentence) -> bool:
    """A day of statements said to be unaudited (or audited) is one of such statements; a sentence that says both is left alone."""
    said = {
        "unaudited" if m.group().lower().startswith(("un", "未")) else "audited"
        for m in _ASSURED.finditer(reading.text, sentence.start, sentence.end)
    }
    known = reading.evidence.assured
    if len(said) != 1 or mention.grain != "day" or not _STATEMENTS.search(reading.text, sentence.start, sentence.end):
        return True
    word = said.pop()
    return not known or any(mention.covers(day) and word in how for day, how in known.items())


_STATEMENTS = re.compile(
    r"的报表(?:均|都)?(?:未|没有|已)?经?审计|\bstatements? (?:for|of|dated) [^\n.()]{4,60} (?:is|are|was|were) (?:un)?audited",
    re.IGNORECASE,
)


def _days_of_tests(sentence: Sentence, mentions: Mentions, evidence: Evidence) -> set[date]:
    """Every day that tools know of the covenants a sentence names; none when it names no tested covenant or something else as well."""
    spoken = [m for m in mentions.identifiers if sentence.start <= m.start < sentence.end]
    ids = {key for mention in spoken for key in mention.keys}
    tests = {v.about for v in evidence.states if v.name == "covenant_status" and v.when and v.about in ids}
    if not tests or any(not mention.keys & tests for mention in spoken):
        return set()
    found = {day for about in tests for day in evidence.days_about(about)} | evidence.stands
    for key in {f"{table}:{about}" for table in ("covenants",) for about in tests}:
        found |= evidence.row_dates.get(key, set())
    return found


def _date_supported(
    mention: DateMention,
    text: str,
    sentence: Sentence,
    matched: Matched,
    evidence: Evidence,
    passages: Sequence[str],
) -> bool:
    """A date must be one the artifacts know; beside numbers it must be the date of one of them."""
    dated = [c for _, claims in matched for c in claims if c.when]
    if (
        evidence.stands
        and _STANDS.search(text[max(0, mention.start - 8) : mention.start])
        and not any(c.metric in evidence.measured for c in dated)
    ):
        return any(mention.covers(day) for day in evidence.stands)
    if (
        mention.grain == "day"
        and any(mention.covers(day) for day in evidence.stands)
        and not any(c.metric in evidence.measured for c in dated)
    ):
        return True
    if (
        mention.grain == "day"
        and not dated
        and _AS_OF.search(text[max(0, mention.start - 12) : mention.start])
        and evidence.stands
    ):
        known = evidence.stands | evidence.dates | {c.when for c in evidence.claims if c.when}
        known |= {d.last for words in evidence.asked for d in date_mentions(words)}
        return any(mention.covers(day) for day in known)
    fixed = {c.when for _, claims in matched for c in claims if c.metric in FIXED and c.when}
    if fixed and mention.grain == "day" and len(matched) == 1:
        return any(mention.covers(day) for day in fixed)
    late = {c.when for _, claims in matched for c in claims if c.metric in LATE and c.when}
    if (
        late
        and mention.grain in ("day", "monthday")
        and (_FELL_DUE.match(text, mention.end) or _DUE_ON.search(text[: mention.start]))
    ):
        return any(mention.covers(day) for day in late)
    following = next(((n, claims) for n, claims in matched if n.start >= mention.end), None)
    if mention.grain == "day" and following is not None and _DUE.match(text, mention.end):
        due = {c.when for c in following[1] if c.metric in DUE and c.when}
        if due and len(due) == len({c.metric for c in following[1]}):
            return any(mention.covers(day) for day in due)
    if any(mention.covers(day, c.months) for c in dated for day in (c.when, c.since) if day):
        return True
    if any(mention.covers(day) for c in dated for day in c.input_dates):
        return True
    printed = text[mention.start : mention.end]
    if any(printed in passage for passage in passages):
        return True
    if any(c.metric in evidence.measured for c in dated) and not sentence.lacks(text):
        return mention.grain in ("day", "monthday") and any(mention.covers(day) for day in evidence.other_dates)
    if any(mention.covers(day) for day in evidence.dates | evidence.other_dates):
        return True
    asked = [d for words in evidence.asked for d in date_mentions(words)]
    return sentence.lacks(text) and any(mention.first <= d.first and d.last <= mention.last for d in asked)
