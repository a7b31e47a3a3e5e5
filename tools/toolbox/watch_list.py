"""The watch list as a whole: who stood at which level then and now, who came and who left, and what of the list a person approved.

The level found is what the alerts of a day call for by the playbook; the level approved is what somebody decided.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast

from tools.domain.money import plain
from tools.domain.signals import Severity
from tools.errors import BadRequest
from tools.rulebook.signal_rules import signals_under
from tools.store.alert_states import first_run, standing_on
from tools.toolbox.desk import Desk
from tools.toolbox.loan_states import running, views_of

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class WatchList:
    """`before` and `now`: borrower → level found; `approved`: borrower → level decided. `exposure`: running balances by borrower and
    currency. `missing`: why `before` says nothing."""

    since: date
    levels: tuple[str, ...]
    before: Mapping[str, str]
    now: Mapping[str, str]
    approved: Mapping[str, str]
    exposure: Mapping[str, Mapping[str, Decimal]]
    missing: tuple[str, ...]

    def flows(self) -> dict[tuple[str, str], list[str]]:
        """(level then, level now) → borrowers, worst level now first; who stayed off the list is left out."""
        found: dict[tuple[str, str], list[str]] = defaultdict(list)
        for borrower in sorted({*self.before, *self.now}):
            pair = (self.before.get(borrower, self.levels[-1]), self.now.get(borrower, self.levels[-1]))
            if pair != (self.levels[-1], self.levels[-1]):
                found[pair].append(borrower)
        order = {level: place for place, level in enumerate(self.levels)}
        return {pair: found[pair] for pair in sorted(found, key=lambda p: (order[p[1]], order[p[0]]))}

    def shape(self) -> dict[str, Any]:
        """Levels and flows with borrowers, and both per currency with balances."""
        flows = self.flows() if not self.missing else {}
        held = {level: sorted(b for b, found in self.now.items() if found == level) for level in self.levels[:-1]}
        return {
            "since": self.since.isoformat(), "levels": held, "missing": list(self.missing),
            "flows": [{"from": start, "to": end, "borrowers": listed} for (start, end), listed in flows.items()],
            "approved": {level: sorted(b for b, at in self.approved.items() if at == level) for level in self.levels[:-1]},
            "entered": sorted(b for (start, _), listed in flows.items() if start == self.levels[-1] for b in listed),
            "left": sorted(b for (_, end), listed in flows.items() if end == self.levels[-1] for b in listed),
            "currencies": {
                currency: {
                    "levels": [{"level": level, "borrowers": len(self._with(people, currency)), "amount": plain(self._sum(people, currency))}
                               for level, people in held.items()],
                    "flows": [{"from": start, "to": end, "borrowers": len(self._with(people, currency)), "amount": plain(self._sum(people, currency))}
                              for (start, end), people in flows.items()],
                }
                for currency in sorted({c for found in self.exposure.values() for c in found})
            },
        }  # fmt: skip

    def _with(self, people: Sequence[str], currency: str) -> list[str]:
        return [one for one in people if currency in self.exposure.get(one, {})]

    def _sum(self, people: Sequence[str], currency: str) -> Decimal:
        return sum((self.exposure.get(one, {}).get(currency, ZERO) for one in people), ZERO)


def watch_list(desk: Desk, since: date) -> WatchList:
    """Levels at the end of `since` and now, of borrowers the caller may see."""
    from tools.monitor.levels import LEVEL, NO_LEVEL, Standing, approved_level, found_level

    clocks = desk.clocks
    if since >= clocks.as_of:
        raise BadRequest("the start is not before the business date", fix=f"Give a day before {clocks.as_of}")
    book = signals_under(desk.rulebook, clocks.known_at.date())

    def levels(day: date) -> dict[str, str]:
        stood = standing_on(desk.caller, desk.store.alerts.database, day, clocks.known_at)
        found = {
            borrower: found_level(
                book, [Standing(book.family(family), cast(Severity, severity), ()) for family, severity in causes]
            )
            for borrower, causes in stood.items()
        }
        return {borrower: level for borrower, level in found.items() if level != NO_LEVEL}

    decided: dict[str, list[Any]] = defaultdict(list)
    for proposal in desk.store.proposals.list(desk.caller, states=("approved",), kind=LEVEL, clocks=clocks):
        decided[proposal.borrower].append(proposal)
    exposure: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for view in views_of(desk):
        if running(view) and view.terms.balance:
            held = exposure[view.terms.borrower]
            held[view.terms.currency] = held.get(view.terms.currency, ZERO) + view.terms.balance
    first = first_run(desk.store.alerts.database, clocks.known_at)
    return WatchList(
        since, (*(level.id for level in book.levels), NO_LEVEL), levels(since), levels(clocks.as_of),
        {borrower: approved_level(listed)[0] for borrower, listed in decided.items()}, exposure,
        () if first is not None and first <= since else (f"a monitor run for {since} or earlier",),
    )  # fmt: skip
