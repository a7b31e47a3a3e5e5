"""One alteration of a right answer that changes what a reader sees: a number, date, borrower, period, unit or direction.

Places are found with patterns of this module, not with the gate's, so that what the gate cannot read is altered as well.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from eval.gate.material import Spoken
from prompts.library import phrase_book

MARK = re.compile(r"\{[0-9a-f,]{6,}\}")
NUMBER = re.compile(r"(?<![\w.])\d{1,3}(?:,\d{3})+(?:\.\d+)?|(?<![\w.,])\d+(?:\.\d+)?")
YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?=年|[-/]\d|$|\D)")
ZH_DAY = re.compile(r"(?P<y>\d{4})年(?P<m>\d{1,2})月(?:(?P<d>\d{1,2})日)?")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
EN_DAY = re.compile(rf"(?P<d>\d{{1,2}}) (?P<m>{'|'.join(MONTHS)}) (?P<y>\d{{4}})")
PERIOD = re.compile(r"(?P<zh>\d{4}年(?:度|上半年|前三季度|第?[一二三四]季度)?)|(?P<en>(?:FY|H1 |H2 |Q[1-4] )\d{4})")


@dataclass(frozen=True, slots=True)
class Altered:
    """`text` with `was` turned into `now` at `start`; `kind` says what was touched."""

    kind: str
    text: str
    start: int
    was: str
    now: str


Maker = Callable[[Spoken, random.Random], Altered | None]


def alterations(said: Spoken, rng: random.Random, wanted: int, makers: Mapping[str, Maker] | None = None) -> Iterator[Altered]:
    """Up to `wanted` different alterations of one answer, the kinds in turn."""
    makers = MAKERS if makers is None else makers
    seen: set[str] = {said.text}
    kinds = list(makers)
    rng.shuffle(kinds)
    made = misses = 0
    while made < wanted and misses < 3 * len(kinds):
        altered = makers[kinds[(made + misses) % len(kinds)]](said, rng)
        if altered is None or altered.text in seen:
            misses += 1
            continue
        seen.add(altered.text)
        made += 1
        yield altered


def places_of(pattern: re.Pattern[str], text: str) -> list[re.Match[str]]:
    """Matches that stand in no mark."""
    hidden = [m.span() for m in MARK.finditer(text)]
    return [m for m in pattern.finditer(text) if not any(a <= m.start() < b for a, b in hidden)]


def put(kind: str, text: str, start: int, was: str, now: str) -> Altered | None:
    """The alteration; None when it alters nothing."""
    return None if was == now else Altered(kind, text[:start] + now + text[start + len(was) :], start, was, now)


def numbers_of(text: str) -> list[re.Match[str]]:
    """Numbers that are no part of a date, an identifier or a list's own numbering."""
    dated = [m.span() for pattern in (ZH_DAY, EN_DAY, PERIOD) for m in pattern.finditer(text)]
    return [
        m
        for m in places_of(NUMBER, text)
        if not any(a <= m.start() < b for a, b in dated) and not re.match(r"[年月日]\d|年|月", text[m.end() :])
    ]


def digit(said: Spoken, rng: random.Random) -> Altered | None:
    """One digit of one number."""
    places = numbers_of(said.text)
    if not places:
        return None
    match = rng.choice(places)
    spots = [i for i in range(match.start(), match.end()) if said.text[i].isdigit()]
    spot = rng.choice(spots)
    new = rng.choice([d for d in "0123456789" if d != said.text[spot]])
    if new == "0" and spot == match.start() and len(match.group()) > 1:
        new = "9" if said.text[spot] != "9" else "8"
    return put("number", said.text, spot, said.text[spot], new)


def shifted(said: Spoken, rng: random.Random) -> Altered | None:
    """A decimal point moved."""
    places = [m for m in numbers_of(said.text) if "." in m.group() and "," not in m.group()]
    if not places:
        return None
    match = rng.choice(places)
    whole, _, fraction = match.group().partition(".")
    new = f"{whole}{fraction[0]}.{fraction[1:]}" if len(fraction) > 1 else f"{whole[:-1] or '0'}.{whole[-1]}{fraction}"
    new = re.sub(r"^0+(?=\d)", "", new)
    return None if float(new) == float(match.group()) else put("number", said.text, match.start(), match.group(), new)


def swapped(said: Spoken, rng: random.Random) -> Altered | None:
    """Another number of the same answer, written the same way, in this one's place."""
    places = numbers_of(said.text)
    tails = {m: re.match(r"(?:\{[^}]*\})?\s?(?:[%万亿x]|billion|million|days|天)?", said.text[m.end() :]) for m in places}
    pairs = [
        (a, b) for a in places for b in places
        if a.group() != b.group() and tails[a] and tails[b] and tails[a].group()[-1:] == tails[b].group()[-1:]  # type: ignore[union-attr]
        and ("." in a.group()) == ("." in b.group()) and not same(a.group(), b.group())
    ]  # fmt: skip
    if not pairs:
        return None
    a, b = rng.choice(pairs)
    return put("number", said.text, a.start(), a.group(), b.group())


def same(one: str, other: str) -> bool:
    """One is a rounding of the other: the reader would see the same value."""
    a, b = (Decimal(text.replace(",", "")) for text in (one, other))
    step = Decimal(1).scaleb(max(int(a.as_tuple().exponent), int(b.as_tuple().exponent)))
    return a.quantize(step, ROUND_HALF_UP) == b.quantize(step, ROUND_HALF_UP) or abs(a - b) <= max(a, b) * Decimal("0.006")


def signed(said: Spoken, rng: random.Random) -> Altered | None:
    """A minus lost, or one too many."""
    places = numbers_of(said.text)
    if not places:
        return None
    match = rng.choice(places)
    before = said.text[max(0, match.start() - 5) : match.start()]
    if re.search(r"[(（](?:[A-Z]{3} ?)?-$", said.text[max(0, match.start() - 7) : match.start()]):
        return None  # what is left would be a bracket, which says minus as well
    if before.endswith(("-", "−")):
        return put("number", said.text, match.start() - 1, before[-1], "")
    if (
        float(match.group().replace(",", "")) == 0
        or re.search(r"[\w.]$|[A-Z]{3} $", before)
        or re.match(r"[.、]\s", said.text[match.end() :])
    ):
        return None
    return put("number", said.text, match.start(), match.group(), "-" + match.group())


def dated(said: Spoken, rng: random.Random) -> Altered | None:
    """Another day, month or year in a date."""
    places = [*places_of(ZH_DAY, said.text), *places_of(EN_DAY, said.text)]
    if not places:
        return None
    match = rng.choice(places)
    part = rng.choice([name for name, value in match.groupdict().items() if value])
    old = match[part]
    if part == "y":
        new = str(int(old) + rng.choice((-1, 1, -2)))
    elif part == "d":
        new = str(rng.choice([d for d in range(1, 29) if d != int(old)]))
    elif old in MONTHS:
        new = rng.choice([m for m in MONTHS if m != old])
    else:
        new = str(rng.choice([m for m in range(1, 13) if m != int(old)]))
    return put("date", said.text, match.start(part), old, new)


def period(said: Spoken, rng: random.Random) -> Altered | None:
    """Another year, half or quarter than the value's."""
    places = [m for m in places_of(PERIOD, said.text) if not re.match(r"\d{1,2}月", said.text[m.end() :])]
    if not places:
        return None
    match = rng.choice(places)
    old = match.group()
    year = re.search(r"\d{4}", old)
    assert year is not None
    others = [old.replace(year.group(), str(int(year.group()) + shift)) for shift in (-1, 1, -2)]
    if "上半年" in old:
        others.append(old.replace("上半年", "度"))
    if "前三季度" in old:
        others.append(old.replace("前三季度", "上半年"))
    if old.startswith("H1"):
        others.append(old.replace("H1 ", "FY"))
    return put("period", said.text, match.start(), old, rng.choice(others))


def borrower(said: Spoken, rng: random.Random) -> Altered | None:
    """The name of another borrower, one the asker may see or one that does not exist."""
    refs = {ref.id: ref for artifact in said.run.artifacts for ref in artifact.borrowers}
    named = [
        (ref, name, at.start()) for ref in refs.values() for name in (ref.name, ref.name_en) if name
        for at in places_of(re.compile(re.escape(name)), said.text)
    ]  # fmt: skip
    if not named:
        return None
    ref, name, start = rng.choice(named)
    everyone = [b for b in said.run.desk.index().borrowers if b.id != ref.id]
    han = bool(re.search(r"[\u3400-\u9fff]", name))
    names = [n for b in everyone for n in (b.name, b.name_en or "") if n and bool(re.search(r"[\u3400-\u9fff]", n)) == han]
    names += [r.name if han else r.name_en for r in refs.values() if r.id != ref.id and (r.name if han else r.name_en)] * 5
    names.append("江州鼎盛实业有限公司" if han else "Northgate Holdings Limited")
    new = rng.choice(names)
    return None if new in name or name in new else put("borrower", said.text, start, name, new)


@cache
def _pairs(table: str) -> tuple[tuple[str, str], ...]:
    made: list[tuple[str, str]] = []
    for one, other in phrase_book("gate_suite")[table]:
        made += [(one, other), (other, one)]
    return tuple(made)


def words_of(kind: str, table: str) -> Maker:
    """A maker that puts one word of a pair of this table in the other's place."""

    def maker(said: Spoken, rng: random.Random) -> Altered | None:
        choices: list[tuple[int, str, str]] = []
        for was, now in _pairs(table):
            edge = r"(?<![A-Za-z])" if was[0].isascii() and was[0].isalpha() else ""
            tail = r"(?![A-Za-z])" if was[-1].isascii() and was[-1].isalpha() else ""
            for match in places_of(re.compile(edge + re.escape(was) + tail), said.text):
                choices.append((match.start(), was, now))
        # The longest word at a place: 不低于 is not 低于.
        kept = [
            c for c in choices
            if not any(o[0] <= c[0] and c[0] + len(c[1]) <= o[0] + len(o[1]) and len(o[1]) > len(c[1]) for o in choices)
        ]  # fmt: skip
        kept = [c for c in kept if not _excepted(said.text, c[0], c[1])]
        if not kept:
            return None
        start, was, now = rng.choice(kept)
        return put(kind, said.text, start, was, now)

    return maker


def _excepted(text: str, start: int, was: str) -> bool:
    """Inside a longer word of another meaning."""
    around: Sequence[str] = phrase_book("gate_suite")["longer_words"]
    return any(
        a <= start and start + len(was) <= a + len(word)
        for word in around
        for a in [m.start() for m in re.finditer(re.escape(word), text)]
    )


def unit(said: Spoken, rng: random.Random) -> Altered | None:
    """Another unit or currency right behind (or before) a number."""
    table: Sequence[Sequence[str]] = phrase_book("gate_suite")["units"]
    choices: list[tuple[int, str, str]] = []
    for match in numbers_of(said.text):
        if float(match.group().replace(",", "")) == 0:
            continue  # nothing is nothing in every unit
        for was, now in (pair for group in table for pair in ((group[0], group[1]), (group[1], group[0]))):
            if said.text.startswith(was, match.end()):
                choices.append((match.end(), was, now))
        head = re.search(r"(CNY|USD|EUR) $", said.text[max(0, match.start() - 4) : match.start()])
        if head:
            choices.append((match.start() - 4, head[1], "USD" if head[1] != "USD" else "CNY"))
    longest = [c for c in choices if not any(o[0] == c[0] and len(o[1]) > len(c[1]) and o[1].startswith(c[1]) for o in choices)]
    if not longest:
        return None
    start, was, now = rng.choice(longest)
    return put("unit", said.text, start, was, now)


MAKERS: dict[str, Maker] = {
    "digit": digit, "shift": shifted, "swap": swapped, "sign": signed, "date": dated, "period": period, "borrower": borrower,
    "unit": unit, "direction": words_of("direction", "directions"), "state": words_of("direction", "states"),
}  # fmt: skip
