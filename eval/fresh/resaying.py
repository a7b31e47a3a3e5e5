"""Kept questions said in another way: the answer must not change.

`python -m eval.fresh.resaying [--set NAME] [--home DIR] [--seed N] [--most N]` asks each question as it stands and once with one change that
means nothing: a greeting, thanks, a lead-in, spaces, punctuation, capitals, another name of the same borrower, a slip in its name. No truth
is needed, so any bank and any question will do. What differs is printed with both answers.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from assistant.settings import load_settings
from assistant.wiring import Bank, open_bank
from eval.fresh.running import SETS, Asker, build, questions

Change = Callable[[str], str]
HAN = "\u4e00-\u9fff"
ASIDE = re.compile(r"\n?[(（][^()（）\n]*(?:read as|按[^()（）\n]*理解)[^()（）\n]*[)）]|T-[0-9a-f]+")
"""What an answer may say of how a name was read, and the number of its record."""


def _end(text: str) -> str:
    return text.rstrip("?？。.! ")


def _small(text: str) -> str:
    """A first letter made small, unless it begins a name or an abbreviation."""
    first = text.split(" ", 1)[0]
    return text[0].lower() + text[1:] if first.isalpha() and first[1:].islower() and first in BEGINNINGS else text


BEGINNINGS = frozenset(
    [
        "What",
        "Which",
        "Who",
        "Why",
        "When",
        "Where",
        "How",
        "Is",
        "Are",
        "Does",
        "Do",
        "Did",
        "Has",
        "Have",
        "Show",
        "List",
        "Give",
        "Was",
        "Were",
        "Can",
        "Could",
        "Compare",
        "Rank",
        "Any",
    ]
)
CHINESE: Mapping[str, Change] = {
    "spaced": lambda q: re.sub(rf"(?<=[{HAN}])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9%])(?=[{HAN}])", " ", q),
    "full width": lambda q: "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in q),
    "western punctuation": lambda q: q.translate(str.maketrans("，？！", ",?!")),
    "no mark": _end, "two marks": lambda q: f"{_end(q)}？？", "small letters": str.lower, "margins": lambda q: f"  {q} \n",
    "greeting": lambda q: f"你好，{q}", "please": lambda q: f"请问{q}", "excuse": lambda q: f"打扰一下，{q}", "thanks": lambda q: f"{_end(q)}？谢谢",
    "urgent": lambda q: f"{_end(q)}，急", "told": lambda q: f"告诉我{q}", "look": lambda q: f"麻烦帮我看一下{q}", "meeting": lambda q: f"下午要开贷审会，{q}",
    "boss": lambda q: f"领导要，{q}", "to say": lambda q: f"{_end(q)}，你给说说", "particle": lambda q: f"{_end(q)}啊？", "check": lambda q: f"能不能帮我查一下{q}",
}  # fmt: skip
ENGLISH: Mapping[str, Change] = {
    "small letters": str.lower, "capitals": str.upper, "no mark": _end, "two blanks": lambda q: q.replace(" ", "  "),
    "curly": lambda q: q.replace("'", "’"), "greeting": lambda q: f"Good morning! {q}", "thanks": lambda q: f"{q} Thanks!",
    "please": lambda q: f"{_end(q)} please", "quick": lambda q: f"Hi, quick question: {q}", "boss": lambda q: f"My boss is asking, {q}",
    "committee": lambda q: f"I'm going into credit committee in ten minutes. {q}", "memo": lambda q: f"I need this for a memo, {_small(q)}",
    "could you": lambda q: f"Could you check {_small(q)}", "wondering": lambda q: f"I was wondering {_small(q)}", "so": lambda q: f"So {_small(q)}",
    "called": lambda q: f"The client called. {q}", "remind": lambda q: f"Remind me, {_small(q)}", "soon": lambda q: f"{_end(q)}, asap",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Resaid:
    """One question asked in two ways: what was changed, both wordings, both answers with their status."""

    key: str
    change: str
    asked: str
    resaid: str
    first: tuple[str, str]
    second: tuple[str, str]

    @property
    def same(self) -> bool:
        """Whether both were answered alike."""
        (one, status), (other, other_status) = self.first, self.second
        return status == other_status and ASIDE.sub("", one).strip() == ASIDE.sub("", other).strip()


def names_of(bank: Bank) -> Sequence[tuple[str, Sequence[str]]]:
    """Every name of every borrower with all names that borrower has in the same script, longest first."""
    found: list[tuple[str, Sequence[str]]] = []
    for borrower in bank.store.borrowers.all(bank.caller("local", datetime.now(UTC))):
        names = [borrower.name, borrower.name_en or "", *borrower.aliases, borrower.id]
        for name in filter(None, names):
            alike = [
                other
                for other in names
                if other and (re.search(f"[{HAN}]", other) is None) == (re.search(f"[{HAN}]", name) is None)
            ]
            found.append((name, alike))
    return sorted(found, key=lambda pair: -len(pair[0]))


def renamed(question: str, names: Sequence[tuple[str, Sequence[str]]], chance: random.Random) -> str:
    """The question with its first known name put in another way; as it stands when it names nobody."""
    for name, alike in names:
        if re.search(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])" if name.isascii() else re.escape(name), question):
            others = [other for other in alike if other != name]
            return question.replace(name, chance.choice(others)) if others else question
    return question


def resay_all(bank: Bank, folder: Path, seed: int, most: int) -> Iterator[Resaid]:
    """Single questions of a set in an order drawn by lot, each said in one other way."""
    chance, asker = random.Random(seed), Asker(bank)
    names = names_of(bank)
    single = [(key, user, turns[0][1]["ask"]) for key, _, user, turns in questions(folder, "") if len(turns) == 1]
    chance.shuffle(single)
    for key, user, asked in single[:most]:
        changes = CHINESE if re.search(f"[{HAN}]", asked) else ENGLISH
        change = chance.choice([*changes, "another name", "another name"])
        said = renamed(asked, names, chance) if change == "another name" else changes[change](asked)
        if said != asked:
            first, second = asker.said(asked, user), asker.said(said, user)
            yield Resaid(key, change, asked, said, first[:2], second[:2])


def main() -> int:
    """Prints what differs and a count for each kind of change."""
    parser = argparse.ArgumentParser(description="Ask kept questions said in another way")
    parser.add_argument("--set", choices=sorted(SETS), default="sample")
    parser.add_argument("--home", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--most", type=int, default=1_000_000)
    options = parser.parse_args()
    chosen = SETS[options.set]
    with tempfile.TemporaryDirectory(prefix="resaying-") as passing:
        bank = open_bank(load_settings({"home": options.home or build(Path(passing), chosen)}))
        tried, same = Counter[str](), Counter[str]()
        for one in resay_all(bank, chosen.questions, options.seed, options.most):
            tried[one.change] += 1
            same[one.change] += one.same
            if not one.same:
                print(
                    f"\n{one.key} [{one.change}]\n  {one.asked}\n  {one.resaid!r}\n  {one.first[1]}: {one.first[0][:200]}\n  {one.second[1]}: {one.second[0][:200]}"
                )
            print(f"\r{sum(tried.values())} asked twice", end="", file=sys.stderr)
    print("\n" + "  ".join(f"{change} {same[change]}/{count}" for change, count in tried.most_common()))
    print(f"{sum(same.values())} of {sum(tried.values())} answered the same")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
