"""Runs a parsed expression in Decimal over an environment of measures, keeping what went in.

One of the two evaluators of the same tree; the rules for missing and not-meaningful operands are written in `grammar`.
It never raises for data: every combination of values ends in an outcome.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Protocol

from tools.domain import arithmetic
from tools.domain.arithmetic import ONE, TWO, ZERO
from tools.domain.definitions import Definition
from tools.domain.outcomes import Outcome, merged, missing
from tools.domain.tree import (
    Arithmetic,
    Both,
    Call,
    Choice,
    Comparison,
    Either,
    Minus,
    Name,
    Negation,
    Node,
    Number,
    Truth,
    names,
)

END_OF_PERIOD = "end_of_period"


class Environment(Protocol):
    """Where measures come from, at one date and length of period."""

    def measure(self, name: str) -> Outcome:
        """The measure called `name` here."""
        ...

    def prior(self) -> Environment:
        """The same, one year earlier."""
        ...

    def opening(self) -> Environment:
        """Balances at the start of the period."""
        ...


COMPARE: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}


def run(node: Node, env: Environment) -> Outcome:
    """The outcome of `node` in `env`."""
    match node:
        case Number(value):
            return Outcome(value)
        case Truth(yes):
            return Outcome(yes)
        case Name(id):
            return env.measure(id)
        case Minus(operand):
            return numbers([run(operand, env)], lambda values: arithmetic.subtract(ZERO, values[0]))
        case Arithmetic(operator, left, right):
            return _arithmetic(operator, run(left, env), run(right, env))
        case Comparison(operator, left, right):
            return _comparison(operator, run(left, env), run(right, env))
        case Negation(operand):
            inner = truth(operand, env)
            return merged(not inner.value if inner.known else None, [inner])
        case Both(left, right):
            return _both(truth(left, env), truth(right, env))
        case Either(left, right):
            return _either(truth(left, env), truth(right, env))
        case Choice(condition, then, otherwise):
            test = truth(condition, env)
            if not test.known:
                return merged(None, [test])
            chosen = run(then if test.value else otherwise, env)
            return merged(chosen.value, [test, chosen])
        case Call(function, arguments):
            return _call(function, arguments, env)


def run_defined(definition: Definition, standard: str | None, env: Environment) -> Outcome:
    """A definition in `env`, its guards applied: a guard that holds makes the result not meaningful for its reason; one that
    cannot be told for lack of data makes it missing."""
    _, node = definition.under(standard)
    result = run(node, env)
    for guard in () if result.missing else definition.guards:
        test = run(guard.condition, env)
        if test.value is True:
            return merged(None, [result, test], guard.reason, guard.flag or "")
        if test.missing:
            return merged(None, [test, result])
    return result


def truth(node: Node, env: Environment) -> Outcome:
    """The outcome of a yes/no expression; a number in its place is `not_a_truth`."""
    found = run(node, env)
    return merged(None, [found], "not_a_truth") if found.number is not None else found


def numbers(parts: Sequence[Outcome], apply: Callable[[list[Decimal]], Decimal | str]) -> Outcome:
    """`apply` over the values of `parts`; a string from it is the reason why there is no result."""
    if not all(part.known for part in parts):
        return merged(None, parts)
    values = [part.number for part in parts]
    if any(value is None for value in values):
        return merged(None, parts, "not_a_number")
    result = apply([value for value in values if value is not None])
    if isinstance(result, str):
        return merged(None, parts, result)
    return merged(result, parts) if result.is_finite() else merged(None, parts, "out_of_range")


def _arithmetic(operator: str, left: Outcome, right: Outcome) -> Outcome:
    match operator:
        case "+":
            return numbers([left, right], lambda v: arithmetic.add(v[0], v[1]))
        case "-":
            return numbers([left, right], lambda v: arithmetic.subtract(v[0], v[1]))
        case "*":
            return numbers([left, right], lambda v: arithmetic.multiply(v[0], v[1]))
        case _:
            return numbers([left, right], lambda v: arithmetic.divide(v[0], v[1]) if v[1] else "zero_denominator")


def _comparison(operator: str, left: Outcome, right: Outcome) -> Outcome:
    first, second = left.number, right.number
    if first is None or second is None:
        bad = left.known and right.known
        return merged(None, [left, right], "not_a_number" if bad else "")
    return merged(COMPARE[operator](first, second), [left, right])


def _both(left: Outcome, right: Outcome) -> Outcome:
    for side in (left, right):
        if side.value is False:
            return merged(False, [side])
    return merged(True if left.value is True and right.value is True else None, [left, right])


def _either(left: Outcome, right: Outcome) -> Outcome:
    for side in (left, right):
        if side.value is True:
            return merged(True, [side])
    return merged(False if left.value is False and right.value is False else None, [left, right])


def _call(function: str, arguments: tuple[Node, ...], env: Environment) -> Outcome:
    inner = arguments[0]
    match function:
        case "missing":
            found = run(inner, env)
            return merged(bool(found.missing), [Outcome(True, inputs=found.inputs)])
        case "prior":
            return run(inner, env.prior())
        case "opening":
            return run(inner, env.opening())
        case "avg":
            return _average(run(inner, env), run(inner, env.opening()))
        case "growth":
            return numbers([run(inner, env), run(inner, env.prior())], _growth)
        case "first":
            return _first(arguments, env)
        case "sum_present":
            found_all = [run(argument, env) for argument in arguments]
            present = [part for part in found_all if not part.missing]
            return numbers(present or found_all, lambda values: _sum(values))
        case "min" | "max":
            pick = min if function == "min" else max
            return numbers([run(argument, env) for argument in arguments], lambda values: pick(values))
        case "abs":
            return numbers([run(inner, env)], lambda values: values[0].copy_abs())
        case "ln":
            return numbers(
                [run(inner, env)], lambda v: arithmetic.ln(v[0]) if v[0] > 0 else "logarithm_of_nonpositive"
            )  # fmt: skip
        case "exp":
            return numbers([run(inner, env)], lambda values: arithmetic.exp(values[0]))
        case _:
            return numbers([run(inner, env)], lambda values: arithmetic.phi(values[0]))


def _average(closing: Outcome, opening: Outcome) -> Outcome:
    if closing.known and opening.missing:
        return merged(closing.value, [closing], flag=END_OF_PERIOD)
    return numbers([closing, opening], lambda values: arithmetic.divide(arithmetic.add(values[0], values[1]), TWO))


def _growth(values: list[Decimal]) -> Decimal | str:
    now, before = values
    if before <= 0:
        return "base_not_positive"
    return arithmetic.subtract(arithmetic.divide(now, before), ONE)


def _sum(values: list[Decimal]) -> Decimal:
    total = ZERO
    for value in values:
        total = arithmetic.add(total, value)
    return total


def _first(arguments: Sequence[Node], env: Environment) -> Outcome:
    tried: list[Outcome] = []
    for argument in arguments:
        tried.append(run(argument, env))
        if not tried[-1].missing:
            break
    last = tried[-1]
    if last.missing:
        return merged(None, tried)
    if len(tried) == 1:
        return last
    return merged(last.value, [last], last.reason, flag=f"substitute_for:{','.join(names(arguments[0]))}")


class PlainValues:
    """An environment of plain values, for in-file tests and for rules over facts that carry no provenance.

    A value may be a list: now, a year ago (also the opening balance), two years ago. `None` or absence is missing.
    `deeper` may compute names that are not given.
    """

    def __init__(
        self,
        values: Mapping[str, object],
        deeper: Callable[[str, Environment], Outcome | None] | None = None,
        shift: int = 0,
    ) -> None:
        self._values, self._deeper, self._shift = values, deeper, shift

    def measure(self, name: str) -> Outcome:
        """Given value, else what `deeper` makes of it, else missing."""
        if name in self._values:
            given = self._values[name]
            if isinstance(given, list):
                given = given[self._shift] if self._shift < len(given) else None
            elif self._shift:
                given = None
            if given is None:
                return missing(name)
            return Outcome(given if isinstance(given, bool) else Decimal(str(given)))
        found = self._deeper(name, self) if self._deeper else None
        return found if found is not None else missing(name)

    def prior(self) -> PlainValues:
        """One place further along each list."""
        return PlainValues(self._values, self._deeper, self._shift + 1)

    def opening(self) -> PlainValues:
        """The opening balance is the closing one a year ago."""
        return self.prior()
