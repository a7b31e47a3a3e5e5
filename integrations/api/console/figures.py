"""A figure unfolded: formula, inputs, and each input down to the strip of the page it was read from; and what a rule means."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from integrations.api.console.frame import Looking, language_of, render
from integrations.api.problems import Refused, not_found
from integrations.api.rest.numbers import figure_at
from integrations.api.visits import Visit, parse_day
from tools.domain.facts import Fact
from tools.domain.figures import Figure
from tools.errors import BadRequest

routes = APIRouter(include_in_schema=False)
BASES = ("fy", "ltm", "ytd", "quarter", "annualised", "point")
SHOWN_PERIODS = 8


@routes.get("/figures/{borrower}/{name}")
def figure_page(
    request: Request, visit: Looking, borrower: str, name: str, period: str = "", basis: str = "", scope: str = "consolidated",
    open: str = "",
) -> Response:  # fmt: skip
    """One figure with its whole provenance, and its other periods."""
    from integrations.api.trends import history, trend_of

    try:
        day = parse_day(period)
    except ValueError:
        raise Refused(422, "invalid", f"{period[:40]!r} is not a day", where="period", fix="Write 2026-06-30") from None
    if basis and basis not in BASES:
        raise Refused(422, "invalid", f"{basis[:40]!r} is no basis", where="basis", fix=f"Use one of {', '.join(BASES)}")
    who = visit.desk.borrower(borrower)
    found = figure_at(visit, name, who.id, day, basis or None, "parent" if scope == "parent" else "consolidated")
    past = history(visit, who.id, found.name, SHOWN_PERIODS, basis or None)
    return render(
        request, "figure.html", visit, figure=found, who=who, about=_rule(visit, found.name), past=past,
        chart=trend_of(past, language_of(request)), is_figure=_is_figure, is_fact=_is_fact, bases=BASES, basis=basis, scope=found.scope, everything=open == "all",
    )  # fmt: skip


def _is_figure(node: Any) -> bool:
    return isinstance(node, Figure)


def _is_fact(node: Any) -> bool:
    return isinstance(node, Fact)


def _rule(visit: Visit, name: str) -> dict[str, Any]:
    from tools.rulebook.vocabulary import describe

    def described() -> dict[str, Any]:
        try:
            return describe(visit.bank.rulebook, name)
        except BadRequest:
            return {}

    found: dict[str, Any] = visit.shop.kept.get(("rule", name), described)
    return found


@routes.get("/rules/{rule}")
def rule_page(request: Request, visit: Looking, rule: str) -> Response:
    """What a rule means, its source and this bank's version."""
    from tools.rulebook.vocabulary import describe

    try:
        found = describe(visit.bank.rulebook, rule.split("@")[0])
    except BadRequest as problem:
        raise not_found(problem.what, fix=problem.fix) from problem
    return render(request, "rule.html", visit, rule=found)
