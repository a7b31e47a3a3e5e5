"""Labels the chart does not know: a bank's own as a file of data, and those an officer taught for one borrower by a correction.

A taught label wins over every caption of the chart with the same words, for that statement; the facts it gives are flagged
`taught`, and the reading says by whose word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from tools.domain.definitions import LineItem
from tools.errors import SettingsError

STATEMENTS = ("balance_sheet", "income_statement", "cash_flow")


@dataclass(frozen=True, slots=True)
class OwnLabel:
    """`label` on `statement` means `item`. `by` is the correction that taught it, or the name of the bank's file."""

    statement: str
    label: str
    item: str
    by: str


class LabelledItems(dict[str, LineItem]):
    """The chart's items together with labels that go before its own captions."""

    def __init__(self, items: Mapping[str, LineItem], own: Iterable[OwnLabel]) -> None:
        super().__init__(items)
        self.own = tuple(label for label in own if label.item in items)


@lru_cache(maxsize=8)
def own_labels(path: Path, known: frozenset[str]) -> tuple[OwnLabel, ...]:
    """The labels of a bank's file: `labels: [{item, statement, match: [...]}]`. `known` are the chart's items. Raises SettingsError
    naming the entry that is wrong."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        entries = [(entry["item"], entry["statement"], list(entry["match"])) for entry in data["labels"]]
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        raise SettingsError(
            f"the file of labels cannot be used: {error!r}", where=str(path), fix="See the README on own labels"
        ) from error
    found = []
    for item, statement, texts in entries:
        if item not in known:
            raise SettingsError(f"there is no line item {item}", where=str(path), fix="Find its id with: loanward explain NAME")
        if statement not in STATEMENTS:
            raise SettingsError(f"{statement!r} is no statement", where=str(path), fix=f"Use one of {', '.join(STATEMENTS)}")
        found += [OwnLabel(statement, str(text), item, path.name) for text in texts]
    return tuple(found)
