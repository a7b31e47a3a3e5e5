"""From a question to tool calls: pure, the same for the chat model, a test and a replay.

Two steps. Before anything is looked up there is one call, find_borrower on the question itself. With its answer the question is
cut into parts, each part is read, given a frame and the borrowers it is about, and turned into calls by its frame's recipe.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from assistant.analyst.asks import several
from assistant.analyst.conversation import Conversation, Pending
from assistant.analyst.courtesies import tells_why
from assistant.analyst.framing import choose, features, inheritable
from assistant.analyst.lexicon import Lexicon
from assistant.analyst.naming import WEIGHTY, Named, chosen_by, mentions_of, numbered_in, parties_in, sensible, without_others
from assistant.analyst.parting import part_of
from assistant.analyst.parts import cut
from assistant.analyst.plans import Call, Heard, Part, Plan
from assistant.analyst.reading import language_of, read
from assistant.analyst.recipes import calls_for
from assistant.analyst.scopes import Scope, scopes_in, within
from assistant.analyst.shocks import shocks_of
from assistant.analyst.threads import (
    restated,
)
from tools.toolbox.artifacts import Artifact
from tools.toolbox.periods import PeriodRequest

BYPASSING = frozenset({"bypass", "secret"})
MOST_SPOKEN = 4
"""How many periods "the same years" may mean."""


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
        chosen = chosen_by(text, named, state.pending)
        if chosen is not None:
            return _resumed(state, chosen, lexicon, as_of, found)
    named = sensible(text, named, lexicon, as_of)
    known = [(h.start, h.end) for h in lexicon.find(text) if lexicon.strongest(h) >= WEIGHTY and h.end - h.start > 1]
    called = {ref.id: " ".join((ref.name, *ref.aliases)) for ref in found.borrowers}
    named = without_others(text, named, called, known)
    named = parties_in(found, named) or named
    scopes = _scopes(text, named, lexicon, as_of, found)
    named = [n for n in named if not any(s.start < n.end and n.start < s.end for s in scopes)]
    fixed = (Heard(given, "given"),) if given else ()
    return _planned(text, named, replace(state, pending=None), lexicon, as_of, found, fixed, scopes)


def _scopes(text: str, named: Sequence[Named], lexicon: Lexicon, as_of: date, found: Artifact) -> list[Scope]:
    """The places, branches and officers meant; a place inside a name that is heard in full is part of that name."""
    reading = read(text, as_of, lexicon, [(n.start, n.end) for n in named])
    many = bool(reading.cues & {"portfolio"}) or bool(reading.cues & {"which", "how_many", "total"} and not reading.topic)
    told = scopes_in(text, found, many)
    return [
        scope for scope in told
        if not any(n.start <= scope.start and scope.end <= n.end and (n.end - n.start > scope.end - scope.start) for n in named)
    ]  # fmt: skip


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
    scopes: Sequence[Scope] = (),
) -> Plan:
    language = language_of(text, [*((n.start, n.end) for n in named), *((s.start, s.end) for s in scopes)], state.language)
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
        narrowed = [replace(s, start=s.start - first, end=s.end - first) for s in scopes if first <= s.start and s.end <= last]
        part, ambiguous = part_of(text[first:last], inside, memory, lexicon, as_of, fixed, only, numbers, narrowed)
        one = {id for n in named for id in n.ids}
        if part.frame == "ask_borrower" and not inside and len(one) == 1 and len(asked) > 1:
            # "their certificate says 2.9. why do we get something else (Ridgeway)": who is meant stands in another part
            whom = [replace(named[0], start=0, end=0)]
            part, ambiguous = part_of(text[first:last], whom, memory, lexicon, as_of, fixed, only, numbers, narrowed)
        if ambiguous is not None:
            pending = Pending(text, ambiguous.ids, ambiguous.start + first, ambiguous.end + first)
            memory = replace(memory, pending=pending)
        made = calls_for(part)
        if reference := str(part.options.get("within", "")):
            made = within(made, reference)
        place = range(len(calls), len(calls) + len(made))
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
                within=(str(part.options["within"]), str(part.options["within_name"]))
                if "within" in part.options
                else ("", ""),
            )
        elif part.borrowers:
            memory = replace(memory, focus=tuple(h.id for h in part.borrowers))
        elif part.frame == "ask_borrower" or part.options.get("wanted"):
            memory = replace(Conversation.after(str(part.options["wanted"]), part.reading, memory.focus), waiting=True)
    if refused := [part for part in parts if part.frame == "refused" and part.reading.cues & BYPASSING]:
        # what comes beside a try to get round the rules is not answered either
        parts, calls = [replace(refused[0], calls=())], []
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


def _several(memory: Conversation) -> tuple[str, ...]:
    """A list of several stays in mind while single ones of it are spoken of."""
    return memory.listed if len(memory.listed) > 1 else ()


def _without_repeats(parts: Sequence[Part]) -> list[Part]:
    """A part that asks the same of the same borrowers again ("逾期多少天,欠多少?") is answered once."""
    kept: list[Part] = []
    for part in parts:
        same = [other for other in kept if part.frame == other.frame and part.calls and part.calls == other.calls]
        if not same:
            kept.append(part)
        elif "page_of" in part.reading.cues:
            kept[kept.index(same[0])] = part  # "... and what file is that from?"
    # "what is it worth, when was it valued, is it insured?": one answer about the same pieces, not two
    fuller = {tuple(h.id for h in part.borrowers) for part in kept if part.frame in ("securities", "exposure")}
    return [p for p in kept if p.frame != "collateral" or tuple(h.id for h in p.borrowers) not in fuller]


_THEN = re.compile(r"\bthen\b|\b(still|what happens|would|will)\b|那时|到时|会|还能|还够|还满足|变成|之后|呢", re.IGNORECASE)


_SHOWN_ON = re.compile(
    r"\s*(show|demonstrate|use|using|take|with|apply|do|explain)( me)?( it| this| that)? ?(on|for|with|using|by)?\b[^?]{0,30}|"
    r"\s*(拿|用|以|按|就)[^,。?]{1,20}(的数|的数据|为例|举例|举个例|说明|来说|演示|说)[^,。?]{0,6}",
    re.IGNORECASE,
)


def _shown_on(piece: str) -> bool:
    """A part that only says on whose numbers something is to be explained."""
    return _SHOWN_ON.fullmatch(piece.strip(" .?。？!")) is not None


def _joined(text: str, named: Sequence[Named], lexicon: Lexicon, as_of: date, has_focus: bool) -> list[tuple[int, int]]:
    """Parts that ask nothing by themselves (a greeting, a bare name) belong to the one that follows, or to the one before."""
    spans = cut(text, [(n.start, n.end) for n in named])
    kept: list[tuple[int, int]] = []
    waiting: int | None = None
    for first, last in spans:
        inside = [(n.start - first, n.end - first) for n in named if first <= n.start and n.end <= last]
        if not inside and (first, last) != spans[-1] and tells_why(text[first:last]):
            continue
        reading = read(text[first:last], as_of, lexicon, inside)
        frame, score = choose(features(reading, len(inside), has_focus))
        if kept and inside and _shown_on(text[first:last]):
            kept[-1] = (kept[-1][0], last)  # "What is tangible net worth? Show it on Harrow."
            continue
        silent = frame == "unknown" or (frame in ("help", "profile", "passages") and score < 40 and len(spans) > 1)
        bare_why = frame == "why" and not reading.metrics and not reading.topic and len(text[first:last].strip()) <= 8
        told = (
            shocks_of(reading)
            and last < len(text)
            and text[last] not in "?？"
            and len(spans) > 1
            and (first, last) != spans[-1]
        )
        if told and _THEN.search(text[last:]):
            # "EBITDA falls 20%. Interest cover then?": what is supposed belongs to what is asked of it
            silent, frame = True, "unknown"
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
