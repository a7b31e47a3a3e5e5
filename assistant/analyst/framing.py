"""Which kind of question it is: the frames of prompts/frames.yaml scored against what the reading found. No chain of ifs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from assistant.analyst.clausewords import clause_of, topics_of
from assistant.analyst.loanwords import several_facts
from assistant.analyst.marketwords import market_asked
from assistant.analyst.reading import Reading
from assistant.analyst.shocks import FALLS, shocks_of
from prompts.library import phrase_book

SIGNAL_ID = re.compile(r"^[A-Z]{3}-\d{2}$")
RULE_ID = re.compile(r"^[A-Z]{2,4}-(?:\d+-\d+|\d-[A-Z]+|\d+-\d+-[A-Z]+|STAGE-\d)$", re.IGNORECASE)
SUPERLATIVES = frozenset({"highest", "lowest", "best", "worst", "rank"})
OVER_MANY = SUPERLATIVES | {"which", "how_many", "total", "average"}
OF_ONE = frozenset({"why", "rule", "stress", "stress_test", "cure", "break_even", "classification", "notes", "contract", "met"})
"""With one of these a figure and a limit are about one borrower, or about a rule."""
ABOUT = frozenset(
    {
        "alerts",
        "red",
        "orange",
        "yellow",
        "arrears",
        "covenant",
        "breached",
        "maturity",
        "classification",
        "stage",
        "events",
        "loan",
        "dues",
        "collateral",
        "insurance",
        "valuation_age",
        "origin",
        "received_docs",
    }
)


@cache
def _frames() -> tuple[Mapping[str, Any], ...]:
    return tuple(phrase_book("frames")["frames"])


@cache
def needing_borrower() -> frozenset[str]:
    """Frames that are about one borrower."""
    return frozenset(phrase_book("frames")["needs_borrower"])


@cache
def inheritable() -> frozenset[str]:
    """Frames a follow-up may take over."""
    return frozenset(phrase_book("frames")["inherits"])


@cache
def widened(frame: str) -> str:
    """The frame over all borrowers for one about a single borrower; empty when there is none."""
    return str(phrase_book("frames")["widens"].get(frame, ""))


def features(reading: Reading, named: int, has_focus: bool, focuses: int = 0) -> frozenset[str]:
    """Cues and everything else a frame may ask for. `named`: borrowers the question names; `focuses`: those the thread speaks of."""
    found = set(reading.cues)
    flags = {
        "metric": bool(reading.metrics), "family": bool(reading.families), "measure": bool(reading.measures),
        "period": bool(reading.periods), "window": bool(reading.windows), "borrower": named > 0, "borrowers": named > 1,
        "threshold": bool(reading.limits), "threshold_or_percent": bool(reading.limits or reading.percents),
        "id": bool(reading.identifiers), "topic": bool(reading.topic), "top": reading.top is not None, "focus": has_focus,
        "shock": bool(shocks_of(reading)), "target": bool(reading.limits) or any(a.unit in ("x", "percent") or (a.unit == "bare" and a.value < 20) for a in reading.amounts), "signal_id": any(SIGNAL_ID.match(id) for id in reading.identifiers),
        "rule_id": any(RULE_ID.match(id) for id in reading.identifiers),
        "series": any(p.is_series for p in reading.periods) or len(reading.periods) > 1,
    }  # fmt: skip
    flags["share_of"] = bool(reading.share_of)
    flags["moved"] = any(metric in phrase_book("lexicon")["moves"] for metric in reading.metrics)
    flags["supposed"] = flags["shock"] and supposes(reading)
    flags["loan_facts"] = several_facts(reading.text)
    flags["market"] = market_asked(reading.text)
    flags["fx_pair"] = re.search(r"\b(?:usd|eur|hkd|jpy|gbp) ?[-/]? ?cny\b|中间价", reading.text, re.IGNORECASE) is not None
    if topics_of(reading.text, "contract" in reading.cues) or ("contract" in reading.cues and clause_of(reading.text)):
        flags["clause"] = True
    found |= {flag for flag, present in flags.items() if present}
    if focuses > 1:
        found.add("focuses")
    if over_many(reading, named, has_focus):
        found.add("portfolio_scope")
    return frozenset(found)


_TOLD = re.compile(
    r"(?:降|跌|掉|减少|下滑|涨|升|增长|增加)了\s*$|\b(?:fell|dropped|rose|grew|declined|increased|decreased)\b[^?]{0,12}$",
    re.IGNORECASE,
)


_SUPPOSED = re.compile(
    r"\b(falls?|drops?|declines?|decreases?|halves|rises?|goes (up|down))\b[^?]*\b(then|still|would|will)\b|[降跌减涨升少][^?]*(那时|到时|还能|还够|会是|变成)",
    re.IGNORECASE,
)
"""Told as something that may come, from whichever year on."""


def supposes(reading: Reading) -> bool:
    """A shock is only supposed when another figure is asked for beside what is shocked, and neither a period nor the past is told of."""
    shocked = shocks_of(reading)
    others = [metric for metric in reading.metrics if FALLS.get(metric) not in shocked]
    told = any(_TOLD.search(reading.text[: amount.start]) for amount in reading.amounts)
    plain = all(period.kind == "latest" for period in reading.periods)
    return bool(others) and not told and (plain or _SUPPOSED.search(reading.text) is not None)


def over_many(reading: Reading, named: int, has_focus: bool) -> bool:
    """Whether the question is about all the caller's borrowers rather than about one."""
    if named or reading.identifiers or ("pronoun" in reading.cues and (has_focus or "portfolio" not in reading.cues)):
        return False
    if "portfolio" in reading.cues:
        return True
    if "explain" in reading.cues:
        return False
    if not has_focus and reading.windows and reading.cues & {"maturity", "dues", "insurance"} and not reading.metrics:
        return True
    if not has_focus and reading.metrics and reading.limits and not reading.cues & OF_ONE:
        return True  # "leverage above 5x?": whose is it
    subject = bool(reading.metrics or reading.measures or reading.cues & ABOUT)
    if reading.cues & SUPERLATIVES and "which" in reading.cues and subject:
        return True
    return not has_focus and subject and bool(reading.cues & OVER_MANY or reading.top)


def choose(found: frozenset[str]) -> tuple[str, int]:
    """The frame with the highest score and that score."""
    best, top = "unknown", 0
    for frame in _frames():
        if not _fits(frame, found):
            continue
        score = int(frame["score"]) + _weights(frame.get("plus"), found) - _weights(frame.get("minus"), found)
        if score > top:
            best, top = str(frame["id"]), score
    return best, top


def _fits(frame: Mapping[str, Any], found: frozenset[str]) -> bool:
    wanted: Sequence[str] = frame.get("any", ())
    return (
        (not wanted or any(cue in found for cue in wanted))
        and all(cue in found for cue in frame.get("all", ()))
        and not any(cue in found for cue in frame.get("none", ()))
    )


def _weights(table: Mapping[str, int] | None, found: frozenset[str]) -> int:
    return sum(weight for cue, weight in (table or {}).items() if cue in found)
