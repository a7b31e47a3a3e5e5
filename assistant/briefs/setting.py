"""Lines of mixed Chinese and English set to a width: where a line may break, and where it must not.

Between two Chinese characters a line may break, except before closing and after opening punctuation; Latin words and numbers stay whole
unless they are longer than the line; a citation stays with what it cites.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tools.typesetting.fonts import text_width

_UNIT = re.compile(
    r"[\u3400-\u9fff\uf900-\ufaff\u3000-\u303f\uff00-\uffef]|\s+|[^\s\u3400-\u9fff\uf900-\ufaff\u3000-\u303f\uff00-\uffef]+"
)
_NOT_FIRST = frozenset("，。、；：！？）】》”’%,.;:!?)")
_NOT_LAST = frozenset("（【《“‘(")


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Text of one size; `raised` for citations."""

    text: str
    size: float
    raised: bool = False

    @property
    def width(self) -> float:
        """How wide it is set."""
        return text_width(self.text, self.size)


def wrapped(runs: Sequence[Glyphs], width: float) -> list[list[Glyphs]]:
    """The runs broken into lines no wider than `width`."""
    lines: list[list[Glyphs]] = [[]]
    used = 0.0
    for group in _groups(runs):
        wide = sum(glyphs.width for glyphs in group)
        blank = group[0].text.isspace()
        if used and used + wide > width:
            lines.append([])
            used = 0.0
        if blank and not used:
            continue
        for glyphs in group:
            for piece in _fitting(glyphs, width):
                if used and used + piece.width > width and len(piece.text) < len(glyphs.text):
                    lines.append([])
                    used = 0.0
                lines[-1].append(piece)
                used += piece.width
    return [_joined(line) for line in lines]


def _groups(runs: Sequence[Glyphs]) -> Iterator[list[Glyphs]]:
    """What must stay on one line."""
    group: list[Glyphs] = []
    for run in runs:
        units = [run.text] if run.raised else _UNIT.findall(run.text)
        for unit in units:
            glued = group and (run.raised or unit[0] in _NOT_FIRST or group[-1].text[-1] in _NOT_LAST)
            if group and not glued:
                yield group
                group = []
            group.append(Glyphs(unit, run.size, run.raised))
    if group:
        yield group


def _fitting(glyphs: Glyphs, width: float) -> list[Glyphs]:
    """A word longer than the line in pieces that fit."""
    if glyphs.width <= width:
        return [glyphs]
    found, text = [], ""
    for letter in glyphs.text:
        if text and text_width(text + letter, glyphs.size) > width:
            found.append(Glyphs(text, glyphs.size, glyphs.raised))
            text = ""
        text += letter
    return [*found, Glyphs(text, glyphs.size, glyphs.raised)]


def _joined(line: Sequence[Glyphs]) -> list[Glyphs]:
    """Neighbours of one kind as one run: fewer operators in the file, and text that can be searched."""
    found: list[Glyphs] = []
    for glyphs in line:
        if found and (found[-1].size, found[-1].raised) == (glyphs.size, glyphs.raised):
            found[-1] = Glyphs(found[-1].text + glyphs.text, glyphs.size, glyphs.raised)
        else:
            found.append(glyphs)
    return found
