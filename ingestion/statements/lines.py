"""Lines of a page: words on one baseline, cut into atoms (text, number, dash, currency mark, note reference).

An atom is what a reader sees as one thing: "(", "1,234" and ")" are one number, "10, 11, 12" is one note reference, words of
a label with normal gaps are one text.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from ingestion.pdf.words import Word, union
from ingestion.statements.numbers import Number, Style, is_currency_mark, is_note_reference, read_number, split_glued
from tools.domain.facts import Box

AtomKind = Literal["text", "number", "nil", "currency", "note"]

LEADERS = re.compile(r"[.·…_\s]{3,}|[.…]{2,}")
_OPENERS = re.compile(r"[($¥€£-]*\(?-?[\d,.]*")
_YEAR = re.compile(r"(?:19|20)\d\d")
BASELINE_SHARE = 0.34
SMALL = 0.78


@dataclass(slots=True)
class Atom:
    """One thing on a line. `right` is the right edge of the last digit (brackets and % hang to the right of it); `parts` are the
    words of a text of several: text, left and right edge."""

    kind: AtomKind
    text: str
    box: Box
    right: float
    number: Number | None = None
    superscript: bool = False
    gap: float = 1e9
    parts: list[tuple[str, float, float]] = field(default_factory=list)

    @property
    def x0(self) -> float:
        """Left edge."""
        return self.box[0]

    @property
    def x1(self) -> float:
        """Right edge."""
        return self.box[2]


@dataclass(slots=True)
class Line:
    """Atoms on one baseline, left to right. `size` is the usual font size of its words."""

    page: int
    baseline: float
    size: float
    atoms: list[Atom] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All atoms with single spaces."""
        return " ".join(a.text for a in self.atoms if not a.superscript)

    @property
    def box(self) -> Box:
        """Around all atoms."""
        return union(a.box for a in self.atoms)

    @property
    def x0(self) -> float:
        """Left edge of the first atom."""
        return self.atoms[0].x0

    def has_numbers(self) -> bool:
        """True when at least one atom is an amount (a bare year does not count)."""
        return any(a.kind == "number" and not _YEAR.fullmatch(a.text) for a in self.atoms)


def lines_of(words: Iterable[Word], page: int, style: Style = "comma") -> list[Line]:
    """Lines from top to bottom. Words set small beside a line (footnote marks) join it as superscripts."""
    rows = _rows([w for w in _without_leaders(words) if w.text])
    lines: list[Line] = []
    for row in rows:
        size = _usual(row)
        normal = [w.baseline for w in row if w.size >= SMALL * size] or [row[0].baseline]
        line = Line(page, sorted(normal)[len(normal) // 2], size)
        line.atoms = _atoms(sorted(row, key=lambda w: w.x0), size, style)
        if line.atoms:
            lines.append(line)
    return lines


def _without_leaders(words: Iterable[Word]) -> Iterable[Word]:
    for word in words:
        match = LEADERS.search(word.text)
        if match is None:
            yield word
            continue
        head, tail = word.cut(0, match.start()), word.cut(match.end(), len(word.text))
        if match.start() > 0:
            yield head
        if match.end() < len(word.text):
            yield tail


def _usual(row: Sequence[Word]) -> float:
    by_length = sorted((w.size, len(w.text)) for w in row)
    half, seen = sum(n for _, n in by_length) / 2, 0
    for size, length in by_length:
        seen += length
        if seen >= half:
            return size
    return by_length[-1][0]


def _rows(words: list[Word]) -> list[list[Word]]:
    rows: list[list[Word]] = []
    base: list[float] = []
    for word in sorted(words, key=lambda w: (w.baseline, w.x0)):
        if rows and word.baseline - base[-1] <= BASELINE_SHARE * max(_usual(rows[-1]), min(word.size, 14.0)):
            rows[-1].append(word)
            if word.size >= SMALL * _usual(rows[-1]):
                base[-1] = max(base[-1], word.baseline) if base[-1] - word.baseline < 0.5 else base[-1]
            continue
        rows.append([word])
        base.append(word.baseline)
    return _with_marks(rows)


def _with_marks(rows: list[list[Word]]) -> list[list[Word]]:
    """Rows that hold only small words overlapping the next (or previous) row's band are footnote marks of that row."""
    out: list[list[Word]] = []
    skip: list[Word] = []
    for index, row in enumerate(rows):
        size = _usual(row)
        following = rows[index + 1] if index + 1 < len(rows) else []
        if following and len(row) <= 6 and size < SMALL * _usual(following):
            top, bottom = min(w.top for w in following), max(w.bottom for w in following)
            if all(w.bottom > top + 0.1 and w.top < bottom and len(w.text) <= 4 for w in row):
                skip = row
                continue
        out.append([*row, *skip])
        skip = []
    return out


def _atoms(words: list[Word], size: float, style: Style) -> list[Atom]:
    pieces = [piece for word in words for piece in _pieces(word)]
    atoms: list[Atom] = []
    index = 0
    while index < len(pieces):
        taken, atom = _number_atom(pieces, index, size, style)
        if atom is None:
            atom = _other_atom(pieces[index], size)
            taken = 1
        index += taken
        last = atoms[-1] if atoms else None
        atom.gap = atom.x0 - last.x1 if last else 1e9
        if last and _continues(last, atom, size):
            last.parts = [*(last.parts or [(last.text, last.x0, last.x1)]), (atom.text, atom.x0, atom.x1)]
            last.text = f"{last.text}{_joint(last, atom, size)}{atom.text}"
            last.box, last.right = union((last.box, atom.box)), atom.x1
            continue
        atoms.append(atom)
    return atoms


def _pieces(word: Word) -> list[Word]:
    cut = split_glued(word.text)
    if cut is not None and word.edges:
        return [word.cut(0, cut), word.cut(cut, len(word.text))]
    if len(word.text) > 1 and word.text[-1] in "$¥€£" and word.text[-2] in "0123456789)-–—" and word.edges:
        return [word.cut(0, len(word.text) - 1), word.cut(len(word.text) - 1, len(word.text))]
    return [word]


def _number_atom(pieces: list[Word], index: int, size: float, style: Style) -> tuple[int, Atom | None]:
    """The longest run of up to four pieces from `index` that reads as one number: brackets may stand apart."""
    for count in range(min(4, len(pieces) - index), 0, -1):
        run = pieces[index : index + count]
        if count > 1:
            if not _OPENERS.match(run[0].text) or any(b.x0 - a.x1 > 0.9 * size for a, b in itertools.pairwise(run)):
                continue
            if run[1].x0 - run[0].x1 > (0.9 * size if is_currency_mark(run[0].text) else 1.5 * size):
                continue
            if not _one_number([p.text for p in run]):
                continue
        text = "".join(p.text for p in run)
        number = read_number(text, style)
        if number is None:
            continue
        digits = [p for p in run if any(c.isdigit() for c in p.text)] or run
        right = _digit_right(digits[-1])
        box = union(p.box for p in run)
        mark = run[0].size < SMALL * size and len(text) <= 4
        return count, Atom("nil" if number.nil else "number", text, box, right, number, superscript=mark)
    return 1, None


def _one_number(texts: list[str]) -> bool:
    """Pieces that only together are a number: exactly one of them carries digits (or a dash), the rest are signs."""
    carriers = [t for t in texts if any(c.isdigit() for c in t) or re.fullmatch(r"[-–—−]+", t)]
    signs = [t for t in texts if t not in carriers]
    if len(carriers) == 2 and re.fullmatch(r"[-–—−]", carriers[0]):
        signs, carriers = [*signs, carriers[0]], carriers[1:]
    return (
        len(carriers) == 1
        and all(re.fullmatch(r"[()%（）$¥€£△▲–−-]+|[pc]", t) for t in signs)
        and "".join(texts).count("(") <= 1
    )


def _digit_right(word: Word) -> float:
    if not word.edges:
        return word.x1
    last = max((i for i, c in enumerate(word.text) if c.isdigit()), default=len(word.text) - 1)
    return word.edges[last + 1]


def _other_atom(word: Word, size: float) -> Atom:
    small = word.size < SMALL * size and len(word.text) <= 5
    if is_currency_mark(word.text):
        return Atom("currency", word.text, word.box, word.x1)
    kind: AtomKind = "note" if is_note_reference(word.text) and not word.text.isalpha() else "text"
    return Atom(kind, word.text, word.box, word.x1, superscript=small)


def _continues(last: Atom, atom: Atom, size: float) -> bool:
    if last.superscript or atom.superscript:
        return False
    gap = atom.x0 - last.x1
    if last.kind == "text" and atom.kind == "text":
        return gap < 1.0 * size
    listed = last.kind == "note" and last.text[-1:] in ",;、&"
    return bool(
        listed and gap < 1.0 * size and (atom.kind == "note" or (atom.kind == "number" and is_note_reference(atom.text)))
    )


def _joint(last: Atom, atom: Atom, size: float) -> str:
    """A space between words of a spaced script; none between Chinese characters."""
    near = atom.x0 - last.x1 < 0.12 * size
    return "" if near or (_wide(last.text[-1:]) and _wide(atom.text[:1])) else " "


def _wide(char: str) -> bool:
    return bool(char) and ord(char) >= 0x2E80
