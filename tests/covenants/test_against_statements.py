"""The handbook's covenants on the handbook's company: from facts through the rulebook to a status and its JSON."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.covenants.numbers import SETTINGS, reads_as
from tests.vectors import fact, mingyuan_facts
from tools.domain.covenant_measures import EvaluatorMeasure
from tools.domain.covenant_shapes import assessment_shapes, untested_shape
from tools.domain.covenant_tests import Assessment, assess
from tools.domain.covenants import Covenant, covenant_from_shape, covenant_of
from tools.domain.evaluation import Evaluator
from tools.domain.factbook import FactBook
from tools.domain.facts import Fact
from tools.domain.money import shown
from tools.rulebook.loader import load_rulebook

RULEBOOK = load_rulebook()
YEAR_END, HALF = date(2025, 12, 31), date(2026, 6, 30)
DEBT_LINES = (
    "short_term_borrowings",
    "current_portion_noncurrent_liabilities",
    "long_term_borrowings",
    "bonds_payable",
    "lease_liabilities",
)
HALF_DEBT = [fact(item, 10400 if item == "short_term_borrowings" else 0, HALF) for item in DEBT_LINES]
ROW: dict[str, Any] = {"id": "C1", "loan_id": "L1", "name": "Leverage", "metric": "debt_to_ebitda", "operator": "<=",
                       "threshold": "3.5", "test_frequency": "annually", "scope": "consolidated"}  # fmt: skip


def run(as_of: date = date(2026, 4, 30), facts: list[Fact] | None = None, **row: Any) -> Assessment:
    book = FactBook(facts if facts is not None else mingyuan_facts(), standard="CAS")
    measure = EvaluatorMeasure(lambda scope: Evaluator(RULEBOOK, book, scope))
    return assess(covenant_of({**ROW, **row}, "C001"), measure, as_of, SETTINGS, reads_as, since=date(2024, 1, 1))


@pytest.mark.parametrize(
    ("row", "actual", "headroom", "cushion", "status"),
    [
        ({}, "3.4558", "0.0126", "0.0126", "at_risk"),
        (
            {"metric": "dscr", "operator": ">=", "threshold": "1.2", "basis": "annual"},
            "1.9855",
            "0.6546",
            "0.3956",
            "compliant",
        ),
        ({"metric": "debt_to_assets", "threshold": "0.65"}, "0.6080", "0.0646", "0.0646", "at_risk"),
        ({"metric": "资产负债率", "threshold": "0.65"}, "0.6080", "0.0646", "0.0646", "at_risk"),
        (
            {"metric": "tnw", "operator": ">=", "threshold": "100000000", "currency_code": "CNY"},
            "107000000.0000",
            "0.0700",
            "0.0654",
            "at_risk",
        ),
        (
            {"metric": "total_debt / (profit_before_tax + interest_expense + depreciation_amortization)"},
            "3.4558",
            "0.0126",
            "0.0126",
            "at_risk",
        ),
    ],
)
def test_handbook_examples(row: dict[str, Any], actual: str, headroom: str, cushion: str, status: str) -> None:
    """C1, C2, C3, C5 and a contract's own formula."""
    latest = run(**row).latest
    assert (latest.status, latest.test_date) == (status, YEAR_END)
    assert latest.actual is not None and latest.headroom is not None and latest.cushion is not None
    assert (shown(latest.actual), shown(latest.headroom), shown(latest.cushion)) == (actual, headroom, cushion)


def test_the_half_year_breaks_the_stepped_leverage() -> None:
    """C4 and T37, T38: 10,400 over 2,540 against 4.00."""
    made = run(
        date(2026, 9, 30), [*mingyuan_facts(), *HALF_DEBT], threshold="4.00", threshold_steps="2027-01-01:3.75;2028-01-01:3.5",
        test_frequency="semi_annually", due_days=45, grace_days=10, cure_days=20,
    )  # fmt: skip
    shape = json.loads(json.dumps(assessment_shapes(made)[0]))
    assert (shape["status"], shape["test_date"], shape["threshold"]) == ("breach", "2026-06-30", "4.00")
    assert shown(Decimal(shape["actual"])) == "4.0945"
    assert shape["figure"]["basis"] == "ltm"
    assert shape["cure"] == {
        "until": "2026-09-03",
        "options": [
            {"kind": "raise", "measure": "ebitda", "amount": "600000.00"},
            {"kind": "cut", "measure": "total_debt", "amount": "2400000.00"},
        ],
    }
    assert shape["grace_until"] == "2026-08-24"
    assert shape["steps"] == [{"from": "2027-01-01", "threshold": "3.75"}, {"from": "2028-01-01", "threshold": "3.5"}]
    assert [item["status"] for item in assessment_shapes(made, all_dates=True)][-3:] == ["compliant", "breach", "not_due"]


def test_negative_ebitda_fails_by_metric_and_by_formula() -> None:
    facts = [f for f in mingyuan_facts() if not (f.item == "profit_before_tax" and f.period.end == YEAR_END)]
    facts.append(fact("profit_before_tax", -1630, YEAR_END, 12, statement="income_statement"))  # EBITDA -50
    assert run(facts=facts).latest.status == "breach"
    by_formula = run(
        facts=facts, metric="total_debt / (profit_before_tax + interest_expense + depreciation_amortization)"
    ).latest
    assert (by_formula.status, by_formula.actual, by_formula.reason) == ("breach", None, "negative_denominator")


def test_missing_interest_names_itself() -> None:
    made = run(facts=mingyuan_facts(without=("interest_expense",)), metric="icr_ebitda", operator=">=", threshold="2")
    assert (made.latest.status, made.latest.missing) == ("not_evidenced", ("interest_expense",))


def test_a_metric_nobody_knows_is_not_evidenced_and_breaks_nothing() -> None:
    for metric in ("golden_ratio", "total_debt / ", "golden_ratio + 1"):
        latest = run(metric=metric).latest
        assert (latest.status, latest.missing) == ("not_evidenced", ("metric",))
        assert metric.split()[0] in latest.reason


def test_no_statements_at_all() -> None:
    assert run(facts=[]).latest.status == "not_evidenced"


def test_shape_goes_out_and_comes_back() -> None:
    made = covenant_of({**ROW, "threshold_steps": "2027-01-01:3.25", "due_days": 45, "first_test_date": YEAR_END}, "C001")
    proposed = untested_shape(made) | {"state": "proposed", "confidence": "0.95", "box": [1, 2, 3, 4], "clause": "21.2"}
    assert (proposed["status"], proposed["actual"], proposed["test_date"]) == (None, None, None)
    back = covenant_from_shape(json.loads(json.dumps(proposed)))
    expected = Covenant(
        **{name: getattr(made, name) for name in made.__slots__}
        | {"state": "proposed", "confidence": Decimal("0.95"), "box": (1, 2, 3, 4), "clause": "21.2"}
    )
    assert back == expected


def test_every_field_of_the_interface_is_there() -> None:
    shape = assessment_shapes(run())[0]
    wanted = """covenant borrower loan name type metric definition operator threshold steps basis scope test_frequency test_date actual
        status headroom cushion projected_breach figure grace_until cure document page box clause confidence state"""
    assert set(wanted.split()) <= set(shape)
    assert shape["figure"]["inputs"]
