"""Every command exists, and every kind of failure is one sentence with its exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from integrations.cli.entry import COMMANDS, run


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOANWARD_HOME", "LOANWARD_USER", "LOANWARD_SETTINGS"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_loads_and_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([name, "--help"]) == 0
    assert "Usage:" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["ask", "  "], 2, "the question is empty"),
        (["ask", "what", "--borrower", "C999"], 2, "C999"),
        (["ingest", "nowhere.pdf"], 2, "nowhere.pdf"),
        (["import", "nowhere"], 2, "nowhere"),
        (["figure", "current_ratio", "--borrower", "C999"], 2, "C999"),
        (["figure", "no_such_ratio", "--borrower", "C999"], 2, "no_such_ratio"),
        (["explain", "no_such_rule"], 2, "no_such_rule"),
        (["trail", "show", "T-0"], 2, "T-0"),
        (["trail", "verify", "--user", "nobody"], 3, "nobody"),
        (["ask", "x", "--as-of", "31/10/2026"], 2, "2026-10-31"),
        (["no-such-command"], 2, "no-such-command"),
    ],
)
def test_a_wrong_request_says_so_and_exits_as_documented(
    arguments: list[str], code: int, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "home").mkdir()
    more = [] if arguments[0] == "no-such-command" else ["--home", str(tmp_path / "home")]
    assert run([*arguments, *more]) == code
    captured = capsys.readouterr()
    assert said in captured.err
    assert "Traceback" not in captured.err + captured.out
    assert len(captured.err.strip().splitlines()) == 1 + ("nobody" in arguments), "one sentence, and one on who asks"


def test_an_empty_answer_for_want_of_a_home_or_a_person_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["alerts", "list", "--home", str(tmp_path / "tpyo")]) == 0
    assert "is new and empty" in capsys.readouterr().err
    assert run(["alerts", "list", "--home", str(tmp_path / "tpyo"), "--user", "nobody"]) == 0
    said = capsys.readouterr().err
    assert "'nobody' may see no borrower" in said and "new" not in said


def test_a_settings_typo_is_named_with_its_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "loanward.toml").write_text("wokers = 1\n", encoding="utf-8")
    assert run(["loans", "--home", str(tmp_path)]) == 2
    assert "loanward.toml" in capsys.readouterr().err


def test_json_is_the_only_thing_on_stdout(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    note = tmp_path / "note.md"
    note.write_text("# Visit note\n\nDate: 2026-10-20\n\nAll six lines were running.\n", encoding="utf-8")
    assert run(["ingest", str(note), "--home", str(tmp_path / "home"), "--no-vectors", "--json"]) in (0, 1)
    (result,) = json.loads(capsys.readouterr().out)
    assert result["status"] == "ok" and result["passages"] >= 1
    assert run(["ask", "What do the notes say about the lines?", "--home", str(tmp_path / "home"), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert set(answer) >= {"answer", "status", "verified", "citations", "trail_id", "as_of", "known_at", "ms"}
    assert run(["trail", "verify", "--home", str(tmp_path / "home"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["ok"] is True


def test_one_changed_byte_is_found_by_verify(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    note = tmp_path / "note.md"
    note.write_text("The borrower said two lines are idle.\n", encoding="utf-8")
    home = tmp_path / "home"
    run(["ingest", str(note), "--home", str(home), "--no-vectors"])
    (stored,) = [p for p in (home / "documents").rglob("*") if len(p.name) == 64]
    data = bytearray(stored.read_bytes())
    data[5] ^= 1
    stored.chmod(0o600)
    stored.write_bytes(bytes(data))
    capsys.readouterr()
    assert run(["trail", "verify", "--home", str(home), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["ok"] is False
