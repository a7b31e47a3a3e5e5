"""The caller's book as a whole: concentration, arrears rolling from month to month, migration, vintages, maturities, the watch list.

Each view is per currency: amounts of two currencies are never added. What cannot be known is counted and named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from tools.domain.concentration import UNKNOWN, Concentration, concentration
from tools.domain.loan_states_in_time import StateThen, states_then
from tools.domain.loan_views import LoanView
from tools.domain.maturities import Rung, ladder
from tools.domain.migration import Move, Rolls, bucket_moves, moves, roll_rates
from tools.domain.money import plain
from tools.domain.periods import add_months, month_end
from tools.domain.vintage import Vintage, vintages
from tools.errors import BadRequest
from tools.toolbox.artifacts import Artifact, ToolResult, Value
from tools.toolbox.desk import Desk
from tools.toolbox.loan_states import loan_inputs, rulings, running, views_of
from tools.toolbox.periods import day_asked
from tools.toolbox.watch_list import watch_list

View = Literal["concentration", "rolls", "migration", "vintage", "maturity", "watch"]
VIEWS: tuple[View, ...] = ("concentration", "rolls", "migration", "vintage", "maturity", "watch")
KEYS = ("borrower", "group", "industry", "region", "branch", "product")
MONTHS = 12
SHOWN = 10
Shape = dict[str, Any]


def month_ends(as_of: date, months: int) -> list[date]:
    """The last `months` month ends up to `as_of`, oldest first, and `as_of` itself when it ends a month."""
    last = as_of if as_of == month_end(as_of) else month_end(add_months(as_of.replace(day=1), -1))
    return [month_end(add_months(last.replace(day=1), -back)) for back in range(months, -1, -1)]


def concentrations(desk: Desk, by: str) -> dict[str, Concentration]:
    """Per currency: running loans' balances by borrower, group, industry, region, branch or product."""
    if by not in KEYS:
        raise BadRequest(f"{by!r} is nothing to group by", fix=f"Use one of {', '.join(KEYS)}")
    keys = _keys(desk, by)
    amounts: dict[str, list[tuple[str, Decimal]]] = defaultdict(list)
    for view in views_of(desk):
        if running(view) and view.terms.balance:
            amounts[view.terms.currency].append((keys(view), view.terms.balance))
    made = {currency: concentration(pairs) for currency, pairs in sorted(amounts.items())}
    return {currency: found for currency, found in made.items() if found is not None}


def _keys(desk: Desk, by: str) -> Callable[[LoanView], str]:
    if by == "borrower":
        return lambda view: view.terms.borrower
    if by == "product":
        rows = {row["id"]: row for row in desk.loan_book.rows(desk.caller, "loans", desk.clocks)}
        return lambda view: str(
            rows.get(view.terms.id, {}).get("product_name") or rows.get(view.terms.id, {}).get("type") or UNKNOWN
        )
    people = {one.id: one for one in desk.store.borrowers.all(desk.caller)}
    customers = {row["id"]: row for row in desk.loan_book.rows(desk.caller, "customers", desk.clocks)}

    def key(view: LoanView) -> str:
        id = view.terms.borrower
        if by == "region":
            return str(getattr(people.get(id), "region", None) or UNKNOWN)
        column = {"group": "group_id", "industry": "industry_code", "branch": "branch_id"}[by]
        found = customers.get(id, {}).get(column)
        # Someone in no group stands alone; an industry nobody stated is unknown.
        return str(found) if found else id if by == "group" else UNKNOWN

    return key


def states(desk: Desk, days: Sequence[date]) -> dict[str, list[StateThen]]:
    """Per currency: every loan's state at each day, with what is known now."""
    settings = rulings(desk)
    found: dict[str, list[StateThen]] = defaultdict(list)
    for loan in loan_inputs(desk):
        found[loan.terms.currency] += states_then(loan, days, desk.clocks.known_at, settings.repayment, settings.calendar)
    return dict(sorted(found.items()))


def rolls(desk: Desk, months: int = MONTHS) -> dict[str, Rolls]:
    """Roll rates over the last `months` months, per currency."""
    return {currency: roll_rates(found) for currency, found in states(desk, month_ends(desk.clocks.as_of, months)).items()}


def bucket_migration(desk: Desk, since: date) -> dict[str, list[Move]]:
    """Moves between arrears buckets from the end of `since` to the business date, per currency."""
    if since >= desk.clocks.as_of:
        raise BadRequest("the start is not before the business date", fix=f"Give a day before {desk.clocks.as_of}")
    made = {}
    for currency, found in states(desk, [since, desk.clocks.as_of]).items():
        made[currency] = bucket_moves([s for s in found if s.day == since], [s for s in found if s.day == desk.clocks.as_of])
    return made


def category_migration(desk: Desk, since: date) -> dict[str, list[Move]] | None:
    """Moves between risk categories from the newest book handed over for `since` or before to today's; None without such a book."""
    books = [s for s in desk.loan_book.snapshots.all() if s.book_date <= since and s.known_from <= desk.clocks.known_at]
    if not books:
        return None
    book = max(books, key=lambda s: (s.book_date, s.known_from))
    before = _categories(desk.at(as_of=book.book_date, known_at=book.known_from))
    after = _categories(desk)
    return {currency: moves(before.get(currency, {}), after.get(currency, {})) for currency in sorted({*before, *after})}


def _categories(desk: Desk) -> dict[str, dict[str, tuple[str, Decimal]]]:
    found: dict[str, dict[str, tuple[str, Decimal]]] = defaultdict(dict)
    for row in desk.loan_book.rows(desk.caller, "loans", desk.clocks):
        if row["status"] not in ("closed", "written_off") and row["start_date"] <= desk.clocks.as_of:
            found[row["currency_code"]][row["id"]] = (row["classification"] or "unclassified", row["balance"])
    return found


def vintage_curves(desk: Desk, threshold: int) -> dict[str, list[Vintage]]:
    """Cohorts by quarter of payout, per currency; `threshold` days past due."""
    as_of = desk.clocks.as_of
    loans: dict[str, dict[str, tuple[date, Decimal]]] = defaultdict(dict)
    inputs = [loan for loan in loan_inputs(desk) if loan.terms.start_date <= as_of]
    if not inputs:
        return {}
    for loan in inputs:
        loans[loan.terms.currency][loan.terms.id] = (loan.terms.start_date, loan.terms.principal)
    settings = rulings(desk)
    made: dict[str, list[Vintage]] = {}
    found: dict[str, list[StateThen]] = defaultdict(list)
    for loan in inputs:
        length = (as_of.year - loan.terms.start_date.year) * 12 + as_of.month - loan.terms.start_date.month
        found[loan.terms.currency] += states_then(
            loan, month_ends(as_of, length), desk.clocks.known_at, settings.repayment, settings.calendar
        )
    for currency, members in sorted(loans.items()):
        made[currency] = vintages(members, found[currency], threshold, month_ends(as_of, 0)[-1])
    return made


def maturities(desk: Desk) -> dict[str, tuple[list[Rung], list[str]]]:
    """The maturity ladder of running loans, per currency."""
    groups: dict[str, list[LoanView]] = defaultdict(list)
    for view in views_of(desk):
        if running(view):
            groups[view.terms.currency].append(view)
    return {currency: ladder(views, desk.clocks.as_of) for currency, views in sorted(groups.items())}


def portfolio_view(
    desk: Desk, view: View, by: str = "borrower", since: str | None = None, days: int = 30, months: int = MONTHS
) -> ToolResult:
    """The tool: one view of the whole book, as values the gate can check."""
    if view not in VIEWS:
        raise BadRequest(f"{view!r} is not a view", fix=f"Use one of {', '.join(VIEWS)}")
    shape = portfolio_shape(desk, view, by=by, since=day_asked(since), days=days, months=months)
    values, lines = _values(desk, view, shape)
    people = [id for id in dict.fromkeys(value.borrower for value in values if value.borrower)]
    refs = tuple(desk.ref(found) for id in people if (found := desk.store.borrowers.get(desk.caller, id)))
    arguments = {"view": view, "by": by, "since": since, "days": days, "months": months}
    return ToolResult(
        "\n".join(lines) or "Nothing outstanding", Artifact("portfolio_view", arguments, refs, values=tuple(values))
    )


def portfolio_shape(
    desk: Desk, view: View, *, by: str = "borrower", since: date | None = None, days: int = 30, months: int = MONTHS
) -> Shape:
    """The `portfolio` command: plain decimals per currency."""
    as_of = desk.clocks.as_of
    base: Shape = {"view": view, "as_of": as_of.isoformat()}
    start = since or add_months(as_of, -MONTHS)
    match view:
        case "concentration":
            names = {one.id: one.name for one in desk.store.borrowers.all(desk.caller)} if by in ("borrower", "group") else {}
            found = concentrations(desk, by)
            return base | {"by": by, "currencies": {c: _concentration(f, names) for c, f in found.items()}}
        case "rolls":
            return base | {"currencies": {c: _rolls(r) for c, r in rolls(desk, months).items()}}
        case "migration":
            categories = category_migration(desk, start)
            return base | {
                "since": start.isoformat(),
                "currencies": {c: {"buckets": _moves(m)} for c, m in bucket_migration(desk, start).items()},
                "categories": None if categories is None else {c: _moves(m) for c, m in categories.items()},
                "missing": [] if categories is not None else [f"a loan book handed over for {start} or earlier"],
            }
        case "vintage":
            return base | {
                "days": days,
                "currencies": {c: [_vintage(v) for v in made] for c, made in vintage_curves(desk, days).items()},
            }
        case "watch":
            return base | watch_list(desk, start).shape()
        case _:
            return base | {
                "currencies": {
                    c: {"rungs": [{"span": r.span, "until": r.until.isoformat() if r.until else None, "amount": plain(r.amount),
                                   "loans": r.loans} for r in rungs], "not_computable": unknown}
                    for c, (rungs, unknown) in maturities(desk).items()
                }
            }  # fmt: skip


def _concentration(found: Concentration, names: Mapping[str, str]) -> Shape:
    return {
        "total": plain(found.total), "hhi": _ratio(found.hhi), "top10_share": _ratio(found.top), "unknown_share": _ratio(found.unknown_share),
        "shares": [{"key": s.key or None, "name": names.get(s.key), "amount": plain(s.amount), "share": _ratio(s.share), "loans": s.loans}
                   for s in found.shares],
    }  # fmt: skip


def _rolls(found: Rolls) -> Shape:
    return {
        "mean": {step: _ratio(rate) for step, rate in found.mean.items()}, "flow_to_npl": _ratio(found.flow), "missing": list(found.missing),
        "steps": [{"from": s.start, "to": s.end, "month": s.after.isoformat(), "amount_before": plain(s.amount_before),
                   "amount_after": plain(s.amount_after), "rate": _ratio(s.rate)} for s in found.steps],
    }  # fmt: skip


def _moves(found: Sequence[Move]) -> list[Shape]:
    return [
        {"from": m.start, "to": m.end, "loans": m.loans, "amount": plain(m.amount), "share": _ratio(m.share)} for m in found
    ]


def _vintage(found: Vintage) -> Shape:
    return {
        "cohort": found.cohort, "disbursed": plain(found.disbursed), "loans": found.loans, "unknown": found.unknown,
        "curve": {str(month): _ratio(share) for month, share in found.curve.items()},
    }  # fmt: skip


def _ratio(value: Decimal | None) -> str | None:
    return None if value is None else plain(value.quantize(Decimal("0.000001")))


def _values(desk: Desk, view: View, shape: Mapping[str, Any]) -> tuple[list[Value], list[str]]:
    """Every number of the shape as a Value, and the lines a model reads."""
    as_of, values, lines = desk.clocks.as_of, list[Value](), list[str]()

    def add(
        name: str,
        about: str,
        number: str | None,
        unit: str,
        currency: str | None,
        borrower: str | None = None,
        when: date = as_of,
    ) -> None:
        if number is not None:
            values.append(
                Value(f"{name}:{about}:{currency}", name, borrower, unit, Decimal(number), currency if unit == "currency" else None, when, about=about)
            )  # fmt: skip
            lines.append(f"{currency} {name} {about}: {number}")

    for currency, found in shape["currencies"].items():
        match view:
            case "concentration":
                add("total", "portfolio", found["total"], "currency", currency)
                add("hhi", shape["by"], found["hhi"], "ratio", currency)
                add("top10_share", shape["by"], found["top10_share"], "ratio", currency)
                for share in found["shares"][:SHOWN]:
                    borrower = share["key"] if shape["by"] == "borrower" else None
                    add("exposure", share["key"] or "unknown", share["amount"], "currency", currency, borrower)
                    add("exposure_share", share["key"] or "unknown", share["share"], "ratio", currency, borrower)
            case "rolls":
                for step, rate in found["mean"].items():
                    add("roll_rate", step, rate, "ratio", currency)
                add("flow_to_npl", "portfolio", found["flow_to_npl"], "ratio", currency)
            case "migration":
                for move in found["buckets"]:
                    add("moved", f"{move['from']}→{move['to']}", move["amount"], "currency", currency)
                    add("moved_share", f"{move['from']}→{move['to']}", move["share"], "ratio", currency)
            case "vintage":
                for cohort in found:
                    last = max(cohort["curve"], key=int, default=None)
                    add("vintage_share", cohort["cohort"], cohort["curve"].get(last), "ratio", currency)
            case "watch":
                for row in found["levels"]:
                    add("watched", row["level"], row["amount"], "currency", currency)
                for row in found["flows"]:
                    add("watch_moved", f"{row['from']}→{row['to']}", row["amount"], "currency", currency)
            case _:
                for rung in found["rungs"]:
                    add("maturing", rung["span"], rung["amount"], "currency", currency)
    return values, lines
