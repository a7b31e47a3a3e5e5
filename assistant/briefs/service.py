"""Writing a brief: gathered, written, proven, recorded. No record, no brief.

The record holds the text, what the gate stopped, the figures and the versions of rules and words, so that a brief can be made again and
compared. Files are made from the recorded brief alone: the same brief gives the same bytes in every format.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, get_args

from assistant.analyst.glossary import glossary_of
from assistant.analyst.words import has_cjk
from assistant.briefs.checking import proven
from assistant.briefs.html import html
from assistant.briefs.markdown import markdown
from assistant.briefs.material import gather
from assistant.briefs.model import Brief, Link
from assistant.briefs.writing import write_brief
from assistant.verification.evidence import Names
from assistant.verification.vocabulary import vocabulary
from prompts.library import digest, phrase_book
from tools.domain.callers import Caller
from tools.domain.definitions import Rulebook
from tools.domain.periods import Clocks, month_end
from tools.errors import BadRequest
from tools.store.database import Store
from tools.store.trail import Act
from tools.toolbox.desk import Desk

Format = Literal["html", "docx", "pdf", "md"]
Language = Literal["zh", "en", "both"]
FORMATS: tuple[Format, ...] = get_args(Format)
LANGUAGES: tuple[Language, ...] = get_args(Language)


@dataclass(frozen=True)
class WrittenBrief:
    """A recorded brief, in one or both languages. Formats are made when asked for."""

    briefs: tuple[Brief, ...]
    trail_id: str
    link: Link | None = None

    @property
    def first(self) -> Brief:
        """The brief, or its first language."""
        return self.briefs[0]

    @cached_property
    def html(self) -> str:
        """One self-contained page."""
        return html(self.briefs, self.link)

    @cached_property
    def markdown(self) -> str:
        """Plain text with tables."""
        return markdown(self.briefs, self.link)

    @cached_property
    def docx(self) -> bytes:
        """A Word file."""
        from assistant.briefs.word import docx

        return docx(self.briefs, self.link)

    @cached_property
    def pdf(self) -> bytes:
        """A PDF with its fonts."""
        from assistant.briefs.pdf import pdf

        return pdf(self.briefs, self.link)

    def content(self, format: Format) -> bytes:
        """The bytes of a format."""
        match format:
            case "html":
                return self.html.encode("utf-8")
            case "md":
                return self.markdown.encode("utf-8")
            case "docx":
                return self.docx
            case "pdf":
                return self.pdf

    @property
    def dropped(self) -> int:
        """How many passages the gate stopped."""
        return sum(len(brief.dropped) for brief in self.briefs)

    def shape(self, path: Path | str | None = None, sha256: str | None = None) -> dict[str, Any]:
        """The `brief` shape; without a file, the digest of the HTML."""
        return {
            "borrower": self.first.borrower, "month": self.first.month, "as_of": self.first.as_of.isoformat(), "path": str(path) if path else None,
            "sha256": sha256 or hashlib.sha256(self.content("html")).hexdigest(), "figures": [dict(f) for f in self.first.figures],
            "gaps": [dict(gap) for gap in self.first.gaps], "trail_id": self.trail_id, "level": self.first.level,
            "languages": [brief.language for brief in self.briefs], "dropped": [dict(d) for brief in self.briefs for d in brief.dropped],
            "sources": [source.shape() for source in self.first.sources],
        }  # fmt: skip


@dataclass
class Briefs:
    """Built once per process. `names`: what metrics are called, for the gate. `link`: where sources open, when a console is set."""

    store: Store
    make_desk: Callable[[Caller, Clocks], Desk]
    rulebook: Rulebook
    names: Names
    link: Link | None = None

    def write(
        self, caller: Caller, borrower: str, month: str | date, clocks: Clocks, now: datetime, language: Language | None = None,
    ) -> WrittenBrief:  # fmt: skip
        """The brief of `month` (2026-10) at its last day, or at the business date when that is earlier. BadRequest for a month that has not
        begun; UnknownBorrower for one the caller cannot see, whether it exists or not; UnprovenBrief when its verdict cannot be proven."""
        first = month_of(month)
        clocks = at_month(first, clocks)
        desk = self.make_desk(caller, clocks)
        who = desk.borrower(borrower)
        spoken = ("zh", "en") if language == "both" else (language or ("zh" if has_cjk(who.name) else "en"),)
        material = gather(desk, who.id, first - timedelta(days=1), first)
        drafts = [write_brief(material, self.glossary, one, self.rulebook.digest) for one in spoken]
        made = tuple(proven(draft, material.artifacts, self.gate_names, self.gate_value_names) for draft in drafts)
        payload = self._payload(made, clocks, material.tells_of)
        record = self.store.trail.append(caller, Act.BRIEF, f"{who.id}:{made[0].month}", payload, now.astimezone(UTC), who.id)
        return WrittenBrief(made, record.id, self.link)

    @cached_property
    def glossary(self) -> Any:
        """Names of metrics, codes and reasons."""
        return glossary_of(self.rulebook)

    @cached_property
    def gate_names(self) -> Names:
        """What metrics are called, and the brief's own short names for them."""
        own: dict[str, set[str]] = {id: set(words) for id, words in self.names.items()}
        for language in ("zh", "en"):
            for id, word in phrase_book(f"brief_{language}")["short_names"].items():
                own.setdefault(id, set()).add(word.lower())
        return {id: frozenset(words) for id, words in own.items()}

    @cached_property
    def gate_value_names(self) -> Names:
        """What values of tools are called: the gate's words, and those of the brief's own phrases."""
        own: dict[str, set[str]] = {id: set(words) for id, words in vocabulary().value_names.items()}
        for language in ("zh", "en"):
            for id, words in phrase_book(f"brief_{language}")["value_names"].items():
                own.setdefault(id, set()).update(word.lower() for word in words)
        return {id: frozenset(words) for id, words in own.items()}

    def _payload(self, made: Sequence[Brief], clocks: Clocks, tells_of: Sequence[str]) -> Mapping[str, Any]:
        return {
            "month": made[0].month, "level": made[0].level, "clocks": {"as_of": clocks.as_of.isoformat(), "known_at": clocks.known_at.isoformat()},
            "texts": {brief.language: markdown([brief]) for brief in made}, "dropped": [dict(d) for brief in made for d in brief.dropped],
            "sources": [source.shape() for source in made[0].sources], "gaps": [dict(gap) for gap in made[0].gaps],
            "figures": {f["id"]: f["value"] or f["status"] for f in made[0].figures}, "prompts": digest(), "rulebook": self.rulebook.digest,
            "tells_of": list(tells_of),
        }  # fmt: skip


def month_of(month: str | date) -> date:
    """The first day of a month written as 2026-10. BadRequest for anything else."""
    if isinstance(month, date):
        return month.replace(day=1)
    try:
        return datetime.strptime(month, "%Y-%m").date()
    except ValueError:
        raise BadRequest(f"{month!r} is not a month", fix="Write it as 2026-10") from None


def at_month(first: date, clocks: Clocks) -> Clocks:
    """The clocks a month's brief is written at. BadRequest when the month lies ahead."""
    if first > clocks.as_of:
        raise BadRequest(
            f"{first:%Y-%m} has not begun on the business date {clocks.as_of}",
            fix="Import a newer loan book, or give an earlier month",
        )
    return Clocks(min(month_end(first), clocks.as_of), clocks.known_at)
