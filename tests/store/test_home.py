"""A home is made once, opened fast, and refused with a clear message when it is something else."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from tools.domain.callers import LOCAL
from tools.errors import StoreError
from tools.store.database import Store
from tools.store.home import Home
from tools.store.migration import FOLDER
from tools.store.schema import HEAD, metadata


def test_an_empty_folder_becomes_a_home_and_opens_again(tmp_path: Path, address: str | None) -> None:
    root = tmp_path / "deep" / "home"
    first = Home.open(root, address)
    with first.engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == HEAD
    assert Store(first).trail.verify(LOCAL).ok
    first.close()
    for folder in (first.documents_dir, first.shards_dir, first.index_dir, first.quarantine_dir):
        assert folder.is_dir()
    again = Home.open(root, address)
    assert Store(again).borrowers.all(LOCAL) == []
    again.close()


def test_opening_an_up_to_date_home_loads_neither_alembic_nor_cryptography(tmp_path: Path) -> None:
    Home.open(tmp_path / "home").close()
    script = (
        "import sys; from pathlib import Path; from tools.store.home import Home; from tools.store.database import Store;"
        "store = Store(Home.open(Path(sys.argv[1]))); store.threads.list(store.access.resolve('local', None));"
        "print([m for m in sys.modules if m.split('.')[0] in ('alembic', 'mako', 'cryptography', 'sqlalchemy.orm')])"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path / "home")], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_migrations_and_schema_agree(tmp_path: Path, address: str | None) -> None:
    """When this fails, a table in schema.py changed without a migration: add one, and set HEAD."""
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    assert ScriptDirectory(str(FOLDER)).get_current_head() == HEAD
    home = Home.open(tmp_path / "home", address)
    with home.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    home.close()


def test_a_home_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")
    with home.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    home.close()
    with pytest.raises(StoreError, match="newer version"):
        Home.open(tmp_path / "home")


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    stranger = tmp_path / "home" / "loanward.db"
    stranger.write_bytes(b"not a database, honestly" * 100)
    with pytest.raises(StoreError, match="not a database"):
        Home.open(tmp_path / "home")
    assert stranger.read_bytes().startswith(b"not a database")


def test_the_database_of_another_program_is_refused(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    with sqlite3.connect(tmp_path / "home" / "loanward.db") as other:
        other.execute("CREATE TABLE recipes (id INTEGER)")
    other.close()
    with pytest.raises(StoreError, match="another program"):
        Home.open(tmp_path / "home")


def test_a_home_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    with pytest.raises(StoreError, match="cannot be made"):
        Home.open(tmp_path / "home")


def test_two_processes_may_make_the_same_home_at_once(tmp_path: Path) -> None:
    script = "import sys; from pathlib import Path; from tools.store.home import Home; Home.open(Path(sys.argv[1])).close()"
    runs = [
        subprocess.Popen([sys.executable, "-c", script, str(tmp_path / "home")], stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    errors = [run.communicate(timeout=60)[1] for run in runs]
    assert [run.returncode for run in runs] == [0, 0, 0], errors
    home = Home.open(tmp_path / "home")
    assert Store(home).trail.verify(LOCAL).ok
    home.close()
