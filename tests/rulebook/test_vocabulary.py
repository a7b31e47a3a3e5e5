"""Words in either language lead to one metric or line item, and `describe` says all there is about it."""

from __future__ import annotations

import pytest

from tools.errors import BadRequest
from tools.rulebook.loader import load_rulebook
from tools.rulebook.vocabulary import describe, in_words, lookup, normalised

RULES = load_rulebook()


@pytest.mark.parametrize(
    ("said", "id"),
    [
        ("资产负债率", "debt_to_assets"), ("负债率", "debt_to_assets"), ("流动比率", "current_ratio"), ("Current Ratio", "current_ratio"),
        ("leverage", "debt_to_ebitda"), ("debt to EBITDA", "debt_to_ebitda"), ("Debt/EBITDA", "debt_to_ebitda"), ("杠杆", "debt_to_ebitda"),
        ("DSCR", "dscr"), ("偿债备付率", "dscr"), ("interest coverage", "icr_ebit"), ("利息保障倍数", "icr_ebit"),
        ("EBITDA 利息保障倍数", "icr_ebitda"), ("ＥＢＩＴＤＡ", "ebitda"), ("有息负债", "total_debt"), ("net debt", "net_debt"),
        ("营收", "revenue"), ("sales", "revenue"), ("净利润", "net_profit"), ("净利率", "net_margin"), ("毛利", "gross_profit"),
        ("毛利率", "gross_margin"), ("ROE", "roe"), ("净资产收益率", "roe"), ("净资产", "total_equity"), ("cash", "cash_and_equivalents"),
        ("货币资金", "cash_and_equivalents"), ("经营现金流", "net_cash_operating"), ("operating income", "operating_profit"),
        ("total assets", "total_assets"), ("总资产", "total_assets"), ("应收账款", "accounts_receivable"), ("存货", "inventories"),
        ("应收账款周转天数", "dso"), ("Z值", "altman_z"), ("Z-score", "altman_z"), ("Z'", "z_prime"), ("M-score", "beneish_m"),
        ("有形净资产", "tnw"), ("短债占比", "st_debt_share"), ("free cash flow", "fcf"), ("贷款销售比", "bank_loan_to_revenue"),
        ("debt_to_assets", "debt_to_assets"), ("interest_expense", "interest_expense"),
    ],
)  # fmt: skip
def test_what_people_say(said: str, id: str) -> None:
    assert lookup(RULES, said) == id


def test_nothing_is_found_for_what_nobody_named() -> None:
    assert lookup(RULES, "天气") is None


def test_the_index_holds_words_as_written_and_normalised() -> None:
    assert RULES.metric_index["debt to ebitda"] == RULES.metric_index[normalised("Debt to EBITDA")] == "debt_to_ebitda"


def test_no_two_line_items_share_a_spoken_name() -> None:
    owners: dict[str, set[str]] = {}
    for item in RULES.items.values():
        for texts in item.synonyms.values():
            for text in texts:
                owners.setdefault(normalised(text), set()).add(item.id)
    assert {text: ids for text, ids in owners.items() if len(ids) > 1} == {}


def test_description_of_a_ratio() -> None:
    found = describe(RULES, "偿债备付率")
    assert (found["id"], found["rule"], found["unit"], found["basis"]) == ("dscr", "dscr@1", "x", "flow")
    assert found["formula_in_words"]["zh"] == "(息税折旧摊销前利润 - 所得税费用) / 还本付息额"
    assert {"set": "project", "when": "dscr < 1.3"} in found["warn_when"]
    assert found["not_meaningful_when"][0]["reads_as"] == "best"
    assert found["source"]["row"] == 20


def test_description_of_everything_else() -> None:
    assert describe(RULES, "总债务")["used_by"][0]
    assert describe(RULES, "total_liabilities")["derived_from"]
    assert describe(RULES, "statutory_tax_rate")["value"] == "0.25"
    assert describe(RULES, "units_per_usd")["by_currency"] == {"CNY": "7.2", "USD": "1"}
    assert describe(RULES, "negative_ebitda")["reads_as"] == "worst"
    assert describe(RULES, "annualised")["kind"] == "flag"
    assert describe(RULES, "ltm")["kind"] == "method"
    assert describe(RULES, "cfo_pre_interest")["uses"] == ["net_cash_operating", "interest_in_operating"]
    assert describe(RULES, "free_cash")["by_standard"]["US_GAAP"] == "cash_and_equivalents"
    with pytest.raises(BadRequest):
        describe(RULES, "no such thing")


def test_formulas_in_words_keep_functions_and_numbers() -> None:
    assert in_words(RULES, "avg(inventories) / cost_of_sales * 365", "zh") == "avg(存货) / 营业成本 * 365"
