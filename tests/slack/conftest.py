"""One bank and one fake Slack for the area; each test asks in threads of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.wiring import Bank
from eval.fake_slack import FakeSlack
from tests.slack.rig import Rig, running, slack_bank


@pytest.fixture(scope="session")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    made = slack_bank(tmp_path_factory.mktemp("slack"))
    yield made
    made.close()


@pytest.fixture(scope="session")
def rig(bank: Bank) -> Iterator[Rig]:
    with FakeSlack() as slack, running(bank, slack) as made:
        yield made
