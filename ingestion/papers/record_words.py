"""The forms of papers as data: loaded once, every kind's examples checked before it is used."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from ingestion.quantities import MONTH
from tools.errors import RulebookError

FILE = Path(__file__).with_name("record_words.yaml")
DATE = (
    rf"(?:(?:19|20)\d\d\s*[-/.年]\s*\d{{1,2}}\s*[-/.月]\s*\d{{1,2}}\s*日?|(?:19|20)\d{{6}}(?!\d)|\d{{1,2}}(?:st|nd|rd|th)?[\s-](?:{MONTH})\.?,?[\s-](?:19|20)?\d\d"
    rf"|(?:{MONTH})\.?\s\d{{1,2}},?\s(?:19|20)\d\d|\d{{1,2}}[/.]\d{{1,2}}[/.](?:19|20)\d\d)"
)
COMPANY = (
    r"[一-鿿（）()·]{2,40}?(?:股份有限公司|有限责任公司|有限公司|公司|厂|合作社|经营部|商行|局)"
    r"|(?-i:[A-Z])[\w&.'’-]*(?:[ ][\w&.,'’-]+){0,6}?[ ](?:Ltd|Limited|LLC|Inc|plc|PLC|LLP|Corp|Corporation|Company|GmbH|Co)\b\.?"
)
GROUPS = {
    "{MONEY}": r"(?P<v>[-−(]?[¥￥£$€]?\s?-?\d[\d,]*(?:\.\d+)?\)?)(?!\d)",
    "{NUMBER}": r"(?P<v>-?\d[\d,]*(?:\.\d+)?)(?!\d)",
    "{DATE2}": rf"(?P<w>{DATE})",
    "{DATE}": rf"(?P<v>{DATE})",
    "{MONTH}": r"(?P<v>(?:19|20)\d\d\s*[-/.年]?\s*\d{1,2}\s*月?)",
    "{COMPANY}": rf"(?P<v>{COMPANY})",
    "{CODE}": r"(?P<v>[A-Za-z0-9][A-Za-z0-9\-/_.]{2,40})",
}


@dataclass(frozen=True, slots=True)
class FieldForm:
    """One value to look for. `nth` takes that match, `last` the last one."""

    name: str
    type: str
    patterns: tuple[re.Pattern[str], ...]
    nth: int = 0
    last: bool = False


@dataclass(frozen=True, slots=True)
class TableForm:
    """A table by its captions; `one` when it has a single row."""

    name: str
    columns: Mapping[str, tuple[str, re.Pattern[str]]]
    one: bool = False


@dataclass(frozen=True, slots=True)
class PaperForm:
    """One kind of paper. `document` is the kind of document it makes the file."""

    id: str
    document: str
    require: tuple[re.Pattern[str], ...]
    refuse: tuple[re.Pattern[str], ...]
    fields: tuple[FieldForm, ...]
    tables: tuple[TableForm, ...]
    sums: tuple[tuple[str, ...], ...]
    totals: tuple[tuple[str, str, str], ...]
    add: Mapping[str, tuple[str, ...]]
    record: Mapping[str, str]
    role: str
    red: str
    each: Mapping[str, str]
    measures: Mapping[str, tuple[str, str]]
    scale: Mapping[str, Decimal]

    def fits(self, text: str) -> bool:
        """Whether a paper with this text is of this kind."""
        return all(p.search(text) for p in self.require) and not any(p.search(text) for p in self.refuse)


@lru_cache(maxsize=4)
def load_paper_forms(path: Path = FILE) -> tuple[PaperForm, ...]:
    """The forms in `path`, in order. Raises RulebookError naming the kind whose example fails."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        forms = tuple(_form(entry) for entry in data["kinds"])
        examples = [(entry["id"], text) for entry in data["kinds"] for text in entry["examples"]]
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError, re.error) as error:
        raise RulebookError(
            f"the forms of papers cannot be used: {error!r}", where=path.name, fix="Correct the entry"
        ) from error
    for kind, text in examples:
        found = next((form.id for form in forms if form.fits(text)), None)
        if found != kind:
            raise RulebookError(f"the example {text[:40]!r} of {kind} is taken for {found}", where=path.name, fix="Correct it")
    return forms


def _form(entry: Mapping[str, Any]) -> PaperForm:
    measures = {}
    for name, said in entry["measures"].items():
        measures[name] = (said["measure"], said["unit"]) if isinstance(said, Mapping) else (name, said)
    return PaperForm(
        entry["id"], entry["document"], _all(entry["require"]), _all(entry.get("refuse", ())),
        tuple(_field(said) for said in entry["fields"]), tuple(_table(said) for said in entry.get("tables", ())),
        tuple(tuple(names) for names in entry.get("sums", ())), tuple(tuple(names) for names in entry.get("totals", ())),
        {name: tuple(parts) for name, parts in entry.get("add", {}).items()}, entry["record"], entry["role"], entry.get("red", ""),
        entry.get("each", {}), measures, {unit: Decimal(value) for unit, value in entry.get("scale", {}).items()},
    )  # fmt: skip


def _field(said: Mapping[str, Any]) -> FieldForm:
    patterns = []
    for pattern in said["patterns"]:
        for mark, group in GROUPS.items():
            pattern = pattern.replace(mark, group)
        patterns.append(re.compile(pattern, re.I | re.M))
    return FieldForm(said["name"], said["type"], tuple(patterns), int(said.get("nth", 0)), bool(said.get("last")))


def _table(said: Mapping[str, Any]) -> TableForm:
    columns = {
        name: (one["type"], re.compile("|".join(f"(?:{p})" for p in one["match"]), re.I))
        for name, one in said["columns"].items()
    }
    return TableForm(said["name"], columns, bool(said.get("one")))


def _all(patterns: Sequence[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.I | re.M) for pattern in patterns)
