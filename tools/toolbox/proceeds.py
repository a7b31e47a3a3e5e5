"""Where a loan's money went, as a tool: traced amounts, flags and payments, each tied to the account lines it was read from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from tools.domain.account_steps import GAP
from tools.domain.book_evidence import evidence, masked
from tools.domain.facts import Row
from tools.domain.tracing import Flow
from tools.domain.use_case import Usage
from tools.domain.use_flags import Raised
from tools.domain.use_shapes import edge_category, place_name, told
from tools.toolbox.artifacts import Artifact, ToolResult, Value, count_of
from tools.toolbox.desk import Desk
from tools.toolbox.loan_states import loan_row
from tools.toolbox.papers import line_row
from tools.toolbox.references import mark
from tools.toolbox.usage import PRINTED, usage_of

MOST_PAYMENTS = 25


def usage(desk: Desk, loan: str) -> ToolResult:
    """The tool: drawn, evidenced, misused by each method and destination, back-flow, unspent, red flags, the payments themselves."""
    found = usage_of(desk, loan)
    rows = _rows(desk, found)
    owner = desk.store.borrowers.get(desk.caller, found.case.borrower)
    values = tuple(_values(found))
    missing = tuple(f"{loan}: {remark}" for remark in found.remarks)
    artifact = Artifact("usage", {"loan": loan}, (desk.ref(owner),) if owner else (), rows=rows, values=values, missing=missing)
    return ToolResult("\n".join([*_lines(found), *_said(values), *missing]), artifact)


def _values(found: Usage) -> Iterable[Value]:
    case, loan, day = found.case, found.case.loan, found.as_of
    draws = tuple(row_key(found, id) for id in sorted(case.draws))

    def amount(name: str, cents: int, about: str = "", inputs: Iterable[str] = (), key: str = "") -> Value:
        given = tuple(row_key(found, id) for id in inputs) or draws or (f"loans:{loan}",)
        return Value(f"{name}:{loan}:{key or about or 'all'}", name, case.borrower, "currency", _units(cents), case.currency, day, None,
                     about or loan, inputs=given)  # fmt: skip

    def ratio(name: str, part: int, whole: int, about: str = "") -> Iterable[Value]:
        if whole:
            yield Value(f"{name}:{loan}:{about or 'all'}", name, case.borrower, "ratio", Decimal(part) / whole, None, day, None, about or loan,
                        inputs=draws or (f"loans:{loan}",))  # fmt: skip

    yield amount("drawn", found.drawn)
    yield amount("evidenced", found.evidenced)
    yield from ratio("evidenced_share", found.evidenced, found.drawn)
    if not found.seen:
        return
    yield amount("unspent", found.unspent)
    yield amount("unfollowed", found.unfollowed)
    for method, traced in found.traces.items():
        about = "" if method == found.method else method
        bad = [flow for flow in traced.flows if flow.misused]
        # What went out of sight may have been misused as well: then the amount is only a bound, and is to be said as one.
        yield replace(
            amount("misuse", traced.misused, about, (flow.transaction for flow in bad)),
            state="at_least" if found.unfollowed else "",
        )
        yield from ratio("misuse_share", traced.misused, found.drawn, about)
        if method == found.method:
            for flow in bad:
                yield amount("misuse_part", flow.misused, place_name(found, flow.target), [flow.transaction], flow.transaction)
    back = [flow.transaction for flow in found.trace.flows if flow.back]
    yield amount("backflow", found.backflow, inputs=back)
    yield from ratio("backflow_share", found.backflow, found.backflow_base)
    yield count_of("use_flags", sum(1 for flag in found.flags if flag.severity), case.borrower)
    state = {True: "use_changed", False: "use_as_contracted", None: "use_unknown"}[found.changed_use]
    yield Value(
        f"use_state:{loan}", "use_state", case.borrower, "state", None, None, day, about=loan, state=state, inputs=draws
    )
    for flag in found.flags:
        if flag.severity:
            yield from _flag(found, flag, day)
    for flow in found.trace.flows[:MOST_PAYMENTS]:
        # `state`: who paid; the payee is what it is about
        for name, cents, key in (("payment", flow.amount, "amount"), ("payment_loan_part", flow.loan, "part")):
            made = amount(name, cents, place_name(found, flow.target), [flow.transaction], f"{flow.transaction}:{key}")
            yield replace(made, when=flow.day, state=place_name(found, flow.source))


def row_key(found: Usage, id: str) -> str:
    """The evidence a payment is read from: a line of the book, or one that a statement of account prints."""
    line = found.case.walk.lines.get(id)
    printed = line is not None and line.account.startswith(PRINTED)
    return f"{'account_lines' if printed else 'account_transactions'}:{id.removeprefix(GAP)}"


def _flag(found: Usage, flag: Raised, day: date) -> Iterable[Value]:
    loan, rule = found.case.loan, flag.rule.id
    inputs = tuple(row_key(found, id) for id in flag.measured.transactions)
    yield Value(
        f"flag:{loan}:{rule}",
        "flag",
        found.case.borrower,
        "state",
        None,
        None,
        day,
        about=rule,
        state=flag.severity or "",
        inputs=inputs,
    )
    if flag.measured.amount:
        yield Value(f"flag_amount:{loan}:{rule}", "flag_amount", found.case.borrower, "currency", _units(flag.measured.amount), found.case.currency,
                    day, about=rule, inputs=inputs)  # fmt: skip
    if isinstance(flag.measured.share, Decimal):
        yield Value(
            f"flag_share:{loan}:{rule}",
            "flag_share",
            found.case.borrower,
            "ratio",
            flag.measured.share,
            None,
            day,
            about=rule,
            inputs=inputs,
        )


def _rows(desk: Desk, found: Usage) -> tuple[Row, ...]:
    """The account lines with loan money in them, the papers matched to them, the rules that were hit, and the loan."""
    lines = {flow.transaction for traced in found.traces.values() for flow in traced.flows} | set(found.case.draws)
    known = [id for id in lines if id in found.case.walk.lines]
    papers = {id for p in found.payments for ids in p.cover.papers.values() for id in ids}
    rows = [masked(evidence("account_transactions", row)) for row in _listed(desk, "account_transactions", known)]
    printed = {line.id: line for line in desk.store.papers.lines(desk.caller, found.case.borrower, desk.clocks)} if any(
        found.case.walk.lines[id].account.startswith(PRINTED) for id in known
    ) else {}  # fmt: skip
    rows += [line_row(printed[id], found.case.borrower) for id in known if id in printed]
    rows += [evidence("evidence", row) for row in _listed(desk, "evidence", sorted(papers))]
    rows += [
        Row("use_rules", f.rule.id, {"name_en": f.rule.name.get("en"), "name_zh": f.rule.name.get("zh"),
                                     "source": " ".join(str(part) for part in f.rule.origin.source.values() if part)})
        for f in found.flags if f.severity
    ]  # fmt: skip
    rows += [
        Row("use_flags", f"{found.case.loan}:{f.rule.id}", {"customer_id": found.case.borrower, "explanation_en": told(found, f, "en"),
                                                            "explanation_zh": told(found, f, "zh")})
        for f in found.flags if f.severity
    ]  # fmt: skip
    own = loan_row(desk, found.case.loan)
    return tuple([*rows, *([own] if own else [])])


def _listed(desk: Desk, table: str, ids: Iterable[str]) -> list[dict[str, object]]:
    wanted = sorted(ids)
    return desk.loan_book.rows(desk.caller, table, desk.clocks, where={"id": wanted}) if wanted else []


def _lines(found: Usage) -> Iterable[str]:
    case = found.case
    yield f"{case.loan} of {case.borrower}, purpose: {case.purpose}, paid out {case.control or 'in a way not said'}, traced by {found.method}"
    for flow in found.trace.flows[:MOST_PAYMENTS]:
        yield _flow(found, flow)
    for flag in found.flags:
        if flag.severity:
            yield f"flag {flag.rule.id} {flag.severity}: {told(found, flag, 'en')} {mark(f'flag:{case.loan}:{flag.rule.id}')}"


def _flow(found: Usage, flow: Flow) -> str:
    bad = f", misused {_units(flow.misused)}" if flow.misused else ""
    return (
        f"{flow.day} {place_name(found, flow.source)} to {place_name(found, flow.target)}: {_units(flow.amount)} of which loan "
        f"{_units(flow.loan)}{bad} ({edge_category(found, flow)}) {mark(row_key(found, flow.transaction))}"
    )


def _said(values: Iterable[Value]) -> Iterable[str]:
    for v in values:
        if v.value is not None and v.name not in ("payment", "payment_loan_part"):
            yield (
                f"{v.name} {v.about} {v.value:.10g} {v.currency or v.unit} {mark(v.id)}"
                if v.unit == "ratio"
                else f"{v.name} {v.about} {v.value} {v.currency or v.unit} {mark(v.id)}"
            )


def _units(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2).quantize(Decimal("0.01"))
