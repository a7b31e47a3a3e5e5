"""Which pages of a filing hold statements, from page texts alone (no geometry yet).

A page is a candidate when a statement title stands on it (or at the foot of the page before) and enough rows and typical
lines of that statement follow. A page without a title qualifies only by many typical lines. Reading goes on from a
candidate to the following pages until the statement closes, so only beginnings are sought here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingestion.statements.titles import Title, title_of
from ingestion.statements.vocabulary import words

KINDS = ("balance_sheet", "income_statement", "cash_flow")
MAX_SEEDS = 5
"""Candidates kept for one statement and scope: the real one scores far above its rivals."""
_AMOUNT = r"[($]*-?\d{1,3}(?:,\d{3})+(?:\.\d+)?\)?|\(?-?\d+\.\d+\)?|\(\d+\)|(?<![\w.,-])\d{1,3}(?![\w.,-])|—|–"
_ROW = re.compile(rf"(?:{_AMOUNT})\s*[$£€¥]?\s*(?:{_AMOUNT})\s*\)?\s*[$£€¥]?\s*$|\d,\d{{3}}(?:\.\d+)?\)?\s*$")
_ROW_END = frozenset("0123456789)—–$£€¥")
_NUMBERED = re.compile(r"\d,\d{3}|\d\.\d\d\b")
_NAMES = ("资产负债", "利润", "损益", "收益", "现金流", "財務狀況", "损益", "損益", "現金", "权益变动", "權益變動")
_TITLE_HINT = re.compile(
    "|".join(["statement", "balance", "cash", "account", *(r"\s*".join(name) for name in _NAMES)]), re.IGNORECASE
)
"""Titles are often set with spaces between their characters ("资 产 负 债 表")."""


@dataclass(frozen=True, slots=True)
class Seed:
    """A page (from 0) where a statement begins, with how much it looks like one."""

    page: int
    kind: str
    scope: str | None
    score: float
    titled: bool


@dataclass(frozen=True, slots=True)
class PageLook:
    """What triage sees of one page: titles with their line, table rows, and typical lines per statement."""

    titles: tuple[tuple[int, Title], ...]
    lines: int
    rows: int
    anchors: dict[str, int]


def look_at(index: int, text: str, tight: Sequence[str]) -> PageLook:
    """The look of page `index`; `tight` holds compact page texts and is asked only for pages with rows."""
    lines = [line.strip() for line in text.split("\n")]
    lines = [line for line in lines if line]
    rows = sum(1 for line in lines if line[-1] in _ROW_END and _ROW.search(line))
    if rows == 0 and len(lines) >= 12 and not _NUMBERED.search(text):
        return PageLook((), len(lines), rows, {})
    anchors = {}
    if rows >= 3:
        flat = tight[index]
        anchors = {kind: sum(1 for word in words().anchors[kind] if word in flat) for kind in KINDS}
    return PageLook(_titles(lines), len(lines), rows, anchors)


def _titles(lines: Sequence[str]) -> tuple[tuple[int, Title], ...]:
    found: list[tuple[int, Title]] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        if _TITLE_HINT.search(line) and len(line) < 150:
            title = title_of(line)
            taken = 1
            if title is None and index + 1 < len(lines) and len(line) < 60 and title_of(lines[index + 1]) is None:
                title, taken = title_of(f"{line} {lines[index + 1]}"), 2
            if title is not None:
                found.append((index, title))
                index += taken
                continue
        index += 1
    return tuple(found)


def seeds_of(looks: Sequence[PageLook]) -> list[Seed]:
    """Candidate beginnings, best first within each statement and scope, at most MAX_SEEDS of each."""
    seeds: list[Seed] = []
    for page, look in enumerate(looks):
        following = looks[page + 1] if page + 1 < len(looks) else None
        listed = len({t.kind for _, t in look.titles}) >= 4 and look.rows < 12
        if not listed:
            seeds += [seed for seed in _titled(page, look, following)]
        seeds += _untitled(page, look)
    return _best(seeds)


def _titled(page: int, look: PageLook, following: PageLook | None) -> list[Seed]:
    out = []
    for line, title in look.titles:
        kind = "income_statement" if title.kind == "comprehensive" else title.kind
        if kind not in KINDS:
            continue
        here = look.anchors.get(kind, 0)
        low = line > 0.55 * look.lines
        anchors = max(here, following.anchors.get(kind, 0)) if low and following else here
        rows = max(look.rows, following.rows) if low and following else look.rows
        if rows < 4 or anchors < 3:
            continue
        score = min(anchors, 14) + (4 if line <= 8 else 0) + min(rows, 30) / 10
        score += (
            (2 if title.scope == "consolidated" else 0)
            - (6 if title.weak else 0)
            - (3 if title.kind == "comprehensive" and anchors < 6 else 0)
        )
        out.append(Seed(page, kind, title.scope, score, True))
    return out


def _untitled(page: int, look: PageLook) -> list[Seed]:
    out = []
    titled = {"income_statement" if t.kind == "comprehensive" else t.kind for _, t in look.titles}
    for kind, count in look.anchors.items():
        if kind not in titled and count >= 7 and look.rows >= 12 and look.rows > 0.35 * look.lines:
            out.append(Seed(page, kind, None, count - 5.0, False))
    return out


def _best(seeds: list[Seed]) -> list[Seed]:
    kept: list[Seed] = []
    groups: dict[tuple[str, str], list[Seed]] = {}
    for seed in seeds:
        groups.setdefault((seed.kind, "parent" if seed.scope == "parent" else "other"), []).append(seed)
    for group in groups.values():
        group.sort(key=lambda s: (-s.score, s.page))
        top = group[0].score
        kept += [s for s in group[:MAX_SEEDS] if s.score >= 0.5 * top]
    titled = {(s.kind) for s in kept if s.titled}
    return sorted((s for s in kept if s.titled or s.kind not in titled), key=lambda s: (s.page, s.kind))
