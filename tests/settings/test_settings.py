"""Where settings come from and what a wrong one says."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.settings import load_settings
from tools.errors import SettingsError


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOANWARD_HOME", "LOANWARD_USER", "LOANWARD_SETTINGS", "LOANWARD_MODEL"):
        monkeypatch.delenv(name, raising=False)


def test_the_command_wins_over_the_variable_and_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "loanward.toml").write_text('user = "from-file"\nworkers = 2\n', encoding="utf-8")
    monkeypatch.setenv("LOANWARD_HOME", str(tmp_path))
    assert load_settings().user == "from-file"
    monkeypatch.setenv("LOANWARD_USER", "from-variable")
    assert load_settings().user == "from-variable"
    assert load_settings({"user": "S01"}).user == "S01"
    assert load_settings().workers == 2


def test_a_misspelt_name_is_refused_with_the_right_one(tmp_path: Path) -> None:
    (tmp_path / "loanward.toml").write_text("wokers = 2\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"loanward.toml, wokers: there is no setting wokers. Did you mean workers"):
        load_settings({"home": tmp_path})


def test_a_wrong_value_names_file_setting_and_meaning(tmp_path: Path) -> None:
    (tmp_path / "loanward.toml").write_text("workers = 0\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"workers = 0: .*greater than or equal to 1.*processes that read documents"):
        load_settings({"home": tmp_path})


def test_broken_toml_and_a_missing_named_file_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "loanward.toml").write_text("workers 2", encoding="utf-8")
    with pytest.raises(SettingsError, match="not valid TOML"):
        load_settings({"home": tmp_path})
    monkeypatch.setenv("LOANWARD_SETTINGS", str(tmp_path / "absent.toml"))
    with pytest.raises(SettingsError, match="does not exist"):
        load_settings({"home": tmp_path})


def test_a_misspelt_variable_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOANWARD_MODLE", "openai:x")
    with pytest.raises(SettingsError, match="variable LOANWARD_MODLE"):
        load_settings()
