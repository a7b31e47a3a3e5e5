"""All fifty vectors of the handbook's section 11, each by the code that serves it, to four decimals; and that none is left out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache

import pytest

from tests.domain.test_handbook_vectors import VECTORS
from tests.tracing.test_worked_example import traced
from tests.tracing.worked_example import in_wan
from tests.vectors import fact, mingyuan_facts
from tools.domain.capital_need import NeedInputs, working_capital_need
from tools.domain.covenants import parse_limit
from tools.domain.daycounts import interest, year_fraction
from tools.domain.effectiveness import Confusion
from tools.domain.evaluation import Evaluator
from tools.domain.factbook import FactBook
from tools.domain.headroom import add_back_cap, cushion, headroom, ratio_cures
from tools.domain.instalments import annuity_payment, equal_principal_interest
from tools.domain.ledger import settle
from tools.domain.loan_states_in_time import StateThen
from tools.domain.loans import CashFlow, LoanTerms, LoanTransaction
from tools.domain.migration import roll_rates
from tools.domain.money import shown
from tools.domain.periods import Clocks
from tools.domain.postings import effective
from tools.domain.projection import fit
from tools.domain.schedules import build_schedule
from tools.domain.stress import Capacity, break_even_fall, stressed
from tools.rulebook.loader import load_rulebook
from tools.rulebook.loan_rules import load_scenarios

YEAR_END, HALF_YEAR = date(2025, 12, 31), date(2026, 6, 30)
LATE = datetime(2030, 1, 1, tzinfo=UTC)
D = Decimal
Values = list[Decimal | int | None]
NEED = NeedInputs(
    revenue=D(26400), cost_of_sales=D(20856), margin=D(1360) / D(26400), growth=D("0.08"), receivables=D(6210), inventories=D(5350),
    payables=D(4100), prepayments=D(660), advances=D(630), own_funds=D(1000), existing_loans=D(6400),
)  # fmt: skip
BASE = Capacity(D(2940), D(200), D(840), D(540), floating_debt=D(9000))


@cache
def evaluator() -> Evaluator:
    debt = [fact("short_term_borrowings", 10400, HALF_YEAR)]
    none = ("current_portion_noncurrent_liabilities", "long_term_borrowings", "bonds_payable", "lease_liabilities")
    debt += [fact(item, 0, HALF_YEAR) for item in none]
    return Evaluator(load_rulebook(), FactBook([*mingyuan_facts(market=True), *debt]))


def figure(name: str, end: date = YEAR_END) -> Decimal:
    value = evaluator().figure(name, end).value
    assert value is not None
    return value


def level(name: str) -> Callable[[], Values]:
    return lambda: [figure(name)]


def projected() -> Values:
    line = fit([(0, D("2.90")), (1, D("3.05")), (2, D("3.25")), (3, figure("debt_to_ebitda").quantize(D("0.00001")))])
    met = line.crossing(D("3.5"))
    assert met is not None
    return [met - 3]


def needed() -> Values:
    one = working_capital_need(NEED)
    other = working_capital_need(
        NeedInputs(**{**{f: getattr(NEED, f) for f in NEED.__dataclass_fields__}, "own_funds": D(2800)})
    )
    return [one.need, one.new_loan, other.room]


def equal_principal() -> Values:
    million, months, rate = D(1_000_000), 36, D("0.0435") / 12
    return [million / months + million * rate, million / months * (1 + rate), equal_principal_interest(million, rate, months)]


def one_month() -> Values:
    spans = [year_fraction(date(2026, 1, 21), date(2026, 2, 21), count) for count in ("act_360", "act_365", "std_30_360")]
    return [interest(D(10_000_000), D("0.0385"), span) for span in spans]


def stress() -> Values:
    return [stressed(BASE, next(s for s in load_scenarios() if s.id == "combined")).dscr]


def cures() -> Values:
    debt, ebitda = D(10400), figure("ebitda", HALF_YEAR) / 10000
    first = ratio_cures(debt, ebitda, "<=", D("3.5"), ("total_debt", "ebitda"))
    return [*(cure.amount for cure in first), ratio_cures(debt, ebitda, "<=", D(4), ("total_debt", "ebitda"))[0].amount]


def days_past_due() -> Values:
    terms = LoanTerms("L", "B", "CNY", D(300_000), D(0), date(2025, 12, 20), date(2026, 3, 20), "irregular", "monthly")
    dues = [CashFlow(f"F{month}", date(2026, month, 20), "principal", D(100_000)) for month in (1, 2, 3)]
    paid = [
        LoanTransaction("A", date(2026, 2, 10), "payment", D(60_000)),
        LoanTransaction("B", date(2026, 3, 25), "payment", D(90_000)),
    ]
    as_of = date(2026, 4, 30)
    return [settle(terms, build_schedule(terms, dues), effective(paid, Clocks(as_of, LATE)), as_of).dpd]


def penalty() -> Values:
    terms = LoanTerms("L", "B", "CNY", D(500_000), D("0.0435"), date(2025, 1, 1), date(2026, 1, 1), "bullet", "at_maturity",
                      penalty_rate=D("0.0435") * D("1.5"))  # fmt: skip
    schedule = build_schedule(terms, [CashFlow("P", date(2026, 1, 1), "principal", D(500_000))])
    ledger = settle(terms, schedule, effective([], Clocks(date(2026, 1, 24), LATE)), date(2026, 1, 24))
    return [sum((line.open_penalty for line in ledger.lines), D(0))]


def warnings() -> Values:
    found = Confusion(36, 24, 12, 928)
    return [found.precision, found.recall, found.f1, found.false_alert_rate]


def rolled() -> Values:
    """12,000 current of which 180 rolled, 160 in M1 of which 72 did, 60 in M2 of which 45 did, and M3 as it was."""
    june, july = date(2026, 6, 30), date(2026, 7, 31)
    before = [("A", 11820, 0, 0), ("B", 180, 0, 20), ("C", 72, 20, 40), ("D", 88, 20, 0), ("E", 45, 40, 70), ("F", 15, 40, 0)]
    states = [
        StateThen(id, "C1", "CNY", day, D(amount), dpd, True)
        for id, amount, *ages in before
        for day, dpd in zip((june, july), ages, strict=True)
    ]
    steps = roll_rates(states).mean
    found = [steps["current→M1"], steps["M1→M2"], steps["M2→M3"]]
    assert None not in found
    return [found[0] * found[1] * found[2]]  # type: ignore[operator]


def misuse() -> Values:
    found = traced("fifo")
    return [D(in_wan(found.misused)), D(found.misused) / found.drawn]


def pro_rata() -> Values:
    parts = {flow.transaction: D(in_wan(flow.loan)) for flow in traced("pro_rata").flows}
    return [parts["7"], parts["11"]]


def headrooms() -> Values:
    limits = [("debt_to_ebitda", "<=", "3.5"), ("dscr", ">=", "1.2"), ("debt_to_assets", "<=", "0.65")]
    return [headroom(figure(name), op, parse_limit(limit, op)) for name, op, limit in limits]  # type: ignore[arg-type]


MADE: dict[int, tuple[Callable[[], Values], str]] = {
    int(vector[1:]): (level(name), expected) for vector, name, expected in VECTORS if vector[0] == "T"
} | {
    28: (lambda: [add_back_cap(D(2940), D("0.2"), base) for base in ("before", "after")], "588.0000 735.0000"),
    29: (projected, "0.2996"),
    31: (needed, "8192.5751 792.5751 -1007.4249"),
    32: (lambda: [annuity_payment(D(1_000_000), D("0.0435") / 12, 36)], "29679.9341"),
    33: (equal_principal, "31402.7778 27878.4722 67062.5000"),
    34: (one_month, "33152.7778 32698.6301 32083.3333"),
    35: (stress, "1.3795"),
    36: (lambda: [break_even_fall(BASE)], "0.4626"),
    37: (lambda: [figure("ebitda", HALF_YEAR) / 10000, figure("debt_to_ebitda", HALF_YEAR)], "2540.0000 4.0945"),
    38: (cures, "431.4286 1510.0000 60.0000"),
    39: (days_past_due, "69.0000"),
    40: (warnings, "0.6000 0.7500 0.6667 0.0252"),
    45: (headrooms, "0.0126 0.6546 0.0646"),
    46: (lambda: [cushion(figure("dscr"), ">=", parse_limit("1.2", ">="))], "0.3956"),
    47: (rolled, "0.0051"),
    48: (penalty, "2084.3750"),
    49: (misuse, "1152.2727 0.5761"),
    50: (pro_rata, "193.5802 55.3086"),
}  # fmt: skip


def test_none_of_the_fifty_is_left_out() -> None:
    assert sorted(MADE) == list(range(1, 51))


@pytest.mark.parametrize("number", sorted(MADE))
def test_vector(number: int) -> None:
    made, expected = MADE[number]
    values = made()
    assert None not in values
    assert " ".join(shown(D(value)) for value in values if value is not None) == expected


def test_nobody_warned_gives_no_precision_and_no_zero() -> None:
    found = Confusion(false_negative=3, true_negative=9)
    assert (found.precision, found.recall, found.false_alert_rate) == (None, 0, 0)
    assert Confusion().f1 is None
