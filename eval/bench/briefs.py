"""What a brief costs against its figures and charts alone.

The baseline reads the same figures, covenants, loans, signals and traces through the desk and draws the same charts, in the same run and in
turns with the brief, so that a busy moment of the machine falls on both. What the brief adds is words, evidence, the gate, the record
and the page.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from assistant.briefs.material import gather
from assistant.briefs.model import Chart, Table
from assistant.briefs.series import series_of
from assistant.briefs.service import at_month, month_of
from assistant.charts.svg import svg
from eval.bench import Measure
from tools.domain.callers import LOCAL

if TYPE_CHECKING:
    from assistant.charts.sheet import Sheet
    from assistant.wiring import Bank

RUNS = 2


def bench_briefs(bank: Bank, month: str, now: datetime, say: Callable[[str], None]) -> list[Measure]:
    """One brief of each borrower with statements, `RUNS` times after one run that warms both sides."""
    first = month_of(month)
    clocks = at_month(first, bank.clocks(None, None, now))
    since = first - timedelta(days=1)
    who = [b.id for b in bank.store.borrowers.all(LOCAL) if bank.desk(LOCAL, clocks).book(b.id).period_ends()]
    charts: dict[str, list[Sheet]] = {}
    for borrower in who:
        written = bank.briefs.write(LOCAL, borrower, first, clocks, now)
        _ = written.html
        blocks = [block for section in written.first.sections for block in section.blocks]
        charts[borrower] = [block.sheet for block in blocks if isinstance(block, Chart)]
        charts[borrower] += [
            c.sheet for b in blocks if isinstance(b, Table) for row in b.rows for c in row.cells if c.sheet is not None
        ]
    whole: list[float] = []
    alone: list[float] = []
    few: list[float] = []
    for _ in range(RUNS):
        for borrower in who:
            started = time.perf_counter()
            gather(bank.desk(LOCAL, clocks), borrower, since, first)
            for sheet in charts[borrower]:
                svg(sheet)
            between = time.perf_counter()
            _ = bank.briefs.write(LOCAL, borrower, first, clocks, now).html
            ended = time.perf_counter()
            series_of(bank.desk(LOCAL, clocks), borrower)
            alone.append(between - started)
            whole.append(ended - between)
            few.append(time.perf_counter() - ended)
        say(f"briefs {sum(whole):.1f} s, figures and charts alone {sum(alone):.1f} s")
    ratio = sum(whole) / sum(alone)
    return [
        Measure(
            f"a brief of each of {len(who)} borrowers, HTML, proven and recorded", "its figures, covenants, loans, signals, traces and charts alone",
            ratio, "<= 3", ratio <= 3,
            f"median {statistics.median(whole):.2f} s against {statistics.median(alone):.2f} s; its eleven key figures by themselves {statistics.median(few):.3f} s",
        )
    ]  # fmt: skip
