"""Column headers no real filing of the fixtures has: what they say of a period, and headers set so tight that they read as one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from ingestion.statements import assembly
from ingestion.statements.calendar import Calendar, give_periods
from ingestion.statements.headers import give_headers
from ingestion.statements.lines import Atom, Line
from ingestion.statements.model import Cell, Column, Row, Statement, Table
from ingestion.statements.numbers import Number, read_number, split_glued
from ingestion.statements.periods import read_hint
from ingestion.statements.titles import Title, title_of


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


def test_a_year_of_53_weeks_that_ends_with_its_month_starts_after_the_year_before() -> None:
    headers = ["September 30, 2023", "September 24, 2022", "September 25, 2021"]
    columns = [Column(i, 100.0 * i, 100.0 * i + 40, 100.0 * i + 40, [text]) for i, text in enumerate(headers)]
    title = Title("income_statement", None)
    table = Table(1, title, ["Statements of operations, years ended"], columns, [])
    give_periods(Statement("income_statement", None, title, [table], columns), Calendar(chinese=False))
    starts = [c.period.start if c.period else None for c in columns]
    assert starts == [date(2022, 9, 25), date(2021, 9, 26), None]


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


def test_days_set_over_as_many_columns_go_to_them_in_order() -> None:
    columns = [Column(0, 300, 350, 350), Column(1, 392, 442, 442)]
    line = _line(100, ("September", 330, 362), ("30,", 364, 374), ("December", 376, 408), ("31,", 410, 420))
    give_headers([line], columns, ())
    assert [c.header for c in columns] == [["september 30"], ["december 31"]]


def test_a_line_that_names_two_days_dates_no_column() -> None:
    three = [Column(i, 300 + 50 * i, 340 + 50 * i, 340 + 50 * i) for i in range(3)]
    line = _line(100, ("September", 330, 362), ("30,", 364, 374), ("December", 376, 408), ("31,", 410, 420))
    give_headers([line], three, ())
    assert all(not c.header for c in three)
    assert _periods("September 30, December 31,", ["2024", "2023"], "balance_sheet") == [None, None]


def test_headers_over_equal_groups_are_given_by_their_middles() -> None:
    columns = [Column(0, 460, 492, 492), Column(1, 561, 593, 593), Column(2, 665, 694, 694), Column(3, 763, 795, 795)]
    first, second = _line(100, ("合并数", 485, 508)), _line(100, ("母公司数", 683, 713))
    give_headers([Line(1, 100.0, 8.0, [*first.atoms, *second.atoms])], columns, ())
    assert [c.header for c in columns] == [["合并数"], ["合并数"], ["母公司数"], ["母公司数"]]


@pytest.mark.parametrize("glued", ["（2,696,908.95）（25,998,948.68）", "(1,234)(56,789)", "1,234(56,789)"])
def test_amounts_without_a_gap_part_at_the_bracket(glued: str) -> None:
    cut = split_glued(glued)
    assert cut is not None
    assert read_number(glued[:cut]) is not None and read_number(glued[cut:]) is not None
    assert split_glued("(1,234)") is None and split_glued("12(a)") is None


def test_rows_of_the_statement_before_do_not_make_a_statement_the_parents() -> None:
    above = ["归属于母公司所有者权益合计   1,234.00", "编制单位：某公司", "归属于母公司股东的综合收益总额"]
    rows = [Row(label, None, {0: Cell("1", Number(Decimal(1)), None, 1)}, 1) for label in ("一、营业收入", "二、营业利润")]
    table = Table(1, title_of("利润表"), [], [Column(0, 0, 9, 9)], rows, before=above)
    assert table.title is not None and assembly._scope(table) is None


def test_statements_under_one_note_of_the_parent_are_all_the_parents() -> None:
    columns = [Column(0, 0, 9, 9)]
    rows = [Row(label, None, {0: Cell("1", Number(Decimal(1)), None, 1)}, 1) for label in ("Cash", "Other assets")]
    first = Table(
        1, title_of("Condensed Statements of Financial Condition"), [], columns, rows, before=["Note 19. PARENT COMPANY ONLY"]
    )
    same_page = Table(1, title_of("Condensed Statements of Income"), [], columns, rows, before=["Total liabilities 10,455"])
    next_page = Table(2, title_of("Condensed Statements of Income"), [], columns, rows)
    statements: list[Statement] = []
    open_one = assembly._take(first, statements, None)
    open_one = assembly._take(same_page, statements, open_one)
    assembly._take(next_page, statements, None)
    assert [s.scope for s in statements] == ["parent", "parent", None]
