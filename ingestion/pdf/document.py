"""One PDF file: opened once, page text first, geometry only when asked for.

pypdfium2 reads all of it: text of a page costs about 10 ms, the boxes of its characters 20 ms, so a whole filing is read
as text and only the pages that hold statements as geometry. Work per page is bounded by the number of characters and
drawn paths, not by a clock, so that the same file always gives the same reading.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ingestion.pdf.images import as_pdf, is_image
from ingestion.pdf.words import Glyph, PageLayout, Rule, Turn, Word, sized, turned, words_of
from tools.errors import UnreadableFile

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_BYTES = 400_000_000
MAX_PAGES = 5_000
MAX_CHARS = 60_000
"""Characters of one page beyond this are not measured: no statement page comes near (a dense one has 6,000)."""
MAX_PATHS = 20_000
MAX_SIDE = 14_400.0
"""The longest side of a page in points that PDF itself allows (200 inches)."""
MAX_PIXELS = 40_000_000
EDGE = 2.0
ALONG = 0.9
"""Cosine of the angle to the usual direction below which a character does not stand in a line of text (25 degrees)."""

BLANKS = frozenset({0xA0, 0x3000, 0x2002, 0x2003, 0x2009, 0x202F, 0xFFFF})


def _by_address(function: Any, result: Any, *arguments: Any) -> Any:
    """The same library function taking plain addresses: five calls for every character, and checking pointers costs half of each."""
    return ctypes.CFUNCTYPE(result, *arguments)(ctypes.cast(function, ctypes.c_void_p).value or 0)


_ADDRESS, _INT = ctypes.c_void_p, ctypes.c_int
_CHARACTER = (
    _by_address(raw.FPDFText_GetUnicode, ctypes.c_uint, _ADDRESS, _INT),
    _by_address(raw.FPDFText_GetCharBox, _INT, _ADDRESS, _INT, _ADDRESS, _ADDRESS, _ADDRESS, _ADDRESS),
    _by_address(raw.FPDFText_GetLooseCharBox, _INT, _ADDRESS, _INT, _ADDRESS),
    _by_address(raw.FPDFText_GetCharOrigin, _INT, _ADDRESS, _INT, _ADDRESS, _ADDRESS),
    _by_address(raw.FPDFText_GetCharAngle, ctypes.c_float, _ADDRESS, _INT),
)
"""Character, box of its ink (left, right, bottom, top), box of its advance, origin and angle."""

_REASONS = {
    raw.FPDF_ERR_PASSWORD: ("encrypted", "the file is locked with a password", "Ask the sender for a copy without one"),
    raw.FPDF_ERR_SECURITY: ("encrypted", "the file uses a protection this reader does not know", "Ask for a plain copy"),
}


class PdfDocument:
    """An open PDF. Pages are counted from 0 here and from 1 in everything that leaves (`PageLayout.page`)."""

    def __init__(self, pdf: pdfium.PdfDocument, path: Path) -> None:
        self._pdf = pdf
        self._texts: dict[int, str] = {}
        self._read: dict[int, PageLayout] = {}
        self.path = path
        self.page_count: int = len(pdf)

    @classmethod
    def open(cls, path: Path) -> PdfDocument:
        """The document at `path`, an image file taken as a document of pictures. Raises UnreadableFile with reason empty, too_large, mislabelled, encrypted, truncated
        or no_pages."""
        where = path.name
        size = path.stat().st_size
        if size == 0:
            raise UnreadableFile("the file is empty", reason="empty", where=where, fix="Ask for it again")
        if size > MAX_BYTES:
            fix = "Split it, or send the statement pages only"
            raise UnreadableFile(f"{size:,} bytes is too much for one document", reason="too_large", where=where, fix=fix)
        with path.open("rb") as stream:
            head = stream.read(1024)
        content: Path | bytes = path
        if is_image(head):
            content = as_pdf(path.read_bytes(), where)
        elif b"%PDF-" not in head:
            kind = "a ZIP or Office file" if head.startswith(b"PK") else "not a PDF"
            fix = "Give it the right extension and send it again"
            raise UnreadableFile(f"it is called .pdf but is {kind}", reason="mislabelled", where=where, fix=fix)
        try:
            pdf = pdfium.PdfDocument(content)
            pages = len(pdf)
        except pdfium.PdfiumError as error:
            code = getattr(error, "err_code", None)
            # the library remembers its last error: only a file with an encryption dictionary is locked
            reason, what, fix = (_REASONS if b"/Encrypt" in path.read_bytes() else {}).get(
                code, ("truncated", "the file is cut off or damaged", "Ask for it again, or open and save it as a new PDF")
            )
            raise UnreadableFile(what, reason=reason, where=where, fix=fix) from error
        if pages == 0:
            pdf.close()
            raise UnreadableFile("the file has no pages", reason="no_pages", where=where, fix="Ask for it again")
        if pages > MAX_PAGES:
            pdf.close()
            fix = "Split it into parts"
            raise UnreadableFile(f"{pages:,} pages is too much for one document", reason="too_large", where=where, fix=fix)
        return cls(pdf, path)

    def __enter__(self) -> PdfDocument:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Lets the file go; page texts already read stay available."""
        self._pdf.close()

    def text(self, index: int) -> str:
        """The text layer of page `index` with newlines; "" for a page that has none or cannot be parsed. Read once."""
        if index not in self._texts:
            self._texts[index] = self._read_text(index)
        return self._texts[index]

    def lay(self, layout: PageLayout, text: str) -> None:
        """Gives a page (a picture, or one whose text layer makes no sense) the words and the text read from its picture."""
        self._read[layout.page - 1] = layout
        self._texts[layout.page - 1] = text

    @property
    def pictures(self) -> frozenset[int]:
        """The pages, from 0, that were read from their pictures."""
        return frozenset(self._read)

    def covered(self, index: int) -> float:
        """The share of page `index` that pictures cover, 0 to 1."""
        page = self._page(index)
        if page is None:
            return 0.0
        try:
            return _covered(page)
        finally:
            page.close()

    def texts(self) -> list[str]:
        """The text of every page, in order."""
        return [self.text(index) for index in range(self.page_count)]

    def size(self, index: int) -> tuple[float, float]:
        """Width and height in points as displayed (page rotation applied); (0, 0) when the page cannot be parsed."""
        page = self._page(index)
        if page is None:
            return (0.0, 0.0)
        try:
            width, height = page.get_size()
            return (float(width), float(height))
        finally:
            page.close()

    def words(self, index: int) -> list[Word]:
        """The words of page `index` with boxes as displayed, in drawing order."""
        layout = self.layout(index, rules=False)
        if layout.turn == 0 and not layout.skew and layout.zoom == 1:
            return list(layout.words)
        return [_moved(word, layout) for word in layout.words]

    def layout(self, index: int, *, rules: bool = True) -> PageLayout:
        """Words and ruling lines of page `index`, turned so that its text reads left to right."""
        if index in self._read:
            return self._read[index]
        page = self._page(index)
        if page is None:
            return PageLayout(index + 1, 0.0, 0.0, ())
        try:
            width, height = (float(side) for side in page.get_size())
            frame = _Frame(page, width, height)
            glyphs, dropped, turn = _glyphs(page, frame)
            lines = _rules(page, frame, turn) if rules else []
        finally:
            page.close()
        if turn in (90, 270):
            width, height = height, width
        return PageLayout(index + 1, width, height, tuple(words_of(glyphs)), tuple(lines), turn, dropped)

    def render(self, index: int, scale: float = 1.0) -> Image:
        """A picture of page `index` as displayed, `scale` pixels per point, smaller when it would not fit in memory.
        Raises UnreadableFile when the page cannot be parsed."""
        page = self._page(index)
        if page is None:
            fix = "Open the file in a viewer and save it as a new PDF"
            raise UnreadableFile(f"page {index + 1} is damaged", reason="truncated", where=self.path.name, fix=fix)
        try:
            width, height = page.get_size()
            fit = (MAX_PIXELS / max(float(width) * float(height), 1.0)) ** 0.5
            picture: Image = page.render(scale=min(scale, fit)).to_pil()
            return picture
        finally:
            page.close()

    def _page(self, index: int) -> Any:
        try:
            page = self._pdf[index]
        except pdfium.PdfiumError:
            return None
        width, height = page.get_size()
        if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
            page.close()
            return None
        return page

    def _read_text(self, index: int) -> str:
        page = self._page(index)
        if page is None:
            return ""
        try:
            textpage = page.get_textpage()
            try:
                count = min(textpage.count_chars(), MAX_CHARS)
                text: str = textpage.get_text_range(0, count) if count > 0 else ""
            finally:
                textpage.close()
        except pdfium.PdfiumError:
            return ""
        finally:
            page.close()
        return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").replace("￾", "-")


class _Frame:
    """From page space (origin bottom-left, unrotated, possibly cropped) to the page as displayed (origin top-left)."""

    def __init__(self, page: Any, width: float, height: float) -> None:
        left, bottom, right, top = (float(v) for v in page.get_bbox())
        self.left, self.bottom, self.right, self.top = left, bottom, right, top
        self.rotation = int(page.get_rotation())
        self.width, self.height = width, height

    def shows(self, x: float, y: float) -> bool:
        """Whether a point of page space lies on the page as displayed (with a little room at its edges)."""
        return self.left - EDGE <= x <= self.right + EDGE and self.bottom - EDGE <= y <= self.top + EDGE

    def point(self, x: float, y: float) -> tuple[float, float]:
        if self.rotation == 90:
            return (y - self.bottom, x - self.left)
        if self.rotation == 180:
            return (self.right - x, y - self.bottom)
        if self.rotation == 270:
            return (self.top - y, self.right - x)
        return (x - self.left, self.top - y)

    def box(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        ax, ay = self.point(left, bottom)
        bx, by = self.point(right, top)
        return (min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))


def _glyphs(page: Any, frame: _Frame) -> tuple[list[Glyph | None], int, Turn]:
    try:
        textpage = page.get_textpage()
    except pdfium.PdfiumError:
        return [], 0, 0
    try:
        total = max(textpage.count_chars(), 0)
        count = min(total, MAX_CHARS)
        turn = _turn(textpage, count, frame.rotation)
        return sized(_measure(textpage, count, frame, turn)), total - count, turn
    finally:
        textpage.close()


def _turn(textpage: Any, count: int, rotation: int) -> Turn:
    """How far the displayed page must be turned clockwise for most of its characters to read left to right."""
    votes = {0: 0, 90: 0, 180: 0, 270: 0}
    step = max(count // 200, 1)
    for index in range(0, count, step):
        angle = raw.FPDFText_GetCharAngle(textpage, index)
        if angle >= 0 and raw.FPDFText_GetUnicode(textpage, index) > 32:
            votes[round(angle * 57.29578 / 90.0) % 4 * 90] += 1
    angle = max(votes, key=lambda a: votes[a])
    # the angle is measured in page space, clockwise; /Rotate turns the page clockwise on top of it
    return (360 - (angle + rotation) % 360) % 360


def _measure(textpage: Any, count: int, frame: _Frame, turn: Turn) -> list[Glyph | None]:
    ink, origin, loose = (ctypes.c_double * 4)(), (ctypes.c_double * 2)(), raw.FS_RECTF()
    handle = ctypes.cast(textpage.raw, ctypes.c_void_p).value
    left, right, bottom, top = (ctypes.addressof(ink) + place * ctypes.sizeof(ctypes.c_double) for place in range(4))
    x, y = (ctypes.addressof(origin) + place * ctypes.sizeof(ctypes.c_double) for place in range(2))
    wide_box = ctypes.addressof(loose)
    upright = frame.rotation == 0 and turn == 0
    out: list[Glyph | None] = []
    get_char, get_box, get_loose, get_origin, get_angle = _CHARACTER
    main = math.radians((720 - turn - frame.rotation) % 360)
    for index in range(count):
        code = get_char(handle, index)
        if code <= 32 or code in BLANKS:
            out.append(None)
            continue
        if not get_box(handle, index, left, right, bottom, top) or not get_loose(handle, index, wide_box):
            continue
        # text across the others is a stamp or a watermark, not part of any line
        if math.cos(get_angle(handle, index) - main) < ALONG:
            out.append(None)
            continue
        get_origin(handle, index, x, y)
        at_x, at_y = origin
        if not frame.shows(at_x, at_y):
            continue  # drawn outside the page: the other half of a spread
        text = chr(code) if code not in (0xFFFE, 0x00AD, 0x0002) else "-"
        x0, x1, y0, y1 = ink
        if upright:
            out.append(
                Glyph(
                    text,
                    loose.left - frame.left,
                    loose.right - frame.left,
                    frame.top - y1,
                    frame.top - y0,
                    frame.top - at_y,
                    loose.top - loose.bottom,
                )
            )
            continue
        inked = turned(frame.box(x0, y0, x1, y1), turn, frame.width, frame.height)
        wide = turned(frame.box(loose.left, loose.bottom, loose.right, loose.top), turn, frame.width, frame.height)
        ox, oy = frame.point(at_x, at_y)
        stood = turned((ox, oy, ox, oy), turn, frame.width, frame.height)
        out.append(Glyph(text, wide[0], wide[2], inked[1], inked[3], stood[1], wide[3] - wide[1]))
    return out


def _rules(page: Any, frame: _Frame, turn: Turn) -> list[Rule]:
    """Thin paths of the page: drawn lines, and bars or cell borders filled as thin rectangles."""
    out: list[Rule] = []
    corners = [ctypes.c_float() for _ in range(4)]
    left, bottom, right, top = corners
    upright = frame.rotation == 0 and turn == 0
    for item, matrix in _paths(page):
        if not raw.FPDFPageObj_GetBounds(item, left, bottom, right, top):
            continue
        x0, y0, x1, y1 = (corner.value for corner in corners)
        if matrix is not None:
            x0, y0, x1, y1 = _through(matrix, x0, y0, x1, y1)
        if upright:
            x0, y0, x1, y1 = x0 - frame.left, frame.top - y1, x1 - frame.left, frame.top - y0
        else:
            x0, y0, x1, y1 = turned(frame.box(x0, y0, x1, y1), turn, frame.width, frame.height)
        wide, high = x1 - x0, y1 - y0
        if wide < 3.0 and high < 3.0:
            continue
        if min(wide, high) <= 2.5:
            out.append(Rule(x0, y0, x1, y1))
        elif wide > 8.0 and high > 6.0 and _outlined(item):
            out += [Rule(x0, y0, x1, y0), Rule(x0, y1, x1, y1), Rule(x0, y0, x0, y1), Rule(x1, y0, x1, y1)]
    return out


def _covered(page: Any) -> float:
    width, height = page.get_size()
    corners = [ctypes.c_float() for _ in range(4)]
    area = 0.0
    for item, matrix in _objects(page, raw.FPDF_PAGEOBJ_IMAGE):
        if raw.FPDFPageObj_GetBounds(item, *corners):
            x0, y0, x1, y1 = (corner.value for corner in corners)
            if matrix is not None:
                x0, y0, x1, y1 = _through(matrix, x0, y0, x1, y1)
            area += max(x1 - x0, 0.0) * max(y1 - y0, 0.0)
    return min(float(area / max(width * height, 1.0)), 1.0)


def _paths(page: Any) -> Iterator[tuple[Any, Any]]:
    """Path objects of the page and of forms drawn on it, with the matrix of the form."""
    return _objects(page, raw.FPDF_PAGEOBJ_PATH)


def _objects(page: Any, wanted: int) -> Iterator[tuple[Any, Any]]:
    for index in range(min(raw.FPDFPage_CountObjects(page), MAX_PATHS)):
        item = raw.FPDFPage_GetObject(page, index)
        kind = raw.FPDFPageObj_GetType(item)
        if kind == wanted:
            yield item, None
        elif kind == raw.FPDF_PAGEOBJ_FORM:
            matrix = raw.FS_MATRIX()
            raw.FPDFPageObj_GetMatrix(item, matrix)
            for inner in range(min(raw.FPDFFormObj_CountObjects(item), MAX_PATHS)):
                part = raw.FPDFFormObj_GetObject(item, inner)
                if raw.FPDFPageObj_GetType(part) == wanted:
                    yield part, matrix


def _through(m: Any, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
    xs = [m.a * x + m.c * y + m.e for x in (x0, x1) for y in (y0, y1)]
    ys = [m.b * x + m.d * y + m.f for x in (x0, x1) for y in (y0, y1)]
    return min(xs), min(ys), max(xs), max(ys)


def _outlined(item: Any) -> bool:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    return bool(raw.FPDFPath_GetDrawMode(item, fill, stroke)) and bool(stroke.value)


def _moved(word: Word, layout: PageLayout) -> Word:
    x0, top, x1, bottom = layout.displayed(word.box)
    return Word(word.text, x0, top, x1, bottom, bottom, word.size)
