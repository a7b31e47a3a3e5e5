"""Signals as data: complete, dated, tested in their own files, and refused when they are wrong."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from tools.domain.interpreter import PlainValues
from tools.domain.signal_kernels import KERNELS
from tools.domain.signals import judge
from tools.domain.templates import gaps, parsed
from tools.errors import RulebookError
from tools.rulebook import signal_rules
from tools.rulebook.loader import load_rulebook
from tools.rulebook.signal_rules import check_names, load_signals
from tools.rulebook.vocabulary import describe

FIRST = [
    "BEH-01",
    "BEH-02",
    "BEH-03",
    "BEH-08",
    "COV-01",
    "COV-02",
    "COV-03",
    "FIN-01",
    "FIN-04",
    "FIN-09",
    "LEG-01",
    "LEG-03",
    "LEG-05",
    "DOC-01",
    "TXN-02",
    "OPS-01",
    "GUA-03",
    "ACC-03",
]


def test_the_signals_that_matter_most_are_there_and_name_only_what_exists() -> None:
    book = load_signals()
    check_names(book, load_rulebook())
    ids = {signal.id for signal in book.signals}
    assert set(FIRST) <= ids
    assert len(ids) >= 75


def test_every_kernel_is_used_and_every_measure_has_one() -> None:
    used = {measure.kernel for measure in load_signals().measures.values()}
    assert used == set(KERNELS)


def test_every_signal_says_itself_in_both_languages() -> None:
    book = load_signals()
    for signal in book.signals:
        for language in ("zh", "en"):
            assert list(gaps(book.template(signal, language))), f"{signal.id} {language} shows nothing"


@pytest.mark.parametrize("text", ["{a", "[[a", "a]]", "{a|nonsense}", "[[?a > 1 b]]"])
def test_a_sentence_with_a_broken_slot_is_refused(text: str) -> None:
    with pytest.raises(RulebookError):
        parsed(text)


def test_a_signal_whose_own_test_fails_is_refused(tmp_path: Path) -> None:
    home = tmp_path / "rulebook"
    for folder in ("signals", "playbook"):
        shutil.copytree(signal_rules.HERE / folder, home / folder)
    path = home / "signals" / "operations.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace('{in: {electricity_change: "-0.30"}, verdict: hit', '{in: {electricity_change: "-0.10"}, verdict: hit', 1),
        encoding="utf-8",
    )
    with pytest.raises(RulebookError, match="OPS-01"):
        load_signals(home=home)


def test_a_bank_may_move_a_limit_from_a_day_on(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(
        """
defaults: {jurisdiction: CN, source: {title: Bank policy}, recorded_from: 2026-11-01, scope: {borrower: any}, bases: [], stale_months: 16,
  subject: borrower, family: contraction, value: electricity_change, unit: ratio, actions: [A2], explain: {zh: "用电下降{electricity_change}", en: "power {electricity_change}"},
  name: {zh: 用电, en: Electricity}}
entries:
- {id: OPS-01, version: 1, effective_from: 2000-01-01, effective_to: 2026-06-30, levels: [{severity: orange, when: "electricity_change <= -0.30"}],
   tests: [{in: {electricity_change: "-0.3"}, verdict: hit}, {in: {electricity_change: 0}, verdict: clear}]}
- {id: OPS-01, version: 2, effective_from: 2026-07-01, effective_to: null, levels: [{severity: red, when: "electricity_change <= -0.20"}],
   tests: [{in: {electricity_change: "-0.2"}, verdict: hit}, {in: {electricity_change: 0}, verdict: clear}]}
""",
        encoding="utf-8",
    )
    book = load_signals(extra=own)
    assert [s.key for s in book.in_force(date(2026, 6, 30)) if s.id == "OPS-01"] == ["OPS-01@1"]
    assert [s.key for s in book.in_force(date(2026, 7, 1)) if s.id == "OPS-01"] == ["OPS-01@2"]


@pytest.mark.parametrize("signal", [s.id for s in load_signals().signals])
def test_nothing_known_is_never_clear(signal: str) -> None:
    assert judge(load_signals().signal(signal), PlainValues({})).verdict == "unknown"


def test_explain_tells_levels_and_needs_of_a_signal() -> None:
    told = describe(load_rulebook(), "FIN-01")
    assert (told["rule"], told["levels"][0]["severity"], told["name"]["zh"]) == ("FIN-01@1", "orange", "收入下滑")
    assert "electricity bills" in describe(load_rulebook(), "用电下降")["explain"]["en"]
