"""Ask the fresh questions on a newly built bank and hold every answer against the facts written beside it.

`python -m eval.fresh.running [--set NAME] [--home DIR] [--only TEXT] [--out FILE]`: without `--home` a bank is built in a passing folder.
Sets: `sample` and `further` ask about the sample bank, `heldout` and `further_heldout` about another (eval/fresh/bank), `third`, `fourth` and `fifth` about
three more (eval/fresh/third and so on).
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from assistant.answering import answer
from assistant.settings import load_settings
from assistant.wiring import Bank, open_bank
from eval.fresh.scoring import shortcomings

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Set:
    """Where the questions lie, the module that writes the bank they are about, and the day of its books."""

    questions: Path
    bank: str
    book_date: str


SETS = {
    "sample": Set(HERE, "eval.sample_bank", "2026-10-31"),
    "further": Set(HERE / "further", "eval.sample_bank", "2026-10-31"),
    "heldout": Set(HERE / "heldout", "eval.fresh.bank", "2026-09-30"),
    "further_heldout": Set(HERE / "further_heldout", "eval.fresh.bank", "2026-09-30"),
    "third": Set(HERE / "third_questions", "eval.fresh.third", "2026-09-30"),
    "fourth": Set(HERE / "fourth_questions", "eval.fresh.fourth", "2026-10-31"),
    "fifth": Set(HERE / "fifth_questions", "eval.fresh.fifth", "2026-10-31"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One question and what came of it: `failed` names each expectation that was not met."""

    id: str
    category: str
    language: str
    user: str
    question: str
    answer: str
    status: str
    failed: tuple[str, ...]
    ms: int


class Asker:
    """Asks one opened bank in the name of a user."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank

    def said(self, question: str, user: str, thread: str | None = None) -> tuple[str, str, int]:
        now = datetime.now(UTC)
        caller, clocks = self.bank.caller(user, now), self.bank.clocks(None, None, now)
        result = answer(self.bank, question, caller=caller, clocks=clocks, now=now, thread=thread)
        return result.answer, result.status, result.ms

    def one(self, want: Mapping[str, Any], language: str, user: str, key: str, thread: str | None = None) -> Asked:
        said, status, ms = self.said(want["ask"], user, thread)
        failed = list(shortcomings(said, status, want, language))
        if like := want.get("like"):
            other, other_status, _ = self.said(like["ask"], user)
            mine, theirs = (re.sub("|".join(map(re.escape, like["names"])), "NAME", t, flags=re.I) for t in (said, other))
            if mine != theirs or status != other_status:
                failed.append(f"unlike an unknown name: {other_status}: {other}")
        return Asked(key, want["cat"], language, user, want["ask"], said, status, tuple(failed), ms)


def questions(folder: Path, only: str) -> Iterator[tuple[str, str, str, list[tuple[str, Mapping[str, Any]]]]]:
    """Threads of (id, language, user, turns); a single question is a thread of one turn."""
    for name in ("zh", "en", "threads"):
        for entry in yaml.safe_load((folder / f"{name}.yaml").read_text(encoding="utf-8")):
            language = entry.get("lang", "zh") if name == "threads" else name
            turns = entry.get("turns", [entry])
            keys = [f"{entry['id']}.{i + 1}" if "turns" in entry else entry["id"] for i in range(len(turns))]
            if re.search(only, " ".join([entry["id"], *(turn["cat"] for turn in turns)])):
                yield entry["id"], language, entry.get("user", "local"), list(zip(keys, turns, strict=True))


def ask_all(bank: Bank, folder: Path = HERE, only: str = "") -> list[Asked]:
    """Everything asked once, in the order of the files."""
    asker, asked = Asker(bank), list[Asked]()
    for key, language, user, turns in questions(folder, only):
        thread = f"fresh-{key}-{datetime.now(UTC):%H%M%S}" if len(turns) > 1 else None
        asked += [asker.one(want, language, user, turn, thread) for turn, want in turns]
    return asked


def build(folder: Path, chosen: Set) -> Path:
    """A new bank, imported, read and monitored; its home."""
    bank, home = folder / "bank", folder / "home"
    loanward = [sys.executable, "-m", "integrations.cli"]
    for command in (
        [sys.executable, "-m", chosen.bank, str(bank)],
        [*loanward, "import", str(bank / "loan_book"), "--home", str(home), "--book-date", chosen.book_date],
        [*loanward, "ingest", str(bank / "documents"), "--workers", "2", "--home", str(home)],
        [*loanward, "monitor", "--home", str(home)],
    ):
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return home


def table(asked: Sequence[Asked]) -> str:
    """Right of asked per language and category, then every failure with its question and answer."""
    total, right = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for one in asked:
        for group in ((one.language, "all"), (one.language, one.category)):
            total[group] += 1
            right[group] += not one.failed
    lines = [f"{' '.join(group)}: {right[group]} of {total[group]}" for group in sorted(total)]
    for one in asked:
        if one.failed:
            lines += ["", f"{one.id} [{one.category}, {one.user}] {one.question}", f"  {'; '.join(one.failed)}"]
            lines.append(f"  {one.status}: {one.answer}")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.fresh.running", description=__doc__)
    parser.add_argument("--set", choices=SETS, default="sample", help="which questions, about which bank")
    parser.add_argument("--home", type=Path, help="a home that holds the set's bank already")
    parser.add_argument("--only", default="", help="pattern on ids and categories")
    parser.add_argument("--out", type=Path, help="also write every answer here, one JSON object a line")
    given = parser.parse_args(arguments)
    chosen = SETS[given.set]
    with tempfile.TemporaryDirectory() as folder:
        bank = open_bank(load_settings({"home": given.home or build(Path(folder), chosen)}))
        try:
            asked = ask_all(bank, chosen.questions, given.only)
        finally:
            bank.close()
    if given.out:
        rows = ({name: getattr(one, name) for name in Asked.__slots__} for one in asked)
        given.out.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    print(table(asked))
    return 1 if any(one.failed for one in asked) else 0


if __name__ == "__main__":
    raise SystemExit(main())
