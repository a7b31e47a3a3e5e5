"""What one run of the agent carries beside its messages: the desk (caller and clocks inside) and the record of what happened.

LangGraph hands it to every tool and middleware as `runtime.context`; no model can see or set it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant.citing import Cited
from assistant.masking import Mask
from assistant.verification.evidence import Names
from assistant.verification.gate import Unsupported
from tools.toolbox.artifacts import Artifact, ToolResult
from tools.toolbox.desk import Desk
from tools.toolbox.registry import registry

Progress = Callable[[str, Mapping[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Used:
    """One tool call made: arguments, milliseconds, what it found or why it failed."""

    name: str
    arguments: Mapping[str, Any]
    ms: int
    artifact: Artifact | None
    error: str = ""

    def shape(self) -> dict[str, Any]:
        """The `tools` element of the `ask` shape."""
        return {"name": self.name, "arguments": dict(self.arguments), "ms": self.ms} | (
            {"error": self.error} if self.error else {}
        )


@dataclass
class Run:
    """One question's run. `cited` and `unsupported` are the last answer's, as checked; `checks` every verdict in order;
    `mask` hides personal data from a model outside the bank."""

    desk: Desk
    question: str
    names: Names
    value_names: Names
    progress: Progress | None = None
    used: list[Used] = field(default_factory=list)
    cited: Cited | None = None
    unsupported: list[Unsupported] = field(default_factory=list)
    checks: list[list[Unsupported]] = field(default_factory=list)
    mask: Mask | None = None

    @property
    def artifacts(self) -> list[Artifact]:
        """Everything found so far."""
        return [used.artifact for used in self.used if used.artifact is not None]

    def call(self, name: str, arguments: Mapping[str, Any]) -> ToolResult:
        """Run one tool of the registry and keep its record."""
        if self.progress:
            self.progress(name, arguments)
        started = time.perf_counter()
        try:
            result = registry()[name].call(self.desk, arguments)
        except Exception as problem:
            self.used.append(Used(name, arguments, _ms(started), None, str(problem)))
            raise
        self.used.append(Used(name, arguments, _ms(started), result.artifact))
        return result


def _ms(started: float) -> int:
    return round((time.perf_counter() - started) * 1000)
