"""Forms of print met in annual reports: notes by letter, headings between rules, a first label in two lines, fonts that overstate their size."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from fpdf import FPDF

from ingestion.pdf.words import Glyph, sized
from ingestion.reading import extract_bytes
from tools.typesetting.fonts import Face, font_path

Line = tuple[str, str, str, str]


def _printed(title: str, lines: Sequence[Line], *, ruled: bool = False) -> bytes:
    """A statement of a group that nobody runs, with a column of notes; below every row with amounts a rule when `ruled`."""
    page = FPDF(unit="pt", format="A4")
    page.set_auto_page_break(False)
    page.add_page()
    page.set_font("Helvetica", size=9)
    for at, text in enumerate(("Orchard Lane Systems plc", title, "($ in millions)")):
        page.text(60, 60 + 14 * at, text)
    for x, text in ((60, "For the year ended December 31:"), (330, "Notes"), (420, "2025"), (500, "2024")):
        page.text(x, 110, text)
    y = 124.0
    for label, note, new, old in lines:
        page.text(60, y, label)
        page.text(336, y, note)
        for x, amount in ((440, new), (520, old)):
            page.text(x - page.get_string_width(amount), y, amount)
        if ruled and new:
            page.line(58, y + 3, 525, y + 3)
        y += 13
    return bytes(page.output())


def _read(data: bytes) -> dict[str, Decimal]:
    facts = extract_bytes(data, "annual_report.pdf", kind="statement").facts
    return {fact.item: fact.value / 1_000_000 for fact in facts if fact.period.end == date(2025, 12, 31)}


INCOME: list[Line] = [
    ("Revenue", "", "", ""),
    (" Services", "", "30,714", "29,813"),
    (" Sales", "", "36,085", "32,231"),
    (" Financing", "", "737", "709"),
    ("Total revenue", "C", "67,536", "62,753"),
    ("Total cost", "", "28,239", "27,201"),
    ("Gross profit", "", "39,297", "35,552"),
    ("Selling, general and administrative", "", "20,123", "19,688"),
    ("Interest expense", "O&S", "1,935", "1,712"),
    ("Income before income taxes", "", "17,239", "14,152"),
    ("Provision for income taxes", "G", "4,242", "3,218"),
    ("Net income", "", "12,997", "10,934"),
]
CASH: list[Line] = [
    ("Cash flows from operating activities", "", "", ""),
    ("Net income", "", "12,997", "10,934"),
    ("Depreciation", "", "2,284", "2,168"),
    ("Net cash provided by operating activities", "", "15,281", "13,102"),
    ("Cash flows from investing activities", "", "", ""),
    ("Payments for property, plant and equipment", "", "(1,091)", "(1,048)"),
    ("Net cash used in investing activities", "", "(1,091)", "(1,048)"),
    ("Cash flows from financing activities", "", "", ""),
    ("Proceeds from new debt", "", "8,391", "5,705"),
    ("Payments to settle debt", "", "(5,489)", "(6,615)"),
    ("Net cash provided by (used in) financing activities", "", "2,902", "(910)"),
    ("Net change in cash and cash equivalents", "", "17,092", "11,144"),
    ("Cash and cash equivalents at January 1", "", "14,160", "3,016"),
    ("Cash and cash equivalents at December 31", "", "31,252", "14,160"),
]


def test_a_note_named_by_a_letter_is_no_word_of_the_label() -> None:
    read = _read(_printed("Consolidated Income Statement", INCOME))
    assert {"revenue": 67_536, "interest_expense": 1_935, "income_tax_expense": 4_242}.items() <= read.items()


def test_total_cost_above_gross_profit_is_the_cost_of_sales() -> None:
    read = _read(_printed("Consolidated Income Statement", INCOME))
    assert read["cost_of_sales"] == 28_239
    assert "total_operating_costs" not in read


def test_a_heading_between_two_rules_does_not_begin_the_label_of_the_row_below() -> None:
    read = _read(_printed("Consolidated Statement of Cash Flows", CASH, ruled=True))
    wanted = {
        "capex": 1_091,
        "borrowings_proceeds": 8_391,
        "debt_repaid": 5_489,
        "cash_beginning": 14_160,
        "cash_ending": 31_252,
    }
    assert wanted.items() <= read.items()


def test_the_label_of_the_first_row_may_begin_where_the_header_ends() -> None:
    opening: list[Line] = [
        ("Cash, cash equivalents, and restricted cash and cash equivalents, beginning", "", "", ""),
        ("balances", "", "14,160", "3,016"),
    ]
    lines = [*opening, *(line for line in CASH if not line[0].endswith("January 1"))]
    assert _read(_printed("Consolidated Statement of Cash Flows", lines))["cash_beginning"] == 14_160


def test_a_font_that_states_twice_its_size_is_measured_by_its_capitals() -> None:
    overstated = [Glyph(text, 10.0 * at, 10.0 * at + 5, 93.6, 100.0, 100.0, 19.0) for at, text in enumerate("AS AT 2025")]
    assert [round(g.size, 1) for g in sized(list(overstated)) if g] == [9.1] * len(overstated)
    honest = [Glyph(g.text, g.x0, g.x1, g.top, g.bottom, g.baseline, 11.5) for g in overstated]
    assert sized(list(honest)) == honest


FORECAST = """某某零售集团股份有限公司
资产负债表,单位:百万人民币
会计年度,2024A,2025E,2026预测
流动资产合计,"2,097","2,150","2,180"
非流动资产合计,"1,146","1,150","1,160"
资产总计,"3,243","3,300","3,340"
流动负债合计,"1,079","1,120","1,150"
负债合计,"1,517","1,570","1,610"
所有者权益合计,"1,726","1,730","1,730"
负债和所有者权益总计,"3,243","3,300","3,340"
"""


def test_a_column_of_estimates_is_no_fact_and_millions_may_be_said_before_the_currency() -> None:
    facts = extract_bytes(FORECAST.encode(), "forecast.csv", kind="statement").facts
    assert {fact.period.end for fact in facts} == {date(2024, 12, 31)}
    assert {fact.value for fact in facts if fact.item == "total_assets"} == {Decimal(3_243_000_000)}


def _csv(name: str, text: str) -> dict[tuple[str, str], Decimal]:
    facts = extract_bytes(text.encode(), name, kind="statement").facts
    return {(fact.item, fact.scope): fact.value for fact in facts if fact.period.end == date(2025, 12, 31)}


FORM = """资产负债表（会小企01表）
编制单位：某某物业服务有限公司,,,2025年12月31日,,单位：元
资产,期末余额,年初余额,负债和所有者权益,期末余额,年初余额
流动资产：,,,流动负债：,,
货币资金,"6,764,670.25","3,855,856.04",短期借款,"2,300,000.00","2,100,000.00"
应收账款,"3,036,906.79","2,814,341.83",应付账款,"1,718,451.82","1,611,357.68"
流动资产合计,"9,801,577.04","6,670,197.87",流动负债合计,"4,018,451.82","3,711,357.68"
固定资产,"4,200,000.00","4,600,000.00",负债合计,"4,018,451.82","3,711,357.68"
非流动资产合计,"4,200,000.00","4,600,000.00",实收资本,"9,983,125.22","7,558,840.19"
,,,所有者权益合计,"9,983,125.22","7,558,840.19"
资产总计,"14,001,577.04","11,270,197.87",负债和所有者权益总计,"14,001,577.04","11,270,197.87"
"""
DOLLARS = """Ridge Lane Boxes Inc
Consolidated Balance Sheets
(dollars in thousands)
,"December 31, 2025","December 31, 2024"
Cash and cash equivalents,"8,923","7,157"
Bank borrowings receivable: other,10,10
Total current assets,"8,933","7,167"
Total assets,"8,933","7,167"
Current liabilities,,
Bank borrowings: trade loans and overdrafts,"2,100","2,000"
Total current liabilities,"2,100","2,000"
Total liabilities,"2,100","2,000"
Common stock,"6,833","5,167"
Total shareholders' equity,"6,833","5,167"
Total liabilities and shareholders' equity,"8,933","7,167"
"""


def test_the_day_of_a_form_may_stand_over_the_side_with_the_liabilities() -> None:
    read = _csv("form.csv", FORM)
    assert read["total_assets", "consolidated"] == Decimal("14001577.04")
    assert read["short_term_borrowings", "consolidated"] == 2_300_000


def test_dollars_without_a_sign_or_a_country_are_those_the_document_means() -> None:
    facts = extract_bytes(DOLLARS.encode(), "balance.csv", kind="statement").facts
    assert {fact.currency for fact in facts} == {"USD"}
    assert min(fact.confidence for fact in facts) >= Decimal("0.95")


def test_what_stands_before_a_colon_names_the_row_when_it_is_a_caption() -> None:
    assert _csv("balance.csv", DOLLARS)["short_term_borrowings", "consolidated"] == 2_100_000


ASSETS = [("流动资产：", "", ""), ("货币资金", "7,012.63", "5,367.94"), ("应收账款", "3,792.00", "4,230.98"), ("存货", "5,477.78", "4,962.05"),
          ("流动资产合计", "16,282.41", "14,560.97"), ("固定资产", "11,494.39", "12,144.00"), ("资产总计", "27,776.80", "26,704.97")]  # fmt: skip
CLAIMS = [("流动负债：", "", ""), ("短期借款", "7,300.00", "6,000.00"), ("应付账款", "3,712.10", "3,994.16"), ("流动负债合计", "11,012.10", "9,994.16"),
          ("负债合计", "11,012.10", "9,994.16"), ("实收资本", "16,764.70", "16,710.81"), ("负债和所有者权益总计", "27,776.80", "26,704.97")]  # fmt: skip


def test_the_labels_of_the_right_half_may_begin_right_behind_a_ruled_line_under_a_title_set_wide() -> None:
    page = FPDF(orientation="landscape", unit="pt", format="A4")
    page.add_page()
    page.add_font("Noto", fname=str(font_path(Face.SERIF)))
    page.set_font("Noto", size=20)
    for at, letter in enumerate("资产负债表"):
        page.text(360 + 26 * at, 50, letter)
    page.set_font("Noto", size=9)
    for x, text in ((38, "编制单位：青原陶瓷有限公司"), (390, "2025年12月31日"), (720, "单位：人民币万元"), (90, "资产"), (240, "期末余额"),
                    (350, "年初余额"), (470, "负债和所有者权益"), (640, "期末余额"), (750, "年初余额")):  # fmt: skip
        page.text(x, 76 if text[0] in "编2单" else 96, text)
    for at, (left, right) in enumerate(zip(ASSETS, CLAIMS, strict=True)):
        y = 112.0 + 14 * at
        for (label, new, old), x, ends in ((left, 40.0, (300.0, 415.0)), (right, 419.5, (690.0, 800.0))):
            page.text(x, y, label)
            for amount, end in zip((new, old), ends, strict=True):
                page.text(end - page.get_string_width(amount), y, amount)
    for x in (38.0, 200.0, 302.0, 417.0, 580.0, 692.0, 802.0):
        page.line(x, 84, x, 112 + 14 * len(ASSETS))
    facts = {
        f.item: f.value
        for f in extract_bytes(bytes(page.output()), "报表.pdf", kind="statement").facts
        if f.period.end == date(2025, 12, 31)
    }
    assert facts["short_term_borrowings"] == Decimal(73_000_000) and facts["total_liabilities"] == Decimal(110_121_000)
    assert (
        facts["cash_and_equivalents"] == Decimal("70126300") and facts["total_assets"] == facts["total_liabilities_and_equity"]
    )
