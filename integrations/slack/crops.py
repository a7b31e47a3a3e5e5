"""The piece of a page a source stands on, as a picture with the cited number outlined."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, UnidentifiedImageError

SCALE = 2.0
"""Pixels per point: readable on a phone."""
AROUND = 110
"""Points of the page shown above and below."""
PAD = 2.5
RED = (214, 30, 30)
MOST_PIXELS = 40_000_000
_PDFIUM = threading.Lock()
"""PDFium works for one thread at a time."""


def crop(path: Path, page: int, boxes: Sequence[Sequence[float]]) -> bytes | None:
    """A PNG, or None when the file has no pages to draw. Boxes are points from the top left of the page as displayed."""
    image = _page(path, page)
    if image is None:
        return None
    draw = ImageDraw.Draw(image)
    for box in boxes:
        x0, top, x1, bottom = (edge * SCALE for edge in box)
        pad = PAD * SCALE
        draw.rectangle((x0 - pad, top - pad, x1 + pad, bottom + pad), outline=RED, width=3)
    if boxes:
        top = max(0, int((min(box[1] for box in boxes) - AROUND) * SCALE))
        bottom = min(image.height, int((max(box[3] for box in boxes) + AROUND) * SCALE))
        if bottom > top:
            image = image.crop((0, top, image.width, bottom))
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _page(path: Path, page: int) -> Image.Image | None:
    with path.open("rb") as stream:
        start = stream.read(1024)
    if b"%PDF" in start:
        with _PDFIUM:
            return _pdf_page(path, page)
    try:
        image = Image.open(path)
        if image.width * image.height > MOST_PIXELS:
            return None
        image.seek(page - 1)
        return image.convert("RGB")
    except (UnidentifiedImageError, EOFError, OSError, Image.DecompressionBombError):
        return None


def _pdf_page(path: Path, page: int) -> Image.Image | None:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError:
        return None
    try:
        if not 1 <= page <= len(document):
            return None
        drawn = document[page - 1]
        width, height = drawn.get_size()
        if width * height * SCALE * SCALE > MOST_PIXELS:
            return None
        picture: Image.Image = drawn.render(scale=SCALE).to_pil().convert("RGB")
        return picture
    finally:
        document.close()
