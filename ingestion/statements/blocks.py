"""Tables of one page: where a statement begins (its title), where it ends, its columns, headers and rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingestion.pdf.words import PageLayout
from ingestion.statements.columns import amounts, find_columns, header_like, place, settle_kinds, year_like
from ingestion.statements.headers import give_headers, segments_of, with_notes_column
from ingestion.statements.lines import Line
from ingestion.statements.model import Column, Table
from ingestion.statements.regions import regions_of
from ingestion.statements.rows import Known, pieces_of, rows_of
from ingestion.statements.titles import Title, title_of
from ingestion.statements.vocabulary import compact, words

MARGIN = 0.09
_PAGE_NUMBER = re.compile(r"[-–—\s]*(?:page|第)?\s*(?:[A-Z]\s?-\s?)?\d{1,4}\s*(?:页)?\s*(?:(?:/|of)\s*\d{1,4})?[-–—\s]*", re.I)


def tables_of(layout: PageLayout, known: Known, carried: Sequence[Column] = ()) -> list[Table]:
    """The tables of a page in reading order, each with the title above it (None: it may continue the page before).

    `carried` are the columns of the statement that was still open at the foot of the page before: a table without a title
    is read through them when its amounts stand where theirs did, however few they are.
    """
    tables: list[Table] = []
    for position, region in enumerate(regions_of(layout)):
        lines = _without_furniture(region, layout)
        for title, text, before, block in _blocks(lines):
            table = _table(title, text, before, block, layout, known, carried if title is None else ())
            if table is not None:
                table.beside = position > 0 and title is None
                tables.append(table)
    return tables


def _columns(lines: Sequence[Line], carried: Sequence[Column]) -> list[Column]:
    found = find_columns(lines)
    if not carried:
        return found
    every = [a for line in lines if not header_like(line) for a in amounts(line)]
    kept = sum(len(place(line, carried)) for line in lines if not header_like(line))
    values = [c for c in found if c.kind == "value"]
    if every and kept >= 0.85 * len(every) and len(values) <= sum(1 for c in carried if c.kind != "notes"):
        return [replace(c, header=[], period=None) for c in carried]
    return found


def _without_furniture(lines: list[Line], layout: PageLayout) -> list[Line]:
    """Lines without page numbers at the edges of the page."""
    top, bottom = MARGIN * layout.height, (1 - MARGIN) * layout.height
    return [x for x in lines if top < x.baseline < bottom or not _PAGE_NUMBER.fullmatch(x.text)]


def _blocks(lines: list[Line]) -> list[tuple[Title | None, str, list[str], list[Line]]]:
    """Lines parted at titles: (title, its text, lines before it since the last block, lines after it)."""
    out: list[tuple[Title | None, str, list[str], list[Line]]] = []
    current: tuple[Title | None, str, list[str], list[Line]] = (None, "", [], [])
    index = 0
    while index < len(lines):
        count, title = _title_at(lines, index)
        if title is None:
            current[3].append(lines[index])
            index += 1
            continue
        out.append(current)
        text = " ".join(x.text for x in lines[index : index + count])
        current = (title, text, [x.text for x in lines[max(index - 4, 0) : index]], [])
        index += count
    out.append(current)
    return [block for block in out if block[3] or block[0]]


def _title_at(lines: list[Line], index: int) -> tuple[int, Title | None]:
    line = lines[index]
    found = [a for a in amounts(line) if a.number is not None and not year_like(a)]
    if len(found) > 1 or any(a.number and (a.number.grouped or a.number.places) for a in found):
        return 1, None
    single = title_of(line.text)
    if single:
        return 1 + _more_title(lines, index, line), single
    if index + 1 < len(lines) and not title_of(lines[index + 1].text) and _alike(line, lines[index + 1]):
        joined = title_of(f"{line.text} {lines[index + 1].text}")
        if joined and len(line.atoms) <= 3:
            return 2 + _more_title(lines, index + 1, line), joined
    return 1, None


def _more_title(lines: list[Line], index: int, first: Line) -> int:
    """How many following lines in the same large type belong to the title ("AS AT 31 DECEMBER 2022")."""
    count = 0
    for line in lines[index + 1 : index + 3]:
        if not _alike(first, line) or first.size < 1.25 * _body(lines) or title_of(line.text):
            break
        count += 1
    return count


def _body(lines: list[Line]) -> float:
    sizes = sorted(line.size for line in lines)
    return sizes[len(sizes) // 2]


def _alike(a: Line, b: Line) -> bool:
    return abs(a.size - b.size) < 0.12 * a.size and 0 < b.baseline - a.baseline < 1.9 * a.size


def _table(
    title: Title | None,
    text: str,
    before: list[str],
    lines: list[Line],
    layout: PageLayout,
    known: Known,
    carried: Sequence[Column],
) -> Table | None:
    end = next((i for i, line in enumerate(lines) if _ends(line)), None)
    body = lines if end is None else lines[:end]
    if not body:
        return Table(layout.page, title, [], [], [], end is not None, text, before) if title else None
    columns = _columns(body, carried)
    start = _first_row(body, columns, known)
    if not columns or start is None:
        above = [_spaced(line) for line in body]
        return Table(layout.page, title, above, [], [], end is not None, text, before, body[:10]) if title else None
    head, rest = body[:start], body[start:]
    near = _near(head, rest[0], title is not None)
    columns = with_notes_column(near, columns)
    give_headers(near, columns, layout.rules)
    settle_kinds(columns)
    rest = _until_prose(rest, columns)
    rows = rows_of(pieces_of(rest, columns), layout, columns, known)
    after = [line.text for line in lines[end:]] if end is not None else []
    above = [_spaced(line) for line in head]
    marks = [a.text for line in rest for a in line.atoms if a.kind == "currency"]
    lost = _exact(rest) - sum(len(row.cells) for row in rows)
    return Table(layout.page, title, above, columns, rows, end is not None, text, before, [], after, marks, lost=max(lost, 0))


def _exact(lines: Sequence[Line]) -> int:
    """How many atoms of these lines are amounts beyond doubt: with thousands marked or with decimals."""
    return sum(
        1
        for line in lines
        for a in line.atoms
        if a.number is not None and not a.superscript and (a.number.grouped or a.number.places)
    )


def _spaced(line: Line) -> str:
    return "   ".join(s.text for s in segments_of(line, 0.95))


def _near(head: list[Line], first: Line, titled: bool) -> list[Line]:
    """Header lines: all below a title; on a page without one, those set close above the first row."""
    if titled and len(head) <= 10:
        return head
    kept: list[Line] = []
    below = first
    for line in reversed(head[-8:]):
        if below.baseline - line.baseline > 2.6 * max(line.size, below.size):
            break
        kept.append(line)
        below = line
    return kept[::-1]


def _first_row(lines: Sequence[Line], columns: Sequence[Column], known: Known) -> int | None:
    """The first line with an amount in a column, or the label-only lines just before it: a section heading, or the beginning
    of a label that goes on in it."""
    values = [c for c in columns if c.kind == "value"] or list(columns)
    for index, line in enumerate(lines):
        cells = place(line, values)
        if not any(a.number is not None for a in cells.values()) or header_like(line):
            continue
        if not any(a.kind == "text" for a in line.atoms) and all(
            a.number and not a.number.grouped and a.number.places == 0 for a in cells.values()
        ):
            continue
        if index > 0 and _begun_before(lines[index - 1], line, known):
            index -= 1
        while index > 0 and _heading_before(lines[index - 1], columns):
            index -= 1
        return index
    return None


def _begun_before(above: Line, line: Line, known: Known) -> bool:
    """Whether the label of the first row begins on the line above it, where the header would end."""
    alone = [a for a in above.atoms if not a.superscript]
    if len(alone) != 1 or alone[0].kind != "text" or line.atoms[0].kind != "text":
        return False
    rest = line.atoms[0].text
    near = line.baseline - above.baseline < 1.6 * line.size
    return near and (rest[:1].islower() or known(f"{alone[0].text} {rest}"))


def _heading_before(line: Line, columns: Sequence[Column]) -> bool:
    if (
        len([a for a in line.atoms if not a.superscript]) != 1
        or line.atoms[0].kind != "text"
        or line.atoms[0].x1 > columns[-1].x0
    ):
        return False
    tight = compact(line.text)
    vocabulary = words()
    if any(p.search(tight) for _, p in vocabulary.units) or re.search(
        r"(?:19|20)\d\d|ended|asat|项目|except|amounts\)|unaudited", tight
    ):
        return False
    return (
        line.text.rstrip().endswith((":", "："))
        or any(p.fullmatch(tight.strip(":")) for p in vocabulary.sections.values())
        or len(tight) < 60
    )


def _ends(line: Line) -> bool:
    return bool(words().end_of_statement.search(compact(line.text)))


def _until_prose(lines: list[Line], columns: Sequence[Column]) -> list[Line]:
    """Lines up to where running text takes over: two lines in a row that cross the columns with words."""
    left = min((c.x0 for c in columns if c.kind == "value"), default=1e9)
    streak = 0
    for index, line in enumerate(lines):
        crossing = any(a.kind == "text" and a.x1 > left + 15 and len(a.text) > 25 for a in line.atoms) and not place(
            line, columns
        )
        streak = streak + 1 if crossing else 0
        if streak >= 2:
            return lines[: index - 1]
    return lines
