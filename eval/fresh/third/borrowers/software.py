"""KH10 澄码软件: a bilingual software house that burns its cash while sales grow; no pledge but its copyrights; minimum cash broken."""

from __future__ import annotations

from datetime import date, timedelta

from eval.fresh.third.house import (
    H25,
    H26,
    WAN,
    Y23,
    Y24,
    Y25,
    file_accounts,
    file_deed,
    file_visit,
    keep_account,
    lend,
    reading,
    test,
)
from eval.fresh.third.papers.accounts import Accounts
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

CASH = (
    "乙方货币资金余额在每年6月末和12月末不得低于人民币2,000万元。 Minimum cash: RMB 20,000,000 at each 30 June and 31 December."
)
SHARE = "乙方资产负债率在每年6月末和12月末不得高于65%。 Liabilities to assets: no more than 65%."


def add(draft: Draft) -> dict[str, Ledger]:
    """Adds the borrower."""
    company = Company(
        id="KH10", name="砚港澄码软件股份有限公司", name_en="Clearcode Software Co., Ltd.", short="澄码软件",
        registration=credit_code(draft.chance("KH10", "code"), "620599"), address="砚港市软件园2号楼", legal_representative="祝澄",
        finance_head="Adele Wong", accountant="Adele Wong", signatory_en="Zhu Cheng",
    )  # fmt: skip
    enrol(draft, company, "E03", "YG", type="corporate", industry_code="I6513", incorporation_date=date(2015, 6, 16), enterprise_size="medium",
          internal_rating="BB+", aliases="澄码软件;澄码;Clearcode;Clearcode Software")  # fmt: skip
    ledger = _books(draft)
    loan = Lent(
        id="JK1001", customer="KH10", kind="working_capital", purpose="支付研发人员工资及云服务器租金", amount=1800 * WAN, rate=D("0.0355"), start=date(2025, 12, 9),
        end=date(2027, 12, 9), repayment="interest_only", frequency="quarterly", account="A1001",
        row={"product_name": "科创贷", "payment_control": "self", "secured": True, "limit_amount": 3000 * WAN},
    )  # fmt: skip
    lend(draft, loan)
    draft.book.add("collateral", loan_ids="JK1001", type="intellectual_property", description="软件著作权23项及发明专利4项", value=2400 * WAN, currency_code="CNY",
                   value_date=date(2025, 11, 10), valuation_type="income", owner_id="KH10", charge="质押", lien_rank=1)  # fmt: skip
    deed = chinese_deed(
        company, "YG", loan, "云砚科借字（2025）第0088号", date(2025, 12, 3), title="科创企业借款合同 Technology Loan Agreement",
        tests=[(CASH, "YD1001"), (SHARE, "YD1002")],
        duties=[("乙方应于每年4月30日、8月31日前分别报送年度和半年度报表。 Accounts by 30 April and 31 August.", ""),
                ("乙方核心技术人员离职三人以上的，应在五个工作日内告知甲方。", "")],
        security="以乙方软件著作权和发明专利质押。", penalty="30%", grace="六十日",
    )  # fmt: skip
    path = file_deed(draft, deed, "科创借款合同_0088.pdf", date(2025, 12, 4))
    test(
        draft,
        deed,
        path,
        "YD1001",
        "最低货币资金",
        "cash_and_equivalents",
        ">=",
        "20000000",
        basis="point",
        first_test_date=Y25,
        currency_code="CNY",
        loan_id="JK1001",
    )
    test(
        draft,
        deed,
        path,
        "YD1002",
        "资产负债率",
        "debt_to_assets",
        "<=",
        "0.65",
        basis="point",
        first_test_date=Y25,
        loan_id="JK1001",
    )
    books = {"consolidated": ledger}
    for ends, flows, title, came, due, auditor in (
        ([Y25, Y24, Y23], [(Y25, 12), (Y24, 12), (Y23, 12)], "2025年度财务报表 Annual Accounts 2025", date(2026, 4, 16), date(2026, 4, 30), "砚港立信达会计师事务所"),
        ([H26, Y25], [(H26, 6), (H25, 6)], "2026年半年度财务报表 Half-Year Accounts 2026", date(2026, 8, 24), date(2026, 8, 31), ""),
    ):  # fmt: skip
        accounts = Accounts(
            company=company,
            title=title,
            books=books,
            points=ends,
            flows=flows,
            money="万元",
            places=2,
            made_on=came - timedelta(days=4),
            auditor=auditor,
        )
        file_accounts(draft, accounts, "bilingual", f"Clearcode_{ends[0].isoformat()}.xlsx", came, due)
    file_visit(draft, Visit(
        company=company, day=date(2026, 9, 18), who="Grace Whitfield, Ouyang Jun", met="Adele Wong, finance director",
        seen=["Two of the five floors are empty.", "The operations room showed 212 paying clients."],
        checked=["Payroll for August covered 318 people against 365 in January.", "The contract with Yangang Metro (RMB 14 million) was signed on 28 August."],
        told=["A new round of RMB 50 million should close in November.", "We have cash for seven months."],
        view="Growth is real but it is paid for with cash. The minimum cash test was missed in June.",
        next=["Term sheet of the new round by 20 October.", "Monthly cash report from October."],
    ), "memo", "Memo_Clearcode_2026-09-18.pdf")  # fmt: skip
    keep_account(draft, company, ["JK1001"], "A1001", opening="14500000", target="7500000", monthly="8800000", wages="6900000", taxes="260000", power="110000",
                 buyers=("砚港地铁集团", "岚图保险经纪", "云帆物流科技"), suppliers=("凌云云计算有限公司", "启微芯片设计服务"))  # fmt: skip
    reading(
        draft, company, "headcount", "人", "payroll", {"2024-09": "352", "2025-06": "366", "2026-03": "338", "!2026-08": "318"}
    )
    bureau(draft, company, date(2026, 8, 31), other_bank_count=1, other_bank_balance=1000 * WAN, other_bank_overdue=D(0), max_overdue_days=0, guarantee_balance=D(0),
           enquiries_6m=4, limits_total=2000 * WAN, new_lenders_3m=0)  # fmt: skip
    for relation, share in (("legal_representative", None), ("actual_controller", D("0.38"))):
        draft.book.add("relations", customer_id="KH10", related_name="祝澄", relation=relation, share=share)
    return {"KH10": ledger}


def _books(draft: Draft) -> Ledger:
    start = day("2022-12-31")
    plan = Plan(
        currency="CNY", scale=WAN, unit=D(100), start=start,
        opening=decimals(free_cash="1500", ppe_net="900", intangible_assets="1600", share_capital="5000", capital_surplus="4200"),
        sales={(Y23, 12): D(7600), (Y24, 12): D(9100), **year_of(2025, "11200"), **quarters_of(2026, "2700", "3300")},
        rates={start: decimals(gross_margin="0.56", selling="0.17", admin="0.11", rnd="0.29", ar_days="96", inventory_days="8", ap_days="45", np_days="0", notes_days="0",
                               financing_days="0", vat="0.06", labour="0.5", write_down="0", depreciation="0.2", tax_rate="0.15"),
               day("2025-03-31"): decimals(ar_days="128", rnd="0.31"), day("2026-03-31"): decimals(rnd="0.345", admin="0.125")},
        debt={start: (D(800), D(0), D(0)), Y24: (D(1500), D(0), D(0)), Y25: (D(2500), D(0), D(1800)), H26: (D(2500), D(0), D(1800))},
        spend={Y23: D(150), Y24: D(220), Y25: D(190), H26: D(60)},
    )  # fmt: skip
    return simulate(plan, draft.chance("KH10", "books"))
