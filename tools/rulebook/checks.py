"""What a rulebook must pass before anybody computes with it: names, cycles, balances where balances are needed, own tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tools.domain.definitions import PERIOD_DAYS, Definition, Rulebook
from tools.domain.interpreter import Environment, PlainValues, run_defined
from tools.domain.outcomes import Outcome, missing
from tools.domain.tree import BALANCE_FUNCTIONS, Call, Node, names, walk
from tools.errors import RulebookError

DAYS = Decimal(365)


def definitions(rulebook: Rulebook) -> tuple[Definition, ...]:
    """Every ratio, block and score."""
    return (*rulebook.ratios.values(), *rulebook.blocks.values(), *rulebook.scores.values())


def texts(rulebook: Rulebook) -> Iterator[str]:
    """The text of every expression in the book."""
    for definition in definitions(rulebook):
        yield from (text for text, _ in expressions(definition))
        yield from (level.text for level in definition.warnings)
        yield from (band.text for band in definition.bands)
    for derivation in rulebook.derivations.values():
        yield from (text for text, _ in derivation.alternatives)


def expressions(definition: Definition) -> list[tuple[str, Node]]:
    """What the value depends on: formulas and guards."""
    return [*definition.formulas.values(), *((guard.text, guard.condition) for guard in definition.guards)]


def settled(unsettled: Mapping[str, Definition], known: Mapping[str, bool]) -> dict[str, Definition]:
    """The definitions with `point` decided. `known`: name → is a balance, for items and parameters.

    Raises RulebookError for a name nothing defines and for definitions that need each other.
    """
    done: dict[str, Definition] = {}
    open_: list[str] = []

    def settle(name: str) -> bool:
        if name in done:
            return done[name].point
        if name in open_:
            circle = " → ".join([*open_[open_.index(name) :], name])
            raise RulebookError(f"needs itself: {circle}", where=_place(unsettled[name]), fix="Break the circle")
        open_.append(name)
        definition = unsettled[name]
        point = True
        for text, node in expressions(definition):
            if any(isinstance(call, Call) and call.function in BALANCE_FUNCTIONS for call in walk(node)):
                point = False
            for part in names(node):
                if part == PERIOD_DAYS:
                    point = False
                elif part in unsettled:
                    point = settle(part) and point
                elif part in known:
                    point = known[part] and point
                else:
                    raise RulebookError(
                        f"{text!r} names {part}, which nothing defines on this date", where=_place(definition), fix="Check the spelling"
                    )  # fmt: skip
        open_.pop()
        done[name] = replace(definition, point=point)
        return point

    for name in unsettled:
        settle(name)
    return done


def refuse_unusable(rulebook: Rulebook) -> None:
    """Raises RulebookError for names in warnings and bands nothing defines, reasons nobody explained, and `avg` or `opening`
    of something that is not a balance."""
    for definition in definitions(rulebook):
        where = _place(definition)
        levels = [*((w.text, w.condition) for w in definition.warnings), *((b.text, b.condition) for b in definition.bands)]
        for text, node in [*expressions(definition), *levels]:
            for part in names(node):
                if not rulebook.knows(part):
                    raise RulebookError(f"{text!r} names {part}, which nothing defines", where=where, fix="Check the spelling")
            for call in walk(node):
                if isinstance(call, Call) and call.function in BALANCE_FUNCTIONS:
                    flows = [part for part in names(call) if not _is_balance(rulebook, part)]
                    if flows:
                        raise RulebookError(
                            f"{call.function} of {', '.join(flows)}, which is no balance", where=where, fix="Use prior or the flow itself"
                        )  # fmt: skip
        for level in definition.warnings:
            if level.set not in rulebook.sets:
                raise RulebookError(
                    f"warns for the set {level.set}, which is not there", where=where, fix="Add it to sets.yaml"
                )
        for guard in definition.guards:
            if guard.reason not in rulebook.reasons:
                raise RulebookError(f"the reason {guard.reason} is not explained", where=where, fix="Add it to reasons.yaml")
            if guard.flag and guard.flag not in rulebook.flags:
                raise RulebookError(f"the flag {guard.flag} is not explained", where=where, fix="Add it to reasons.yaml")


def _is_balance(rulebook: Rulebook, name: str) -> bool:
    """Whether `name` is made of balances alone, whichever dates it looks at."""
    definition = rulebook.definition(name)
    if definition is None:
        return rulebook.is_point(name)
    return all(_is_balance(rulebook, part) for _, node in expressions(definition) for part in names(node))


def refuse_failing(rulebook: Rulebook) -> None:
    """Runs every definition's own tests. Raises RulebookError naming file, id, test, expected and got."""
    for definition in definitions(rulebook):
        for number, test in enumerate(definition.tests, 1):
            trouble = tested(rulebook, definition, test)
            if trouble:
                raise RulebookError(
                    f"test {number} {trouble}", where=_place(definition), fix="Correct the definition or the test"
                )  # fmt: skip


def tested(rulebook: Rulebook, definition: Definition, test: Mapping[str, Any]) -> str:
    """What is wrong with the outcome of one in-file test, or ""."""
    standard = test.get("standard")

    def deeper(name: str, env: Environment) -> Outcome | None:
        inner = rulebook.definition(name)
        if inner is not None:
            return run_defined(inner, standard, env)
        parameter = rulebook.parameters.get(name)
        if parameter is not None:
            return Outcome(parameter.value) if parameter.value is not None else missing(name)
        return Outcome(DAYS) if name == PERIOD_DAYS else None

    got = run_defined(definition, standard, PlainValues(test["in"], deeper))
    flags = set(test.get("flags", ()))
    if "value" in test:
        expected = Decimal(str(test["value"]))
        places = Decimal(1).scaleb(int(expected.as_tuple().exponent))
        found = got.number.quantize(places, ROUND_HALF_UP) if got.number is not None else None
        wrong = found != expected
        expectation = f"{expected}"
    elif "missing" in test:
        wrong, expectation = set(got.missing) != set(test["missing"]), f"missing {', '.join(test['missing'])}"
    else:
        wrong, expectation = got.reason != test["reason"], f"not meaningful ({test['reason']})"
    if wrong:
        return f"expected {expectation}, got {_said(got)}"
    if not flags <= got.flags:
        return f"expected flags {sorted(flags)}, got {sorted(got.flags)}"
    return ""


def _said(outcome: Outcome) -> str:
    if outcome.missing:
        return f"missing {', '.join(outcome.missing)}"
    return f"not meaningful ({outcome.reason})" if outcome.reason else str(outcome.value)


def _place(definition: Definition) -> str:
    return f"{definition.origin.file}, {definition.rule}"
