"""Words that carry numbers without digits: rising and falling, above and below, met and breached, done and sent.

A word is flagged when the artifacts contradict it, or when it asserts something about a metric or state no tool returned.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.verification.dates import DateMention
from assistant.verification.evidence import Claim, Evidence
from assistant.verification.mentions import Mentions
from assistant.verification.quantities import Quantity
from assistant.verification.sentences import Context, Sentence
from assistant.verification.superlatives import check_superlatives
from assistant.verification.vocabulary import vocabulary
from tools.toolbox.artifacts import Value

_REST = re.compile(r"其余|其他|另外|余下|\d\s*笔|\bothers?\b|\brest\b|\bremaining\b|\d+ (?:of|loans?)\b", re.IGNORECASE)
_NO = re.compile(r"\bno\b|\bnot\b|\bnone\b|没有|尚无|未|无", re.IGNORECASE)
_GAP = 12
_FROM = re.compile(r"\s*(?:-\s*)?(?:自|从|from\b)", re.IGNORECASE)
_TO = re.compile(r"\s*(?:to\b|至|到|为)?\s*(?:[A-Z]{3}|[¥$€£])?\s*[-−]?\s*", re.IGNORECASE)
_FROM_BEFORE = re.compile(r"\bfrom\b", re.IGNORECASE)
_OUT_OF = re.compile(r"[由从]|\bfrom\b", re.IGNORECASE)
LIMITS = ("threshold", "threshold_step", "asked_limit")
_NUMBERED = re.compile(r"\s*(?:zero|零|[\d.]+)", re.IGNORECASE)
Matched = Sequence[tuple[Quantity, list[Claim]]]
Finding = tuple[str, int, int, str]


def check_statements(
    text: str,
    sentence: Sentence,
    matched: Matched,
    dates: Sequence[DateMention],
    mentions: Mentions,
    evidence: Evidence,
    passages: Sequence[str],
) -> Iterator[Finding]:
    """(kind, start, end, why) for every word of this sentence the artifacts do not bear out."""
    part = text[sentence.start : sentence.end]
    for match in vocabulary().done_acts.finditer(part):
        if not evidence.acts:
            yield "act", sentence.start + match.start(), sentence.start + match.end(), "no tool did this"
    if any(start <= sentence.start + 1 and sentence.end - 1 <= end for start, end, _ in mentions.verbatim):
        return
    yield from _cures(text, sentence, matched)
    yield from _limits(text, sentence, matched)
    yield from _steps(text, sentence, matched, dates)
    yield from _bounds(text, sentence, matched)
    yield from _shocks(text, sentence, matched)
    if passages:
        yield from _retold(text, sentence, mentions, passages)
        return
    yield from check_superlatives(text, sentence, dates, mentions, evidence)
    if sentence.supposes(text):
        yield from _shifts(text, sentence, matched)
        return
    yield from _directions(text, sentence, matched, dates, mentions, evidence)
    yield from _comparisons(text, sentence, matched)
    yield from _states(text, sentence, dates, mentions, evidence)


def _words(table: str, text: str, sentence: Sentence, mentions: Mentions) -> Iterator[tuple[re.Match[str], str]]:
    pattern, keys = vocabulary().groups[table]
    named = [(m.start, m.end) for m in (*mentions.metrics, *mentions.borrowers, *mentions.identifiers)]
    for match in pattern.finditer(text, sentence.start, sentence.end):
        inside = any(s <= match.start() and match.end() <= e and e - s > match.end() - match.start() for s, e in named)
        titled = text[match.start() - 1 : match.start()] in ("“", "「")
        if not inside and not titled and not mentions.hidden(match.start(), match.end()):
            yield match, keys[match.group().lower()]


def _directions(
    text: str, sentence: Sentence, matched: Matched, dates: Sequence[DateMention], mentions: Mentions, evidence: Evidence
) -> Iterator[Finding]:
    for match, said in _words("directions", text, sentence, mentions):
        context = sentence.around(match.start(), text, mentions, dates)
        low, high = sentence.clause(match.start(), text)
        near = [(n, c) for n, c in matched if low <= n.start < high]
        found = _direction_of(near, context, evidence)
        if not found and near and context.metrics & evidence.measured:
            found = _known(context, evidence)
        found = found or _direction_of(matched, context, evidence) or _known(context, evidence)
        if found and said not in found:
            yield "direction", match.start(), match.end(), f"the values say {' or '.join(sorted(found))}"
        elif not found and context.metrics & evidence.measured and not sentence.lacks(text):
            yield "direction", match.start(), match.end(), "no tool compared two periods of this"


def _shifts(text: str, sentence: Sentence, matched: Matched) -> Iterator[Finding]:
    """ "Would fall to 1.25 from 1.61": in what is only supposed, too, the word says which way the two numbers go."""
    pattern, keys = vocabulary().groups["directions"]
    for match in pattern.finditer(text, sentence.start, sentence.end):
        after = [(n, c) for n, c in matched if n.start >= match.end() and c]
        before = [(n, c) for n, c in matched if n.end <= match.start() and c]
        if not after or not _TO.fullmatch(text[match.end() : after[0][0].start]):
            continue
        rest = text[after[0][0].end : sentence.end]
        old = next((c for n, c in after[1:] if _FROM_BEFORE.search(text[after[0][0].end : n.start])), None)
        if (
            old is None
            and before
            and not _FROM_BEFORE.search(rest)
            and _OUT_OF.search(text[sentence.start : before[-1][0].start])
        ):
            old = before[-1][1]
        new = {c.value for c in after[0][1]}
        was = {c.value for c in old or ()}
        if len(new) == len(was) == 1 and new != was:
            went = "rise" if new.pop() > was.pop() else "fall"
            if keys[match.group().lower()] != went:
                yield "direction", match.start(), match.end(), f"the numbers {went}"


def _direction_of(matched: Matched, context: Context, evidence: Evidence) -> set[str]:
    """Directions the numbers beside the word bear out."""
    claims = [c for _, group in matched for c in group if not context.borrowers or c.borrower in (None, *context.borrowers)]
    told = {c.direction for c in claims if c.direction}
    if told:
        return told
    growth = {_sign(c) for c in claims if c.metric.endswith(("_growth", "change", "change_share"))}
    if growth:
        return growth
    return _trend(claims)


def _trend(claims: Sequence[Claim]) -> set[str]:
    found: set[str] = set()
    series: dict[tuple[str, str | None, int | None], dict[object, Claim]] = {}
    for claim in claims:
        if claim.when:
            series.setdefault((claim.metric, claim.borrower, claim.months), {})[claim.when] = claim
    for points in series.values():
        ordered = sorted(points.values(), key=lambda c: c.when or c.since)  # type: ignore[arg-type,return-value]
        if len(ordered) > 1:
            first, last = ordered[0].value, ordered[-1].value
            found.add("flat" if first == last else "rise" if last > first else "fall")
    return found


def _sign(claim: Claim) -> str:
    return "flat" if claim.value == 0 else "rise" if claim.value > 0 else "fall"


def _known(context: Context, evidence: Evidence) -> set[str]:
    """Directions the artifacts hold for the metric named, when the sentence shows no numbers."""
    told = {
        v.direction
        for v in evidence.states
        if v.direction
        and (v.about in context.metrics or v.name in context.metrics)
        and (not context.borrowers or v.borrower in context.borrowers)
    }
    if told:
        return told
    metrics = context.metrics & evidence.measured
    return _trend(
        [c for c in evidence.claims if c.metric in metrics and (not context.borrowers or c.borrower in context.borrowers)]
    )


def _comparisons(text: str, sentence: Sentence, matched: Matched) -> Iterator[Finding]:
    """Above or below a limit, when exactly one value and one limit stand in the sentence."""
    limits = [c for _, group in matched for c in group if c.metric == "threshold"]
    actuals = [c for _, group in matched for c in group if c.metric not in ("threshold", "headroom", "cushion")]
    if len({c.value for c in limits}) != 1 or len({c.value for c in actuals}) != 1:
        return
    pattern, keys = vocabulary().groups["comparisons"]
    for match in pattern.finditer(text, sentence.start, sentence.end):
        said, actual, limit = keys[match.group().lower()], actuals[0].value, limits[0].value
        wrong = (said == "above" and actual <= limit) or (said == "below" and actual >= limit)
        if wrong:
            yield "direction", match.start(), match.end(), f"{actual} against {limit}"


_DIRECTIONS = {
    "<=": ("at_most", "below"),
    "<": ("below", "at_most"),
    ">=": ("at_least", "above"),
    ">": ("above", "at_least"),
    "==": (),
}


def _limits(text: str, sentence: Sentence, matched: Matched) -> Iterator[Finding]:
    """Which side a limit is on, as the tool says it: "at most 70 %" is not "at least 70 %"."""
    pattern, keys = vocabulary().groups["comparisons"]
    for match in pattern.finditer(text, sentence.start, sentence.end):
        said = keys[match.group().lower()]
        after = [(n, c) for n, c in matched if 0 <= n.start - match.end() <= _GAP]
        if not after:
            continue
        limits = [c for c in after[0][1] if c.metric in LIMITS and c.state in _DIRECTIONS]
        lead = text[max(sentence.start, match.start() - 30) : match.start()]
        worded = vocabulary().limit_words.search(lead) is not None
        if not limits or (not worded and any(c.metric not in LIMITS and not c.row for c in after[0][1])):
            continue
        strict = said in ("at_most", "at_least") or limits[0].metric == "asked_limit"
        if not strict and not worded:
            continue
        if not any(said in _DIRECTIONS[c.state] for c in limits):
            yield "direction", match.start(), match.end(), f"the limit is {limits[0].state} {limits[0].value}"


def _steps(text: str, sentence: Sentence, matched: Matched, dates: Sequence[DateMention]) -> Iterator[Finding]:
    """From when a limit holds: the day a step of it begins."""
    opens = _FROM.match(text, sentence.start)
    begins = {c.when for _, group in matched for c in group if c.metric == "threshold_step" and c.when}
    first = next((d for d in dates if opens and 0 <= d.start - opens.end() <= 1), None)
    plain = (
        first is not None
        and not begins
        and first.grain == "day"
        and any(c.metric == "threshold" for _, group in matched for c in group)
    )
    if first is not None and plain:
        yield "number", first.start, first.end, "no limit begins on this day"
    if first is not None and begins and not any(first.covers(day) for day in begins if day):
        yield "date", first.start, first.end, "no limit begins on this day"


_BOUNDS = frozenset({"at_least", "at_most"})


def _bounds(text: str, sentence: Sentence, matched: Matched) -> Iterator[Finding]:
    """A value that is only a bound is said to be that bound: "at least so much" is not "at most so much"."""
    pattern, keys = vocabulary().groups["comparisons"]
    for number, group in matched:
        known = {c.state for c in group if c.state in _BOUNDS}
        if not known or any(c.state not in _BOUNDS for c in group):
            continue
        for match in pattern.finditer(text, max(sentence.start, number.start - _GAP - 8), number.start):
            if keys[match.group().lower()] not in known:
                yield "direction", match.start(), match.end(), f"the tools say {' or '.join(sorted(known))}"


def _cures(text: str, sentence: Sentence, matched: Matched) -> Iterator[Finding]:
    """Which way a cure goes."""
    ways = {c.state for _, group in matched for c in group if c.metric in ("cure_amount", "room_amount")}
    if len(ways) != 1:
        return
    way = ways.pop()
    pattern, keys = vocabulary().groups["cure_words"]
    for match in pattern.finditer(text, sentence.start, sentence.end):
        if keys[match.group().lower()] != way:
            yield "direction", match.start(), match.end(), f"the cure is to {way}"


_SHOCKS = {"revenue_fall": "fall", "ebitda_fall": "fall", "rate_rise": "rise", "revenue_rise": "rise", "ebitda_rise": "rise", "rate_fall": "fall",
           "gross_profit_fall": "fall", "ebit_fall": "fall", "gross_profit_rise": "rise", "ebit_rise": "rise", "revenue_to": "fall", "ebitda_to": "fall"}  # fmt: skip


def _shocks(text: str, sentence: Sentence, matched: Matched) -> Iterator[Finding]:
    """Which way an assumed shock goes."""
    ways = {_SHOCKS[c.about] for _, group in matched for c in group if c.metric == "shock" and c.about in _SHOCKS}
    pattern, keys = vocabulary().groups["directions"]
    for match in pattern.finditer(text, sentence.start, sentence.end) if len(ways) == 1 else ():
        if keys[match.group().lower()] not in ways:
            yield "direction", match.start(), match.end(), f"the shock assumed is a {next(iter(ways))}"


def _retold(text: str, sentence: Sentence, mentions: Mentions, passages: Sequence[str]) -> Iterator[Finding]:
    """Words of comparison and direction in a sentence that retells a passage must be the passage's, beside the same number."""
    for table in ("comparisons", "directions"):
        pattern, keys = vocabulary().groups[table]
        there = {keys[m.group().lower()] for passage in passages for m in pattern.finditer(passage)}
        for match in pattern.finditer(text, sentence.start, sentence.end):
            if mentions.hidden(match.start(), match.end()):
                continue
            said = keys[match.group().lower()]
            near = re.match(r"\s*(?:zero|零|[\d.]+)", text[match.end() : match.end() + 8], re.IGNORECASE)
            beside = {keys[m.group().lower()] for passage in passages for m in pattern.finditer(passage)
                      if near and passage[m.end() : m.end() + 10].lstrip().lower().startswith(near.group().strip().lower())}  # fmt: skip
            if said not in (beside or there) and (beside or there):
                yield "direction", match.start(), match.end(), "the passage says it the other way"
            elif (
                near
                and not beside
                and table == "comparisons"
                and any(_NUMBERED.match(p, m.end()) for p in passages for m in pattern.finditer(p))
            ):
                yield "number", match.start(), match.end() + near.end(), "the passage compares with another number"


def _states(
    text: str, sentence: Sentence, dates: Sequence[DateMention], mentions: Mentions, evidence: Evidence
) -> Iterator[Finding]:
    known = [v for v in evidence.states if v.state]
    for match, said in _words("states", text, sentence, mentions):
        if said == "none" or (said == "waived" and _NO.search(text, sentence.start, sentence.end)):
            continue
        context = sentence.around(match.start(), text, mentions, dates)
        if said in _CONCLUDED and _untested(sentence, mentions, evidence):
            yield "state", match.start(), match.end(), "this covenant was not tested"
            continue
        family = ("no_arrears", "arrears") if said in ("no_arrears", "arrears") else ()
        pool = [v for v in known if (v.state in ("no_arrears", "arrears")) == bool(family)]
        if not pool:
            if said == "no_arrears" and (context.borrowers or evidence.claims):
                yield "state", match.start(), match.end(), "no tool looked at arrears"
            elif not family and (context.borrowers or evidence.claims) and not sentence.lacks(text):
                yield "state", match.start(), match.end(), "no tool tested this"
            continue
        narrowed = _narrow(pool, sentence, mentions, context, evidence)
        whole = said == "no_arrears" and not _REST.search(text[sentence.start : match.start()])
        if whole and any(v.state == "arrears" for v in narrowed):
            yield "state", match.start(), match.end(), "the tools say that some are in arrears"
        elif not any(_same_state(said, v.state) for v in narrowed):
            states = ", ".join(sorted({v.state for v in narrowed}))
            yield "state", match.start(), match.end(), f"the tools say {states or 'nothing of this borrower'}"


_UNCONFIRMED = re.compile(r"[0-9a-f]{8}-\d{1,3}")
_CONCLUDED = frozenset({"compliant", "breach", "at_risk"})


def _untested(sentence: Sentence, mentions: Mentions, evidence: Evidence) -> bool:
    """The sentence names covenants of which none was tested."""
    ids = {k for m in mentions.identifiers if sentence.start <= m.start < sentence.end for k in m.keys}
    covenants = {key for key in ids if evidence.objects.get(key) == "covenants" or _UNCONFIRMED.fullmatch(key)}
    return bool(covenants) and not any(v.about in covenants for v in evidence.states)


def _same_state(said: str, state: str) -> bool:
    """A covenant at risk still passes."""
    return said == state or (said == "compliant" and state == "at_risk")


def _narrow(pool: list[Value], sentence: Sentence, mentions: Mentions, context: Context, evidence: Evidence) -> list[Value]:
    """The states this sentence can mean: by covenant or loan id, then metric, then borrower."""
    ids = {k for m in mentions.identifiers if sentence.start <= m.start < sentence.end for k in m.keys}
    narrowed = [v for v in pool if v.about in ids]
    if narrowed:
        return narrowed
    if context.borrowers:
        mine = [v for v in pool if v.borrower in (None, *context.borrowers)]
        if not mine and context.named and all(v.state in ("arrears", "no_arrears") for v in pool):
            return []
        pool = mine or pool
    metric_of = {c.id: c.metric for c in evidence.claims}
    by_metric = [v for v in pool if {metric_of.get(i, "") for i in v.inputs} & context.metrics or v.about in context.metrics]
    return by_metric or pool
