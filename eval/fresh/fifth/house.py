"""The fifth bank itself: its people, the markets it watches, and how a borrower's file is opened and filled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from eval.fresh.fifth.papers.agreements import Deed, deed_paper, deed_word
from eval.fresh.fifth.papers.chinese import banded_paper, group_word, plain_word, sided_book, small_paper
from eval.fresh.fifth.papers.english import american_print, international_print, long_sheet, word_tables
from eval.fresh.fifth.papers.notes import Visit, jotted, markdown, memo, post, word_form
from eval.fresh.fifth.papers.sets import Accounts
from eval.sample_bank.accounts import Account, Move, loan_moves
from eval.sample_bank.accounts import post as post_account
from eval.sample_bank.book import Value
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.lending import Due, cents, months_later
from eval.sample_bank.papers.report import Company, Period
from eval.sample_bank.registers import covenant, month_ends

WAN = Decimal(10000)
BANK, BANK_EN = "沧溟银行", "Cangming Bank"
SINCE = date(2025, 11, 1)
Y23, Y24, Y25, H25, H26 = date(2023, 12, 31), date(2024, 12, 31), date(2025, 12, 31), date(2025, 6, 30), date(2026, 6, 30)
M26, S26, S25 = date(2026, 3, 31), date(2026, 9, 30), date(2025, 9, 30)
STAFF = (
    ("P11", "沈砚", "officer", "BY", "东区", "shen.yan"),
    ("P12", "裴知微", "officer", "BY", "东区", "pei.zhiwei"),
    ("P21", "骆青阳", "officer", "QW", "西区", "luo.qingyang"),
    ("P22", "Hannah Osei", "officer", "QW", "西区", "hannah.osei"),
    ("P13", "葛怀瑾", "manager", "BY", "东区", "ge.huaijin"),
    ("P23", "Tobias Lindqvist", "manager", "QW", "西区", "tobias.lindqvist"),
    ("P31", "秦望舒", "reviewer", None, "东区", "qin.wangshu"),
    ("P32", "Marguerite Doyle", "reviewer", None, "西区", "marguerite.doyle"),
    ("P41", "尹伯安", "approver", "BY", "东区", "yin.boan"),
    ("P51", "卫长歌", "auditor", None, None, "wei.changge"),
    ("P61", "系统管理", "admin", None, None, "system"),
    ("P71", "night job", "service", None, None, "night.job"),
)
SERIES = (
    ("USDCNY", "美元兑人民币", "CNY per USD", "7.1200", "0.003", "0", ""),
    ("GBPCNY", "英镑兑人民币", "CNY per GBP", "9.3100", "0.004", "0.001", ""),
    ("LPR1Y", "贷款市场报价利率（一年期）", "share", "0.0300", "0", "0", ""),
    ("SOYBEAN", "国产大豆", "CNY/t", "4180.0", "0.015", "0.004", "C14"),
    ("SODA_ASH", "纯碱", "CNY/t", "1420.0", "0.02", "-0.005", "C30"),
    ("SPRING_TEA", "春茶毛茶收购价", "CNY/kg", "86.00", "0.02", "0.003", "C15"),
    ("EPOXY", "Epoxy resin", "CNY/t", "13900.0", "0.02", "0.006", "C26"),
)


def add_staff(draft: Draft) -> None:
    """Two branches in two regions, two officers and a manager each, and those who see across."""
    for number, name, role, branch, region, email in STAFF:
        draft.book.add(
            "staff",
            id=number,
            name=name,
            role=role,
            branch_id=branch,
            region=region,
            email=f"{email}@cangmingbank.example",
            slack_user_id="U5" + number + email[:5].replace(".", "").upper(),
        )


def add_market(draft: Draft) -> None:
    """Month-end series: exchange rates, the prime rate and prices the borrowers live by."""
    chance = draft.chance("market")
    for code, name, unit, base, wobble, drift, industry in SERIES:
        level = Decimal(base)
        for end in month_ends((2024, 10), (2026, 10)):
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
    draft: Draft,
    company: Company,
    loans: Sequence[str],
    number: str,
    *,
    opening: str,
    target: str,
    monthly: Mapping[str, str],
    buyers: Sequence[str],
    suppliers: Sequence[str],
    wages: str = "0",
    taxes: str = "0",
    power: str = "0",
    english: bool = False,
    currency: str = "CNY",
    moves: Sequence[Move] = (),
    ends: Mapping[tuple[int, int], str] | None = None,
) -> dict[str, str]:
    """A year of a main account. `monthly`: collections by the first month (YYYY-MM) from which they hold; `ends` fixes month-end balances."""
    chance = draft.chance(company.id, number)
    account = Account(
        id=number,
        customer=company.id,
        number=f"6209{chance.whole(10**12, 10**13 - 1)}",
        opening=Decimal(opening),
        bank=BANK,
        currency=currency,
        buyers=buyers,
        suppliers=suppliers,
        target=Decimal(target),
        words="en" if english else "zh",
        fixed_ends={month: Decimal(level) for month, level in (ends or {}).items()},
    )
    parties = (
        (("Staff payroll", "Payroll"), ("Tax office", "Taxes"), ("Power company", "Electricity"))
        if english
        else (("职工工资户", "工资"), ("税务局", "税费"), ("电力公司", "电费"))
    )
    for end in month_ends((2025, 11), (2026, 10)):
        level = monthly[max(month for month in monthly if month <= f"{end:%Y-%m}")]
        account.monthly_sales = {**account.monthly_sales, (end.year, end.month): Decimal(level)}
        for (party, memo_words), amount, on in zip(parties, (wages, taxes, power), (8, 14, 26), strict=True):
            if Decimal(amount):
                paid = cents(chance.near(Decimal(amount), "0.03"))
                account.moves.append(Move(day=end.replace(day=on), way="out", amount=paid, party=party, memo=memo_words))
    booked = [draft.loans[loan] for loan in loans]
    account.moves += [replace(move, party=BANK_EN if english else BANK) for move in loan_moves(booked, SINCE, account.words)]
    account.moves += moves
    return post_account(draft.book, account, chance, draft.book_date)


def reading(
    draft: Draft, company: Company, measure: str, unit: str, source: str, levels: Mapping[str, str], wobble: str = "0.02"
) -> None:
    """Two years of an operating measure to September 2026; `levels` by the first month from which they hold, exact for a month with a `!`."""
    chance = draft.chance(company.id, measure)
    for end in month_ends((2024, 10), (2026, 9)):
        key = f"{end:%Y-%m}"
        level = levels[max(month for month in levels if not month.startswith("!") and month <= key)]
        value = Decimal(levels.get("!" + key, "0")) or chance.near(Decimal(level), wobble).quantize(Decimal(1))
        draft.book.add("operations", customer_id=company.id, date=end, measure=measure, value=value, unit=unit, source=source)


ENDINGS = {
    "banded": "pdf",
    "small": "pdf",
    "american": "pdf",
    "international": "pdf",
    "group": "docx",
    "plain": "docx",
    "word": "docx",
}


def statement(
    draft: Draft,
    company: Company,
    books: Mapping[str, Ledger],
    end: date,
    layout: str,
    money: str,
    received: date,
    due: date,
    *,
    months: int = 12,
    auditor: str = "",
    title: str = "",
    name: str = "",
    notes: Sequence[str] = (),
    places: int = 2,
    quarter: bool = False,
) -> str:
    """Files the year or the part of it to `end` with its comparatives; `quarter` puts the last three months first."""
    before = date(end.year - 1, end.month, end.day)
    opening = (
        before if months == 12 else max(day for day in next(iter(books.values())).balances if day < end and _closes(books, day))
    )
    flows: list[Period] = [(end, months), (before, months)]
    if quarter and months > 3:
        flows.insert(0, (end, 3))
    words = {
        12: f"{end.year}年度财务报表",
        9: f"{end.year}年三季度报表",
        6: f"{end.year}年半年度报表",
        3: f"{end.year}年一季度报表",
    }
    accounts = Accounts(
        company=company,
        title=title or words[months],
        books=books,
        points=[end, opening],
        flows=flows,
        money=money,
        places=places,
        made_on=received - timedelta(days=5),
        auditor=auditor,
    )
    ending = ENDINGS.get(layout, "xlsx")
    english = layout in ("american", "international", "word", "sheet")
    path = draft.file(
        company,
        name or f"{company.short}_{end:%Y%m}_财务报表.{ending}",
        "statement",
        "en" if english else "zh",
        received,
        layout=layout,
        period_end=end,
        due=due,
        assurance="audited" if auditor else "unaudited",
    )
    if layout in ("banded", "small", "american", "international"):
        papers = {
            "banded": lambda: banded_paper(accounts, notes),
            "small": lambda: small_paper(accounts),
            "american": lambda: american_print(accounts, notes),
            "international": lambda: international_print(accounts, notes),
        }
        draft.paper(path, papers[layout]())
    else:
        writers = {
            "sided": lambda target: sided_book(accounts, target),
            "group": lambda target: group_word(accounts, target),
            "plain": lambda target: plain_word(accounts, target),
            "word": lambda target: word_tables(accounts, target, notes),
            "sheet": lambda target: long_sheet(accounts, target, notes),
        }
        draft.writer(path, writers[layout])
    return path


def file_deed(draft: Draft, deed: Deed, name: str, received: date) -> str:
    """Files an agreement as PDF or Word by the name's ending."""
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
    """A confirmed maintenance covenant of an agreement; its wording is the clause that carries its number."""
    wording = next(text for text, covenant_id in deed.lines if covenant_id == number)
    values: dict[str, Value] = {"basis": "ltm", "scope": "consolidated", "due_days": 62, **columns}
    covenant(
        draft,
        number,
        name,
        definition=wording,
        frequency=str(values.pop("frequency", "semi_annually")),
        metric=metric,
        operator=operator,
        threshold=threshold,
        source_document=path,
        source_page=deed.pages.get(number),
        **values,
    )


def file_visit(draft: Draft, visit: Visit, style: str, name: str, subject: str = "") -> str:
    """Files a visit note in its writer's style: form, markdown, jotted, post or memo."""
    english = style in ("markdown", "memo")
    path = draft.file(visit.company, name, "visit_note", "en" if english else "zh", visit.day + timedelta(days=1), layout=style)
    if style == "memo":
        draft.paper(path, memo(visit))
        return path

    def write(target: Path) -> None:
        if style == "post":
            post(visit, subject, target)
        else:
            {"form": word_form, "markdown": markdown, "jotted": jotted}[style](visit, target)

    draft.writer(path, write)
    return path


def planned(amount: str, rate: str, start: date, parts: Sequence[str], months: int) -> list[Due]:
    """Given principal parts every so many months, the last one whatever is left, with interest on the days."""
    left, opened, dues = Decimal(amount), start, []
    for number, given in enumerate(parts, 1):
        falls = months_later(start, months * number)
        principal = left if number == len(parts) else Decimal(given)
        dues.append(Due(falls, principal, cents(left * Decimal(rate) * (falls - opened).days / 360)))
        left, opened = left - principal, falls
    return dues


def own(draft: Draft, company: Company, person: str, share: str) -> None:
    """Who controls a borrower and signs for it."""
    draft.book.add("relations", customer_id=company.id, related_name=person, relation="actual_controller", share=Decimal(share))
    draft.book.add("relations", customer_id=company.id, related_name=person, relation="legal_representative")


def _closes(books: Mapping[str, Ledger], day: date) -> bool:
    """A day on which a year of the books ends (or on which they begin)."""
    ledger = next(iter(books.values()))
    return (day, 12) in ledger.flows or day == min(ledger.balances)
