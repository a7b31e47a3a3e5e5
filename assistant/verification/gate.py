"""The verification gate: what in an answer no artifact supports.

It exists because a cited answer can still carry a wrong figure (87 % becomes 85 %), and because judging answers with
another model lets a plausible number pass. Policy: a number must be the rendering, at its displayed precision, of a claim
whose borrower, metric, period, unit and currency fit the words around it; when the words around it do not say, any claim
of that value will do; when they say something else, the number is unsupported even though it is right somewhere else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from assistant.verification.anchors import (
    Anchors,
    bound,
    rows_of_line,
    strange_days,
    strange_labels,
    strange_marks,
    strange_papers,
    strange_parties,
    strange_rows,
    strange_tellings,
)
from assistant.verification.cells import listed_twice, strange_cells
from assistant.verification.classes import check_classes, of_proposals, strange_proposals
from assistant.verification.counts import columns_of, is_part, supported
from assistant.verification.dates import DateMention, date_mentions
from assistant.verification.evidence import Claim, Evidence
from assistant.verification.mentions import Mentions, find_mentions, mask
from assistant.verification.numberwords import borne_out, shares
from assistant.verification.quantities import Quantity, half_width, quantities
from assistant.verification.restated import check_restated
from assistant.verification.sentences import Context, Sentence, sentences
from assistant.verification.statements import check_statements
from assistant.verification.structure import check_structure, pages
from assistant.verification.subjects import (
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
    strange_owners,
    strange_subjects,
    subject_of,
)
from assistant.verification.tellings import near_tellings, near_words
from assistant.verification.vocabulary import vocabulary

CITATION = re.compile(r"\[(\d{1,3}(?:\s*[,，]\s*\d{1,3})*)\]")
HUNDRED = Decimal(100)
_FALL_OF = re.compile(
    r"(?:fall|drop|decrease|decline|reduction) of (?:(?:[A-Z]{3} )?[\d.,]+ ?\w*(?:\[\d+\])* or )?(?:[A-Z]{3} )?[-−]?$|(?:fell|down|dropped|declined|decreased|lower) by (?:(?:[A-Z]{3} )?[\d.,]+ ?\w*(?:\[\d+\])* or )?(?:[A-Z]{3} )?[-−]?$"
    r"|(?:下降|减少|降低|下滑|降幅|跌幅)(?:了|为|约)?[-−]?$",
    re.IGNORECASE,
)
_RESTATED = re.compile(r"[(（]\s*(?:[A-Z]{3}|[¥$€£]|人民币)?\s*$")
_LOANS = re.compile(r"\d+\s?(?:笔|loans?\b)")
_STANDS = re.compile(r"[(（](?:as of |截至)$", re.IGNORECASE)
_DUE = re.compile(r"\s*(?:应还|需还|：|:|,)?\s*(?:本金|利息|principal|interest)", re.IGNORECASE)
DUE = frozenset({"next_due_principal", "next_due_interest"})
"""Values whose day is told before them."""
LATE = frozenset({"days_late"})
"""Values whose day is the one something was due on."""
_STAGE = re.compile(r"阶段|\bstages?\b", re.IGNORECASE)
CHANGED = frozenset({"change", "change_share"})
_MOVED_BY = re.compile(
    r"(?:(?:rise|fall|increase|decrease|gain|decline|drop) of|(?:up|down|rose|fell|increased|decreased|grew|declined) by|增加|减少|多了|少了) ?(?:了)?(?:[A-Z]{3} ?|[¥$€£]|人民币)?[-−]?$",
    re.IGNORECASE,
)
_AS_OF = re.compile(r"(?:\bas of |截至|截止到?)\s*$", re.IGNORECASE)
_FELL_DUE = re.compile(r"\s*(?:到期|应还|应付)")
_DUE_ON = re.compile(r"\b(?:due|falling due|of)(?: on)?\s*$", re.IGNORECASE)
_MINUS = ("-", "−", "–", "－")
TEN_THOUSAND = Decimal(10000)


@dataclass(frozen=True, slots=True)
class Unsupported:
    """One finding: `kind` number, date, borrower, citation, quote, direction, state, act or identifier; `text` as printed."""

    kind: str
    start: int
    end: int
    text: str
    why: str


def verify(
    text: str, evidence: Evidence, *, question: str = "", citations: Mapping[int, Sequence[str]] | None = None, anchors: Anchors = (),
) -> list[Unsupported]:  # fmt: skip
    """Everything in `text` the evidence does not support, in order. `citations`: marker number → ids it cites; None: no markers known.
    `anchors`: where a mark stood and what it named: the number right before it must be that."""
    original, text = text, half_width(text)
    found: list[Unsupported] = []
    cited = _check_citations(text, evidence, citations, found)
    mentions = find_mentions(text, evidence)
    for start, end, why in near_tellings(text, anchors, mentions, evidence):
        found.append(Unsupported("number", start, end, text[start:end], why))
    for start, end, why in near_words(text, mentions, evidence):
        found.append(Unsupported("state", start, end, text[start:end], why))
    dates = [d for d in date_mentions(text) if not mentions.hidden(d.start, d.end)]
    for mention in mentions.strangers:
        found.append(
            Unsupported(
                "borrower", mention.start, mention.end, text[mention.start : mention.end], "no tool spoke of this borrower"
            )
        )
    for mention in mentions.unknown_ids:
        found.append(
            Unsupported(
                "identifier", mention.start, mention.end, text[mention.start : mention.end], "no tool returned this identifier"
            )
        )
    for start, end, quoted in mentions.quotes:
        quoted = original[start:end]
        if not _quoted(quoted, evidence, question):
            found.append(Unsupported("quote", start, end, quoted, "these words are in no cited passage"))
    quotes = [(start, end) for start, end, _ in mentions.quotes]
    for start, end, why in strange_proposals(text, [*anchors, *of_proposals(text, anchors, mentions, evidence)], evidence):
        found.append(Unsupported("state", start, end, text[start:end], why))
    for kind, start, end, why in check_structure(text, dates, quotes, mentions, evidence):
        found.append(Unsupported(kind, start, end, text[start:end], why))
    masked = mask(mentions, dates) + pages(text)
    numbers = list(quantities(text, masked))
    said_shares = list(shares(text, masked))
    held = bound(text, numbers, anchors, evidence)
    for start, end, why in strange_days(text, dates, anchors, evidence):
        found.append(Unsupported("date", start, end, text[start:end], why))
    for start, end, why in strange_labels(text, dates, anchors, evidence):
        found.append(Unsupported("date", start, end, text[start:end], why))
    for start, end, why in strange_parties(text, anchors, mentions, evidence):
        found.append(Unsupported("borrower", start, end, text[start:end], why))
    for start, end, why in strange_papers(text, anchors, evidence):
        found.append(Unsupported("identifier", start, end, text[start:end], why))
    for start, end, why in strange_tellings(text, mentions):
        found.append(Unsupported("borrower", start, end, text[start:end], why))
    for start, end, why in strange_rows(text, anchors, mentions, evidence):
        found.append(Unsupported("borrower", start, end, text[start:end], why))
    for start, end, why in (*strange_cells(text, anchors, mentions, evidence), *listed_twice(text)):
        found.append(Unsupported("identifier", start, end, text[start:end], why))
    for start, end, why in strange_marks(text, anchors, mentions, evidence):
        found.append(Unsupported("borrower", start, end, text[start:end], why))
    for start, end, why in strange_owners(text, mentions, evidence):
        found.append(Unsupported("borrower", start, end, text[start:end], why))
    for start, end, why in strange_subjects(text, mentions, evidence):
        found.append(Unsupported("borrower", start, end, text[start:end], why))
    for sentence in sentences(text):
        inside = [n for n in numbers if sentence.start <= n.start < sentence.end]
        spoken = [d for d in dates if sentence.start <= d.start < sentence.end]
        rows = rows_of_line(text, sentence.line_start, anchors)
        _check_sentence(text, sentence, inside, spoken, dates, mentions, evidence, cited, found, held, rows, said_shares)
    found.sort(key=lambda item: item.start)
    return found


def _check_sentence(
    text: str,
    sentence: Sentence,
    numbers: list[Quantity],
    dates: list[DateMention],
    all_dates: list[DateMention],
    mentions: Mentions,
    evidence: Evidence,
    cited: list[tuple[int, Sequence[str]]],
    found: list[Unsupported],
    held: Mapping[int, Sequence[Claim]],
    rows: frozenset[str],
    spoken_shares: Sequence[tuple[int, int, Decimal]],
) -> None:
    matched: list[tuple[Quantity, list[Claim]]] = []
    unnamed = mentions.unnamed(text)
    above = said_above(text, sentence.start, mentions)
    headed = named_above(text, sentence.start, mentions)
    subject = subject_of(text, sentence.line_start, sentence.end, mentions)
    passages = [
        evidence.texts[i]
        for position, ids in cited
        if sentence.start <= position <= sentence.end + 12
        for i in ids
        if i in evidence.texts
    ]
    for number in numbers:
        context = sentence.around(number.start, text, mentions, all_dates)
        if headed and not context.named and context.borrowers:
            context = replace(context, borrowers=headed)
        if above and not context.spoken - CHANGED:
            governed = frozenset() if number.start in held or context.metrics else above & evidence.measured
            context = replace(context, spoken=context.spoken | above, metrics=context.metrics or governed)
        if subject and not context.named:
            context = replace(context, borrowers=subject)
        counted = number.unit == "bare" and is_part(text, number.end)
        pool = held.get(number.start, evidence.claims)
        nearby = sentence.multipliers(text, numbers)
        limiting = _sets_limit(number, text, context, evidence)
        if limiting:
            pool = [c for c in pool if c.metric in ("asked_limit", "threshold")]
        claims = [] if counted else [c for c in pool if _value_fits(number, c, nearby)]
        fitting = [
            c
            for c in claims
            if context.fits(c, evidence, marked=number.start in held) and not (rows and c.row and c.row not in rows)
        ]
        columns = columns_of(text, number.start, number.end)
        opened = item_day(text, sentence.line_start, number.start, dates)
        if _small(number) and not limiting:
            said = context.metrics | context.spoken | columns
            fitting = [
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
        fitting = [c for c in fitting if _sign_fits(number, c, unnamed, sentence)]
        fitting = [c for c in fitting if c.metric != "stage" or _STAGE.search(text, max(0, number.start - 16), number.end + 4)]
        if columns:
            fitting = [c for c in fitting if c.metric in columns]
        case = case_of(sentence.line_start, number.start, mentions, evidence)
        if case:
            fitting = [c for c in fitting if c.about not in evidence.cases or c.about in case]
        if any(c.metric in SURETIES for c in fitting):
            surety, debtor = sides(text, sentence.line_start, number.start, mentions)
            fitting = [c for c in fitting if c.metric not in SURETIES or stands(c, surety, debtor)]
        paid = parties(text, sentence.line_start, number.start, evidence)
        own = own_date(text, number.start, number.end, dates)
        if _MOVED_BY.search(text, max(sentence.start, number.start - 40), number.start):
            moved = {c.about for c in evidence.claims if c.metric == "change"}
            fitting = [c for c in fitting if c.metric not in moved]
        if any(c.metric == "called" for c in fitting):
            there = {key for m in mentions.borrowers if sentence.line_start <= m.start < number.start for key in m.keys}
            fitting = [c for c in fitting if c.metric != "called" or not there or c.about in there]
        if own and number.start not in held:
            fitting = [c for c in fitting if c.metric not in evidence.measured or not c.when or own.covers(c.when, c.months)]
        if number.start not in held:
            fitting = [
                c
                for c in fitting
                if (not paid or c.id in paid or c.borrower in paid) and (not opened or of_day(c, opened, evidence))
            ]
        filtered = any(c.metric == "asked_limit" for n, group in matched if n.start < number.start for c in group)
        if not fitting and filtered and _miscounted(number, text, evidence):
            found.append(Unsupported("number", number.start, number.end, text[number.start : number.end], "not so many match"))
            continue
        special = bool(context.metrics & evidence.measured or context.abouts)
        if not fitting and _is_count(number, evidence, mentions.plain(text), sentence, special, context.borrowers):
            continue
        if not fitting and number.start not in held and any(_in_passage(number, text, passage) for passage in passages):
            continue
        printed = text[number.start : number.end]
        if not fitting:
            why = "no tool found this number" if not claims else "a tool found this number, but not for " + context.said()
            found.append(Unsupported("number", number.start, number.end, printed, why))
        matched.append((number, fitting))
    for start, end, why in check_restated(text, matched):
        found.append(Unsupported("number", start, end, text[start:end], why))
    for start, end, size in spoken_shares:
        if sentence.start <= start < sentence.end and not any(text[start:end] in passage for passage in passages):
            context = sentence.around(start, text, mentions, all_dates)
            if not borne_out(
                size, [c for c in evidence.claims if not context.borrowers or c.borrower in (None, *context.borrowers)]
            ):
                found.append(Unsupported("number", start, end, text[start:end], "no tool found such a share"))
    tested = _days_of_tests(sentence, mentions, evidence)
    for mention in dates:
        if tested and mention.grain == "day" and not any(mention.covers(day) for day in tested):
            found.append(
                Unsupported(
                    "date",
                    mention.start,
                    mention.end,
                    text[mention.start : mention.end],
                    "nothing of this covenant is of this day",
                )
            )
            continue
        if not _date_supported(mention, text, sentence, matched, evidence, passages):
            why = "no tool found anything dated so" if not matched else "the numbers beside this date are of another date"
            found.append(Unsupported("date", mention.start, mention.end, text[mention.start : mention.end], why))
    for start, end, why in check_classes(text, sentence, all_dates, mentions, evidence):
        found.append(Unsupported("state", start, end, text[start:end], why))
    for kind, start, end, why in check_statements(text, sentence, matched, dates, mentions, evidence, passages):
        found.append(Unsupported(kind, start, end, text[start:end], why))


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


def _value_fits(number: Quantity, claim: Claim, nearby: frozenset[Decimal]) -> bool:
    """Same value at the displayed precision, in a unit this claim may be shown in."""
    if number.currency and claim.currency and number.currency != claim.currency:
        return False
    unit, value = number.unit, claim.value
    if _too_coarse(number, claim):
        return False
    money = claim.unit in ("currency", "any")
    if unit == "money":
        return money and number.renders(value)
    if unit == "percent":
        if claim.unit == "percent_points":
            return number.renders(value * HUNDRED)
        return claim.unit in ("ratio", "x", "any") and number.renders(value * HUNDRED)
    if unit in ("points", "basis_points"):
        scale = HUNDRED if unit == "points" else TEN_THOUSAND
        return claim.unit == "percent_points" and number.renders(value * scale)
    if unit == "x":
        return claim.unit in ("x", "ratio", "any") and number.renders(value)
    if unit in ("days", "months", "years"):
        return claim.unit in (unit, "any") and number.renders(value)
    if unit == "count":
        return claim.unit == "any" and number.renders(value)
    if claim.unit == "count":
        return claim.metric == "stage" and number.renders(value)
    if claim.unit in ("currency", "any"):
        return number.renders(value) or any(_scaled(number, m).renders(value) for m in nearby)
    if claim.unit == "percent_points":
        return number.renders(value * HUNDRED)
    return number.renders(value) or (claim.unit in ("ratio", "x") and number.places > 0 and number.renders(value * HUNDRED))


def _too_coarse(number: Quantity, claim: Claim) -> bool:
    """A multiple below ten shown without decimals: 1 is not 0.61, unless it is said to be about so much."""
    if claim.unit not in ("ratio", "x", "score") or number.places or number.unit not in ("bare", "x") or number.multiplier != 1:
        return False
    return abs(claim.value) < 10 and abs(claim.value) != number.number and not number.approximate


def _small(number: Quantity) -> bool:
    """A whole number that many a cell of a row holds by chance: it needs the row's mark or the cell's name beside it."""
    return number.unit in ("bare", "count") and not number.places and number.multiplier == 1 and number.number < 1000


def _scaled(number: Quantity, multiplier: Decimal) -> Quantity:
    return Quantity(
        number.start,
        number.end,
        number.number,
        number.places,
        multiplier,
        "money",
        number.currency,
        number.negative,
        number.approximate,
        number.over,
        number.chinese,
    )


def _sign_fits(number: Quantity, claim: Claim, text: str, sentence: Sentence) -> bool:
    """A minus must be a negative value or a fall; a negative value must be shown with a minus or a word that says so."""
    if claim.value < 0 and number.negative and _FALL_OF.search(text[max(sentence.start, number.start - 60) : number.start]):
        return False
    if claim.value == 0 or (number.negative and claim.value < 0) or (not number.negative and claim.value > 0):
        return True
    window = text[max(sentence.start, number.start - 90) : min(sentence.end, number.end + 24)]
    words = vocabulary()
    if claim.value < 0:
        pattern, keys = words.groups["directions"]
        moves = (
            claim.metric in ("change", "change_share", "effect", "unexplained")
            or claim.metric.endswith("_growth")
            or bool(claim.direction)
        )
        falls = moves and any(keys[m.group().lower()] == "fall" for m in pattern.finditer(window))
        # "减少" says which way a value went, not that it is negative.
        moved = [m.span() for m in pattern.finditer(window)]
        return falls or any(not any(a <= m.start() < b for a, b in moved) for m in words.negative.finditer(window))
    return _RESTATED.search(text[max(0, number.start - 6) : number.start]) is not None and text[
        number.end : number.end + 1
    ] in (")", "）")


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


def _date_supported(
    mention: DateMention,
    text: str,
    sentence: Sentence,
    matched: list[tuple[Quantity, list[Claim]]],
    evidence: Evidence,
    passages: list[str],
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


def _check_citations(
    text: str, evidence: Evidence, citations: Mapping[int, Sequence[str]] | None, found: list[Unsupported]
) -> list[tuple[int, Sequence[str]]]:
    cited: list[tuple[int, Sequence[str]]] = []
    for match in CITATION.finditer(text):
        for raw in re.split(r"[,，]", match.group(1)):
            ids = (citations or {}).get(int(raw))
            if ids is None:
                if citations is not None:
                    found.append(
                        Unsupported("citation", match.start(), match.end(), match.group(), "no source carries this number")
                    )
                continue
            cited.append((match.start(), ids))
            if not any(i in evidence.ids for i in ids):
                found.append(
                    Unsupported(
                        "citation", match.start(), match.end(), match.group(), "the source cited was not found by any tool"
                    )
                )
    return cited


def _quoted(quoted: str, evidence: Evidence, question: str) -> bool:
    plain = re.sub(r"\s+", "", quoted).lower()
    if any(plain == re.sub(r"\s+", "", name).lower() for names in evidence.names.values() for name in names):
        return True
    pool = [
        *evidence.texts.values(),
        question,
        *evidence.identifiers,
        *(n for names in evidence.borrowers.values() for n in names),
    ]
    return any(plain in re.sub(r"\s+", "", source).lower() for source in pool)
