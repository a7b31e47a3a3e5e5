"""Files dropped in a conversation: read as the person who dropped them, reported on, never lost, never from elsewhere."""

from __future__ import annotations

from typing import Any

import pytest

from tests.documents.papers import NOTE_ZH, encrypted_pdf, zipped
from tests.slack.rig import AUDIT, LI, WANG, Rig, wait_for

ANONYMOUS = "# 走访记录\n\n走访时间:2026-10-20\n\n## 现场所见\n\n6条产线开工4条,单班。第{n}次。\n"


@pytest.fixture(autouse=True)
def quick(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small papers of our own are read without a process of their own."""
    monkeypatch.setattr(rig.app.questions.papers, "readers", 0)


def note(text: str) -> bytes:
    return text.encode()


def test_a_paper_is_read_and_reported_on(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rig.app.questions.papers, "readers", 1)
    file = rig.slack.file("走访记录.md", note(NOTE_ZH))
    event, _ = rig.ask(WANG, "", files=[file])
    said = rig.said(event)
    assert "走访记录.md" in said and "已读入" in said and "江州明远精密机械有限公司(C001)" in said
    again, _ = rig.ask(WANG, "", files=[rig.slack.file("走访记录.md", note(NOTE_ZH))])
    assert "先前已收到" in rig.said(again)


def test_a_question_beside_a_paper_is_answered_after_it_is_read(rig: Rig) -> None:
    text = NOTE_ZH.replace("9月用电31.2万度", "9月用电29.9万度").replace("10-20", "10-27")
    event, _ = rig.ask(WANG, "明远精机最近一次走访的用电情况?", files=[rig.slack.file("走访记录二.md", note(text))])
    messages = rig.answers(event, 2)
    assert "已读入" in messages[0].words and "29.9万度" in messages[1].words


def test_a_paper_nobody_can_tell_whose_it_is_asks_back_and_is_filed_by_a_press(rig: Rig) -> None:
    event, _ = rig.ask(WANG, "", files=[rig.slack.file("visit1.md", note(ANONYMOUS.format(n=1)))])
    assert "属于哪位借款人" in rig.said(event)
    message = rig.thread(event)[-1]
    menu = next(e for b in message.blocks if b["type"] == "actions" for e in b["elements"] if e["type"] == "static_select")
    offered = {option["value"].split("|")[1] for option in menu["options"]}
    assert offered == {"C001", "C002", "C003", "C004"}
    value = next(option["value"] for option in menu["options"] if option["value"].endswith("|C002"))
    rig.slack.deliver(
        rig.slack.press(WANG, "borrower:menu", value, channel=event["channel"], thread_ts=event["ts"], option=True)
    )
    wait_for(lambda: "已归入临江恒泰贸易有限公司(C002)" in rig.thread(event)[-1].words)
    rig.slack.deliver(
        rig.slack.press(WANG, "borrower:menu", value, channel=event["channel"], thread_ts=event["ts"], option=True)
    )
    wait_for(lambda: "无需再选" in rig.thread(event)[-1].words)


def test_a_choice_of_a_borrower_that_is_not_his_is_refused(rig: Rig) -> None:
    event, _ = rig.ask(WANG, "", files=[rig.slack.file("visit2.md", note(ANONYMOUS.format(n=2)))])
    rig.answers(event)
    menu = next(e for b in rig.thread(event)[-1].blocks if b["type"] == "actions" for e in b["elements"])
    sha256 = menu["options"][0]["value"].split("|")[0]
    for user, borrower in ((WANG, "C009"), (LI, "C009")):
        press = rig.slack.press(
            user, "borrower:1", f"{sha256}|{borrower}", channel=rig.space.direct(user), thread_ts=event["ts"]
        )
        rig.slack.deliver(press)
    wait_for(lambda: sum("C009" in m.words or "没有这份出处" in m.words for m in rig.space.messages) >= 2)
    document = rig.bank.store.documents.get(_caller(rig, WANG), sha256)
    assert document is not None and document.borrower is None


def test_the_word_of_the_person_decides_when_the_paper_does_not_say(rig: Rig) -> None:
    event, _ = rig.ask(WANG, "这是恒泰贸易的走访记录", files=[rig.slack.file("visit3.md", note(ANONYMOUS.format(n=3)))])
    assert "归入临江恒泰贸易有限公司(C002)" in rig.answers(event, 2)[0].words


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"size": 10**9}, "超过Slack上传上限"),
        ({"url_private_download": "https://evil.example/x", "is_external": True}, "外部网站(evil.example)"),
        ({"url_private_download": "https://evil.example/x"}, "外部网站(evil.example)"),
        ({"mode": "tombstone"}, "已被删除"),
    ],
)
def test_files_too_large_or_from_elsewhere_are_refused_in_clear_words(rig: Rig, more: dict[str, Any], word: str) -> None:
    event, _ = rig.ask(WANG, "", files=[rig.slack.file("a.md", b"x", **more)])
    assert word in rig.said(event)


def test_a_file_larger_than_it_says_is_cut_off(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rig.app.questions.papers.downloads, "limit", 1000)
    event, _ = rig.ask(WANG, "", files=[rig.slack.file("a.md", b"x" * 5000, size=10)])
    assert "超过Slack上传上限" in rig.said(event)


def test_the_token_does_not_follow_a_redirect(rig: Rig) -> None:
    file = rig.slack.file("b.md", b"x")
    rig.space.files[file["id"]]["redirect"] = f"{rig.slack.url}/api/stolen"
    event, _ = rig.ask(WANG, "", files=[file])
    assert "没有交出文件" in rig.said(event)
    assert not rig.space.counted().get("stolen")


def test_a_page_to_sign_in_is_not_taken_for_the_file(rig: Rig) -> None:
    file = rig.slack.file("c.pdf", b"<html>sign in</html>", mimetype="text/html; charset=utf-8")
    event, _ = rig.ask(WANG, "", files=[{**file, "mimetype": "application/pdf"}])
    assert "没有交出文件" in rig.said(event)


def test_what_cannot_be_read_waits_in_quarantine(rig: Rig) -> None:
    before = len(rig.bank.store.quarantine.list(_caller(rig, WANG)))
    event, _ = rig.ask(WANG, "", files=[rig.slack.file("locked.pdf", encrypted_pdf())])
    said = rig.said(event)
    assert "未能读入" in said and "隔离区" in said
    assert len(rig.bank.store.quarantine.list(_caller(rig, WANG))) == before + 1


def test_every_member_of_an_archive_is_reported(rig: Rig) -> None:
    data = zipped({"one.md": NOTE_ZH.replace("4条", "3条"), "two.md": NOTE_ZH.replace("4条", "2条")})
    event, _ = rig.ask(WANG, "", files=[rig.slack.file("papers.zip", data)])
    said = rig.said(event)
    assert "one.md" in said and "two.md" in said


def test_an_auditor_may_not_record(rig: Rig) -> None:
    event, _ = rig.ask(AUDIT, "", files=[rig.slack.file("d.md", note(NOTE_ZH))])
    assert "不能录入文件" in rig.said(event)


def test_in_a_channel_the_report_is_for_the_one_who_dropped_it(rig: Rig) -> None:
    rig.space.channel("C0DROP", WANG, LI)
    event, _ = rig.ask(WANG, "", channel="C0DROP", files=[rig.slack.file("e.md", note(NOTE_ZH.replace("31.2", "31.9")))])
    rig.answers(event)
    assert {m.ephemeral_to for m in rig.thread(event)} == {WANG}


def test_a_file_slack_does_not_hand_out_now_is_fetched_later(rig: Rig) -> None:
    rig.slack.trouble("files.info", "500", 1)
    file = rig.slack.file("f.md", note(NOTE_ZH.replace("31.2", "32.2")))
    event, _ = rig.ask(WANG, "", files=[{"id": file["id"], "file_access": "check_file_info"}])
    assert "已读入" in rig.said(event)


def _caller(rig: Rig, slack: str) -> Any:
    person = rig.app.around.people.person(slack, rig.app.now())
    assert person is not None
    return person.caller
