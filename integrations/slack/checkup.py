"""Whether the Slack installation is in order: tokens, scopes, Socket Mode; for `loanward doctor`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from assistant.settings import Settings
from integrations.slack.wire import Later, Refused, Wire
from tools.errors import SettingsError

MANIFEST = Path(__file__).with_name("manifest.yaml")


def scopes() -> list[str]:
    """What the manifest asks for."""
    manifest: dict[str, Any] = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    return [str(scope) for scope in manifest["oauth_config"]["scopes"]["bot"]]


def check_slack(settings: Settings) -> str:
    """One line on the installation. Raises SettingsError saying what to change."""
    bot, app_token = settings.slack_secret("bot_token"), settings.slack_secret("app_token")
    if not bot:
        return "not set up; `loanward slack manifest` begins"
    wire = Wire(bot, settings.slack_api_url)
    try:
        response = wire.client.auth_test()
        granted = {scope.strip() for scope in str(response.headers.get("x-oauth-scopes", "")).split(",") if scope.strip()}
    except Exception as problem:
        raise SettingsError(f"Slack does not accept the bot token: {_why(problem)}", where="slack_bot_token",
                            fix="Install the app again and copy its bot token (xoxb-...)") from problem  # fmt: skip
    missing = sorted(set(scopes()) - granted) if granted else []
    if missing:
        raise SettingsError(f"the bot token lacks {', '.join(missing)}", where="slack_bot_token",
                            fix="Apply `loanward slack manifest` to the app and install it again")  # fmt: skip
    ways = []
    if app_token:
        try:
            wire.call("apps.connections.open", app_token=app_token)
        except (Later, Refused) as problem:
            raise SettingsError(f"Slack does not accept the app-level token: {problem}", where="slack_app_token",
                                fix="Make one with the scope connections:write (xapp-...)") from problem  # fmt: skip
        ways.append("Socket Mode")
    if settings.slack_secret("signing_secret"):
        ways.append("HTTP")
    if not ways:
        raise SettingsError("neither an app-level token nor a signing secret is set", where="slack_app_token",
                            fix="Set slack_app_token_file for Socket Mode, or slack_signing_secret_file for HTTP")  # fmt: skip
    return f"workspace {response['team']}, user {response['user']}, {' and '.join(ways)}"


def _why(problem: Exception) -> str:
    data = getattr(getattr(problem, "response", None), "data", None)
    return str(data.get("error")) if isinstance(data, dict) and data.get("error") else type(problem).__name__
