"""The sums a statement's own rows make: they prove digits, columns and signs, and name totals that carry no label.

Rows are vectors, one number per value column. A total is accepted only when it adds up in every column that prints it, so a
chance match needs as many coincidences as there are columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

ZERO = Decimal(0)
FEW = 4
"""With no more open signs than this, neighbours that add up are taken at their word."""
MAX_UNKNOWN = 22
"""Rows between two results whose signs may all be open; more are not tried."""


@dataclass(slots=True)
class Node:
    """A row, or a total with the rows it stands for. `values` by column; `sign` is what the row's print is multiplied by."""

    index: int
    values: dict[int, Decimal]
    total: bool = False
    sign: int = 1
    parts: list[Node] = field(default_factory=list)
    proven: bool = False

    def leaves(self) -> list[Node]:
        """The rows below, itself included."""
        return [self, *(leaf for part in self.parts for leaf in part.leaves())]


def tolerance(addends: int, unit: Decimal, total: Decimal) -> Decimal:
    """One presentation unit per addend, at most 0.05 % of the total (but never less than one unit)."""
    return max(min(unit * addends, abs(total) * Decimal("0.0005")), unit)


def stacked(nodes: Sequence[Node], unit: Decimal, *, differences: bool = False) -> list[Node]:
    """Rows with every proven total put in place of the rows it adds up; marks totals and their parts as proven.

    With `differences` a total may also be the last row but one less the last (inflows less outflows).
    """
    stack: list[Node] = []
    for node in nodes:
        if node.total and stack and _repeats(stack[-1], node):
            node.parts = [stack.pop()]
            for leaf in node.leaves():
                leaf.proven = True
            stack.append(node)
            continue
        count = _adds_up(stack, node, unit) if node.total else 0
        if not count and node.total and differences and _is_difference(stack, node, unit):
            count = 2
        if count:
            node.parts = stack[-count:]
            del stack[-count:]
            for leaf in node.leaves():
                leaf.proven = True
        stack.append(node)
    return stack


def _adds_up(stack: Sequence[Node], node: Node, unit: Decimal) -> int:
    """How many of the last rows `node` is the sum of (0: none); at least two with amounts."""
    sums = dict.fromkeys(node.values, ZERO)
    filled = 0
    for count, part in enumerate(reversed(stack), start=1):
        if count > 60:
            break
        for column in sums:
            sums[column] += part.values.get(column, ZERO) * part.sign
        filled += any(v != 0 for v in part.values.values())
        if filled >= 2 and all(abs(sums[c] - v) <= tolerance(count, unit, v) for c, v in node.values.items()):
            return count
    return 0


def _repeats(last: Node, node: Node) -> bool:
    """A total printed twice, as when no minorities stand between the two, or the total of a single row."""
    return last.values == node.values and any(node.values.values())


def _is_difference(stack: Sequence[Node], node: Node, unit: Decimal) -> bool:
    if len(stack) < 2:
        return False
    last, before = stack[-1].values, stack[-2].values
    fits = all(abs(before.get(c, ZERO) - last.get(c, ZERO) - v) <= tolerance(2, unit, v) for c, v in node.values.items())
    return fits and any(last.values()) and any(before.values())


def signs_between(
    start: dict[int, Decimal] | None, parts: Sequence[Node], end: dict[int, Decimal], unit: Decimal, guess: Sequence[int]
) -> list[list[int]]:
    """Ways to put + and - before `parts` so that `start` and they make `end` in all its columns; [] when none does.

    `guess` (the signs that labels suggest) is taken when it adds up. Otherwise all ways are tried, unless there are so many
    that one would fit by chance. Without a `start` the first part counts as +. Rows that are zero everywhere keep +.
    """
    if not parts or len(parts) > MAX_UNKNOWN:
        return []
    columns = sorted(end)
    open_rows = [i for i, p in enumerate(parts) if any(p.values.get(c) for c in columns)]
    if start is None:
        if not open_rows or open_rows[0] != 0:
            return []
        start, open_rows = parts[0].values, open_rows[1:]
    target = [end[c] - start.get(c, ZERO) for c in columns]
    rows = [[parts[i].values.get(c, ZERO) for c in columns] for i in open_rows]
    limits = [tolerance(len(parts) + 1, unit, end[c]) for c in columns]
    sums = [sum((guess[i] * row[k] for i, row in zip(open_rows, rows, strict=True)), ZERO) for k in range(len(columns))]
    if all(abs(t - s) <= limit for t, s, limit in zip(target, sums, limits, strict=True)):
        return [[guess[i] if i in open_rows else 1 for i in range(len(parts))]]
    if len(rows) > FEW and _chance(rows, limits) > Decimal("0.002"):
        return []
    out = []
    for signs in _meet(rows, target, limits):
        full = [1] * len(parts)
        for i, sign in zip(open_rows, signs, strict=True):
            full[i] = sign
        out.append(full)
    return out


def _chance(rows: list[list[Decimal]], limits: list[Decimal]) -> Decimal:
    """How many of all sign patterns would fit a random total."""
    chance = Decimal(2) ** len(rows)
    for k, limit in enumerate(limits):
        reach = sum((abs(row[k]) for row in rows), ZERO)
        if reach > limit:
            chance *= limit / reach
    return chance


def _meet(rows: list[list[Decimal]], target: list[Decimal], limits: list[Decimal]) -> list[tuple[int, ...]]:
    half = len(rows) // 2
    step = limits[0] * 2 + Decimal("0.0000001")
    table: dict[int, list[tuple[tuple[int, ...], list[Decimal]]]] = {}
    for signs, sums in _every(rows[:half], len(target)):
        table.setdefault(int(sums[0] // step), []).append((signs, sums))
    out: list[tuple[int, ...]] = []
    for signs, sums in _every(rows[half:], len(target)):
        bucket = int((target[0] - sums[0]) // step)
        for near in (bucket - 1, bucket, bucket + 1):
            for first, others in table.get(near, ()):
                if all(abs(t - a - b) <= limit for t, a, b, limit in zip(target, others, sums, limits, strict=True)):
                    out.append(first + signs)
                    if len(out) >= 64:
                        return out
    return out


def _every(rows: list[list[Decimal]], width: int) -> list[tuple[tuple[int, ...], list[Decimal]]]:
    states: list[tuple[tuple[int, ...], list[Decimal]]] = [((), [ZERO] * width)]
    for row in rows:
        states = [
            ((*signs, sign), [a + sign * b for a, b in zip(sums, row, strict=True)])
            for signs, sums in states
            for sign in (1, -1)
        ]
    return states
