"""Minutes of Slack at its worst: retries, duplicates, rate limits, lost answers, disconnections, outages, and the app killed outright.

At the end every question that Slack was told had arrived has exactly one answer in its thread; what is missing or double is counted.
"""

from __future__ import annotations

import random
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eval.bench import Measure
from eval.bench.slack import start_app
from eval.fake_slack import FakeSlack
from eval.fake_slack.server import Trouble
from eval.fake_slack.socket_mode import Delivered

EVERY = 1.6
"""Seconds between two questions, on average."""
KILL, CUT, OUTAGE = 75.0, 17.0, 55.0
"""Seconds between kills of the process, cuts of the connection, outages of Slack, on average."""
OUTAGE_SECONDS = 4.0
AFTERWARDS = 180.0
"""Seconds given for what is still under way when the troubles end."""
CHANCES = (("429", 0.04), ("500", 0.02), ("drop_before", 0.02), ("drop_after", 0.03))


@dataclass
class Asked:
    """One question: its event and its deliveries (more than one when it was duplicated)."""

    event: dict[str, Any]
    sent: list[Delivered] = field(default_factory=list)

    @property
    def arrived(self) -> bool:
        """Slack was told that it arrived."""
        return any(delivered.done.is_set() for delivered in self.sent)


def bench_soak(
    home: Path, users: Sequence[str], questions: Sequence[str], minutes: float, say: Callable[[str], None]
) -> list[Measure]:
    """Runs for `minutes`, then counts."""
    chance = random.Random(7)
    slack = FakeSlack(retries=(1.0, 5.0, 20.0, 40.0))
    troubled = {"count": 0}

    def trouble(method: str) -> Trouble | None:
        roll = chance.random()
        for kind, share in CHANCES:
            roll -= share
            if roll < 0:
                troubled["count"] += 1
                return Trouble(kind, 0, 1.0)
        return None

    asked: list[Asked] = []
    kills = cuts = outages = 0
    with slack:
        process = start_app(home, slack)
        try:
            slack.chance = trouble
            end = time.monotonic() + minutes * 60
            told = time.monotonic() + 60
            while time.monotonic() < end:
                time.sleep(chance.expovariate(1 / EVERY))
                body = slack.question(chance.choice(users), chance.choice(questions))
                asked.append(Asked(body["event"], slack.deliver(body, copies=3 if chance.random() < 0.1 else 1)))
                if chance.random() < EVERY / CUT:
                    slack.disconnect(politely=chance.random() < 0.5)
                    cuts += 1
                if chance.random() < EVERY / OUTAGE:
                    slack.down = True
                    slack.disconnect(politely=False)
                    time.sleep(OUTAGE_SECONDS)
                    slack.down = False
                    outages += 1
                if chance.random() < EVERY / KILL:
                    process = _killed(process, home, slack)
                    kills += 1
                if time.monotonic() > told:
                    told += 60
                    say(
                        f"{len(asked)} asked, {troubled['count']} calls troubled, {cuts} cuts, {outages} outages, {kills} kills"
                    )
            slack.chance = lambda _method: None
            _wait(slack, asked)
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
    return _counted(
        slack, asked, f"{minutes:g} minutes, {troubled['count']} calls troubled, {cuts} cuts, {outages} outages, {kills} kills"
    )


def _killed(process: subprocess.Popen[bytes], home: Path, slack: FakeSlack) -> subprocess.Popen[bytes]:
    """Ended without a chance to say goodbye, and started again."""
    process.kill()
    process.wait()
    slack.disconnect(politely=False)
    return start_app(home, slack)


def _answers(slack: FakeSlack, one: Asked) -> int:
    thread = slack.workspace.of_thread(one.event["channel"], one.event["ts"])
    return sum(
        message.streaming is None and any(block["type"] == "context_actions" for block in message.blocks) for message in thread
    )


def _wait(slack: FakeSlack, asked: Sequence[Asked]) -> None:
    until = time.monotonic() + AFTERWARDS
    while time.monotonic() < until and not all(_answers(slack, one) for one in asked if one.arrived):
        time.sleep(0.5)
    time.sleep(10.0)  # a double would come now


def _counted(slack: FakeSlack, asked: Sequence[Asked], how: str) -> list[Measure]:
    arrived = [one for one in asked if one.arrived]
    counts = [_answers(slack, one) for one in arrived]
    lost, doubled = sum(count == 0 for count in counts), sum(count > 1 for count in counts)
    threads = {(one.event["channel"], one.event["ts"]) for one in asked}
    loose = [
        message for message in slack.workspace.messages
        if (message.channel, message.thread_ts) in threads and not any(block["type"] == "context_actions" for block in message.blocks)
    ]  # fmt: skip
    detail = (
        f"{how}; {len(asked)} questions, {len(arrived)} acknowledged, {sum(counts)} answers, {lost} lost, {doubled} doubled, "
        f"{len(loose)} progress messages left without an answer in them"
    )
    return [
        Measure(
            "Slack questions lost or answered twice",
            "questions acknowledged",
            float(lost + doubled),
            "== 0",
            not lost and not doubled,
            detail,
        )
    ]
