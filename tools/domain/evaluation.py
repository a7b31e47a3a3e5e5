"""Ratios, scores and building blocks of one borrower as figures, with everything they were made from.

`evaluate` gives one figure; `Evaluator` keeps what it has computed, for callers that ask for many. Statuses are those of
handbook 3: a missing input gives `not_computable` with its name, a guard of the definition or a zero denominator gives
`not_meaningful` with a reason; nothing raises for data.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from tools.domain.building import handed_on, one_currency
from tools.domain.definitions import Definition, Rulebook, WarnLevel
from tools.domain.factbook import FactBook
from tools.domain.facts import Scope
from tools.domain.figures import Basis, Figure
from tools.domain.interpreter import Environment, run, run_defined
from tools.domain.measures import Measures, Window, WindowMeasures
from tools.domain.outcomes import Input, Outcome
from tools.domain.tree import Node, names
from tools.errors import BadRequest

FORMULA_RULE = "formula@1"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A yes/no answered over a borrower's figures. `holds` None is unknown: `missing` or `reason` says why."""

    text: str
    holds: bool | None
    missing: tuple[str, ...]
    reason: str
    flags: tuple[str, ...]
    inputs: tuple[Input, ...]


class Evaluator:
    """Computes over one borrower, scope and rulebook, remembering results."""

    def __init__(self, rulebook: Rulebook, book: FactBook, scope: Scope = "consolidated") -> None:
        self.rulebook, self.book, self.scope = rulebook, book, scope
        self._measures = Measures(rulebook, book, scope)
        self._made: dict[tuple[str, Window], Outcome] = {}

    def figure(self, name: str, period_end: date, basis: Basis | None = None) -> Figure:
        """The metric or line item `name` at `period_end`.

        Without `basis` a flow is taken over the fiscal year at its end, else over the last twelve months; when those cannot
        be built because an earlier statement is missing, the year to date is annualised and flagged. Raises BadRequest
        for a name the rulebook does not know.
        """
        if self.rulebook.definition(name) is None and name not in self.rulebook.items:
            near = get_close_matches(name, [*self.rulebook.items, *self.rulebook.ratios, *self.rulebook.blocks], 3)
            raise BadRequest(
                f"no figure is called {name!r}", fix=f"Close: {', '.join(near)}" if near else "See `loanward explain`"
            )
        point = self.rulebook.is_point(name)
        window = self._window(point, period_end, basis)
        made = self._named(name, window)
        if made.status == "not_computable" and window.basis == "ltm" and not self.book.is_fiscal_year_end(period_end):
            yearly = self._named(name, Window(period_end, "annualised"))
            return yearly if yearly.status != "not_computable" else made
        return made

    def newest(self, name: str, basis: Basis | None = None, not_after: date | None = None) -> Figure | None:
        """`name` at the newest period that has its inputs; else at the newest period; None when there is no period at all."""
        ends = [end for end in self.book.period_ends(self.scope) if not_after is None or end <= not_after]
        first: Figure | None = None
        for end in reversed(ends):
            made = self.figure(name, end, basis)
            if made.status != "not_computable":
                return made
            first = first or made
        return first

    def formula(self, name: str, text: str, node: Node, period_end: date, basis: Basis | None = None) -> Figure:
        """A formula that is not in the rulebook (a contract's own definition), as a figure called `name`."""
        self._check_names(node, text)
        point = all(self.rulebook.is_point(part) for part in names(node))
        window = self._window(point, period_end, basis)
        made = one_currency(run(node, self._environment(window)))
        return self._measures.builder.figure(
            name, made, unit="x", formula=text, rule=FORMULA_RULE, period_end=period_end, basis=window.basis
        )  # fmt: skip

    def verdict(self, text: str, node: Node, period_end: date, basis: Basis | None = None) -> Verdict:
        """Whether a condition over measures holds; unknown is neither yes nor no."""
        self._check_names(node, text)
        made = run(node, self._environment(self._window(False, period_end, basis)))
        holds = made.value if isinstance(made.value, bool) else None
        return Verdict(text, holds, made.missing, made.reason, tuple(sorted(made.flags)), made.inputs)

    def environment(self, period_end: date, basis: Basis | None = None) -> Environment:
        """Where a condition over flows and balances runs at a period end, for callers that add measures of their own."""
        return self._environment(self._window(False, period_end, basis))

    def warnings(self, figure: Figure, borrower_set: str = "default") -> list[tuple[WarnLevel, Verdict]]:
        """The warning levels of the figure's definition for a set of borrowers, each with its verdict; a set without levels
        of its own uses the default ones."""
        definition = self.rulebook.definition(figure.name)
        if definition is None:
            return []
        chosen = [level for level in definition.warnings if level.set == borrower_set]
        chosen = chosen or [level for level in definition.warnings if level.set == "default"]
        basis = None if figure.basis == "point" else figure.basis
        return [(level, self.verdict(level.text, level.condition, figure.period_end, basis)) for level in chosen]

    def band(self, figure: Figure) -> str | None:
        """The id of the first zone of a score the figure lies in (distress, grey, safe); None when it has none."""
        definition = self.rulebook.definition(figure.name)
        for zone in definition.bands if definition else ():
            basis = None if figure.basis == "point" else figure.basis
            if self.verdict(zone.text, zone.condition, figure.period_end, basis).holds:
                return zone.id
        return None

    def defined(self, name: str, window: Window) -> Outcome:
        """A definition over a window, handed on as the single input of an outcome."""
        definition = self.rulebook.definition(name)
        assert definition is not None, name
        window = Window(window.end, "point") if definition.point else window
        place = (name, window)
        if place not in self._made:
            self._made[place] = self._compute(definition, window)
        return self._made[place]

    def _compute(self, definition: Definition, window: Window) -> Outcome:
        text, _ = definition.under(self.book.standard)
        result = one_currency(run_defined(definition, self.book.standard, self._environment(window)))
        made = self._measures.builder.figure(
            definition.id, result, unit=definition.unit, formula=text, rule=definition.rule, period_end=window.end,
            basis=window.basis,
        )  # fmt: skip
        return handed_on(made, result)

    def _named(self, name: str, window: Window) -> Figure:
        outcome = self._environment(window).measure(name)
        made = outcome.inputs[0] if len(outcome.inputs) == 1 else None
        if isinstance(made, Figure) and made.name == name:
            return made
        return self._measures.builder.figure(
            name, outcome, unit=self.rulebook.items[name].unit, formula=name, rule=f"{name}@1", period_end=window.end,
            basis=window.basis,
        )  # fmt: skip

    def _window(self, point: bool, end: date, basis: Basis | None) -> Window:
        if point:
            return Window(end, "point")
        return Window(end, basis if basis and basis != "point" else self._measures.default_basis(end))

    def _environment(self, window: Window) -> WindowMeasures:
        return WindowMeasures(self._measures, self, window)

    def _check_names(self, node: Node, text: str) -> None:
        unknown = [part for part in names(node) if not self.rulebook.knows(part)]
        if unknown:
            raise BadRequest(f"{text!r} names {', '.join(unknown)}, which nothing defines", fix="Use ids of `loanward explain`")


def evaluate(
    rulebook: Rulebook,
    name: str,
    facts: FactBook,
    period_end: date,
    basis: Basis | None = None,
    scope: Scope = "consolidated",
) -> Figure:
    """One figure; see `Evaluator.figure`. Callers that want many keep an Evaluator."""
    return Evaluator(rulebook, facts, scope).figure(name, period_end, basis)
