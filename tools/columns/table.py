"""Facts of many borrowers as flat arrays, and the borrowers sorted into groups whose reports cover the same periods.

Whatever depends on dates (which year a flow belongs to, where a rolling year begins) is the same for everyone in a group, so it
is asked once, of the same FactBook that serves one borrower.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import blake2b
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import numpy.typing as npt

from tools.columns.statements import CENTS, Reported, Spell, Statements
from tools.domain.definitions import Rulebook
from tools.domain.factbook import FactBook
from tools.domain.facts import Fact, Scope, Source
from tools.domain.periods import Period
from tools.domain.sections import presentation_unit

if TYPE_CHECKING:
    import pyarrow as pa

SCOPES: tuple[Scope, ...] = ("consolidated", "parent")
LONGEST = 1200
"""More months than any reported period has."""
SURE = 2**51
"""Cents up to here survive being read as a float of currency units and scaled back."""
Ints = npt.NDArray[np.int64]
Kind = TypeVar("Kind", bound=np.generic)


@dataclass
class FactTable:
    """One row per fact in force. `spell` numbers `spells` (item, end, months, scope); `cents` are whole unless `rough`;
    `unit` is the smallest step the page can show, in cents. `standards` and `currencies` are per borrower; a borrower with
    amounts in two currencies has "" and is left to the Decimal evaluator."""

    borrowers: list[str]
    spells: list[tuple[str, date, int, Scope]]
    borrower: Ints
    spell: Ints
    cents: npt.NDArray[np.float64]
    unit: npt.NDArray[np.float64]
    rough: npt.NDArray[np.bool_]
    unproving: npt.NDArray[np.bool_]
    standards: list[str | None]
    currencies: list[str]

    @classmethod
    def of(cls, facts: Iterable[Fact], rulebook: Rulebook, standards: Mapping[str, str | None] | None = None) -> FactTable:
        """From facts, of which at most one per borrower, line, period and scope."""
        people: dict[str, int] = {}
        spells: dict[tuple[str, date, int, Scope], int] = {}
        rows: list[tuple[int, int, float, float, bool, bool]] = []
        chinese: dict[str, list[bool]] = {}
        money: dict[str, set[str]] = {}
        for fact in facts:
            scaled = fact.value.scaleb(CENTS)
            spell = (fact.item, fact.period.end, fact.period.months, fact.scope)
            rows.append(
                (
                    people.setdefault(fact.borrower, len(people)), spells.setdefault(spell, len(spells)), float(scaled.to_integral_value()),
                    float(presentation_unit(fact).scaleb(CENTS)), scaled != scaled.to_integral_value() or abs(scaled) >= SURE,
                    bool(rulebook.sections.unproving_flags.intersection(fact.flags)),
                )
            )  # fmt: skip
            chinese.setdefault(fact.borrower, []).append(any("\u4e00" <= letter <= "\u9fff" for letter in fact.label))
            if fact.currency:
                money.setdefault(fact.borrower, set()).add(fact.currency)
        guessed = {one: "CAS" if sum(marks) * 2 > len(marks) else None for one, marks in chinese.items()}
        columns = list(zip(*rows, strict=True)) or [()] * 6
        held = {one: next(iter(found)) if len(found) == 1 else "" for one, found in money.items()}
        return cls(
            list(people), list(spells), np.array(columns[0], np.int64), np.array(columns[1], np.int64),
            np.array(columns[2], np.float64), np.array(columns[3], np.float64), np.array(columns[4], np.bool_),
            np.array(columns[5], np.bool_), [(standards or {}).get(one) or guessed[one] for one in people],
            [held.get(one, "") for one in people],
        )  # fmt: skip


def table_of_columns(columns: pa.Table, rulebook: Rulebook, standards: Mapping[str, str | None] | None = None) -> FactTable:
    """From the columns of `tools.store.fact_columns`: text as stored."""
    import pyarrow as pa
    import pyarrow.compute as pc

    size = columns.num_rows
    borrower, people = _coded(columns["borrower"])
    parts = [_coded(columns[name]) for name in ("item", "period_end", "scope")]
    months = columns["period_months"].to_numpy()
    code = ((parts[0][0] * len(parts[1][1]) + parts[1][0]) * len(parts[2][1]) + parts[2][0]) * LONGEST + months
    first = np.zeros(0, np.int64)
    spell = np.zeros(0, np.int64)
    if size:
        codes, spell = ranked(code)
        first = np.zeros(len(codes), np.int64)
        first[spell] = np.arange(size)
    spells = [
        (parts[0][1][parts[0][0][row]], date.fromisoformat(parts[1][1][parts[1][0][row]]), int(months[row]), _scope(parts[2][1][parts[2][0][row]]))
        for row in first
    ]  # fmt: skip
    values = columns["value"].combine_chunks()
    decimals = _decimals(values, r"\.(?P<digits>\d+)$")
    scaled = pc.cast(values, pa.float64()).to_numpy(zero_copy_only=False) * 10.0**CENTS
    cents = np.rint(scaled)
    printed = _decimals(columns["raw"].combine_chunks(), r"\.(?P<digits>[0-9０-９]+)[)）%\-−－ ]*$")
    scale_code, scales = _coded(columns["scale"])
    unit = np.array([float(text) for text in scales] or [0.0])[scale_code] * 10.0**CENTS / 10.0**printed
    flag_code, flags = _coded(columns["flags"])
    marked = [bool(rulebook.sections.unproving_flags.intersection(json.loads(text))) for text in flags]
    han = pc.match_substring_regex(columns["label"], "[\u4e00-\u9fff]").to_numpy(zero_copy_only=False).astype(np.float64)
    share = np.bincount(borrower, han, len(people)) * 2 > np.bincount(borrower, minlength=len(people))
    money_code, money = _coded(columns["currency"])
    return FactTable(
        people, spells, borrower, spell, cents, unit, (decimals > CENTS) | (np.abs(cents) >= SURE),
        np.array(marked or [False])[flag_code] if size else np.zeros(0, np.bool_),
        [(standards or {}).get(one) or ("CAS" if chinese else None) for one, chinese in zip(people, share, strict=True)],
        _only_currency(borrower, money_code, money, len(people)),
    )  # fmt: skip


def _coded(column: pa.ChunkedArray) -> tuple[Ints, list[str]]:
    """A dictionary column as numbers and what they stand for; null is −1."""
    joined = column.combine_chunks()
    if not len(joined):
        return np.zeros(0, np.int64), []
    return joined.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64), joined.dictionary.to_pylist()


def _decimals(texts: pa.Array, pattern: str) -> Ints:
    """How many digits follow the decimal point in each text."""
    import pyarrow.compute as pc

    found = pc.struct_field(pc.extract_regex(texts, pattern), "digits")
    lengths: Ints = pc.fill_null(pc.utf8_length(found), 0).to_numpy(zero_copy_only=False).astype(np.int64)
    return lengths


def _only_currency(borrower: Ints, code: Ints, names: Sequence[str], size: int) -> list[str]:
    told = code >= 0
    pairs = np.unique(np.stack([borrower[told], code[told]], axis=1), axis=0) if told.any() else np.zeros((0, 2), np.int64)
    count = np.bincount(pairs[:, 0], minlength=size)
    held = [""] * size
    for one, money in pairs[count[pairs[:, 0]] == 1]:
        held[one] = names[money]
    return held


def _scope(text: str) -> Scope:
    return "parent" if text == "parent" else "consolidated"


@dataclass
class Group:
    """Borrowers with the same calendar, standard and currency; `members` number them in the table."""

    members: Ints
    statements: Statements


def groups(table: FactTable, rulebook: Rulebook, scope: Scope) -> Iterator[Group]:
    """The groups, largest first. Borrowers of two currencies are in none."""
    if not len(table.borrower):
        return
    names, group = np.unique(_calendar_keys(table), return_inverse=True)
    settled = np.array([bool(currency) for currency in table.currencies])
    sizes = np.bincount(group[settled], minlength=len(names))
    of_fact = group[table.borrower]
    facts = _sorted(of_fact, len(names)) if len(names) > 1 else np.arange(len(of_fact))
    ends = np.cumsum(np.bincount(of_fact, minlength=len(names)))
    people = np.argsort(group, kind="stable")
    cuts = np.cumsum(np.bincount(group, minlength=len(names)))
    for number in np.argsort(-sizes, kind="stable"):
        members = people[cuts[number] - np.count_nonzero(group == number) : cuts[number]]
        members = members[settled[members]]
        if len(members):
            start = ends[number - 1] if number else 0
            own = facts[start : ends[number]]
            own = own if len(members) == sizes[number] and settled.all() else own[settled[table.borrower[own]]]
            yield Group(members, _statements(table, rulebook, scope, members, own))


def _sorted(codes: Ints, count: int) -> Ints:
    """Places in the order of small whole numbers; narrow integers are sorted by radix."""
    narrow = codes.astype(np.uint16) if count <= 2**16 else codes
    return np.argsort(narrow, kind="stable")


def ranked(codes: Ints) -> tuple[Ints, Ints]:
    """The distinct whole numbers from 0 up in `codes`, and which of them each place holds."""
    seen = np.bincount(codes) > 0
    return np.flatnonzero(seen), (np.cumsum(seen) - 1)[codes]


def _calendar_keys(table: FactTable) -> npt.NDArray[np.uint64]:
    """One number per borrower that is the same for the same set of (scope, end, months), standard and currency: the sum of
    64-bit hashes of what is in the set."""
    calendar = {spell: number for number, spell in enumerate(dict.fromkeys((s, e, m) for _, e, m, s in table.spells))}
    of_spell = np.array([calendar[(s, e, m)] for _, e, m, s in table.spells], np.int64)
    hashes = np.array([_hash64(f"{s}{e}{m}") for s, e, m in calendar], np.uint64)
    held = np.zeros((len(table.borrowers), len(calendar)), np.bool_)
    held[table.borrower, of_spell[table.spell]] = True
    keys = np.zeros(len(table.borrowers), np.uint64)
    for place, mark in enumerate(hashes):
        keys[held[:, place]] += mark
    marks = {pair: _hash64(f"{pair}") for pair in set(zip(table.standards, table.currencies, strict=True))}
    own = np.array([marks[pair] for pair in zip(table.standards, table.currencies, strict=True)], np.uint64)
    return keys + own


def _hash64(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def _statements(table: FactTable, rulebook: Rulebook, scope: Scope, members: Ints, facts: Ints) -> Statements:
    place = np.full(len(table.borrowers), -1, np.int64)
    place[members] = np.arange(len(members))
    spell = table.spell[facts]
    by_spell = facts[_sorted(spell, len(table.spells))]
    count = np.bincount(spell, minlength=len(table.spells))
    numbers = np.flatnonzero(count)
    stops = np.cumsum(count[numbers])
    lines: dict[Spell, Reported] = {}
    calendar: dict[tuple[Scope, date, int], None] = {}
    for number, start, stop in zip(numbers, stops - count[numbers], stops, strict=True):
        item, end, months, where = table.spells[number]
        calendar[(where, end, months)] = None
        if where != scope:
            continue
        these = by_spell[start:stop]
        rows, size = place[table.borrower[these]], len(members)
        lines[(item, end, months)] = Reported(
            _spread(table.cents[these], rows, size), _spread(np.ones(len(these), np.bool_), rows, size),
            _spread(table.unit[these], rows, size), _spread(table.unproving[these], rows, size), _spread(table.rough[these], rows, size),
        )  # fmt: skip
    first = members[0]
    book = FactBook(_dates_only(list(calendar), table.currencies[first]), standard=table.standards[first])
    return Statements(rulebook, book, table.standards[first], lines, len(members))


def _spread(values: npt.NDArray[Kind], rows: Ints, size: int) -> npt.NDArray[Kind]:
    made = np.zeros(size, values.dtype)
    made[rows] = values
    return made


def _dates_only(calendar: Sequence[tuple[Scope, date, int]], currency: str) -> list[Fact]:
    """A book that knows which periods are reported and nothing else."""
    nil = Decimal(0)
    return [
        Fact(
            f"{where}{end}{months}", "", nil, currency, Period(end, months), where, "", "", "", Source("", ""), "", "", nil, nil
        )
        for where, end, months in calendar
    ]
