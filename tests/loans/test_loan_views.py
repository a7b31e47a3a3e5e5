"""From loan-book rows to the `loans` shape: what is shown, what is unknown, what the past leaves behind."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from tools.domain.classification import DebtorCase
from tools.domain.debtors import debtor_total
from tools.domain.dpd_history import dpd_history
from tools.domain.loan_measures import debtor_case
from tools.domain.loan_rows import flows_of, record_of, shares_limit, terms_of, transactions_of
from tools.domain.loan_shapes import loan_shape
from tools.domain.loan_views import LoanInput, LoanView, Predecessor, Rulings, loan_view, loan_views
from tools.domain.loans import LoanTransaction
from tools.domain.periods import Clocks
from tools.rulebook.loan_rules import load_calendar, load_classification, load_observation, load_repayment

CLOCKS = Clocks(date(2026, 10, 31), datetime(2026, 11, 1, tzinfo=UTC))
RULINGS = Rulings(load_classification(), load_repayment(CLOCKS.as_of), load_observation(), load_calendar())
FIRM = {"id": "C1", "type": "corporate", "enterprise_size": "medium", "in_financial_difficulty": False}


def row(id: str = "L1", **more: Any) -> dict[str, Any]:
    return {
        "id": id, "customer_id": "C1", "currency_code": "CNY", "orig_notional": Decimal("1200000.00"),
        "balance": Decimal("1000000.00"), "rate": Decimal("0.0435"), "start_date": date(2026, 5, 20),
        "end_date": date(2027, 5, 20), "repayment_type": "equal_principal", "repayment_frequency": "monthly",
        "classification": "normal", "stage": 1, "origin": "new", **more,
    }  # fmt: skip


def money(id: str, day: date, kind: str, amount: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "value_date": day, "type": kind, "amount": Decimal(amount), **more}


PAID = [
    money("T1", date(2026, 6, 20), "principal", "100000.00"), money("T2", date(2026, 6, 20), "interest", "4350.00"),
    money("T3", date(2026, 7, 20), "principal", "100000.00"), money("T4", date(2026, 7, 20), "interest", "3987.50"),
]  # fmt: skip


def views(
    *rows: dict[str, Any], paid: list[dict[str, Any]] | None = PAID, debtor: DebtorCase | None = None,
    predecessors: tuple[Predecessor, ...] = (), flows: list[dict[str, Any]] | None = None,
) -> dict[str, LoanView]:  # fmt: skip
    inputs = [
        LoanInput(
            terms_of(item), record_of(item), flows_of(flows or []),
            None if paid is None else transactions_of(paid if item["id"] == "L1" else []), predecessors=predecessors,
        )
        for item in rows
    ]  # fmt: skip
    who = debtor or debtor_case(FIRM, RULINGS.classification.words, events=[])
    return loan_views(inputs, who, CLOCKS, RULINGS)


def test_the_loans_shape() -> None:
    view = views(row(penalty_rate=Decimal("0.06525")))["L1"]
    shape = json.loads(json.dumps(loan_shape(view, RULINGS.classification.tasks, schedule=True)))
    # August (unpaid since the 20th), September and October are open
    assert (shape["dpd"], shape["bucket"], shape["oldest_unpaid_due"]) == (72, "M3", "2026-08-20")
    penalty = Decimal(100_000) * Decimal("0.06525") / 360 * (72 + 41 + 11)
    assert shape["overdue"] == {
        "principal": "300000.00", "interest": "9787.50", "penalty": f"{penalty:.2f}", "total": f"{309787.5 + float(penalty):.2f}",
        "fee": "0.00", "penalty_on_paid": "0.00",
    }  # fmt: skip
    assert shape["next_due"] == {"date": "2026-11-20", "principal": "100000.00", "interest": "2537.50"}
    assert shape["dues_12m"] == "710150.00"
    assert shape["stage"] == 2
    assert (shape["classification"]["current"], shape["classification"]["proposed"]) == ("normal", "special_mention")
    floor = shape["classification"]["floors"][0]
    assert floor["rule"] == "CLS-10-1"
    assert floor["evidence"][0] == {"measure": "days_past_due", "value": "72", "rows": [{"table": "loans", "id": "L1"}]}
    unknown = {item["rule"]: item for item in shape["classification"]["unknown"]}
    assert unknown["CLS-10-2"]["missing"] == ["use_changed"]
    assert unknown["CLS-10-2"]["tasks"][0]["zh"] == "核查资金流向和用途凭证"
    assert len(shape["schedule"]) == 12
    assert shape["schedule"][0] == {
        "date": "2026-06-20", "principal": "100000.00", "interest": "4350.00", "paid_principal": "100000.00",
        "paid_interest": "4350.00", "source": "generated", "fee": "0.00", "penalty": "0.00", "settled_on": "2026-06-20",
        "days_late": 0,
    }  # fmt: skip
    assert "schedule" not in loan_shape(view)


def test_without_postings_arrears_are_unknown_and_never_good() -> None:
    view = views(row(), paid=None)["L1"]
    shape = loan_shape(view, RULINGS.classification.tasks)
    assert (shape["dpd"], shape["bucket"], shape["overdue"]["total"], shape["stage"]) == (None, None, None, 1)
    assert shape["reason"] == "not computable because loan_transactions is missing"
    assert "CLS-10-1" in {item["rule"] for item in shape["classification"]["unknown"]}
    assert views(row(repayment_type="irregular"))["L1"].reason == "not computable because loan_cash_flows is missing"


def test_a_loan_that_never_paid_is_overdue_since_its_first_due() -> None:
    assert views(row(), paid=[])["L1"].oldest_unpaid_due == date(2026, 6, 20)


def test_penalty_without_a_rate_is_not_computable() -> None:
    view = views(row())["L1"]
    assert view.overdue is not None
    assert view.overdue.penalty is None
    assert "penalty_rate_missing" in view.flags


def test_a_closed_loan_owes_nothing_and_is_not_proposed() -> None:
    view = views(row(status="closed", balance=Decimal(0)))["L1"]
    shape = loan_shape(view)
    assert (shape["dpd"], shape["overdue"]["total"], shape["next_due"], shape["dues_12m"]) == (0, "0.00", None, "0.00")
    assert shape["classification"]["proposed"] is None


def test_difference_between_balance_and_postings_is_flagged() -> None:
    assert "balance_differs" not in views(row())["L1"].flags
    assert "balance_differs" in views(row(balance=Decimal(900_000)))["L1"].flags


def test_a_replaced_loan_leaves_its_arrears_behind() -> None:
    old = terms_of(row("L0", start_date=date(2025, 5, 20), end_date=date(2026, 5, 20)))
    before = Predecessor(
        old, date(2026, 5, 20), transactions=(LoanTransaction("X", date(2025, 9, 1), "principal", Decimal(400_000)),)
    )
    view = views(row(origin="refinance"), predecessors=(before,))["L1"]
    assert view.dpd == 72
    # interest was never paid on the old loan: overdue since June 2025
    assert view.inherited == (("L0", 334),)
    assert view.max_dpd == 334
    assert loan_shape(view)["inherited"] == [{"loan": "L0", "max_dpd": 334}]


def test_a_restructured_schedule_starts_anew_but_keeps_the_history() -> None:
    changed = date(2026, 9, 1)
    flows = [{"id": "F", "payment_date": date(2027, 5, 20), "type": "principal", "amount": Decimal(1_000_000)}]
    flows.append({"id": "G", "payment_date": date(2026, 11, 20), "type": "interest", "amount": Decimal(3000)})
    earlier = Predecessor(terms_of(row()), changed)
    view = views(row(restructured_date=changed, classification="special_mention"), flows=flows, predecessors=(earlier,))["L1"]
    assert (view.dpd, view.max_dpd, view.inherited) == (0, 12, (("L1", 12),))
    assert view.observation is not None
    assert view.observation.state == "not_started"
    assert view.classification is not None
    assert [hit.rule.id for hit in view.classification.floors] == ["CLS-21"]


def test_refinancing_in_difficulty_without_a_date_is_an_open_question() -> None:
    debtor = debtor_case({**FIRM, "in_financial_difficulty": True}, RULINGS.classification.words, events=[])
    result = views(row(origin="extension", extension_count=1), debtor=debtor)["L1"].classification
    assert result is not None
    assert "CLS-21" in {item.rule.id for item in result.unknown}


def test_events_and_bureau_answer_what_they_can() -> None:
    words = RULINGS.classification.words
    filed = {"id": "E1", "type": "bankruptcy", "title": "法院受理重整申请", "detail": None, "subject": "company"}
    wound_up = {**filed, "id": "E2", "title": "裁定宣告破产清算"}
    assert debtor_case(FIRM, words, events=[]).measures["bankruptcy_liquidation"].value is False
    assert debtor_case(FIRM, words, events=[filed]).measures["bankruptcy_liquidation"].value is None
    known = debtor_case(FIRM, words, events=[filed, wound_up]).measures["bankruptcy_liquidation"]
    assert (known.value, known.rows) == (True, (("events", "E2"),))
    assert debtor_case(FIRM, words).measures["bankruptcy_liquidation"].value is None
    alone = debtor_case(FIRM, words, {"id": "B1", "other_bank_count": 0})
    assert (alone.elsewhere_npl, alone.elsewhere_balance) == (0, 0)
    assert debtor_case({"id": "C", "type": "sme"}, words).retail is None
    assert debtor_case({"id": "C", "type": "corporate"}, words).retail is False
    assert debtor_case({"id": "C", "type": "individual"}, words).retail is True


def test_a_debtor_adds_up_by_currency() -> None:
    found = views(row(), row("L2", currency_code="USD", balance=Decimal(50)))
    total = debtor_total(found.values(), RULINGS.classification)
    assert (total.dpd, total.dpd_loan, total.proposed) == (133, "L2", "substandard")
    assert [(part.currency, part.balance) for part in total.totals] == [("CNY", 1_000_000), ("USD", 50)]
    blind = debtor_total(views(row(), paid=None).values(), RULINGS.classification)
    assert (blind.dpd, blind.unknown_loans, blind.totals[0].overdue) == (None, ("L1",), None)


def test_history_as_it_was_and_as_it_was_reported() -> None:
    late = money("T9", date(2026, 8, 20), "principal", "100000.00", posted_at=datetime(2026, 9, 10, 9, tzinfo=UTC))
    paid = [*PAID, late, money("T10", date(2026, 8, 20), "interest", "3625.00")]
    loan = LoanInput(terms_of(row()), record_of(row()), (), transactions_of(paid))
    days = [date(2026, 8, 31), date(2026, 9, 20), date(2026, 9, 30)]
    assert [p.dpd for p in dpd_history(loan, days, CLOCKS.known_at)] == [0, 0, 10]
    assert [p.dpd for p in dpd_history(loan, days, CLOCKS.known_at, reported=True)] == [11, 0, 10]
    blind = LoanInput(terms_of(row()))
    assert [p.dpd for p in dpd_history(blind, days, CLOCKS.known_at)] == [None, None, None]


def test_history_moves_due_dates_by_the_banks_rule_as_the_view_does() -> None:
    """20 September 2026 is a Sunday: paid on the Monday, nothing was late on the Sunday."""
    settings = replace(RULINGS.repayment, business_day_rule="following")
    loan = LoanInput(terms_of(row()), record_of(row()), transactions=transactions_of(PAID))
    day = date(2026, 9, 21)
    plain = [p.dpd for p in dpd_history(loan, [day], CLOCKS.known_at, calendar=RULINGS.calendar)]
    moved = [p.dpd for p in dpd_history(loan, [day], CLOCKS.known_at, settings, calendar=RULINGS.calendar)]
    here = Clocks(day, CLOCKS.known_at)
    views = [loan_view(loan, here, rulings).dpd for rulings in (RULINGS, replace(RULINGS, repayment=settings))]
    assert (plain, moved) == ([views[0]], [views[1]])


def test_history_runs_through_a_restructuring() -> None:
    changed = date(2026, 9, 1)
    interest = {"id": "G", "payment_date": date(2026, 11, 20), "type": "interest", "amount": Decimal(3000)}
    flows = flows_of([interest, {**interest, "id": "F", "payment_date": date(2027, 5, 20), "type": "principal"}])
    loan = LoanInput(
        terms_of(row()), record_of(row()), flows, transactions_of(PAID), predecessors=(Predecessor(terms_of(row()), changed),)
    )
    points = dpd_history(loan, [date(2026, 8, 31), changed, date(2026, 11, 30)], CLOCKS.known_at)
    assert [(point.dpd, point.overdue) for point in points] == [(11, Decimal("103625.00")), (0, 0), (10, 3000)]


def test_a_loan_closed_in_a_later_book_was_running_before() -> None:
    closed = row(status="closed", balance=Decimal(0))
    loan = LoanInput(terms_of(closed), record_of(closed), (), transactions_of(PAID), stated_on=date(2026, 12, 31))
    view = loan_views([loan], debtor_case(FIRM, RULINGS.classification.words), CLOCKS, RULINGS)["L1"]
    assert (view.dpd, view.terms.balance, view.terms.status) == (72, 1_000_000, "active")
    assert "balance_from_postings" in view.flags
    told = replace(loan, stated_on=date(2026, 10, 31))
    assert loan_views([told], debtor_case(FIRM, RULINGS.classification.words), CLOCKS, RULINGS)["L1"].dpd == 0


def test_the_balance_of_an_earlier_day_is_what_was_still_owed_then() -> None:
    """The book states 1,000,000 for its own day; on an earlier one what was paid back since is added and what was drawn since taken off."""
    stated = date(2026, 10, 31)
    typed = LoanInput(terms_of(row()), record_of(row()), (), transactions_of(PAID), stated_on=stated)
    mixed = [
        *PAID[:2],
        money("T3", date(2026, 7, 20), "payment", "103987.50"),
        money("T5", date(2026, 8, 1), "drawdown", "50000"),
    ]
    untyped = LoanInput(terms_of(row()), record_of(row()), (), transactions_of(mixed), stated_on=stated)

    def then(loan: LoanInput, day: date) -> Decimal | None:
        clocks = Clocks(day, CLOCKS.known_at)
        return loan_views([loan], debtor_case(FIRM, RULINGS.classification.words), clocks, RULINGS)["L1"].terms.balance

    days = (date(2026, 6, 1), date(2026, 6, 30), date(2026, 7, 31), stated)
    assert [then(typed, day) for day in days] == [1_200_000, 1_100_000, 1_000_000, 1_000_000]
    assert [then(untyped, day) for day in days] == [1_150_000, 1_050_000, 950_000, 1_000_000]


def test_a_limit_is_shared_by_the_loans_that_state_it() -> None:
    revolving = {"id": "L2", "facility_id": "F1", "limit_amount": "6000000"}
    term, twin = (
        {"id": "L1", "facility_id": "F1", "limit_amount": None},
        {"id": "L3", "facility_id": "F1", "limit_amount": "6000000.00"},
    )
    elsewhere, alone = {**twin, "id": "L4", "facility_id": "F2"}, {**twin, "id": "L5", "facility_id": None}
    sharing = [row["id"] for row in (term, revolving, twin, elsewhere, alone) if shares_limit(revolving, row)]
    assert sharing == ["L2", "L3"]
    assert shares_limit(alone, alone) and shares_limit(term, term) and not shares_limit(alone, {**alone, "id": "L6"})
