"""Links lead to where a number stands, carry their clocks, and cannot be broken out of by an odd id."""

from __future__ import annotations

from datetime import UTC, date, datetime

from integrations.links import Links
from tools.domain.facts import Source

HASH = "ab" * 32


def test_a_page_link_carries_the_boxes_of_number_and_label() -> None:
    link = Links("https://console.bank/").page(HASH, 3, (10, 20.5, 30.126, 40), (1, 2, 3, 4))
    assert link == f"https://console.bank/documents/{HASH}/pages/3?box=10,20.5,30.13,40&label=1,2,3,4"


def test_a_document_without_pages_opens_at_its_locator() -> None:
    source = Source("books.xlsx", HASH, locator="Sheet1!C12")
    assert Links().source(source) == f"/documents/{HASH}/text?at=Sheet1!C12#marked"


def test_links_keep_both_clocks() -> None:
    links = Links().at(date(2026, 10, 31), datetime(2026, 11, 1, 8, tzinfo=UTC))
    assert links.borrower("C001") == "/borrowers/C001?as_of=2026-10-31&known_at=2026-11-01T08:00:00Z"
    assert links.figure("C001", "current_ratio", date(2025, 12, 31), "point").startswith(
        "/figures/C001/current_ratio?period=2025-12-31&basis=point&as_of=2026-10-31"
    )


def test_an_odd_id_stays_inside_its_part_of_the_address() -> None:
    assert Links("http://x").borrower("../a b?c#d") == "http://x/borrowers/..%2Fa%20b%3Fc%23d"
    assert Links("http://x").brief("C001", "2026-10") == "http://x/briefs/C001/2026-10"
