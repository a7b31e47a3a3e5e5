"""Loads how compliance certificates are written, as compiled patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from tools.domain.certificate_reading import NUMBER, CertificateWords
from tools.rulebook.entries import HERE, read_file, refuse_unknown

KEYS = ("version", "source", "titles", "heads", "operators", "verdicts", "units", "scales", "periods", "workings", "before")


@lru_cache(maxsize=2)
def load_certificate_words(folder: Path = HERE / "covenants") -> CertificateWords:
    """The words in `certificates.yaml`. Raises RulebookError for an unknown key."""
    data = read_file(folder / "certificates.yaml")
    refuse_unknown(data, KEYS, "certificates.yaml")
    operators = {sign: _any(words) for sign, words in data["operators"].items()}
    every = [word for words in data["operators"].values() for word in words]
    units = "|".join(sorted((re.escape(unit) for unit in data["units"]), key=len, reverse=True))
    verdicts = [word for words in data["verdicts"].values() for word in words]
    row = re.compile(
        rf"(?P<label>[^。；;|]{{2,60}}?)[\s|]*(?P<operator>{_listed(every)})\s*(?P<limit_currency>[A-Z]{{3}}\s)?\s*(?P<limit>{NUMBER})\s*(?P<limit_unit>{units})?"
        rf"(?:\s+|\s*\|\s*)(?P<currency>[A-Z]{{3}}\s)?\s*(?P<value>{NUMBER})\s*(?P<unit>{units})?[\s|]*(?P<verdict>{_listed(verdicts)})(?=[^A-Za-z]|$)",
        re.IGNORECASE,
    )
    return CertificateWords(
        _any(data["titles"]), _any(data["heads"]), row, operators, _any(data["verdicts"]["missed"]),
        {unit.casefold(): Decimal(str(factor)) for unit, factor in data["units"].items()},
        {said: Decimal(str(factor)) for said, factor in data["scales"].items()},
        tuple((kind, re.compile(pattern)) for kind, pattern in data["periods"].items()), _any(data["workings"]), _any(data["before"]),
    )  # fmt: skip


def _listed(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


def _any(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(_listed(words), re.IGNORECASE)
