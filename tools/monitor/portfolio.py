"""Verdicts of everybody the caller may see, without recording anything: for the `signals` command over a whole book."""

from __future__ import annotations

from collections.abc import Callable

from tools.domain.signals import SignalVerdict
from tools.monitor.run import over_everybody
from tools.toolbox.desk import Desk


def every_verdict(desk: Desk, progress: Callable[[str], None] | None = None) -> list[SignalVerdict]:
    """Every signal of every borrower with a loan or papers, by borrower."""
    return over_everybody(desk, progress or (lambda text: None))
