"""Prompts and phrase books by name, with the hash that is recorded beside each answer.

A leaf: it reads the files next to it and imports nothing of ours.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FOLDER = Path(__file__).parent
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def phrase_book(name: str) -> Mapping[str, Any]:
    """The mapping in prompts/<name>.yaml. KeyError when there is no such file, ValueError when it is not a mapping."""
    path = _FOLDER / f"{name}.yaml"
    if not path.is_file():
        raise KeyError(f"prompts/{name}.yaml does not exist")
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)
    if not isinstance(data, dict):
        raise ValueError(f"prompts/{name}.yaml must hold a mapping")
    return data


def simplified(text: str) -> str:
    """The text in the simplified script, place by place."""
    return text if text.isascii() else text.translate(_script())


@cache
def _script() -> dict[int, str]:
    book = phrase_book("script")
    return dict(zip(map(ord, "".join(book["traditional"])), "".join(book["simplified"]), strict=True))


@cache
def prompt(name: str) -> str:
    """The text of prompts/<name>.md. KeyError when there is no such file."""
    path = _FOLDER / f"{name}.md"
    if not path.is_file():
        raise KeyError(f"prompts/{name}.md does not exist")
    return path.read_text(encoding="utf-8")


@cache
def fitted(name: str) -> Mapping[str, Any]:
    """The weights in prompts/<name>.json, worked out from the examples. KeyError when there is no such file."""
    path = _FOLDER / f"{name}.json"
    if not path.is_file():
        raise KeyError(f"prompts/{name}.json does not exist")
    weights: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return weights


@cache
def digest() -> str:
    """SHA-256 over every prompt, phrase book and set of weights, in name order: what an answer was written with."""
    total = hashlib.sha256()
    for path in sorted(p for p in _FOLDER.iterdir() if p.suffix in (".md", ".yaml", ".json")):
        total.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()
