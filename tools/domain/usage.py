"""The use of one loan's proceeds: drawn, traced by each method, matched to papers, judged by the red flags.

    usage = find_usage(case, rules, as_of)

Everything is handed over in a `Case`; nothing is read here. Amounts are whole cents until the shape.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from tools.domain.account_steps import GAP, PARTY
from tools.domain.holdings import METHODS
from tools.domain.names import normal_name, short_name
from tools.domain.payees import Category, Paid, looks_like_a_person
from tools.domain.tracing import OVERDRAFT, Places, Step, Trace, trace
from tools.domain.use_case import Case, Party, Paying, Usage, UseRules
from tools.domain.use_flags import judge_flags
from tools.domain.use_measures import back_flow, measures_of
from tools.domain.use_papers import NO_COVER, Cover, Papers, Payment, match_papers

ZERO = Decimal(0)
BOTH = ("contract", "invoice")
SALES = "sales:"
"""Before a buyer's place: what a buyer pays is his, even when we once paid him too."""


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
    """What kind of payee a step goes to. Who has a contract or an invoice for it on file sells; both together prove the trade."""
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
    if party.supplier or any(cover.of((paper,), step.amount) >= step.amount for paper in BOTH):
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
