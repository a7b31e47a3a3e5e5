"""A borrower's covenant numbers out of the rulebook: metrics by id or name, or the contract's own formula.

A contract's formula has no guards, and a negative denominator turns the worst ratio into the smallest one (-2.0 <= 3.5): so
the denominator of every division at the top is looked at first. A statement dated within ten days of the test date is
its statement, as 52/53-week years end on weekdays.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from tools.domain import tree
from tools.domain.evaluation import Evaluator
from tools.domain.factbook import SLACK_DAYS
from tools.domain.facts import Scope
from tools.domain.figures import Basis, Figure
from tools.domain.grammar import parse
from tools.errors import BadRequest, RulebookError

UNKNOWN_METRIC = "metric"


class EvaluatorMeasure:
    """A `Measure` over the evaluators of one borrower, one per scope."""

    def __init__(self, evaluator: Callable[[Scope], Evaluator]) -> None:
        self._of = evaluator
        self._made: dict[Scope, Evaluator] = {}

    def figure(self, metric: str, period_end: date, basis: Basis | None, scope: Scope) -> Figure:
        """The metric at a period end. Never raises for what a contract says: a metric nobody can compute gives a figure that
        is not computable and says why."""
        evaluator, end = self._evaluator(scope), self._statement(period_end, scope)
        try:
            id = self._id(evaluator, metric)
            if id is not None:
                return evaluator.figure(id, end, basis)
            node = parse(metric)
            if isinstance(node, tree.Arithmetic) and node.operator == "/":
                below = evaluator.formula(metric, metric, node.right, end, basis)
                if below.value is not None and below.value < 0:
                    made = evaluator.formula(metric, metric, node, end, basis)
                    return replace(made, status="not_meaningful", value=None, reason="negative_denominator")
            return evaluator.formula(metric, metric, node, end, basis)
        except (BadRequest, RulebookError) as error:
            return self._unreadable(evaluator, metric, end, scope, str(error))

    def statement_ends(self, scope: Scope) -> list[date]:
        """Every period end some fact of this scope has."""
        return self._evaluator(scope).book.period_ends(scope)

    def parts(self, metric: str, period_end: date, basis: Basis | None, scope: Scope) -> tuple[Figure, Figure] | None:
        """Numerator and denominator of a ratio, each named by what moves it unit for unit: itself, or the first term of a sum."""
        evaluator, end = self._evaluator(scope), self._statement(period_end, scope)
        try:
            id = self._id(evaluator, metric)
            definition = evaluator.rulebook.definition(id) if id else None
            node = definition.under(evaluator.book.standard)[1] if definition else parse(metric)
            if not isinstance(node, tree.Arithmetic) or node.operator != "/":
                return None
            over, under = (
                evaluator.formula(_driver(side) or name, metric, side, end, basis)
                for name, side in (("numerator", node.left), ("denominator", node.right))
            )
        except (BadRequest, RulebookError):
            return None
        return over, under

    def _evaluator(self, scope: Scope) -> Evaluator:
        if scope not in self._made:
            self._made[scope] = self._of(scope)
        return self._made[scope]

    def _statement(self, period_end: date, scope: Scope) -> date:
        ends = self._evaluator(scope).book.period_ends(scope)
        near = [end for end in ends if abs((end - period_end).days) <= SLACK_DAYS]
        return min(near, key=lambda end: abs((end - period_end).days), default=period_end)

    def _id(self, evaluator: Evaluator, metric: str) -> str | None:
        book = evaluator.rulebook
        if book.definition(metric) is not None or metric in book.items:
            return metric
        return book.metric_index.get(metric.strip().casefold())

    def _unreadable(self, evaluator: Evaluator, metric: str, end: date, scope: Scope, why: str) -> Figure:
        return Figure(
            id=f"F-metric-{metric}-{end}", name=metric, status="not_computable", value=None, unit="x", currency=None,
            period_end=end, scope=scope, basis="point", borrower=evaluator.book.borrower, formula=metric, rule="formula@1",
            missing=(UNKNOWN_METRIC,), reason=why,
        )  # fmt: skip


def _driver(side: tree.Node) -> str | None:
    """The measure that moves an expression one for one: of EBITDA less tax, EBITDA."""
    while isinstance(side, tree.Arithmetic) and side.operator in "+-":
        side = side.left
    return side.id if isinstance(side, tree.Name) else None
