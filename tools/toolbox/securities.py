"""Collateral of one borrower or of all the caller sees: how old each valuation is, and when each insurance ends.

A valuation made after the business date is not known on it: the row is shown, its value and age are not.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from tools.domain.book_evidence import evidence
from tools.domain.facts import Row
from tools.domain.periods import add_months
from tools.toolbox.artifacts import Artifact, ToolResult, Value, asked_days, count_of
from tools.toolbox.desk import Desk
from tools.toolbox.loan_states import running, views_of
from tools.toolbox.periods import day_asked
from tools.toolbox.references import mark

MOST = 60


def collateral_ages(
    desk: Desk,
    borrower: str | None = None,
    older_than_months: int | None = None,
    insurance_from: str | None = None,
    insurance_to: str | None = None,
    limit: int = MOST,
) -> ToolResult:
    """The tool: collateral behind running loans with the age of its valuation and the days to the end of its insurance; only pieces valued
    more than so many months ago, or insured until a day of the window, when that is asked. Insurance not known is named."""
    who = desk.borrower(borrower) if borrower else None
    day = desk.clocks.as_of
    first, last = day_asked(insurance_from), day_asked(insurance_to)
    alive = {view.terms.id for view in views_of(desk, who.id if who else None) if running(view)}
    found = [
        row
        for row in desk.loan_book.rows(desk.caller, "collateral", desk.clocks, borrower=who.id if who else None)
        if alive & set(row["loan_ids"])
    ]
    known = {str(row["id"]): row for row in found}
    kept = [row for row in known.values() if _wanted(row, day, older_than_months, first, last)]
    kept.sort(key=lambda row: (row["insurance_end_date"] or date.max if last else row["value_date"], str(row["id"])))
    owners = [desk.store.borrowers.get(desk.caller, id) for id in dict.fromkeys(str(row["_borrower"]) for row in kept[:limit])]
    people = tuple(desk.ref(one) for one in ([who] if who else owners) if one)
    values = [value for row in kept[:limit] for value in _values(row, day)]
    values += _pledged(desk, who.id if who else None, kept[:limit])
    values += [
        count_of("collateral", len(known), who.id if who else None),
        count_of("collateral_matching", len(kept), who.id if who else None),
    ]
    if older_than_months is not None:
        values.append(Value("asked_months", "asked_months", None, "months", Decimal(older_than_months)))
    missing = tuple(
        f"{row['id']}: no end of insurance in the loan book" for row in known.values() if last and not row["insurance_end_date"]
    )
    arguments = {"borrower": who.id if who else None, "older_than_months": older_than_months, "insurance_from": insurance_from,
                 "insurance_to": insurance_to}  # fmt: skip
    rows = tuple(
        Row(r.table, r.id, {**r.columns, "customer_id": str(row["_borrower"])})
        for row in kept[:limit]
        for r in [evidence("collateral", row)]
    )
    artifact = Artifact(
        "collateral_ages", arguments, people, rows=rows, values=(*values, *asked_days(first, last)), missing=missing
    )
    return ToolResult(_text(kept[:limit], day, missing), artifact)


def _pledged(desk: Desk, who: str | None, rows: list[dict[str, Any]]) -> list[Value]:
    """What is still owed on the loans a piece secures, and as a share of its value; of one borrower also of all pieces together. Only in
    one currency, and not of a piece that was not valued yet."""
    owed = {v.terms.id: v.terms for v in views_of(desk, who) if running(v) and v.terms.balance is not None}
    day = desk.clocks.as_of
    made: list[Value] = []

    def told(about: str, borrower: str, pieces: list[dict[str, Any]]) -> list[Value]:
        loans = [owed[id] for id in dict.fromkeys(id for piece in pieces for id in piece["loan_ids"]) if id in owed]
        worth = sum((piece["value"] for piece in pieces), Decimal(0))
        currencies = {terms.currency for terms in loans} | {piece["currency_code"] for piece in pieces}
        if not loans or len(currencies) != 1 or worth <= 0 or any(piece["value_date"] > day for piece in pieces):
            return []
        balance = sum((terms.balance or Decimal(0) for terms in loans), Decimal(0))
        inputs = (*(f"collateral:{piece['id']}" for piece in pieces), *(f"loans:{terms.id}" for terms in loans))
        (currency,) = currencies
        parts = (("secured_balance", "currency", balance), ("pledged_value", "currency", worth), ("pledge_ratio", "ratio", balance / worth),
                 ("pledge_cover", "ratio", worth / balance if balance else None))  # fmt: skip
        return [
            Value(f"{name}:{about}", name, borrower, unit, number, currency if unit == "currency" else None, day, about=about, inputs=inputs)
            for name, unit, number in parts if number is not None
        ]  # fmt: skip

    for row in rows:
        made += told(str(row["id"]), str(row["_borrower"]), [row])
    if who is not None and len(rows) > 1:
        made += told(f"pledged:{who}", who, rows)
    return made


def _wanted(row: dict[str, Any], day: date, months: int | None, first: date | None, last: date | None) -> bool:
    valued, insured = row["value_date"], row["insurance_end_date"]
    if months is not None and not (valued <= day and add_months(valued, months) < day):
        return False
    return last is None or (insured is not None and (first or day) <= insured <= last)


def _values(row: dict[str, Any], day: date) -> list[Value]:
    id, who, valued, insured = str(row["id"]), str(row["_borrower"]), row["value_date"], row["insurance_end_date"]

    def value(name: str, unit: str, number: Decimal | None, when: date) -> Value:
        return Value(f"{name}:{id}", name, who, unit, number, row["currency_code"] if unit == "currency" else None, when, about=id,
                     inputs=(f"collateral:{id}",))  # fmt: skip

    found = (
        [value("insurance_end", "date", None, insured), value("insurance_days", "days", Decimal((insured - day).days), insured)]
        if insured
        else []
    )
    if valued <= day:
        found += [
            value("valued_on", "date", None, valued), value("collateral_value", "currency", row["value"], valued),
            value("valuation_months", "months", Decimal(_months(valued, day)), valued),
            value("valuation_days", "days", Decimal((day - valued).days), valued),
        ]  # fmt: skip
    return found


def _months(first: date, last: date) -> int:
    """Whole months from one day to another."""
    return (last.year - first.year) * 12 + last.month - first.month - (1 if last.day < first.day else 0)


def _text(rows: list[dict[str, Any]], day: date, missing: tuple[str, ...]) -> str:
    lines = [
        f"{row['id']} of {row['_borrower']} {row['description'] or row['type']}: valued {row['value_date']} at {row['value']} {row['currency_code']}, "
        f"insured until {row['insurance_end_date'] or 'unknown'} {mark('collateral:' + str(row['id']))}"
        for row in rows
    ]
    return "\n".join([*lines, *missing]) or "No such collateral."
