"""A provisional borrower becomes one of the book: everything that was filed under it is filed under the other."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from tools.store.schema import borrowers, corrections, documents, facts, grants, passages
from tools.store.spans import refold


def merge(connection: Connection, source: str, target: str) -> None:
    """Points facts, documents, passages, corrections and grants of `source` at `target`, and makes `source` as visible as it."""
    became = connection.execute(select(borrowers).where(borrowers.c.id == target)).one()
    for table in (documents, facts, passages, corrections, grants):
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
