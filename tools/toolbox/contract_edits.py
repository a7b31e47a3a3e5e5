"""Amendments and waivers applied clause by clause, as far as a paper may: what they change is found, and nothing changes by itself.

A covenant read from an amendment takes the place of the one it amends once a named person confirms it; an older one that nobody had
confirmed is not offered any more. A waiver or a deletion is listed with the covenants it means, for a person to record.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from tools.domain.clause_keys import clause_key
from tools.domain.covenants import Covenant
from tools.store.documents import Document
from tools.toolbox.desk import Desk


@dataclass(frozen=True, slots=True)
class FoundEdit:
    """One change of a clause, and the covenants of earlier papers it means."""

    borrower: str
    kind: str
    clause: str
    document: str
    sha256: str
    page: int | None
    locator: str | None
    test_dates: tuple[str, ...]
    text: str
    covenants: tuple[str, ...]
    replaced_by: tuple[str, ...]

    def shape(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "borrower": self.borrower, "kind": self.kind, "clause": self.clause, "document": self.document, "sha256": self.sha256, "page": self.page,
            "locator": self.locator, "test_dates": list(self.test_dates), "text": self.text, "covenants": list(self.covenants),
            "replaced_by": list(self.replaced_by),
        }  # fmt: skip


def contract_edits(desk: Desk, borrower: str | None = None) -> list[FoundEdit]:
    """Every change that later papers make to clauses of earlier ones, oldest first."""
    return list(_edits(_papers(desk, borrower)))


def superseded(desk: Desk, borrower: str | None, covenants: Sequence[Covenant]) -> list[Covenant]:
    """The same covenants, older wording retired where its replacement was confirmed or it had never been confirmed itself."""
    state = {(c.borrower, c.id): c.state for c in covenants}
    retired: set[tuple[str, str]] = set()
    for edit in contract_edits(desk, borrower):
        confirmed = any(state.get((edit.borrower, new)) in ("confirmed", "waived") for new in edit.replaced_by)
        for old in edit.covenants:
            if edit.kind == "amendment" and edit.replaced_by and (confirmed or state.get((edit.borrower, old)) == "proposed"):
                retired.add((edit.borrower, old))
    return [replace(c, state="retired") if (c.borrower, c.id) in retired else c for c in covenants]


def _papers(desk: Desk, borrower: str | None) -> list[Document]:
    found = [d for d in desk.store.documents.list(desk.caller, borrower, "contract", desk.clocks) if d.borrower]
    return sorted(found, key=lambda d: (d.doc_date or d.received_at.date(), d.received_at, d.sha256))


def _edits(papers: Sequence[Document]) -> Iterator[FoundEdit]:
    for at, paper in enumerate(papers):
        assert paper.borrower is not None
        before = [p for p in papers[:at] if p.borrower == paper.borrower]
        own = paper.report.get("covenants") or ()
        for edit in paper.report.get("details", {}).get("edits") or ():
            meant = [
                c["covenant"]
                for p in _meant(before, edit["agreement"])
                for c in p.report.get("covenants") or ()
                if clause_key(c.get("clause") or "") == edit["key"]
            ]
            new = [c["covenant"] for c in own if (c.get("amends") or {}).get("key") == edit["key"]]
            yield FoundEdit(
                paper.borrower, edit["kind"], edit["clause"], paper.name, paper.sha256, edit["page"], edit["locator"], tuple(edit["test_dates"]), edit["text"],
                tuple(meant), tuple(new),
            )  # fmt: skip


def _meant(before: Sequence[Document], agreement: Mapping[str, str | None]) -> list[Document]:
    """The earlier papers an edit can mean: the one of the date it names, when there is one, else all."""
    named = agreement.get("date")
    dated = [p for p in before if named and p.doc_date == date.fromisoformat(named)]
    return dated or list(before)
