"""C412 润泽燃气: a town gas company in good order, which also sends nine-month accounts; an earlier loan is paid off."""

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
    reading,
    test,
    year,
)
from eval.fresh.fourth.papers.agreements import chinese_agreement
from eval.fresh.fourth.papers.notes import Call
from eval.fresh.fourth.papers.slips import account_list
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.lending import Lent
from eval.sample_bank.papers.report import Company
from eval.sample_bank.plan import D, Plan, decimals, quarters_of, year_of
from eval.sample_bank.registers import bureau, enrol
from eval.sample_bank.registration import credit_code
from eval.sample_bank.simulation import simulate

S26 = date(2026, 9, 30)
SERVICE = "年度偿债备付率（EBITDA扣除所得税后与当年还本付息额之比）保持1.30以上；"
LEVERAGE = "净债务（有息债务减去非受限货币资金）与最近十二个月EBITDA之比在每季度末不得大于2.80；"


def add(draft: Draft) -> dict[str, Ledger]:
    """Adds the borrower."""
    company = Company(
        id="C412", name="汀浦润泽燃气有限公司", name_en="Tingpu Runze Gas Co., Ltd.", short="润泽燃气",
        registration=credit_code(draft.chance("C412", "code"), "450699"), address="汀浦市气源路3号", legal_representative="温伯衡",
        finance_head="燕归", accountant="燕归", signatory_en="Wen Boheng",
    )  # fmt: skip
    enrol(draft, company, "U22", "TP", type="corporate", industry_code="D4511", incorporation_date=date(2001, 12, 20), enterprise_size="large",
          internal_rating="AA-", aliases="润泽燃气;润泽;Runze Gas")  # fmt: skip
    ledger = _books(draft)
    books = {"consolidated": ledger}
    pipes = Lent(
        id="L4121", customer="C412", kind="fixed_asset", purpose="新建高压管线及门站", amount=9600 * WAN, rate=D("0.0355"), start=date(2023, 11, 16),
        end=date(2031, 11, 16), repayment="equal_principal", frequency="semi_annually", account="A4121",
        row={"product_name": "项目贷款", "payment_control": "entrusted", "secured": True},
    )  # fmt: skip
    old = Lent(
        id="L4122", customer="C412", kind="working_capital", purpose="采购液化天然气", amount=2000 * WAN, rate=D("0.0340"), start=date(2025, 7, 7), end=date(2026, 7, 7),
        repayment="bullet", frequency="at_maturity", account="A4121", row={"product_name": "流动资金贷款", "payment_control": "self", "secured": False},
    )  # fmt: skip
    draft.lend(pipes)
    draft.lend(old)
    draft.book.add("collateral", loan_ids="L4121", type="receivable", description="管道燃气特许经营收费权", value=16800 * WAN, currency_code="CNY",
                   value_date=date(2026, 5, 31), valuation_type="income", owner_id="C412", charge="质押", lien_rank=1)  # fmt: skip
    agreement = chinese_agreement(
        company, "TP", pipes, "霁汀固贷2023-0058", date(2023, 11, 9), title="固定资产贷款合同", tests=[(SERVICE, "V4121"), (LEVERAGE, "V4122")],
        papers="借款人应在每年4月30日前提供年度审计报告，在每季度结束后四十日内提供季度报表。", duties=["燃气经营许可证到期前六个月应办理延续。", "发生较大及以上安全事故的，应立即告知贷款人。"],
        security="以管道燃气特许经营收费权质押。", penalty="百分之五十", cure="三十日",
    )  # fmt: skip
    path = file_agreement(draft, agreement, "固贷合同_2023-0058.pdf", date(2023, 11, 10))
    test(
        draft,
        agreement,
        path,
        "V4121",
        "偿债备付率",
        "dscr",
        ">=",
        "1.30",
        basis="annual",
        frequency="annually",
        first_test_date=Y24,
        due_days=120,
        loan_id="L4121",
    )
    test(
        draft,
        agreement,
        path,
        "V4122",
        "净债务/EBITDA",
        "net_debt_to_ebitda",
        "<=",
        "2.8",
        frequency="quarterly",
        first_test_date=Y25,
        due_days=40,
        loan_id="L4121",
    )
    auditor = "东陆联合会计师事务所（特殊普通合伙）"
    year(draft, company, books, Y24, "sided", "元", date(2025, 4, 10), date(2025, 4, 30), auditor=auditor)
    year(draft, company, books, Y25, "sided", "元", date(2026, 4, 9), date(2026, 4, 30), auditor=auditor)
    part(draft, company, books, H26, "sided", "元", date(2026, 7, 30), date(2026, 8, 9))
    part(draft, company, books, S26, "sided", "元", date(2026, 10, 26), date(2026, 11, 9))
    file_call(draft, Call(
        company=company, day=date(2026, 8, 27), who=["宋知遥", "陶令仪"], met="财务总监燕归", where="气源路调度中心", seen=["调度大屏显示在线用户21.6万户。", "门站两台压缩机一用一备。"],
        checked=["1—7月售气量1.32亿方，上年同期1.27亿方。", "特许经营权期限至2038年12月。"], told=["冬季气价已和上游锁定七成"], view="现金流稳定，按季走访即可。",
        next=["11月10日前提供三季度报表"],
    ), "word", "走访报告_润泽燃气_20260827.docx")  # fmt: skip
    flows = draft.file(
        company,
        "海川银行流水_润泽燃气_202609.csv",
        "bank_flow",
        "zh",
        date(2026, 10, 12),
        layout="account_list",
        asked_as="bank_flow",
    )
    rows = [(date(2026, 9, 2), "in", D("6120000.00"), "汀浦公交集团", "气费"), (date(2026, 9, 10), "out", D("4875300.50"), "中联液化气供应公司", "LNG采购"),
            (date(2026, 9, 15), "in", D("3340220.00"), "青瓯陶瓷", "气费"), (date(2026, 9, 25), "out", D("1260000.00"), "工资代发", "9月工资")]  # fmt: skip
    draft.writer(
        flows, lambda target: account_list(company.name, "880210067731", "海川银行汀浦支行", D("5210000.00"), rows, target)
    )
    keep_account(draft, company, ["L4121", "L4122"], "A4121", opening="26500000", target="19000000", monthly="36000000", wages="2900000", taxes="1900000", power="520000",
                 buyers=("居民气费归集户", "汀浦公交集团", "槐岭青瓯陶瓷股份有限公司"), suppliers=("中联液化气供应公司", "汀浦管道工程公司"))  # fmt: skip
    reading(draft, company, "vat_invoiced_sales", "元", "税务局", {"2024-10": "42500000", "2026-01": "44600000"})
    bureau(draft, company, date(2026, 9, 30), other_bank_count=2, other_bank_balance=4000 * WAN, other_bank_overdue=D(0), max_overdue_days=0, guarantee_balance=D(0),
           enquiries_6m=1, limits_total=15000 * WAN, new_lenders_3m=0)  # fmt: skip
    own(draft, company, "温伯衡", "0.51")
    return {"C412": ledger}


def _books(draft: Draft) -> Ledger:
    start = date(2022, 12, 31)
    plan = Plan(
        currency="CNY", scale=WAN, unit=D("0.01"), start=start,
        opening=decimals(free_cash="5400", ppe_net="21500", construction_in_progress="1200", intangible_assets="3900", share_capital="12000", surplus_reserve="1700"),
        sales={(Y23, 12): D(46200), (Y24, 12): D(49100), **year_of(2025, "51300"), **quarters_of(2026, "14900", "11800", "11200")},
        rates={start: decimals(gross_margin="0.183", selling="0.022", admin="0.038", rnd="0.004", ar_days="28", inventory_days="9", ap_days="41", np_days="6", advance_days="26",
                               vat="0.09", depreciation="0.068")},
        debt={start: (D(3000), D(0), D(1200)), Y23: (D(3000), D(1200), D(8400)), Y24: (D(3600), D(1200), D(7200)), Y25: (D(4000), D(1200), D(6000)),
              H26: (D(4000), D(1200), D(5400)), S26: (D(2000), D(1200), D(5400))},
        spend={Y23: D(9100), Y24: D(2600), Y25: D(1900), H26: D(900), S26: D(500)}, dividends={Y24: D(4600), Y25: D(6800), H26: D(2500)},
    )  # fmt: skip
    return simulate(plan, draft.chance("C412", "books"))
