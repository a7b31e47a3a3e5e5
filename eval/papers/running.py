"""Files papers of all kinds into a passing bank of five borrowers, and counts what kind each was taken for and whose it became.

python -m eval.papers.running [--only p14]

A paper filed under a borrower of the book that it is not of, without a word, is the error that counts; asked or left open is none.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from ingestion.pipeline import IngestOptions, ingest_paths
from tools.domain.callers import LOCAL
from tools.store.database import Store
from tools.store.home import Home

FILE = Path(__file__).with_name("papers.yaml")
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
BOOK = [
    {"id": "A", "name": "临江盛达机械有限公司", "aliases": ""},
    {"id": "B", "name": "江北恒通贸易有限公司", "aliases": ""},
    {"id": "C", "name": "Ferrow Valley Foods Limited", "aliases": ""},
    {"id": "D", "name": "Ashcombe Steel plc", "aliases": ""},
    {"id": "E", "name": "临江盛达机械销售有限公司", "aliases": "盛达机械"},
]


def papers() -> Iterator[dict[str, Any]]:
    """Every paper with its truth."""
    yield from yaml.safe_load(FILE.read_text(encoding="utf-8"))


def filed(only: str = "") -> Iterator[tuple[dict[str, Any], str, str, str, int]]:
    """(paper, kind, whose, message, facts) after each is ingested; whose is a borrower's id, "none" or "ask"."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        store = Store(Home.open(folder / "home"))
        store.borrowers.upsert_from_book(LOCAL, BOOK, "S-eval", known_from=NOW, recorded_at=NOW)
        known = {entry["id"] for entry in BOOK}
        for paper in papers():
            if not paper["id"].startswith(only):
                continue
            (folder / paper["id"]).mkdir()
            path = folder / paper["id"] / paper["name"]
            path.write_text(paper["text"], encoding="utf-8")
            result = ingest_paths(LOCAL, [path], store, lambda: NOW, IngestOptions(workers=0))[0]
            document = store.documents.list(LOCAL)
            kind = next((d.kind for d in document if d.sha256 == result.sha256), "")
            whose = result.borrower if result.borrower in known else "ask" if "borrowers fit" in result.message else "none"
            yield paper, kind, str(whose), result.message, result.facts


def main() -> None:
    parser = argparse.ArgumentParser(description="papers of all kinds, recognised and filed")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    count: Counter[str] = Counter()
    for paper, kind, whose, message, facts in filed(options.only):
        wanted = paper["borrower"] if isinstance(paper["borrower"], list) else [paper["borrower"]]
        right_kind, right_whose = kind in paper["kind"], whose in wanted
        silent = whose in {entry["id"] for entry in BOOK} and not right_whose
        invented = facts > 0 and "statement" not in paper["kind"]
        count.update(files=1, kind=right_kind, borrower=right_whose, wrong_borrower=silent, facts_of_no_statement=invented)
        if not right_kind or not right_whose or invented:
            print(
                f"{paper['id']} {paper['name']}: {kind} (is {paper['kind']}), {whose} (is {wanted}), {facts} facts | {message[:110]}"
            )
    print(dict(count))


if __name__ == "__main__":
    main()
