"""Figures: computed values that carry their formula and their inputs.

A missing input gives `not_computable` with its name, never a guess; a zero or negative denominator gives
`not_meaningful` with a reason. `value` is unrounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from tools.domain.facts import Fact, Row, Scope

Status = Literal["ok", "not_computable", "not_meaningful"]
Basis = Literal["point", "fy", "ltm", "ytd", "quarter", "annualised"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One computed value. `rule` is id@version; `missing` names canonical items; `inputs` nest down to facts and rows."""

    id: str
    name: str
    status: Status
    value: Decimal | None
    unit: str
    currency: str | None
    period_end: date
    scope: Scope
    basis: Basis
    borrower: str
    formula: str
    rule: str
    missing: tuple[str, ...] = ()
    reason: str = ""
    flags: tuple[str, ...] = ()
    inputs: tuple[Figure | Fact | Row, ...] = ()

    def facts(self) -> Iterator[Fact]:
        """Every fact below this figure, depth first, without repeats."""
        seen: set[str] = set()
        stack: list[Figure | Fact | Row] = list(reversed(self.inputs))
        while stack:
            node = stack.pop()
            if isinstance(node, Figure):
                stack.extend(reversed(node.inputs))
            elif isinstance(node, Fact) and node.id not in seen:
                seen.add(node.id)
                yield node
