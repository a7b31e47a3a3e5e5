"""What a question says, before anybody looks anything up: metrics, periods, cues, limits, identifiers and what is left over.

Pure: the same question on the same business date is always read the same way. Names of borrowers come in as spans, because
only a tool knows them, and are left out of everything else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import pairwise

from assistant.analyst.amounts import Amount, amounts
from assistant.analyst.lexicon import Hit, Lexicon
from assistant.analyst.spelling import mended
from assistant.analyst.timewords import TimePhrase, time_phrases
from assistant.analyst.words import has_cjk, normalise
from prompts.library import phrase_book
from tools.domain.periods import month_end
from tools.toolbox.periods import PeriodRequest

Span = tuple[int, int]
_ID = re.compile(r"\b(?:A-[0-9a-f]{10}|[A-Z]{1,5}-?\d[\w-]*|[a-z]{1,3}\d{3,}|[a-z]{3}-\d{1,2}-\w+)\b", re.ASCII)
_TOP = re.compile(
    r"前\s*(?P<a>\d{1,3}|[一二两三四五六七八九十])\s*(?:大|名|家|户|个|笔|位)?|top\s*-?(?P<b>\d{1,3}|two|three|four|five|ten)\b"
    r"|(?<![里下中这那我管])(?P<c>\d{1,3}|[一二两三四五六七八九十])\s*(?:家|户|个客户|个借款人)|\b(?P<d>\d{1,3}|two|three|four|five|ten) (?=(?:largest|biggest|highest|lowest|worst|best|smallest|weakest|most))"
    r"|(?:largest|biggest|highest|lowest|worst|best|smallest|weakest) (?P<e>\d{1,3}|two|three|four|five|ten)\b",
    re.IGNORECASE | re.ASCII,
)
_COUNT = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10,
          "two": 2, "three": 3, "four": 4, "five": 5, "ten": 10}  # fmt: skip
FORWARD = frozenset({"maturity", "dues", "insurance"})
_YEAR_COMPARED = ("yoy", "qoq")


@dataclass(frozen=True, slots=True)
class Limit:
    """A comparison asked for: `operator` as in the grammar, `amount` with its unit. `share` when it was written in per cent."""

    operator: str
    value: Decimal
    unit: str
    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Reading:
    """One question (or one part of one) as read. `metrics`, `families`, `measures` in order of mention, without repeats."""

    text: str
    language: str
    metrics: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    periods: tuple[PeriodRequest, ...] = ()
    windows: tuple[tuple[date, date], ...] = ()
    at_end: bool = False
    cues: frozenset[str] = frozenset()
    limits: tuple[Limit, ...] = ()
    percents: tuple[Decimal, ...] = ()
    amounts: tuple[Amount, ...] = ()
    top: int | None = None
    identifiers: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    loose: tuple[Span, ...] = ()
    hits: tuple[Hit, ...] = field(default=(), repr=False)
    names: tuple[Span, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    share_of: str = ""

    @property
    def said_nothing(self) -> bool:
        """No metric, family, measure, period, or kind of question of its own: a follow-up at most."""
        return not (self.metrics or self.families or self.measures or self.periods or self.windows or self.limits)


def read(text: str, as_of: date, lexicon: Lexicon, names: Sequence[Span] = ()) -> Reading:
    """Read one question. `names`: spans of borrower names in the normalised text."""
    text = normalise(text)
    text_hits = lexicon.find(text, names)
    fixed = mended(text, text_hits, lexicon, names)
    text_hits = sorted([*text_hits, *fixed.hits], key=lambda hit: hit.start)
    metric_spans = [(h.start, h.end) for h in text_hits if h.ids("metric") or h.ids("family")]
    times = time_phrases(text, as_of, [*names, *metric_spans])
    ahead = FORWARD & {cue for hit in text_hits for cue in hit.ids("cue")} or _looks_ahead(text)
    times = [_coming(t, as_of) if ahead else t for t in times]
    if _looks_ahead(text):
        times = [_next_month(t, as_of) for t in times]
    compared = [(h.start, h.end) for h in text_hits if set(h.ids("cue")) & set(_YEAR_COMPARED)]
    times = [t for t in times if not any(t.start < b and a < t.end for a, b in compared)]
    if any(t.request and t.request.kind == "year" for t in times) and not _AGAINST.search(text):
        # "2024年净利润现在是多少": as it stands now, of the year said
        times = [t for t in times if not (t.request and t.request.kind == "latest")]
    named = {t.request.year for t in times if t.request and t.request.kind == "year" and re.search(r"\d", t.text)}
    earlier = [t for t in times if t.request and t.request.year in named and _PRIOR.fullmatch(t.text)]
    times = [t for t in times if t not in earlier]
    spoken = {cue for hit in text_hits for cue in hit.ids("cue")}
    rolling = [
        t for t in times if metric_spans and not spoken & {"change", "turning", "operations"} and _ROLLING.search(t.text)
    ]
    times = [t for t in times if t not in rolling]
    time_spans = [(t.start, t.end) for t in (*times, *rolling)]
    found = amounts(text, [*names, *time_spans, *metric_spans])
    tops = [m for m in _TOP.finditer(text) if not _overlaps(m.span(), [*names, *time_spans])]
    limits, used = _limits(text, text_hits, found)
    limits = limits or _between(text, found)
    identifiers = tuple(dict.fromkeys(m.group() for m in _ID.finditer(text) if not _overlaps(m.span(), [*names, *time_spans])))
    covered = [
        *names, *time_spans, *((h.start, h.end) for h in text_hits), *((a.start, a.end) for a in found),
        *(m.span() for m in tops), *(m.span() for m in _ID.finditer(text)),
    ]  # fmt: skip
    top = next((_count(m) for m in tops), None)
    loose = _leftovers(text, covered)
    metrics, moved = _bases(text_hits)
    metrics = _ratios(text, text_hits, metrics)
    metrics = metrics or _worded(text)
    metrics, whole = _share(text, text_hits, metrics)
    return Reading(
        text=text,
        language=language_of(text, names),
        metrics=metrics,
        families=_once(i for h in text_hits for i in h.ids("family")),
        measures=_once(i for h in text_hits for i in h.ids("measure")),
        periods=_once(t.request for t in times if t.request is not None),
        windows=_once(w for t in times if (w := t.window or _ahead(t, as_of)) is not None),
        at_end=any(t.at_end for t in times),
        cues=frozenset(i for h in text_hits for i in h.ids("cue") if not _inside_time(h, times))
        | moved
        | _patterned(text)
        | ({"ltm"} if rolling else set())
        | ({"yoy"} if earlier else set()),
        limits=limits,
        percents=tuple(a.value for a in found if a.unit == "percent" and a not in used),
        amounts=tuple(found),
        top=top,
        identifiers=identifiers,
        topic=tuple(text[a:b] for a, b in loose),
        loose=loose,
        hits=tuple(text_hits),
        names=tuple(names),
        notes=fixed.notes,
        share_of=whole,
    )


def _next_month(time: TimePhrase, as_of: date) -> TimePhrase:
    """ "After the December instalment" is a month to come, not the time since the last one."""
    if time.window is None or time.window[0].day != 1 or time.window[1] > as_of:
        return time
    first = time.window[0]
    if first <= as_of and not re.search(r"\d{4}", time.text):
        first = first.replace(year=as_of.year if first.replace(year=as_of.year) > as_of else as_of.year + 1)
    return replace(time, window=(first, month_end(first))) if first > as_of else time


def _looks_ahead(text: str) -> bool:
    """Whether what is asked is still to come: "what will they pay in December", "还完12月那期还剩多少"."""
    book: Mapping[str, str] = phrase_book("lexicon")["looks_ahead"]
    return bool(re.search(book["ahead"], text, re.IGNORECASE)) and not re.search(book["back"], text, re.IGNORECASE)


def _coming(time: TimePhrase, as_of: date) -> TimePhrase:
    """A month or quarter without a year that is still to come this year, where something falls due or ends in it: "11月到期的"."""
    request = time.request
    if request is not None and request.kind == "day" and request.day is not None and not re.search(r"\d{4}", time.text):
        later = request.day.replace(year=as_of.year) if (request.day.month, request.day.day) != (2, 29) else request.day
        return replace(time, request=replace(request, day=later)) if later > as_of else time
    if (
        request is None
        or request.kind not in ("month", "quarter")
        or time.window
        or re.search(r"\d{4}|[去上前]年|last|previous", time.text)
    ):
        return time
    coming = request.year == as_of.year - 1 and request.number * (1 if request.kind == "month" else 3) > as_of.month
    return replace(time, request=replace(request, year=as_of.year)) if coming else time


def _ahead(time: TimePhrase, as_of: date) -> tuple[date, date] | None:
    """A month or quarter still to come is a stretch in which something falls due; so is the time up to a day to come."""
    request = time.request
    if request is not None and request.kind == "day" and request.day is not None:
        return (as_of, request.day) if request.day > as_of else None
    if request is None or request.kind not in ("month", "quarter"):
        return None
    length = 1 if request.kind == "month" else 3
    last = month_end(date(request.year, request.number * length, 1))
    return (date(last.year, last.month - length + 1, 1), last) if last > as_of else None


_YEARLY = re.compile(r"同比|yoy|year[- ]on[- ]year|增长多少|增长了多少|how much .*gr[eo]w|change|变动|变化", re.IGNORECASE)


def _bases(hits: Sequence[Hit]) -> tuple[tuple[str, ...], frozenset[str]]:
    """Metrics in order. A growth rate asked for as "收入同比" is the revenue and its change: both amounts are wanted."""
    growth: Mapping[str, str] = phrase_book("lexicon")["growth_of"]
    found, moved = [], False
    for hit in hits:
        for id in hit.ids("metric")[:1]:
            yearly = id in growth and _YEARLY.search(hit.text) is not None
            moved = moved or yearly
            found.append(growth[id] if yearly else id)
    return tuple(dict.fromkeys(found)), frozenset({"yoy", "change"} if moved else ())


_AGAINST = re.compile(
    r"比|和|与|跟|到|至|同|较|、|,|变|涨|升|降|跌|增|减|走|以来|\b(vs|versus|and|to|than|against|compared?|since|from|change|until|till)\b",
    re.IGNORECASE,
)
"""Two times stand against each other."""
_PRIOR = re.compile(r"(?:上|前)一?年度?|去年|(?:the )?(?:prior|previous|last) year", re.IGNORECASE)
"""Beside that very year by its number: the year before it."""
_ROLLING = re.compile(
    r"(近|过去|最近|前|滚动)(12|十二)个月|\b(last|past|trailing|latest|previous) (twelve|12) months\b", re.IGNORECASE
)
"""Of a figure the sum of the newest twelve months, not a stretch of days."""
_RATIO = re.compile(r"比值|比率|之比|的比例|\bthe ratio\b|\bratio (?:of|between)\b|\btheir ratio\b", re.IGNORECASE)


def _ratios(text: str, hits: Sequence[Hit], metrics: tuple[str, ...]) -> tuple[str, ...]:
    """ "带息负债/EBITDA" is the ratio of the two; "debt, EBITDA and the ratio" is all three."""
    book: Mapping[str, Sequence[str]] = phrase_book("lexicon")["ratio_of"]
    said = [(hit.ids("metric")[0], hit.start, hit.end) for hit in hits if hit.ids("metric")]
    for ratio, (above, below) in book.items():
        for (one, _, end), (other, start, _) in pairwise(said):
            if (one, other) == (above, below) and text[end:start].strip() in ("/", "÷", "除以", "over", "to"):
                metrics = tuple(dict.fromkeys(ratio if m == one else m for m in metrics if m != other))
        if {above, below} <= set(metrics) and _RATIO.search(text) and ratio not in metrics:
            metrics = (*metrics, ratio)
    return metrics


_OF = re.compile(
    r"(?:[^;?。]{0,24}(?:[,，]|(?<=[年度末期])))?\s*(?:又|还|并|也|它|其)?(?:的)?(?:占到?|占了|占比|占据)(?:整个|全部|同期|当期|总的?)?\s*|\s*(?:/|÷|除以|over|divided by)\s*"
    r"|(?:[^;?]{0,24}(?:,| and|;))?\s*(?:was|is|are|were|makes? up|made up)?\s*(?:as )?(?:an? |the |what )?(?:share|percentage|percent|per cent|pct|%|proportion|fraction|portion)"
    r" of (?:the |its |their |total )*",
    re.IGNORECASE,
)
_OF_FIRST = re.compile(
    r"(?:share|percentage|percent|per cent|pct|%|proportion|fraction|portion|much) of (?:the |its |their |total |[\w.&' ]{2,30}'s )*$",
    re.IGNORECASE,
)
_IN_BETWEEN = re.compile(
    r"[^,;?。]{0,24}\b(?:is|was|are|were|comes? from|goes? (?:on|to|into)|went (?:on|to|into)|spent on|made up of)\b[^,;?。]{0,24}",
    re.IGNORECASE,
)


def _share(text: str, hits: Sequence[Hit], metrics: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """ "研发投入占收入多少", "R&D as a % of sales", "what share of sales is R&D": the one amount and the whole it is a share of."""
    said = [(hit.ids("metric")[0], hit.start, hit.end) for hit in hits if hit.ids("metric") and hit.ids("metric")[0] in metrics]
    for (one, start, end), (other, begin, _) in pairwise(said):
        between = text[end:begin]
        if one != other and _OF.fullmatch(between):
            return tuple(m for m in metrics if m != other), other
        if one != other and _OF_FIRST.search(text[:start]) and _IN_BETWEEN.fullmatch(between):
            return tuple(m for m in metrics if m != one), one
    return metrics, ""


def language_of(text: str, names: Sequence[Span] = (), otherwise: str = "") -> str:
    """zh when Chinese characters stand outside the names, en when English words do. Abbreviations and figures are of no language: then
    the talk's language (`otherwise`), or that of the names."""
    outside = "".join(c for i, c in enumerate(text) if not any(a <= i < b for a, b in names))
    if has_cjk(outside):
        latin = len(re.findall(r"[A-Za-z]{2,}", outside))
        han = len(re.findall(r"[\u3400-\u9fff]", outside))
        return "zh" if han * 2 >= latin or latin < 4 else "en"
    neutral: Sequence[str] = phrase_book("lexicon")["of_no_language"]
    if any(word.lower() not in neutral and not word.isupper() for word in re.findall(r"[A-Za-z]{2,}", outside)):
        return "en"
    return otherwise or ("zh" if has_cjk(text) else "en")


def _patterned(text: str) -> frozenset[str]:
    """Cues whose words stand apart from each other."""
    return frozenset(cue for cue, pattern in _patterns() if pattern.search(text.strip()))


def _worded(text: str) -> tuple[str, ...]:
    """A metric asked for without its name: "how much did they sell"."""
    said: Mapping[str, Sequence[str]] = phrase_book("lexicon")["metric_patterns"]
    return tuple(metric for metric, several in said.items() if any(re.search(one, text, re.IGNORECASE) for one in several))[:1]


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    book: Mapping[str, Sequence[str]] = phrase_book("lexicon")["patterns"]
    return tuple((cue, re.compile("|".join(f"(?:{one})" for one in several), re.IGNORECASE)) for cue, several in book.items())


def _inside_time(hit: Hit, times: Sequence[TimePhrase]) -> bool:
    return any(t.start <= hit.start and hit.end <= t.end for t in times)


def _overlaps(span: Span, taken: Sequence[Span]) -> bool:
    return any(span[0] < b and a < span[1] for a, b in taken)


def _once(items: object) -> tuple:  # type: ignore[type-arg]
    return tuple(dict.fromkeys(items))  # type: ignore[call-overload]


def _count(match: re.Match[str]) -> int:
    raw = next(group for group in match.groups() if group)
    return int(raw) if raw.isdigit() else _COUNT[raw.lower()]


def _limits(text: str, hits: Sequence[Hit], found: Sequence[Amount]) -> tuple[tuple[Limit, ...], list[Amount]]:
    """Pair each comparison word with the number next to it: before it in "70%以上", after it in "below 1.2" and "低于1.2"."""
    limits, used = [], []
    for hit in hits:
        for operator in hit.ids("operator")[:1]:
            after = [a for a in found if 0 <= a.start - hit.end <= 12 and not re.search(r"[,;。,]", text[hit.end : a.start])]
            before = [a for a in found if 0 <= hit.start - a.end <= 1]
            chosen = before[-1] if before and hit.text in _TRAILING else (after[0] if after else None)
            if chosen is not None and chosen not in used:
                used.append(chosen)
                limits.append(
                    Limit(
                        operator,
                        chosen.value,
                        chosen.unit,
                        text[min(hit.start, chosen.start) : max(hit.end, chosen.end)],
                        chosen.start,
                    )
                )
    return tuple(limits), used


_FROM_TO = re.compile(r"\s*(?:到|至|和|与|-|~|and|to)\s*", re.IGNORECASE)


def _between(text: str, found: Sequence[Amount]) -> tuple[Limit, ...]:
    """Two numbers with "between" before them or 之间 behind them are a lower and an upper limit."""
    for low, high in pairwise(found):
        joined = _FROM_TO.fullmatch(text[low.end : high.start])
        said = re.search(r"\bbetween\s*$|介于\s*$|在\s*$", text[: low.start], re.IGNORECASE)
        if joined and (re.match(r"\s*之?间", text[high.end :]) or (said and not said.group().startswith("在"))):
            value = low.value / 100 if low.unit == "bare" and high.unit == "percent" else low.value
            return (
                Limit(">=", value, high.unit, text[low.start : low.end], low.start),
                Limit("<=", high.value, high.unit, text[high.start : high.end], high.start),
            )
    return ()


_TRAILING = frozenset(("以上", "及以上", "以下", "及以下", "以内", "or more", "or less"))


def _leftovers(text: str, covered: Sequence[Span]) -> tuple[Span, ...]:
    """Where runs of letters or Chinese characters stand that nothing above has claimed: a name nobody knows, or a topic."""
    mask = [False] * len(text)
    for start, end in covered:
        for place in range(start, min(end, len(text))):
            mask[place] = True
    free = "".join(" " if hidden else char for char, hidden in zip(text, mask, strict=True))
    return tuple(m.span() for m in re.finditer(r"[\u3400-\u9fff]+|[A-Za-z][A-Za-z'&.-]*[A-Za-z]|[A-Za-z]", free))
