"""Visit notes by five hands: a Word form, Markdown, a telephone's text, an e-mail and an English memo in print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from eval.fresh.fifth.papers.english import spell_day
from eval.fresh.fourth.papers.word import letter
from eval.sample_bank.papers.report import Company, chinese_date
from eval.sample_bank.papers.sheet import Paper, flow


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One visit as it was: seen, checked, told, what the officer thinks and what comes next."""

    company: Company
    day: date
    who: Sequence[str]
    met: str
    where: str
    seen: Sequence[str]
    checked: Sequence[str]
    told: Sequence[str]
    view: str
    next: Sequence[str]


def word_form(visit: Visit, path: Path) -> None:
    """The branch's form: a table of field and content."""
    rows = [
        ["客户", visit.company.name],
        ["检查日期", chinese_date(visit.day)],
        ["检查人", "、".join(visit.who)],
        ["接待人", visit.met],
        ["检查地点", visit.where],
        ["现场所见", "".join(visit.seen)],
        ["资料核对", "".join(visit.checked)],
        ["企业陈述", "".join(f"“{text}”；" for text in visit.told)],
        ["检查结论", visit.view],
        ["后续措施", "；".join(visit.next)],
    ]
    letter("贷后现场检查表", visit.who[0], visit.day, [("p", "沧溟银行")], path, tables={1: rows})


def markdown(visit: Visit, path: Path) -> None:
    """An English note in Markdown."""
    lines = [
        f"# {visit.company.short}: site visit {spell_day(visit.day)}",
        "",
        f"- **Place:** {visit.where}",
        f"- **Bank:** {', '.join(visit.who)}",
        f"- **Met:** {visit.met}",
    ]
    sections = (("Seen", visit.seen), ("Checked", visit.checked), ("Told", [f'"{text}"' for text in visit.told]))
    for heading, texts in sections:
        lines += ["", f"## {heading}", "", *(f"- {text}" for text in texts)]
    lines += ["", "## View", "", visit.view, "", "## To do", "", *(f"- {text}" for text in visit.next)]
    _write(path, "\n".join(lines) + "\n")


def jotted(visit: Visit, path: Path) -> None:
    """As typed on the way back, in running sentences."""
    lines = [
        f"{visit.day:%Y.%m.%d} {visit.company.short}走访记录（{visit.where}）",
        f"同行：{' '.join(visit.who)}　见到：{visit.met}",
        "看到的：" + "".join(visit.seen),
        "查到的：" + "".join(visit.checked),
        "听到的：" + "".join(f"“{text}”。" for text in visit.told),
        "判断：" + visit.view,
        "下一步：" + "；".join(visit.next),
    ]
    _write(path, "\n".join(lines) + "\n")


def post(visit: Visit, subject: str, path: Path) -> None:
    """A Chinese e-mail to the branch."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = "visits@cangmingbank.example", "files@cangmingbank.example", subject
    message["Date"] = datetime(visit.day.year, visit.day.month, visit.day.day, 20, 5).strftime("%a, %d %b %Y %H:%M:%S +0800")
    message["Message-ID"] = f"<{visit.company.id.lower()}-{visit.day:%Y%m%d}@cangmingbank.example>"
    parts = [
        f"各位好，{chinese_date(visit.day)}我和{'、'.join(visit.who[1:])}去了{visit.company.name}（{visit.where}），由{visit.met}接待。",
        "现场看到：" + "".join(visit.seen),
        "核对情况：" + "".join(visit.checked),
        "对方说：" + "".join(f"“{text}”" for text in visit.told),
        "我的看法：" + visit.view,
        "要办的事：" + "；".join(visit.next),
        visit.who[0],
    ]
    message.set_content("\n\n".join(parts) + "\n", charset="utf-8", cte="base64")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(message.as_bytes())


def memo(visit: Visit) -> Paper:
    """An English memorandum in print, in paragraphs."""
    paper = Paper("Visit memorandum", visit.who[0], visit.day, language="en")
    page = paper.page()
    page.text(64, 80, "VISIT MEMORANDUM", 15, bold=True)
    page.rule(64, 88, 531, 88, 0.8)
    body = [
        f"Borrower: {visit.company.name_en}",
        f"Visited on {spell_day(visit.day)} at {visit.where} by {' and '.join(visit.who)}. We met {visit.met}.",
        "What we saw. " + " ".join(visit.seen),
        "What we verified. " + " ".join(visit.checked),
        "What management said. " + " ".join(f'"{text}"' for text in visit.told),
        "Opinion. " + visit.view,
        "Follow-up. " + " ".join(visit.next),
    ]
    flow(paper, page, 116, body, left=64, right=531, bottom=770, top=80, size=10.8, leading=1.55, gap=9)
    return paper


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
