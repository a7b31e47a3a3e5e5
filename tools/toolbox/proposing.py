"""What the assistant may put to a person: proposals that create a pending item and change nothing. And the list of those that wait.

Maker and checker are never one: who asked is recorded as the maker, a second person decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from tools.domain.facts import Row
from tools.errors import BadRequest, NotPermitted
from tools.store.proposals import Proposal
from tools.toolbox.artifacts import Artifact, ToolResult, Value, count_of
from tools.toolbox.covenant_desk import one_covenant
from tools.toolbox.desk import Desk
from tools.toolbox.loan_states import views_of
from tools.toolbox.references import mark

Kind = Literal["classification", "covenant", "alert", "letter"]
KINDS: Mapping[str, tuple[str, ...]] = {
    "classification": ("normal", "special_mention", "substandard", "doubtful", "loss"),
    "covenant": ("confirm", "waive", "reset"),
    "alert": ("close",),
    "letter": ("information_request", "reminder", "covenant_notice"),
}


def propose(desk: Desk, kind: Kind, proposed: str, borrower: str | None = None, object: str | None = None) -> ToolResult:
    """The tool: puts a change to a second person: a loan's classification, a covenant's confirmation or waiver, the closing of an alert, the
    sending of a letter. `object` is the loan, covenant or alert. Nothing is changed by it."""
    if proposed not in KINDS[kind]:
        raise BadRequest(f"{proposed!r} cannot be proposed for {kind}", fix=f"Use one of {', '.join(KINDS[kind])}")
    if desk.now is None:
        raise BadRequest("nothing can be proposed here", fix="Use `loanward proposals`")
    if not desk.caller.can_write:
        raise NotPermitted("your role may not propose changes", fix="Ask the officer of the borrower")
    owner, current, loan = _case(desk, kind, borrower, object)
    made = desk.store.proposals.propose(
        desk.caller, borrower=owner, kind=kind, proposed=proposed, current=current, loan=loan, rules=(object,) if object and not loan else (),
        as_of=desk.clocks.as_of, at=desk.now,
    )  # fmt: skip
    who = desk.borrower(owner)
    values = (Value(f"proposal:{made.id}", "proposal", owner, "state", about=made.id, state=made.state),)
    artifact = Artifact(
        "propose", {"kind": kind, "proposed": proposed, "borrower": owner, "object": object}, (desk.ref(who),), rows=(_row(made, object),),
        values=values, acts=(f"proposed {made.id}",),
    )  # fmt: skip
    return ToolResult(
        f"Proposal {made.id} is waiting for a second person; nothing is changed yet. {mark(f'proposals:{made.id}')}", artifact
    )


def pending(desk: Desk, borrower: str | None = None) -> ToolResult:
    """The tool: proposals that wait for a decision."""
    who = desk.borrower(borrower) if borrower else None
    found = list(desk.store.proposals.list(desk.caller, borrower=who.id if who else None, clocks=desk.clocks))
    found.sort(key=lambda one: one.kind not in KINDS)  # what a regulator asks for before levels and ratings
    people = [who] if who else desk.store.borrowers.several(desk.caller, sorted({one.borrower for one in found}))
    rows = tuple(_row(one, one.loan or (one.rules[0] if one.rules and one.kind in KINDS else None)) for one in found)
    values = (count_of("proposals", len(found), who.id if who else None),)
    lines = [
        f"{one.id} {one.borrower} {one.kind} {one.loan or ''}: {one.current or 'none'} to {one.proposed} {mark(f'proposals:{one.id}')}"
        for one in found
    ]
    artifact = Artifact(
        "pending", {"borrower": who.id if who else None}, tuple(desk.ref(b) for b in people if b), rows=rows, values=values
    )
    return ToolResult("\n".join(lines) or "No proposals wait.", artifact)


def _case(desk: Desk, kind: Kind, borrower: str | None, object: str | None) -> tuple[str, str | None, str | None]:
    """Borrower, what it is now, and the loan."""
    if kind == "classification":
        if object is None:
            raise BadRequest("no loan is named", fix="Name the loan, for example L001")
        views = views_of(desk, loan=object)
        if not views:
            raise BadRequest(f"no loan {object!r}", fix="Use `loans` to see the ids")
        return views[0].terms.borrower, views[0].record.classification, object
    if kind == "covenant":
        if object is None:
            raise BadRequest("no covenant is named", fix="Name the covenant's id")
        covenant = one_covenant(desk, object)
        return covenant.borrower, covenant.state, None
    if kind == "alert":
        alert = desk.store.alerts.get(desk.caller, object or "", desk.clocks)
        if alert is None:
            raise BadRequest(f"no alert {object!r}", fix="Use `alerts` to see the ids")
        return alert.borrower, alert.state, None
    if borrower is None:
        raise BadRequest("no borrower is named", fix="Name the borrower the letter is for")
    return desk.borrower(borrower).id, None, None


def _row(one: Proposal, object: str | None) -> Row:
    return Row("proposals", one.id, {
        "proposal": one.id, "kind": one.kind, "object": object, "current": one.current, "proposed": one.proposed, "by": one.by, "state": one.state,
        "date": one.at.date().isoformat(), "customer_id": one.borrower,
    })  # fmt: skip
