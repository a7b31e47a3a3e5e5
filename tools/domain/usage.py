"""The use of one loan's proceeds: drawn, traced by each method, matched to papers, judged by the red flags.

    usage = find_usage(case, rules, as_of)

Everything is handed over in a `Case`; nothing is read here. Amounts are whole cents until the shape.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from tools.domain.account_steps import GAP, PARTY, Account, Line, Walk
from tools.domain.holdings import METHODS, Method
from tools.domain.names import normal_name, short_name
from tools.domain.payees import Category, Paid, PayeeRules, folded, looks_like_a_person
from tools.domain.tracing import OVERDRAFT, Limits, Places, Step, Trace, trace
from tools.domain.use_flags import FlagRule, Raised
from tools.domain.use_papers import NO_COVER, Cover, Paper, Papers, PaperSettings, Payment, match_papers

ZERO = Decimal(0)
BOTH = ("contract", "invoice")
SALES = "sales:"
"""Before a buyer's place: what a buyer pays is his, even when we once paid him too."""


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

    def shape(self) -> dict[str, Any]:
        """JSON of interfaces."""
        from tools.domain.use_shapes import usage_shape

        return usage_shape(self)


def own_place(case: Case, place: str) -> bool:
    """Whether a place is the borrower's: one of his accounts, or an account elsewhere in his name."""
    if place in case.accounts:
        return case.accounts[place].owner == case.borrower
    party = case.parties.get(place)
    if party is None:
        return False
    if party.customer is not None:
        return party.customer == case.borrower
    return bool(party.name) and short_name(party.name) in {short_name(name) for name in case.borrower_names}


def places_of(case: Case) -> Places:
    """Whose every place is."""
    every = {place for step in case.walk.steps for place in (step.source, step.target)}
    own = {id for id, account in case.accounts.items() if account.owner == case.borrower}
    own |= {place for place in every if own_place(case, place)}
    kin = {place for place in every - own if (party := case.parties.get(place)) and party.tie}
    return Places(frozenset(own), frozenset(kin), frozenset(place for place in every if place.startswith(PARTY)))


def owners_on_the_way(usage: Usage) -> dict[str, frozenset[str]]:
    """Of each payment that carries loan money: the other customers whose accounts the money went through to get there. Once their
    money and the borrower's are in one account, everything paid out of it tells of them."""
    accounts, borrower = usage.case.accounts, usage.case.borrower
    reached: dict[str, frozenset[str]] = {}
    found: dict[str, frozenset[str]] = {}
    for flow in usage.trace.flows:
        owner = accounts[flow.source].owner if flow.source in accounts else borrower
        behind = reached.get(flow.source, frozenset()) | ({owner} - {borrower})
        found[flow.transaction] = behind
        reached[flow.target] = reached.get(flow.target, frozenset()) | behind
    return found


def category_of(case: Case, rules: UseRules, step: Step, own: frozenset[str], cover: Cover, banks: frozenset[str]) -> Category:
    """What kind of payee a step goes to. Who has a contract on file sells; contract and invoice together prove the trade."""
    line = case.walk.lines.get(step.transaction)
    party = case.parties.get(step.target) or Party(line.party if line else "")
    known = set()
    if step.transaction.startswith(GAP):
        known.add("gap")
    if step.target in own:
        known.add("own")
    if normal_name(party.name) in banks:
        known.add("own_bank")
    if party.tie:
        known.add("related")
    if cover.of(BOTH, step.amount) >= step.amount:
        known.add("evidenced")
    if party.supplier or cover.of(("contract",), step.amount) >= step.amount:
        known.add("supplier")
    if case.before.get(step.target, 0) >= rules.established:
        known.add("established")
    if party.kind == "person" or (party.kind is None and looks_like_a_person(party.name, rules.families)):
        known.add("person")
    memo, channel = (line.memo, line.channel) if line else ("", "")
    return rules.payees.of(Paid(party.name, memo, channel, party.kind, party.industry, frozenset(known)))


def marked_steps(case: Case, rules: UseRules, places: Places, categories: Mapping[str, Category]) -> list[Step]:
    """The steps with what is known of each: drawings, payments out of this loan, misuse, refunds, and buyers' own money."""
    found = []
    last_paid: dict[str, date] = {}
    for step in case.walk.steps:
        line = case.walk.lines[step.transaction]
        if step.transaction in case.draws:
            step = replace(step, draw=True)
        elif step.source in places.own and step.target not in places.own:
            last_paid[step.target] = step.day
            claim = case.claims.get(step.transaction, "") if line.entrusted else ""
            misuse = categories[step.transaction].misused(case.loan_type, case.purpose)
            step = replace(step, claim="loan" if claim == case.loan else "other" if claim else "", misuse=misuse)
        elif step.target in places.own and step.source not in places.own:
            paid = last_paid.get(step.source)
            party = case.parties.get(step.source)
            if paid and (step.day - paid).days <= rules.refund_days and rules.refund_words.search(line.memo):
                step = replace(step, refund=True)
            elif step.source in places.blind and party is not None and party.buyer and not party.tie:
                step = replace(step, source=SALES + step.source)
        found.append(step)
    return found


def find_usage(case: Case, rules: UseRules, as_of: date) -> Usage:
    """The whole of it. Without a drawing in the accounts nothing is traced and the shape says so."""
    from tools.domain.use_measures import back_flow, measures_of

    places = places_of(case)
    drawn = sum(cents for day, cents in case.drawings if day <= as_of)
    outgoing = [s for s in case.walk.steps if s.source in places.own and s.target not in places.own and not s.transit]
    papers = _papers(case, rules, outgoing, as_of)
    covers = papers.covers if papers else {}
    banks = frozenset(normal_name(account.bank) for account in case.accounts.values() if account.bank)
    categories = {
        step.transaction: category_of(case, rules, step, places.own, covers.get(step.transaction, NO_COVER), banks)
        for step in case.walk.steps
        if not step.transit
    }
    steps = marked_steps(case, rules, places, categories)
    traces = {method: trace(steps, case.walk.openings, places, method, rules.limits(drawn)) for method in METHODS}
    found = traces[rules.method]
    payments = _payments(case, rules, outgoing, categories, found, covers, as_of)
    backflow, base = back_flow(found, {step.transaction: step.amount for step in steps})
    shown = [place for place in places.own if place in case.accounts]
    usage = Usage(
        case, as_of, drawn, found.drawn, places, traces, rules.method, categories, payments, papers,
        _evidenced(case, payments, drawn - found.drawn, as_of), backflow, base, found.unspent(shown), (),
        _remarks(case, drawn, found, payments),
    )  # fmt: skip
    from tools.domain.use_flags import judge_flags

    return replace(usage, flags=judge_flags(rules.flags, measures_of(usage, rules), as_of))


def _papers(case: Case, rules: UseRules, outgoing: Sequence[Step], as_of: date) -> Papers | None:
    if case.papers is None:
        return None
    first = min((day for day, _ in case.drawings), default=as_of)
    payments = [
        Payment(step.transaction, step.day, step.amount, _name(case, step.target)) for step in outgoing if step.day >= first
    ]
    return match_papers(payments, case.papers, case.loan, as_of, rules.papers)


def _payments(
    case: Case, rules: UseRules, outgoing: Sequence[Step], categories: Mapping[str, Category], found: Trace,
    covers: Mapping[str, Cover], as_of: date,
) -> tuple[Paying, ...]:  # fmt: skip
    parts = {flow.transaction: flow.loan for flow in found.flows}
    paid = []
    for step in outgoing:
        part = parts.get(step.transaction, 0)
        if not part:
            continue
        line, category = case.walk.lines[step.transaction], categories[step.transaction]
        way = "entrusted" if line.entrusted or case.control == "entrusted" else "self"
        required = rules.papers.required.get(way, ()) if category.evidence else ()
        cover = covers.get(step.transaction, NO_COVER)
        paid.append(Paying(step, line, category, part, cover, required, (as_of - step.day).days))
    return tuple(paid)


def _evidenced(case: Case, payments: Sequence[Paying], unseen: int, as_of: date) -> int:
    """Loan money with contract and invoice on file; papers of what was drawn out of our sight count up to that."""
    seen = sum(p.loan * p.cover.of(BOTH, p.step.amount) // p.step.amount for p in payments)
    if unseen <= 0 or case.papers is None:
        return seen
    used = {id for p in payments for ids in p.cover.papers.values() for id in ids}
    loose = [p for p in case.papers if p.loan == case.loan and p.id not in used and (p.flushed is None or p.flushed > as_of)]
    sums = [sum(p.amount or 0 for p in loose if p.kind == kind) for kind in BOTH]
    return seen + min(unseen, *sums)


def _remarks(case: Case, drawn: int, found: Trace, payments: Sequence[Paying]) -> tuple[str, ...]:
    remarks = list(case.walk.remarks)
    if not drawn:
        remarks.append("not_drawn")
    elif not found.drawn:
        remarks.append("no_drawing_in_accounts")
    elif found.drawn < drawn:
        remarks.append("drawing_partly_in_accounts")
    covered = any(p.cover.papers for p in payments)
    if not covered and (case.papers is None or not any(paper.loan == case.loan for paper in case.papers)):
        remarks.append("no_evidence_on_file")
    if any(place.startswith(OVERDRAFT) for place in found.resting):
        remarks.append("filled_an_overdraft")
    return tuple(remarks)


def _name(case: Case, place: str) -> str:
    if place in case.accounts:
        return case.accounts[place].name
    party = case.parties.get(place)
    return party.name if party else place.removeprefix(PARTY)
