"""Covenants that bite on an act: dividends, debt elsewhere, guarantees. Judged by what the bank knows, never by silence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.loan_book import import_loan_book
from tests.assistant.bank import AS_OF, COVENANTS, OFFICER, RELATIONS, SmallBank, build
from tests.covenants.numbers import SETTINGS, Written, covenant, figure, reads_as
from tests.loan_book.books import as_csv
from tools.domain.callers import LOCAL
from tools.domain.covenant_tests import CovenantTest
from tools.domain.covenants import Covenant, Waiver
from tools.domain.duties import Recorded, assess_any
from tools.domain.figures import Basis, Figure
from tools.domain.periods import Clocks
from tools.domain.restricted_acts import EVER, Act, Finding, Window, acts_of_flows, acts_of_rises, together
from tools.errors import BadRequest
from tools.toolbox.covenant_desk import covenant_views
from tools.toolbox.covenant_life import change_covenant

D = Decimal
DAY, BEGUN = date(2026, 5, 20), date(2025, 1, 1)
DIVIDEND = covenant(threshold="3.0", type="incurrence", test_frequency="on_event", actions=("dividend",))
NO_GUARANTEE = covenant(type="negative", metric=None, operator="", threshold="", actions=("guarantee",))


class Profitable(Written):
    """Leverage by date, and a net profit of 11.6 million in 2025."""

    def figure(self, metric: str, period_end: date, basis: Basis | None, scope: object) -> Figure:
        if metric == "net_profit":
            held = "11600000" if period_end == date(2025, 12, 31) else None
            return figure(held, missing=() if held else ("net_profit",), day=period_end, unit="currency", currency="CNY")
        return super().figure(metric, period_end, basis, "consolidated")


def run(made: Covenant, *acts: Act, leverage: str = "2.5", known: bool = True, until: date | None = None) -> CovenantTest:
    measure = Profitable({date(2025, 12, 31): leverage})
    recorded = Recorded(acts=acts if known else None, watched={} if until is None else {made.actions[0]: until})
    return assess_any(made, measure, DAY, SETTINGS, reads_as, recorded=recorded, since=BEGUN).latest


def dividend(day: date, amount: str | None, since: date | None = None) -> Act:
    return Act("dividend", day, None if amount is None else D(amount), "CNY", since)


def test_a_dividend_is_tested_on_the_statements_before_it_and_on_its_cap() -> None:
    """Handbook 4, example 8: at most half of the profit of the year before, 5.8 million; leverage at most 3.0."""
    capped = replace(DIVIDEND, cap=D("0.5"))
    paid = date(2026, 4, 2)
    assert run(capped, dividend(paid, "5800000")).status == "compliant"
    over = run(capped, dividend(paid, "5800000.01"))
    assert (over.status, [limb.status for limb in over.limbs]) == ("breach", ["compliant", "breach"])
    assert run(capped, dividend(paid, "6000000"), leverage="3.4558").status == "breach"
    assert run(DIVIDEND, dividend(paid, "1"), leverage="3.0001").status == "breach"
    assert run(capped, dividend(date(2026, 3, 1), "3000000"), dividend(paid, "3000000")).status == "breach"


def test_a_part_nobody_can_judge_leaves_the_whole_unproven() -> None:
    paid = dividend(date(2026, 4, 2), "100")
    assert run(replace(DIVIDEND, no_default=True), paid).status == "not_evidenced"
    assert run(replace(DIVIDEND, no_default=True), paid, leverage="3.5").status == "breach"
    found = replace(DIVIDEND, no_default=True, findings=(Finding(True, date(2026, 4, 3), "no default then"),))
    assert run(found, paid).status == "compliant"
    assert run(replace(DIVIDEND, cap=D("0.5")), dividend(date(2026, 4, 2), None)).status == "not_evidenced"
    assert run(replace(DIVIDEND, cap=D("0.5")), replace(paid, currency="USD")).status == "not_evidenced"
    early = run(replace(DIVIDEND, cap=D("0.5")), dividend(date(2025, 6, 2), "100"))
    assert (early.status, early.missing) == ("not_evidenced", ("m",)), "neither the ratio nor the profit of 2024 is on file"


def test_an_act_that_may_have_been_before_the_contract_proves_nothing() -> None:
    straddling = run(DIVIDEND, dividend(date(2025, 6, 30), "600", since=date(2024, 12, 1)), leverage="3.5")
    assert (straddling.status, straddling.early) == ("not_evidenced", "breach")
    assert "is not known" in straddling.reason
    assert run(DIVIDEND, dividend(date(2024, 12, 31), "600"), until=DAY).status == "not_due"


def test_silence_is_not_due_where_the_bank_would_know_and_unproven_where_it_would_not() -> None:
    silent = run(DIVIDEND, until=date(2025, 12, 31), leverage="3.5")
    assert (silent.status, silent.early, silent.reason) == ("not_due", "breach", "no dividend is known up to 2025-12-31")
    assert run(DIVIDEND, known=False).status == "not_evidenced"
    quiet = run(NO_GUARANTEE, until=date(2026, 4, 30))
    assert (quiet.status, quiet.missing) == ("not_evidenced", ("finding",))
    assert "no guarantee is known up to 2026-04-30" in quiet.reason


def test_a_guarantee_without_leave_breaks_the_undertaking() -> None:
    given_ = Act("guarantee", date(2026, 2, 1), D(500), "CNY")
    broken = run(NO_GUARANTEE, given_)
    assert (broken.status, broken.test_date) == ("breach", date(2026, 2, 1))
    assert run(replace(NO_GUARANTEE, waivers=(Waiver(None, date(2026, 2, 1)),)), given_).status == "waived"
    assert (
        run(replace(NO_GUARANTEE, findings=(Finding(True, date(2026, 2, 1), "leave of 30 January"),)), given_).status
        == "compliant"
    )
    assert run(replace(NO_GUARANTEE, findings=(Finding(True, date(2026, 1, 1), "seen"),)), given_).status == "breach"
    assert run(replace(NO_GUARANTEE, excepted=True), given_).status == "not_evidenced"
    assert run(NO_GUARANTEE, replace(given_, since=EVER)).status == "not_evidenced", "a guarantee nobody dated"


def test_a_limit_on_an_act_is_held_against_its_amount() -> None:
    limited = replace(covenant("<=", "1000", type="negative", metric=None, currency="CNY"), actions=("disposal",))
    sold = Act("disposal", date(2026, 2, 1), D("1000.01"), "CNY")
    assert run(limited, sold).status == "breach"
    assert run(limited, replace(sold, amount=D(1000))).status == "not_evidenced", "within the limit, and nobody looked"
    assert run(limited, replace(sold, currency="USD")).status == "not_evidenced"
    assert run(limited, replace(sold, amount=None)).status == "not_evidenced"


def test_a_finding_grows_old() -> None:
    insured = covenant(type="affirmative", metric=None, operator="", threshold="", test_frequency="annually")
    seen = replace(insured, findings=(Finding(True, date(2025, 5, 20), "policy seen"),))
    assert run(replace(seen, actions=("x",))).status == "compliant"
    assert assess_any(seen, Written({}), DAY + timedelta(days=1), SETTINGS, reads_as).latest.status == "stale"


def test_what_a_later_report_of_the_year_adds_was_done_between_the_two() -> None:
    first = date(2025, 1, 1)
    reports = [Window(first, date(2025, 6, 30), D(6), "CNY", "a"), Window(first, date(2025, 12, 31), D(6), "CNY", "b"),
               Window(date(2026, 1, 1), date(2026, 6, 30), D(0), "CNY", "c"), Window(date(2026, 1, 1), date(2026, 12, 31), D(4), "CNY", "d")]  # fmt: skip
    found = acts_of_flows("dividend", reports)
    assert [(act.first, act.day, act.amount) for act in found] == [
        (first, date(2025, 6, 30), D(6)),
        (date(2026, 7, 1), date(2026, 12, 31), D(4)),
    ]
    points = [Window(day, day, D(amount), money, "") for day, amount, money in (
        (date(2026, 1, 31), 5, "CNY"), (date(2026, 2, 28), 7, "CNY"), (date(2026, 3, 31), 9, "USD"), (date(2026, 4, 30), 8, "USD"))]  # fmt: skip
    assert [(act.first, act.amount) for act in acts_of_rises("new_debt", points)] == [(date(2026, 2, 1), D(2))]


@given(st.lists(st.tuples(st.integers(1, 360), st.integers(1, 10**9)), min_size=1, max_size=8))
def test_payments_add_up_and_a_statement_over_them_is_the_same_money(paid: list[tuple[int, int]]) -> None:
    start = date(2025, 1, 1)
    acts = [Act("dividend", start + timedelta(days=day), D(amount), "CNY") for day, amount in sorted(paid)]
    total = D(sum(amount for _, amount in paid))
    assert together(acts[-1], acts, start) == total
    told = Act("dividend", date(2025, 12, 31), total, "CNY", start, "F1", "dividends_paid")
    assert together(told, [*acts, told], start) == total


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallBank]:
    root = tmp_path_factory.mktemp("acts")
    made = build(root)
    more = [
        {**COVENANTS[0], "id": "V004", "name": "不得对外担保", "type": "negative", "metric": "", "operator": "", "threshold": "", "basis": "",
         "first_test_date": "", "definition": "未经贷款人书面同意，借款人不得为任何第三方提供担保。"},
        {**COVENANTS[0], "id": "V005", "name": "新增融资", "type": "incurrence", "threshold": "0.60", "metric": "debt_to_assets", "test_frequency": "annually",
         "definition": "借款人仅在资产负债率不高于60%时方可向其他金融机构借款。"},
    ]  # fmt: skip
    tables = {
        "covenants": [*COVENANTS, *more],
        "relations": [*RELATIONS, {"customer_id": "C001", "related_name": "江州顺达物流有限公司", "relation": "guarantee_given", "amount": "3000000", "start_date": "2026-07-01"}],
        "bureau": [{"id": "B2", "customer_id": "C001", "date": "2026-10-25", "other_bank_balance": "49000000.00", "currency_code": "CNY"}],
    }  # fmt: skip
    book = root / "later"
    book.mkdir()
    for name, rows in tables.items():
        (book / f"{name}.csv").write_text(as_csv(rows), encoding="utf-8")
    report = import_loan_book(LOCAL, book, made.bank.store, made.bank.home, AS_OF, datetime(2026, 11, 3, tzinfo=UTC))
    assert not report.shape()["rejected"], report.shape()["rejected"]
    yield made
    made.bank.close()


def views(small: SmallBank, known: datetime) -> dict[str, dict[str, object]]:
    return {one["covenant"]: one for one in covenant_views(small.bank.desk(OFFICER, Clocks(AS_OF, known)), "C001")}


def test_acts_are_read_from_the_book_with_their_rows_and_a_finding_settles_them(small: SmallBank) -> None:
    now = datetime(2026, 11, 4, tzinfo=UTC)
    found = views(small, now)
    assert (found["V004"]["status"], found["V004"]["test_date"]) == ("breach", "2026-07-01")
    acts = found["V004"]["acts"]
    assert isinstance(acts, list) and acts[0]["source"].startswith("relations:") and acts[0]["amount"] == "3000000.00"
    assert (found["V005"]["status"], found["V005"]["early"], found["V005"]["test_date"]) == ("breach", None, "2025-12-31")
    assert str(found["V005"]["reason"]).startswith("new_debt between 2026-10-01 and 2026-10-25")
    desk = small.bank.desk(OFFICER, Clocks(AS_OF, now))
    change_covenant(desk, "find", "V004", now, kept=True, day=date(2026, 7, 2), reason="贷款人2026年6月28日书面同意")
    settled = views(small, now + timedelta(days=1))["V004"]
    assert (settled["status"], settled["reason"]) == ("compliant", "贷款人2026年6月28日书面同意")
    with pytest.raises(BadRequest, match="tested on figures"):
        change_covenant(desk, "find", "V001", now, kept=True, day=date(2026, 7, 2), reason="x")
