"""Rows to line items: captions, place, totals and sums together.

An item is given to at most one row of a statement; when two rows claim it the better caption, the row marked net or total,
and the row the sums of the statement prove win; otherwise neither is taken and the ambiguity is reported.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal

from ingestion.statements.captions import EXACT, PATTERN, Caption, Captions
from ingestion.statements.entries import Entry, kind_of
from ingestion.statements.labels import Label, read_label
from ingestion.statements.model import Row, Statement
from ingestion.statements.proofs import name_totals, prove
from ingestion.statements.sections import (
    BALANCE,
    CASH,
    INCOME,
    BalancePlaces,
    Place,
    cash_places,
    fits,
    income_places,
    section_of,
)
from ingestion.statements.vocabulary import words

_OWNERS = re.compile(
    r"owner|equity holder|shareholder|parent|member|ordinary|(?:the )?company|stockholder|controlling interest"
)
_MINORITY = re.compile(r"noncontrolling|minority|outside equity")
_EITHER_EQUITY = {"total_equity", "equity_attributable_to_parent"}
_SHARES = re.compile(r"\b(?:share|outstanding|issued|authorized)\b")
_MOVEMENTS = re.compile(r"\b(?:changes?|increases?|decreases?|movements?) (?:\(\w+\) )?in\b|\badjust", re.IGNORECASE)
_CASH_TOTALS = frozenset({"net_cash_operating", "net_cash_investing", "net_cash_financing"})
_PAID = re.compile(r"\b(?:paid|pay|payment|purchase|cash)\b")


def mapped(statement: Statement, captions: Captions, unit: Decimal) -> tuple[list[Entry], dict[str, list[str]]]:
    """Rows with their items, places, proofs and signs; and the items that stayed ambiguous."""
    kind = kind_of(statement)
    columns = [c.index for c in statement.columns if c.kind == "value"]
    entries = _entries(statement, kind, columns, captions)
    first = prove(entries, kind, columns, unit, captions)
    name_totals(entries, kind, first, captions)
    totals = [_only_total(captions.find(e.label, kind)) if not e.row.heading else None for e in entries]
    totals = _of_activities(totals, entries)
    places = _places(kind, [e.row for e in entries], [e.label for e in entries], totals)
    for entry, place in zip(entries, places, strict=True):
        entry.place, entry.item = place, None
    for entry in entries:
        if not entry.row.heading:
            _name(entry, kind, captions, entries[: entry.index], entries[entry.index + 1 :])
    _after(entries, captions)
    _equity(entries, captions)
    for entry, total in zip(entries, _of_activities([e.item.id if e.item else None for e in entries], entries), strict=True):
        entry.item = entry.item if total else None
    proof = prove(entries, kind, columns, unit, captions) if kind == INCOME else first
    for entry in entries:
        entry.proven = proof.proven.get(entry.index, set())
        entry.summed = proof.summed.get(entry.index, set())
        entry.parts = proof.parts.get(entry.index, [])
        entry.steps = proof.steps.get(entry.index, [])
        entry.sign = proof.signs.get(entry.index)
    return entries, settle(entries)


def _entries(statement: Statement, kind: str, columns: Sequence[int], captions: Captions) -> list[Entry]:
    """Entries with headings, of-which marks and a first guess at the item, before places are known."""
    out: list[Entry] = []
    heading, parent_x = "", 0.0
    for row in statement.rows:
        row.cells = {i: c for i, c in row.cells.items() if i in columns}
        if not row.label and not row.cells:
            continue
        entry = Entry(len(out), row, read_label(row.label), heading=heading)
        if row.heading:
            heading = row.label
        else:
            found = captions.find(entry.label, kind)
            if len({c.item.id for c in found}) == 1:
                entry.item, entry.reversed = found[0].item, found[0].reversed
            entry.of_which, parent_x = _of_which(entry, out, parent_x)
            if entry.label.total or (entry.item is not None and entry.item.kind == "subtotal"):
                heading = ""
        out.append(entry)
    return out


def _only_total(found: list[Caption]) -> str | None:
    """The total a label names for sure (used to find sections before items are settled)."""
    totals = [c for c in found if c.item.kind == "subtotal"]
    if not totals or len(totals) != len(found):
        return None
    return totals[0].item.id


def _places(kind: str, rows: Sequence[Row], labels: Sequence[Label], totals: Sequence[str | None]) -> list[Place]:
    if kind == BALANCE:
        return BalancePlaces(rows, totals).places
    return cash_places(rows, totals) if kind == CASH else income_places(rows, labels)


def _of_which(entry: Entry, before: list[Entry], parent_x: float) -> tuple[bool, float]:
    """Whether a Chinese row is part of the row above (其中): told by its mark, or, below a marked row, by the form it is printed on
    or by standing as deep as that row does below its parent."""
    if entry.label.role == "of_which":
        parent = next((e for e in reversed(before) if not e.of_which and not e.row.heading), None)
        return True, parent.row.indent if parent else entry.row.indent
    if entry.label.zh and before and before[-1].of_which and not entry.label.role:
        if words().of_which_rows.fullmatch(entry.label.zh):
            return True, parent_x
        marked = next((e for e in reversed(before) if e.label.role == "of_which"), before[-1]).row.indent
        deep = marked > parent_x + 4 and entry.row.indent >= marked - 2 and not _own_line(entry)
        return deep or entry.row.indent > parent_x + 12, parent_x
    return False, 0.0


def _own_line(entry: Entry) -> bool:
    return entry.label.total or (entry.item is not None and entry.item.kind != "memo")


def _name(entry: Entry, kind: str, captions: Captions, before: Sequence[Entry], following: Sequence[Entry]) -> None:
    label, place = entry.label, entry.place
    if place.side in ("per_share", "owners_comprehensive", "end") or not entry.amounts:
        return
    if kind == INCOME and place.side == "owners":
        _owner(entry, captions)
        return
    found = captions.find(label, kind) or _before_colon(entry, kind, captions)
    if not found and entry.heading and section_of(entry.heading) is None:
        found = _under_heading(entry, kind, captions)
    elif not found and entry.heading and kind == CASH:
        found = captions.find(read_label(f"{entry.heading} {entry.row.label}"), kind)
        found = [c for c in found if c.item.kind == "memo"]
    if kind == CASH and place.side == "operating" and _MOVEMENTS.search(entry.heading) and not _PAID.search(label.text):
        # "Changes in operating assets and liabilities: Income taxes" is what the liability moved by, not what was paid
        found = [c for c in found if not captions.costs(c.item) or (c.item.kind == "memo" and c.item.id != "taxes_paid")]
    if kind == CASH and not found and place.side == "operating":
        found = [c for c in captions.find(label, INCOME) if c.item.id == "interest_expense" and c.quality == EXACT]
    if kind == INCOME:
        found = [
            c
            for c in found
            if (c.item.id in ("other_comprehensive_income", "total_comprehensive_income")) or place.side == "main"
        ]
        found = _by_order(_by_gross_profit(found, captions, following), entry, before)
    chosen = _choose(found, place, captions, chinese=bool(label.zh))
    if chosen is None:
        if len(found) > 1:
            entry.rivals = [c.item.id for c in found if fits(c.item, place, captions)]
        return
    entry.item, entry.quality, entry.reversed, entry.main = chosen.item, chosen.quality, chosen.reversed, chosen.main


def _owner(entry: Entry, captions: Captions) -> None:
    text = entry.label.text
    minority = bool(_MINORITY.search(text) or re.search(r"非控|少数", entry.label.zh))
    parent = bool(_OWNERS.search(text) or re.search(r"拥有人|股东|持有人|母公司", entry.label.zh))
    if minority or parent:
        entry.item = captions.items.get("minority_profit" if minority else "net_profit_to_parent")
        entry.quality = EXACT


def _before_colon(entry: Entry, kind: str, captions: Captions) -> list[Caption]:
    """ "Bank borrowings: trade loans and overdrafts" is what stands before the colon when that alone is a caption; "Supplemental: cash
    paid for interest" is what stands behind a heading."""
    head, colon, rest = entry.row.label.partition(":")
    if not colon or not rest.strip() or entry.label.zh:
        return []
    if kind == CASH and section_of(head) == "supplementary_cash":
        return [c for c in captions.find(read_label(rest), kind) if c.item.kind == "memo" or c.item.id == "taxes_paid"]
    return [c for c in captions.find(read_label(head), kind) if c.quality == EXACT and c.item.kind != "subtotal"]


def _under_heading(entry: Entry, kind: str, captions: Captions) -> list[Caption]:
    """A child row whose own words say nothing takes its heading's: "Cash paid for: Interest", "Common stock: shares issued"."""
    if kind == BALANCE and _SHARES.search(entry.label.text):
        return captions.find(read_label(entry.heading), kind)
    if kind == BALANCE:
        return []
    found = captions.find(read_label(f"{entry.heading} {entry.row.label}"), kind)
    return [c for c in found if c.item.kind != "line" or c.quality == EXACT]


def _by_order(found: list[Caption], entry: Entry, before: Sequence[Entry]) -> list[Caption]:
    """Other income stands above operating profit, non-operating income below it."""
    ids = {c.item.id for c in found}
    if not {"other_income", "non_operating_income"} <= ids:
        return found
    below = any(e.item is not None and e.item.id == "operating_profit" for e in before)
    below = below or bool(re.search(r"non-?\s?operating|other income", entry.heading, re.IGNORECASE))
    drop = "other_income" if below else "non_operating_income"
    return [c for c in found if c.item.id != drop]


def _by_gross_profit(found: list[Caption], captions: Captions, following: Sequence[Entry]) -> list[Caption]:
    """ "Total cost" right above gross profit is the cost of sales, elsewhere all costs of operating."""
    if {c.item.id for c in found} != {"total_operating_costs", "cost_of_sales"}:
        return found
    after = next((e for e in following if e.amounts), None)
    gross = after is not None and any(c.item.id == "gross_profit" for c in captions.find(after.label, INCOME))
    return [c for c in found if c.item.id == ("cost_of_sales" if gross else "total_operating_costs")]


def _choose(found: list[Caption], place: Place, captions: Captions, *, chinese: bool) -> Caption | None:
    if chinese and len(found) == 1 and found[0].quality == EXACT and place.side != "supplement":
        return found[0]
    fitting = [c for c in found if fits(c.item, place, captions)]
    if len(fitting) <= 1:
        return fitting[0] if fitting else None
    if place.side == "assets" and place.term == "":
        fitting = [c for c in fitting if c.item.into == "total_current_assets"] or fitting
    elif place.side == "liabilities" and place.term == "":
        fitting = [c for c in fitting if c.item.into == "total_noncurrent_liabilities"] or fitting
    if {c.item.id for c in fitting} == _EITHER_EQUITY:
        return next(c for c in fitting if c.item.id == "total_equity")
    main = [c for c in fitting if c.main]
    if len(main) == 1:
        return main[0]
    return fitting[0] if len(fitting) == 1 or fitting[0].quality == PATTERN else None


def _after(entries: Sequence[Entry], captions: Captions) -> None:
    """Of-which items of Chinese statements count only below the item they are part of (利息收入 also opens bank revenue)."""
    for index, entry in enumerate(entries):
        after = captions.extra(entry.item).after if entry.item and entry.label.zh else None
        if after is None:
            continue
        parents = [i for i, e in enumerate(entries) if e.item is not None and e.item.id == after]
        if parents and not any(0 < index - i <= 4 for i in parents):
            entry.item = None


def _equity(entries: Sequence[Entry], captions: Captions) -> None:
    """ "Total shareholders' equity" is the parent's share when minorities follow it, and the whole when they precede it or
    there are none."""
    unclear = [
        e
        for e in entries
        if e.item is not None
        and e.item.id == "total_equity"
        and {c.item.id for c in captions.find(e.label, BALANCE)} == _EITHER_EQUITY
    ]
    minorities = [e.index for e in entries if e.item is not None and e.item.id == "minority_interest"]
    for entry in unclear:
        if any(index > entry.index for index in minorities):
            entry.item = captions.items["equity_attributable_to_parent"]


def _of_activities(totals: Sequence[str | None], entries: Sequence[Entry]) -> list[str | None]:
    """Totals of the cash flow. "Cash generated from operations" is one only where no row says "operating activities": interest and
    tax come between the two."""
    said = {
        total for total, entry in zip(totals, entries, strict=True) if total in _CASH_TOTALS and "activit" in entry.label.text
    }
    return [
        None if total in said and entry.label.text and "activit" not in entry.label.text else total
        for total, entry in zip(totals, entries, strict=True)
    ]


def settle(entries: Sequence[Entry]) -> dict[str, list[str]]:
    """Leaves every item with one row; returns items that stay ambiguous with the labels of their rows (which lose them)."""
    claims: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.item is not None:
            claims.setdefault(entry.item.id, []).append(entry)
    unclear: dict[str, list[str]] = {}
    for item, rivals in claims.items():
        if len(rivals) < 2:
            continue
        winner = _winner(rivals)
        for rival in rivals:
            if rival is not winner:
                rival.item = None
        if winner is None:
            unclear[item] = [r.row.label for r in rivals]
    return unclear


def _winner(rivals: list[Entry]) -> Entry | None:
    item = rivals[0].item
    assert item is not None
    same = [r for r in rivals if _printed(r) == _printed(rivals[0])]
    if len(same) == len(rivals):
        return max(rivals, key=lambda r: (r.quality, len(r.proven)))
    tests: tuple[Callable[[Entry], int], ...] = (
        lambda r: r.quality,
        lambda r: int(not r.of_which),
        lambda r: int(r.label.total and item.kind != "subtotal"),
        lambda r: int(r.label.net),
        lambda r: int(r.main),
    )
    for test in tests:
        best = max(map(test, rivals))
        rivals = [r for r in rivals if test(r) == best]
        if len(rivals) == 1:
            return rivals[0]
    if item.kind == "subtotal" or item.id in ("net_profit_to_parent", "minority_profit", "revenue"):
        proven = [r for r in rivals if r.proven]
        return (proven or rivals)[0] if item.id != "ppe_net" else rivals[-1]
    if item.id == "ppe_net":
        return rivals[-1]
    return None


def _printed(entry: Entry) -> tuple[tuple[int, Decimal], ...]:
    return tuple(sorted((i, c.number.value) for i, c in entry.row.cells.items()))
