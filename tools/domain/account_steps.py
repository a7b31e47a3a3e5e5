"""Lines of bank accounts as transfers between places, in the order they happened.

A transfer between two accounts we see stands in both; it is one transfer. Of lines with the same time, money comes in before it goes
out, then the bank's own sequence decides; a payment that others wait for goes first. Where the balances say that lines are missing,
an unexplained one takes their place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from tools.domain.names import normal_name, short_name
from tools.domain.tracing import Step

BookRow = Mapping[str, Any]
PARTY = "party:"
"""Before the normal name of a party whose account is not shown to us."""
TRANSIT = "transit:"
GAP = "gap:"
"""Before the id of the line in front of which lines are missing."""
NIGHTS_APART = 2
"""Two lines of one transfer may lie over a weekend day and a value date."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account whose lines are shown. `owner` is a customer's id, `name` the customer's name."""

    id: str
    number: str | None
    owner: str
    name: str
    bank: str | None
    currency: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an account. Amounts in cents; `balance` after it; `sequence` as the bank numbered it; `time` as text, or empty."""

    id: str
    account: str
    day: date
    incoming: bool
    amount: int
    party: str
    party_account: str
    party_bank: str
    memo: str
    channel: str
    time: str
    sequence: int | None
    balance: int | None
    loan: str | None
    entrusted: bool


@dataclass(frozen=True, slots=True)
class Walk:
    """`steps` in order; `lines` by the transaction of a step; `pairs`: the second line of a transfer by its first; `openings` in
    cents; `remarks`: accounts whose opening balance is not known, and lines in front of which lines are missing."""

    steps: tuple[Step, ...]
    lines: Mapping[str, Line]
    pairs: Mapping[str, str]
    openings: Mapping[str, int]
    remarks: tuple[str, ...]


def line_of(row: BookRow) -> Line:
    """An `account_transactions` row."""
    return Line(
        str(row["id"]), str(row["account_id"]), row["value_date"], row["direction"] == "in", in_cents(row["amount"]),
        (row.get("counterparty_name") or "").strip(), (row.get("counterparty_account") or "").strip(),
        (row.get("counterparty_bank") or "").strip(), (row.get("memo") or "").strip(), (row.get("channel") or "").strip(),
        str(row["time"]) if row.get("time") is not None else "", row.get("sequence"),
        None if row.get("balance_after") is None else in_cents(row["balance_after"]), row.get("loan_id"), bool(row.get("entrusted")),
    )  # fmt: skip


def in_cents(amount: Decimal) -> int:
    """Whole cents of an amount that has at most two places."""
    return int(amount.scaleb(2).to_integral_value())


def party_place(name: str, account: str) -> str:
    """The place of a party that is not shown: by its name, else by its account."""
    return PARTY + (normal_name(name) or account or "?")


def walk(accounts: Mapping[str, Account], lines: Iterable[Line]) -> Walk:
    """Everything the shown accounts did. Draws, claims and misuse are for the caller to mark on the steps."""
    by_account: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        if line.account in accounts:
            by_account[line.account].append(line)
    openings: dict[str, int] = {}
    remarks: list[str] = []
    for id, own in by_account.items():
        own.sort(key=_booked)
        by_account[id], openings[id], said = _complete(id, own)
        remarks += said
    timed = {line.id: line for own in by_account.values() for line in _timed(own)}
    pairs = _pairs(accounts, timed.values())
    return Walk(tuple(_ordered(timed, pairs)), timed, pairs, openings, tuple(remarks))


def _booked(line: Line) -> tuple[date, int, str, bool, str]:
    return line.day, line.sequence or 0, line.time, not line.incoming, line.id


def _complete(id: str, lines: Sequence[Line]) -> tuple[list[Line], int, list[str]]:
    """Lines with what is missing between them, the opening balance, and remarks."""
    numbered = all(line.sequence is not None for line in lines)
    first = lines[0]
    if first.balance is None:
        low = running = 0
        for line in lines:
            running += line.amount if line.incoming else -line.amount
            low = min(low, running)
        return list(lines), -low, [f"opening_balance_unknown:{id}"]
    opening = first.balance - (first.amount if first.incoming else -first.amount)
    if not numbered:
        return list(lines), opening, []
    found: list[Line] = []
    remarks = []
    balance: int | None = opening
    for line in lines:
        moved = line.amount if line.incoming else -line.amount
        if line.balance is not None and balance is not None and line.balance != balance + moved:
            hole = line.balance - moved - balance
            found.append(
                replace(
                    line, id=GAP + line.id, incoming=hole > 0, amount=abs(hole), party="", party_account="", party_bank="", memo="",
                    channel="", loan=None, entrusted=False, balance=balance + hole,
                )
            )  # fmt: skip
            remarks.append(f"lines_missing_before:{line.id}")
        found.append(line)
        balance = line.balance if line.balance is not None else None if balance is None else balance + moved
    return found, opening, remarks


def _timed(lines: Sequence[Line]) -> Iterable[Line]:
    """A line without a time happened when the one before it did."""
    day, time = None, ""
    for line in lines:
        time = line.time or (time if line.day == day else "")
        day = line.day
        yield line if line.time == time else replace(line, time=time)


def _pairs(accounts: Mapping[str, Account], lines: Iterable[Line]) -> dict[str, str]:
    """Outgoing line → the incoming line of the same transfer in another shown account."""
    by_number = {account.number: account for account in accounts.values() if account.number}
    by_name: dict[str, list[str]] = defaultdict(list)
    for one in accounts.values():
        by_name[short_name(one.name)].append(one.id)
    waiting: dict[tuple[str, str, int], list[Line]] = defaultdict(list)
    outgoing: list[Line] = []
    every = list(lines)
    for line in every:
        if line.incoming:
            sender = by_number.get(line.party_account)
            waiting[line.account, sender.id if sender else short_name(line.party), line.amount].append(line)
        else:
            outgoing.append(line)
    taken: set[str] = set()
    found: dict[str, str] = {}
    for line in sorted(outgoing, key=lambda one: (one.day, one.time, one.sequence or 0, one.id)):
        account = accounts[line.account]
        receiver = by_number.get(line.party_account)
        # a bank prints the payee as it likes ("(江北银行户)"): day and amount must agree besides
        targets = [receiver.id] if receiver else by_name.get(short_name(line.party), []) if line.party else []
        candidates = [
            other
            for target in targets
            if target != line.account
            for key in (account.id, short_name(account.name))
            for other in waiting.get((target, key, line.amount), ())
            if other.id not in taken and abs((other.day - line.day).days) <= NIGHTS_APART
        ]
        if candidates:
            best = min(candidates, key=lambda one: (abs((one.day - line.day).days), one.time < line.time, one.time, one.id))
            taken.add(best.id)
            found[line.id] = best.id
    return found


def _ordered(lines: Mapping[str, Line], pairs: Mapping[str, str]) -> Iterable[Step]:
    arrivals = {second: first for first, second in pairs.items()}
    steps: list[tuple[tuple[date, str], int, Step]] = []
    for line in lines.values():
        when = (line.day, line.time)
        if line.id in arrivals:
            continue
        if line.incoming:
            steps.append((when, line.sequence or 0, _step(line, party_place(line.party, line.party_account), line.account)))
        elif line.id not in pairs:
            steps.append((when, line.sequence or 0, _step(line, line.account, party_place(line.party, line.party_account))))
        else:
            other = lines[pairs[line.id]]
            if other.day <= line.day:
                steps.append((when, line.sequence or 0, _step(line, line.account, other.account)))
                continue
            road = TRANSIT + line.id
            steps.append((when, line.sequence or 0, _step(line, line.account, road)))
            late = replace(_step(line, road, other.account), transit=True, day=other.day)
            steps.append(((other.day, other.time), other.sequence or 0, late))
    steps.sort(key=lambda one: (one[0], one[1], one[2].transaction))
    for _, together in groupby(steps, key=lambda one: one[0]):
        yield from _untangled([step for _, _, step in together], lambda place: place.startswith((PARTY, TRANSIT)))


def _step(line: Line, source: str, target: str) -> Step:
    return Step(line.id, line.day, source, target, line.amount)


def _untangled(steps: list[Step], outside: Callable[[str], bool]) -> Iterable[Step]:
    """Steps of one moment: what an account gets comes before what it pays; in a ring the bank's sequence decides where it opens."""
    waiting: dict[str, int] = defaultdict(int)
    for step in steps:
        waiting[step.target] += 1
    open_ = list(steps)
    while open_:
        chosen = next((s for s in open_ if outside(s.source) or not waiting[s.source]), open_[0])
        open_.remove(chosen)
        waiting[chosen.target] -= 1
        yield chosen
