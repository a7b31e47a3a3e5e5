"""A statement of account read into movements: columns by their captions, the account by its labels, every line with its place.

The reader walks the rows of the file once. What stands before a table names the account; rows that open, close or total the
account are no movements, but what they say is checked (ingestion.papers.account_checks).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ingestion.papers.account_words import AccountWords, load_account_words
from ingestion.papers.printed import amount_of, day_of, is_nil, order_of
from ingestion.papers.rows import PaperCell, PaperRow

DAY_ROLES = ("date", "moment", "value_day")
MONEY_ROLES = ("in", "out", "debit", "credit", "amount")
TEXT_ROLES = ("counterparty_name", "counterparty_account", "counterparty_bank", "memo", "channel", "reference")
LEAST_ROLES = 3
NEAR = 60.0
"""Points by which a cell of an unruled line may miss its column's caption."""
TITLE_ROWS = 12


@dataclass(slots=True)
class Entry:
    """One row of the table by roles, not yet understood."""

    row: PaperRow
    cells: dict[str, PaperCell]
    more: dict[str, str] = field(default_factory=dict)

    def text(self, role: str) -> str:
        """The role's text, with what ran on to lines below."""
        cell = self.cells.get(role)
        own = cell.text if cell else ""
        return f"{own}{self.more.get(role, '')}".strip()


@dataclass(slots=True)
class Section:
    """One account of the file: what its labels say, its rows, and what opening, closing and total rows print."""

    labels: dict[str, tuple[str, PaperCell]] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    roles: tuple[str, ...] = ()
    opening: tuple[Decimal, PaperCell] | None = None
    closing: tuple[Decimal, PaperCell] | None = None
    totals: dict[str, tuple[Decimal, PaperCell]] = field(default_factory=dict)
    title: str = ""
    skipped: list[PaperRow] = field(default_factory=list)

    def label(self, part: str) -> str | None:
        """A label's value."""
        found = self.labels.get(part)
        return found[0] if found else None


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each role stands. `indexed` for a grid; else by captions' edges."""

    places: Mapping[str, PaperCell]
    indexed: bool

    def split(self, row: PaperRow) -> dict[str, PaperCell]:
        """The cells of one row by role."""
        if bool(row.table) != self.indexed:
            return {}
        out: dict[str, PaperCell] = {}
        for cell in row.cells:
            role = self._at(cell)
            if role is not None and role not in out:
                out[role] = cell
        return out

    def _at(self, cell: PaperCell) -> str | None:
        if self.indexed:
            return next((role for role, place in self.places.items() if place.x0 == cell.x0), None)
        number = amount_of(cell.text) is not None
        best: tuple[float, str] | None = None
        for role, place in self.places.items():
            money = role in (*MONEY_ROLES, "balance")
            if money and not (number or is_nil(cell.text)):
                continue
            miss = abs(cell.x1 - place.x1) if money else min(abs(cell.x0 - place.x0), abs(_middle(cell) - _middle(place)))
            if cell.x0 < place.x1 and cell.x1 > place.x0:
                miss *= 0.5
            if miss <= NEAR and (best is None or miss < best[0]):
                best = (miss, role)
        return best[1] if best else None


def sections_of(rows: Iterable[PaperRow]) -> list[Section]:
    """Every account with at least one movement, in file order."""
    return _Walk(load_account_words()).over(list(rows))


class _Walk:
    """One pass over the rows."""

    def __init__(self, words: AccountWords) -> None:
        self.words = words
        self.done: list[Section] = []
        self.section = Section()
        self.columns: Columns | None = None
        self.sheet = ""

    def over(self, rows: Sequence[PaperRow]) -> list[Section]:
        at = 0
        while at < len(rows):
            row = rows[at]
            self._new_sheet(row)
            found, used = self._header(rows, at)
            if found is not None:
                self.columns = found
                self.section.roles = tuple(found.places)
                at += used
                continue
            self._row(row, at)
            at += 1
        self._close()
        return self.done

    def _new_sheet(self, row: PaperRow) -> None:
        sheet = (row.locator or "").rsplit("!", 1)[0] if "!" in (row.locator or "") else ""
        if sheet and self.sheet and sheet != self.sheet:
            self._close()
        self.sheet = sheet or self.sheet

    def _close(self) -> None:
        if self.section.entries:
            self.done.append(self.section)
        self.section, self.columns = Section(), None

    def _header(self, rows: Sequence[PaperRow], at: int) -> tuple[Columns | None, int]:
        """Columns named by this row, or by this row and the next together (「发生额」 above 「借方」「贷方」)."""
        first = self._named(rows[at])
        if (
            len(first) >= 2
            and any(role in first for role in DAY_ROLES)
            and at + 1 < len(rows)
            and rows[at].table == rows[at + 1].table
        ):
            below = self._named(rows[at + 1])
            if below and len(below) == len(rows[at + 1].cells) and {"debit", "credit", "in", "out"} & set(below):
                both = below | {role: cell for role, cell in first.items() if role != "amount" or not rows[at].table}
                if _enough(both):
                    return Columns(both, bool(rows[at].table)), 2
        if _enough(first):
            return Columns(first, bool(rows[at].table)), 1
        return None, 0

    def _named(self, row: PaperRow) -> dict[str, PaperCell]:
        found: dict[str, PaperCell] = {}
        for cell in row.cells:
            role = self.words.role(cell.text)
            if role is not None:
                found.setdefault(role, cell)
        return found

    def _row(self, row: PaperRow, at: int) -> None:
        cells = self.columns.split(row) if self.columns else {}
        kind = self._kind(row)
        if cells and kind == "":
            if self._movement(cells):
                self.section.entries.append(Entry(row, cells))
                return
            if self.section.entries and self._goes_on(row, cells):
                return
        if kind and cells:
            self._standing(kind, row, cells)
        labelled = self._labels(row)
        if not labelled and not self.section.entries and not self.section.title and at < TITLE_ROWS:
            self.section.title = row.text
        if (
            cells
            and not kind
            and not labelled
            and any(amount_of(cell.text) for role, cell in cells.items() if role in MONEY_ROLES)
        ):
            self.section.skipped.append(row)

    def _kind(self, row: PaperRow) -> str:
        for cell in row.cells[:3]:
            for kind, pattern in (
                ("opening", self.words.opening),
                ("closing", self.words.closing),
                ("total", self.words.total),
            ):
                if pattern.match(cell.text.replace(" ", "") if not cell.text.isascii() else cell.text):
                    return kind
        return ""

    def _movement(self, cells: Mapping[str, PaperCell]) -> bool:
        dated = any(role in cells and day_of(cells[role].text) for role in DAY_ROLES)
        return dated and any(role in cells and amount_of(cells[role].text) is not None for role in MONEY_ROLES)

    def _goes_on(self, row: PaperRow, cells: Mapping[str, PaperCell]) -> bool:
        """A line of text only, under a movement: names and memos that did not fit."""
        if row.table or any(role not in TEXT_ROLES for role in cells) or len(cells) > 3:
            return False
        if self.words.inline.search(row.text):
            return False
        last = self.section.entries[-1]
        if last.row.page != row.page:
            return False
        for role, cell in cells.items():
            gap = "" if re.search("[\u4e00-\u9fff]", cell.text) else " "
            last.more[role] = f"{last.more.get(role, '')}{gap}{cell.text}"
        return True

    def _standing(self, kind: str, row: PaperRow, cells: Mapping[str, PaperCell]) -> None:
        if kind in ("opening", "closing"):
            place = cells.get("balance") or next((c for c in reversed(row.cells) if amount_of(c.text)), None)
            value = amount_of(place.text) if place else None
            if place is None or value is None:
                return
            if kind == "opening" and self.section.opening is None:
                self.section.opening = (value[0], place)
            elif kind == "closing":
                self.section.closing = (value[0], place)
            return
        for role, side in (("in", "in"), ("credit", "in"), ("out", "out"), ("debit", "out")):
            value = amount_of(cells[role].text) if role in cells else None
            if value is not None:
                self.section.totals[side] = (abs(value[0]), cells[role])

    def _labels(self, row: PaperRow) -> bool:
        """「户名：某公司 账号：62…」 and 「户名 | 某公司」; a second account number begins a second account."""
        found: dict[str, tuple[str, PaperCell]] = {}
        for cell in row.cells:
            hits = list(self.words.inline.finditer(cell.text))
            ends = [*(hit.start() for hit in hits[1:]), len(cell.text)]
            for hit, end in zip(hits, ends[: len(hits)], strict=True):
                value = cell.text[hit.end() : end].strip(" ;；,，|")
                if value:
                    found.setdefault(self.words.parts[hit.lastgroup or ""], (value, cell))
        for cell, after in zip(row.cells, row.cells[1:], strict=False):
            part = self.words.label(cell.text)
            if part and self.words.label(after.text) is None:
                found.setdefault(part, (after.text, after))
        if not found:
            return False
        number = found.get("account_number")
        known = self.section.label("account_number")
        if number and known and number[0] != known and self.section.entries:
            self._close()
        for part, (value, cell) in found.items():
            if part in ("opening", "closing", "total_in", "total_out"):
                self._figure(part, value, cell)
            elif part not in self.section.labels:
                self.section.labels[part] = (value, cell)
        return True

    def _figure(self, part: str, value: str, cell: PaperCell) -> None:
        first = re.match(r"[¥￥£$€]?\s*[-+]?[\d,]+(?:\.\d+)?", value)
        amount = amount_of(first.group() if first else value)
        if amount is None:
            return
        if part == "opening":
            self.section.opening = self.section.opening or (amount[0], cell)
        elif part == "closing":
            self.section.closing = (amount[0], cell)
        else:
            self.section.totals["in" if part == "total_in" else "out"] = (abs(amount[0]), cell)


def _enough(places: Mapping[str, PaperCell]) -> bool:
    dated = any(role in places for role in DAY_ROLES)
    return dated and any(role in places for role in MONEY_ROLES) and len(places) >= LEAST_ROLES


def _middle(cell: PaperCell) -> float:
    return (cell.x0 + cell.x1) / 2


def days_of(section: Section) -> tuple[list[date | None], bool]:
    """The day of every entry, and whether the order of day and month is proved."""
    role = next((r for r in ("date", "moment", "value_day") if any(r in entry.cells for entry in section.entries)), "date")
    texts = [entry.text(role) for entry in section.entries]
    order, proved = order_of(texts)
    return [day_of(text, order) for text in texts], proved
