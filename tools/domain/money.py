"""Money as an exact amount with its currency.

Amounts in two currencies never add: a rate, its date and its source must come first, so the type refuses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Money:
    """`amount` in major currency units (12345.67), `currency` as ISO 4217."""

    amount: Decimal
    currency: str

    def __add__(self, other: Money) -> Money:
        """Same currency only; raises ValueError otherwise."""
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        """Same currency only; raises ValueError otherwise."""
        return Money(self.amount - self._same(other), self.currency)

    def cents(self) -> Money:
        """Rounded half up to two places, as an instalment is."""
        return Money(self.amount.quantize(CENT, ROUND_HALF_UP), self.currency)

    def _same(self, other: Money) -> Decimal:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be added without a dated rate")
        return other.amount


def plain(value: Decimal) -> str:
    """A Decimal as plain digits (never 1E+5), trailing zeros after the point kept as they are."""
    return format(value, "f")


def shown(value: Decimal, places: int = 4) -> str:
    """`value` rounded half up to `places` decimals, as every ratio is displayed."""
    return format(value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP), "f")


def plain_or_none(value: Decimal | None) -> str | None:
    """The same where a value may be missing."""
    return None if value is None else plain(value)


def cents_or_none(value: Decimal | None) -> str | None:
    """Money to the cent as plain digits, None where it is not known."""
    return None if value is None else plain(value.quantize(CENT, ROUND_HALF_UP))


def cents_by_currency(amounts: Mapping[str, Decimal]) -> dict[str, str]:
    """Money to the cent as plain digits, by currency."""
    return {currency: plain(amount.quantize(CENT, ROUND_HALF_UP)) for currency, amount in amounts.items()}
