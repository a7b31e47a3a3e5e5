"""Sentences, clauses and table rows, and which names and dates govern a number inside them.

The nearest words decide: the clause first, then what came before it in the sentence, then the rest of the sentence. In a
table the row's first cell and the column's header govern the cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from assistant.verification.dates import DateMention
from assistant.verification.evidence import Claim, Evidence
from assistant.verification.mentions import Mention, Mentions
from assistant.verification.quantities import Quantity
from assistant.verification.vocabulary import vocabulary

_END = re.compile(
    r"[。！？!?；;]+|(?<![A-Z][a-z])(?<!\bNo)(?<!\bInc)(?<!\bLtd)(?<!\bPte)(?<!\bPty)(?<!\bCorp)(?<!\bSdn)(?<!\bCo)(?<!\bvs)\.(?=\s+[A-Z一-鿿\[*-]|\s*$)|\n"
)
_CLAUSE = re.compile(
    r"[，、：:（）()—]|,(?!\d)|,(?=\s)|\s(?:and|but|while|versus|vs\.?|against|compared with|from|to|whereas)\s|而|但|较|比"
)
_RESTATED = re.compile(r"[(（](?:[A-Z]{3} )?-?[\d,.]+[^()（）\n]{0,10}[)）]")
_LACK = re.compile(
    r"没有|缺少|缺失|未提供|未收到|未找到|不可计算|无法计算|尚无|暂无|不适用|no data|not available|missing|not computable|no statement|not found|"
    r"nothing|cannot be computed|not been received|have not|has not|without",
    re.IGNORECASE,
)
_MODAL = re.compile(
    r"如果|若|假如|应当|应该|建议|可能|是否|\bif\b|\bwould\b|\bshould\b|\bcould\b|\bmay\b|\bmight\b|whether|means|定义|指的是",
    re.IGNORECASE,
)


LIMITS = frozenset({"threshold", "headroom", "cushion"})
SHARES = frozenset(
    {"share", "exposure_share", "flag_share", "misuse_share", "maturity_days", "due_days", "days_left", "insurance_days"}
)
"""Said behind an amount they say nothing of it."""
LEFT = frozenset({"maturity_days", "due_days", "days_left", "insurance_days"})
"""Days until something, all said to be left."""
_LIMITING = re.compile(r"[≤≥<>]|[(（]")


@dataclass(frozen=True, slots=True)
class Context:
    """What the words around a number say it is; empty sets say nothing. `spoken`: every name in the sentence; `limiting`: the
    clause speaks of a limit, so that a threshold or headroom may stand in it; `named`: a borrower is named in this very sentence."""

    borrowers: frozenset[str]
    metrics: frozenset[str]
    dates: tuple[DateMention, ...]
    spoken: frozenset[str] = frozenset()
    limiting: bool = True
    abouts: frozenset[str] = frozenset()
    named: bool = False

    def fits(self, claim: Claim, evidence: Evidence, *, marked: bool = False) -> bool:
        """Whether the claim may be what these words speak of. `marked`: the number carries the claim's own mark, so that its name need not be said."""
        if self.borrowers and claim.borrower and not self.borrowers & {claim.borrower, claim.about, claim.party}:
            return False
        # The share and amount cells of a row (a stake, a claim) go by the row's own words.
        worded = claim.metric in evidence.value_names and not (claim.row and claim.metric in ("share", "amount"))
        if worded and claim.metric not in self.spoken and not marked:
            return False
        if claim.about and self.abouts and claim.about in evidence.abouts and claim.about not in self.abouts:
            return False
        if claim.metric == "stage":
            return True
        if claim.metric == "asked_limit" and claim.about not in self.metrics | self.spoken:
            return False
        if self.metrics and not self._metric_fits(claim, evidence):
            return False
        if self.dates and claim.when and claim.metric in evidence.measured:
            return any(d.covers(claim.when, claim.months) for d in self.dates)
        if (
            claim.metric == "threshold_step"
            and claim.when
            and any(d.grain == "day" and d.first < claim.when for d in self.dates)
        ):
            return any(d.covers(claim.when) for d in self.dates)
        if self.dates and claim.since and claim.when:
            return any(d.covers(day) for d in self.dates for day in (claim.when, claim.since))
        return True

    def _metric_fits(self, claim: Claim, evidence: Evidence) -> bool:
        measured = self.metrics & evidence.measured
        spoken = self.metrics - evidence.measured
        if claim.metric in evidence.measured:
            if not measured:
                return not self.metrics & evidence.value_names
            return claim.metric in measured or bool(claim.context & measured)
        if claim.metric in LIMITS and not self.limiting:
            return False
        if measured and claim.about in evidence.measured and claim.about not in measured:
            return False
        if spoken & LEFT and claim.metric in LEFT:
            return True
        return not spoken or claim.metric in spoken or claim.about in spoken

    def said(self) -> str:
        """The context in words, for the retry message."""
        parts = [", ".join(sorted(self.metrics)), ", ".join(sorted(self.borrowers))]
        parts += [f"{d.first}..{d.last}" if d.first != d.last else str(d.first) for d in self.dates]
        return " / ".join(p for p in parts if p) or "this place"


@lru_cache(maxsize=8)
def _unbracketed(text: str) -> str:
    """Brackets that only restate a number ("3.46x (3.4558)") part no clause."""
    return _RESTATED.sub(lambda match: "x" * len(match.group()), text)


@dataclass(frozen=True, slots=True)
class Sentence:
    """`start`..`end` in the answer; `line_start` where its line begins; `cells` and `header` when it is a table row."""

    start: int
    end: int
    line_start: int
    cells: tuple[tuple[int, int], ...] = ()
    header: tuple[tuple[int, int], ...] = ()

    def clause(self, position: int, text: str) -> tuple[int, int]:
        """The clause around `position`."""
        left = self.start
        for match in _CLAUSE.finditer(_unbracketed(text), self.start, self.end):
            if match.start() >= position:
                return left, match.start()
            left = match.end()
        return left, self.end

    def around(self, position: int, text: str, mentions: Mentions, dates: Sequence[DateMention]) -> Context:
        """Names and dates that govern the number at `position`."""
        if self.cells:
            return self._cell_context(position, mentions, dates)
        low, high = self.clause(position, text)
        metrics = self._governing(mentions.metrics, position, low, high)
        named = self._governing(mentions.borrowers, position, low, high)
        named_here = bool(named)
        inside = [m for m in mentions.identifiers if low <= m.start < high]
        identified = inside or [m for m in mentions.identifiers if self.start <= m.start < self.end]
        if not named and not identified and text[self.end - 1 : self.end] not in (":", ":"):
            earlier = [m for m in mentions.borrowers if m.end <= self.start]
            named = earlier[-1:]
        in_clause = [d for d in dates if low <= d.start < high]
        before = [d for d in dates if self.start <= d.start < position]
        after = [d for d in dates if position <= d.start < self.end]
        governing = in_clause or before[-1:] or after
        spoken = _keys([m for m in mentions.metrics if self.start <= m.start < self.end]) | self._directed(text)
        comparison, _ = vocabulary().groups["comparisons"]
        limiting = bool(comparison.search(text, low, high) or _LIMITING.search(text, max(low - 2, self.start), high))
        limiting = limiting or bool(_keys(metrics) & LIMITS) or bool(re.search(r"\b(?:vs|against)\W*$", text[self.start : low]))
        return Context(_keys(named), _keys(metrics), tuple(governing), spoken, limiting, _keys(identified), named_here)

    def _directed(self, text: str) -> frozenset[str]:
        """A change is spoken of by a word of direction rather than by its own name."""
        pattern, _ = vocabulary().groups["directions"]
        return frozenset({"change", "change_share"}) if pattern.search(text, self.start, self.end) else frozenset()

    def _governing(self, mentions: Sequence[Mention], position: int, low: int, high: int) -> list[Mention]:
        inside = [m for m in mentions if low <= m.start < high]
        if inside:
            return inside
        before = [m for m in mentions if self.start <= m.start < position]
        after = [m for m in mentions if position <= m.start < self.end]
        return before[-1:] or (after if len(after) == 1 and after[0].keys - LIMITS - SHARES else [])

    def _cell_context(self, position: int, mentions: Mentions, dates: Sequence[DateMention]) -> Context:
        index = next((i for i, (s, e) in enumerate(self.cells) if s <= position <= e), 0)
        spans = [self.cells[0], self.cells[index]] + ([self.header[index]] if index < len(self.header) else [])

        def within(items: Sequence[Mention]) -> list[Mention]:
            return [m for m in items if any(s <= m.start < e for s, e in spans)]

        borrowers = within(mentions.borrowers) or [m for m in mentions.borrowers if m.end <= self.start][-1:]
        return Context(
            _keys(borrowers),
            _keys(within(mentions.metrics)),
            tuple(d for d in dates if any(s <= d.start < e for s, e in spans)),
            _keys(within(mentions.metrics)),
        )

    def multipliers(self, text: str, numbers: Sequence[Quantity]) -> frozenset[Decimal]:
        """Multipliers a bare number here may carry over: from its neighbours or from a unit in the lines above."""
        block = text.rfind("\n\n", 0, self.start) + 1
        stated = vocabulary().multiplier_words.findall(text[block : self.end])
        table = {k.lower(): v for k, v in vocabulary().multipliers.items()}
        return frozenset(n.multiplier for n in numbers if n.unit == "money") | frozenset(table[w.lower()] for w in stated)

    def lacks(self, text: str) -> bool:
        """The sentence says that something is not there."""
        return bool(_LACK.search(text, self.start, self.end))

    def supposes(self, text: str) -> bool:
        """The sentence supposes, advises or defines; it does not assert."""
        return bool(_MODAL.search(text, self.start, self.end))


def _keys(mentions: Sequence[Mention]) -> frozenset[str]:
    return frozenset(key for mention in mentions for key in mention.keys)


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences of `text` in order; each row of a Markdown table is one, with its header."""
    header: tuple[tuple[int, int], ...] = ()
    for line in re.finditer(r"[^\n]+", text):
        if line.group().lstrip().startswith("|"):
            cells = tuple((m.start(), m.end()) for m in re.finditer(r"[^|]+", text[: line.end()]) if m.start() >= line.start())
            if header and not set(line.group()) <= set("|-: "):
                yield Sentence(line.start(), line.end(), line.start(), cells, header)
            elif not header:
                header = cells
                yield Sentence(line.start(), line.end(), line.start(), cells, ())
            continue
        header = ()
        start = line.start()
        for match in _END.finditer(text, line.start(), line.end()):
            if match.end() > start:
                yield Sentence(start, match.end(), line.start())
                start = match.end()
        if start < line.end():
            yield Sentence(start, line.end(), line.start())
