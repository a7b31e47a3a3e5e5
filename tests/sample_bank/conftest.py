"""One sample bank for all of these tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.sample_bank import SampleBank, generate
from eval.sample_bank.bank import prepare
from eval.sample_bank.draft import Draft


@pytest.fixture(scope="session")
def bank(tmp_path_factory: pytest.TempPathFactory) -> SampleBank:
    return generate(tmp_path_factory.mktemp("bank"))


@pytest.fixture(scope="session")
def draft(tmp_path_factory: pytest.TempPathFactory) -> Draft:
    """The same bank, seen from inside and without documents."""
    return prepare(Path(tmp_path_factory.mktemp("draft")), documents=False)
