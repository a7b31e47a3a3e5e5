"""Reads statements in layouts drawn by lot and counts what is right, wrong, missing or not in the truth.

python -m eval.layouts.running --count 40 --seed 1 --form pdf
python -m eval.layouts.running --seed 17 --keep FOLDER          # write one and look at it
"""

from __future__ import annotations

import argparse
import hashlib
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from random import Random

from eval.layouts.books import keep_book
from eval.layouts.looks import Look, chinese_look, english_look
from eval.layouts.printing import Key, csv_of, html_of, pdf_of, sheets_of, word_of, workbook_of
from ingestion.extraction import Extraction
from ingestion.pdf.document import PdfDocument
from ingestion.statement_reading import read_statement_file
from tools.domain.facts import Fact

FORMATS = ("pdf", "xlsx", "csv", "docx", "html")
SURE = Decimal("0.95")
NAMES = {
    "zh": ("临江市盛和机械制造有限公司", "海州恒泰纺织股份有限公司", "江北永兴食品有限公司"),
    "en": ("Harrow Point Industries, Inc.", "Calverton Group plc", "Northmoor Holdings Limited"),
}


@dataclass(slots=True)
class Result:
    """One file's counts; the lists say which."""

    seed: int
    family: str
    tags: list[str]
    right: int = 0
    wrong: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)
    sure: int = 0
    sure_wrong: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)


def made(seed: int, form: str, folder: Path) -> tuple[Path, dict[Key, Decimal], Look, str]:
    """Writes the file of this seed; returns its path, truth, look and family of forms."""
    draw = Random(seed)
    family = draw.choice(["cas", "cas", "small", "us", "ifrs"])
    look = chinese_look(draw, family == "small") if family in ("cas", "small") else english_look(draw, family)
    size = (
        Decimal(draw.choice([3, 9, 27]))
        * {1: 10**8, 1000: 10**6, 10000: 10**5, 1000000: 10**4}[int(look.factor)]
        / (5 if family == "small" else 1)
    )
    book = keep_book(family, look.spans, size, look.places, draw)
    name = draw.choice(NAMES[look.language])
    if form != "pdf":
        look.turned, look.halves = 0, False
    sheets, truth = sheets_of(book, look, name, draw)
    out = folder / f"{family}_{seed}.{form}"
    if form == "pdf":
        pdf_of(sheets, look, out)
    elif form == "xlsx":
        workbook_of(sheets, look, out, draw)
    elif form == "csv":
        csv_of(sheets, look, out)
    elif form == "docx":
        word_of(sheets, look, out)
    else:
        html_of(sheets, look, out)
    return out, truth, look, family


def read(path: Path, form: str) -> Extraction:
    """The file read as the pipeline reads a statement."""
    extraction = Extraction(path.name, hashlib.sha256(path.read_bytes()).hexdigest(), "statement", "en", 0, "ok")
    if form == "pdf":
        with PdfDocument.open(path) as document:
            read_statement_file(document, form, extraction)
    else:
        read_statement_file(path, form, extraction)
    return extraction


def judge(seed: int, form: str, folder: Path) -> Result:
    """One file written, read and compared."""
    path, truth, look, family = made(seed, form, folder)
    result = Result(
        seed,
        family,
        [*look.tags, look.minus, *(["halves"] if look.halves else []), *([f"turned {look.turned}"] if look.turned else [])],
    )
    extraction = read(path, form)
    read_facts: dict[Key, list[Fact]] = {}
    for fact in extraction.facts:
        read_facts.setdefault((fact.item, fact.period.end, fact.period.months, fact.scope), []).append(fact)
        result.sure += fact.confidence >= SURE
    for key, value in truth.items():
        found = read_facts.get(key, [])
        what = f"{key[0]} {key[1]}/{key[2]} {key[3]}: {value}"
        if not found:
            if value:
                result.missing.append(what)
        elif len(found) > 1 or found[0].value != value:
            result.wrong.append(f"{what} read {found[0].value} {found[0].raw} {found[0].label!r} {found[0].confidence}")
            if found[0].confidence >= SURE:
                result.sure_wrong.append(result.wrong[-1])
        else:
            result.right += 1
    for key, found in read_facts.items():
        if key not in truth and found[0].value and not {"derived", "no_minorities"} & set(found[0].flags):
            text = f"{key[0]} {key[1]}/{key[2]} {key[3]} = {found[0].value} {found[0].label!r} {found[0].confidence} {found[0].flags}"
            result.extra.append(text)
    result.failed = [f"{c.id} {c.period_end} {c.difference}" for c in extraction.checks if c.status == "failed"]
    result.messages = [m.text for m in extraction.messages if m.level != "info"]
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description="statements in layouts drawn by lot")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1)
    parser.add_argument("--form", choices=[*FORMATS, "all"], default="pdf")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--quiet", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        total: Counter[str] = Counter()
        for form in FORMATS if options.form == "all" else [options.form]:
            for seed in range(options.seed, options.seed + options.count):
                r = judge(seed, form, folder)
                total.update(
                    files=1,
                    right=r.right,
                    wrong=len(r.wrong),
                    missing=len(r.missing),
                    extra=len(r.extra),
                    sure=r.sure,
                    sure_wrong=len(r.sure_wrong),
                    failed=len(r.failed),
                )
                if (r.wrong or r.missing or r.extra or r.failed) and not options.quiet:
                    print(
                        f"{form} {r.family} seed {seed} {r.tags}: right {r.right} wrong {len(r.wrong)} missing {len(r.missing)} extra {len(r.extra)} failed {len(r.failed)}"
                    )
                    for kind, rows in (
                        ("wrong", r.wrong),
                        ("missing", r.missing),
                        ("extra", r.extra),
                        ("failed", r.failed),
                        ("says", r.messages),
                    ):
                        for text in rows[:4]:
                            print(f"    {kind:8}{text}")
        print(dict(total))


if __name__ == "__main__":
    main()
