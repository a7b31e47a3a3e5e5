"""Runs the golden set over an opened bank and says, per language and file, how many answers are fully right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from assistant.answering import Assistant
from assistant.wiring import Bank
from eval.golden.questions import Question, load
from eval.golden.scoring import Truth, faults, truth_of
from eval.golden.told import story_questions
from tools.domain.periods import Clocks


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question with what was answered and what is wrong with it."""

    question: Question
    answer: str
    status: str
    faults: tuple[str, ...]
    ms: int


@dataclass(frozen=True, slots=True)
class GoldenReport:
    """All outcomes of a run."""

    outcomes: tuple[Outcome, ...]

    def share(self, language: str | None = None) -> tuple[int, int]:
        """(fully right, asked), of one language or of all."""
        chosen = [o for o in self.outcomes if language in (None, o.question.language)]
        return sum(1 for o in chosen if not o.faults), len(chosen)

    def by_file(self) -> dict[str, tuple[int, int]]:
        """(fully right, asked) by the file a question stands in."""
        found: dict[str, tuple[int, int]] = {}
        for outcome in self.outcomes:
            key = outcome.question.id.split("-")[0]
            right, asked = found.get(key, (0, 0))
            found[key] = (right + (not outcome.faults), asked + 1)
        return found

    def lines(self) -> list[str]:
        """A report for the terminal: every miss, then the shares."""
        out = []
        for o in self.outcomes:
            if o.faults:
                out.append(f"{o.question.id}  {o.question.text}\n    {'; '.join(o.faults)}\n    {o.status}: {o.answer[:300]!r}")
        for language in ("zh", "en"):
            right, asked = self.share(language)
            out.append(
                f"{language}: {right} of {asked} fully right ({right / asked:.1%})" if asked else f"{language}: none asked"
            )
        kinds = Counter(fault.split(" ")[0] for o in self.outcomes for fault in o.faults)
        out.append("misses by kind: " + (", ".join(f"{k} {n}" for k, n in kinds.most_common()) or "none"))
        return out


def run_golden(
    bank: Bank, clocks: Clocks, now: datetime, sample: Path, questions: Sequence[Question] | None = None,
    seen: Callable[[Outcome], None] = lambda _: None, assistant: Assistant | None = None,
) -> GoldenReport:  # fmt: skip
    """Asks every question with its user's rights. `sample`: the sample bank's folder, for the truth; `assistant`: another
    one than the bank's own, to compare models."""
    truth = truth_of(sample)
    outcomes = []
    for question in questions if questions is not None else [*load(), *story_questions(sample)]:
        outcome = _ask(bank, clocks, now, question, truth, assistant)
        seen(outcome)
        outcomes.append(outcome)
    return GoldenReport(tuple(outcomes))


def _ask(
    bank: Bank, clocks: Clocks, now: datetime, question: Question, truth: Truth, assistant: Assistant | None = None
) -> Outcome:
    caller = bank.caller(question.user, now)
    assistant = assistant or bank.assistant
    thread = f"golden-{now:%Y%m%d%H%M%S}-{question.thread}" if question.thread else None
    result = assistant.ask(question.text, caller=caller, clocks=clocks, now=now, thread=thread, borrower=question.borrower)
    shape = result.shape()
    return Outcome(question, result.answer, result.status, tuple(faults(question, shape, truth)), result.ms)
