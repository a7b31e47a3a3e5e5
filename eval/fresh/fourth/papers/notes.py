"""Visit notes by four hands: a Word report under numbered headings, a typed text, an e-mail, and an English one-pager in print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from eval.fresh.fourth.papers.english import spell_day
from eval.fresh.fourth.papers.word import letter
from eval.sample_bank.papers.report import Company, chinese_date
from eval.sample_bank.papers.sheet import Paper, flow


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One visit: what was seen, checked and told, what the officer thinks and what comes next."""

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
    pledge: str = ""


def word_report(call: Call, path: Path) -> None:
    """Numbered headings with points under them."""
    blocks = [
        ("p", f"走访企业：{call.company.name}"), ("p", f"走访日期：{chinese_date(call.day)}　地点：{call.where}"),
        ("p", f"走访人员：{'、'.join(call.who)}　企业接待：{call.met}"), ("h", "一、现场情况"), *(("p", f"{n}. {s}") for n, s in enumerate(call.seen, 1)),
        ("h", "二、核查情况"), *(("p", f"{n}. {s}") for n, s in enumerate(call.checked, 1)), ("h", "三、企业介绍"), *(("p", f"“{s}”") for s in call.told),
    ]  # fmt: skip
    if call.pledge:
        blocks += [("h", "四、押品"), ("p", call.pledge)]
    blocks += [
        ("h", "五、判断"),
        ("p", call.view),
        ("h", "六、后续安排"),
        *(("p", f"{n}. {s}") for n, s in enumerate(call.next, 1)),
    ]
    letter("贷后走访报告", call.who[0], call.day, blocks, path)


def typed_text(call: Call, path: Path) -> None:
    """As an officer types it into a telephone."""
    lines = [
        f"【走访】{call.company.short} {call.day.isoformat()} {call.where}", f"人员 {'/'.join(call.who)}，对方 {call.met}", "",
        "现场：", *(f"- {s}" for s in call.seen), "核对：", *(f"- {s}" for s in call.checked), "对方说：", *(f"- “{s}”" for s in call.told),
    ]  # fmt: skip
    if call.pledge:
        lines.append(f"押品：{call.pledge}")
    lines += [f"结论：{call.view}", "待办：", *(f"- {s}" for s in call.next)]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def mail(call: Call, sender: str, to: str, subject: str, path: Path, *, english: bool) -> None:
    """A message to the manager, written the evening after."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"] = datetime(call.day.year, call.day.month, call.day.day, 18, 42).strftime("%a, %d %b %Y %H:%M:%S +0800")
    message["Message-ID"] = f"<{call.company.id.lower()}-{call.day.isoformat()}@jichuanbank.example>"
    if english:
        parts = [
            f"Site visit to {call.company.name_en} on {spell_day(call.day)}, {call.where}.", f"Visitors: {', '.join(call.who)}. Met: {call.met}.",
            "What we saw: " + " ".join(call.seen), "What we checked: " + " ".join(call.checked),
            "What they said: " + " ".join(f'"{s}"' for s in call.told), *([f"Security: {call.pledge}"] if call.pledge else []),
            f"My view: {call.view}", "Follow-up: " + " ".join(call.next), call.who[0],
        ]  # fmt: skip
    else:
        parts = [
            f"{chinese_date(call.day)}到{call.company.name}（{call.where}）走访，{'、'.join(call.who)}同去，见了{call.met}。", "看到：" + "".join(call.seen),
            "核实：" + "".join(call.checked), "对方表示：" + "".join(f"“{s}”" for s in call.told), *([f"押品：{call.pledge}"] if call.pledge else []),
            f"我的意见：{call.view}", "跟进：" + "；".join(call.next), call.who[0],
        ]  # fmt: skip
    message.set_content("\n\n".join(parts) + "\n", charset="utf-8", cte="base64")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(message.as_bytes())


def one_page(call: Call) -> Paper:
    """An English call report in print."""
    paper = Paper("Call report", call.who[0], call.day, language="en")
    page = paper.page()
    page.text(60, 76, "CALL REPORT", 16, bold=True)
    body = [
        f"Client: {call.company.name_en}", f"Date: {spell_day(call.day)}    Place: {call.where}", f"Bank: {', '.join(call.who)}    Client: {call.met}",
        "Observed", *(f"• {s}" for s in call.seen), "Verified", *(f"• {s}" for s in call.checked), "Stated by the client", *(f"• “{s}”" for s in call.told),
        *(["Security", f"• {call.pledge}"] if call.pledge else []), "Assessment", call.view, "Actions", *(f"• {s}" for s in call.next),
    ]  # fmt: skip
    flow(paper, page, 108, body, left=60, right=535, bottom=775, top=80, size=10.5, leading=1.5, gap=5)
    return paper
