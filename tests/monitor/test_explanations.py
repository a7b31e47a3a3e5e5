"""What an alert says: every number stands behind it in both languages, and one that does not is noticed."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

from assistant.verification.gate import verify
from assistant.verification.gathering import gather
from assistant.wiring import Bank, metric_names
from tests.monitor.conftest import NOW
from tools.domain.callers import LOCAL
from tools.toolbox.registry import registry

LATER = NOW + timedelta(days=1)


def test_every_number_of_every_alert_is_supported_by_its_evidence(watched: Bank) -> None:
    desk = watched.desk(LOCAL, watched.clocks(None, None, LATER))
    names = metric_names(watched.rulebook)
    wrong, missed, planted = [], 0, 0
    for alert in watched.store.alerts.list(LOCAL):
        evidence = gather([registry()["alerts"].call(desk, {"alert": alert.id}).artifact], names)
        for language in ("zh", "en"):
            text = alert.explanation[language]
            wrong += [(alert.id, found.text, found.why) for found in verify(text, evidence)]
            number = re.search(r"\d{1,3}(?:,\d{3})*\.\d\d(?=%|万|x| million)", text)
            if number:
                planted += 1
                other = f"{Decimal(number[0].replace(',', '')) + Decimal('3.17'):,}"
                missed += not verify(text[: number.start()] + other + text[number.end() :], evidence)
    assert not wrong
    assert planted > 20 and missed == 0


def test_explanations_lead_with_the_verdict_and_leave_no_hole(watched: Bank) -> None:
    for alert in watched.store.alerts.list(LOCAL):
        zh, en = alert.explanation["zh"], alert.explanation["en"]
        assert re.match(r"(红色|橙色|黄色)预警：", zh) and re.match(r"(Red|Orange|Yellow) alert: ", en)
        assert not re.search(r"[{}\[\]?]|None|天天|倍倍|，，|：，|\(\)|（）|, ,", zh + en), (zh, en)
        assert "建议：" in zh and "Suggested: " in en
        assert alert.figures or alert.evidence


def test_the_agents_tools_tell_the_same(watched: Bank) -> None:
    desk = watched.desk(LOCAL, watched.clocks(None, None, LATER))
    told = registry()["signals"].call(desk, {"borrower": "C006", "verdict": "all"}).artifact
    counts = {v.id: v.value for v in told.values if v.name == "count"}
    verdicts = desk.signals("C006")
    for word in ("hit", "clear", "unknown"):
        assert counts[f"count:signals_{word}:C006"] == sum(1 for v in verdicts if v.verdict == word)
    summary = registry()["monitoring"].call(desk, {}).artifact
    assert {v.id: v.value for v in summary.values}["count:alerts:all"] == len(watched.store.alerts.list(LOCAL))
    for verdict in verdicts:
        for item in verdict.shape()["evidence"]:
            if item["kind"] == "row":
                assert desk.loan_book.row(LOCAL, item["table"], item["id"], desk.clocks) is not None
