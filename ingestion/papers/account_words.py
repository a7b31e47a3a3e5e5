"""The wording of statements of account as data: loaded once, its examples checked before it is used."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from tools.errors import RulebookError

FILE = Path(__file__).with_name("account_words.yaml")
NOISE = re.compile(r"[\s\u3000:：*]|\((?:元|人民币|单位[:：]?元|rmb|cny|[£$€¥]|gbp|usd|eur)\)|[£$€¥]")


@dataclass(frozen=True, slots=True)
class AccountWords:
    """Compiled wording. `columns` and `labels` hold (name, pattern for the whole caption)."""

    columns: tuple[tuple[str, re.Pattern[str]], ...]
    labels: tuple[tuple[str, re.Pattern[str]], ...]
    inline: re.Pattern[str]
    parts: Mapping[str, str]
    opening: re.Pattern[str]
    closing: re.Pattern[str]
    total: re.Pattern[str]
    sides: Mapping[str, str]
    bank: re.Pattern[str]

    def role(self, caption: str) -> str | None:
        """The role of a column with this caption."""
        bare = bare_caption(caption)
        if not bare or len(bare) > 28:
            return None
        return next((role for role, pattern in self.columns if pattern.fullmatch(bare)), None)

    def label(self, text: str) -> str | None:
        """What the value beside this label is."""
        bare = bare_caption(text)
        return next((part for part, pattern in self.labels if pattern.fullmatch(bare)), None)


def bare_caption(text: str) -> str:
    """A caption without spaces in Chinese, units and brackets' edges, in lower case."""
    folded = unicodedata.normalize("NFKC", text).casefold().strip()
    clean = (
        NOISE.sub("", folded)
        if re.search("[\u4e00-\u9fff]", folded)
        else re.sub(r"\((?:£|\$|€|¥|gbp|usd|eur|rmb|cny)\)|[£$€¥:*]", "", folded)
    )
    clean = re.sub(r"[()（）]", "", clean) if re.search("[\u4e00-\u9fff]", clean) else clean
    return " ".join(clean.split())


@lru_cache(maxsize=4)
def load_account_words(path: Path = FILE) -> AccountWords:
    """The wording in `path`. Raises RulebookError naming what is wrong."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        labels = tuple((entry["part"], _any(entry["match"])) for entry in data["labels"])
        words = AccountWords(
            tuple((entry["role"], _any(entry["match"])) for entry in data["columns"]),
            labels,
            _inline(data["labels"]),
            {f"l{at}": entry["part"] for at, entry in enumerate(data["labels"])},
            _start(data["opening_rows"]),
            _start(data["closing_rows"]),
            _start(data["total_rows"]),
            {str(word): side for side, found in data["sides"].items() for word in found},
            re.compile("|".join(data["banks"])),
        )
        examples = data["examples"]["columns"]
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError, re.error) as error:
        raise RulebookError(f"the account wording cannot be used: {error!r}", where=path.name, fix="Correct it") from error
    for captions, roles in examples:
        found = [words.role(caption) for caption in captions]
        if found != roles:
            raise RulebookError(f"the columns {captions} are read as {found}", where=path.name, fix="Correct the words")
    return words


def _any(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.I)


def _start(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"^\s*(?:{'|'.join(patterns)})", re.I)


def _inline(entries: Sequence[Mapping[str, Any]]) -> re.Pattern[str]:
    """「户名：某公司 账号：6222…」 in one line: every label before a colon, named by its place in the list."""
    parts = [rf"(?P<l{at}>{'|'.join(entry['match'])})" for at, entry in enumerate(entries)]
    return re.compile(
        rf"(?:(?<![A-Za-z\u4e00-\u9fff])|(?<=[|\s]))(?:{'|'.join(parts)})\s*(?:[(（][^)）]{{0,8}}[)）])?\s*[:：]", re.I
    )
