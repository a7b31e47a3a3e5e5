"""Which measure a bound speaks of: a named ratio, "the ratio of A to B", or what the contract's own definition makes of a name."""

from __future__ import annotations

import re

from ingestion.contracts.comparisons import Comparison
from ingestion.contracts.vocabulary import Metric, Vocabulary

RATIO_OF = re.compile(r"\bratio of\b(?P<a>.{3,160}?)\bto\b(?P<b>.{3,160})", re.I | re.S)
SLASH = re.compile(r"[（(]?(?P<a>[^，。；、/（）()]{2,16}?)[）)]?\s*/\s*[（(]?(?P<b>[^，。；、/]{2,20})")
ZH_RATIO = re.compile(
    r"(?P<a>[^，。；、]{2,14}?)(?:与|和|对|占|除以)(?P<b>[^，。；、]{2,14}?)(?:之比|的?比例|的?比率|的?(?:覆盖|保障)倍数|的?覆盖率)"
)
DIVIDED = re.compile(r"(?P<a>[A-Za-z' ]{3,60}?)\s+divided by\s+(?P<b>[A-Za-z' ]{3,60})", re.I)


def metric_of(
    sentence: str, bound: Comparison, title: str, vocabulary: Vocabulary, definitions: dict[str, str]
) -> tuple[Metric, str] | None:
    """The measure a bound speaks of, nearest before it, else just after it or in the clause's own title."""
    head = sentence[: bound.start]
    pair = pair_in(head, vocabulary)
    named = [hit for hit in vocabulary.metric_at(head) if not _inside_pair(hit, head)]
    named = [hit for hit in named if not _explains(hit, named, head)] or named
    if pair is not None and (not named or pair[1] >= named[-1][1] - 1 or named[-1][2].unit == "money"):
        return pair[0], pair[2]
    if named:
        start, end, metric = named[-1]
        explained = pair_in(head[end:], vocabulary) if metric.define else None
        if explained is not None and explained[0].id in metric.define:
            return explained[0], explained[2]
        return _defined(metric, sentence[start:end], vocabulary, definitions)
    after = [hit for hit in vocabulary.metric_at(sentence[bound.end :]) if hit[0] < 60]
    if after and after[0][2].unit == "money" and re.search(r"\bmaintain|\bminimum\b", head, re.I):
        return _defined(after[0][2], sentence[bound.end :][after[0][0] : after[0][1]], vocabulary, definitions)
    titled = vocabulary.metric_at(title)
    if titled and re.search(r"\b(?:it|such ratio|same)\b|该比率|上述指标", head, re.I):
        return _defined(titled[-1][2], title, vocabulary, definitions)
    return None


def _inside_pair(hit: tuple[int, int, Metric], text: str) -> bool:
    """ "Tangible Net Worth" inside "ratio of Liabilities to Tangible Net Worth" is a side, not a measure."""
    return any(match.start() <= hit[0] and hit[1] <= match.end() for match in RATIO_OF.finditer(text))


def _explains(hit: tuple[int, int, Metric], named: list[tuple[int, int, Metric]], text: str) -> bool:
    """A measure inside the brackets that explain the one before them: 「偿债备付率（EBITDA减…）」."""
    opened = max(text.rfind("（", 0, hit[0]), text.rfind("(", 0, hit[0]))
    closed = max(text.rfind("）", 0, hit[0]), text.rfind(")", 0, hit[0]))
    return opened > closed and any(0 <= opened - other[1] <= 2 for other in named)


def pair_in(head: str, vocabulary: Vocabulary) -> tuple[Metric, int, str] | None:
    """The last ratio spelled out in `head`: its measure, where it ends, and its words."""
    best: tuple[Metric, int, str] | None = None
    for pattern in (RATIO_OF, SLASH, ZH_RATIO, DIVIDED):
        for match in pattern.finditer(head):
            over, under = _side(match.group("a"), vocabulary), _side(match.group("b"), vocabulary)
            metric = vocabulary.pairs.get((over, under)) if over and under else None
            if metric is not None and (best is None or match.end() > best[1]):
                best = metric, match.end(), " ".join(match.group().split())
    return best


def _side(text: str, vocabulary: Vocabulary) -> str | None:
    """The name of one side of a ratio: the longest phrase in it, the first where two are as long."""
    hits = [
        (m.end() - m.start(), -m.start(), name) for name, pattern in vocabulary.sides.items() for m in pattern.finditer(text)
    ]
    return max(hits)[2] if hits else None


def _defined(metric: Metric, term: str, vocabulary: Vocabulary, definitions: dict[str, str]) -> tuple[Metric, str]:
    """The measure after reading the contract's own definition of its name."""
    definition = definitions.get(" ".join(term.lower().split()), "")
    if metric.define and definition:
        pair = pair_in(re.sub(r"^.*?\bratio\b", "ratio", definition, count=1, flags=re.S), vocabulary)
        if pair is not None and pair[0].id in metric.define:
            return pair[0], definition
    return metric, definition
