"""Proof by addition: which rows of a statement take part in sums that hold, with which signs, and what bare totals are.

All value columns are added up together first; what fails together is tried column by column, so that one wrong digit costs
only its own column. Income statements print costs either way round, so the signs between two results are solved for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from ingestion.statements.arithmetic import Node, signs_between, stacked, tolerance
from ingestion.statements.captions import Captions
from ingestion.statements.entries import Entry, loss_only
from ingestion.statements.labels import read_label
from ingestion.statements.sections import BALANCE, CASH, INCOME, section_of

_TOTAL = re.compile(r"^(?:total|sub ?total|net)\b|\btotal$")
_ABOVE = re.compile(r"营业总(?:成本|收入)")
_BARE = re.compile(r"(?:sub ?)?total|小计|合计|总计")
_RESULT = re.compile(
    r"\bbefore\b|^(?:net )?(?:income|profit|loss|earning)s?(?: (?:for|after|from|attributable|including|available|applicable)\b.*)?$|from operation"
    r"|operating (?:income|profit|loss|earning|result)|gross (?:profit|margin|income)|^(?:consolidated|total) net (?:income|earning|loss)"
)
_COST_WORD = re.compile(
    r"expense|cost|charge|loss|depreciation|amortization|provision|tax|impairment|write|fee|commission|salary|wage|rent"
)
_OWN_LINES = frozenset({"restricted_cash", "interest_payable", "dividends_payable", "interest_paid", "dividends_paid"})
"""Memo items that Chinese forms also print as lines of their own: they add up unless marked as part of the row above."""
_SECTION_TOTALS = {
    "current_assets": "Total current assets",
    "noncurrent_assets": "Total non-current assets",
    "current_liabilities": "Total current liabilities",
    "noncurrent_liabilities": "Total non-current liabilities",
    "liabilities": "Total liabilities",
    "equity": "Total equity",
}


@dataclass(slots=True)
class Proof:
    """What adding up showed, by entry index: `proven` columns, columns in which the row is itself a sum that holds (`summed`),
    solved `signs` (+1 adds to the result, -1 is taken from it), the `parts` of each total, and for each result the `steps` that lead
    to it: rows with what they are multiplied by, the result itself among them, together nothing; `plain` are results that follow by the signs the labels suggest."""

    proven: dict[int, set[int]] = field(default_factory=dict)
    summed: dict[int, set[int]] = field(default_factory=dict)
    signs: dict[int, int] = field(default_factory=dict)
    parts: dict[int, list[int]] = field(default_factory=dict)
    steps: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    plain: set[int] = field(default_factory=set)


def prove(entries: Sequence[Entry], kind: str, columns: Sequence[int], unit: Decimal, captions: Captions) -> Proof:
    """Adds the statement up over all `columns` and over each one alone."""
    proof = _run(entries, kind, columns, unit, captions)
    if len(columns) > 1:
        each = {column: _run(entries, kind, [column], unit, captions) for column in columns}
        _hold_against_each_other(each, {e.index: e for e in entries}, proof)
        for alone in each.values():
            for index, found in alone.proven.items():
                proof.proven.setdefault(index, set()).update(found)
            for index, found in alone.summed.items():
                proof.summed.setdefault(index, set()).update(found)
            for index, sign in alone.signs.items():
                proof.signs.setdefault(index, sign)
            for index, parts in alone.parts.items():
                proof.parts.setdefault(index, parts)
            for index, steps in alone.steps.items():
                proof.steps.setdefault(index, steps)
    return proof


def _hold_against_each_other(each: Mapping[int, Proof], entries: Mapping[int, Entry], joint: Proof) -> None:
    """Columns of one statement add up the same way. One that adds up another way does so by chance, or because an amount in it was
    taken from elsewhere (a row that holds its own total): its sum does not count, the fuller or plainer one is kept first."""
    for index in {i for alone in each.values() for i in alone.summed} - set(joint.summed):
        held = [column for column, alone in each.items() if index in alone.summed]
        if len(held) < 2:
            continue
        best = max(held, key=lambda c: (index in each[c].plain, len(each[c].parts.get(index, ()))))
        parts, steps = set(each[best].parts.get(index, ())), dict(each[best].steps.get(index, ()))
        if steps and index not in each[best].plain:
            continue
        for column in held:
            alone = each[column]
            own = dict(alone.steps.get(index, ()))
            other = {i for i in steps.keys() | own.keys() if steps.get(i) != own.get(i)} if steps else set()
            other |= parts ^ set(alone.parts.get(index, ())) if parts else set()
            if any(entries[i].values([column]).get(column) for i in other):
                alone.summed[index].discard(column)
                alone.parts.pop(index, None)
                alone.steps.pop(index, None)


def _run(entries: Sequence[Entry], kind: str, columns: Sequence[int], unit: Decimal, captions: Captions) -> Proof:
    nodes = [_node(entry, kind, columns, captions) for entry in entries if _counts(entry, kind)]
    nodes = [node for node in nodes if node.values]
    by_index = {e.index: e for e in entries}
    proof = Proof()
    if kind == INCOME:
        nodes = _under_their_totals(entries, nodes, columns, unit)
        main = [n for n in nodes if _main(by_index[n.index])]
        _solve(stacked(main, unit), by_index, unit, captions, proof)
        profit = next((n for n in main if _is_item(by_index[n.index], "net_profit")), None)
        stacked([*([profit] if profit else []), *(n for n in nodes if not _main(by_index[n.index]))], unit)
    else:
        stacked(nodes, unit, differences=kind == CASH)
    for node in nodes:
        for leaf in node.leaves():
            if leaf.proven:
                proof.proven.setdefault(leaf.index, set()).update(leaf.values)
        if node.parts:
            proof.parts[node.index] = [p.index for p in node.parts]
            proof.summed.setdefault(node.index, set()).update(node.values)
    return proof


def _under_their_totals(entries: Sequence[Entry], nodes: list[Node], columns: Sequence[int], unit: Decimal) -> list[Node]:
    """The nodes without the parts of totals that stand above them (营业总成本 before its costs); those become its parts."""
    by_index = {node.index: node for node in nodes}
    taken: set[int] = set()
    for entry in entries:
        total = by_index.get(entry.index)
        if total is None or not _ABOVE.search(entry.label.zh):
            continue
        parts: list[Node] = []
        sums = dict.fromkeys(total.values, Decimal(0))
        for below in entries[entry.index + 1 : entry.index + 26]:
            values = below.values(columns)
            if below.row.heading or not values or (below.of_which and parts):
                continue
            if is_result(below) or _ABOVE.search(below.label.zh):
                break
            parts.append(by_index.get(below.index) or Node(below.index, values))
            sums = {c: s + values.get(c, Decimal(0)) for c, s in sums.items()}
            if all(abs(s - total.values[c]) <= tolerance(len(parts) + 1, unit, s) for c, s in sums.items()):
                total.parts = parts
                taken |= {part.index for part in parts}
                for leaf in total.leaves():
                    leaf.proven = True
                break
    return [node for node in nodes if node.index not in taken]


def _is_item(entry: Entry, item: str) -> bool:
    return entry.item is not None and entry.item.id == item


def _main(entry: Entry) -> bool:
    """Whether an income statement row stands before comprehensive income."""
    if entry.item is not None and entry.item.id in ("other_comprehensive_income", "total_comprehensive_income"):
        return False
    return entry.place.side in ("main", "")


def _counts(entry: Entry, kind: str) -> bool:
    if entry.row.heading or not entry.amounts or entry.of_which:
        return False
    if (
        entry.label.zh
        and entry.item is not None
        and entry.item.kind == "memo"
        and kind != INCOME
        and entry.item.id not in _OWN_LINES
    ):
        return False
    if kind == INCOME and entry.place.side == "per_share":
        return False
    return "每股" not in entry.label.zh


def _node(entry: Entry, kind: str, columns: Sequence[int], captions: Captions) -> Node:
    values = entry.values(columns)
    node = Node(entry.index, values)
    node.total = _is_total(entry, kind, captions)
    if kind == BALANCE and (entry.label.role == "less" or (entry.item is not None and entry.item.id == "treasury_stock")):
        node.sign = -1 if any(v > 0 for v in values.values()) else 1
    return node


def _is_total(entry: Entry, kind: str, captions: Captions) -> bool:
    label = entry.label
    if not entry.row.label or label.total:
        return True
    if kind == INCOME:
        return entry.item is not None and entry.item.id in ("other_comprehensive_income", "total_comprehensive_income")
    if label.net or _TOTAL.search(label.text):
        return True
    found = captions.find(label, kind)
    return bool(found) and all(c.item.kind == "subtotal" and c.item.id != "cash_beginning" for c in found)


def is_result(entry: Entry) -> bool:
    """Whether an income statement row is a result: everything above it, added and taken away."""
    if entry.item is not None and entry.item.id in (
        "gross_profit",
        "operating_profit",
        "profit_before_tax",
        "net_profit",
        "net_profit_to_parent",
    ):
        return True
    return bool(_RESULT.search(entry.label.text)) and not entry.label.total and "discontinued" not in entry.label.text


def _solve(left: Sequence[Node], entries: dict[int, Entry], unit: Decimal, captions: Captions, proof: Proof) -> None:
    start: dict[int, Decimal] | None = None
    pending: list[Node] = []
    begun: Node | None = None
    turned = 1
    for node in left:
        entry = entries[node.index]
        if not is_result(entry):
            pending.append(node)
            continue
        end = _as_result(node, entry)
        guess = [_guess(p, entries, captions) for p in pending]
        ways = signs_between(start, pending, end, unit, guess) if pending else []
        if not ways and loss_only(entry.label) and end != node.values:
            end = node.values
            ways = signs_between(start, pending, end, unit, guess) if pending else []
        if ways:
            _record(ways, pending, node, begun, proof)
            turn = -1 if end != node.values else 1
            steps = [(node.index, turn)] + ([(begun.index, -turned)] if begun is not None else [])
            if ways[0] == guess:
                proof.plain.add(node.index)
            proof.steps[node.index] = steps + [(p.index, -sign) for p, sign in zip(pending, ways[0], strict=True)]
            if end != node.values:
                proof.signs[node.index] = -1
        elif (
            start is not None
            and not pending
            and all(abs(start.get(c, Decimal(0)) - v) <= tolerance(1, unit, v) for c, v in end.items())
        ):
            node.proven = True
        start, pending, begun, turned = end, [], node, -1 if end != node.values else 1


def _as_result(node: Node, entry: Entry) -> dict[int, Decimal]:
    """The result as a signed number: a "Net loss" printed without brackets is below zero."""
    if loss_only(entry.label) and all(v >= 0 for v in node.values.values()):
        return {c: -v for c, v in node.values.items()}
    return node.values


def _guess(node: Node, entries: dict[int, Entry], captions: Captions) -> int:
    entry = entries[node.index]
    positive = sum(1 if v > 0 else -1 if v < 0 else 0 for v in node.values.values()) >= 0
    if entry.item is not None and entry.item.kind != "subtotal":
        cost = captions.costs(entry.item) != entry.reversed
        if entry.label.zh:
            cost = cost and not entry.label.signed_loss
        return -1 if cost and positive else 1
    if node.parts and not entry.label.text:
        return _guess(node.parts[0], entries, captions)
    return -1 if positive and _COST_WORD.search(entry.label.text) and "income" not in entry.label.text else 1


def _record(ways: list[list[int]], pending: Sequence[Node], end: Node, begun: Node | None, proof: Proof) -> None:
    for position, node in enumerate(pending):
        signs = {way[position] for way in ways}
        if len(signs) == 1 and any(node.values.values()):
            sign = signs.pop()
            for leaf in node.leaves():
                proof.signs[leaf.index] = sign * (leaf.sign if leaf is not node else 1)
        for leaf in node.leaves():
            leaf.proven = True
    end.proven = True
    proof.summed.setdefault(end.index, set()).update(end.values)
    if begun is not None:
        begun.proven = True


def bare(entry: Entry) -> bool:
    """Whether a row of amounts has no label of its own, or only "Total"."""
    return not entry.row.label or bool(_BARE.fullmatch(entry.label.text or entry.label.zh or "x"))


def name_totals(entries: Sequence[Entry], kind: str, proof: Proof, captions: Captions) -> None:
    """Gives bare totals the name their heading or their parts imply: the sum under "Current assets" is its total."""
    by_index = {e.index: e for e in entries}
    names: dict[int, str] = {}
    taken = {c.item.id for e in entries if not e.row.heading and not bare(e) for c in captions.find(e.label, kind)}
    for entry in entries:
        if entry.row.heading or not entry.amounts or not bare(entry):
            continue
        parts = proof.parts.get(entry.index)
        if not parts:
            continue
        name = _balance_total(parts, by_index, names, captions) if kind == BALANCE else None
        if kind == BALANCE and name is None:
            name = _whole_equity(parts, by_index, names, captions)
        name = name or _by_heading(parts, by_index, kind, proof.parts)
        if name and not {c.item.id for c in captions.find(read_label(name), kind)} & taken:
            names[entry.index] = name
            entry.label = read_label(name)
            entry.named = "sum"


def _balance_total(parts: Sequence[int], entries: dict[int, Entry], names: dict[int, str], captions: Captions) -> str | None:
    """Total assets or total liabilities and equity, when the parts hold the totals below them."""
    items = set()
    for index in parts:
        label = read_label(names[index]) if index in names else entries[index].label
        items |= {c.item.id for c in captions.find(label, BALANCE) if c.item.kind == "subtotal"}
    if items & {"total_equity", "equity_attributable_to_parent"} and items & {"total_liabilities", "total_current_liabilities"}:
        return "Total liabilities and equity"
    if items & {"total_current_assets", "total_noncurrent_assets"}:
        return "Total assets"
    if items & {"total_current_liabilities", "total_noncurrent_liabilities"}:
        return "Total liabilities"
    return None


def _whole_equity(parts: Sequence[int], entries: dict[int, Entry], names: dict[int, str], captions: Captions) -> str | None:
    """A sum of an equity total and the minorities below it is the whole; the total before was the parent's."""
    of_parent = [i for i in parts if names.get(i) == _SECTION_TOTALS["equity"]]
    minorities = any(c.item.id == "minority_interest" for i in parts for c in captions.find(entries[i].label, BALANCE))
    if len(of_parent) != 1 or not minorities:
        return None
    names[of_parent[0]] = "Equity attributable to owners of the parent"
    entries[of_parent[0]].label = read_label(names[of_parent[0]])
    return _SECTION_TOTALS["equity"]


def _by_heading(parts: Sequence[int], entries: dict[int, Entry], kind: str, every: Mapping[int, Sequence[int]]) -> str | None:
    first = min(_first_leaf(i, every) for i in parts)
    above = entries.get(first - 1)
    if above is None or not above.row.heading:
        return None
    section = section_of(above.row.label)
    if kind == BALANCE and section in _SECTION_TOTALS:
        return _SECTION_TOTALS[section]
    if kind == CASH:
        return None
    return f"Total {above.label.raw.strip().rstrip(':：')}"


def _first_leaf(index: int, parts: Mapping[int, Sequence[int]]) -> int:
    return min((_first_leaf(i, parts) for i in parts[index]), default=index) if index in parts else index
