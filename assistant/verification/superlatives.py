"""Highest and lowest: the borrower (or the period) an answer names must stand at that end of what the tools compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from assistant.verification.dates import DateMention
from assistant.verification.evidence import Claim, Evidence
from assistant.verification.mentions import Mentions
from assistant.verification.sentences import Context, Sentence
from assistant.verification.vocabulary import vocabulary

ORDER_OF = {"highest": "desc", "lowest": "asc"}


def check_superlatives(
    text: str, sentence: Sentence, dates: Sequence[DateMention], mentions: Mentions, evidence: Evidence
) -> Iterator[tuple[str, int, int, str]]:
    """(kind, start, end, why) for every superlative the values contradict. One that nothing was compared for is left to the numbers."""
    pattern, keys = vocabulary().groups["superlatives"]
    for match in pattern.finditer(text, sentence.start, sentence.end):
        said = keys[match.group().lower()]
        if said not in ORDER_OF or mentions.hidden(match.start(), match.end()):
            continue
        context = sentence.around(match.start(), text, mentions, dates)
        metrics = context.metrics | context.spoken
        for metric in sorted(metrics):
            named = {key for m in mentions.borrowers if sentence.start <= m.start < sentence.end for key in m.keys}
            why = _wrong(said, metric, named, context, evidence)
            if why:
                yield "direction", match.start(), match.end(), why
                break


def _wrong(said: str, metric: str, named: set[str], context: Context, evidence: Evidence) -> str:
    values = _newest(metric, evidence, context.dates)
    orders = evidence.orders.get(metric)
    if orders:
        if ORDER_OF[said] not in orders and len(values) < 2:
            return f"the ranking by {metric} was the other way"
        if ORDER_OF[said] not in orders and len(orders) == 1 and not named:
            return f"the ranking by {metric} was the other way"
    if len(named) != 1 or len(values) < 2:
        return ""
    mine = values.get(next(iter(named)))
    if mine is None:
        return ""
    # Amounts of another currency are compared by what they come to, and not at all where nothing says so.
    worth = {c.borrower: c for c in evidence.claims if c.metric == "converted" and c.about == metric and c.borrower}
    alike = {who: worth.get(who, claim) for who, claim in values.items()}
    same = alike[next(iter(named))].currency
    numbers = {who: claim.value for who, claim in alike.items() if claim.currency == same}
    end = max(numbers.values()) if said == "highest" else min(numbers.values())
    if orders and ORDER_OF[said] not in orders:
        return f"the ranking by {metric} was the other way"
    return "" if numbers[next(iter(named))] == end else f"another borrower is the {said}"


def _newest(metric: str, evidence: Evidence, dates: Sequence[DateMention]) -> dict[str, Claim]:
    """The newest claim of each borrower, of the period named when one is."""
    found: dict[str, Claim] = {}
    for claim in evidence.claims:
        if claim.metric != metric or claim.borrower is None or claim.about not in ("", "total") or claim.row:
            continue
        if dates and claim.when and not any(d.covers(claim.when, claim.months) for d in dates):
            continue
        known = found.get(claim.borrower)
        if known is None or (claim.when or date.min) >= (known.when or date.min):
            found[claim.borrower] = claim
    return found
