"""One answer as the gate reads it: its text with everything found in it, and what the tools found.

Read once, so that each check looks at the same numbers, dates and names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from assistant.verification.anchors import Anchors
from assistant.verification.dates import DateMention
from assistant.verification.evidence import Claim, Evidence
from assistant.verification.mentions import Mentions
from assistant.verification.quantities import Quantity
from assistant.verification.sentences import Sentence

Finding = tuple[str, int, int, str]
"""Kind, start, end and why."""
Matched = Sequence[tuple[Quantity, list[Claim]]]
"""Numbers of a sentence, each with the claims it may be."""


@dataclass(frozen=True, slots=True)
class Reading:
    """`named`: lines without a mark, with the rows they name; `held`: start of a number → the claims its mark allows; `cited`: place of a marker and the ids it cites; `shares`: said in words."""

    text: str
    evidence: Evidence
    mentions: Mentions
    dates: Sequence[DateMention]
    numbers: Sequence[Quantity]
    shares: Sequence[tuple[int, int, Decimal]]
    anchors: Anchors
    named: Anchors
    held: Mapping[int, Sequence[Claim]]
    cited: Sequence[tuple[int, Sequence[str]]]

    def passages(self, sentence: Sentence) -> list[str]:
        """The words cited in or right behind a sentence."""
        texts = self.evidence.texts
        return [
            texts[id]
            for place, ids in self.cited
            if sentence.start <= place <= sentence.end + 12
            for id in ids
            if id in texts
        ]  # fmt: skip

    def days(self, sentence: Sentence) -> list[DateMention]:
        """The dates of a sentence."""
        return [d for d in self.dates if sentence.start <= d.start < sentence.end]
