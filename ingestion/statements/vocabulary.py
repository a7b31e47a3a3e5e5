"""The words of financial statements, compiled once from the rulebook's data.

Patterns are matched against `compact` text: no spaces, lower case, simplified characters, plain quotes and dashes. Spaces are
dropped because a text layer puts them where no reader sees any ("Consolidated Balance Shee t", "资 产 总 计").
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Any, overload

import yaml

from ingestion.statements.numbers import plain_text

LANGUAGES = ("en", "zh")
_QUOTES = str.maketrans(
    {"“": '"', "”": '"', "`": "'", "´": "'", "‛": "'", "\u00ad": "", "（": "(", "）": ")", "：": ":", "，": ","}
)


@dataclass(frozen=True, slots=True)
class Words:
    """Compiled patterns, by the name they have in words.yaml."""

    titles: tuple[tuple[str, re.Pattern[str]], ...]
    title_scope: Mapping[str, re.Pattern[str]]
    title_not: re.Pattern[str]
    title_weak: re.Pattern[str]
    continued: re.Pattern[str]
    sheet_names: Mapping[str, re.Pattern[str]]
    plain_titles: Mapping[str, str]
    anchors: Mapping[str, tuple[str, ...]]
    end_of_statement: re.Pattern[str]
    notes_header: re.Pattern[str]
    line_number_header: re.Pattern[str]
    stub_header: re.Pattern[str]
    caption_line: re.Pattern[str]
    other_header: re.Pattern[str]
    convenience_header: re.Pattern[str]
    part_column: re.Pattern[str]
    total_column: re.Pattern[str]
    scopes: Mapping[str, re.Pattern[str]]
    sections: Mapping[str, re.Pattern[str]]
    of_which_rows: re.Pattern[str]
    units: tuple[tuple[Decimal, re.Pattern[str]], ...]
    currencies: tuple[tuple[str, re.Pattern[str]], ...]
    assurance: Mapping[str, re.Pattern[str]]
    standards: Mapping[str, re.Pattern[str]]


@lru_cache(maxsize=1)
def words() -> Words:
    """The vocabulary. Raises re.error when the data holds a broken pattern (a test covers it)."""
    data = _data("words.yaml")
    return Words(
        titles=tuple((entry["kind"], _either(entry)) for entry in data["titles"]),
        title_scope=_each(data["title_scope"]),
        title_not=re.compile(f"{data['title_not']['en']}|{data['title_not']['zh']}"),
        title_weak=_either(data["title_weak"]),
        continued=_either(data["continued"]),
        sheet_names={k: re.compile(p.pattern, re.IGNORECASE) for k, p in _each(data["sheet_names"]).items()},
        plain_titles=data["plain_titles"],
        anchors={kind: tuple(lists["en"] + lists["zh"]) for kind, lists in data["anchors"].items()},
        end_of_statement=_either(data["end_of_statement"]),
        notes_header=_either(data["notes_header"]),
        line_number_header=re.compile(data["line_number_header"]),
        stub_header=re.compile(data["stub_header"]),
        caption_line=re.compile(data["caption_line"]),
        other_header=_either(data["other_header"]),
        convenience_header=_either(data["convenience_header"]),
        part_column=re.compile(data["partial_columns"]["parts"]),
        total_column=re.compile(data["partial_columns"]["total"]),
        scopes=_each(data["scopes"]),
        sections=_each(data["sections"]),
        of_which_rows=re.compile(data["of_which_rows"]),
        units=tuple((Decimal(entry["factor"]), _either(entry)) for entry in data["units"]),
        currencies=tuple((entry["code"], re.compile(entry["words"])) for entry in data["currencies"]),
        assurance=_each(data["assurance"]),
        standards={name: re.compile(pattern) for name, pattern in data["standards"].items()},
    )


def compact(text: str) -> str:
    """`text` as patterns see it: no spaces, lower case, simplified characters, plain punctuation."""
    if text.isascii():
        return "".join(text.split()).lower()
    return "".join(simplified(plain_text(text)).translate(_QUOTES).split()).lower()


class CompactTexts(Sequence[str]):
    """Page texts in compact form, each made when first asked for: most pages of a filing never are."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._made: dict[int, str] = {}

    def __len__(self) -> int:
        return len(self._texts)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        if not 0 <= index < len(self._texts):
            raise IndexError(index)
        if index not in self._made:
            self._made[index] = compact(self._texts[index])
        return self._made[index]


def simplified(text: str) -> str:
    """`text` with the traditional characters that statements use as simplified ones."""
    return text.translate(_traditional()) if not text.isascii() else text


@lru_cache(maxsize=1)
def _traditional() -> dict[int, str]:
    return {ord(pair[0]): pair[1] for pair in _data("traditional.yaml")["pairs"].split()}


def _data(name: str) -> Any:
    text = files("tools.rulebook").joinpath("statement_words", name).read_text(encoding="utf-8")
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def _either(entry: Mapping[str, Any]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{entry[language]})" for language in LANGUAGES if language in entry))


def _each(entries: Mapping[str, Mapping[str, Any]]) -> dict[str, re.Pattern[str]]:
    return {name: _either(entry) for name, entry in entries.items()}
