"""A measure whose numbers a test writes down: what happens between a figure and a covenant's status, without statements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from tools.domain.covenants import Covenant, parse_limit, parse_steps
from tools.domain.facts import Scope
from tools.domain.figures import Basis, Figure
from tools.rulebook.loader import load_rulebook
from tools.rulebook.loan_rules import load_covenant_settings

SETTINGS = load_covenant_settings()
REASONS = load_rulebook().reasons


def reads_as(reason: str) -> str:
    """As the rulebook's reasons say."""
    return REASONS[reason].reads_as if reason in REASONS else "neutral"


def figure(
    value: str | None, *, reason: str = "", missing: tuple[str, ...] = (), day: date = date(2025, 12, 31), **more: object
) -> Figure:
    """A figure of the given value; without one, missing or not meaningful."""
    status = "ok" if value is not None else "not_computable" if missing else "not_meaningful"
    return Figure(
        id=f"F{day}", name="m", status=status, value=None if value is None else Decimal(value), unit=str(more.get("unit", "x")),  # type: ignore[arg-type]
        currency=more.get("currency"), period_end=day, scope="consolidated", basis=more.get("basis", "ltm"), borrower="C1",  # type: ignore[arg-type]
        formula="m", rule="m@1", missing=missing, reason=reason,
    )  # fmt: skip


@dataclass
class Written:
    """Figures by date; a date nobody wrote is missing. `pair`: numerator and denominator of every ratio."""

    by_date: Mapping[date, Figure | str]
    pair: tuple[str, str] | None = None
    ends: list[date] = field(default_factory=list)
    asked: list[tuple[date, Basis | None]] = field(default_factory=list)

    def figure(self, metric: str, period_end: date, basis: Basis | None, scope: Scope) -> Figure:
        self.asked.append((period_end, basis))
        held = self.by_date.get(period_end)
        if held is None:
            return figure(None, missing=(metric,), reason=f"{metric} is missing", day=period_end)
        return held if isinstance(held, Figure) else figure(held, day=period_end)

    def parts(self, metric: str, period_end: date, basis: Basis | None, scope: Scope) -> tuple[Figure, Figure] | None:
        return (figure(self.pair[0]), figure(self.pair[1])) if self.pair else None

    def statement_ends(self, scope: Scope) -> list[date]:
        return self.ends or sorted(self.by_date)


def covenant(operator: str = "<=", threshold: str = "3.5", *, steps: str = "", **more: object) -> Covenant:
    """A maintenance covenant on `m`, quarterly."""
    fields: dict[str, object] = {"id": "V1", "borrower": "C1", "name": "test", "metric": "m", "loan": "L1", **more}
    return Covenant(
        operator=operator, limit=parse_limit(threshold, operator) if threshold else None, steps=parse_steps(steps, operator), **fields  # type: ignore[arg-type]
    )  # fmt: skip
