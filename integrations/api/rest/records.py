"""Borrowers, the trail, who I am, and whether the service stands."""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated, Any

from fastapi import Query, Request

from integrations.api.finding import borrower_shape
from integrations.api.problems import not_found
from integrations.api.rest.common import Id, Limit, Offset, OneBorrower, router
from integrations.api.shapes import (
    BorrowerShape,
    HealthShape,
    MeShape,
    ReadyShape,
    RecordShape,
    ShownRecordShape,
    VerifyShape,
)
from integrations.api.visits import Moment, Visit, Visiting, shop_of, wall_clock
from tools.store.columns import time_text

routes = router("records")
open_routes = router("service", signed_in=False)


@routes.get("/me", response_model=MeShape)
def me(visit: Visiting) -> Any:
    """Whose token this is, and the clocks a question gets by default."""
    caller, clocks = visit.caller, visit.clocks
    return {
        "user": caller.user, "role": caller.role, "may_write": caller.can_write, "sees_everything": caller.everything,
        "as_of": clocks.as_of.isoformat(), "known_at": clocks.known_at.isoformat(),
    }  # fmt: skip


@routes.get("/borrowers", response_model=list[BorrowerShape])
def borrowers(
    visit: Visiting, q: Annotated[str | None, Query(max_length=200, description="A name or a part of one")] = None,
    limit: Limit = 100, offset: Offset = 0,
) -> Any:  # fmt: skip
    """The borrowers you may see."""
    found = visit.bank.store.borrowers.find(visit.caller, q, limit + offset) if q else visit.desk.index().borrowers
    return [borrower_shape(borrower) for borrower in list(found)[offset : offset + limit]]


@routes.get("/borrowers/{borrower}", response_model=BorrowerShape)
def borrower(visit: Visiting, borrower: Id) -> Any:
    """One borrower, by id or by a name that means only one."""
    return borrower_shape(visit.desk.borrower(borrower))


@routes.get("/trail", response_model=list[RecordShape])
def trail(
    visit: Visiting, q: Annotated[str | None, Query(max_length=200, description="Text of what was recorded")] = None,
    act: Annotated[str | None, Query(max_length=40)] = None, by: Annotated[str | None, Query(max_length=100)] = None,
    object: Annotated[str | None, Query(max_length=200)] = None, borrower: OneBorrower = None,
    from_: Annotated[Moment, Query(alias="from")] = None, to: Moment = None, limit: Limit = 50,
    before: Annotated[int | None, Query(ge=1, le=2**53, description="Page on: only records before this position")] = None,
) -> Any:  # fmt: skip
    """Who did what and when, newest first."""
    ends = [moment for moment in (to, visit.asked_known_at) if moment]
    return [
        record.shape()
        for record in visit.bank.store.trail.search(
            visit.caller, user=by, act=act, object=object, borrower=visit.desk.borrower(borrower).id if borrower else None, from_=from_,
            to=min(ends) if ends else None, text=q or None, limit=limit, before=before,
        )
    ]  # fmt: skip


@routes.get("/trail/verify", response_model=VerifyShape)
def verify(visit: Visiting) -> Any:
    """Proof that no record, document, fact, passage or shard was altered. For auditors."""
    return visit.bank.store.trail.verify(visit.caller).shape()


@routes.get("/trail/{record}", response_model=ShownRecordShape)
def record(visit: Visiting, record: Id) -> Any:
    """One record with everything it says."""
    return known_record(visit, record)


def known_record(visit: Visit, id: str) -> dict[str, Any]:
    """A record the visitor may read, written by then; Refused (404) otherwise."""
    found = visit.bank.store.trail.show(visit.caller, id)
    if found is None or (visit.asked_known_at and found["at"] > time_text(visit.asked_known_at)):
        raise not_found(f"no record {id!r}")
    return found


@open_routes.get("/health", response_model=HealthShape)
def health() -> Any:
    """The process answers."""
    return {"status": "ok", "version": version("loanward")}


@open_routes.get("/ready", response_model=ReadyShape)
def ready(request: Request) -> Any:
    """The store answers too; 503 when it does not."""
    day = shop_of(request).bank.loan_book.newest_book_date(wall_clock())
    return {"status": "ready", "book_date": day.isoformat() if day else None}
