"""Ranking and filtering over columns gives what computing every borrower exactly gives."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from tests.columns.test_two_evaluators import interim
from tests.domain.test_ratios_against_reference import statements
from tests.store.bank import NOW
from tools.domain.callers import LOCAL, Caller
from tools.domain.interpreter import COMPARE
from tools.domain.periods import Clocks
from tools.rulebook.loader import load_rulebook
from tools.store.database import Store
from tools.store.documents import Document
from tools.store.home import Home
from tools.store.loan_book import LoanBook
from tools.toolbox.desk import Desk
from tools.toolbox.figures import known, look_up
from tools.toolbox.ranking import rank_borrowers
from tools.toolbox.standing import industries, peers_of, standing

RULES = load_rulebook()
CLOCKS = Clocks(date(2026, 10, 31), NOW + timedelta(days=10))
OFFICER = Caller(user="O1", role="officer", officer_id="O1")
MEASURES = (
    "current_ratio",
    "debt_to_assets",
    "net_margin",
    "revenue",
    "total_assets",
    "dso",
    "dscr",
    "net_debt",
    "revenue_growth",
)


def file(store: Store, borrower: str, seed: int, received: datetime) -> None:
    content = f"{borrower} {seed}".encode()
    sha256 = hashlib.sha256(content).hexdigest()
    facts = interim(seed) if seed % 2 else statements(seed)
    facts = [
        replace(f, borrower=borrower, id=f"{borrower}-{seed}-{n}", source=replace(f.source, sha256=sha256)) for n, f in enumerate(facts)
    ]  # fmt: skip
    with store.transaction():
        store.documents.add(LOCAL, Document(sha256, "s.pdf", "statement", "zh", borrower, 1, "ok", received, received), content)
        store.facts.record(LOCAL, facts, received)
        store.trail.append(LOCAL, "ingest", sha256, {}, received, borrower)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = Store(Home.open(Path(tmp_path_factory.mktemp("ranking")) / "home"))
    rows = [
        {"id": f"C{n:02}", "name": f"Company {n:02} Ltd", "aliases": None, "officer_id": f"O{n % 2}", "branch_id": "B"}
        for n in range(24)
    ]
    opened.borrowers.upsert_from_book(
        LOCAL, rows, "S1", known_from=NOW - timedelta(days=9), recorded_at=NOW - timedelta(days=9)
    )
    for n in range(22):
        file(opened, f"C{n:02}", n % 20, NOW - timedelta(days=5))
    yield opened
    opened.close()


def desk(store: Store, caller: Caller = LOCAL, clocks: Clocks = CLOCKS) -> Desk:
    return Desk(store, LoanBook(store.home, store), RULES, None, caller, clocks)  # type: ignore[arg-type]


def brute(desk: Desk, measure: str) -> dict[str, object]:
    found = {}
    for borrower in desk.index().borrowers:
        answers = [a.answer for a in look_up(desk, borrower.id, [measure], ("latest",)) if known(a.answer) is not None]
        if answers:
            found[borrower.id] = answers[-1].value
    return found


@pytest.mark.parametrize("measure", MEASURES)
def test_order_filter_and_counts_equal_computing_everyone(store: Store, measure: str) -> None:
    here = desk(store)
    exact = brute(here, measure)
    assert len(exact) > 8
    middle = sorted(exact.values())[len(exact) // 2]  # type: ignore[type-var]
    for order in ("asc", "desc"):
        for operator in (">", ">=", "<", "<=", "=="):
            where = [{"measure": measure, "operator": operator, "value": str(middle)}]
            made = rank_borrowers(here, measure, order, 50, where).artifact  # type: ignore[arg-type]
            people = sorted(one for one in exact if COMPARE[operator](exact[one], middle))  # type: ignore[arg-type]
            people.sort(key=lambda one: exact[one], reverse=order == "desc")  # type: ignore[arg-type, return-value]
            assert [ref.id for ref in made.borrowers] == people
    top = rank_borrowers(here, measure, "desc", 3).artifact
    best = sorted(sorted(exact), key=lambda one: exact[one], reverse=True)  # type: ignore[arg-type, return-value]
    named = [ref.id for ref in top.borrowers]
    assert named[:3] == best[:3]
    counts = {v.about: v.value for v in top.values}
    assert (counts["matches"], counts["with_figure"]) == (len(exact), len(exact))
    assert counts["without_figure"] + counts["senseless"] == 24 - len(exact)  # type: ignore[operator]
    said = {figure.borrower: figure.status for figure in top.figures}
    assert len(named[3:]) <= counts["senseless"], "whom the figure means nothing for is named beside, never ranked"  # type: ignore[operator]
    assert all(one not in exact and said[one] == "not_meaningful" for one in named[3:])


def test_an_officer_ranks_only_his_own(store: Store) -> None:
    mine = rank_borrowers(desk(store, OFFICER), "current_ratio", "desc", 50).artifact
    assert {ref.id for ref in mine.borrowers} <= {f"C{n:02}" for n in range(1, 24, 2)}
    assert rank_borrowers(desk(store, Caller(user="x", role="officer")), "current_ratio").artifact.borrowers == ()


def test_what_is_kept_is_renewed_when_a_paper_comes(store: Store) -> None:
    before = desk(store)
    had = before.portfolio()
    later = replace(before.clocks, known_at=before.clocks.known_at + timedelta(hours=1))
    same = Desk(store, before.loan_book, RULES, None, LOCAL, later, before.names, before.portfolios)  # type: ignore[arg-type]
    assert same.portfolio() is had
    file(store, "C23", 4, NOW + timedelta(days=1))
    assert same.portfolio() is not had
    early = Desk(
        store, before.loan_book, RULES, None, LOCAL, Clocks(CLOCKS.as_of, NOW), before.names, before.portfolios  # type: ignore[arg-type]
    )  # fmt: skip
    assert "C23" not in early.portfolio().table.borrowers
    assert "C23" in same.portfolio().table.borrowers


def test_a_percentile_is_among_the_callers_own_borrowers_of_the_industry(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    here = desk(store)
    customers = [{"id": f"C{n:02}", "industry_code": "C34" if n < 16 else "G54"} for n in range(24)]
    monkeypatch.setattr(
        here.loan_book, "rows", lambda caller, table, *rest, **options: customers if table == "customers" else []
    )
    exact = {one: value for one, value in brute(here, "debt_to_assets").items() if one < "C16"}
    one = next(iter(exact))
    industry, found = peers_of(here, one, "debt_to_assets", exact[one])  # type: ignore[arg-type]
    others = [value for other, value in exact.items() if other != one]
    assert (industry, found.peers) == ("C34", len(others))
    below = sum(value < exact[one] for value in others) + 0.5 * sum(value == exact[one] for value in others)  # type: ignore[operator]
    assert found.percentile is not None and abs(float(found.percentile) - below / len(others)) < 1e-12
    artifact = standing(here, one, "debt_to_assets").artifact
    assert {"percentile", "peers"} <= {value.name for value in artifact.values}
    assert standing(here, "C20", "debt_to_assets").artifact.missing or len(brute(here, "debt_to_assets")) > 20


def test_where_the_division_holds_too_few_the_section_is_compared(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    here = desk(store)
    customers = [{"id": f"C{n:02}", "industry_code": "C3421" if n < 3 else "C2669" if n < 14 else "3521"} for n in range(24)]
    monkeypatch.setattr(
        here.loan_book, "rows", lambda caller, table, *rest, **options: customers if table == "customers" else []
    )
    exact = {one: value for one, value in brute(here, "debt_to_assets").items() if one < "C14"}
    one = next(one for one in exact if one < "C03")
    industry, found = peers_of(here, one, "debt_to_assets", exact[one])  # type: ignore[arg-type]
    assert (industry, found.peers) == ("C", len(exact) - 1) and found.percentile is not None


@pytest.mark.parametrize(
    ("code", "levels"),
    [
        ("C3421", ("C34", "C")),
        ("c34", ("C34", "C")),
        ("C", ("C",)),
        ("3421", ("34",)),
        ("G46.90", ("G46", "G")),
        ("", ()),
        (None, ()),
    ],
)
def test_an_industry_code_has_a_division_and_a_section(code: str | None, levels: tuple[str, ...]) -> None:
    assert industries(code) == levels
