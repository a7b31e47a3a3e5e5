"""Whose a document is: filing it, and all it gave, under another borrower, one by one or all of a provisional borrower's."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select, update

from tools.store.schema import borrowers, corrections, documents, facts, grants, passages
from tools.store.schema_monitor import alerts, proposals
from tools.store.schema_papers import account_lines, label_lessons, paper_records
from tools.store.spans import refold


def merge(connection: Connection, source: str, target: str) -> None:
    """Points facts, documents, passages, corrections and grants of `source` at `target`, and makes `source` as visible as it."""
    became = connection.execute(select(borrowers).where(borrowers.c.id == target)).one()
    for table in (
        documents,
        facts,
        passages,
        account_lines,
        paper_records,
        label_lessons,
        corrections,
        grants,
        alerts,
        proposals,
    ):
        connection.execute(update(table).where(table.c.borrower == source).values(borrower=target))
    connection.execute(
        update(borrowers)
        .where((borrowers.c.id == source) | (borrowers.c.merged_into == source))
        .values(
            merged_into=target,
            provisional=False,
            officer_id=became.officer_id,
            branch_id=became.branch_id,
            region=became.region,
        )
    )
    refold(connection, target)


def file_under(connection: Connection, sha256: str, borrower: str) -> list[str]:
    """Moves a document with its facts, passages and corrections to `borrower`, and works out anew what is in force for both. Returns
    the ids of the corrections moved."""
    former = connection.scalar(select(documents.c.borrower).where(documents.c.sha256 == sha256))
    if former == borrower:
        return []
    own = select(facts.c.id).where(facts.c.sha256 == sha256)
    moved = list(connection.scalars(select(corrections.c.id).where(corrections.c.fact_id.in_(own))))
    connection.execute(update(corrections).where(corrections.c.id.in_(moved)).values(borrower=borrower))
    for table in (documents, facts, passages, account_lines, paper_records):
        connection.execute(update(table).where(table.c.sha256 == sha256).values(borrower=borrower))
    for affected in filter(None, (former, borrower)):
        refold(connection, affected)
    return moved


def owners_of_documents(connection: Connection, wanted: Iterable[str]) -> dict[str, str | None]:
    """The borrower each stored document is filed under; documents that are not stored are left out."""
    found: dict[str, str | None] = {}
    for sha256 in wanted:
        row = connection.execute(select(documents.c.borrower).where(documents.c.sha256 == sha256)).one_or_none()
        if row is not None:
            found[sha256] = row.borrower
    return found
