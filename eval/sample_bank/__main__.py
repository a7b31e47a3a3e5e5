"""`python -m eval.sample_bank OUT [--seed N] [--borrowers N] [--book-only]`: writes the sample bank into a folder."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from eval.sample_bank.bank import NAMED, SEED, generate


def main(arguments: list[str] | None = None) -> int:
    """Writes the bank and says what it wrote; 2 when the folder cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m eval.sample_bank", description="Write a fictional bank into a folder.")
    parser.add_argument("out", type=Path, help="folder to write into; made if absent")
    parser.add_argument("--seed", type=int, default=SEED, help=f"same seed, same bytes (default {SEED})")
    parser.add_argument(
        "--borrowers", type=int, default=NAMED, help=f"the first {NAMED} have stories, further ones only a loan book"
    )
    parser.add_argument("--book-only", action="store_true", help="no documents")
    options = parser.parse_args(arguments)
    if options.borrowers < 1:
        parser.error("--borrowers must be at least 1")
    if options.out.exists() and not options.out.is_dir():
        parser.error(f"{options.out} is a file; name a folder")
    began = time.monotonic()
    bank = generate(options.out, options.seed, options.borrowers, documents=not options.book_only)
    print(
        f"{bank.folder}: {bank.borrowers:,} customers, {bank.loans:,} loans, {len(bank.documents)} documents "
        f"in {time.monotonic() - began:.1f} s; stories in {bank.stories.name}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
