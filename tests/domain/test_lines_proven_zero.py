"""A line that is not printed is zero when its subtotal proves it, and missing otherwise."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vectors import fact, mingyuan_facts
from tools.domain.evaluation import Evaluator
from tools.domain.factbook import FactBook
from tools.domain.facts import Fact
from tools.domain.figures import Figure
from tools.rulebook.loader import load_rulebook

RULES = load_rulebook()
END = date(2025, 12, 31)
LINES = ("long_term_borrowings", "bonds_payable", "lease_liabilities", "long_term_payables", "provisions", "deferred_income")


def figure(name: str, facts: list[Fact], standard: str | None = "CAS") -> Figure:
    return Evaluator(RULES, FactBook(facts, standard=standard)).figure(name, END)


def million(item: str, value: int, flags: tuple[str, ...] = ()) -> Fact:
    return fact(item, value, END, scale=Decimal(1000000), currency="USD", label="line", flags=flags)


def test_bonds_of_a_complete_statement_are_zero_with_the_proof_as_evidence() -> None:
    found = figure("bonds_payable", mingyuan_facts())
    assert (found.value, found.rule, found.flags) == (Decimal(0), "absent_zero@1", ("absent_zero",))
    assert {f.item for f in found.facts()} == {
        "total_noncurrent_liabilities", "long_term_borrowings", "lease_liabilities", "deferred_income", "deferred_tax_liabilities",
    }  # fmt: skip
    assert found.formula.startswith("total_noncurrent_liabilities - long_term_borrowings - lease_liabilities")


def test_a_section_that_does_not_add_up_proves_nothing() -> None:
    facts = mingyuan_facts(without=("deferred_income",))
    assert figure("bonds_payable", facts).missing == ("bonds_payable",)
    assert figure("total_debt", facts).missing == ("bonds_payable",)


def test_notes_and_of_which_rows_are_never_taken_as_zero() -> None:
    facts = mingyuan_facts(without=("interest_expense", "interest_paid"))
    assert figure("interest_expense", facts).missing == ("interest_expense",)
    assert figure("interest_paid", facts).missing == ("interest_paid",)


def test_lines_whose_absence_means_another_presentation_are_missing() -> None:
    by_nature = [f for f in mingyuan_facts() if f.item not in ("cost_of_sales", "total_current_assets")]
    by_nature = [f for f in by_nature if f.item != "operating_profit"]
    rest = sum((f.value for f in by_nature if f.item == "revenue" and f.period.end == END), Decimal(0))
    assert rest and figure("cost_of_sales", by_nature).missing == ("cost_of_sales",)


def test_an_unrecognised_caption_in_the_section_spoils_the_proof() -> None:
    facts = [f for f in mingyuan_facts() if not (f.item == "deferred_income" and f.period.end == END)]
    facts.append(fact("deferred_income", 120, END, flags=("other_line",)))
    found = figure("bonds_payable", facts)
    assert found.missing == ("bonds_payable",)
    assert "was not recognised" in found.reason


def test_totals_follow_from_the_balance_when_they_are_not_printed() -> None:
    facts = mingyuan_facts(without=("total_liabilities", "total_noncurrent_liabilities", "total_noncurrent_assets"))
    found = figure("total_liabilities", facts)
    assert (found.value, found.rule) == (Decimal(182400000), "derived.total_liabilities@1")
    assert figure("total_noncurrent_assets", facts).value == Decimal(118000000)
    assert figure("bonds_payable", facts).value == 0


def us_sheet(**more: int) -> list[Fact]:
    """An American balance sheet in millions: no liabilities total, current portion of debt on a line of its own."""
    lines = {
        "cash_and_equivalents": 40, "accounts_receivable": 30, "inventories": 20, "total_current_assets": 90, "ppe_net": 100,
        "goodwill": 10, "total_assets": 200, "accounts_payable": 25, "current_portion_lt_debt": 15, "other_current_liabilities": 20,
        "total_current_liabilities": 60, "long_term_borrowings": 50, "other_noncurrent_liabilities": 10, "share_capital": 5,
        "undistributed_profit": 75, "equity_attributable_to_parent": 80, "total_liabilities_and_equity": 200,
    } | more  # fmt: skip
    return [million(item, value) for item, value in lines.items()]


def test_an_american_sheet_gives_its_debt_with_the_current_portion_as_a_line() -> None:
    found = figure("total_debt", us_sheet(), "US_GAAP")
    assert found.value == Decimal(65000000)
    assert figure("total_equity", us_sheet(), "US_GAAP").value == Decimal(80000000)
    assert figure("total_liabilities", us_sheet(), "US_GAAP").value == Decimal(120000000)
    assert figure("minority_interest", us_sheet(), "US_GAAP").value == 0


def test_leases_and_debt_falling_due_on_two_lines_are_both_counted() -> None:
    facts = us_sheet(current_portion_noncurrent_liabilities=4, other_current_liabilities=16)
    both = figure("current_portion_noncurrent_liabilities", facts, "US_GAAP")
    assert (both.value, both.rule) == (Decimal(19000000), "own_line@1")
    assert figure("total_debt", facts, "US_GAAP").value == Decimal(69000000)


def test_an_of_which_row_is_not_counted_twice() -> None:
    facts = us_sheet(current_portion_noncurrent_liabilities=19, other_current_liabilities=16)
    assert figure("current_portion_noncurrent_liabilities", facts, "US_GAAP").value == Decimal(19000000)
    assert figure("current_portion_noncurrent_liabilities", mingyuan_facts()).value == Decimal(11000000)


def test_a_statement_of_one_company_has_no_minority_to_subtract() -> None:
    single = mingyuan_facts(
        without=("equity_attributable_to_parent", "minority_interest", "minority_profit", "net_profit_to_parent")
    )
    single = [f for f in single if f.item not in ("total_equity", "total_liabilities_and_equity", "total_assets")]
    single += [fact("total_equity", 11420, END), fact("total_equity", 10900, date(2024, 12, 31))]
    found = figure("roe", single)
    assert found.status == "ok" and found.value is not None and round(found.value, 4) == round(Decimal(1160) / 11160, 4)


amounts = st.integers(min_value=1, max_value=10_000)


@settings(max_examples=150, deadline=None)
@given(
    values=st.dictionaries(st.sampled_from(LINES), amounts, min_size=1), gap=st.integers(-50, 50), cut=st.sampled_from(LINES)
)
def test_the_proof_holds_exactly_when_the_printed_lines_reach_the_total(values: dict[str, int], gap: int, cut: str) -> None:
    printed = {item: value for item, value in values.items() if item != cut}
    total = sum(printed.values()) + gap
    facts = [fact(item, value, END) for item, value in printed.items()]
    found = figure(cut, [*facts, fact("total_noncurrent_liabilities", total, END)])
    allowed = min(Decimal(len(printed)), abs(Decimal(total)) * Decimal("0.0005"))
    proven = abs(gap) <= allowed and (bool(printed) or total == 0)
    if proven:
        assert (found.value, found.status) == (0, "ok")
    else:
        assert found.missing == (cut,) and found.value is None
