"""Reads clauses nobody prepared the reader for, and counts each thing it says of a covenant: right, wrong, missed or invented.

python -m eval.clauses.running [--set first] [--only zh07]

A limit that moves is judged by the limit in force on days of its schedule, whatever way the steps were kept.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from ingestion.contracts.reading import read_contract
from ingestion.readers.plain import markdown_reading

HERE = Path(__file__).parent
SETS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "none")
PLAIN = {"freq": "test_frequency", "scope": "scope", "currency": "currency", "grace": "grace_days"}
BASES = {"ltm": ("ltm",), "fy": ("fy", "annual")}


@dataclass(slots=True)
class Judged:
    """One clause: how many statements were right of how many, and what was not."""

    case: str
    right: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    invented: list[str] = field(default_factory=list)


def cases(names: Sequence[str] = SETS) -> Iterator[dict[str, Any]]:
    """Every clause of the named sets, both languages."""
    for name in names:
        for path in sorted(HERE.glob(f"{name}_*.yaml")):
            yield from yaml.safe_load(path.read_text(encoding="utf-8"))


def judge(case: Mapping[str, Any]) -> Judged:
    """The clause read as a contract of its own."""
    found = read_contract(markdown_reading(case["text"]).blocks, "c" * 64, case["id"]).covenants
    return judge_found(case["id"], case, found)


def judge_found(name: str, case: Mapping[str, Any], found: Sequence[dict[str, Any]]) -> Judged:
    """What was found against the truth of the case."""
    judged = Judged(name)
    left = list(found)
    for wanted in case.get("truth", ()):
        match = _match(wanted, left)
        if "metric" not in wanted:
            judged.asked["kind"] += 1
            if match is None:
                judged.faults.append(f"no {wanted['type']} found")
            else:
                judged.right["kind"] += 1
        _details(wanted, match, judged)
        if match is not None and "metric" in wanted:
            left.remove(match)
    tests = [covenant for covenant in left if covenant["type"] == "maintenance" or not case.get("truth")]
    judged.invented = [_told(covenant) for covenant in tests]
    return judged


def _match(wanted: Mapping[str, Any], found: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    if "metric" not in wanted:
        return next((covenant for covenant in found if covenant["type"] == wanted["type"]), None)
    same = [covenant for covenant in found if covenant["metric"] == wanted["metric"] and covenant["type"] != "incurrence"]
    return max(same, key=lambda covenant: _first(covenant) == Decimal(str(wanted["limit"])), default=None)


def _details(wanted: Mapping[str, Any], match: dict[str, Any] | None, judged: Judged) -> None:
    said: dict[str, tuple[object, object]] = {}
    if "metric" in wanted:
        said["ratio"] = (wanted["metric"], match and match["metric"])
        said["direction"] = (wanted["op"], match and match["operator"])
    if "limit" in wanted:
        said["threshold"] = (Decimal(str(wanted["limit"])), match and _first(match))
    if "holds" in wanted:
        limits = {str(day): Decimal(str(limit)) for day, limit in wanted["holds"].items()}
        said["steps"] = (limits, match and {day: _on(match, date.fromisoformat(day)) for day in limits})
    for name, key in PLAIN.items():
        if name in wanted:
            said[name] = (wanted[name], match and match[key])
    if "basis" in wanted:
        basis = match and match["basis"]
        said["basis"] = (wanted["basis"], wanted["basis"] if basis in BASES[wanted["basis"]] else basis)
    for name, (truth, read) in said.items():
        judged.asked[name] += 1
        if truth == read:
            judged.right[name] += 1
        else:
            judged.faults.append(f"{wanted.get('metric', wanted.get('type'))} {name}: {truth} read {read}")


def _first(covenant: Mapping[str, Any]) -> Decimal | None:
    value = covenant["threshold"] or next((step["threshold"] for step in covenant["steps"]), None)
    return None if value is None else Decimal(value)


def _on(covenant: Mapping[str, Any], day: date) -> Decimal | None:
    begun = [step for step in covenant["steps"] if date.fromisoformat(step["from"]) <= day]
    return Decimal(begun[-1]["threshold"]) if begun else _first(covenant)


def _told(covenant: Mapping[str, Any]) -> str:
    return f"{covenant['type']} {covenant['metric']} {covenant['operator']} {covenant['threshold']} in {covenant['clause']}"


def main() -> None:
    parser = argparse.ArgumentParser(description="covenant clauses in many wordings")
    parser.add_argument("--set", choices=SETS, action="append")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    clauses = invented = 0
    for case in cases(options.set or SETS):
        if not case["id"].startswith(options.only):
            continue
        judged = judge(case)
        clauses += 1
        invented += len(judged.invented)
        right.update(judged.right)
        asked.update(judged.asked)
        for fault in [*judged.faults, *(f"invented {text}" for text in judged.invented)]:
            print(f"{judged.case}: {fault}")
    for name, count in asked.items():
        print(f"{name:10} {right[name]:4} of {count:4}  {right[name] / count:.1%}")
    total, done = asked.total(), right.total()
    print(f"{clauses} clauses: {done} of {total} ({done / max(total, 1):.1%}) right, {invented} invented")


if __name__ == "__main__":
    main()
