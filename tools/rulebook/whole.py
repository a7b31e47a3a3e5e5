"""The whole rulebook as one thing: figures, signals, loan rules and settings read from the same entries, checked together before any is used.

A draft or a bank's own file is refused here, once and for everything in it, before a run has begun.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from tools.domain.definitions import Rulebook
from tools.rulebook.capacity_rules import load_capacity
from tools.rulebook.entries import Entry
from tools.rulebook.layers import Extra, Sort, entries_of
from tools.rulebook.loader import load_rulebook
from tools.rulebook.loan_rules import classification_under, load_covenant_settings, load_repayment, load_scenarios
from tools.rulebook.mitigant_rules import load_mitigants
from tools.rulebook.repricing_rules import load_repricing
from tools.rulebook.scorecards import load_scorecard
from tools.rulebook.settings import first_days
from tools.rulebook.signal_rules import check_names, signals_under

NAMED: dict[Sort, str] = {
    "signal": "signal", "loan_rule": "classification", "definition": "figure", "allocation": "allocation", "repayment": "repayment",
    "covenant_testing": "covenant testing", "scenario": "stress", "capacity": "capacity", "repricing": "repricing",
    "scorecard": "scorecard", "mitigants": "mitigants",
}  # fmt: skip
SETTINGS: dict[Sort, Callable[..., object]] = {
    "allocation": load_repayment, "repayment": load_repayment, "covenant_testing": load_covenant_settings, "scenario": load_scenarios,
    "capacity": load_capacity, "repricing": load_repricing, "scorecard": load_scorecard, "mitigants": load_mitigants,
}  # fmt: skip


def load_whole(as_of: date | None = None, extra: Extra = None, draft: Path | None = None) -> Rulebook:
    """The rulebook with everything laid over it. `as_of`: every rule as of that day, whatever the day of a case; None: each case by its
    own day. Raises RulebookError naming file, entry and cure for the first thing wrong."""
    rulebook = load_rulebook(as_of=as_of, extra=extra, draft=draft)
    if rulebook.layers or as_of is not None:
        check_names(signals_under(rulebook), rulebook)
        classification_under(rulebook)
        for sort, load in SETTINGS.items():
            for day in first_days(rulebook.layers, sort):
                load(day, layers=rulebook.layers)
    return rulebook


def tried_out(rulebook: Rulebook, day: date) -> list[dict[str, Any]]:
    """The entries of a draft, each with whether it holds on `day`, in the order of its files."""
    return [_listed(sort, entry, day) for layer in rulebook.layers if layer.draft for sort, entry in entries_of(layer)]


def _listed(sort: Sort, entry: Entry, day: date) -> dict[str, Any]:
    origin = entry.origin
    holds = origin.effective_from <= day and (origin.effective_to is None or day <= origin.effective_to)
    return {
        "rule": f"{entry.id}@{origin.version}", "sort": NAMED[sort], "file": origin.file, "effective_from": origin.effective_from.isoformat(),
        "effective_to": origin.effective_to.isoformat() if origin.effective_to else None, "in_force": holds,
    }  # fmt: skip
