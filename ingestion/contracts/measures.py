"""Which measure a bound speaks of: a named ratio, "the ratio of A to B", or what the contract's own definition makes of a name."""

from __future__ import annotations

import re

from ingestion.contracts.comparisons import Comparison
from ingestion.contracts.vocabulary import Metric, Vocabulary
from ingestion.quantities import quantities

RATIO_OF = re.compile(r"\bratio(?:\s*\([^)]{0,60}\))?\s+of\b(?P<a>.{3,160}?)\bto\b(?P<b>.{3,160})", re.I | re.S)
SLASH = re.compile(r"[（(]?(?P<a>[^，。；、/（）()]{2,16}?)[）)]?\s*[/÷／]\s*[（(]?(?P<b>[^，。；、/]{2,20})")
ZH_RATIO = re.compile(
    r"(?P<a>[^，。；、：]{2,14}?)(?:与|和|同|对|占|除以|÷|比(?![率例重值])上?)(?P<b>[^，。；、：]{2,14}?)(?:之比率?|之比值|的?比例|的?比率|的?比重|的?比值|的?百分比|的?占比|之商|的?商|的?倍数|的?(?:覆盖|保障)倍数|的?覆盖率|的?[（(])"
)
TIMES_EN = re.compile(
    r"^\s*(?:or equal to\s+)?(?:[a-z]+\s+)?[（(]?\d[\d.,]*[）)]?\s*(?:times|x|%|per\s?cent\.?|percent)\s+(?:of\s+)?(?:the\s+|its\s+|their\s+)?(?P<b>[A-Za-z][A-Za-z' -]{2,60})",
    re.I,
)
TIMES_ZH = re.compile(
    r"^\s*(?:等于|为|达到?|是|于)?\s*(?:其|同期|当期|当年|上一?年度?|最近[^，。；]{1,8}的)*(?P<b>[^，。；\d]{2,16}?)的?\s*(?:[\d.]+|[一二三四五六七八九十百两]{1,4})\s*(?:倍|[%％])|^\s*(?:等于|为|达到?|是|于)?\s*(?P<p>[^，。；\d]{2,16}?)的百分之"
)
COVERS = re.compile(
    r"\bcovers?\b\s+(?P<b>[A-Za-z][A-Za-z' -]{2,60}?)\s+(?:by\s+)?(?:a\s+(?:factor|multiple)\s+of\s+)?$|(?:覆盖|保障)(?P<z>[^，。；\d]{2,12}?)(?:的?倍数)?(?:应|须|的)?\s*(?:\d[\d.]*\s*倍\s*)?(?:（含）)?$",
    re.I,
)
MULTIPLE_ZH = re.compile(
    r"(?:达到|保持在|维持在|保持|维持|应为|须为|应在|须在)\s*(?:其|同期|当期)*(?P<b>[^，。；\d]{2,16}?)的\s*(?:\d[\d.]*|[一二三四五六七八九十两点]{1,5})\s*(?:倍|[%％])\s*(?:（含）)?$"
)
""" 「须达到流动负债的0.7倍」 before 「以上」."""
NEW_ACT = re.compile(
    r"\b(?:incur|create|assume|issue|guarantee|permit to subsist|lend|pay|invest)\b|新增|新发生|新借|支付|分配|出借", re.I
)
OF_WHAT = re.compile(
    r"^\.?\s*(?:[(（][\d.,]+\s*[%x×]?\s*[)）]\s*)?(?:of\s+)?(?:the\s+|its\s+|their\s+)?(?P<b>[A-Za-z][A-Za-z' -]{2,60})"
)
BOUND_BEGINS = re.compile(
    r"\b(?:shall|will|must|may not|is not|are not|not|to (?:be|exceed|fall|drop))\b|\bat least\b|\bexceed|\b(?:greater|more|less|higher|lower) than\b|[;；。，]",
    re.I,
)
MEANS = re.compile(r"\b(?:means?|shall mean|is defined as)\b|是指|系指|指", re.I)
RATIO_BEGINS = re.compile(r"\bratio\b|\bdivided by\b|之比|比率|比值|比例|除以", re.I)
DIVIDED = re.compile(r"(?P<a>[A-Za-z' ]{3,60}?)\s+divided by\s+(?P<b>[A-Za-z' ]{3,60})", re.I)


MULTIPLE_OF = re.compile(
    r"(?P<a>[A-Za-z' ]{3,60}?),?\s+(?:expressed\s+|calculated\s+)?as an?\s+(?:multiple|percentage|proportion|share)\s+of\s+(?P<b>[A-Za-z' ]{3,60})",
    re.I,
)


FURTHEST = 700
"""A ratio spelled out further before its bound than this many characters is not what is bounded."""
SAID_BY = {
    RATIO_OF: re.compile(r"\bratio\b", re.I),
    SLASH: re.compile(r"[/÷／]"),
    ZH_RATIO: re.compile(r"[一-鿿]"),
    DIVIDED: re.compile(r"\bdivided by\b", re.I),
    MULTIPLE_OF: re.compile(r"\bas an?\s+(?:multiple|percentage|proportion|share)\s+of\b", re.I),
}


def metric_of(
    sentence: str, bound: Comparison, title: str, vocabulary: Vocabulary, definitions: dict[str, str], kind: str | None = None
) -> tuple[Metric, str] | None:
    """The measure a bound speaks of, nearest before it, else just after it or in the clause's own title. `kind` of its limit: what is
    bounded by money is an amount, what is bounded by a multiple is none."""
    head = sentence[: bound.start]
    spanned = vocabulary.metric_at(sentence[bound.start : bound.end])
    paired = pair_in(sentence[bound.start : bound.end], vocabulary) if spanned else None
    if paired is not None and kind in (None, "ratio", "bare"):  # "Maximum total debt / EBITDA of 4.25x"
        return paired[0], paired[2]
    if spanned and _of_kind(spanned[-1][2], kind):  # "Maximum Leverage: 4.0x"
        start, end, metric = spanned[-1]
        return defined(metric, sentence[bound.start + start : bound.start + end], vocabulary, definitions)
    pair = pair_in(head, vocabulary) or _multiple(head, sentence[bound.end :], vocabulary)
    named = [hit for hit in vocabulary.metric_at(head) if not _inside_pair(hit, head)]
    named = [hit for hit in named if not _explains(hit, named, head)] or named
    named = [hit for hit in named if _of_kind(hit[2], kind)]
    pair = pair if kind in (None, "ratio", "bare") else None
    if pair is not None and (not named or pair[1] >= named[-1][1] - 1 or named[-1][2].unit == "money"):
        return pair[0], pair[2]
    if named:
        start, end, metric = named[-1]
        explained = pair_in(head[end:], vocabulary) if metric.define else None
        if explained is not None and explained[0].id in metric.define:
            return explained[0], explained[2]
        return defined(metric, sentence[start:end], vocabulary, definitions, sentence[:end])
    own = _own_ratio(head, vocabulary, definitions)
    if own is not None and _of_kind(own[0], kind):
        return own
    after = [hit for hit in vocabulary.metric_at(sentence[bound.end :]) if hit[0] < 60]
    if (
        after
        and after[0][2].unit == "money"
        and re.search(r"\b(?:maintain|hold|keep|minimum)\b|维持|保持|保有|留存|留有", head, re.I)
    ):
        return defined(after[0][2], sentence[bound.end :][after[0][0] : after[0][1]], vocabulary, definitions)
    titled = vocabulary.metric_at(title)
    if titled and _of_kind(titled[-1][2], kind) and re.search(r"\b(?:it|such ratio|same)\b|该比率|上述指标", head, re.I):
        return defined(titled[-1][2], title, vocabulary, definitions)
    return _both_sides(sentence, bound, vocabulary) if kind in ("ratio", "bare") else None


def _of_kind(metric: Metric, kind: str | None) -> bool:
    kinds = {"money": ("money",), "ratio": ("x", "ratio"), "days": ("days",), "bare": ("x", "ratio", "days")}
    return kind is None or metric.unit in kinds[kind]


def _both_sides(sentence: str, bound: Comparison, vocabulary: Vocabulary) -> tuple[Metric, str] | None:
    """Two sides of one ratio around a multiple, however the sentence is turned: "Interest … covered not less than 3.5 times by EBITDA".

    Only where the sides named make exactly one ratio that lenders bound this way."""
    low = max(sentence.rfind(mark, 0, bound.start) for mark in ";；。") + 1
    ends = [at for at in (sentence.find(mark, bound.end) for mark in ";；。") if at >= 0]
    part = sentence[low : min(ends, default=len(sentence))]
    sides = {name for _, _, name in _sides(part, vocabulary)}
    if NEW_ACT.search(sentence[low : bound.start]):
        return None
    fits = {
        metric.id: metric
        for (over, under), metric in vocabulary.pairs.items()
        if over in sides and under in sides and over != under and vocabulary.bounds(metric.id, bound.operator)
    }
    return (next(iter(fits.values())), " ".join(part.split())) if len(fits) == 1 else None


def _own_ratio(head: str, vocabulary: Vocabulary, definitions: dict[str, str]) -> tuple[Metric, str] | None:
    """A name the contract gives a ratio itself: "Cashflow Cover" means the ratio of Cashflow to Debt Service."""
    lower = head.lower()
    named = [(lower.rfind(term) + len(term), len(term), term) for term in definitions if len(term) > 2 and term in lower]
    for _, _, term in sorted(named, reverse=True):
        meant = MEANS.split(definitions[term], maxsplit=1)[-1]
        begins = RATIO_BEGINS.search(meant[:100]) or "/" in meant[:60] or "÷" in meant[:60]
        pair = pair_in(meant[:400], vocabulary) if begins else None
        if pair is not None:
            return pair[0], definitions[term]
    return None


def _multiple(head: str, tail: str, vocabulary: Vocabulary) -> tuple[Metric, int, str] | None:
    """A ratio said as a multiple: "Borrowings shall be no more than 3.00 times EBITDA", 「息税前利润应至少为利息费用的3.50倍」."""
    covers = COVERS.search(head) or MULTIPLE_ZH.search(head)
    said = covers or TIMES_EN.search(tail) or TIMES_ZH.search(tail) or _worded(tail)
    words = next((part for part in said.groups() if part), "") if said else ""
    under = _first_side(words, vocabulary)
    subject = re.split(r"[;；。]", head[: covers.start()] if covers else head)[-1]
    if under is None or NEW_ACT.search(subject):
        return None
    over = _last_side(subject, vocabulary)
    metric = vocabulary.pairs.get((over[0], under)) if over else None
    return (metric, len(head), " ".join(f"{subject[over[1] :]}{words}".split())) if metric and over else None


def _worded(tail: str) -> re.Match[str] | None:
    """What a multiple said in words is of: "exceed four times EBITDA"."""
    value = next((value for value in quantities(tail[:60]) if value.unit in ("x", "ratio")), None)
    if value is None or tail[: value.start].strip(" (（"):
        return None
    return OF_WHAT.match(tail[value.end :])


def _sides(text: str, vocabulary: Vocabulary) -> list[tuple[int, int, str]]:
    """Sides named in `text` in order, the longest where they overlap."""
    hits = [(m.start(), m.end(), name) for name, pattern in vocabulary.sides.items() for m in pattern.finditer(text)]
    kept: list[tuple[int, int, str]] = []
    for hit in sorted(hits, key=lambda hit: (hit[0] - hit[1], hit[0])):
        if all(hit[1] <= other[0] or hit[0] >= other[1] for other in kept):
            kept.append(hit)
    return sorted(kept)


def sides_named(text: str, vocabulary: Vocabulary) -> int:
    """How many sides of ratios `text` names."""
    return len(_sides(text, vocabulary))


def _first_side(text: str, vocabulary: Vocabulary) -> str | None:
    """What the multiple is of: the words must begin with it, so that "3 times the cost of debt" is none."""
    sides = _sides(text, vocabulary)
    opening = text[: sides[0][0]] if sides else ""
    plain = re.fullmatch(
        r"(?:\s|the|its|their|total|consolidated|net|annual|LTM|\W)*|(?:其|同期|当期|当年|本期|年度|合并|口径|的|借款企业|借款人|公司)*",
        opening,
        re.I,
    )
    return sides[0][2] if sides and plain else None


def _last_side(text: str, vocabulary: Vocabulary) -> tuple[str, int] | None:
    """The subject of the bound: the last side named before it; money of another kind in between takes its place."""
    sides = _sides(text, vocabulary)
    return (sides[-1][2], sides[-1][0]) if sides else None


def _inside_pair(hit: tuple[int, int, Metric], text: str) -> bool:
    """ "Tangible Net Worth" inside "ratio of Liabilities to Tangible Net Worth" is a side, not a measure."""
    return any(match.start() <= hit[0] and hit[1] <= match.start("b") + len(_under(match)) for match in RATIO_OF.finditer(text))


def _under(match: re.Match[str]) -> str:
    """The words of a ratio's second side: they end where its bound begins."""
    words = match.group("b")
    end = BOUND_BEGINS.search(words) if match.re is RATIO_OF else None
    return words[: end.start()] if end else words


def _explains(hit: tuple[int, int, Metric], named: list[tuple[int, int, Metric]], text: str) -> bool:
    """A measure inside the brackets that explain the one before them: 「偿债备付率（EBITDA减…）」."""
    opened = max(text.rfind("（", 0, hit[0]), text.rfind("(", 0, hit[0]))
    closed = max(text.rfind("）", 0, hit[0]), text.rfind(")", 0, hit[0]))
    return opened > closed and any(0 <= opened - other[1] <= 2 for other in named)


def pair_in(head: str, vocabulary: Vocabulary) -> tuple[Metric, int, str] | None:
    """The last ratio spelled out in `head`: its measure, where it ends, and its words."""
    best: tuple[Metric, int, str] | None = None
    before = max(0, len(head) - FURTHEST)
    head = head[before:]
    for pattern in (RATIO_OF, SLASH, ZH_RATIO, DIVIDED, MULTIPLE_OF):
        if not SAID_BY[pattern].search(head):
            continue  # these begin with any word: looked for only where their own words stand
        for match in pattern.finditer(head):
            words = _under(match)
            over, under = _side(match.group("a"), vocabulary), _side(words, vocabulary)
            metric = vocabulary.pairs.get((over, under)) if over and under else None
            end = match.end() if match.re is not RATIO_OF else match.start("b") + len(words)
            if metric is not None and (best is None or end > best[1]):
                best = metric, end, " ".join(head[match.start() : end].split())
    return (best[0], best[1] + before, best[2]) if best else None


def _side(text: str, vocabulary: Vocabulary) -> str | None:
    """The name of one side of a ratio: the longest phrase in it, the first where two are as long."""
    hits = [
        (m.end() - m.start(), -m.start(), name) for name, pattern in vocabulary.sides.items() for m in pattern.finditer(text)
    ]
    return max(hits)[2] if hits else None


def defined(
    metric: Metric, term: str, vocabulary: Vocabulary, definitions: dict[str, str], head: str = ""
) -> tuple[Metric, str]:
    """The measure after reading the contract's own definition of its name; `head` are the words up to its end, for a name that is
    longer than the measure's: "Adjusted Leverage"."""
    said = " ".join(term.lower().split())
    before = " ".join(head.lower().split())
    longer = [name for name in definitions if len(name) > len(said) and name.endswith(said) and before.endswith(name)]
    definition = definitions.get(max(longer, key=len) if longer else said, "")
    if metric.define and definition:
        pair = pair_in(re.sub(r"^.*?\bratio\b", "ratio", definition, count=1, flags=re.S), vocabulary)
        if pair is not None and pair[0].id in metric.define:
            return pair[0], definition
    return metric, definition
