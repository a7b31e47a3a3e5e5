"""Floating loans with the rates the market series give them, where the book proves it; else as older books told them.

A path must agree with every book that ever stated the loan's rate. Nothing is read when no loan floats.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tools.domain.loan_rows import terms_of
from tools.domain.loan_views import LoanInput
from tools.domain.loans import RateReset
from tools.domain.periods import Clocks
from tools.domain.rate_resets import ProvenPath, Repricing, proven_path
from tools.rulebook.repricing_rules import repricing_under

if TYPE_CHECKING:
    from tools.toolbox.desk import Desk

BookRow = Mapping[str, Any]
UNPROVEN = "rate_history_missing"
EXPECTED = "rate_expected"


def rate_paths(desk: Desk, loans: Iterable[BookRow]) -> dict[str, ProvenPath]:
    """The proven path of every floating loan that has one."""
    floating = [row for row in loans if row["rate_type"] == "variable"]
    book = desk.loan_book.snapshot(desk.clocks) if floating else None
    if book is None:
        return {}
    rule = repricing_under(desk.rulebook, desk.clocks.as_of, desk.clocks.known_at.date())
    series = _series(desk, rule, Clocks(max(book.book_date, desk.clocks.as_of), desk.clocks.known_at))
    found = {}
    for row in floating:
        path = proven_path(
            terms_of(row),
            row["base_rate"],
            row["spread"],
            series,
            rule,
            book.book_date,
            desk.clocks.as_of,
        )
        if path is not None:
            found[str(row["id"])] = path
    return found


def with_rates(loan: LoanInput, path: ProvenPath | None) -> LoanInput:
    """The loan at the path's rates, unless an older book stated another rate for its time."""
    if path is None or not _agrees(path, loan.resets):
        return loan
    notes = [UNPROVEN] if path.partial else []
    if path.expected_from is not None:
        notes.append(EXPECTED)
    return replace(loan, resets=path.resets, notes=(*loan.notes, *notes))


def _agrees(path: ProvenPath, told: Iterable[RateReset]) -> bool:
    """`told`: rates by the books that stated them; the first is dated back to the loan's start."""
    return all(path.on(reset.stated_on or reset.from_date) in (None, reset.rate) for reset in told)


def _series(desk: Desk, rule: Repricing, clocks: Clocks) -> dict[str, list[tuple[date, Decimal]]]:
    """Points of the series the rule names, as annual decimals; a unit nobody knows leaves the point out."""
    wanted = sorted({index.series for index in rule.indices})
    found: dict[str, list[tuple[date, Decimal]]] = defaultdict(list)
    for row in desk.loan_book.rows(desk.caller, "market", clocks, where={"series": wanted}):
        factor = rule.units.get(str(row["unit"] or "share").strip().lower())
        if factor is not None:
            found[row["series"]].append((row["date"], row["value"] * factor))
    return found
