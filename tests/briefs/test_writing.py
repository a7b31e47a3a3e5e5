"""What a brief says of borrowers good, bad and unknown, and what never leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.briefs.checking import UnprovenBrief, proven
from assistant.briefs.material import gather
from assistant.briefs.model import Brief, Line, Section, Table
from assistant.briefs.service import WrittenBrief
from assistant.briefs.writing import write_brief
from assistant.verification.vocabulary import vocabulary
from tests.assistant.bank import CLOCKS, NOW, OFFICER, OTHER, PAYMENTS, SmallBank, build
from tools.domain.callers import LOCAL
from tools.domain.periods import Clocks
from tools.errors import BadRequest, UnknownBorrower


def write(small: SmallBank, borrower: str, month: str = "2026-10", language: str = "zh") -> WrittenBrief:
    return small.bank.briefs.write(LOCAL, borrower, month, CLOCKS, NOW, language)  # type: ignore[arg-type]


def text(written: WrittenBrief, key: str) -> str:
    section = next(section for section in written.first.sections if section.key == key)
    parts = [block.text for block in section.blocks if isinstance(block, Line)]
    parts += [cell.text for block in section.blocks if isinstance(block, Table) for row in block.rows for cell in row.cells]
    return "\n".join(parts)


@pytest.mark.parametrize("borrower", ["C001", "C002", "C004"])
def test_every_sentence_is_proven_in_both_languages(small: SmallBank, borrower: str) -> None:
    written = write(small, borrower, language="both")
    assert not written.dropped, [brief.dropped for brief in written.briefs]
    assert [source.number for source in written.first.sources] == list(range(1, len(written.first.sources) + 1))
    assert {section.key for section in written.first.sections} >= {
        "changes",
        "figures",
        "covenants",
        "loans",
        "usage",
        "signals",
        "gaps",
        "actions",
    }


def test_what_is_gravest_comes_first_and_is_said_once(small: SmallBank) -> None:
    first = write(small, "C001")
    assert first.first.level == "orange" and any("V002“资产负债率”临界" in line.text for line in first.first.verdict)
    late = write(small, "C002")
    assert late.first.level == "red" and late.first.verdict[1].text.startswith("L002逾期72天")
    told = [line.text for line in late.first.verdict if line.own]
    assert told and not any(sentence in text(late, "signals") for sentence in told)


def test_a_borrower_without_statements_or_loans_is_told_as_such(small: SmallBank) -> None:
    nothing = write(small, "C003")
    assert "没有收到该借款人的财务报表" in text(nothing, "figures")
    assert any(gap["kind"] == "statements" for gap in nothing.first.gaps)
    dollars = write(small, "C004")
    assert "没有该借款人未结清的贷款" in text(dollars, "loans")
    assert dollars.first.level in ("unknown", "yellow", "orange")


def test_months_ahead_and_nonsense_are_refused_and_strangers_look_like_nobody(small: SmallBank) -> None:
    for month in ("2026-12", "2026-13", "October", ""):
        with pytest.raises(BadRequest):
            write(small, "C001", month)
    said = []
    for who in ("C999", "C009"):
        with pytest.raises(UnknownBorrower) as problem:
            small.bank.briefs.write(OFFICER, who, "2026-10", CLOCKS, NOW, "zh")
        said.append(str(problem.value).replace(who, "X"))
    assert said[0] == said[1]
    assert small.bank.briefs.write(OTHER, "C009", "2026-10", CLOCKS, NOW, "zh").first.borrower == "C009"


def test_before_its_loan_a_borrower_owes_nothing(small: SmallBank) -> None:
    early = write(small, "C001", "2026-01")
    assert early.first.as_of == date(2026, 1, 31)
    assert "没有该借款人未结清的贷款" in text(early, "loans")
    assert "L001" not in "\n".join(value for _, value in early.first.head)


def test_what_changed_names_the_paper_and_its_day(small: SmallBank) -> None:
    september = write(small, "C001", "2026-09")
    assert "2026年9月1日收到" in text(september, "changes") and "明远精密2025年度审计报告" in text(september, "changes")
    assert "收到" not in text(write(small, "C001"), "changes")


def test_payments_of_the_month_are_told_paid_or_missed(small: SmallBank) -> None:
    assert "L001:2026年9月2日到期的本息22.23万元[" in text(write(small, "C001", "2026-09"), "changes")
    august = write(small, "C002", "2026-08")
    assert "未还清" in text(august, "changes") and "L002" in text(august, "changes")


def test_a_planted_number_never_leaves(small: SmallBank) -> None:
    bank = small.bank
    material = gather(bank.desk(LOCAL, CLOCKS), "C001", date(2026, 9, 30), date(2026, 10, 1))
    draft = write_brief(material, bank.briefs.glossary, "zh", "r")
    planted = replace(
        draft,
        sections=(
            *draft.sections,
            Section("plant", "注", (Line("营业收入为98,765万元。"), Line("流动比率(2025年度)为1.18。"), Line(""))),
        ),
    )
    made = proven(planted, material.artifacts, bank.briefs.gate_names, vocabulary().value_names)
    said = [block.text for block in made.sections[-1].blocks if isinstance(block, Line)]
    assert said == ["流动比率(2025年度)为1.18。", "本节有1处内容未能核对出处,已略去。"]
    assert made.dropped[0]["section"] == "plant" and "98,765" in made.dropped[0]["text"]
    assert "98,765" not in WrittenBrief((made,), "T").html


def test_a_planted_cell_and_a_planted_verdict(small: SmallBank) -> None:
    bank = small.bank
    material = gather(bank.desk(LOCAL, CLOCKS), "C001", date(2026, 9, 30), date(2026, 10, 1))
    draft = write_brief(material, bank.briefs.glossary, "zh", "r")

    def altered(brief: Brief) -> Brief:
        sections = []
        for section in brief.sections:
            blocks = list(section.blocks)
            if section.key == "figures" and isinstance(blocks[0], Table):
                row = blocks[0].rows[0]
                wrong = replace(row, cells=(row.cells[0], replace(row.cells[1], text="11,111万元"), *row.cells[2:]))
                blocks[0] = replace(blocks[0], rows=(wrong, *blocks[0].rows[1:]))
            sections.append(replace(section, blocks=tuple(blocks)))
        return replace(brief, sections=tuple(sections))

    made = proven(altered(draft), material.artifacts, bank.briefs.gate_names, vocabulary().value_names)
    assert len(made.dropped) == 1 and "11,111" not in WrittenBrief((made,), "T").markdown
    with pytest.raises(UnprovenBrief):
        wrong = replace(draft, verdict=(Line("资产负债率为99.99%。"), *draft.verdict[1:]))
        proven(wrong, material.artifacts, bank.briefs.gate_names, vocabulary().value_names)


def test_no_record_no_brief(small: SmallBank) -> None:
    before = small.bank.store.trail.head()[0]
    written = write(small, "C001")
    record = small.bank.store.trail.show(LOCAL, written.trail_id)
    assert small.bank.store.trail.head()[0] == before + 1 and record is not None
    assert record["object"] == "C001:2026-10" and record["payload"]["texts"]["zh"] == written.markdown
    shape = written.shape("x.html", "0")
    assert {"borrower", "month", "as_of", "path", "sha256", "figures", "gaps", "trail_id"} <= set(shape)


def test_what_came_later_is_not_known_earlier(small: SmallBank) -> None:
    early = Clocks(CLOCKS.as_of, CLOCKS.known_at.replace(month=8))
    assert "没有收到该借款人的财务报表" in text(small.bank.briefs.write(LOCAL, "C001", "2026-10", early, NOW, "zh"), "figures")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_brief_of_an_earlier_month_stands_whole_without_the_alerts_of_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    for payment in PAYMENTS:
        if payment["loan_id"] == "L001" and payment["value_date"] == "2026-09-02":
            monkeypatch.setitem(payment, "value_date", "2026-09-11")
    own = build(tmp_path)
    own.bank.run_monitor(LOCAL, CLOCKS, NOW)
    raised = own.bank.store.alerts.list(LOCAL, borrower="C001")
    figures = [figure for alert in raised for figure in alert.figures]
    assert figures
    assert all(
        {"status", "formula", "missing", "reason", "flags", "inputs", "rule", "basis"} <= set(figure) for figure in figures
    )
    october = text(write(own, "C001", language=language), "signals")
    september = write(own, "C001", "2026-09", language)
    said = text(september, "signals")
    assert any(alert.title[language] in october for alert in raised)
    assert not any(alert.title[language] in said for alert in raised)
    assert not september.dropped
    assert ("迟付9天" if language == "zh" else "came 9 days late") in text(september, "changes")
    own.bank.close()
