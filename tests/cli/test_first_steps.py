"""What a newcomer meets: a book taken for newer than it is, and a search of several words without quotation marks."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from integrations.cli.entry import run
from tests.assistant.bank import CUSTOMERS, LOANS
from tests.loan_book.books import as_csv


def _book(folder: Path, paid: date) -> Path:
    folder.mkdir()
    line = {
        "id": "T1",
        "loan_id": "L001",
        "value_date": paid.isoformat(),
        "type": "interest",
        "amount": "100.00",
        "currency_code": "CNY",
    }
    for name, rows in (("customers", CUSTOMERS), ("loans", LOANS), ("loan_transactions", [line])):
        (folder / f"{name}.csv").write_text(as_csv(rows), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("days", "more", "asked"), [(60, (), True), (2, (), False), (60, ("--book-date", "2026-09-30"), False)]
)
def test_a_book_without_late_movements_asks_for_its_day(
    days: int, more: tuple[str, ...], asked: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = _book(tmp_path / "book", date.today() - timedelta(days=days))
    assert run(["import", str(book), *more, "--home", str(tmp_path / "home")]) in (0, 1)
    assert ("--book-date" in capsys.readouterr().err) is asked


def test_a_search_takes_several_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "home").mkdir()
    assert run(["search", "overdue", "interest", "--home", str(tmp_path / "home")]) == 0
    assert "unexpected" not in capsys.readouterr().err
