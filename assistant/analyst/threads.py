"""What a short question takes from the talk before it: the other language, one of a list just shown, the period before.

Pure, and its words are data (prompts/threads.yaml). What only the answer knows, such as the order of a list, is put into the
conversation once the answer is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from assistant.analyst.conversation import Conversation
from assistant.analyst.courtesies import without_courtesies
from assistant.analyst.plans import Plan
from assistant.analyst.recipes import last_day
from assistant.analyst.words import normalise
from prompts.library import phrase_book
from tools.domain.periods import add_months, month_end
from tools.toolbox.artifacts import Artifact
from tools.toolbox.figures import answers_in, end_of
from tools.toolbox.periods import PeriodRequest

LANGUAGES = ("zh", "en")
PLACES = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "七": 6, "八": 7, "九": 8, "十": 9,
          "first": 0, "top": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "sixth": 5}  # fmt: skip
LISTED = 12
"""How many of a list a thread remembers."""
TELLING = frozenset({"value", "change", "compare", "key_figures", "why"})
"""Frames whose newest period is the one a thread then stands on."""
PARTIES = frozenset({"guarantors", "given"})
"""Frames that tell of another firm, of which the next question may be."""
STEP = {"year": 12, "half": 6, "quarter": 3}


@dataclass(frozen=True, slots=True)
class Restated:
    """The question to plan and the state to plan it on: the question itself, or the last one again in another language."""

    text: str
    state: Conversation
    language: str | None
    brief: bool = False


def restated(question: str, state: Conversation) -> Restated:
    """What is asked. "In Chinese, please" asks the last question again, as it stood then."""
    text = without_courtesies(normalise(question))
    language = wanted_language(text)
    if language and state.asked and _nothing_else(text):
        return Restated(state.asked, Conversation.from_json(state.before), language)
    if state.asked and any(pattern.search(text) for pattern in _compiled("shorter")):
        return Restated(state.asked, Conversation.from_json(state.before), language or state.language or None, brief=True)
    return Restated(text, state, language)


def wanted_language(text: str) -> str | None:
    """The language an answer is asked for in; None when nothing is said of it."""
    for language in LANGUAGES:
        if _into(language).search(text) or (_named(language).search(text) and _nothing_else(text)):
            return language
    return None


def place_words(text: str) -> str:
    """The words that name a place in a list, or the other one of two."""
    found = (pattern.search(text) for pattern in (*_compiled("ordinals"), *_compiled("other_one")))
    return next((match.group() for match in found if match), "")


def place_in_list(text: str) -> int | None:
    """The place of "the second one", "第三家", "最后一个" (-1); None when no place is named."""
    for pattern in _compiled("ordinals"):
        match = pattern.search(text)
        if match is None:
            continue
        found = match.groupdict()
        if found.get("last"):
            return -1
        if found.get("head"):
            return 0
        said = found["n"].lower()
        return int(said) - 1 if said.isdigit() else PLACES[said]
    return None


def other_of(text: str, memory: Conversation) -> str | None:
    """The one of two just spoken of that is not spoken of now: "另外那家呢", "and the other one?"."""
    left = [id for id in memory.listed if id not in memory.focus]
    asked = any(pattern.search(text) for pattern in _compiled("other_one"))
    return left[0] if asked and len(memory.listed) == 2 and len(left) == 1 else None


def party_of(text: str, memory: Conversation) -> str | None:
    """The other side of the guarantee just told of: "那家自己行不行?", "and that firm?"."""
    left = [id for id in memory.listed if id not in memory.focus]
    asked = memory.frame in PARTIES and any(pattern.search(text) for pattern in _compiled("that_party"))
    return left[0] if asked and len(left) == 1 else None


def another_loan(text: str) -> bool:
    """Another of the borrower's loans than the one just spoken of."""
    return any(pattern.search(text) for pattern in _compiled("other_loan"))


def same_periods(text: str, memory: Conversation) -> tuple[PeriodRequest, ...]:
    """The periods a thread has gone through, when a question asks for the same ones."""
    return memory.spoken if any(pattern.search(text) for pattern in _compiled("same_periods")) else ()


def stepped(text: str, memory: Conversation) -> PeriodRequest | None:
    """The period before the one just spoken of, when the question asks for it."""
    days = [day for period in memory.periods if not period.is_series and (day := last_day(period))]
    anchor = days[-1] if days else memory.answered
    if anchor is None:
        return None
    grain = next((grain for grain in STEP if any(p.search(text) for p in _compiled("steps", grain))), None)
    if grain is None:
        return None
    earlier = month_end(add_months(anchor.replace(day=1), -STEP[grain]))
    match grain:
        case "quarter":
            return PeriodRequest("quarter", earlier.year, (earlier.month + 2) // 3)
        case "half":
            return PeriodRequest("half", earlier.year, (earlier.month + 5) // 6)
        case _:
            told = memory.periods[-1] if days else None
            if told is not None and told.kind in ("half", "quarter", "ytd", "month"):
                return replace(told, year=told.year - 1)
            return PeriodRequest("year", earlier.year)


def after_answer(plan: Plan, text: str, artifacts: Iterable[Artifact | None]) -> Conversation:
    """The plan's memory with what the answer showed: borrowers in their order, whom a loan belongs to, and the newest period."""
    found = [artifact for artifact in artifacts if artifact is not None]
    shown = _shown(text, found)
    told = plan.then.frame in TELLING
    then = replace(plan.then, answered=_newest(found) if told else plan.then.answered)
    if plan.then.frame in PARTIES and len(plan.then.focus) == 1:
        others = [id for id in shown if id not in plan.then.focus]
        return replace(then, listed=(*plan.then.focus, *others)) if len(others) == 1 else then
    if any(part.borrowers for part in plan.parts):
        return then
    if plan.then.identifiers and len(shown) == 1:
        return replace(then, focus=tuple(shown), listed=())
    return replace(then, listed=tuple(shown[:LISTED])) if shown else then


def _shown(text: str, artifacts: Sequence[Artifact]) -> list[str]:
    places: dict[str, int] = {}
    for artifact in artifacts:
        for ref in artifact.borrowers:
            spots = [at for name in (ref.name, ref.name_en) if name and (at := text.find(name)) >= 0]
            if spots:
                places[ref.id] = min(spots)
    return sorted(places, key=lambda id: places[id])


def _newest(artifacts: Sequence[Artifact]) -> date | None:
    return max((end_of(one) for artifact in artifacts for one in answers_in(artifact) if one.value is not None), default=None)


def aside(text: str, frame: str) -> tuple[str, str]:
    """The kind of question a few words ("until when?", "多少钱") go on with after `frame`, and the cue they stand for; empty when they
    ask something of their own."""
    for one in phrase_book("threads")["asides"]:
        if frame in one["after"] and any(re.search(said, text.strip(), re.IGNORECASE) for said in one["said"]):
            return str(one.get("to") or frame), str(one.get("cue") or "")
    return "", ""


def held(text: str, frame: str, before: str) -> bool:
    """Whether a question taken for `frame` is still of the kind the thread was about ("how many of it overdue?" of the bureau's loans)."""
    book = phrase_book("threads")
    return frame in book["holds"].get(before, ()) and not re.search(book["ours"], text, re.IGNORECASE)


def _nothing_else(text: str) -> bool:
    rest = text
    for pattern in (*(_named(language) for language in LANGUAGES), *_compiled("retell_words")):
        rest = pattern.sub(" ", rest)
    return not re.search(r"\w", rest)


@cache
def _compiled(*path: str) -> tuple[re.Pattern[str], ...]:
    held: Any = phrase_book("threads")
    for key in path:
        held = held[key]
    return tuple(re.compile(one, re.IGNORECASE) for one in held)


@cache
def _named(language: str) -> re.Pattern[str]:
    book: Mapping[str, Sequence[str]] = phrase_book("threads")["languages"]
    return re.compile("|".join(book[language]), re.IGNORECASE)


@cache
def _into(language: str) -> re.Pattern[str]:
    name = rf"\s*(?:{_named(language).pattern})"
    ways = [way.replace("{language}", name) for way in phrase_book("threads")["into"]]
    return re.compile("|".join(f"(?:{way})" for way in ways), re.IGNORECASE)
