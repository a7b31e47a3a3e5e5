"""Pages as pictures: drawn once, kept while there is room, outlined or cut out as asked.

PDFium may be used by one thread at a time, so that drawing stands in line; what was drawn is served without waiting.
"""

from __future__ import annotations

import io
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from integrations.api.problems import Refused, not_found
from tools.store.files import file_sha256

if TYPE_CHECKING:
    from PIL.Image import Image

ROOM = 96_000_000
"""Bytes of pictures kept in memory."""
SCALES = (1.0, 1.5, 2.0, 3.0)
"""Pixels to the point a page may be drawn at: few, so that many visitors share one drawing."""
NUMBER_INK, LABEL_INK = (200, 30, 30), (30, 90, 200)
MARGIN = 6.0
"""Points of paper around a number that was cut out."""
Box = Sequence[float]
_pdfium = Lock()


@dataclass(frozen=True, slots=True)
class Page:
    """One page drawn: PNG, its size in points, and how many pages the document has."""

    png: bytes
    width: float
    height: float
    pages: int


class Pictures:
    """A bounded memory of drawn pages. Keys hold the document's hash, so that nothing ever grows stale."""

    def __init__(self, room: int = ROOM) -> None:
        self.room = room
        self._kept: OrderedDict[tuple[object, ...], Page] = OrderedDict()
        self._size = 0
        self._lock = Lock()
        self._sound: OrderedDict[tuple[str, int, int], bool] = OrderedDict()

    def page(self, path: Path, sha256: str, number: int, scale: float = 1.5) -> Page:
        """Page `number` (from 1). Raises Refused: 404 beyond the last page, 410 when the bytes are gone, 409 when they were altered."""
        scale = min(SCALES, key=lambda one: abs(one - scale))
        key = (sha256, number, scale)
        kept = self._taken(key)
        if kept is not None:
            return kept
        self.check(path, sha256)
        with _pdfium:
            kept = self._taken(key)
            return kept if kept is not None else self._keep(key, _drawn(path, number, scale))

    def outlined(self, path: Path, sha256: str, number: int, boxes: Sequence[Box], labels: Sequence[Box], scale: float = 1.5) -> bytes:  # fmt: skip
        """The page with boxes around numbers and their labels, as one PNG."""
        page = self.page(path, sha256, number, scale)
        if not boxes and not labels:
            return page.png
        from PIL import ImageDraw

        image = _image(page)
        zoom = image.width / page.width
        draw = ImageDraw.Draw(image)
        for ink, group in ((LABEL_INK, labels), (NUMBER_INK, boxes)):
            for box in group:
                x0, top, x1, bottom = _inside(box, page)
                draw.rectangle(
                    (x0 * zoom - 3, top * zoom - 3, x1 * zoom + 3, bottom * zoom + 3),
                    outline=ink,
                    width=max(2, round(zoom * 1.2)),
                )
        return _png(image)

    def cut(self, path: Path, sha256: str, number: int, box: Box, label: Box | None) -> bytes:
        """The strip of the page that holds the number and its label, outlined: small enough for a list."""
        key = (sha256, number, "cut", tuple(box), tuple(label or ()))
        kept = self._taken(key)
        if kept is not None:
            return kept.png
        from PIL import Image, ImageDraw

        page = self.page(path, sha256, number, 2.0)
        image = _image(page)
        zoom = image.width / page.width
        x0, top, x1, bottom = _inside(box, page)
        draw = ImageDraw.Draw(image)
        draw.rectangle((x0 * zoom - 3, top * zoom - 3, x1 * zoom + 3, bottom * zoom + 3), outline=NUMBER_INK, width=2)
        number_strip = _strip(image, (x0, top, x1, bottom), zoom)
        if label:
            near = _inside(label, page)
            beside = abs(near[1] - top) < 2 * (bottom - top) + 6
            if beside and near[2] <= x0 + 1:
                # the words of the label, then its number: what lies between is left out
                words = _strip(image, near, zoom)
                joined = Image.new("RGB", (words.width + number_strip.width, max(words.height, number_strip.height)), "white")
                joined.paste(words, (0, 0))
                joined.paste(number_strip, (words.width, 0))
                number_strip = joined
        return self._keep(key, Page(_png(number_strip), 0, 0, page.pages)).png

    def check(self, path: Path, sha256: str) -> None:
        """The bytes on disk are what was received. Raises Refused: 410 when they are gone, 409 when they were altered."""
        try:
            state = path.stat()
        except OSError:
            raise Refused(410, "gone", "the document's bytes are no longer on the disk", where=sha256[:12],
                          fix="Restore the documents folder from its backup; what was read from it is kept") from None  # fmt: skip
        key = (sha256, state.st_mtime_ns, state.st_size)
        if key not in self._sound:
            self._sound[key] = file_sha256(path) == sha256
            while len(self._sound) > 5_000:
                self._sound.popitem(last=False)
        if not self._sound[key]:
            raise Refused(409, "altered", "the document on the disk is not the one that was received", where=sha256[:12],
                          fix="Run `loanward trail verify` and restore the file from its backup")  # fmt: skip

    def _taken(self, key: tuple[object, ...]) -> Page | None:
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
            return kept

    def _keep(self, key: tuple[object, ...], page: Page) -> Page:
        with self._lock:
            if key not in self._kept:
                self._kept[key] = page
                self._size += len(page.png)
            while self._size > self.room and len(self._kept) > 1:
                _, old = self._kept.popitem(last=False)
                self._size -= len(old.png)
        return page


def _drawn(path: Path, number: int, scale: float) -> Page:
    from ingestion.pdf.document import PdfDocument

    with PdfDocument.open(path) as pdf:
        if not 1 <= number <= pdf.page_count:
            raise not_found(f"page {number} of {pdf.page_count}", fix=f"Pages run from 1 to {pdf.page_count}")
        width, height = pdf.size(number - 1)
        image = pdf.render(number - 1, scale)
        return Page(_png(image.convert("RGB")), width, height, pdf.page_count)


def _inside(box: Box, page: Page) -> tuple[float, float, float, float]:
    """The box in order and within the page. Raises Refused (422) for one that is nowhere on it."""
    x0, x1 = sorted((box[0], box[2]))
    top, bottom = sorted((box[1], box[3]))
    if x0 >= page.width or top >= page.height or x1 <= 0 or bottom <= 0:
        where = ",".join(f"{edge:g}" for edge in box)
        raise Refused(422, "invalid", "the box lies outside the page", where=where,
                      fix=f"The page is {page.width:.0f} by {page.height:.0f} points")  # fmt: skip
    return max(x0, 0.0), max(top, 0.0), min(x1, page.width), min(bottom, page.height)


def _strip(image: Image, box: tuple[float, float, float, float], zoom: float) -> Image:
    x0, top, x1, bottom = (edge * zoom for edge in box)
    pad = MARGIN * zoom / 2
    return image.crop((
        max(0, round(x0 - pad)), max(0, round(top - pad)), min(image.width, round(x1 + pad) + 1), min(image.height, round(bottom + pad) + 1),
    ))  # fmt: skip


def _image(page: Page) -> Image:
    from PIL import Image

    return Image.open(io.BytesIO(page.png)).convert("RGB")


def _png(image: Image) -> bytes:
    out = io.BytesIO()
    # a page is text on white: the quickest compression already makes it small
    image.save(out, "PNG", compress_level=3)
    return out.getvalue()
