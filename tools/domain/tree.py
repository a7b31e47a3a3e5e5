"""The parsed form of an expression: small immutable nodes that any evaluator may walk.

Two evaluators run the same tree: `interpreter` in Decimal for one borrower with its provenance, and a columnar one over the
portfolio. Nothing here knows about either.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class Number:
    """A literal."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Truth:
    """`true` or `false`."""

    value: bool


@dataclass(frozen=True, slots=True)
class Name:
    """A measure: a line item, a building block, a ratio, a parameter or a kernel's result."""

    id: str


@dataclass(frozen=True, slots=True)
class Minus:
    """Sign change."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`operator` is one of + - * /."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Comparison:
    """`operator` is one of < <= > >= == !=; compares unrounded values."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Negation:
    """`not`, three-valued."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Both:
    """`and`, three-valued: false wins over unknown."""

    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Either:
    """`or`, three-valued: true wins over unknown."""

    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Choice:
    """`if condition then … else …`; only the chosen branch is asked for."""

    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Call:
    """One of FUNCTIONS."""

    function: str
    arguments: tuple[Node, ...]


Node = Number | Truth | Name | Minus | Arithmetic | Comparison | Negation | Both | Either | Choice | Call

MANY = 99
FUNCTIONS: dict[str, tuple[int, int]] = {
    "avg": (1, 1),
    "opening": (1, 1),
    "prior": (1, 1),
    "growth": (1, 1),
    "min": (2, MANY),
    "max": (2, MANY),
    "abs": (1, 1),
    "ln": (1, 1),
    "exp": (1, 1),
    "phi": (1, 1),
    "missing": (1, 1),
    "first": (2, MANY),
    "sum_present": (1, MANY),
}
"""Name → fewest and most arguments."""

BALANCE_FUNCTIONS = frozenset({"avg", "opening"})
"""Functions that look at the opening balance, so that their argument may hold balances only."""


def children(node: Node) -> tuple[Node, ...]:
    """The direct operands of `node`, left to right."""
    match node:
        case Minus(operand) | Negation(operand):
            return (operand,)
        case Arithmetic(_, left, right) | Comparison(_, left, right) | Both(left, right) | Either(left, right):
            return (left, right)
        case Choice(condition, then, otherwise):
            return (condition, then, otherwise)
        case Call(_, arguments):
            return arguments
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """`node` and everything below it, depth first, left to right."""
    yield node
    for child in children(node):
        yield from walk(child)


def names(node: Node) -> tuple[str, ...]:
    """Every measure named, in order of first appearance."""
    return tuple(dict.fromkeys(part.id for part in walk(node) if isinstance(part, Name)))


def yields_truth(node: Node) -> bool | None:
    """True for a yes/no expression, False for a number, None when only the measures can tell."""
    match node:
        case Truth() | Comparison() | Negation() | Both() | Either():
            return True
        case Choice(_, then, otherwise):
            kinds = {yields_truth(then), yields_truth(otherwise)} - {None}
            return kinds.pop() if len(kinds) == 1 else None
        case Name():
            return None
        case Call("missing", _):
            return True
        case Call("first" | "prior", arguments):
            return yields_truth(arguments[0])
        case _:
            return False


def to_plain(node: Node) -> list[Any]:
    """`node` as nested lists of texts, to be kept as JSON."""
    match node:
        case Number(value):
            return ["n", str(value)]
        case Truth(yes):
            return ["t", yes]
        case Name(id):
            return ["v", id]
        case Arithmetic(operator, _, _) | Comparison(operator, _, _):
            return [operator, *map(to_plain, children(node))]
        case Call(function, arguments):
            return ["f", function, *map(to_plain, arguments)]
        case _:
            return [_MARKS[type(node)], *map(to_plain, children(node))]


def from_plain(data: Sequence[Any]) -> Node:
    """The node `to_plain` was given. Raises KeyError, TypeError or ValueError when `data` is something else."""
    mark, *rest = data
    match mark:
        case "n":
            return Number(Decimal(rest[0]))
        case "t":
            return Truth(bool(rest[0]))
        case "v":
            return Name(str(rest[0]))
        case "f":
            return Call(str(rest[0]), tuple(map(from_plain, rest[1:])))
        case "+" | "-" | "*" | "/":
            return Arithmetic(mark, *map(from_plain, rest))
        case "<" | "<=" | ">" | ">=" | "==" | "!=":
            return Comparison(mark, *map(from_plain, rest))
        case _:
            made: Node = _MADE[mark](*map(from_plain, rest))
            return made


_MARKS: dict[type[Any], str] = {Minus: "minus", Negation: "not", Both: "and", Either: "or", Choice: "if"}
_MADE: dict[str, type[Any]] = {mark: kind for kind, mark in _MARKS.items()}
