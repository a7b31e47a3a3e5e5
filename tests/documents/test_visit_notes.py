"""Visit notes: sections, what was seen, checked and told, negation, follow-ups."""

from __future__ import annotations

from typing import Any

import pytest

from ingestion.notes.reading import read_note
from ingestion.readers.plain import markdown_reading
from ingestion.reading import extract_bytes
from tests.documents import papers

SAMPLE_ZH = (
    "走访记录(示例) 2026-10-20 14:00 江州厂区;走访人:李*、王*;会见:财务负责人周*。**所见**:6条产线开工4条,单班;抽盘钢材账面1,180吨,实盘1,062吨(差10.0%)。"
    "**核验**:9月用电31.2万度,同比-34%。**对方陈述**:\"两条线在检修。\"**差异**:付土地款850万元未说明。**意见**:经营收缩,用途存疑。"
    "**跟进**:10月27日前提供检修单、土地合同。"
)  # fmt: skip
SAMPLE_EN = (
    "**Visit note (sample)** 20 Oct 2026 14:00, Jiangzhou plant; visitors Li*, Wang*; met finance head Zhou*. **Seen**: 4 of 6 lines, single shift; "
    "steel book 1,180 t, counted 1,062 t (−10.0%). **Checked**: Sept power 312,000 kWh, −34% yoy. **Said**: \"two lines are under maintenance.\" "
    "**Gap**: 8.5m land payment unexplained. **View**: shrinking activity, use in doubt. **Follow-up**: maintenance orders and land contract by 27 Oct."
)  # fmt: skip


def observed(text: str) -> list[tuple[str, str, str | None, str]]:
    note = read_note(markdown_reading(text).blocks)
    return [(o["topic"], o["value"], o["unit"], o["said_by"]) for o in note.observations]


@pytest.mark.parametrize("sample", [SAMPLE_ZH, SAMPLE_EN], ids=["zh", "en"])
def test_the_handbook_note_is_read_in_both_languages(sample: str) -> None:
    note = read_note(markdown_reading(sample).blocks)
    found = {(o["topic"], o["value"], o["said_by"]) for o in note.observations if o["topic"] != "follow_up"}
    assert found == {
        ("lines_running", "4", "seen"), ("shifts", "1", "seen"), ("stock_book", "1180", "seen"), ("inventory_count", "1062", "seen"),
        ("electricity_kwh", "312000", "checked"), ("lines_idle", "2", "told"),
    }  # fmt: skip
    follow_up = next(o for o in note.observations if o["topic"] == "follow_up")
    assert follow_up["due"] == "2026-10-27"
    assert all(o["date"] == "2026-10-20" for o in note.observations)
    power = next(o for o in note.observations if o["topic"] == "electricity_kwh")
    assert power["change"] == "-0.34" and power["unit"] == "kWh"
    assert next(o for o in note.observations if o["topic"] == "lines_running")["of"] == "6"
    visit = note.details["visit"]
    assert visit["date"] == "2026-10-20" and visit["visitors"] and visit["met"] and visit["where"]


def test_hearsay_inside_what_was_seen_stays_hearsay() -> None:
    found = observed("## 现场所见\n\n3条生产线正常运行。财务总监称两条线在检修，但现场盘点实盘500吨。\n")
    assert ("lines_running", "3", "line", "seen") in found
    assert ("lines_idle", "2", "line", "told") in found
    assert ("inventory_count", "500", "t", "seen") in found


def test_a_contrast_ends_what_was_told() -> None:
    found = observed("The director told us that three production lines were idle, but we counted five lines idle.")
    assert ("lines_idle", "3", "line", "told") in found
    assert ("lines_idle", "5", "line", "checked") in found


@pytest.mark.parametrize(
    ("text", "topic", "value"),
    [
        ("车间未见停产迹象。", "production_stopped", "no"),
        ("厂区已全面停产。", "production_stopped", "yes"),
        ("公司无拖欠工资。", "wage_arrears", "no"),
        ("对方否认存在拖欠工资。", "wage_arrears", "no"),
        ("There were no wage arrears.", "wage_arrears", "no"),
        ("Wages were unpaid for two months.", "wage_arrears", "yes"),
        ("未见车辆进出。", "goods_moving", "no"),
        ("Two trucks were loading.", "goods_moving", "yes"),
    ],
)
def test_negation_is_kept(text: str, topic: str, value: str) -> None:
    assert [(t, v) for t, v, _, _ in observed(text)] == [(topic, value)]


def test_denial_is_hearsay() -> None:
    assert observed("对方否认存在拖欠工资。")[0][3] == "told"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("在岗员工约120人。", ("headcount", "120", "person")),
        ("产能利用率约60%。", ("capacity_utilisation", "0.6", "ratio")),
        ("在手订单约2,300万元。", ("order_backlog", "23000000", "CNY")),
        ("订单同比下降30%。", ("orders_change", "-0.3", "ratio")),
        ("The plant was running at about 60% of capacity.", ("capacity_utilisation", "0.6", "ratio")),
        ("The order book is RMB 23 million.", ("order_backlog", "23000000", "CNY")),
        ("About 85 workers were on site.", ("headcount", "85", "person")),
        ("白班约60人在岗，夜班已取消。", ("headcount", "60", "person")),
        ("社保9月参保318人，年初为412人。", ("social_security_headcount", "318", "person")),
        ("5条总装线全部开工。", ("lines_running", "5", "line")),
        ("8月报关出口额1,960万元。", ("export_customs_value", "19600000", "CNY")),
    ],
)
def test_counts_and_shares_come_in_plain_units(text: str, expected: tuple[str, str, str]) -> None:
    assert [found[:3] for found in observed(text)] == [expected]


def test_running_and_idle_lines_of_one_sentence() -> None:
    found = observed("8条织造线仅3条开机，5条停机且机台有积尘。")
    assert [entry[:3] for entry in found] == [("lines_running", "3", "line"), ("lines_idle", "5", "line")]


def test_the_officers_own_view_is_no_observation() -> None:
    assert observed("## 六、客户经理意见\n\n建议冻结未用额度，账户已被冻结的说法待核。\n") == []


def test_visitors_are_no_headcount() -> None:
    assert observed("走访人2名。车间两名工人表示情况正常。") == []


def test_a_promise_in_free_prose_has_its_day() -> None:
    note = read_note(
        markdown_reading("We visited Harbour Foods on 12 May 2026. He promised to send the bank slips by 30 May.").blocks
    )
    assert [(o["topic"], o["due"], o["said_by"]) for o in note.observations] == [("follow_up", "2026-05-30", "told")]


@pytest.mark.parametrize("form", ["md", "docx", "pdf", "eml"])
def test_the_same_note_in_every_format(form: str) -> None:
    lines = [line.lstrip("# ") for line in papers.NOTE_ZH.splitlines() if line]
    data = {
        "md": papers.NOTE_ZH.encode(), "docx": papers.docx(lines), "pdf": papers.pdf([lines]),
        "eml": papers.mail("走访记录", "\n\n".join(lines)),
    }[form]  # fmt: skip
    extraction = extract_bytes(data, f"note.{form}")
    topics = {o["topic"]: o["said_by"] for o in extraction.observations}
    assert extraction.kind == "visit_note" and extraction.language == "zh" and extraction.entity == "江州明远精密机械有限公司"
    assert topics == {
        "lines_running": "seen", "shifts": "seen", "stock_book": "seen", "inventory_count": "seen", "electricity_kwh": "checked",
        "lines_idle": "told", "follow_up": "seen",
    }  # fmt: skip
    place: dict[str, Any] = extraction.observations[0]
    assert place["page"] == (1 if form == "pdf" else None) and (place["locator"] is None) == (form == "pdf")


def test_a_form_with_two_columns_gives_the_head_of_the_visit() -> None:
    data = papers.docx(
        ["贷后现场走访记录", "一、现场所见", "6条产线开工4条。", "七、跟进事项", "无。"],
        [["借款人", "江州明远精密机械有限公司"], ["走访人（双人）", "李某、王某"], ["走访时间", "2026-10-20 10:00"]],
    )
    extraction = extract_bytes(data, "note.docx")
    assert extraction.details["visit"]["visitors"] == "李某、王某"
    assert extraction.document_date is not None and extraction.document_date.isoformat() == "2026-10-20"
    assert [o["topic"] for o in extraction.observations] == ["lines_running"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_note_sent_as_mail(language: str) -> None:
    bodies = {
        "zh": "走访记录\n走访企业：江州明远精密机械有限公司\n走访人（双人）：李*、王*\n所见：6条产线开工4条，单班。对方称两条线在检修。\n核验：9月用电31.2万度，同比-34%。\n",
        "en": "Visit note 20 Oct 2026 14:00, Jiangzhou plant; visitors Li, Wang; met finance head Zhou.\nSeen: 4 of 6 lines running, single shift.\n"
        'Checked: Sept power 312,000 kWh, -34% yoy.\nSaid: "two lines are under maintenance."\n',
    }
    mail = f"From: a@b.example\nTo: c@d.example\nDate: Wed, 21 Oct 2026 18:00:00 +0800\nSubject: visit note\nContent-Type: text/plain; charset=utf-8\n\n{bodies[language]}"
    found = extract_bytes(mail.encode(), "note.eml")
    assert found.kind == "visit_note" and str(found.document_date) == ("2026-10-21" if language == "zh" else "2026-10-20")
    seen = {(o["topic"], o["value"], o["said_by"]) for o in found.observations}
    assert {("lines_running", "4", "seen"), ("lines_idle", "2", "told"), ("electricity_kwh", "312000", "checked")} <= seen
    assert found.details["visit"]["visitors"] in ("李*、王*", "Li, Wang")
    assert next(o["month"] for o in found.observations if o["topic"] == "electricity_kwh") == "2026-09"


def test_a_form_without_borders_gives_the_head_in_english() -> None:
    text = "Post-Disbursement Site Visit Note\n\nBorrower Huayue Holdings Limited\n\nDate and time 2026-09-03 11:00\n\nVisitors Emma Hartley, Zhao Minyi\n\n"
    found = extract_bytes((text + '3. Said by the borrower (quoted)\n\n"We expect to break even in 2027."\n').encode(), "a.txt")
    visit = found.details["visit"]
    assert (visit["borrower"], visit["visitors"], visit["date"]) == (
        "Huayue Holdings Limited",
        "Emma Hartley, Zhao Minyi",
        "2026-09-03",
    )
