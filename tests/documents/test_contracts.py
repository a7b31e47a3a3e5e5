"""Contracts: clauses, terms and proposed covenants, on the handbook's clauses and on real agreements."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ingestion.contracts.comparisons import comparisons
from ingestion.contracts.reading import read_contract
from ingestion.readers.plain import text_reading
from ingestion.reading import extract_bytes, extract_file
from tests.documents import papers


def covenants(text: str) -> list[dict[str, Any]]:
    return read_contract(text_reading(text).blocks, "a" * 64, "contract.txt").covenants


def only(text: str) -> dict[str, Any]:
    found = covenants(text)
    assert len(found) == 1
    return found[0]


def test_handbook_1_ratio_tested_quarterly() -> None:
    found = only(
        "The Borrower shall ensure that the ratio of Total Debt to EBITDA for any Relevant Period shall not exceed 3.50:1, "
        "tested quarterly on a consolidated basis."
    )
    assert (found["metric"], found["operator"], found["threshold"]) == ("debt_to_ebitda", "<=", "3.50")
    assert (found["test_frequency"], found["basis"], found["scope"], found["type"]) == (
        "quarterly",
        "ltm",
        "consolidated",
        "maintenance",
    )
    assert found["status"] == "proposed" and found["state"] == "proposed" and found["locator"] == "#p1"


def test_handbook_2_chinese_debt_service_cover_with_its_formula() -> None:
    found = only("借款人应确保每个会计年度末偿债备付率(EBITDA减所得税)/(当期应还本金+利息)不低于1.20。")
    assert (found["metric"], found["operator"], found["threshold"]) == ("dscr", ">=", "1.20")
    assert (found["test_frequency"], found["basis"]) == ("annually", "annual")


def test_handbook_3_percentage_and_half_year() -> None:
    found = only("贷款存续期内,借款人合并口径资产负债率不得高于65%,每半年末测算。")
    assert (found["metric"], found["operator"], found["threshold"]) == ("debt_to_assets", "<=", "0.65")
    assert (found["test_frequency"], found["scope"]) == ("semi_annually", "consolidated")


@pytest.mark.parametrize(
    "text",
    [
        "Leverage shall not exceed 4.00:1 to 31 Dec 2026, 3.75:1 to 31 Dec 2027 and 3.50:1 thereafter.",
        "借款人总债务与EBITDA之比：2026年12月31日（含）以前不得高于4.00，2027年12月31日（含）以前不得高于3.75，此后不得高于3.50。",
    ],
)
def test_handbook_4_steps_over_time(text: str) -> None:
    found = only(text)
    assert (found["metric"], found["operator"], found["threshold"]) == ("debt_to_ebitda", "<=", "4.00")
    assert [(step["from"], step["threshold"]) for step in found["steps"]] == [("2027-01-01", "3.75"), ("2028-01-01", "3.50")]


def test_handbook_5_amount_in_its_currency() -> None:
    found = only("Tangible Net Worth shall at all times be not less than RMB 100,000,000.")
    assert (found["metric"], found["operator"], found["threshold"], found["currency"]) == ("tnw", ">=", "100000000", "CNY")


def test_handbook_6_negative_undertaking_with_consent() -> None:
    found = only("未经贷款人书面同意,借款人年度对外担保余额合计不得超过净资产的30%,不得为关联方以外第三方提供担保。")
    assert (found["type"], found["metric"], found["operator"], found["threshold"]) == (
        "negative",
        "contingent_ratio",
        "<=",
        "0.3",
    )
    assert found["consent"] == "lender_written" and found["forbidden"] == ["third_party_guarantee"]


def test_handbook_7_reporting_duties_with_grace() -> None:
    found = only(
        "Audited accounts within 120 days of each year end, quarterly accounts and a Compliance Certificate within 45 days of each "
        "quarter end; failure unremedied for 10 Business Days is an Event of Default."
    )
    assert found["type"] == "reporting"
    assert found["items"] == [
        {"doc": "annual_audited", "days": 120}, {"doc": "quarterly", "days": 45}, {"doc": "compliance_certificate", "days": 45},
    ]  # fmt: skip
    assert (found["grace_days"], found["grace_unit"]) == (10, "business_day")


def test_handbook_8_incurrence_and_cross_default() -> None:
    dividend, default = covenants(
        "借款人仅在最近一期总债务/EBITDA不高于3.0倍且无违约事件时方可分红,且分红不超过上一年度净利润的50%;"
        "借款人其他债务逾期本金达500万元(含)以上视为本合同项下违约。"
    )
    assert (dividend["type"], dividend["metric"], dividend["operator"], dividend["threshold"]) == (
        "incurrence",
        "debt_to_ebitda",
        "<=",
        "3.0",
    )
    assert dividend["no_event_of_default"] is True and dividend["cap"] == {"share_of": "net_profit", "limit": "0.5"}
    assert (default["type"], default["threshold"], default["inclusive"]) == ("cross_default", "5000000", True)


def test_pieces_after_semicolons_go_on_with_the_measure_before() -> None:
    found = only(
        "借款人合并口径总债务/EBITDA（按最近十二个月计算）：2026年6月29日（含）以前不得高于4.50倍；自2026年6月30日起不得高于4.00倍；"
        "自2027年6月30日起不得高于3.50倍。每半年末测算。"
    )
    assert (found["threshold"], found["test_frequency"]) == ("4.50", "semi_annually")
    assert [(step["from"], step["threshold"]) for step in found["steps"]] == [("2026-06-30", "4.00"), ("2027-06-30", "3.50")]


@pytest.mark.parametrize(
    ("text", "metric", "operator", "threshold"),
    [
        ("The Borrower shall maintain a Debt Service Coverage Ratio of 1.25 to 1.00 or greater, tested annually.", "dscr", ">=", "1.25"),
        ("The Borrower will not permit the Total Leverage Ratio as of the last day of any fiscal quarter to exceed 3.75 to 1.00.",
         "debt_to_ebitda", "<=", "3.75"),
        ("The Company shall at all times maintain unrestricted cash of at least $10,000,000.", "cash_and_equivalents", ">=", "10000000"),
        ("借款人应确保净资产不低于人民币5,000万元。", "total_equity", ">=", "50000000"),
        ("借款人应确保其利息保障倍数不得低于百分之三百。", "icr_ebitda", ">=", "3"),
    ],
)  # fmt: skip
def test_other_wordings(text: str, metric: str, operator: str, threshold: str) -> None:
    found = only(text)
    assert (found["metric"], found["operator"], found["threshold"]) == (metric, operator, threshold)


def test_a_table_under_the_clause_gives_the_steps() -> None:
    page = (
        "<html><body><p>6.1 Leverage Ratio. The Borrower shall not permit the Leverage Ratio at the end of any fiscal quarter to exceed the ratio set "
        "forth below:</p><table><tr><td>Fiscal Quarter Ending</td><td>Maximum Ratio</td></tr><tr><td>March 31, 2026</td><td>4.50 to 1.00</td></tr>"
        "<tr><td>June 30, 2026 through December 31, 2026</td><td>4.25 to 1.00</td></tr><tr><td>Thereafter</td><td>4.00 to 1.00</td></tr></table>"
        "<p>6.2 Books. The Borrower shall keep books. WHEREAS the parties hereto governing law credit agreement</p></body></html>"
    )
    found = extract_bytes(page.encode(), "c.html", kind="contract").covenants
    assert len(found) == 1
    assert [(step["from"], step["threshold"]) for step in found[0]["steps"]] == [
        ("2026-03-31", "4.50"), ("2026-06-30", "4.25"), ("2027-01-01", "4.00"),
    ]  # fmt: skip


def test_the_formula_in_brackets_decides_between_two_covers() -> None:
    assert (
        only("借款人应确保利息保障倍数（（利润总额＋利息费用）/利息费用，按最近十二个月计算）不低于3.50倍，每半年末测算。")[
            "metric"
        ]
        == "icr_ebit"
    )
    assert only("借款人每一会计年度的利息保障倍数（EBITDA/利息费用）不得低于4.00倍。")["metric"] == "icr_ebitda"


@pytest.mark.parametrize(
    ("text", "operator"),
    [
        ("shall not permit, at any time, the ratio of debt to be more than the amount", "<="),
        ("will not permit it during any year to exceed", "<="),
        ("shall not permit it to be less than", ">="),
        ("of not less than", ">="),
        ("shall not make expenditures in any year in excess of", "<="),
        ("equal to or greater than", ">="),
        ("不得低于", ">="),
        ("不超过", "<="),
        ("应保持在1.2以上", ">="),
        ("应低于70%", "<="),
    ],
)
def test_direction(text: str, operator: str) -> None:
    assert [found.operator for found in comparisons(text)] == [operator]


@pytest.mark.parametrize(
    "text",
    [
        '"EBITDA" means consolidated profit, which shall not exceed 3.0 times the amount.',
        "The Applicable Margin shall be 1.25% if the Fixed Charge Coverage Ratio is greater than 2.25:1.00.",
        "The Borrower may make Capital Expenditures in an aggregate amount not to exceed $5,000,000.",
        "Borrower may incur Indebtedness so long as the Leverage Ratio does not exceed 4.00 to 1.00.",
        "借款人可以在资产负债率不高于60%的前提下对外投资。",
        "The Borrower shall keep proper books and pay its taxes.",
        "The Fixed Charge Coverage Ratio set forth below shall be explained to the Lender.",
    ],
)
def test_nothing_is_invented(text: str) -> None:
    assert [found for found in covenants(text) if found["type"] == "maintenance"] == []


def test_several_tests_in_one_sentence() -> None:
    found = covenants("借款人应维持有形净资产不低于人民币1亿元，利息保障倍数不低于3倍，流动比率不低于1.1。")
    assert [(c["metric"], c["threshold"]) for c in found] == [
        ("tnw", "100000000"),
        ("icr_ebitda", "3"),
        ("current_ratio", "1.1"),
    ]


def test_a_definition_decides_between_two_measures() -> None:
    text = '"Leverage" means the ratio of Net Debt to EBITDA.\n\nThe Borrower shall ensure that Leverage shall not exceed 3.00:1 each quarter.'
    assert only(text)["metric"] == "net_debt_to_ebitda"


def test_amendment_replaces_its_clause_and_keeps_the_old_one() -> None:
    text = (
        "6.1 Financial Covenants.\n\n(d) Minimum Tangible Net Worth. Borrower shall maintain at the end of each fiscal quarter Tangible Net Worth "
        "of not less than $24,000,000.\n\nSECTION 2. Amendment of Section 6.1(d) of the Credit Agreement. It is replaced by:\n\n"
        '"(d) Minimum Tangible Net Worth. Borrower shall maintain at the end of each fiscal quarter Tangible Net Worth of not less than $19,000,000."'
    )
    found = only(text)
    assert (found["clause"], found["threshold"]) == ("6.1(d)", "19000000")
    assert "24,000,000" in found["supersedes"]["text"]


def test_terms_on_the_face_of_a_chinese_contract() -> None:
    data = papers.docx(
        ["流动资金借款合同", "签订日期：2025年3月12日", "第一条 借款金额为人民币（大写）陆仟肆佰万元整（小写：￥64,000,000.00）。",
         "第二条 借款期限自2025年3月15日起至2026年3月14日止。", "第三条 借款年利率为3.85%。", "第四条 本合同项下借款用于采购钢材。",
         "第五条 采用贷款人受托支付方式。", "第六条 按季付息，到期还本。"],
        [["贷款人（甲方）", "江州银行股份有限公司"], ["借款人（乙方）", "江州明远精密机械有限公司"]],
    )  # fmt: skip
    extraction = extract_bytes(data, "合同.docx")
    terms = {term["name"]: term["value"] for term in extraction.details["terms"] if term["name"] != "party"}
    assert extraction.kind == "contract" and extraction.entity == "江州明远精密机械有限公司"
    assert terms == {
        "signed": "2025-03-12", "amount": {"amount": "64000000", "currency": "CNY"}, "start_date": "2025-03-15", "end_date": "2026-03-14",
        "rate": {"annual": "0.0385"}, "purpose": "采购钢材", "payment_control": "entrusted", "repayment_type": "interest_only",
    }  # fmt: skip


def test_passages_go_by_clause() -> None:
    extraction = extract_bytes(papers.CONTRACT_EN.encode(), "facility.txt")
    assert extraction.kind == "contract" and extraction.entity == "Harbour Foods Limited"
    clause = next(passage for passage in extraction.passages if "3.50:1, tested quarterly" in passage.text)
    assert clause.heading.endswith("6.1") and "Leverage" not in clause.text


def truth(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "contracts" / "covenants.jsonl").read_text(encoding="utf-8").splitlines()]


def test_real_agreements_are_read_whole_and_nothing_is_invented(filings: Path) -> None:
    right, wrong, invented = 0, [], []
    for agreement in truth(filings):
        found = [c for c in extract_file(filings / "contracts" / agreement["file"]).covenants if c["type"] == "maintenance"]
        for wanted in agreement["covenants"]:
            steps = wanted.get("amended_steps") or wanted["steps"]
            limits = [Decimal(str(step["threshold"])) for step in steps]
            starts = [step.get("from") or step.get("from_") for step in steps]
            starts = [start for start in starts if start and start != "closing"]
            match = next(
                (
                    c
                    for c in found
                    if (c["metric"], c["operator"]) == (wanted["metric"], wanted["operator"]) and _limits(c)[0] == limits[0]
                ),
                None,
            )
            if match is None or not _covers(match, dict(zip(starts, limits[len(limits) - len(starts) :], strict=True))):
                wrong.append((agreement["doc"], wanted["name"]))
                continue
            found.remove(match)
            right += 1
        invented += [(agreement["doc"], c["clause"], c["metric"]) for c in found]
    assert (right, wrong, invented) == (13, [], [])


def _limits(covenant: dict[str, Any]) -> list[Decimal]:
    return [Decimal(covenant["threshold"]), *(Decimal(step["threshold"]) for step in covenant["steps"])]


def _covers(covenant: dict[str, Any], wanted: dict[str, Decimal]) -> bool:
    """Whether the limit in force on each wanted date is the wanted one."""
    for day, limit in wanted.items():
        begun = [step for step in covenant["steps"] if step["from"] <= day]
        if (Decimal(begun[-1]["threshold"]) if begun else Decimal(covenant["threshold"])) != limit:
            return False
    return True
