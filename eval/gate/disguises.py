"""Alterations of an adversary: the same lie in words, in ranges, in another base, or two right things in each other's place.

They are kept apart from the plain ones, so that the plain examination stays comparable with earlier ones.
"""

from __future__ import annotations

import random
import re
from decimal import Decimal

from assistant.citing import Nodes, key_of
from eval.gate.alterations import MARK, Altered, Maker, numbers_of, places_of, put, same, words_of
from eval.gate.material import Spoken
from eval.gate.wordings import chinese
from tools.domain.number_words import TENS, UNITS

_TAIL = re.compile(
    r"(?P<mark>\{[^}]*\})?(?P<unit> ?(?:%|x(?![A-Za-z])|倍|天|days\b|亿元|万元|元|million\b|billion\b|个百分点|percentage points\b|笔|条|项|户|loans\b|alerts\b))"
)
_ENGLISH = list(UNITS)
_TENS = list(TENS)
_HAN = re.compile(r"[\u3400-\u9fff]")


def english(number: int) -> str:
    """A whole number below a hundred in English words."""
    if number < 20:
        return _ENGLISH[number]
    tens, ones = divmod(number, 10)
    return _TENS[tens - 2] + (f"-{_ENGLISH[ones]}" if ones else "")


def _measured(text: str) -> list[tuple[re.Match[str], re.Match[str]]]:
    """Numbers with the unit behind them."""
    return [(m, tail) for m in numbers_of(text) if (tail := _TAIL.match(text, m.end()))]


def _value(match: re.Match[str]) -> Decimal:
    return Decimal(match.group().replace(",", ""))


def numeral(said: Spoken, rng: random.Random) -> Altered | None:
    """Another number, in words."""
    choices = [(m, tail) for m, tail in _measured(said.text) if 1 <= _value(m) < (1000 if _HAN.search(tail["unit"]) else 90)]
    if not choices:
        return None
    match, tail = rng.choice(choices)
    value = _value(match)
    other = int(value) + rng.choice([d for d in (-2, -1, 2, 3, 7) if int(value) + d > 0])
    unit = tail["unit"].strip()
    if said.language == "zh" and not unit.isascii():
        words = chinese(other)
    elif said.language == "zh" and unit == "%":
        start, end = match.start(), tail.end()
        if said.text[start - 1 : start] == "-":
            return None
        return put("number in words", said.text, start, said.text[start:end], f"百分之{chinese(other)}{tail['mark'] or ''}")
    elif said.language == "en":
        words = english(other) + ("" if tail["unit"].startswith(" ") or unit == "%" else " ")
        if unit in ("%", "x"):
            spelled = "percent" if unit == "%" else "times"
            now = f"{english(other)} {spelled}{tail['mark'] or ''}"
            return put("number in words", said.text, match.start(), said.text[match.start() : tail.end()], now)
    else:
        return None
    return put("number in words", said.text, match.start(), match.group(), words)


def ranged(said: Spoken, rng: random.Random) -> Altered | None:
    """A range the value does not lie in."""
    choices = [(m, tail) for m, tail in _measured(said.text) if _value(m) >= 1 and said.text[m.start() - 1 : m.start()] != "-"]
    if not choices:
        return None
    match, _tail = rng.choice(choices)
    value, places = _value(match), len(match.group().partition(".")[2])
    step = Decimal(1).scaleb(-places)
    low = (value * Decimal(rng.choice(("1.1", "0.7")))).quantize(step)
    if low == value:
        low += step
    high = (low * Decimal("1.1")).quantize(step) if low > value else (value * Decimal("0.9")).quantize(step)
    if high <= low or low <= value <= high:
        return None
    joint = rng.choice(("至", "-", "~") if said.language == "zh" else (" to ", "-", "–"))
    return put("range", said.text, match.start(), match.group(), f"{low:,}{joint}{high:,}")


def about(said: Spoken, rng: random.Random) -> Altered | None:
    """An approximation the value does not bear out."""
    choices = [
        (m, tail) for m, tail in _measured(said.text) if _value(m) >= 2 and said.text[m.start() - 1 : m.start()] not in "-~约"
    ]
    if not choices:
        return None
    match, _tail = rng.choice(choices)
    value = _value(match)
    off = value * Decimal(rng.choice(("1.08", "1.15", "0.9", "0.8")))
    said_as = off.quantize(Decimal(1)) if value >= 20 or rng.random() < 0.5 else off.quantize(Decimal("0.1"))
    if abs(said_as - value) < value * Decimal("0.04") or abs(said_as - value) < 1:
        return None
    lead = rng.choice(
        ("约", "大约", "近", "超过", "不到")
        if said.language == "zh"
        else ("about ", "nearly ", "just over ", "roughly ", "just under ")
    )
    if (lead in ("超过", "不到") or lead.startswith(("just",))) and (said_as < value) == (lead in ("超过", "just over ")):
        lead = "约" if said.language == "zh" else "about "
    if said.language == "en":
        money = re.search(r"(?:CNY|USD|EUR|GBP|HKD|SGD) $", said.text[max(0, match.start() - 4) : match.start()])
        if money:
            start = match.start() - len(money.group())
            return put("approximation", said.text, start, said.text[start : match.end()], f"{lead}{money.group()}{said_as:,}")
    return put("approximation", said.text, match.start(), match.group(), f"{lead}{said_as:,}")


_MOVE = re.compile(
    r"(?P<verb>上升|增长|增加|下降|减少|降低)(?P<le>了)?(?P<n>\d+(?:\.\d+)?)%|(?P<by>\bby|\bor|\bof) (?P<m>\d+(?:\.\d+)?)%",
    re.IGNORECASE,
)


def times(said: Spoken, rng: random.Random) -> Altered | None:
    """Doubled, halved, by a third, where the change is another."""
    choices = [
        m
        for m in places_of(_MOVE, said.text)
        if all(abs(Decimal(m["n"] or m["m"]) - size) > 8 for size in (50, 100, Decimal("33.3")))
    ]
    if not choices:
        return None
    match = rng.choice(choices)
    if match["verb"]:
        now = rng.choice(("翻了一番", "增加了一倍", f"{match['verb']}三分之一", f"{match['verb']}一半", f"{match['verb']}五成"))
    else:
        now = match["by"] + rng.choice(
            (" a third", " half", " one half", " two thirds", " a quarter" if abs(Decimal(match["m"]) - 25) > 5 else " a third")
        )
    return put("share in words", said.text, match.start(), match.group(), now)


def traded(said: Spoken, rng: random.Random) -> Altered | None:
    """Two numbers in each other's place, their marks left where they were."""
    return _trade(said, rng, marked=False)


def carried(said: Spoken, rng: random.Random) -> Altered | None:
    """Two numbers in each other's place, each with its mark."""
    return _trade(said, rng, marked=True)


def _trade(said: Spoken, rng: random.Random, marked: bool) -> Altered | None:
    found = _spans(said.text, marked)
    pairs = [
        (a, b) for a in found for b in found
        if a[1] <= b[0] and a[3] == b[3] and not same(a[2], b[2]) and ("." in a[2]) == ("." in b[2])
    ]  # fmt: skip
    if not pairs:
        return None
    a, b = rng.choice(pairs)
    text = said.text
    one, other = text[a[0] : a[1]], text[b[0] : b[1]]
    if one == other:
        return None
    return Altered("two values swapped", text[: a[0]] + other + text[a[1] : b[0]] + one + text[b[1] :], a[0], one, other)


def _spans(text: str, marked: bool) -> list[tuple[int, int, str, str]]:
    """Start, end, digits and unit of every number that may trade places; a bracket behind it that says it again goes along with none."""
    out = []
    for match in numbers_of(text):
        tail = re.match(
            r"(?P<a>\{[^}]*\})?(?P<unit> ?(?:%|x\b|倍|天|days|亿元|万元|元|million|billion)?)(?P<mark>\{[^}]*\})?",
            text[match.end() :],
        )
        assert tail is not None
        head = re.search(r"(?:CNY|USD|EUR|GBP|HKD|SGD) $", text[max(0, match.start() - 4) : match.start()])
        if not (tail["unit"].strip() or head or "." in match.group()) or text[match.start() - 1 : match.start()] in (
            "-",
            "(",
            "（",
        ):
            continue
        if re.match(r"[(（]", text[match.end() + tail.end() :]) or re.search(
            r"[(（][^()（）]*$", text[max(0, match.start() - 6) : match.start()]
        ):
            continue
        end = match.end() + (tail.end() if marked else 0)
        out.append((match.start(), end, match.group(), tail["unit"].strip() + (head.group() if head else "")))
    return out


def ranked(said: Spoken, rng: random.Random) -> Altered | None:
    """Two places of a numbered list of values in each other's place."""
    lines = said.text.split("\n")
    places = [(i, m) for i, line in enumerate(lines) if (m := re.match(r"(\d+)\. (?=.*\d)", line))]
    pairs = [
        (a, b) for a in places for b in places if a[0] < b[0] and a[1][1] != b[1][1] and not _like(lines[a[0]], lines[b[0]])
    ]
    if not pairs:
        return None
    (i, a), (j, b) = rng.choice(pairs)
    one, other = lines[i][a.end() :], lines[j][b.end() :]
    lines[i], lines[j] = a.group() + other, b.group() + one
    text = "\n".join(lines)
    return None if text == said.text else Altered("rank", text, len("\n".join(lines[:i])) + 1, one, other)


def _like(one: str, other: str) -> bool:
    """Both lines say the same value: either may stand first."""
    a, b = (
        re.findall(
            r"[\d,]+\.\d+|[\d,]+(?=%|天| days)", MARK.sub("", re.sub(r"[(（][^()（）]*[)）]", "", line)).split(". ", 1)[-1]
        )
        for line in (one, other)
    )
    return not a or not b or a[-1] == b[-1]


def cited(said: Spoken, rng: random.Random) -> Altered | None:
    """Another source's mark behind a number."""
    found = [
        m for m in MARK.finditer(said.text) if said.text[m.start() - 1].isdigit() or said.text[m.start() - 1] in "%元天x倍n点s"
    ]
    kinds = sorted({m.group() for m in MARK.finditer(said.text)})
    if len(kinds) < 2 or not found:
        return None
    match = rng.choice(found)
    nodes = Nodes(said.run.artifacts)
    opens = {kind: _opens(kind, nodes) for kind in kinds}
    others = [k for k in kinds if not opens[k] & opens[match.group()]]
    if not others:
        return None
    now = rng.choice(others)
    return Altered("citation", said.text[: match.start()] + now + said.text[match.end() :], match.start(), match.group(), now)


def _opens(mark: str, nodes: Nodes) -> frozenset[str]:
    """What a reader finds behind a mark."""
    ids = [nodes.of_handle(part) for part in mark.strip("{}").split(",")]
    return frozenset(key_of(source) for id in ids if id for source in nodes.sources(id)) | frozenset(id for id in ids if id)


_QUARTER = re.compile(
    r"第?[一二三四]季度|\bQ[1-4]\b|上半年|下半年|前三季度|\bH[12]\b|\b9M\b|first half|second half|(?:first|second|third|fourth) quarter|nine months",
    re.IGNORECASE,
)
_QUARTERS = (
    ("第一季度", "第二季度", "第三季度", "第四季度"), ("一季度", "二季度", "三季度", "四季度"), ("Q1", "Q2", "Q3", "Q4"), ("H1", "H2"), ("上半年", "下半年", "前三季度"), ("first half", "second half"),
    ("first quarter", "second quarter", "third quarter", "fourth quarter"), ("9M", "H1"), ("nine months", "six months"),
)  # fmt: skip


def quarter(said: Spoken, rng: random.Random) -> Altered | None:
    """Another quarter or half."""
    places = places_of(_QUARTER, said.text)
    if not places:
        return None
    match = rng.choice(places)
    group = next((g for g in _QUARTERS if match.group() in g), None)
    if group is None:
        return None
    return put("quarter", said.text, match.start(), match.group(), rng.choice([g for g in group if g != match.group()]))


_MONEY = re.compile(r"(?<=[\d}])(?P<scale>亿|万)?元|(?P<head>CNY|USD|EUR|GBP|HKD|SGD) (?=-?\d)")


def currency(said: Spoken, rng: random.Random) -> Altered | None:
    """Another currency."""
    places = places_of(_MONEY, said.text)
    places = [
        m
        for m in places
        if not re.search(r"(?<![\d.])0(?:\.0+)?(?:\{[^}]*\})?$", said.text[max(0, m.start() - 12) : m.start()])
        and not re.match(r"0(?:\.0+)?(?![\d.])", said.text[m.end() :])
    ]
    if not places:
        return None
    match = rng.choice(places)
    now = (
        (match["scale"] or "") + rng.choice(("美元", "港元", "欧元"))
        if not match["head"]
        else rng.choice([c for c in ("CNY ", "USD ", "EUR ", "HKD ", "JPY ") if c.strip() != match["head"]])
    )
    return put("currency", said.text, match.start(), match.group(), now)


def owners(said: Spoken, rng: random.Random) -> Altered | None:
    """Two borrowers of one answer in each other's place."""
    refs = {ref.id: ref for artifact in said.run.artifacts for ref in artifact.borrowers}
    named = [
        (m.start(), m.end(), ref.id) for ref in refs.values() for name in {ref.name, ref.name_en or ref.name}
        for m in places_of(re.compile(re.escape(name) + r"(?![^\s,，]*\.(?:pdf|docx|xlsx))"), said.text)
    ]  # fmt: skip
    pairs = [(a, b) for a in named for b in named if a[1] <= b[0] and a[2] != b[2] and "→" not in said.text[a[0] : b[1]]]
    pairs = [(a, b) for a, b in pairs if _apart(said.text[a[1] : b[0]])]
    if not pairs:
        return None
    a, b = rng.choice(pairs)
    text = said.text
    one, other = text[a[0] : a[1]], text[b[0] : b[1]]
    if one == other:
        return None
    return Altered("two borrowers swapped", text[: a[0]] + other + text[a[1] : b[0]] + one + text[b[1] :], a[0], one, other)


def _apart(between: str) -> bool:
    """A number stands between two names, so that it changes its owner."""
    return bool(re.search(r"\d", MARK.sub("", between)))


DISGUISES: dict[str, Maker] = {
    "numeral": numeral, "ranged": ranged, "about": about, "times": times, "traded": traded, "carried": carried, "ranked": ranked, "cited": cited,
    "quarter": quarter, "currency": currency, "owners": owners, "base": words_of("comparison base", "bases"), "denied": words_of("denial", "denials"),
}  # fmt: skip
