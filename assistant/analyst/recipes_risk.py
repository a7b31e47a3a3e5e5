"""Calls for questions about warnings, use of funds, what-ifs, ties, summaries, letters, visits, the trail and proposals."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from assistant.analyst.plans import Call, Part
from assistant.analyst.reading import Reading
from assistant.analyst.shocks import shocks_of
from prompts.library import phrase_book

Recipe = Callable[[Part], list[Call]]
COLOURS = ("red", "orange", "yellow")
CLASSES = ("normal", "special_mention", "substandard", "doubtful", "loss")
SIGNAL = re.compile(r"^[A-Z]{3}-\d{2}$")
ALERT = re.compile(r"A-[0-9a-f]{10}")
LETTERS = ("information_request", "reminder", "covenant_notice")
ACTS = {
    "confirm": ("confirm", "approve"), "ingest": ("ingest",), "answer": ("answer",), "alert": ("alert",), "brief": ("brief",), "login": ("login",),
    "propose": ("propose",), "import": ("import",),
}  # fmt: skip
ACT_WORDS = {
    "confirm": ("确认", "审批", "批准", "豁免", "confirm", "approv", "waive"), "ingest": ("上传", "入库", "upload", "ingest", "received"),
    "answer": ("问过", "查过", "提问", "问答", "asked", "answer", "question", "looked"), "alert": ("预警", "alert"), "brief": ("简报", "brief"),
    "login": ("登录", "logged in"), "propose": ("提案", "提出", "propos"), "import": ("导入", "import"),
}  # fmt: skip


def who_of(part: Part) -> list[str]:
    """Ids of the borrowers a part is about."""
    return [heard.id for heard in part.borrowers]


def window_of(part: Part) -> dict[str, str]:
    """The span of days a question names, as arguments of a call."""
    window = part.reading.windows[0] if part.reading.windows else None
    return {"from_date": window[0].isoformat(), "to_date": window[1].isoformat()} if window else {}


YEAR_MONTHS = 12


def _ages(part: Part) -> dict[str, str | int]:
    """Insurance that ends in the stretch asked for; valuations older than so many months."""
    cues, reading = part.reading.cues, part.reading
    found: dict[str, str | int] = {}
    if "insurance" in cues and reading.windows:
        found |= {"insurance_from": reading.windows[0][0].isoformat(), "insurance_to": reading.windows[0][1].isoformat()}
    if "valuation_age" in cues and not part.borrowers:
        months = [
            int(said.value * (YEAR_MONTHS if said.unit == "years" else 1))
            for said in reading.amounts
            if said.unit in ("months", "years")
        ]
        found["older_than_months"] = months[0] if months and months[0] > 0 else YEAR_MONTHS
    return found


def _stretch(part: Part) -> dict[str, str]:
    """The days asked about: a stretch, or a calendar period."""
    from assistant.analyst.recipes import first_day, last_day

    if window := window_of(part):
        return window
    for period in part.reading.periods:
        first, last = first_day(period), last_day(period)
        if first and last and not period.is_series:
            return {"from_date": first.isoformat(), "to_date": last.isoformat()}
    return {}


def _colour(part: Part) -> dict[str, str]:
    named = [colour for colour in COLOURS if colour in part.reading.cues]
    return {"severity": named[0]} if len(named) == 1 and "why" not in part.reading.cues else {}


def _alerts(part: Part) -> list[Call]:
    signals = [id for id in part.reading.identifiers if SIGNAL.match(id)]
    if signals:
        return [Call("signals", {"borrower": id, "signal": signal}) for id in who_of(part) for signal in signals[:3]]
    calls = [Call("alerts", {"borrower": id, **_colour(part)}) for id in who_of(part)]
    return calls + [Call("signals", {"borrower": id}) for id in who_of(part)]


def _use(part: Part) -> list[Call]:
    loans = part.loans or (() if part.borrowers else part.reading.identifiers)
    return [Call("usage", {"loan": id}) for id in loans] or [Call("uses", {"borrower": id}) for id in who_of(part)]


def _stress(part: Part) -> list[Call]:
    shock = shocks_of(part.reading)
    if not shock:
        return [Call("stress", {"borrower": id}) for id in who_of(part)]
    return [Call("what_if", {"borrower": id, **shock, **_start(part.reading)}) for id in who_of(part)]


def _start(reading: Reading) -> dict[str, str]:
    """The year a supposition starts from, when one is named."""
    named = [str(period) for period in reading.periods if not period.is_series and period.kind != "latest"]
    return {"period": named[0]} if named else {}


def driver_of(reading: Reading) -> str:
    """What may fall in a question of how far it may fall."""
    table: dict[str, str] = phrase_book("lexicon")["break_even_of"]
    return next((table[metric] for metric in reading.metrics if metric in table), "ebitda_fall")


_AHEAD = re.compile(
    r"(?<![\d去上])年[底末](?!的?数)|按(现在|目前|当前)|(?<!\d )(?<!last )\b(by|at|for) (the )?(coming |next )?year[- ]end\b|\btoday'?s?\b|\bas (it|things) stands?\b",
    re.IGNORECASE,
)
"""A goal still to come starts from the newest figures."""


def _from(reading: Reading, aimed: bool) -> dict[str, str]:
    """The figures a goal starts from: those of the period named, or the newest; a limit's own last test when nothing is said."""
    if _AHEAD.search(reading.text):
        return {} if aimed else {"period": "latest"}
    return _start(reading)


def _reach(part: Part) -> list[Call]:
    """The ratios named (a plain word for one stands for its variants), and the value to reach; the limits in force when none is named."""
    reading, book = part.reading, phrase_book("lexicon")
    ratios = {metric for family in book["families"].values() for metric in family}
    named = [metric for metric in reading.metrics if metric in ratios]
    moved = [metric for metric in reading.metrics if metric in book["moves"]]
    exactly = any(
        hit.ids("metric") and re.search("ebit|net|净", hit.text, re.IGNORECASE)
        for hit in reading.hits
        if set(hit.ids("metric")) & ratios
    )
    metrics = list(dict.fromkeys(m for name in named for m in ([name] if exactly else book["variants"].get(name, [name]))))
    # "EBITDA ... before interest cover goes under 3.5": of a word's variants the ones that amount moves
    metrics = [m for m in metrics if any(m in book["moves"][one] for one in moved)] or metrics
    target = next(
        (a for a in reading.amounts if a.unit in ("x", "percent") or (a.unit == "bare" and (reading.limits or a.value < 20))),
        None,
    )
    if moved and not named:
        # "what EBITDA is needed for 4.5x with today's debt?": the ratio made of what was named
        named = [r for r in book["moves"][moved[0]] if all(r in book["moves"][one] for one in moved)] or book["moves"][moved[0]]
        metrics = list(named)
    wanted: dict[str, object] = {"metrics": metrics, **_from(reading, target is not None)}
    if target is not None and named:
        known = "break_even" not in reading.cues and bool(reading.limits)
        operator = reading.limits[0].operator if known and reading.limits[0].value == target.value else None
        wanted |= {
            "metrics": metrics,
            "target": str(target.value),
            **({"operator": operator} if operator in (">", ">=", "<", "<=") else {}),
        }
    calls: list[Call] = []
    for id in who_of(part):
        if reading.cues & {"break_even", "amount_needed"} or named:
            calls.append(Call("reach", {"borrower": id, **wanted}))
        if "break_even" in reading.cues:
            calls.append(Call("stress", {"borrower": id, "scenarios": ["base"]}))
        calls.append(Call("covenants", {"borrower": id}))
    return calls


def _concentration(part: Part) -> list[Call]:
    by = next((name for name in ("industry", "branch", "product", "group") if f"by_{name}" in part.reading.cues), "borrower")
    return [Call("portfolio_view", {"view": "concentration", "by": by})]


def _risks(part: Part) -> list[Call]:
    families = phrase_book("lexicon")["family_show"]
    names = list(families["solvency"])
    calls: list[Call] = []
    for id in who_of(part)[:1]:
        calls += [
            Call("alerts", {"borrower": id}), Call("changes", {"borrowers": [id], "names": names, "periods": ["latest"], "against": "year_before"}),
            Call("loans", {"borrower": id}), Call("covenants", {"borrower": id}), Call("documents", {"borrower": id}),
            Call("contradictions", {"borrower": id}), Call("exposure", {"borrower": id}),
        ]  # fmt: skip
    return calls


def _visit(part: Part) -> list[Call]:
    return [
        call for id in who_of(part)[:1]
        for call in (Call("alerts", {"borrower": id}), Call("contradictions", {"borrower": id}), Call("documents", {"borrower": id}),
                     Call("visit_notes", {"borrower": id, "limit": 1}), Call("covenants", {"borrower": id}),
                     Call("book_rows", {"table": "collateral", "borrower": id}))
    ]  # fmt: skip


def _letter(part: Part) -> list[Call]:
    kind = str(part.options.get("letter") or next((k for k in LETTERS if k in part.reading.cues), LETTERS[0]))
    tools = {
        "information_request": ("documents", "covenants", "alerts", "visit_notes", "uses"),
        "reminder": ("loans",),
        "covenant_notice": ("covenants",),
    }[kind]
    if "reminder" in part.reading.cues:
        tools = tuple(dict.fromkeys((*tools, "loans")))
    calls = [Call(tool, {"borrower": id}) for id in who_of(part)[:1] for tool in tools]
    insured = (
        [Call("book_rows", {"table": "collateral", "borrower": id}) for id in who_of(part)[:1]] if kind == LETTERS[0] else []
    )
    return [*calls, *insured]


def _trail(part: Part) -> list[Call]:
    text = part.reading.text.lower()
    if "asked_of" in part.reading.cues and "by_self" not in part.reading.cues:
        asked = {"acts": ["answer"], **_days(text), **window_of(part)}
        return [Call("trail_records", {"borrower": id, **asked}) for id in who_of(part)[:2]] or [Call("trail_records", asked)]
    if "asked_by" in part.reading.cues:
        return [Call("trail_records", {**_asker(part), **_days(text), "acts": ["answer"], **window_of(part)})]
    acts = [act for key, words in ACT_WORDS.items() if any(word in text for word in words) for act in ACTS[key]]
    base = {"acts": list(dict.fromkeys(acts)), **window_of(part)}
    return [Call("trail_records", {"borrower": id, **base}) for id in who_of(part)[:2]] or [Call("trail_records", base)]


DAYS = {"today": ("今天", "今日", "today"), "yesterday": ("昨天", "昨日", "yesterday"), "week": ("本周", "这周", "this week")}


def _asker(part: Part) -> dict[str, Any]:
    """Whose questions: the asker's own, or a member of staff's, whom the tool finds in the words."""
    who = {"borrower": part.borrowers[0].id} if part.borrowers else {}
    return {**who, "by": "self" if "by_self" in part.reading.cues else part.reading.text}


def _days(text: str) -> dict[str, str]:
    """Days of the trail count from the clock, not from the book's date."""
    named = next((day for day, words in DAYS.items() if any(word in text for word in words)), None)
    if named is None:
        return {}
    return {"from_date": named} if named == "week" else {"from_date": named, "to_date": named}


def _pending(part: Part) -> list[Call]:
    return [Call("pending", {"borrower": id}) for id in who_of(part)] or [Call("pending", {})]


def _propose(part: Part) -> list[Call]:
    """One proposal, only when its object is plain."""
    reading, who = part.reading, who_of(part)
    ids = list(reading.identifiers)
    if "act_classification" in reading.cues:
        wanted = next((c for c in reversed(CLASSES) if f"prop_{c}" in reading.cues), None)
        loans = part.loans or [id for id in ids if re.match(r"^L", id)]
        if wanted and len(loans) == 1:
            return [Call("propose", {"kind": "classification", "proposed": wanted, "object": loans[0]})]
    elif "act_alert" in reading.cues:
        alert = ALERT.search(reading.text)
        return [Call("propose", {"kind": "alert", "proposed": "close", "object": alert.group()})] if alert else []
    elif "act_covenant" in reading.cues:
        lowered = reading.text.lower()
        wanted = "waive" if re.search(r"豁免|waive", lowered) else "reset" if re.search(r"重设|reset", lowered) else "confirm"
        covenants = [id for id in ids if not re.match(r"^[LA]\d", id)]
        if len(covenants) == 1:
            return [Call("propose", {"kind": "covenant", "proposed": wanted, "object": covenants[0]})]
    elif "act_letter" in reading.cues and len(who) == 1:
        kind = next((k for k in LETTERS if k in reading.cues), "information_request")
        return [Call("propose", {"kind": "letter", "proposed": kind, "borrower": who[0]})]
    return []


RISK_RECIPES: Mapping[str, Recipe] = {
    "alerts": _alerts, "use": _use, "stress": _stress, "concentration": _concentration, "risks": _risks, "brief": _risks, "visit": _visit,
    "reach": _reach, "letter": _letter, "trail": _trail, "integrity": lambda part: [Call("trail_integrity", {})], "pending": _pending, "propose": _propose,
    "portfolio_alerts": lambda part: [Call("alerts", {"limit": 60, **_colour(part)})],
    "portfolio_circles": lambda part: [Call("guarantee_circles", {})],
    "portfolio_securities": lambda part: [Call("collateral_ages", _ages(part))],
    "securities": lambda part: [Call("collateral_ages", {"borrower": id, **_ages(part)}) for id in who_of(part)]
    + [Call("book_rows", {"table": "mitigants", "borrower": id}) for id in who_of(part) if "insurance" in part.reading.cues],
    "portfolio_origins": lambda part: [Call("portfolio_loans", {"view": "origins"})],
    "portfolio_received": lambda part: [Call("documents", {"limit": 200, **_stretch(part)}), Call("list_borrowers", {"limit": 500})],
    "repayments": lambda part: [Call("repayments", {"loan": id, **_stretch(part)}) for id in part.loans]
    or [Call("repayments", {"borrower": id, **_stretch(part)}) for id in who_of(part)],
    "circle": lambda part: [Call("guarantees", {"borrower": id}) for id in who_of(part)],
    "group_total": lambda part: [
        call for id in who_of(part)[:1]
        for call in (Call("guarantees", {"borrower": id}), Call("book_rows", {"table": "customers", "borrower": id}),
                     Call("portfolio_view", {"view": "concentration", "by": "group"}))
    ],
    "given": lambda part: [Call("guarantees", {"borrower": id}) for id in who_of(part)],
    "exposure": lambda part: [Call("exposure", {"borrower": id}) for id in who_of(part)]
    + [Call("collateral_ages", {"borrower": id}) for id in who_of(part)],
    "contradictions": lambda part: [
        call for id in who_of(part) for call in (Call("contradictions", {"borrower": id}), Call("visit_notes", {"borrower": id, "limit": 1}))
    ],
    "standing": lambda part: [Call("standing", {"borrower": id, "name": name}) for id in who_of(part) for name in part.reading.metrics[:2] or ("debt_to_assets", "net_margin")],
    "portfolio_documents": lambda part: [
        Call("documents", {"limit": 200}), Call("list_borrowers", {"limit": 500}), *([Call("deliveries", {})] if "came_late" in part.reading.cues else []),
    ],
}  # fmt: skip
