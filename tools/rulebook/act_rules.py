"""Loads which acts covenants restrict, how clauses name them, and from what a bank learns of one; proves the words on their own tests."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from tools.domain.covenants import Covenant
from tools.errors import RulebookError
from tools.rulebook.entries import HERE, read_file, refuse_unknown

KEYS = ("source", "version", "acts", "caps", "excepted", "no_default", "tests")
ACT_KEYS = ("id", "name", "words", "watch")
TEST_KEYS = ("text", "acts", "cap", "no_default", "excepted")
WATCHED: Mapping[str, frozenset[str]] = {
    "fact": frozenset({"item"}), "fact_rise": frozenset({"item"}), "bureau_rise": frozenset({"column"}),
    "bureau_count": frozenset({"column", "months"}), "relation": frozenset({"relation"}), "account_line": frozenset({"words"}),
    "event": frozenset({"types", "words"}),
}  # fmt: skip
RESTRICTING = frozenset({"incurrence", "negative"})
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class ActKind:
    """One kind of act. `watch`: where a bank learns of it, as in the file."""

    id: str
    name: Mapping[str, str]
    words: re.Pattern[str]
    watch: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class ActWords:
    """Everything in the file, compiled."""

    kinds: tuple[ActKind, ...]
    caps: tuple[re.Pattern[str], ...]
    excepted: re.Pattern[str]
    no_default: re.Pattern[str]

    def restricting(self, covenant: Covenant) -> Covenant:
        """The covenant with what its wording says it restricts, where its terms do not say so themselves."""
        if covenant.type not in RESTRICTING:
            return covenant
        said = f"{covenant.name} {covenant.definition or ''}".lower()
        actions = covenant.actions or tuple(kind.id for kind in self.kinds if kind.words.search(said))
        caps = [found for pattern in self.caps if (found := pattern.search(said))]
        cap = covenant.cap if covenant.cap is not None else Decimal(caps[0]["v"]) / HUNDRED if caps else None
        return replace(
            covenant, actions=actions, cap=cap, no_default=covenant.no_default or bool(self.no_default.search(said)),
            excepted=covenant.excepted or bool(self.excepted.search(said)),
        )  # fmt: skip

    def of(self, ids: Iterable[str]) -> list[ActKind]:
        """The kinds with these ids."""
        wanted = set(ids)
        return [kind for kind in self.kinds if kind.id in wanted]


@lru_cache(maxsize=2)
def load_acts_restricted(folder: Path = HERE / "covenants") -> ActWords:
    """The words in `acts.yaml`. Raises RulebookError for a wrong entry or words that miss their own tests."""
    data = read_file(folder / "acts.yaml")
    refuse_unknown(data, KEYS, "acts.yaml")
    made = ActWords(
        tuple(_kind(raw) for raw in data["acts"]), tuple(re.compile(text, re.I) for text in data["caps"]), _any(data["excepted"]),
        _any(data["no_default"]),
    )  # fmt: skip
    for number, test in enumerate(data["tests"], 1):
        _prove(made, test, f"acts.yaml, test {number}")
    return made


def _kind(raw: Mapping[str, Any]) -> ActKind:
    where = f"acts.yaml, {raw.get('id', 'an act')}"
    refuse_unknown(raw, ACT_KEYS, where)
    for watch in raw["watch"]:
        known = WATCHED.get(watch.get("from"))
        if known is None:
            raise RulebookError(f"watches {watch.get('from')!r}", where=where, fix=f"One of {', '.join(WATCHED)}")
        refuse_unknown(watch, {"from", *known}, where)
    return ActKind(raw["id"], raw["name"], _any(raw["words"]), tuple(raw["watch"]))


def _any(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(words), re.IGNORECASE)


def _prove(words: ActWords, test: Mapping[str, Any], where: str) -> None:
    refuse_unknown(test, TEST_KEYS, where)
    made = words.restricting(Covenant(id="test", borrower="test", name="", type="negative", definition=test["text"]))
    got: dict[str, Any] = {"acts": list(made.actions)}
    if "cap" in test:
        got["cap"] = None if made.cap is None else str(made.cap)
    got |= {key: getattr(made, key) for key in ("no_default", "excepted") if key in test}
    wanted = {key: str(test[key]) if key == "cap" else test[key] for key in got}
    if got != wanted:
        raise RulebookError(
            f"gives {got} instead of {wanted}", where=where, fix="The words or their test are wrong: not loaded"
        )
