"""The rulebook's formulas as plain DuckDB SQL over a wide table: what a bank's analyst would write by hand, as the baseline.

Missing and not meaningful are both NULL and a line that is not printed is taken as zero, so the baseline does less than the
product: it cannot say why a figure is absent, and its zeros are not proven.
"""

from __future__ import annotations

from tools.domain.definitions import PERIOD_DAYS, Definition, Rulebook
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


def ratio_query(rulebook: Rulebook, source: str, years: tuple[str, str], names: list[str]) -> str:
    """One query: facts pivoted to a row per borrower with this year's and last year's columns, then every ratio."""
    items = sorted(rulebook.items)
    pivot = ", ".join(
        f"coalesce(max(cents) FILTER (item = '{item}' AND period_end = DATE '{end}'), 0)::DOUBLE / 100 AS {item}_{place}"
        for place, end in enumerate(years)
        for item in items
    )
    columns = ", ".join(f"{Writer(rulebook).defined(rulebook.ratios[name], 0)} AS {name}" for name in names)
    return f"SELECT borrower, {columns} FROM (SELECT borrower, {pivot} FROM {source} GROUP BY borrower)"


class Writer:
    """Writes one formula; `shift` counts years back. Data older than last year is NULL."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook

    def defined(self, definition: Definition, shift: int) -> str:
        """A definition with its guards."""
        text = self.node(definition.under("CAS")[1], shift)
        for guard in definition.guards:
            text = f"CASE WHEN {self.node(guard.condition, shift)} THEN NULL ELSE {text} END"
        return text

    def node(self, node: Node, shift: int) -> str:
        """One node as SQL."""
        match node:
            case Number(value):
                return f"{value}::DOUBLE"
            case Truth(yes):
                return "true" if yes else "false"
            case Name(id):
                return self.name(id, shift)
            case Minus(operand):
                return f"(-{self.node(operand, shift)})"
            case Arithmetic("/", left, right):
                return f"({self.node(left, shift)} / nullif({self.node(right, shift)}, 0))"
            case Arithmetic(operator, left, right):
                return f"({self.node(left, shift)} {operator} {self.node(right, shift)})"
            case Comparison(operator, left, right):
                return f"({self.node(left, shift)} {'=' if operator == '==' else operator} {self.node(right, shift)})"
            case Negation(operand):
                return f"(NOT {self.node(operand, shift)})"
            case Both(left, right):
                return f"({self.node(left, shift)} AND {self.node(right, shift)})"
            case Either(left, right):
                return f"({self.node(left, shift)} OR {self.node(right, shift)})"
            case Choice(condition, then, otherwise):
                return f"CASE WHEN {self.node(condition, shift)} THEN {self.node(then, shift)} ELSE {self.node(otherwise, shift)} END"
            case Call(function, arguments):
                return self.call(function, [self.node(part, shift) for part in arguments], arguments, shift)

    def name(self, id: str, shift: int) -> str:
        """A line item, parameter or definition."""
        if id in self.rulebook.items:
            return f"{id}_{shift}" if shift < 2 else "NULL"
        definition = self.rulebook.definition(id)
        if definition is not None:
            return self.defined(definition, shift)
        found = self.rulebook.parameters["days_in_year" if id == PERIOD_DAYS else id]
        return f"{found.value if found.value is not None else found.by_currency['CNY']}::DOUBLE"

    def call(self, function: str, now: list[str], arguments: tuple[Node, ...], shift: int) -> str:
        """A function of the grammar."""
        before = self.node(arguments[0], shift + 1)
        match function:
            case "prior" | "opening":
                return before
            case "avg":
                return f"coalesce(({now[0]} + {before}) / 2, {now[0]})"
            case "growth":
                return f"({now[0]} / CASE WHEN {before} > 0 THEN {before} END - 1)"
            case "missing":
                return f"({now[0]} IS NULL)"
            case "first":
                return f"coalesce({', '.join(now)})"
            case "sum_present":
                return f"({' + '.join(f'coalesce({part}, 0)' for part in now)})"
            case "min" | "max":
                return f"{'least' if function == 'min' else 'greatest'}({', '.join(now)})"
            case _:
                return f"{function}({now[0]})"
