"""The many other borrowers of a large book: loan book only, written straight to the files, for benchmarks and for models.

Each has a fate the bank cannot see: steady, a look-alike (a bad season that passes) or failing. A failing one decays the way the literature
says: collections thin out and the line fills up about twelve months before default, small delays come at six, arrears at three; the last 90 days are
unpaid. truth/crowd.csv has each fate, the day the oldest unpaid due passes 90 days (also when that lies ahead), and a season's low point.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TextIO

from eval.sample_bank.book import COLUMNS, Value, shown
from eval.sample_bank.chance import Chance
from eval.sample_bank.lending import Lent, cents, months_later
from eval.sample_bank.registers import month_ends
from eval.sample_bank.registration import account_number, credit_code

D = Decimal
FIRST = 10001
BORROWERS_PER_OFFICER, OFFICERS_PER_BRANCH, BRANCHES_PER_REGION = 60, 8, 4
_PLACES = "东南西北上下新长安宁平丰河湖山江海林石云"
_WORDS = (
    "盛",
    "恒",
    "达",
    "瑞",
    "锦",
    "泰",
    "宏",
    "正",
    "嘉",
    "润",
    "博",
    "信",
    "立",
    "德",
    "远",
    "华",
    "晟",
    "康",
    "源",
    "翔",
)
_TRADES = (
    ("机械", "C34", True), ("塑业", "C29", True), ("纺织", "C17", True), ("食品", "C14", True), ("建材", "C30", True), ("电子", "C39", True),
    ("商贸", "F51", False), ("物流", "G54", False), ("工程", "E48", False), ("农业", "A01", False),
)  # fmt: skip
_SPEEDS = {"interest_only": "quarterly", "equal_principal": "quarterly", "equal_instalment": "monthly"}


@dataclass(frozen=True, slots=True)
class Fate:
    """What will become of a borrower. Dues of the last 91 days before `default` and after it are not paid; `dip` is when a bad season bottoms."""

    kind: str
    default: date | None = None
    dip: date | None = None

    def inflow(self, end: date) -> Decimal:
        """Share of normal collections in the month that ends on `end`."""
        if self.default:
            months = (self.default.year - end.year) * 12 + self.default.month - end.month
            return max(D("0.30"), min(D(1), D("0.30") + D(months) * D("0.058")))
        if self.dip:
            away = abs((self.dip.year - end.year) * 12 + self.dip.month - end.month)
            return min(D(1), D("0.62") + D(away) * D("0.13"))
        return D(1)

    def delay(self, due: date, chance: Chance) -> int | None:
        """Days late of a due; None when it is never paid."""
        if self.default:
            left = (self.default - due).days
            if left <= 91:
                return None
            if left <= 190:
                return chance.whole(2, 12 + (190 - left) // 6)
        if self.dip and abs((self.dip - due).days) < 45 and chance.whole(1, 3) == 1:
            return chance.whole(1, 6)
        return 0 if chance.whole(1, 60) > 1 else chance.whole(1, 2)


def add_crowd(folder: Path, seed: int, count: int, book_date: date) -> int:
    """Appends `count` borrowers to the loan book in `folder`; returns their number of loans."""
    loans = 0
    with ExitStack() as stack:
        out = _Files(folder / "loan_book", stack)
        (folder / "truth").mkdir(exist_ok=True)
        truth = stack.enter_context((folder / "truth" / "crowd.csv").open("w", encoding="utf-8", newline="\n"))
        truth.write("customer_id,fate,default_on,dip\n")
        _staff(out, count)
        for number in range(count):
            name = f"C{FIRST + number}"
            chance = Chance(seed, "crowd", name)
            fate = _fate(chance, book_date)
            missed = _borrower(out, name, number, chance, fate, book_date)
            loans += len(missed)
            unpaid = [due for due in missed if due]
            # A failing firm whose loans all fell due in time got away.
            kind = fate.kind if unpaid or not fate.default else "escaped"
            truth.write(f"{name},{kind},{min(unpaid) + timedelta(days=91) if unpaid else ''},{fate.dip or ''}\n")
    return loans


class _Files:
    """Open files of the loan book; a row is written at once."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._places = {
            table: {name: place for place, name in enumerate(columns.split())} for table, columns in COLUMNS.items()
        }
        self._files: dict[str, TextIO] = {
            table: stack.enter_context((folder / f"{table}.csv").open("a", encoding="utf-8", newline="")) for table in COLUMNS
        }
        self._next = 0

    def add(self, table: str, **values: Value) -> None:
        """Names and texts here hold no comma or quote, so a join is a CSV line."""
        places = self._places[table]
        cells = [""] * len(places)
        for name, value in values.items():
            cells[places[name]] = value if type(value) is str else shown(value)
        self._files[table].write(",".join(cells) + "\n")

    def number(self, prefix: str) -> str:
        """A running id."""
        self._next += 1
        return f"{prefix}X{self._next:08d}"


def _fate(chance: Chance, book_date: date) -> Fate:
    drawn = chance.whole(1, 100)
    if drawn <= 6:
        return Fate("failing", default=book_date + timedelta(days=chance.whole(-300, 240)))
    if drawn <= 13:
        return Fate("lookalike", dip=book_date - timedelta(days=chance.whole(20, 330)))
    return Fate("steady")


def _officer(number: int) -> tuple[str, str, str]:
    officer = number // BORROWERS_PER_OFFICER
    branch = officer // OFFICERS_PER_BRANCH
    return f"S{1001 + officer}", f"B{101 + branch}", f"R{branch // BRANCHES_PER_REGION + 1:02d}"


def _staff(out: _Files, count: int) -> None:
    seen: set[str] = set()
    for number in range(0, count, BORROWERS_PER_OFFICER):
        officer, branch, region = _officer(number)
        out.add("staff", id=officer, name=f"客户经理{officer[1:]}", role="officer", branch_id=branch, region=region)
        for kind, name in (("manager", branch), ("reviewer", region)):
            if name not in seen:
                seen.add(name)
                out.add(
                    "staff",
                    id=f"S-{name}",
                    name=f"{name}负责人",
                    role=kind,
                    branch_id=branch if kind == "manager" else None,
                    region=region,
                )


def _borrower(out: _Files, name: str, number: int, chance: Chance, fate: Fate, book_date: date) -> list[date | None]:
    """Writes one borrower; returns the first due each loan misses for good."""
    trade, industry, makes = chance.choice(_TRADES)
    officer, branch, _ = _officer(number)
    short = chance.choice(_PLACES) + chance.choice(_WORDS) + chance.choice(_WORDS) + trade
    size = chance.choice(("micro", "small", "small", "small", "medium", "medium", "large"))
    out.add(
        "customers", id=name, name=f"{short}有限公司（{number + 1:05d}）", type="corporate" if size in ("medium", "large") else "sme",
        aliases=f"{short}{number + 1:05d}", registration_id=credit_code(chance), industry_code=industry, country_code="CN",
        incorporation_date=date(2000 + chance.whole(0, 21), chance.whole(1, 12), chance.whole(1, 28)), branch_id=branch, officer_id=officer,
        internal_rating=chance.choice(("A", "BBB", "BBB", "BB", "BB", "B")), status="active", enterprise_size=size,
    )  # fmt: skip
    scale = {"micro": 1, "small": 4, "medium": 20, "large": 80}[size] * chance.whole(60, 180)
    account = f"A{name[1:]}"
    out.add(
        "accounts",
        id=account,
        customer_id=name,
        bank="江海银行",
        number=account_number(chance),
        type="operating",
        currency_code="CNY",
    )
    made = chance.whole(1, 2) if size in ("micro", "small") else chance.whole(1, 3)
    balance, missed = D(0), []
    for index in range(1, made + 1):
        owed, first = _loan(out, f"L{name[1:]}{index}", name, account, scale, chance, fate, book_date)
        balance += owed
        missed.append(first)
    _account_year(out, account, D(scale) * 3000, chance, fate, book_date)
    if makes:
        level = D(scale) * 90
        for end in month_ends((2025, 9), (2026, 9)):
            used = (chance.near(level, "0.05") * (D("0.25") + D("0.75") * fate.inflow(end))).quantize(D(1))
            out.add(
                "operations",
                id=out.number("OP"),
                customer_id=name,
                date=end,
                measure="electricity_kwh",
                value=used,
                unit="kWh",
                source="供电公司",
            )
    failing = fate.default is not None and (fate.default - book_date).days < 150
    out.add(
        "bureau", id=out.number("BR"), customer_id=name, date=date(2026, 9, 30), other_bank_count=chance.whole(0, 4),
        other_bank_balance=cents(chance.near(balance, "0.4")), other_bank_overdue=cents(balance / 8) if failing and chance.whole(1, 3) == 1 else D(0),
        max_overdue_days=chance.whole(10, 120) if failing else 0, guarantee_balance=D(0), enquiries_6m=chance.whole(0, 10 if failing else 4), currency_code="CNY",
    )  # fmt: skip
    if failing and chance.whole(1, 4) == 1:
        out.add(
            "events", id=out.number("EV"), customer_id=name, date=book_date - timedelta(days=chance.whole(5, 120)), type="court_case",
            title="买卖合同纠纷被诉", amount=cents(balance / 10), currency_code="CNY", source="裁判文书网", subject="company",
        )  # fmt: skip
    out.add("relations", customer_id=name, related_name=f"法定代表人{name[1:]}", relation="legal_representative")
    return missed


def _loan(
    out: _Files, loan: str, name: str, account: str, scale: int, chance: Chance, fate: Fate, book_date: date
) -> tuple[Decimal, date | None]:
    repayment = chance.choice(("interest_only", "interest_only", "equal_principal", "equal_instalment"))
    months = 12 if repayment == "interest_only" else chance.choice((24, 36))
    start = months_later(date(2026, 10, chance.whole(1, 28)), -chance.whole(1, min(months - 1, 22)))
    amount = D(scale) * chance.choice((1000, 1500, 2000, 3000))
    lent = Lent(
        id=loan, customer=name, kind="working_capital" if repayment == "interest_only" else "fixed_asset", purpose="经营周转", amount=amount,
        rate=chance.share("0.0345", "0.0595"), start=start, end=months_later(start, months), repayment=repayment, frequency=_SPEEDS[repayment],
    )  # fmt: skip
    balance, technical = amount, None
    lines = [(start, "drawdown", amount)]
    payments, missed = _paid(lent, chance, fate)
    for day, kind, paid in payments:
        if day <= book_date:
            lines.append((day, kind, paid))
            balance -= paid if kind == "principal" else 0
    for day, kind, paid in sorted(lines):
        out.add(
            "loan_transactions",
            id=out.number("LT"),
            loan_id=loan,
            value_date=day,
            type=kind,
            amount=cents(paid),
            currency_code="CNY",
            account_id=account,
        )
    secured = chance.whole(1, 10) <= 6
    out.add(
        "loans", id=loan, customer_id=name, product_name="流动资金贷款" if repayment == "interest_only" else "固定资产贷款", type=lent.kind, purpose=lent.purpose,
        currency_code="CNY", orig_notional=cents(amount), limit_amount=cents(amount), balance=cents(balance), rate=lent.rate, rate_type="fixed",
        start_date=start, end_date=lent.end, repayment_type=repayment, repayment_frequency=lent.frequency, payment_control="self", secured=secured,
        status="active" if balance else "closed", classification="normal", classification_date=date(2026, 9, 30), origin="new", stage=1,
        extension_count=0, technical_overdue_reason=technical,
    )  # fmt: skip
    if secured:
        out.add(
            "collateral", id=out.number("COL"), loan_ids=loan, type="real_estate", value=cents(amount * chance.share("1.1", "2.2", 2)), currency_code="CNY",
            value_date=date(2026, 3, 31) - timedelta(days=chance.whole(0, 500)), valuation_type="market", owner_id=name, charge="抵押", lien_rank=1,
            insurance_end_date=book_date + timedelta(days=chance.whole(10, 400)),
        )  # fmt: skip
    return balance, missed


def _paid(lent: Lent, chance: Chance, fate: Fate) -> tuple[list[tuple[date, str, Decimal]], date | None]:
    """Payments in due order, and the due that is missed for good; nothing later is paid either."""
    paid: list[tuple[date, str, Decimal]] = []
    for due in lent.dues():
        delay = fate.delay(due.day, chance)
        if delay is None:
            return paid, due.day
        day = due.day + timedelta(days=delay)
        paid += [(day, kind, amount) for kind, amount in (("interest", due.interest), ("principal", due.principal)) if amount]
    return paid, None


def _account_year(out: _Files, account: str, monthly: Decimal, chance: Chance, fate: Fate, book_date: date) -> None:
    balance = chance.near(monthly, "0.3")
    for end in month_ends((2025, 11), (book_date.year, book_date.month)):
        share = fate.inflow(end)
        came = cents(chance.near(monthly, "0.08") * share)
        kept = chance.near(monthly, "0.2") * share * share
        for day, way, amount, memo in (
            (end.replace(day=8), "in", cents(came * D("0.55")), "货款"),
            (end.replace(day=16), "in", came - cents(came * D("0.55")), "货款"),
            (end.replace(day=24), "out", max(cents(balance + came - kept), D(0)), "采购款"),
        ):
            if amount:
                balance += amount if way == "in" else -amount
                out.add(
                    "account_transactions", id=out.number("AT"), account_id=account, value_date=day, direction=way, amount=amount, currency_code="CNY",
                    balance_after=cents(balance), counterparty_name="往来单位", memo=memo, channel="网银",
                )  # fmt: skip
