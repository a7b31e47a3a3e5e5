"""Loans, dues and arrears as tools: one borrower's loans, and views over all the caller's loans."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Literal, Protocol

from tools.domain.arrears import Due, dues
from tools.domain.facts import Row
from tools.domain.loan_rows import shares_limit
from tools.domain.loan_views import LoanView
from tools.domain.periods import add_months
from tools.domain.rules import RuleResult
from tools.errors import BadRequest
from tools.toolbox.artifacts import Artifact, ToolResult, Value, asked_days, count_of
from tools.toolbox.desk import Desk
from tools.toolbox.loan_states import loan_row, loan_shapes, running, views_of
from tools.toolbox.periods import day_given
from tools.toolbox.references import mark

View = Literal["arrears", "maturity", "dues", "classification", "origins", "summary"]
VIEWS: tuple[View, ...] = ("arrears", "maturity", "dues", "classification", "origins", "summary")
MOST_LOANS = 60
AHEAD_MONTHS = 3
"""How far ahead maturities and dues are listed when no window is named."""
ZERO = Decimal(0)


def loans(
    desk: Desk,
    borrower: str | None = None,
    loan: str | None = None,
    from_date: str | None = None,
    to_date: str | None = None,
    as_of: str | None = None,
) -> ToolResult:
    """The tool: balance, rate, arrears, next payment, dues of twelve months, maturity and classification of each loan; with two
    dates also what falls due between them (both inclusive). `as_of`: how it stood on an earlier day."""
    if borrower is None and loan is None:
        raise BadRequest("neither a borrower nor a loan is named", fix="Name one; portfolio_loans lists all")
    desk = desk.at(day_given(as_of)) if as_of else desk
    who = desk.borrower(borrower) if borrower else None
    states = views_of(desk, who.id if who else None, loan)
    if loan and not states:
        raise BadRequest(f"no loan {loan!r}", fix="Use `loans` with a borrower to see the ids")
    arguments: dict[str, object] = {
        "borrower": who.id if who else None, "loan": loan, "from_date": from_date, "to_date": to_date, "as_of": as_of,
    }  # fmt: skip
    missing = () if states or who is None else (f"{who.id}: no loans in the loan book",)
    extra = _totals(states, who.id if who else None)
    if from_date and to_date:
        extra += _due_between(states, day_given(from_date), day_given(to_date), who.id if who else None)
        extra += asked_days(day_given(from_date), day_given(to_date))
    return _result(desk, "loans", arguments, states, extra, missing)


def portfolio_loans(
    desk: Desk,
    view: View = "summary",
    from_date: str | None = None,
    to_date: str | None = None,
    min_dpd: int = 1,
    limit: int = 40,
) -> ToolResult:
    """The tool: all the caller's loans from one side: what is overdue, what matures or falls due in a window, classification, totals."""
    if view not in VIEWS:
        raise BadRequest(f"{view!r} is not a view", fix=f"Use one of {', '.join(VIEWS)}")
    states = [state for state in views_of(desk) if running(state)]
    first = day_given(from_date) if from_date else desk.clocks.as_of
    last = day_given(to_date) if to_date else add_months(desk.clocks.as_of, AHEAD_MONTHS)
    chosen: list[LoanView] = []
    falling: list[Value] = []
    match view:
        case "arrears":
            chosen = sorted((s for s in states if (s.dpd or 0) >= min_dpd), key=lambda s: (-(s.dpd or 0), s.terms.id))
        case "maturity":
            chosen = sorted(
                (s for s in states if first <= s.terms.end_date <= last), key=lambda s: (s.terms.end_date, s.terms.id)
            )
        case "dues":
            falling = _due_between(states, first, last, None)
            earliest = {v.about: v.when for v in reversed(falling) if v.about != "window"}
            chosen = sorted(
                (s for s in states if s.terms.id in earliest), key=lambda s: (earliest[s.terms.id] or last, s.terms.id)
            )
        case "classification":
            chosen = sorted((s for s in states if s.record.classification not in (None, "normal")), key=lambda s: s.terms.id)
        case "origins":
            chosen = sorted((s for s in states if _not_new(desk, s)), key=lambda s: s.terms.id)
        case _:
            chosen = []
    extra = [
        count_of("matches", len(chosen)), count_of("loans", len(states)),
        count_of("borrowers", len(desk.index().borrowers)),
        count_of("borrowers_with_loans", len({s.terms.borrower for s in states})),
        count_of("borrowers_matching", len({s.terms.borrower for s in chosen})),
    ]  # fmt: skip
    arguments: dict[str, object] = {
        "view": view,
        "from_date": first.isoformat(),
        "to_date": last.isoformat(),
        "min_dpd": min_dpd,
    }
    totals = _totals(states if view == "summary" else chosen, None)
    if view == "arrears" and states and all(s.dpd == 0 for s in states):
        rows = tuple(f"loans:{s.terms.id}" for s in states)
        extra.append(Value("arrears_state:total:all", "arrears_state", None, "state", None, None, desk.clocks.as_of, about="total",
                           state="no_arrears", inputs=rows))  # fmt: skip
    unknown = tuple(f"{s.terms.id}: {s.reason}" for s in states if s.dpd is None) if view == "arrears" else ()
    return _result(
        desk, "portfolio_loans", arguments, chosen[:limit], [*falling, *extra, *totals, *asked_days(first, last)], unknown
    )


def _not_new(desk: Desk, view: LoanView) -> bool:
    """Renewed, refinanced, extended or restructured: its row says so."""
    row = loan_row(desk, view.terms.id)
    c = row.columns if row else {}
    return (
        c.get("origin") not in (None, "", "new")
        or bool(c.get("restructured_date"))
        or c.get("extension_count") not in (None, "", "0")
    )


def loan_values(view: LoanView) -> list[Value]:
    """Everything a loan's view says, as values tied to the loan's row."""
    id, terms, when = view.terms.id, view.terms, view.clocks.as_of

    def value(name: str, unit: str, number: Decimal | None, day: date | None = None, word: str = "") -> Value:
        currency = terms.currency if unit == "currency" else None
        return Value(
            f"{name}:{id}", name, terms.borrower, unit, number, currency, day or when, None, id, word, "", (f"loans:{id}",)
        )

    found = [
        value("rate", "ratio", terms.rate), value("end_date", "date", None, terms.end_date),
        value("start_date", "date", None, terms.start_date), value("orig_notional", "currency", terms.principal),
    ]  # fmt: skip
    found.append(value("loan_status", "state", None, None, terms.status))
    if terms.balance is not None:
        found.append(value("balance", "currency", terms.balance))
    if view.dpd is not None:
        found.append(value("dpd", "days", Decimal(view.dpd)))
        found.append(value("arrears_state", "state", None, None, "arrears" if view.dpd > 0 else "no_arrears"))
    if view.overdue is not None:
        found += [
            value("overdue_total", "currency", view.overdue.total), value("overdue_principal", "currency", view.overdue.principal),
            value("overdue_interest", "currency", view.overdue.interest),
        ]  # fmt: skip
        found.append(value("overdue_dues", "currency", view.overdue.principal + view.overdue.interest))
        if view.overdue.penalty is not None:
            found.append(value("overdue_penalty", "currency", view.overdue.penalty))
    found += _unpaid(view, value)
    if view.oldest_unpaid_due:
        found.append(value("oldest_unpaid_due", "date", None, view.oldest_unpaid_due))
    if view.max_dpd:
        found.append(value("max_dpd", "days", Decimal(view.max_dpd), view.max_dpd_on))
    if running(view) and terms.end_date >= when:
        found.append(value("maturity_days", "days", Decimal((terms.end_date - when).days), terms.end_date))
    if view.next_due:
        due = view.next_due
        found.append(value("due_days", "days", Decimal((due.date - when).days), due.date))
        found += [
            value("next_due", "date", None, due.date), value("next_due_total", "currency", due.total, due.date),
            value("next_due_principal", "currency", due.principal, due.date),
            value("next_due_interest", "currency", due.interest, due.date),
        ]  # fmt: skip
    if view.dues_12m:
        found += [
            value("dues_12m", "currency", view.dues_12m.total), value("dues_12m_principal", "currency", view.dues_12m.principal),
            value("dues_12m_interest", "currency", view.dues_12m.interest),
        ]  # fmt: skip
    found += _classified(view, value)
    found += _late(view)
    found += _final(view)
    return found


def _unpaid(view: LoanView, value: Callable[..., Value]) -> list[Value]:
    """The instalments that are overdue and not paid in full: how many, and the day of each."""
    if view.ledger is None or not view.dpd:
        return []
    days = [
        line.date
        for line in view.ledger.lines
        if line.date < view.clocks.as_of and (line.open_principal > 0 or line.open_interest > 0)
    ]
    made = [value("unpaid_dues", "count", Decimal(len(days)))]
    return made + [replace(value("unpaid_due", "date", None, day), id=f"unpaid_due:{view.terms.id}:{day}") for day in days]


def _undrawn(desk: Desk, view: LoanView) -> list[Value]:
    """What may still be drawn under the loan's limit, after everything else drawn under it."""
    row = loan_row(desk, view.terms.id)
    limit = Decimal(row.columns.get("limit_amount") or 0) if row else ZERO
    if row is None or not limit or not running(view):
        return []
    id = view.terms.id
    beside = [
        other
        for other in views_of(desk, view.terms.borrower)
        if running(other) and (found := loan_row(desk, other.terms.id)) is not None and shares_limit(row.columns, found.columns)
    ]
    used = sum((other.terms.balance or ZERO for other in beside), ZERO)
    sources = tuple(f"loans:{other.terms.id}" for other in beside)
    parts = (("limit_amount", limit), ("limit_used", used), ("undrawn", max(limit - used, ZERO)))
    return [
        Value(f"{name}:{id}", name, view.terms.borrower, "currency", number, view.terms.currency, view.clocks.as_of, about=id, inputs=sources)
        for name, number in parts
    ]  # fmt: skip


def _final(view: LoanView) -> list[Value]:
    """The last instalment of a running loan: a balloon shows in it."""
    ahead = [one for one in view.schedule.instalments if one.date > view.clocks.as_of and one.principal + one.interest > 0]
    if not ahead or not running(view):
        return []
    last, id = ahead[-1], view.terms.id
    parts = (
        ("final_due_principal", last.principal),
        ("final_due_interest", last.interest),
        ("final_due_total", last.principal + last.interest),
    )
    return [
        Value(f"{name}:{id}", name, view.terms.borrower, "currency", number, view.terms.currency, last.date, last.date, id, inputs=(f"loans:{id}",))
        for name, number in parts
    ]  # fmt: skip


def _late(view: LoanView) -> list[Value]:
    """Instalments of the last year that came late, newest first: how late, and when they had been due."""
    if view.ledger is None:
        return []
    id, who, since = view.terms.id, view.terms.borrower, add_months(view.clocks.as_of, -12)
    return [
        Value(f"days_late:{id}:{line.date}", "days_late", who, "days", Decimal(line.days_late), None, line.date, None, id, inputs=(f"loans:{id}",))
        for line in reversed(view.ledger.lines)
        if line.days_late > 0 and line.date >= since
    ]  # fmt: skip


class Maker(Protocol):
    """Makes one value of a loan."""

    def __call__(self, name: str, unit: str, number: Decimal | None, day: date | None = None, word: str = "") -> Value:
        """The value called `name`."""
        ...


def _classified(view: LoanView, value: Maker) -> list[Value]:
    found: list[Value] = []
    if view.record.classification:
        found.append(value("classification", "state", None, view.record.classification_date, view.record.classification))
    result = view.classification
    stage = result.stage if result else view.record.stage
    if stage is not None:
        found.append(value("stage", "count", Decimal(stage)))
    if result is not None:
        found.append(value("classification_proposed", "state", None, None, result.proposed))
        found += [value("floor", "state", None, None, hit.rule.id) for hit in result.floors]
        found += [value("exempted", "state", None, None, hit.rule.id) for hit in result.exempted]
    return found


def _totals(states: Iterable[LoanView], borrower: str | None) -> list[Value]:
    """Balance, overdue and dues added up per currency over running loans."""
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    ids: dict[str, list[str]] = defaultdict(list)
    alive = [state for state in states if running(state)]
    when = alive[0].clocks.as_of if alive else None
    for view in alive:
        currency = view.terms.currency
        ids[currency].append(f"loans:{view.terms.id}")
        sums["balance", currency] += view.terms.balance or ZERO
        sums["overdue_total", currency] += view.overdue.total if view.overdue else ZERO
        sums["dues_12m", currency] += view.dues_12m.total if view.dues_12m else ZERO
    found = [
        Value(f"{name}:total:{borrower or 'all'}:{currency}", name, borrower, "currency", total, currency, when, about="total",
              inputs=tuple(ids[currency]))
        for (name, currency), total in sums.items()
    ]  # fmt: skip
    known = [view for view in alive if view.dpd is not None]
    if borrower and alive:
        rows = tuple(f"loans:{view.terms.id}" for view in known)
        found.append(count_of("loans", len(alive), borrower))
        if len(known) == len(alive):
            late = [view for view in known if (view.dpd or 0) > 0]
            found.append(Value(f"arrears_state:total:{borrower}", "arrears_state", borrower, "state", None, None, when, about="total",
                               state="arrears" if late else "no_arrears", inputs=rows))  # fmt: skip
            found.append(count_of("loans_overdue", len(late), borrower))
            worst = max(known, key=lambda view: view.dpd or 0)
            found.append(Value(f"dpd:total:{borrower}", "dpd", borrower, "days", Decimal(worst.dpd or 0), None, when, about="total",
                               inputs=(f"loans:{worst.terms.id}",)))  # fmt: skip
    return found


def _due_between(states: Sequence[LoanView], first: date, last: date, borrower: str | None) -> list[Value]:
    """Each due in the window, and their sum per currency."""
    found: list[Value] = []
    sums: dict[str, tuple[Decimal, Decimal, list[str]]] = {}
    left: dict[str, Decimal] = {}
    for view in states:
        if view.ledger is None or not running(view):
            continue
        id, currency = view.terms.id, view.terms.currency
        for due in dues(view.ledger, last):
            left[id] = left.get(id, view.terms.balance or ZERO) - due.principal
            if due.date >= first:
                found += _due_values(due, id, view.terms.borrower, currency)
                found.append(Value(f"balance_after:{id}:{due.date}", "balance_after", view.terms.borrower, "currency", left[id], currency, due.date,
                                   about=id, inputs=(f"loans:{id}",)))  # fmt: skip
                principal, interest, ids = sums.get(currency, (ZERO, ZERO, []))
                sums[currency] = (principal + due.principal, interest + due.interest, [*ids, f"loans:{id}"])
    for currency, (principal, interest, ids) in sums.items():
        rows = tuple(dict.fromkeys(ids))
        parts = (("dues_window", principal + interest), ("next_due_principal", principal), ("next_due_interest", interest))
        found += [
            Value(f"{name}:window:{borrower or 'all'}:{currency}", name, borrower, "currency", number, currency, last, first, "window", inputs=rows)
            for name, number in parts
        ]  # fmt: skip
    return found


def _due_values(due: Due, loan: str, borrower: str, currency: str) -> list[Value]:
    parts = (("next_due_principal", due.principal), ("next_due_interest", due.interest))
    return [
        Value(f"{name}:{loan}:{due.date}", name, borrower, "currency", number, currency, due.date, due.date, loan, inputs=(f"loans:{loan}",))
        for name, number in parts
    ]  # fmt: skip


def _result(
    desk: Desk,
    tool: str,
    arguments: dict[str, object],
    states: Sequence[LoanView],
    totals: Sequence[Value],
    missing: tuple[str, ...],
) -> ToolResult:
    owners = [desk.store.borrowers.get(desk.caller, id) for id in dict.fromkeys(state.terms.borrower for state in states)]
    named = arguments.get("borrower")
    if not owners and isinstance(named, str):
        owners = [desk.borrower(named)]
    values = [v for state in states for v in (*loan_values(state), *_undrawn(desk, state))]
    unclear = [f"{s.terms.id}: {s.reason}" for s in states if s.reason]
    rows = [loan_row(desk, s.terms.id) for s in states]
    rows += [
        _rule_row(hit) for s in states if s.classification for hit in (*s.classification.floors, *s.classification.exempted)
    ]
    artifact = Artifact(
        tool, arguments, tuple(desk.ref(b) for b in owners if b), rows=tuple({(r.table, r.id): r for r in rows if r}.values()), values=(*values, *totals),
        missing=tuple(dict.fromkeys((*missing, *unclear))),
    )  # fmt: skip
    return ToolResult(_text(states[:MOST_LOANS], totals, artifact.missing), artifact)


def _rule_row(hit: RuleResult) -> Row:
    """A classification rule that was hit, so that its id can be named and opened."""
    names = {f"name_{language}": text for language, text in hit.rule.name.items()}
    source = " ".join(str(part) for part in hit.rule.origin.source.values() if part)
    return Row("classification_rules", hit.rule.id, {**names, "source": source})


def _text(states: Sequence[LoanView], totals: Sequence[Value], missing: Sequence[str]) -> str:
    lines = []
    for s in states:
        due = (
            f"next due {s.next_due.date}: principal {s.next_due.principal}, interest {s.next_due.interest}"
            if s.next_due
            else "no dues ahead"
        )
        result = s.classification
        floors = ", ".join(hit.rule.id for hit in result.floors) if result else ""
        lines.append(
            f"{s.terms.id} of {s.terms.borrower} balance {s.terms.balance} {s.terms.currency}, rate {s.terms.rate}, {s.terms.repayment_type}, "
            f"{s.terms.start_date} to {s.terms.end_date}, {s.terms.status}, dpd {s.dpd}, overdue {s.overdue.total if s.overdue else 'unknown'}, "
            f"{due}, class {s.record.classification}, proposed {result.proposed if result else None} {floors} {mark(f'loans:{s.terms.id}')}"
        )
    lines += [f"{v.name} {v.about} {v.value} {v.currency or v.unit} {mark(v.id)}" for v in totals if v.value is not None]
    return "\n".join([*lines, *missing]) or "No loans."


loan_views = loan_shapes
"""The `loans` command reads the same join as the tools."""
