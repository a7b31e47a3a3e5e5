"""Image files as PDF pages, so that a photographed or scanned statement is opened, shown and outlined like any other page.

A page takes the size its resolution gives; where that is missing or absurd (a phone says 72 dots per inch), that of A4 paper.
"""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

from tools.errors import UnreadableFile

if TYPE_CHECKING:
    from PIL.Image import Image

MAGIC = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*")
MAX_PIXELS = 80_000_000
MAX_FRAMES = 200
A4 = (8.27, 11.69)
LEAST_INCHES, MOST_INCHES = 3.0, 20.0


def is_image(head: bytes) -> bool:
    """Whether a file with these first bytes is a PNG, JPEG or TIFF."""
    return head.startswith(MAGIC)


def as_pdf(data: bytes, name: str) -> bytes:
    """The pictures of an image file as a PDF with one page each. Raises UnreadableFile: truncated, too_large."""
    import PIL.Image

    again = "Ask for the picture again, or for the paper as PDF"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", PIL.Image.DecompressionBombWarning)
            with PIL.Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "TIFF", "MPO")) as picture:
                frames = getattr(picture, "n_frames", 1)
                if frames > MAX_FRAMES:
                    what = f"{frames} pictures are more than the {MAX_FRAMES} one file may hold"
                    raise UnreadableFile(what, reason="too_large", where=name, fix="Split it")
                return _pages(picture, frames, name)
    except PIL.Image.DecompressionBombError as error:
        raise UnreadableFile("the picture is too large", reason="too_large", where=name, fix="Send it smaller") from error
    except (OSError, ValueError, SyntaxError, EOFError, KeyError, TypeError, IndexError) as error:
        raise UnreadableFile("the picture is cut off or damaged", reason="truncated", where=name, fix=again) from error


def _pages(picture: Image, frames: int, name: str) -> bytes:
    import pypdfium2 as pdfium

    whole = pdfium.PdfDocument.new()
    try:
        for number in range(frames):
            picture.seek(number)
            if picture.width * picture.height > MAX_PIXELS or min(picture.size) < 8:
                what = f"a picture of {picture.width} x {picture.height} pixels is not read"
                raise UnreadableFile(what, reason="too_large", where=name, fix="Send it at 200 dots per inch")
            page = io.BytesIO()
            plain, inches = _plain(picture), _inches(picture)
            plain.save(page, format="PDF", resolution=plain.width / inches)
            one = pdfium.PdfDocument(page.getvalue())
            whole.import_pages(one)
            one.close()
        out = io.BytesIO()
        whole.save(out)
        return out.getvalue()
    finally:
        whole.close()


def _plain(picture: Image) -> Image:
    """Turned as its camera says, without transparency, in eight bits."""
    import PIL.Image
    import PIL.ImageOps

    shown = PIL.ImageOps.exif_transpose(picture) or picture
    if shown.mode in ("RGBA", "LA", "PA") or "transparency" in shown.info:
        shown = shown.convert("RGBA")
        paper = PIL.Image.new("RGB", shown.size, "white")
        paper.paste(shown, mask=shown.getchannel("A"))
        return paper
    if shown.mode.startswith("I") or shown.mode == "F":
        low, high = shown.convert("F").getextrema()
        spread = max(float(high) - float(low), 1.0)  # type: ignore[arg-type]
        return shown.convert("F").point(lambda value: (value - float(low)) * (255.0 / spread)).convert("L")  # type: ignore[arg-type]
    return shown.convert("L") if shown.mode in ("1", "L") else shown.convert("RGB")


def _inches(picture: Image) -> float:
    """The width of the page, after the turn its camera asks for."""
    turned = picture.getexif().get(0x0112, 1) >= 5
    wide, high = (picture.height, picture.width) if turned else picture.size
    said = picture.info.get("dpi", (0, 0))[0]
    dots = float(said) if said else 0.0
    if dots > 0 and LEAST_INCHES <= wide / dots <= MOST_INCHES and LEAST_INCHES <= high / dots <= MOST_INCHES:
        return wide / dots
    return A4[0] * min(1.0, A4[1] / A4[0] * wide / high) if high >= wide else min(A4[1], A4[0] * wide / high)
