"""Each borrower's main account at our bank, run from its own books: who pays in, who is paid, what the loans do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from eval.sample_bank.accounts import Account, Move, loan_moves, post, sales_by_month
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.papers.report import Company
from eval.sample_bank.registration import account_number

SINCE = date(2025, 11, 1)


def run_account(
    draft: Draft, company: Company, ledger: Ledger | None, loans: Sequence[str], *, opening: str, target: str, wages: str, taxes: str, power: str,
    buyers: Sequence[str], suppliers: Sequence[str], share: str = "0.4", words: str = "zh", currency: str = "CNY", number: str = "",
    monthly: Mapping[tuple[int, int], Decimal] | None = None, moves: Sequence[Move] = (),
) -> dict[str, str]:  # fmt: skip
    """Writes the account `A` + customer number and a year of lines; returns ids of the moves that have a key.

    `share`: how much of the firm's sales comes through us; `monthly` replaces it. Loans in another currency stay out.
    """
    name = number or f"A{company.id[1:]}"
    account = Account(
        id=name, customer=company.id, number=account_number(draft.chance(company.id, name)), opening=Decimal(opening), currency=currency,
        buyers=buyers, suppliers=suppliers, wages=Decimal(wages), taxes=Decimal(taxes), power=Decimal(power), target=Decimal(target), words=words,
    )  # fmt: skip
    account.monthly_sales = monthly or (sales_by_month(ledger.flows, ledger.unit, Decimal(share)) if ledger else {})
    booked = [draft.loans[loan] for loan in loans if draft.loans[loan].lent.currency == currency]
    account.moves = [*loan_moves(booked, SINCE, words), *moves]
    return post(draft.book, account, draft.chance(company.id, name, "lines"), draft.book_date)
