"""What a borrower could do about its own figures, computed: cash that faster collection frees, debt that should run longer.

Plain arithmetic on reported amounts, so that an officer can say a number to the borrower and the borrower can check it. Days are
those of the ratios (365 a year). Nothing is proposed where the figures give no reason to.
"""

from __future__ import annotations

from decimal import Decimal

from tools.domain.arithmetic import ZERO, divide

DAYS = Decimal(365)


def freed_by_days(yearly: Decimal, days: Decimal) -> Decimal:
    """Cash that comes free when a balance that turns over with `yearly` (revenue for receivables, cost of sales for stock) stands
    `days` shorter. Zero when the flow is not positive."""
    return divide(yearly * days, DAYS) if yearly > 0 and days > 0 else ZERO


def to_term_out(short: Decimal, total: Decimal, share: Decimal) -> Decimal:
    """Short-term debt to turn into longer debt so that it is at most `share` of all debt; zero when it is."""
    return max(short - share * total, ZERO)


def to_balance(current_liabilities: Decimal, current_assets: Decimal, ratio: Decimal = Decimal(1)) -> Decimal:
    """Current liabilities to turn into longer ones so that current assets cover them `ratio` times; zero when they do."""
    if ratio <= 0:
        return ZERO
    return max(current_liabilities - divide(current_assets, ratio), ZERO)


def to_bring_back(days: Decimal, before: Decimal, yearly: Decimal) -> Decimal:
    """Cash that comes free when turnover days go back to what they were; zero when they have not grown."""
    return freed_by_days(yearly, days - before) if days > before else ZERO
