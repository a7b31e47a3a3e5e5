"""Rows of a table: labels that wrap are joined to their amounts.

Where ruling lines part the rows, the space between two lines is one row. Elsewhere spacing decides (lines of one label
stand closer than rows do), and words: a line that starts in lower case or leaves a bracket open goes on.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from ingestion.pdf.words import PageLayout, Rule, union
from ingestion.statements.columns import place
from ingestion.statements.lines import Atom, Line
from ingestion.statements.model import Cell, Column, Row
from ingestion.statements.vocabulary import compact, words
from tools.domain.facts import Box

Known = Callable[[str], bool]
"""Whether a label is one the chart of accounts (or the section headings) knows."""

_GOES_ON = re.compile(
    r"(?:[,(/&–—-]|\b(?:of|and|to|the|in|for|by|from|with|on|at|or|attributable|(?<![,–—-] )net|than|under|into|per))$", re.I
)
LETTERED = re.compile(r"[A-Z]{1,2}(?:[&,/][A-Z]{1,2})*")


@dataclass(slots=True)
class Piece:
    """One line seen through the columns: its label part and its cells; `amounts` when one is more than a note reference."""

    line: Line
    label: str
    label_box: Box | None
    cells: dict[int, Atom]
    x1: float = 0.0
    amounts: bool = False

    @property
    def baseline(self) -> float:
        return self.line.baseline


def pieces_of(lines: Sequence[Line], columns: Sequence[Column]) -> list[Piece]:
    """Lines cut into label and cells. Text to the right of the first cell is left out (a second language, a remark)."""
    out = []
    values = {c.index for c in columns if c.kind != "notes"}
    notes = [c for c in columns if c.kind == "notes"]
    for line in lines:
        cells = place(line, columns)
        first = min((a.x0 for a in cells.values()), default=1e9)
        atoms = [
            a
            for a in line.atoms
            if a.x1 <= first + 1
            and not a.superscript
            and a.kind != "currency"
            and a not in cells.values()
            and not _lettered(a, notes)
        ]
        if cells and not any(a.kind == "text" for a in atoms):
            # a bare number left of the cells is a stray, unless words make it a label
            atoms = [a for a in atoms if a.kind == "text" or a.gap > 1e8]
        label, box = _label(atoms)
        out.append(Piece(line, label, box, cells, box[2] if box else 0.0, bool(values & set(cells))))
    return out


def _lettered(atom: Atom, notes: Sequence[Column]) -> bool:
    """Whether an atom is the letter of a note ("C", "O&S") in the column of notes, and so no word of the label."""
    inside = any(column.x0 - 2 <= atom.x0 and atom.x1 <= column.x1 + 2 for column in notes)
    return inside and atom.kind == "text" and LETTERED.fullmatch(atom.text) is not None


def _label(atoms: list[Atom]) -> tuple[str, Box | None]:
    if not atoms:
        return "", None
    text = atoms[0].text
    for before, atom in itertools.pairwise(atoms):
        near = atom.x0 - before.x1 < 0.12 * (atom.box[3] - atom.box[1])
        wide = ord(before.text[-1]) >= 0x2E80 and (ord(atom.text[0]) >= 0x2E80 or atom.text[0].isdigit())
        text += atom.text if near or wide or ord(atom.text[0]) >= 0x2E80 else f" {atom.text}"
    return text, union(a.box for a in atoms)


def rows_of(pieces: list[Piece], layout: PageLayout, columns: Sequence[Column], known: Known) -> list[Row]:
    """Rows from top to bottom, wrapped labels joined."""
    bands = _bands(pieces, layout.rules)
    pitch = _pitch(pieces)
    limit = max((p.x1 for p in pieces), default=0.0)
    if not bands:
        return _joined(pieces, pitch, limit, layout, known)
    values = {c.index for c in columns if c.kind != "notes"}
    rows: list[Row] = []
    for group in _headings_apart(_by_bands(pieces, bands), known):
        filled = [index for p in group for index in p.cells if index in values]
        one = len(filled) == len(set(filled))
        rows += [_row(group, layout)] if one else _joined(group, pitch, limit, layout, known)
    return rows


def _bands(pieces: list[Piece], rules: Sequence[Rule]) -> list[float]:
    """Heights of ruling lines across the label column, when the whole table is ruled that way."""
    labels = [p for p in pieces if p.label_box]
    if len(labels) < 3:
        return []
    left = min(p.label_box[0] for p in labels if p.label_box)
    right = sorted(p.x1 for p in labels)[len(labels) // 2]
    top, bottom = pieces[0].line.box[1] - 14, pieces[-1].line.box[3] + 14
    heights = sorted(
        (r.top + r.bottom) / 2
        for r in rules
        if r.horizontal and r.x0 <= left + 8 and r.x1 >= right - 8 and top <= r.top <= bottom
    )
    distinct = [h for i, h in enumerate(heights) if i == 0 or h - heights[i - 1] > 3.0]
    with_cells = sum(1 for p in pieces if p.cells)
    return distinct if len(distinct) >= max(0.6 * with_cells, 3) else []


def _by_bands(pieces: list[Piece], bands: list[float]) -> list[list[Piece]]:
    groups: dict[int, list[Piece]] = {}
    for piece in pieces:
        box = piece.line.box
        middle = (box[1] + box[3]) / 2
        groups.setdefault(sum(1 for b in bands if b <= middle), []).append(piece)
    return [groups[key] for key in sorted(groups)]


def _headings_apart(groups: Iterable[list[Piece]], known: Known) -> Iterator[list[Piece]]:
    """Groups of lines between two rules, where an English heading printed above the first row has no rule of its own. In a
    narrow Chinese column the same words begin a wrapped label."""
    for group in groups:
        while len(group) > 1 and _heads(group[0], group[1], known):
            yield [group[0]]
            group = group[1:]
        yield group


def _heads(piece: Piece, below: Piece, known: Known) -> bool:
    if piece.cells or not below.label or below.label[:1].islower() or ord(piece.label[0]) >= 0x2E80:
        return False
    return _is_heading(piece.label) and not known(_append(piece.label, below.label))


def _pitch(pieces: list[Piece]) -> float:
    """The usual distance between neighbouring rows that carry both label and cells."""
    steps = sorted(
        b.baseline - a.baseline
        for a, b in itertools.pairwise(pieces)
        if a.cells and b.cells and a.label and b.label and b.baseline - a.baseline > 2
    )
    return steps[len(steps) // 2] if steps else 14.0


def _joined(pieces: list[Piece], pitch: float, limit: float, layout: PageLayout, known: Known) -> list[Row]:
    groups: list[list[Piece]] = []
    index = 0
    while index < len(pieces):
        piece = pieces[index]
        before = groups[-1] if groups else None
        after = pieces[index + 1] if index + 1 < len(pieces) else None
        if piece.cells and not piece.label:
            index += _value_line(groups, piece, after, pitch, known)
            continue
        if before and _goes_on(before, piece, pitch, limit, known):
            before.append(piece)
        else:
            groups.append([piece])
        index += 1
    return [_row(group, layout) for group in groups]


def _value_line(groups: list[list[Piece]], piece: Piece, after: Piece | None, pitch: float, known: Known) -> int:
    """Places amounts printed without a label on their line: between, under or over the lines of a wrapped label, or alone."""
    above = groups[-1] if groups and not any(p.cells for p in groups[-1]) else None
    up = piece.baseline - above[-1].baseline if above else 1e9
    below = after if after and after.label and not after.amounts else None
    down = below.baseline - piece.baseline if below else 1e9
    if groups and any(p.cells for p in groups[-1]) and piece.baseline - groups[-1][-1].baseline < 0.8 * pitch:
        held = {index for p in groups[-1] for index in p.cells}
        if not held & set(piece.cells):
            groups[-1].append(piece)
            return 1
    if above and below and up < 0.8 * pitch and down < 0.8 * pitch:
        above += [piece, below]
        return 2
    if above and up < 0.8 * pitch:
        above.append(piece)
        return 1
    if below and down < 0.8 * pitch:
        groups.append([piece, below])
        return 2
    if above and up < 1.35 * pitch and not _is_heading(above[-1].label) and known("".join(p.label for p in above)):
        above.append(piece)
        return 1
    groups.append([piece])
    return 1


def _goes_on(group: list[Piece], piece: Piece, pitch: float, limit: float, known: Known) -> bool:
    """Whether `piece` carries on the label (or gives the amounts) of the lines before it."""
    held = {index for p in group for index in p.cells}
    if held and piece.cells and (held & set(piece.cells) or piece.baseline - group[-1].baseline > 0.8 * pitch):
        return False
    if len(group) >= 4:
        return False
    last = group[-1]
    gap = piece.baseline - last.baseline
    if gap > 1.75 * max(pitch, 1.25 * last.line.size) or not last.label or not piece.label:
        return False
    text = _text(group)
    cjk = ord(text[-1]) >= 0x2E80
    opened = _open(text)
    if opened and gap < 1.4 * pitch:
        return True
    lower = piece.label[:1].islower() and not text.rstrip().endswith(":")
    if not lower and (_is_heading(last.label) or (_is_heading(piece.label) and not piece.cells)):
        return False
    whole = known(_append(text, piece.label))
    if whole and not known(piece.label):
        return True
    if any(p.cells for p in group):
        # amounts first, rest of the label below: only when the label visibly breaks off
        if cjk:
            return gap < 0.9 * pitch and not known(text)
        return bool(_GOES_ON.search(text) or (piece.label[:1].islower() and not piece.cells))
    if cjk:
        return (gap < 0.88 * pitch or last.x1 > 0.93 * limit) and not known(text) and not known(piece.label)
    if lower or _GOES_ON.search(text):
        return True
    deeper = bool(piece.label_box and last.label_box and piece.label_box[0] > last.label_box[0] + 4)
    return gap < 0.85 * pitch and last.x1 > 0.7 * limit and not deeper


def _open(text: str) -> bool:
    plain = text.replace("（", "(").replace("）", ")")
    return plain.count("(") > plain.count(")")


def _is_heading(label: str) -> bool:
    if label.rstrip().endswith((":", "：")):
        return True
    tight = compact(label).strip(":").replace("(", "").replace(")", "")
    return any(
        pattern.fullmatch(tight)
        for name, pattern in words().sections.items()
        if name not in ("per_share", "other_comprehensive")
    )


def _text(group: list[Piece]) -> str:
    text = ""
    for piece in group:
        text = _append(text, piece.label)
    return text


def _append(text: str, more: str) -> str:
    if not text or not more:
        return text + more
    tight = ord(text[-1]) >= 0x2E80 or ord(more[0]) >= 0x2E80 or text.endswith("-")
    return text + more if tight else f"{text} {more}"


def _row(group: list[Piece], layout: PageLayout) -> Row:
    boxes = [p.label_box for p in group if p.label_box]
    cells: dict[int, Cell] = {}
    for piece in group:
        for index, atom in piece.cells.items():
            if atom.number is not None:
                cells.setdefault(index, Cell(atom.text, atom.number, layout.displayed(atom.box), layout.page))
    label_box = layout.displayed(union(boxes)) if boxes else None
    indent = min((b[0] for b in boxes), default=0.0)
    return Row(_text(group), label_box, cells, layout.page, indent)
