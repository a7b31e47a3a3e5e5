"""What stands over each column: header lines are cut into segments and given to the columns they span.

A segment belongs to the columns whose ruling line it stands on; without one, to the columns it is centred over.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingestion.pdf.words import Rule
from ingestion.statements.lines import Atom, Line
from ingestion.statements.model import Column
from ingestion.statements.periods import days_in_order, read_hint, read_hints
from ingestion.statements.vocabulary import compact, words

MAX_PARTS = 40


@dataclass(slots=True)
class Segment:
    """Words of one header line that stand together, one by one in `parts`: text, left and right edge."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    parts: list[tuple[str, float, float]] = field(default_factory=list)

    @property
    def middle(self) -> float:
        return (self.x0 + self.x1) / 2


def give_headers(lines: Sequence[Line], columns: list[Column], rules: Sequence[Rule]) -> None:
    """Fills `header` of every column from the lines above the first row and marks notes and other columns by it."""
    given: list[tuple[Segment, list[Column]]] = []
    for line in _without_captions(lines, columns):
        segments = [piece for segment in segments_of(line, 0.95) for piece in parted(segment, columns, line.size)]
        spread = _one_each(segments, columns)
        given += spread if spread is not None else _owners(segments, columns, rules)
    for segment, owners in given:
        if not _is_date_line(segment, owners, given) and not (len(owners) > 1 and len(set(days_in_order(segment.text))) > 1):
            for column in owners:
                column.header.append(segment.text)
    vocabulary = words()
    for column in columns:
        texts = [compact(text) for text in column.header]
        whole = "".join(texts)
        if any(vocabulary.notes_header.search(text) for text in texts) and not any(
            c.isdigit() for c in whole.replace("附注", "")[:4]
        ):
            column.kind = "notes"
        elif column.kind == "value" and vocabulary.other_header.search(whole):
            column.kind = "other"
        column.convenience = bool(vocabulary.convenience_header.search(whole))


def _is_date_line(segment: Segment, owners: list[Column], given: list[tuple[Segment, list[Column]]]) -> bool:
    """A date set over several columns that have years of their own below it belongs to the title, not to the columns."""
    if len(owners) < 2 or read_hint(segment.text).year is None:
        return False
    below = {c.index for s, own in given if s.top > segment.top and read_hint(s.text).year is not None for c in own}
    return all(c.index in below for c in owners)


def _without_captions(lines: Sequence[Line], columns: Sequence[Column]) -> Sequence[Line]:
    """Header lines of a Chinese table without the captions above its header row: who prepared it, the unit, the date."""
    row = next(
        (
            i
            for i, line in enumerate(lines)
            if any(words().stub_header.fullmatch(compact(s.text)) for s in segments_of(line, 0.95))
        ),
        None,
    )
    if row is None:
        return lines
    return [line for i, line in enumerate(lines) if i >= row or not _is_caption(line, columns)]


def _is_caption(line: Line, columns: Sequence[Column]) -> bool:
    segments = segments_of(line, 0.95)
    if any(words().caption_line.search(compact(s.text)) for s in segments):
        return True
    hint = read_hint(segments[0].text)
    if len(segments) != 1 or (hint.year is None and hint.months is None):
        return False
    # headers of several columns that read as one line are no caption
    return len(parted(segments[0], columns, line.size)) == 1 and _one_each(segments, list(columns)) is None


def with_notes_column(lines: Sequence[Line], columns: list[Column]) -> list[Column]:
    """Columns with one for note references under their header ("Note", 附注), when its few references made none."""
    if any(c.kind == "notes" for c in columns) or not columns:
        return columns
    for line in lines:
        for segment in segments_of(line, 0.95):
            inside = segment.x1 < columns[0].x0 and words().notes_header.search(compact(segment.text))
            if inside and not words().line_number_header.search(compact(segment.text)):
                notes = Column(0, segment.x0 - 14, segment.x1 + 14, segment.x1, kind="notes")
                for column in columns:
                    column.index += 1
                return [notes, *columns]
    return columns


def segments_of(line: Line, gap: float) -> list[Segment]:
    """Atoms nearer than `gap` font sizes put back together."""
    out: list[Segment] = []
    last: Atom | None = None
    for atom in line.atoms:
        if atom.superscript:
            continue
        if last is not None and atom.x0 - last.x1 < gap * line.size:
            join = "" if atom.x0 - last.x1 < 0.12 * line.size else " "
            out[-1].text += join + atom.text
            out[-1].x1 = max(out[-1].x1, atom.x1)
            out[-1].parts += atom.parts or [(atom.text, atom.x0, atom.x1)]
        else:
            parts = list(atom.parts) or [(atom.text, atom.x0, atom.x1)]
            out.append(Segment(atom.text, atom.x0, atom.x1, atom.box[1], atom.box[3], parts))
        last = atom
    return out


def parted(segment: Segment, columns: Sequence[Column], size: float) -> list[Segment]:
    """Headers of narrow columns that stand so near that they read as one ("September 30, December 31,"), cut where each piece
    stands on its column and says the same kind of thing; the segment itself when no such cut is there."""
    under = [c for c in columns if segment.x0 - size <= (c.x0 + c.x1) / 2 <= segment.x1 + size]
    parts = segment.parts
    if len(under) < 2 or len(parts) < len(under) or len(parts) > MAX_PARTS:
        return [segment]
    best: list[tuple[float, list[int]] | None] = [None] * (len(parts) + 1)
    best[0] = (0.0, [])
    for column in under:
        following: list[tuple[float, list[int]] | None] = [None] * (len(parts) + 1)
        for start, so_far in enumerate(best):
            for end in range(start + 1, len(parts) + 1) if so_far is not None else ():
                assert so_far is not None
                away = _away(parts[start][1], parts[end - 1][2], column)
                held = following[end]
                if away <= 0.9 * size and (held is None or so_far[0] + away < held[0]):
                    following[end] = (so_far[0] + away, [*so_far[1], end])
        best = following
    if best[-1] is None:
        return [segment]
    ends = best[-1][1]
    gaps = [parts[i][1] - parts[i - 1][2] for i in range(1, len(parts))]
    cut, kept = [gaps[e - 1] for e in ends[:-1]], [g for i, g in enumerate(gaps, 1) if i not in ends]
    pieces = [_piece(segment, parts[start:end]) for start, end in itertools.pairwise([0, *ends])]
    said = {_says(p.text) for p, c in zip(pieces, under, strict=True) if c.kind == "value"}
    notes = all(words().notes_header.search(compact(p.text)) for p, c in zip(pieces, under, strict=True) if c.kind == "notes")
    return pieces if min(cut) >= max(kept, default=0.0) and len(said) == 1 and said != {()} and notes else [segment]


def _away(x0: float, x1: float, column: Column) -> float:
    return min(abs(x1 - column.right), abs(x1 - column.x1), abs((x0 + x1) / 2 - (column.x0 + column.x1) / 2))


def _piece(segment: Segment, parts: Sequence[tuple[str, float, float]]) -> Segment:
    text = parts[0][0]
    for before, part in itertools.pairwise(parts):
        text += part[0] if ord(before[0][-1]) >= 0x2E80 and ord(part[0][0]) >= 0x2E80 else f" {part[0]}"
    return Segment(text, parts[0][1], parts[-1][2], segment.top, segment.bottom, list(parts))


def _says(text: str) -> tuple[str, ...]:
    """What kind of thing a header says: parts of a date, a length, now or before, whose figures."""
    hint = read_hint(text)
    said = [name for name in ("year", "month", "day", "months") if getattr(hint, name) is not None]
    said += ["relative"] if hint.relative else []
    return tuple(said) or (("scope",) if any(p.search(compact(text)) for p in words().scopes.values()) else ())


def _one_each(segments: list[Segment], columns: list[Column]) -> list[tuple[Segment, list[Column]]] | None:
    """A single segment holding as many dates as there are value columns is a header row set without gaps."""
    values = [c for c in columns if c.kind == "value"]
    right = [s for s in segments if values and s.x1 > values[0].x0 - 10]
    if len(right) != 1 or len(values) < 2 or right[0].x0 > values[0].x1:
        return None
    hints = read_hints(right[0].text)
    if right[0].x1 < values[-1].x0:
        return None
    days = days_in_order(right[0].text)
    if len(hints) != len(values) and len(days) == len(values) and len(set(days)) > 1:
        return [
            (Segment(day, column.x0, column.x1, right[0].top, right[0].bottom), [column])
            for day, column in zip(days, values, strict=True)
        ]
    if len(hints) != len(values):
        return None
    pieces = []
    for hint, column in zip(hints, values, strict=True):
        text = "-".join(f"{part:02d}" for part in (hint.year, hint.month, hint.day) if part)
        pieces.append((Segment(text, column.x0, column.x1, right[0].top, right[0].bottom), [column]))
    return pieces


def _owners(segments: list[Segment], columns: list[Column], rules: Sequence[Rule]) -> list[tuple[Segment, list[Column]]]:
    if not columns:
        return []
    rights = [c.right for c in columns]
    steps = [b - a for a, b in itertools.pairwise(rights)]
    pitch = sorted(steps)[len(steps) // 2] if steps else max(columns[0].x1 - columns[0].x0, 40.0)
    over = {id(s): [c for c in columns if min(s.x1, c.x1) - max(s.x0, c.x0) > 1] for s in segments}
    evenly = _evenly(segments, [c for c in columns if c.kind == "value"], pitch)
    if evenly and not any(_in_cell(s, columns, rules, pitch) or _on_rule(s, columns, rules) for s in segments):
        return evenly
    out = []
    for segment in segments:
        own = over[id(segment)]
        taken = {c.index for s in segments if s is not segment for c in over[id(s)]}
        celled = _in_cell(segment, columns, rules, pitch)
        ruled = _on_rule(segment, columns, rules) if celled is None else []
        if celled is not None:
            own = celled
        elif ruled:
            own = ruled
        elif segment.x0 < columns[0].x0 - 0.8 * pitch and segment.x1 - segment.x0 > 1.5 * pitch:
            own = []
        elif segment.x1 < columns[0].x0 - 2 and not own:
            gap = columns[0].x0 - segment.x1
            own = (
                [columns[0]] if gap < 0.45 * pitch and gap < 30 and columns[0].index not in taken and len(segments) > 1 else []
            )
        else:
            own = _centred(segment, own, columns, taken, pitch)
        out.append((segment, own))
    return [(s, [c for c in own if _nearest(c, s, out)]) for s, own in out]


def _evenly(segments: list[Segment], values: list[Column], pitch: float) -> list[tuple[Segment, list[Column]]]:
    """Headers of one kind over equal groups of columns (合并 and 母公司 over two each), when each is centred over its group."""
    above = [s for s in segments if values and s.x1 > values[0].right - pitch]
    each, rest = divmod(len(values), len(above)) if above else (0, 1)
    if rest or each < 2 or len(above) < 2 or len({_says(s.text) for s in above}) != 1 or not _says(above[0].text):
        return []
    groups = [values[i : i + each] for i in range(0, len(values), each)]
    for segment, group in zip(above, groups, strict=True):
        if abs(segment.middle - (group[0].right - pitch + group[-1].right) / 2) > 0.35 * pitch:
            return []
    return [(s, groups[above.index(s)] if s in above else []) for s in segments]


def _nearest(column: Column, segment: Segment, out: list[tuple[Segment, list[Column]]]) -> bool:
    """Of the segments of one line that claim a column, the one that stands nearest to it keeps it."""
    rivals = [s for s, own in out if any(c is column for c in own)]
    return segment is min(rivals, key=lambda s: (max(column.x0 - s.x1, s.x0 - column.x1, 0.0), abs(column.right - s.x1)))


def _in_cell(segment: Segment, columns: list[Column], rules: Sequence[Rule], pitch: float) -> list[Column] | None:
    """The columns of the ruled cell a segment stands in; None when none encloses it, or only the frame of the table."""
    middle = (segment.top + segment.bottom) / 2
    lines = [(r.x0 + r.x1) / 2 for r in rules if not r.horizontal and r.top - 1 <= middle <= r.bottom + 1]
    left = max((x for x in lines if x <= segment.x0 + 2), default=None)
    right = min((x for x in lines if x >= segment.x1 - 2), default=None)
    if left is None or right is None:
        return None
    inside = [c for c in columns if left - 2 <= (c.x0 + c.x1) / 2 <= right + 2]
    framed = bool(inside) and inside[0].x0 - left > 1.2 * pitch
    aside = len(inside) > 1 and abs((left + right) / 2 - segment.middle) > 0.3 * pitch
    return None if framed or aside else inside


def _on_rule(segment: Segment, columns: list[Column], rules: Sequence[Rule]) -> list[Column]:
    under = [
        r
        for r in rules
        if r.horizontal
        and -3 <= r.top - segment.bottom <= 7
        and r.x0 - 3 <= segment.middle <= r.x1 + 3
        and r.x0 > columns[0].x0 - 45
    ]
    if not under:
        return []
    widest = max(under, key=lambda r: r.x1 - r.x0)
    length = widest.x1 - widest.x0
    if length < segment.x1 - segment.x0 - 6 or abs(segment.middle - (widest.x0 + widest.x1) / 2) > 0.2 * length:
        return []
    return [c for c in columns if widest.x0 - 2 <= (c.x0 + c.x1) / 2 <= widest.x1 + 2]


def _centred(segment: Segment, own: list[Column], columns: list[Column], taken: set[int], pitch: float) -> list[Column]:
    if any(c.index in taken for c in own):
        own = [c for c in own if c.index not in taken] or own[:1]
    first = min((c.index for c in own), default=-1)
    last = max((c.index for c in own), default=-1)
    best, widest = own, len(own)
    values = [c for c in columns if c.kind != "notes"]
    for i in range(len(values)):
        for j in range(i, len(values)):
            group = values[i : j + 1]
            indexes = [c.index for c in group]
            if any(k in taken for k in indexes) or (own and not (indexes[0] <= first and last <= indexes[-1])):
                continue
            middle = (group[0].x0 + group[-1].x1) / 2
            if abs(middle - segment.middle) <= 0.3 * pitch and len(group) > widest:
                best, widest = group, len(group)
    if best:
        return best
    free = [c for c in columns if c.index not in taken]
    near = min(free, key=lambda c: max(c.x0 - segment.x1, segment.x0 - c.x1), default=None)
    return [near] if near and max(near.x0 - segment.x1, segment.x0 - near.x1) < 0.5 * pitch else []
