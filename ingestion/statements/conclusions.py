"""From chosen statements to what leaves the reader: facts one per key, checks, unmapped rows, messages, status."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from ingestion.extraction import Check, Message, Unmapped
from ingestion.statements.arithmetic import tolerance
from ingestion.statements.captions import Captions
from ingestion.statements.choosing import Candidate
from ingestion.statements.derived import derived
from ingestion.statements.facts import Draft, Origin, drafts_of, settle_confidence
from ingestion.statements.frames import Frame, usable
from ingestion.statements.identities import ColumnFacts, run_identities
from ingestion.statements.model import Column, printed_places
from ingestion.statements.outcome import StatementReading
from ingestion.statements.sections import BALANCE, CASH, INCOME
from ingestion.statements.units import settle_units
from tools.domain.definitions import Identity

_MEZZANINE = re.compile(r"redeemable|mezzanine|temporary equity|convertible preferred")
Key = tuple[str, date, int, str]
LEAST_LOST = 6
LOST_SHARE = Decimal("0.25")
"""How many amounts outside all columns, and what share of those read, make a page one that was not wholly read."""


def conclude(
    chosen: Sequence[Candidate],
    frame: Frame,
    captions: Captions,
    origin: Origin,
    identities: Mapping[str, Identity],
    reading: StatementReading,
) -> None:
    """Fills facts, checks, unmapped rows, messages, scale, currency and status of `reading`."""
    settle_units([c.statement for c in chosen], reading.messages, frame.pictures)
    drafts: dict[Key, Draft] = {}
    columns: list[ColumnFacts] = []
    for candidate in chosen:
        reading.messages += [*candidate.messages, *_lost(candidate)]
        _take(candidate, drafts, drafts_of(candidate.statement, candidate.entries, candidate.scope, frame, origin), reading)
        columns += _columns(candidate, drafts, captions)
        _rest(candidate, reading)
    reading.checks = run_identities(columns, identities, captions, frame.standard)
    for candidate in chosen:
        reading.checks += _broken_rows(candidate, list(drafts.values()))
        reading.checks += _broken_steps(candidate, list(drafts.values()))
    for column in columns:
        if column.statement == BALANCE:
            mezzanine = sum(column.loose.get("mezzanine", []), Decimal(0))
            of_column = {i: d for (i, end, months, scope), d in drafts.items() if (scope, end, months) == column.key}
            for draft in derived(of_column, captions.items, mezzanine):
                drafts.setdefault(_key(draft), draft)
    agreed = {i for c in reading.checks if c.status == "ok" for i in c.facts}
    broken = {i for c in reading.checks if c.status == "failed" for i in c.facts}
    reading.facts = settle_confidence(list(drafts.values()), agreed, broken)
    _summary(chosen, reading)


def _lost(candidate: Candidate) -> list[Message]:
    """A warning for each page on which a good part of the amounts stands in no column that was understood."""
    told = []
    for table in candidate.statement.tables:
        read = sum(len(row.cells) for row in table.rows)
        if table.lost >= LEAST_LOST and table.lost >= LOST_SHARE * read:
            text = (
                f"{candidate.kind.replace('_', ' ')}: {table.lost} amounts on this page stand in none of the columns that were understood and "
                "were not read. Look at the page, or ask for the statement as a workbook"
            )
            told.append(Message("warning", table.page, text))
    return told


def _key(draft: Draft) -> Key:
    fact = draft.fact
    return (fact.item, fact.period.end, fact.period.months, fact.scope)


def _take(candidate: Candidate, drafts: dict[Key, Draft], new: Sequence[Draft], reading: StatementReading) -> None:
    for draft in new:
        held = drafts.get(_key(draft))
        if held is None:
            drafts[_key(draft)] = draft
        elif held.fact.value != draft.fact.value:
            text = (
                f"{draft.fact.item} at {draft.fact.period.end} is {held.fact.raw} on page {held.fact.source.page} and "
                f"{draft.fact.raw} here; the first counts"
            )
            reading.messages.append(Message("warning", draft.fact.source.page, text))
    for item, rows in candidate.unclear.items():
        text = f"rows of the {candidate.kind.replace('_', ' ')} that could each be {item}, so none is: {'; '.join(rows)}"
        reading.messages.append(Message("info", _page(candidate), text))


def _page(candidate: Candidate) -> int | None:
    return candidate.statement.pages[0] if candidate.statement.pages else None


def _columns(candidate: Candidate, drafts: Mapping[Key, Draft], captions: Captions) -> list[ColumnFacts]:
    """The facts of each usable column, with the sums of its rows and the loose amounts identities may need."""
    out: list[ColumnFacts] = []
    statement = candidate.statement
    for column in usable(statement):
        if column.factor is None or column.period is None:
            continue
        scope = column.scope or candidate.scope
        key = (scope, column.period.end, column.period.months)
        held = [d for d in drafts.values() if d.statement is statement and d.column is column]
        twin = next((c for c in out if c.key == key), None)
        made = twin or ColumnFacts(candidate.kind, key, unit=column.factor * Decimal(1).scaleb(-printed_places(statement)))
        made.facts |= {d.fact.item: d.fact for d in held}
        for name, amounts in _loose(candidate, column).items():
            made.loose.setdefault(name, []).extend(amounts)
        _sums(candidate, column, held, made, captions)
        if twin is None:
            out.append(made)
    return out


def _sums(candidate: Candidate, column: Column, held: Sequence[Draft], made: ColumnFacts, captions: Captions) -> None:
    others = {c.index for c in usable(candidate.statement) if c.index != column.index}
    for draft in held:
        entry = draft.entry
        if captions.items[draft.fact.item].kind != "subtotal" or draft.fact.item in ("cash_beginning", "gross_profit"):
            continue
        if column.index in entry.summed:
            made.sums[draft.fact.item] = True
        elif entry.summed & others and entry.parts:
            rows = {e.index: e for e in candidate.entries}
            total = sum((rows[i].values([column.index]).get(column.index, Decimal(0)) for i in entry.parts), Decimal(0))
            assert column.factor is not None
            amount = entry.row.cells[column.index].number.value
            gap = (amount - total) * column.factor
            made.gaps[draft.fact.item] = gap
            made.sums[draft.fact.item] = abs(gap) <= tolerance(len(entry.parts), made.unit, amount * column.factor)
        else:
            made.sums[draft.fact.item] = None


def _broken_rows(candidate: Candidate, drafts: Sequence[Draft]) -> list[Check]:
    """Totals without a check of their own whose rows add up in one column and not in another: a wrong amount stands among them."""
    rows = {e.index: e for e in candidate.entries}
    out = []
    for column in usable(candidate.statement):
        if column.period is None or column.factor is None:
            continue
        for entry in candidate.entries:
            amount = entry.values([column.index]).get(column.index)
            known = entry.item is not None and entry.item.kind == "subtotal"  # has a check of its own
            # one row above with the same amount is a repetition where nothing came between, not a sum
            if known or len(entry.parts) < 2 or column.index in entry.summed or amount is None:
                continue
            parts = [
                d.fact.id
                for d in drafts
                if d.statement is candidate.statement and d.column is column and d.entry.index in entry.parts
            ]
            total = sum((rows[i].values([column.index]).get(column.index, Decimal(0)) for i in entry.parts), Decimal(0))
            gap = (amount - total) * column.factor
            if abs(gap) <= column.factor * len(parts):
                continue
            scope = column.scope or candidate.scope
            out.append(
                Check(
                    "rows", column.period.end, "failed", gap, tuple(parts), scope, f"the rows of {entry.row.label or 'a total'}"
                )
            )
    return out


def _broken_steps(candidate: Candidate, drafts: Sequence[Draft]) -> list[Check]:
    """Results of an income statement that follow from the rows before them in one column and from no signs at all in another: a
    wrong amount stands among them."""
    rows = {e.index: e for e in candidate.entries}
    out: list[Check] = []
    for column in usable(candidate.statement):
        if column.period is None or column.factor is None:
            continue
        unit = Decimal(1).scaleb(-printed_places(candidate.statement))
        for entry in candidate.entries:
            if not entry.steps or column.index in entry.summed or column.index not in entry.row.cells:
                continue
            indexes = {index for index, _ in entry.steps}
            gap = sum((c * rows[i].values([column.index]).get(column.index, Decimal(0)) for i, c in entry.steps), Decimal(0))
            if abs(gap) <= tolerance(len(indexes), unit, entry.row.cells[column.index].number.value):
                continue
            held = [d for d in drafts if d.statement is candidate.statement and d.column is column and d.entry.index in indexes]
            scope = column.scope or candidate.scope
            detail = f"{entry.row.label or 'a result'} does not follow from the rows before it, as it does in another column"
            ids = tuple(d.fact.id for d in held)
            out.append(Check("rows", column.period.end, "failed", gap * column.factor, ids, scope, detail))
    return out


def _loose(candidate: Candidate, column: Column) -> dict[str, list[Decimal]]:
    """Amounts that belong into an identity without having its items: what stands between liabilities and equity, lines
    after tax, cash that moved outside the three activities."""
    out: dict[str, list[Decimal]] = {}
    names = [e.item.id if e.item is not None else "" for e in candidate.entries]
    assert column.factor is not None
    for index, entry in enumerate(candidate.entries):
        amount = entry.values([column.index]).get(column.index)
        if not amount:
            continue
        amount *= column.factor
        before = set(names[:index])
        if candidate.kind == BALANCE and entry.item is None and _MEZZANINE.search(entry.label.text):
            out.setdefault("mezzanine", []).append(amount)
        elif candidate.kind == INCOME and "profit_before_tax" in before and "net_profit" not in before:
            if names[index] not in ("income_tax_expense", "net_profit") and not entry.label.total:
                out.setdefault("after_tax", []).append(amount)
        elif candidate.kind == CASH and entry.item is None and {"net_cash_operating", "net_cash_financing"} <= before:
            out.setdefault("other_cash", []).append(amount)
    return out


def _rest(candidate: Candidate, reading: StatementReading) -> None:
    for entry in candidate.entries:
        if entry.item is not None or entry.row.heading:
            continue
        cells = [entry.row.cells[i] for i in sorted(entry.row.cells)]
        box = entry.row.label_box or cells[0].box
        locator = entry.row.locator or cells[0].locator
        reading.unmapped.append(
            Unmapped(entry.row.label, tuple(c.raw for c in cells), entry.row.page, box, locator, candidate.kind)
        )


def _summary(chosen: Sequence[Candidate], reading: StatementReading) -> None:
    reading.statement_pages = sorted({page for c in chosen for page in c.statement.pages})
    ends = [f.period.end for f in reading.facts if f.statement == BALANCE] or [f.period.end for f in reading.facts]
    reading.period_end = max(ends, default=None)
    currencies = [f.currency for f in reading.facts if f.currency]
    scales = [f.scale for f in reading.facts]
    reading.currency = max(set(currencies), key=currencies.count) if currencies else None
    reading.scale = max(set(scales), key=scales.count) if scales else None
    failed = [c for c in reading.checks if c.status == "failed"]
    for check in failed:
        text = f"{check.id} does not hold at {check.period_end} ({check.scope}): the sides differ by {check.difference}"
        reading.messages.append(Message("warning", _page_of(check, reading), text))
    if any(m.level == "error" for m in reading.messages):
        reading.status = "partial"
    for kind in (BALANCE, INCOME, CASH):
        if chosen and not any(c.kind == kind for c in chosen):
            reading.messages.append(Message("info", None, f"no {kind.replace('_', ' ')} was found"))
    if not chosen:
        reading.messages.append(Message("info", None, "no financial statement was found on pages with text"))


def _page_of(check: Check, reading: StatementReading) -> int | None:
    return next((f.source.page for f in reading.facts if f.id in check.facts), None)
