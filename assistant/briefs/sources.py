"""From marks to the evidence list: one number per page of a document or table of the loan book, in the order a reader meets them.

An answer cites every fact apart; a brief has two pages, so what stands on one page is one entry, which says what was read there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from assistant.briefs.model import Block, Brief, Cell, Chart, Line, Section, Source
from assistant.citing import Nodes, key_of
from prompts.library import phrase_book
from tools.domain.facts import Fact, Passage, Row
from tools.toolbox.artifacts import Artifact
from tools.toolbox.references import marks, split

MOST_LABELS = 6
MOST_ROWS = 5
Anchor = tuple[int, tuple[str, ...]]
"""A place in a text, and the ids the mark that stood there named."""


@dataclass
class Numbering:
    """Numbers handed out so far. `unknown`: marks that point nowhere."""

    nodes: Nodes
    language: str
    numbers: dict[str, int] = field(default_factory=dict)
    entries: list[Source] = field(default_factory=list)
    members: dict[int, dict[str, Fact | Row | Passage]] = field(default_factory=dict)
    supports: dict[int, dict[str, None]] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)

    def text(self, text: str) -> str:
        """`text` with [1][2] for its marks."""
        return self.anchored(text)[0]

    def anchored(self, text: str) -> tuple[str, list[Anchor]]:
        """The same, and where in it each mark stood with the ids it named."""
        if "{" not in text:
            return text, []
        out: list[str] = []
        anchors: list[Anchor] = []
        last = length = 0
        for match in marks(text):
            out.append(text[last : match.start()])
            length += len(out[-1])
            last = match.end()
            shown: dict[int, None] = {}
            named: list[str] = []
            for part in split(match.group(1)):
                id = self.nodes.of_handle(part)
                if id is None:
                    self.unknown.append(part)
                    continue
                named.append(id)
                for source in {key_of(s): s for s in self.nodes.sources(id)}.values():
                    number = self._number(source)
                    self.supports[number][id] = None
                    self.supports[number][source.id] = None
                    shown[number] = None
            anchors.append((length, tuple(named)))
            out.append("".join(f"[{number}]" for number in shown))
            length += len(out[-1])
        return "".join([*out, text[last:]]), anchors

    def _number(self, source: Fact | Row | Passage) -> int:
        key = _place(source)
        if key not in self.numbers:
            self.numbers[key] = len(self.numbers) + 1
            self.members[self.numbers[key]] = {}
            self.supports[self.numbers[key]] = {}
        number = self.numbers[key]
        self.members[number].setdefault(key_of(source), source)
        return number

    def sources(self) -> tuple[Source, ...]:
        """The evidence list."""
        return tuple(
            _source(n, list(self.members[n].values()), self.language, tuple(self.supports[n])) for n in sorted(self.members)
        )

    @property
    def by_number(self) -> dict[int, list[str]]:
        """Number → ids, as the gate reads it."""
        return {number: list(ids) for number, ids in self.supports.items()}


def numbered(brief: Brief, artifacts: Iterable[Artifact]) -> tuple[Brief, Numbering]:
    """The brief with numbers for marks, and its evidence list."""
    numbering = Numbering(Nodes(artifacts), brief.language)
    head = tuple((name, numbering.text(value)) for name, value in brief.head)
    verdict = tuple(replace(line, text=numbering.text(line.text)) for line in brief.verdict)
    sections = tuple(
        Section(section.key, section.title, tuple(_block(block, numbering) for block in section.blocks))
        for section in brief.sections
    )
    made = replace(brief, head=head, verdict=verdict, sections=sections)
    return replace(made, sources=numbering.sources()), numbering


def _block(block: Block, numbering: Numbering) -> Block:
    if isinstance(block, Line):
        return replace(block, text=numbering.text(block.text))
    if isinstance(block, Chart):
        return block
    rows = tuple(replace(row, cells=tuple(_cell(cell, numbering) for cell in row.cells)) for row in block.rows)
    return replace(block, rows=rows)


def _cell(cell: Cell, numbering: Numbering) -> Cell:
    return replace(cell, text=numbering.text(cell.text), note=numbering.text(cell.note))


def _place(source: Fact | Row | Passage) -> str:
    if isinstance(source, Row):
        return f"{source.columns.get('sha256')}:" if source.table == "documents" else f"book:{source.table}"
    return f"{source.source.sha256}:{source.source.page or _part(source.source.locator)}"


def _source(number: int, found: list[Fact | Row | Passage], language: str, ids: tuple[str, ...]) -> Source:
    book: Mapping[str, Mapping[str, str]] = phrase_book(f"brief_{language}")
    first = found[0]
    if isinstance(first, Row) and first.table == "documents":
        columns = first.columns
        return Source(number, columns.get("name") or first.id, "", sha256=columns.get("sha256"), ids=ids)
    if isinstance(first, Row):
        table = book["tables"].get(first.table, first.table)
        known = list(dict.fromkeys(row.id for row in found if len(row.id) < 16))
        rows = ", ".join(known[:MOST_ROWS]) + (" …" if len(known) > MOST_ROWS else "")
        papers = tuple(dict.fromkeys(p for row in found if isinstance(row, Row) and (p := _paper(row, book))))
        return Source(number, book["words"]["source_book"], f"{table} {rows}".strip(), papers, ids=ids)
    where = first.source
    page = book["phrases"]["evidence_page"].format(page=where.page) if where.page else _part(where.locator)
    labels = [f"{s.label} {s.raw}" if isinstance(s, Fact) else s.heading for s in found if isinstance(s, Fact | Passage)]
    box = where.box if isinstance(first, Fact) else (first.boxes[0] if first.boxes else None)
    return Source(number, where.document, page, tuple(dict.fromkeys(label for label in labels if label))[:MOST_LABELS], where.sha256, where.page, box,
                  where.locator, ids)  # fmt: skip


def _part(locator: str | None) -> str:
    """The sheet of a workbook; places inside a text are no help to a reader."""
    return locator.split("!")[0] if locator and "!" in locator else ""


def _paper(row: Row, book: Mapping[str, Mapping[str, str]]) -> str:
    """The contract page a covenant stands on."""
    name, page = row.columns.get("source_document"), row.columns.get("source_page")
    if not name:
        return ""
    name = name.rsplit("/", 1)[-1]
    return f"{name} {book['phrases']['evidence_page'].format(page=page)}" if page else name
