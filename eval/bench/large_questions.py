"""Answers over ten thousand borrowers against an agent that makes the same tool calls and does nothing else.

Every kind of question once: a figure, a trend, a covenant, dues, arrears, a ranking, a filter, two borrowers, an unknown name. The first
asking of each is left out: what a process keeps between questions is part of a running process.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from eval.bench import Measure
from eval.bench.large_book import write_large_book
from eval.bench.questions import beside
from tools.domain.callers import LOCAL

if TYPE_CHECKING:
    from assistant.wiring import Bank

ROUNDS = 9
TARGET = 2.0
ASKED = (
    "{one}2025年资产负债率", "{one}近两年营业收入走势", "{one}逾期了吗", "比较{one}和{other}的流动比率", "锦程重装的约束都达标吗",
    "What was Mingyuan's revenue in FY2025?", "不存在贸易有限公司的收入是多少", "资产负债率最高的十户", "borrowers with a current ratio below 0.5",
    "贷款余额前十大客户", "下个月谁要还款",
)  # fmt: skip


def bench_large_questions(folder: Path, borrowers: int, say: Callable[[str], None]) -> list[Measure]:
    """The 95th percentile of all pairs of one answer and one no-op run."""
    bank = write_large_book(folder, borrowers, say)
    try:
        return measure(bank, say)
    finally:
        bank.close()


def measure(bank: Bank, say: Callable[[str], None]) -> list[Measure]:
    """On a bank that is there already."""
    from datetime import UTC, datetime

    everyone = bank.desk(LOCAL, bank.clocks(None, None, datetime.now(UTC))).index().borrowers
    names = {"one": everyone[len(everyone) // 2].name, "other": everyone[len(everyone) * 2 // 3].name}
    ratios: list[float] = []
    details: list[str] = []
    for asked in ASKED:
        question = asked.format(**names)
        ours, theirs, calls = beside(bank, question, ROUNDS)
        ratios += [mine / other for mine, other in zip(ours, theirs, strict=True)]
        details.append(
            f"{question}: {statistics.median(ours) * 1000:.0f} ms against {statistics.median(theirs) * 1000:.0f} ms with {calls} tool calls"
        )
        say(details[-1])
    ratio = statistics.quantiles(ratios, n=20)[-1]
    return [
        Measure(
            f"an answer over {len(everyone):,} borrowers in a running process, p95",
            "scripted no-op agent, same tool calls",
            ratio,
            f"<= {TARGET}",
            ratio <= TARGET,
            f"median {statistics.median(ratios):.2f}; " + "; ".join(details),
        )
    ]
