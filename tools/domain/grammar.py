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

from collections.abc import Mapping

from tools.domain import tree
from tools.errors import RulebookError

LONGEST = 4000
DEEPEST = 200
MOST_KEPT = 20_000
_KEPT: dict[str, tree.Node] = {}


def parse(text: str) -> tree.Node:
    """The tree of `text`, kept for the next time. Raises RulebookError saying where the text goes wrong."""
    found = _KEPT.get(text)
    if found is not None:
        return found
    if len(text) > LONGEST:
        raise RulebookError(f"the expression has {len(text)} characters", where=text[:40], fix=f"At most {LONGEST}")
    # Lark costs a fifth of a start-up; a rulebook read from its compiled form never needs it.
    from tools.domain.parser import parsed

    node = parsed(text)
    _check(node, text)
    if len(_KEPT) >= MOST_KEPT:
        _KEPT.clear()
    _KEPT[text] = node
    return node


def remember(trees: Mapping[str, tree.Node]) -> None:
    """Takes trees parsed before, so that their texts need no parser."""
    _KEPT.update(trees)


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
