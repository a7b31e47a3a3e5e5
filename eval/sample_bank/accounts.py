"""A borrower's account at our bank over a year: collections, suppliers, wages, taxes, loans in and out, a balance that never lies.

What a story needs is given; ordinary business fills the months around it so that each month ends near its target balance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import accumulate

from eval.sample_bank.book import Book
from eval.sample_bank.chance import Chance
from eval.sample_bank.lending import Booked, cents


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One line of an account. `time` orders a day; inflows come before outflows where none is given."""

    day: date
    way: str
    amount: Decimal
    party: str
    memo: str
    party_account: str = ""
    party_bank: str = ""
    channel: str = "网银"
    time: str = ""
    loan: str = ""
    entrusted: bool = False
    key: str = ""


@dataclass(slots=True, kw_only=True)
class Account:
    """`monthly_sales`: what customers pay into this account by month; `quiet`: months in which only given moves happen."""

    id: str
    customer: str
    number: str
    opening: Decimal
    bank: str = "江海银行"
    kind: str = "operating"
    currency: str = "CNY"
    monthly_sales: Mapping[tuple[int, int], Decimal] = field(default_factory=dict)
    buyers: Sequence[str] = ()
    suppliers: Sequence[str] = ()
    wages: Decimal = Decimal(0)
    taxes: Decimal = Decimal(0)
    power: Decimal = Decimal(0)
    target: Decimal = Decimal(0)
    fixed_ends: Mapping[tuple[int, int], Decimal] = field(default_factory=dict)
    """Months that must end at exactly this balance."""
    words: str = "zh"
    moves: list[Move] = field(default_factory=list)


_WORDS = {
    "zh": {"in": "货款", "out": "采购款", "wages": "代发工资", "wages_party": "代发工资", "tax": "税款", "tax_party": "国家金库江州市中心支库",
           "power": "电费", "power_party": "江州供电公司", "loan": "贷款发放", "interest": "贷款利息", "principal": "归还贷款本金"},
    "en": {"in": "Invoice settlement", "out": "Supplier payment", "wages": "Payroll", "wages_party": "Payroll clearing",
           "tax": "Tax payment", "tax_party": "Tax authority", "power": "Utilities", "power_party": "Riverside Utilities",
           "loan": "Loan drawdown", "interest": "Loan interest", "principal": "Loan repayment"},
}  # fmt: skip


def loan_moves(loans: Sequence[Booked], since: date, words: str = "zh") -> list[Move]:
    """Drawings and payments of loans as the account sees them, from a date on."""
    say = _WORDS[words]
    moves = []
    for booked in loans:
        for day, kind, amount in booked.lines:
            if day < since:
                continue
            way = "in" if kind == "drawdown" else "out"
            memo = say["loan"] if kind == "drawdown" else say.get(kind, kind)
            moves.append(
                Move(day=day, way=way, amount=amount, party="江海银行", memo=f"{memo} {booked.lent.id}", channel="系统",
                     loan=booked.lent.id if kind == "drawdown" else "")
            )  # fmt: skip
    return moves


def post(book: Book, account: Account, chance: Chance, until: date) -> dict[str, str]:
    """Writes account and lines; returns the transaction id of every move that has a key."""
    book.add(
        "accounts", id=account.id, customer_id=account.customer, bank=account.bank, number=account.number, type=account.kind,
        currency_code=account.currency,
    )  # fmt: skip
    moves = _lines(account, chance)
    for _ in range(8):
        low = min((account.opening + part for part in accumulate(_signed(move) for move in moves)), default=Decimal(0))
        if low >= 0:
            break
        # An account without an overdraft never falls below nothing: its owner keeps more in it.
        account.target += 50_000 - low
        moves = _lines(account, chance)
    moves = [move for move in moves if move.day <= until]
    keys = {}
    balance = account.opening
    for number, move in enumerate(moves, 1):
        balance += _signed(move)
        row = book.add(
            "account_transactions", account_id=account.id, value_date=move.day, direction=move.way, amount=move.amount,
            currency_code=account.currency, balance_after=balance, counterparty_name=move.party,
            counterparty_account=move.party_account or None, counterparty_bank=move.party_bank or None, memo=move.memo,
            channel=move.channel, time=move.time or None, sequence=number, loan_id=move.loan or None,
            entrusted=True if move.entrusted else None,
        )  # fmt: skip
        if move.key:
            keys[move.key] = str(row["id"])
    return keys


def _lines(account: Account, chance: Chance) -> list[Move]:
    """Given and ordinary moves in order; the same account and chance give the same lines each time."""
    dice = chance.stream("lines")
    moves, balance = list(account.moves), account.opening
    for year, month in sorted({(m.day.year, m.day.month) for m in moves} | set(account.monthly_sales)):
        given = [m for m in account.moves if (m.day.year, m.day.month) == (year, month)]
        made = _month(account, dice, year, month, balance + _sum(given)) if (year, month) in account.monthly_sales else []
        moves += made
        balance += _sum([*given, *made])
    return sorted(moves, key=lambda m: (m.day, m.time or ("09" if m.way == "in" else "15")))


def _signed(move: Move) -> Decimal:
    return move.amount if move.way == "in" else -move.amount


def _sum(moves: Sequence[Move]) -> Decimal:
    return sum((_signed(move) for move in moves), Decimal(0))


def _month(account: Account, chance: Chance, year: int, month: int, start: Decimal) -> list[Move]:
    """Ordinary business of a month that, with what was given, brings `start` near the target."""
    made = _ordinary(account, chance, year, month)
    wanted = account.fixed_ends.get((year, month), cents(chance.near(account.target, "0.18")))
    spare = start + _sum(made) - wanted
    if spare > 0 and account.suppliers:
        made += _purchases(account, chance, date(year, month, 1), spare)
    return made


def _ordinary(account: Account, chance: Chance, year: int, month: int) -> list[Move]:
    say = _WORDS[account.words]
    sales = account.monthly_sales[year, month]
    moves = []
    left = chance.near(sales, "0.04")
    for index, buyer in enumerate(account.buyers):
        part = left / (len(account.buyers) - index) if index < len(account.buyers) - 1 else left
        amount = cents(chance.near(part, "0.2")) if index < len(account.buyers) - 1 else cents(left)
        left -= amount
        if amount > 0:
            moves.append(Move(day=date(year, month, chance.whole(2, 24)), way="in", amount=amount, party=buyer, memo=say["in"]))
    for amount, day, memo, party in (
        (account.wages, 10, say["wages"], say["wages_party"]),
        (account.taxes, 15, say["tax"], say["tax_party"]),
        (account.power, 20, say["power"], say["power_party"]),
    ):
        if amount:
            moves.append(
                Move(day=date(year, month, day), way="out", amount=cents(chance.near(amount, "0.03")), party=party, memo=memo)
            )
    return moves


def _purchases(account: Account, chance: Chance, first: date, spare: Decimal) -> list[Move]:
    moves, left = [], spare
    for index, supplier in enumerate(account.suppliers):
        last = index == len(account.suppliers) - 1
        amount = cents(left if last else chance.near(left / (len(account.suppliers) - index), "0.25"))
        left -= amount
        if amount > 0:
            moves.append(
                Move(
                    day=first.replace(day=chance.whole(25, 28)),
                    way="out",
                    amount=amount,
                    party=supplier,
                    memo=_WORDS[account.words]["out"],
                )
            )
    return moves


def sales_by_month(
    quarters: Mapping[tuple[date, int], Mapping[str, int]], unit: Decimal, share: Decimal
) -> dict[tuple[int, int], Decimal]:
    """What customers pay into one account by month: a share of each quarter's revenue with tax, November 2025 to October 2026."""
    months: dict[tuple[int, int], Decimal] = {}
    last = Decimal(0)
    for (end, length), flow in sorted(quarters.items()):
        if length == 3:
            last = flow["revenue"] * unit * share * Decimal("1.13") / 3
            for month in (end.month - 2, end.month - 1, end.month):
                months[end.year, month] = last
    months[2026, 10] = last
    return {month: cents(amount) for month, amount in sorted(months.items()) if (2025, 11) <= month <= (2026, 10)}
