"""From one value to another: the word says which way the two numbers go; and a result said to be a loss is one.

Plain arithmetic on what is printed, so that it holds whatever the sentence supposes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from assistant.verification.evidence import Claim
from assistant.verification.quantities import Quantity
from assistant.verification.reading import Finding, Matched, Reading
from assistant.verification.sentences import Sentence
from assistant.verification.vocabulary import vocabulary

_MARKS = r"(?:\[\d{1,3}\])*"
_RESTATED = r"(?:\s?[(（][^()（）\n]{1,24}[)）](?:\[\d{1,3}\])*)?"
_TO = re.compile(
    r"(?:了|且|并)?\s*(?:to|至|到|为)?\s*(?:about |only |约)?(?:[A-Z]{3}|[¥$€£]|人民币)?\s*[-−]?\s*[(（]?", re.IGNORECASE
)
_FROM_AFTER = re.compile(
    rf"{_MARKS}{_RESTATED}[^\n.。;；]{{0,40}}?,? ?\bfrom (?:about )?(?:[A-Z]{{3}} ?|[¥$€£])?[-−]?[(（]?$", re.IGNORECASE
)
_OUT_OF = re.compile(r"(?:由|从|\bfrom)\s*[^\n.。;；,，]{0,40}$", re.IGNORECASE)
_YEAR, _SHORT = timedelta(days=330), timedelta(days=200)
RESULTS = ("net_profit", "operating_profit", "profit_before_tax", "total_profit", "ebit", "ebitda", "comprehensive_income")


def check_moves(reading: Reading, sentence: Sentence, matched: Matched) -> Iterator[Finding]:
    """Words of direction against the two numbers they join, words of base against the two days compared, and loss against profit."""
    yield from _joined(reading, sentence)
    yield from _bases(reading, sentence, matched)
    yield from _results(reading, sentence, matched)


def _joined(reading: Reading, sentence: Sentence) -> Iterator[Finding]:
    text = reading.text
    pattern, keys = vocabulary().groups["directions"]
    numbers = [n for n in reading.numbers if sentence.start <= n.start < sentence.end]
    for match in pattern.finditer(text, sentence.start, sentence.end):
        if reading.mentions.hidden(match.start(), match.end()) or keys[match.group().lower()] == "flat":
            continue
        after = [n for n in numbers if n.start >= match.end()]
        if not after or not _TO.fullmatch(text[match.end() : after[0].start]):
            continue
        new = after[0]
        arrives = re.search(r"to|至|到|为", text[match.start() : new.start])
        old = next((n for n in after[1:] if _FROM_AFTER.fullmatch(text[new.end : n.start])), None)
        before = [n for n in numbers if n.end <= match.start()]
        if old is None and arrives and before and _OUT_OF.search(text[sentence.start : before[-1].start]):
            old = before[-1]
        if old is None or not arrives or (old.unit, old.currency) != (new.unit, new.currency):
            continue
        went = _way(_printed(old), _printed(new))
        if went and keys[match.group().lower()] != went:
            yield "direction", match.start(), match.end(), f"the numbers {went}"


def _printed(number: Quantity) -> Decimal:
    return number.number * number.multiplier * (-1 if number.negative else 1)


def _way(old: Decimal, new: Decimal) -> str:
    """Which way; empty where both are negative, since a loss may be said to grow, or equal as printed."""
    if (old < 0 and new < 0) or old == new:
        return ""
    return "rise" if new > old else "fall"


def _bases(reading: Reading, sentence: Sentence, matched: Matched) -> Iterator[Finding]:
    """On the year before, or on the period before: the days compared lie so far apart."""
    pattern, keys = vocabulary().groups["bases"]
    for match in pattern.finditer(reading.text, sentence.start, sentence.end):
        if reading.mentions.hidden(match.start(), match.end()):
            continue
        low, high = sentence.clause(match.start(), reading.text)
        gaps = [
            gap
            for n, claims in matched
            if low <= n.start < high or match.end() <= n.start <= match.end() + 12
            for c in claims
            if (gap := _gap(c))
        ]
        said = keys[match.group().lower()]
        if gaps and all((gap < _YEAR) if said == "year" else (gap > _SHORT) for gap in gaps):
            yield "period", match.start(), match.end(), "the values compared lie another time apart"


def _gap(claim: Claim) -> timedelta | None:
    if claim.since and claim.when:
        return abs(claim.when - claim.since)
    return timedelta(days=365) if claim.metric.endswith("_growth") else None


def _results(reading: Reading, sentence: Sentence, matched: Matched) -> Iterator[Finding]:
    """A profit or a loss, as the sign of the result in the sentence says."""
    signs = {c.value < 0 for _, claims in matched for c in claims if c.metric in RESULTS and c.value}
    if len(signs) != 1:
        return
    negative = signs.pop()
    pattern, keys = vocabulary().groups["results"]
    for match in pattern.finditer(reading.text, sentence.start, sentence.end):
        if not reading.mentions.hidden(match.start(), match.end()) and (keys[match.group().lower()] == "loss") != negative:
            yield "direction", match.start(), match.end(), "the result is a loss" if negative else "the result is a profit"
