"""What the red flags look at, measured on one usage: shares of the drawn money with the payments and payees behind them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from tools.domain.account_steps import PARTY
from tools.domain.payees import folded, looks_like_a_person
from tools.domain.periods import add_months
from tools.domain.tracing import Flow, Trace
from tools.domain.use_case import Party, Paying, Usage, UseRules
from tools.domain.use_flags import Measured

FAST_DAYS = 3
NEW_MONTHS = 6
ROUND = 1_000_000
"""Cents: a round sum is whole ten thousands."""
KEPT_SHARE = Decimal("0.97")


def back_flow(found: Trace, amounts: Mapping[str, int], within: int | None = None) -> tuple[int, int]:
    """Gross cents that came back and the payments they came from. Of a transfer only the part not counted before counts, and never
    more comes back than was paid."""
    days = {flow.transaction: flow.day for flow in found.flows}
    gross, sources = 0, set[str]()
    for flow in found.flows:
        if not flow.back:
            continue
        if within is not None and all((flow.day - days[source]).days > within for source in flow.sources if source in days):
            continue
        gross += (2 * flow.amount * flow.back + flow.loan) // (2 * flow.loan)
        sources |= set(flow.sources)
    base = sum(amounts.get(source, 0) for source in sources)
    return min(gross, base), base


def measures_of(usage: Usage, rules: UseRules) -> dict[str, Measured]:
    """Every measure the flags may ask for; None when the drawing is not in the accounts or no evidence was handed over."""
    case, found = usage.case, usage.trace
    first = min((day for day, _ in case.drawings), default=usage.as_of)
    last = max((day for day, _ in case.drawings if day <= usage.as_of), default=usage.as_of)
    measures: dict[str, Measured] = {
        "days_since_drawing": Measured(Decimal((usage.as_of - last).days)),
        "refinancing_agreed": Measured(case.refinancing),
    }
    if not found.drawn:
        unknown = ("misuse", "backflow", "backflow_of_loan", "fast_out", "related_net", "new_payees", "cash", "gambling", "persons",
                   "scope_mismatch", "deposits", "unspent", "wrong_party", "splitting", "round_chain", "not_entrusted", "onward",
                   "refinanced", "evidence_late")  # fmt: skip
        return measures | dict.fromkeys(unknown, Measured(None)) | _papers(usage)
    share = _Sharer(usage)
    names = [name for _, name in sorted(((f.misused, share.name(f.target)) for f in found.flows if f.misused), reverse=True)]
    measures["misuse"] = Measured(
        share.of(found.misused),
        found.misused,
        tuple(f.transaction for f in found.flows if f.misused),
        tuple(dict.fromkeys(names)),
    )
    steps = {step.transaction: step.amount for step in case.walk.steps}
    gross, base = back_flow(found, steps, rules.first_days)
    back = tuple(f.transaction for f in found.flows if f.back)
    givers = tuple(dict.fromkeys(share.name(f.source) for f in found.flows if f.back))
    measures["backflow"] = Measured(Decimal(gross) / base if base else Decimal(0), gross, back, givers)
    measures["backflow_of_loan"] = Measured(share.of(gross), gross, back, givers)
    measures["unspent"] = Measured(share.of(usage.unspent), usage.unspent)
    paying = usage.payments

    def early(days: int) -> list[Paying]:
        return [p for p in paying if (p.step.day - first).days <= days]

    here = frozenset({"loan_service", "government"})
    measures["fast_out"] = share.paid(p for p in early(FAST_DAYS) if not p.category.trade and p.category.id not in here)
    measures["cash"] = share.paid(p for p in early(rules.first_days) if p.category.id == "cash")
    measures["deposits"] = share.paid(p for p in early(rules.first_days) if p.category.id == "deposit_wealth")
    measures["gambling"] = share.paid(p for p in paying if p.category.id == "gambling_crypto")
    measures["persons"] = share.paid(p for p in paying if share.person(p, rules))
    measures["refinanced"] = share.paid(p for p in paying if p.category.id == "loan_service" and not _interest(p.line.memo))
    measures["wrong_party"] = share.paid(p for p in paying if p.cover.strangers)
    measures["related_net"] = _related(usage, share)
    measures["new_payees"] = share.flows(
        f for f in found.flows if _new(share.party(f.target), f.day) and f.target not in usage.places.own
    )
    measures["scope_mismatch"] = share.flows(
        f
        for f in found.flows
        if f.target not in usage.places.own | usage.places.kin and _stranger(rules, share.party(f.target), case.purpose)
    )
    measures["onward"] = share.flows(
        f for f in found.flows
        if f.source not in usage.places.own | usage.places.kin and f.target not in usage.places.own
        and f.transaction in usage.categories and usage.categories[f.transaction].misused(case.loan_type, case.purpose) and not f.misused
    )  # fmt: skip
    measures["round_chain"] = share.flows(_round_chain(found.flows, usage.places.own))
    measures["splitting"] = _splitting(usage, rules, share)
    measures["not_entrusted"] = share.paid(p for p in paying if _large(usage, rules, p))
    late = [p for p in paying if p.required and p.age > rules.papers.late_days and p.cover.lacks(p.required, p.step.amount)]
    if any(p.required for p in paying):
        missing = sum(p.loan - p.loan * p.cover.of(p.required, p.step.amount) // p.step.amount for p in late)
        measures["evidence_late"] = Measured(
            share.of(missing), missing, tuple(p.step.transaction for p in late), share.names(late)
        )
    else:
        measures["evidence_late"] = Measured(None if case.papers is None or not share.papers else Decimal(0))
    return measures | _papers(usage)


class _Sharer:
    """Shares of the drawn money and names of places."""

    def __init__(self, usage: Usage) -> None:
        self.usage = usage
        self.papers = [paper for paper in usage.case.papers or () if paper.loan == usage.case.loan]
        self.papers += [paper for paper in usage.case.papers or () if not paper.loan and _used(usage, paper.id)]

    def of(self, cents: int) -> Decimal:
        """A share of what was drawn."""
        return Decimal(cents) / self.usage.drawn if self.usage.drawn else Decimal(0)

    def party(self, place: str) -> Party:
        """What is known of a place."""
        return self.usage.case.parties.get(place) or Party(self.name(place))

    def name(self, place: str) -> str:
        """The name of a place's owner."""
        accounts, parties = self.usage.case.accounts, self.usage.case.parties
        if place in accounts:
            return accounts[place].name
        return parties[place].name if place in parties else place.removeprefix(PARTY)

    def names(self, paying: Iterable[Paying]) -> tuple[str, ...]:
        """Payees, each once."""
        return tuple(dict.fromkeys(self.name(p.step.target) for p in paying))

    def paid(self, paying: Iterable[Paying]) -> Measured:
        """Payments of the borrower by their loan part."""
        chosen = list(paying)
        cents = sum(p.loan for p in chosen)
        return Measured(self.of(cents), cents, tuple(p.step.transaction for p in chosen), self.names(chosen))

    def flows(self, flows: Iterable[Flow]) -> Measured:
        """Loan money in flows of any hand. What passes through several such hands is no more than what was drawn."""
        chosen = list(flows)
        cents = min(sum(f.loan for f in chosen), self.usage.drawn)
        return Measured(
            self.of(cents),
            cents,
            tuple(f.transaction for f in chosen),
            tuple(dict.fromkeys(self.name(f.target) for f in chosen)),
        )

    def person(self, paying: Paying, rules: UseRules) -> bool:
        """Whether a natural person is paid, wages apart."""
        party = self.party(paying.step.target)
        human = party.kind == "person" or (party.kind is None and looks_like_a_person(party.name, rules.families))
        return human and paying.category.id != "payroll"


def _used(usage: Usage, id: str) -> bool:
    return any(id in ids for p in usage.payments for ids in p.cover.papers.values())


def _papers(usage: Usage) -> dict[str, Measured]:
    if usage.papers is None:
        return dict.fromkeys(("reused_invoices", "red_flushed"), Measured(None))
    drawn = usage.drawn or 1
    reused, flushed = usage.papers.reused, usage.papers.flushed
    again = sum(paper.amount or 0 for paper in reused)
    undone = sum(paper.amount or 0 for paper, _ in flushed)
    return {
        "reused_invoices": Measured(
            Decimal(again) / drawn, again, tuple(dict.fromkeys(p.transaction for p in reused if p.transaction)), tuple(dict.fromkeys(p.party for p in reused))
        ),
        "red_flushed": Measured(
            Decimal(undone) / drawn, undone, tuple(t for _, t in flushed if t), tuple(dict.fromkeys(p.party for p, _ in flushed))
        ),
    }  # fmt: skip


def _related(usage: Usage, share: _Sharer) -> Measured:
    """Whole payments to related parties without an invoice that carried loan money, less what they paid in since. Payments said to be
    trade are unproven only where papers of this loan were handed over at all."""
    uninvoiced = [p for p in usage.payments if p.cover.of(("invoice",), p.step.amount) < p.step.amount]
    plain = [p for p in uninvoiced if p.category.id == "related_party"]
    claimed = [p for p in uninvoiced if p.category.id == "related_claimed"]
    out = plain + (claimed if share.papers else [])
    if not out and claimed:
        return Measured(None)
    since = min((p.step.day for p in out), default=usage.as_of)
    places = {p.step.target for p in out}
    came = sum(
        step.amount for step in usage.case.walk.steps
        if step.source in places and step.target in usage.places.own and since <= step.day <= usage.as_of
    )  # fmt: skip
    net = max(sum(p.step.amount for p in out) - came, 0)
    return Measured(share.of(net), net, tuple(p.step.transaction for p in out), share.names(out))


def _new(party: Party, day: date) -> bool:
    return party.registered_on is not None and add_months(party.registered_on, NEW_MONTHS) > day


def _stranger(rules: UseRules, party: Party, purpose: str) -> bool:
    """Whether a payee trades in other things than the loan is for, as far as both say in what."""
    if not party.scope or party.kind in ("government", "financial", "person"):
        return False
    scope, wanted = rules.trades_of(party.scope), rules.trades_of(purpose)
    return bool(scope) and bool(wanted) and not scope & wanted


def _interest(memo: str) -> bool:
    text = folded(memo)
    return ("利息" in text or "interest" in text) and not ("本息" in text or "本金" in text or "principal" in text)


def _round_chain(flows: Sequence[Flow], own: frozenset[str]) -> list[Flow]:
    """Flows by which a payee passes on a round sum it got as a round sum, keeping at most 3 %."""
    came: dict[str, list[Flow]] = defaultdict(list)
    passed = []
    for flow in flows:
        if flow.source not in own and flow.amount % ROUND == 0 and any(
            KEPT_SHARE * before.amount <= flow.amount <= before.amount for before in came[flow.source]
        ):  # fmt: skip
            passed.append(flow)
        if flow.target not in own and flow.amount % ROUND == 0:
            came[flow.target].append(flow)
    return passed


def _large(usage: Usage, rules: UseRules, paying: Paying) -> bool:
    """Above the threshold of entrusted payment, to one known counterparty, and paid by the borrower itself."""
    limits = rules.splitting
    applies = usage.case.loan_type in limits.loan_types and usage.case.currency == limits.currency
    inside = paying.category.id not in ("loan_service", "own_account", "payroll", "taxes")
    return applies and inside and not paying.line.entrusted and paying.loan > limits.threshold


def _splitting(usage: Usage, rules: UseRules, share: _Sharer) -> Measured:
    """Payments to one payee, or to payees tied to each other, each below the threshold, together not, within the window."""
    limits, case = rules.splitting, usage.case
    if case.loan_type not in limits.loan_types or case.currency != limits.currency:
        return Measured(Decimal(0))
    groups: dict[str, list[Paying]] = defaultdict(list)
    for p in usage.payments:
        if (
            p.category.id in ("loan_service", "own_account", "payroll", "taxes")
            or p.line.entrusted
            or p.step.amount >= limits.threshold
        ):
            continue
        groups[_group(share.party(p.step.target), p.step.target)].append(p)
    found: list[Paying] = []
    for paid in groups.values():
        found += _window(paid, limits.days, limits.threshold)
    cents = sum(p.step.amount for p in found)
    return Measured(share.of(cents), cents, tuple(p.step.transaction for p in found), share.names(found))


def _group(party: Party, place: str) -> str:
    return "kin" if party.tie else party.customer or place


def _window(paid: Sequence[Paying], days: int, threshold: int) -> list[Paying]:
    chosen: dict[str, Paying] = {}
    for start in paid:
        near = [p for p in paid if 0 <= (p.step.day - start.step.day).days < days]
        if len(near) > 1 and sum(p.step.amount for p in near) >= threshold:
            chosen.update((p.step.transaction, p) for p in near)
    return list(chosen.values())
