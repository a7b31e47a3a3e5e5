"""`loanward demo`: the sample bank from nothing to answers, alerts, a brief, the console and Slack, with no key and no network.

Slack itself is not there offline: the real app is connected to a stand-in on this machine that keeps Slack's rules, so that what
an officer would see can be shown.
"""

from __future__ import annotations

import re
import sys
import time
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from integrations.cli.session import Session, command

HOME = Path("loanward-data/demo")
QUESTIONS = (
    "明远精密2025年末的资产负债率和流动比率是多少？",
    "How did Mingyuan's revenue and net profit move in 2025?",
    "明远精密有哪些约定条款，都满足吗？",
    "Does Mingyuan have any overdue loans, and what falls due next?",
    "最近一次走访记录里，明远精密的产线情况怎么样？",
    "What is the DSCR of Mingyuan for FY2025, and how is it computed?",
    "明远精密明年会盈利多少？",
)
BRIEFED = "C001"
SLACK_QUESTION = "明远精密6月末的杠杆约定满足吗？"
SLACK_SECONDS = 60.0
SHOWN = 12
NEXT = {
    "Questions": (
        'loanward ask "明远精密的净利润为什么下降？" --home {home}',
        "loanward chat --home {home}",
        "loanward figure debt_to_ebitda --borrower C001 --period 2026-06-30 --home {home}",
    ),
    "Alerts": ("loanward alerts list --home {home}", "loanward signals --borrower C001 --hits --home {home}"),
    "The brief": ("open {brief}", "loanward briefs --month 2026-10 --home {home}"),
    "The console": ("loanward token create --user S008 --home {home}", "loanward serve --home {home}    # then http://127.0.0.1:8000 with that token"),
    "Slack": ("loanward slack manifest    # create the app from it, then see Slack in the README", "loanward slack --home {home}"),
    "The trail": ("loanward trail search --home {home}", "loanward trail replay ID --home {home}"),
}  # fmt: skip


@click.command()
@command
def demo(session: Session) -> int:
    """Build the sample bank, read its papers, ask questions. Offline, no key."""
    from assistant.answering import answer
    from eval.sample_bank.bank import generate
    from ingestion.loan_book.importer import import_loan_book
    from ingestion.pipeline import IngestOptions, exit_code, ingest_paths
    from ingestion.progress import ProgressLines
    from ingestion.routing import assignments_of

    began = time.monotonic()
    session.home = session.home or HOME
    folder = session.settings.home / "sample-bank"
    _step("1. A fictional bank is written: loan book, statements, contracts, visit notes")
    sample = generate(folder)
    click.echo(f"   {sample.borrowers} customers, {sample.loans} loans, {len(sample.documents)} documents in {folder}")

    _step("2. Its loan book is imported")
    bank = session.bank
    report = import_loan_book(session.caller, sample.loan_book, bank.store, bank.home, sample.book_date, session.now)
    rejected = f", {len(report.rejected)} rejected" if report.rejected else ""
    click.echo(f"   snapshot {report.shape()['snapshot']}, {sum(report.rows.values()):,} rows{rejected}")

    _step("3. Its papers are read: every number keeps its page and box")
    rows = [dict(row) for row in bank.loan_book.rows(session.caller, "documents", bank.clocks(None, None, session.now))]
    options = IngestOptions(workers=2, assignments=assignments_of(rows))  # type: ignore[arg-type]
    results = ingest_paths(
        session.caller, [sample.documents_dir], bank.store, lambda: datetime.now(UTC), options, ProgressLines(sys.stderr)
    )
    checks = [check for result in results for check in result.checks]
    failed = [check for check in checks if check["status"] == "failed"]
    click.echo(
        f"   {len(results)} files, {sum(r.facts for r in results):,} facts, {sum(r.passages for r in results):,} passages; "
        f"{len(checks):,} identity checks, {len(failed)} failed"
    )
    for result in results:
        if result.status != "ok" and not result.duplicate_of:
            click.echo(f"   look at {Path(result.file).name}: {result.status}: {result.message}")
    bank.search.catch_up()
    if bank.vectors is not None and bank.vectors.pending():
        end = time.monotonic() + session.settings.embed_seconds
        done = bank.vectors.index_pending(None, lambda: time.monotonic() > end)
        click.echo(
            f"   {done:,} passages embedded for search by meaning, {bank.vectors.pending():,} left for `loanward index update`"
        )

    _step("4. Questions are asked; each answer is checked number by number before it is shown")
    clocks = bank.clocks(None, None, session.now)
    for question in QUESTIONS:
        click.echo(f"\n   > {question}")
        answered = answer(bank, question, caller=session.caller, clocks=clocks, now=datetime.now(UTC))
        for line in answered.answer.splitlines():
            click.echo(f"     {line}")
        for citation in list(answered.citations)[:4]:
            shape = citation.shape()
            place = f"page {shape['page']}" if shape["page"] else shape["locator"] or ""
            click.echo(f"       [{shape['id']}] {shape['document']} {place}")
        more = len(answered.citations) - 4
        if more > 0:
            click.echo(f"       … and {more} more sources")

    _step("5. The monitor looks at every borrower: signals, alerts, proposals")
    looked = bank.run_monitor(session.caller, clocks, datetime.now(UTC)).shape()
    alerts = looked["alerts"]
    click.echo(f"   {looked['borrowers']} borrowers, {looked['loans']} loans: {alerts['opened']} alerts opened; "
               f"{looked['proposals']} proposals wait for a second person")  # fmt: skip
    for alert in bank.store.alerts.list(session.caller, severities=("red",))[:2]:
        shape = alert.shape()
        click.echo(f"   {shape['alert']} {shape['severity']}: {_text(shape['title'])}\n     {_text(shape['explanation'])}")

    _step("6. A monthly brief is written: every number in it passed the gate")
    from assistant.briefs.service import month_of
    from assistant.briefs.shelf import file_name, folder_of, put

    home, month = session.settings.home, f"{clocks.as_of:%Y-%m}"
    written = bank.briefs.write(session.caller, BRIEFED, month, clocks, datetime.now(UTC))
    folder = folder_of(home, month_of(month))
    paths = [folder / file_name(BRIEFED, None, ending) for ending in ("html", "docx", "pdf", "md")]
    for path in paths:
        put(path, written.content(path.suffix.lstrip(".")))  # type: ignore[arg-type]
    click.echo(f"   {written.first.name} {month}: {written.first.level_text}")
    for path in paths:
        click.echo(f"   {path}")

    _step("7. The console answers an auditor: search, pages with the number outlined, figures that unfold, the trail")
    staff = bank.loan_book.rows(session.caller, "staff", clocks)
    auditor = next(str(row["id"]) for row in staff if row["role"] == "auditor")
    officer = next(str(row["slack_user_id"]) for row in staff if row["role"] == "officer" and row["slack_user_id"])
    for line in _console(session, auditor):
        click.echo(f"   {line}")

    _step("8. Slack: an officer asks the real app, which talks to a stand-in for Slack on this machine")
    for line in _slack(home, officer):
        click.echo(f"   {line}")

    _step("9. The trail is verified: nothing was altered")
    verified = bank.store.trail.verify(session.caller)
    click.echo(f"   {verified.records} records, {'intact' if verified.ok else 'ALTERED'}")
    _step(f"Done in {time.monotonic() - began:.0f} seconds. Go on with")
    for heading, lines in NEXT.items():
        click.echo(f"   {heading}")
        for line in lines:
            click.echo(f"     {line.format(home=home, brief=paths[0])}")
    return 0 if verified.ok and exit_code(results) in (0, 1) else 1


def _console(session: Session, auditor: str) -> list[str]:
    """The console's own interface, asked with a token made for the auditor: a search, a figure, and the page its number stands on."""
    from fastapi.testclient import TestClient

    from integrations.api.app import create_app
    from integrations.links import Links

    bank = session.bank
    made, text = bank.store.tokens.create(session.caller, auditor, session.now, days=1, note="demo")
    pass_on = {"Authorization": f"Bearer {text}"}
    with TestClient(create_app(bank), base_url="http://127.0.0.1") as client:
        found = client.get("/api/v1/search", params={"q": "产线 检修", "borrower": BRIEFED}, headers=pass_on).json()
        figure = client.get(
            "/api/v1/figures/debt_to_ebitda", params={"borrower": BRIEFED, "period": "2026-06-30"}, headers=pass_on
        ).json()
        fact = _first_fact(figure)
        picture = client.get(f"/api/v1/documents/{fact['sha256']}/pages/{fact['page']}", headers=pass_on)
    bank.store.tokens.revoke(session.caller, made.id, session.now)
    links = Links("http://127.0.0.1:8000")
    return [
        f"search “产线 检修”: {len(found)} passages, the first in {found[0]['document']}"
        if found
        else "search “产线 检修”: nothing",
        f"debt_to_ebitda at 2026-06-30 = {Decimal(figure['value']):.4f}: {links.figure(BRIEFED, 'debt_to_ebitda', '2026-06-30')}",
        f"{fact['item']} = {fact['value']} on page {fact['page']} ({len(picture.content):,} bytes of picture): "
        + links.page(fact["sha256"], fact["page"], fact["box"], fact["label_box"]),
    ]


def _first_fact(node: dict[str, Any]) -> dict[str, Any]:
    """The first reported number a figure stands on."""
    while node["kind"] != "fact":
        node = node["inputs"][0]
    return node


def _slack(home: Path, officer: str) -> list[str]:
    """One question in a direct message, and what came back."""
    from eval.bench.slack import app_process
    from eval.fake_slack import FakeSlack

    with FakeSlack() as slack, app_process(home, slack):
        body = slack.question(officer, SLACK_QUESTION)
        slack.deliver(body)
        until = time.monotonic() + SLACK_SECONDS
        event = body["event"]
        while time.monotonic() < until:
            said = [m for m in slack.workspace.of_thread(event["channel"], event["ts"]) if m.streaming is None and m.blocks]
            if said:
                words = "\n".join(message.words for message in said)
                # A mark of a source is a piece of its own in Slack's rich text; the list of sources keeps a line each.
                joined = re.sub(r"\n(\[\d+\])(?! )(?:\n(?=[,，。;；]))?", r"\1", words)
                lines = [line for line in joined.splitlines() if line.strip()]
                return [f"> {SLACK_QUESTION}", *lines[:SHOWN], *(["…"] if len(lines) > SHOWN else [])]
            time.sleep(0.1)
    return ["the app did not answer in time"]


def _text(either: object) -> str:
    """A text in the bank's language, whether it is kept in one or two."""
    return str(either.get("zh") or next(iter(either.values()))) if isinstance(either, dict) else str(either)


def _step(text: str) -> None:
    click.secho(f"\n{text}", bold=True)
