"""One part of a question: read, given its kind, and the borrowers and loans it is about; or the choice that has to be made first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from assistant.analyst.clausewords import topics_of
from assistant.analyst.conversation import Conversation
from assistant.analyst.follow_ups import MEASURED, follow_up, side_by_side
from assistant.analyst.framing import choose, features, needing_borrower, widened
from assistant.analyst.kinds import second_opinion
from assistant.analyst.lexicon import Lexicon
from assistant.analyst.naming import PARTY, Named, Numbered, absent, heard_in, nobody
from assistant.analyst.plans import Heard, Part
from assistant.analyst.reading import Reading, read
from assistant.analyst.scopes import Scope
from assistant.analyst.strangers import beside, strangers, unknown_name
from assistant.analyst.threads import (
    another_loan,
    other_of,
    party_of,
    place_in_list,
    place_words,
    same_periods,
    stepped,
)
from tools.domain.periods import add_months

OF_A_LOAN = frozenset(
    {"loans", "loan_facts", "arrears", "dues", "use", "evidence", "classification", "collateral", "guarantors"}
)
"""Frames that may go on speaking of the one loan a thread spoke of."""
OF_A_PARTY = frozenset(
    {"unknown", "profile", "passages", "given", "guarantors", "dues", "circle", "portfolio_list", "relations", "mitigants"}
)
"""Frames in which somebody beside a borrower is what is asked about."""
OF_ITS_LOANS = frozenset({"value", "clauses", "note_section", "loans", "loan_facts", "collateral", "exposure", "securities"})
"""Frames that a word of a guarantee turns to the one who gives it."""
OF_A_SURETY = frozenset({"guarantor", "guarantee_given", "party_state"})
WEIGHED = 60
"""The score of a kind told by what stands beside a loan."""
OF_GUARANTEES = frozenset({"guarantor", "guarantee_given", "party_state", "circle"})
"""Cues that only say which firm is meant, once it is known."""
OF_A_DUE = ("interest_expense",)
OF_BOTH_SIDES = frozenset({"value", "change", "why", "compare", "key_figures", "loans", "arrears", "dues", "covenants", "classification", "collateral", "profile",
                           "alerts", "risks", "exposure", "documents", "standing", "changes"})  # fmt: skip
"""Frames in which a name set beside a known one is another borrower, not a party of its papers."""
MONTHS_AHEAD = 36
"""How far ahead "and the one after that" looks."""
SHORT = 60
"""A question of at most so many characters is taken for a follow-up."""
OPINED = 50
"""Score of a frame taken on the examples' word."""
OVER_MANY = frozenset({"portfolio_rank", "portfolio_arrears", "portfolio_maturity", "portfolio_classification", "portfolio_list", "portfolio_covenants",
                       "portfolio_events", "portfolio_alerts", "portfolio_bureau", "portfolio_circles", "portfolio_securities", "portfolio_origins",
                       "portfolio_received", "portfolio_documents", "concentration", "pending"})  # fmt: skip
OF_SEVERAL = frozenset({"value", "compare", "change", "unknown", "portfolio_rank", "key_figures"})
_OF_THEM = re.compile(
    r"\b(which|who|any|how many|all|most|none) of (them|these|those)\b|\bamong (them|these|those)\b|其中|它们(里|中|当中|里面)|(这|那)(几|些)(家|户|个)?(客户|企业|里|中|当中|里面)",
    re.IGNORECASE,
)
"""Of the list just shown."""
NOT_OF_CUSTOMERS = frozenset(
    {"asked_by", "asked_of", "trail", "secret", "bypass", "off_topic", "note_people", "judgement", "visit", "draft"}
)
MOST_OF_A_SCOPE = 8
"""So many customers of a place or an officer are answered for one by one, when the question has no answer over many."""
NOBODYS = frozenset({"refused", "off_topic", "forgotten", "help", "judgement", "market"})
"""Frames that are about no borrower: a place in the question ("will it rain in ...") asks for no choice."""
TAUGHT = frozenset({"taught", "explain", "why", "rule", "difference", "classification"})
"""Words of questions that may be about a rule in general."""


def part_of(
    text: str, named: Sequence[Named], memory: Conversation, lexicon: Lexicon, as_of: date, fixed: tuple[Heard, ...], only: str | None,
    numbers: Sequence[Numbered], scopes: Sequence[Scope] = (),
) -> tuple[Part, Named | None]:  # fmt: skip
    if scopes and not named:
        part = _over_scope(text, scopes[0], memory, lexicon, as_of)
        if part is not None:
            return part, None
    part, ambiguous = _part_of(text, named, memory, lexicon, as_of, fixed, only, numbers, scopes)
    if scopes and part.frame == "book_share":
        scope = scopes[0]
        part = replace(part, options={"within": scope.reference, "within_name": scope.name, "within_kind": scope.kind})
    if part.frame in OVER_MANY and memory.within[0] and not named and not part.options and part.frame == memory.frame:
        # "... and how much in all?" of the part of the book just spoken of
        part = replace(part, options={"within": memory.within[0], "within_name": memory.within[1]})
    return part, ambiguous


def _over_scope(text: str, scope: Scope, memory: Conversation, lexicon: Lexicon, as_of: date) -> Part | None:
    """A question about an officer's, a branch's or a place's customers; None when it only speaks of the person."""
    reading = read(text, as_of, lexicon, [(scope.start, scope.end)])
    if reading.cues & NOT_OF_CUSTOMERS:
        return None
    reading = replace(reading, cues=(reading.cues | {"portfolio"}) - {"pronoun"})
    seen = features(reading, 0, False)
    frame, score = choose(seen)
    if opinion := second_opinion(reading, seen, 0, frame, score, as_of):
        frame, reading = opinion[0], replace(reading, cues=reading.cues | opinion[1])
    if "ellipsis" in reading.cues and frame in ("portfolio_list", "unknown") and memory.frame in OVER_MANY:
        frame = memory.frame
        reading = replace(
            reading, metrics=memory.metrics, measures=memory.measures, limits=memory.limits, top=memory.top, windows=memory.windows,
            periods=reading.periods or memory.periods, cues=reading.cues | memory.cues,
        )  # fmt: skip
    if frame in needing_borrower():
        wide = widened(frame) or ("portfolio_rank" if reading.metrics else "")
        if (
            not wide
            and len(scope.ids) <= MOST_OF_A_SCOPE
            and frame not in ("passages", "profile", "group_total", "loans", "changes")
        ):
            return Part(frame, reading, tuple(Heard(id, "scope") for id in scope.ids))
        frame = wide or "portfolio_list"
    if frame not in OVER_MANY:
        if frame not in ("unknown", "relations", "group_total"):
            return None
        frame = "portfolio_list"
    return Part(frame, reading, options={"within": scope.reference, "within_name": scope.name, "within_kind": scope.kind})


def beside_of(frame: str, reading: Reading, heard: Sequence[Heard]) -> tuple[str, Reading]:
    """Somebody who stands beside a borrower is asked about: his guarantee, his share, or what the question says of the borrower."""
    tables = {h.how.removeprefix(PARTY) for h in heard}
    if "guarantors" in tables and (frame in OF_A_PARTY or (frame in OF_ITS_LOANS and reading.cues & OF_A_SURETY)):
        return "guarantors", replace(reading, topic=(*reading.topic, *(h.text for h in heard)))
    if frame in OF_A_PARTY:
        return "mitigants" if "mitigants" in tables else "relations", reading
    return frame, reading


def _part_of(
    text: str, named: Sequence[Named], memory: Conversation, lexicon: Lexicon, as_of: date, fixed: tuple[Heard, ...], only: str | None,
    numbers: Sequence[Numbered], scopes: Sequence[Scope],
) -> tuple[Part, Named | None]:  # fmt: skip
    reading = read(text, as_of, lexicon, [*((n.start, n.end) for n in named), *((s.start, s.end) for s in scopes)])
    ids = [n.id for n in numbers]
    if ids:
        # Written as the book writes them; a number of digits alone is one only because the book knows it.
        said = [id for id in reading.identifiers if id.upper() not in {known.upper() for known in ids}]
        reading = replace(reading, identifiers=tuple(dict.fromkeys((*ids, *said))))
    heard, ambiguous = heard_in(named, memory)
    if not heard and ambiguous is None:
        heard = [Heard(owner, "loan") for owner in dict.fromkeys(n.owner for n in numbers)]
    parties: tuple[str, ...] = ()
    owners = {n.owner for n in numbers if n.kind == "loan"}
    if len(owners) == 1 and heard and not owners & {h.id for h in heard}:
        # "... paid to Hongda under L001": the loan says whose question it is, the name is a party of it
        parties = tuple(h.text for h in heard)
        heard = [Heard(owner, "loan") for owner in owners]
        reading = replace(reading, topic=(*reading.topic, *parties))
    if not named and memory.listed and (place := place_in_list(text)) is not None and place < len(memory.listed):
        heard = [Heard(memory.listed[place], "focus")]
    elif not named and len(memory.listed) == 1 and "pronoun" in reading.cues:
        heard = [Heard(memory.listed[0], "focus")]
    elif not named and (other := other_of(text, memory) or party_of(text, memory)) is not None:
        heard = [Heard(other, "focus")]
        if party_of(text, memory):
            reading = replace(reading, cues=reading.cues - OF_GUARANTEES)
    if heard and heard[0].how == "focus":
        left = tuple(piece for piece in reading.topic if piece not in place_words(text))
        reading = replace(reading, topic=left, cues=reading.cues | {"ellipsis"})
    if memory.frame and not named and reading.cues & MEASURED and not reading.metrics:
        memory = side_by_side(memory)
    if memory.frame and (again := same_periods(text, memory)):
        reading = replace(reading, periods=again, windows=(), topic=(), cues=reading.cues | {"ellipsis"})
    if memory.frame and (period := stepped(text, memory)) is not None:
        reading = replace(reading, periods=(period,), windows=(), topic=(), cues=reading.cues | {"ellipsis", "stepped"})
    has_focus = bool(memory.focus or fixed)
    seen = features(reading, len(heard) + bool(ambiguous), has_focus, len(memory.focus))
    frame, score = choose(seen)
    if (
        frame == "value"
        and reading.metrics == OF_A_DUE
        and (ids or "arrears" in reading.cues or (memory.frame in OF_A_LOAN and not any(n.end > n.start for n in named)))
        and not reading.periods
    ):
        # the interest of a loan is what falls due on it, or is overdue, not an expense of its borrower
        frame = "arrears" if memory.frame == "arrears" or "arrears" in reading.cues else "dues"
    if parties and frame in ("loans", "unknown", "passages", "profile"):
        frame, score = "use", WEIGHED  # a loan and another firm: what went to it
    known = bool(heard) or ambiguous is not None or not strangers(reading, lexicon)
    if known and (opinion := second_opinion(reading, seen, len(heard) + bool(ambiguous), frame, score, as_of)):
        frame, score, seen = opinion[0], OPINED if opinion[0] != "unknown" else 0, seen | opinion[1]
        reading = replace(reading, cues=reading.cues | opinion[1])
    reading, frame = follow_up(reading, frame, score, bool(heard), memory, seen)
    if frame == "dues" and "following" in reading.cues and not reading.windows:
        reading = replace(reading, windows=((as_of, add_months(as_of, MONTHS_AHEAD)),))
    if "others" in reading.cues and not named and "pronoun" not in reading.cues:
        still = memory.frame if frame in ("unknown", "profile", "portfolio_list") or "late_history" in reading.cues else frame
        if over_all := widened(still) or widened(frame):
            return Part(over_all, reading), None
    if frame == "explain" and heard and "alerts" in seen:
        frame = "alerts"
    if frame == "explain" and heard and not reading.metrics and not seen & {"rule", "covenant", "classification"}:
        frame = "profile"
    if frame in ("profile", "unknown") and heard and all(h.how == "loan" for h in heard):
        frame = "loans"
    if heard and all(h.how.startswith(PARTY) for h in heard):
        frame, reading = beside_of(frame, reading, heard)
    if ambiguous is not None and frame in ("off_topic", "refused", "judgement", "help"):
        return Part(frame, reading), None
    if ambiguous is not None and frame in NOBODYS:
        return Part(frame, reading), None
    if ambiguous is not None:
        return Part("clarify", reading, (), (), {"choices": ambiguous.ids, "said": ambiguous.text, "wanted": frame}), ambiguous
    loans = tuple(n.id for n in numbers if n.kind == "loan" and n.owner in {h.id for h in heard})
    if heard:
        lost = beside(reading, lexicon) if frame in OF_BOTH_SIDES else []
        return Part(frame, reading, tuple(heard), loans=loans, options={"lost": lost} if lost else {}), None
    if (
        frame == "explain"
        and memory.focus
        and memory.metrics
        and reading.metrics == memory.metrics
        and not strangers(reading, lexicon)
    ):
        # "how is that worked out?" of the figure just told: on the borrower's own numbers
        reading = replace(reading, periods=reading.periods or memory.periods)
        return Part(frame, reading, tuple(Heard(id, "focus") for id in memory.focus[:2])), None
    if len(memory.listed) > 1 and reading.metrics and _OF_THEM.search(text) and frame in OF_SEVERAL:
        return Part("portfolio_rank", reading, options={"ids": memory.listed}), None
    if frame not in needing_borrower():
        alone = nobody(reading, frame, lexicon)
        return (absent(reading, frame, alone) if alone else Part(frame, reading, loans=loans)), None
    if reading.identifiers and frame in (
        "loans",
        "loan_facts",
        "arrears",
        "dues",
        "covenants",
        "classification",
        "collateral",
        "value",
        "use",
        "evidence",
    ):
        return Part(frame, reading), None
    stranger = unknown_name(reading, lexicon)
    general = not reading.cues & {"notes", "contract", "filing", "say", "narrative"}
    if (
        stranger
        and not (frame == "clauses" and (has_focus or only))
        and (frame != "passages" or (general and "ellipsis" in reading.cues) or not (has_focus or only))
    ):
        return absent(reading, frame, stranger), None
    if fixed:
        return Part(frame, reading, fixed), None
    if memory.focus:
        same = frame in OF_A_LOAN and not reading.cues & {"which", "how_many", "total"} and not another_loan(reading.text)
        spoken = memory.loans if same else ()
        return Part(frame, reading, tuple(Heard(id, "focus") for id in memory.focus), loans=spoken), None
    if len(memory.listed) == 1 and len(text) <= SHORT:
        # the list just shown held one borrower: a few words are about it
        return Part(frame, reading, (Heard(memory.listed[0], "focus"),)), None
    if only:
        return Part(frame, reading, (Heard(only, "only"),)), None
    if frame == "passages" and not reading.cues & {"notes", "contract", "filing", "say"}:
        return Part("out_of_scope", reading), None
    if frame == "passages" and reading.topic:
        return Part(frame, reading), None
    if reading.cues & TAUGHT or ("arrears" in reading.cues and any(a.unit == "days" for a in reading.amounts)):
        # "Why is a renewal special mention?" needs no borrower; when nothing is taught of it, the writer asks for one.
        return Part("explain", reading, (), (), {"wanted": frame}), None
    if frame == "clauses":
        # no borrower named: whatever contract speaks of it
        topics = topics_of(reading.text, "contract" in reading.cues)
        return Part("passages", reading, options={"topics": topics} if topics else {}), None
    return Part("ask_borrower", reading, (), (), {"wanted": frame}), None
