"""From print to stored value: every item positive in its named direction (handbook 2.1).

A cost printed "80" or "(80)" is 80; a loss under a gains item is negative. Which way round a statement prints its costs is
known from the sums that hold; only where none holds do the words of the label and the habit of the statement decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ingestion.statements.captions import Captions
from ingestion.statements.entries import Entry, loss_only
from ingestion.statements.sections import BALANCE, CASH

_PLAIN_COSTS = frozenset(
    {
        "cost_of_sales",
        "taxes_and_surcharges",
        "selling_expenses",
        "admin_expenses",
        "sga_expenses",
        "rnd_expenses",
        "interest_expense",
        "total_operating_costs",
    }
)
"""Costs that are never negative: either print means the same."""
_LIABILITY_TOTALS = frozenset({"total_current_liabilities", "total_noncurrent_liabilities", "total_liabilities"})
_AFTER_GAINS = frozenset({"other_income", "investment_income", "fair_value_gains"})


def give_signs(entries: Sequence[Entry], kind: str, columns: Sequence[int], captions: Captions) -> None:
    """Sets `multiplier` and `sign_sure` of every entry that has an item."""
    named = [e for e in entries if e.item is not None]
    if kind == BALANCE:
        for entry in named:
            _balance(entry, columns)
        _deducted_liabilities(named, columns)
    elif kind == CASH:
        natural = _natural_payments(named, columns, captions)
        for entry in named:
            _cash(entry, natural, captions)
    else:
        additive = _additive_costs(named, columns, captions)
        for entry in named:
            _income(entry, columns, additive, entries, captions)


def _printed(entry: Entry, columns: Sequence[int]) -> list[Decimal]:
    return [v for v in entry.values(columns).values() if v]


def _balance(entry: Entry, columns: Sequence[int]) -> None:
    assert entry.item is not None
    printed = _printed(entry, columns)
    if entry.item.id == "treasury_stock":
        entry.multiplier = -1 if printed and all(v < 0 for v in printed) else 1
        entry.sign_sure = not printed or all(v < 0 for v in printed) or all(v > 0 for v in printed)
    elif entry.item.id == "undistributed_profit" and loss_only(entry.label) and printed and all(v > 0 for v in printed):
        entry.multiplier = 1 if entry.proven else -1
        entry.sign_sure = bool(entry.proven)


def _deducted_liabilities(named: Sequence[Entry], columns: Sequence[int]) -> None:
    """Statements that end in net assets may print liabilities as deductions; stored they are positive."""
    owed = [e for e in named if e.item is not None and (e.item.into in _LIABILITY_TOTALS or e.item.id in _LIABILITY_TOTALS)]
    prints = [v for e in owed for v in _printed(e, columns)]
    if prints and sum(1 for v in prints if v < 0) > 0.7 * len(prints):
        for entry in owed:
            entry.multiplier = -1


def _natural_payments(named: Sequence[Entry], columns: Sequence[int], captions: Captions) -> bool:
    """Whether payments are printed without a sign (Chinese statements) rather than as negative amounts."""
    votes = 0
    for entry in named:
        if entry.item is not None and captions.costs(entry.item) and entry.place.side != "supplement":
            votes += sum(1 if v > 0 else -1 for v in _printed(entry, columns))
    return votes > 0


def _cash(entry: Entry, natural: bool, captions: Captions) -> None:
    assert entry.item is not None
    added_back = entry.item.statement != CASH
    if (captions.costs(entry.item) and entry.place.side != "supplement" and not natural and not added_back) or entry.reversed:
        entry.multiplier = -1


def _additive_costs(named: Sequence[Entry], columns: Sequence[int], captions: Captions) -> bool:
    """Whether costs are printed as negative amounts, by the sums that hold, else by most prints."""
    solved = [e.sign for e in named if e.item is not None and captions.costs(e.item) and e.sign is not None]
    if solved:
        return sum(solved) > 0
    prints = [v for e in named if e.item is not None and captions.costs(e.item) for v in _printed(e, columns)]
    return sum(1 if v < 0 else -1 for v in prints) > 0


def _income(entry: Entry, columns: Sequence[int], additive: bool, every: Sequence[Entry], captions: Captions) -> None:
    assert entry.item is not None
    item, printed = entry.item, _printed(entry, columns)
    if item.id == "minority_profit":
        if entry.sign is not None and entry.place.side == "main" and printed:
            entry.multiplier = -entry.sign
        elif loss_only(entry.label) and printed and all(v > 0 for v in printed):
            entry.multiplier, entry.sign_sure = -1, False
        return
    if captions.costs(item):
        _cost(entry, printed, additive, every)
        return
    if entry.sign is not None and printed:
        entry.multiplier = entry.sign
    elif entry.reversed:
        entry.multiplier = -1
    elif loss_only(entry.label) and printed and all(v > 0 for v in printed) and item.kind != "line":
        entry.multiplier, entry.sign_sure = -1, False


def _cost(entry: Entry, printed: Sequence[Decimal], additive: bool, every: Sequence[Entry]) -> None:
    assert entry.item is not None
    if entry.sign is not None and printed:
        entry.multiplier = -entry.sign
    elif entry.label.zh:
        later = any(e.item is not None and e.item.id in _AFTER_GAINS for e in every[: entry.index])
        impairment = entry.item.id.endswith("_impairment_loss")
        entry.multiplier = -1 if entry.label.signed_loss or (impairment and later) or entry.reversed else 1
        entry.sign_sure = not impairment or entry.label.signed_loss
    elif entry.item.id in _PLAIN_COSTS and printed and (all(v < 0 for v in printed) or all(v > 0 for v in printed)):
        entry.multiplier = -1 if printed[0] < 0 else 1
    else:
        entry.multiplier = -1 if additive or entry.reversed else 1
        entry.sign_sure = not printed or (entry.item.id in _PLAIN_COSTS)
