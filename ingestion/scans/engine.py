"""Engines that read print from a picture: text lines with their place and, for every character, how sure it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Picture = NDArray[Any]
    """Rows, columns, three colours."""
    Quad = NDArray[Any]
    """Four corners (x, y) from the top left clockwise, as the line reads."""

EngineName = Literal["rapidocr", "tesseract", "none"]
ENGINES: tuple[EngineName, ...] = ("rapidocr", "tesseract", "none")


@dataclass(frozen=True, slots=True)
class Spelled:
    """What a strip of picture says. `at` are the middles of the characters as shares of its width, `sure` how probable each one
    is, `second` the next best character where there is a real rival, else ""."""

    text: str
    at: tuple[float, ...]
    sure: tuple[float, ...]
    second: tuple[str, ...] = ()

    @property
    def score(self) -> float:
        """The mean over its characters, 0 without any."""
        return sum(self.sure) / len(self.sure) if self.sure else 0.0


@dataclass(frozen=True, slots=True)
class ReadLine:
    """One line of print and its corners in the picture."""

    quad: Quad
    spelled: Spelled


class Engine(Protocol):
    """Finds lines of print in a picture and spells them."""

    name: EngineName

    def find(self, picture: Picture) -> list[Quad]:
        """The places of the lines, top to bottom."""

    def spell(self, strips: Sequence[Picture]) -> list[Spelled]:
        """What each upright strip says."""
