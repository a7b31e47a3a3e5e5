"""Alembic, run from inside the program on one open transaction: a migration that is killed leaves the database as it was."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import Connection

from tools.errors import StoreError
from tools.store.schema import HEAD

FOLDER = Path(__file__).parent / "migrations"


def configuration(connection: Connection) -> Config:
    """Alembic's settings for the migrations beside this file."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection, where: str) -> None:
    """Brings the database to HEAD. Raises StoreError when it is at a version this program does not know."""
    try:
        command.upgrade(configuration(connection), HEAD)
    except CommandError as error:
        raise StoreError(
            "the home was made by a newer version of Loanward", where=where, fix="Install that version, or use another --home"
        ) from error
