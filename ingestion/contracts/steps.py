"""Thresholds that change over time: lists in a sentence and tables under it.

A step says from when a limit holds. "4.00:1 to 31 Dec 2026, 3.50:1 thereafter" and "March 31, 1996 … 1.6:1.0" both become
from-dates, inclusive; a limit in force from the signing has no from-date.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from ingestion.blocks import Block
from ingestion.contracts.thresholds import bare_number, fits, limits
from ingestion.quantities import DateHit, Quantity, dates, quantities

AFTER = re.compile(
    r"\bthereafter\b|\bafter (?:that|such)\b|\b(?:any|each|every|all) (?:later|subsequent|succeeding|following)\b|\bonwards?\b|\bat all times after\b|之后|此后|其后|以后|起至|自该日|期满|届满",
    re.I,
)
UNTIL = re.compile(r"(?:\b(?:until|through|to|up to|including|before|prior to)\b[\w\s,]*|至|截至|到)\s*$", re.I)
FROM = re.compile(
    r"(?:\b(?:from|commencing(?: on| with)?|beginning(?: on)?|after|on and after|starting)\b[\w\s]*|自|从)\s*$", re.I
)
MOVES = re.compile(
    r"(?:下调|上调|下降|上升|降低|提高|调整|调低|调高|收紧|放宽|变更|改|降|升)(?:为|至|到)"
    r"|\b(?:falls?|falling(?! (?:in|on|after|within|before|between|due)\b)|drops?|dropping|steps? (?:down|up)|stepping (?:down|up)|reduc(?:es?|ed|ing)|decreas(?:es?|ing)|declin(?:es?|ing)|tighten(?:s|ed|ing)?|lower(?:s|ed|ing)|"
    r"ris(?:es?|ing)|increas(?:es?|ed|ing)|changes?|is replaced by|becomes?)\b[^.;]{0,40}?\b(?:to|by|at)?\b",
    re.I,
)
STRICTLY_AFTER = re.compile(r"(?<!and )(?<!or )\bafter\s*$", re.I)
BACK = re.compile(
    r"(?:该|此|上述|前述|本)(?:项)?(?:上限|下限|比率|比例|指标|倍数|限额|限值|标准|要求|比重|数值)|(?:上限|下限|限值)(?:相应)?(?=下调|上调|调整|降|提高)"
    r"|\b(?:that|this|the|such|the said) (?:limit|maximum|minimum|ratio|level|figure|ceiling|floor|threshold|multiple|requirement|test)\b",
    re.I,
)
"""A limit that moves ("falls to", 「下调为」), and words that point back to the limit before."""
TEST_AT = re.compile(r"(?:\b(?:ending|ended|as (?:of|at)|on|at)\b(?: on)?|期末|年末)\s*$", re.I)
ZH_UNTIL = re.compile(r"^\s*(?:\([^)]*\)|（[^）]*）)?\s*(?:之前|以前|前|止|为止)")
RESPECTIVELY = re.compile(r"分别|依次|\brespectively\b", re.I)
YEARS = re.compile(r"(?P<a>20\d\d)\s*年?度?\s*(?:至|到|-|—|–|~|to|through)\s*(?P<b>20\d\d)")
YEAR = re.compile(
    r"(?P<y>(?:19|20)\d\d)\s*年(?:度)?(?:至|-|—)?(?!\s*\d{1,2}\s*月)(?:末|底)?|\b(?:(?:fiscal|financial|calendar) years?|in|during|for|FY)\s*(?P<e>20\d\d)\b(?!\s*[-–/]\s*(?:20)?\d\d\b)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Step:
    """`since`, `until` inclusive; None when the text does not say. `quarters` when a shorter period is tested."""

    threshold: Decimal
    since: date | None = None
    until: date | None = None
    quarters: int | None = None


@dataclass(frozen=True, slots=True)
class YearHit(DateHit):
    """A year named as such: its limit holds on every day of it."""

    whole_year: bool = True


def inline_steps(text: str, unit: str) -> list[Step]:
    """Steps of one sentence, from its first bound on. One quantity gives one step without dates."""
    values = limits(text, unit)
    if not values:
        return []
    if len(values) == 1:
        return [Step(values[0].value, _in_force(text, values[0].end))]
    when = dates(text) or _years(text)
    moving = _moving(text, values, when)
    if moving:
        return moving
    before = bool(when) and when[0].start < values[0].start
    steps: list[Step] = []
    for at, value in enumerate(values):
        low = 0 if at == 0 else values[at - 1].end
        high = len(text) if at + 1 == len(values) else values[at + 1].start
        segment = (low, value.start) if before else (value.end, high)
        step = _dated(value.value, text, segment, [hit for hit in when if segment[0] <= hit.start < segment[1]], steps)
        if step is None:
            return _only(values)
        steps.append(step)
    return steps


def bounded_steps(text: str, bounds: Sequence[tuple[int, int]], unit: str) -> list[Step]:
    """Limits of one measure that a sentence bounds again and again, each with its own days: 「至2026年末不高于75%；此后不高于65%」.

    Days before a bound are its own where a mark parts them from the limit before; else they end that limit."""
    if len(bounds) < 2:
        return []
    values: list[tuple[Decimal, int]] = []
    for at, (_, end) in enumerate(bounds):
        high = bounds[at + 1][0] if at + 1 < len(bounds) else len(text)
        own = next(iter(limits(text[end:high], unit)), None)
        if own is None:
            return []
        values.append((own.value, end + own.end))
    cuts = [0]
    for at in range(1, len(bounds)):
        between = text[values[at - 1][1] : bounds[at][0]]
        mark = re.search(r"[;；，,。（(]", between)
        days = dates(between) or _years(between)
        parted = mark is not None and not (days and days[0].start < mark.start())
        cuts.append(values[at - 1][1] + mark.end() if parted and mark is not None else bounds[at][0])
    cuts.append(len(text))
    when = dates(text) or _years(text)
    steps: list[Step] = []
    for at, (value, _) in enumerate(values):
        segment = (cuts[at], cuts[at + 1])
        step = _dated(value, text, segment, [hit for hit in when if segment[0] <= hit.start < segment[1]], steps)
        if step is None:
            if steps:
                return []
            step = Step(value)
        steps.append(step)
    return steps


def respective_steps(text: str, unit: str) -> list[Step]:
    """Years and limits listed side by side: 「2026年至2028年分别不高于5.0、4.5、4.0」, "4.0x and 3.5x for 2026 and 2027 respectively"."""
    if not RESPECTIVELY.search(text):
        return []
    spans = YEARS.search(text)
    years = list(range(int(spans["a"]), int(spans["b"]) + 1)) if spans else sorted({hit.day.year for hit in _years(text)})
    values = [q for q in quantities(text) if fits(q, unit)]
    if len(years) < 2 or len(values) != len(years):
        return []
    return [Step(q.value, date(year, 1, 1), date(year, 12, 31)) for q, year in zip(values, years, strict=True)]


def goes_further(piece: str) -> bool:
    """Whether a piece after a semicolon only names another year or day and its limit: "Fiscal Year 2027 - $22,500,000"."""
    return bool(dates(piece) or _years(piece) or AFTER.search(piece)) and bool(quantities(piece)) and len(piece) < 120


def moves_on(sentence: str) -> bool:
    """Whether a sentence says how the limit of the one before it changes: 「自2026年12月31日起，该上限下调为4.50倍」."""
    when = dates(sentence)
    return bool(when) and bool(BACK.search(sentence)) and bool(MOVES.search(sentence))


def _moving(text: str, values: Sequence[Quantity], when: Sequence[DateHit]) -> list[Step]:
    """A first limit and what it moves to, each with its day: "4.00 times, falling to 3.50 times on 30 June 2027"."""
    if not when or when[0].start < values[0].start or not MOVES.search(text[values[0].end : values[1].start]):
        return []
    steps = [Step(values[0].value)]
    for at, value in enumerate(values[1:], 1):
        low = values[at - 1].end
        high = values[at + 1].start if at + 1 < len(values) else len(text)
        between = [hit for hit in when if low <= hit.start < value.start]
        until = [hit for hit in between if UNTIL.search(text[max(low, hit.start - 16) : hit.start])]
        if len(until) == 1 and between == until:
            start = next((hit for hit in when if value.end <= hit.start < high), None)
            own_day = _begins(start, text) if start is not None else until[0].day + timedelta(days=1)
            steps[-1] = replace(steps[-1], until=until[0].day)
            steps.append(Step(value.value, own_day))
            continue
        behind = [hit for hit in when if value.end <= hit.start < high]
        first = when[0].start < values[1].start
        own = between if first else behind
        if len(own) != 1:
            return []
        steps.append(Step(value.value, _begins(own[0], text)))
    return steps


def _in_force(text: str, after: int) -> date | None:
    """The day a single limit begins to hold: 「自2026年6月30日起执行」, "with effect from 30 June 2026"."""
    for hit in dates(text):
        begins = re.match(r"\s*起(?:执行|适用|生效|施行)", text[hit.end : hit.end + 8]) and re.search(
            r"[自从]\s*$", text[: hit.start]
        )
        if hit.start >= after and (begins or re.search(r"with effect (?:from|on)\s*$", text[: hit.start], re.I)):
            return hit.day
    return None


def _only(values: Sequence[Quantity]) -> list[Step]:
    """Quantities that no date orders: the first is the limit, the rest belong to something else."""
    return [Step(values[0].value)]


def _dated(value: Decimal, text: str, segment: tuple[int, int], hits: Sequence[DateHit], former: list[Step]) -> Step | None:
    words = text[segment[0] : segment[1]]
    if not hits:
        if AFTER.search(words) and former:
            last = former[-1].until or former[-1].since
            return Step(value, last + timedelta(days=1) if last else None)
        return None
    since = until = None
    for hit in hits:
        lead = text[max(segment[0], hit.start - 40) : hit.start]
        tail = text[hit.end : hit.end + 12]
        if UNTIL.search(lead) or ZH_UNTIL.match(tail):
            until = hit.day
        elif FROM.search(lead) or re.match(r"\s*(?:起|(?:及其?)?以后|之后|and thereafter|onwards)", tail):
            since = _begins(hit, text)
        elif since is None:
            since = _first_day(hit)
            until = until or hit.day
        elif until is not None and since == until and hit.day > until:
            until = hit.day  # "for the quarters ending 30 September and 31 December"
    if since is None and former and former[-1].until:
        since = former[-1].until + timedelta(days=1)
    if (
        until is not None
        and since == until
        and len(hits) == 1
        and FROM.search(text[max(segment[0], hits[0].start - 40) : hits[0].start])
    ):
        until = None
    return Step(value, since, until, _quarters(words))


def _begins(hit: DateHit, text: str) -> date:
    """ "after 30 June 2027" begins on the next day; "on and after" and "from" on the day itself."""
    behind = STRICTLY_AFTER.search(text[max(0, hit.start - 24) : hit.start])
    return _first_day(hit) + timedelta(days=1) if behind else _first_day(hit)


def _first_day(hit: DateHit) -> date:
    return hit.day.replace(day=1, month=1) if isinstance(hit, YearHit) and hit.whole_year else hit.day


def _quarters(words: str) -> int | None:
    match = re.search(r"\b(?:the )?(two|three|2|3) (?:Fiscal )?Quarter", words, re.I)
    if match:
        return {"two": 2, "three": 3, "2": 2, "3": 3}[match.group(1).lower()]
    return 1 if re.search(r"\bfor the Fiscal Quarter\b", words, re.I) else None


def _years(text: str) -> Sequence[DateHit]:
    """「2026年度」 as the last day of the year, for sentences that name years only."""
    return [
        YearHit(date(int(m.group("y") or m.group("e")), 12, 31), m.start(), m.end(), whole_year=m.group()[-1] not in "末底")
        for m in YEAR.finditer(text)
    ]


def table_steps(rows: Sequence[Block], unit: str, column: int | None = None) -> list[Step]:
    """Steps of a table whose rows hold a date and a limit, in `column` where the table holds several measures."""
    steps: list[Step] = []
    for row in rows:
        cells = row.cells or (row.text,)
        joined_row = " | ".join(cell for cell in cells if cell)
        when = dates(joined_row) or _years(joined_row)
        values = [value for value in quantities(joined_row) if fits(value, unit) or bare_number(value, unit)]
        if not values or not (when or AFTER.search(joined_row)):
            continue
        if column is not None:
            cell = row.cells[column] if column < len(row.cells) else ""
            values = [value for value in quantities(cell) if fits(value, unit) or bare_number(value, unit)]
            if not values:
                continue
        value = values[-1]
        steps.append(row_step(value.value, joined_row, when, steps))
    return steps


def row_step(value: Decimal, text: str, when: Sequence[DateHit], former: list[Step]) -> Step:
    """The step of a table row whose period is `text`."""
    if len(when) >= 2:
        return Step(value, when[0].day, when[1].day)
    if not when:
        last = former[-1].until if former else None
        return Step(value, last + timedelta(days=1) if last else None)
    hit = when[0]
    lead, tail = text[: hit.start], text[hit.end :]
    if AFTER.search(tail) or FROM.search(lead) or re.match(r"\s*(?:起|及以后)", tail):
        return Step(value, _first_day(hit) + timedelta(days=1) if STRICTLY_AFTER.search(lead[-24:]) else _first_day(hit))
    if UNTIL.search(lead) or ZH_UNTIL.match(tail):
        last = former[-1].until if former else None
        return Step(value, last + timedelta(days=1) if last else None, hit.day)
    return Step(value, _first_day(hit), hit.day)


def whens(text: str) -> Sequence[DateHit]:
    """Days named in `text`, else the years."""
    return dates(text) or _years(text)
