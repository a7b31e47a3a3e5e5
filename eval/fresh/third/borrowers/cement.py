"""KH05 砚山水泥: its statements say sales rise while kilns stand, power falls and invoices do not follow; second of the circle."""

from __future__ import annotations

from datetime import date

from eval.fresh.third.house import (
    H26,
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
    test,
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

LEVERAGE = "乙方总债务不得超过EBITDA的3.00倍，于每年6月末及12月末测算。"
COVER = "乙方EBITDA应为利息支出的5.00倍以上，于每年6月末及12月末测算。"
WORTH = "乙方有形净资产（净资产扣除无形资产）任何时候不少于人民币18,000万元。"


def add(draft: Draft) -> dict[str, Ledger]:
    """Adds the borrower."""
    company = Company(
        id="KH05", name="砚港砚山水泥有限公司", name_en="Yangang Yanshan Cement Co., Ltd.", short="砚山水泥",
        registration=credit_code(draft.chance("KH05", "code"), "620599"), address="砚港市砚山镇石灰窑路1号", legal_representative="褚天阔",
        finance_head="宁可欣", accountant="宁可欣", signatory_en="Chu Tiankuo",
    )  # fmt: skip
    enrol(draft, company, "E04", "YG", type="corporate", industry_code="C3011", incorporation_date=date(2003, 7, 8), enterprise_size="large",
          internal_rating="BBB+", aliases="砚山水泥;砚山;砚山石料;Yanshan Cement")  # fmt: skip
    ledger = _books(draft)
    books = {"consolidated": ledger}
    coal = Lent(
        id="JK0501", customer="KH05", kind="working_capital", purpose="采购动力煤和石膏", amount=4000 * WAN, rate=D("0.0375"), start=date(2026, 2, 25),
        end=date(2027, 2, 25), repayment="interest_only", frequency="quarterly", account="A0501",
        row={"product_name": "流动资金贷款", "payment_control": "entrusted", "secured": False},
    )  # fmt: skip
    quarry = Lent(
        id="JK0502", customer="KH05", kind="fixed_asset", purpose="建设骨料生产线", amount=8400 * WAN, rate=D("0.0405"), start=date(2024, 3, 12),
        end=date(2031, 3, 12), repayment="equal_principal", frequency="quarterly", account="A0501",
        row={"product_name": "项目贷款", "payment_control": "entrusted", "secured": True},
    )  # fmt: skip
    lend(draft, coal, quarry)
    draft.book.add("collateral", loan_ids="JK0502", type="mining_right", description="砚山石灰岩矿采矿权", value=13500 * WAN, currency_code="CNY",
                   value_date=date(2026, 2, 10), valuation_type="income", owner_id="KH05", charge="抵押", lien_rank=1)  # fmt: skip
    deed = chinese_deed(
        company, "YG", quarry, "云砚项借字（2024）第0011号", date(2024, 3, 6), title="项目借款合同",
        tests=[(LEVERAGE, "YD0501"), (COVER, "YD0502"), (WORTH, "YD0503")],
        duties=[("乙方应于会计年度结束后一百二十日内、半年结束后六十日内分别报送年度和半年度财务报表。", ""), ("采矿许可证应在到期前九十日办理延续。", "")],
        security="以砚山石灰岩矿采矿权抵押。", penalty="50%", grace="三十日",
    )  # fmt: skip
    path = file_deed(draft, deed, "项目借款合同_砚山_0011.pdf", date(2024, 3, 7))
    other = chinese_deed(
        company, "YG", coal, "云砚流借字（2026）第0019号", date(2026, 2, 20), title="流动资金借款合同", tests=[], duties=[("乙方应按月提供开票明细。", "")],
        security="由青浔锦澜纺织印染有限公司提供连带责任保证，保证金额壹仟伍佰万元。", penalty="50%", grace="三十日",
    )  # fmt: skip
    file_deed(draft, other, "流动资金借款合同_砚山_0019.pdf", date(2026, 2, 24))
    for number, name, metric, operator, limit, more in (
        ("YD0501", "总债务/EBITDA", "debt_to_ebitda", "<=", "3.0", {}),
        ("YD0502", "EBITDA利息保障", "icr_ebitda", ">=", "5.0", {}),
        ("YD0503", "有形净资产", "tnw", ">=", "180000000", {"basis": "point", "currency_code": "CNY"}),
    ):
        test(draft, deed, path, number, name, metric, operator, limit, first_test_date=Y24, loan_id="JK0502", **more)
    chinese_year(
        draft,
        company,
        books,
        2025,
        "years",
        "元",
        date(2026, 4, 20),
        date(2026, 4, 30),
        auditor="砚港立信达会计师事务所",
        years=3,
    )
    chinese_half(draft, company, books, "years", "元", date(2026, 8, 21), date(2026, 8, 29))
    file_visit(draft, Visit(
        company=company, day=date(2026, 9, 11), who="欧阳骏、Helena Brandt", met="生产副总褚明",
        seen=["两条窑只有一号窑点火，二号窑篦冷机已拆。", "袋装车间没人，地磅房登记当天出车19辆。", "骨料线在转，料堆不多。"],
        checked=["中控室记录：8月熟料产量3.1万吨，设计产能7.5万吨。", "开票系统截图：1—8月不含税开票1.86亿元，报表口径远高于此。"],
        told=["价格低，先少开点窑，收入靠骨料补", "没开票的是工地还没对账"],
        view="报表收入上升与停窑、用电、开票都对不上，收入真实性存疑，应要求逐户对账单。", next=["9月30日前提供前十大客户对账单", "10月15日前抽查磅单与发票"],
    ), "story", "走访小记_砚山水泥_20260911.txt")  # fmt: skip
    keep_account(draft, company, ["JK0501", "JK0502"], "A0501", opening="18200000", target="9000000", monthly={"2025-10": "21000000", "2026-02": "14200000"},
                 wages="2300000", taxes="1500000", power="2600000", buyers=("砚港城建集团", "中岭路桥工程有限公司", "海昌混凝土有限公司"),
                 suppliers=("晋西煤业有限公司", "石膏矿业公司"))  # fmt: skip
    reading(draft, company, "electricity_kwh", "kWh", "砚港供电局", {"2024-09": "5900000", "2026-01": "4200000", "2026-04": "3600000", "!2025-07": "6020000",
            "!2025-08": "6050000", "!2026-07": "3560000", "!2026-08": "3510000"})  # fmt: skip
    reading(
        draft,
        company,
        "vat_invoiced_sales",
        "元",
        "税务局",
        {"2024-09": "37500000", "2025-10": "36800000", "2026-01": "23300000"},
    )
    for end, value in ((date(2025, 8, 31), "0.86"), (date(2026, 6, 30), "0.44"), (date(2026, 8, 31), "0.41")):
        draft.book.add(
            "operations",
            customer_id="KH05",
            date=end,
            measure="capacity_utilisation",
            value=D(value),
            unit="share",
            source="生产月报",
        )
    bureau(draft, company, date(2026, 8, 31), other_bank_count=4, other_bank_balance=9800 * WAN, other_bank_overdue=D(0), max_overdue_days=0,
           guarantee_balance=2500 * WAN, enquiries_6m=5, limits_total=15000 * WAN, new_lenders_3m=0)  # fmt: skip
    draft.book.add("events", customer_id="KH05", date=date(2026, 7, 3), type="shareholder_change", title="股东变更", detail="砚港国资退出，持股12%转让给褚天阔",
                   source="工商登记", subject="company")  # fmt: skip
    for relation, share in (("legal_representative", None), ("actual_controller", D("0.67"))):
        draft.book.add("relations", customer_id="KH05", related_name="褚天阔", relation=relation, share=share)
    return {"KH05": ledger}


def _books(draft: Draft) -> Ledger:
    start = day("2022-12-31")
    plan = Plan(
        currency="CNY", scale=WAN, unit=D("0.01"), start=start,
        opening=decimals(free_cash="5200", ppe_net="26800", construction_in_progress="900", intangible_assets="5400", share_capital="16000", surplus_reserve="1500"),
        sales={(Y23, 12): D(42000), (Y24, 12): D(43500), **year_of(2025, "46800"), **quarters_of(2026, "12600", "14100")},
        rates={start: decimals(gross_margin="0.244", selling="0.03", admin="0.056", rnd="0.01", ar_days="58", inventory_days="42", ap_days="64", np_days="20"),
               day("2025-12-31"): decimals(ar_days="83"), H26: decimals(ar_days="118", inventory_days="51")},
        debt={start: (D(6000), D(1000), D(5200)), Y24: (D(6500), D(1200), D(10800)), Y25: (D(7000), D(1200), D(9600)), H26: (D(8600), D(1200), D(9000))},
        spend={Y23: D(2200), Y24: D(8800), Y25: D(2100), H26: D(700)}, dividends={Y24: D(1200), Y25: D(1600)},
    )  # fmt: skip
    return simulate(plan, draft.chance("KH05", "books"))
