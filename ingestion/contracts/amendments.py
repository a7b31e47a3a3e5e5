"""Supplementary agreements, amendments and waivers as papers of their own: which clause of which contract they change, and how.

The paper only proposes: the clause it changes stays in force until a named person confirms what replaces it (tools.toolbox.contract_edits).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from ingestion.contracts.clauses import Clause
from ingestion.quantities import dates
from tools.domain.clause_keys import clause_key
from tools.errors import RulebookError

FILE = Path(__file__).with_name("amendment_terms.yaml")
TITLE_CHARACTERS = 400
MOST_TEXT = 1200


@dataclass(frozen=True, slots=True)
class EditWords:
    """Compiled wording."""

    titles: re.Pattern[str]
    kinds: tuple[tuple[str, re.Pattern[str]], ...]
    numbers: tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class ContractEdit:
    """One change. `clause` is the changed clause as printed, `key` the same in one spelling, `within` the clause of this paper that
    says so; `days` are test dates it names."""

    kind: str
    clause: str
    key: str
    within: str
    days: tuple[str, ...]
    text: str
    page: int | None
    locator: str | None

    def shape(self, agreement: Mapping[str, str | None]) -> dict[str, Any]:
        """As JSON; `agreement` is the contract it changes."""
        return {
            "kind": self.kind, "clause": self.clause, "key": self.key, "within": self.within, "test_dates": list(self.days),
            "agreement": dict(agreement), "text": self.text, "page": self.page, "locator": self.locator,
        }  # fmt: skip


@lru_cache(maxsize=4)
def load_edit_words(path: Path = FILE) -> EditWords:
    """The wording in `path`. Raises RulebookError naming the example that fails."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        clause = f"(?P<c>{data['clause']})"
        kinds = tuple(
            (e["id"], re.compile("|".join(_once(p, clause, n) for n, p in enumerate(e["patterns"])), re.I | re.S))
            for e in data["kinds"]
        )
        words = EditWords(re.compile("|".join(data["titles"]), re.I), kinds, tuple(re.compile(p, re.I) for p in data["number"]))
        examples = data["examples"]
    except (OSError, yaml.YAMLError, KeyError, TypeError, re.error) as error:
        raise RulebookError(
            f"the wording of amendments cannot be used: {error!r}", where=path.name, fix="Correct it"
        ) from error
    for example in examples:
        found = [(kind, key) for kind, _, key in _changes(example["text"], words)]
        if (example["kind"], example["key"]) not in found:
            raise RulebookError(
                f"the example {example['text'][:40]!r} gives {found}", where=path.name, fix="Correct the wording"
            )
    return words


def edits_of(clauses: Sequence[Clause]) -> tuple[list[ContractEdit], dict[str, str | None]]:
    """Every change the paper makes, and the contract it changes; empty for a paper that is no amendment."""
    words = load_edit_words()
    opening = "\n".join(clause.text for clause in clauses[:3])[:4000]
    if not words.titles.search(opening[:TITLE_CHARACTERS]):
        return [], {}
    found: list[ContractEdit] = []
    for clause in clauses:
        text = clause.text.removeprefix(clause.number) if clause.number else clause.text
        for kind, printed, key in _changes(text, words):
            if clause.number and key == clause_key(clause.number):
                continue  # the new wording, quoted under its own number
            days = tuple(hit.day.isoformat() for hit in dates(text)) if kind == "waiver" else ()
            first = clause.blocks[0] if clause.blocks else None
            found.append(
                ContractEdit(
                    kind,
                    printed,
                    key,
                    clause.number,
                    days,
                    text[:MOST_TEXT],
                    first.page if first else None,
                    first.locator if first else None,
                )
            )
    number = next((m["n"] for p in words.numbers for m in p.finditer(opening) if "补" not in m["n"]), None)
    # the contract is older than the paper that changes it
    signed = min((hit.day for hit in dates(opening) if not hit.whole_month), default=None)
    return found, {"number": number, "date": signed.isoformat() if signed else None}


def _changes(text: str, words: EditWords) -> list[tuple[str, str, str]]:
    out: dict[str, tuple[str, str, str]] = {}
    # what stands in quotation marks is the new wording, which names clauses of its own
    outside = re.sub(r"[“\"「][^”\"」]{12,}[”\"」]?", " ", text)
    for kind, pattern in words.kinds:
        for match in pattern.finditer(outside):
            printed = next(value for name, value in match.groupdict().items() if name.startswith("c") and value)
            key = clause_key(printed)
            if key:
                out.setdefault(key, (kind, printed, key))
    return list(out.values())


def _once(pattern: str, clause: str, number: int) -> str:
    return pattern.replace("{C}", clause.replace("?P<c>", f"?P<c{number}>"))
