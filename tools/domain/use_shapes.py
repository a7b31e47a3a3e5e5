"""The `usage` JSON shape of interfaces, from a usage: money as plain decimals of currency units, shares unrounded to ten places."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from tools.domain.account_steps import PARTY
from tools.domain.holdings import Method
from tools.domain.money import plain
from tools.domain.tracing import OVERDRAFT, Flow
from tools.domain.use_case import Usage
from tools.domain.use_flags import Raised

SHARE_PLACES = Decimal("0.0000000001")
HUNDRED = Decimal(100)
LENDER = "loan"


def usage_shape(usage: Usage) -> dict[str, Any]:
    """`usage`, with what interfaces does not name: the payments' papers, where every cent rests, verdicts of all flags, remarks.
    Without the drawing in an account nothing was traced: misuse, back-flow and what is unspent are null, never nil."""
    case, blind = usage.case, _blind(usage)
    return {
        "loan": case.loan, "borrower": case.borrower, "currency": case.currency, "purpose": case.purpose,
        "payment_control": case.control, "as_of": usage.as_of.isoformat(), "drawn": money(usage.drawn), "seen": money(usage.seen),
        "evidenced": money(usage.evidenced), "evidenced_share": share(usage.evidenced, usage.drawn),
        "missing_evidence": missing_evidence(usage),
        "methods": {method: _method(usage, method) for method in usage.traces},
        "default_method": usage.method,
        "misuse_range": None if blind else [money(least) for least in _range(usage)],
        "backflow": None if blind else money(usage.backflow), "backflow_share": share(usage.backflow, usage.backflow_base),
        "backflow_base": money(usage.backflow_base),
        "unspent": None if blind else money(usage.unspent),
        "unfollowed": None if blind else money(usage.unfollowed),
        "flags": [flag_shape(usage, flag) for flag in usage.flags if flag.severity],
        "verdicts": [{"rule": f.rule.id, "verdict": f.verdict, "missing": list(f.missing)} for f in usage.flags],
        "edges": [edge for _, edge in edges(usage)],
        "accounts": [
            {"account": a.id, "owner": a.owner, "name": a.name, "bank": a.bank, "own": a.owner == case.borrower}
            for a in case.accounts.values()
        ],
        "use_changed": usage.changed_use, "remarks": list(usage.remarks),
    }  # fmt: skip


def money(cents: int) -> str:
    """Cents as currency units."""
    return plain(Decimal(cents).scaleb(-2).quantize(Decimal("0.01")))


def share(part: int, whole: int) -> str | None:
    """A share as a plain decimal; null of nothing."""
    return plain((Decimal(part) / whole).quantize(SHARE_PLACES).normalize() + 0) if whole else None


def place_name(usage: Usage, place: str) -> str:
    """The name of whoever holds a place."""
    case = usage.case
    if place.startswith(OVERDRAFT):
        return place_name(usage, place.removeprefix(OVERDRAFT))
    if place in case.accounts:
        return case.accounts[place].name
    return case.parties[place].name if place in case.parties else place.removeprefix(PARTY)


def place_id(usage: Usage, place: str) -> str:
    """An account's id, else the party's name."""
    return place if place in usage.case.accounts else place_name(usage, place)


def edges(usage: Usage) -> list[tuple[Flow | None, dict[str, Any]]]:
    """Every transfer that carries loan money by FIFO or pro-rata, in order, the drawings first of their day."""
    found: dict[str, dict[Method, Flow]] = defaultdict(dict)
    for method, traced in usage.traces.items():
        for flow in traced.flows:
            found[flow.transaction][method] = flow
    listed: list[tuple[Flow | None, dict[str, Any]]] = []
    for step in usage.case.walk.steps:
        line = usage.case.walk.lines[step.transaction]
        if step.transaction in usage.case.draws:
            listed.append((None, {
                "transaction": step.transaction, "date": step.day.isoformat(), "from": line.party or LENDER, "to": place_id(usage, step.target),
                "amount": money(step.amount), "category": "drawdown",
                "loan_part": {method: money(step.amount) for method in usage.traces},
                "from_name": line.party or LENDER, "to_name": place_name(usage, step.target), "hops": 0, "memo": line.memo,
                "misuse": money(0), "backflow": money(0), "received": None,
            }))  # fmt: skip
            continue
        flows = found.get(step.transaction)
        if not flows or step.transit or not ("fifo" in flows or "pro_rata" in flows):
            continue
        first = flows.get(usage.method) or next(iter(flows.values()))
        category = edge_category(usage, first)
        listed.append((first, {
            "transaction": step.transaction, "date": step.day.isoformat(), "from": place_id(usage, first.source), "to": place_id(usage, first.target),
            "amount": money(step.amount), "category": category,
            "loan_part": {method: money(flows[method].loan if method in flows else 0) for method in usage.traces},
            "from_name": place_name(usage, first.source), "to_name": place_name(usage, first.target), "hops": first.hops, "memo": line.memo,
            "misuse": money(flows[usage.method].misused if usage.method in flows else 0),
            "backflow": money(flows[usage.method].back if usage.method in flows else 0),
            "received": usage.case.walk.pairs.get(step.transaction),
        }))  # fmt: skip
    return listed


def edge_category(usage: Usage, flow: Flow) -> str:
    """What an edge is: back-flow when it returns, else the payee's category."""
    if flow.target in usage.places.own and flow.source not in usage.places.own:
        return "backflow"
    return usage.categories[flow.transaction].id if flow.transaction in usage.categories else "received"


def destinations(usage: Usage, method: Method) -> list[dict[str, Any]]:
    """Where every cent rests, largest first; together exactly what was drawn in the accounts."""
    traced = usage.traces[method]
    last = {flow.target: flow for flow in traced.flows}
    rows: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for place, tags in traced.resting.items():
        for tag, cents in tags.items():
            if place in usage.places.own:
                kind = (
                    "unspent"
                    if place in usage.case.accounts and not tag.source and not tag.returned
                    else "returned"
                    if tag.returned
                    else "own_account"
                )
            elif place.startswith(OVERDRAFT):
                kind = "overdraft"
            else:
                kind = edge_category(usage, last[place]) if place in last else "received"
            row = rows[kind, place_name(usage, place)]
            row[0] += cents
            row[1] += cents if tag.misused else 0
    listed = [
        {"category": kind, "name": name, "amount": money(total), "misused": money(bad)}
        for (kind, name), (total, bad) in rows.items()
    ]
    return sorted(listed, key=lambda row: (-Decimal(row["amount"]), row["category"], row["name"]))


def missing_evidence(usage: Usage) -> list[dict[str, Any]]:
    """What to ask for: papers of payments that need them, the larger payments of self-paid loans, and money we cannot see."""
    listed: list[dict[str, Any]] = []
    drawn = usage.drawn or 1
    both = ("contract", "invoice")
    for p in sorted(usage.payments, key=lambda one: (-one.loan, one.step.transaction)):
        if not p.category.evidence and p.category.id != "own_account":
            continue
        large = Decimal(p.loan) / drawn >= Decimal("0.05")
        wanted = p.required or (both if large else ())
        lacks = p.cover.lacks(wanted, p.step.amount)
        if lacks:
            listed.append({
                "transaction": p.step.transaction, "date": p.step.day.isoformat(), "payee": place_name(usage, p.step.target),
                "amount": money(p.step.amount), "loan_part": money(p.loan), "category": p.category.id, "missing": list(lacks),
                "age_days": p.age, "required": bool(p.required),
                "papers": {kind: list(ids) for kind, ids in p.cover.papers.items()},
            })  # fmt: skip
    unseen = usage.drawn - usage.seen
    if unseen > 0:
        listed.append({
            "transaction": None, "date": None, "payee": None, "amount": money(unseen), "loan_part": money(unseen), "category": "not_seen",
            "missing": ["account_statement", *both], "age_days": None, "required": False, "papers": {},
        })  # fmt: skip
    return listed


def flag_shape(usage: Usage, flag: Raised) -> dict[str, Any]:
    """One flag with its sentence in both languages."""
    measured = flag.measured
    texts = {language: told(usage, flag, language) for language in flag.rule.explain}
    return {
        "rule": flag.rule.id, "version": flag.rule.origin.version, "name": dict(flag.rule.name), "severity": flag.severity,
        "amount": money(measured.amount), "share": plain(measured.share.quantize(SHARE_PLACES).normalize() + 0) if isinstance(measured.share, Decimal) else None,
        "text": texts.get("en", ""), "texts": texts, "transactions": list(measured.transactions), "parties": list(measured.parties),
    }  # fmt: skip


def told(usage: Usage, flag: Raised, language: str) -> str:
    """The rule's sentence with amount, share and payees filled in."""
    measured, currency = flag.measured, usage.case.currency
    amount = f"{Decimal(measured.amount).scaleb(-2):,.2f}"
    words = {
        "amount": f"{amount}元" if language == "zh" and currency == "CNY" else f"{currency} {amount}",
        "share": f"{(measured.share * HUNDRED):.2f}%" if isinstance(measured.share, Decimal) else "?",
        "parties": ("、" if language == "zh" else ", ").join(measured.parties),
        "days_since_drawing": _days(usage),
    }
    return flag.rule.explain[language].format(**words)


def _days(usage: Usage) -> str:
    last = max((day for day, _ in usage.case.drawings if day <= usage.as_of), default=usage.as_of)
    return str((usage.as_of - last).days)


def _method(usage: Usage, method: Method) -> dict[str, Any]:
    traced = usage.traces[method]
    names: dict[tuple[str, str], int] = defaultdict(int)
    for flow in traced.flows:
        if flow.misused:
            names[edge_category(usage, flow), place_name(usage, flow.target)] += flow.misused
    listed = sorted(names.items(), key=lambda item: (-item[1], item[0]))
    return {
        "misuse": None if _blind(usage) else money(traced.misused),
        "misuse_share": None if _blind(usage) else share(traced.misused, usage.drawn),
        "by_destination": [{"category": kind, "name": name, "amount": money(cents)} for (kind, name), cents in listed],
        "destinations": destinations(usage, method),
    }  # fmt: skip


def _blind(usage: Usage) -> bool:
    return usage.drawn > 0 and usage.seen == 0


def _range(usage: Usage) -> tuple[int, int]:
    found = [traced.misused for traced in usage.traces.values()]
    return min(found), max(found)
