"""Reads visit notes nobody prepared the reader for, and counts observations, denials, sources and promised days.

python -m eval.visits.running [--only n03] [--shown]
"""

from __future__ import annotations

import argparse
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import docx
import yaml

from ingestion.reading import extract_bytes

FILE = Path(__file__).with_name("notes.yaml")
SUFFIX = {"text": "txt", "markdown": "md", "email": "eml", "docx": "docx"}


@dataclass(slots=True)
class Judged:
    """One note: what was asked and right, and the faults."""

    note: str
    right: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    read: list[dict[str, Any]] = field(default_factory=list)


def notes() -> Iterator[dict[str, Any]]:
    """Every note with its truth."""
    yield from yaml.safe_load(FILE.read_text(encoding="utf-8"))


def as_file(note: Mapping[str, Any]) -> tuple[bytes, str]:
    """The note as the file it would arrive as."""
    name = f"{note['id']}.{SUFFIX[note['form']]}"
    if note["form"] != "docx":
        return note["text"].encode(), name
    paper = docx.Document()
    for line in note["text"].splitlines():
        paper.add_paragraph(line)
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue(), name


def judge(note: Mapping[str, Any]) -> Judged:
    """One note written, read and compared. What the truth does not list is invented when it is an observation with a value."""
    data, name = as_file(note)
    extraction = extract_bytes(data, name)
    judged = Judged(note["id"], read=extraction.observations)
    judged.asked["kind"] += 1
    judged.right["kind"] += extraction.kind == "visit_note"
    if extraction.kind != "visit_note":
        judged.faults.append(f"taken for {extraction.kind}")
    seen = [o for o in extraction.observations if o["topic"] != "follow_up"]
    for wanted in note["truth"]:
        same = [o for o in seen if o["topic"] == wanted["topic"] and bool(o["negated"]) == bool(wanted.get("denied"))]
        match = next((o for o in same if "value" not in wanted or _equal(o["value"], wanted["value"])), None)
        judged.asked["observation"] += 1
        if match is None:
            judged.faults.append(f"missing {wanted}")
            continue
        judged.right["observation"] += 1
        seen.remove(match)
        if "by" in wanted:
            judged.asked["source"] += 1
            judged.right["source"] += match["said_by"] == wanted["by"]
            if match["said_by"] != wanted["by"]:
                judged.faults.append(f"{wanted['topic']} by {match['said_by']}, not {wanted['by']}")
    due = {o["due"] for o in extraction.observations if o["topic"] == "follow_up" and o["due"]}
    for day in note.get("due", ()):
        judged.asked["promise"] += 1
        judged.right["promise"] += str(day) in due
        if str(day) not in due:
            judged.faults.append(f"no promise for {day}: {sorted(due)}")
    judged.faults += [f"not in the truth: {o['topic']} {o['value']} {o['said_by']} negated={o['negated']}" for o in seen]
    return judged


def _equal(read: str, wanted: str) -> bool:
    try:
        return Decimal(read) == Decimal(wanted)
    except InvalidOperation:
        return read == wanted


def main() -> None:
    parser = argparse.ArgumentParser(description="visit notes by different hands")
    parser.add_argument("--only", default="")
    parser.add_argument("--shown", action="store_true")
    options = parser.parse_args()
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for note in notes():
        if not note["id"].startswith(options.only):
            continue
        judged = judge(note)
        right.update(judged.right)
        asked.update(judged.asked)
        for fault in judged.faults:
            print(f"{judged.note}: {fault}")
        if options.shown:
            for o in judged.read:
                print(f"    {o['topic']} {o['value']} {o['said_by']} {o['negated']} {o.get('due')} | {o['text'][:60]}")
    for name, count in asked.items():
        print(f"{name:12} {right[name]:4} of {count:4}  {right[name] / count:.1%}")


if __name__ == "__main__":
    main()
