"""From marks to citations: every `{a1b2c3}` an answer carries becomes [1], [2] with the page or row behind it.

The same path for both models. A mark nobody can open is kept as a finding for the gate: an invented source never becomes a
citation.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tools.domain.facts import Fact, Passage, Row
from tools.domain.figures import Figure
from tools.toolbox.artifacts import Artifact, Value
from tools.toolbox.references import handle, marks, split
from tools.toolbox.steering import quotable

Node = Figure | Fact | Row | Passage | Value
MOST_OWN = 4
"""A figure over more facts than this cites one place per page, not one per number."""
QUOTE_CHARACTERS = 300


@dataclass(frozen=True, slots=True)
class Citation:
    """One numbered source. `supports`: ids of everything it stands under."""

    number: int
    supports: tuple[str, ...]
    document: str
    sha256: str | None
    page: int | None
    box: tuple[float, ...] | None
    locator: str | None
    quote: str
    label: str = ""
    boxes: tuple[tuple[float, ...], ...] = ()

    def shape(self) -> dict[str, Any]:
        """The `citations` shape."""
        return {
            "id": str(self.number), "supports": list(self.supports), "document": self.document, "sha256": self.sha256, "page": self.page,
            "box": list(self.box) if self.box else None, "locator": self.locator, "quote": self.quote, "label": self.label,
            "boxes": [list(box) for box in self.boxes],
        }  # fmt: skip


@dataclass(slots=True)
class Cited:
    """`text` with numbers for marks; `unknown`: marks that point nowhere; `by_number`: number → ids, as the gate reads it;
    `anchors`: where in `text` each mark stood, and the ids it named itself."""

    text: str
    citations: list[Citation]
    unknown: list[str] = field(default_factory=list)
    anchors: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)

    @property
    def by_number(self) -> dict[int, list[str]]:
        """Citation number → ids it supports."""
        return {citation.number: list(citation.supports) for citation in self.citations}


class Nodes:
    """Everything the artifacts hold, by id, and by handle; rows also as `table:id`, since a customer and a covenant may share an id."""

    def __init__(self, artifacts: Iterable[Artifact]) -> None:
        self.by_id: dict[str, Node] = {}
        for artifact in artifacts:
            for figure in artifact.figures:
                self._figure(figure)
            for fact in artifact.facts:
                self.by_id.setdefault(fact.id, fact)
            for row in artifact.rows:
                self._row(row)
            for passage in artifact.passages:
                self.by_id.setdefault(passage.id, passage)
            for value in artifact.values:
                self.by_id.setdefault(value.id, value)
        self._by_handle = {handle(id): id for id in reversed(list(self.by_id))}

    def _figure(self, figure: Figure) -> None:
        if figure.id in self.by_id:
            return
        self.by_id[figure.id] = figure
        for node in figure.inputs:
            if isinstance(node, Figure):
                self._figure(node)
            elif isinstance(node, Row):
                self._row(node)
            else:
                self.by_id.setdefault(node.id, node)

    def _row(self, row: Row) -> None:
        self.by_id.setdefault(f"{row.table}:{row.id}", row)
        self.by_id.setdefault(row.id, row)

    def of_handle(self, text: str) -> str | None:
        """The id behind a handle."""
        return self._by_handle.get(text)

    def sources(self, id: str, depth: int = 6) -> Iterator[Fact | Row | Passage]:
        """What an id finally rests on: facts, rows and passages, without repeats of one path."""
        node = self.by_id.get(id)
        if isinstance(node, Fact | Row | Passage):
            yield node
        elif isinstance(node, Figure):
            yield from _leaves(node)
        elif isinstance(node, Value) and depth:
            for child in node.inputs:
                if child != id:
                    yield from self.sources(child, depth - 1)


def _leaves(figure: Figure) -> Iterator[Fact | Row]:
    seen: set[str] = set()
    stack: list[Figure | Fact | Row] = list(reversed(figure.inputs))
    while stack:
        node = stack.pop()
        if isinstance(node, Figure):
            stack.extend(reversed(node.inputs))
        elif key_of(node) not in seen:
            seen.add(key_of(node))
            yield node


def key_of(node: Fact | Row | Passage) -> str:
    """What makes two sources one."""
    return f"{node.table}:{node.id}" if isinstance(node, Row) else node.id


def cite(text: str, nodes: Nodes) -> Cited:
    """Replace marks by numbered citations, numbering by first use."""
    numbers: dict[str, int] = {}
    drafts: list[dict[str, Any]] = []
    unknown: list[str] = []
    out: list[str] = []
    anchors: list[tuple[int, tuple[str, ...]]] = []
    last = length = 0
    for match in marks(text):
        out.append(text[last : match.start()])
        length += len(out[-1])
        last = match.end()
        shown: dict[int, None] = {}
        named: list[str] = []
        for part in split(match.group(1)):
            id = nodes.of_handle(part)
            if id is None:
                unknown.append(part)
                continue
            named.append(id)
            for key, sources in _grouped(list({key_of(source): source for source in nodes.sources(id)}.values())):
                if key not in numbers:
                    numbers[key] = len(drafts) + 1
                    drafts.append({"sources": list(sources), "supports": {}})
                draft = drafts[numbers[key] - 1]
                draft["supports"][id.partition(":")[2] if isinstance(nodes.by_id[id], Row) and ":" in id else id] = None
                for source in sources:
                    draft["supports"][source.id] = None
                shown[numbers[key]] = None
        anchors.append((length, tuple(named)))
        out.append("".join(f"[{number}]" for number in shown))
        length += len(out[-1])
    out.append(text[last:])
    citations = [_citation(place, draft["sources"], tuple(draft["supports"])) for place, draft in enumerate(drafts, 1)]
    return Cited("".join(out), citations, unknown, anchors)


def _grouped(sources: Sequence[Fact | Row | Passage]) -> list[tuple[str, list[Fact | Row | Passage]]]:
    """Each source by itself when there are few; else facts of one page together."""
    if len(sources) <= MOST_OWN:
        return [(key_of(source), [source]) for source in sources]
    pages: dict[str, list[Fact | Row | Passage]] = defaultdict(list)
    for source in sources:
        if isinstance(source, Row):
            pages[key_of(source)].append(source)
        else:
            pages[f"{source.source.sha256}:{source.source.page or source.source.locator}"].append(source)
    return [(key if len(group) > 1 else key_of(group[0]), group) for key, group in pages.items()]


def _citation(number: int, sources: Sequence[Fact | Row | Passage], supports: tuple[str, ...]) -> Citation:
    first = sources[0]
    if isinstance(first, Row):
        return Citation(
            number, supports, f"loan book: {first.table}", None, None, None, f"{first.table} {first.id}", row_quote(first)
        )
    if isinstance(first, Passage):
        box = first.boxes[0] if first.boxes else None
        quote = quotable(first.text)[:QUOTE_CHARACTERS]
        return Citation(number, supports, first.source.document, first.source.sha256, first.source.page, box, first.source.locator, quote,
                        first.heading, first.boxes)  # fmt: skip
    facts = [source for source in sources if isinstance(source, Fact)]
    boxes = tuple(fact.source.box for fact in facts if fact.source.box)
    source = first.source
    label = "; ".join(dict.fromkeys(fact.label for fact in facts))
    return Citation(
        number, supports, source.document, source.sha256, source.page, source.box, source.locator, first.raw, label, boxes
    )


def row_quote(row: Row) -> str:
    """A row in one line: what is filled in, identifiers of the row left out."""
    cells: Mapping[str, str | None] = row.columns
    return ", ".join(f"{name}={value}" for name, value in cells.items() if value and name != "id")[:QUOTE_CHARACTERS]
