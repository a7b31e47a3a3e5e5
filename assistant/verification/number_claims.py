"""The numbers of one sentence: each must be a claim whose borrower, metric, period, unit and currency fit the words around it.

When the words do not say, any claim of that value will do; when they say something else, the number is unsupported even though it
is right somewhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.verification.anchors import of_others, rows_of_line
from assistant.verification.counts import columns_of, is_part, supported
from assistant.verification.evidence import Claim, Evidence
from assistant.verification.numberwords import borne_out
from assistant.verification.quantities import Quantity
from assistant.verification.reading import Finding, Reading
from assistant.verification.renderings import is_small, sign_fits, value_fits
from assistant.verification.sentences import SHARES, Context, Sentence
from assistant.verification.subjects import (
    OF_A_DAY,
    SURETIES,
    case_of,
    item_day,
    named_above,
    of_day,
    own_date,
    parties,
    said_above,
    sides,
    stands,
    subject_of,
)
from assistant.verification.vocabulary import vocabulary

TIMES = frozenset({"days", "months", "years"})
"""A span of time in a question asserts nothing."""
SUMS = frozenset({"sum", "sum_converted", "average", "count"})
_WHOLE = re.compile(
    r"合计|总计|共计|合共|总额|总共|总余额|总和|\b(?:in all|in total|altogether|total|together|sum|combined)\b", re.IGNORECASE
)
_PARTED = re.compile(r"[,，;；](?!\d)|其中|of which", re.IGNORECASE)
_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_SCOPE = re.compile(
    r"[(（](?:consolidated|parent(?: company)?|合并(?:口径|报表)?|母公司(?:口径|报表)?)[)）]|合并口径|母公司口径", re.IGNORECASE
)
_SCOPES = {"consolidated": "consolidated", "parent": "parent", "parent company": "parent", "合并": "consolidated", "合并口径": "consolidated",
           "合并报表": "consolidated", "母公司": "parent", "母公司口径": "parent", "母公司报表": "parent"}  # fmt: skip
CHANGED = frozenset({"change", "change_share"})
_BEYOND = re.compile(r"(?:more than|over|超过?|逾) ?$", re.IGNORECASE)
_LIMIT_SIGN = re.compile(r"[≤≥<>]=? ?(?:[A-Z]{3} ?|[¥$€£])?$")
MOVES = frozenset({"change", "change_share", "shock", "effect", "share", "exposure_share"})
_MOVED = re.compile(
    r"(?:上升|增长|增加|下降|减少|降低|下滑|提高|升|降|涨|跌|掉)(?:了|约|近)?$|(?:\b(?:by|of|or|rose|fell|grew|up|down|increased|decreased)) (?:about |nearly |almost |more than |over )?$",
    re.IGNORECASE,
)
_LOANS = re.compile(r"\d+\s?(?:笔|loans?\b)")
_STAGE = re.compile(r"阶段|\bstages?\b", re.IGNORECASE)
_MOVED_BY = re.compile(
    r"(?:(?:rise|fall|increase|decrease|gain|decline|drop) of|(?:up|down|rose|fell|increased|decreased|grew|declined) by|增加|减少|多了|少了) ?(?:了)?(?:[A-Z]{3} ?|[¥$€£]|人民币)?[-−]?$",
    re.IGNORECASE,
)
_MINUS = ("-", "−", "–", "－")


def check_numbers(reading: Reading, sentence: Sentence, matched: list[tuple[Quantity, list[Claim]]]) -> Iterator[Finding]:
    """Numbers no claim bears out. What each of the others may be is added to `matched`."""
    text, evidence = reading.text, reading.evidence
    rows = rows_of_line(text, sentence.line_start, reading.anchors)
    named = rows_of_line(text, sentence.line_start, reading.named)
    unnamed, passages = reading.mentions.unnamed(text), reading.passages(sentence)
    inside = [n for n in reading.numbers if sentence.start <= n.start < sentence.end]
    for number in inside:
        context = context_of(reading, sentence, number)
        valued, limiting = _valued(reading, sentence, number, context, inside)
        fitting = [
            c
            for c in valued
            if context.fits(c, evidence, marked=number.start in reading.held)
            and not (rows and c.row and c.row not in rows)
            and not ((named or rows) and number.start not in reading.held and of_others(c, named or rows))
        ]
        if is_small(number) and not limiting:
            fitting = _of_cells(reading, sentence, number, fitting, context, rows)
        fitting = [c for c in fitting if sign_fits(number, c, unnamed, sentence)]
        fitting = _told_so(reading, sentence, number, fitting)
        filtered = any(c.metric == "asked_limit" for n, group in matched if n.start < number.start for c in group)
        if not fitting and filtered and _miscounted(number, text, evidence):
            yield "number", number.start, number.end, "not so many match"
            continue
        special = bool(context.metrics & evidence.measured or context.abouts)
        if not fitting and _is_count(number, evidence, reading.mentions.plain(text), sentence, special, context.borrowers):
            continue
        if not fitting and number.unit in TIMES and text[sentence.end - 1 : sentence.end] in ("?", "？"):
            continue
        if not fitting and number.start not in reading.held and any(_in_passage(number, text, passage) for passage in passages):
            continue
        if not fitting:
            why = "no tool found this number" if not valued else "a tool found this number, but not for " + context.said()
            yield "number", number.start, number.end, why
        matched.append((number, fitting))


def _of_whole(reading: Reading, sentence: Sentence, number: Quantity, fitting: list[Claim]) -> list[Claim]:
    """A sum stands where a sum is spoken of, and one borrower's value does not."""
    text, mentions = reading.text, reading.mentions
    named = any(sentence.start <= m.end <= number.start for m in mentions.borrowers)
    if named:
        spoken = _WHOLE.search(text, sentence.start, sentence.end) is not None
        return [c for c in fitting if spoken or c.borrower or c.metric not in SUMS]
    said = max((m.end() for m in _WHOLE.finditer(text, sentence.start, number.start)), default=-1)
    if said < 0 or _PARTED.search(_BRACKETS.sub("", text[said : number.start])):
        return fitting
    summed = {c.about for c in reading.evidence.claims if c.metric in SUMS}
    return [c for c in fitting if not c.borrower or c.unit != "currency" or c.metric not in summed]


def check_shares(reading: Reading, sentence: Sentence) -> Iterator[Finding]:
    """Shares in words ("a third") that no value comes to."""
    for start, end, size in reading.shares:
        if sentence.start <= start < sentence.end and not any(
            reading.text[start:end] in passage for passage in reading.passages(sentence)
        ):
            context = sentence.around(start, reading.text, reading.mentions, reading.dates)
            known = [c for c in reading.evidence.claims if not context.borrowers or c.borrower in (None, *context.borrowers)]
            marked = [c for place, ids in reading.anchors if place == end for id in ids for c in reading.evidence.sourced(id)]
            if marked:
                known = marked
            elif _MOVED.search(reading.text, max(sentence.start, start - 14), start):
                said = (context.metrics | context.spoken) & reading.evidence.measured
                known = [
                    c for c in known
                    if (c.metric in MOVES and (not said or c.about in said or c.metric == "shock")) or c.metric.endswith("_growth")
                ]  # fmt: skip
            elif context.metrics & reading.evidence.measured:
                known = [c for c in known if c.metric in context.metrics or c.about in context.metrics or c.metric in MOVES]
            over = reading.text.startswith(("多", "以上"), end) or bool(
                _BEYOND.search(reading.text, max(sentence.start, start - 14), start)
            )
            if not borne_out(size, known, over):
                yield "number", start, end, "no tool found such a share"


def context_of(reading: Reading, sentence: Sentence, number: Quantity) -> Context:
    """What the words around a number say it is, the heading of its list included."""
    text, mentions = reading.text, reading.mentions
    above = said_above(text, sentence.start, mentions)
    headed = named_above(text, sentence.start, mentions)
    subject = subject_of(text, sentence.line_start, sentence.end, mentions)
    context = sentence.around(number.start, text, mentions, reading.dates)
    if headed and not context.named and context.borrowers:
        context = replace(context, borrowers=headed)
    if above and not context.spoken - CHANGED:
        governed = frozenset() if number.start in reading.held or context.metrics else above & reading.evidence.measured
        context = replace(context, spoken=context.spoken | above, metrics=context.metrics or governed)
    if _LIMIT_SIGN.search(text[max(sentence.start, number.start - 8) : number.start]):
        context = replace(context, spoken=context.spoken | {"threshold", "threshold_step"})
    if text[number.start - 1 : number.start] == "占":
        context = replace(context, spoken=context.spoken | SHARES)
    return replace(context, borrowers=subject) if subject and not context.named else context


def _valued(
    reading: Reading, sentence: Sentence, number: Quantity, context: Context, inside: Sequence[Quantity]
) -> tuple[list[Claim], bool]:
    """Claims whose value the number renders, and whether it says a limit that was asked for."""
    if number.unit == "bare" and is_part(reading.text, number.end):
        return [], _sets_limit(number, reading.text, context, reading.evidence)
    pool = reading.held.get(number.start, reading.evidence.claims)
    nearby = sentence.multipliers(reading.text, inside)
    limiting = _sets_limit(number, reading.text, context, reading.evidence)
    if limiting:
        pool = [c for c in pool if c.metric in ("asked_limit", "threshold")]
    return [c for c in pool if value_fits(number, c, nearby)], limiting


def _of_cells(
    reading: Reading, sentence: Sentence, number: Quantity, fitting: list[Claim], context: Context, rows: frozenset[str]
) -> list[Claim]:
    """A small whole number is a row's cell only where the row is marked, its day opens the item or the cell is named."""
    text, evidence = reading.text, reading.evidence
    said = context.metrics | context.spoken | columns_of(text, number.start, number.end)
    opened = item_day(text, sentence.line_start, number.start, reading.days(sentence))
    return [
        c
        for c in fitting
        if (
            not c.row
            or c.row in rows
            or c.metric in said
            or (opened and c.row in evidence.row_dates and of_day(c, opened, evidence))
        )
        and (c.unit != "currency" or c.metric in said)
    ]


def _told_so(reading: Reading, sentence: Sentence, number: Quantity, fitting: list[Claim]) -> list[Claim]:
    """Claims that the words right at the number leave: its noun, case, surety, party, own date and the day its item opens with."""
    text, evidence, mentions = reading.text, reading.evidence, reading.mentions
    marked = number.start in reading.held
    dates = reading.days(sentence)
    fitting = [c for c in fitting if c.metric != "stage" or _STAGE.search(text, max(0, number.start - 16), number.end + 4)]
    if columns := columns_of(text, number.start, number.end):
        fitting = [c for c in fitting if c.metric in columns]
    if case := case_of(sentence.line_start, number.start, mentions, evidence):
        fitting = [c for c in fitting if c.about not in evidence.cases or c.about in case]
    if any(c.metric in SURETIES or c.row.startswith("guarantors:") for c in fitting):
        surety, debtor = sides(text, sentence.line_start, number.start, mentions)
        fitting = [c for c in fitting if stands(c, surety, debtor)]
    fitting = _of_whole(reading, sentence, number, fitting)
    scopes = [_SCOPES.get(m.group().lower().strip("()（）")) for m in _SCOPE.finditer(text, sentence.line_start, number.start)]
    if scopes:
        fitting = [c for c in fitting if not c.scope or c.scope == scopes[-1]]
    if _MOVED_BY.search(text, max(sentence.start, number.start - 40), number.start):
        moved = {c.about for c in evidence.claims if c.metric == "change"}
        fitting = [c for c in fitting if c.metric not in moved]
    if any(c.metric == "called" for c in fitting):
        there = {key for m in mentions.borrowers if sentence.line_start <= m.start < number.start for key in m.keys}
        fitting = [c for c in fitting if c.metric != "called" or not there or c.about in there]
    own = own_date(text, number.start, number.end, dates)
    if own and not marked:
        fitting = [c for c in fitting if c.metric not in evidence.measured or not c.when or own.covers(c.when, c.months)]
    paid = parties(text, sentence.line_start, number.start, evidence)
    opened = item_day(text, sentence.line_start, number.start, dates)
    if opened:
        fitting = [c for c in fitting if c.metric not in OF_A_DAY or of_day(c, opened, evidence)]
    if marked:
        return fitting
    return [
        c
        for c in fitting
        if (not paid or c.id in paid or c.borrower in paid) and (not opened or of_day(c, opened, evidence))
    ]  # fmt: skip


def _is_count(number: Quantity, evidence: Evidence, text: str, sentence: Sentence, special: bool, owners: frozenset[str]) -> bool:  # fmt: skip
    """List numbering, and how many things a tool returned."""
    if number.places or number.multiplier != 1 or number.number != number.number.to_integral_value():
        return False
    if text[number.start - 1 : number.start] in _MINUS and number.start and number.negative:
        return False
    before = text[sentence.line_start : number.start].strip()
    if not before and text[number.end : number.end + 1] in (".", "、", ")", "）", "．"):
        return True
    if number.unit not in ("count", "bare") or number.number >= 100_000:
        return False
    matches = evidence.counts.stated.get(("loans", "matches"))
    if matches and not owners and text[sentence.end - 1 : sentence.end] in (":", "：") and _LOANS.match(text, number.start):
        return int(number.number) in matches
    clause = sentence.clause(number.start, text)
    return supported(int(number.number), number.start, number.end, text, clause, evidence.counts, special, owners)


def _sets_limit(number: Quantity, text: str, context: Context, evidence: Evidence) -> bool:
    """A number right behind a word of comparison, in a sentence that names no borrower, is the limit that was asked for."""
    if context.named or not evidence.limits & context.metrics:
        return False
    pattern, _ = vocabulary().groups["comparisons"]
    return any(m.end() >= number.start - 2 for m in pattern.finditer(text, max(0, number.start - 24), number.start))


def _miscounted(number: Quantity, text: str, evidence: Evidence) -> bool:
    """Behind a limit asked for, a count of borrowers is of those that match it."""
    known = evidence.counts.stated.get(("borrowers", "matches"))
    if re.match(r"\s*(?:户|borrowers?)?\s*(?:有数据|have the figure|have it)", text[number.end :], re.IGNORECASE):
        return False  # how many have the figure at all, which their own count bears out
    counting = number.unit == "count" or text[number.end : number.end + 10].lstrip().lower().startswith(
        ("borrower", "户", "家", "compan", "customer")
    )
    return known is not None and counting and not number.places and int(number.number) not in known


def _in_passage(number: Quantity, text: str, passage: str) -> bool:
    """The same digits, with the same sign, stand in a passage cited by this sentence."""
    digits = re.sub(r"[,\s]", "", text[number.start : number.end])
    core = re.match(r"[\d.]+", digits)
    if not core:
        return text[number.start : number.end] in passage
    sign = r"(?<=[-−–])" if number.negative and text[number.start - 1 : number.start] in "-−–" else ""
    return bool(re.search(rf"(?<![\d.]){sign}{re.escape(core.group())}(?!\.?\d)", re.sub(r"(?<=\d),(?=\d)", "", passage)))
