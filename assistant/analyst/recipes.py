"""Which tools each kind of question needs, and with what arguments. One small function per frame, found by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from assistant.analyst.clausewords import clause_of, topic, topics_of
from assistant.analyst.plans import Call, Part
from assistant.analyst.reading import Reading
from assistant.analyst.recipes_risk import RISK_RECIPES, who_of, window_of
from prompts.library import phrase_book
from tools.domain.periods import add_months, month_end
from tools.toolbox.periods import PeriodRequest

Recipe = Callable[[Part], list[Call]]
QUIET = frozenset({"how_many", "narrative_only", "why", "late_history", "notes", "contract", "filing", "say", "pronoun", "ellipsis", "yes_no", "which", "source", "documents", "that_one", "explain",
                   "profile", "since_change"})  # fmt: skip
"""Cues that say where to look, not what for."""
BOOK_TABLES = {"collateral": "collateral", "guarantors": "guarantors", "events": "events", "relations": "relations", "bureau": "bureau",
               "operations": "operations", "mitigants": "mitigants", "accounts": "accounts", "evidence": "evidence"}  # fmt: skip
KINDS = {"notes": "visit_note", "contract": "contract", "filing": "statement"}


def calls_for(part: Part) -> list[Call]:
    """The calls of one part; none for frames that answer from what is known already."""
    recipe = _RECIPES.get(part.frame) or RISK_RECIPES.get(part.frame)
    return recipe(part) if recipe else []


def metric_names(reading: Reading, frame: str = "") -> list[str]:
    """Metrics asked for; the shown ones of a family; the key figures when nothing is named."""
    families = phrase_book("lexicon")["family_show"]
    names = list(reading.metrics)
    if frame in ("value", "compare"):
        names = [name for metric in names for name in (metric, *_both_ways(reading, metric))]
    if frame == "change":
        names = [name for metric in names for name in (metric, *_meant_too(reading, metric))]
    for family in () if names else reading.families:
        names += families[family]
    if not names and frame in ("key_figures", "compare", "profile", "changes"):
        names = list(families["solvency"])
    return list(dict.fromkeys(names))


def _both_ways(reading: Reading, metric: str) -> tuple[str, ...]:
    """A plain word that agreements define in two ways ("interest cover") is answered in both."""
    book: Mapping[str, Mapping[str, Any]] = phrase_book("lexicon")["said_plainly"]
    plain = book.get(metric)
    said = [hit.text.lower() for hit in reading.hits if metric in hit.ids("metric")[:1]]
    if plain is None or not said or any(re.search(plain["unless"], text) for text in said):
        return ()
    return tuple(plain["also"])


def _meant_too(reading: Reading, metric: str) -> tuple[str, ...]:
    book: Mapping[str, Mapping[str, str]] = phrase_book("lexicon")["companions"]
    said = [hit.text for hit in reading.hits if metric in hit.ids("metric")[:1]]
    return (book[metric]["also"],) if metric in book and set(said) == {book[metric]["said"]} else ()


def _scope(reading: Reading) -> dict[str, Any]:
    extra: dict[str, Any] = {}
    if "parent_scope" in reading.cues:
        extra["scope"] = "parent"
    if "ltm" in reading.cues:
        extra["basis"] = "ltm"
    elif "annualised" in reading.cues:
        extra["basis"] = "annualised"
    return extra


def _periods(reading: Reading) -> list[str]:
    return [str(period) for period in reading.periods]


_NOT_GROUP = re.compile(
    r"(?:别|不要|不是|不用|非|勿)[^,。?]{0,4}合并|\b(?:not|without|excluding|no) (?:the )?(?:consolidated|group)\b",
    re.IGNORECASE,
)


def _value(part: Part) -> list[Call]:
    names = metric_names(part.reading, part.frame)
    periods, known = list(part.reading.periods), {}
    if "known_then" in part.reading.cues and (days := [(day, p) for p in periods if (day := last_day(p))]):
        # What is known of a period is known at its end or later: of two days said, the later one is when it was known.
        day, said = max(days, key=lambda pair: pair[0])
        periods, known = [p for p in periods if p is not said], {"known_at": day.isoformat()}
    told = [str(period) for period in periods] or (["latest"] if part.frame == "compare" else ["latest", "last1y"])
    base = {"borrowers": who_of(part), "names": names, "periods": told, **_scope(part.reading), **known, **_made(part.reading)}
    if _NOT_GROUP.search(part.reading.text):
        return [Call("figures", {**base, "scope": "parent"})]
    if {"parent_scope", "group_scope"} <= part.reading.cues or "both_scopes" in part.reading.cues:
        return [
            Call("figures", {**base, "scope": "consolidated", "both": True, "periods": _periods(part.reading) or ["latest"]})
        ]
    return [Call("figures", base)]


def _made(reading: Reading) -> dict[str, Any]:
    """What is worked out of the figures asked for: a share of another, or the periods added up."""
    share = {"share_of": reading.share_of} if reading.share_of else {}
    several = len(reading.periods) > 1 or any(period.is_series for period in reading.periods)
    return {**share, **({"total": True} if "total" in reading.cues and several else {})}


def _change(part: Part) -> list[Call]:
    reading, names = part.reading, metric_names(part.reading, part.frame)
    periods = _periods(reading)
    base: dict[str, Any] = {"borrowers": who_of(part), "names": names, **_scope(reading)}
    single = len(periods) == 1 and not reading.periods[0].is_series
    if single and _YEAR_START.search(reading.text):
        return [Call("figures", {**base, "periods": [*periods, "latest"]})]
    if base.get("basis") == "ltm" and single and reading.periods[0].kind == "year":
        # "the last twelve months against 2025": each on its own basis
        whole = {key: value for key, value in base.items() if key != "basis"}
        return [Call("figures", {**whole, "periods": [*periods, "latest"]})]
    if (of := _of_the_year_before(reading)) is not None:
        return [Call("changes", {**base, "periods": [str(of)], "against": "year_before"})]
    if "qoq" in reading.cues:
        return [Call("changes", {**base, "periods": periods or ["latest"], "against": "quarter_before"})]
    if "yoy" in reading.cues or single:
        return [Call("changes", {**base, "periods": periods or ["latest"], "against": "year_before"})]
    made = [Call("figures", {**base, "periods": periods or ["last3y", "latest"]})]
    if "turning" in reading.cues and not periods:
        # which way it goes now: the newest period beside the year before
        made.append(Call("changes", {**base, "periods": ["latest"], "against": "year_before"}))
    return made


def _of_the_year_before(reading: Reading) -> PeriodRequest | None:
    """ "First half, against last year": the year named is only where the same part of it lies."""
    parts = [p for p in reading.periods if p.kind in ("half", "quarter", "ytd", "month")]
    years = [p for p in reading.periods if p.kind == "year"]
    if len(parts) == len(years) == 1 and len(reading.periods) == 2 and years[0].year == parts[0].year - 1:
        return parts[0]
    return None


def why_names(reading: Reading) -> list[str]:
    """What is to be explained: the metrics named, those of a family named, else the profit."""
    return list(reading.metrics)[:2] or metric_names(reading)[:2] or ["net_profit"]


def _why(part: Part) -> list[Call]:
    reading = part.reading
    names = why_names(reading)
    single = [p for p in reading.periods if not p.is_series]
    series = [p for p in reading.periods if p.is_series]
    periods = [str(p) for p in single[:2]] or [str(p) for p in series[:1]]
    scope = _scope(reading)
    if scope.get("basis") == "ltm" and len(single) == 1 and single[0].kind == "year":
        # "lower over the last twelve months than in 2025": each on its own basis
        periods, scope = [*periods, "latest"], {k: v for k, v in scope.items() if k != "basis"}
    return [
        Call("drivers", {"borrower": id, "name": name, "periods": periods, **scope}) for id in who_of(part) for name in names
    ]


def _loans(part: Part) -> list[Call]:
    who = who_of(part)
    window: dict[str, Any] = window_of(part) if part.frame == "dues" else _past_day(part.reading)
    if part.frame == "arrears" and part.reading.cues & {"why", "late_why"}:
        plain = replace(part, reading=replace(part.reading, cues=part.reading.cues - {"why", "late_why"}))
        return [*_loans(plain), *(Call("visit_notes", {"borrower": id}) for id in who)]
    if part.loans and "origin" not in part.reading.cues:
        return [Call("loans", {"loan": id, **window}) for id in part.loans]
    if not who:
        return [Call("loans", {"loan": id, **window}) for id in part.reading.identifiers]
    return [Call("loans", {"borrower": id, **window}) for id in who]


def _past_day(reading: Reading) -> dict[str, str]:
    """A day in the past that a question about loans names: "4月底逾期多少天"."""
    for period in reading.periods:
        day = last_day(period)
        if day is not None and not period.is_series:
            return {"as_of": day.isoformat()}
    return {}


def last_day(period: PeriodRequest) -> date | None:
    """The last day of a plain calendar period; None for `latest` and series."""
    match period.kind:
        case "day":
            return period.day
        case "month":
            return month_end(date(period.year, period.number, 1))
        case "quarter" | "half" | "ytd":
            return month_end(date(period.year, period.number * {"quarter": 3, "half": 6, "ytd": 1}[period.kind], 1))
        case "year":
            return date(period.year, 12, 31)
        case _:
            return None


def first_day(period: PeriodRequest) -> date | None:
    """The first day of a plain calendar period; None for `latest` and series."""
    last = last_day(period)
    months = {"day": 0, "month": 1, "quarter": 3, "half": 6, "year": 12, "ytd": period.number}.get(period.kind)
    if last is None or months is None:
        return None
    return last if not months else add_months(date(last.year, last.month, 1), 1 - months)


def _covenants(part: Part) -> list[Call]:
    who = who_of(part)
    if not who:
        return [Call("covenants", {"covenant": id}) for id in part.reading.identifiers]
    calls = [Call("covenants", {"borrower": id}) for id in who]
    if part.reading.metrics and "covenant" not in part.reading.cues:
        # "Is the current ratio enough?": with no covenant on it, the ratio itself is still an answer.
        names = metric_names(part.reading)
        calls.append(
            Call(
                "figures",
                {"borrowers": who, "names": names, "periods": _periods(part.reading) or ["latest"], **_scope(part.reading)},
            )
        )
    if "certificate" in part.reading.cues:
        looked = [f"合规证明 compliance certificate {query_of(part.reading)}", *phrase_book("lexicon")["certificate_lines"]]
        calls += [Call("passages", {"query": query, "borrower": id, "limit": 20}) for id in who for query in looked]
    return calls


def _book(part: Part) -> list[Call]:
    table = BOOK_TABLES[part.frame]
    if table == "evidence" and (part.loans or not part.borrowers):
        loans = part.loans or part.reading.identifiers
        return [*(Call("usage", {"loan": id}) for id in loans), Call("book_rows", {"table": "evidence", "limit": 200})]
    window = part.reading.windows[0] if part.reading.windows and table in ("events", "bureau") else None
    months = _months(part.reading) if table == "operations" else []
    window = None if months else window
    uses = [Call("uses", {"borrower": id}) for id in who_of(part)] if table == "evidence" else []
    extra: dict[str, Any] = {"from_date": window[0].isoformat(), "to_date": window[1].isoformat()} if window else {}
    # the same months a year before stand beside them
    before = [f"{int(month[:4]) - 1}{month[4:]}" for month in months] if len(months) < 6 else []
    extra |= {"months": list(dict.fromkeys([*months, *before]))} if months else {}
    group = table == "relations" and "by_group" in part.reading.cues
    return uses + [
        call for id in who_of(part)
        for call in (*([Call("book_rows", {"table": "customers", "borrower": id})] if group else []),
                     *([Call("visit_notes", {"borrower": id})] if table == "accounts" else []),
                     Call("book_rows", {"table": table, "borrower": id, **extra}),
                     *([Call("guarantees", {"borrower": id})] if table == "guarantors" and "party_state" in part.reading.cues else []))
    ]  # fmt: skip


_YEAR_BEFORE = re.compile(
    r"同比|去年(同|的?同)|上年同|同期|\b(?:same month|year[- ]on[- ]year|yoy|a year (?:ago|before|earlier)|last year)\b",
    re.IGNORECASE,
)


def _months(reading: Reading) -> list[str]:
    """The months operating data are asked of, and beside a single one the same month a year before."""
    said = [period for period in reading.periods if period.kind == "month"]
    days = [period.day for period in reading.periods if period.kind == "day" and period.day]
    named = list(dict.fromkeys([*((p.year, p.number) for p in said), *((d.year, d.month) for d in days)]))
    if len(named) == 1 and _YEAR_BEFORE.search(reading.text):
        named.append((named[0][0] - 1, named[0][1]))
    return [f"{year}-{month:02d}" for year, month in named]


def _profile(part: Part) -> list[Call]:
    who = who_of(part)[:2]
    calls = [Call("book_rows", {"table": "customers", "borrower": id}) for id in who]
    calls.append(Call("figures", {"borrowers": who, "names": metric_names(part.reading, "profile"), "periods": ["latest"]}))
    calls += [Call("loans", {"borrower": id}) for id in who]
    calls += [Call("covenants", {"borrower": id}) for id in who]
    calls += [Call("documents", {"borrower": id}) for id in who]
    return calls


def _changes(part: Part) -> list[Call]:
    who = who_of(part)[:1]
    window = part.reading.windows[0] if part.reading.windows else None
    since = next((p for p in part.reading.periods if p.kind in ("since", "span", "last")), None)
    periods = [str(since)] if since else (_periods(part.reading) or ["latest"])
    names = metric_names(part.reading, "changes")
    calls: list[Call] = []
    if since:
        calls.append(Call("figures", {"borrowers": who, "names": names, "periods": periods}))
    calls.append(Call("changes", {"borrowers": who, "names": names, "periods": ["latest"], "against": "year_before"}))
    calls += [Call("loans", {"borrower": id}) for id in who]
    calls += [Call("covenants", {"borrower": id}) for id in who]
    span = {"from_date": window[0].isoformat(), "to_date": window[1].isoformat()} if window else {}
    calls += [Call("book_rows", {"table": "events", "borrower": id, **span}) for id in who]
    calls += [Call("documents", {"borrower": id}) for id in who]
    return calls


def query_of(reading: Reading) -> str:
    """What to look for in documents: the question without names, fillers and the words that only say where to look."""
    hidden = [*reading.names]
    for hit in reading.hits:
        cues = set(hit.ids("cue"))
        meaning = [entry for entry in hit.entries if entry.kind != "stop"]
        if not meaning or (cues and cues <= QUIET and all(entry.kind == "cue" for entry in meaning)):
            hidden.append((hit.start, hit.end))
    chars = [" " if any(a <= i < b for a, b in hidden) else c for i, c in enumerate(reading.text)]
    words = " ".join("".join(chars).split())
    return words.strip(" ?？。.,，!！:：'\"")


def kinds_of(reading: Reading) -> list[str]:
    """Which documents the question points to; none means all."""
    return [kind for cue, kind in KINDS.items() if cue in reading.cues]


def _passages(part: Part) -> list[Call]:
    reading = part.reading
    query = query_of(reading) or reading.text
    window = reading.windows[0] if reading.windows else None
    if topics := part.options.get("topics"):
        # A clause asked for of no borrower in particular: contracts of all that may be seen.
        named = " ".join(str(topic(id)[language]) for id in topics for language in ("zh", "en"))
        return [Call("passages", {"query": f"{query} {named}", "kinds": ["contract"], "limit": 20})]
    base: dict[str, Any] = {"query": query, "kinds": kinds_of(reading), **({"limit": 20} if part.borrowers else {})}
    if window:
        base |= {"from_date": window[0].isoformat(), "to_date": window[1].isoformat()}
    calls = [Call("passages", {**base, "borrower": id}) for id in who_of(part)] or [Call("passages", base)]
    if "waiver" in reading.cues:
        calls += [Call("covenants", {"borrower": id}) for id in who_of(part)]
    if not reading.cues & {"contract", "filing"}:
        span = {key: value for key, value in base.items() if key in ("from_date", "to_date")}
        calls += [Call("visit_notes", {"borrower": id, **span}) for id in who_of(part)]
    return calls


def _cross_check(part: Part) -> list[Call]:
    periods = _periods(part.reading) or ["latest"]
    return [
        call for id in who_of(part)
        for call in (Call("cross_check", {"borrower": id, "periods": periods}), Call("contradictions", {"borrower": id}))
    ]  # fmt: skip


def _restated(part: Part) -> list[Call]:
    reading = part.reading
    scope = {"scope": "parent"} if "parent_scope" in reading.cues else {}
    asked = {
        "names": list(reading.metrics)[:3] or list(phrase_book("lexicon")["family_show"]["restatable"]),
        "periods": _periods(reading) or ["last3y"],
        **scope,
    }
    return [
        call for id in who_of(part)
        for call in (Call("restatements", {"borrower": id, **asked}), Call("clauses", {"borrower": id, "topics": ["restatement"]}))
    ]  # fmt: skip


def _note_section(part: Part) -> list[Call]:
    window, many = window_of(part) or _day_of(part.reading), {"limit": 6} if "note_people" in part.reading.cues else {}
    return [
        call for id in who_of(part)
        for call in (*((Call("visit_notes", {"borrower": id, **window, **many}),) if window else ()), Call("visit_notes", {"borrower": id, **many}))
    ]  # fmt: skip


def _day_of(reading: Reading) -> dict[str, str]:
    """The day or month a note asked for may be of; a longer period is what the question is about."""
    for period in reading.periods:
        first, last = first_day(period), last_day(period)
        if period.kind in ("day", "month") and first and last:
            return {"from_date": first.isoformat(), "to_date": last.isoformat()}
    return {}


def _clauses(part: Part) -> list[Call]:
    reading = part.reading
    topics = list(topics_of(reading.text, "contract" in reading.cues))
    clause = clause_of(reading.text) if "contract" in reading.cues else None
    year = next((period.year for period in reading.periods if period.kind == "year"), None)
    asked: dict[str, Any] = {"topics": topics, **({"clause": clause} if clause else {}), **({"year": year} if year else {})}
    restricts = any(topic(id).get("act") for id in topics)
    return [
        call for id in who_of(part)
        for call in (
            Call("clauses", {"borrower": id, **asked}),
            Call("passages", {"query": query_of(reading) or reading.text, "kinds": ["contract"], "borrower": id, "limit": 20}),
            *((Call("covenants", {"borrower": id}),) if restricts else ()),
            *((Call("book_rows", {"table": "bureau", "borrower": id}),) if "cross_default" in topics else ()),
            *((Call("loans", {"borrower": id}),) if "balance" in reading.cues else ()),
        )
    ]  # fmt: skip


def _documents(part: Part) -> list[Call]:
    kinds = kinds_of(part.reading)
    kind = {"kind": kinds[0]} if len(kinds) == 1 else {}
    return [Call("documents", {"borrower": id, **kind}) for id in who_of(part)]


def _explain(part: Part) -> list[Call]:
    reading = part.reading
    days = [int(a.value) for a in reading.amounts if a.unit == "days" and a.value == a.value.to_integral_value()]
    # "over 90 days" begins with day 91; day 90 beside it shows where the border lies
    over = {
        int(limit.value) for limit in reading.limits if limit.operator == ">" and limit.value == limit.value.to_integral_value()
    }
    days = list(dict.fromkeys(n for day in days for n in ((day + 1, day) if day in over else (day,))))
    classes = (
        [Call("arrears_classes", {"days": days[:6]})]
        if days and not reading.metrics and reading.cues & {"arrears", "classification", "stage", "taught"}
        else []
    )
    if classes and "taught" not in reading.cues:
        return classes
    names = [*reading.metrics[:3], *reading.identifiers]
    calls = [Call("explain_rule", {"rule": name}) for name in names] or [
        Call("explain_rule", {"rule": query_of(reading) or reading.text, "asked": reading.text})
    ]
    calls = [*classes, *calls]
    if part.borrowers and reading.metrics:
        calls.append(
            Call(
                "figures",
                {
                    "borrowers": who_of(part),
                    "names": metric_names(reading, "value")[:4],
                    "periods": _periods(reading) or ["latest"],
                },
            )
        )
    return calls


def _market(part: Part) -> list[Call]:
    """Up to two days may be named: the one asked for, and the one it is compared with."""
    closing = re.search(r"年[底末初]|year[- ]end|end of|start of", part.reading.text, re.IGNORECASE)
    told = [
        p for p in part.reading.periods if not p.is_series and (p.kind != "year" or closing)
    ]  # "a year ago" is of the same month
    days = sorted((day for period in told if (day := last_day(period))), reverse=True)
    found: dict[str, str] = {"asked": part.reading.text}
    if len(days) > 1 or (
        days
        and re.search(r"比|涨|跌|than|since|against|versus|vs|from|compared|up|down|相比", part.reading.text, re.IGNORECASE)
    ):
        found |= {"against": days[-1].isoformat(), **({"day": days[0].isoformat()} if len(days) > 1 else {})}
    elif days:
        found["day"] = days[0].isoformat()
    elif part.reading.windows:
        found["against"] = part.reading.windows[0][0].isoformat()
    return [Call("market", found)]


QUIZ_DAYS = (7, 45, 89, 91, 120, 200, 271, 300, 350, 90, 30, 270)
"""Days past due a quiz may ask about: on either side of the borders the rules draw."""


def _quiz(part: Part) -> list[Call]:
    """A covenant that was tested, or days past due to be classified; which days, the words of the question decide."""
    if part.reading.cues & {"covenant", "headroom", "met", "breached"}:
        return [Call("covenants", {"borrower": id} if id else {}) for id in who_of(part)[:1] or [""]]
    return [Call("arrears_classes", {"days": [QUIZ_DAYS[sum(map(ord, part.reading.text)) % len(QUIZ_DAYS)]]})]


def order_of(reading: Reading, measure: str) -> str:
    """asc or desc for a ranking, from the words and from which side of the measure is the weak one."""
    worse_high = measure in phrase_book("lexicon")["higher_is_worse"]
    if "lowest" in reading.cues:
        return "asc"
    if "worst" in reading.cues:
        return "desc" if worse_high else "asc"
    if "best" in reading.cues:
        return "asc" if worse_high else "desc"
    if reading.limits and not reading.cues & {"highest"}:
        return "desc" if reading.limits[0].operator.startswith(">") else "asc"
    return "desc"


_FALLING = re.compile(
    r"下降|下滑|下跌|减少|跌|萎缩|缩水|降|\b(?:fall|fell|drop|decline|decrease|shrank|shrunk|shrink|down|lower)", re.IGNORECASE
)
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "=="}


def _currency(reading: Reading) -> dict[str, str]:
    """The currency an amount is wanted in: the last one named."""
    book: Mapping[str, str] = phrase_book("lexicon")["currencies"]
    places = {
        code: max((m.start() for m in re.finditer(said, reading.text, re.IGNORECASE)), default=-1)
        for code, said in book.items()
    }
    last = max(places, key=lambda code: places[code])
    return {"currency": last} if places[last] >= 0 else {}


def _one_currency(reading: Reading) -> bool:
    """One currency is named and nothing is to be told apart by currency."""
    named = [
        code for code, said in phrase_book("lexicon")["currencies"].items() if re.search(said, reading.text, re.IGNORECASE)
    ]
    return len(named) == 1 and not re.search(
        r"单列|分列|分开|分别|分币种|各币种|\b(separately|by currency|each currency)\b", reading.text, re.IGNORECASE
    )


def _rank(part: Part) -> list[Call]:
    reading = part.reading
    measures = list(dict.fromkeys([*reading.metrics, *reading.measures]))
    grown = {base: growth for growth, base in phrase_book("lexicon")["growth_of"].items()}
    shares = bool(reading.limits) and all(limit.unit == "percent" for limit in reading.limits)
    moving = bool(reading.cues & {"change", "yoy"} and any(m in grown for m in measures) and (shares or not reading.limits))
    falling = _FALLING.search(reading.text)
    if moving:
        measures = [grown.get(m, m) for m in measures]
    measure = measures[0]
    where = [
        {"measure": measures[min(i, len(measures) - 1)], "operator": limit.operator, "value": str(limit.value)}
        for i, limit in enumerate(reading.limits)
    ]  # fmt: skip
    if moving and falling and where:
        # "fell more than 10 %": a growth below -10 %
        where = [{**one, "operator": _TURNED[one["operator"]], "value": f"-{one['value']}"} for one in where]
    if not where and "negative" in reading.cues:
        where = [{"measure": measure, "operator": "<", "value": "0"}]
    if not where and moving and not reading.cues & {"highest", "lowest", "rank", "best", "worst", "average"}:
        where = [{"measure": measure, "operator": "<" if falling else ">", "value": "0"}]
    superlative = reading.cues & {"highest", "lowest", "best", "worst"}
    limit = reading.top or (1 if superlative and not where and _one(reading) else 20 if not where else 50)
    order = ("asc" if falling else "desc") if moving and measure in grown.values() else order_of(reading, measure)
    arguments = {"measure": measure, "order": order, "limit": limit, "where": where,
                 "periods": _periods(reading) or ["latest"]}  # fmt: skip
    if ids := part.options.get("ids"):
        arguments |= {"ids": list(ids), "limit": reading.top or 50}
    if "average" in reading.cues:
        arguments["average"] = True
    if "only_currency" in reading.cues and _one_currency(reading) and (wanted := _currency(reading)):
        arguments |= {"only": wanted["currency"], **wanted}
    return [Call("rank_borrowers", arguments)]


_OVERDUE = re.compile(r"逾期|拖欠|到期未还|\b(overdue|past due|arrears)\b", re.IGNORECASE)
_YEAR_START = re.compile(r"年初|\b(start|beginning) of the year\b", re.IGNORECASE)


def _summed(part: Part) -> list[Call]:
    """One amount of the borrowers named, added up: what they owe, what of it is overdue, or a line of their statements."""
    reading = part.reading
    measure = next(iter(reading.metrics), "") or ("overdue_total" if _OVERDUE.search(reading.text) else "balance")
    asked = {"measure": measure, "ids": who_of(part), "limit": 50}
    return [
        Call("rank_borrowers", {**asked, **({"periods": _periods(reading)} if _periods(reading) else {}), **_currency(reading)})
    ]


def _book_share(part: Part) -> list[Call]:
    """What part of the whole book, or of a branch's, is one borrower's; of one currency when one is named."""
    wanted = _currency(part.reading)
    only = {"only": wanted["currency"], **wanted} if wanted else {}
    return (
        [Call("rank_borrowers", {"measure": "balance", "limit": 1, "share": who_of(part)[:8], **only})]
        if part.borrowers
        else []
    )


def _one(reading: Reading) -> bool:
    """The question asks for the one at the top rather than for a list."""
    return "rank" not in reading.cues and not any(
        word in reading.text for word in ("哪些", "哪几", "几家", "borrowers", "customers", "companies", "those")
    )


def _portfolio_maturity(part: Part) -> list[Call]:
    kind = "maturity" if "maturity" in part.reading.cues else "dues"
    return [Call("portfolio_loans", {"view": kind, **window_of(part)})]


def _portfolio_arrears(part: Part) -> list[Call]:
    limits = [limit for limit in part.reading.limits if limit.unit in ("days", "bare")]
    extra = (
        {"min_dpd": int(limits[0].value) + (1 if limits[0].operator == ">" else 0)}
        if limits and limits[0].operator.startswith(">")
        else {}
    )
    return [Call("portfolio_loans", {"view": "arrears", **extra})]


def _names(part: Part) -> list[Call]:
    """The names too when the question asks who, not only how many; of a part of the book each with what it owes."""
    if "within" in part.options:
        return [Call("rank_borrowers", {"measure": "balance", "limit": 20}), Call("list_borrowers", {"limit": 20})]
    return [] if "how_many" in part.reading.cues or "total" in part.reading.cues else [Call("list_borrowers", {"limit": 20})]


_RECIPES: Mapping[str, Recipe] = {
    "value": _value, "key_figures": _value, "compare": _value, "change": _change, "why": _why,
    "loans": _loans, "loan_facts": _loans, "arrears": _loans, "dues": _loans, "classification": _loans, "covenants": _covenants,
    "collateral": _book, "guarantors": _book, "events": _book, "bureau": _book, "operations": _book,
    "mitigants": _book, "accounts": _book, "evidence": _book, "relations": _book, "profile": _profile, "changes": _changes,
    "passages": _passages, "clauses": _clauses, "restated": _restated, "cross_check": _cross_check, "note_section": _note_section, "documents": _documents, "receipt": lambda part: [Call("deliveries", {"borrower": id}) for id in who_of(part)], "explain": _explain,
    "worth": lambda part: [Call("rank_borrowers", {"measure": "balance", "ids": who_of(part), "limit": 10, **({"loans": list(part.loans)} if part.loans else {}), **_currency(part.reading)})],
    "book_share": _book_share, "summed": _summed, "portfolio_rank": _rank, "portfolio_maturity": _portfolio_maturity, "portfolio_arrears": _portfolio_arrears,
    "portfolio_covenants": lambda part: [Call("covenants", {})],
    "portfolio_classification": lambda part: [Call("portfolio_loans", {"view": "classification"})],
    "portfolio_bureau": lambda part: [Call("book_rows", {"table": "bureau", "limit": 200})],
    "portfolio_events": lambda part: [Call("book_rows", {"table": "events", **window_of(part)})],
    "portfolio_list": lambda part: [Call("portfolio_loans", {"view": "summary"}), *_names(part)],
    "market": _market,
    "officer": lambda part: [Call("book_rows", {"table": "customers", "borrower": id}) for id in who_of(part)],
    "ratings": lambda part: [Call("book_rows", {"table": "customers", "borrower": id}) for id in who_of(part)] or [Call("book_rows", {"table": "customers", "limit": 200})],
    "quiz": _quiz,
    "certificate": lambda part: [call for id in who_of(part) for call in (Call("certificates", {"borrower": id}), Call("contradictions", {"borrower": id}))],
    "mention": lambda part: [Call("mentions", {"name": part.options["said"]})],
    "clarify": lambda part: [Call("list_borrowers", {"ids": list(part.options.get("choices", ()))})],
    "ask_borrower": lambda part: [Call("list_borrowers", {"limit": 6})],
}  # fmt: skip


def latest() -> PeriodRequest:
    """The period used when none is said."""
    return PeriodRequest("latest")
