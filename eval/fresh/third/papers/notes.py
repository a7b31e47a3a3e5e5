"""Visit notes by three hands: one who fills in a checklist, one who writes a story, one who writes an English memo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from eval.fresh.third.papers.word import words
from eval.sample_bank.papers.report import Company
from eval.sample_bank.papers.sheet import Paper, flow
from tools.typesetting.fonts import Face


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What was seen, checked and told, and what the officer makes of it."""

    company: Company
    day: date
    who: str
    met: str
    seen: Sequence[str]
    checked: Sequence[str]
    told: Sequence[str]
    view: str
    next: Sequence[str]
    pledge: str = ""


def checklist(visit: Visit, path: Path) -> None:
    """A Word form: two columns, one line per point."""
    rows: list[list[str]] = [
        ["客户名称", visit.company.name], ["检查日期", visit.day.isoformat()], ["检查人员", visit.who], ["接待人员", visit.met],
        ["现场查看", "\n".join(f"（{n}）{s}" for n, s in enumerate(visit.seen, 1))],
        ["单据核实", "\n".join(f"（{n}）{s}" for n, s in enumerate(visit.checked, 1))],
        ["企业说法", "\n".join(visit.told)], ["抵质押物", visit.pledge or "无"], ["检查结论", visit.view],
        ["待办", "\n".join(f"□{s}" for s in visit.next)],
    ]  # fmt: skip
    words("贷后检查表", visit.who, visit.day, [("p", "云岫银行信贷管理系统附件")], {1: rows}, path)


def story(visit: Visit, path: Path) -> None:
    """A text file as typed on the way home."""
    day = visit.day
    text = [
        f"{day.year}年{day.month}月{day.day}日 走访{visit.company.name}",
        f"同去：{visit.who}。见到{visit.met}。",
        "",
        "看到的：" + "".join(visit.seen),
        "核实的：" + "".join(visit.checked),
        "对方讲：" + "".join(f"“{s}”" for s in visit.told),
        f"抵押物：{visit.pledge}" if visit.pledge else "",
        f"我的看法：{visit.view}",
        "接下来：" + "；".join(visit.next) + "。",
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(line for line in text if line or line == "") + "\n", encoding="utf-8")


def memo(visit: Visit) -> Paper:
    """An English memorandum in prose."""
    day = f"{visit.day.day} {visit.day:%B %Y}"
    paper = Paper("Site visit memorandum", visit.who, visit.day, face=Face.SERIF, language="en")
    page = paper.page()
    page.text(64, 80, "MEMORANDUM", 16, bold=True)
    body = [
        f"Re: visit to {visit.company.name_en}, {day}", f"From: {visit.who}", f"Met: {visit.met}", "",
        "What we saw. " + " ".join(visit.seen), "What we checked. " + " ".join(visit.checked),
        "What management said. " + " ".join(f"“{s}”" for s in visit.told),
        *([f"Security. {visit.pledge}"] if visit.pledge else []), f"Our view. {visit.view}", "Next steps. " + " ".join(visit.next),
    ]  # fmt: skip
    flow(paper, page, 112, body, left=64, right=530, bottom=770, top=80, size=10.5, leading=1.5, gap=9)
    return paper
