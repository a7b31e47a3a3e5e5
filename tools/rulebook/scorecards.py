"""Loads the rating scorecard in force; one that contradicts itself or fails its own tests is refused, as everywhere in the rulebook."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from tools.domain.definitions import Layer, Rulebook
from tools.domain.interpreter import PlainValues
from tools.domain.scorecard import Cap, Characteristic, Scorecard, rate, refused
from tools.errors import RulebookError
from tools.rulebook.entries import HERE, Entry, refuse_unknown
from tools.rulebook.formulas import condition
from tools.rulebook.formulas import names as in_both
from tools.rulebook.settings import parts

KEYS = frozenset(
    {
        "name",
        "characteristics",
        "grades",
        "worst",
        "caps",
        "least_known",
        "stale_months",
        "reasons",
        "compare",
        "worse_by",
        "tests",
    }
)
TEST_KEYS = frozenset({"in", "points", "grade", "reasons", "caps", "missing"})


@lru_cache(maxsize=8)
def load_scorecard(
    as_of: date | None = None, id: str = "corporate_scorecard", folder: Path = HERE / "rating", layers: tuple[Layer, ...] = (),
    known_at: date | None = None,
) -> Scorecard:  # fmt: skip
    """The card in force at `as_of`. `layers`: a bank's or a draft's, laid over key by key. Raises RulebookError for wrong data or a card that fails its tests."""
    entry = parts(folder / "scorecards.yaml", "scorecard", as_of, layers, known_at)[id]
    data = entry.data
    refuse_unknown(data, KEYS, entry.place)
    card = Scorecard(
        id, in_both(data["name"], entry.place), tuple(_characteristic(raw, entry) for raw in data["characteristics"]),
        tuple((str(grade), int(points)) for grade, points in data["grades"]), tuple(data["worst"]),
        tuple(_cap(raw, entry) for raw in data["caps"]), Decimal(str(data["least_known"])), int(data["stale_months"]), int(data["reasons"]),
        str(data["compare"]), int(data["worse_by"]), entry.origin, tuple(data["tests"]),
    )  # fmt: skip
    wrong = refused(card.characteristics, card.grades)
    lost = [cap.grade for cap in card.caps if cap.grade not in card.order]
    if wrong or lost:
        raise RulebookError(wrong or f"a cap names the grade {lost[0]!r}", where=entry.place, fix="Correct the card")
    for number, test in enumerate(card.tests, 1):
        _prove(card, test, f"{entry.place}, test {number}")
    return card


def scorecard_under(rulebook: Rulebook, day: date, known_at: date | None = None) -> Scorecard:
    """The card that goes with a rulebook on a business date."""
    return load_scorecard(rulebook.as_of or day, layers=rulebook.layers, known_at=known_at)


def _characteristic(raw: Mapping[str, Any], entry: Entry) -> Characteristic:
    where = f"{entry.place}, {raw.get('id', 'a characteristic')}"
    refuse_unknown(raw, {"id", "measure", "better", "bins", "name"}, where)
    if raw["better"] not in ("higher", "lower"):
        raise RulebookError(f"better is {raw['better']!r}", where=where, fix="Write higher or lower")
    bins = tuple((Decimal(str(limit)), int(points)) for limit, points in raw["bins"])
    return Characteristic(raw["id"], raw["measure"], raw["better"], bins, in_both(raw["name"], where))


def _cap(raw: Mapping[str, Any], entry: Entry) -> Cap:
    where = f"{entry.place}, {raw.get('id', 'a cap')}"
    refuse_unknown(raw, {"id", "when", "grade", "name"}, where)
    return Cap(raw["id"], str(raw["when"]), condition(raw["when"], where), raw["grade"], in_both(raw["name"], where))


def _prove(card: Scorecard, test: Mapping[str, Any], where: str) -> None:
    refuse_unknown(test, TEST_KEYS, where)
    found = rate(card, PlainValues(test["in"]).measure)
    told: dict[str, Any] = {
        "points": found.points, "grade": found.grade, "reasons": [one.characteristic.id for one in found.reasons],
        "caps": [cap.id for cap in found.capped_by], "missing": list(found.missing),
    }  # fmt: skip
    got = {key: told[key] for key in test if key != "in"}
    wanted = {key: value for key, value in test.items() if key != "in"}
    if got != wanted:
        raise RulebookError(f"gives {got} instead of {wanted}", where=where, fix="The card or its test is wrong: not loaded")
