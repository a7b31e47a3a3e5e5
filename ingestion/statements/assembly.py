"""Statements from pages: tables are read from each candidate page on until the statement closes.

A table without a title continues the statement before it; so does one that repeats the title of the page before. Its columns
are matched to those of the first table by place, or by header when it has one of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ingestion.pdf.words import PageLayout
from ingestion.statements.blocks import tables_of
from ingestion.statements.columns import settle_kinds
from ingestion.statements.headers import give_headers
from ingestion.statements.model import Column, Statement, Table
from ingestion.statements.periods import read_hint
from ingestion.statements.rows import Known
from ingestion.statements.titles import Title
from ingestion.statements.triage import KINDS, Seed
from ingestion.statements.vocabulary import compact, words

MAX_FOLLOWING = 6
"""Pages read past the one where a statement begins: the longest seen runs over five."""
MAX_PAGES = 60
"""Pages whose geometry is read in one document, whatever triage proposes."""
MIN_ANCHORS = 6
"""Typical lines that make a table without a title a statement."""
_PARENT_ABOVE = re.compile(r"parentcompany(?:only)?|companyonly|registrantonly|parentonly|(?<!归属于)(?<!归属)母公司")
_AMOUNT = re.compile(r"\d[,.]\d{2}")
_COMPLETE = {
    "balance_sheet": re.compile(
        r"^total.*liabilities.*(?:equity|deficit|capital|funds)|^totalequityandliabilities|负债(?:和|及).*权益.*(?:总计|合计)|权益(?:和|及)负债"
    ),
    "income_statement": re.compile(r"per(?:common|ordinary|basic|diluted|class.)*share|每股(?:收益|盈利)"),
    "cash_flow": re.compile(r"(?:end|close)of(?:the)?(?:year|period|quarter)|ending(?:balance)?|期末现金|年末现金"),
}


def statements_of(
    seeds: Sequence[Seed], layout: Callable[[int], PageLayout], rows: Sequence[int], known: Known
) -> list[Statement]:
    """Every statement that begins on a page of `seeds`, in page order. `layout` reads the geometry of one page (from 0);
    `rows` is the number of table rows triage saw on each page: a page without any ends a statement."""
    statements: list[Statement] = []
    done: set[int] = set()
    untitled = {s.page for s in seeds} - {s.page for s in seeds if s.titled}
    for start in sorted({s.page for s in seeds}):
        page, begun = start, start
        open_one: Statement | None = None
        while page < len(rows) and page - begun <= MAX_FOLLOWING and page not in done and len(done) < MAX_PAGES:
            done.add(page)
            before = len(statements)
            for table in tables_of(layout(page), known, open_one.columns if open_one else ()):
                half = table.beside and bool(statements) and statements[-1].pages[-1:] == [table.page]
                if page in untitled and open_one is None and table.title is None and not half:
                    table.title = _told_by_rows(table)
                open_one = _take(table, statements, open_one)
            begun = page if len(statements) > before else begun
            page += 1
            if open_one is None or open_one.kind == "equity" or page >= len(rows) or rows[page] == 0:
                break
    return [s for s in statements if s.columns and s.rows]


def _complete(statement: Statement) -> bool:
    """Whether the line that ends this statement has been met, so that a table on the next page is something else."""
    pattern = _COMPLETE.get("income_statement" if statement.kind == "comprehensive" else statement.kind)
    return pattern is not None and any(pattern.search(compact(r.label)) for r in statement.rows if r.label)


def _take(table: Table, statements: list[Statement], open_one: Statement | None) -> Statement | None:
    """Puts `table` where it belongs; returns the statement that is still open after it."""
    if table.title is None:
        left = statements[-1] if statements else None
        if table.beside and open_one is None and left is not None and left.pages[-1:] == [table.page] and _fits(table, left):
            _append(left, table)
            return None if table.closed or _complete(left) else left
        if open_one is None:
            return None
        if table.columns and table.rows:
            if not _fits(table, open_one):
                return None
            _append(open_one, table)
        return None if (table.closed and table.rows) or _complete(open_one) else open_one
    before = statements[-1] if statements else None
    if before is not None and _repeats(table, before, open_one):
        _append(before, table)
    else:
        scope = _scope(table)
        if scope is None and not table.title.both and before is not None and before.pages[-1:] == [table.page]:
            # a note that gives the parent's statements one under the other names the parent once
            scope = "parent" if before.scope == "parent" and before.title is not None and before.title.scope is None else None
        statements.append(Statement(table.title.kind, scope, table.title, [table], table.columns))
    last = statements[-1]
    return None if (table.closed and table.rows) or _complete(last) else last


def _told_by_rows(table: Table) -> Title | None:
    """What a table without a title is by its rows, as weak as a summary; None when they do not tell."""
    labels = [compact(r.label) for r in table.rows if r.cells]
    counts = {kind: sum(1 for word in words().anchors[kind] if any(word in label for label in labels)) for kind in KINDS}
    kind = max(counts, key=lambda k: counts[k])
    return Title(kind, None, weak=True) if counts[kind] >= MIN_ANCHORS else None


def _scope(table: Table) -> str | None:
    assert table.title is not None
    if table.title.scope or table.title.both:
        return table.title.scope
    # the rows of the statement before stand above too, and a header may name both
    above = compact(" ".join(line for line in (*table.before, *table.above) if not _AMOUNT.search(line)))
    named = _PARENT_ABOVE.search(above) and not words().scopes["consolidated"].search(above)
    return "parent" if named else None


def _fits(table: Table, statement: Statement) -> bool:
    """A continuation has no more value columns than the statement (or the statement has none yet)."""
    if not statement.columns:
        return True
    values = [c for c in statement.columns if c.kind != "notes"]
    return len(table.values) <= max(len(values), 1)


def _repeats(table: Table, before: Statement, open_one: Statement | None) -> bool:
    """Whether a titled table carries on `before`: same statement and scope, marked continued or on the next page with
    other rows."""
    assert table.title is not None
    scope = _scope(table)
    if table.title.kind != before.kind or (scope is not None and before.scope is not None and scope != before.scope):
        return False
    pages = before.pages
    if not pages or table.page is None or table.page - pages[-1] > 1:
        return False
    if table.title.continued:
        return True
    if not before.columns:
        return compact(table.title_text) == compact(before.tables[0].title_text)
    if table.page == pages[-1] and open_one is not before:
        return False
    if len(table.values) != len([c for c in before.columns if c.kind == "value"]):
        return False
    seen = {compact(r.label) for r in before.rows if r.cells and r.label}
    new = {compact(r.label) for r in table.rows if r.cells and r.label}
    return bool(new) and len(seen & new) <= 0.25 * len(new) and _same_headers(table.columns, before.columns)


def _same_headers(one: Sequence[Column], two: Sequence[Column]) -> bool:
    hints = [[read_hint(" ".join(c.header)) for c in columns if c.kind == "value"] for columns in (one, two)]
    pairs = list(zip(*hints, strict=False))
    same = all((a.year, a.relative) == (b.year, b.relative) for a, b in pairs)
    return same and all(None in (x, y) or x == y for a, b in pairs for x, y in ((a.month, b.month), (a.months, b.months)))


def _append(statement: Statement, table: Table) -> None:
    """Adds a continuation, its cells moved to the columns of the statement."""
    if not statement.columns:
        statement.columns = table.columns
        pending = [line for t in statement.tables for line in t.head]
        if pending and not any(c.header for c in table.columns if c.kind == "value"):
            give_headers(pending, table.columns, ())
            settle_kinds(table.columns)
        statement.tables.append(table)
        return
    if not table.columns:
        return
    moves = _moves(table.columns, statement.columns)
    for row in table.rows:
        row.cells = {moves[i]: cell for i, cell in row.cells.items() if i in moves}
    statement.tables.append(table)


def _moves(new: Sequence[Column], old: Sequence[Column]) -> dict[int, int]:
    """Index of each continued column in the statement: by header dates, else by place, else by order."""
    notes_new, notes_old = [c for c in new if c.kind == "notes"], [c for c in old if c.kind == "notes"]
    moves = {a.index: b.index for a, b in zip(notes_new, notes_old, strict=False)}
    values, targets = [c for c in new if c.kind != "notes"], [c for c in old if c.kind != "notes"]
    hints_new = [_key(c) for c in values]
    hints_old = [_key(c) for c in targets]
    if all(k for k in hints_new) and len(set(hints_new)) == len(values) and all(hints_old.count(k) == 1 for k in hints_new):
        return moves | {c.index: targets[hints_old.index(k)].index for c, k in zip(values, hints_new, strict=True)}
    near = {c.index: min(targets, key=lambda t: abs(t.right - c.right)) for c in values} if targets else {}
    if (
        near
        and len({t.index for t in near.values()}) == len(values)
        and all(abs(near[c.index].right - c.right) < 40 for c in values)
    ):
        return moves | {c.index: near[c.index].index for c in values}
    if len(values) == len(targets):
        return moves | {c.index: t.index for c, t in zip(values, targets, strict=True)}
    return moves


def _key(column: Column) -> tuple[object, ...] | None:
    hint = read_hint(" ".join(column.header))
    parts = (hint.year, hint.month, hint.months, hint.relative)
    return parts if any(p is not None for p in parts) else None
