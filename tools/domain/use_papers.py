"""Contracts, invoices and deliveries matched to the payments they stand for.

A paper that names its payment belongs to it. Others are matched by party, amount and date with the rulebook's tolerance: first the
payment of the same amount, then what is left of a paper covers the party's further payments in order, so that no cent of it is used
twice. A red-flushed invoice covers nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any

from tools.domain.account_steps import in_cents
from tools.domain.names import normal_name, short_name

BookRow = Mapping[str, Any]
KINDS = ("contract", "invoice", "delivery", "receipt", "photo")
IsNamed = Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class PaperSettings:
    """`windows`: by kind, days before and after the payment. `required`: kinds that must be on file, by how the loan is paid out."""

    amount_share: Decimal
    similarity: Decimal
    windows: Mapping[str, tuple[int, int]]
    required: Mapping[str, tuple[str, ...]]
    late_days: int
    reflush_days: int
    sample_share: Decimal


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment for which papers are looked for."""

    transaction: str
    day: date
    amount: int
    party: str


@dataclass(frozen=True, slots=True)
class Paper:
    """One `evidence` row, or a paper read from a document. `amount` None: the paper does not say, it covers its payment. `loan` empty:
    it may stand for a payment out of any of the borrower's loans."""

    id: str
    loan: str
    transaction: str | None
    kind: str
    document: str
    party: str
    amount: int | None
    day: date | None
    flushed: date | None


@dataclass(frozen=True, slots=True)
class Cover:
    """What is on file for one payment: cents by kind, papers by kind, and the papers whose party is another than the payee."""

    amounts: Mapping[str, int]
    papers: Mapping[str, tuple[str, ...]]
    strangers: tuple[str, ...] = ()

    def of(self, kinds: Sequence[str], amount: int) -> int:
        """Cents of a payment for which all of `kinds` are on file."""
        return min((min(self.amounts.get(kind, 0), amount) for kind in kinds), default=0)

    def lacks(self, kinds: Sequence[str], amount: int) -> tuple[str, ...]:
        """Kinds that do not cover the whole payment."""
        return tuple(kind for kind in kinds if self.amounts.get(kind, 0) < amount)


NO_COVER = Cover({}, {})


@dataclass(frozen=True, slots=True)
class Papers:
    """`covers` by transaction. `reused`: papers that stand for more than one payment. `flushed`: invoices red-flushed soon after the
    payment, with its transaction."""

    covers: Mapping[str, Cover]
    reused: tuple[Paper, ...]
    flushed: tuple[tuple[Paper, str], ...]


def paper_of(row: BookRow) -> Paper:
    """An `evidence` row."""
    return Paper(
        str(row["id"]), str(row["loan_id"]), row.get("transaction_id"), str(row["kind"]), (row.get("document") or "").strip(),
        (row.get("party") or "").strip(), None if row.get("amount") is None else in_cents(row["amount"]), row.get("date"), row.get("red_flushed_on"),
    )  # fmt: skip


def same_party(one: str, other: str, similarity: Decimal) -> bool:
    """Whether two spellings mean one party: the same registered or short name, or nearly the same letters (a reading error)."""
    if not one or not other:
        return False
    a, b = normal_name(one), normal_name(other)
    if a == b or short_name(one) == short_name(other):
        return True
    return min(len(a), len(b)) >= 4 and Decimal(str(SequenceMatcher(None, a, b).ratio())) >= similarity


def match_papers(
    payments: Sequence[Payment], papers: Sequence[Paper], loan: str, as_of: date, settings: PaperSettings
) -> Papers:
    """Papers of `loan` on its payments; `papers` holds those of the borrower's other loans too, to see which are used twice."""
    tally = _Tally(payments, settings)
    mine = [paper for paper in papers if paper.loan in (loan, "") and (paper.day is None or paper.day <= as_of)]
    good = [paper for paper in mine if paper.flushed is None or paper.flushed > as_of]
    for paper in good:
        if paper.transaction in tally.by_id:
            tally.put(paper, tally.by_id[paper.transaction], named=True)
    loose = [paper for paper in good if paper.transaction is None and paper.party]
    for paper in loose:
        tally.exact(paper)
    for paper in loose:
        tally.rest(paper)
    flushed = tuple(
        (paper, paper.transaction or tally.payee_of(paper))
        for paper in mine
        if paper.kind == "invoice" and paper.flushed is not None and paper.flushed <= as_of and tally.soon(paper)
    )
    return Papers(tally.covers(), _reused(papers, mine), flushed)


class _Tally:
    def __init__(self, payments: Sequence[Payment], settings: PaperSettings) -> None:
        self.payments = sorted(payments, key=lambda payment: (payment.day, payment.transaction))
        self.by_id: dict[str | None, Payment] = {payment.transaction: payment for payment in payments}
        self.settings = settings
        self.left: dict[str, int] = {}
        self.amounts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        self.papers: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self.strangers: dict[str, list[str]] = defaultdict(list)

    def put(self, paper: Paper, payment: Payment, *, named: bool = False) -> None:
        """The paper covers the payment with what is left of it."""
        missing = payment.amount - self.amounts[payment.transaction][paper.kind]
        cents = missing if paper.amount is None else min(missing, self.left.setdefault(paper.id, paper.amount))
        if paper.amount is not None and self._near(paper.amount, payment.amount):
            cents, self.left[paper.id] = missing, 0
        elif paper.amount is not None:
            self.left[paper.id] -= cents
        self.amounts[payment.transaction][paper.kind] += cents
        self.papers[payment.transaction][paper.kind].append(paper.id)
        if named and paper.party and payment.party and not same_party(paper.party, payment.party, self.settings.similarity):
            self.strangers[payment.transaction].append(paper.id)

    def exact(self, paper: Paper) -> None:
        """The payment of just this amount, the nearest in time."""
        if paper.amount is None:
            return
        open_ = [
            p
            for p in self._fitting(paper)
            if self._near(paper.amount, p.amount) and not self.amounts[p.transaction][paper.kind]
        ]
        if open_:
            self.put(paper, min(open_, key=lambda p: (abs((p.day - (paper.day or p.day)).days), p.transaction)))

    def rest(self, paper: Paper) -> None:
        """Further payments to the party, as far as the paper reaches."""
        for payment in self._fitting(paper):
            if self.left.get(paper.id, 1) > 0 and self.amounts[payment.transaction][paper.kind] < payment.amount:
                self.put(paper, payment)
                if paper.amount is None:
                    return

    def soon(self, paper: Paper) -> bool:
        """Red-flushed within the window after it was written, or after the payment it stands for."""
        payment = self.by_id.get(paper.transaction) or next(iter(self._fitting(paper)), None)
        assert paper.flushed is not None
        since = [day for day in (paper.day, payment.day if payment else None) if day is not None]
        return bool(since) and (paper.flushed - max(since)).days <= self.settings.reflush_days

    def payee_of(self, paper: Paper) -> str:
        """The payment a loose paper stands for."""
        return next((payment.transaction for payment in self._fitting(paper)), "")

    def covers(self) -> dict[str, Cover]:
        """What was found, by transaction."""
        return {
            id: Cover(
                dict(self.amounts[id]),
                {kind: tuple(ids) for kind, ids in self.papers[id].items()},
                tuple(self.strangers.get(id, ())),
            )
            for id in self.papers
        }

    def _fitting(self, paper: Paper) -> list[Payment]:
        before, after = self.settings.windows.get(paper.kind, (0, 0))
        return [
            payment
            for payment in self.payments
            if same_party(paper.party, payment.party, self.settings.similarity)
            and (paper.day is None or -before <= (paper.day - payment.day).days <= after)
        ]

    def _near(self, one: int, other: int) -> bool:
        return abs(one - other) <= self.settings.amount_share * other


def _reused(papers: Iterable[Paper], mine: Sequence[Paper]) -> tuple[Paper, ...]:
    """Invoices of ours that also stand under another payment or loan: the same document, or the same party, amount and day."""
    uses: dict[tuple[object, ...], set[tuple[str, str | None]]] = defaultdict(set)
    for paper in papers:
        for key in _identities(paper):
            uses[key].add((paper.loan, paper.transaction))
    return tuple(paper for paper in mine if any(len(uses[key]) > 1 for key in _identities(paper)))


def _identities(paper: Paper) -> Iterable[tuple[object, ...]]:
    if paper.kind != "invoice":
        return
    # one seller writes several invoices of one amount on one day: without a document's name nothing tells them apart
    if paper.document:
        yield paper.document, normal_name(paper.party), paper.amount, paper.day
