"""Periods as officers say them, and the period ends they stand for."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.analyst.timewords import time_phrases
from tools.errors import BadRequest
from tools.toolbox.periods import PeriodRequest, Target, targets

AS_OF = date(2026, 10, 31)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("明远精密2025年末的流动比率", "2025"), ("去年净利润", "2025"), ("前年", "2024"), ("今年收入", "2026"), ("上季度收入", "2026Q3"),
        ("2025年第三季度", "2025Q3"), ("今年上半年", "2026H1"), ("去年上半年", "2025H1"), ("2026年半年报", "2026H1"), ("前三季度", "2026M9"),
        ("2025年1-9月", "2025M9"), ("近三年", "last3y"), ("最近四个季度", "last4p"), ("2023年到2025年", "2023..2025"), ("2026年6月末", "2026-06"),
        ("截至2025年12月31日", "2025-12-31"), ("6月以来", "since 2026-06-01"), ("年末", "2025"), ("两年前", "2024"), ("最新一期", "latest"),
        ("FY25 revenue", "2025"), ("revenue in 2024", "2024"), ("end of 2024", "2024"), ("at year-end 2025", "2025"), ("last year", "2025"),
        ("the year before last", "2024"), ("明年净利润", "2027"), ("revenue next year", "2027"), ("last quarter", "2026Q3"), ("Q3 2025", "2025Q3"), ("3Q25", "2025Q3"), ("H1 2026", "2026H1"),
        ("first half of 2026", "2026H1"), ("nine months 2025", "2025M9"), ("over the past three years", "last3y"), ("from 2023 to 2025", "2023..2025"),
        ("as of 31 December 2025", "2025-12-31"), ("December 31, 2025", "2025-12-31"), ("2025-06-30", "2025-06-30"), ("since June 2026", "since 2026-06-01"),
        ("March 2026", "2026-03"), ("fiscal year 2022", "2022"), ("H1收入", "2026H1"), ("存货,2025年", "2025"), ("存货,25年", "2025"), ("revenue,2024", "2024"),
    ],
)  # fmt: skip
def test_a_phrase_means_a_period(said: str, meant: str) -> None:
    assert [str(p.request) for p in time_phrases(said, AS_OF) if p.request] == [meant]


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("未来三个月到期", date(2026, 10, 31), date(2027, 1, 31)), ("30天内", date(2026, 10, 31), date(2026, 11, 30)),
        ("下个月", date(2026, 11, 1), date(2026, 11, 30)), ("next quarter", date(2027, 1, 1), date(2027, 3, 31)),
        ("in the next 30 days", date(2026, 10, 31), date(2026, 11, 30)), ("by year end", date(2026, 10, 31), date(2026, 12, 31)),
    ],
)  # fmt: skip
def test_a_phrase_means_a_stretch_ahead(said: str, first: date, last: date) -> None:
    assert [p.window for p in time_phrases(said, AS_OF) if p.window] == [(first, last)]


@pytest.mark.parametrize("text", ["余额5000万元", "70%以上", "L2025001", "1.2倍"])
def test_numbers_are_no_periods(text: str) -> None:
    assert not [p for p in time_phrases(text, AS_OF) if p.request and p.request.kind == "year"]


FORMS = st.one_of(
    st.builds(PeriodRequest, st.just("year"), st.integers(1990, 2099)),
    st.builds(PeriodRequest, st.just("half"), st.integers(1990, 2099), st.integers(1, 2)),
    st.builds(PeriodRequest, st.just("quarter"), st.integers(1990, 2099), st.integers(1, 4)),
    st.builds(lambda day: PeriodRequest("day", day=day), st.dates(date(1990, 1, 1), date(2099, 12, 31))),
    st.builds(lambda day: PeriodRequest("since", day=day), st.dates(date(1990, 1, 1), date(2099, 12, 31))),
    st.builds(lambda n: PeriodRequest("last", number=n, grain="y"), st.integers(1, 20)),
)


@given(FORMS)
def test_short_forms_read_back(request: PeriodRequest) -> None:
    assert PeriodRequest.parse(str(request)) == request


@pytest.mark.parametrize("text", ["", "soon", "2025-13-01", "20255", "H1"])
def test_other_forms_are_refused(text: str) -> None:
    with pytest.raises(BadRequest, match="period"):
        PeriodRequest.parse(text)


ENDS = [date(2024, 12, 31), date(2025, 6, 30), date(2025, 12, 31), date(2026, 6, 30)]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("2025", [Target(date(2025, 12, 31), 12)]), ("2026", [Target(date(2026, 6, 30))]), ("2026H1", [Target(date(2026, 6, 30), 6)]),
        ("last2y", [Target(date(2024, 12, 31), 12), Target(date(2025, 12, 31), 12)]), ("2019", [Target(date(2019, 12, 31), 12)]),
        ("since 2025-07-01", [Target(date(2025, 6, 30)), Target(date(2025, 12, 31)), Target(date(2026, 6, 30))]),
    ],
)  # fmt: skip
def test_requests_find_period_ends(asked: str, found: list[Target]) -> None:
    assert targets(PeriodRequest.parse(asked), ENDS, (12, 31)) == found


def test_52_week_years_are_found_by_their_year() -> None:
    ends = [date(2022, 12, 25), date(2023, 12, 31), date(2025, 1, 3)]
    assert [targets(PeriodRequest.parse(y), ends, (12, 31))[0].end for y in ("2022", "2023", "2024")] == ends
    assert targets(PeriodRequest.parse("2022-12-31"), ends, (12, 31))[0].end == date(2022, 12, 25)
