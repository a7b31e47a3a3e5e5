"""The rulebook read once and kept beside the code like byte code, so that a new process need not parse it again.

The kept form holds the YAML as JSON, every expression as a tree, and which sets of rules have passed their own tests. Its name
is the digest of the YAML and of the code that reads and computes it: change either and it is made anew. It lives in
`__pycache__` because it deserves exactly the trust that byte code has; where that folder cannot be written, nothing is kept.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

from tools.domain import grammar
from tools.domain.tree import Node, from_plain, to_plain

HOME = Path(__file__).parent
KEPT = HOME / "__pycache__"
CODE = (HOME, HOME.parent / "domain")
MOST = 4
"""Kept forms of older content that stay."""


class Compiled:
    """What is known of `files` (path, text) from an earlier process; `data` None when nothing is."""

    def __init__(self, files: Iterable[tuple[str, str]]) -> None:
        files = list(files)
        self._names = {name for name, _ in files}
        self._path = KEPT / f"rulebook-{_digest(files)}.json"
        self.data: dict[str, dict[str, Any]] | None = None
        self._passed: set[str] = set()
        self._trees: dict[str, Node] = {}
        self._read()

    def passed(self, rules: Iterable[str]) -> bool:
        """Whether just this set of rules (id@version) has passed its tests before."""
        return _signature(rules) in self._passed

    def keep(self, data: Mapping[str, dict[str, Any]], texts: Iterable[str], rules: Iterable[str]) -> None:
        """Notes the parsed files, the expressions in them and a set of rules that passed. A folder that cannot be written is
        no error: the next process parses again."""
        self._passed.add(_signature(rules))
        self._trees |= {text: grammar.parse(text) for text in texts}
        held = {
            "data": data,
            "trees": {text: to_plain(node) for text, node in self._trees.items()},
            "passed": sorted(self._passed),
        }  # fmt: skip
        try:
            self._write(json.dumps(held, default=_tagged, ensure_ascii=False))
        except OSError:
            return

    def _read(self) -> None:
        try:
            held = json.loads(self._path.read_text(encoding="utf-8"), object_hook=_untagged)
            trees = {text: from_plain(tree) for text, tree in held["trees"].items()}
            if set(held["data"]) != self._names:
                return
            self.data, self._passed, self._trees = held["data"], set(held["passed"]), trees
        except (OSError, ValueError, KeyError, TypeError):
            return
        grammar.remember(trees)

    def _write(self, text: str) -> None:
        KEPT.mkdir(exist_ok=True)
        part = self._path.with_suffix(f".{os.getpid()}")
        part.write_text(text, encoding="utf-8")
        part.replace(self._path)
        older = sorted(KEPT.glob("rulebook-*.json"), key=lambda path: path.stat().st_mtime)
        for path in older[:-MOST]:
            path.unlink(missing_ok=True)


def _digest(files: Iterable[tuple[str, str]]) -> str:
    summed = sha256()
    for folder in CODE:
        for path in sorted([*folder.glob("*.py"), *folder.glob("*.lark")]):
            summed.update(path.name.encode() + path.read_bytes())
    for name, text in files:
        summed.update(f"{name}\n{len(text)}\n{text}".encode())
    return summed.hexdigest()[:32]


def _signature(rules: Iterable[str]) -> str:
    return sha256("\n".join(sorted(rules)).encode()).hexdigest()[:32]


def _tagged(value: object) -> dict[str, str]:
    if isinstance(value, Decimal):
        return {"$decimal": str(value)}
    if isinstance(value, date):
        return {"$date": value.isoformat()}
    raise TypeError(f"{type(value).__name__} cannot be kept")


def _untagged(data: dict[str, Any]) -> Any:
    if len(data) == 1:
        if "$decimal" in data:
            return Decimal(data["$decimal"])
        if "$date" in data:
            return date.fromisoformat(data["$date"])
    return data
