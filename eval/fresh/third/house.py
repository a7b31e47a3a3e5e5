"""The third bank itself: its people, what it watches in the markets, and how a borrower's file is opened and filled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from eval.fresh.third.papers.accounts import Accounts
from eval.fresh.third.papers.deeds import Deed, deed_paper, deed_word
from eval.fresh.third.papers.english_pdf import international_paper
from eval.fresh.third.papers.notes import Visit, checklist, memo, story
from eval.fresh.third.papers.open_pdf import open_paper
from eval.fresh.third.papers.sheets import small_workbook, years_workbook
from eval.fresh.third.papers.word import american_word, group_word
from eval.sample_bank.accounts import Account, Move, loan_moves, post
from eval.sample_bank.book import Value
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.lending import Due, Lent, cents, months_later
from eval.sample_bank.papers.report import Company
from eval.sample_bank.registers import covenant, month_ends

WAN = Decimal(10000)
BANK, BANK_EN = "云岫银行", "Yunxiu Bank"
SINCE = date(2025, 10, 1)
Y23, Y24, Y25, H25, H26 = date(2023, 12, 31), date(2024, 12, 31), date(2025, 12, 31), date(2025, 6, 30), date(2026, 6, 30)
STAFF = (
    ("E01", "方若琳", "officer", "QX", "青浔", "fang.ruolin@yunxiubank.example", "U9FANGRUO"),
    ("E02", "戴维远", "officer", "QX", "青浔", "dai.weiyuan@yunxiubank.example", "U9DAIWEIY"),
    ("E03", "Grace Whitfield", "officer", "YG", "砚港", "grace.whitfield@yunxiubank.example", "U9WHITFIE"),
    ("E04", "欧阳骏", "officer", "YG", "砚港", "ouyang.jun@yunxiubank.example", "U9OUYANGJ"),
    ("E11", "聂怀山", "manager", "QX", "青浔", "nie.huaishan@yunxiubank.example", "U9NIEHUAI"),
    ("E12", "Helena Brandt", "manager", "YG", "砚港", "helena.brandt@yunxiubank.example", "U9BRANDTH"),
    ("E21", "卢知微", "reviewer", None, "青浔", "lu.zhiwei@yunxiubank.example", "U9LUZHIWE"),
    ("E31", "贺敬亭", "approver", "QX", "青浔", "he.jingting@yunxiubank.example", "U9HEJINGT"),
    ("E41", "史明礼", "auditor", None, None, "shi.mingli@yunxiubank.example", "U9SHIMING"),
    ("E51", "系统运维", "admin", None, None, "ops@yunxiubank.example", "U9OPS0000"),
)


def add_staff(draft: Draft) -> None:
    """Two branches with two officers and a manager each, and those who see across."""
    for number, name, role, branch, region, email, slack in STAFF:
        draft.book.add(
            "staff", id=number, name=name, role=role, branch_id=branch, region=region, email=email, slack_user_id=slack
        )


def add_market(draft: Draft) -> None:
    """Month-end series: the dollar, the prime rate, and the prices its borrowers buy and sell at."""
    chance = draft.chance("market")
    for code, name, unit, base, wobble, drift, industry in (
        ("USDCNY", "美元兑人民币中间价", "CNY per USD", "7.1200", "0.003", "0", ""),
        ("LPR1Y", "贷款市场报价利率（一年期）", "share", "0.0300", "0", "0", ""),
        ("CEMENT_P42", "P.O42.5散装水泥", "CNY/t", "356.0", "0.01", "-0.012", "C30"),
        ("THERMAL_COAL", "动力煤Q5500", "CNY/t", "742.0", "0.02", "0", "B06"),
        ("COTTON_YARN", "32支纯棉纱", "CNY/t", "21800", "0.012", "-0.004", "C17"),
        ("SHRIMP", "Vannamei shrimp, FOB", "USD/kg", "5.9000", "0.02", "0.002", "A04"),
    ):
        level = Decimal(base)
        for end in month_ends((2024, 9), (2026, 9)):
            if wobble != "0":
                level = (chance.near(level, wobble) * (1 + Decimal(drift))).quantize(Decimal("0.0001"))
            draft.book.add("market", series=code, date=end, value=level, name=name, unit=unit, industry_code=industry or None,
                           country_code="CN")  # fmt: skip


def keep_account(
    draft: Draft, company: Company, loans: Sequence[str], number: str, *, opening: str, target: str, buyers: Sequence[str],
    suppliers: Sequence[str], monthly: Mapping[str, str] | str, wages: str = "0", taxes: str = "0", power: str = "0", english: bool = False,
    currency: str = "CNY", moves: Sequence[Move] = (),
) -> dict[str, str]:  # fmt: skip
    """A year of a main account. `monthly`: collections a month, or by the first month (YYYY-MM) from which they hold."""
    chance = draft.chance(company.id, number)
    account = Account(
        id=number, customer=company.id, number="6099" + f"{chance.whole(10**14, 10**15 - 1)}", opening=Decimal(opening), bank=BANK,
        currency=currency, buyers=buyers, suppliers=suppliers, target=Decimal(target), words="en" if english else "zh",
    )  # fmt: skip
    steps = {"2025-10": monthly} if isinstance(monthly, str) else dict(monthly)
    names = (("Payroll", "Staff wages"), ("Tax office", "Tax"), ("Grid company", "Electricity")) if english else (
        ("代发工资", "工资"), ("国家金库", "税款"), ("供电公司", "电费"))  # fmt: skip
    for end in month_ends((2025, 10), (2026, 9)):
        level = steps[max(month for month in steps if month <= f"{end:%Y-%m}")]
        account.monthly_sales = {**account.monthly_sales, (end.year, end.month): Decimal(level)}
        for (party, memo_words), amount, on in zip(names, (wages, taxes, power), (8, 14, 21), strict=True):
            if Decimal(amount):
                paid = cents(chance.near(Decimal(amount), "0.03"))
                account.moves.append(Move(day=end.replace(day=on), way="out", amount=paid, party=party, memo=memo_words))
    booked = [draft.loans[loan] for loan in loans if draft.loans[loan].lent.currency == currency]
    account.moves += [replace(move, party=BANK_EN if english else BANK) for move in loan_moves(booked, SINCE, account.words)]
    account.moves += moves
    return post(draft.book, account, chance, draft.book_date)


def reading(draft: Draft, company: Company, measure: str, unit: str, source: str, levels: Mapping[str, str]) -> None:
    """Twenty-four months of an operating measure to August 2026; `levels` by the first month (YYYY-MM) from which they hold; exact where a day's
    month is named with a `!`."""
    chance = draft.chance(company.id, measure)
    for end in month_ends((2024, 9), (2026, 8)):
        key = f"{end:%Y-%m}"
        level = levels[max(month for month in levels if not month.startswith("!") and month <= key)]
        value = Decimal(levels.get("!" + key, "0")) or chance.near(Decimal(level), "0.02").quantize(Decimal(1))
        draft.book.add("operations", customer_id=company.id, date=end, measure=measure, value=value, unit=unit, source=source)


def file_accounts(
    draft: Draft, accounts: Accounts, layout: str, name: str, received: date, due: date, notes: Sequence[str] = ()
) -> str:
    """Files a set of accounts: open, group, years, bilingual, small, international or american."""
    english = layout in ("international", "american")
    path = draft.file(
        accounts.company, name, "statement", "en" if english else "zh", received, layout=layout, period_end=accounts.end, due=due,
        assurance="audited" if accounts.auditor else "unaudited",
    )  # fmt: skip
    if layout == "open":
        draft.paper(path, open_paper(accounts))
    elif layout == "international":
        draft.paper(path, international_paper(accounts, notes))
    elif layout == "american":
        draft.writer(path, lambda target: american_word(accounts, notes, target))
    elif layout == "group":
        draft.writer(path, lambda target: group_word(accounts, target))
    elif layout == "small":
        draft.writer(path, lambda target: small_workbook(accounts, target))
    else:
        draft.writer(path, lambda target: years_workbook(accounts, target, bilingual=layout == "bilingual"))
    return path


def chinese_year(
    draft: Draft, company: Company, books: Mapping[str, Ledger], year: int, layout: str, money: str, received: date, due: date, *,
    auditor: str = "", years: int = 2, remark: str = "",
) -> str:  # fmt: skip
    """Files a year's Chinese accounts with `years` columns."""
    ends = [date(year - back, 12, 31) for back in range(years)]
    ending = {"open": "pdf", "group": "docx"}.get(layout, "xlsx")
    accounts = Accounts(
        company=company, title=f"{year}年度{'审计报告' if auditor else '财务报表'}", books=books, points=ends, flows=[(end, 12) for end in ends],
        money=money, places=2, made_on=received - timedelta(days=5), auditor=auditor, remark=remark,
    )  # fmt: skip
    return file_accounts(draft, accounts, layout, f"{company.short}_{year}年报.{ending}", received, due)


def chinese_half(
    draft: Draft,
    company: Company,
    books: Mapping[str, Ledger],
    layout: str,
    money: str,
    received: date,
    due: date,
    remark: str = "",
) -> str:
    """Files the half year to June 2026 with the comparatives of December 2025 and of the half year before."""
    accounts = Accounts(
        company=company, title="2026年半年度财务报表", books=books, points=[H26, Y25], flows=[(H26, 6), (H25, 6)], money=money, places=2,
        made_on=received - timedelta(days=3), remark=remark,
    )  # fmt: skip
    ending = {"open": "pdf", "group": "docx"}.get(layout, "xlsx")
    return file_accounts(draft, accounts, layout, f"{company.short}_2026半年报.{ending}", received, due)


def file_deed(draft: Draft, deed: Deed, name: str, received: date) -> str:
    """Files a contract as PDF or Word by the name's ending."""
    pdf = name.endswith(".pdf")
    path = draft.file(deed.company, name, "contract", deed.language, received, layout="deed" if pdf else "deed_word")
    if pdf:
        draft.paper(path, deed_paper(deed))
    else:
        draft.writer(path, lambda target: deed_word(deed, target))
    return path


def test(
    draft: Draft, deed: Deed, path: str, number: str, name: str, metric: str, operator: str, threshold: str, **columns: Value
) -> None:
    """A confirmed maintenance covenant of a deed; its wording is the clause that carries its number."""
    wording = next(text.partition(" ")[2] for text, covenant_id in deed.lines if covenant_id == number)
    values: dict[str, Value] = {"basis": "ltm", "scope": "consolidated", "due_days": 62, **columns}
    frequency = str(values.pop("frequency", "semi_annually"))
    covenant(
        draft, number, name, definition=wording, frequency=frequency, metric=metric, operator=operator, threshold=threshold,
        source_document=path, source_page=deed.pages.get(number), **values,
    )  # fmt: skip


def file_visit(draft: Draft, visit: Visit, style: str, name: str) -> str:
    """Files a visit note in its writer's style: checklist, story or memo."""
    received = visit.day + timedelta(days=1)
    path = draft.file(visit.company, name, "visit_note", "en" if style == "memo" else "zh", received, layout=style)
    if style == "memo":
        draft.paper(path, memo(visit))
    else:
        draft.writer(path, lambda target: (checklist if style == "checklist" else story)(visit, target))
    return path


def stepped(amount: str, rate: str, start: date, parts: Sequence[str], months: int) -> list[Due]:
    """Given principal parts every so many months, the last one whatever is left, with interest on the days."""
    left, opened, dues = Decimal(amount), start, []
    for number, part in enumerate(parts, 1):
        falls = months_later(start, months * number)
        principal = left if number == len(parts) else Decimal(part)
        dues.append(Due(falls, principal, cents(left * Decimal(rate) * (falls - opened).days / 360)))
        left, opened = left - principal, falls
    return dues


def lend(draft: Draft, *loans: Lent) -> None:
    """Books loans."""
    for loan in loans:
        draft.lend(loan)
