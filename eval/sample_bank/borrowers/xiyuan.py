"""C012 溪源生态农业: almost nothing is known, which must be said and must never look like good news."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from eval.sample_bank.draft import Draft
from eval.sample_bank.lending import Lent
from eval.sample_bank.papers.report import Company
from eval.sample_bank.registration import credit_code
from eval.sample_bank.stories import Question, Story

WAN = Decimal(10000)


def add(draft: Draft) -> None:
    """Adds the borrower."""
    company = Company(
        id="C012", name="溪源生态农业有限公司", name_en="", short="溪源农业", registration=credit_code(draft.chance("C012", "code"), "330999"), address="溪口镇"
    )  # fmt: skip
    draft.book.add(
        "customers", id="C012", name=company.name, type="sme", registration_id=company.registration, officer_id="S002", branch_id="B01", aliases="溪源农业;溪源",
        country_code="CN", status="active",
    )  # fmt: skip
    draft.lend(Lent(
        id="L029", customer="C012", kind="working_capital", purpose="采购种苗和肥料", amount=400 * WAN, rate=Decimal("0.0395"), start=date(2026, 5, 18), end=date(2027, 5, 18),
        repayment="bullet", frequency="at_maturity", row={"product_name": "涉农流动资金贷款", "payment_control": "self", "classification_date": None},
    ))  # fmt: skip
    draft.missing(company, "溪源生态农业有限公司2025年度财务报表.pdf", "statement", date(2025, 12, 31), date(2026, 7, 31))
    draft.stories.append(Story(
        borrower="C012", slug="almost-no-data", title_zh="几乎没有资料的客户", title_en="Almost no data",
        what_zh="只有客户与贷款主档：没有报表、账户流水、征信、走访。多数信号应为“未知（缺什么）”，不得当作正常；2025年报表已迟92天。",
        what_en="Only the customer and its loan are on file: no statements, account lines, bureau record or visit. Most signals are unknown and say what is missing; the FY2025 "
        "accounts are 92 days late.",
        signals={"DOC-01": "hit O", "FIN-01": "unknown", "FIN-10": "unknown", "OPS-01": "unknown", "BEH-08": "unknown", "LEG-01": "unknown", "BEH-01": "clear"},
        loans={"L029": {"balance": "4000000.00", "dpd": 0, "next_due": "2027-05-18"}},
        questions=(
            Question(kind="not_available", zh="溪源农业的资产负债率是多少？", en="What is Xiyuan's liabilities-to-assets ratio?",
                     answer_zh="不可计算：没有收到任何财务报表（2025年度报表应于2026年7月31日提供）。", answer_en="Not computable: no statements have been received (FY2025 was due on 31 July 2026).",
                     must=("没有|未收到|缺|不可计算|not computable|no statement|not been received|missing|not available",)),
            Question(kind="loans", zh="溪源农业什么时候还款，还多少本金？", en="When does Xiyuan repay, and how much principal?",
                     answer_zh="2027年5月18日到期一次还本付息，本金400万元。", answer_en="Principal of CNY 4.0 million with interest on 18 May 2027.", must=("2027", "400|4.0|4,000,000|4 million")),
        ),
    ))  # fmt: skip
