"""One house for all of these tests: they read it, and leave only records of who came and asked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.api.house import House, build


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    made = build(tmp_path_factory.mktemp("house"))
    yield made
    made.bank.close()
