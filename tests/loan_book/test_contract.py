"""The contract as data says what the written contract says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.errors import BadRequest, StoreError
from tools.store.book_contract import book_contract, parse_contract

SHARED = Path(__file__).parents[2].parent / "shared"
UNLISTED = {("covenants", "operator"), ("loans", "interest_frequency")}
"""Operators stand in code marks; the frequency of interest takes the values of the frequency of repayment."""


def written() -> dict[str, str]:
    """Table name to the text of its columns."""
    path = SHARED / "loan_book.md"
    if not path.exists():
        pytest.skip("the written contract is not here")
    rows = re.findall(r"^\| (\w+) \| (.+) \|$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {name: text for name, text in rows if name != "file"}


def test_every_table_is_there() -> None:
    assert set(book_contract().tables) == set(written())


@pytest.mark.parametrize("table", sorted(book_contract().tables))
def test_every_column_with_its_required_mark(table: str) -> None:
    text = re.sub(r" — .*$", "", written()[table])
    outside = re.sub(r"\([^()]*\)", "", text)
    given = {name: bool(star) for name, star in re.findall(r"`(\w+)(\*?)`", outside)}
    if table == "market":
        given.pop("USDCNY", None)
    if table == "covenants":
        # "`loan_id` or `facility_id`*": either of the two, which a rule checks
        assert {"loan_id", "facility_id"} <= set(given)
    ours = {column.name: column.required for column in book_contract().tables[table].columns.values()}
    assert ours == given


@pytest.mark.parametrize(
    ("table", "column"),
    [
        (t.name, c.name)
        for t in book_contract().tables.values()
        for c in t.columns.values()
        if c.type == "code" and (t.name, c.name) not in UNLISTED
    ],
)
def test_every_value_list(table: str, column: str) -> None:
    found = re.search(rf"`{column}\*?` \(([^)]*)\)", written()[table])
    assert found, f"{table}.{column} has no list in the written contract"
    listed = found[1].split("; default")[0].split("; step, balloon")[0]
    words = [re.match(r"\s*(\w+)", part) for part in re.split(r"[,;]", re.sub(r":[^;]*", "", listed))]
    assert set(book_contract().tables[table].columns[column].values) == {word[1] for word in words if word}


def test_which_tables_are_state_and_which_events() -> None:
    written()
    text = (SHARED / "loan_book.md").read_text(encoding="utf-8")
    for content, opening in (("state", r"State tables \(([^)]*)\)"), ("event", r"event tables \(([^)]*)\)")):
        found = re.search(opening, text)
        assert found
        named = {name.strip() for name in found[1].replace("\n", " ").split(",")}
        assert {t.name for t in book_contract().tables.values() if t.content == content} == named


def test_needed_tables_and_iso_4217() -> None:
    contract = book_contract()
    assert [t.name for t in contract.tables.values() if t.needed] == ["customers", "loans"]
    assert {"CNY", "USD", "EUR", "JPY", "HKD"} <= contract.currencies and "RMB" not in contract.currencies


def test_an_unknown_table_is_a_bad_request() -> None:
    with pytest.raises(BadRequest, match="no table 'loan'"):
        book_contract().table("loan")


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"content": "state", "key": ["id"], "columns": {"id": {"type": "float"}}}, "type 'float'"),
        ({"content": "state", "key": ["nr"], "columns": {"id": {"type": "id"}}}, "'nr' is not declared"),
        ({"content": "state", "key": ["id"], "columns": {"id": {"type": "id", "reqired": True}}}, "unknown entry 'reqired'"),
        ({"content": "state", "key": ["id"], "columns": {"id": {"type": "id", "references": "y.id"}}}, "y.id does not exist"),
    ],
)
def test_contradictions_in_the_data_are_named(entry: dict[str, object], said: str) -> None:
    with pytest.raises(StoreError, match=said):
        parse_contract({"version": 1, "currencies": "CNY", "booleans": {}, "tables": {"x": entry}}, where="test.yaml")
