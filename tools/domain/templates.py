"""Sentences with slots: an explanation of the rulebook, parsed once and filled from measures.

`{expression}` shows a value in its own unit; `{expression|format}` in another (a unit, `date` for the day it belongs to, `text` for
the name it carries). `[[…]]` is left out when a slot in it cannot be told; `[[?condition:…]]` also when the condition does not hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tools.domain.grammar import parse
from tools.domain.tree import Node, names
from tools.errors import RulebookError

FORMATS = frozenset({"", "date", "text", "ratio", "x", "days", "months", "count", "currency", "percent_points", "score"})


@dataclass(frozen=True, slots=True)
class Words:
    """Text as it stands."""

    text: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A slot."""

    source: str
    node: Node
    format: str


@dataclass(frozen=True, slots=True)
class Maybe:
    """A part that may be left out."""

    condition: Node | None
    parts: tuple[Part, ...]


Part = Words | Gap | Maybe
Template = tuple[Part, ...]


def parsed(text: str) -> Template:
    """The parts of `text`. Raises RulebookError for brackets that do not close and for slots that are no expression."""
    parts, rest = _parts(text, 0, False)
    if rest != len(text):
        raise RulebookError("`]]` without `[[`", where=repr(text[:60]), fix="Close every optional part once")
    return parts


def gaps(template: Template) -> Iterator[Gap]:
    """Every slot, also in optional parts."""
    for part in template:
        if isinstance(part, Gap):
            yield part
        elif isinstance(part, Maybe):
            yield from gaps(part.parts)


def asked(template: Template) -> tuple[str, ...]:
    """Every measure named in slots and conditions."""
    found: dict[str, None] = {}
    for part in template:
        if isinstance(part, Gap):
            found.update(dict.fromkeys(names(part.node)))
        elif isinstance(part, Maybe):
            if part.condition is not None:
                found.update(dict.fromkeys(names(part.condition)))
            found.update(dict.fromkeys(asked(part.parts)))
    return tuple(found)


def _parts(text: str, start: int, inside: bool) -> tuple[Template, int]:
    found: list[Part] = []
    words, place = "", start
    while place < len(text):
        if text.startswith("[[", place):
            condition, after = _condition(text, place + 2)
            inner, end = _parts(text, after, True)
            if words:
                found.append(Words(words))
            words = ""
            found.append(Maybe(condition, inner))
            place = end
        elif text.startswith("]]", place):
            if not inside:
                break
            if words:
                found.append(Words(words))
            return tuple(found), place + 2
        elif text[place] == "{":
            end = text.find("}", place)
            if end < 0:
                raise RulebookError("`{` without `}`", where=repr(text[:60]), fix="Close every slot")
            if words:
                found.append(Words(words))
            words = ""
            found.append(_gap(text[place + 1 : end], text))
            place = end + 1
        else:
            words += text[place]
            place += 1
    if inside:
        raise RulebookError("`[[` without `]]`", where=repr(text[:60]), fix="Close every optional part")
    if words:
        found.append(Words(words))
    return tuple(found), place


def _condition(text: str, start: int) -> tuple[Node | None, int]:
    if start >= len(text) or text[start] != "?":
        return None, start
    end = text.find(":", start)
    if end < 0:
        raise RulebookError("a condition without `:`", where=repr(text[start : start + 60]), fix="Write [[?condition:text]]")
    return parse(text[start + 1 : end]), end + 1


def _gap(source: str, text: str) -> Gap:
    expression, _, format = source.partition("|")
    if format not in FORMATS:
        raise RulebookError(
            f"{format!r} is no format of a slot", where=repr(text[:60]), fix=f"Use one of {', '.join(sorted(FORMATS))}"
        )
    return Gap(expression.strip(), parse(expression), format)
