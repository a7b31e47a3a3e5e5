"""Roles become Callers by the policy of the loan book's staff file, and nothing is guessed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.store.bank import CUSTOMERS, NOW, SEEN, STAFF, everyone, open_bank
from tools.domain.callers import LOCAL, Caller
from tools.errors import BadRequest, NotPermitted, UnknownBorrower
from tools.store.access import branch_regions, resolve
from tools.store.database import Store


def test_every_role_sees_what_the_policy_says(store: Store) -> None:
    open_bank(store)
    for user, caller in everyone(store).items():
        assert {b.id for b in store.borrowers.all(caller)} == SEEN[user], user
        assert caller.sees_nothing == (not SEEN[user])
    assert {user for user, caller in everyone(store).items() if caller.can_write} == set(SEEN) - {"X1", "D1", "nobody"}


def test_the_operator_exists_only_at_the_machine(store: Store) -> None:
    assert store.access.resolve("local", NOW) is LOCAL
    assert store.access.resolve("local", NOW, at_machine=False).sees_nothing
    assert resolve("local", STAFF, at_machine=False).sees_nothing


def test_missing_branch_region_or_grants_mean_nothing_is_seen() -> None:
    rows = [
        {"id": "M", "name": "m", "role": "manager", "branch_id": None},
        {"id": "R", "name": "r", "role": "reviewer", "branch_id": "B1", "region": None},
        {"id": "A", "name": "a", "role": "approver"},
        {"id": "S", "name": "s", "role": "service"},
        {"id": "Z", "name": "z", "role": "emperor", "branch_id": "B1"},
    ]
    assert all(resolve(row["id"] or "", rows).sees_nothing for row in rows)


def test_a_branch_with_two_regions_belongs_to_neither() -> None:
    front = [{"role": "officer", "branch_id": "B1", "region": "East"}, {"role": "manager", "branch_id": "B1", "region": "West"}]
    assert branch_regions(front) == {}
    back = [{"role": "reviewer", "branch_id": "B1", "region": "West"}]
    assert branch_regions([front[0], *back]) == {"B1": "East"}
    assert branch_regions(back) == {"B1": "West"}


def test_a_reviewer_does_not_see_a_head_office_shared_by_two_regions() -> None:
    assert "HQ" not in branch_regions(STAFF)


def test_grants_run_from_until_and_can_be_taken_back(store: Store) -> None:
    open_bank(store)
    grant = store.access.grant(LOCAL, "O3", "C5", NOW, reason="holiday cover", until=NOW + timedelta(days=7))

    def seen(days: int) -> set[str]:
        return {b.id for b in store.borrowers.all(store.access.resolve("O3", NOW + timedelta(days=days)))}

    assert [seen(days) for days in (-1, 0, 6, 7)] == [{"C4"}, {"C4", "C5"}, {"C4", "C5"}, {"C4"}]
    store.access.revoke(LOCAL, grant, NOW + timedelta(days=2))
    assert [seen(days) for days in (1, 2)] == [{"C4", "C5"}, {"C4"}]
    assert [r.object for r in store.trail.search(LOCAL, act="grant", borrower="C5")] == [grant, grant]
    with pytest.raises(BadRequest, match="no running grant"):
        store.access.revoke(LOCAL, grant, NOW + timedelta(days=3))


def test_nobody_grants_himself_or_what_he_cannot_see(store: Store) -> None:
    open_bank(store)
    officer = store.access.resolve("O1", NOW)
    with pytest.raises(NotPermitted, match="himself"):
        store.access.grant(officer, "O1", "C5", NOW, reason="curious")
    with pytest.raises(UnknownBorrower):
        store.access.grant(officer, "O2", "C5", NOW, reason="helping")
    with pytest.raises(BadRequest, match="reason"):
        store.access.grant(officer, "O2", "C1", NOW, reason="  ")
    with pytest.raises(NotPermitted):
        store.access.grant(store.access.resolve("X1", NOW), "O2", "C1", NOW, reason="x")


def test_slack_users_are_staff_or_nobody(store: Store) -> None:
    open_bank(store)
    assert store.access.user_of_slack("UO1") == "O1"
    assert store.access.user_of_slack("U-stranger") is None


def test_only_auditors_operators_and_admins_list_staff(store: Store) -> None:
    open_bank(store)
    callers = everyone(store)
    assert len(store.access.staff(callers["X1"])) == len(store.access.staff(callers["D1"])) == len(STAFF)
    with pytest.raises(NotPermitted):
        store.access.staff(callers["M1"])


def test_staff_of_an_older_book_does_not_come_back(store: Store) -> None:
    open_bank(store)
    older = NOW - timedelta(days=800)
    store.borrowers.upsert_from_book(
        LOCAL, CUSTOMERS, "S0000", known_from=older, recorded_at=NOW, staff=[{**STAFF[0], "role": "auditor"}]
    )
    assert store.access.resolve("O1", NOW).role == "officer"
    assert isinstance(store.access.resolve("O2", NOW), Caller)
