"""A borrower's exposure after everything behind it: collateral, insurance, risk sharing, guarantors; and provisions, read from the book."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from tools.domain.book_evidence import evidence
from tools.domain.daycounts import cents
from tools.domain.facts import Row
from tools.domain.guarantees import circle_of
from tools.domain.loan_rows import shares_limit
from tools.domain.mitigants import (
    ORDER,
    LoanExposure,
    Mitigant,
    MitigantRules,
    Need,
    Rate,
    RateOf,
    collateral_of,
    cover,
    cover_of,
    guarantee_of,
)
from tools.domain.money import cents_by_currency, cents_or_none, plain
from tools.domain.payees import looks_like_a_person
from tools.rulebook.loan_rules import classification_under
from tools.rulebook.mitigant_rules import mitigants_under
from tools.rulebook.use_rules import load_use
from tools.toolbox.artifacts import Artifact, ToolResult, Value
from tools.toolbox.desk import Desk
from tools.toolbox.guarantees import guarantee_book
from tools.toolbox.loan_states import running, views_of
from tools.toolbox.references import mark

ZERO = Decimal(0)
SHARE_PLACES = Decimal("0.0000000001")


@dataclass(frozen=True, slots=True)
class ExposureView:
    """Exposure of one borrower after mitigants at a date; amounts of several currencies stand side by side."""

    borrower: str
    as_of: date
    loans: tuple[LoanExposure, ...]
    mitigants: tuple[Mitigant, ...]
    ltv: Mapping[str, Decimal]

    def total(self, name: str) -> dict[str, Decimal]:
        """exposure, uncovered, required, shortfall or expected_loss by currency, of the loans that have it."""
        sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
        for loan in self.loans:
            value: Decimal | None = getattr(loan, name)
            if value is not None:
                sums[loan.need.currency] += value
        return dict(sorted(sums.items()))

    def shape(self) -> dict[str, Any]:
        """JSON."""
        return {
            "borrower": self.borrower, "as_of": self.as_of.isoformat(),
            "totals": {name: cents_by_currency(self.total(name)) for name in ("exposure", "uncovered", "required", "shortfall", "expected_loss")},
            "ltv": {currency: plain(value.quantize(SHARE_PLACES).normalize() + 0) for currency, value in self.ltv.items()},
            "loans": [_loan(loan) for loan in self.loans],
            "mitigants": [_mitigant(mitigant) for mitigant in self.mitigants],
        }  # fmt: skip


def exposure_after_mitigants(desk: Desk, borrower: str) -> ExposureView:
    """The view of one borrower. UnknownBorrower when the caller sees none such."""
    who, day = desk.borrower(borrower).id, desk.clocks.as_of
    rules = mitigants_under(desk.rulebook, day, desk.clocks.known_at.date())
    views = {view.terms.id: view for view in views_of(desk, who) if running(view)}
    rows = {str(row["id"]): row for row in desk.loan_book.rows(desk.caller, "loans", desk.clocks, borrower=who)}
    customer = next(iter(desk.loan_book.rows(desk.caller, "customers", desk.clocks, borrower=who, limit=1)), {})
    worst = classification_under(desk.rulebook, desk.clocks.known_at.date()).worst
    needs = []
    for id, view in sorted(views.items()):
        row, result = rows[id], view.classification
        balance, limit = view.terms.balance or ZERO, row["limit_amount"]
        used = sum(
            (other.terms.balance or ZERO for other_id, other in views.items() if shares_limit(row, rows[other_id])), ZERO
        )
        category = worst([c for c in (view.record.classification, result.proposed if result else None) if c])
        needs.append(
            Need(
                id, view.terms.currency, balance, max(limit - used, ZERO) if limit else ZERO, category, view.record.impairment_amount,
                customer.get("internal_rating"), result.stage if result else view.record.stage, view.dpd,
            )
        )  # fmt: skip
    overdue = {id: view.oldest_unpaid_due for id, view in views.items() if view.oldest_unpaid_due}
    found = [
        collateral_of(row, rules, day) for row in desk.loan_book.rows(desk.caller, "collateral", desk.clocks, borrower=who)
    ]
    found += [
        cover_of(row, rules, day, overdue) for row in desk.loan_book.rows(desk.caller, "mitigants", desk.clocks, borrower=who)
    ]
    found += _guarantees(desk, who, rules)
    loans, told = cover(needs, found, rules, rates_of(desk))
    return ExposureView(who, day, loans, told, _ltv(needs, told, rates_of(desk)))


def exposure(desk: Desk, borrower: str) -> ToolResult:
    """The tool: exposure, cover by kind, uncovered rest, LTV, provisions, and what is wrong with each mitigant."""
    view = exposure_after_mitigants(desk, borrower)
    owner = desk.store.borrowers.get(desk.caller, view.borrower)
    values = tuple(_values(view))
    rows = tuple(_rows(desk, view))
    missing = () if view.loans else (f"{view.borrower}: no running loans in the loan book",)
    artifact = Artifact(
        "exposure", {"borrower": view.borrower}, (desk.ref(owner),) if owner else (), rows=rows, values=values, missing=missing
    )
    return ToolResult(
        "\n".join(
            [*_lines(view), *(f"{v.name} {v.about} {v.value} {v.currency or v.unit} {mark(v.id)}" for v in values), *missing]
        ),
        artifact,
    )


def rates_of(desk: Desk) -> RateOf:
    """Exchange rates of the book's market series on the business date: the series itself, or one over its reverse."""

    def rate(first: str, second: str) -> Rate | None:
        for name, turned in ((first + second, False), (second + first, True)):
            rows = desk.loan_book.rows(desk.caller, "market", desk.clocks, where={"series": name})
            known = [row for row in rows if row["date"] <= desk.clocks.as_of and row["value"]]
            if known:
                newest = max(known, key=lambda row: row["date"])
                return Rate(1 / newest["value"] if turned else newest["value"], newest["date"], name)
        return None

    return rate


def _guarantees(desk: Desk, borrower: str, rules: MitigantRules) -> list[Mitigant]:
    book = guarantee_book(desk)
    circle = circle_of(book.guarantees, borrower)
    families = load_use(desk.clocks.as_of).families
    found = []
    for row in desk.loan_book.rows(desk.caller, "guarantors", desk.clocks, borrower=borrower):
        customer = row["customer_id"]
        known = desk.store.borrowers.get(desk.caller, customer) if customer else None
        person = known.type == "individual" if known else looks_like_a_person(row["name"], families)
        found.append(
            guarantee_of(
                row, rules, desk.clocks.as_of, person=person, in_circle=circle is not None and customer in circle.members,
                troubled=customer in book.troubled,
            )
        )  # fmt: skip
    return found


def _ltv(needs: Iterable[Need], mitigants: Iterable[Mitigant], rate_of: RateOf) -> dict[str, Decimal]:
    """Balances over the full value of their collateral, by the loans' currency; nothing where a value cannot be converted."""
    listed = list(needs)
    found: dict[str, Decimal] = {}
    for currency in sorted({need.currency for need in listed}):
        mine = {need.loan: need.balance for need in listed if need.currency == currency}
        held = [m for m in mitigants if m.kind == "collateral" and set(m.loans) & mine.keys() and "seized" not in m.flags]
        value = ZERO
        for mitigant in held:
            rate = None if mitigant.currency == currency else rate_of(str(mitigant.currency), currency)
            if "not_valued" in mitigant.flags:
                break
            if mitigant.currency != currency and rate is None:
                break
            value += (mitigant.value or ZERO) * (rate.value if rate else 1)
        else:
            secured = sum((balance for loan, balance in mine.items() if any(loan in m.loans for m in held)), ZERO)
            if value > 0:
                found[currency] = secured / value
    return found


def _values(view: ExposureView) -> Iterable[Value]:
    loans = tuple(f"loans:{loan.need.loan}" for loan in view.loans)
    for name, said in (("exposure", "exposure_at_default"), ("uncovered", "uncovered"), ("required", "provision_required"),
                       ("shortfall", "provision_shortfall"), ("expected_loss", "expected_loss")):  # fmt: skip
        for currency, amount in view.total(name).items():
            yield Value(
                f"{said}:{view.borrower}:{currency}",
                said,
                view.borrower,
                "currency",
                amount,
                currency,
                view.as_of,
                about="total",
                inputs=loans,
            )
    for currency, share in view.ltv.items():
        yield Value(
            f"ltv:{view.borrower}:{currency}",
            "ltv",
            view.borrower,
            "ratio",
            share,
            None,
            view.as_of,
            about="total",
            inputs=loans,
        )
    currencies = {loan.need.loan: loan.need.currency for loan in view.loans}
    for mitigant in view.mitigants:
        money = mitigant.currency or next((currencies[loan] for loan in mitigant.loans if loan in currencies), None)
        inputs = tuple(f"{table}:{id}" for table, id in mitigant.rows)
        if mitigant.value is not None:
            yield Value(f"mitigant_value:{mitigant.id}", "mitigant_value", view.borrower, "currency", mitigant.value, money, view.as_of,
                        about=mitigant.id, inputs=inputs)  # fmt: skip
        if mitigant.counts is not None:
            yield Value(f"mitigant_counts:{mitigant.id}", "mitigant_counts", view.borrower, "currency", mitigant.counts, money, view.as_of,
                        about=mitigant.id, inputs=inputs)  # fmt: skip
        for flag in mitigant.flags:
            yield Value(f"mitigant_flag:{mitigant.id}:{flag}", "mitigant_flag", view.borrower, "state", None, None, view.as_of, about=mitigant.id,
                        state=flag, inputs=inputs)  # fmt: skip
    for loan in view.loans:
        yield Value(f"uncovered:{loan.need.loan}", "uncovered", view.borrower, "currency", loan.uncovered, loan.need.currency, view.as_of,
                    about=loan.need.loan, inputs=(f"loans:{loan.need.loan}",))  # fmt: skip


def _rows(desk: Desk, view: ExposureView) -> Iterable[Row]:
    wanted: dict[str, list[str]] = defaultdict(list)
    for mitigant in view.mitigants:
        for table, id in mitigant.rows:
            wanted[table].append(id)
    wanted["loans"] = [loan.need.loan for loan in view.loans]
    for table, ids in sorted(wanted.items()):
        for row in (
            desk.loan_book.rows(desk.caller, table, desk.clocks, borrower=view.borrower, where={"id": ids}) if ids else ()
        ):
            yield evidence(table, row)


def _lines(view: ExposureView) -> Iterable[str]:
    for loan in view.loans:
        parts = ", ".join(f"{kind} {loan.of(kind)}" for kind in ORDER if loan.of(kind)) or "nothing"
        yield (
            f"{loan.need.loan}: exposure {loan.exposure} {loan.need.currency}, covered by {parts}, uncovered {loan.uncovered}, category "
            f"{loan.need.category}, provision required {loan.required}, booked {loan.need.booked} {mark(f'loans:{loan.need.loan}')}"
        )
    for m in view.mitigants:
        yield f"{m.kind} {m.id} {m.name}: value {m.value}, counts {m.counts} {m.currency or ''} {' '.join(m.flags)} {mark(*(id for _, id in m.rows))}"


def _loan(loan: LoanExposure) -> dict[str, Any]:
    need = loan.need
    return {
        "loan": need.loan, "currency": need.currency, "balance": plain(cents(need.balance)), "undrawn": plain(cents(need.undrawn)),
        "exposure": plain(cents(loan.exposure)), "covered": {kind: plain(cents(loan.of(kind))) for kind in ORDER if loan.of(kind)},
        "by": [
            {"mitigant": part.mitigant, "kind": part.kind, "amount": plain(cents(part.amount)),
             "rate": None if part.rate is None else {"value": plain(part.rate.value), "date": part.rate.day.isoformat(), "series": part.rate.series}}
            for part in loan.covered
        ],
        "uncovered": plain(cents(loan.uncovered)), "category": need.category, "stage": need.stage,
        "provision": {"booked": cents_or_none(need.booked), "required": cents_or_none(loan.required), "shortfall": cents_or_none(loan.shortfall)},
        "expected_loss": cents_or_none(loan.expected_loss),
    }  # fmt: skip


def _mitigant(m: Mitigant) -> dict[str, Any]:
    return {
        "mitigant": m.id, "kind": m.kind, "name": m.name, "loans": list(m.loans), "value": cents_or_none(m.value), "currency": m.currency,
        "counts": cents_or_none(m.counts), "share": None if m.share is None else plain(m.share),
        "lost": [{"reason": reason, "share": plain(share.quantize(SHARE_PLACES).normalize() + 0)} for reason, share in m.lost],
        "flags": list(m.flags), "age_months": m.age_months, "ends": m.ends.isoformat() if m.ends else None,
        "claim_by": m.claim_by.isoformat() if m.claim_by else None, "rows": [{"table": table, "id": id} for table, id in m.rows],
    }  # fmt: skip
