"""`python -m eval.fresh.fifth OUT`: writes the fifth bank into a folder."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from eval.fresh.fifth.making import generate


def main(arguments: list[str] | None = None) -> int:
    """Writes the bank and says what it wrote."""
    parser = argparse.ArgumentParser(prog="python -m eval.fresh.fifth", description="Write the fifth bank into a folder.")
    parser.add_argument("out", type=Path, help="folder to write into; made if absent")
    options = parser.parse_args(arguments)
    draft = generate(options.out)
    tables = draft.book.tables
    print(f"{options.out}: {len(tables['customers'])} customers, {len(tables['loans'])} loans, {len(draft.filed)} documents")
    return 0


if __name__ == "__main__":
    sys.exit(main())
