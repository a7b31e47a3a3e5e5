"""The same answer in other words: true by construction, because every number is written anew from the value its mark points to."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal

from assistant.citing import Nodes
from eval.gate.alterations import EN_DAY, MARK, MONTHS, ZH_DAY
from eval.gate.material import Spoken
from prompts.library import phrase_book
from tools.domain.facts import Fact
from tools.domain.figures import Figure
from tools.toolbox.artifacts import Value

SHOWN = re.compile(
    r"(?<![\d,.¥币约])(?P<head>(?:CNY|USD|EUR) )?(?P<sign>-)?(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?P<tail>亿元|万元|元|万美元|亿美元|美元|%|天| days?| billion| million|x| percentage points|个百分点)?\{(?P<mark>[0-9a-f]{6})\}"
)
PLAIN = ("fx", "score")
"""Units nobody writes as a multiple."""
QUOTED = re.compile(r"“[^”]*”|\"[^\"\n]*\"")
CHINESE = "零一二三四五六七八九"
Transform = Callable[[str, Spoken, random.Random], str]


def rewordings(said: Spoken, rng: random.Random, wanted: int) -> Iterator[str]:
    """Up to `wanted` different right texts."""
    seen = {said.text}
    for _ in range(wanted * 4):
        text = said.text
        for transform in rng.sample(TRANSFORMS, rng.randint(1, 4)):
            text = transform(text, said, rng)
        if rng.random() < 0.15:
            text = full_width(text, said, rng)
        if text not in seen:
            seen.add(text)
            yield text
            if len(seen) > wanted:
                return


def _outside(text: str, pattern: re.Pattern[str], make: Callable[[re.Match[str]], str | None], *, marks: bool = True) -> str:
    """Replace matches that stand in no quotation (and in no mark)."""
    hidden = [m.span() for m in QUOTED.finditer(text)] + ([m.span() for m in MARK.finditer(text)] if marks else [])

    def replaced(match: re.Match[str]) -> str:
        if any(a <= match.start() < b for a, b in hidden):
            return match.group()
        made = make(match)
        return match.group() if made is None else made

    return pattern.sub(replaced, text)


def _round(value: Decimal, places: int) -> Decimal:
    return abs(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def chinese(number: int) -> str:
    """A whole number below ten thousand in Chinese numerals."""
    parts: list[str] = []
    gap = False
    for power, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        if digit:
            parts.append(("零" if gap and parts else "") + CHINESE[digit] + word)
        gap = not digit
    return (
        "".join(parts).removeprefix("一十") if not 10 <= number < 20 else "十" + (CHINESE[number % 10] if number % 10 else "")
    )


def notation(text: str, said: Spoken, rng: random.Random) -> str:
    """Amounts, shares and multiples in another notation."""
    nodes = Nodes(said.run.artifacts)

    def make(match: re.Match[str]) -> str | None:
        node = nodes.by_id.get(nodes.of_handle(match["mark"]) or "")
        if not isinstance(node, Figure | Fact | Value) or node.value is None or rng.random() < 0.3:
            return None
        if isinstance(node, Value) and node.unit in PLAIN:
            return None
        written = _written(node.value, match, said.language, rng)
        return None if written is None else written + "{" + match["mark"] + "}"

    return _outside(text, SHOWN, make, marks=False)


def _written(value: Decimal, match: re.Match[str], language: str, rng: random.Random) -> str | None:
    tail, sign = (match["tail"] or "").strip(), match["sign"] or ""
    if tail == "%":
        share = _round(value * 100, 2)
        short = _round(value * 100, 1)
        pool = [
            f"{share} %",
            f"{share}％",
            f"{short}%",
            f"{share} percent" if language == "en" else f"{share}%" if sign else f"百分之{_spoken(share)}",
        ]
        return sign + rng.choice(pool)
    if tail in ("天", "days", "day"):
        days = int(value)
        if value != days:
            return None
        return rng.choice([f"{chinese(days)}天" if 0 < days < 1000 else f"{days}天", f"{days}日"]) if language == "zh" else None
    if tail in ("个百分点", "percentage points"):
        points = _round(value * 10000, 0)
        return (
            sign + (f"{points}个基点" if language == "zh" else f"{points} basis points")
            if abs(value * 10000 - points) < Decimal("0.01")
            else None
        )
    if tail in ("亿元", "万元", "元"):
        return _yuan(value, sign, rng)
    if match["head"] or tail in ("billion", "million"):
        return _latin_money(value, (match["head"] or "").strip(), sign, rng)
    if tail in ("", "x") and not match["head"] and "." in match["digits"]:
        multiple = _round(value, len(match["digits"].partition(".")[2]))
        return sign + (f"{multiple}倍" if language == "zh" else f"{multiple}x")
    return None


def _spoken(share: Decimal) -> str:
    whole, _, fraction = str(share).partition(".")
    said = chinese(int(whole)) if int(whole) else "零"
    return said + ("点" + "".join(CHINESE[int(d)] for d in fraction) if fraction.strip("0") else "")


def _yuan(value: Decimal, sign: str, rng: random.Random) -> str:
    size = abs(value)
    pool = [f"{_round(size / 10000, 2):,}万元"] + ([f"{_round(size / 10**8, 4)}亿元"] if size >= 10**6 else [])
    if size == size.to_integral_value():
        pool += [f"{int(size):,}元", f"人民币{int(size):,}元", f"¥{int(size):,}"]
    if size >= 10**7:
        pool += [f"约{_round(size / 10**8, 2)}亿元", f"约{_round(size / 10000, 0):,}万元", f"{_round(size / 10000, 0):,}万"]
    tens = size / 10000
    if tens == tens.to_integral_value() and 0 < tens < 10000:
        pool.append(f"{chinese(int(tens))}万元")
    chosen = rng.choice(pool)
    return f"约{sign}{chosen[1:]}" if chosen.startswith("约") else sign + chosen


def _latin_money(value: Decimal, currency: str, sign: str, rng: random.Random) -> str:
    size, head = abs(value), f"{currency} " if currency else ""
    pool = [f"{head}{_round(size / 10**6, 2):,} million", f"{head}{_round(size / 1000, 0):,} thousand", f"{head}{_round(size / 10**6, 1):,}m",
            f"about {head}{_round(size / 10**6, 1):,} million"]  # fmt: skip
    if size == size.to_integral_value():
        pool.append(f"{head}{int(size):,}")
    if size >= 10**9:
        pool.append(f"{head}{_round(size / 10**9, 2)} billion")
    return (
        sign + rng.choice(pool)
        if not sign
        else "(" + rng.choice(pool[:2]) + ")"
        if rng.random() < 0.5
        else sign + rng.choice(pool[:2])
    )


def days(text: str, said: Spoken, rng: random.Random) -> str:
    """Dates in another form."""
    form = rng.randint(0, 2)

    def zh(match: re.Match[str]) -> str | None:
        y, m, d = match["y"], int(match["m"]), match["d"]
        if d is None:
            return None
        return (
            f"{y}-{m:02d}-{int(d):02d}",
            f"{y}/{m}/{d}",
            f"{y}年末" if (m, d) == (12, "31") else f"{y}.{m:02d}.{int(d):02d}",
        )[form]

    def en(match: re.Match[str]) -> str | None:
        m = MONTHS.index(match["m"])
        return (
            f"{match['m']} {match['d']}, {match['y']}",
            f"{match['d']} {match['m'][:3]} {match['y']}",
            f"{match['y']}-{m + 1:02d}-{int(match['d']):02d}",
        )[form]

    return _outside(_outside(text, ZH_DAY, zh), EN_DAY, en)


def synonyms(text: str, said: Spoken, rng: random.Random) -> str:
    """Other words for direction, state, comparison."""
    rows: Sequence[Sequence[str]] = phrase_book("gate_suite")["synonyms"][said.language]
    for first, *others in rows:
        edge = r"(?<![A-Za-z])(?<!-bank )" if first[0].isascii() else r"(?<![不未无有行款])"
        tail = r"(?![A-Za-z])" if first[-1].isascii() else ""
        other = rng.choice(others)
        text = _outside(text, re.compile(edge + re.escape(first) + tail), lambda m, other=other: other)  # type: ignore[misc]
    return text


def full_width(text: str, said: Spoken, rng: random.Random) -> str:
    """Digits, points and per cent signs as a Chinese input method writes them."""
    table = str.maketrans("0123456789.%", "０１２３４５６７８９．％")
    pattern = re.compile(r"(?<![A-Za-z\d-])\d[\d,]*(?:\.\d+)?%?(?![A-Za-z\d-])")
    if said.language != "zh" or re.search(r"\.(?:pdf|docx|xlsx|html|md)", text):
        return text
    return _outside(text, pattern, lambda m: m.group().translate(table))


def shuffled(text: str, said: Spoken, rng: random.Random) -> str:
    """Bullet lines in another order."""
    lines = text.split("\n")
    spots = [i for i, line in enumerate(lines) if line.startswith("- ")]
    runs = [i for i in spots if i + 1 in spots]
    if not runs or any(line.startswith("  ") for line in lines):
        return text
    first = runs[0]
    last = first
    while last + 1 in spots:
        last += 1
    block = lines[first : last + 1]
    rng.shuffle(block)
    return "\n".join([*lines[:first], *block, *lines[last + 1 :]])


TABLE_LINE = re.compile(r"^- (?P<name>[^::\n“”]{2,40})[::]\s?(?P<value>[^\n“”(（]+?)\s?[((](?P<when>[^()（）]+)[)）]$")


def tabled(text: str, said: Spoken, rng: random.Random) -> str:
    """A list of values as a Markdown table."""
    lines = text.split("\n")
    rows = [(i, m) for i, line in enumerate(lines) if (m := TABLE_LINE.match(line))]
    if len(rows) < 2 or rows[-1][0] - rows[0][0] != len(rows) - 1:
        return text
    head = ["| 指标 | 数值 | 期间 |" if said.language == "zh" else "| Metric | Value | Period |", "|---|---|---|"]
    body = [f"| {m['name']} | {m['value']} | {m['when']} |" for _, m in rows]
    return "\n".join([*lines[: rows[0][0]], *head, *body, *lines[rows[-1][0] + 1 :]])


def flowing(text: str, said: Spoken, rng: random.Random) -> str:
    """Bullets as one paragraph."""
    joint = ";" if said.language == "zh" else "; "
    return re.sub(r"\n- ", joint, text) if text.count("\n- ") > 1 and "\n  " not in text and ":\n- " not in text else text


def framed(text: str, said: Spoken, rng: random.Random) -> str:
    """A sentence before and one behind."""
    book = phrase_book("gate_suite")
    opening, closing = rng.choice(book["openings"][said.language]), rng.choice(book["closings"][said.language])
    return f"{opening}{text}\n{closing}" if rng.random() < 0.5 else f"{text}\n{closing}"


def aliased(text: str, said: Spoken, rng: random.Random) -> str:
    """A borrower by another of its names, or from the second time on as the company."""
    refs = {ref.id: ref for artifact in said.run.artifacts for ref in artifact.borrowers}
    if len(refs) != 1:
        return text
    ref = next(iter(refs.values()))
    name = ref.name if said.language == "zh" else ref.name_en or ref.name
    others = [a for a in ref.aliases if len(a) > 2] or [name]
    other = rng.choice(others)
    papers = r"(?![^\s,,]*\.(?:pdf|docx|xlsx|html|md|eml))"
    places = [
        m.start()
        for m in re.finditer(re.escape(name) + papers, text)
        if not any(a <= m.start() < b for a, b in (q.span() for q in QUOTED.finditer(text)))
    ]
    for number, place in reversed(list(enumerate(places))):
        new = other if number == 0 else ("该公司" if said.language == "zh" else "the company")
        text = text[:place] + new + text[place + len(name) :]
    return text


TRANSFORMS: Sequence[Transform] = (notation, notation, days, synonyms, synonyms, shuffled, tabled, flowing, framed, aliased)
