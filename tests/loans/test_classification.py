"""Classification: the handbook's edges, exemptions with dates, what is unknown, and contagion between a debtor's loans."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tools.domain.classification import Classification, DebtorCase, LoanCase, classify, classify_debtor
from tools.domain.rules import Known
from tools.errors import RulebookError
from tools.rulebook.loan_rules import load_classification

DAY = date(2026, 10, 31)
RULES = load_classification()


def case(
    loan: str = "L1", dpd: int | None = 0, current: str | None = "normal", balance: int = 100, **measures: object
) -> LoanCase:
    known = {name: Known(value) for name, value in measures.items()}  # type: ignore[arg-type]
    return LoanCase(loan, current, Decimal(balance), "CNY", dpd, {"days_past_due": Known(dpd), **known})


def one(dpd: int | None = 0, day: date = DAY, current: str | None = "normal", **measures: object) -> Classification:
    return classify(case(dpd=dpd, current=current, **measures), RULES, day)


@pytest.mark.parametrize(
    ("dpd", "floor"),
    [
        (0, None),
        (1, "special_mention"),
        (90, "special_mention"),
        (91, "substandard"),
        (270, "substandard"),
        (271, "doubtful"),
        (360, "doubtful"),
        (361, "loss"),
    ],
)
def test_days_past_due_edges(dpd: int, floor: str | None) -> None:
    result = one(dpd)
    assert result.worst_floor == floor
    assert result.proposed == (floor or "normal")


def test_overdue_seven_days_needs_a_recorded_technical_reason() -> None:
    assert one(7).worst_floor == "special_mention"
    assert one(7, technical_reason_recorded=False).worst_floor == "special_mention"
    excused = one(7, technical_reason_recorded=True)
    assert excused.worst_floor is None
    assert [result.exempted_by for result in excused.exempted] == ["EX-10-1-TECHNICAL@1"]
    assert one(8, technical_reason_recorded=True).worst_floor == "special_mention"


def test_expected_credit_loss_includes_its_limit() -> None:
    assert one(credit_impaired=True, ecl_share=Decimal("0.4999")).worst_floor == "substandard"
    assert one(credit_impaired=True, ecl_share=Decimal("0.50")).worst_floor == "doubtful"
    assert one(credit_impaired=True, ecl_share=Decimal("0.90")).worst_floor == "loss"
    assert one(credit_impaired=False, ecl_share=Decimal("0.95")).worst_floor is None


def test_share_overdue_at_all_banks_excludes_its_limit() -> None:
    assert one(debtor_retail=False, debtor_overdue_90_share=Decimal("0.20")).worst_floor is None
    assert one(debtor_retail=False, debtor_overdue_90_share=Decimal("0.2001")).worst_floor == "substandard"


GOOD = {
    "renewal": True,
    "refinance": False,
    "use_changed": False,
    "in_financial_difficulty": False,
    "dishonest_or_abnormal": False,
}


def test_medium_firm_renewal_is_exempt_by_its_maturity() -> None:
    medium = {**GOOD, "enterprise_medium": True, "enterprise_small_or_micro": False}
    assert one(maturity=date(2027, 9, 30), **medium).worst_floor is None
    hit = one(maturity=date(2027, 10, 1), **medium)
    assert [result.rule.id for result in hit.floors] == ["CLS-10-3"]
    before = one(day=date(2024, 9, 23), maturity=date(2025, 9, 30), **medium)
    assert before.worst_floor == "special_mention"
    after = one(day=date(2027, 10, 1), maturity=date(2027, 9, 30), **medium)
    assert after.worst_floor == "special_mention"


def test_unknown_is_neither_hit_nor_clear() -> None:
    result = one(maturity=date(2027, 9, 30), renewal=True, enterprise_medium=True, enterprise_small_or_micro=False)
    (renewal,) = [unknown for unknown in result.unknown if unknown.rule.id == "CLS-10-3"]
    assert renewal.missing == ("use_changed", "dishonest_or_abnormal", "in_financial_difficulty")
    assert all(name in RULES.tasks for unknown in result.unknown for name in unknown.missing)
    assert "CLS-10-1" in {unknown.rule.id for unknown in one(None).unknown}
    assert one(None).stage is None


def test_no_rule_holds_before_the_regulation() -> None:
    assert one(400, day=date(2023, 6, 30)).worst_floor is None


def test_proposal_is_never_better_than_the_books() -> None:
    assert one(91, current="doubtful").proposed == "doubtful"
    assert one(0, current="special_mention").proposed == "special_mention"


def test_stage_follows_days_past_due_and_category() -> None:
    assert [one(dpd).stage for dpd in (0, 30, 31, 90, 91)] == [1, 2, 2, 2, 3]  # overdue a day is special mention already
    assert one(31, sicr_rebutted=True, technical_reason_recorded=False).stage == 1
    assert classify(case(dpd=0), RULES, DAY, stage=2).stage == 2
    assert one(91).occ == "substandard"


def test_npl_spreads_over_a_debtor_but_not_over_a_retail_one() -> None:
    loans = [case("bad", 120, balance=11), case("good", 0, balance=89)]
    found = classify_debtor(loans, DebtorCase(retail=False), RULES, DAY)
    assert {result.rule.id for result in found["good"].floors} == {"CLS-7-1", "CLS-10-4"}
    assert found["good"].proposed == "substandard"
    retail = classify_debtor(loans, DebtorCase(retail=True), RULES, DAY)
    assert (retail["bad"].proposed, retail["good"].proposed) == ("substandard", "normal")


def test_ten_percent_itself_does_not_spread() -> None:
    loans = [case("bad", 120, balance=10), case("good", 0, balance=90)]
    found = classify_debtor(loans, DebtorCase(retail=False), RULES, DAY)
    assert found["good"].proposed == "special_mention"
    enhanced = classify_debtor(
        [case("bad", 120, balance=50), case("good", 0, balance=50, credit_enhanced=True)], DebtorCase(retail=False), RULES, DAY
    )
    assert enhanced["good"].proposed == "special_mention"


def test_cross_default_counts_debts_elsewhere() -> None:
    loans = [case("L1", 0, balance=800)]

    def proposed(overdue: str, balance: str = "200") -> Classification:
        debtor = DebtorCase(False, {}, "CNY", Decimal(balance), Decimal(overdue), Decimal(0))
        return classify_debtor(loans, debtor, RULES, DAY)["L1"]

    assert proposed("200").proposed == "normal"
    assert proposed("200.10", "200.10").worst_floor == "substandard"
    unknown = classify_debtor(loans, DebtorCase(False), RULES, DAY)["L1"]
    assert {"CLS-11-4", "CLS-10-4"} <= {result.rule.id for result in unknown.unknown}


def test_balances_of_two_currencies_are_not_added() -> None:
    dollars = LoanCase("D", "normal", Decimal(50), "USD", 0, {"days_past_due": Known(0)})
    found = classify_debtor([case("bad", 120, balance=50), dollars], DebtorCase(retail=False), RULES, DAY)
    assert "CLS-7-1" in {result.rule.id for result in found["D"].unknown}
    assert found["D"].proposed == "special_mention"


def test_every_rule_explains_itself_in_both_languages() -> None:
    for rule in RULES.rules:
        assert rule.explain["en"] and rule.explain["zh"] and rule.name["en"] and rule.name["zh"], rule.key
        assert rule.origin.source["title"], rule.key
    hit = one(95).floors[0]
    assert hit.told("zh") == "逾期95天,超过90天,至少归为次级类(不考虑担保)。"


def test_what_was_known_before_the_book_was_written_is_its_first_version() -> None:
    assert classify(case(dpd=95), load_classification(date(2020, 1, 1)), DAY).worst_floor == "substandard"


def test_a_rule_whose_test_fails_is_not_loaded(tmp_path: Path) -> None:
    own = tmp_path / "mine.yaml"
    text = """
entries:
- {id: CLS-11-1, version: 2, jurisdiction: CN, source: {title: draft}, effective_from: 2026-01-01, effective_to: null,
   recorded_from: 2026-01-01, scope: {}, kind: classification, name: {en: a, zh: b}, when: "days_past_due > 60",
   effect: {type: classification_floor, value: substandard}, explain: {en: e, zh: z}, tests: [{in: {days_past_due: LIMIT}, hit: false}]}
"""
    own.write_text(text.replace("LIMIT", "60"), encoding="utf-8")
    stricter = load_classification(extra=own)
    assert classify(case(dpd=61), stricter, DAY).worst_floor == "substandard"
    own.write_text(text.replace("LIMIT", "61"), encoding="utf-8")
    with pytest.raises(RulebookError, match=r"CLS-11-1@2, test 1: gives .* instead of"):
        load_classification(extra=own)


def test_a_share_is_told_to_four_decimals_and_kept_whole() -> None:
    known = Known(Decimal("0.2206896551724137931034482759"))
    assert (known.short, Known(Decimal("0.50000")).short, Known(Decimal(91)).short) == ("0.2207", "0.5", "91")
    assert known.text.startswith("0.22068965517")
