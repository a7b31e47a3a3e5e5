"""A whole month: everyone the caller may see, a stopped run goes on, one failure names itself and stops nobody."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.briefs.service import Briefs
from assistant.briefs.shelf import LIST, Order, file_name, write_all
from tests.assistant.bank import CLOCKS, NOW, OFFICER, SmallBank
from tools.domain.callers import LOCAL
from tools.errors import BadRequest, StoreError


def order(folder: Path, **changed: Any) -> Order:
    given: dict[str, Any] = {
        "month": CLOCKS.as_of.replace(day=1), "clocks": CLOCKS, "formats": ("html", "md"), "language": "zh", "folder": folder, "user": "local", "now": NOW,
    }  # fmt: skip
    return Order(**{**given, **changed})


def test_a_month_is_written_once_and_only_what_is_missing_again(small: SmallBank, tmp_path: Path) -> None:
    said: list[str] = []
    first = write_all(small.bank, LOCAL, order(tmp_path), workers=1, progress=said.append)
    assert [shape["borrower"] for shape in first.written] == ["C001", "C002", "C003", "C004", "C009"] and not first.failed
    assert sorted(path.name for path in tmp_path.glob("*.html")) == [
        file_name(f"C00{n}", "zh", "html") for n in (1, 2, 3, 4, 9)
    ]
    assert len(said) == 5 and said[-1].startswith("5 of 5")
    before = (tmp_path / "C001-zh.html").read_bytes()
    (tmp_path / "C002-zh.html").unlink()
    again = write_all(small.bank, LOCAL, order(tmp_path), workers=1)
    assert [shape["borrower"] for shape in again.written] == ["C002"] and len(again.kept) == 4
    assert (tmp_path / "C001-zh.html").read_bytes() == before


def test_a_list_cut_in_the_middle_of_a_line_is_read_as_far_as_it_goes(small: SmallBank, tmp_path: Path) -> None:
    write_all(small.bank, LOCAL, order(tmp_path), workers=1)
    lines = (tmp_path / LIST).read_text(encoding="utf-8").splitlines()
    (tmp_path / LIST).write_text("\n".join(lines[:2]) + "\n" + lines[2][:20], encoding="utf-8")
    outcome = write_all(small.bank, LOCAL, order(tmp_path), workers=1)
    assert len(outcome.kept) == 2 and len(outcome.written) == 3
    assert all(json.loads(line) for line in (tmp_path / LIST).read_text(encoding="utf-8").splitlines()[3:])


def test_only_the_callers_own(small: SmallBank, tmp_path: Path) -> None:
    outcome = write_all(small.bank, OFFICER, order(tmp_path, user="u1"), workers=1)
    assert [shape["borrower"] for shape in outcome.written] == ["C001", "C002", "C003", "C004"]


def test_one_failure_is_named_and_the_others_are_written(
    small: SmallBank, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Briefs.write

    def failing(self: Briefs, caller: Any, borrower: str, *rest: Any) -> Any:
        if borrower == "C002":
            raise StoreError("the disk is full", where=borrower)
        if borrower == "C003":
            raise ZeroDivisionError("x")
        return whole(self, caller, borrower, *rest)

    monkeypatch.setattr(Briefs, "write", failing)
    outcome = write_all(small.bank, LOCAL, order(tmp_path), workers=1)
    assert (
        set(outcome.failed) == {"C002", "C003"}
        and "disk is full" in outcome.failed["C002"]
        and "ZeroDivisionError" in outcome.failed["C003"]
    )
    assert len(outcome.written) == 3


def test_a_month_ahead_writes_nothing(small: SmallBank, tmp_path: Path) -> None:
    with pytest.raises(BadRequest):
        write_all(small.bank, LOCAL, order(tmp_path / "x", month=CLOCKS.as_of.replace(year=2027, day=1)), workers=1)
    assert not (tmp_path / "x").exists()


@pytest.mark.slow
def test_several_processes_write_the_same_files(small: SmallBank, tmp_path: Path) -> None:
    alone = write_all(small.bank, LOCAL, order(tmp_path / "a"), workers=1)
    together = write_all(small.bank, LOCAL, order(tmp_path / "b"), workers=2)
    assert not together.failed
    assert {s["borrower"]: s["sha256"] for s in alone.written} == {s["borrower"]: s["sha256"] for s in together.written}
