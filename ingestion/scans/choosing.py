"""Which pages must be read from their picture: scans, and pages whose text layer is nonsense. Photographs and blanks are not.

Judged by cheap looks in order of cost: characters of the text layer, how much of the page pictures cover, a thumbnail.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from ingestion.pdf.document import PdfDocument
from ingestion.statements.scans import FEW, garbled_text

STAMPED = 160
"""A text layer shorter than this on a page covered by a picture is a stamp, a header or a page number."""
COVERED = 0.6
THUMBNAIL = 0.5
LIGHT, INK = 130, 60
"""Paper is lighter than LIGHT of 255 and print is darker than the paper by INK."""
LEAST_INK, MOST_INK = 0.002, 0.3


def picture_pages(document: PdfDocument, texts: Sequence[str]) -> list[int]:
    """Pages, from 0, to read from their picture."""
    out = []
    for index, text in enumerate(texts):
        length = len("".join(text.split()))
        if length >= STAMPED:
            if garbled_text(text):
                out.append(index)
            continue
        if (length < FEW or document.covered(index) >= COVERED) and _printed(document, index):
            out.append(index)
    return out


def _printed(document: PdfDocument, index: int) -> bool:
    """Whether a thumbnail looks like print on paper: mostly one light tone, with some dark on it."""
    width, height = document.size(index)
    if not width:
        return False
    grey = document.render(index, min(THUMBNAIL, 600.0 / max(width, height))).convert("L")
    shades = list(grey.tobytes())
    paper = statistics.median(shades)
    dark = sum(1 for shade in shades if shade < paper - INK) / len(shades)
    near = sum(1 for shade in shades if abs(shade - paper) <= INK) / len(shades)
    return paper >= LIGHT and LEAST_INK <= dark <= MOST_INK and near >= 0.6
