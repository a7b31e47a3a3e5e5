"""Red flags of the use of proceeds, kinds of payees and stress scenarios in words: for `explain`, by id or name in either language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tools.rulebook.entries import HERE, in_force, read_entries, read_file
from tools.rulebook.use_rules import load_use

SLOTS: Mapping[str, Mapping[str, str]] = {
    "en": {"amount": "an amount", "share": "a share", "parties": "the payees named", "days_since_drawing": "so many"},
    "zh": {"amount": "一定金额", "share": "一定比例", "parties": "所列收款人", "days_since_drawing": "若干"},
}


def describe_use(name: str) -> dict[str, Any] | None:
    """A red flag, a kind of payee or a stress scenario; None when nothing is called so."""
    wanted = name.strip().casefold()
    return _entry(HERE / "use_of_proceeds" / "flags.yaml", wanted, _flag) or _payee(wanted) or _entry(
        HERE / "conventions" / "stress.yaml", wanted, _scenario
    )  # fmt: skip


def _entry(path: Path, wanted: str, made: Any) -> dict[str, Any] | None:
    for entry in in_force(read_entries(read_file(path), path.name), None, None):
        if wanted in (entry.id.casefold(), *(said.casefold() for said in entry.data["name"].values())):
            found: dict[str, Any] = made(entry.data)
            return found | {
                "id": entry.id, "rule": f"{entry.id}@{entry.origin.version}", "name": dict(entry.data["name"]), "source": dict(entry.origin.source),
                "effective_from": entry.origin.effective_from.isoformat(), "file": entry.origin.file,
            }  # fmt: skip
    return None


def _flag(data: Mapping[str, Any]) -> dict[str, Any]:
    explain = {language: _filled(text, language) for language, text in data["explain"].items()}
    when = "; ".join(f"{severity}: {condition}" for severity, condition in data["when"].items())
    return {"kind": "use_flag", "explain": explain, "formula": when}


def _scenario(data: Mapping[str, Any]) -> dict[str, Any]:
    shocks = ", ".join(f"{name} {value}" for name, value in data.items() if name != "name") or "none"
    return {"kind": "scenario", "explain": dict(data["name"]), "formula": shocks}


def _payee(wanted: str) -> dict[str, Any] | None:
    for category in load_use().payees.categories:
        if wanted in (category.id, *(said.casefold() for said in category.name.values())):
            counts = "all loans" if category.misuse is None else ", ".join(sorted(category.misuse)) or "no loans"
            return {
                "id": category.id, "kind": "payee", "rule": f"{category.id}@{category.origin.version}", "name": dict(category.name),
                "explain": dict(category.name), "formula": f"misuse for {counts}", "source": dict(category.origin.source),
                "effective_from": category.origin.effective_from.isoformat(), "file": category.origin.file,
            }  # fmt: skip
    return None


def _filled(text: str, language: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: SLOTS[language].get(found[1], ""), text)
