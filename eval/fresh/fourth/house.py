"""The fourth bank itself: its people, what it watches in the markets, and how a borrower's file is opened and filled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from eval.fresh.fourth.papers.agreements import Agreement, agreement_paper, agreement_word
from eval.fresh.fourth.papers.chinese_pdf import noted_paper, sided_paper
from eval.fresh.fourth.papers.english import american_paper
from eval.fresh.fourth.papers.notes import Call, mail, one_page, typed_text, word_report
from eval.fresh.fourth.papers.sets import Accounts
from eval.fresh.fourth.papers.sheets import european_book, one_sheet, small_book
from eval.fresh.fourth.papers.word import group_word, interim_word
from eval.sample_bank.accounts import Account, Move, loan_moves, post
from eval.sample_bank.book import Value
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.lending import Due, cents, months_later
from eval.sample_bank.papers.report import Company
from eval.sample_bank.registers import covenant, month_ends

WAN = Decimal(10000)
BANK, BANK_EN = "霁川银行", "Jichuan Bank"
SINCE = date(2025, 11, 1)
Y23, Y24, Y25, H25, H26 = date(2023, 12, 31), date(2024, 12, 31), date(2025, 12, 31), date(2025, 6, 30), date(2026, 6, 30)
STAFF = (
    ("U11", "顾南乔", "officer", "HL", "北区", "gu.nanqiao", "U7GUNANQI"), ("U12", "程砚秋", "officer", "HL", "北区", "cheng.yanqiu", "U7CHENGYA"),
    ("U21", "陆时雨", "officer", "TP", "南区", "lu.shiyu", "U7LUSHIYU"), ("U22", "宋知遥", "officer", "TP", "南区", "song.zhiyao", "U7SONGZHI"),
    ("U31", "Oliver Marsh", "officer", "AW", "南区", "oliver.marsh", "U7MARSHOL"), ("U32", "Priya Raman", "officer", "AW", "南区", "priya.raman", "U7RAMANPR"),
    ("U13", "邵长庚", "manager", "HL", "北区", "shao.changgeng", "U7SHAOCHA"), ("U23", "陶令仪", "manager", "TP", "南区", "tao.lingyi", "U7TAOLING"),
    ("U33", "Ingrid Solberg", "manager", "AW", "南区", "ingrid.solberg", "U7SOLBERG"), ("U41", "温如晦", "reviewer", None, "北区", "wen.ruhui", "U7WENRUHU"),
    ("U42", "Dana Whitlock", "reviewer", None, "南区", "dana.whitlock", "U7WHITLOC"), ("U51", "韩柏舟", "approver", "HL", "北区", "han.bozhou", "U7HANBOZH"),
    ("U61", "严望之", "auditor", None, None, "yan.wangzhi", "U7YANWANG"), ("U71", "平台管理", "admin", None, None, "platform", "U7PLATFOR"),
    ("U72", "nightly run", "service", None, None, "nightly", "U7NIGHTLY"),
)  # fmt: skip


def add_staff(draft: Draft) -> None:
    """Three branches in two regions, two officers and a manager each, and those who see across."""
    for number, name, role, branch, region, email, slack in STAFF:
        draft.book.add("staff", id=number, name=name, role=role, branch_id=branch, region=region, email=f"{email}@jichuanbank.example",
                       slack_user_id=slack)  # fmt: skip


def add_market(draft: Draft) -> None:
    """Month-end series: exchange rates, the prime rate, and prices of what the borrowers buy and sell."""
    chance = draft.chance("market")
    for code, name, unit, base, wobble, drift, industry in (
        ("USDCNY", "美元兑人民币中间价", "CNY per USD", "7.1500", "0.003", "0", ""), ("EURCNY", "欧元兑人民币中间价", "CNY per EUR", "7.8200", "0.005", "0.001", ""),
        ("LPR1Y", "贷款市场报价利率（一年期）", "share", "0.0300", "0", "0", ""), ("KAOLIN", "高岭土", "CNY/t", "860.0", "0.01", "0.004", "C30"),
        ("SOYMEAL", "豆粕", "CNY/t", "3080.0", "0.02", "0.003", "C13"), ("REBAR", "螺纹钢HRB400", "CNY/t", "3260.0", "0.015", "-0.006", "E47"),
        ("LNG", "液化天然气到岸价", "CNY/t", "4350.0", "0.02", "0.002", "D45"), ("BARLEY", "Malting barley", "USD/t", "248.0", "0.02", "0.006", "C15"),
    ):  # fmt: skip
        level = Decimal(base)
        for end in month_ends((2024, 10), (2026, 10)):
            if wobble != "0":
                level = (chance.near(level, wobble) * (1 + Decimal(drift))).quantize(Decimal("0.0001"))
            draft.book.add("market", series=code, date=end, value=level, name=name, unit=unit, industry_code=industry or None, country_code="CN")  # fmt: skip


def keep_account(
    draft: Draft, company: Company, loans: Sequence[str], number: str, *, opening: str, target: str, buyers: Sequence[str],
    suppliers: Sequence[str], monthly: Mapping[str, str] | str, wages: str = "0", taxes: str = "0", power: str = "0", english: bool = False,
    currency: str = "CNY", moves: Sequence[Move] = (),
    ends: Mapping[tuple[int, int], str] | None = None,
) -> dict[str, str]:  # fmt: skip
    """A year of a main account. `monthly`: collections a month, or by the first month (YYYY-MM) from which they hold; `ends` fixes
    what a month ends with."""
    chance = draft.chance(company.id, number)
    account = Account(
        id=number, customer=company.id, number="3107" + f"{chance.whole(10**12, 10**13 - 1)}", opening=Decimal(opening), bank=BANK,
        currency=currency, buyers=buyers, suppliers=suppliers, target=Decimal(target), words="en" if english else "zh",
        fixed_ends={month: Decimal(level) for month, level in (ends or {}).items()},
    )  # fmt: skip
    steps = {"2025-11": monthly} if isinstance(monthly, str) else dict(monthly)
    names = (("Payroll run", "Wages"), ("Revenue service", "Tax"), ("Utility", "Power")) if english else (
        ("工资代发专户", "代发工资"), ("国家税务局", "缴税"), ("供电局", "电费"))  # fmt: skip
    for end in month_ends((2025, 11), (2026, 10)):
        level = steps[max(month for month in steps if month <= f"{end:%Y-%m}")]
        account.monthly_sales = {**account.monthly_sales, (end.year, end.month): Decimal(level)}
        for (party, memo_words), amount, on in zip(names, (wages, taxes, power), (9, 16, 22), strict=True):
            if Decimal(amount):
                paid = cents(chance.near(Decimal(amount), "0.03"))
                account.moves.append(Move(day=end.replace(day=on), way="out", amount=paid, party=party, memo=memo_words))
    booked = [draft.loans[loan] for loan in loans if draft.loans[loan].lent.currency == currency]
    account.moves += [replace(move, party=BANK_EN if english else BANK) for move in loan_moves(booked, SINCE, account.words)]
    account.moves += moves
    return post(draft.book, account, chance, draft.book_date)


def reading(
    draft: Draft, company: Company, measure: str, unit: str, source: str, levels: Mapping[str, str], wobble: str = "0.02"
) -> None:
    """Twenty-four months of an operating measure to September 2026; `levels` by the first month (YYYY-MM) from which they hold, exact for a
    month named with a `!`."""
    chance = draft.chance(company.id, measure)
    for end in month_ends((2024, 10), (2026, 9)):
        key = f"{end:%Y-%m}"
        level = levels[max(month for month in levels if not month.startswith("!") and month <= key)]
        value = Decimal(levels.get("!" + key, "0")) or chance.near(Decimal(level), wobble).quantize(Decimal(1))
        draft.book.add("operations", customer_id=company.id, date=end, measure=measure, value=value, unit=unit, source=source)


def file_accounts(
    draft: Draft, accounts: Accounts, layout: str, name: str, received: date, due: date, notes: Sequence[str] = (),
    headed: Sequence[tuple[str, str]] = (),
) -> str:  # fmt: skip
    """Files a set of accounts: sided, noted, one_sheet, small, group, american, european or interim."""
    language = "en" if layout in ("american", "european", "interim") else "zh"
    path = draft.file(accounts.company, name, "statement", language, received, layout=layout, period_end=accounts.end, due=due,
                      assurance="audited" if accounts.auditor else "unaudited")  # fmt: skip
    if layout == "sided":
        draft.paper(path, sided_paper(accounts))
    elif layout == "noted":
        draft.paper(path, noted_paper(accounts, headed))
    elif layout == "american":
        draft.paper(path, american_paper(accounts, notes))
    else:
        writers = {
            "one_sheet": lambda target: one_sheet(accounts, target), "small": lambda target: small_book(accounts, target),
            "group": lambda target: group_word(accounts, target), "european": lambda target: european_book(accounts, target, notes),
            "interim": lambda target: interim_word(accounts, notes, target),
        }  # fmt: skip
        draft.writer(path, writers[layout])
    return path


def year(
    draft: Draft, company: Company, books: Mapping[str, Ledger], end: date, layout: str, money: str, received: date, due: date, *,
    auditor: str = "", name: str = "", title: str = "", notes: Sequence[str] = (), headed: Sequence[tuple[str, str]] = (), places: int = 2,
) -> str:  # fmt: skip
    """Files a year's accounts with the year before."""
    before = end.replace(year=end.year - 1)
    accounts = Accounts(
        company=company, title=title or f"{end.year}年度{'审计报告' if auditor else '财务报表'}", books=books, points=[end, before],
        flows=[(end, 12), (before, 12)], money=money, places=places, made_on=received - timedelta(days=6), auditor=auditor,
    )  # fmt: skip
    ending = {"sided": "pdf", "noted": "pdf", "american": "pdf", "group": "docx", "interim": "docx"}.get(layout, "xlsx")
    return file_accounts(
        draft, accounts, layout, name or f"{company.short}{end.year}年度报表.{ending}", received, due, notes, headed
    )


def part(
    draft: Draft, company: Company, books: Mapping[str, Ledger], end: date, layout: str, money: str, received: date, due: date, *,
    name: str = "", title: str = "", notes: Sequence[str] = (), headed: Sequence[tuple[str, str]] = (), places: int = 2,
) -> str:  # fmt: skip
    """Files the months from January to `end` with those of the year before and the December before."""
    before, months = end.replace(year=end.year - 1), end.month
    accounts = Accounts(
        company=company, title=title or f"{end.year}年{'半年度' if months == 6 else '第三季度'}财务报表", books=books,
        points=[end, date(end.year - 1, 12, 31)], flows=[(end, months), (before, months)], money=money, places=places,
        made_on=received - timedelta(days=4),
    )  # fmt: skip
    ending = {"sided": "pdf", "noted": "pdf", "american": "pdf", "group": "docx", "interim": "docx"}.get(layout, "xlsx")
    return file_accounts(
        draft, accounts, layout, name or f"{company.short}{end.year}年{months}月报表.{ending}", received, due, notes, headed
    )


def file_agreement(draft: Draft, agreement: Agreement, name: str, received: date) -> str:
    """Files an agreement as PDF or Word by the name's ending."""
    pdf = name.endswith(".pdf")
    path = draft.file(
        agreement.company, name, "contract", agreement.language, received, layout="agreement" if pdf else "agreement_word"
    )
    if pdf:
        draft.paper(path, agreement_paper(agreement))
    else:
        draft.writer(path, lambda target: agreement_word(agreement, target))
    return path


def test(
    draft: Draft,
    agreement: Agreement,
    path: str,
    number: str,
    name: str,
    metric: str,
    operator: str,
    threshold: str,
    **columns: Value,
) -> None:
    """A confirmed maintenance covenant of an agreement; its wording is the clause that carries its number."""
    wording = next(text for text, covenant_id in agreement.lines if covenant_id == number)
    values: dict[str, Value] = {"basis": "ltm", "scope": "consolidated", "due_days": 62, **columns}
    frequency = str(values.pop("frequency", "semi_annually"))
    covenant(draft, number, name, definition=wording, frequency=frequency, metric=metric, operator=operator, threshold=threshold,
             source_document=path, source_page=agreement.pages.get(number), **values)  # fmt: skip


def file_call(draft: Draft, call: Call, style: str, name: str, subject: str = "") -> str:
    """Files a visit note in its writer's style: word, text, mail, english_mail or page."""
    english = style in ("english_mail", "page")
    path = draft.file(call.company, name, "visit_note", "en" if english else "zh", call.day + timedelta(days=1), layout=style)
    if style == "page":
        draft.paper(path, one_page(call))
        return path

    def write(target: Path) -> None:
        if style == "word":
            word_report(call, target)
        elif style == "text":
            typed_text(call, target)
        else:
            mail(call, "visits@jichuanbank.example", "credit.files@jichuanbank.example", subject, target, english=english)

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


def own(draft: Draft, company: Company, person: str, share: str, *, representative: bool = True) -> None:
    """Who controls a borrower, and often signs for it."""
    draft.book.add("relations", customer_id=company.id, related_name=person, relation="actual_controller", share=Decimal(share))
    if representative:
        draft.book.add("relations", customer_id=company.id, related_name=person, relation="legal_representative")
