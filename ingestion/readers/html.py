"""Blocks of a web page, including contracts as filed: paragraphs, headings, table rows, old <pre> filings.

Text that is struck out is not part of a marked-up contract any more and is left out; hidden text is left out too, because
nobody saw it. Nothing is fetched and no script runs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree, html

from ingestion.blocks import Block, Reading
from ingestion.extraction import Message
from ingestion.readers.decoding import decoded
from ingestion.readers.lines import heading_level
from ingestion.readers.plain import text_reading
from tools.errors import UnreadableFile

BLOCK_TAGS = frozenset(
    [
        "p",
        "div",
        "li",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "section",
        "article",
        "header",
        "footer",
        "main",
        "td",
        "th",
        "tr",
        "table",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "center",
        "hr",
        "br",
        "pre",
    ]
)
HEADING_TAGS = {f"h{level}": level for level in range(1, 7)}
STRUCK = frozenset({"strike", "s", "del"})
UNSEEN = frozenset({"script", "style", "head", "template", "noscript", "object", "iframe", "svg"})
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
LINED = re.compile(r"line-through", re.I)
MAX_DEPTH = 400


def html_reading(data: bytes, name: str) -> Reading:
    """Blocks with "#pN" and "table N row M" locators. Raises UnreadableFile when no text is in it."""
    text, note = decoded(data, html=True)
    messages = [Message("warning", None, note)] if note else []
    preformatted = _old_filing(text)
    if preformatted is not None:
        reading = text_reading(preformatted)
        reading.messages = messages
        return reading
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = html.fromstring(re.sub(r"^\s*<\?xml[^>]*>", "", text).encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableFile("the page holds no text", reason="empty", where=name, fix="Ask for the file again") from error
    walk = _Walk()
    walk.visit(root, 0)
    walk.flush()
    if walk.struck:
        messages.append(Message("info", None, f"{walk.struck} passages are struck out in the file and were left out"))
    heading = root.find(".//title")
    title = (heading.text or "").strip() if heading is not None else ""
    return Reading(walk.blocks, title=title or (walk.blocks[0].text if walk.blocks else ""), messages=messages)


def _old_filing(text: str) -> str | None:
    """The characters of a filing that is one <pre>, entities resolved; its own tags are the text reader's business."""
    match = re.search(r"(?is)<pre\b[^>]*>(.*)</pre>", text)
    if match is None or len(match.group(1)) < 0.8 * len(text):
        return None
    kept = match.group(1)
    for entity, char in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&nbsp;", " "), ("&#160;", " "), ("&amp;", "&")):
        kept = kept.replace(entity, char)
    return kept


@dataclass
class _Walk:
    """One pass over the tree that collects the text of each visual block."""

    blocks: list[Block] = field(default_factory=list)
    struck: int = 0
    _parts: list[str] = field(default_factory=list)
    _level: int = 0
    _paragraphs: int = 0
    _tables: int = 0

    def flush(self) -> None:
        """Closes the block being collected."""
        text = _clean("".join(self._parts))
        self._parts = []
        if not text or re.fullmatch(r"[-–—\s\d]{1,6}|[_\s]+", text):
            return
        self._paragraphs += 1
        level = self._level or heading_level(text)
        self.blocks.append(Block(text, "heading" if level else "paragraph", locator=f"#p{self._paragraphs}", level=level))

    def visit(self, node: etree._Element, depth: int) -> None:
        """Text in order; deeper than MAX_DEPTH is read as flat text so that hostile nesting cannot overflow."""
        tag = node.tag.lower() if isinstance(node.tag, str) else ""
        style = node.get("style", "") if tag else ""
        if not tag or tag in UNSEEN or HIDDEN.search(style):
            return
        if tag in STRUCK or LINED.search(style):
            self.struck += 1
            return
        if depth > MAX_DEPTH:
            self._parts.append(" ".join(str(part) for part in node.itertext()))
            return
        if tag == "table" and _is_data(node):
            self.flush()
            self._table(node)
            return
        block = tag in BLOCK_TAGS
        if block:
            self.flush()
        outer, self._level = self._level, HEADING_TAGS.get(tag, self._level)
        self._parts.append(node.text or "")
        for child in node:
            self.visit(child, depth + 1)
            self._parts.append(child.tail or "")
        if block:
            self.flush()
        self._level = outer

    def _table(self, table: etree._Element) -> None:
        self._tables += 1
        header = ""
        for at, row in enumerate(table.iter("tr"), 1):
            cells = tuple(_clean(_seen_text(cell)) for cell in row.iterchildren("td", "th"))
            filled = [cell for cell in cells if cell]
            if not filled:
                continue
            text = " | ".join(filled)
            locator = f"table {self._tables} row {at}"
            self.blocks.append(
                Block(text, "row", locator=locator, table=f"t{self._tables}", header=header, cells=tuple(filled))
            )
            if not header and len(filled) >= 2:
                header = text


def _is_data(table: etree._Element) -> bool:
    """A table of values, not one used to indent a paragraph: two rows with two filled cells, and no tables inside."""
    if table.find(".//table") is not None:
        return False
    wide = 0
    for row in table.iter("tr"):
        filled = [cell for cell in row.iterchildren("td", "th") if _clean(_seen_text(cell))]
        if len(filled) >= 2:
            wide += 1
            if max(len(_seen_text(cell)) for cell in filled) > 600:
                return False
    return wide >= 2


def _seen_text(node: etree._Element) -> str:
    parts = [node.text or ""]
    for child in node:
        tag = child.tag.lower() if isinstance(child.tag, str) else ""
        style = child.get("style", "") if tag else ""
        if tag and tag not in UNSEEN and tag not in STRUCK and not LINED.search(style) and not HIDDEN.search(style):
            parts.append((" " if tag in BLOCK_TAGS else "") + _seen_text(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _clean(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\u00ad", "").replace("\u200b", "")).strip()
