"""One borrower's facts, found by item, period and scope, and what their dates say about the company's year.

Built from the facts active at the caller's clocks; what is not in the list does not exist. The book knows nothing about
formulas: derived lines, zero lines and rolling years are in `measures`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from tools.domain.facts import Fact, Row, Scope
from tools.domain.periods import add_months, month_end

YEAR = 12
FAILED_CHECK = "failed_check"
SLACK_DAYS = 10
"""How far a 52/53-week year end may stand from the calendar date it stands for."""
DAYS_A_MONTH = Decimal("30.4375")


@dataclass(frozen=True, slots=True)
class Given:
    """A balance the bank knows from its own book (market value, guarantees): counts from `date` on, with the row as evidence."""

    item: str
    value: Decimal
    currency: str | None
    date: date
    row: Row


class FactBook:
    """`facts`: active facts of one borrower; of two for the same item, period and scope the later recorded one counts.

    `standard`: US_GAAP, IFRS, CAS or CAS_SMALL as the documents state it; when None, statements whose lines are
    mostly labelled in Chinese are taken as CAS and others stay unknown. `doubtful`: ids of facts whose statement failed an
    identity they are part of; figures over them are flagged `failed_check`.
    """

    def __init__(
        self,
        facts: Iterable[Fact],
        *,
        standard: str | None = None,
        given: Sequence[Given] = (),
        doubtful: Collection[str] = (),
    ) -> None:
        facts = [replace(fact, flags=(*fact.flags, FAILED_CHECK)) if fact.id in doubtful else fact for fact in facts]
        ordered = sorted(facts, key=lambda fact: (fact.recorded_at.timestamp() if fact.recorded_at else 0, fact.id))
        self._facts: dict[tuple[str, date, int, Scope], Fact] = {}
        self._by_item: dict[tuple[str, Scope], list[Fact]] = defaultdict(list)
        for fact in ordered:
            self._facts[(fact.item, fact.period.end, fact.period.months, fact.scope)] = fact
        for (item, _, _, scope), fact in self._facts.items():
            self._by_item[(item, scope)].append(fact)
        self.borrower = ordered[0].borrower if ordered else ""
        self.standard = standard or _guessed_standard(ordered)
        self._given = sorted(given, key=lambda entry: entry.date)
        self._ends: dict[Scope, list[date]] = {
            scope: sorted({fact.period.end for fact in self._facts.values() if fact.scope == scope})
            for scope in ("consolidated", "parent")
        }
        self._year_ends = sorted({f.period.end for f in self._facts.values() if f.period.months == YEAR})

    def get(self, item: str, period_end: date, months: int, scope: Scope = "consolidated") -> Fact | None:
        """The fact for exactly this period; `months` 0 for a balance."""
        return self._facts.get((item, period_end, months, scope))

    def at(self, item: str, period_end: date, scope: Scope = "consolidated") -> Fact | None:
        """A balance at `period_end`, whatever length of period its statement gives it (cash at the end of a flow statement)."""
        found = [fact for fact in self._by_item.get((item, scope), ()) if fact.period.end == period_end]
        return min(found, key=lambda fact: (fact.period.months != 0, -fact.period.months), default=None)

    def given(self, item: str, period_end: date) -> Given | None:
        """The newest value from the bank's own book dated on or before `period_end`."""
        return next((g for g in reversed(self._given) if g.item == item and g.date <= period_end), None)

    def flow_lengths(self, period_end: date, scope: Scope = "consolidated") -> list[int]:
        """Lengths in months of the flows that end at `period_end`, shortest first."""
        return sorted({m for (_, end, m, where) in self._facts if end == period_end and where == scope and m})

    def history(self, item: str, scope: Scope = "consolidated") -> list[Fact]:
        """Every fact of one item, oldest period first."""
        return sorted(self._by_item.get((item, scope), ()), key=lambda fact: (fact.period.end, fact.period.months))

    def period_ends(self, scope: Scope = "consolidated") -> list[date]:
        """Every date some fact ends at, oldest first."""
        return list(self._ends[scope])

    def scopes(self) -> list[Scope]:
        """Scopes that have facts, consolidated first."""
        return [scope for scope in self._ends if self._ends[scope]]

    def currencies(self) -> set[str]:
        """Every currency stated by a fact."""
        return {fact.currency for fact in self._facts.values() if fact.currency}

    @property
    def fiscal_year_ends(self) -> list[date]:
        """Dates at which a twelve-month flow ends, oldest first."""
        return list(self._year_ends)

    def is_fiscal_year_end(self, day: date) -> bool:
        """Whether `day` ends a twelve-month flow, or falls where such years end (31 December when nothing tells)."""
        if day in self._year_ends:
            return True
        model = self._model_year_end(day)
        return model is not None and any(_near(day, _same_day(model, day.year + step)) for step in (-1, 0, 1))

    def _model_year_end(self, day: date) -> date | None:
        """The known year end closest in time (a company may have moved its year), else what the law fixes."""
        if self._year_ends:
            return min(self._year_ends, key=lambda end: (abs((end - day).days), end))
        return date(day.year - 1, YEAR, 31) if self.standard in ("CAS", "CAS_SMALL") else None

    def last_year_end(self, day: date) -> date | None:
        """The newest known fiscal year end before `day` (or on it), at most a year back; None when the book has none."""
        earlier = [end for end in self._year_ends if end <= day and end > add_months(day, -YEAR) - timedelta(days=SLACK_DAYS)]
        return max(earlier, default=None)

    def months_into_year(self, day: date) -> int | None:
        """Whole months since the fiscal year began (3, 6, 9; 12 at the year end); None when the year is unknown."""
        if self.is_fiscal_year_end(day):
            return YEAR
        model = self._model_year_end(day)
        if model is None:
            return None
        start = max(end for year in (day.year - 2, day.year - 1, day.year) if (end := _same_day(model, year)) < day)
        return round(Decimal((day - start).days) / DAYS_A_MONTH) % YEAR or None

    def months_before(self, day: date, months: int) -> date:
        """The known period end nearest to `months` before `day`, within the slack of 52/53-week years, else the calendar date."""
        target = add_months(day, -months)
        if day == month_end(day):
            target = month_end(target)
        known = [end for ends in self._ends.values() for end in ends if _near(end, target)]
        return min(known, key=lambda end: (abs((end - target).days), end), default=target)

    def recorded(self) -> datetime | None:
        """When the newest of the facts was recorded."""
        return max((fact.recorded_at for fact in self._facts.values() if fact.recorded_at), default=None)


def _near(one: date, other: date) -> bool:
    return abs((one - other).days) <= SLACK_DAYS


def _same_day(day: date, year: int) -> date:
    moved = add_months(day, (year - day.year) * YEAR)
    return month_end(moved) if day == month_end(day) else moved


def _guessed_standard(facts: Sequence[Fact]) -> str | None:
    chinese = sum(any("\u4e00" <= letter <= "\u9fff" for letter in fact.label) for fact in facts)
    return "CAS" if facts and chinese * 2 > len(facts) else None
