"""A row on its way to a fact: its stripped label, its place on the statement, its item and what is known of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from ingestion.statements.labels import Label
from ingestion.statements.model import Row, Statement
from ingestion.statements.sections import INCOME, Place
from tools.domain.definitions import LineItem

_LOSS_ONLY = re.compile(r"\b(?:loss|losses|deficit)\b")
_GAIN_WORD = re.compile(r"\b(?:income|profit|earnings?|gains?|surplus)\b")


@dataclass(slots=True)
class Entry:
    """One row. `proven`: value columns in which a sum that holds has this row in it; `summed`: those in which it is itself such a sum, of the rows `parts`, or the result of `steps`; `named`: how a row without a label got
    its name; `multiplier`: what turns print into stored value; `rivals`: items its caption may name that place could not tell
    apart; `of_which`: part of the row above, never added."""

    index: int
    row: Row
    label: Label
    place: Place = field(default_factory=Place)
    heading: str = ""
    item: LineItem | None = None
    quality: int = 0
    reversed: bool = False
    main: bool = False
    named: str = ""
    of_which: bool = False
    proven: set[int] = field(default_factory=set)
    summed: set[int] = field(default_factory=set)
    parts: list[int] = field(default_factory=list)
    steps: list[tuple[int, int]] = field(default_factory=list)
    sign: int | None = None
    multiplier: int = 1
    sign_sure: bool = True
    flags: set[str] = field(default_factory=set)
    rivals: list[str] = field(default_factory=list)

    @property
    def amounts(self) -> bool:
        """Whether the row holds amounts of money (not only per-share figures or percentages)."""
        return any(not c.number.percent and not c.number.unit for c in self.row.cells.values())

    def values(self, columns: Sequence[int]) -> dict[int, Decimal]:
        """The printed amounts in `columns`."""
        cells = self.row.cells.items()
        return {i: c.number.value for i, c in cells if i in columns and not c.number.percent and not c.number.unit}


def kind_of(statement: Statement) -> str:
    """The chart's name of the statement: a statement of comprehensive income counts as an income statement."""
    return INCOME if statement.kind == "comprehensive" else statement.kind


def loss_only(label: Label) -> bool:
    """Whether a label names a loss without a word for its opposite ("Net loss", 净亏损): a positive print means a loss."""
    if label.zh:
        return "亏损" in label.zh and not re.search(r"[利盈溢]", label.zh)
    raw = re.sub(r"\s+", " ", label.raw.lower())
    return bool(_LOSS_ONLY.search(raw)) and not _GAIN_WORD.search(raw)
