"""Columns of numbers, found by where the digits end.

Amounts of one column share a right edge (brackets hang outside it); centred columns share their middle instead. A column
with one cell still counts when a header stands over it. Which column is a notes column is decided by its header first and
by its content ("8", "10, 11", "20(b)") second.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ingestion.statements.lines import Atom, Line
from ingestion.statements.model import Column
from ingestion.statements.numbers import is_note_reference

LABEL_GAP = 0.75
"""Gap in font sizes that parts an amount from the label before it; a number nearer than that belongs to the label."""


@dataclass(slots=True)
class Cluster:
    """Amounts with (nearly) the same right edge: the atoms and the lines they stand on."""

    atoms: list[Atom] = field(default_factory=list)
    lines: set[int] = field(default_factory=set)

    @property
    def x0(self) -> float:
        return min(a.x0 for a in self.atoms)

    @property
    def x1(self) -> float:
        return max(a.x1 for a in self.atoms)

    @property
    def right(self) -> float:
        rights = sorted(a.right for a in self.atoms)
        return rights[len(rights) // 2]


def year_like(atom: Atom) -> bool:
    """True for a bare 1980..2099."""
    return atom.text.isdigit() and len(atom.text) == 4 and "1980" <= atom.text <= "2099"


def amounts(line: Line) -> list[Atom]:
    """The numbers, dashes and note references after the last text of a line that stand clear of it."""
    start = max((i for i, a in enumerate(line.atoms) if a.kind == "text" and not a.superscript), default=-1) + 1
    taken: list[Atom] = []
    clear = start == 0
    for index in range(start, len(line.atoms)):
        atom = line.atoms[index]
        if atom.superscript:
            continue
        if atom.kind == "currency":
            clear = clear or atom.gap >= 0.5 * line.size or bool(taken)
            continue
        before = line.atoms[index - 1] if index else None
        wide = atom.gap >= LABEL_GAP * line.size or (before is not None and before.superscript)
        exact = atom.number is not None and (atom.number.grouped or atom.number.places > 0)
        clear = clear or wide or (bool(taken) and exact)
        if clear and (wide or index == start or exact or taken or (before is not None and before.kind == "currency")):
            taken.append(atom)
    return taken


def header_like(line: Line) -> bool:
    """True for a line of years (or without amounts): "2022   2021" over the columns, not a row of amounts."""
    found = [a for a in amounts(line) if a.kind in ("number", "nil")]
    return not found or all(year_like(a) for a in found)


def find_columns(lines: Sequence[Line]) -> list[Column]:
    """Columns from left to right. Cells that stand alone between columns do not make one."""
    if not lines:
        return []
    size = sorted(line.size for line in lines)[len(lines) // 2]
    clusters: list[Cluster] = []
    for right, number, atom in sorted(
        ((a.right, i, a) for i, line in enumerate(lines) if not header_like(line) for a in amounts(line)), key=lambda t: t[:2]
    ):
        last = clusters[-1] if clusters else None
        if last is None or right - max(a.right for a in last.atoms) > 0.45 * size:
            last = Cluster()
            clusters.append(last)
        last.atoms.append(atom)
        last.lines.add(number)
    clusters = _merged(clusters)
    strong = [c for c in clusters if len(c.lines) >= 2]
    chosen = strong or clusters
    return [_column(index, cluster) for index, cluster in enumerate(chosen)]


def _merged(clusters: list[Cluster]) -> list[Cluster]:
    """Clusters that overlap and never share a line are one column set centred or left-aligned."""
    done = False
    while not done:
        done = True
        for index in range(len(clusters) - 1):
            one, two = clusters[index], clusters[index + 1]
            shared = len(one.lines & two.lines)
            overlap = min(one.x1, two.x1) - max(one.x0, two.x0)
            narrow = min(_usual_width(one), _usual_width(two))
            if overlap > 0.4 * narrow and shared <= 0.05 * min(len(one.lines), len(two.lines)):
                clusters[index : index + 2] = [Cluster(one.atoms + two.atoms, one.lines | two.lines)]
                done = False
                break
    return clusters


def _usual_width(cluster: Cluster) -> float:
    widths = sorted(a.x1 - a.x0 for a in cluster.atoms)
    return max(widths[len(widths) // 2], 1.0)


def _column(index: int, cluster: Cluster) -> Column:
    column = Column(index, cluster.x0, cluster.x1, cluster.right)
    references = [a for a in cluster.atoms if _reference(a)]
    if len(references) >= max(0.8 * len(cluster.atoms), 1):
        column.kind = "notes"
    return column


def _reference(atom: Atom) -> bool:
    if atom.kind == "nil" or not is_note_reference(atom.text):
        return False
    return atom.number is None or abs(atom.number.value) < 130


def settle_kinds(columns: list[Column]) -> None:
    """A column that looks like note references is one only when it stands left of a column of real amounts."""
    for column in columns:
        if column.kind == "notes" and not any(c.kind == "value" and c.index > column.index for c in columns):
            column.kind = "value"
    seen_value = False
    for column in columns:
        seen_value = seen_value or column.kind == "value"
        if column.kind == "notes" and seen_value:
            column.kind = "value"


def place(line: Line, columns: Sequence[Column]) -> dict[int, Atom]:
    """Which atom of the line lies in which column."""
    found: dict[int, tuple[float, Atom]] = {}
    for atom in line.atoms:
        if atom.kind not in ("number", "nil", "note") or atom.superscript:
            continue
        best: tuple[float, Column] | None = None
        for column in columns:
            away = _away(atom, column, line.size)
            if away is not None and (best is None or away < best[0]):
                best = (away, column)
        if best is None:
            continue
        away, column = best
        if column.kind != "notes" and atom.kind == "note":
            continue
        if column.index not in found or away < found[column.index][0]:
            found[column.index] = (away, atom)
    return {index: atom for index, (_, atom) in sorted(found.items())}


def _away(atom: Atom, column: Column, size: float) -> float | None:
    away = abs(atom.right - column.right)
    if away <= 0.6 * size:
        return away
    middle = (atom.x0 + atom.x1) / 2
    if column.x0 - 1 <= atom.x0 and atom.x1 <= column.x1 + 1:
        return away
    if column.x0 <= middle <= column.x1 and atom.x1 - atom.x0 > 0.5 * (column.x1 - column.x0):
        return away
    return None
