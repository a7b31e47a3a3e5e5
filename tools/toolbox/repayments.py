"""What was paid on loans: the newest days money came in, with principal, interest and the sum of each day.

Reversed postings do not count; a day's payments on one loan are one repayment, as a person asks for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from tools.domain.book_evidence import evidence
from tools.domain.loan_rows import transactions_of
from tools.domain.loans import LoanTransaction
from tools.domain.postings import effective
from tools.errors import BadRequest
from tools.toolbox.artifacts import Artifact, ToolResult, Value, asked_days
from tools.toolbox.desk import Desk
from tools.toolbox.loan_states import running, views_of
from tools.toolbox.periods import day_asked
from tools.toolbox.references import mark

PAID = ("principal", "interest", "penalty", "fee", "prepayment", "recovery")
MOST_DAYS = 6


def repayments(
    desk: Desk,
    borrower: str | None = None,
    loan: str | None = None,
    from_date: str | None = None,
    to_date: str | None = None,
    days: int = MOST_DAYS,
) -> ToolResult:
    """The tool: payments received on a loan, or on each loan of a borrower, by day, newest first."""
    if borrower is None and loan is None:
        raise BadRequest("neither a borrower nor a loan is named", fix="Name one")
    who = desk.borrower(borrower) if borrower else None
    views = views_of(desk, who.id if who else None, loan)
    if loan and not views:
        raise BadRequest(f"no loan {loan!r}", fix="Use `loans` with a borrower to see the ids")
    first, last = day_asked(from_date), day_asked(to_date)
    values: list[Value] = []
    missing: list[str] = []
    kept: set[str] = set()
    sums: dict[tuple[str, str], dict[str, Decimal]] = {}
    for view in [v for v in views if loan or running(v)]:
        owner, id = view.terms.borrower, view.terms.id
        found = desk.loan_book.rows(desk.caller, "loan_transactions", desk.clocks, borrower=owner, loan=id)
        by_day: Mapping[date, dict[str, Decimal]] = _by_day(effective(transactions_of(found), desk.clocks).kept, first, last)
        if not by_day:
            missing.append(f"{id}: no payment in the loan book")
            values.append(
                Value(f"paid_state:{id}", "paid_state", owner, "state", about=id, state="unpaid", inputs=(f"loans:{id}",))
            )
        for day in sorted(by_day, reverse=True)[:days]:
            ids = tuple(str(row["id"]) for row in found if row["value_date"] == day and row["type"] in PAID)
            kept |= set(ids)
            values += _values(owner, id, view.terms.currency, day, by_day[day], ids)
        told = sums.setdefault((owner, view.terms.currency), defaultdict(Decimal))
        for parts in by_day.values():
            for kind, amount in parts.items():
                told[kind] += amount
    if first or last:
        values += _sums(
            sums,
            first,
            min(last or desk.clocks.as_of, desk.clocks.as_of),
            tuple(f"loans:{view.terms.id}" for view in views if loan or running(view)),
        )
    owners = [desk.store.borrowers.get(desk.caller, id) for id in dict.fromkeys(view.terms.borrower for view in views)]
    rows = tuple(
        evidence("loan_transactions", row)
        for owner in dict.fromkeys(view.terms.borrower for view in views)
        for row in desk.loan_book.rows(desk.caller, "loan_transactions", desk.clocks, borrower=owner)
        if str(row["id"]) in kept
    )
    arguments = {"borrower": who.id if who else None, "loan": loan, "from_date": from_date, "to_date": to_date}
    people = tuple(desk.ref(one) for one in ([who] if who else owners) if one)
    artifact = Artifact(
        "repayments", arguments, people, rows=rows, values=(*values, *asked_days(first, last)), missing=tuple(missing)
    )
    lines = [f"{v.about} {v.when} {v.name} {v.value} {v.currency} {mark(v.id)}" for v in values]
    return ToolResult("\n".join([*lines, *missing]) or "No payments.", artifact)


def _by_day(postings: Iterable[LoanTransaction], first: date | None, last: date | None) -> Mapping[date, dict[str, Decimal]]:
    by_day: dict[date, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for posting in postings:
        if posting.type in PAID and (first or date.min) <= posting.value_date <= (last or date.max):
            by_day[posting.value_date][posting.type] += posting.amount
    return by_day


def _sums(
    sums: Mapping[tuple[str, str], Mapping[str, Decimal]], first: date | None, last: date, loans: tuple[str, ...]
) -> list[Value]:
    """What came in over the stretch asked about: in all, and of each kind."""
    return [
        Value(
            f"{name}:window:{owner}:{currency}", name, owner, "currency", number, currency, last, first, "window", inputs=loans
        )
        for (owner, currency), parts in sums.items()
        for name, number in (
            ("paid", sum(parts.values(), Decimal(0))),
            *((f"paid_{kind}", parts[kind]) for kind in parts),
        )
    ]


def _values(
    owner: str, loan: str, currency: str, day: date, parts: Mapping[str, Decimal], rows: tuple[str, ...]
) -> list[Value]:
    sources = tuple(f"loan_transactions:{id}" for id in rows)

    def value(name: str, number: Decimal) -> Value:
        return Value(f"{name}:{loan}:{day}", name, owner, "currency", number, currency, day, about=loan, inputs=sources)

    return [value("paid", sum(parts.values(), Decimal(0))), *(value(f"paid_{kind}", number) for kind, number in parts.items())]
