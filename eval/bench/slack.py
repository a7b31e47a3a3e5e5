"""How soon a Slack event is acknowledged while twenty questions at once are being answered, against a Bolt app that only acknowledges.

Both run as processes of their own against the same fake Slack in the same run, in alternating rounds; Slack's side takes the time
from sending an envelope to receiving its acknowledgement.
"""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from eval.bench import Measure
from eval.fake_slack import FakeSlack
from eval.fake_slack.server import APP_TOKEN, TOKEN

AT_ONCE = 20
ROUNDS = 10
MOST_MS = 500.0
PATIENCE = 120.0


def bench_slack(home: Path, users: Sequence[str], questions: Sequence[str], say: Callable[[str], None]) -> list[Measure]:
    """`users` are Slack ids of staff who may see the borrowers the `questions` are about."""
    ours: list[float] = []
    bare: list[float] = []
    answered: list[float] = []
    with FakeSlack() as mine, FakeSlack() as other, app_process(home, mine), _bare(other):
        _round(mine, users, questions, 2)
        _settled(mine, 2)
        asked = 2
        for number in range(ROUNDS):
            bare += _round(other, users, questions, AT_ONCE)
            began = time.perf_counter()
            ours += _round(mine, users, questions, AT_ONCE)
            asked += AT_ONCE
            _settled(mine, asked)
            answered.append((time.perf_counter() - began) / AT_ONCE)
            say(
                f"round {number + 1}: acknowledged p50 {_ms(ours, 50)} ms, p99 {_ms(ours, 99)} ms; bare Bolt p99 {_ms(bare, 99)} ms"
            )
    p99, other99 = _at(ours, 99), _at(bare, 99)
    detail = (
        f"{len(ours)} events, {AT_ONCE} at once: p50 {_ms(ours, 50)} ms, p99 {_ms(ours, 99)} ms, slowest {max(ours) * 1000:.0f} ms; bare Bolt p50 "
        f"{_ms(bare, 50)} ms, p99 {_ms(bare, 99)} ms; {1 / statistics.median(answered):.1f} answers a second"
    )
    return [
        Measure("acknowledging a Slack question, p99 with 20 at once", f"{MOST_MS:.0f} ms", p99 * 1000 / MOST_MS, "<= 1.0", p99 * 1000 <= MOST_MS, detail),
        Measure("the same, stored and answering meanwhile", "a Bolt app that only acknowledges, p99", p99 / other99, "<= 10", p99 / other99 <= 10, detail),
    ]  # fmt: skip


@contextmanager
def app_process(home: Path, slack: FakeSlack) -> Iterator[subprocess.Popen[bytes]]:
    """`loanward slack` as a process of its own, connected."""
    process = start_app(home, slack)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()


def start_app(home: Path, slack: FakeSlack) -> subprocess.Popen[bytes]:
    """Starts it and waits until it is connected."""
    surroundings = {
        **os.environ,
        "LOANWARD_SLACK_BOT_TOKEN": TOKEN,
        "LOANWARD_SLACK_APP_TOKEN": APP_TOKEN,
        "LOANWARD_SLACK_API_URL": slack.api,
    }
    process = subprocess.Popen([sys.executable, "-m", "integrations.cli", "slack", "--home", str(home)], env=surroundings,
                               stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)  # fmt: skip
    _connected(slack, process)
    return process


@contextmanager
def _bare(slack: FakeSlack) -> Iterator[None]:
    process = subprocess.Popen([sys.executable, "-m", "eval.bench.bare_bolt", slack.api])
    try:
        _connected(slack, process)
        yield
    finally:
        process.kill()
        process.wait()


def _connected(slack: FakeSlack, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while not slack.connected:
        if time.monotonic() > until or process.poll() is not None:
            raise RuntimeError("the app did not connect to the fake Slack")
        time.sleep(0.05)


def _round(slack: FakeSlack, users: Sequence[str], questions: Sequence[str], count: int) -> list[float]:
    """So many questions at once; the seconds each acknowledgement took."""
    bodies = [slack.question(users[n % len(users)], questions[n % len(questions)]) for n in range(count)]
    sent = [slack.deliver(body)[0] for body in bodies]
    for delivered in sent:
        if not delivered.done.wait(30) or delivered.seconds is None:
            raise RuntimeError("an event was never acknowledged")
    return [delivered.seconds or 0.0 for delivered in sent]


def _settled(slack: FakeSlack, count: int) -> None:
    until = time.monotonic() + PATIENCE
    while sum(message.streaming is None and bool(message.blocks) for message in slack.workspace.messages) < count:
        if time.monotonic() > until:
            raise RuntimeError("questions were not answered")
        time.sleep(0.05)


def _at(seconds: Sequence[float], percent: int) -> float:
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, round(len(ordered) * percent / 100))]


def _ms(seconds: Sequence[float], percent: int) -> str:
    return f"{_at(seconds, percent) * 1000:.0f}"
