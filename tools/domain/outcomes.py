"""What an expression gives: a value, a list of what is missing, or a reason why there is none.

An outcome also carries what a reader of the result must see (inputs, flags) and which currencies went in, so that amounts
of two currencies can be refused where they meet.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from tools.domain.facts import Fact, Row
from tools.domain.figures import Figure

Input = Figure | Fact | Row
NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Outcome:
    """Exactly one of `value`, `missing` and `reason` says something. `details` are sentences about what is missing."""

    value: Decimal | bool | None = None
    missing: tuple[str, ...] = ()
    reason: str = ""
    details: tuple[str, ...] = ()
    flags: frozenset[str] = NOTHING
    inputs: tuple[Input, ...] = ()
    currencies: frozenset[str] = NOTHING

    @property
    def known(self) -> bool:
        """Whether there is a value."""
        return self.value is not None

    @property
    def number(self) -> Decimal | None:
        """The value when it is a number."""
        return self.value if isinstance(self.value, Decimal) else None


def missing(name: str, detail: str = "") -> Outcome:
    """An outcome that lacks `name`."""
    return Outcome(missing=(name,), details=(detail or f"{name} is missing",))


def merged(value: Decimal | bool | None, parts: Iterable[Outcome], reason: str = "", flag: str = "") -> Outcome:
    """`value` with the trail of all `parts`; without a value (None) and without `reason`, what the parts lack.

    Missing names of every part are collected; otherwise the leftmost part's reason stands.
    """
    names: dict[str, None] = {}
    details: dict[str, None] = {}
    inputs: dict[str, Input] = {}
    flags: set[str] = {flag} if flag else set()
    currencies: set[str] = set()
    for part in parts:
        names.update(dict.fromkeys(part.missing))
        details.update(dict.fromkeys(part.details))
        inputs.update((key(item), item) for item in part.inputs)
        flags |= part.flags
        currencies |= part.currencies
        if value is None and not reason:
            reason = part.reason
    if value is not None:
        names, details, reason = {}, {}, ""
    elif names:
        reason = ""
    return Outcome(
        value, tuple(names), reason, tuple(details), frozenset(flags), tuple(inputs.values()), frozenset(currencies)
    )  # fmt: skip


def key(item: Input) -> str:
    """What makes an input the same input."""
    return f"{item.table}:{item.id}" if isinstance(item, Row) else item.id
