"""Flags, payee categories and scenarios are explained by id and by name; wrong rules are refused at load."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from shutil import copytree

import pytest

from tools.errors import BadRequest, RulebookError
from tools.rulebook.entries import HERE
from tools.rulebook.loader import load_rulebook
from tools.rulebook.use_rules import load_use
from tools.rulebook.vocabulary import describe


@pytest.mark.parametrize(
    ("asked", "id", "kind"),
    [
        ("USE-08", "USE-08", "use_flag"),
        ("化整为零规避受托支付", "USE-08", "use_flag"),
        ("related_party", "related_party", "payee"),
        ("dso_30", "dso_30", "scenario"),
    ],
)
def test_what_a_flag_a_payee_and_a_scenario_mean(asked: str, id: str, kind: str) -> None:
    found = describe(load_rulebook(), asked)
    assert (found["id"], found["kind"]) == (id, kind)
    assert found["explain"]["zh"] and "{" not in found["explain"]["zh"]
    assert found["source"]["title"]


def test_what_nobody_calls_so_is_said_to_be_unknown() -> None:
    with pytest.raises(BadRequest, match="nothing in the rulebook"):
        describe(load_rulebook(), "USE-99")


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("flags.yaml", 'red: "misuse >= 0.01"', 'red: "misuse >= 0.02"', "gives None instead of red"),
        ("payees.yaml", "names: ['博彩|棋牌", "names: ['[棋牌", "is no pattern"),
        ("payees.yaml", "category: gambling_crypto}", "category: securities}", "gives gambling_crypto instead of securities"),
        ("payees.yaml", "match: {is: [anyone]}", "match: {is: [gap]}", "does not take everything"),
        ("flags.yaml", "shows: misuse", "show: misuse", "unknown key"),
        ("tracing.yaml", "hops: 5", "hop: 5", "unknown key"),
    ],
)
def test_a_rule_that_is_wrong_or_fails_its_own_test_is_not_loaded(
    tmp_path: Path, file: str, old: str, new: str, said: str
) -> None:
    folder = tmp_path / "use_of_proceeds"
    copytree(HERE / "use_of_proceeds", folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RulebookError, match=said):
        load_use(date(2026, 10, 31), folder)
