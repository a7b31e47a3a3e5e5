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
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tools.errors import SettingsError

PREFIX = "LOANWARD_"
FILE_NAME = "loanward.toml"
_NOT_SETTINGS = {"SETTINGS"}


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
    rules_file: Path | None = Field(default=None, description="a bank's own rulebook entries, added to the built-in ones")
    console_url: str = Field(
        default="http://127.0.0.1:8000", description="where people reach the console; links in Slack and briefs begin with it"
    )

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
            f"setting {name} = {values.get(name)!r}: {first['msg']}", where=where, fix=_meaning(name)
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


def _meaning(name: str) -> str:
    field = Settings.model_fields.get(name)
    return f"{name}: {field.description}" if field else ""
