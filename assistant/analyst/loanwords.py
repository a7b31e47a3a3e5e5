"""Which facts of a loan a question asks for, and which of a borrower's loans its words pick ("设备贷", "the revolver").

Both are read from the words of prompts/loan_facts.yaml alone: a new wording needs no code. Words that pick no loan of the borrower
pick nothing: then all of his loans are meant, each with its product beside it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from prompts.library import phrase_book
from tools.domain.facts import Row


@cache
def _facts() -> tuple[tuple[str, re.Pattern[str]], ...]:
    said: Mapping[str, str] = phrase_book("loan_facts")["facts"]
    return tuple((fact, re.compile(words, re.IGNORECASE)) for fact, words in said.items())


def facts_of(text: str) -> tuple[str, ...]:
    """Facts asked for, in the order in which an answer tells them."""
    return tuple(fact for fact, words in _facts() if words.search(text))


def several_facts(text: str) -> bool:
    """Two facts or more, at least one of which only the loan itself has."""
    found = facts_of(text)
    return len(found) > 1 and bool(set(found) & set(phrase_book("loan_facts")["anchors"]))


def event_kinds(text: str) -> tuple[str, ...]:
    """Types of outside events a question asks for; none when it asks for all."""
    book: Sequence[Mapping[str, Any]] = phrase_book("loan_facts")["event_kinds"]
    return tuple(dict.fromkeys(kind for one in book if re.search(one["said"], text, re.IGNORECASE) for kind in one["types"]))


def picked(rows: Sequence[Row], text: str, amounts: Collection[Decimal] = ()) -> list[Row]:
    """The loans whose product or amount the question names; all of them when it names none of theirs."""
    if by_amount := [
        row
        for row in rows
        if amounts and {_decimal(row.columns.get(name)) for name in ("balance", "orig_notional")} & set(amounts)
    ]:
        return by_amount
    products: Sequence[Mapping[str, Any]] = phrase_book("loan_facts")["products"]
    said = [product for product in products if re.search(product["said"], text, re.IGNORECASE)]
    by_name = [
        row for row in rows for one in said if re.search(one["name"], row.columns.get("product_name") or "", re.IGNORECASE)
    ]
    by_type = [row for row in rows for one in said if row.columns.get("type") in one.get("types", ())]
    by_type += [row for row in rows for one in said if row.columns.get("repayment_type") in one.get("repayments", ())]
    if (place := _place(text)) is not None and place < len(rows):
        return [sorted(rows, key=lambda row: row.id)[place]]
    return list({row.id: row for row in by_name or by_type}.values()) or list(rows)


@cache
def _places() -> tuple[tuple[re.Pattern[str], int], ...]:
    return tuple((re.compile(one["said"], re.IGNORECASE), int(one["place"])) for one in phrase_book("loan_facts")["places"])


def _place(text: str) -> int | None:
    """The place of "第一笔", "the second loan" among a borrower's loans in the order of their numbers."""
    return next((place for pattern, place in _places() if pattern.search(text)), None)


def _decimal(text: str | None) -> Decimal | None:
    try:
        return Decimal(text or "")
    except InvalidOperation:
        return None
