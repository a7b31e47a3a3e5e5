"""Column headers no real filing of the fixtures has: what they say of a period, and headers set so tight that they read as one."""

from __future__ import annotations

from datetime import date

import pytest

from ingestion.statements.calendar import Calendar, give_periods
from ingestion.statements.headers import give_headers
from ingestion.statements.lines import Atom, Line
from ingestion.statements.model import Column, Statement, Table
from ingestion.statements.periods import read_hint
from ingestion.statements.titles import Title


def _periods(title: str, headers: list[str], kind: str = "income_statement") -> list[tuple[date, int] | None]:
    columns = [Column(i, 100.0 * i, 100.0 * i + 40, 100.0 * i + 40, [text]) for i, text in enumerate(headers)]
    table = Table(1, Title(kind, None), [title], columns, [])
    give_periods(Statement(kind, None, table.title, [table], columns), Calendar(chinese=True))
    return [(c.period.end, c.period.months) if c.period else None for c in columns]


def test_since_the_year_began_is_a_flow_and_not_the_opening_balance() -> None:
    end, before = date(2026, 9, 30), date(2025, 9, 30)
    assert _periods("2026年1-9月", ["年初至报告期末", "上年同期"]) == [(end, 9), (before, 9)]
    assert _periods("2026年第三季度", ["本报告期", "上年同期", "年初至报告期末", "上年年初至报告期末"]) == [
        (end, 3), (before, 3), (end, 9), (before, 9)]  # fmt: skip
    assert _periods("2026年1-9月", ["本报告期", "年初至报告期末"]) == [(end, 3), (end, 9)]


def test_a_month_beside_the_year_so_far() -> None:
    end = date(2026, 8, 31)
    assert _periods("2026年8月", ["本月金额", "本年累计金额"]) == [(end, 1), (end, 8)]
    assert _periods("2026年8月", ["本年累计金额", "本期金额"]) == [(end, 8), (end, 1)]
    quarter = _periods("税款所属期：2026-04-01 至 2026-06-30", ["本年累计金额", "本期金额"])
    assert quarter == [(date(2026, 6, 30), 6), (date(2026, 6, 30), 3)]


@pytest.mark.parametrize(
    ("text", "start", "end", "months"),
    [
        ("2025年1月1日至2025年12月31日", date(2025, 1, 1), date(2025, 12, 31), 12),
        ("2025年7月1日—9月30日", date(2025, 7, 1), date(2025, 9, 30), 3),
        ("2025-04-01 至 2025-06-30", date(2025, 4, 1), date(2025, 6, 30), 3),
    ],
)
def test_a_span_of_days_ends_on_its_last_day(text: str, start: date, end: date, months: int) -> None:
    hint = read_hint(text)
    assert (hint.start, hint.full, hint.months) == (start, end, months)


def _line(baseline: float, *words: tuple[str, float, float]) -> Line:
    parts = list(words)
    atom = Atom("text", " ".join(w[0] for w in words), (words[0][1], baseline - 8, words[-1][2], baseline), words[-1][2])
    atom.parts = parts
    return Line(1, baseline, 8.0, [atom])


def test_headers_that_read_as_one_are_cut_where_each_stands_on_its_column() -> None:
    columns = [Column(0, 300, 350, 350), Column(1, 362, 412, 412)]
    give_headers(
        [_line(100, ("September", 302, 336), ("30,", 338, 350), ("December", 360, 396), ("31,", 398, 412))], columns, ()
    )
    assert [c.header for c in columns] == [["September 30,"], ["December 31,"]]


def test_two_days_over_two_columns_that_cannot_be_told_apart_are_given_to_neither() -> None:
    columns = [Column(0, 300, 350, 350), Column(1, 392, 442, 442)]
    give_headers(
        [_line(100, ("September", 330, 362), ("30,", 364, 374), ("December", 376, 408), ("31,", 410, 420))], columns, ()
    )
    assert [c.header for c in columns] == [[], []]
