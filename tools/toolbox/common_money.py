"""Amounts of several currencies made comparable: in the currency most of them have, at the book's newest rate with its day.

Yuan and dollars are never ordered side by side as if they were one; what has no rate is set apart, not dropped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from tools.domain.mitigants import Rate, RateOf
from tools.toolbox.artifacts import Value
from tools.toolbox.desk import Desk
from tools.toolbox.exposures import rates_of


@dataclass
class CommonMoney:
    """`home`: what everything is expressed in; `used`: the rates that were needed, by series."""

    home: str
    rate_of: RateOf
    used: dict[str, Rate] = field(default_factory=dict)

    def worth(self, value: Decimal | None, currency: str | None) -> Decimal | None:
        """`value` in the home currency; None when there is no rate for it."""
        if value is None or not currency or currency == self.home:
            return value
        rate = self.rate_of(currency, self.home)
        if rate is None:
            return None
        self.used[rate.series] = rate
        return value * rate.value

    def together(self, sums: Mapping[str, Decimal]) -> Decimal | None:
        """Sums of several currencies in one; None when a rate is missing."""
        parts = [self.worth(value, currency) for currency, value in sums.items()]
        known = [part for part in parts if part is not None]
        return sum(known, Decimal(0)) if len(known) == len(parts) else None

    def rates(self) -> list[Value]:
        """The rates used, as values that open to their series and day."""
        return [
            Value(f"exchange_rate:{series}", "exchange_rate", None, "fx", rate.value, None, rate.day, about=series)
            for series, rate in sorted(self.used.items())
        ]


def common_money(desk: Desk, currencies: Iterable[str]) -> CommonMoney:
    """In the currency that occurs most often; equals by its code."""
    counted = Counter(currency for currency in currencies if currency)
    home = min(counted, key=lambda one: (-counted[one], one)) if counted else ""
    return CommonMoney(home, rates_of(desk))
