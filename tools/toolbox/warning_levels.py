"""Where a figure stands against the warning levels of its kind of borrower and of what is lent for.

A level is a line worth a second look, not a covenant; what cannot be told is unknown and never fine.
"""

from __future__ import annotations

from typing import Any

from tools.domain.figures import Figure
from tools.toolbox.desk import Desk

FINISHED = ("closed", "written_off")


def sets_of(desk: Desk, borrower: str) -> list[str]:
    """The borrower's own set (industry or size), then those of what its running loans are for; `default` when nothing tells."""
    rows = desk.loan_book.rows(desk.caller, "customers", desk.clocks, borrower=borrower)
    row = rows[0] if rows else {}
    own = desk.rulebook.set_of(row.get("industry_code"), row.get("country_code"), row.get("enterprise_size"))
    loans = desk.loan_book.rows(desk.caller, "loans", desk.clocks, borrower=borrower)
    uses = [
        use
        for loan in loans
        if loan["status"] not in FINISHED
        for use in desk.rulebook.uses_of(loan["type"], f"{loan['purpose'] or ''} {loan['product_name'] or ''}")
    ]
    return list(dict.fromkeys([own, *uses]))


def warning_levels(desk: Desk, borrower: str, figure: Figure) -> list[dict[str, Any]]:
    """Every level of the figure that concerns the borrower, with its verdict: `hit`, `clear` or `unknown`. A set without a level of its
    own adds nothing beside one that has; without any, the level for everybody counts."""
    evaluator = desk.evaluator(borrower, figure.scope)
    definition = desk.rulebook.definition(figure.name)
    if definition is None:
        return []
    sets = [id for id in sets_of(desk, borrower) if any(level.set == id for level in definition.warnings)] or ["default"]
    found = []
    for id in sets:
        for level, verdict in evaluator.warnings(figure, id):
            told = "unknown" if verdict.holds is None else "hit" if verdict.holds else "clear"
            name = dict(desk.rulebook.sets[level.set].name)
            found.append({"set": level.set, "name": name, "when": level.text, "verdict": told})
    return found
