"""What kind of payee a payment goes to, and whether the loan may go there: rulebook categories tried in order, the first that fits.

The words and lists are data; this module only knows how they are put together.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tools.domain.definitions import Origin

KEPT = 50_000
"""Payments whose category is remembered: a firm pays the same payees for the same things."""
KNOWN = frozenset({"own", "own_bank", "related", "evidenced", "supplier", "established", "person", "gap", "anyone"})
"""What may be known of a payee beside its name and the words of the payment."""


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment as the rules see it. `known` holds some of KNOWN."""

    name: str
    memo: str = ""
    channel: str = ""
    kind: str | None = None
    industry: str | None = None
    known: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Match:
    """Holds when any of its lists does, and `both` does too, and `unless` does not."""

    known: frozenset[str] = frozenset()
    names: tuple[re.Pattern[str], ...] = ()
    memos: tuple[re.Pattern[str], ...] = ()
    channels: tuple[re.Pattern[str], ...] = ()
    kinds: frozenset[str] = frozenset()
    industries: tuple[str, ...] = ()
    both: Match | None = None
    unless: Match | None = None

    def holds(self, paid: Paid) -> bool:
        """Whether the payment fits."""
        return (
            self._any(paid)
            and (self.both is None or self.both.holds(paid))
            and (self.unless is None or not self.unless.holds(paid))
        )

    def _any(self, paid: Paid) -> bool:
        return bool(
            self.known & paid.known
            or (paid.kind and paid.kind in self.kinds)
            or (paid.industry and paid.industry.startswith(self.industries))
            or _found(self.names, paid.name)
            or _found(self.memos, paid.memo)
            or _found(self.channels, paid.channel)
        )


@dataclass(frozen=True, slots=True)
class Category:
    """`misuse`: loan types for which it is (None: all). `allowed`: purposes for which it is not after all."""

    id: str
    name: Mapping[str, str]
    order: int
    match: Match
    misuse: frozenset[str] | None
    allowed: tuple[re.Pattern[str], ...]
    evidence: bool
    trade: bool
    origin: Origin
    tests: tuple[Mapping[str, object], ...] = field(default=(), compare=False)

    def misused(self, loan_type: str, purpose: str) -> bool:
        """Whether a loan of this type and purpose is misused when it goes there."""
        counts = self.misuse is None or loan_type in self.misuse
        return counts and not _found(self.allowed, purpose)


class PayeeRules:
    """The categories in force, in order; the last one takes everything."""

    def __init__(self, categories: Iterable[Category]) -> None:
        self.categories = tuple(sorted(categories, key=lambda category: (category.order, category.id)))
        self.by_id = {category.id: category for category in self.categories}
        self._told: dict[Paid, Category] = {}

    def of(self, paid: Paid) -> Category:
        """The category of a payment."""
        if paid not in self._told:
            if len(self._told) >= KEPT:
                self._told.clear()
            self._told[paid] = self._of(paid)
        return self._told[paid]

    def _of(self, paid: Paid) -> Category:
        seen = Paid(
            folded(paid.name), folded(paid.memo), folded(paid.channel), paid.kind, paid.industry, paid.known | {"anyone"}
        )
        return next(category for category in self.categories if category.match.holds(seen))


def folded(text: str) -> str:
    """Lower case, one width of letters and digits."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def looks_like_a_person(name: str, families: str) -> bool:
    """Two to four Chinese characters that begin with a family name; a firm's name is longer or says what it is."""
    plain = folded(name).replace("·", "")
    return (
        2 <= len(plain) <= 4
        and plain[0] in families
        and all("\u4e00" <= letter <= "\u9fff" for letter in plain)
        and plain[-1] not in "部店厂行社局院馆中心站"
    )


def _found(patterns: Iterable[re.Pattern[str]], text: str) -> bool:
    return any(pattern.search(text) for pattern in patterns)
