"""Who asks. Every repository takes a Caller first and turns it into a row filter inside the query.

`everything` is the local operator or an auditor. Otherwise rows are visible by the customer's officer, branch or region,
or by an explicit grant; all empty means nothing is visible. The model never chooses a caller.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Caller:
    """`officer_id`: own customers. `branches`: all customers of these branches. `borrowers`: explicit grants.
    `can_write`: may record (import, ingest, correct, confirm); auditors may not."""

    user: str
    role: str
    everything: bool = False
    officer_id: str | None = None
    branches: frozenset[str] = frozenset()
    borrowers: frozenset[str] = frozenset()
    can_write: bool = False

    @property
    def sees_nothing(self) -> bool:
        """True when no row can be visible, so that no store is asked at all."""
        return not (self.everything or self.officer_id or self.branches or self.borrowers)


LOCAL = Caller(user="local", role="local", everything=True, can_write=True)
"""The operator of the machine: command line only."""
