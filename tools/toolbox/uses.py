"""Where the money of every running loan of a borrower went: the usage of each loan, together."""

from __future__ import annotations

from tools.errors import BadRequest
from tools.toolbox.artifacts import Artifact, ToolResult
from tools.toolbox.desk import Desk
from tools.toolbox.loan_states import running, views_of
from tools.toolbox.proceeds import usage

MOST = 6


def uses(desk: Desk, borrower: str) -> ToolResult:
    """The tool: the usage of each running loan of a borrower, newest first."""
    who = desk.borrower(borrower)
    views = sorted((v for v in views_of(desk, who.id) if running(v)), key=lambda v: v.terms.start_date, reverse=True)
    found = []
    for view in views[:MOST]:
        try:
            found.append(usage(desk, view.terms.id))
        except BadRequest:
            continue
    parts = [one.artifact for one in found]
    artifact = Artifact(
        "uses", {"borrower": who.id}, (desk.ref(who),),
        tuple(x for p in parts for x in p.figures), tuple(x for p in parts for x in p.facts), tuple(x for p in parts for x in p.rows),
        tuple(x for p in parts for x in p.values), tuple(x for p in parts for x in p.passages),
        missing=tuple(x for p in parts for x in p.missing) or (() if parts else (f"{who.id}: no running loans",)),
    )  # fmt: skip
    return ToolResult("\n\n".join(one.text for one in found) or "No running loans.", artifact)
