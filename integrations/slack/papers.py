"""Files dropped in a conversation: fetched, read as that person, reported on, and asked back when nobody can tell whose they are."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ingestion.pipeline import IngestOptions, IngestResult, ingest_paths
from ingestion.routing import assignments_of
from integrations.slack import blocks
from integrations.slack.blocks import Block
from integrations.slack.downloads import Downloads, NotTaken
from integrations.slack.people import Person
from integrations.slack.phrases import Phrases
from integrations.slack.rendering import Part, parts
from integrations.slack.surroundings import Surroundings
from tools.domain.callers import Caller
from tools.domain.names import Borrower
from tools.errors import LoanwardError, NotPermitted, UnknownBorrower
from tools.store.inbox import Taken
from tools.store.outbox import Message

MOST_NOTE = 600
MOST_CANDIDATES = 5
ASKED_HERE = ("--borrower", "kept aside until it has a borrower")
"""Notes that tell the command line what to do; here a question with buttons takes their place."""


class Papers:
    """Handles files and the choice of their borrower."""

    def __init__(self, around: Surroundings, downloads: Downloads, readers: int = 1) -> None:
        self.around, self.downloads, self.readers = around, downloads, readers
        self.bank = around.bank

    def take_in(self, event: Taken, person: Person, phrases: Phrases, place: Mapping[str, Any], files: Sequence[Mapping[str, Any]],
                text: str = "") -> list[Message]:  # fmt: skip
        """The messages that report on the files. Raises Later when Slack does not hand one out: all are tried again, and what was
        stored the first time is recognised."""
        bodies: list[Block] = []
        if not person.caller.can_write:
            bodies.append(blocks.said(phrases("file_not_permitted", role=person.caller.role)))
        else:
            with tempfile.TemporaryDirectory(prefix="slack-", dir=self.bank.home.root) as folder:
                for n, file in enumerate(files):
                    bodies += self._one(person, phrases, file, Path(folder) / str(n), text)
            self.bank.search.catch_up()
        shown = parts(bodies, [], phrases)
        line = f"{place.get('channel')}:{place.get('thread_ts') or ''}"
        return [Message(f"{event.id}:papers:{n}", line, "post", {**place, **part.shape()}) for n, part in enumerate(shown)]

    def choose(self, event: Taken, person: Person, phrases: Phrases, sha256: str, borrower: str) -> Part:
        """Somebody said whose a file is: it is read again and filed."""
        document = self.bank.store.documents.get(person.caller, sha256)
        path = self.bank.store.documents.path(person.caller, sha256)
        if document is None or path is None:
            return _plain(phrases("source_gone"))
        if document.borrower is not None:
            return _plain(phrases("file_not_waiting"))
        with tempfile.TemporaryDirectory(prefix="slack-", dir=self.bank.home.root) as folder:
            copy = Path(folder) / document.name
            shutil.copyfile(path, copy)
            try:
                result = self._ingest(person.caller, copy, borrower)[0]
            except (NotPermitted, UnknownBorrower) as problem:
                return _plain(phrases("refused", text=str(problem)))
        self.bank.search.catch_up()
        known = self.bank.store.borrowers.get(person.caller, result.borrower or "")
        said = phrases(
            "file_filed", name=known.name if known else borrower, id=borrower, facts=result.facts, passages=result.passages
        )
        return Part(blocks.escape(said), [blocks.said(f"{document.name}\n{said}")])

    def _one(self, person: Person, phrases: Phrases, file: Mapping[str, Any], folder: Path, text: str) -> list[Block]:
        folder.mkdir()
        name = str(file.get("name") or file.get("id") or "file")
        try:
            path = self.downloads.fetch(file, folder)
        except NotTaken as problem:
            slots = {"contact": self.around.people.contact(phrases("contact"))} | problem.slots
            return [_titled(name, phrases("file_rejected"), phrases(problem.phrase, **slots))]
        try:
            results = self._ingest(person.caller, path, None)
            results = [self._by_word(person.caller, path, result, text) for result in results]
        except LoanwardError as problem:
            return [_titled(name, phrases("file_rejected"), str(problem))]
        made: list[Block] = []
        for result in results:
            made += self._report(person.caller, phrases, result, Path(result.file).name if len(results) > 1 else name)
        return made

    def _ingest(self, caller: Caller, path: Path, borrower: str | None) -> list[IngestResult]:
        clocks = self.bank.clocks(None, None, self.around.now())
        rows: list[Mapping[str, object]] = [dict(row) for row in self.bank.loan_book.rows(caller, "documents", clocks)]
        options = IngestOptions(borrower=borrower, workers=self.readers, assignments=assignments_of(rows))
        return ingest_paths(caller, [path], self.bank.store, self.around.now, options)

    def _by_word(self, caller: Caller, path: Path, result: IngestResult, text: str) -> IngestResult:
        """A file that does not say whose it is, with a message that does: the person's word counts."""
        if result.status == "rejected" or result.borrower is not None or result.duplicate_of or not text:
            return result
        mentions = self._desk(caller).index().mentions(text)
        sure = [mention.sure.id for mention in mentions if mention.sure]
        if len(sure) != 1:
            return result
        again = self._ingest(caller, path, sure[0])
        return next((r for r in again if r.sha256 == result.sha256 and not r.duplicate_of), result)

    def _desk(self, caller: Caller) -> Any:
        return self.bank.desk(caller, self.bank.clocks(None, None, self.around.now()))

    def _report(self, caller: Caller, phrases: Phrases, result: IngestResult, name: str) -> list[Block]:
        """What was read, what was not, and what has to be known."""
        if result.status == "rejected":
            return [
                _titled(
                    name, phrases("file_rejected"), phrases.reason(result.reason or "", result.message), phrases("file_kept")
                )
            ]
        counted = "file_counts" if result.pages else "file_counts_unpaged"
        lines = [phrases(counted, pages=result.pages, facts=result.facts, passages=result.passages)]
        failed = sum(check["status"] == "failed" for check in result.checks)
        if result.checks:
            lines.append(phrases("file_checks" if failed else "file_checks_ok", n=len(result.checks), failed=failed))
        known = self.bank.store.borrowers.get(caller, result.borrower) if result.borrower else None
        if known is not None:
            lines.append(phrases("file_provisional" if known.provisional else "file_borrower", name=known.name, id=known.id))
        waits = result.borrower is None and self.bank.store.documents.get(caller, result.sha256) is not None
        notes = [
            note for note in result.message.split("; ") if note and not (waits and any(word in note for word in ASKED_HERE))
        ]
        if notes:
            lines += [phrases("file_note", text=piece) for piece in blocks.pieces("; ".join(notes), MOST_NOTE)]
        status = "file_known" if result.duplicate_of else f"file_{result.status}"
        made = [_titled(name, f"{phrases(status)} · {phrases.kind(result.kind)}", *lines)]
        return made + (self._whose(caller, phrases, result) if waits else [])

    def _whose(self, caller: Caller, phrases: Phrases, result: IngestResult) -> list[Block]:
        """The question back: the likely ones as buttons, all of the person's borrowers in a menu."""
        likely = self._likely(caller, result)
        every = [b for b in self.bank.store.borrowers.all(caller) if not b.provisional]
        pressed = [
            blocks.button(f"{b.name} ({b.id})", f"borrower:{n}", f"{result.sha256}|{b.id}") for n, b in enumerate(likely, 1)
        ]
        if every and len(every) <= blocks.MOST_OPTIONS:
            options = [(f"{b.name} ({b.id})", f"{result.sha256[:64]}|{b.id}") for b in every]
            pressed.append(blocks.select(phrases("file_choose"), "borrower:menu", options))
        return [blocks.section(phrases("file_whose")), *blocks.actions(pressed)]

    def _likely(self, caller: Caller, result: IngestResult) -> list[Borrower]:
        document = self.bank.store.documents.get(caller, result.sha256)
        said = (document.entity if document else None) or Path(result.file).stem
        return self.bank.store.borrowers.find(caller, said, MOST_CANDIDATES)


def _titled(name: str, status: str, *lines: str) -> Block:
    text = "\n".join(line for line in lines if line)
    elements: list[Block] = [
        {"type": "text", "text": name, "style": {"bold": True}}, {"type": "text", "text": f"  {status}\n{text}"},
    ]  # fmt: skip
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}


def _plain(text: str) -> Part:
    return Part(blocks.escape(text), [blocks.said(text)])
