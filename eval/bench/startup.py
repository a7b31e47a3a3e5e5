"""What one `loanward ask` for a figure costs in a fresh process, and what it imports.

The baseline is importing SQLAlchemy, pydantic and LangChain's agents, without which no such program exists. Runs of the two
alternate, so that a busy moment of the machine falls on both.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from eval.bench import Measure

HEAVY = ("torch", "chromadb", "pdfplumber")
RUNS = 7


def bench_startup(home: Path, question: str, say: Callable[[str], None]) -> list[Measure]:
    """`home` holds a bank the question can be answered from."""
    ask = [sys.executable, "-m", "integrations.cli", "ask", question, "--home", str(home), "--json"]
    base = [sys.executable, "-c", "import sqlalchemy, pydantic, langchain.agents"]
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(RUNS):
        theirs.append(_timed(base))
        ours.append(_timed(ask))
        say(f"ask {ours[-1]:.2f} s, imports alone {theirs[-1]:.2f} s")
    ratio = statistics.median(ours) / statistics.median(theirs)
    loaded = _imported(ask)
    return [
        Measure(
            "loanward ask for a figure, fresh process",
            'python -c "import sqlalchemy, pydantic, langchain.agents"',
            ratio,
            "<= 2.5",
            ratio <= 2.5,
            f"median {statistics.median(ours):.2f} s against {statistics.median(theirs):.2f} s",
        ),
        Measure(
            "heavy libraries that ask imports",
            ", ".join(HEAVY),
            float(len(loaded)),
            "== 0",
            not loaded,
            ", ".join(loaded) or "none",
        ),
    ]


def _timed(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - started


def _imported(command: list[str]) -> list[str]:
    """Which heavy libraries the same command loads, from the interpreter's own import log."""
    done = subprocess.run([command[0], "-X", "importtime", *command[1:]], check=True, capture_output=True, text=True)
    names = {
        line.rsplit("|", 1)[-1].strip().split(".")[0] for line in done.stderr.splitlines() if line.startswith("import time:")
    }
    return [name for name in HEAVY if name in names]
