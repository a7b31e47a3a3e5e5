"""`loanward eval layouts|clauses|visits|papers`: the readers on what nobody prepared them for.

Each prints what was right of what was asked; exit 1 below the target, or where something was invented or filed with the wrong borrower.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import click

from integrations.cli.session import Session

TARGETS = {"layouts": 0.99, "clauses": 0.95, "visits": 0.90, "papers": 0.95}


def layouts_suite(session: Session, seed: int, count: int, form: str) -> int:
    """Statements drawn by lot, written, read and compared with what was written."""
    from eval.layouts.running import FORMATS, judge

    total: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for kind in FORMATS if form == "all" else (form,):
            for lot in range(seed, seed + count):
                result = judge(lot, kind, Path(folder))
                total.update(
                    files=1, right=result.right, wrong=len(result.wrong), missing=len(result.missing),
                    not_in_truth=len(result.extra), sure=result.sure, sure_wrong=len(result.sure_wrong), alarms=len(result.failed),
                )  # fmt: skip
                if not session.as_json:
                    for fault in (*result.wrong, *result.missing, *result.extra)[:4]:
                        click.echo(f"{kind} lot {lot}: {fault}")
    return _told(session, "layouts", total, total["right"], total["right"] + total["wrong"] + total["missing"])


def reading_suite(session: Session, suite: str) -> int:
    """Clauses, notes or papers."""
    if suite == "papers":
        return _papers(session)
    total: Counter[str] = Counter()
    right = asked = 0
    for fault_lines, case_right, case_asked, invented in _clauses() if suite == "clauses" else _visits():
        right += case_right.total()
        asked += case_asked.total()
        total.update({f"{name} asked": number for name, number in case_asked.items()})
        total.update({f"{name} right": number for name, number in case_right.items()})
        total["invented"] += invented
        for line in () if session.as_json else fault_lines:
            click.echo(line)
    return max(_told(session, suite, total, right, asked), int(total["invented"] > 0))


def _clauses() -> list[tuple[list[str], Counter[str], Counter[str], int]]:
    from eval.clauses.running import cases, judge

    judged = [judge(case) for case in cases()]
    return [
        ([f"{j.case}: {fault}" for fault in (*j.faults, *j.invented)], j.right, j.asked, len(j.invented)) for j in judged
    ]  # fmt: skip


def _visits() -> list[tuple[list[str], Counter[str], Counter[str], int]]:
    from eval.visits.running import judge, notes

    return [([f"{j.note}: {fault}" for fault in j.faults], j.right, j.asked, 0) for j in map(judge, notes())]


def _papers(session: Session) -> int:
    from eval.papers.running import BOOK, filed

    total: Counter[str] = Counter()
    for paper, kind, whose, message, facts in filed():
        wanted = paper["borrower"] if isinstance(paper["borrower"], list) else [paper["borrower"]]
        right = kind in paper["kind"], whose in wanted
        silent = whose in {entry["id"] for entry in BOOK} and not right[1]
        total.update(files=1, kind=right[0], borrower=right[1], wrong_borrower=silent)
        total["figures_of_no_statement"] += facts > 0 and "statement" not in paper["kind"]
        if not all(right) and not session.as_json:
            click.echo(f"{paper['id']} {paper['name']}: {kind}, not {paper['kind']}; {whose}, not {wanted}: {message}")
    failed = total["wrong_borrower"] + total["figures_of_no_statement"]
    return max(_told(session, "papers", total, total["kind"] + total["borrower"], 2 * total["files"]), int(failed > 0))


def _told(session: Session, suite: str, total: Counter[str], right: int, asked: int) -> int:
    share = right / max(asked, 1)
    if session.as_json:
        session.emit({"suite": suite, "right": right, "asked": asked, **total})
    else:
        click.echo("  ".join(f"{name}: {number}" for name, number in total.items()))
        click.echo(f"{suite}: {right} of {asked} right ({share:.1%}), target {TARGETS[suite]:.0%}")
    return int(share < TARGETS[suite])
