"""Pages the text layer does not let us read: pictures without text, and text whose characters are nonsense."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingestion.extraction import Message
from ingestion.pdf.document import PdfDocument

FEW = 20
_GOOD = re.compile(r"[A-Za-z0-9\u4e00-\u9fff\s.,;:()（）、。，%$-]")
_USUAL = (" the ", " of ", " and ", " to ", "的", "公司", "年", "合计", "Total")
_WORD = re.compile(r"\b(?:the|and|of|to|in|for|total|december|note|cash|company|year)\b", re.IGNORECASE)


def unread_pages(document: PdfDocument, texts: Sequence[str]) -> list[Message]:
    """One message for pictures and one for garbled text, naming the pages; a warning when they are a good part of the file."""
    pictures = [i + 1 for i, text in enumerate(texts) if len(text.strip()) < FEW]
    garbled = [i + 1 for i, text in enumerate(texts) if garbled_text(text)]
    out = []
    for pages, what in ((pictures, "hold no text (pictures or scans)"), (garbled, "have a text layer that makes no sense")):
        if pages:
            many = len(pages) * 4 >= len(texts)
            shown = ", ".join(map(str, pages[:12])) + (" …" if len(pages) > 12 else "")
            fix = ". Ask for a PDF with text, or read these pages by eye" if many else ""
            text = f"{len(pages)} of {len(texts)} pages {what}: {shown}{fix}"
            out.append(Message("warning" if many else "info", pages[0], text))
    return out


def garbled_text(text: str) -> bool:
    """Whether a page's characters are mostly none that language or numbers use, or letters that never make a common word."""
    body = text[:2500].strip()
    if len(body) < 200 or any(word in body for word in _USUAL):
        return False
    good = len(_GOOD.findall(body)) / len(body)
    if good < 0.55:
        return True
    letters = len(re.findall(r"[A-Za-z]", body))
    return letters > 500 and letters > 0.5 * len(body) and not _WORD.search(body)
