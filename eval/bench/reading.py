"""Reading a filing end to end against pdfplumber words over every page of it.

Filings come from a folder of real PDFs. pdfplumber at three pages a second would take half an hour over all of them, so by
default every eighth page is timed and scaled by the number of pages; `full` times every page.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from eval.bench import Measure

LONG = 80
EVERY = 8


def bench_reading(folder: Path, say: Callable[[str], None], *, full: bool = False) -> list[Measure]:
    """The median over filings of 80 pages or more. Empty when the folder has none."""
    import pypdfium2

    from ingestion.reading import extract_file

    ratios: list[float] = []
    rates: list[str] = []
    for path in sorted(folder.glob("*.pdf")):
        document = pypdfium2.PdfDocument(path)
        pages = len(document)
        document.close()
        if pages < LONG:
            continue
        started = time.perf_counter()
        extract_file(path)
        ours = time.perf_counter() - started
        theirs = _pdfplumber_words(path, pages, 1 if full else EVERY)
        ratios.append(theirs / ours)
        rates.append(f"{path.name} {pages} p: {ours:.2f} s against {theirs:.0f} s, {theirs / ours:.1f}x")
        say(rates[-1])
    if not ratios:
        say(f"no filing of {LONG} pages or more in {folder}")
        return []
    median = statistics.median(ratios)
    how = "every page" if full else f"every {EVERY}th page, scaled"
    return [
        Measure(
            "reading a filing of 80 pages or more",
            f"pdfplumber extract_words ({how})",
            median,
            ">= 20",
            median >= 20,
            "; ".join(rates),
        )
    ]


def _pdfplumber_words(path: Path, pages: int, every: int) -> float:
    import pdfplumber

    wanted = list(range(1, pages + 1, every))
    with pdfplumber.open(path, pages=wanted) as pdf:
        started = time.perf_counter()
        for page in pdf.pages:
            page.extract_words()
            page.close()
        return (time.perf_counter() - started) * pages / len(wanted)
