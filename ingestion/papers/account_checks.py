"""Sections of a statement of account made into movements, and the proof of their balances.

Which side 借方 and 贷方 mean, whether the newest line stands first, and the sign of unsigned amounts are not guessed where running
balances are printed: the reading under which most balances follow is taken, and what still does not follow is reported by line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise, product

from ingestion.extraction import Check, Message
from ingestion.papers.account_words import load_account_words
from ingestion.papers.accounts import TEXT_ROLES, Entry, Section, days_of
from ingestion.papers.printed import amount_of, clock_of
from ingestion.quantities import currency_of, dates
from tools.domain.account_lines import AccountLine, Direction, breaks, implied_opening
from tools.domain.facts import Source

SURE, UNPROVED, BROKEN, GUESSED = Decimal("0.99"), Decimal("0.95"), Decimal("0.70"), Decimal("0.60")
MOST_BREAKS = 20


@dataclass(slots=True)
class Account:
    """One account read. `opening` and `closing` are as printed, None where not printed; `newest_first` is how the file lists it."""

    lines: list[AccountLine]
    checks: list[Check]
    messages: list[Message]
    number: str | None
    bank: str | None
    name: str | None
    currency: str | None
    opening: Decimal | None
    closing: Decimal | None
    first: date | None
    last: date | None
    newest_first: bool = False
    unread: int = 0


@dataclass(frozen=True, slots=True)
class _Sided:
    """A movement under one reading of the columns; `direction` None when nothing says it."""

    entry: Entry
    day: date
    direction: Direction | None
    amount: Decimal
    balance: Decimal | None
    role: str
    guessed: bool = False


@dataclass(slots=True)
class _Reading:
    """One way of reading a section, oldest line first."""

    rows: list[_Sided]
    newest_first: bool
    faults: int
    proved: int
    notes: list[str] = field(default_factory=list)


def account_of(section: Section, *, document: str, sha256: str, start: int, title: str = "", language: str = "zh") -> Account:
    """`start` numbers the first line; `title` is the head of the document, where the bank is named."""
    days, proved_order = days_of(section)
    messages: list[Message] = []
    opening = section.opening[0] if section.opening else None
    best = min(
        (_read(section, days, opening, *ways) for ways in product((False, True), repeat=3)),
        key=lambda reading: (reading.faults, -reading.proved),
    )
    name, number, bank, currency = _identity(section, title, language)
    lines: list[AccountLine] = []
    for at, row in enumerate(best.rows):
        lines.append(_line(row, at, start, document, sha256, name, number, bank, currency))
    found = breaks(lines, opening)
    proof = any(line.balance_after is not None for line in lines)
    broken = {fault.line.id for fault in found}
    lines = [
        replace(line, confidence=GUESSED if row.guessed else BROKEN if line.id in broken else SURE if proof else UNPROVED)
        for line, row in zip(lines, best.rows, strict=True)
    ]
    unread = len(section.entries) - len(lines) + len(section.skipped)
    place = f"account {number}" if number else "the account"
    if not proved_order:
        messages.append(
            Message("warning", None, f"{document}: {place}: whether 05/06 is June or May is not proved by its dates")
        )
    if unread:
        pages = ", ".join(dict.fromkeys(_where(row) for row in section.skipped[:5]))
        messages.append(
            Message("warning", None, f"{document}: {place}: {unread} rows with amounts were not read {pages}".rstrip())
        )
    for fault in found[:MOST_BREAKS]:
        where = f"page {fault.line.source.page}" if fault.line.source.page else fault.line.source.locator
        messages.append(
            Message(
                "warning", fault.line.source.page,
                f"{document}: {where}: the balance {fault.line.balance_after:,} does not follow; {fault.expected:,} was expected "
                f"(difference {fault.difference:,})",
            )
        )  # fmt: skip
    first, last = min((line.value_date for line in lines), default=None), max((line.value_date for line in lines), default=None)
    closing = section.closing[0] if section.closing else None
    account = Account(
        lines, [], messages, number, bank, name, currency, opening, closing, first, last, best.newest_first, unread
    )
    account.checks = _checks(account, section, len(found), found[0].difference if found else None)
    return account


def _read(
    section: Section, days: Sequence[date | None], opening: Decimal | None, swapped: bool, reverse: bool, minus: bool
) -> _Reading:
    rows = [
        row for entry, day in zip(section.entries, days, strict=True) if day and (row := _sided(entry, day, swapped, minus))
    ]
    if reverse:
        rows.reverse()
    rows = _inferred(rows, opening)
    jumps = sum(1 for a, b in pairwise(rows) if b.day < a.day)
    faults = proved = 0
    balance = opening
    for row in rows:
        signed = row.amount if row.direction == "in" else -row.amount
        if balance is not None and row.balance is not None:
            faults += balance + signed != row.balance
            proved += balance + signed == row.balance
        balance = row.balance if row.balance is not None else (balance + signed if balance is not None else None)
    # the bank's side of 借 and 贷, the order of the dates, and a minus as reversal hold unless balances say otherwise
    weight = faults * 4 + jumps * 2 + int(swapped) + int(minus)
    return _Reading([row for row in rows if row.direction is not None], reverse, weight, proved)


def _sided(entry: Entry, day: date, swapped: bool, minus: bool) -> _Sided | None:
    printed = amount_of(entry.text("balance"))
    balance = -printed[0] if printed and printed[1] == "DR" else printed[0] if printed else None
    sides: dict[str, Direction] = {"in": "in", "out": "out"}
    sides |= {"debit": "in", "credit": "out"} if swapped else {"debit": "out", "credit": "in"}
    for role, side in sides.items():
        value = amount_of(entry.text(role)) if role in entry.cells else None
        if value is not None and value[0] != 0:
            # a withdrawal printed as -500 is a withdrawal; elsewhere a negative is a reversal and takes the other side, unless
            # the column prints all of one side with a minus
            negative = value[0] < 0 and role != "out" and not minus
            turned: Direction = ("out" if side == "in" else "in") if negative else side
            return _Sided(entry, day, turned, abs(value[0]), balance, role)
    value = amount_of(entry.text("amount")) if "amount" in entry.cells else None
    if value is None or value[0] == 0:
        return None
    word = entry.text("side").strip().lower()
    named = load_account_words().sides.get(word)
    if named is None and value[1]:
        named = "in" if value[1] == "CR" else "out"
    if named is not None:
        plain: Direction = "in" if named == "in" else "out"
        if swapped and word in ("借", "贷", "借方", "贷方"):
            plain = "out" if plain == "in" else "in"
        return _Sided(entry, day, plain, abs(value[0]), balance, "amount")
    cell = entry.cells["amount"].text.strip()
    if value[0] < 0 or cell.startswith("+"):
        return _Sided(entry, day, "out" if value[0] < 0 else "in", abs(value[0]), balance, "amount")
    return _Sided(entry, day, None, abs(value[0]), balance, "amount")


def _inferred(rows: list[_Sided], opening: Decimal | None) -> list[_Sided]:
    """Unsigned amounts take the side under which the balance follows; in a column where some are negative, the others came in."""
    signed = any(row.direction == "out" and row.role == "amount" for row in rows)
    out: list[_Sided] = []
    balance = opening
    for row in rows:
        if row.direction is None:
            side: Direction | None = None
            if balance is not None and row.balance is not None:
                side = "in" if balance + row.amount == row.balance else "out" if balance - row.amount == row.balance else None
            if side is None and signed:
                side = "in"
            if side is not None:
                row = replace(row, direction=side)
            elif row.balance is not None:
                row = replace(row, direction="in", guessed=True)
        out.append(row)
        if row.balance is not None:
            balance = row.balance
    return out


def _line(
    row: _Sided, at: int, start: int, document: str, sha256: str, name: str | None, number: str | None, bank: str | None,
    currency: str | None,
) -> AccountLine:  # fmt: skip
    entry = row.entry
    cell = entry.cells[row.role]
    assert row.direction is not None
    source = Source(document, sha256, cell.page, cell.box, entry.row.box, cell.locator)
    clock = clock_of(entry.text("clock") or entry.text("moment") or entry.text("date"))
    said = {role: _kept(entry.text(role)) for role in (*TEXT_ROLES, "account_number", "currency")}
    return AccountLine(
        f"t-{sha256[:16]}-{start + at:05d}", row.day, row.direction, row.amount, source, start + at, raw=entry.row.text,
        account_number=said["account_number"] or number, account_bank=bank, account_name=name,
        currency=currency_of(said["currency"] or "") or currency, balance_after=row.balance, time=clock,
        counterparty_name=said["counterparty_name"], counterparty_account=said["counterparty_account"],
        counterparty_bank=said["counterparty_bank"], memo=said["memo"], channel=said["channel"], reference=said["reference"],
    )  # fmt: skip


def _kept(text: str) -> str | None:
    return text if text and text not in ("-", "—", "--", "/") else None


def _identity(section: Section, title: str, language: str) -> tuple[str | None, str | None, str | None, str | None]:
    words = load_account_words()
    named = (
        words.bank.search(section.label("account_bank") or "") or words.bank.search(section.title) or words.bank.search(title)
    )
    number = section.label("account_number")
    number = "".join(number.split()) if number and any(sign.isdigit() for sign in number) else None
    printed = section.label("currency")
    currency = currency_of(printed.split()[0]) if printed and printed.split() else None
    if currency is None:
        sign = next((s for s in ("£", "€", "US$", "$", "¥", "￥") if s in title or s in section.title), "")
        currency = {"£": "GBP", "€": "EUR", "US$": "USD", "$": "USD"}.get(sign) or ("CNY" if sign or language == "zh" else None)
    return section.label("account_name"), number, named.group().strip() if named else section.label("account_bank"), currency


def _checks(account: Account, section: Section, faults: int, difference: Decimal | None) -> list[Check]:
    if not account.lines or account.last is None:
        return []
    ids = tuple(line.id for line in account.lines)
    mine = account.number or "account"
    balances = [line.balance_after for line in account.lines if line.balance_after is not None]
    rows = Check(
        "account_rows", account.last, "cannot_tell" if not balances else "failed" if faults else "ok",
        difference if balances else None, ids[:1] + ids[-1:], mine, f"{len(balances)} running balances, {faults} do not follow",
    )  # fmt: skip
    moved = sum((line.signed for line in account.lines), Decimal(0))
    opening = account.opening if account.opening is not None else implied_opening(account.lines)
    closing = account.closing if account.closing is not None else (account.lines[-1].balance_after if balances else None)
    if opening is None or closing is None:
        whole = Check(
            "account_balance", account.last, "cannot_tell", None, ids[:1] + ids[-1:], mine, "no opening or closing balance"
        )
    else:
        gap = opening + moved - closing
        text = f"opening {opening:,} and movements {moved:,} against closing {closing:,}"
        whole = Check("account_balance", account.last, "ok" if gap == 0 else "failed", gap, ids[:1] + ids[-1:], mine, text)
    out = [rows, whole]
    if section.totals:
        sums = {
            side: sum((line.amount for line in account.lines if line.direction == side), Decimal(0)) for side in section.totals
        }
        gaps = {side: sums[side] - printed[0] for side, printed in section.totals.items()}
        worst = max(gaps.values(), key=abs)
        text = "; ".join(f"{side}: read {sums[side]:,}, printed {section.totals[side][0]:,}" for side in sums)
        out.append(
            Check("account_totals", account.last, "ok" if worst == 0 else "failed", worst, ids[:1] + ids[-1:], mine, text)
        )
    return out


def period_printed(section: Section) -> tuple[date, date] | None:
    """The period the statement says it covers."""
    hits = [hit.day for hit in dates(section.label("period") or "")]
    return (min(hits), max(hits)) if len(hits) >= 2 else None


def _where(row: object) -> str:
    page, locator = getattr(row, "page", None), getattr(row, "locator", None)
    return f"page {page}" if page else str(locator or "")
