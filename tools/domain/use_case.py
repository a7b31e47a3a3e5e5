"""One loan and what is known around it, the settings its use is found under, and what was found."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tools.domain.account_steps import Account, Line, Walk
from tools.domain.holdings import Method
from tools.domain.payees import Category, PayeeRules, folded
from tools.domain.tracing import Limits, Places, Step, Trace
from tools.domain.use_flags import FlagRule, Raised
from tools.domain.use_papers import Cover, Paper, Papers, PaperSettings


@dataclass(frozen=True, slots=True)
class Party:
    """What registers know of a payee, found by its place. `customer`: it is one of ours. `tie`: how it is related to the borrower."""

    name: str
    kind: str | None = None
    industry: str | None = None
    registered_on: date | None = None
    scope: str | None = None
    customer: str | None = None
    tie: tuple[str, ...] = ()
    supplier: bool = False
    buyer: bool = False


@dataclass(frozen=True, slots=True)
class Splitting:
    """Entrusted payment: what of it is a law's threshold and what a pattern of staying below it."""

    threshold: int
    days: int
    loan_types: frozenset[str]
    currency: str


@dataclass(frozen=True, slots=True)
class UseRules:
    """The dated settings a usage is found under."""

    payees: PayeeRules
    flags: tuple[FlagRule, ...]
    papers: PaperSettings
    hops: int
    days: int
    first_days: int
    least_share: Decimal
    least: int
    method: Method
    established: int
    refund_days: int
    refund_words: re.Pattern[str]
    splitting: Splitting
    families: str
    trades: Mapping[str, tuple[re.Pattern[str], ...]]

    def trades_of(self, text: str) -> frozenset[str]:
        """Which kinds of goods and services a business scope or a purpose speaks of."""
        plain = folded(text)
        return frozenset(id for id, patterns in self.trades.items() if any(pattern.search(plain) for pattern in patterns))

    def limits(self, drawn: int) -> Limits:
        """How far the money of a loan of this size is followed."""
        return Limits(self.hops, self.first_days, self.days, max(int(drawn * self.least_share), self.least))


@dataclass(frozen=True, slots=True)
class Case:
    """One loan and what is known around it. `drawings`: (day, cents) as the loan's postings say. `draws`: lines that credit them.
    `before`: payments to a place before the first drawing. `papers`: evidence of all the borrower's loans, None: none handed over."""

    loan: str
    borrower: str
    borrower_names: tuple[str, ...]
    currency: str
    loan_type: str
    purpose: str
    control: str | None
    refinancing: bool
    drawings: tuple[tuple[date, int], ...]
    draws: frozenset[str]
    accounts: Mapping[str, Account]
    walk: Walk
    parties: Mapping[str, Party]
    before: Mapping[str, int]
    papers: tuple[Paper, ...] | None
    claims: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Paying:
    """One payment out of the borrower's accounts to somebody else, with what of it is loan money by the default method."""

    step: Step
    line: Line
    category: Category
    loan: int
    cover: Cover
    required: tuple[str, ...]
    age: int


@dataclass(frozen=True, slots=True)
class Usage:
    """What came of it. `seen`: cents of the drawings that stand in accounts shown to us. `evidenced`: cents with contract and invoice.
    `backflow`: gross cents that came back, out of payments of `backflow_base` cents."""

    case: Case
    as_of: date
    drawn: int
    seen: int
    places: Places
    traces: Mapping[Method, Trace]
    method: Method
    categories: Mapping[str, Category]
    payments: tuple[Paying, ...]
    papers: Papers | None
    evidenced: int
    backflow: int
    backflow_base: int
    unspent: int
    flags: tuple[Raised, ...]
    remarks: tuple[str, ...]

    @property
    def trace(self) -> Trace:
        """By the default method."""
        return self.traces[self.method]

    @property
    def unfollowed(self) -> int:
        """Cents that rest with trading partners whose accounts are not shown (at another bank, or outside the asker's sight), misuse
        left out: what becomes of them is not known, so that misuse found is the least there is."""
        last = {flow.target: flow.transaction for flow in self.trace.flows}
        partners = [place for place in self.places.blind if place in last and self.categories[last[place]].evidence]
        return sum(c for place in partners for tag, c in self.trace.resting.get(place, {}).items() if not tag.misused)

    @property
    def changed_use(self) -> bool | None:
        """Whether the use was changed without consent: yes when prohibited use is flagged, no when all of the drawn money was seen
        and traced without, else unknown."""
        hit = any(flag.rule.id == "TXN-01" and flag.severity for flag in self.flags)
        return True if hit else False if self.drawn and self.seen >= self.drawn else None
