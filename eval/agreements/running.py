"""Reads whole agreements as PDF, DOCX and plain text, and counts terms and covenants that are right, wrong, missed or invented.

python -m eval.agreements.running [--only linjiang] [--form pdf]
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from eval.agreements.setting import TEXTS, as_docx, as_pdfs
from eval.clauses.running import Judged, judge_found
from ingestion.reading import extract_file

FORMS = ("pdf", "docx", "md")
ROLES = ("borrower", "lender", "guarantor")


def agreements(only: str = "") -> Iterator[dict[str, Any]]:
    """Every agreement with its truth."""
    for entry in yaml.safe_load((Path(__file__).parent / "truth.yaml").read_text(encoding="utf-8")):
        if entry["file"].startswith(only):
            yield entry


def judged(only: str = "", forms: Sequence[str] = FORMS) -> Iterator[Judged]:
    """Each agreement in each form."""
    with tempfile.TemporaryDirectory() as scratch:
        chosen = list(agreements(only))
        texts = {entry["file"]: (TEXTS / f"{entry['file']}.md").read_text(encoding="utf-8") for entry in chosen}
        if "pdf" in forms:
            as_pdfs({Path(scratch) / f"{entry['file']}.pdf": (texts[entry["file"]], entry["language"]) for entry in chosen})
        for entry in chosen:
            for form in forms:
                path = Path(scratch) / f"{entry['file']}.{form}"
                if form == "docx":
                    as_docx(texts[entry["file"]], path)
                elif form == "md":
                    path.write_text(_marked(texts[entry["file"]]), encoding="utf-8")
                extraction = extract_file(path)
                made = judge_found(f"{entry['file']}.{form}", entry, extraction.covenants)
                if extraction.kind != "contract":
                    made.faults.append(f"taken for {extraction.kind}")
                _terms(entry["terms"], extraction.details.get("terms", ()), made)
                yield made


def _marked(text: str) -> str:
    """Markdown needs a rule under the first row of a table and a blank line between paragraphs."""
    out: list[str] = []
    for line in text.splitlines():
        row = line.startswith("|")
        before = bool(out) and out[-1].startswith("|")
        if not (row and before):
            out.append("")
        out.append(line)
        if row and not before:
            out.append("|" + " --- |" * (line.count("|") - 1))
    return "\n".join(out)


def _terms(wanted: Mapping[str, Any], terms: Sequence[Mapping[str, Any]], made: Judged) -> None:
    parties = {term["value"]["role"]: term["value"]["name"] for term in reversed(terms) if term["name"] == "party"}
    said = {term["name"]: term["value"] for term in reversed(terms) if term["name"] != "party"}
    for name, truth in wanted.items():
        read: Any = parties.get(name) if name in ROLES else said.get(name)
        if name in ("amount", "currency"):
            read = (said.get("amount") or {}).get(name)
            read = Decimal(read) if name == "amount" and read else read
        right = str(truth) in str(read) if name in ("rate", "purpose", "security") else str(read) == str(truth)
        made.asked[name] += 1
        made.right[name] += int(right)
        if not right:
            made.faults.append(f"{name}: {truth} read {read}")


def main() -> None:
    parser = argparse.ArgumentParser(description="whole agreements")
    parser.add_argument("--only", default="")
    parser.add_argument("--form", choices=FORMS, action="append")
    options = parser.parse_args()
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    invented = 0
    for made in judged(options.only, options.form or FORMS):
        right.update(made.right)
        asked.update(made.asked)
        invented += len(made.invented)
        for fault in [*made.faults, *(f"invented {text}" for text in made.invented)]:
            print(f"{made.case}: {fault}")
    for name, count in asked.items():
        print(f"{name:16} {right[name]:4} of {count:4}")
    print(f"{right.total()} of {asked.total()} ({right.total() / max(asked.total(), 1):.1%}) right, {invented} invented")


if __name__ == "__main__":
    main()
