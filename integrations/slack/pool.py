"""The bounded pool that works the inbox off and sends the outbox, and the heartbeat that holds what is being worked on.

Answering is a matter of a few workers however many questions wait: acknowledging must never wait for answering. A press or a form has
a worker of its own, so that it does not wait behind questions.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from integrations.slack.intake import QUICK, SLOW
from integrations.slack.sending import Sender
from integrations.slack.wire import Later, Refused, log
from tools.errors import StoreError
from tools.store.database import Store
from tools.store.inbox import LEASE, Taken

ATTEMPTS = 3
"""Attempts at an event that fails for a reason nobody foresaw; then the person is told."""
IDLE = 0.5
"""Seconds after which an idle worker looks again by itself: for what another process left, and for what had to wait."""
SENDERS = 2


def owner_name() -> str:
    """One name per process: a process that is started again does not hold what the dead one held."""
    return f"{os.getpid()}-{uuid4().hex[:8]}"


class Pool:
    """`handle` works one event off; `give_up` tells the person when it failed for good."""

    def __init__(
        self, store: Store, sender: Callable[[], Sender], handle: Callable[[Taken], None], give_up: Callable[[Taken, str], None],
        now: Callable[[], datetime], owner: str, workers: int, lease: timedelta = LEASE,
    ) -> None:  # fmt: skip
        self.store, self.handle, self.give_up, self.now, self.owner, self.lease = store, handle, give_up, now, owner, lease
        self._work, self._mail = threading.Condition(), threading.Condition()
        self._stop = threading.Event()
        self._threads = [
            *(
                threading.Thread(target=self._worker, args=([SLOW],), name=f"slack-worker-{n}", daemon=True)
                for n in range(workers)
            ),
            threading.Thread(target=self._worker, args=([QUICK],), name="slack-presses", daemon=True),
            *(
                threading.Thread(target=self._sending, args=(sender(),), name=f"slack-sender-{n}", daemon=True)
                for n in range(SENDERS)
            ),
            threading.Thread(target=self._beat, name="slack-heartbeat", daemon=True),
        ]

    def start(self) -> None:
        """Begins to work."""
        for thread in self._threads:
            thread.start()

    def stop(self, seconds: float = 20.0) -> None:
        """Ends in good order: what is begun is finished when it takes no longer than `seconds`, the rest is let go."""
        self._stop.set()
        self.woken()
        self.mailed()
        for thread in self._threads:
            thread.join(seconds)
        self.store.inbox.release(self.owner, self.now())
        self.store.outbox.release(self.owner, self.now())

    def woken(self) -> None:
        """Something came in."""
        with self._work:
            self._work.notify_all()

    def mailed(self) -> None:
        """Something is to be sent."""
        with self._mail:
            self._mail.notify_all()

    def _worker(self, lanes: Sequence[str]) -> None:
        while not self._stop.is_set():
            try:
                taken = self.store.inbox.take(self.owner, lanes, self.now(), self.lease)
                if taken is not None:
                    self._work_off(taken)
                    self.woken()
                    continue
            except StoreError as problem:
                log.error("the store is not available: %s", problem)
            except Exception:  # a worker must outlive whatever one event does to it
                log.exception("a worker stumbled")
            with self._work:
                self._work.wait(IDLE)

    def _work_off(self, taken: Taken) -> None:
        inbox = self.store.inbox
        try:
            if taken.attempts > ATTEMPTS + 2:  # it has taken whole processes down with it
                self.give_up(taken, "never finished")
                return
            self.handle(taken)
        except Later as problem:
            pause = problem.seconds if problem.seconds is not None else min(2.0 ** min(taken.attempts, 6), 60.0)
            inbox.put_back(taken.id, self.now() + timedelta(seconds=pause), problem.why, counts=False)
        except Refused as problem:
            log.warning("Slack refused what %s needs: %s", taken.kind, problem)
            self.give_up(taken, str(problem))
        except Exception as problem:  # what nobody foresaw is tried again, then told, never lost in silence
            log.exception("a %s failed (attempt %d)", taken.kind, taken.attempts)
            if taken.attempts >= ATTEMPTS:
                self.give_up(taken, f"{type(problem).__name__}: {problem}")
            else:
                inbox.put_back(taken.id, self.now() + timedelta(seconds=taken.attempts), type(problem).__name__)

    def _sending(self, sender: Sender) -> None:
        while not self._stop.is_set():
            try:
                if sender.send_next():
                    self.mailed()
                    continue
            except StoreError as problem:
                log.error("the store is not available: %s", problem)
            except Exception:  # as above
                log.exception("a sender stumbled")
            with self._mail:
                self._mail.wait(IDLE)

    def _beat(self) -> None:
        while not self._stop.wait(self.lease.total_seconds() / 4):
            try:
                self.store.inbox.renew(self.owner, self.now(), self.lease)
                self.store.outbox.renew(self.owner, self.now(), self.lease)
            except StoreError as problem:
                log.error("the store is not available: %s", problem)
