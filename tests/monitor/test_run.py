"""The run over the sample bank's book: what it finds, that it changes nothing twice, and that nothing is lost when it dies."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from assistant.wiring import Bank
from ingestion.loan_book import import_loan_book
from tests.loan_book.books import customer, loan, payment, write_book
from tests.monitor.conftest import NOW, opened
from tools.domain.callers import LOCAL
from tools.errors import BadRequest, NotPermitted
from tools.monitor.judging import Judge
from tools.monitor.material import Material
from tools.monitor.neighbours import Neighbourhood
from tools.monitor.run import MonitorReport, Run

LATER = NOW + timedelta(days=1)
ROOT = Path(__file__).resolve().parents[2]
FROM_THE_BOOK = {
    "BEH-01", "BEH-02", "BEH-03", "BEH-08", "BEH-09", "BEH-10", "OPS-01", "OPS-03", "INV-01", "INV-02", "COL-02", "COL-03", "LEG-03",
    "LEG-04", "GUA-01", "GUA-03", "GUA-04", "TXN-01", "TXN-02", "TXN-04", "TXN-06", "DOC-01", "DOC-02", "COV-03",
}  # fmt: skip
"""Signals of the stories that need no document beside the book."""


def told(bank: Bank) -> list[tuple[str, str, str, tuple[str, ...]]]:
    return [(a.id, a.severity, a.state, a.signals) for a in bank.store.alerts.list(LOCAL, states=())]


def test_each_storys_signal_is_found_from_the_book_alone(first_run: tuple[Path, MonitorReport], book_home: Path) -> None:
    stories = yaml.safe_load((book_home.parent / "sample" / "stories.yaml").read_text(encoding="utf-8"))["stories"]
    report = first_run[1]
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for verdict in report.results:
        found[verdict.borrower, verdict.signal].add(f"{verdict.verdict} {verdict.severity[0].upper()}")
    wrong = []
    for story in stories:
        for key, wanted in story["signals"].items():
            signal, _, whose = key.partition(" ")
            word, severity = [*wanted.split(), ""][:2]
            got = found[whose or story["borrower"], signal]
            if signal in FROM_THE_BOOK and not any(
                one.startswith(word) and (word != "hit" or one.endswith(severity)) for one in got
            ):
                wrong.append((story["borrower"], key, wanted, sorted(got)))
    assert not wrong
    shape = report.shape(detail=True)
    assert {"as_of", "loans", "borrowers", "seconds", "signals", "alerts", "proposals", "results"} <= set(shape)
    assert set(shape["alerts"]) >= {"opened", "cleared", "open"}
    assert shape["signals"]["BEH-02"] == {"hit": 3, "clear": 23, "unknown": 0}
    json.dumps(shape)


def test_healthy_borrowers_stay_quiet(watched: Bank) -> None:
    # without documents their covenants cannot be tested, which is a matter of late papers and nothing else
    alerted = {
        (a.borrower, a.family)
        for a in watched.store.alerts.list(LOCAL)
        if a.borrower in ("C002", "C004", "C009", "C010", "C011")
    }
    assert {family for _, family in alerted} <= {"reporting"}


def test_a_second_run_changes_nothing(watched: Bank) -> None:
    before, head = told(watched), watched.store.trail.head()
    report = watched.run_monitor(LOCAL, watched.clocks(None, None, LATER), LATER)
    assert (report.opened, report.updated, report.cleared, report.recorded) == (0, 0, 0, False)
    assert (told(watched), watched.store.trail.head()) == (before, head)
    assert len(watched.store.signal_results.runs(LOCAL)) == 1


def test_an_unknown_engine_is_refused_and_a_reader_may_not_run(watched: Bank) -> None:
    clocks = watched.clocks(None, None, LATER)
    with pytest.raises(BadRequest, match="local"):
        watched.run_monitor(LOCAL, clocks, LATER, engine="abacus")
    with pytest.raises(NotPermitted):
        watched.run_monitor(watched.caller("S008", LATER), clocks, LATER)


def test_what_was_judged_before_for_the_same_values_is_what_judging_again_says(first_run: tuple[Path, MonitorReport]) -> None:
    """Kept judgements are a saving and nothing else."""
    bank = opened(first_run[0])
    clocks = bank.clocks(None, None, NOW)
    run = Run(lambda: bank.desk(LOCAL, clocks), LOCAL, clocks, NOW, lambda text: None, False)
    desk = bank.desk(LOCAL, clocks)
    material = Material(desk, run.book, run.everyone, frozenset(), Neighbourhood())
    again = Judge(desk.rulebook, run.book, clocks.as_of)
    for borrower in run.everyone:
        case = material.case(borrower)
        kept = [v.shape() for v in run.judge.own_account(case, None, {})]
        again._alike.clear()
        assert kept == [v.shape() for v in again.own_account(case, None, {})]
    assert 0 < len(run.judge._alike) < len(run.everyone) * len(run.judge.signals)
    bank.close()


def test_looking_back_reports_and_changes_nothing(watched: Bank) -> None:
    before, head = told(watched), watched.store.trail.head()
    report = watched.run_monitor(LOCAL, watched.clocks(date(2026, 4, 30), None, LATER), LATER, detail=True)
    late = [v for v in report.results if v.signal == "BEH-02" and v.loan == "L012"]
    assert [(v.verdict, v.value) for v in late] == [("hit", Decimal(69))]
    assert report.looking_back and (told(watched), watched.store.trail.head()) == (before, head)


def test_an_officers_run_sees_his_borrowers_and_clears_nobody_elses(watched: Bank) -> None:
    before = told(watched)
    officer = watched.caller("S001", LATER)
    report = watched.run_monitor(officer, watched.clocks(None, None, LATER), LATER, detail=True)
    assert {v.borrower for v in report.results} <= {b.id for b in watched.store.borrowers.all(officer)}
    assert told(watched) == before
    # C006's circle runs over firms of another branch: for him that is unknown, not clear
    circle = next(v for v in report.results if (v.borrower, v.signal) == ("C006", "GUA-03"))
    assert circle.verdict == "unknown"


def test_what_a_run_recorded_is_what_a_desk_says_live(watched: Bank) -> None:
    desk = watched.desk(LOCAL, watched.clocks(None, None, LATER))
    recorded = watched.store.signal_results.newest(LOCAL, desk.clocks, ["C006"])["C006"]
    live = {(v.signal, v.loan): v.verdict for v in desk.signals("C006")}
    assert {(r["signal"], r.get("loan")): r["verdict"] for r in recorded.verdicts} == live


def test_proposals_carry_the_worst_floor_and_are_made_once(watched: Bank) -> None:
    made = {p.loan: p for p in watched.store.proposals.list(LOCAL)}
    assert (made["L015"].proposed, made["L013"].proposed, made["L001"].proposed) == (
        "substandard",
        "special_mention",
        "special_mention",
    )
    assert "CLS-11-1@1" in made["L015"].rules and made["L001"].rules == ("CLS-10-2@1",)
    assert "L005" not in made and "L007" not in made


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, {root!r})
from ingestion.loan_book import import_loan_book
from tests.loan_book.books import customer, loan, payment, write_book
from tests.monitor.conftest import NOW, opened
from tools.domain.callers import LOCAL
bank = opened(Path({home!r}))
count = 0
def progress(text):
    global count
    count += 1
    if count == {after}:
        os.kill(os.getpid(), signal.SIGKILL)
record = bank.store.alerts.record
seen = 0
def dying(*given):
    global seen
    seen += 1
    if {inside} and seen == {inside}:
        os.kill(os.getpid(), signal.SIGKILL)
    return record(*given)
bank.store.alerts.record = dying
bank.run_monitor(LOCAL, bank.clocks(None, None, NOW), NOW, progress)
"""


@pytest.fixture(scope="module")
def late_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve borrowers, each with a bullet loan that was due months ago."""
    root = tmp_path_factory.mktemp("late")
    ids = [f"C{number}" for number in range(1, 13)]
    book = {
        "customers": [customer(id) for id in ids],
        "loans": [loan(f"L{id}", id, end_date="2026-07-15", classification="normal") for id in ids],
        "loan_transactions": [payment(f"P{id}", f"L{id}") for id in ids],
    }
    bank = opened(root / "home")
    import_loan_book(LOCAL, write_book(root / "book", book), bank.store, bank.home, date(2026, 10, 31), NOW)
    bank.close()
    return root / "home"


@pytest.mark.parametrize(("after", "inside"), [pytest.param(2, 0, marks=pytest.mark.slow), (99, 7)])
def test_a_run_killed_between_or_inside_a_piece_loses_nothing(after: int, inside: int, late_home: Path, tmp_path: Path) -> None:
    for name in ("killed", "whole"):
        shutil.copytree(late_home, tmp_path / name)
    script = KILLED.format(root=str(ROOT), home=str(tmp_path / "killed"), after=after, inside=inside)
    died = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=False, timeout=120)
    assert died.returncode == -9, died.stderr.decode()
    bank, whole = opened(tmp_path / "killed"), opened(tmp_path / "whole")
    whole.run_monitor(LOCAL, whole.clocks(None, None, NOW), NOW)
    half, wanted = told(bank), told(whole)
    assert 0 < len(half) < len(wanted) == 12
    report = bank.run_monitor(LOCAL, bank.clocks(None, None, LATER), LATER)
    assert report.opened == len(wanted) - len(half)
    assert told(bank) == wanted
    assert len(bank.store.proposals.list(LOCAL, kind="classification")) == 12
    assert len(bank.store.proposals.list(LOCAL, kind="watch_level")) == 12
    assert bank.store.trail.verify(LOCAL).ok
    bank.close()
    whole.close()


@pytest.mark.slow
def test_clocks_of_the_future_run_are_kept(fresh: Bank) -> None:
    fresh.run_monitor(LOCAL, fresh.clocks(date(2026, 8, 31), None, NOW), NOW)
    early = {a.id for a in fresh.store.alerts.list(LOCAL)}
    report = fresh.run_monitor(LOCAL, fresh.clocks(None, None, LATER), LATER)
    assert report.opened and not report.looking_back
    arrears = next(a for a in fresh.store.alerts.list(LOCAL, borrower="C006") if a.family == "arrears")
    assert arrears.id in early and arrears.severity == "red" and arrears.opened == date(2026, 8, 31)
    assert [e.act for e in fresh.store.alerts.history(LOCAL, arrears.id)] == ["opened", "escalated"]
    kept = fresh.desk(LOCAL, fresh.clocks(None, None, LATER)).signals("C006")
    since = {v.signal: v.since for v in kept if v.signal in ("OPS-01", "LEG-01")}
    assert since["LEG-01"] == date(2026, 10, 31)
    assert datetime(2026, 1, 1, tzinfo=UTC) < LATER
