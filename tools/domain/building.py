"""Turns an outcome into a figure: one place where ids, statuses, reasons and currencies are decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256

from tools.domain.facts import Scope
from tools.domain.figures import Basis, Figure, Status
from tools.domain.outcomes import Outcome, key

EXCHANGE_RATE = "exchange_rate"


@dataclass(frozen=True, slots=True)
class Builder:
    """Makes the figures of one borrower and scope."""

    borrower: str
    scope: Scope

    def figure(
        self, name: str, outcome: Outcome, *, unit: str, formula: str, rule: str, period_end: date, basis: Basis
    ) -> Figure:
        """The figure of `outcome`. The id is the same whenever rule, borrower, period, basis, scope and inputs are."""
        value, status = outcome.number, "ok"
        if outcome.missing:
            value, status = None, "not_computable"
        elif value is None:
            status = "not_meaningful"
        currency = next(iter(outcome.currencies)) if unit == "currency" and len(outcome.currencies) == 1 else None
        reason = outcome.reason or ("; ".join(outcome.details) if outcome.missing else "")
        if status == "not_meaningful" and not reason:
            reason = "not_a_number"
        return Figure(
            id=self._id(rule, period_end, basis, [key(item) for item in outcome.inputs]),
            name=name, status=_status(status), value=value, unit=unit, currency=currency, period_end=period_end,
            scope=self.scope, basis=basis, borrower=self.borrower, formula=formula, rule=rule, missing=outcome.missing,
            reason=reason, flags=tuple(sorted(outcome.flags)), inputs=outcome.inputs,
        )  # fmt: skip

    def outcome(
        self, name: str, outcome: Outcome, *, unit: str, formula: str, rule: str, period_end: date, basis: Basis
    ) -> Outcome:
        """As `figure`, then handed on as the single input of an outcome of the same value."""
        made = self.figure(name, outcome, unit=unit, formula=formula, rule=rule, period_end=period_end, basis=basis)
        return handed_on(made, outcome)

    def _id(self, rule: str, period_end: date, basis: str, inputs: list[str]) -> str:
        parts = "\n".join((rule, self.borrower, period_end.isoformat(), basis, self.scope, *inputs))
        return "F" + sha256(parts.encode()).hexdigest()[:20]


def handed_on(figure: Figure, outcome: Outcome) -> Outcome:
    """What a formula that uses `figure` sees of it."""
    reason = figure.reason if figure.status == "not_meaningful" else ""
    value: Decimal | None = figure.value
    return Outcome(
        value, figure.missing, reason, outcome.details, frozenset(figure.flags), (figure,), outcome.currencies
    )  # fmt: skip


def one_currency(outcome: Outcome) -> Outcome:
    """`outcome`, or what it lacks when amounts of two currencies met in it."""
    if len(outcome.currencies) < 2:
        return outcome
    detail = f"amounts in {' and '.join(sorted(outcome.currencies))} meet and no rate, with its date and source, is given"
    return Outcome(None, (EXCHANGE_RATE,), "", (detail,), outcome.flags, outcome.inputs, outcome.currencies)


def _status(text: str) -> Status:
    return "ok" if text == "ok" else "not_computable" if text == "not_computable" else "not_meaningful"
