"""A contract's own EBITDA: what its definition adds back, how much of each counts, and the ratio over what counts.

The adjusted ratio is written as a formula over the same measures, so that it opens to its facts like any other. An add-back that no
statement proves does not count: it could only make a covenant look better than anybody can show.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tools.domain.covenants import AddBackTerm
from tools.domain.figures import Figure
from tools.domain.headroom import AddBack, adjusted_ebitda, capped_amount
from tools.domain.money import plain

EBITDA = "ebitda"
NAME = re.compile(rf"(?<![A-Za-z0-9_]){EBITDA}(?![A-Za-z0-9_])")
FigureOf = Callable[[str], Figure]


@dataclass(frozen=True, slots=True)
class Counted:
    """One add-back in one test: `amount` as reported, `allowed` of it, and why not all: cap, expired, unproven or nothing ("")."""

    term: AddBackTerm
    amount: Decimal | None
    allowed: Decimal
    cut_by: str


def defined(metric: str, terms: Sequence[AddBackTerm], day: date, figure_of: FigureOf) -> tuple[str, tuple[Counted, ...]]:
    """The metric over the contract's EBITDA as a formula, and what counts of each add-back; the metric itself when it has no EBITDA in it,
    when EBITDA is not there, or when nothing counts."""
    plainly = figure_of(metric)
    formula = plainly.formula
    if not terms or plainly.status != "ok" or not NAME.search(formula):
        return metric, ()
    ebitda = figure_of(EBITDA).value
    if ebitda is None:
        return metric, ()
    counted: list[Counted] = []
    parts: list[str] = []
    for term in terms:
        found = figure_of(term.item) if term.item else None
        amount = found.value if found is not None and found.status == "ok" else None
        if term.until is not None and day > term.until:
            counted.append(Counted(term, amount, Decimal(0), "expired"))
        elif amount is None or found is None:
            counted.append(Counted(term, None, Decimal(0), "unproven"))
        else:
            one = AddBack(term.text, amount, term.cap, term.base, term.until, term.most)
            (allowed,) = adjusted_ebitda(ebitda, [one], day)[1]
            counted.append(Counted(term, amount, allowed.allowed, allowed.cut_by))
            cap = capped_amount(ebitda, one)
            parts.append(
                f"min({found.name}, {plain(max(cap, Decimal(0)))})"
                if allowed.cut_by == "cap" and cap is not None
                else found.name
            )
    if not parts:
        return metric, tuple(counted)
    return NAME.sub("(" + " + ".join([EBITDA, *parts]) + ")", formula), tuple(counted)
