"""Homes for the tests: SQLite in a temporary folder; PostgreSQL, started here from the system's package, for the slow run."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tools.store.database import Store
from tools.store.home import Home


def _server_programs() -> Path | None:
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()), None)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a throw-away server on a socket in a temporary folder, without the database name's end."""
    programs = _server_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed")
    pytest.importorskip("psycopg")
    folder = Path(tempfile.mkdtemp(prefix="loanward-pg-"))
    # The server refuses to run as root: it runs as the package's own user there.
    user = pwd.getpwnam("postgres").pw_uid if os.geteuid() == 0 else os.geteuid()
    os.chown(folder, user, -1)
    run = {"user": user, "cwd": folder, "check": True, "capture_output": True}
    subprocess.run(
        [programs / "initdb", "-D", folder / "data", "-U", "loanward", "-A", "trust", "-E", "UTF8", "--locale=C"], **run
    )
    server = subprocess.Popen(
        [programs / "postgres", "-D", folder / "data", "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off"],
        user=user, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(100):
            ready = subprocess.run([programs / "pg_isready", "-h", folder, "-q"], check=False)
            if ready.returncode == 0:
                break
            if server.poll() is not None:
                pytest.skip("PostgreSQL does not start here")
            subprocess.run(["sleep", "0.1"], check=True)
        yield f"postgresql://loanward@/NAME?host={folder}"
    finally:
        # Nothing here is kept: no orderly shutdown.
        server.send_signal(signal.SIGQUIT)
        server.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def address(request: pytest.FixtureRequest) -> str | None:
    """The database of one test: None for the home's own SQLite file."""
    if request.param == "sqlite":
        return None
    import psycopg

    server = request.getfixturevalue("postgres")
    name = f"t{uuid4().hex}"
    with psycopg.connect(server.replace("NAME", "postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return str(server.replace("NAME", name))


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home as it is made, to be copied: migrations need to run only once."""
    root = tmp_path_factory.mktemp("empty") / "home"
    Home.open(root).close()
    return root


@pytest.fixture
def store(tmp_path: Path, address: str | None, request: pytest.FixtureRequest) -> Iterator[Store]:
    """An empty store."""
    if address is None:
        shutil.copytree(request.getfixturevalue("empty_home"), tmp_path / "home")
    opened = Store(Home.open(tmp_path / "home", address))
    yield opened
    opened.close()
