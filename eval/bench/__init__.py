"""Benchmarks: every figure is a ratio against a named baseline measured in the same run, because machines differ."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measure:
    """`ratio` is what is promised; `target` says how it must compare; `detail` has the raw times for the curious."""

    name: str
    baseline: str
    ratio: float
    target: str
    met: bool
    detail: str


Bench = Callable[[Callable[[str], None]], list[Measure]]
