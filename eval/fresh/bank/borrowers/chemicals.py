"""K2103 汇澄化工贸易: a loan for methanol of which three fifths went into securities and a flat; papers come as workbooks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from eval.fresh.bank.house import BANK, WAN, WEST, agreement, keep_account, monthly_reading
from eval.sample_bank.accounts import Account, Move, post
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.lending import Lent
from eval.sample_bank.papers.contract import Clause
from eval.sample_bank.papers.report import Company
from eval.sample_bank.papers.visit_note import VisitNote
from eval.sample_bank.plan import D, Plan, day, decimals, quarters_of, year_of
from eval.sample_bank.registers import bureau, covenant, enrol
from eval.sample_bank.registration import account_number, credit_code
from eval.sample_bank.reporting import annual, interim
from eval.sample_bank.simulation import simulate

Y25, H26 = date(2025, 12, 31), date(2026, 6, 30)
COVER = "借款企业息税前利润与利息费用之比（滚动四个季度）在每半年末不少于2.00。"
LIQUID = "借款企业的流动比率在每半年末须保持1.10或以上。"
SUPPLIER, BROKER, ESTATE = "昊源甲醇有限公司", "恒川证券客户交易结算资金专户", "临岳澄园置业有限公司"


def add(draft: Draft) -> Ledger:
    """Adds the borrower."""
    company = Company(
        id="K2103", name="汇澄化工贸易（临岳）有限公司", name_en="Huicheng Chemical Trading (Linyue) Co., Ltd.", short="汇澄化工",
        registration=credit_code(draft.chance("K2103", "code"), "411399"), address="临岳市港务区化工大楼1207室",
        legal_representative="褚云帆", finance_head="方玉琳", accountant="方玉琳", signatory_en="Chu Yunfan",
    )  # fmt: skip
    enrol(
        draft, company, "U11", "LY", type="corporate", industry_code="F5169", incorporation_date=date(2015, 3, 30), enterprise_size="medium",
        internal_rating="BB+", aliases="汇澄化工;汇澄;Huicheng;HCCT",
    )  # fmt: skip
    ledger = _books(draft)
    kept = (
        Lent(
            id="LN6301", customer="K2103", kind="working_capital", purpose="采购甲醇", amount=1500 * WAN, rate=D("0.0420"), start=date(2026, 4, 8),
            end=date(2027, 4, 8), repayment="bullet", frequency="at_maturity", account="A2103L",
            row={"product_name": "流动资金贷款", "payment_control": "self", "secured": False},
        ),
        Lent(
            id="LN6302", customer="K2103", kind="working_capital", purpose="支付进口芳烃货款", amount=3000 * WAN, rate=D("0.0415"), start=date(2025, 11, 25),
            end=date(2026, 11, 25), repayment="interest_only", frequency="quarterly", account="A2103",
            row={"product_name": "流动资金贷款", "payment_control": "entrusted", "secured": False},
        ),
    )  # fmt: skip
    for lent in kept:
        draft.lend(lent)
    contract = agreement(
        company, kept[0], "沧银临流借2026-0072", date(2026, 4, 7), title="流动资金贷款合同", reason="采购甲醇现货", lender=WEST, place="临岳", security="信用方式",
        clauses=[Clause(COVER, "QV301"), Clause(LIQUID, "QV302"), Clause("借款企业应于半年度结束后六十日内报送财务报表。", "", "undertakings"),
                 Clause("借款企业对任何其他债权人的债务逾期超过人民币300万元的，构成本合同项下违约。", "", "cross_default")],
    )  # fmt: skip
    path = draft.contract(contract, "流动资金贷款合同_2026-0072.pdf", date(2026, 4, 8))
    for number, name, definition, metric, limit, basis in (
        ("QV301", "利息保障倍数", COVER, "icr_ebit", "2.0", "ltm"), ("QV302", "流动比率", LIQUID, "current_ratio", "1.10", "point"),
    ):  # fmt: skip
        covenant(draft, number, name, definition=definition, metric=metric, operator=">=", threshold=limit, basis=basis, scope="consolidated", frequency="semi_annually",
                 first_test_date=H26, due_days=60, loan_id="LN6301", source_document=path, source_page=contract.pages[number])  # fmt: skip
    whole = {"consolidated": ledger}
    for year, came in ((2024, date(2025, 5, 6)), (2025, date(2026, 4, 29))):
        annual(draft, company, whole, year, "workbook", "元", came)
    interim(draft, company, whole, H26, "workbook", "元", date(2026, 8, 27), due=date(2026, 8, 29))
    draft.note(VisitNote(
        company=company, language="zh", day=date(2026, 7, 2), hour="10:00", place="化工大楼1207室及西港罐区", visitors=("顾婉清", "罗子昂"), met="总经理褚云帆", purpose="LN6301用途检查",
        seen=["办公室14人在岗。", "西港3号罐标签为昊源甲醇，液位约四成。"],
        checked=["出示昊源甲醇合同和600万元发票各一份。", "其余900万元未能出示任何合同或发票。"],
        said=["“剩下的钱先理财，等价格低再进货。”"], differences=["账户流水显示500万元转入恒川证券专户、400万元付临岳澄园置业，与合同用途不符。"],
        collateral="无押品。", view="存在挪用，要求限期归位，否则提前收回。", follow_ups=["7月20日前将900万元归还至贷款账户。"],
    ), "现场回访_汇澄化工_20260702.pdf", date(2026, 7, 3))  # fmt: skip
    _money(draft, company)
    _registers(draft, company, ledger)
    return ledger


def _books(draft: Draft) -> Ledger:
    start = day("2022-12-31")
    plan = Plan(
        currency="CNY", scale=WAN, unit=D("0.01"), start=start,
        opening=decimals(free_cash="5200", ppe_net="1400", intangible_assets="60", share_capital="8000", surplus_reserve="310"),
        sales={(day("2023-12-31"), 12): D(88000), (day("2024-12-31"), 12): D(96500), **year_of(2025, "104000"), **quarters_of(2026, "23800", "24700")},
        rates={
            start: decimals(gross_margin="0.038", selling="0.009", admin="0.007", rnd="0", ar_days="47", inventory_days="21", ap_days="34", np_days="16", wage_days="1",
                            labour="0.01", bad_debt="0.0006", write_down="0.0004", surtax="0.001"),
            day("2026-03-31"): decimals(gross_margin="0.034", ar_days="58"),
        },
        debt={start: (D(7400), D(0), D(0)), day("2024-12-31"): (D(8100), D(0), D(0)), Y25: (D(9300), D(0), D(0)), H26: (D(11600), D(0), D(0))},
        spend={day("2023-12-31"): D(120), day("2024-12-31"): D(90), Y25: D(60)}, levels={H26: decimals(short_term_investments="500")},
        dividends={day("2024-12-31"): D(400), day("2025-12-31"): D(500)},
    )  # fmt: skip
    return simulate(plan, draft.chance("K2103", "books"))


def _money(draft: Draft, company: Company) -> None:
    """A loan account that held nothing before and received nothing else, so that every way of tracing says the same."""
    chance = draft.chance("K2103", "A2103L")
    account = Account(
        id="A2103L",
        customer="K2103",
        number=account_number(chance, "6217"),
        opening=Decimal(0),
        bank=BANK,
        kind="loan_disbursement",
    )

    def out(on: date, amount: int, party: str, memo: str) -> Move:
        return Move(day=on, way="out", amount=amount * WAN, party=party, memo=memo, party_bank="他行", time="11:20", key=party)

    account.moves = [
        Move(
            day=date(2026, 4, 8),
            way="in",
            amount=1500 * WAN,
            party=BANK,
            memo="贷款发放 LN6301",
            channel="系统",
            time="09:10",
            loan="LN6301",
        ),
        out(date(2026, 4, 9), 600, SUPPLIER, "甲醇货款"),
        out(date(2026, 4, 14), 500, BROKER, "银证转账"),
        out(date(2026, 4, 20), 400, ESTATE, "购房款"),
    ]
    keys = post(draft.book, account, chance, draft.book_date)
    for kind, on in (("contract", date(2026, 4, 7)), ("invoice", date(2026, 4, 23))):
        draft.book.add(
            "evidence",
            loan_id="LN6301",
            transaction_id=keys[SUPPLIER],
            kind=kind,
            document=f"{kind}_昊源甲醇.pdf",
            party=SUPPLIER,
            amount=600 * WAN,
            date=on,
        )
    for name, kind, registered, scope, industry in (
        (SUPPLIER, "company", date(2011, 8, 19), "甲醇生产与销售", "C2614"), (BROKER, "financial", None, "证券交易结算资金第三方存管", "J67"),
        (ESTATE, "company", date(2018, 6, 6), "房地产开发经营", "K7010"),
    ):  # fmt: skip
        draft.book.add(
            "counterparties", name=name, kind=kind, registered_on=registered, business_scope=scope, industry_code=industry
        )


def _registers(draft: Draft, company: Company, ledger: Ledger) -> None:
    keep_account(
        draft, company, ["LN6302"], "A2103", opening="14200000", target="13500000", ledger=ledger, share="0.2", wages="380000", taxes="290000", power="20000",
        buyers=("德隆涂料有限公司", "明海树脂有限公司", "凯胜农药有限公司"), suppliers=("昊源甲醇有限公司", "望川芳烃联合有限公司"),
    )  # fmt: skip
    monthly_reading(draft, company, "vat_invoiced_sales", "86000000", "CNY", "税务局", until={date(2026, 1, 31): "80500000"})
    bureau(draft, company, date(2026, 8, 31), other_bank_count=5, other_bank_balance=7100 * WAN, other_bank_overdue=260 * WAN, max_overdue_days=18,
           guarantee_balance=3000 * WAN, enquiries_6m=11, limits_total=13000 * WAN, new_lenders_3m=2, other_bank_overdue_90=D(0), other_bank_npl=D(0))  # fmt: skip
    for name, relation, share in (
        ("褚云帆", "legal_representative", None),
        ("褚云帆", "actual_controller", D("0.70")),
        (ESTATE, "shareholder", D("0.20")),
    ):
        draft.book.add("relations", customer_id="K2103", related_name=name, relation=relation, share=share)
