"""What an import known from an earlier day changes in the books that were imported before it but known later.

The bank that learned something in June also knew it in October, whatever was imported first. Under every later book the import
gives its events that the later book does not have, and its state tables that no later import replaced. The later book stays as it
was recorded; a restated one from the same instant, recorded after it, answers from now on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ingestion.loan_book.placement import Placement
from ingestion.loan_book.shards import ShardWriter
from ingestion.loan_book.staging import Progress, Staging
from tools.store.book_contract import BookContract
from tools.store.snapshots import ShardFile, ShardShelf, Snapshot, Snapshots, content_of


@dataclass(frozen=True, slots=True)
class Restatement:
    """The files that `snapshot` should have had."""

    snapshot: Snapshot
    files: tuple[ShardFile, ...]


def restate(staging: Staging, placement: Placement, later: list[Snapshot], snapshots: Snapshots, shelf: ShardShelf,
            claim: Callable[[str], None], progress: Progress) -> list[Restatement]:  # fmt: skip
    """Works out every later book again. `later` are all snapshots known after the import, in the order of knowing; `staging` holds
    the checked import and `placement` says whose its rows are."""
    given = {}
    for name in staging.files:
        staging.db.execute(f"CREATE TABLE given_{name} AS {placement.staged_rows(staging.contract.tables[name])}")
        given[name] = f"main.given_{name}"
    restated = []
    settled: set[str] = set()
    for position, snapshot in enumerate(later):
        settled |= _settled_by(snapshot, staging.contract)
        answers = position + 1 == len(later) or later[position + 1].known_from != snapshot.known_from
        left = [name for name in given if name not in settled]
        if not answers or not left:
            continue
        former = snapshots.files(snapshot.id)
        with staging.under({name: given[name] for name in left}, _paths(former, shelf)) as beneath:
            count = snapshot.shard_count
            writer = ShardWriter(beneath, Placement(beneath, full=False, keep=True), shelf, count, claim, progress)
            files = [
                file
                for table in staging.contract.tables.values()
                for file in writer.write(table, [f for f in former if f.table == table.name], regrown=False, full=False)
            ]
        if content_of(files) != snapshot.content_sha256:
            restated.append(Restatement(snapshot, tuple(files)))
    return restated


def _settled_by(snapshot: Snapshot, contract: BookContract) -> set[str]:
    """Tables of which `snapshot` says everything itself: state it was handed, and what a full import emptied."""
    handed = set(snapshot.report.get("tables", ()))
    state = {name for name in handed if contract.tables[name].content == "state"}
    return state | (set(contract.tables) - handed if snapshot.report.get("full") else set())


def _paths(files: Iterable[ShardFile], shelf: ShardShelf) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for file in files:
        found.setdefault(file.table, []).append(str(shelf.path(file.sha256)))
    return found
