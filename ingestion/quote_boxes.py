"""Where the words of a quote stand on their page, found when the quote is cited and not before.

At least half of the quote must be placed, in order and near together, or nothing is drawn: outlining the wrong sentence is
worse than outlining none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from ingestion.pdf.document import PdfDocument
from ingestion.pdf.words import Word
from tools.domain.facts import Box

LEAST_SHARE = 2
"""At least one half: placed characters times this must reach the quote's length."""
SEED = 12
"""Characters that must match in a row before a stretch counts."""
LINE_GAP = 3.0


def boxes_for(path: Path, page: int, quote: str) -> tuple[Box, ...]:
    """Boxes of `quote` on the 1-based `page` of the PDF at `path`, one per printed line; () when it cannot be placed.
    Raises UnreadableFile when the file cannot be opened."""
    with PdfDocument.open(path) as document:
        return () if not 1 <= page <= document.page_count else boxes_among(document.words(page - 1), quote)


def boxes_among(words: Sequence[Word], quote: str) -> tuple[Box, ...]:
    """The same over words already read."""
    letters: list[tuple[int, int]] = []
    text: list[str] = []
    for index, word in enumerate(words):
        for place, printed in enumerate(word.text):
            for char in _plain(printed):
                text.append(char)
                letters.append((index, place))
    page_text = "".join(text)
    wanted = _plain(quote)
    if not wanted or not page_text:
        return ()
    spans = _placed(page_text, wanted)
    placed = sum(end - start for start, end in spans)
    if placed * LEAST_SHARE < len(wanted):
        return ()
    reach: dict[int, tuple[int, int]] = {}
    for index, place in (letters[at] for start, end in spans for at in range(start, end)):
        first, last = reach.get(index, (place, place))
        reach[index] = (min(first, place), max(last, place))
    return _lines([words[index].cut(first, last + 1) for index, (first, last) in sorted(reach.items())])


def _plain(text: str) -> str:
    """Letters and digits only, width and case unified: line breaks, hyphens and spaces differ between text and boxes."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


def _placed(page: str, wanted: str) -> list[tuple[int, int]]:
    """Stretches of the page that spell the quote in order: whole when it is there, else piece by piece after a seed."""
    whole = page.find(wanted)
    if whole >= 0:
        return [(whole, whole + len(wanted))]
    seed = min(SEED, max(4, len(wanted) // 2))
    spans: list[tuple[int, int]] = []
    at = low = 0
    while at + seed <= len(wanted):
        found = page.find(wanted[at : at + seed], low)
        if found < 0:
            at += max(1, seed // 3)
            continue
        length = seed
        while at + length < len(wanted) and found + length < len(page) and page[found + length] == wanted[at + length]:
            length += 1
        spans.append((found, found + length))
        at, low = at + length, found + length
    return spans


def _lines(words: Sequence[Word]) -> tuple[Box, ...]:
    """One box for each run of words on a line."""
    boxes: list[list[float]] = []
    for word in words:
        last = boxes[-1] if boxes else None
        same = last is not None and abs(last[3] - word.bottom) <= LINE_GAP and -LINE_GAP <= word.x0 - last[2] <= 60
        if same and last is not None:
            last[0], last[1] = min(last[0], word.x0), min(last[1], word.top)
            last[2], last[3] = max(last[2], word.x1), max(last[3], word.bottom)
        else:
            boxes.append([word.x0, word.top, word.x1, word.bottom])
    return tuple((box[0], box[1], box[2], box[3]) for box in boxes)
