"""How far a covenant is from its limit: headroom, cushion, what would cure a breach, and caps on add-backs.

All unrounded. Headroom is a share of the limit, positive when the test passes; cushion is how far the earnings behind the
ratio may fall before it fails. A limit of zero has neither.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from tools.domain.arithmetic import ONE, ZERO, divide
from tools.domain.covenants import Limit, Operator


def passes(actual: Decimal, operator: Operator, limit: Limit) -> bool:
    """Whether the unrounded `actual` meets the limit."""
    if operator == "==":
        return actual == limit.low
    return (limit.low is None or actual >= limit.low) and (limit.high is None or actual <= limit.high)


def headroom(actual: Decimal, operator: Operator, limit: Limit) -> Decimal | None:
    """Share of the limit left (negative: exceeded); the nearer end of a band; None for == and for a limit of zero."""
    if operator == "==":
        return None
    found = []
    if limit.high:
        found.append(divide(limit.high - actual, abs(limit.high)))
    if limit.low:
        found.append(divide(actual - limit.low, abs(limit.low)))
    return min(found, default=None)


def cushion(actual: Decimal, operator: Operator, limit: Limit) -> Decimal | None:
    """Fall of the earnings driver that brings the ratio to its limit: 1 - actual/limit for a maximum (earnings in the
    denominator), 1 - limit/actual for a minimum (in the numerator). None for bands, == and where it has no meaning."""
    if operator == "<=" and limit.high is not None and limit.high > 0 and actual >= 0:
        return ONE - divide(actual, limit.high)
    if operator == ">=" and limit.low is not None and limit.low > 0 and actual > 0:
        return ONE - divide(limit.low, actual)
    return None


@dataclass(frozen=True, slots=True)
class Cure:
    """What would bring a failed test to its limit: `raise` the measure by `amount` (owner's cash counted as EBITDA), or `cut`
    it (debt prepaid)."""

    kind: Literal["raise", "cut"]
    measure: str
    amount: Decimal


def ratio_cures(
    numerator: Decimal, denominator: Decimal, operator: Operator, limit: Decimal, names: tuple[str, str]
) -> tuple[Cure, ...]:
    """Cures of a ratio that fails: for a maximum raise the denominator to numerator/limit or cut the numerator to
    limit x denominator; for a minimum the other way round. Empty when the limit is not positive or the test passes."""
    if limit <= 0 or operator not in ("<=", ">="):
        return ()
    over, under = names
    if operator == "<=":
        pairs: list[tuple[Literal["raise", "cut"], str, Decimal]] = [
            ("raise", under, divide(numerator, limit) - denominator), ("cut", over, numerator - limit * max(denominator, ZERO)),
        ]  # fmt: skip
    else:
        pairs = [("raise", over, limit * denominator - numerator), ("cut", under, denominator - divide(numerator, limit))]
    return tuple(Cure(kind, name, amount) for kind, name, amount in pairs if amount > 0)


def ratio_room(
    numerator: Decimal, denominator: Decimal, operator: Operator, limit: Decimal, names: tuple[str, str]
) -> tuple[Cure, ...]:
    """How far the parts of a ratio that passes may move, each alone, before it stands at its limit: for a maximum the
    denominator may fall (`cut`) and the numerator rise (`raise`); for a minimum the other way round. Empty when it fails."""
    if limit <= 0 or operator not in ("<=", ">="):
        return ()
    over, under = names
    if operator == "<=":
        pairs: list[tuple[Literal["raise", "cut"], str, Decimal]] = [
            ("cut", under, denominator - divide(numerator, limit)), ("raise", over, limit * denominator - numerator),
        ]  # fmt: skip
    else:
        pairs = [("cut", over, numerator - limit * denominator), ("raise", under, divide(numerator, limit) - denominator)]
    return tuple(Cure(kind, name, amount) for kind, name, amount in pairs if amount > 0)


def amount_cures(actual: Decimal, operator: Operator, limit: Limit, name: str) -> tuple[Cure, ...]:
    """Cure of an amount that fails: the shortfall, or the excess."""
    if operator == ">=" and limit.low is not None and actual < limit.low:
        return (Cure("raise", name, limit.low - actual),)
    if operator == "<=" and limit.high is not None and actual > limit.high:
        return (Cure("cut", name, actual - limit.high),)
    return ()


@dataclass(frozen=True, slots=True)
class AddBack:
    """One add-back of a contract's EBITDA. `cap` is a share of EBITDA; `cap_base` says of which: before or after this kind of
    add-backs; `until`: no longer allowed for periods ending after; `most`: an amount it may not pass."""

    name: str
    amount: Decimal
    cap: Decimal | None = None
    cap_base: Literal["before", "after"] = "before"
    until: date | None = None
    most: Decimal | None = None


@dataclass(frozen=True, slots=True)
class AllowedAddBack:
    """How much of an add-back counts, and why not all of it: cap, expired or nothing ("")."""

    add_back: AddBack
    allowed: Decimal
    cut_by: str


def add_back_cap(ebitda: Decimal, share: Decimal, base: Literal["before", "after"]) -> Decimal:
    """Largest add-back: share x EBITDA before it, or EBITDA x share/(1 - share) when the share is of EBITDA after it. Zero
    without positive EBITDA. Raises ValueError for a share outside 0..1."""
    if not ZERO <= share < ONE:
        raise ValueError(f"a cap of {share} is not a share below 1")
    if ebitda <= 0:
        return ZERO
    return ebitda * share if base == "before" else divide(ebitda * share, ONE - share)


def capped_amount(ebitda: Decimal, item: AddBack) -> Decimal | None:
    """The most of an add-back that counts, by share and amount; None without a cap."""
    caps = [item.most] if item.most is not None else []
    caps += [add_back_cap(ebitda, item.cap, item.cap_base)] if item.cap is not None else []
    return min(caps, default=None)


def adjusted_ebitda(
    ebitda: Decimal, add_backs: Iterable[AddBack], period_end: date
) -> tuple[Decimal, tuple[AllowedAddBack, ...]]:
    """EBITDA with what each add-back may contribute, caps measured on EBITDA without any of them."""
    allowed = []
    for item in add_backs:
        if item.until is not None and period_end > item.until:
            allowed.append(AllowedAddBack(item, ZERO, "expired"))
            continue
        cap = capped_amount(ebitda, item)
        taken = item.amount if cap is None else min(item.amount, cap)
        allowed.append(AllowedAddBack(item, taken, "cap" if taken < item.amount else ""))
    return ebitda + sum((item.allowed for item in allowed), ZERO), tuple(allowed)
