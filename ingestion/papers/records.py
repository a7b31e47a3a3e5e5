"""A paper read into records: the form it follows is recognised by what it prints, then its fields and tables are taken with places.

Nothing is guessed: a field that is not printed is missing, a paper that follows no known form gives no record and stays text.
"""

from __future__ import annotations

import calendar
import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ingestion.extraction import Check, Message
from ingestion.papers.account_words import bare_caption
from ingestion.papers.printed import amount_of, day_of
from ingestion.papers.record_words import FieldForm, PaperForm, TableForm, load_paper_forms
from ingestion.papers.rows import PaperCell, PaperRow
from tools.domain.facts import Source
from tools.domain.money import plain
from tools.domain.paper_records import Measure, PaperField, PaperRecord

TOP = 4000
SPACE = "  "
CENT = Decimal("0.05")
SURE, USUAL, DOUBTFUL = Decimal("0.98"), Decimal("0.92"), Decimal("0.70")
NEAR = 40.0
RED = re.compile(r"红字|红冲|负数|credit note", re.I)
VOID = re.compile(r"作废|void|cancelled", re.I)
SIGNS = (
    ("£", "GBP"),
    ("€", "EUR"),
    ("US$", "USD"),
    ("$", "USD"),
    ("GBP", "GBP"),
    ("USD", "USD"),
    ("EUR", "EUR"),
    ("¥", "CNY"),
    ("￥", "CNY"),
)


@dataclass(slots=True)
class PaperReading:
    """What one paper gives. `form` is None when it follows none."""

    form: PaperForm | None
    records: list[PaperRecord] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    subject: str | None = None
    dated: date | None = None
    period_end: date | None = None


class PrintedText:
    """All rows as one text, and the way back from a place in it to the cell."""

    def __init__(self, rows: Iterable[PaperRow]) -> None:
        parts: list[str] = []
        self.starts: list[int] = []
        self.cells: list[PaperCell] = []
        at = 0
        for row in rows:
            for number, cell in enumerate(row.cells):
                if number:
                    parts.append(SPACE)
                    at += len(SPACE)
                self.starts.append(at)
                self.cells.append(cell)
                parts.append(cell.text)
                at += len(cell.text)
            parts.append("\n")
            at += 1
        self.text = "".join(parts)

    def cell(self, offset: int) -> tuple[PaperCell | None, int]:
        """The cell at a place in the text, and where it begins."""
        at = bisect_right(self.starts, offset) - 1
        return (self.cells[at], self.starts[at]) if at >= 0 else (None, 0)

    def line(self, offset: int) -> str:
        """The whole line at a place."""
        start = self.text.rfind("\n", 0, offset) + 1
        end = self.text.find("\n", offset)
        return self.text[start : end if end >= 0 else len(self.text)]


def form_of(text: str) -> PaperForm | None:
    """The first form a paper with this text follows."""
    return next((form for form in load_paper_forms() if form.fits(text[:TOP])), None)


def read_paper(rows: Sequence[PaperRow], *, document: str, sha256: str, language: str) -> PaperReading:
    """Everything the paper's form asks for. Rows are those of the whole file in order."""
    printed = PrintedText(rows)
    form = form_of(printed.text)
    if form is None:
        return PaperReading(None)
    scale = next((value for unit, value in form.scale.items() if re.search(rf"单位[:：]?\s*{unit}", printed.text)), Decimal(1))
    found = [one for one in (_field(said, printed, scale) for said in form.fields) if one is not None]
    tables = {said.name: _table(said, rows, scale) for said in form.tables}
    for said in form.tables:
        for number, row in enumerate(tables[said.name], 1):
            found += [_renamed(one, one.name if said.one else f"{said.name}[{number}].{one.name}") for one in row]
            if said.one:
                break
    for name, parts in form.add.items():
        values = [one for one in found if one.name in parts]
        if values:
            total = sum((Decimal(one.value) for one in values), Decimal(0))
            first = values[0]
            found.append(
                PaperField(
                    name, plain(total), first.unit, first.page, first.box, first.locator, " + ".join(v.name for v in values)
                )
            )
    reading = PaperReading(form)
    currency = _currency(printed.text, language)
    reading.records = [_record(form, found, printed, document, sha256, currency)]
    if form.each:
        reading.records += _rows_as_records(form, tables[form.each["table"]], document, sha256, currency)
    _prove(form, found, tables, reading, document)
    whole = reading.records[0]
    reading.subject = _value(found, "subject") or whole.counterparty
    reading.dated, reading.period_end = whole.date, whole.period_end
    if whole.amount is None and form.record.get("amount") and not form.each:
        text = f"{document}: no amount was found on this {form.id.replace('_', ' ')}; look at it"
        reading.messages.append(Message("warning", None, text))
    return reading


def _field(said: FieldForm, printed: PrintedText, scale: Decimal) -> PaperField | None:
    for pattern in said.patterns:
        hits = list(pattern.finditer(printed.text))
        if said.last:
            hits = hits[-1:]
        if len(hits) <= said.nth:
            continue
        hit = hits[said.nth]
        raw = hit["v"] if "v" in hit.re.groupindex else hit.group(1)
        value, unit = _typed(said.type, raw, scale)
        if said.type == "period" and value:
            end = day_of(hit["w"])
            value = f"{value}/{end.isoformat()}" if end else ""
        if not value:
            continue
        offset = hit.start("v") if "v" in hit.re.groupindex else hit.start(1)
        cell, begins = printed.cell(offset)
        text = printed.line(offset)
        box = cell.box_of(offset - begins, offset - begins + len(raw)) if cell else None
        return PaperField(said.name, value, unit, cell.page if cell else None, box,
                          cell.locator if cell else None, text)  # fmt: skip
    return None


def _typed(kind: str, raw: str, scale: Decimal) -> tuple[str, str | None]:
    """(value as text, unit); "" when it cannot be read."""
    if kind in ("money", "number", "count"):
        amount = amount_of(raw.strip())
        if amount is None:
            return "", None
        value = amount[0] * (scale if kind == "money" else 1)
        return plain(value), "currency" if kind == "money" else None
    if kind in ("date", "period"):
        day = day_of(raw)
        return (day.isoformat() if day else "", "date")
    if kind == "month":
        digits = re.findall(r"\d+", raw)
        year, month = (int(digits[0]), int(digits[1])) if len(digits) > 1 else (int(digits[0][:4]), int(digits[0][4:] or 0))
        if not 1 <= month <= 12:
            return "", None
        return date(year, month, calendar.monthrange(year, month)[1]).isoformat(), "date"
    return raw.strip(" ,，;；:："), None


def _table(said: TableForm, rows: Sequence[PaperRow], scale: Decimal) -> list[list[PaperField]]:
    """Rows under the first header that names at least half of the columns, and two at least."""
    for at, row in enumerate(rows):
        places = _places(said, row)
        if len(places) < max(2, (len(said.columns) + 1) // 2):
            continue
        out: list[list[PaperField]] = []
        for below in rows[at + 1 :]:
            if below.table != row.table and (row.table or below.table) and below.page == row.page:
                break
            cells = _fitting(places, below, bool(row.table))
            if _places(said, below) or len(cells) < 2:
                if out and not row.table:
                    break
                continue
            if re.match(r"^(?:合\s*计|小\s*计|总\s*计|total)", below.cells[0].text, re.I):
                break
            fields = []
            for name, cell in cells.items():
                value, unit = _typed(said.columns[name][0], cell.text, scale)
                if value:
                    fields.append(PaperField(name, value, unit, cell.page, cell.box, cell.locator, below.text))
            out.append(fields)
        if out:
            return out
    return []


def _places(said: TableForm, row: PaperRow) -> dict[str, PaperCell]:
    found: dict[str, PaperCell] = {}
    for cell in row.cells:
        bare = bare_caption(cell.text)
        for name, (_, pattern) in said.columns.items():
            if name not in found and len(bare) <= 30 and pattern.fullmatch(bare):
                found[name] = cell
                break
    return found


def _fitting(places: dict[str, PaperCell], row: PaperRow, indexed: bool) -> dict[str, PaperCell]:
    out: dict[str, PaperCell] = {}
    for cell in row.cells:
        if indexed:
            name = next((name for name, place in places.items() if place.x0 == cell.x0), None)
        else:
            near = {
                n: min(abs(cell.x0 - p.x0), abs(cell.x1 - p.x1), abs(cell.x0 + cell.x1 - p.x0 - p.x1) / 2)
                for n, p in places.items()
            }
            best = min(near, key=lambda n: near[n])
            name = best if near[best] <= NEAR else None
        if name is not None:
            out.setdefault(name, cell)
    return out


def _record(
    form: PaperForm, found: Sequence[PaperField], printed: PrintedText, document: str, sha256: str, currency: str | None
) -> PaperRecord:
    def at(column: str) -> str | None:
        return _value(found, form.record.get(column, ""))

    period = (_value(found, "period") or "/").split("/")
    start, end = (_day(text) for text in (*period, "")[:2])
    month = _day(_value(found, "month") or "")
    if end is None and month is not None:
        start, end = month.replace(day=1), month
    amount, tax, dated = _number(at("amount")), _number(at("tax")), _day(at("date") or "")
    state = "normal"
    if form.red and ((amount is not None and amount < 0) or (RED.search(printed.text) and _value(found, "red_of"))):
        state = "red"
    main = next((one for one in found if one.name == form.record.get("amount")), found[0] if found else None)
    source = Source(
        document, sha256, main.page if main else None, main.box if main else None, None, main.locator if main else None
    )
    when = end or dated
    measures = []
    for name, (measure, unit) in form.measures.items():
        value = _number(_value(found, name))
        if value is not None and when is not None:
            measures.append(Measure(measure, value, currency if unit == "currency" else unit or None, when, name))
    return PaperRecord(
        f"r-{sha256[:16]}-0000", form.id, source, at("number"), dated, start, end, at("party"), form.role, at("counterparty"), amount, tax,
        currency, state, tuple(found), tuple(measures), printed.text[:600].strip(), USUAL,
    )  # fmt: skip


def _rows_as_records(
    form: PaperForm, rows: Sequence[Sequence[PaperField]], document: str, sha256: str, currency: str | None
) -> list[PaperRecord]:
    each, out = form.each, []
    for number, row in enumerate(rows, 1):

        def at(column: str, row: Sequence[PaperField] = row) -> str | None:
            return _value(row, each.get(column, ""))

        amount, state = _number(at("amount")), at("state") or ""
        kind = "void" if VOID.search(state) else "red" if RED.search(state) or (amount is not None and amount < 0) else "normal"
        place = next((one for one in row if one.name == each.get("amount")), row[0] if row else None)
        if place is None:
            continue
        source = Source(document, sha256, place.page, place.box, None, place.locator)
        out.append(
            PaperRecord(
                f"r-{sha256[:16]}-{number:04d}", each["kind"], source, at("number"), _day(at("date") or ""), None, None, at("party"), each["role"],
                None, amount, _number(at("tax")), currency, kind, tuple(row), (), place.text, USUAL,
            )
        )  # fmt: skip
    return out


def _prove(
    form: PaperForm,
    found: Sequence[PaperField],
    tables: dict[str, list[list[PaperField]]],
    reading: PaperReading,
    document: str,
) -> None:
    """Sums the paper prints prove its figures, or cast doubt on them."""
    verdicts: list[tuple[str, Decimal]] = []
    for names in form.sums:
        values = [_number(_value(found, name)) for name in names]
        known = [value for value in values if value is not None]
        if len(known) == len(names):
            verdicts.append((" + ".join(names[:-1]) + f" = {names[-1]}", sum(known[:-1], Decimal(0)) - known[-1]))
    for table, column, total in form.totals:
        printed = _number(_value(found, total))
        parts = [_number(_value(row, column)) for row in tables.get(table, [])]
        if printed is not None and parts and all(part is not None for part in parts):
            verdicts.append((f"sum of {column} = {total}", sum((p for p in parts if p is not None), Decimal(0)) - printed))
    whole = reading.records[0]
    for text, gap in verdicts:
        day = whole.period_end or whole.date or date.min
        status = "ok" if abs(gap) <= CENT else "failed"
        reading.checks.append(Check(f"{form.id}_sum", day, status, gap, (whole.id,), "", text))  # type: ignore[arg-type]
        if status == "failed":
            reading.messages.append(
                Message("warning", whole.source.page, f"{document}: {text} does not hold (difference {gap:,})")
            )
    if verdicts:
        sure = SURE if all(abs(gap) <= CENT for _, gap in verdicts) else DOUBTFUL
        reading.records[0] = PaperRecord(
            **{name: getattr(whole, name) for name in whole.__dataclass_fields__} | {"confidence": sure}
        )


def _currency(text: str, language: str) -> str | None:
    return next((code for sign, code in SIGNS if sign in text), "CNY" if language == "zh" else None)


def _value(found: Iterable[PaperField], name: str) -> str | None:
    return next((one.value for one in found if one.name == name), None) if name else None


def _number(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _renamed(one: PaperField, name: str) -> PaperField:
    return PaperField(name, one.value, one.unit, one.page, one.box, one.locator, one.text)
