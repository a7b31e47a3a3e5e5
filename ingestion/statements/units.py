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

from ingestion.extraction import Message
from ingestion.statements.model import Column, Statement
from ingestion.statements.vocabulary import compact, words

ONE = Decimal(1)
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


def says_dollars(statement: Statement) -> bool:
    """Whether the words over a statement say "dollars" ("in thousands of dollars", "dollars in thousands"), whosever they are."""
    texts = (text for table in statement.tables for text in (*table.above, table.title_text, *table.before))
    return any(re.search(r"dollars?(?:in|$|,|\)|except)|(?:of|in)dollars", compact(text)) for text in texts if len(text) < 260)


def symbols(statement: Statement) -> Counter[str]:
    """Currency marks printed in or between the cells of a statement."""
    found = Counter(mark for table in statement.tables for mark in table.marks)
    for row in statement.rows:
        for cell in row.cells.values():
            if cell.number.currency:
                found[cell.number.currency] += 1
    return found


def document_unit(tight_pages: Sequence[str], counts: Counter[str]) -> Unit:
    """A sentence that fixes the unit for the whole document, with the currency named most often (`counts`)."""
    factor: Decimal | None = None
    for tight in tight_pages:
        match = _GENERAL.search(tight) if "housand" in tight or "illion" in tight else None
        if match:
            factor = Decimal(1000) if match["unit"].startswith("thousand") else Decimal(1_000_000)
            break
    return Unit(factor, _leading(counts))


def currencies_named(tight_pages: Iterable[str]) -> Counter[str]:
    """How often each currency is named in compact page texts."""
    counts: Counter[str] = Counter()
    for tight in tight_pages:
        for code, pattern in words().currencies:
            counts[code] += len(pattern.findall(tight))
    return counts


def _leading(counts: Counter[str]) -> str | None:
    """The currency a document names most, when it clearly leads."""
    if not counts:
        return None
    (code, most), *rest = counts.most_common(2)
    return code if most >= 3 and (not rest or most >= 2 * rest[0][1]) else None


def dollar_currency(counts: Counter[str], standard: str | None) -> str | None:
    """Which dollar "$" means in a document that names currencies so often; None when it does not tell."""
    dollars = {code: counts[code] for code in ("CAD", "AUD", "HKD", "SGD", "NZD", "TWD", "USD") if counts[code]}
    others = {code: n for code, n in dollars.items() if code != "USD"}
    if standard in ("US_GAAP", None) and not any(n > 2 * max(dollars.get("USD", 0), 3) for n in others.values()):
        return "USD"
    return max(dollars, key=lambda code: dollars[code]) if dollars else None


def settle_units(statements: Sequence[Statement], messages: list[Message], pictures: frozenset[int] = frozenset()) -> None:
    """Columns without a scale take that of the other statements of the set, or whole units when their cells carry a currency
    mark and no statement says otherwise; else nothing is used and the unit is asked for. On `pictures` a mark proves nothing: it may be
    all that was made out of "£'000"."""
    columns = [c for s in statements for c in s.columns if c.kind == "value"]
    said = Counter(c.factor for c in columns if c.factor is not None)
    common = said.most_common(1)[0][0] if said else None
    money = Counter(c.currency for c in columns if c.currency)
    for statement in statements:
        open_columns = [c for c in statement.columns if c.kind == "value" and c.factor is None]
        if not open_columns:
            continue
        factor = common if common is not None else ONE if symbols(statement) and pictures.isdisjoint(statement.pages) else None
        for column in open_columns:
            column.factor = factor
            column.currency = column.currency or (money.most_common(1)[0][0] if money else None)
        if factor is None:
            largest = max((c.number.value for r in statement.rows for c in r.cells.values()), default=Decimal(0))
            text = (
                f"the {statement.kind.replace('_', ' ')} does not state its unit (the largest amount printed is {largest:,}), so its "
                "amounts are not used. Say whether they are in units, thousands or millions (元, 千元, 万元)"
            )
            messages.append(Message("error", statement.pages[0] if statement.pages else None, text))
