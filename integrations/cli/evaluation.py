"""The golden set and the gate's examination for `loanward eval`: shares, two models side by side, the baseline, a page."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from integrations.cli.session import Session

if TYPE_CHECKING:
    from assistant.answering import Assistant
    from assistant.wiring import Bank


def golden_suite(session: Session, bank: Bank, sample: Path, page: Path | None, beside: str | None, keep: bool) -> int:
    """Every golden question with its asker's rights; 1 when an answer is not fully right."""
    from eval.golden.reporting import BASELINE, baseline, summary, worse
    from eval.golden.reporting import page as rendered
    from eval.golden.running import run_golden

    _monitored(session, bank)
    clocks = bank.clocks(None, None, session.now)
    reports = {bank.assistant.choice.name: run_golden(bank, clocks, session.now, sample)}
    if beside:
        reports[beside] = run_golden(bank, clocks, session.now, sample, assistant=_other(session, bank, beside))
    first = next(iter(reports.values()))
    right, asked = first.share()
    kept = baseline() if BASELINE.is_file() and not keep else None
    if keep:
        BASELINE.write_text(json.dumps(summary(first), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if page is not None:
        page.write_text(rendered(reports, kept), encoding="utf-8")
        session.say(f"Report: {page}")
    lost = worse(first, kept) if kept else []
    if session.as_json:
        session.emit({name: summary(report) for name, report in reports.items()} | {"worse_than_baseline": lost})
    else:
        for name, report in reports.items():
            click.echo(f"{name}:")
            click.echo("\n".join(report.lines()))
        click.echo("against the baseline: " + (", ".join(lost) or "nothing got worse"))
    return 0 if right == asked else 1


def gate_suite(session: Session, bank: Bank, altered: int, reworded: int) -> int:
    """Alterations and rewordings of the answers to all questions written for a bank; 1 when a target is missed."""
    from eval.gate.material import right_answers
    from eval.gate.suite import examine

    _monitored(session, bank)
    answers = list(right_answers(bank, bank.clocks(None, None, session.now), session.now))
    session.say(f"{len(answers)} answers to alter and to reword")
    report = examine(answers, altered, reworded, lambda number: session.say(f"{number}") if number % 50 == 0 else None)
    if session.as_json:
        session.emit({"altered": report.altered.total(), "missed": report.missed.total(), "caught": str(round(report.caught, 5)),
                      "reworded": report.reworded, "blocked": len(report.blocked), "met": report.met})  # fmt: skip
    else:
        click.echo("\n".join(report.lines()))
    return 0 if report.met else 1


def _monitored(session: Session, bank: Bank) -> None:
    """Runs the monitoring once, so that there are alerts to ask about."""
    from tools.domain.callers import LOCAL

    session.say("running the monitoring")
    bank.run_monitor(LOCAL, bank.clocks(None, None, session.now), session.now)


def _other(session: Session, bank: Bank, name: str) -> Assistant:
    from assistant.models import ModelChoice

    s = session.settings
    choice = ModelChoice(name, s.model_base_url, s.key(), s.model_timeout, s.model_retries)
    return replace(bank.assistant, choice=choice)
