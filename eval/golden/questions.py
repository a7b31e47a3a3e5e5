"""Golden questions as data: what is asked, and what a right answer must and must not hold.

Values come from the paper, not from the product: `facts` name a printed figure of the bank's truth file, `numbers` are worked out by
hand from printed figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
FactKey = tuple[str, str, str, int]
"""borrower, item, period end, months."""


@dataclass(frozen=True, slots=True)
class Question:
    """One turn. `borrowers`: whom the answer must rest on, and nobody else. `says`: alternatives by "|", every one needed;
    `never`: words that must not stand in it. `user`: who asks; `borrower`: given beside the question."""

    id: str
    text: str
    language: str
    status: str
    thread: str | None = None
    borrowers: tuple[str, ...] = ()
    facts: tuple[FactKey, ...] = ()
    numbers: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    user: str = "local"
    borrower: str | None = None


def load(folder: Path = HERE) -> list[Question]:
    """Every question of every file, in order; turns of a thread follow each other."""
    found: list[Question] = []
    for path in sorted(folder.glob("*.yaml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        for number, entry in enumerate(data["questions"], 1):
            found += _entries(entry, f"{path.stem}-{number:03d}", data)
    return found


def _entries(entry: Mapping[str, Any], id: str, defaults: Mapping[str, Any]) -> Iterator[Question]:
    if "turns" in entry:
        for number, turn in enumerate(entry["turns"], 1):
            yield _question({**turn, "user": entry.get("user", "local")}, f"{id}.{number}", defaults, id)
    else:
        yield _question(entry, id, defaults, None)


def _question(entry: Mapping[str, Any], id: str, defaults: Mapping[str, Any], thread: str | None) -> Question:
    known = {"q", "lang", "status", "who", "facts", "numbers", "says", "never", "user", "borrower"}
    if unknown := set(entry) - known:
        raise ValueError(f"{id}: unknown keys {sorted(unknown)}")
    who = entry.get("who", ())
    return Question(
        id, str(entry["q"]), entry.get("lang") or defaults.get("lang", "zh"), entry.get("status", "answered"), thread,
        (who,) if isinstance(who, str) else tuple(who), tuple((str(a), str(b), str(c), int(d)) for a, b, c, d in entry.get("facts", ())),
        tuple(str(n) for n in entry.get("numbers", ())), tuple(str(s) for s in entry.get("says", ())),
        tuple(str(s) for s in entry.get("never", ())), entry.get("user", "local"), entry.get("borrower"),
    )  # fmt: skip
