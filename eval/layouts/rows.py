"""The forms statements are printed on: the rows of each, in order, in Chinese and English, and what each row is.

A row's name is its item in the chart, or a word of its own when the chart has none for it (its amounts must then stay unmapped).
Several wordings of one row are tried in turn. `adds` names the rows a total adds up, with a minus where it takes away.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["head", "line", "of", "total"]


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `item` False: the chart has no such item; `sign` -1: printed negated; `often`: how often a company has it."""

    name: str
    words: tuple[str, ...]
    kind: Kind = "line"
    adds: tuple[str, ...] = ()
    item: bool = True
    sign: int = 1
    often: float = 1.0
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """One statement: its titles and rows. `halves`: the row with which the right half of a two-column balance sheet begins."""

    statement: str
    titles: tuple[str, ...]
    rows: tuple[Row, ...]
    halves: str = ""


def head(words: str) -> Row:
    return Row("", (words,), "head")


def line(name: str, *words: str, often: float = 1.0, sign: int = 1, item: bool = True, signed: bool = False) -> Row:
    return Row(name, words, "line", (), item, sign, often, signed)


def of(name: str, *words: str, often: float = 0.6, item: bool = True) -> Row:
    return Row(name, words, "of", (), item, 1, often)


def total(name: str, adds: str, *words: str, item: bool = True) -> Row:
    return Row(name, words, "total", tuple(adds.split()), item)
