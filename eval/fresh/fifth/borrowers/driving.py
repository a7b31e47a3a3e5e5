"""C508 顺达驾校: a small driving school under the rules for small enterprises; conditions read but not confirmed; a fund shares the loss."""

from __future__ import annotations

from datetime import date

from eval.fresh.fifth.house import H25, H26, WAN, Y23, Y24, Y25, file_deed, file_visit, keep_account, own, reading, statement
from eval.fresh.fifth.papers.agreements import chinese_deed
from eval.fresh.fifth.papers.notes import Visit
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
        id="C508",
        name="泊云顺达驾驶培训有限公司",
        name_en="Boyun Shunda Driving School Co., Ltd.",
        short="顺达驾校",
        registration=credit_code(draft.chance("C508", "code"), "360199"),
        address="泊云市环城北路300号",
        legal_representative="车行健",
        finance_head="路遥遥",
        accountant="路遥遥",
        signatory_en="Che Xingjian",
    )
    enrol(
        draft,
        company,
        "P12",
        "BY",
        type="sme",
        industry_code="P8391",
        incorporation_date=date(2014, 2, 20),
        enterprise_size="small",
        internal_rating="BB+",
        aliases="顺达驾校;顺达;顺达驾培;Shunda Driving",
    )
    ledger = _books(draft)
    books = {"parent": ledger}
    cars = Lent(
        id="L5081",
        customer="C508",
        kind="working_capital",
        purpose="购置教练车及场地维护",
        amount=260 * WAN,
        rate=D("0.0485"),
        start=date(2025, 6, 18),
        end=date(2028, 6, 18),
        repayment="equal_instalment",
        frequency="monthly",
        account="A5081",
        row={"product_name": "小微经营贷", "payment_control": "self", "secured": False},
    )
    draft.lend(cars)
    draft.book.add(
        "mitigants",
        loan_ids="L5081",
        kind="guarantee_fund",
        provider="泊云市中小企业信用担保基金",
        cover=182 * WAN,
        cover_share=D("0.70"),
        start_date=date(2025, 6, 18),
        end_date=date(2028, 6, 18),
        claim_deadline_days=60,
    )
    draft.book.add(
        "guarantors",
        loan_ids="L5081",
        name="车行健",
        amount=260 * WAN,
        currency_code="CNY",
        start_date=date(2025, 6, 18),
        end_date=date(2031, 6, 18),
    )
    deed = chinese_deed(
        company,
        "BY",
        cars,
        "沧泊微字2025第061号",
        date(2025, 6, 11),
        title="小微企业借款合同",
        tests=[
            ("借款人年末负债总额不得超出资产总额的百分之六十五。", ""),
            ("借款人每年经营活动产生的现金流量净额应为正数。", ""),
        ],
        reports="借款人应于次年5月31日前报送年报，8月20日前报送半年报。",
        promises=[("教练车数量减少五分之一以上的，借款人应在十日内告知贷款行。", "")],
        security="由车行健提供连带责任保证，泊云市中小企业信用担保基金分担百分之七十的损失。",
        late="百分之三十",
    )
    file_deed(draft, deed, "小微借款合同_2025第061号.docx", date(2025, 6, 12))
    for end, came in ((Y24, date(2025, 5, 22)), (Y25, date(2026, 5, 21))):
        statement(draft, company, books, end, "small", "元", came, date(end.year + 1, 5, 31))
    statement(draft, company, books, H26, "small", "元", date(2026, 8, 14), date(2026, 8, 20), months=6)
    file_visit(
        draft,
        Visit(
            company=company,
            day=date(2026, 8, 26),
            who=["裴知微", "沈砚"],
            met="校长车行健",
            where="环城北路训练场",
            seen=["训练场停着教练车46辆，约八成在用。", "报名大厅排队不到十人。"],
            checked=["教练员工资表52人，社保缴纳49人。", "8月报名学员318人，去年8月402人。"],
            told=["打算买10辆新能源教练车，还差八十万元"],
            view="学员减少但现金流尚稳，按半年走访即可。",
            next=["11月30日前提交新能源教练车购置预算"],
        ),
        "jotted",
        "走访_顺达驾校_20260826.txt",
    )
    keep_account(
        draft,
        company,
        ["L5081"],
        "A5081",
        opening="1350000",
        target="760000",
        monthly={"2025-11": "720000", "2026-03": "650000"},
        wages="330000",
        taxes="8000",
        power="11000",
        buyers=("学员缴费归集", "泊云公交公司培训款"),
        suppliers=("中油加油站", "环城北路场地出租方"),
    )
    reading(draft, company, "headcount", "人", "工资表", {"2024-10": "58", "2026-03": "53", "!2026-08": "52"})
    bureau(
        draft,
        company,
        date(2026, 9, 30),
        other_bank_count=0,
        other_bank_balance=D(0),
        other_bank_overdue=D(0),
        max_overdue_days=0,
        guarantee_balance=D(0),
        enquiries_6m=1,
        limits_total=D(0),
        new_lenders_3m=0,
    )
    own(draft, company, "车行健", "0.80")
    return {"C508": ledger}


def _books(draft: Draft) -> Ledger:
    start = day("2022-12-31")
    plan = Plan(
        currency="CNY",
        scale=WAN,
        unit=D("0.01"),
        start=start,
        opening=decimals(
            free_cash="165",
            ppe_net="410",
            intangible_assets="8",
            long_term_deferred_expenses="120",
            share_capital="300",
            surplus_reserve="12",
        ),
        sales={(Y23, 12): D(920), (Y24, 12): D(955), **year_of(2025, "880"), **quarters_of(2026, "196", "203")},
        rates={
            start: decimals(
                gross_margin="0.312",
                selling="0.041",
                admin="0.158",
                rnd="0",
                ar_days="4",
                inventory_days="3",
                ap_days="24",
                np_days="0",
                notes_days="0",
                financing_days="0",
                vat="0",
                labour="0.5",
                write_down="0",
                bad_debt="0",
                depreciation="0.2",
                advance_days="48",
                tax_rate="0.05",
            )
        },
        debt={
            start: (D(90), D(0), D(0)),
            Y24: (D(70), D(0), D(0)),
            H25: (D(30), D(84), D(176)),
            Y25: (D(0), D(86), D(135)),
            H26: (D(0), D(88), D(92)),
        },
        spend={Y23: D(60), Y24: D(55), H25: D(130), Y25: D(40), H26: D(15)},
        dividends={Y24: D(30), Y25: D(30)},
    )
    return simulate(plan, draft.chance("C508", "books"))
