"""The pictures of one document read: every page once for its text, the numbers of statements twice.

    scans = read_pictures(document, texts, "rapidocr")
    document.text(3), document.layout(3)        # as if the page had been digital

Two readings at different sharpness agree on a right digit and rarely on the same wrong one; where they differ both are kept, and
the identities of the statement decide (ingestion.scans.repair).
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from ingestion.extraction import Message
from ingestion.pdf.document import PdfDocument
from ingestion.scans.choosing import picture_pages
from ingestion.scans.engine import Engine, EngineName, Spelled
from ingestion.scans.engines import engine_named
from ingestion.scans.figures import cleaned, with_mark
from tools.domain.facts import Box

if TYPE_CHECKING:
    from ingestion.scans.engine import Picture, Quad
    from ingestion.scans.pages import ScannedPage, SpelledWord

DPI, SHARP_DPI = 200.0, 300.0
LONGEST, SHORTEST = 1300.0, 500.0
"""Long side of a page in points; what lies outside is laid out as if it were A4, because type sizes are judged in points."""
A4_LONG = 842.0
MAX_PICTURES = 400
"""Pages read from pictures in one file; at four seconds each the rest would take longer than an hour allows."""

Report = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Doubt:
    """What two readings of one printed number say. `text` is the better one, `others` what it may be instead, `least` the
    probability of the weakest character, `agreed` whether both readings say the same."""

    text: str
    others: tuple[str, ...]
    least: float
    agreed: bool


@dataclass(slots=True)
class Scans:
    """The pages of a document read from pictures."""

    document: PdfDocument
    engine: Engine
    pages: dict[int, ScannedPage] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)

    def doubts(self, wanted: Sequence[tuple[int, Box]]) -> dict[tuple[int, Box], Doubt]:
        """A second, sharper reading of the numbers in `wanted` (page from 1, box as displayed)."""
        from ingestion.scans.straightening import strip_of

        out: dict[tuple[int, Box], Doubt] = {}
        for page in sorted({page for page, _ in wanted}):
            scanned = self.pages.get(page - 1)
            if scanned is None:
                continue
            found = {(p, box): word for p, box in wanted if p == page and (word := _under(scanned, box)) is not None}
            words = list({id(word): word for word in found.values()}.values())
            picture, scale = picture_of(self.document, page - 1, SHARP_DPI)
            picture = np.ascontiguousarray(np.rot90(picture, -scanned.layout.turn // 90))
            strips = [strip_of(picture, _own_corners(word, scanned) * scale * scanned.layout.zoom) for word in words]
            second = dict(zip(map(id, words), self.engine.spell(strips), strict=True))
            for key, word in found.items():
                out[key] = _compared(word, second[id(word)], scanned.mark)
        return out


def read_pictures(
    document: PdfDocument, texts: Sequence[str], engine: EngineName, report: Report | None = None
) -> Scans | None:
    """Reads the pages that are pictures and lays their words into `document`; None when there are none, or no engine."""
    wanted = picture_pages(document, texts) if engine != "none" else []
    if not wanted:
        return None
    if report is not None:
        report("scan", wanted[0] + 1, document.page_count)
    from ingestion.scans.pages import read_page

    started = engine_named(engine)
    assert started is not None
    scans = Scans(document, started)
    for index in wanted[:MAX_PICTURES]:
        if report is not None:
            report("scan", index + 1, document.page_count)
        picture, scale = picture_of(document, index, DPI)
        width, height = document.size(index)
        longest = max(width, height)
        zoom = 1.0 if SHORTEST <= longest <= LONGEST else longest / A4_LONG
        scanned = read_page(picture, scale * zoom, index + 1, started, zoom)
        if len(scanned.text.strip()) > len(texts[index].strip()) // 2:
            scans.pages[index] = scanned
            document.lay(scanned.layout, scanned.text)
    if scans.pages:
        scans.messages.append(_said(scans, len(texts)))
    if len(wanted) > MAX_PICTURES:
        text = (
            f"{len(wanted) - MAX_PICTURES} pages are pictures beyond the first {MAX_PICTURES} and were not read. Split the file"
        )
        scans.messages.append(Message("warning", wanted[MAX_PICTURES] + 1, text))
    return scans


def picture_of(document: PdfDocument, index: int, dpi: float) -> tuple[Picture, float]:
    """A picture of a page and its pixels to the point; a page that calls itself huge is rendered as if it were A4."""
    longest = max(*document.size(index), 1.0)
    scale = dpi / 72.0 * (1.0 if SHORTEST <= longest <= LONGEST else A4_LONG / longest)
    picture = np.asarray(document.render(index, scale).convert("RGB"))
    return picture, picture.shape[1] / max(document.size(index)[0], 1.0)


def _said(scans: Scans, pages: int) -> Message:
    count, first = len(scans.pages), min(scans.pages) + 1
    score = sum(page.score for page in scans.pages.values()) / count
    weak = [index + 1 for index, page in sorted(scans.pages.items()) if page.score < 0.9 and page.words]
    tail = f"; hard to read: {', '.join(map(str, weak[:12]))}" if weak else ""
    text = f"{count} of {pages} pages are pictures and were read by {scans.engine.name}, certainty {score:.1%}{tail}"
    return Message("warning" if weak else "info", first, text)


def _under(scanned: ScannedPage, box: Box) -> SpelledWord | None:
    """The word that lies most under a box."""
    best: tuple[float, SpelledWord] | None = None
    for word in scanned.words:
        across = min(box[2], word.box[2]) - max(box[0], word.box[0])
        down = min(box[3], word.box[3]) - max(box[1], word.box[1])
        if across > 0 and down > 0 and (best is None or across * down > best[0]):
            best = (across * down, word)
    return best[1] if best else None


def _own_corners(word: SpelledWord, scanned: ScannedPage) -> Quad:
    """The corners of the word in the turned picture: its share of its line, half a character more on either side."""
    quad, (first, last) = word.quad, word.share
    edge = 0.5 / max(len(word.word.text), 1) * (last - first)
    low, high = max(first - edge, 0.0), min(last + edge, 1.0)
    top, bottom = quad[1] - quad[0], quad[2] - quad[3]
    return np.array(
        [quad[0] + low * top, quad[0] + high * top, quad[3] + high * bottom, quad[3] + low * bottom], dtype=np.float32
    )


def _compared(word: SpelledWord, second: Spelled, mark: str) -> Doubt:
    first_text, second_text = word.word.text, with_mark(cleaned(second.text), mark)
    least = word.least
    if first_text == second_text:
        return Doubt(first_text, _rivals(first_text, word.second), max(least, min(second.sure, default=0.0)), True)
    others = {second_text, *_rivals(first_text, word.second), *_rivals(second.text, second.second)}
    text = first_text
    alike = difflib.SequenceMatcher(None, first_text, second_text).ratio()
    if alike > 0.5 and min(second.sure, default=0.0) > least and sum(c.isdigit() for c in second_text) >= 2:
        text = second_text
        others.add(first_text)
    return Doubt(text, tuple(sorted(others - {text, ""})), min(least, min(second.sure, default=0.0)), False)


def _rivals(text: str, second: Sequence[str]) -> tuple[str, ...]:
    """The text with one character taken as the engine's second choice."""
    if len(second) != len(text):
        return ()
    return tuple(cleaned(text[:i] + other + text[i + 1 :]) for i, other in enumerate(second) if other)
