"""Setting the app up: the manifest, what the doctor says of tokens and scopes, and what is missing said in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from assistant.settings import Settings
from assistant.wiring import open_bank
from eval.fake_slack import FakeSlack
from eval.fake_slack.methods import SCOPES
from eval.fake_slack.server import APP_TOKEN, TOKEN
from eval.fake_slack.signing import SECRET
from integrations.cli.entry import run
from integrations.slack.app import SlackApp
from integrations.slack.checkup import MANIFEST, check_slack, scopes
from integrations.slack.serving import SocketServing, http_app
from tools.errors import SettingsError


def test_the_manifest_is_printed_and_asks_for_what_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["slack", "manifest"]) == 0
    manifest = yaml.safe_load(capsys.readouterr().out)
    assert manifest == yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    assert "agent_view" in manifest["features"] and "assistant_view" not in manifest["features"]
    assert set(scopes()) == set(SCOPES.split(","))
    assert len(manifest["features"]["slash_commands"][0]["description"]) <= 2000
    assert len(manifest["display_information"]["description"]) <= 140


def test_the_doctor_looks_at_tokens_and_scopes(monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeSlack() as slack:
        base = {"slack_api_url": slack.api, "slack_bot_token": TOKEN}
        good = check_slack(Settings.model_validate({**base, "slack_app_token": APP_TOKEN, "slack_signing_secret": SECRET}))
        assert good == "workspace Test Bank, user loanward, Socket Mode and HTTP"
        for wrong, said in (
            ({**base, "slack_bot_token": "xoxb-old"}, "does not accept the bot token: invalid_auth"),
            ({**base, "slack_app_token": "xapp-old"}, "does not accept the app-level token"),
            (base, "neither an app-level token nor a signing secret"),
        ):
            with pytest.raises(SettingsError, match=said) as refused:
                check_slack(Settings.model_validate(wrong))
            assert "xoxb" not in str(refused.value).replace("xoxb-...", "") and "xapp-old" not in str(refused.value)
        monkeypatch.setattr("eval.fake_slack.server.SCOPES", "chat:write")
        with pytest.raises(SettingsError, match="lacks app_mentions:read"):
            check_slack(Settings.model_validate(base))


def test_missing_secrets_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"):
        monkeypatch.delenv(name, raising=False)
    assert run(["slack", "--home", str(tmp_path / "home")]) == 2
    bank = open_bank(Settings.model_validate({"home": tmp_path / "other", "slack_bot_token": TOKEN}))
    app = SlackApp(bank)
    with pytest.raises(SettingsError, match="app-level token"):
        SocketServing(app)
    with pytest.raises(SettingsError, match="signing secret"):
        http_app(app)
    bank.close()
