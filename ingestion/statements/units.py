"""Scale and currency: what the printed digits are to be multiplied by, and in which money.

The nearest statement of the unit counts: over the column, in the header or title of the statement, on the page, on the
other statements of the set, in a document-wide sentence. Nothing is assumed when nothing is said.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ingestion.statements.model import Column, Statement
from ingestion.statements.vocabulary import compact, words

ONE = Decimal(1)
_DOLLAR = re.compile(r"(?<![a-z])\$")
_GENERAL = re.compile(
    r"(?:(?:all|tabular|unlessotherwise|dollar|monetary)[^.。]{0,40})?(?:amounts?|figures|financialinformation|financialstatements)[^.。]{0,80}"
    r"(?:expressed|stated|presented|reported|are|is|rounded)[^.。]{0,60}?(?P<unit>thousands?|millions?)"
)


@dataclass(frozen=True, slots=True)
class Unit:
    """`factor` None: not stated."""

    factor: Decimal | None = None
    currency: str | None = None

    def over(self, under: Unit) -> Unit:
        """This unit with gaps filled from a wider one."""
        return Unit(self.factor if self.factor is not None else under.factor, self.currency or under.currency)


def read_unit(text: str) -> Unit:
    """The unit said by one header line or title; "except per share" clauses are left out of it."""
    tight = compact(text)
    if len(tight) > 260:
        return Unit()
    head = re.split(r"(?:,|\()?(?:except|excluding|otherthan|unless)", tight)[0] or tight
    head = re.sub(r"(?<!and)(?:share|unit|option)s?(?:data)?in(?:thousands|millions)", "", head)
    vocabulary = words()
    currency = _currency(head)
    for factor, pattern in reversed(vocabulary.units):
        match = pattern.search(head)
        if match and not _only_shares(head, match):
            return Unit(factor, currency or _currency(tight))
    return Unit(None, currency)


def _only_shares(head: str, match: re.Match[str]) -> bool:
    return bool(re.search(r"(?:number|numbers)ofshares[^,;]{0,30}$", head[: match.start()]))


def _currency(tight: str) -> str | None:
    found = [(m.start(), code) for code, pattern in words().currencies if (m := pattern.search(tight))]
    if not found:
        return None
    return min(found, key=lambda f: f[0])[1]


def column_unit(column: Column) -> Unit:
    """The unit said over one column ("Millions of yen", "£'000", "RMB'000")."""
    texts = [t for t in column.header if len(t) < 60]
    joined = read_unit(" ".join(texts))
    best = Unit()
    for text in texts:
        best = best.over(read_unit(text))
    return best.over(joined)


def statement_unit(statement: Statement) -> Unit:
    """The unit said in the title, in the lines between title and first row, or just before the title."""
    best = Unit()
    for table in statement.tables:
        for text in (*table.above, table.title_text, *reversed(table.before)):
            best = best.over(read_unit(text))
    return best


def symbols(statement: Statement) -> Counter[str]:
    """Currency marks printed in the cells of a statement."""
    found: Counter[str] = Counter()
    for row in statement.rows:
        for cell in row.cells.values():
            if cell.number.currency:
                found[cell.number.currency] += 1
    return found


def document_unit(texts: Sequence[str]) -> Unit:
    """A sentence that fixes the unit for the whole document; without one, the currency named most often."""
    tight_pages = [compact(t) for t in texts]
    factor: Decimal | None = None
    for tight in tight_pages:
        match = _GENERAL.search(tight)
        if match:
            factor = Decimal(1000) if match["unit"].startswith("thousand") else Decimal(1_000_000)
            break
    return Unit(factor, named_currency(tight_pages))


def named_currency(tight_pages: Iterable[str]) -> str | None:
    """The currency a document names most, when it clearly leads."""
    counts: Counter[str] = Counter()
    for tight in tight_pages:
        for code, pattern in words().currencies:
            counts[code] += len(pattern.findall(tight))
    if not counts:
        return None
    (code, most), *rest = counts.most_common(2)
    return code if most >= 3 and (not rest or most >= 2 * rest[0][1]) else None


def has_dollar_sign(texts: Iterable[str]) -> bool:
    """Whether amounts carry a bare "$"."""
    return any(_DOLLAR.search(t) for t in texts)
