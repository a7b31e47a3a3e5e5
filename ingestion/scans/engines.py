"""The engines there are, by name.

An engine is started when the first picture is read, not before: loading its models takes longer than reading a digital filing.
"""

from __future__ import annotations

from functools import lru_cache

from ingestion.scans.engine import Engine, EngineName
from tools.errors import SettingsError


@lru_cache(maxsize=2)
def engine_named(name: EngineName) -> Engine | None:
    """The engine, started once per process; None for `none`. Raises SettingsError when it is not installed."""
    if name == "none":
        return None
    if name == "tesseract":
        from ingestion.scans.tesseract import Tesseract

        return Tesseract()
    try:
        from ingestion.scans.rapid import Rapid
    except ImportError as error:
        raise SettingsError(
            f"the engine that reads scans is not installed ({error})",
            where="ocr_engine",
            fix="pip install rapidocr, or set none",
        ) from error
    return Rapid()
