"""From a question to tool calls: pure, the same for the chat model, a test and a replay.

Two steps. Before anything is looked up there is one call, find_borrower on the question itself. With its answer the question is
cut into parts, each part is read, given a frame and the borrowers it is about, and turned into calls by its frame's recipe.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from assistant.analyst.asks import several
from assistant.analyst.clausewords import topics_of
from assistant.analyst.conversation import Conversation, Pending
from assistant.analyst.framing import SUPERLATIVES, choose, features, inheritable, needing_borrower, widened
from assistant.analyst.kinds import second_opinion
from assistant.analyst.lexicon import Lexicon
from assistant.analyst.parts import cut
from assistant.analyst.plans import Call, Heard, Part, Plan
from assistant.analyst.reading import Reading, language_of, read
from assistant.analyst.recipes import calls_for
from assistant.analyst.strangers import beside, strangers, unknown_name, without_strangers
from assistant.analyst.threads import (
    another_loan,
    aside,
    held,
    other_of,
    party_of,
    place_in_list,
    place_words,
    restated,
    same_periods,
    stepped,
)
from prompts.library import phrase_book
from tools.domain.periods import add_months
from tools.toolbox.artifacts import Artifact
from tools.toolbox.periods import PeriodRequest

WEAK = frozenset({"spelling", "sound", "initials"})
OF_A_LOAN = frozenset(
    {"loans", "loan_facts", "arrears", "dues", "use", "evidence", "classification", "collateral", "guarantors"}
)
"""Frames that may go on speaking of the one loan a thread spoke of."""
WEIGHED = 60
"""The score of a kind told by what stands beside a loan."""
OF_GUARANTEES = frozenset({"guarantor", "guarantee_given", "party_state", "circle"})
"""Cues that only say which firm is meant, once it is known."""
OF_A_DUE = ("interest_expense",)
OF_BOTH_SIDES = frozenset({"value", "change", "why", "compare", "key_figures", "loans", "arrears", "dues", "covenants", "classification", "collateral", "profile",
                           "alerts", "risks", "exposure", "documents", "standing", "changes"})  # fmt: skip
"""Frames in which a name set beside a known one is another borrower, not a party of its papers."""
MONTHS_AHEAD = 36
SHORT = 60
"""A question of at most so many characters is taken for a follow-up."""
"""How far ahead "and the one after that" looks."""
OWED = frozenset({"loans", "loan_facts", "worth", "exposure", "portfolio_list", "portfolio_rank", "concentration", "dues"})
"""Frames that speak of what is owed, which may then be wanted in another currency."""
MOST_SPOKEN = 4
"""How many periods "the same years" may mean."""
WEIGHTY = 2
"""Lexicon strength from which a phrase is not a borrower's misspelt name."""
OPINED = 50
"""Score of a frame taken on the examples' word."""
ORDINALS = {"第一": 0, "第二": 1, "第三": 2, "第四": 3, "第五": 4, "first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4,
            "1": 0, "2": 1, "3": 2, "4": 3, "5": 4, "前者": 0, "后者": 1, "former": 0, "latter": 1}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Named:
    """A mention from find_borrower's artifact: where it stands and whom it may mean."""

    start: int
    end: int
    text: str
    ids: tuple[str, ...]
    how: str


@dataclass(frozen=True, slots=True)
class Numbered:
    """A loan, facility or collateral (`kind`) that find_borrower found by its number: where it stands, and whose it is."""

    start: int
    end: int
    kind: str
    id: str
    owner: str


def linking_call(question: str, state: Conversation | None = None) -> Call:
    """The call every plan begins with."""
    return Call("find_borrower", {"text": restated(question, state or Conversation()).text})


def plan(question: str, state: Conversation, lexicon: Lexicon, as_of: date, found: Artifact, given: str | None = None) -> Plan:
    """The plan for a question. `found`: what find_borrower answered; `given`: a borrower fixed by whoever called."""
    told = restated(question, state)
    text, state = told.text, told.state
    made = _plan(text, state, lexicon, as_of, found, given)
    language = told.language or made.language
    return replace(
        made, language=language, brief=told.brief, then=replace(made.then, asked=text, language=language, before=_before(state))
    )


def _before(state: Conversation) -> dict[str, Any]:
    """The thread before a question, without what came before that: only the last question can be asked again."""
    return {**state.to_json(), "before": {}, "asked": ""}


def _plan(text: str, state: Conversation, lexicon: Lexicon, as_of: date, found: Artifact, given: str | None) -> Plan:
    named = mentions_of(found)
    if state.pending is not None:
        chosen = _chosen(text, named, state.pending)
        if chosen is not None:
            return _resumed(state, chosen, lexicon, as_of, found)
    named = _sensible(text, named, lexicon, as_of)
    fixed = (Heard(given, "given"),) if given else ()
    return _planned(text, named, replace(state, pending=None), lexicon, as_of, found, fixed)


def mentions_of(found: Artifact) -> list[Named]:
    """The mentions in a find_borrower artifact, in order of place."""
    spans: dict[tuple[int, int], Named] = {}
    for value in found.values:
        if value.name != "mention" or len(value.inputs) != 3:
            continue
        text, start, end = value.inputs[0], int(value.inputs[1]), int(value.inputs[2])
        known = spans.get((start, end))
        ids = (*(known.ids if known else ()), value.about)
        spans[(start, end)] = Named(start, end, text, ids, value.state)
    return sorted(spans.values(), key=lambda n: n.start)


def numbered_in(found: Artifact) -> list[Numbered]:
    """What a find_borrower artifact knows by number, in order of place."""
    told = [v for v in found.values if v.name in ("loan", "facility", "collateral") and len(v.inputs) == 3 and v.borrower]
    return sorted(
        (Numbered(int(v.inputs[1]), int(v.inputs[2]), v.name, v.about, v.borrower or "") for v in told), key=lambda n: n.start
    )


def _sensible(text: str, named: Sequence[Named], lexicon: Lexicon, as_of: date) -> list[Named]:
    """Without guesses by spelling or sound that fall on words with a meaning of their own, or are cut out of a longer name."""
    guessed = [n for n in named if n.how in WEAK]
    if guessed:
        sure = [(n.start, n.end) for n in named if n.how not in WEAK]
        kept = without_strangers(read(text, as_of, lexicon, sure), lexicon, [(n.start, n.end) for n in guessed])
        named = [n for n in named if n not in guessed or (n.start, n.end) in kept]
    hits = [h for h in lexicon.find(text) if lexicon.strongest(h) >= WEIGHTY]

    many = any("portfolio" in h.ids("cue") for h in hits)

    def another_word(mention: Named) -> bool:
        over = [h for h in hits if mention.start < h.end and h.start < mention.end]
        if mention.how in WEAK:
            return bool(over)
        if mention.how == "part" and re.search(r"\b(?:in|from|around) $", text[: mention.start]):
            return True  # a place that stands in a name too
        if (
            mention.how == "part"
            and len(mention.ids) > 1
            and (re.match(r"这边|那边|这里|那里|地区|当地|一带|片区|市", text[mention.end :]) or many)
        ):
            return True  # a place that several of them lie in
        if mention.how == "part" and re.match(r"\s?(?:分行|支行|branch\b)", text[mention.end :]):
            return True  # the bank's own branch there
        return mention.how == "part" and any(h.start <= mention.start and mention.end <= h.end for h in over)

    return [mention for mention in named if not another_word(mention)]


def _chosen(text: str, named: Sequence[Named], pending: Pending) -> str | None:
    """The choice a reply picks: by number, by name, or None when the reply is something else."""
    for mention in named:
        both = [id for id in mention.ids if id in pending.choices]
        if len(both) == 1 and len(text) - (mention.end - mention.start) <= 8:
            return both[0]
    if len(text) <= 24:
        for word, place in ORDINALS.items():
            if word in text.lower() and place < len(pending.choices) and not named:
                return pending.choices[place]
    return None


def _resumed(state: Conversation, chosen: str, lexicon: Lexicon, as_of: date, found: Artifact) -> Plan:
    """The question that waited, with its ambiguous words taken as the chosen borrower."""
    assert state.pending is not None
    waiting = state.pending
    spot = Named(waiting.start, waiting.end, waiting.question[waiting.start : waiting.end], (chosen,), "name")
    return _planned(waiting.question, [spot], replace(state, pending=None), lexicon, as_of, found, ())


def _planned(
    text: str,
    named: Sequence[Named],
    state: Conversation,
    lexicon: Lexicon,
    as_of: date,
    found: Artifact,
    fixed: tuple[Heard, ...],
) -> Plan:
    language = language_of(text, [(n.start, n.end) for n in named], state.language)
    parts: list[Part] = []
    calls: list[Call] = []
    memory = state
    only = next((v.about for v in found.values if v.name == "only"), None)
    spans = _joined(text, named, lexicon, as_of, bool(state.focus or fixed))
    asked = [piece for span in spans for piece in _asked(text, span, named, lexicon, as_of, bool(memory.focus or fixed))]
    for first, last, carried in asked:
        inside = [replace(n, start=n.start - first, end=n.end - first) for n in named if first <= n.start and n.end <= last]
        inside = inside or list(carried)
        numbers = [n for n in numbered_in(found) if first <= n.start and n.end <= last]
        if not numbers and not inside and len(asked) > 1:
            # "the rate and the end date of L1": the loan is of both
            numbers = [replace(n, start=0, end=0) for n in numbered_in(found) if n.kind == "loan"]
        part, ambiguous = _part(text[first:last], inside, memory, lexicon, as_of, fixed, only, numbers)
        if ambiguous is not None:
            pending = Pending(text, ambiguous.ids, ambiguous.start + first, ambiguous.end + first)
            memory = replace(memory, pending=pending)
        place = range(len(calls), len(calls) + len(made := calls_for(part)))
        calls += made
        parts.append(replace(part, calls=tuple(place)))
        if part.frame in inheritable():
            focus = tuple(h.id for h in part.borrowers) or memory.focus
            memory = replace(
                Conversation.after(part.frame, part.reading, focus),
                pending=memory.pending,
                loans=part.loans,
                listed=focus if len(focus) > 1 else _several(memory),
                answered=memory.answered,
                later=_stepped_from(part, state),
                spoken=_spoken(part, state),
            )
        elif part.borrowers:
            memory = replace(memory, focus=tuple(h.id for h in part.borrowers))
        elif part.frame == "ask_borrower" or part.options.get("wanted"):
            memory = replace(Conversation.after(str(part.options["wanted"]), part.reading, memory.focus), waiting=True)
    unique = list(dict.fromkeys((c.tool, repr(c.arguments)) for c in calls))
    kept = [next(c for c in calls if (c.tool, repr(c.arguments)) == key) for key in unique]
    moved = [unique.index((c.tool, repr(c.arguments))) for c in calls]
    parts = _without_repeats([replace(p, calls=tuple(moved[i] for i in p.calls)) for p in parts])
    return Plan(language, tuple(parts), tuple(kept), memory)


def _stepped_from(part: Part, before: Conversation) -> PeriodRequest | None:
    """The period a question stepped back from ("and the year before?"): how much it grew is then asked of the two."""
    single = [p for p in before.periods if not p.is_series]
    return single[-1] if "stepped" in part.reading.cues and single else None


def _spoken(part: Part, before: Conversation) -> tuple[PeriodRequest, ...]:
    """The periods gone through so far, as long as it is the same that is asked of them."""
    earlier = before.spoken if part.reading.metrics == before.metrics else ()
    return tuple(dict.fromkeys([*earlier, *part.reading.periods]))[-MOST_SPOKEN:]


def _asked(
    text: str, span: tuple[int, int], named: Sequence[Named], lexicon: Lexicon, as_of: date, has_focus: bool
) -> list[tuple[int, int, tuple[Named, ...]]]:
    """A span as the different things it asks for; those without a name are about the one the span names."""
    first, last = span
    inside = [n for n in named if first <= n.start and n.end <= last]
    pieces = several(text[first:last], [(n.start - first, n.end - first) for n in inside], lexicon, as_of, has_focus)
    carried = tuple(replace(n, start=0, end=0) for n in inside) if len(pieces) > 1 else ()
    return [(first + a, first + b, carried) for a, b in pieces]


def _compared(memory: Conversation) -> tuple[PeriodRequest, ...]:
    """Between which periods a question asks for growth when it names none."""
    if memory.later is not None:
        return (memory.later,)
    spoken = [period for period in memory.spoken if not period.is_series]
    return tuple(spoken[-2:]) if len(spoken) > 1 and len(memory.periods) < 2 else memory.periods


def _several(memory: Conversation) -> tuple[str, ...]:
    """A list of several stays in mind while single ones of it are spoken of."""
    return memory.listed if len(memory.listed) > 1 else ()


def _without_repeats(parts: Sequence[Part]) -> list[Part]:
    """A part that asks the same of the same borrowers again ("逾期多少天,欠多少?") is answered once."""
    kept: list[Part] = []
    for part in parts:
        if not any(part.frame == other.frame and part.calls and part.calls == other.calls for other in kept):
            kept.append(part)
    # "what is it worth, when was it valued, is it insured?": one answer about the same pieces, not two
    fuller = {tuple(h.id for h in part.borrowers) for part in kept if part.frame in ("securities", "exposure")}
    return [p for p in kept if p.frame != "collateral" or tuple(h.id for h in p.borrowers) not in fuller]


def _joined(text: str, named: Sequence[Named], lexicon: Lexicon, as_of: date, has_focus: bool) -> list[tuple[int, int]]:
    """Parts that ask nothing by themselves (a greeting, a bare name) belong to the one that follows, or to the one before."""
    spans = cut(text, [(n.start, n.end) for n in named])
    kept: list[tuple[int, int]] = []
    waiting: int | None = None
    for first, last in spans:
        inside = [(n.start - first, n.end - first) for n in named if first <= n.start and n.end <= last]
        reading = read(text[first:last], as_of, lexicon, inside)
        frame, score = choose(features(reading, len(inside), has_focus))
        silent = frame == "unknown" or (frame in ("help", "profile", "passages") and score < 40 and len(spans) > 1)
        bare_why = frame == "why" and not reading.metrics and not reading.topic and len(text[first:last].strip()) <= 8
        if ((silent and frame != "help") or bare_why) and kept and not inside:
            kept[-1] = (kept[-1][0], last)
        elif silent and len(spans) > 1 and (first, last) != spans[-1]:
            waiting = first if waiting is None else waiting
        else:
            kept.append((first if waiting is None else waiting, last))
            waiting = None
    if waiting is not None:
        kept.append((waiting, len(text)))
    return kept or [(0, len(text))]


def _part(
    text: str, named: Sequence[Named], memory: Conversation, lexicon: Lexicon, as_of: date, fixed: tuple[Heard, ...], only: str | None,
    numbers: Sequence[Numbered],
) -> tuple[Part, Named | None]:  # fmt: skip
    reading = read(text, as_of, lexicon, [(n.start, n.end) for n in named])
    ids = [n.id for n in numbers]
    if ids:
        # Written as the book writes them; a number of digits alone is one only because the book knows it.
        said = [id for id in reading.identifiers if id.upper() not in {known.upper() for known in ids}]
        reading = replace(reading, identifiers=tuple(dict.fromkeys((*ids, *said))))
    heard, ambiguous = _heard(named, memory)
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
        memory = _side_by_side(memory)
    if memory.frame and (again := same_periods(text, memory)):
        reading = replace(reading, periods=again, windows=(), topic=(), cues=reading.cues | {"ellipsis"})
    if memory.frame and (period := stepped(text, memory)) is not None:
        reading = replace(reading, periods=(period,), windows=(), topic=(), cues=reading.cues | {"ellipsis", "stepped"})
    has_focus = bool(memory.focus or fixed)
    seen = features(reading, len(heard) + bool(ambiguous), has_focus)
    frame, score = choose(seen)
    if (
        frame == "value"
        and reading.metrics == OF_A_DUE
        and (ids or (memory.frame in OF_A_LOAN and not any(n.end > n.start for n in named)))
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
    reading, frame = _follow_up(reading, frame, score, bool(heard), memory, seen)
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
    if ambiguous is not None:
        return Part("clarify", reading, (), (), {"choices": ambiguous.ids, "said": ambiguous.text, "wanted": frame}), ambiguous
    loans = tuple(n.id for n in numbers if n.kind == "loan" and n.owner in {h.id for h in heard})
    if heard:
        lost = beside(reading, lexicon) if frame in OF_BOTH_SIDES else []
        return Part(frame, reading, tuple(heard), loans=loans, options={"lost": lost} if lost else {}), None
    if frame not in needing_borrower():
        alone = _nobody(reading, frame, lexicon)
        return (_absent(reading, frame, alone) if alone else Part(frame, reading, loans=loans)), None
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
        return _absent(reading, frame, stranger), None
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


def _side_by_side(memory: Conversation) -> Conversation:
    """ "Which is higher?" after one borrower and then another was asked about the same: of both."""
    earlier = tuple(memory.before.get("focus", ()))
    same = tuple(memory.before.get("metrics", ())) == memory.metrics and memory.metrics
    if same and len(memory.focus) == len(earlier) == 1 and earlier != memory.focus:
        return replace(memory, focus=(*earlier, *memory.focus))
    return memory


OF_SOMEBODY = frozenset(
    {
        "passages",
        "unknown",
        "profile",
        "relations",
        "note_section",
        "visit",
        "letter",
        "changes",
        "events",
        "contradictions",
        "clauses",
        "documents",
    }
)
"""Frames in which a name that is no borrower's may be a person's, a ship's or a customer's that papers speak of."""


def _absent(reading: Reading, frame: str, said: str) -> Part:
    """Nobody is called so; papers may still speak of somebody or something that is."""
    thing = re.search(rf"\bthe {re.escape(said)}\b", reading.text, re.IGNORECASE) is not None
    may = (
        frame in OF_SOMEBODY or thing or bool(reading.cues & {"say", "notes", "narrative", "their_word", "note_people"})
    ) and len(said) > 1
    return Part("mention" if may else "not_found", reading, (), (), {"said": said, "wanted": frame})


def _nobody(reading: Reading, frame: str, lexicon: Lexicon) -> str:
    """The name nobody has that a question over many borrowers, or one not understood, was really about."""
    if not frame.startswith("portfolio_") and frame not in ("unknown", "concentration", "pending"):
        return ""
    found = strangers(reading, lexicon)
    sure = [one.text for one in found if one.plain]
    loosely = frame == "unknown" and any(one.end - one.start < len(reading.text.strip(" ?？。.!！")) for one in found)
    return next(iter(sure), "" if "portfolio" in reading.cues or loosely or not found else found[0].text)


def _heard(named: Sequence[Named], memory: Conversation) -> tuple[list[Heard], Named | None]:
    """Borrowers meant; the first mention that may mean several, unless the thread already speaks of exactly one of them."""
    heard: list[Heard] = []
    for mention in named:
        ids = mention.ids
        if len(ids) > 1:
            known = [id for id in ids if id in memory.focus]
            if len(known) != 1:
                return heard, mention
            ids = (known[0],)
        if ids[0] not in [h.id for h in heard]:
            heard.append(Heard(ids[0], mention.how, mention.text))
    return heard, None


def _cues(reading: Reading, memory: Conversation) -> frozenset[str]:
    """Both turns' cues; a new superlative replaces the old one."""
    old = memory.cues - SUPERLATIVES if reading.cues & SUPERLATIVES else memory.cues
    if "group_scope" in reading.cues:
        old -= {"parent_scope"}
    return reading.cues | (old - {"group_scope"})


def _only_scope(reading: Reading) -> bool:
    """Nothing but whose statements: "我要母公司的", "consolidated please"."""
    scope = reading.cues & {"parent_scope", "group_scope"}
    said = [
        hit
        for hit in reading.hits
        if set(hit.ids("cue")) - {"parent_scope", "group_scope", "relations", "ellipsis", "that_one", "pronoun"}
    ]
    return bool(scope) and not reading.topic and not said and not re.search(r"谁|哪|\bwho", reading.text, re.IGNORECASE)


OF_PAPERS = frozenset({"clauses"})
"""Frames after which a bare topic is one of the same papers."""
MOVES = frozenset({"change", "yoy", "qoq"})
TAUGHT = frozenset({"explain", "why", "rule", "difference", "classification"})
"""Words of questions that may be about a rule in general."""
MEASURED = SUPERLATIVES | {"compare"}
FIGURES = frozenset({"value", "change", "why", "compare", "key_figures"})


def _follow_up(
    reading: Reading, frame: str, score: int, heard: bool, memory: Conversation, seen: frozenset[str]
) -> tuple[Reading, str]:
    """Take over from the thread what this part leaves unsaid."""
    if not memory.frame:
        return reading, frame
    elliptic = "ellipsis" in reading.cues
    more, cue = aside(reading.text, memory.frame) if memory.focus and not heard else ("", "")
    if more:
        # "... until when?": one more thing of what was just told, not a question of its own.
        reading = replace(
            reading, metrics=memory.metrics, families=memory.families, periods=reading.periods or memory.periods,
            windows=reading.windows or memory.windows, topic=(), cues=(reading.cues | memory.cues | {cue}) - {""},
        )  # fmt: skip
        return reading, more
    if memory.focus and not heard and not reading.identifiers and held(reading.text, frame, memory.frame):
        return replace(reading, metrics=(), periods=memory.periods), memory.frame
    if (
        memory.frame in OF_PAPERS
        and elliptic
        and not heard
        and topics_of(reading.text, True)
        and frame not in ("clauses", "note_section")
    ):
        # "... and the penalty interest?" of the contract just spoken of
        return replace(reading, cues=reading.cues | {"contract"}), "clauses"
    if memory.frame == "receipt" and "receipt" in reading.cues and frame in ("arrears", "documents") and not heard:
        # "... and was it late?": the paper, not a payment
        return replace(reading, periods=reading.periods or memory.periods), "receipt"
    if (
        frame in ("unknown", "relations", "profile", "passages")
        and _only_scope(reading)
        and memory.metrics
        and memory.frame in FIGURES
    ):
        reading = replace(reading, metrics=memory.metrics, periods=reading.periods or memory.periods, windows=reading.windows or memory.windows,
                          cues=_cues(reading, memory))  # fmt: skip
        return reading, memory.frame
    if elliptic and frame in FIGURES and "group_scope" not in reading.cues:
        reading = replace(reading, cues=reading.cues | (memory.cues & {"parent_scope"}))
    if frame == "standing" and not reading.metrics and memory.metrics:
        return replace(reading, metrics=memory.metrics), frame
    if (
        frame in ("unknown", "portfolio_list")
        and reading.cues & MEASURED
        and len(memory.focus) > 1
        and memory.metrics
        and not heard
    ):
        # "Which is higher?" of the borrowers just put side by side.
        return replace(reading, metrics=memory.metrics, periods=reading.periods or memory.periods), "compare"
    if (
        frame == memory.frame == "covenants"
        and memory.metrics
        and not (heard or reading.metrics or reading.families or reading.identifiers)
        and reading.cues & {"headroom", "limit_word", "short_by"}
    ):
        # "... and how tight is it?": the covenant just spoken of.
        return replace(reading, metrics=memory.metrics), frame
    if (
        "in_currency" in reading.cues
        and frame in ("unknown", "passages", "profile", "portfolio_list")
        and memory.frame in OWED
        and not reading.metrics
    ):
        if memory.focus or heard:
            return replace(reading, topic=()), "worth"
        return replace(reading, measures=("balance",), topic=(), cues=reading.cues | {"total", "portfolio"}), "portfolio_rank"
    days: Mapping[str, str] = phrase_book("lexicon")["in_days"]
    if (
        frame == "value"
        and set(memory.metrics) & set(days.values())
        and len(reading.metrics) == 1
        and reading.metrics[0] in days
        and not heard
    ):
        return replace(reading, metrics=(days[reading.metrics[0]],), periods=reading.periods or memory.periods), frame
    if (
        memory.frame in ("covenants", "reach", "portfolio_covenants")
        and "amount_needed" in reading.cues
        and not heard
        and frame in ("unknown", "dues", "loans", "value", "passages", "covenants", "repayments", "reach", "change", "changes")
    ):
        # "... and how much EBITDA is it short of?": of the limits just spoken of
        return replace(reading, metrics=reading.metrics or memory.metrics, topic=()), "reach"
    if "limit_word" in reading.cues and memory.metrics and frame in ("unknown", "value") and not reading.metrics:
        return replace(reading, metrics=memory.metrics), "covenants"
    if memory.frame == "stress" and elliptic and reading.amounts:
        return replace(reading, metrics=reading.metrics or memory.metrics, cues=reading.cues | {"stress"}), "stress"
    if (
        frame in ("changes", "unknown", "passages", "value")
        and memory.metrics
        and not (reading.metrics or reading.families or heard)
        and not (reading.topic and frame in ("passages", "value"))
        and reading.cues & MOVES
        and "since_change" not in reading.cues
    ):
        # "... and how much did it grow?": the metric is the one just spoken of.
        return replace(reading, metrics=memory.metrics, periods=reading.periods or _compared(memory)), "change"
    if frame == "unknown" or (
        frame in ("profile", "passages") and score <= 24 and (elliptic or memory.waiting) and not reading.topic
    ):
        said = (
            reading.periods
            or reading.windows
            or heard
            or reading.limits
            or reading.top
            or elliptic
            or reading.cues & {"that_one", "parent_scope"}
        )
        if not said:
            return reading, frame
        frame = "value" if "limit_word" in memory.cues and memory.metrics and reading.periods else memory.frame
        if frame == "compare" and heard and memory.metrics:
            frame = "value"
        reading = replace(
            reading, metrics=memory.metrics, families=memory.families, measures=memory.measures,
            periods=reading.periods or memory.periods, windows=reading.windows or memory.windows,
            limits=reading.limits or memory.limits, top=reading.top or memory.top, cues=_cues(reading, memory),
            topic=reading.topic or memory.topic,
        )  # fmt: skip
        return reading, frame
    if elliptic and frame in FIGURES and memory.frame in FIGURES:
        if frame == "value" and memory.frame in ("change", "why", "compare"):
            frame = memory.frame
            reading = replace(reading, cues=reading.cues | (memory.cues & {"yoy", "qoq", "change", "why", "compare"}))
        if not reading.periods and not reading.windows:
            reading = replace(reading, periods=memory.periods, windows=memory.windows)
        if not reading.metrics and not reading.families:
            reading = replace(reading, metrics=memory.metrics, families=memory.families)
    if frame == "explain" and not reading.metrics and not reading.topic and memory.metrics:
        return replace(reading, metrics=memory.metrics), frame
    if frame == "why" and not reading.metrics and memory.metrics:
        reading = replace(reading, metrics=memory.metrics, periods=reading.periods or memory.periods)
    if frame == "change" and not reading.metrics and memory.metrics:
        reading = replace(reading, metrics=memory.metrics)
    if frame == "change" and memory.later is not None and reading.metrics == memory.metrics:
        reading = replace(reading, periods=_compared(memory))
    if (
        frame == "value"
        and elliptic
        and memory.frame.startswith("portfolio_rank")
        and "portfolio_scope" not in seen
        and not heard
        and not memory.focus
    ):
        frame = "portfolio_rank"
        reading = replace(
            reading, limits=reading.limits or memory.limits, top=reading.top or memory.top, cues=reading.cues | memory.cues
        )
    return reading, frame
