"""The held-out bank itself: its people, its rates, how it keeps a borrower's account, and the contracts it signs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from eval.sample_bank.accounts import Account, Move, loan_moves, post
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.lending import Lent, cents
from eval.sample_bank.papers.contract import Clause, Contract
from eval.sample_bank.papers.report import Company, chinese_date
from eval.sample_bank.papers.sheet import Paper, TextMark
from eval.sample_bank.papers.wording import capital_amount, grouped, percent
from eval.sample_bank.registers import month_ends
from eval.sample_bank.registration import account_number

WAN = Decimal(10000)
BANK = "沧澜银行"
WEST = "沧澜银行股份有限公司临岳分行"
EAST = "沧澜银行股份有限公司望川分行"
EAST_EN = "Canglan Bank Co., Ltd., Wangchuan Branch"
TEXTS = Path(__file__).parent / "texts"
SINCE = date(2025, 10, 1)
STAFF = (
    ("U11", "顾婉清", "officer", "LY", "临岳", "gu.wanqing@canglanbank.example", "U7GUWANQI"),
    ("U12", "罗子昂", "officer", "LY", "临岳", "luo.ziang@canglanbank.example", "U7LUOZIAN"),
    ("U13", "Daniel Okoro", "officer", "WC", "望川", "daniel.okoro@canglanbank.example", "U7OKOROD0"),
    ("U14", "马晓棠", "officer", "WC", "望川", "ma.xiaotang@canglanbank.example", "U7MAXIAOT"),
    ("U21", "沈国梁", "manager", "LY", "临岳", "shen.guoliang@canglanbank.example", "U7SHENGUO"),
    ("U22", "Priya Raman", "manager", "WC", "望川", "priya.raman@canglanbank.example", "U7RAMANPR"),
    ("U31", "程思远", "reviewer", None, "临岳", "cheng.siyuan@canglanbank.example", "U7CHENGSI"),
    ("U41", "汤明华", "approver", "LY", "临岳", "tang.minghua@canglanbank.example", "U7TANGMIN"),
    ("U51", "严以宁", "auditor", None, None, "yan.yining@canglanbank.example", "U7YANYINI"),
    ("U61", "运维管理员", "admin", None, None, "ops@canglanbank.example", "U7OPSADMI"),
)
_WORDS = {"中国·江州": "中国·临岳", "衡信审字": "岳正审字", "Zhou Zheng": "Tang Minghua"}
_PERIODS = {"monthly": "每月", "quarterly": "每季度", "semi_annually": "每半年", "at_maturity": "到期"}


def add_staff(draft: Draft) -> None:
    """Two branches with two officers and a manager each, and those who see across."""
    for number, name, role, branch, region, email, slack in STAFF:
        draft.book.add(
            "staff", id=number, name=name, role=role, branch_id=branch, region=region, email=email, slack_user_id=slack
        )


def add_market(draft: Draft) -> None:
    """Month-end exchange rates, the loan prime rate and the prices the borrowers live on."""
    chance = draft.chance("market")
    for code, name, unit, base, wobble, drift, industry in (
        ("USDCNY", "美元兑人民币中间价", "CNY per USD", "7.1500", "0.004", "0", ""),
        ("LPR1Y", "贷款市场报价利率（一年期）", "share", "0.0300", "0", "0", ""),
        ("SOLAR_MODULE", "光伏组件均价", "CNY/W", "0.9200", "0.01", "-0.015", "C38"),
        ("METHANOL", "甲醇现货价", "CNY/t", "2450", "0.02", "0", "F51"),
        ("RAW_MILK", "生鲜乳收购价", "CNY/kg", "3.1200", "0.01", "-0.002", "C14"),
    ):
        level = Decimal(base)
        for end in month_ends((2024, 9), (2026, 9)):
            if wobble != "0":
                level = (chance.near(level, wobble) * (1 + Decimal(drift))).quantize(Decimal("0.0001"))
            draft.book.add(
                "market",
                series=code,
                date=end,
                value=level,
                name=name,
                unit=unit,
                industry_code=industry or None,
                country_code="CN",
            )


def keep_account(
    draft: Draft, company: Company, loans: Sequence[str], number: str, *, opening: str, target: str, buyers: Sequence[str],
    suppliers: Sequence[str], ledger: Ledger | None = None, share: str = "0.3", monthly: str = "0", wages: str = "0", taxes: str = "0",
    power: str = "0", words: str = "zh", currency: str = "CNY", moves: Sequence[Move] = (),
) -> dict[str, str]:  # fmt: skip
    """A year of a main account to the book date. Sales come from the ledger's newest quarter known, or are the same each `monthly`."""
    chance = draft.chance(company.id, number)
    account = Account(
        id=number, customer=company.id, number=account_number(chance, "6217"), opening=Decimal(opening), bank=BANK, currency=currency,
        buyers=buyers, suppliers=suppliers, target=Decimal(target), words=words,
    )  # fmt: skip
    names = (("代发工资", "工资"), ("国家税务总局临岳市税务局", "缴税"), ("临岳供电局", "电费"))
    if words == "en":
        names = (("Payroll services", "Salaries"), ("Revenue authority", "Taxes"), ("Power company", "Electricity"))
    ends = month_ends((2025, 10), (2026, 9))
    for end in ends:
        account.monthly_sales = {**account.monthly_sales, (end.year, end.month): _takings(ledger, end, share, Decimal(monthly))}
        for (party, memo), amount, on in zip(names, (wages, taxes, power), (8, 14, 21), strict=True):
            if Decimal(amount):
                paid = cents(chance.near(Decimal(amount), "0.03"))
                account.moves.append(Move(day=end.replace(day=on), way="out", amount=paid, party=party, memo=memo))
    booked = [draft.loans[loan] for loan in loans if draft.loans[loan].lent.currency == currency]
    lender = BANK if words == "zh" else "Canglan Bank"
    account.moves += [replace(move, party=lender) for move in loan_moves(booked, SINCE, words)]
    account.moves += moves
    return post(draft.book, account, chance, draft.book_date)


def _takings(ledger: Ledger | None, end: date, share: str, flat: Decimal) -> Decimal:
    if ledger is None:
        return flat
    quarters = sorted(stop for stop, months in ledger.flows if months == 3)
    stop = next((stop for stop in quarters if stop >= end), quarters[-1])
    return cents(ledger.flows[stop, 3]["revenue"] * ledger.unit * Decimal(share) * Decimal("1.13") / 3)


def monthly_reading(
    draft: Draft, company: Company, measure: str, level: str, unit: str, source: str, *, exact: Mapping[date, str] | None = None,
    until: Mapping[date, str] | None = None,
) -> None:  # fmt: skip
    """Twenty-four months of an operating measure to August 2026; `until` gives another level from a date on, `exact` single months."""
    chance = draft.chance(company.id, measure)
    for end in month_ends((2024, 9), (2026, 8)):
        now = level
        for since, other in (until or {}).items():
            now = other if end >= since else now
        value = chance.near(Decimal(now), "0.02").quantize(Decimal(1))
        value = Decimal((exact or {}).get(end, value))
        draft.book.add("operations", customer_id=company.id, date=end, measure=measure, value=value, unit=unit, source=source)


def agreement(
    company: Company, loan: Lent, number: str, signed: date, *, title: str, reason: str, security: str, clauses: Sequence[Clause],
    lender: str, place: str, amount: Decimal | None = None, payment: str = "", penalty: str = "百分之五十", cure: str = "二十日",
    supersedes: str = "",
) -> Contract:  # fmt: skip
    """A Chinese loan contract in this bank's words."""
    total = amount or loan.amount
    wage = (
        "单笔金额超过人民币一千万元或者收款人已确定的，由贷款银行受托支付至收款人账户；其余由借款企业自主支付。"
        if loan.row.get("payment_control") == "entrusted"
        else "由借款企业自主支付。"
    )
    first = chinese_date(loan.first or loan.dues()[0].day)
    every = _PERIODS[loan.frequency]
    repayment = {
        "interest_only": f"利息{every}支付一次，首次付息日为{first}；本金于{chinese_date(loan.end)}一次还清。",
        "equal_principal": f"本金{every}等额归还，利息随本金支付，首次还款日为{first}。",
        "equal_instalment": f"{every}按等额本息方式还款，首次还款日为{first}。",
        "bullet": "本金和利息于到期日一并支付。",
    }.get(loan.repayment, "按以下计划归还本金，利息在各还款日一并支付：")
    fill = {
        "title": title, "lender": lender, "borrower": company.name, "registration": company.registration,
        "borrower_address": company.address, "legal_representative": company.legal_representative, "signed": chinese_date(signed),
        "place": place, "reason": reason, "currency_name": "人民币", "amount_words": capital_amount(total), "currency_code": "CNY",
        "amount": grouped(total), "start": chinese_date(loan.start), "end": chinese_date(loan.end), "purpose": loan.purpose,
        "rate": percent(loan.rate), "interest_terms": "随本金支付" if "equal" in loan.repayment else f"{every}结息", "penalty": penalty,
        "payment_terms": payment or wage, "account": "基本存款", "repayment_terms": repayment, "security": security, "cure": cure,
        "supersedes": supersedes or "本合同一式三份，签字盖章后生效。",
    }  # fmt: skip
    schedule = [(chinese_date(due.day), f"人民币{grouped(due.principal)}元") for due in loan.flows if due.principal]
    return Contract(
        template=str(TEXTS / "loan.zh.md"), language="zh", company=company, lender=lender, number=number, signed=signed, fill=fill,
        clauses=clauses, schedule=schedule,
    )  # fmt: skip


def facility(
    company: Company, loan: Lent, number: str, signed: date, *, money: str, purpose: str, security: str, clauses: Sequence[Clause],
    law: str, governing_law: str, amount: Decimal, rate_terms: str, default_rate: str, cure: str, claim: str, prepay: str = "seven",
) -> Contract:  # fmt: skip
    """An English loan contract in this bank's words."""
    fill = {
        "title": "Loan Agreement", "lender": EAST_EN, "borrower": company.name_en, "registration": company.registration, "law": law,
        "governing_law": governing_law, "signed": _english(signed), "facility": money, "currency_code": loan.currency,
        "amount": grouped(amount), "purpose": purpose, "rate": percent(loan.rate), "rate_terms": rate_terms, "default_rate": default_rate,
        "repayment_terms": "The borrower shall repay on the dates and in the amounts below, each with the interest then accrued.",
        "prepay": prepay, "security": security, "claim": claim, "cure": cure, "supersedes": "There are no other terms between the parties.",
    }  # fmt: skip
    schedule = [(_english(due.day), f"{loan.currency} {grouped(due.principal)}") for due in loan.flows if due.principal]
    return Contract(
        template=str(TEXTS / "facility.en.md"), language="en", company=company, lender=EAST_EN, number=number, signed=signed, fill=fill,
        clauses=clauses, schedule=schedule, schedule_head=("Date", "Principal"),
    )  # fmt: skip


def reword(paper: Paper) -> None:
    """Sets this bank's places and people where the shared forms print the sample bank's."""
    for page in paper.pages:
        for at, mark in enumerate(page.marks):
            if isinstance(mark, TextMark):
                text = mark.text
                for theirs, ours in _WORDS.items():
                    text = text.replace(theirs, ours)
                page.marks[at] = replace(mark, text=text)


def due_of(end: date, days: int) -> date:
    """The day something is due so many days after a period's end."""
    return end + timedelta(days=days)


def _english(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"
