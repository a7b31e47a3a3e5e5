"""The handbook's worked example, row by row (section 6, vectors T49 and T50)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.tracing.worked_example import ACCOUNTS, FIFO, LIMITS, MISUSE, OPENINGS, PLACES, PRO_RATA, in_wan, lines
from tools.domain.account_steps import Walk, walk
from tools.domain.holdings import Method
from tools.domain.tracing import Trace, trace


def traced(method: Method, walked: Walk | None = None) -> Trace:
    found = walked or walk(ACCOUNTS, lines())
    steps = [
        replace(step, draw=step.transaction == "0", claim="loan" if step.transaction == "1" else "", misuse=step.transaction in MISUSE)
        for step in found.steps
    ]  # fmt: skip
    return trace(steps, found.openings, PLACES, method, LIMITS)


def test_two_lines_of_one_transfer_are_one_step_and_openings_come_from_the_balances() -> None:
    found = walk(ACCOUNTS, lines())
    assert found.pairs == {"1": "1b", "8": "8b", "9": "9b"}
    assert {id: in_wan(cents) for id, cents in found.openings.items()} == {id: f"{n}.0000" for id, n in OPENINGS.items()}
    assert found.remarks == ()


@pytest.mark.parametrize(("method", "wanted"), [("fifo", FIFO), ("pro_rata", PRO_RATA)])
def test_every_row_carries_the_handbooks_loan_part(method: Method, wanted: dict[str, str]) -> None:
    parts = {flow.transaction: in_wan(flow.loan) for flow in traced(method).flows}
    assert parts == {row: format(Decimal(part).quantize(Decimal("0.0001")), "f") for row, part in wanted.items()}


def test_misuse_counts_once_and_is_the_handbooks() -> None:
    fifo, pro_rata = traced("fifo"), traced("pro_rata")
    assert in_wan(fifo.misused) == "1152.2727"
    assert round(Decimal(fifo.misused) / fifo.drawn, 4) == Decimal("0.5761")
    assert in_wan(pro_rata.misused) == "1150.0082"
    assert [flow.transaction for flow in fifo.flows if flow.misused] == ["3", "5", "10", "11"]


def test_what_came_back_is_row_nine_out_of_the_entrusted_payment() -> None:
    (back,) = [flow for flow in traced("fifo").flows if flow.back]
    assert (back.transaction, back.sources, back.amount) == ("9", ("1",), 880_000_000)
    assert in_wan(back.back) == "840.0000"


@pytest.mark.parametrize("method", ["fifo", "pro_rata", "loan_first"])
def test_every_cent_rests_somewhere(method: Method) -> None:
    found = traced(method)
    assert sum(sum(tags.values()) for tags in found.resting.values()) == found.drawn == 2_000_000_000


def test_nothing_is_left_unspent_by_fifo_and_the_ceiling_is_above_both() -> None:
    assert traced("fifo").unspent(PLACES.own) == 0
    assert traced("loan_first").misused >= max(traced("fifo").misused, traced("pro_rata").misused)
