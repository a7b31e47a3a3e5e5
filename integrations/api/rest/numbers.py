"""Facts, figures, loans, covenants, signals and rules."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Query

from integrations.api.problems import not_found
from integrations.api.rest.common import Id, OneBorrower, router
from integrations.api.shapes import CovenantShape, FactShape, FigureShape, LoanShape, RuleShape
from integrations.api.visits import Day, Visit, Visiting
from tools.domain.figures import Figure
from tools.domain.shapes import fact_shape, figure_shape
from tools.errors import BadRequest

routes = router("numbers")
Basis = Literal["point", "fy", "ltm", "ytd", "quarter", "annualised"]
ScopeName = Literal["consolidated", "parent"]
Named = Annotated[str, Query(min_length=1, max_length=200, description="Borrower id, or a name that means only one")]


@routes.get("/facts", response_model=list[FactShape])
def facts(
    visit: Visiting, borrower: Named, item: Annotated[str | None, Query(max_length=100)] = None,
    history: Annotated[bool, Query(description="Also values that a later document superseded")] = False,
) -> Any:  # fmt: skip
    """Stored facts in force, each with the place it came from."""
    who = visit.desk.borrower(borrower)
    read = visit.bank.store.facts.history if history else visit.bank.store.facts.active
    return [fact_shape(fact) for fact in read(visit.caller, who.id, visit.clocks, item)]


@routes.get("/facts/{fact_id}", response_model=FactShape)
def fact(visit: Visiting, fact_id: Id) -> Any:
    """One fact."""
    found = visit.bank.store.facts.get(visit.caller, fact_id)
    if found is None or (found.recorded_at and found.recorded_at > visit.clocks.known_at):
        raise not_found(f"no fact {fact_id!r}")
    return fact_shape(found)


@routes.get("/figures/{name}", response_model=FigureShape)
def figure(
    visit: Visiting, name: Id, borrower: Named, period: Annotated[Day, Query(description="Period end; default the newest with the inputs")] = None,
    basis: Basis | None = None, scope: ScopeName = "consolidated",
) -> Any:  # fmt: skip
    """One figure with its whole provenance: formula, inputs, and each input down to its page."""
    return figure_shape(figure_at(visit, name, borrower, period, basis, scope))


def figure_at(visit: Visit, name: str, borrower: str, period: Any, basis: str | None, scope: str) -> Figure:
    """The figure; Refused (404) for a name no rulebook knows."""
    from tools.toolbox.figures import figure_of, metric_id

    try:
        metric_id(visit.desk, name)
    except BadRequest as problem:
        raise not_found(problem.what, fix=problem.fix) from problem
    visit.desk.borrower(borrower)
    try:
        return figure_of(visit.desk, name, borrower, period, basis, scope)
    except BadRequest as problem:
        # nothing to compute it from: the borrower has no statements at these clocks
        raise not_found(problem.what, fix=problem.fix) from problem


@routes.get("/loans", response_model=list[LoanShape])
def loans(visit: Visiting, borrower: OneBorrower = None) -> Any:
    """Dues, arrears and classification of each loan."""
    from tools.toolbox.loan_states import loan_shapes

    return loan_shapes(visit.desk, borrower=borrower)


@routes.get("/loans/{loan}", response_model=LoanShape)
def loan(visit: Visiting, loan: Id) -> Any:
    """One loan with its schedule."""
    from tools.toolbox.loan_states import loan_shapes, views_of

    if not views_of(visit.desk, None, loan):
        raise not_found(f"no loan {loan!r}")
    return loan_shapes(visit.desk, loan=loan)[0]


@routes.get("/covenants", response_model=list[CovenantShape])
def covenants(visit: Visiting, borrower: OneBorrower = None, all_dates: bool = False, proposed: bool = False) -> Any:
    """The latest due test of each confirmed covenant, every test, or those nobody confirmed yet."""
    from tools.toolbox.covenants import covenant_views

    return covenant_views(visit.desk, borrower=borrower, all_dates=all_dates, proposed=proposed)


@routes.get("/rules/{rule}", response_model=RuleShape)
def explain(visit: Visiting, rule: Id) -> Any:
    """What a ratio, score, line item or rule means, with its source and this bank's version."""
    from tools.rulebook.vocabulary import describe

    try:
        return describe(visit.bank.rulebook, rule)
    except BadRequest as problem:
        raise not_found(problem.what, fix=problem.fix) from problem
