"""How many: counts an answer states, held against counts of the same kind, and of the same state where one is named.

"3 loans" must be a number of loans some tool counted; "2 covenants are compliant" the number of those that are. What is counted is
told by the word after the number (prompts/gate.yaml); a number whose noun is not listed may be any count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from assistant.verification.numberwords import CHARACTERS, SPELLED
from assistant.verification.vocabulary import word_pattern
from prompts.library import phrase_book
from tools.toolbox.artifacts import Artifact, Value

Tally = dict[str, set[int]]
_STATES_OF = {"covenant_status": "covenants", "arrears_state": "loans"}
_ALWAYS = {"covenant_status": {"breach", "compliant", "open"}, "arrears_state": {"arrears", "no_arrears"}}
_FIGURED = ("with_figure", "without_figure")
_BEFORE = re.compile(
    r"(?:共|有|其中|其余|另|还有|仅|只有|those|there (?:is|are)|all|only|other|first|前|[(（])\s*$", re.IGNORECASE
)
_AFTER = re.compile(r"\s*(?:of\b|are\b|is\b|were\b|was\b|have\b|has\b|more\b|others?\b|[\u3400-\u9fff]|[)）])", re.IGNORECASE)
_FIRST = re.compile(r"(?:\bfirst|前)\s*$", re.IGNORECASE)
_CHINESE = re.compile(f"[{CHARACTERS}]+")
_HAS = re.compile(r"(?:\bhas|\bhave|(?<![另还仍尚])有)\s*$", re.IGNORECASE)
_OF_THEM = re.compile(r"\s*of (?:them|these|those|which|whom)\b", re.IGNORECASE)
_PART = re.compile(r"^\s*(?:of|/)\s*(?P<whole>\d{1,4})\b")
_OF_WHOLE = re.compile(r"[:：] ?\d+(?: of \d+|/\d+)? ?[^\d,，;；.。\n]{0,12}[,，] ?(?:of|of which|涉及|共)? ?$")
"""Behind a head and what it counts: "In breach: 2 of 20 covenants, of 2 borrowers"."""
_WHOLE = re.compile(r"(?:\bof|\bamong(?: the| our| your)?|/|共有?|共?测试了?|共计|全部|all|總共|一共)\s*$", re.IGNORECASE)


@dataclass(slots=True)
class Counts:
    """`kinds`: kind → numbers counted; `stated`: (kind, state) → numbers, the state empty for all of them;
    `owned`: the same of one borrower, by (kind, state, borrower); `others`: every number counted."""

    kinds: Tally = field(default_factory=dict)
    stated: dict[tuple[str, str], set[int]] = field(default_factory=dict)
    owned: dict[tuple[str, str, str], set[int]] = field(default_factory=dict)
    others: set[int] = field(default_factory=set)

    def add(self, kind: str, number: int) -> None:
        """One count of one kind."""
        self.others.add(number)
        if kind:
            self.kinds.setdefault(kind, set()).add(number)

    def state(self, kind: str, state: str, number: int, owner: str | None) -> None:
        """So many of a kind are in a state: of one borrower, or of everyone the tools spoke of."""
        if owner is None:
            self.stated.setdefault((kind, state), set()).add(number)
        else:
            self.owned.setdefault((kind, state, owner), set()).add(number)

    def known(self, kind: str, state: str, owners: frozenset[str]) -> set[int] | None:
        """The numbers told for a state: those of the borrowers named, else of everyone; None when nothing was told."""
        own = [found for owner in owners if (found := self.owned.get((kind, state, owner))) is not None]
        if own:
            return set().union(*own)
        if owners and any((k, s) == (kind, state) for k, s, _ in self.owned):
            return {0}
        return self.stated.get((kind, state))


def gather_counts(artifacts: Iterable[Artifact]) -> Counts:
    """The counts tools told, the sizes of what they returned, and how many covenants and loans are in each state."""
    book = phrase_book("gate")
    kind_of = {about: kind for kind, abouts in book["counts_of"].items() for about in abouts}
    counts = Counts()
    states: list[Value] = []
    for artifact in artifacts:
        over = {value.about for value in artifact.values if value.name == "covenant_ended"}
        for value in artifact.values:
            if value.about in over:
                continue
            if (
                value.unit == "count"
                and value.name != "stage"
                and value.value is not None
                and value.value == value.value.to_integral_value()
            ):
                kind = book["matches_of"].get(artifact.tool, "") if value.about == "matches" else kind_of.get(value.about, "")
                counts.add(kind, int(value.value))
                owner = value.borrower or artifact.arguments.get("borrower")
                if owner and kind:
                    counts.state(kind, value.about, int(value.value), str(owner))
                counts.stated.setdefault((kind, value.about), set()).add(int(value.value))
            if value.state and value.name in (*_STATES_OF, "loan_status") and value.about not in (value.borrower, "total"):
                states.append(value)
        counts.add("borrowers", len(artifact.borrowers))
        for group in (artifact.facts, artifact.figures, artifact.passages):
            counts.add("", len(group))
        tables: dict[str, int] = {}
        for row in artifact.rows:
            tables[row.table] = tables.get(row.table, 0) + 1
        for table, number in tables.items():
            counts.add(table if table in book["counted"] else "", number)
    _tally(counts, states)
    return counts


def _tally(counts: Counts, states: Sequence[Value]) -> None:
    book = phrase_book("gate")
    passing, concluded = frozenset(book["passing"]), frozenset(book["concluded"])
    ended = {v.about for v in states if v.name == "loan_status" and v.state in book["ended"]}
    running = {v.about: v for v in states if v.name == "loan_status" and v.about not in ended}
    states = [v for v in states if v.name in _STATES_OF]
    if running:
        for owner in {None, *(v.borrower for v in running.values())}:
            number = sum(1 for v in running.values() if owner in (None, v.borrower))
            counts.add("loans", number)
            counts.state("loans", "running", number, owner)
    latest = {(v.name, v.about): v for v in states if not (v.name == "arrears_state" and v.about in ended)}
    for owner in {None, *(v.borrower for v in states)}:
        mine = [v for v in latest.values() if owner is None or v.borrower == owner]
        for name, kind in _STATES_OF.items():
            of_kind = [v for v in mine if v.name == name]
            if of_kind:
                counts.add(kind, len(of_kind))
                counts.state(kind, "", len(of_kind), owner)
            for state in {v.state for v in of_kind} | _ALWAYS[name]:
                members = [v for v in of_kind if _in(v.state, state, passing, concluded)]
                counts.add(kind if members else "", len(members))
                if of_kind:
                    counts.state(kind, state, len(members), owner)
                    owners = len({v.borrower for v in members})
                    counts.state("borrowers", state, owners, owner)
                    counts.add("borrowers" if owners else "", owners)
                    if state == "compliant":
                        plain = sum(1 for v in of_kind if v.state == "compliant")
                        counts.state(kind, state, plain, owner)


def _in(state: str, wanted: str, passing: frozenset[str], concluded: frozenset[str]) -> bool:
    if wanted == "compliant":
        return state in passing
    if wanted == "open":
        return state not in concluded and state not in ("arrears", "no_arrears")
    return state == wanted


def columns_of(text: str, start: int, end: int) -> frozenset[str]:
    """The cells of rows that the noun behind the number names, when it names a column of its own."""
    return frozenset(phrase_book("gate")["cells_of"].get(_kind(text, start, end), ()))


def is_part(text: str, end: int) -> bool:
    """Whether a number is the first of "2 of 3"."""
    return _PART.match(text[end : end + 12]) is not None


def supported(number: int, start: int, end: int, text: str, bounds: tuple[int, int], counts: Counts, special: bool, owners: frozenset[str] = frozenset()) -> bool:  # fmt: skip
    """Whether the count at `start`..`end` stands. `bounds`: its clause; `special`: the clause names a metric or an identifier,
    so that it may speak of some of those only; `owners`: the borrowers it speaks of."""
    low, high = bounds
    kind = _kind(text, start, end)
    part = None if kind else _PART.match(text[end : end + 12])
    if part:
        kind = _kind(text, end + part.start("whole"), end + part.end("whole"))
        if number > int(part["whole"]):
            return False
    state = _state(text, start, end, low, high)
    kind = kind or phrase_book("gate")["state_kinds"].get(state, "")
    if _FIRST.search(text[max(0, start - 8) : start]) and counts.others and 0 < number <= max(counts.others):
        return True
    if kind in phrase_book("gate")["cells_of"]:
        return False
    if not _belongs(kind, number, owners, counts):
        return False
    written = kind or part or state or _counting(text, start, end)
    if number not in (counts.kinds.get(kind) or counts.others) or not written:
        return False
    whole = not part and not (state and kind == "borrowers") and _WHOLE.search(text[max(0, start - 12) : start]) is not None
    state = "" if whole else state
    known = counts.known(kind or "covenants", state, owners) if state or whole else None
    if (
        known is None
        and not state
        and not part
        and _HAS.search(text[max(0, start - 12) : start])
        and kind in ("covenants", "loans")
    ):
        owned = [counts.known(kind, one, owners) for one in ("", "running")]
        return not any(owned) or any(number in one for one in owned if one)
    if known is None:
        return True
    known = known | (set() if state in _FIGURED else counts.stated.get((kind, "matches"), set()))
    return number in known or (special and kind != "borrowers" and 0 < number <= max(known))


def _belongs(kind: str, number: int, owners: frozenset[str], counts: Counts) -> bool:
    """A count that tools told per borrower must be one of the borrowers the words speak of."""
    told = {owner for known, _, owner in counts.owned if known == kind}
    if not kind or not owners or not told or kind in ("covenants", "loans", "borrowers"):
        return True
    mine = [numbers for (known, _, owner), numbers in counts.owned.items() if known == kind and owner in owners]
    return bool(mine) and number in set().union(*mine)


def _counting(text: str, start: int, end: int) -> bool:
    """Whether a number without a known noun is written where a count is written."""
    return bool(_BEFORE.search(text[max(0, start - 12) : start]) or _AFTER.match(text, end))


def _kind(text: str, start: int, end: int) -> str:
    """The kind named by the word right after the digits; of "2 of them", the kind counted before."""
    pattern, kinds = _nouns()
    if _OF_THEM.match(text, end):
        earlier = [kinds[m.group().lower()] for m in pattern.finditer(text, max(0, start - 60), start)]
        return earlier[-1] if earlier else ""
    digits = re.match(r"[\d,]+", text[start:]) or SPELLED.match(text[start:]) or _CHINESE.match(text[start:])
    place = start + (digits.end() if digits else 0)
    found = pattern.match(text, place + (1 if text[place : place + 1] == " " else 0))
    return kinds[found.group().lower()] if found else ""


def _state(text: str, start: int, end: int, low: int, high: int) -> str:
    """The one state the clause names behind the number or else before it; or the one before a colon ("Past due: 1 loan")."""
    pattern, keys = _states()
    for first, last in ((end, high), (low, start)):
        named = {keys[m.group().lower()] for m in pattern.finditer(text, first, last)}
        if named:
            return named.pop() if len(named) == 1 else ""
    head = text[max(0, start - 48) : start]
    before = re.search(r"[::][^,;.,。;\n]{0,16}$", head[-18:]) or _OF_WHOLE.search(head)
    if before:
        place = start - len(before.group())
        heads = [keys[m.group().lower()] for m in pattern.finditer(text, max(0, place - 20), place) if m.end() >= place - 1]
        return heads[-1] if heads else ""
    return ""


@cache
def _nouns() -> tuple[re.Pattern[str], Mapping[str, str]]:
    table = {word.lower(): kind for kind, words in phrase_book("gate")["counted"].items() for word in words}
    return word_pattern(list(table)), table


@cache
def _states() -> tuple[re.Pattern[str], Mapping[str, str]]:
    book = phrase_book("gate")
    table = {
        word.lower(): state for group in ("states", "counted_states") for state, words in book[group].items() for word in words
    }
    return word_pattern(list(table)), table
