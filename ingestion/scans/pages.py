"""One picture of a page read into the same words and ruling lines a digital page gives, and into text.

The table geometry above does not know where words came from. What only a scan has (how sure each character is, where its line
lies in the picture) is kept beside the layout for whoever must judge or read a number again.
"""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from ingestion.pdf.words import PageLayout, Rule, Turn, Word
from ingestion.scans.engine import Engine, ReadLine, Spelled
from ingestion.scans.figures import cleaned, mark_of_thousands, with_mark
from ingestion.scans.straightening import rules_of, runs_down, sides, skew_of, straight, strip_of
from ingestion.statements.regions import regions_of
from tools.domain.facts import Box

if TYPE_CHECKING:
    from ingestion.scans.engine import Picture, Quad

FIND_DPI = 120.0
SAMPLE = 8
UPSIDE_DOWN = 0.85
"""Print spelled worse than this is tried the other way up."""
EM = 0.74
"""Font size as a share of the height of the box found round a line."""
MOST_LINES = 900
LIKE_DOLLAR = {"S", "s", "§"}


@dataclass(frozen=True, slots=True)
class SpelledWord:
    """A word of the layout with what the engine thought of it: `sure` per character, `second` best characters, the corners of its
    line in the turned picture, in points, and the share of the line it takes."""

    word: Word
    box: Box
    sure: tuple[float, ...]
    second: tuple[str, ...]
    quad: Quad
    share: tuple[float, float] = (0.0, 1.0)

    @property
    def least(self) -> float:
        """The probability of its weakest character."""
        return min(self.sure, default=0.0)


@dataclass(slots=True)
class ScannedPage:
    """What was read from one picture. `score` is the mean probability of its characters, `mark` what parts thousands on it."""

    layout: PageLayout
    text: str
    score: float
    words: list[SpelledWord] = field(default_factory=list)
    mark: str = ""


def read_page(picture: Picture, scale: float, page: int, engine: Engine, zoom: float = 1.0) -> ScannedPage:
    """Reads a picture of page `page` (from 1) as displayed, `scale` pixels to the point of the layout."""
    turned, turn, lines = _upright(picture, scale, engine)
    high, wide = (side / scale for side in turned.shape[:2])
    skew = skew_of([line.quad for line in lines])
    rules = _without_letters(rules_of(turned, skew, scale), lines, skew, scale, (wide, high))
    size = _body(lines) / scale * EM
    words: list[SpelledWord] = []
    for line in lines:
        words += words_of_line(line.spelled, line.quad / scale, skew, (wide, high), size, rules)
    mark = mark_of_thousands(w.word.text for w in words)
    words = [replace(w, word=replace(w.word, text=with_mark(w.word.text, mark))) for w in words]
    words = _with_dollars(words)
    # as the text has them, so that a quote of it is found among them
    order = {id(word): place for place, word in enumerate(itertools.chain(*_rows([w.word for w in words])))}
    words.sort(key=lambda w: order[id(w.word)])
    plain = PageLayout(page, wide, high, tuple(w.word for w in words), tuple(rules), turn, 0, skew, zoom)
    words = [replace(w, box=plain.displayed(w.word.box)) for w in words]
    every = [value for w in words for value in w.sure]
    return ScannedPage(plain, _text(plain), sum(every) / len(every) if every else 0.0, words, mark)


def _with_dollars(words: list[SpelledWord]) -> list[SpelledWord]:
    """Dollar marks on a double ruling line look like an S: one that stands alone before a figure, on a page that has dollar marks."""
    if not any("$" in w.word.text for w in words):
        return words
    marks = set()
    for row in _rows([w.word for w in words]):
        for before, word, after in zip(row, row[1:], row[2:], strict=False):
            if (
                word.text in LIKE_DOLLAR
                and after.text[:1].isdigit()
                and len(before.text) > 1
                and word.x0 - before.x1 > word.size
            ):
                marks.add(id(word))
    return [replace(w, word=replace(w.word, text="$")) if id(w.word) in marks else w for w in words]


def _without_letters(
    rules: Sequence[Rule], lines: Sequence[ReadLine], skew: float, scale: float, page: tuple[float, float]
) -> list[Rule]:
    """Ruling lines without the strokes of letters: those run through the middle of print, or are no longer than it is high."""
    spans = [straight(line.quad / scale, skew, *page) for line in lines]
    boxes = [(float(s[:, 0].min()), float(s[:, 1].min()), float(s[:, 0].max()), float(s[:, 1].max())) for s in spans]

    def letter(rule: Rule) -> bool:
        x, y = (rule.x0 + rule.x1) / 2, (rule.top + rule.bottom) / 2
        for x0, top, x1, bottom in boxes:
            high = bottom - top
            if not (x0 <= x <= x1 and top <= y <= bottom):
                continue
            if rule.horizontal and top + 0.2 * high < y < bottom - 0.25 * high and rule.x0 > x0 - 2 and rule.x1 < x1 + 2:
                return True
            if not rule.horizontal and rule.bottom - rule.top < 1.3 * high:
                return True
        return False

    return [rule for rule in rules if not letter(rule)]


def find_lines(picture: Picture, scale: float, engine: Engine) -> list[Quad]:
    """Places of the lines, looked for in a small copy of the picture."""
    share = min(1.0, FIND_DPI / 72.0 / scale)
    small = cv2.resize(picture, None, fx=share, fy=share, interpolation=cv2.INTER_AREA) if share < 1 else picture
    return [quad / share for quad in engine.find(small)[:MOST_LINES]]


def _upright(picture: Picture, scale: float, engine: Engine) -> tuple[Picture, Turn, list[ReadLine]]:
    """The picture turned so that print reads left to right, by how much, and its lines."""
    quads = find_lines(picture, scale, engine)
    if not quads:
        return picture, 0, []
    if not runs_down(quads):
        lines = _spelled(picture, quads, engine)
        if _score(lines) >= UPSIDE_DOWN or len(lines) < 3:
            return picture, 0, lines
        return _better([(picture, 0, lines), _tried(picture, 180, scale, engine)])
    return _better([_tried(picture, 90, scale, engine), _tried(picture, 270, scale, engine)])


def _tried(picture: Picture, turn: Turn, scale: float, engine: Engine) -> tuple[Picture, Turn, list[ReadLine]]:
    turned = np.ascontiguousarray(np.rot90(picture, -turn // 90))
    quads = find_lines(turned, scale, engine)
    sample = sorted(quads, key=lambda q: -sides(q)[0])[:SAMPLE]
    if _score(_spelled(turned, sample, engine)) < 0.6:
        return turned, turn, []
    return turned, turn, _spelled(turned, quads, engine)


def _better(tries: Sequence[tuple[Picture, Turn, list[ReadLine]]]) -> tuple[Picture, Turn, list[ReadLine]]:
    return max(tries, key=lambda t: _score(t[2]))


def _spelled(picture: Picture, quads: Sequence[Quad], engine: Engine) -> list[ReadLine]:
    spelled = engine.spell([strip_of(picture, quad) for quad in quads])
    return [ReadLine(quad, said) for quad, said in zip(quads, spelled, strict=True) if said.text.strip()]


def _score(lines: Sequence[ReadLine]) -> float:
    weights = [(line.spelled.score, len(line.spelled.text)) for line in lines]
    total = sum(length for _, length in weights)
    return sum(score * length for score, length in weights) / total if total else 0.0


def _body(lines: Sequence[ReadLine]) -> float:
    """The usual height of a line in pixels."""
    return statistics.median(sides(line.quad)[1] for line in lines) if lines else 1.0


def words_of_line(
    spelled: Spelled, quad: Quad, skew: float, page: tuple[float, float], body: float, rules: Sequence[Rule]
) -> list[SpelledWord]:
    """The words of one line, straightened, cut at spaces, wide gaps and ruling lines. Print of about the body's height gets the
    body's size: boxes round figures are lower than boxes round letters, and that is no superscript."""
    level = straight(quad, skew, *page)
    left, right = float((level[0, 0] + level[3, 0]) / 2), float((level[1, 0] + level[2, 0]) / 2)
    middle = float(level[:, 1].mean())
    own = sides(quad)[1] * EM
    size = body if 0.55 * body <= own <= 1.5 * body else own
    width = right - left
    centres = [left + share * width for share in spelled.at]
    edges = _edges(spelled.text, centres, _advances(spelled.text, centres, size), left, right)
    cuts = [(r.x0 + r.x1) / 2 for r in rules if not r.horizontal and r.top < middle < r.bottom and left < r.x0 < right]
    runs: list[list[int]] = []
    fresh = True
    for index, char in enumerate(spelled.text):
        if char.isspace():
            fresh = True
            continue
        before = runs[-1][-1] if runs else None
        if before is not None and not fresh:
            # letters come with their spaces; the place of a wide one (m, W) is not known well enough to part it from its word
            lettered = char.isascii() and char.isalpha() and spelled.text[before].isalpha()
            apart = edges[index][0] - edges[before][1] > (1.5 if lettered else 0.5) * size
            fresh = apart or any(centres[before] < cut < centres[index] for cut in cuts)
        if fresh:
            runs.append([])
        runs[-1].append(index)
        fresh = False
    runs = _figures_joined(spelled.text, runs, edges, size)
    out = []
    for run in runs:
        text = cleaned("".join(spelled.text[i] for i in run))
        borders = (*(edges[i][0] for i in run), edges[run[-1]][1])
        word = Word(
            text, borders[0], middle - 0.5 * size, borders[-1], middle + 0.5 * size, middle + 0.36 * size, size, borders
        )
        sure = tuple(spelled.sure[i] for i in run)
        second = tuple(spelled.second[i] for i in run) if spelled.second else ("",) * len(run)
        share = ((borders[0] - left) / max(width, 0.1), (borders[-1] - left) / max(width, 0.1))
        out.append(SpelledWord(word, word.box, sure, second, quad, share))
    return out


def _advances(text: str, centres: Sequence[float], size: float) -> tuple[float, float]:
    """How wide a narrow and a full character are set on this line: letter-spaced headings are not cut into characters."""
    found: dict[bool, list[float]] = {False: [], True: []}
    for index in range(len(text) - 1):
        wide = ord(text[index]) >= 0x2E80
        if not text[index].isspace() and not text[index + 1].isspace() and wide == (ord(text[index + 1]) >= 0x2E80):
            found[wide].append(centres[index + 1] - centres[index])
    narrow = statistics.median(found[False]) if len(found[False]) >= 4 else 0.0
    full = statistics.median(found[True]) if len(found[True]) >= 3 else 0.0
    return min(max(narrow, 0.56 * size), 1.4 * size), min(max(full, size), 2.0 * size)


def _edges(
    text: str, centres: Sequence[float], advances: tuple[float, float], left: float, right: float
) -> list[tuple[float, float]]:
    """Left and right edge of every character: half way to its neighbour, but never wider than it can be."""
    out = []
    for index, (char, middle) in enumerate(zip(text, centres, strict=True)):
        half = advances[ord(char) >= 0x2E80] / 2
        low = max(middle - half, (centres[index - 1] + middle) / 2 if index else left)
        high = min(middle + half, (middle + centres[index + 1]) / 2 if index + 1 < len(centres) else right)
        out.append((min(low, middle), max(high, middle)))
    return out


def _figures_joined(text: str, runs: list[list[int]], edges: Sequence[tuple[float, float]], size: float) -> list[list[int]]:
    """Runs put back together where a space stands inside one number ("1, 234.50")."""
    out: list[list[int]] = []
    for run in runs:
        if out:
            before, here = "".join(text[i] for i in out[-1]), "".join(text[i] for i in run)
            near = edges[run[0]][0] - edges[out[-1][-1]][1] < 0.6 * size
            broken = re.search(r"\d[,，.]$", before) and re.match(r"\d{3}(?!\d)|\d{2}\)?$", here)
            if near and (broken or (re.search(r"\d$", before) and re.match(r"[,，]\d{3}", here))):
                out[-1] = out[-1] + run
                continue
        out.append(run)
    return out


def _text(layout: PageLayout) -> str:
    """The text of a page; what stands side by side (a spread, assets beside liabilities) is told one after the other."""
    parts = regions_of(layout)
    if len(parts) < 2:
        return text_of(layout.words)
    return "\n".join(line.text for part in parts for line in part)


def _rows(words: Sequence[Word]) -> list[list[Word]]:
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda w: (w.baseline, w.x0)):
        if rows and word.baseline - rows[-1][0].baseline <= 0.5 * min(word.size, rows[-1][0].size):
            rows[-1].append(word)
        else:
            rows.append([word])
    return [sorted(row, key=lambda w: w.x0) for row in rows]


def text_of(words: Sequence[Word]) -> str:
    """The words as lines of text, top to bottom; parts of one line stand apart by two spaces."""
    lines = []
    for row in _rows(words):
        line = row[0].text
        for before, word in itertools.pairwise(row):
            gap = word.x0 - before.x1
            wide = ord(before.text[-1]) >= 0x2E80 or ord(word.text[0]) >= 0x2E80
            line += ("  " if gap > word.size else "" if wide and gap < 0.4 * word.size else " ") + word.text
        lines.append(line)
    return "\n".join(lines)
