"""What warnings were worth: units, horizons that are not over, and lead times."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tools.domain.effectiveness import measured
from tools.domain.periods import add_months, month_end

MONTHS = [month_end(add_months(date(2024, 1, 1), n)) for n in range(24)]
AS_OF = date(2025, 12, 31)


def test_units_fall_within_the_horizon_and_undecided_months_count_for_nothing() -> None:
    """C1 falls on 15 June 2025, warned since January; C2 stands, warned once; C3 falls on 1 March 2025 without a warning."""
    months = [m for m in MONTHS if m < AS_OF]
    standing = {m: {"C1", "C2", "C3"} for m in months if m < date(2025, 3, 1)} | {
        m: {"C1", "C2"} for m in months if date(2025, 3, 1) <= m < date(2025, 6, 15)
    }
    warned = {m: {"C1"} for m in months if date(2025, 1, 1) <= m} | {date(2024, 2, 29): {"C2"}}
    found = measured(months, standing, warned, {"C1": {date(2025, 6, 15)}, "C3": {date(2025, 3, 1)}}, AS_OF)
    # C1 falls within a year of the month ends from June 2024 on, twelve of them, warned in five; C3 of twelve, of which none was warned
    assert (found.found.true_positive, found.found.false_negative) == (5, 7 + 12)
    assert found.found.false_positive == 1 and found.undecided == 5
    assert found.found.precision is not None and round(found.found.precision, 4) == Decimal("0.8333")
    assert (found.events, found.leads) == (2, (135,))
    assert found.median_lead == 135 and found.quarter_lead == 135


def test_nobody_to_look_at_has_no_measures() -> None:
    found = measured([], {}, {}, {"C1": {AS_OF}}, AS_OF)
    assert (found.found.precision, found.events, found.median_lead, found.quarter_lead) == (None, 0, None, None)


def test_a_spell_of_warnings_counts_from_its_own_beginning() -> None:
    """An old warning that had cleared is no lead."""
    months = MONTHS[:12]
    event = date(2025, 1, 10)
    warned = {months[2]: {"C1"}, months[10]: {"C1"}, months[11]: {"C1"}}
    found = measured(months, {m: {"C1"} for m in months}, warned, {"C1": {event}}, AS_OF)
    assert found.leads == ((event - months[10]).days,)
