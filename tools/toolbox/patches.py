"""Patches of the book people ask about without naming a borrower: what lies in a place, belongs to a branch or is in somebody's care.

Made from the borrowers the caller may see, so a place, a branch or an officer of others is as unknown as one that does not exist.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from prompts.library import phrase_book
from tools.domain.names import Borrower

Kind = Literal["officer", "branch", "region"]
_LATIN = re.compile(r"[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Patch:
    """`key` as the book has it, `name` for people, `words` as they say it, `ids` its borrowers."""

    kind: Kind
    key: str
    name: str
    words: tuple[str, ...]
    ids: tuple[str, ...]

    @property
    def reference(self) -> str:
        """What tools are asked with: "officer:S001"."""
        return f"{self.kind}:{self.key}"


@dataclass(frozen=True, slots=True)
class Said:
    """A patch where a text speaks of it."""

    patch: Patch
    start: int
    end: int


def patches_of(borrowers: Sequence[Borrower], officers: Mapping[str, str]) -> tuple[Patch, ...]:
    """Officers, branches and places of these borrowers. `officers`: their names by id."""
    found: dict[tuple[Kind, str], list[str]] = defaultdict(list)
    for one in borrowers:
        if one.officer_id:
            found["officer", one.officer_id].append(one.id)
        if one.branch_id:
            found["branch", one.branch_id].append(one.id)
        if one.region:
            found["region", one.region].append(one.id)
    made = []
    for (kind, key), ids in found.items():
        name = officers.get(key, key) if kind == "officer" else key
        words = _spoken(name) if kind == "officer" else _place(name) if kind == "region" else ()
        made.append(Patch(kind, key, name, tuple(dict.fromkeys((*((key,) if kind != "region" else ()), *words))), tuple(ids)))
    return _without_doubles(made)


def said_in(text: str, patches: Sequence[Patch], taken: Sequence[tuple[int, int]] = ()) -> list[Said]:
    """The patches a text speaks of, outside the `taken` stretches, longest words first."""
    found: list[Said] = []
    pairs = sorted(((word, patch) for patch in patches for word in patch.words), key=lambda pair: -len(pair[0]))
    for word, patch in pairs:
        for start, end in _places(text, word, exactly=word == patch.key):
            free = not any(a < end and start < b for a, b in (*taken, *((one.start, one.end) for one in found)))
            if free and not any(one.patch is patch for one in found):
                found.append(Said(patch, start, end))
    return sorted(found, key=lambda one: one.start)


def _places(text: str, word: str, *, exactly: bool) -> Iterator[tuple[int, int]]:
    if _LATIN.search(word):
        flags = re.ASCII if exactly and word.isupper() else re.ASCII | re.IGNORECASE
        yield from (m.span() for m in re.finditer(rf"(?<![A-Za-z0-9]){re.escape(word)}(?![A-Za-z0-9])", text, flags))
        return
    place = text.find(word)
    while place >= 0:
        yield place, place + len(word)
        place = text.find(word, place + len(word))


def _place(name: str) -> tuple[str, ...]:
    return (name, *(() if _LATIN.search(name) else ("".join(_sounds(name)),)))


def _spoken(name: str) -> tuple[str, ...]:
    """The full name; of a foreign one its parts too; of a Chinese one its sound and the surname with a title."""
    if _LATIN.search(name):
        return (name, *name.split()[-1:], *name.split()[:1])
    long = name[:2] in phrase_book("names")["long_surnames"]
    family, own = (name[:2], name[2:]) if long and len(name) > 2 else (name[:1], name[1:])
    if not own:
        return (name,)
    one, other = "".join(_sounds(family)), "".join(_sounds(own))
    titles: Sequence[str] = phrase_book("names")["titles"]
    return (name, f"{one} {other}", f"{other} {one}", *(family + title for title in titles))


def _sounds(text: str) -> tuple[str, ...]:
    from pypinyin import lazy_pinyin  # a large table, wanted once a change of the registry

    return tuple(lazy_pinyin(text)) if text else ()


def _without_doubles(patches: Sequence[Patch]) -> tuple[Patch, ...]:
    """A word two patches of a kind share ("张经理") means neither."""
    owners: dict[str, int] = defaultdict(int)
    for patch in patches:
        for word in patch.words:
            owners[word] += 1
    return tuple(
        replace(one, words=tuple(word for i, word in enumerate(one.words) if owners[word] == 1 or i == 0)) for one in patches
    )
