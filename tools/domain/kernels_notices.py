"""Measured things of notices and papers: court, registry and bank events, documents that are late, words that documents say."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from tools.domain.facts import Row
from tools.domain.periods import add_months
from tools.domain.signal_case import ZERO, BookRow, Case, Paper, rows_of, unknown
from tools.domain.signals import Measured

Params = Mapping[str, Any]
SHARE = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*[%％]")
HUNDRED = Decimal(100)


def event_count(case: Case, params: Params) -> Measured:
    """Events of the given types in the last `months` (no limit when absent); `words`: one of which title or detail must say;
    `subjects`: whom they are about."""
    found = _events(case, params)
    if found is None:
        return unknown("events")
    newest = found[-1] if found else None
    return Measured(
        Decimal(len(found)),
        rows_of("events", found),
        when=newest["date"] if newest else None,
        text=str(newest["title"]) if newest else "",
    )


def event_amount(case: Case, params: Params) -> Measured:
    """The amounts of the same events added up; unknown when one that counts states none or currencies differ."""
    found = _events(case, params)
    if found is None:
        return unknown("events")
    if not found:
        return Measured(ZERO)
    currencies = {row.get("currency_code") for row in found}
    if any(row.get("amount") is None for row in found):
        return unknown("events.amount")
    if len(currencies) > 1 or None in currencies:
        return unknown("exchange_rate")
    return Measured(
        sum((row["amount"] for row in found), ZERO), rows_of("events", found), when=found[-1]["date"], currency=currencies.pop()
    )


def event_share(case: Case, params: Params) -> Measured:
    """The largest share that the same events state in per cent, such as how much of a stake is pledged; 0 without an event."""
    found = _events(case, params)
    if found is None:
        return unknown("events")
    if not found:
        return Measured(ZERO)
    said = [
        (Decimal(match) / HUNDRED, row) for row in found for match in SHARE.findall(f"{row['title']} {row.get('detail') or ''}")
    ]
    if not said:
        return Measured(None, rows_of("events", found), ("events.detail",))
    share, row = max(said, key=lambda pair: pair[0])
    return Measured(share, rows_of("events", [row]), when=row["date"], text=str(row["title"]))


def paper_late(case: Case, params: Params) -> Measured:
    """Days by which a document of the given kind that was asked for and has not come is late, at most; 0 when nothing is."""
    kind = params["kind"]
    asked = [paper for paper in case.papers if paper.kind == kind]
    if not asked:
        return unknown(f"documents.{kind}")
    late = [paper for paper in asked if paper.due and paper.due < case.as_of and paper.received is None]
    if not late:
        return Measured(ZERO, _rows(asked[-1:]))
    oldest = min(late, key=lambda paper: paper.due or date.max)
    assert oldest.due is not None
    return Measured(Decimal((case.as_of - oldest.due).days), _rows([oldest]), when=oldest.period_end or oldest.due)


def paper_due(case: Case, params: Params) -> Measured:
    """When the document that is late the longest was due."""
    late = [p for p in case.papers if p.kind == params["kind"] and p.due and p.due < case.as_of and p.received is None]
    if not late:
        return unknown(f"documents.{params['kind']}")
    oldest = min(late, key=lambda paper: paper.due or date.max)
    return Measured(Decimal(len(late)), _rows([oldest]), when=oldest.due)


def said_count(case: Case, params: Params) -> Measured:
    """How many passages of documents of the given kinds say one of the words; unknown when no such document is on file."""
    kinds = params["kinds"]
    if not any(kind in case.has_documents for kind in kinds):
        return unknown(*(f"documents.{kind}" for kind in kinds))
    found = case.said.get(params["words_id"], ())
    newest = found[-1] if found else None
    return Measured(
        Decimal(len(found)),
        passages=tuple(found[-2:]),
        text=newest.source.document if newest else "",
        when=_day(newest.date) if newest else None,
    )


def failed_checks(case: Case, _: Params) -> Measured:
    """Identities of statements that do not hold beyond rounding."""
    return unknown("statements") if case.failed_checks is None else Measured(Decimal(case.failed_checks))


def _events(case: Case, params: Params) -> list[BookRow] | None:
    """None when nobody asked outside sources about this borrower, so that silence proves nothing."""
    if "events" not in case.handed or not case.asked_about:
        return None
    since = add_months(case.as_of, -params["months"]) if params.get("months") else None
    subjects: Sequence[str] | None = params.get("subjects")
    words: Sequence[str] = params.get("words", ())
    found = [
        row for row in case.table("events")
        if row["type"] in params["types"]
        and (since is None or row["date"] > since)
        and row["date"] <= case.as_of
        and (subjects is None or (row.get("subject") or "company") in subjects)
        and (not words or any(word in f"{row['title']} {row.get('detail') or ''}".lower() for word in words))
    ]  # fmt: skip
    return sorted(found, key=lambda row: (row["date"], str(row["id"])))


def _rows(papers: Sequence[Paper]) -> tuple[Row, ...]:
    return tuple(paper.row for paper in papers if paper.row is not None)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None
