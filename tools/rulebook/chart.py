"""Reads the chart of accounts and what belongs to it: how statements add up, derivations, everyday names, identities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import PurePath
from typing import Any

from tools.domain.definitions import BorrowerSet, Derivation, Flag, Identity, LineItem, Reason, Sections
from tools.domain.tree import Call, names, walk
from tools.errors import RulebookError
from tools.rulebook import formulas
from tools.rulebook.entries import refuse_unknown

FLOWS = frozenset({"income_statement", "cash_flow"})
BALANCES_AMONG_FLOWS = frozenset({"cash_beginning", "cash_ending"})
COUNTED = frozenset({"shares_outstanding", "headcount"})


def line_items(data: Mapping[str, Any], file: str) -> dict[str, LineItem]:
    """The items of one statement; the file's name is the statement's."""
    statement = PurePath(file).stem
    made: dict[str, LineItem] = {}
    for raw in data.get("items", ()):
        where = f"{file}, {raw.get('id')}"
        kind = raw.get("kind")
        if kind not in ("line", "subtotal", "memo"):
            raise RulebookError(f"kind is {kind!r}", where=where, fix="One of line, subtotal, memo")
        if raw["id"] in made:
            raise RulebookError("the item is there twice", where=where, fix="Remove one")
        made[raw["id"]] = LineItem(
            raw["id"], statement, kind, formulas.names(raw.get("name"), where), formulas.phrases(raw.get("labels"), where),
            raw.get("into"), int(raw.get("sign", 1)), bool(raw.get("signed", False)),
            statement not in FLOWS or raw["id"] in BALANCES_AMONG_FLOWS, "x" if raw["id"] in COUNTED else "currency",
        )  # fmt: skip
    return made


def sections(data: Mapping[str, Any], items: Mapping[str, LineItem], file: str) -> Sections:
    """How the chart adds up, `into` of every item included."""
    known = {"version", "source", "parents", "optional", "own_lines", "never_zero", "unproving_flags", "largest_share"}
    refuse_unknown(data, known, file)
    parents = {item.id: (item.into, item.sign) for item in items.values() if item.into}
    parents |= {item: (raw["into"], raw["sign"]) for item, raw in data["parents"].items()}
    named = {*parents, *(place for place, _ in parents.values()), *data["optional"], *data["own_lines"], *data["never_zero"]}
    named |= {item for group in data["optional"].values() for item in group} | set(data["own_lines"].values())
    _refuse_strangers(named, items, file)
    return Sections(
        parents, data["optional"], data["own_lines"], frozenset(data["never_zero"]), frozenset(data["unproving_flags"]),
        frozenset(item.id for item in items.values() if not item.signed and item.kind == "line"),
        Decimal(str(data["largest_share"])), int(data["version"]),
    )  # fmt: skip


def derivations(data: Mapping[str, Any], items: Mapping[str, LineItem], file: str) -> dict[str, Derivation]:
    """Which lines follow from which; only line items of the same period may be named."""
    refuse_unknown(data, {"version", "source", "derivations"}, file)
    made: dict[str, Derivation] = {}
    for item, texts in data["derivations"].items():
        where = f"{file}, {item}"
        parsed = [(str(text), formulas.expression(text, where)) for text in texts]
        for text, node in parsed:
            _refuse_strangers({item, *names(node)}, items, where)
            if any(isinstance(part, Call) and part.function in ("prior", "opening", "avg", "growth") for part in walk(node)):
                raise RulebookError(f"{text!r} looks at another period", where=where, fix="Derive within one statement")
        made[item] = Derivation(item, tuple(parsed), int(data["version"]))
    return made


def spoken(data: Mapping[str, Any], items: Mapping[str, LineItem], file: str) -> dict[str, LineItem]:
    """The items with their everyday names."""
    refuse_unknown(data, {"synonyms"}, file)
    _refuse_strangers(set(data["synonyms"]), items, file)
    said = {item: formulas.phrases(raw, f"{file}, {item}") for item, raw in data["synonyms"].items()}
    return {id: replace(item, synonyms=said[id]) if id in said else item for id, item in items.items()}


def identities(data: Mapping[str, Any], file: str) -> dict[str, Identity]:
    """The statement identities, as data for whoever runs them."""
    rows = next((value for value in data.values() if isinstance(value, list)), [])
    made: dict[str, Identity] = {}
    for raw in rows:
        if not isinstance(raw, dict) or "id" not in raw or raw["id"] in made:
            raise RulebookError(f"an identity without an id of its own: {raw}", where=file, fix="Give each its id")
        made[str(raw["id"])] = Identity(str(raw["id"]), raw)
    return made


def reasons(data: Mapping[str, Any], file: str) -> tuple[dict[str, Reason], dict[str, Flag], dict[str, Mapping[str, str]]]:
    """Reasons, flags and methods by id."""
    refuse_unknown(data, {"reasons", "flags", "methods"}, file)
    why = {raw["id"]: Reason(raw["id"], formulas.names(raw["name"], file), raw["reads_as"]) for raw in data["reasons"]}
    flags = {raw["id"]: Flag(raw["id"], formulas.names(raw["name"], file), raw["level"]) for raw in data["flags"]}
    methods = {raw["id"]: formulas.names(raw["name"], file) for raw in data["methods"]}
    return why, flags, methods


def borrower_sets(data: Mapping[str, Any], file: str) -> dict[str, BorrowerSet]:
    """Sets of borrowers, in the order they are tried."""
    refuse_unknown(data, {"source", "sets"}, file)
    made: dict[str, BorrowerSet] = {}
    for raw in data["sets"]:
        where = f"{file}, {raw.get('id')}"
        refuse_unknown(raw, {"id", "name", "gb4754", "nace", "sizes", "loan_types", "words"}, where)
        industries = {scheme: tuple(map(str, raw[scheme])) for scheme in ("gb4754", "nace") if scheme in raw}
        made[raw["id"]] = BorrowerSet(
            raw["id"], formulas.names(raw["name"], where), industries, tuple(raw.get("sizes", ())), tuple(raw.get("loan_types", ())),
            tuple(str(word).lower() for word in raw.get("words", ())),
        )  # fmt: skip
    return made


def _refuse_strangers(named: set[str | Any], items: Mapping[str, LineItem], where: str) -> None:
    strangers = sorted(str(name) for name in named if name not in items)
    if strangers:
        raise RulebookError(
            f"names {', '.join(strangers)}, which the chart does not have", where=where, fix="Use ids of line_items"
        )
