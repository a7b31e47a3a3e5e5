"""Turns dated entries into definitions and parameters, with every expression parsed and every key checked."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import PurePath
from typing import Any, Literal, cast, get_args

from tools.domain.definitions import Band, Definition, Guard, Kind, Names, Parameter, Unit, WarnLevel
from tools.domain.grammar import parse
from tools.domain.tree import Node, yields_truth
from tools.errors import RulebookError
from tools.rulebook.entries import Entry, refuse_unknown

LANGUAGES = ("en", "zh")
STANDARDS = frozenset({"US_GAAP", "IFRS", "CAS", "CAS_SMALL"})
DEFINITION_KEYS = frozenset(
    {"kind", "name", "synonyms", "unit", "better", "definition", "warn", "bands", "explain", "tests"}
)  # fmt: skip
PARAMETER_KEYS = frozenset({"name", "unit", "value", "by_currency"})
TEST_KEYS = frozenset({"in", "standard", "value", "missing", "reason", "flags"})


def definition(entry: Entry) -> Definition:
    """The ratio, block, score or index in `entry`; `point` is settled later, when all names are known."""
    data, where = entry.data, entry.place
    refuse_unknown(data, DEFINITION_KEYS, where)
    lacking = sorted(DEFINITION_KEYS - {"warn", "bands"} - set(data))
    if lacking:
        raise RulebookError(f"lacks {', '.join(lacking)}", where=where, fix="A definition needs all of them")
    body = data["definition"]
    refuse_unknown(body, {"formula", "by_standard", "guards"}, where)
    if "formula" not in body:
        raise RulebookError("the definition has no formula", where=where, fix="Write formula: …")
    by_standard = body.get("by_standard", {})
    refuse_unknown(by_standard, STANDARDS, where)
    formulas = {key: _number(text, where) for key, text in {"": body["formula"], **by_standard}.items()}
    return Definition(
        id=entry.id,
        kind=cast(Kind, _one_of(data["kind"], get_args(Kind), "kind", where)),
        name=names(data["name"], where),
        synonyms=phrases(data["synonyms"], where),
        unit=cast(Unit, _one_of(data["unit"], get_args(Unit), "unit", where)),
        formulas=formulas,
        guards=tuple(_guard(raw, where) for raw in body.get("guards", ())),
        warnings=tuple(_warn(raw, where) for raw in data.get("warn", ())),
        bands=tuple(_band(raw, where) for raw in data.get("bands", ())),
        better=cast(
            Literal["higher", "lower", "neither"], _one_of(data["better"], ("higher", "lower", "neither"), "better", where)
        ),
        explain=names(data["explain"], where),
        origin=entry.origin,
        point=False,
        family=PurePath(entry.origin.file).stem,
        tests=_tests(data["tests"], where),
    )


def parameter(entry: Entry) -> Parameter:
    """The named number in `entry`."""
    data, where = entry.data, entry.place
    refuse_unknown(data, PARAMETER_KEYS, where)
    if ("value" in data) == ("by_currency" in data):
        raise RulebookError("needs either value or by_currency", where=where, fix="Give one of them")
    by_currency = {str(key): _decimal(value, where) for key, value in data.get("by_currency", {}).items()}
    value = _decimal(data["value"], where) if "value" in data else None
    return Parameter(entry.id, value, by_currency, str(data.get("unit", "x")), names(data.get("name"), where), entry.origin)


def names(raw: Any, where: str) -> Names:
    """A text in both languages."""
    if (
        not isinstance(raw, dict)
        or set(raw) != set(LANGUAGES)
        or not all(isinstance(text, str) and text for text in raw.values())
    ):
        raise RulebookError("a name or explanation is not given in both languages", where=where, fix="Write {en: …, zh: …}")
    return raw


def phrases(raw: Any, where: str) -> Mapping[str, tuple[str, ...]]:
    """Lists of texts by language; either may be empty."""
    if not isinstance(raw, dict) or not set(raw) <= set(LANGUAGES):
        raise RulebookError("synonyms are not lists by language", where=where, fix="Write {en: […], zh: […]}")
    return {language: tuple(str(text) for text in raw.get(language) or ()) for language in LANGUAGES}


def _one_of(value: Any, known: tuple[str, ...], key: str, where: str) -> str:
    if value not in known:
        raise RulebookError(f"{key} is {value!r}", where=where, fix=f"One of {', '.join(known)}")
    return str(value)


def _decimal(value: Any, where: str) -> Decimal:
    try:
        return Decimal(str(value))
    except InvalidOperation as error:
        raise RulebookError(f"{value!r} is no number", where=where, fix="Write a plain decimal in quotes") from error


def expression(text: Any, where: str) -> Node:
    """`text` parsed; the message of a failure names the entry."""
    try:
        return parse(str(text))
    except RulebookError as error:
        raise RulebookError(str(error), where=where) from error


def _number(text: Any, where: str) -> tuple[str, Node]:
    node = expression(text, where)
    if yields_truth(node) is True:
        raise RulebookError(f"{text!r} gives a yes/no", where=where, fix="Write: if … then 1 else 0")
    return str(text), node


def condition(text: Any, where: str) -> Node:
    """A yes/no expression."""
    node = expression(text, where)
    if yields_truth(node) is False:
        raise RulebookError(f"{text!r} gives a number where a yes/no is needed", where=where, fix="Compare it with something")
    return node


def _guard(raw: Mapping[str, Any], where: str) -> Guard:
    refuse_unknown(raw, {"when", "reason", "flag"}, where)
    return Guard(str(raw["when"]), condition(raw["when"], where), str(raw["reason"]), raw.get("flag"))


def _warn(raw: Mapping[str, Any], where: str) -> WarnLevel:
    refuse_unknown(raw, {"set", "when"}, where)
    return WarnLevel(str(raw["set"]), str(raw["when"]), condition(raw["when"], where))


def _band(raw: Mapping[str, Any], where: str) -> Band:
    refuse_unknown(raw, {"id", "name", "when"}, where)
    return Band(str(raw["id"]), names(raw["name"], where), str(raw["when"]), condition(raw["when"], where))


def _tests(raw: Any, where: str) -> tuple[Mapping[str, Any], ...]:
    if not isinstance(raw, list) or not raw:
        raise RulebookError("has no tests", where=where, fix="A definition without a passing test is not loaded")
    for test in raw:
        refuse_unknown(test, TEST_KEYS, where)
        if "in" not in test or len({"value", "missing", "reason"} & set(test)) != 1:
            raise RulebookError(
                f"the test {test} is incomplete", where=where, fix="Give `in` and one of value, missing, reason"
            )
    return tuple(raw)
