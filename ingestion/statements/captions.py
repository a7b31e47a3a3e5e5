"""Which line items a label may name: the chart's captions, indexed by their stripped form.

Exact captions come first; patterns are tried only when no caption fits. A caption may belong to several items ("Lease
liabilities" current and not); where the row stands on the statement decides between them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import yaml

from ingestion.statements.labels import Label, read_label
from ingestion.statements.own_labels import LabelledItems, OwnLabel
from tools.domain.definitions import LineItem

EXACT, PATTERN = 3, 2
_FILES = ("balance_sheet", "income_statement", "cash_flow")


@dataclass(frozen=True, slots=True)
class Caption:
    """One item a label may name. `main`: the label is one of the chart's own; `reversed`: it names the opposite direction."""

    item: LineItem
    quality: int
    main: bool = False
    reversed: bool = False


@dataclass(frozen=True, slots=True)
class Extra:
    """What the chart says of an item beyond the LineItem: `cost`: a memo that is a cost or payment; `within`: sections it
    must stand in; `after`: the item whose of-which it is."""

    cost: bool = False
    within: tuple[str, ...] = ()
    after: str | None = None


class Captions:
    """The captions of a chart of accounts."""

    def __init__(self, items: Mapping[str, LineItem]) -> None:
        self.items = items
        self.extras: dict[str, Extra] = {}
        self._exact: dict[tuple[str, str], list[Caption]] = {}
        self._patterns: dict[tuple[str, str], list[tuple[re.Pattern[str], Caption]]] = {}
        raw = _raw()
        for item in items.values():
            self._add(item, raw.get(item.id, {}))
        self._own = items.own if isinstance(items, LabelledItems) else ()
        for own in self._own:
            self._teach(own)

    def find(self, label: Label, statement: str) -> list[Caption]:
        """Items of `statement` that `label` may name, best first; exact captions only when there are any."""
        for language, key in (("zh", label.zh), ("en", label.key)):
            found = self._exact.get((statement, f"{language}:{key}"), []) if key else []
            if not found and language == "en" and label.net and key.endswith("net"):
                opposite = [
                    c
                    for pattern, c in self._patterns.get((statement, "en"), ())
                    if c.reversed and pattern.fullmatch(label.text)
                ]
                found = opposite or self._exact.get((statement, f"en:{key[:-3]}"), [])
            if found:
                return found
        for language, text in (("zh", label.zh), ("en", label.text)):
            if text:
                matched = [c for pattern, c in self._patterns.get((statement, language), ()) if pattern.fullmatch(text)]
                if matched:
                    return matched
        return []

    def known(self, raw: str) -> bool:
        """Whether some statement has exactly this caption."""
        label = read_label(raw)
        keys = [f"{language}:{key}" for language, key in (("zh", label.zh), ("en", label.key)) if key]
        return any((statement, key) in self._exact for statement in _FILES for key in keys)

    def extra(self, item: LineItem) -> Extra:
        """What the chart says of `item` beyond its LineItem."""
        return self.extras.get(item.id, _NONE)

    def costs(self, item: LineItem) -> bool:
        """Whether a positive value of `item` takes money away: a cost, a payment, a deduction."""
        return item.sign < 0 or self.extra(item).cost

    def _add(self, item: LineItem, raw: Mapping[str, Any]) -> None:
        self.extras[item.id] = Extra(bool(raw.get("cost")), tuple(raw.get("within", ())), raw.get("after"))
        printed = raw.get("printed") or {}
        for language in ("en", "zh"):
            main = set(item.labels.get(language, ()))
            for text in (*item.labels.get(language, ()), *printed.get(language, ())):
                self._caption(item, language, text, Caption(item, EXACT, text in main))
            for name, reverse in (("patterns", False), ("reversed", True)):
                for pattern in (raw.get(name) or {}).get(language, ()):
                    caption = Caption(item, PATTERN, False, reverse)
                    place = self._patterns.setdefault((item.statement, language), [])
                    place.insert(0, (re.compile(pattern), caption)) if reverse else place.append((re.compile(pattern), caption))

    def _teach(self, own: OwnLabel) -> None:
        """A taught label means one item, whatever else its words may name."""
        label = read_label(own.label)
        for language, key in (("zh", label.zh), ("en", label.key)):
            if key:
                self._exact[(own.statement, f"{language}:{key}")] = [Caption(self.items[own.item], EXACT, True)]

    def _caption(self, item: LineItem, language: str, text: str, caption: Caption) -> None:
        label = read_label(text)
        key = label.zh if language == "zh" else label.key
        if key:
            place = self._exact.setdefault((item.statement, f"{language}:{key}"), [])
            if all(c.item.id != item.id for c in place):
                place.append(caption)


_NONE = Extra()
_KEPT: list[tuple[Mapping[str, LineItem], Captions]] = []


def captions_of(items: Mapping[str, LineItem]) -> Captions:
    """The captions of `items`, made once for the same mapping."""
    for known, captions in _KEPT:
        if known is items:
            return captions
    made = Captions(items)
    _KEPT[:] = [(items, made), *_KEPT[:3]]
    return made


def _raw() -> dict[str, Mapping[str, Any]]:
    """The chart's own files, for the keys that only the statement reader uses."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    out: dict[str, Mapping[str, Any]] = {}
    for name in _FILES:
        text = files("tools.rulebook").joinpath("line_items", f"{name}.yaml").read_text(encoding="utf-8")
        out |= {entry["id"]: entry for entry in yaml.load(text, Loader=loader)["items"]}
    return out
