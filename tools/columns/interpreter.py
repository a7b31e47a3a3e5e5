"""Runs a parsed expression over columns: the twin of `tools.domain.interpreter`, with the same rules for missing operands."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol

import numpy as np

from tools.columns.column import (
    KNOWN,
    MEANINGLESS,
    MISSING,
    AnyColumn,
    Column,
    TruthColumn,
    added,
    aligned,
    chosen,
    compared,
    divided,
    literal,
    mapped,
    multiplied,
    picked,
    united,
)
from tools.domain.definitions import Definition
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
)

HALF = Decimal("0.5")
DENSITY = 0.4


class Environment(Protocol):
    """Where columns of measures come from, at one date and length of period."""

    @property
    def rows(self) -> int:
        """How many borrowers."""
        ...

    def measure(self, name: str) -> AnyColumn:
        """The measure called `name` here."""
        ...

    def prior(self) -> Environment:
        """The same, one year earlier."""
        ...

    def opening(self) -> Environment:
        """Balances at the start of the period."""
        ...


def run(node: Node, env: Environment) -> AnyColumn:
    """The column of `node` in `env`."""
    match node:
        case Number(value):
            return literal(value, env.rows)
        case Truth(yes):
            rows = env.rows
            return TruthColumn(np.full(rows, yes), np.zeros(rows, np.uint8), np.zeros(rows, np.bool_))
        case Name(id):
            return env.measure(id)
        case Minus(operand):
            return added(literal(Decimal(0), env.rows), number(operand, env), -1)
        case Arithmetic(operator, left, right):
            return _arithmetic(operator, number(left, env), number(right, env))
        case Comparison(operator, left, right):
            return compared(operator, number(left, env), number(right, env))
        case Negation(operand):
            inner = truth(operand, env)
            return TruthColumn(~inner.value, inner.state, inner.doubt)
        case Both(left, right):
            return _joined(truth(left, env), truth(right, env), False)
        case Either(left, right):
            return _joined(truth(left, env), truth(right, env), True)
        case Choice(condition, then, otherwise):
            return _choice(truth(condition, env), run(then, env), run(otherwise, env))
        case Call(function, arguments):
            return _call(function, arguments, env)


def run_defined(definition: Definition, standard: str | None, env: Environment) -> Column:
    """A definition with its guards, as in the Decimal evaluator: a guard that holds makes the row not meaningful, one that
    cannot be told for lack of data makes it missing."""
    _, node = definition.under(standard)
    result = number(node, env)
    open_rows = result.state != MISSING
    for guard in definition.guards:
        if not (open_rows | result.doubt).any():
            break
        test = truth(guard.condition, env)
        holds, lacks = open_rows & test.holds, open_rows & (test.state == MISSING)
        state = np.where(holds, MEANINGLESS, np.where(lacks, MISSING, result.state)).astype(np.uint8)
        result = Column(result.value, state, result.power, result.error, result.doubt | (test.doubt & open_rows))
        open_rows = open_rows & ~holds & ~lacks
    return result


def number(node: Node, env: Environment) -> Column:
    """A column of numbers; the rulebook's checks keep yes/no out of arithmetic."""
    found = run(node, env)
    if isinstance(found, TruthColumn):
        raise TypeError("a yes/no stands where a number belongs")
    return found


def truth(node: Node, env: Environment) -> TruthColumn:
    """A column of yes/no."""
    found = run(node, env)
    if isinstance(found, Column):
        raise TypeError("a number stands where a yes/no belongs")
    return found


def _arithmetic(operator: str, left: Column, right: Column) -> Column:
    match operator:
        case "+":
            return added(left, right)
        case "-":
            return added(left, right, -1)
        case "*":
            return multiplied(left, right)
        case _:
            return divided(left, right)


def _joined(left: TruthColumn, right: TruthColumn, decisive: bool) -> TruthColumn:
    """and (`decisive` False) or or (`decisive` True): a decisive side settles it, whatever the other is."""
    settled = (left.holds | right.holds) if decisive else (left.fails | right.fails)
    state = np.where(settled, KNOWN, united(left.state, right.state)).astype(np.uint8)
    return TruthColumn(settled if decisive else ~settled, state, left.doubt | right.doubt)


def _choice(test: TruthColumn, then: AnyColumn, otherwise: AnyColumn) -> AnyColumn:
    made = chosen(test.value, then, otherwise)
    made.state = np.where(test.state == KNOWN, made.state, test.state).astype(np.uint8)
    made.doubt = np.where(test.state == KNOWN, made.doubt, False) | test.doubt
    return made


def _call(function: str, arguments: tuple[Node, ...], env: Environment) -> AnyColumn:
    inner = arguments[0]
    match function:
        case "missing":
            found = run(inner, env)
            return TruthColumn(found.state == MISSING, np.zeros(env.rows, np.uint8), found.doubt)
        case "prior":
            return run(inner, env.prior())
        case "opening":
            return run(inner, env.opening())
        case "avg":
            return _average(number(inner, env), number(inner, env.opening()))
        case "growth":
            return _growth(number(inner, env), number(inner, env.prior()))
        case "first":
            return _first([number(argument, env) for argument in arguments])
        case "sum_present":
            return _sum_present([number(argument, env) for argument in arguments])
        case "min" | "max":
            return _extreme(function, [number(argument, env) for argument in arguments])
        case _:
            return _curve(function, number(inner, env))


def _average(closing: Column, opening: Column) -> Column:
    alone = (closing.state == KNOWN) & (opening.state == MISSING)
    return picked(alone, closing, multiplied(added(closing, opening), literal(HALF, len(alone))))


def _growth(now: Column, before: Column) -> Column:
    test = compared("<=", before, literal(Decimal(0), before.value.size))
    made = added(divided(now, before), literal(Decimal(1), before.value.size), -1)
    both = united(now.state, before.state)
    state = np.where((both == KNOWN) & test.holds, MEANINGLESS, np.where(both == KNOWN, made.state, both)).astype(np.uint8)
    # A doubtful zero denominator is the same question as whether the base is positive, so the test's doubt covers both.
    doubt = now.doubt | before.doubt | (test.doubt & (both == KNOWN)) | (made.doubt & ~test.holds)
    return Column(made.value, state, made.power, made.error, doubt)


def _first(parts: Sequence[Column]) -> Column:
    made = parts[0]
    for part in parts[1:]:
        lacking = made.state == MISSING
        doubt = made.doubt
        made = picked(lacking, part, made)
        made.doubt = made.doubt | doubt
    return made


def _sum_present(parts: Sequence[Column]) -> Column:
    made = parts[0]
    for part in parts[1:]:
        left, right = made.state == MISSING, part.state == MISSING
        both = added(made, part)
        made = picked(left, part, picked(right, made, both))
        made.doubt = both.doubt
    return made


def _extreme(function: str, parts: Sequence[Column]) -> Column:
    made = parts[0]
    for part in parts[1:]:
        one, two = aligned(made, part)
        state, doubt = united(one.state, two.state), one.doubt | two.doubt
        value = np.minimum(one.value, two.value) if function == "min" else np.maximum(one.value, two.value)
        # Either operand may be the right one: the result is no further off than the worse of the two.
        error = None
        if one.error is not None or two.error is not None:
            zero = np.zeros(value.size)
            error = np.maximum(one.error if one.error is not None else zero, two.error if two.error is not None else zero)
        made = Column(value, state, one.power, error, doubt)
    return made


def _curve(function: str, column: Column) -> Column:
    plain = column.value / 10.0**column.power
    with np.errstate(all="ignore"):
        match function:
            case "abs":
                return Column(np.abs(column.value), column.state, column.power, column.error, column.doubt)
            case "ln":
                test = compared("<=", column, literal(Decimal(0), plain.size))
                safe = np.where(plain > 0, plain, 1.0)
                made = mapped(column, np.log(safe), 1.0 / safe)
                made.state = np.where(test.holds, MEANINGLESS, column.state).astype(np.uint8)
                made.doubt = made.doubt | test.doubt
                return made
            case "exp":
                grown = np.exp(plain)
                return mapped(column, grown, grown)
            case _:
                # Only one score asks for it, and scipy costs more than all the rest to import.
                from scipy.special import ndtr

                return mapped(column, ndtr(plain), np.full(plain.size, DENSITY))
