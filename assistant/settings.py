"""Every setting, and the only place that reads the environment.

Order: defaults, then the settings file (`$LOANWARD_SETTINGS`, else loanward.toml in the home folder), then LOANWARD_* variables,
then what a command was given. A name that does not exist is an error with the nearest right name, never ignored.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from tools.errors import SettingsError

PREFIX = "LOANWARD_"
FILE_NAME = "loanward.toml"
_NOT_SETTINGS = {"SETTINGS"}
_SECRET = {"slack_bot_token", "slack_app_token", "slack_signing_secret"}


class Settings(BaseModel):
    """All settings with their defaults. Times in seconds, sizes in bytes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    home: Path = Field(default=Path("loanward-data"), description="folder of the database, documents, loan book and index")
    user: str = Field(default="local", description="who asks when --user is not given; local is the operator of this machine")
    database_url: str | None = Field(default=None, description="SQLAlchemy address; SQLite in the home folder when absent")
    model: str = Field(
        default="analyst", description="analyst, or provider:model for init_chat_model, for example openai:qwen3"
    )
    model_base_url: str | None = Field(default=None, description="an OpenAI-compatible address inside the bank")
    model_key_file: Path | None = Field(default=None, description="file holding the key of the model's address")
    model_timeout: float = Field(default=60, gt=0, description="seconds one model call may take")
    model_place: Literal["auto", "inside", "outside"] = Field(
        default="auto", description="where the model runs; outside the bank personal data is masked; auto judges by its address"
    )
    model_calls: int = Field(default=8, ge=1, le=50, description="model calls one question may cost")
    model_retries: int = Field(default=2, ge=0, le=10, description="retries of one model call after a passing failure")
    embedding_model: str = Field(default="minilm", description="minilm (packaged), none, or a sentence-transformers folder")
    embedding_knows_chinese: bool = Field(default=False, description="the embedding model understands Chinese")
    embed_seconds: float = Field(
        default=120, ge=0, description="seconds one ingest may spend on vectors; the rest waits for `index update`"
    )
    workers: int = Field(default=1, ge=1, le=64, description="processes that read documents")
    file_limit: int = Field(default=300_000_000, gt=0, description="largest file accepted, in bytes")
    file_seconds: float = Field(default=300, gt=0, description="longest time one file may take")
    labels_file: Path | None = Field(
        default=None, description="a bank's own labels of statement lines, which go before the chart's"
    )
    ocr_engine: Literal["rapidocr", "tesseract", "none"] = Field(
        default="rapidocr", description="what reads scans and photographs: rapidocr (packaged), tesseract (if installed), none"
    )
    rules_file: Path | None = Field(
        default=None,
        description="a bank's own rules (ratios, parameters, signals, classification), a YAML file or folder, laid over the built-in ones",
    )
    upload_limit: int = Field(default=50_000_000, gt=0, description="largest document the API and the console accept, in bytes")
    requests_per_minute: int = Field(default=600, ge=10, description="requests one token may make in a minute, in each process")
    console_url: str = Field(
        default="http://127.0.0.1:8000", description="where people reach the console; links in Slack and briefs begin with it"
    )

    slack_bot_token: SecretStr | None = Field(default=None, description="the Slack app's bot token (xoxb-...)")
    slack_bot_token_file: Path | None = Field(default=None, description="file holding the bot token")
    slack_app_token: SecretStr | None = Field(default=None, description="app-level token (xapp-...) for Socket Mode")
    slack_app_token_file: Path | None = Field(default=None, description="file holding the app-level token")
    slack_signing_secret: SecretStr | None = Field(default=None, description="signing secret, for HTTP mode")
    slack_signing_secret_file: Path | None = Field(default=None, description="file holding the signing secret")
    slack_api_url: str = Field(default="https://slack.com/api/", description="address of Slack's Web API, or of a proxy to it")
    slack_workers: int = Field(
        default=2, ge=1, le=16, description="questions and files from Slack that are worked on at the same time"
    )
    slack_file_limit: int = Field(default=50_000_000, gt=0, description="largest file taken from Slack, in bytes")
    slack_contact: str = Field(default="", description="whom a person unknown to the bank's staff list should ask")
    slack_language: Literal["zh", "en"] = Field(default="zh", description="language where a person's own is not known")
    slack_channels: dict[str, str] = Field(
        default_factory=dict, description="channel id = borrower id: what everybody in it may see"
    )
    slack_alert_channel: str | None = Field(
        default=None, description="channel that also gets red alerts all its members may see"
    )
    slack_digest_hour: int = Field(default=8, ge=0, le=23, description="local hour after which the day's digest is sent")
    slack_time_zone: str = Field(default="Asia/Shanghai", description="time zone of the digest and of dates typed in Slack")

    def key(self) -> str | None:
        """The model's key, from its file or the provider's usual variable; never logged."""
        if self.model_key_file is not None:
            try:
                return self.model_key_file.read_text(encoding="utf-8").strip()
            except OSError as problem:
                raise SettingsError(
                    f"the key file cannot be read: {problem.strerror}",
                    where=str(self.model_key_file),
                    fix="Correct model_key_file",
                ) from problem
        return os.environ.get("OPENAI_API_KEY") if self.model.startswith("openai:") else None

    @field_validator("slack_channels", mode="before")
    @classmethod
    def _pairs(cls, value: Any) -> Any:
        """A variable says `C1=C001,C2=C002`; a file has a table."""
        if not isinstance(value, str):
            return value
        pairs = [pair.partition("=") for pair in value.split(",") if pair.strip()]
        if not all(sign and channel.strip() and borrower.strip() for channel, sign, borrower in pairs):
            raise ValueError("write it as CHANNEL=BORROWER,CHANNEL=BORROWER")
        return {channel.strip(): borrower.strip() for channel, _, borrower in pairs}

    @field_validator("slack_time_zone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("no time zone has this name; write it as Asia/Shanghai") from None
        return value

    def slack_secret(self, name: Literal["bot_token", "app_token", "signing_secret"]) -> str | None:
        """One of Slack's secrets: from its setting, its file or Slack's usual variable (SLACK_BOT_TOKEN ...); never logged."""
        said: SecretStr | None = getattr(self, f"slack_{name}")
        if said is not None:
            return said.get_secret_value().strip()
        path: Path | None = getattr(self, f"slack_{name}_file")
        if path is None:
            return os.environ.get(f"SLACK_{name.upper()}", "").strip() or None
        try:
            return path.read_text(encoding="utf-8").strip()
        except OSError as problem:
            what = f"the file of slack_{name} cannot be read: {problem.strerror}"
            raise SettingsError(what, where=str(path), fix=f"Correct slack_{name}_file") from problem


def load_settings(given: Mapping[str, Any] | None = None) -> Settings:
    """Settings from all sources; `given` holds what the command line said (None values are ignored).

    Raises SettingsError naming the file or variable, the wrong name or value, and the nearest right one."""
    said = {k: v for k, v in (given or {}).items() if v is not None}
    variables = _variables()
    home = Path(said.get("home") or variables.get("home") or Settings().home)
    named = os.environ.get(PREFIX + "SETTINGS")
    path = Path(named) if named else home / FILE_NAME
    values = _file(path, must_exist=named is not None) | variables | said
    try:
        return Settings(**values)
    except ValidationError as problem:
        first = problem.errors()[0]
        name = str(first["loc"][0])
        where = _where(name, said, variables, path)
        raise SettingsError(
            f"setting {name} = {_shown(name, values)}: {first['msg']}", where=where, fix=_meaning(name)
        ) from problem


def _variables() -> dict[str, str]:
    found: dict[str, str] = {}
    for variable, value in os.environ.items():
        name = variable.removeprefix(PREFIX).lower()
        if variable.startswith(PREFIX) and variable.removeprefix(PREFIX) not in _NOT_SETTINGS:
            _known(name, where=f"variable {variable}")
            found[name] = value
    return found


def _file(path: Path, *, must_exist: bool) -> dict[str, Any]:
    if not path.is_file():
        if must_exist:
            raise SettingsError(
                "the settings file does not exist", where=str(path), fix="Correct LOANWARD_SETTINGS or create the file"
            )
        return {}
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise SettingsError(f"not valid TOML: {problem}", where=str(path), fix="Write one name = value per line") from problem
    for name in values:
        _known(name, where=f"{path}, {name}")
    return values


def _known(name: str, *, where: str) -> None:
    if name in Settings.model_fields:
        return
    near = difflib.get_close_matches(name, Settings.model_fields, n=1, cutoff=0.6)
    fix = f"Did you mean {near[0]}? " if near else ""
    raise SettingsError(f"there is no setting {name}", where=where, fix=f"{fix}All names: {', '.join(Settings.model_fields)}")


def _where(name: str, said: Mapping[str, Any], variables: Mapping[str, Any], path: Path) -> str:
    if name in said:
        return f"option --{name.replace('_', '-')}"
    return f"variable {PREFIX}{name.upper()}" if name in variables else f"{path}, {name}"


def _shown(name: str, values: Mapping[str, Any]) -> str:
    """The wrong value, unless it is a secret."""
    return "(hidden)" if name in _SECRET else repr(values.get(name))


def _meaning(name: str) -> str:
    field = Settings.model_fields.get(name)
    return f"{name}: {field.description}" if field else ""
