"""Blocks of a DOCX: body paragraphs, headings by style, table rows, and the automatic numbers Word shows but does not store.

Read from the XML itself: deleted revisions are left out, inserted ones and content controls are kept, which the usual
object model gets wrong, and the size inside the package is checked before anything is unpacked. "#p34" is the 34th
paragraph of the body outside tables, empty ones counted.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

from lxml import etree

from ingestion.blocks import Block, Reading
from ingestion.readers.lines import heading_level
from tools.errors import UnreadableFile

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
MAX_PART = 64 * 1024 * 1024
"""Bytes of XML in one part; the text of a thousand pages is a tenth of it."""
DIGITS = "零一二三四五六七八九"


def docx_reading(data: bytes, name: str) -> Reading:
    """Raises UnreadableFile (truncated, too_large) when the package is broken or unpacks to too much."""
    body_xml, styles_xml, numbering_xml = package_parts(data, name)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, recover=True)
    body = etree.fromstring(body_xml, parser)
    if body is None:
        raise _broken(name)
    # a part spoiled beyond recovery parses to nothing: the text is read without it
    styles = etree.fromstring(styles_xml, parser) if styles_xml else None
    levels = _heading_styles(styles) if styles is not None else {}
    numbering = etree.fromstring(numbering_xml, parser) if numbering_xml else None
    numbers = _Numbers(numbering) if numbering is not None else None
    blocks: list[Block] = []
    paragraph = table = 0
    for node in body_level(body):
        if node.tag == f"{W}tbl":
            table += 1
            blocks += _table_blocks(node, table)
            continue
        paragraph += 1
        text = node_text(node).strip()
        if numbers is not None:
            text = (numbers.prefix(node) + text) if text else text
        if not text:
            continue
        style = node.find(f"{W}pPr/{W}pStyle")
        level = levels.get(style.get(f"{W}val", ""), 0) if style is not None else 0
        level = level or heading_level(text)
        blocks.append(Block(text, "heading" if level else "paragraph", locator=f"#p{paragraph}", level=level))
    return Reading(blocks=blocks, title=blocks[0].text if blocks else "")


def package_parts(data: bytes, name: str) -> tuple[bytes, bytes, bytes]:
    """document.xml, styles.xml and numbering.xml. Raises UnreadableFile (truncated, too_large)."""
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
        sizes = {info.filename: info.file_size for info in package.infolist()}
        wanted = ("word/document.xml", "word/styles.xml", "word/numbering.xml")
        big = next((part for part in wanted if sizes.get(part, 0) > MAX_PART), None)
        if big:
            raise UnreadableFile(
                f"{big} unpacks to {sizes[big]} bytes, more than {MAX_PART}", reason="too_large", where=name,
                fix="Ask for the document as PDF",
            )  # fmt: skip
        body, styles, numbering = (_part(package, part) if part in sizes else b"" for part in wanted)
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        EOFError,
        OSError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ) as error:
        raise _broken(name) from error
    if not body:
        raise _broken(name)
    return body, styles, numbering


def _part(package: zipfile.ZipFile, part: str) -> bytes:
    try:
        with package.open(part) as stream:
            return stream.read(MAX_PART + 1)
    except (zipfile.zlib.error, zipfile.BadZipFile) as error:  # type: ignore[attr-defined]
        raise zipfile.BadZipFile(str(error)) from error


def _broken(name: str) -> UnreadableFile:
    return UnreadableFile("the Word file is damaged or cut short", reason="truncated", where=name, fix="Ask for it again")


def body_level(root: etree._Element) -> Iterator[etree._Element]:
    """Paragraphs and tables in order, through content controls and inserted revisions, not inside tables or text boxes."""
    for node in root:
        if node.tag in (f"{W}p", f"{W}tbl"):
            yield node
        elif node.tag in (f"{W}body", f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml", f"{W}smartTag"):
            yield from body_level(node)


def node_text(node: etree._Element) -> str:
    """Text as the reader of the page sees it: without deleted revisions, tabs and breaks as spaces."""
    parts: list[str] = []
    for child in node:
        tag = child.tag
        if tag in (f"{W}del", f"{W}moveFrom", FALLBACK, f"{W}pPr", f"{W}rPr", f"{W}delText", f"{W}instrText"):
            continue
        if tag == f"{W}t":
            parts.append(child.text or "")
        elif tag in (f"{W}tab", f"{W}br", f"{W}cr"):
            parts.append(" ")
        elif tag == f"{W}noBreakHyphen":
            parts.append("-")
        elif isinstance(tag, str):
            parts.append(node_text(child))
    return "".join(parts)


def _table_blocks(table: etree._Element, number: int) -> list[Block]:
    blocks: list[Block] = []
    header = ""
    for at, row in enumerate(table.iter(f"{W}tr"), 1):
        cells = tuple(
            " ".join(node_text(part).strip() for part in cell.iter(f"{W}p")).strip() for cell in row.iterchildren(f"{W}tc")
        )
        if not any(cells):
            continue
        text = " | ".join(cell for cell in cells if cell)
        blocks.append(Block(text, "row", locator=f"table {number} row {at}", table=f"t{number}", header=header, cells=cells))
        if not header and len([cell for cell in cells if cell]) >= 2:
            header = text
    return blocks


def _heading_styles(root: etree._Element) -> dict[str, int]:
    levels: dict[str, int] = {}
    for style in root.iter(f"{W}style"):
        name = style.find(f"{W}name")
        outline = style.find(f"{W}pPr/{W}outlineLvl")
        word = (name.get(f"{W}val", "") if name is not None else "").lower()
        match = re.match(r"(?:heading|标题)\s*(\d)", word)
        if match:
            levels[style.get(f"{W}styleId", "")] = int(match.group(1))
        elif word in ("title", "标题"):
            levels[style.get(f"{W}styleId", "")] = 1
        elif outline is not None and outline.get(f"{W}val", "9") < "9":
            levels[style.get(f"{W}styleId", "")] = int(outline.get(f"{W}val", "0")) + 1
    return levels


class _Numbers:
    """Counts automatic lists, so that 第三条 or 6.1 numbered by Word is part of the text."""

    def __init__(self, root: etree._Element) -> None:
        self._formats: dict[str, dict[int, tuple[str, str]]] = {}
        self._counts: dict[str, list[int]] = {}
        abstract: dict[str, dict[int, tuple[str, str]]] = {}
        for definition in root.iter(f"{W}abstractNum"):
            entries: dict[int, tuple[str, str]] = {}
            for level in definition.iter(f"{W}lvl"):
                shape, text = level.find(f"{W}numFmt"), level.find(f"{W}lvlText")
                if shape is not None and text is not None:
                    entries[int(level.get(f"{W}ilvl", "0"))] = (shape.get(f"{W}val", ""), text.get(f"{W}val", ""))
            abstract[definition.get(f"{W}abstractNumId", "")] = entries
        for number in root.iter(f"{W}num"):
            link = number.find(f"{W}abstractNumId")
            if link is not None:
                self._formats[number.get(f"{W}numId", "")] = abstract.get(link.get(f"{W}val", ""), {})

    def prefix(self, paragraph: etree._Element) -> str:
        """The number Word would print before this paragraph, with a space, or ""."""
        mark = paragraph.find(f"{W}pPr/{W}numPr")
        if mark is None:
            return ""
        number, depth = mark.find(f"{W}numId"), mark.find(f"{W}ilvl")
        key = number.get(f"{W}val", "") if number is not None else ""
        level = int(depth.get(f"{W}val", "0")) if depth is not None else 0
        shape, text = self._formats.get(key, {}).get(level, ("", ""))
        counts = self._counts.setdefault(key, [0] * 10)
        counts[level] += 1
        counts[level + 1 :] = [0] * (9 - level)
        if shape in ("", "bullet", "none") or not text:
            return ""
        for at in range(level + 1):
            kind = self._formats[key].get(at, ("decimal", ""))[0]
            text = text.replace(f"%{at + 1}", _numeral(counts[at], kind))
        return f"{text} "


def _numeral(value: int, kind: str) -> str:
    if "chinese" in kind.lower() or kind in ("japaneseCounting", "taiwaneseCountingThousand"):
        tens, ones = divmod(value, 10)
        head = ("" if tens == 0 else "十" if tens == 1 else f"{DIGITS[tens % 10]}十") if value < 100 else str(value)
        return head + (DIGITS[ones] if ones or not tens else "") if value < 100 else head
    if kind == "lowerLetter" and 1 <= value <= 26:
        return chr(96 + value)
    if kind == "upperLetter" and 1 <= value <= 26:
        return chr(64 + value)
    if kind in ("lowerRoman", "upperRoman"):
        out, rest = "", value
        for size, sign in ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")):
            while rest >= size:
                out, rest = out + sign, rest - size
        return out.upper() if kind == "upperRoman" else out
    return str(value)
