"""The store: every repository over one database, and the transaction that spans them.

    home = Home.open(Path("loanward-data"))
    store = Store(home)
    with store.transaction():
        store.documents.add(caller, document, path)
        store.facts.record(caller, facts, received)
        store.passages.add(caller, passages, received)
        store.trail.append(caller, Act.INGEST, document.sha256, {...}, now, borrower)

Inside the block everything is one transaction: all of it is there afterwards, with its record, or nothing is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from tools.store.access import Access
from tools.store.alerts import Alerts
from tools.store.borrowers import Borrowers
from tools.store.connection import Database, Unit
from tools.store.corrections import Corrections
from tools.store.documents import Documents
from tools.store.facts import Facts
from tools.store.home import Home
from tools.store.inbox import Inbox
from tools.store.lessons import Lessons
from tools.store.outbox import Outbox
from tools.store.papers import Papers
from tools.store.passages import Passages
from tools.store.proposals import Proposals
from tools.store.quarantine import Quarantine
from tools.store.signal_results import SignalResults
from tools.store.threads import Threads
from tools.store.tokens import Tokens
from tools.store.trail import Trail


class Store:
    """The repositories. Each takes a Caller first and shows only what the caller may see."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.database = Database(home.engine)
        self.trail = Trail(self.database, home)
        self.access = Access(self.database, self.trail)
        self.borrowers = Borrowers(self.database, self.trail)
        self.documents = Documents(self.database, home.shelf)
        self.facts = Facts(self.database)
        self.passages = Passages(self.database)
        self.papers = Papers(self.database)
        self.threads = Threads(self.database)
        self.corrections = Corrections(self.database, self.trail)
        self.lessons = Lessons(self.database, self.trail)
        self.quarantine = Quarantine(self.database, self.trail)
        self.alerts = Alerts(self.database, self.trail)
        self.proposals = Proposals(self.database, self.trail)
        self.signal_results = SignalResults(self.database, self.trail)
        self.inbox = Inbox(self.database)
        self.outbox = Outbox(self.database)
        self.tokens = Tokens(self.database, self.trail, self.access)

    @property
    def engine(self) -> Engine:
        """For read-only queries of other modules over the same tables, built with `permissions.visible`."""
        return self.home.engine

    @contextmanager
    def transaction(self) -> Iterator[Unit]:
        """One writing transaction; waits for other writers. What it stores without a record of its own gets one at the end."""
        with self.database.writing() as unit:
            yield unit

    def close(self) -> None:
        """Lets go of the database."""
        self.home.close()
