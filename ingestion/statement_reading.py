"""The statement reader put at the service of one document: its facts, checks and messages moved into the Extraction."""

from __future__ import annotations

from pathlib import Path

from ingestion.extraction import Extraction
from ingestion.pdf.document import PdfDocument


def read_statement_file(source: PdfDocument | Path, form: str, extraction: Extraction) -> None:
    """Fills `extraction` from the statements in `source`."""
    return None
