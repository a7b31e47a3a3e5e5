"""Charts: the same series is the same bytes, words never touch, a missing period is a gap."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO
from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from assistant.charts.dues import Instalment, dues_timeline
from assistant.charts.headroom import Room, headroom, headroom_bar
from assistant.charts.png import png
from assistant.charts.sheet import Box, Sheet
from assistant.charts.svg import svg
from assistant.charts.trend import Limit, Point, trend

VALUES = st.lists(
    st.one_of(st.none(), st.decimals(Decimal("-1e12"), Decimal("1e12"), allow_nan=False, allow_infinity=False, places=2)), min_size=1, max_size=12
)  # fmt: skip


def points(values: list[Decimal | None]) -> list[Point]:
    return [Point(f"{2015 + i}", value, "–" if value is None else f"{value:,.2f}") for i, value in enumerate(values)]


@settings(max_examples=60, deadline=None)
@given(VALUES, st.booleans(), st.booleans())
def test_words_of_a_trend_never_touch_and_stay_on_the_sheet(values: list[Decimal | None], bars: bool, limited: bool) -> None:
    limit = Limit(Decimal("4"), "≤ 4.00x") if limited else None
    sheet = trend(points(values), kind="bars" if bars else "line", limit=limit)
    placed = [words for words in sheet.words if words.text != (limit.text if limit else "")]
    for place, words in enumerate(placed):
        assert all(not words.meets(other) for other in placed[place + 1 :])
        if words.width <= sheet.width:
            assert words.left >= -0.01 and words.right <= sheet.width + 0.01
    ElementTree.fromstring(svg(sheet))


def test_a_period_without_a_value_is_a_gap_and_no_zero() -> None:
    sheet = trend(points([Decimal(10), None, Decimal(12)]))
    assert len([mark for mark in sheet.marks if isinstance(mark, Box)]) == 2
    assert "–" in sheet.description


def test_losses_hang_below_the_line_in_another_ink() -> None:
    sheet = trend(points([Decimal(10), Decimal(-4)]))
    assert [mark.ink for mark in sheet.marks if isinstance(mark, Box)] == ["bar", "bad"]


def test_the_limit_stands_at_one_place_whichever_way_round() -> None:
    low = headroom_bar(Room("a", Decimal("0.5"), Decimal("0.65"), True, "good", "50%"))
    high = headroom_bar(Room("b", Decimal("2"), Decimal("1.2"), False, "good", "2.00x"))
    assert low.marks[-1] == high.marks[-1]


def test_an_unknown_value_draws_no_bar() -> None:
    sheet = headroom_bar(Room("a", None, Decimal("0.65"), True, "soft", ""))
    assert [mark for mark in sheet.marks if isinstance(mark, Box) and not mark.outline] == []
    assert headroom([]).marks == ()


def test_paid_late_unpaid_and_ahead_look_different_without_colour() -> None:
    day = date(2026, 10, 31)
    kinds = ("paid", "late", "unpaid", "ahead")
    dues = [Instalment(date(2026, month, 20), Decimal(100), kind) for month, kind in zip((7, 8, 9, 12), kinds, strict=True)]
    bars = [mark for mark in dues_timeline(dues, day, "zh").marks if isinstance(mark, Box) and mark.tip]
    assert len({(mark.outline, mark.striped, mark.ink) for mark in bars}) == 4
    assert dues_timeline([], day, "en").description == "nothing falls due in this window"


def test_the_same_chart_is_the_same_bytes_and_a_picture() -> None:
    def made() -> Sheet:
        return trend(
            points([Decimal("3.1"), Decimal("4.2"), Decimal("2.7")]),
            kind="line",
            limit=Limit(Decimal(4), "≤ 4.00x"),
            title="总债务/EBITDA",
        )

    assert svg(made()) == svg(made()) and png(made()) == png(made())
    with Image.open(BytesIO(png(made(), scale=2))) as picture:
        assert picture.size == (300, 116)
    assert "font/woff" in svg(made(), embed_font=True) and "http" not in svg(made()).replace("http://www.w3.org/2000/svg", "")
