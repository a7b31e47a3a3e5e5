"""Lines of bank accounts as statements of account print them, and what can be proved about them.

A statement of account proves itself: each balance is the one before plus or minus the amount. Overlapping statements repeat
lines; the same movement is recognised by account, day, direction, amount and balance, and counted once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from tools.domain.facts import Box, Source
from tools.domain.money import plain

Direction = Literal["in", "out"]
TAIL = 4
"""Digits of an account number that are shown when the rest is masked."""


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One movement. `sequence` is its place in the statement as printed; `direction` is seen from the account holder."""

    id: str
    value_date: date
    direction: Direction
    amount: Decimal
    source: Source
    sequence: int
    borrower: str = ""
    account_number: str | None = None
    account_bank: str | None = None
    account_name: str | None = None
    currency: str | None = None
    balance_after: Decimal | None = None
    time: str | None = None
    counterparty_name: str | None = None
    counterparty_account: str | None = None
    counterparty_bank: str | None = None
    memo: str | None = None
    channel: str | None = None
    reference: str | None = None
    raw: str = ""
    confidence: Decimal = Decimal("0.9")
    recorded_at: datetime | None = None
    duplicate_of: str | None = None

    @property
    def signed(self) -> Decimal:
        """The movement as it changes the balance."""
        return self.amount if self.direction == "in" else -self.amount


@dataclass(frozen=True, slots=True)
class BalanceBreak:
    """A balance that does not follow from the one before. `difference` is printed less expected."""

    line: AccountLine
    expected: Decimal
    difference: Decimal


def breaks(lines: Sequence[AccountLine], opening: Decimal | None) -> list[BalanceBreak]:
    """Balances that do not follow, in time order; after a break the printed balance is believed again."""
    found: list[BalanceBreak] = []
    balance = opening
    for line in lines:
        expected = None if balance is None else balance + line.signed
        if expected is not None and line.balance_after is not None and expected != line.balance_after:
            found.append(BalanceBreak(line, expected, line.balance_after - expected))
        balance = line.balance_after if line.balance_after is not None else expected
    return found


def implied_opening(lines: Sequence[AccountLine]) -> Decimal | None:
    """What the balance was before the first line, when that line prints the one after it."""
    if not lines or lines[0].balance_after is None:
        return None
    return lines[0].balance_after - lines[0].signed


def same_account(one: str | None, other: str | None) -> bool:
    """Whether two printed numbers can be one account: equal, or one of them masked and all shown digits agreeing."""
    if not one or not other:
        return False
    left, right = _digits(one), _digits(other)
    if "*" not in left + right:
        return left == right
    return len(left.strip("*")) >= TAIL and left[-TAIL:] == right[-TAIL:] and _compatible(left, right)


def _digits(number: str) -> str:
    return "".join(sign if sign.isalnum() else "*" if sign in "*xX×•" else "" for sign in number)


def _compatible(left: str, right: str) -> bool:
    """Masked digits agree with anything; the shown beginning must be the same."""
    head_left, head_right = left.split("*", 1)[0], right.split("*", 1)[0]
    short = min(len(head_left), len(head_right))
    return head_left[:short] == head_right[:short]


def without_duplicates(lines: Iterable[AccountLine]) -> list[AccountLine]:
    """Lines by account and day; those another statement printed already carry `duplicate_of`. Two equal movements in one statement
    are two movements: the n-th of one statement is the n-th of the other."""
    ordered = sorted(lines, key=_learned)
    first: dict[tuple[object, ...], AccountLine] = {}
    met: Counter[tuple[object, ...]] = Counter()
    out: list[AccountLine] = []
    for line in ordered:
        account = _digits(line.account_number or "")[-TAIL:]
        key = (account, line.value_date, line.direction, line.amount, line.balance_after)
        met[(line.source.sha256, *key)] += 1
        place = (*key, met[(line.source.sha256, *key)])
        kept = first.setdefault(place, line)
        twin = kept if kept.source.sha256 != line.source.sha256 else None
        out.append(replace(line, duplicate_of=twin.id) if twin is not None and same_account_or_unknown(twin, line) else line)
    return sorted(out, key=lambda line: (line.account_number or "", line.value_date, line.source.sha256, line.sequence))


def _learned(line: AccountLine) -> tuple[str, str, int]:
    return (line.recorded_at.isoformat() if line.recorded_at else "", line.source.sha256, line.sequence)


def same_account_or_unknown(one: AccountLine, other: AccountLine) -> bool:
    """Lines of one account, or both of an account whose number is not printed."""
    if not one.account_number and not other.account_number:
        return True
    return same_account(one.account_number, other.account_number)


def line_shape(line: AccountLine) -> dict[str, Any]:
    """As JSON: the columns of the loan book's `account_transactions`, and the place on the paper."""
    source = line.source
    return {
        "id": line.id, "kind": "transaction", "borrower": line.borrower or None, "account": line.account_number, "bank": line.account_bank,
        "account_name": line.account_name, "value_date": line.value_date.isoformat(), "time": line.time, "sequence": line.sequence,
        "direction": line.direction, "amount": plain(line.amount), "currency": line.currency,
        "balance_after": plain(line.balance_after) if line.balance_after is not None else None,
        "counterparty_name": line.counterparty_name, "counterparty_account": line.counterparty_account,
        "counterparty_bank": line.counterparty_bank, "memo": line.memo, "channel": line.channel, "reference": line.reference,
        "document": source.document, "sha256": source.sha256, "page": source.page, "box": list(source.box) if source.box else None,
        "locator": source.locator, "raw": line.raw, "confidence": plain(line.confidence), "duplicate_of": line.duplicate_of,
    }  # fmt: skip


def box_of(value: Any) -> Box | None:
    """A stored box."""
    return (value[0], value[1], value[2], value[3]) if value else None
