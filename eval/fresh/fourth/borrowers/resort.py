"""C407 云脊滑雪度假: a ski resort after a warm winter; its project loan was extended while in difficulty, under observation since; books in 元."""

from __future__ import annotations

from datetime import date

from eval.fresh.fourth.house import (
    H26,
    WAN,
    Y23,
    Y24,
    Y25,
    file_agreement,
    file_call,
    keep_account,
    own,
    part,
    planned,
    reading,
    test,
    year,
)
from eval.fresh.fourth.papers.agreements import chinese_agreement
from eval.fresh.fourth.papers.notes import Call
from eval.fresh.fourth.papers.word import letter
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.lending import Lent
from eval.sample_bank.papers.report import Company
from eval.sample_bank.plan import D, Plan, day, decimals, quarters_of, year_of
from eval.sample_bank.registers import bureau, enrol
from eval.sample_bank.registration import credit_code
from eval.sample_bank.simulation import simulate

SERVICE = "每一会计年度的偿债覆盖率（息税折旧摊销前利润减所得税后，除以当年应还本金与利息之和）不应低于1.50；"
SHARE = "资产负债率每半年末不应高于百分之七十五；"
CHANGE = (
    "鉴于乙方2025—2026雪季客流不足、现金流紧张，双方同意将编号霁槐固贷2022-0008合同项下贷款到期日由2028年3月21日调整为2030年3月21日，"
    "2026年9月21日起每半年归还本金300万元，余额到期归还；年利率由4.90%调整为4.40%。"
)


def add(draft: Draft) -> dict[str, Ledger]:
    """Adds the borrower."""
    company = Company(
        id="C407", name="槐岭云脊滑雪度假有限公司", name_en="Huailing Yunji Ski Resort Co., Ltd.", short="云脊雪场",
        registration=credit_code(draft.chance("C407", "code"), "410399"), address="槐岭市云脊镇雪道路1号", legal_representative="祁云亭",
        finance_head="蓝秋水", accountant="蓝秋水", signatory_en="Qi Yunting",
    )  # fmt: skip
    enrol(draft, company, "U11", "HL", type="corporate", industry_code="N7861", incorporation_date=date(2018, 5, 22), enterprise_size="medium",
          internal_rating="B+", aliases="云脊雪场;云脊;云脊滑雪;Yunji Ski", in_financial_difficulty=True)  # fmt: skip
    ledger = _books(draft)
    books = {"consolidated": ledger}
    # Interest alone until the extension of March 2026, then seven parts of principal and the rest at the end.
    flows = planned("65000000", "0.0490", date(2022, 3, 21), ["0"] * 9, 6)[:8]
    flows += planned("65000000", "0.0440", date(2026, 3, 21), ["3000000"] * 7 + ["0"], 6)
    slopes = Lent(
        id="L4071", customer="C407", kind="fixed_asset", purpose="建设雪道、索道及造雪系统", amount=6500 * WAN, rate=D("0.0440"), start=date(2022, 3, 21),
        end=date(2030, 3, 21), repayment="step", frequency="semi_annually", flows=flows, account="A4071",
        delays={date(2026, 9, 21): 6},
        row={"product_name": "项目贷款", "payment_control": "entrusted", "secured": True, "classification": "special_mention", "origin": "extension",
             "extension_count": 1, "restructured_date": date(2026, 3, 21), "stage": 2},
    )  # fmt: skip
    season = Lent(
        id="L4072", customer="C407", kind="working_capital", purpose="支付雪季用工及造雪电费", amount=800 * WAN, rate=D("0.0435"), start=date(2025, 11, 26),
        end=date(2026, 11, 26), repayment="interest_only", frequency="quarterly", account="A4071",
        row={"product_name": "流动资金贷款", "payment_control": "self", "secured": False},
    )  # fmt: skip
    draft.lend(slopes)
    draft.lend(season)
    draft.book.add("collateral", loan_ids="L4071", type="real_estate", description="云脊镇酒店及商业用房", value=5400 * WAN, currency_code="CNY",
                   value_date=date(2026, 2, 26), valuation_type="income", orig_value=8200 * WAN, owner_id="C407", charge="抵押",
                   insurance_end_date=date(2027, 3, 31), lien_rank=1)  # fmt: skip
    draft.book.add("collateral", loan_ids="L4071", type="receivable", description="门票及缆车收费权", value=1600 * WAN, currency_code="CNY",
                   value_date=date(2026, 2, 26), valuation_type="income", owner_id="C407", charge="质押", lien_rank=1)  # fmt: skip
    draft.book.add("guarantors", loan_ids="L4071;L4072", name="祁云亭", amount=7300 * WAN, currency_code="CNY", start_date=date(2022, 3, 21),
                   end_date=date(2033, 3, 21))  # fmt: skip
    agreement = chinese_agreement(
        company, "HL", slopes, "霁槐固贷2022-0008", date(2022, 3, 15), title="固定资产贷款合同", tests=[(SERVICE, "V4071"), (SHARE, "V4072")],
        papers="借款人应在每年4月30日前提供上年度经审计报表，8月31日前提供半年度报表，雪季内每月提供入园人次统计。",
        duties=["索道年检不合格的，借款人应于两日内告知贷款人并停止运营。"], security="以云脊镇酒店及商业用房抵押，并以门票及缆车收费权质押，祁云亭提供连带责任保证。",
        penalty="百分之五十", cure="六十日",
    )  # fmt: skip
    path = file_agreement(draft, agreement, "固贷合同_2022-0008.pdf", date(2022, 3, 16))
    change = draft.file(company, "展期补充协议_2026-03-18.docx", "contract", "zh", date(2026, 3, 19), layout="letter")
    text = [("p", "甲方：霁川银行股份有限公司槐岭支行"), ("p", "乙方：槐岭云脊滑雪度假有限公司"), ("p", CHANGE), ("p", "保证人祁云亭书面同意继续承担保证责任。"),
            ("p", "其他条款不变。"), ("p", "2026年3月18日")]  # fmt: skip
    draft.writer(change, lambda target: letter("贷款展期补充协议", "霁川银行", date(2026, 3, 18), text, target))
    test(
        draft,
        agreement,
        path,
        "V4071",
        "偿债覆盖率",
        "dscr",
        ">=",
        "1.50",
        basis="annual",
        frequency="annually",
        first_test_date=Y24,
        due_days=120,
        loan_id="L4071",
    )
    test(
        draft,
        agreement,
        path,
        "V4072",
        "资产负债率",
        "debt_to_assets",
        "<=",
        "0.75",
        basis="point",
        first_test_date=Y24,
        loan_id="L4071",
    )
    headed = [
        ("1. 收入确认", "门票及缆车收入在游客入园时确认，酒店收入在入住期间确认。"),
        ("2. 季节性", "公司约八成收入产生于每年12月至次年3月。"),
    ]
    auditor = "槐岭公正会计师事务所（普通合伙）"
    year(draft, company, books, Y24, "noted", "元", date(2025, 4, 29), date(2025, 4, 30), auditor=auditor, headed=headed)
    year(draft, company, books, Y25, "noted", "元", date(2026, 5, 18), date(2026, 4, 30), auditor=auditor, headed=headed)
    part(draft, company, books, H26, "noted", "元", date(2026, 8, 20), date(2026, 8, 31), headed=headed)
    file_call(draft, Call(
        company=company, day=date(2026, 10, 9), who=["顾南乔", "邵长庚"], met="总经理祁云亭", where="云脊镇雪场",
        seen=["二号索道正在换钢索，一号索道试运行。", "新装造雪机12台，其中4台未通电。"],
        checked=["季卡预售截至10月8日1,860张，去年同期2,640张。", "9月21日应还本息晚了6天才到账。"], told=["12月5日开板", "北坡雪道今年不开"],
        pledge="酒店正常营业，十月入住率三成。", view="重组后第一期本金晚还，观察期内要重点盯；开板前再去一次。", next=["11月26日前落实800万元流贷归还来源", "12月1日前提交索道年检合格证"],
    ), "word", "走访报告_云脊雪场_20261009.docx")  # fmt: skip
    keep_account(draft, company, ["L4071", "L4072"], "A4071", opening="7800000", target="2600000",
                 monthly={"2025-11": "3100000", "2025-12": "11800000", "2026-04": "1500000", "2026-09": "2300000"}, wages="980000", taxes="90000", power="240000",
                 buyers=("银联商务清算", "途远旅行网", "槐岭文旅集团"), suppliers=("雪鹰索道设备公司", "高山造雪工程公司"))  # fmt: skip
    reading(
        draft,
        company,
        "electricity_kwh",
        "kWh",
        "槐岭供电局",
        {"2024-10": "310000", "2024-12": "890000", "2025-04": "205000", "2025-12": "742000", "2026-04": "188000"},
    )
    bureau(draft, company, date(2026, 9, 30), other_bank_count=1, other_bank_balance=1900 * WAN, other_bank_overdue=D(0), max_overdue_days=0,
           guarantee_balance=D(0), enquiries_6m=6, limits_total=2000 * WAN, new_lenders_3m=0)  # fmt: skip
    draft.book.add("events", customer_id="C407", date=date(2026, 1, 28), type="news", title="暖冬致云脊雪场提前关闭北坡", detail="雪季入园人次同比减少三成",
                   source="槐岭日报", subject="company")  # fmt: skip
    own(draft, company, "祁云亭", "0.70")
    return {"C407": ledger}


def _books(draft: Draft) -> Ledger:
    start = day("2022-12-31")
    seasons = (D("0.52"), D("0.09"), D("0.08"), D("0.31"))
    plan = Plan(
        currency="CNY", scale=WAN, unit=D("0.01"), start=start,
        opening=decimals(free_cash="1300", ppe_net="15200", construction_in_progress="500", intangible_assets="2100", long_term_deferred_expenses="260", share_capital="6000",
                         surplus_reserve="60"),
        sales={(Y23, 12): D(7600), (Y24, 12): D(8100), **year_of(2025, "6900", seasons), **quarters_of(2026, "2700", "480")},
        rates={start: decimals(gross_margin="0.362", selling="0.071", admin="0.098", rnd="0", ar_days="14", inventory_days="12", ap_days="96", np_days="0", notes_days="0",
                               financing_days="0", vat="0.06", labour="0.34", write_down="0", advance_days="31", depreciation="0.062"),
               day("2025-03-31"): decimals(gross_margin="0.288"), day("2026-03-31"): decimals(gross_margin="0.171")},
        debt={start: (D(1200), D(700), D(8400)), Y23: (D(1200), D(700), D(7700)), Y24: (D(1400), D(700), D(7000)), Y25: (D(2300), D(700), D(6100)),
              H26: (D(2700), D(600), D(5900))},
        spend={Y23: D(600), Y24: D(800), Y25: D(450), H26: D(380)},
    )  # fmt: skip
    return simulate(plan, draft.chance("C407", "books"))
