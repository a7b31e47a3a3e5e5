"""A small bank for the store's tests: staff in two regions, customers, and a document with facts and passages for each."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from tools.domain.callers import LOCAL, Caller
from tools.domain.facts import Fact, Passage, Source
from tools.domain.periods import Clocks, Period
from tools.store.database import Store
from tools.store.documents import Document
from tools.store.trail import Act, TrailRecord

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
EVER = Clocks(date(2030, 1, 1), datetime(2035, 1, 1, tzinfo=UTC))

STAFF = [
    {"id": "O1", "name": "甲", "role": "officer", "branch_id": "B1", "region": "East", "slack_user_id": "UO1"},
    {"id": "O2", "name": "乙", "role": "officer", "branch_id": "B1", "region": "East", "slack_user_id": None},
    {"id": "O3", "name": "丙", "role": "officer", "branch_id": "B2", "region": "East", "slack_user_id": None},
    {"id": "O4", "name": "丁", "role": "officer", "branch_id": "B3", "region": "West", "slack_user_id": None},
    {"id": "M1", "name": "戊", "role": "manager", "branch_id": "B1", "region": "East", "slack_user_id": None},
    {"id": "M3", "name": "己", "role": "manager", "branch_id": "B3", "region": "West", "slack_user_id": None},
    {"id": "R1", "name": "庚", "role": "reviewer", "branch_id": "HQ", "region": "East", "slack_user_id": None},
    {"id": "R2", "name": "辛", "role": "reviewer", "branch_id": "HQ", "region": "West", "slack_user_id": None},
    {"id": "A1", "name": "壬", "role": "approver", "branch_id": "HQ", "region": None, "slack_user_id": None},
    {"id": "X1", "name": "癸", "role": "auditor", "branch_id": "HQ", "region": None, "slack_user_id": None},
    {"id": "D1", "name": "子", "role": "admin", "branch_id": "HQ", "region": None, "slack_user_id": None},
    {"id": "S1", "name": "丑", "role": "service", "branch_id": None, "region": None, "slack_user_id": None},
]
CUSTOMERS = [
    {"id": "C1", "name": "明远精密制造股份有限公司", "name_en": "Mingyuan Precision Co., Ltd.", "aliases": "明远精密;MYP", "officer_id": "O1",
     "branch_id": "B1", "registration_id": "91350100M000100Y43"},
    {"id": "C2", "name": "Harbour Freight Lines Inc.", "aliases": "Harbour", "officer_id": "O1", "branch_id": "B1"},
    {"id": "C3", "name": "江南纺织有限公司", "aliases": "", "officer_id": "O2", "branch_id": "B1"},
    {"id": "C4", "name": "Northwind Traders Ltd", "aliases": None, "officer_id": "O3", "branch_id": "B2"},
    {"id": "C5", "name": "西部矿业集团有限公司", "aliases": "西部矿业", "officer_id": "O4", "branch_id": "B3"},
    {"id": "C6", "name": "Westgate Holdings plc", "aliases": None, "officer_id": "O4", "branch_id": "B3"},
]  # fmt: skip
SEEN = {
    "local": {"C1", "C2", "C3", "C4", "C5", "C6"}, "X1": {"C1", "C2", "C3", "C4", "C5", "C6"}, "O1": {"C1", "C2"}, "O2": {"C3"},
    "O3": {"C4"}, "O4": {"C5", "C6"}, "M1": {"C1", "C2", "C3"}, "M3": {"C5", "C6"}, "R1": {"C1", "C2", "C3", "C4"}, "R2": {"C5", "C6"},
    "A1": {"C2"}, "S1": {"C6"}, "D1": set(), "nobody": set(),
}  # fmt: skip
"""The policy table: which customers each user sees (A1 and S1 by grants)."""


def fact(id: str, borrower: str, sha256: str, value: str, *, item: str = "total_assets", end: date = date(2024, 12, 31),
         months: int = 0, page: int = 1, confidence: str = "0.98", currency: str = "CNY") -> Fact:  # fmt: skip
    """A fact of a document."""
    return Fact(
        id, item, Decimal(value), currency, Period(end, months), "consolidated", "audited", "balance_sheet", borrower,
        Source(f"{sha256[:6]}.pdf", sha256, page, (72.0, 100.25, 140.5, 110.0), (10.0, 100.25, 60.0, 110.0)), "资产总计", value, Decimal(1),
        Decimal(confidence),
    )  # fmt: skip


def passage(id: str, borrower: str, sha256: str, text: str, ordinal: int = 0) -> Passage:
    """A passage of a document."""
    source = Source(f"{sha256[:6]}.pdf", sha256, 2, (72.0, 90.0, 500.0, 120.0))
    return Passage(id, text, source, "statement", borrower, ((72.0, 90.0, 500.0, 120.0),), "2025-03-31", None, "Notes", ordinal)


def ingest(store: Store, caller: Caller, borrower: str, content: bytes, values: Sequence[str] = ("100",), *, received: datetime = NOW,
           period_end: date | None = date(2024, 12, 31), at: datetime = NOW) -> TrailRecord:  # fmt: skip
    """Stores one document the way the pipeline does: one transaction with its record. One fact a year back for each value."""
    sha256 = hashlib.sha256(content).hexdigest()
    document = Document(
        sha256,
        f"{sha256[:6]}.pdf",
        "statement",
        "en",
        borrower,
        4,
        "ok",
        received,
        at,
        period_end=period_end,
        report={"standard": "CAS"},
    )
    facts = [
        fact(f"F-{sha256[:10]}-{index}", borrower, sha256, value, end=date(2024 - index, 12, 31))
        for index, value in enumerate(values)
    ]
    texts = [
        passage(f"G-{sha256[:10]}-{index}", borrower, sha256, f"Paragraph {index} of {borrower}", index) for index in range(3)
    ]
    with store.transaction():
        store.documents.add(caller, document, content)
        store.facts.record(caller, facts, received)
        store.passages.add(caller, texts, received)
        return store.trail.append(caller, Act.INGEST, sha256, {"name": document.name, "facts": len(facts)}, at, borrower)


def open_bank(store: Store) -> dict[str, TrailRecord]:
    """Imports staff and customers, grants, and one document for each customer; returns the ingest record of each."""
    store.borrowers.upsert_from_book(
        LOCAL, CUSTOMERS, "S0001", known_from=NOW - timedelta(days=400), recorded_at=NOW - timedelta(days=400), staff=STAFF
    )
    store.access.grant(LOCAL, "A1", "C2", NOW - timedelta(days=30), reason="case 17")
    store.access.grant(LOCAL, "S1", "C6", NOW - timedelta(days=30), reason="nightly feed")
    return {
        row["id"]: ingest(store, LOCAL, row["id"], f"statement of {row['id']}".encode(), ("100", "90"), received=NOW - timedelta(days=20))
        for row in CUSTOMERS
    }  # fmt: skip


def everyone(store: Store) -> dict[str, Caller]:
    """Every user of the policy table as a Caller."""
    return {user: store.access.resolve(user, NOW) for user in SEEN}
