"""C410 童芽托育: a small enterprise under its own rules; conditions read but not confirmed; a guarantee fund shares the loss."""

from __future__ import annotations

from datetime import date

from eval.fresh.fourth.house import H26, WAN, Y23, Y24, Y25, file_agreement, file_call, keep_account, own, part, reading, year
from eval.fresh.fourth.papers.agreements import chinese_agreement
from eval.fresh.fourth.papers.notes import Call
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.lending import Lent
from eval.sample_bank.papers.report import Company
from eval.sample_bank.plan import D, Plan, day, decimals, quarters_of, year_of
from eval.sample_bank.registers import bureau, enrol
from eval.sample_bank.registration import credit_code
from eval.sample_bank.simulation import simulate


def add(draft: Draft) -> dict[str, Ledger]:
    """Adds the borrower."""
    company = Company(
        id="C410", name="汀浦童芽托育服务有限公司", name_en="Tingpu Tongya Childcare Co., Ltd.", short="童芽托育",
        registration=credit_code(draft.chance("C410", "code"), "450699"), address="汀浦市榕荫路19号", legal_representative="钟晓禾",
        finance_head="纪念", accountant="纪念", signatory_en="Zhong Xiaohe",
    )  # fmt: skip
    enrol(draft, company, "U22", "TP", type="sme", industry_code="O8010", incorporation_date=date(2019, 9, 5), enterprise_size="small",
          internal_rating="BB+", aliases="童芽托育;童芽;Tongya")  # fmt: skip
    ledger = _books(draft)
    books = {"parent": ledger}
    loan = Lent(
        id="L4101", customer="C410", kind="working_capital", purpose="支付园舍租金及教具采购款", amount=180 * WAN, rate=D("0.0495"), start=date(2025, 4, 17),
        end=date(2028, 4, 17), repayment="equal_instalment", frequency="monthly", account="A4101",
        row={"product_name": "小微经营贷", "payment_control": "self", "secured": False},
    )  # fmt: skip
    draft.lend(loan)
    draft.book.add("mitigants", loan_ids="L4101", kind="guarantee_fund", provider="汀浦市小微融资担保基金", cover=144 * WAN, cover_share=D("0.80"),
                   start_date=date(2025, 4, 17), end_date=date(2028, 4, 17), claim_deadline_days=90)  # fmt: skip
    draft.book.add(
        "guarantors",
        loan_ids="L4101",
        name="钟晓禾",
        amount=180 * WAN,
        currency_code="CNY",
        start_date=date(2025, 4, 17),
        end_date=date(2031, 4, 17),
    )
    agreement = chinese_agreement(
        company, "TP", loan, "霁汀微贷2025-0113", date(2025, 4, 11), title="小微企业经营贷款合同",
        tests=[("资产负债率每年末不高于百分之七十；", ""), ("每年末净利润应为正数；", "")], papers="借款人应于次年5月31日前提供年度报表，于8月15日前提供半年度报表。",
        duties=["在园幼儿人数减少四分之一以上的，应于十日内告知贷款人。"], security="由钟晓禾提供连带责任保证，汀浦市小微融资担保基金承担百分之八十的风险。",
        penalty="百分之三十", cure="三十日",
    )  # fmt: skip
    file_agreement(draft, agreement, "小微贷款合同_2025-0113.docx", date(2025, 4, 12))
    year(draft, company, books, Y24, "small", "元", date(2025, 5, 26), date(2025, 5, 31))
    year(draft, company, books, Y25, "small", "元", date(2026, 5, 27), date(2026, 5, 31))
    part(draft, company, books, H26, "small", "元", date(2026, 8, 12), date(2026, 8, 15))
    file_call(draft, Call(
        company=company, day=date(2026, 9, 16), who=["宋知遥", "陆时雨"], met="园长钟晓禾", where="榕荫路园区", seen=["在园幼儿132名，满班是150名。", "二楼新教室在装修。"],
        checked=["工资表41人，社保38人。", "9月托育费到账46.3万元。"], told=["想明年三月在河西再开一个园，需要贷120万"], view="经营平稳，可继续支持。",
        next=["11月15日前提交河西新园可行性测算"],
    ), "text", "走访_童芽托育_20260916.txt")  # fmt: skip
    keep_account(draft, company, ["L4101"], "A4101", opening="620000", target="480000", monthly="455000", wages="248000", taxes="6000", power="9000",
                 buyers=("家长缴费汇总", "汀浦市卫健局普惠补助"), suppliers=("益童教具公司", "榕荫物业"))  # fmt: skip
    reading(draft, company, "headcount", "人", "工资表", {"2024-10": "37", "2026-01": "40", "!2026-09": "41"})
    bureau(draft, company, date(2026, 9, 30), other_bank_count=0, other_bank_balance=D(0), other_bank_overdue=D(0), max_overdue_days=0, guarantee_balance=D(0),
           enquiries_6m=1, limits_total=D(0), new_lenders_3m=0)  # fmt: skip
    own(draft, company, "钟晓禾", "1")
    return {"C410": ledger}


def _books(draft: Draft) -> Ledger:
    start = day("2022-12-31")
    plan = Plan(
        currency="CNY", scale=WAN, unit=D("0.01"), start=start,
        opening=decimals(free_cash="74", ppe_net="96", intangible_assets="4", long_term_deferred_expenses="82", share_capital="150", surplus_reserve="5"),
        sales={(Y23, 12): D(430), (Y24, 12): D(492), **year_of(2025, "538"), **quarters_of(2026, "139", "146")},
        rates={start: decimals(gross_margin="0.274", selling="0.016", admin="0.151", rnd="0", ar_days="5", inventory_days="4", ap_days="16", np_days="0", notes_days="0",
                               financing_days="0", vat="0", labour="0.58", write_down="0", bad_debt="0", depreciation="0.18", advance_days="42", tax_rate="0.05")},
        debt={start: (D(60), D(0), D(0)), Y24: (D(40), D(0), D(0)), day("2025-06-30"): (D(0), D(56), D(118)), Y25: (D(0), D(58), D(86)), H26: (D(0), D(59), D(56))},
        spend={Y23: D(20), Y24: D(28), Y25: D(46), H26: D(31)}, dividends={Y25: D(20)},
    )  # fmt: skip
    return simulate(plan, draft.chance("C410", "books"))
