"""Reporting, incurrence, negative and cross-default covenants: decided by records, never by silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from tests.covenants.numbers import SETTINGS, Written, covenant, reads_as
from tools.domain.covenant_tests import CovenantTest
from tools.domain.covenants import Covenant, Waiver
from tools.domain.duties import Act, Delivery, Finding, Recorded, assess_any

YEAR_END, AS_OF = date(2025, 12, 31), date(2026, 5, 20)
REPORT = covenant(
    type="reporting", metric="statement:audited", operator="", threshold="", test_frequency="annually", due_days=120
)


def run(made: Covenant, recorded: Recorded, as_of: date = AS_OF, values: dict[date, str] | None = None) -> CovenantTest:
    measure = Written(values or {})
    return assess_any(made, measure, as_of, SETTINGS, reads_as, recorded=recorded, since=date(2025, 1, 1)).latest


def delivered(received: date | None, due: date | None = None, assurance: str = "audited") -> Recorded:
    return Recorded(deliveries=(Delivery("statement", YEAR_END, due, received, assurance),))


def test_annual_accounts_are_due_120_days_after_the_year_end() -> None:
    """C7: year ended 2025-12-31, due 2026-04-30."""
    assert run(REPORT, delivered(None), date(2026, 4, 30)).status == "not_due"
    late = run(REPORT, delivered(None), AS_OF)
    assert (late.status, late.due, late.late_days) == ("breach", date(2026, 4, 30), 20)
    assert run(REPORT, delivered(date(2026, 4, 30))).status == "compliant"
    assert run(REPORT, delivered(date(2026, 4, 30), assurance="unaudited")).status == "breach"
    assert run(REPORT, Recorded()).status == "not_evidenced"


def test_lateness_inside_grace_is_noted_and_kept() -> None:
    graced = replace(REPORT, grace_days=10)
    in_time = run(graced, delivered(date(2026, 5, 5)))
    assert (in_time.status, in_time.late_days) == ("compliant", 5)
    beyond = run(graced, delivered(date(2026, 5, 11)))
    assert (beyond.status, beyond.late_days, beyond.grace_until) == ("breach", 11, date(2026, 5, 10))
    assert run(replace(REPORT, waivers=(Waiver(None, YEAR_END),)), delivered(None)).status == "waived"
    asked = replace(REPORT, due_days=None)
    assert run(asked, delivered(date(2026, 5, 15), due=date(2026, 5, 15))).status == "compliant"
    assert run(REPORT, delivered(date(2026, 5, 15), due=date(2026, 5, 15))).status == "breach"  # the contract's day counts


def test_what_arrives_after_the_business_date_has_not_arrived() -> None:
    assert run(REPORT, delivered(date(2026, 5, 21))).status == "breach"


def test_incurrence_is_tested_when_the_borrower_acts() -> None:
    """C8: dividends only at a leverage of at most 3.0."""
    made = covenant(threshold="3.0", type="incurrence", test_frequency="on_event")
    values = {YEAR_END: "3.4558"}
    unknown = run(made, Recorded(), values=values)
    assert (unknown.status, unknown.early, unknown.missing) == ("not_evidenced", "breach", ("acts",))
    assert run(made, Recorded(acts=()), values=values).status == "not_due"
    paid = run(made, Recorded(acts=(Act("dividend", date(2026, 3, 1), Decimal(6_000_000)),)), values=values)
    assert (paid.status, paid.test_date, paid.reason) == ("breach", YEAR_END, "dividend on 2026-03-01")


def test_cross_default_includes_its_threshold() -> None:
    made = covenant(">=", "5000000", type="cross_default", metric=None, currency="CNY")

    def status(unpaid: str | None, currency: str = "CNY") -> str:
        amount = None if unpaid is None else Decimal(unpaid)
        return run(made, Recorded(unpaid_elsewhere=amount, unpaid_on=AS_OF, unpaid_currency=currency)).status

    assert [status(value) for value in ("4999999.99", "5000000", None)] == ["compliant", "breach", "not_evidenced"]
    assert status("1", "USD") == "not_evidenced"


def test_a_negative_covenant_with_a_ratio_is_tested_like_one() -> None:
    """C6: guarantees at most 30 % of equity."""
    made = covenant(threshold="0.30", type="negative", test_frequency="annually", due_days=0)
    assert run(made, Recorded(), values={YEAR_END: "0.31"}).status == "breach"


def test_a_duty_without_numbers_needs_a_finding() -> None:
    made = covenant(type="affirmative", metric=None, operator="", threshold="")
    silent = run(made, Recorded())
    assert (silent.status, silent.missing) == ("not_evidenced", ("finding",))
    kept, broken = Finding(True, date(2026, 1, 1), "policy seen"), Finding(False, date(2026, 5, 1), "policy lapsed")
    assert run(made, Recorded(findings=(kept,))).status == "compliant"
    latest = run(made, Recorded(findings=(broken, kept)))
    assert (latest.status, latest.reason) == ("breach", "policy lapsed")
    assert run(made, Recorded(findings=(kept, broken)), date(2026, 4, 1)).status == "compliant"


def test_grace_in_business_days_skips_the_may_holidays() -> None:
    made = replace(REPORT, grace_days=3, grace_business_days=True)
    late = run(made, delivered(None))
    # due Thursday 30 April 2026; 1-5 May are holidays, Saturday 9 May is a working day
    assert late.grace_until == date(2026, 5, 8)
    assert run(made, delivered(date(2026, 5, 8))).status == "compliant"


def test_papers_are_told_apart_by_the_name_of_the_duty() -> None:
    accounts = Delivery("statement", YEAR_END, None, date(2026, 4, 20), "audited")
    flow = Delivery("bank_flow", YEAR_END, None, date(2026, 1, 2))
    certificate = Delivery("compliance_certificate", YEAR_END, None, date(2026, 4, 28))

    def status(name: str, *came: Delivery) -> tuple[str, tuple[str, ...]]:
        found = run(replace(REPORT, metric=None, name=name), Recorded(deliveries=came))
        return found.status, found.missing

    assert status("Quarterly accounts", flow) == ("breach", ("statement",))
    assert status("Audited accounts", accounts) == ("compliant", ())
    assert status("Accounts and certificate", accounts) == ("breach", ("compliance_certificate",))
    assert status("Accounts and certificate", accounts, certificate) == ("compliant", ())
    assert status("合规证明", certificate) == ("compliant", ())
    assert status("Information", flow) == ("breach", ("statement",))
