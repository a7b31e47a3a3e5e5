"""Blocks: what every reader makes of a document before anyone asks what it means.

A block is one heading, paragraph or table row in reading order with its place. Passages, visit notes, contracts and
recognition all read blocks, so that a new file format is one new reader and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from ingestion.extraction import Message

Role = Literal["title", "heading", "paragraph", "row"]


@dataclass(frozen=True, slots=True)
class Block:
    """A `title` names the section that follows without being text of its own; a `heading` is both. `page` is 1-based, None where the format has no pages; `locator` is set exactly then. A row carries the id of its
    `table`, the column `header` above it and its `cells`; `level` orders headings (1 is outermost)."""

    text: str
    role: Role = "paragraph"
    page: int | None = None
    locator: str | None = None
    level: int = 0
    table: str = ""
    header: str = ""
    cells: tuple[str, ...] = ()


@dataclass(slots=True)
class Reading:
    """The blocks of one file. `written` is the date the file itself states for its writing (mail header), if any."""

    blocks: list[Block]
    pages: int = 0
    title: str = ""
    written: date | None = None
    messages: list[Message] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All text, one block a line."""
        return "\n".join(block.text for block in self.blocks)


def headed(blocks: Iterable[Block]) -> Iterator[tuple[str, Block]]:
    """Each block with the path of headings above it, outermost first, joined by " > "."""
    path: list[tuple[int, str]] = []
    for block in blocks:
        if block.role in ("title", "heading"):
            level = block.level or 1
            path = [entry for entry in path if entry[0] < level]
            path.append((level, block.text))
        yield " > ".join(text for _, text in path), block
