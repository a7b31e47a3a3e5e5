"""C504 岚山茶饮: the tea shops of the group, three months in arrears, losing money and closing shops; the parent stands surety."""

from __future__ import annotations

from datetime import date

from eval.fresh.fifth.house import (
    H25,
    H26,
    WAN,
    Y23,
    Y24,
    Y25,
    file_deed,
    file_visit,
    keep_account,
    reading,
    statement,
    test,
)
from eval.fresh.fifth.papers.agreements import chinese_deed
from eval.fresh.fifth.papers.notes import Visit
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.lending import Lent
from eval.sample_bank.papers.report import Company
from eval.sample_bank.plan import D, Plan, day, decimals, quarters_of, year_of
from eval.sample_bank.registers import bureau
from eval.sample_bank.simulation import simulate

SHOPS = "茶饮公司每年末的股东权益不得少于人民币八百万元。"


def fill(draft: Draft, shops: Company, bars: Ledger) -> None:
    """Its loan, agreement, accounts, note and registers."""
    loan = Lent(
        id="L5041",
        customer="C504",
        kind="working_capital",
        purpose="支付门店租金和装修款",
        amount=1200 * WAN,
        rate=D("0.0520"),
        start=date(2025, 9, 15),
        end=date(2028, 9, 15),
        repayment="equal_instalment",
        frequency="monthly",
        account="A5041",
        unpaid_from=date(2026, 7, 15),
        row={
            "product_name": "经营贷款",
            "payment_control": "self",
            "secured": False,
            "classification": "special_mention",
            "stage": 2,
        },
    )
    draft.lend(loan)
    deed = chinese_deed(
        shops,
        "QW",
        loan,
        "沧雀流字2025第102号",
        date(2025, 9, 8),
        title="经营借款合同",
        tests=[(SHOPS, "K5041")],
        reports="借款人应于次年5月31日前报送年报，于9月15日前报送半年报。",
        promises=[("关闭门店超过三家的，借款人应于五日内告知贷款行。", "")],
        security="由岚山茶业集团有限公司提供连带责任保证，保证金额1,200万元。",
        late="百分之五十",
    )
    path = file_deed(draft, deed, "经营借款合同_2025第102号.docx", date(2025, 9, 9))
    test(
        draft,
        deed,
        path,
        "K5041",
        "净资产",
        "total_equity",
        ">=",
        "8000000",
        basis="point",
        currency_code="CNY",
        frequency="annually",
        first_test_date=Y25,
        due_days=151,
        loan_id="L5041",
    )
    own_books = {"parent": bars}
    for end, came in ((Y24, date(2025, 5, 28)), (Y25, date(2026, 5, 27))):
        statement(draft, shops, own_books, end, "plain", "元", came, date(end.year + 1, 5, 31))
    statement(draft, shops, own_books, H26, "plain", "元", date(2026, 9, 11), date(2026, 9, 15), months=6)
    file_visit(
        draft,
        Visit(
            company=shops,
            day=date(2026, 10, 20),
            who=["骆青阳", "Tobias Lindqvist"],
            met="店长蒲小满",
            where="滨海路旗舰店",
            seen=["旗舰店正常营业，隔壁两家分店卷帘门紧闭。", "收银台贴着转让告示。"],
            checked=["在营门店11家，去年10月19家。", "9月刷卡流水58万元，去年9月121万元。"],
            told=["集团答应年底前替我们还", "押金没退，租金先欠着"],
            view="逾期已过三个月，主要靠集团代偿，建议下调分类并向保证人发函。",
            next=["10月28日前向岚山茶业发催收函", "11月6日前复核分类"],
        ),
        "jotted",
        "走访_岚山茶饮_20261020.txt",
    )
    keep_account(
        draft,
        shops,
        ["L5041"],
        "A5041",
        opening="2600000",
        target="150000",
        monthly={"2025-11": "1900000", "2026-03": "1250000", "2026-07": "610000"},
        wages="410000",
        taxes="20000",
        power="52000",
        buyers=("收单清算户", "外卖平台结算"),
        suppliers=("岚山茶业集团有限公司", "鲜奶配送中心", "滨海商业物业"),
    )
    reading(draft, shops, "headcount", "人", "工资表", {"2024-10": "168", "2026-01": "131", "2026-06": "96", "!2026-09": "84"})
    bureau(
        draft,
        shops,
        date(2026, 9, 30),
        other_bank_count=2,
        other_bank_balance=460 * WAN,
        other_bank_overdue=35 * WAN,
        max_overdue_days=48,
        guarantee_balance=D(0),
        enquiries_6m=7,
        limits_total=500 * WAN,
        new_lenders_3m=1,
    )
    draft.book.add(
        "events",
        customer_id="C504",
        date=date(2026, 9, 3),
        type="court_case",
        title="滨海商业物业诉岚山茶饮房屋租赁合同纠纷",
        detail="被告，请求支付租金",
        amount=173 * WAN,
        currency_code="CNY",
        source="雀湾市人民法院",
        subject="company",
    )


def books(draft: Draft) -> Ledger:
    """The shops' own books."""
    start = day("2022-12-31")
    plan = Plan(
        currency="CNY",
        scale=WAN,
        unit=D("0.01"),
        start=start,
        opening=decimals(
            free_cash="310",
            ppe_net="780",
            intangible_assets="60",
            long_term_deferred_expenses="690",
            share_capital="1500",
            surplus_reserve="20",
        ),
        sales={(Y23, 12): D(3900), (Y24, 12): D(4300), **year_of(2025, "3600"), **quarters_of(2026, "640", "520")},
        rates={
            start: decimals(
                gross_margin="0.372",
                selling="0.254",
                admin="0.094",
                rnd="0",
                ar_days="6",
                inventory_days="21",
                ap_days="44",
                np_days="0",
                notes_days="0",
                financing_days="0",
                vat="0.06",
                labour="0.2",
            ),
            H25: decimals(gross_margin="0.301"),
            day("2026-03-31"): decimals(gross_margin="0.142", ap_days="88"),
        },
        debt={
            start: (D(300), D(0), D(0)),
            Y24: (D(400), D(0), D(0)),
            day("2025-09-30"): (D(430), D(372), D(828)),
            Y25: (D(460), D(380), D(730)),
            H26: (D(460), D(400), D(530)),
        },
        spend={Y23: D(160), Y24: D(390), Y25: D(880), H26: D(10)},
    )
    return simulate(plan, draft.chance("C504", "books"))
