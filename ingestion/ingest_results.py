"""What is said about a run of ingestion, before (options) and after (results)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ingestion.archives import ArchiveLimits
from ingestion.reader_pool import TimeLimits
from ingestion.routing import Assignment
from ingestion.scans.engine import EngineName
from ingestion.statements.own_labels import OwnLabel


@dataclass(frozen=True, slots=True)
class IngestResult:
    """What became of one file; members of archives have their own. `duplicate_of` names the stored document with the same bytes."""

    file: str
    sha256: str
    status: str
    kind: str
    borrower: str | None
    language: str
    facts: int
    passages: int
    checks: tuple[Mapping[str, Any], ...]
    message: str
    duplicate_of: str | None = None
    reason: str | None = None
    newer_version_of: str | None = None
    pages: int = 0

    def shape(self) -> dict[str, Any]:
        """The `ingest` shape of interfaces.md."""
        return {
            "file": self.file, "sha256": self.sha256, "status": self.status, "kind": self.kind, "borrower": self.borrower,
            "language": self.language, "facts": self.facts, "passages": self.passages, "checks": [dict(c) for c in self.checks],
            "message": self.message, "duplicate_of": self.duplicate_of, "reason": self.reason,
            "newer_version_of": self.newer_version_of, "pages": self.pages,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class IngestOptions:
    """What the caller said about all files of a run. `assignments` (the loan book's `documents`) go by file name.
    `labels` are the bank's own names for line items. `workers` 0 reads in this process: quick for a few trusted files, without limits of time. `engine`
    reads pictures."""

    kind: str | None = None
    borrower: str | None = None
    received: date | None = None
    workers: int = 1
    assignments: Mapping[str, Assignment] = field(default_factory=dict)
    time_limits: TimeLimits = field(default_factory=TimeLimits)
    archive_limits: ArchiveLimits = field(default_factory=ArchiveLimits)
    labels: tuple[OwnLabel, ...] = ()
    engine: EngineName = "rapidocr"


def exit_code(results: Sequence[IngestResult]) -> int:
    """0 when nothing needs a look, else 1 (rejected files, failed checks, a document nobody's)."""
    failed = any(check["status"] == "failed" for result in results for check in result.checks)
    loose = any(result.status == "rejected" or (result.borrower is None and result.duplicate_of is None) for result in results)
    return int(failed or loose)
