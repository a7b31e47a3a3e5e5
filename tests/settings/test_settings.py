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


def test_channels_from_a_variable_and_secrets_never_in_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOANWARD_SLACK_CHANNELS", "C1=C001, C2 = C002")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-usual")
    settings = load_settings({"home": tmp_path})
    assert settings.slack_channels == {"C1": "C001", "C2": "C002"}
    assert settings.slack_secret("bot_token") == "xoxb-usual"
    (tmp_path / "token").write_text("xoxb-file\n", encoding="utf-8")
    monkeypatch.setenv("LOANWARD_SLACK_BOT_TOKEN_FILE", str(tmp_path / "token"))
    assert load_settings({"home": tmp_path}).slack_secret("bot_token") == "xoxb-file"
    monkeypatch.setenv("LOANWARD_SLACK_BOT_TOKEN", "xoxb-said")
    assert load_settings({"home": tmp_path}).slack_secret("bot_token") == "xoxb-said"
    assert "xoxb" not in repr(load_settings({"home": tmp_path}))
    (tmp_path / "loanward.toml").write_text('slack_signing_secret = ["s3cret"]', encoding="utf-8")
    with pytest.raises(SettingsError) as refused:
        load_settings({"home": tmp_path})
    assert "s3cret" not in str(refused.value)


def test_an_unknown_time_zone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="Asia/Shanghai"):
        load_settings({"home": tmp_path, "slack_time_zone": "Mars/Olympus"})
