"""KH07 亮洁物业: a small enterprise under its own accounting rules; one loan renewed, another shared with the guarantee fund; conditions not yet confirmed."""

from __future__ import annotations

from datetime import date

from eval.fresh.third.house import (
    WAN,
    Y23,
    Y24,
    Y25,
    chinese_half,
    chinese_year,
    file_deed,
    file_visit,
    keep_account,
    lend,
    reading,
)
from eval.fresh.third.papers.deeds import chinese_deed
from eval.fresh.third.papers.notes import Visit
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
        id="KH07", name="砚港亮洁物业服务有限公司", name_en="Yangang Liangjie Property Services Co., Ltd.", short="亮洁物业",
        registration=credit_code(draft.chance("KH07", "code"), "620599"), address="砚港市滨江路66号", legal_representative="叶知秋",
        finance_head="潘蓉", accountant="潘蓉", signatory_en="Ye Zhiqiu",
    )  # fmt: skip
    enrol(draft, company, "E04", "YG", type="sme", industry_code="K7020", incorporation_date=date(2016, 8, 19), enterprise_size="small",
          internal_rating="BB+", aliases="亮洁物业;亮洁;Liangjie")  # fmt: skip
    ledger = _books(draft)
    level = Lent(
        id="JK0701", customer="KH07", kind="working_capital", purpose="支付保洁保安人员工资及设备采购款", amount=300 * WAN, rate=D("0.0510"), start=date(2025, 2, 14),
        end=date(2028, 2, 14), repayment="equal_instalment", frequency="monthly", account="A0701",
        row={"product_name": "小微经营贷", "payment_control": "self", "secured": False},
    )  # fmt: skip
    old = Lent(
        id="JK0702", customer="KH07", kind="working_capital", purpose="支付电梯维保费", amount=150 * WAN, rate=D("0.0485"), start=date(2025, 6, 24), end=date(2026, 6, 24),
        repayment="bullet", frequency="at_maturity", account="A0701", row={"product_name": "小微经营贷", "payment_control": "self", "secured": False},
    )  # fmt: skip
    renewed = Lent(
        id="JK0703", customer="KH07", kind="working_capital", purpose="支付电梯维保费", amount=150 * WAN, rate=D("0.0460"), start=date(2026, 6, 24), end=date(2027, 6, 24),
        repayment="bullet", frequency="at_maturity", account="A0701",
        row={"product_name": "小微经营贷", "payment_control": "self", "secured": False, "origin": "renewal", "replaces_loan_id": "JK0702"},
    )  # fmt: skip
    lend(draft, level, old, renewed)
    draft.book.add("mitigants", loan_ids="JK0701", kind="guarantee_fund", provider="砚港市融资担保基金", cover=240 * WAN, cover_share=D("0.80"),
                   start_date=date(2025, 2, 14), end_date=date(2028, 2, 14), claim_deadline_days=60)  # fmt: skip
    draft.book.add("guarantors", loan_ids="JK0701;JK0703", name="叶知秋", amount=450 * WAN, currency_code="CNY", start_date=date(2025, 2, 14),
                   end_date=date(2026, 11, 20))  # fmt: skip
    deed = chinese_deed(
        company, "YG", level, "云砚微借字（2025）第0207号", date(2025, 2, 10), title="小微企业经营性借款合同",
        tests=[("乙方资产负债率不得超过60%，每年末考核一次。", ""), ("乙方全年净利润不得为负。", "")],
        duties=[("乙方应于每年5月31日前提供年度报表，于7月31日前提供半年度报表。", ""), ("乙方物业服务面积减少20%以上的，应在十日内告知甲方。", "")],
        security="由叶知秋提供连带责任保证，并由砚港市融资担保基金分担80%的风险。", penalty="30%", grace="三十日",
    )  # fmt: skip
    file_deed(draft, deed, "小微经营性借款合同_0207.docx", date(2025, 2, 11))
    books = {"parent": ledger}
    chinese_year(draft, company, books, 2024, "small", "元", date(2025, 5, 20), date(2025, 5, 31))
    chinese_year(draft, company, books, 2025, "small", "元", date(2026, 5, 25), date(2026, 5, 31))
    chinese_half(draft, company, books, "small", "元", date(2026, 7, 30), date(2026, 7, 31))
    file_visit(draft, Visit(
        company=company, day=date(2026, 8, 20), who="欧阳骏、柳叶", met="总经理叶知秋",
        seen=["管理处有9个小区在管，墙上的服务面积表写182万平方米。", "新接的云锦花园刚进场。"],
        checked=["抽了3个小区的收费台账，物业费收缴率91%。", "工资表284人，社保268人。"], told=["明年想再接两个写字楼，可能要加贷200万"],
        view="小而稳，可以支持，注意个人保证11月20日到期。", next=["10月底前与叶知秋续签保证合同"],
    ), "story", "走访小记_亮洁物业_20260820.txt")  # fmt: skip
    keep_account(draft, company, ["JK0701", "JK0702", "JK0703"], "A0701", opening="1400000", target="1150000", monthly="2550000", wages="1480000", taxes="95000",
                 power="160000", buyers=("滨江一号业主委员会", "云锦花园业主", "砚港停车场收入"), suppliers=("迅达电梯维保公司", "洁美用品商行"))  # fmt: skip
    reading(
        draft, company, "social_security_headcount", "人", "社保中心", {"2024-09": "241", "2025-09": "256", "!2026-08": "268"}
    )
    bureau(draft, company, date(2026, 8, 31), other_bank_count=1, other_bank_balance=80 * WAN, other_bank_overdue=D(0), max_overdue_days=0,
           guarantee_balance=D(0), enquiries_6m=2, limits_total=100 * WAN, new_lenders_3m=0)  # fmt: skip
    for relation, share in (("legal_representative", None), ("actual_controller", D("1"))):
        draft.book.add("relations", customer_id="KH07", related_name="叶知秋", relation=relation, share=share)
    return {"KH07": ledger}


def _books(draft: Draft) -> Ledger:
    start = day("2022-12-31")
    plan = Plan(
        currency="CNY", scale=WAN, unit=D("0.01"), start=start,
        opening=decimals(free_cash="210", ppe_net="260", intangible_assets="12", long_term_deferred_expenses="48", share_capital="300", surplus_reserve="14"),
        sales={(Y23, 12): D(2480), (Y24, 12): D(2710), **year_of(2025, "2930"), **quarters_of(2026, "760", "812")},
        rates={start: decimals(gross_margin="0.168", selling="0.01", admin="0.095", rnd="0", ar_days="38", inventory_days="3", ap_days="26", np_days="0", notes_days="0",
                               financing_days="0", vat="0.06", labour="0.55", write_down="0", bad_debt="0", depreciation="0.16", advance_days="34", tax_rate="0.05")},
        debt={start: (D(230), D(0), D(0)), Y24: (D(210), D(0), D(0)), day("2025-03-31"): (D(150), D(95), D(190)), Y25: (D(230), D(98), D(120)),
              day("2026-06-30"): (D(230), D(101), D(72))},
        spend={Y23: D(40), Y24: D(55), Y25: D(62), day("2026-06-30"): D(20)}, dividends={Y24: D(60), Y25: D(80)},
    )  # fmt: skip
    return simulate(plan, draft.chance("KH07", "books"))
