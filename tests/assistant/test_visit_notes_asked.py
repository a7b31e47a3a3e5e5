"""Visit notes of every shape, and names in papers that no borrower has."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.analyst.clausewords import topics_of
from assistant.analyst.framing import choose, features
from assistant.analyst.glossary import tongue_of
from assistant.analyst.reading import read
from assistant.analyst.writers.mentioned import mentioned, spoken_for
from assistant.analyst.writers.note_lines import by_section, lines_of
from tests.assistant.asking import ask
from tests.assistant.bank import SmallBank
from tools.domain.facts import Passage, Source
from tools.toolbox.artifacts import Artifact

MEMO = """MEMORANDUM
Re: visit to Alder Bay Foods Limited, 3 September 2026
From: Grace Hale, Tom Brandt
Met: Irene Falk, chief financial officer What we saw. The freezing line ran one shift out of two.
What we checked. Stock count: 1,140 tonnes on the books, 1,128 counted. What management said. “The duty cost us a buyer.” “We expect to roll it.”
Our view. Sales are gone for now.
Next steps. Cash-flow forecast by 18 September. Decision from the committee before 9 October."""
SHEET = "note\n客户名称 | 青石医院\n检查日期 | 2026-09-04\n接待人员 | 财务总监梁晚晴\n现场查看 | （1）候诊约60人。 （2）在院241人。\n企业说法 | “医保拖了。” “月底能收到。”\n检查结论 | 回款偏慢。\n待办 | □10月15日前提交账龄表 □10月20日前续保"
LINES = "2026年9月10日 走访恒石供应链\n同去：戴维远、聂怀山。见到总裁助理骆珂。\n看到的：一期已封顶。\n对方讲：“二期缓一缓”“利息我们帮着还”\n我的看法：还能撑。\n接下来：9月30日前拿到续约情况； 10月20日前上报方案。"
RUN_ON = "贷后现场走访记录\n借款人 青岚食品 走访时间 2026-08-20 14:30 走访地点 总部走访人（双人） 李晓峰、王建国会见人员 董事会秘书韩雪走访目的 半年度检查"


def note(text: str, heading: str = "note", id: str = "p") -> Passage:
    return Passage(id, text, Source("note.txt", "0" * 64, None, None, None, None), "visit_note", "B1", heading=heading)


@pytest.mark.parametrize(
    ("text", "section", "said"),
    [
        (MEMO, "note", ["Re: visit to Alder Bay Foods Limited, 3 September 2026", "From: Grace Hale, Tom Brandt", "Met: Irene Falk, chief financial officer"]),
        (MEMO, "seen", ["The freezing line ran one shift out of two."]),
        (MEMO, "follow ups", ["Cash-flow forecast by 18 September.", "Decision from the committee before 9 October."]),
        (SHEET, "note", ["检查日期 | 2026-09-04", "接待人员 | 财务总监梁晚晴"]),
        (SHEET, "follow ups", ["10月15日前提交账龄表", "10月20日前续保"]),
        (LINES, "said", ["二期缓一缓", "利息我们帮着还"]),
        (LINES, "view", ["还能撑。"]),
        (RUN_ON, "note", ["走访时间 2026-08-20 14:30", "走访地点 总部", "走访人（双人） 李晓峰、王建国", "会见人员 董事会秘书韩雪", "走访目的 半年度检查"]),
    ],
)  # fmt: skip
def test_a_note_of_any_shape_is_read_by_its_parts(text: str, section: str, said: list[str]) -> None:
    lines = by_section(lines_of([note(text)]), [section])
    assert [line.said for line in lines] == said
    assert all(line.said in text for line in lines)


def test_a_name_is_told_only_where_it_stands_by_itself() -> None:
    """A borrower of others that a paper names is treated as one that does not exist, unless the question asks what papers say."""
    found = Artifact(
        "mentions",
        {},
        passages=(note("看到的：由东陵铜材保证。\n对方讲：“Kestrel Motors wants a cut.”\n看到的：海星号停航。", "seen"),),
    )
    assert not mentioned(found, "东陵", "东陵怎么说的")
    assert not mentioned(found, "东陵铜材", "东陵铜材停产了吗")
    assert mentioned(found, "东陵铜材", "资料里有没有提到东陵铜材")
    assert not mentioned(found, "Kestrel Motors", "what does Kestrel Motors owe")
    assert mentioned(found, "Kestrel Motors", "anything about Kestrel Motors?")
    assert [said for _, said in mentioned(found, "海星号", "海星号怎么样")] == ["海星号停航。"]


def test_whom_a_person_met_speaks_for() -> None:
    assert spoken_for(Artifact("mentions", {}, passages=(note(MEMO),)), "Irene Falk") == "B1"
    assert spoken_for(Artifact("mentions", {}, passages=(note(MEMO),)), "Bob Smith") is None


def test_a_name_nobody_wrote_down_is_not_found(small: SmallBank) -> None:
    for name in ("东方化工", "海王星化工"):
        assert ask(small, f"{name}那边怎么说的").answer == ask(small, "蓝鲸化工那边怎么说的").answer.replace("蓝鲸化工", name)


@pytest.mark.parametrize(
    ("question", "frame"),
    [
        ("who did we meet at {} and when", "note_section"), ("{}上次走访是谁去的", "note_section"), ("{}那份走访记录是谁写的", "note_section"),
        ("what did we ask {} to do", "note_section"), ("{}说的和我们查到的有什么不一样", "note_section"), ("visit note {}: officer's opinion", "note_section"),
        ("prepare me for the {} call tomorrow", "visit"), ("明天去{}，帮我理几个要问的点", "visit"), ("write to {} asking for the accounts", "letter"),
        ("rate if {} pays late", "clauses"), ("can {} pledge its assets to another lender?", "clauses"), ("{}的罚息比例", "clauses"),
        ("when did the {} audit report reach us", "receipt"), ("{}年度审计报告晚了几天", "receipt"),
    ],
)  # fmt: skip
def test_many_wordings_are_one_kind_of_question(small: SmallBank, question: str, frame: str) -> None:
    lexicon = tongue_of(small.bank.rulebook).lexicon
    text = question.replace("{}", "C001")
    at = text.index("C001")
    reading = read(text, date(2026, 9, 30), lexicon, [(at, at + 4)])
    assert choose(features(reading, 1, False))[0] == frame


@pytest.mark.parametrize("question", ["今年哪些资料交晚了", "which financials came in late this year?"])
def test_papers_that_came_late_are_asked_of_everyone(small: SmallBank, question: str) -> None:
    assert "deliveries" in [used.name for used in ask(small, question).used]


@pytest.mark.parametrize(
    ("question", "topics"),
    [
        ("can we pledge stock to another bank under the agreement", ["negative_pledge"]), ("prepayment notice?", ["prepayment"]),
        ("对别人欠债逾期超多少算违约", ["cross_default"]), ("which state law?", ["governing_law"]), ("利率和罚息", ["default_interest", "rate"]),
        ("how soon must it tell us about a lawsuit", ["material_events"]), ("审计报告哪家事务所出的", ["auditor"]), ("审计报告晚了几天", []),
    ],
)  # fmt: skip
def test_contract_topics_in_many_wordings(question: str, topics: list[str]) -> None:
    assert list(topics_of(question, False)) == topics


def test_the_last_answer_can_be_had_in_short(small: SmallBank) -> None:
    for thread, first, again in (
        ("s-zh", "C001总体情况怎么样", "太长了"),
        ("s-en", "give me an overview of C001", "shorter please"),
    ):
        whole = ask(small, first, thread=thread).answer
        short = ask(small, again, thread=thread).answer
        assert len(short) < len(whole) and whole.startswith(short.split("\n")[0].split("[")[0])


def test_contradictions_with_the_file_are_held_against_everything_known(small: SmallBank) -> None:
    assert "contradictions" in [used.name for used in ask(small, "C001的走访记录和档案资料有哪些矛盾").used]
