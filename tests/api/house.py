"""A bank to serve: three borrowers of the sample bank, a few of their real papers read, and a token for every role.

C001 and C003 are S001's, C002 is S002's, all of branch B01; S003 and S005 belong to B02 and see none of them; S008 audits, S009
administers and sees nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.settings import Settings
from assistant.wiring import Bank, open_bank
from eval.sample_bank.bank import prepare
from ingestion.loan_book.importer import import_loan_book
from ingestion.pipeline import IngestOptions, ingest_paths
from ingestion.routing import assignments_of
from integrations.api.app import create_app
from integrations.api.guards import RateLimit
from tools.domain.callers import LOCAL
from tools.domain.facts import Fact

ROLES = {"S001": "officer", "S002": "officer", "S003": "officer", "S004": "manager", "S005": "manager", "S006": "reviewer", "S007": "approver",
         "S008": "auditor", "S009": "admin"}  # fmt: skip


@dataclass
class House:
    """The bank, its application, and how to come in."""

    bank: Bank
    app: FastAPI
    papers: Path
    tokens: dict[str, str] = field(default_factory=dict)

    def bearer(self, user: str) -> dict[str, str]:
        """The header of a machine."""
        return {"Authorization": f"Bearer {self.tokens[user]}"}

    def api(self, user: str | None = None) -> TestClient:
        """A machine with this user's token (None: without any)."""
        return TestClient(
            self.app, headers=self.bearer(user) if user else {}, raise_server_exceptions=False, follow_redirects=False
        )

    def browser(self, user: str, language: str = "en") -> TestClient:
        """A browser that has logged in."""
        client = TestClient(self.app, raise_server_exceptions=False, follow_redirects=False)
        client.cookies.set("loanward_language", language)
        session, secret = self.bank.store.tokens.open_session(self.tokens[user], datetime.now(UTC)) or (None, "")
        assert session is not None
        client.cookies.set("loanward_session", secret)
        return client

    def csrf(self, client: TestClient) -> str:
        """The token of this browser's forms."""
        found = re.search(r'name="csrf" value="(\w+)"', client.get("/ask").text)
        assert found
        return found[1]

    def fact(self, borrower: str = "C001", item: str = "total_assets", *, paged: bool = True) -> Fact:
        """A stored fact with (or without) a page."""
        clocks = self.bank.clocks(None, None, datetime.now(UTC))
        found = self.bank.store.facts.active(LOCAL, borrower, clocks, item)
        return next(fact for fact in reversed(found) if (fact.source.page is not None) == paged)


def build(root: Path) -> House:
    """Makes, imports and reads; no vectors, so that nothing heavy is loaded."""
    draft = prepare(root / "bank", borrowers=3)
    # printing a paper is what costs time: one audit report is enough
    audited = [path for path in draft._papers if "C001" in str(path) and "2025年度审计" in path.name]
    draft._papers = {path: draft._papers[path] for path in audited}
    draft.write()
    settings = Settings(home=root / "home", embedding_model="none", requests_per_minute=1_000_000, upload_limit=2_000_000)
    bank = open_bank(settings)
    now, documents = datetime.now(UTC), draft.folder / "documents"
    import_loan_book(LOCAL, draft.folder / "loan_book", bank.store, bank.home, draft.book_date, now)
    rows: list[Mapping[str, object]] = [
        dict(row) for row in bank.loan_book.rows(LOCAL, "documents", bank.clocks(None, None, now))
    ]
    ingest_paths(LOCAL, [documents], bank.store, lambda: now, IngestOptions(workers=0, assignments=assignments_of(rows)))
    bank.search.catch_up()
    house = House(bank, create_app(bank), documents)
    house.app.state.shop.logins = RateLimit(1_000_000)
    for user in ROLES:
        _, house.tokens[user] = bank.store.tokens.create(LOCAL, user, now)
    return house
