"""A signal that no section of a brief tells is told in the verdict itself."""

from __future__ import annotations

from assistant.briefs.sections.signals import ELSEWHERE
from assistant.briefs.warnings import ALONE
from tools.rulebook.signal_rules import load_signals


def test_signals_told_alone_exist_and_belong_to_families_told_elsewhere() -> None:
    family = {signal.id: signal.family for signal in load_signals().signals}
    assert ALONE and all(family[id] in ELSEWHERE for id in ALONE)
