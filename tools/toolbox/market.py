"""Prices, rates and indices of the bank's market series: the newest value, and beside it the one a year (or since a day) before.

They belong to no borrower, so everyone may read them. A series is found by its code, by its name, or by words of prompts/market.yaml
for what it prices; nothing is guessed where no word fits.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from prompts.library import phrase_book
from tools.domain.book_evidence import evidence
from tools.domain.facts import Row
from tools.domain.periods import add_months
from tools.toolbox.artifacts import Artifact, ToolResult, Value, asked_days
from tools.toolbox.desk import Desk
from tools.toolbox.periods import day_asked
from tools.toolbox.references import mark

SLACK = 20
"""Days within which a value stands for the day asked: series come monthly or weekly."""
MOST = 6


def market(desk: Desk, asked: str = "", day: str | None = None, against: str | None = None) -> ToolResult:
    """The tool: series named in `asked` (none: all), each at `day` (the newest when none) and at `against` (a year before when none)."""
    until = min(day_asked(day) or desk.clocks.as_of, desk.clocks.as_of)
    series: dict[str, list[Mapping[str, Any]]] = {}
    for row in desk.loan_book.rows(desk.caller, "market", desk.clocks):
        if row["date"] <= desk.clocks.as_of:
            series.setdefault(str(row["series"]), []).append(row)
    wanted = named(asked, {code: str(rows[-1].get("name") or "") for code, rows in series.items()})
    found: list[Row] = []
    values: list[Value] = []
    for code in wanted[:MOST]:
        rows = sorted(series[code], key=lambda row: row["date"])
        now = _at(rows, until)
        if now is None:
            continue
        found.append(_row(now))
        before = _at(rows, day_asked(against) or add_months(now["date"], -12))
        if before is None or before["date"] >= now["date"]:
            continue
        found.append(_row(before))
        values += _moved(code, now, before)
    offered = [] if found else [_row(max(rows, key=lambda row: row["date"])) for _, rows in sorted(series.items())]
    told = [
        f"{r.columns['series']} {r.columns['date']} {r.columns['value']} {r.columns['unit']} {mark(f'market:{r.id}')}"
        for r in found
    ]
    artifact = Artifact("market", {"asked": asked, "day": day, "against": against}, rows=tuple({r.id: r for r in found or offered}.values()),
                        values=(*values, *asked_days(day_asked(day), day_asked(against))), missing=() if found else tuple(sorted(series)))  # fmt: skip
    return ToolResult("\n".join(told) or "No such series. There are: " + ", ".join(sorted(series)), artifact)


def named(asked: str, names: Mapping[str, str]) -> list[str]:
    """Codes of the series a text names, those named most plainly first; all of them for an empty text."""
    if not asked.strip():
        return sorted(names)
    text = asked.lower()
    direct = [
        code
        for code, name in names.items()
        if code.lower() in re.split(r"[^a-z0-9_]+", text) or (name and name.lower() in text)
    ]
    if direct:
        return direct
    found: dict[str, int] = {}
    for goods in phrase_book("market")["goods"]:
        said = max((len(word) for word in goods["said"] if _stands(str(word), text)), default=0)
        if said:
            for code, name in names.items():
                if re.search(goods["series"], f"{code} {name}", re.IGNORECASE):
                    found[code] = max(said, found.get(code, 0))
    most = max(found.values(), default=0)
    return [code for code in sorted(found) if found[code] == most]


def _stands(word: str, text: str) -> bool:
    return re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", text) is not None if word[0].isascii() else word in text


def _at(rows: Sequence[Mapping[str, Any]], day: date) -> Mapping[str, Any] | None:
    """The last value on or before a day, when it is not too old to stand for it."""
    earlier = [row for row in rows if row["date"] <= day]
    if not earlier or earlier[-1]["date"] < day - timedelta(days=SLACK + 31):
        return None
    return earlier[-1]


def _row(row: Mapping[str, Any]) -> Row:
    return evidence("market", {**row, "id": f"{row['series']}@{row['date']}"})


def _moved(code: str, now: Mapping[str, Any], before: Mapping[str, Any]) -> list[Value]:
    """How far it moved, as an amount (of a rate: in percentage points) and as a share."""
    change = now["value"] - before["value"]
    direction = "rise" if change > 0 else "fall" if change < 0 else "flat"
    share = now.get("unit") == "share"
    made = [Value(f"market_change:{code}", "change", None, "percent_points" if share else "any", change, None,
                  now["date"], before["date"], "", "", direction, (f"market:{code}@{now['date']}", f"market:{code}@{before['date']}"))]  # fmt: skip
    if before["value"] > Decimal(0) and not share:
        made.append(Value(f"market_share:{code}", "change_share", None, "ratio", change / before["value"], None, now["date"], before["date"], "", "", direction, made[0].inputs))  # fmt: skip
    return made
