"""The home folder: one database, the documents' bytes, the loan book's shards, the search index and the trail's anchors.

Opening a home that is up to date costs one query: migrations (and Alembic itself) are loaded only when something is to do.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.exc import DatabaseError

from tools.errors import StoreError
from tools.store.anchors import Anchors
from tools.store.dialects import DRIVER_ERRORS, make_engine, take_write_lock, use_write_ahead_log
from tools.store.files import Shelf, locked
from tools.store.schema import HEAD, documents

_FOLDERS = ("documents", "shards", "index", "quarantine")


@dataclass(frozen=True)
class Home:
    """Where everything lies. `database_url` is SQLite inside `root` unless a PostgreSQL address was given."""

    root: Path
    database_url: str
    engine: Engine = field(repr=False, compare=False)

    @classmethod
    def open(cls, path: Path, database_url: str | None = None) -> Home:
        """Opens the home at `path`, making or migrating it when needed, and clears what a killed process left behind.

        Raises StoreError when the folder cannot be made or written, is something else, or was made by a newer version."""
        root = path.expanduser().absolute()
        try:
            for folder in (root, *(root / name for name in _FOLDERS)):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"the home folder cannot be made: {error.strerror}", where=str(root),
                             fix="Give --home a folder this user may write") from error  # fmt: skip
        url = database_url or f"sqlite:///{root / 'loanward.db'}"
        engine = make_engine(url)
        home = cls(root, url, engine)
        try:
            found = _version(engine)
            if found != HEAD:
                home._migrate()
            home.shelf.reclaim(home._mentioned)
        except StoreError:
            engine.dispose()
            raise
        except DRIVER_ERRORS as error:
            engine.dispose()
            raise _cannot_open(root, error) from error
        except OSError as error:
            engine.dispose()
            raise StoreError(f"the home folder cannot be used: {error.strerror}", where=str(root),
                             fix="Give this user the right to write the home folder") from error  # fmt: skip
        return home

    @property
    def documents_dir(self) -> Path:
        """Bytes of documents, at ab/<sha256>."""
        return self.root / "documents"

    @property
    def shards_dir(self) -> Path:
        """Parquet shards of the loan book, content-addressed."""
        return self.root / "shards"

    def shard_path(self, sha256: str) -> Path:
        """Where the shard with these bytes is, or would be."""
        return self.shards_dir / sha256[:2] / sha256

    @property
    def index_dir(self) -> Path:
        """The vector index: rebuildable, never the record."""
        return self.root / "index"

    @property
    def quarantine_dir(self) -> Path:
        """Copies of files that could not be read."""
        return self.root / "quarantine"

    @cached_property
    def shelf(self) -> Shelf:
        """The documents' bytes."""
        return Shelf(self.documents_dir)

    @cached_property
    def anchors(self) -> Anchors:
        """The heads of the trail kept beside the database."""
        return Anchors(self.root / "trail.anchors")

    def close(self) -> None:
        """Lets go of the database."""
        self.engine.dispose()

    def _mentioned(self, sha256: str) -> bool:
        with self.engine.connect() as connection:
            return connection.scalar(select(documents.c.sha256).where(documents.c.sha256 == sha256)) is not None

    def _migrate(self) -> None:
        from tools.store.migration import upgrade

        with locked(self.root / ".lock"):
            if self.database_url.startswith("sqlite"):
                use_write_ahead_log(self.engine)
            with self.engine.connect().execution_options(loanward_write=True) as connection, connection.begin():
                take_write_lock(connection)
                tables = inspect(connection).get_table_names()
                if "alembic_version" not in tables and tables:
                    raise StoreError("the database belongs to another program", where=str(self.root),
                                     fix="Point --home at a Loanward home or at an empty folder")  # fmt: skip
                fresh = "trail" not in tables
                upgrade(connection, str(self.root))
            if fresh:
                self.anchors.create()


def _version(engine: Engine) -> str | None:
    try:
        with engine.connect() as connection:
            found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
            return found
    except DatabaseError as error:
        if "alembic_version" in str(error.orig):
            return None
        raise


def _cannot_open(root: Path, error: Exception) -> StoreError:
    said = str(getattr(error, "orig", error))
    if "not a database" in said:
        return StoreError(
            "loanward.db is not a database", where=str(root), fix="Restore it from a backup, or use an empty --home"
        )
    if "malformed" in said:
        return StoreError("the database file is damaged", where=str(root), fix="Restore the home folder from its backup")
    if "locked" in said:
        return StoreError("the store is in use by another process", where=str(root), fix="Wait for it and try again")
    return StoreError(
        f"the database cannot be opened: {said}", where=str(root), fix="Check the address, the rights and the disk"
    )
