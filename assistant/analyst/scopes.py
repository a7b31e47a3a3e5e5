"""The part of the book a question is narrowed to: an officer's customers, a branch's, those of a place.

Pure. find_borrower says which places, branches and officers the words name; whether a place is meant, or is only the beginning of
somebody's name, the words around it tell.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from assistant.analyst.plans import Call
from prompts.library import phrase_book
from tools.toolbox.artifacts import Artifact
from tools.toolbox.registry import registry


@dataclass(frozen=True, slots=True)
class Scope:
    """`reference`: what tools take as `within`; `name` for people; `ids` the first of its borrowers."""

    start: int
    end: int
    reference: str
    name: str
    ids: tuple[str, ...]

    @property
    def kind(self) -> str:
        """officer, branch or region."""
        return self.reference.partition(":")[0]


def scopes_in(text: str, found: Artifact, many: bool) -> list[Scope]:
    """The scopes a text means. `many`: the question is about many borrowers anyway."""
    told = [
        Scope(
            int(v.inputs[1]), int(v.inputs[2]), v.state or "", _called(v.inputs[0], v.about, v.state or ""), tuple(v.inputs[3:])
        )
        for v in found.values
        if v.name == "patch" and len(v.inputs) > 2
    ]
    return [scope for scope in told if _meant(text, scope, many)]


def _called(said: str, name: str, reference: str) -> str:
    """As it was said, when that is another script than the book's; an id by its name."""
    foreign = said.isascii() and not name.isascii() and not reference.endswith(f":{said}")
    return said.title() if foreign else name


def _meant(text: str, scope: Scope, many: bool) -> bool:
    before, after = text[: scope.start], text[scope.end :]
    if many or _compiled("behind").match(after):
        return True
    return bool(_compiled(f"before_{scope.kind}").search(before))


def within(calls: Sequence[Call], reference: str) -> list[Call]:
    """The calls narrowed to the scope, where their tools look over many borrowers."""
    tools = registry()
    return [
        Call(call.tool, {**call.arguments, "within": reference})
        if "within" in tools[call.tool].arguments.model_fields and not call.arguments.get("borrower")
        else call
        for call in calls
    ]


@cache
def _compiled(key: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in phrase_book("names")["scopes"][key]), re.IGNORECASE)
