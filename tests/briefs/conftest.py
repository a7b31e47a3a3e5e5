"""One small bank for the whole area; it is only read, except for the trail."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.assistant.bank import SmallBank, build


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallBank]:
    made = build(tmp_path_factory.mktemp("bank"))
    yield made
    made.bank.close()
