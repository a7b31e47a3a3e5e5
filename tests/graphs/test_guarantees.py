"""Guarantees as a graph: circles, contagion, cascades, and what the sample bank's ring owes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.assistant.bank import CLOCKS, OFFICER, SmallBank, build
from tools.domain.guarantees import Guarantee, cascade, circle_of, circles, connected, contagion, guarantees_of, in_force
from tools.domain.names import normal_name
from tools.domain.related_parties import Ties
from tools.rulebook.money_rules import load_ties

DAY = date(2026, 10, 31)


def owes(guarantor: str, debtor: str, amount: int | None = 100) -> Guarantee:
    return Guarantee(
        guarantor, debtor, None if amount is None else Decimal(amount), "CNY", None, None, (), ((f"{guarantor}{debtor}", "1"),)
    )


def test_a_ring_of_three_is_one_circle_and_a_chain_is_none() -> None:
    ring = [owes("A", "B"), owes("B", "C"), owes("C", "A"), owes("C", "D")]
    (circle,) = circles(ring)
    assert (circle.members, circle.ring) == (("A", "B", "C"), ("A", "B", "C", "A"))
    assert circle_of(ring, "D") is None
    assert connected(ring, "D") == ("A", "B", "C", "D")


def test_trouble_runs_from_the_debtor_to_its_guarantors_up_to_what_is_owed() -> None:
    ring = [owes("A", "B", 50), owes("B", "C", None), owes("C", "A", 30)]
    reached = contagion(ring, "A", {"A": Decimal(20), "C": Decimal(70)})
    assert [(s.party, s.path, s.called) for s in reached] == [
        ("C", ("A", "C"), Decimal(20)),
        ("B", ("A", "C", "B"), Decimal(70)),
    ]


def test_a_guarantor_falls_when_all_it_promised_is_more_than_it_bears() -> None:
    chain = [owes("B", "A", 60), owes("B", "X", 60), owes("C", "B", 500)]
    owed = {"A": Decimal(60), "X": Decimal(60), "B": Decimal(90)}
    assert cascade(chain, ["A"], owed, {"B": Decimal(60), "C": Decimal(10)}) == ()
    falls = cascade(chain, ["A", "X"], owed, {"B": Decimal(60), "C": Decimal(10)})
    assert [(f.party, f.round, f.called) for f in falls] == [("B", 1, Decimal(120)), ("C", 2, Decimal(90))]


def test_the_same_guarantee_told_by_both_sides_and_by_the_register_counts_once() -> None:
    relations: list[dict[str, Any]] = [
        {"customer_id": "C1", "related_name": "Beta", "related_customer_id": None, "relation": "guarantee_given", "amount": Decimal(5), "start_date": None, "end_date": None},
        {"customer_id": "C2", "related_name": "Alpha", "related_customer_id": "C1", "relation": "guarantee_received", "amount": Decimal(5), "start_date": None, "end_date": None},
    ]  # fmt: skip
    names = {normal_name("Beta"): "C2"}
    (found,) = guarantees_of([], relations, {}, lambda name: names.get(normal_name(name)))
    assert (found.guarantor, found.debtor, len(found.rows)) == ("C1", "C2", 2)
    register: list[dict[str, Any]] = [
        {"id": "G1", "loan_ids": ["L1"], "name": "Alpha", "customer_id": "C1", "amount": Decimal(7), "currency_code": "CNY", "start_date": None, "end_date": date(2026, 1, 1)}
    ]  # fmt: skip
    both = guarantees_of(register, relations, {"L1": "C2"}, lambda name: names.get(normal_name(name)))
    assert [(g.amount, g.loans) for g in both] == [(Decimal(7), ("L1",))]
    assert in_force(both, DAY) == ()


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=24))
def test_two_parties_are_in_one_circle_exactly_when_each_reaches_the_other(pairs: list[tuple[int, int]]) -> None:
    edges = [owes(str(a), str(b)) for a, b in pairs if a != b]
    reach = {str(n): {str(n)} for n in range(8)}
    for _ in range(8):
        for edge in edges:
            reach[edge.guarantor] |= reach[edge.debtor]
    found = {member: circle.members for circle in circles(edges) for member in circle.members}
    for one in reach:
        mutual = tuple(sorted(other for other in reach if other in reach[one] and one in reach[other]))
        assert found.get(one, (one,)) == mutual
    for circle in circles(edges):
        steps = {(g.guarantor, g.debtor) for g in circle.guarantees}
        assert circle.ring[0] == circle.ring[-1]
        assert all(step in steps for step in zip(circle.ring, circle.ring[1:], strict=False))


def test_sisters_are_related_through_their_owner_and_make_one_group() -> None:
    customers = [{"id": "C1", "name": "One"}, {"id": "C2", "name": "Two"}, {"id": "C3", "name": "Three"}]
    relations: list[dict[str, Any]] = [
        {"customer_id": "C1", "related_name": "陈某", "related_customer_id": None, "relation": "actual_controller", "share": Decimal("0.6")},
        {"customer_id": "C2", "related_name": "陈某", "related_customer_id": None, "relation": "actual_controller", "share": None},
        {"customer_id": "C1", "related_name": "Three", "related_customer_id": "C3", "relation": "shareholder", "share": Decimal("0.02")},
        {"customer_id": "C1", "related_name": "Gone", "related_customer_id": None, "relation": "parent", "end_date": date(2025, 1, 1)},
    ]  # fmt: skip
    ties = Ties(relations, customers, DAY, load_ties(DAY), lambda name: None)
    assert [(r.party, r.kinds) for r in ties.related("C1")] == [
        ("name:陈某", ("actual_controller",)),
        ("C2", ("controlled",)),
    ]
    assert ties.group("C2") == ("C1", "C2", "name:陈某")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallBank]:
    made = build(tmp_path_factory.mktemp("bank"))
    yield made
    made.bank.close()


def test_whose_guarantees_one_may_not_see_are_not_in_the_view(small: SmallBank) -> None:
    view = small.bank.desk(OFFICER, CLOCKS).guarantees("C001")
    assert view.circle is None
    assert view.shape()["borrower"] == "C001"
