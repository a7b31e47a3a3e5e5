"""The kept form of the rulebook says what the files say, and never matters when it is damaged, stale or impossible."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tools.domain.definitions import Rulebook
from tools.domain.grammar import parse
from tools.domain.tree import from_plain, to_plain
from tools.rulebook import compiled, loader


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(compiled, "KEPT", tmp_path / "kept")
    return tmp_path / "kept"


def fresh(as_of: date | None = None) -> Rulebook:
    loader._built.cache_clear()
    return loader.load_rulebook(as_of)


def test_a_second_process_gets_the_same_book_without_parsing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = fresh()
    assert len(list(folder.glob("rulebook-*.json"))) == 1

    def never(text: str, file: str) -> dict[str, object]:
        raise AssertionError(f"{file} was parsed again")

    monkeypatch.setattr(loader, "read_yaml", never)
    assert fresh() == first


def test_damage_is_ignored(folder: Path) -> None:
    first = fresh()
    (kept,) = folder.glob("rulebook-*.json")
    for text in (
        "",
        "{",
        "[]",
        '{"data": {}, "trees": {"a": ["??"]}, "passed": []}',
        '{"data": {}, "trees": {}, "passed": []}',
    ):
        kept.write_text(text, encoding="utf-8")
        assert fresh() == first


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("x")
    monkeypatch.setattr(compiled, "KEPT", tmp_path / "file")
    assert fresh().ratios


def test_another_date_with_the_same_rules_needs_no_new_proof(folder: Path) -> None:
    fresh()
    (kept,) = folder.glob("rulebook-*.json")
    before = kept.stat().st_mtime_ns
    fresh(date(2026, 1, 1))
    assert kept.stat().st_mtime_ns == before


@pytest.mark.parametrize(
    "text",
    [
        "if not missing(a) and b >= 1.50 or true then -(a + 2) * c else max(a, 3, b / 4)",
        "avg(a) != 0",
        "first(a, b) - prior(c)",
    ],
)
def test_trees_survive_being_written_down(text: str) -> None:
    assert from_plain(to_plain(parse(text))) == parse(text)
