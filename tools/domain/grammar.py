"""One small infix language for ratios, guards, warnings, signals and rules, parsed and never evaluated as Python.

`grammar.lark` beside this file is the EBNF. An expression is written over *measures* (line items, building blocks, ratios,
parameters, kernel results) and gives a number or a yes/no:

    (total_current_assets - inventories - prepayments) / total_current_liabilities
    if profit_before_tax > 0 then income_tax_expense / profit_before_tax else statutory_tax_rate
    net_cash_operating < 0 and prior(net_cash_operating) < 0

Strength, weakest first: `if … then … else …`, `or`, `and`, `not`, one comparison (`< <= > >= == !=`), `+ -`, `* /`, sign.

An operand is a value, *missing* (nobody reported it) or *not meaningful* (it exists but says nothing, such as a ratio over
zero). Nothing is ever guessed:

- Arithmetic, `min`, `max`, `abs`: a missing operand makes the result missing, and all missing names are collected. Otherwise
  a not-meaningful operand makes it not meaningful, for the leftmost reason. Missing wins over not meaningful.
- `/` by zero is not meaningful (`zero_denominator`); `ln` of zero or less too (`logarithm_of_nonpositive`); a result too big
  or too small to hold is `out_of_range`.
- A comparison with a missing or not-meaningful side is *unknown*. `and`, `or`, `not` are Kleene's: false and unknown is
  false, true or unknown is true, anything else with unknown is unknown. Unknown never counts as met.
- `if c then a else b` asks only for the chosen branch; when `c` is unknown the result is missing or not meaningful as `c` is.
- `missing(x)` is true when x is missing and is itself always known.
- `first(a, b, …)` is the first that is not missing; the figure is flagged `substitute_for:<a's names>` when it is not a.
- `sum_present(a, b, …)` adds those that are not missing; missing when all are.
- `prior(x)` is x one year earlier over the same length of period. `opening(x)` is x at the start of the period. `avg(x)` is
  the mean of opening and closing; without an opening balance it is the closing one, flagged `end_of_period`. `opening` and
  `avg` take balances only.
- `growth(x)` is x / prior(x) − 1; not meaningful (`base_not_positive`) when prior(x) ≤ 0.
- `ln`, `exp`, and `phi` (the standard normal distribution function) are right to at least 30 decimal places.

Numbers are Decimal with 50 significant digits (tools/domain/arithmetic.py); comparisons see unrounded values.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Any, cast

from lark import Lark, Token, Transformer, UnexpectedInput

from tools.domain import tree
from tools.errors import RulebookError

LONGEST = 4000
DEEPEST = 200


class _Builder(Transformer[Token, tree.Node]):
    """Lark calls one of these for each rule, children first."""

    def number(self, children: list[Any]) -> tree.Node:
        return tree.Number(Decimal(str(children[0])))

    def yes(self, _: list[Any]) -> tree.Node:
        return tree.Truth(True)

    def no(self, _: list[Any]) -> tree.Node:
        return tree.Truth(False)

    def name(self, children: list[Any]) -> tree.Node:
        return tree.Name(str(children[0]))

    def minus(self, children: list[Any]) -> tree.Node:
        return tree.Minus(children[0])

    def negation(self, children: list[Any]) -> tree.Node:
        return tree.Negation(children[0])

    def arithmetic(self, children: list[Any]) -> tree.Node:
        return tree.Arithmetic(str(children[1]), children[0], children[2])

    def comparison(self, children: list[Any]) -> tree.Node:
        return tree.Comparison(str(children[1]), children[0], children[2])

    def both(self, children: list[Any]) -> tree.Node:
        return tree.Both(children[0], children[1])

    def either(self, children: list[Any]) -> tree.Node:
        return tree.Either(children[0], children[1])

    def choice(self, children: list[Any]) -> tree.Node:
        return tree.Choice(children[0], children[1], children[2])

    def call(self, children: list[Any]) -> tree.Node:
        return tree.Call(str(children[0]), tuple(children[1:]))


_PARSER = Lark.open_from_package(__name__, "grammar.lark", parser="lalr", transformer=_Builder())


@lru_cache(maxsize=4096)
def parse(text: str) -> tree.Node:
    """The tree of `text`. Raises RulebookError saying where the text goes wrong."""
    if len(text) > LONGEST:
        raise RulebookError(f"the expression has {len(text)} characters", where=text[:40], fix=f"At most {LONGEST}")
    try:
        node = cast(tree.Node, _PARSER.parse(text))
    except UnexpectedInput as error:
        near = text[max(0, (error.pos_in_stream or 0) - 20) : (error.pos_in_stream or 0) + 20] or "the end"
        raise RulebookError(
            f"cannot be read near {near.strip()!r}", where=repr(text), fix="See tools/domain/grammar.py"
        ) from error
    _check(node, text)
    return node


def _check(node: tree.Node, text: str, depth: int = 0) -> None:
    if depth > DEEPEST:
        raise RulebookError(
            f"is nested more than {DEEPEST} deep", where=repr(text), fix="Name a building block for the inner part"
        )
    if isinstance(node, tree.Call):
        if node.function not in tree.FUNCTIONS:
            raise RulebookError(
                f"unknown function {node.function!r}", where=repr(text), fix=f"Known: {', '.join(tree.FUNCTIONS)}"
            )
        fewest, most = tree.FUNCTIONS[node.function]
        if not fewest <= len(node.arguments) <= most:
            raise RulebookError(
                f"{node.function} got {len(node.arguments)} arguments", where=repr(text), fix=f"It takes {fewest} or more"
            )
    numeric: tuple[tree.Node, ...] = ()
    truths: tuple[tree.Node, ...] = ()
    match node:
        case tree.Arithmetic(_, left, right) | tree.Comparison(_, left, right):
            numeric = (left, right)
        case tree.Minus(operand):
            numeric = (operand,)
        case tree.Call(function, arguments) if function not in ("missing", "first", "prior"):
            numeric = arguments
        case tree.Both(left, right) | tree.Either(left, right):
            truths = (left, right)
        case tree.Negation(operand):
            truths = (operand,)
        case tree.Choice(condition, _, _):
            truths = (condition,)
    if any(tree.yields_truth(part) is True for part in numeric):
        raise RulebookError("calculates with a yes/no", where=repr(text), fix="Write: if … then 1 else 0")
    if any(tree.yields_truth(part) is False for part in truths):
        raise RulebookError("uses a number as a yes/no", where=repr(text), fix="Compare it with something")
    for child in tree.children(node):
        _check(child, text, depth + 1)
