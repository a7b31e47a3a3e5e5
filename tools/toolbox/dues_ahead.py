"""What falls due month by month, per loan, borrower and group, from the schedules; currencies stand side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from tools.domain.arrears import dues
from tools.domain.daycounts import cents
from tools.domain.guarantees import NAMED
from tools.domain.money import plain
from tools.domain.periods import add_months, month_end
from tools.toolbox.artifacts import Artifact, ToolResult, Value
from tools.toolbox.desk import Desk
from tools.toolbox.kinship import ties_around
from tools.toolbox.loan_states import loan_row, running, views_of
from tools.toolbox.references import mark

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class MonthDue:
    """What one loan owes in one month; what is overdue already is not in it."""

    loan: str
    borrower: str
    currency: str
    month: date
    principal: Decimal
    interest: Decimal


@dataclass(frozen=True, slots=True)
class DuesAhead:
    """The months ahead of a borrower and, when asked for, of everybody under one control with it. `unknown`: loans whose schedule is
    not computable, with the reason; their dues are in no sum."""

    borrower: str
    as_of: date
    months: int
    members: tuple[str, ...]
    rows: tuple[MonthDue, ...]
    unknown: tuple[tuple[str, str], ...]

    def total(self, borrower: str | None = None, loan: str | None = None) -> dict[str, tuple[Decimal, Decimal]]:
        """Currency → (principal, interest) of one borrower, one loan, or all."""
        sums: dict[str, tuple[Decimal, Decimal]] = defaultdict(lambda: (ZERO, ZERO))
        for row in self.rows:
            if borrower in (None, row.borrower) and loan in (None, row.loan):
                principal, interest = sums[row.currency]
                sums[row.currency] = (principal + row.principal, interest + row.interest)
        return dict(sorted(sums.items()))

    def shape(self) -> dict[str, Any]:
        """JSON."""
        months: dict[tuple[date, str], list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
        for row in self.rows:
            months[row.month, row.currency][0] += row.principal
            months[row.month, row.currency][1] += row.interest
        return {
            "borrower": self.borrower, "as_of": self.as_of.isoformat(), "months": self.months, "members": list(self.members),
            "loans": [
                {"loan": r.loan, "borrower": r.borrower, "currency": r.currency, "month": r.month.isoformat(),
                 "principal": plain(cents(r.principal)), "interest": plain(cents(r.interest))}
                for r in self.rows
            ],
            "by_month": [
                {"month": month.isoformat(), "currency": currency, "principal": plain(cents(parts[0])), "interest": plain(cents(parts[1]))}
                for (month, currency), parts in sorted(months.items())
            ],
            "by_borrower": {one: _sums(self.total(one)) for one in self.members}, "total": _sums(self.total()),
            "unknown": [{"loan": loan, "reason": reason} for loan, reason in self.unknown],
        }  # fmt: skip


def dues_ahead(desk: Desk, borrower: str, months: int = 12, *, group: bool = False) -> DuesAhead:
    """Dues from the business date on, `months` ahead. `group`: with everybody under one control whom the caller may see."""
    who = desk.borrower(borrower).id
    around = ties_around(desk, who).group(who) if group else (who,)
    members = tuple(one for one in around if not one.startswith(NAMED) and desk.store.borrowers.get(desk.caller, one))
    until = add_months(desk.clocks.as_of, months)
    rows: list[MonthDue] = []
    unknown: list[tuple[str, str]] = []
    for member in members:
        for view in views_of(desk, member):
            if not running(view):
                continue
            if view.ledger is None:
                unknown.append((view.terms.id, view.reason))
                continue
            sums: dict[date, list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
            for due in dues(view.ledger, until):
                sums[month_end(due.date)][0] += due.principal
                sums[month_end(due.date)][1] += due.interest
            rows += [MonthDue(view.terms.id, member, view.terms.currency, m, p, i) for m, (p, i) in sorted(sums.items())]
    return DuesAhead(who, desk.clocks.as_of, months, members, tuple(rows), tuple(unknown))


def dues_by_month(desk: Desk, borrower: str, months: int = 12, group: bool = False) -> ToolResult:
    """The tool: principal and interest by month, per loan, borrower and, when asked for, group."""
    found = dues_ahead(desk, borrower, months, group=group)
    owners = [desk.store.borrowers.get(desk.caller, one) for one in found.members]
    rows = [row for row in (loan_row(desk, loan) for loan in sorted({row.loan for row in found.rows})) if row is not None]
    values = tuple(_values(found))
    missing = tuple(f"{loan}: {reason}" for loan, reason in found.unknown)
    arguments: dict[str, object] = {"borrower": found.borrower, "months": months, "group": group}
    artifact = Artifact(
        "dues_by_month", arguments, tuple(desk.ref(b) for b in owners if b), rows=tuple(rows), values=values, missing=missing
    )
    lines = [f"{v.name} {v.about} {v.when} {v.value} {v.currency} {mark(v.id)}" for v in values]
    return ToolResult("\n".join([*lines, *missing]) or "Nothing falls due.", artifact)


def _values(found: DuesAhead) -> Iterable[Value]:
    rows = {row.loan for row in found.rows}
    inputs = tuple(f"loans:{loan}" for loan in sorted(rows))
    whose = [(None, "group" if len(found.members) > 1 else "total"), *((one, one) for one in found.members)]
    for borrower, about in whose:
        for currency, (principal, interest) in found.total(borrower).items():
            for name, amount in (
                ("dues_12m", principal + interest),
                ("dues_12m_principal", principal),
                ("dues_12m_interest", interest),
            ):
                named = name if found.months == 12 else name.replace("12m", "ahead")
                yield Value(f"{named}:{about}:{found.borrower}:{currency}", named, borrower or found.borrower, "currency", amount, currency, found.as_of,
                            about=about, inputs=inputs)  # fmt: skip
    for row in found.rows:
        yield Value(f"month_due:{row.loan}:{row.month}", "month_due", row.borrower, "currency", row.principal + row.interest, row.currency, row.month,
                    about=row.loan, inputs=(f"loans:{row.loan}",))  # fmt: skip


def _sums(totals: dict[str, tuple[Decimal, Decimal]]) -> dict[str, dict[str, str]]:
    return {
        currency: {
            "principal": plain(cents(principal)),
            "interest": plain(cents(interest)),
            "total": plain(cents(principal + interest)),
        }
        for currency, (principal, interest) in totals.items()
    }
