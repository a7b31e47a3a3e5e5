"""Where a signal's expressions run: one borrower's measured things, each measured once, and its statements at one place."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from tools.domain.definitions import Rulebook
from tools.domain.interpreter import Environment
from tools.domain.outcomes import Outcome, missing
from tools.domain.signal_case import Case
from tools.domain.signal_kernels import KERNELS
from tools.domain.signals import Measured
from tools.rulebook.signal_rules import SignalBook


@dataclass
class Measures:
    """Measured things of one case, each measured once."""

    book: SignalBook
    case: Case
    made: dict[str, Measured] = field(default_factory=dict)

    def get(self, name: str) -> Measured:
        """The measured thing called `name`."""
        if name not in self.made:
            rule = self.book.measures[name]
            self.made[name] = KERNELS[rule.kernel](self.case, rule.settings)
        return self.made[name]


@dataclass(frozen=True)
class SignalEnvironment:
    """Where a signal's expressions run: measured things, then what statements say, if there are any. `threshold`: of the level that fired."""

    measures: Measures
    statements: Environment | None
    rulebook: Rulebook
    threshold: Decimal | None = None
    shifted: bool = False

    def measure(self, name: str) -> Outcome:
        """A measured thing, a line item, a ratio or the limit."""
        if name == "threshold":
            return Outcome(self.threshold) if self.threshold is not None else missing(name)
        if name in self.measures.book.measures:
            return missing(name) if self.shifted else self.measures.get(name).outcome
        if self.statements is None:
            return missing("statements")
        return self.statements.measure(name)

    def prior(self) -> SignalEnvironment:
        """A year earlier: only statements go back."""
        return replace(self, statements=self.statements.prior() if self.statements else None, shifted=True)

    def opening(self) -> SignalEnvironment:
        """Opening balances."""
        return replace(self, statements=self.statements.opening() if self.statements else None, shifted=True)


@dataclass(frozen=True, slots=True)
class Place:
    """One way to look at the statements: a period end and a basis, and the environment there. `months`: since the fiscal year began."""

    end: date | None
    basis: str
    environment: Environment | None
    months: int | None = None
