"""Teaching: a rule on the borrower's own numbers, and a short quiz drawn from cases that were decided."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tools.domain.callers import Caller
from tools.domain.periods import Clocks
from tools.errors import LoanwardError
from tools.toolbox.covenant_desk import assessments
from tools.toolbox.desk import Desk
from tools.toolbox.loan_states import running, views_of
from tools.toolbox.rendering import shown

if TYPE_CHECKING:
    from assistant.wiring import Bank

CLASSES = ("normal", "special_mention", "substandard", "doubtful", "loss")
SIGNAL = re.compile(r"^[A-Z]{3}-\d{2}$")
MARK = re.compile(r"\s*\{[0-9a-f,]+\}")
COUNTED = re.compile(r"^\d+ hit, \d+ clear")
WORDS = {
    "zh": {
        "class": "{who}的贷款{loan}逾期{dpd}天。按规则,至少应分为哪一类?", "class_why": "应至少为{answer}:{rules}。", "covenant": "{who}的约束{id}:{metric}限额{operator}{limit},实际{actual}。结果是?",
        "covenant_why": "{answer}:实际{actual},限额{limit}。", "compliant": "符合约定", "breach": "违反约定", "waived": "已豁免", "not_evidenced": "缺少证据", ">=": "不低于", "<=": "不超过",
    },
    "en": {
        "class": "Loan {loan} of {who} is {dpd} days past due. What is the least category by rule?", "class_why": "At least {answer}: {rules}.",
        "covenant": "Covenant {id} of {who}: {metric} {operator} {limit}, actual {actual}. What is the result?", "covenant_why": "{answer}: actual {actual}, limit {limit}.",
        "compliant": "compliant", "breach": "breach", "waived": "waived", "not_evidenced": "not evidenced", ">=": "at least", "<=": "at most",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """One question of the quiz; `answer` is the place of the right choice, `rule` what it was decided by."""

    question: str
    choices: tuple[str, ...]
    answer: int
    explanation: str
    rule: str

    def shape(self) -> dict[str, Any]:
        """JSON."""
        return {
            "question": self.question,
            "choices": list(self.choices),
            "answer": self.answer,
            "explanation": self.explanation,
            "rule": self.rule,
        }


def on_borrower(desk: Desk, rule: str, borrower: str) -> dict[str, Any]:
    """How a metric, signal or classification rule stands for one borrower: its newest value, verdict, or the loans it hits."""
    from tools.toolbox.registry import registry

    who = desk.borrower(borrower)
    wanted = rule.strip()
    told: dict[str, Any] = {"borrower": who.id, "name": who.name}
    asked: list[tuple[str, dict[str, Any]]] = (
        [("signals", {"borrower": who.id, "signal": wanted})] if SIGNAL.match(wanted) else []
    )
    asked.append(("figures", {"borrowers": [who.id], "names": [wanted], "periods": ["latest", "last1y"]}))
    for tool, arguments in asked:
        try:
            found = registry()[tool].call(desk, arguments)
        except LoanwardError:
            continue
        if found.artifact.values or found.artifact.figures or found.artifact.facts:
            lines = [MARK.sub("", line).strip() for line in found.text.splitlines()]
            told[tool] = [line for line in lines if line and not COUNTED.match(line)]
    loans = [
        {
            "loan": view.terms.id, "rule": result.rule.id, "verdict": result.verdict,
            "told": {language: result.told(language) if result.verdict == "hit" else "" for language in ("zh", "en")},
        }
        for view in views_of(desk, who.id) if running(view) and view.classification is not None
        for result in view.classification.results if result.rule.id.lower().startswith(wanted.lower()) and wanted.upper().startswith("CLS")
    ]  # fmt: skip
    if loans:
        told["loans"] = loans
    return told


def quiz_of(bank: Bank, caller: Caller, clocks: Clocks, *, count: int, seed: int, language: str) -> list[Case]:
    """Questions from the caller's own book: loans in arrears and covenants that were tested."""
    desk = bank.desk(caller, clocks)
    words = WORDS[language]
    glossary = bank.assistant.tongue.glossary
    pool = [*_classes(desk, words, glossary, language), *_covenants(desk, words, glossary, language)]
    rng = random.Random(seed)
    rng.shuffle(pool)
    return pool[:count]


def _classes(desk: Desk, words: Mapping[str, str], glossary: Any, language: str) -> list[Case]:
    made = []
    for view in views_of(desk):
        judged = view.classification
        if not running(view) or judged is None or not view.dpd or not judged.floors:
            continue
        who = desk.borrower(view.terms.borrower).name
        rules = "; ".join(f"{r.rule.id} {r.told(language)}" for r in judged.floors[:2])
        choices = tuple(glossary.word("classification", c, language) for c in CLASSES[:4])
        if judged.proposed not in CLASSES[:4]:
            continue
        answer = CLASSES.index(judged.proposed)
        made.append(Case(words["class"].format(who=who, loan=view.terms.id, dpd=view.dpd), choices, answer,
                         words["class_why"].format(answer=choices[answer], rules=rules), judged.floors[0].rule.id))  # fmt: skip
    return made


def _covenants(desk: Desk, words: Mapping[str, str], glossary: Any, language: str) -> list[Case]:
    made = []
    for found in assessments(desk):
        test, limit = found.latest, found.latest.limit.single if found.latest.limit else None
        status = "compliant" if test.status == "at_risk" else test.status
        figure = test.figure
        if (
            status not in ("compliant", "breach")
            or figure is None
            or figure.value is None
            or limit is None
            or (found.covenant.operator or "") not in words
        ):
            continue
        actual, bound = (shown(v, figure.unit, figure.currency, language, exact=False) for v in (figure.value, limit))
        choices = tuple(words[key] for key in ("compliant", "breach", "waived", "not_evidenced"))
        answer = 0 if status == "compliant" else 1
        slots = {"id": found.covenant.id, "who": desk.borrower(found.covenant.borrower).name, "metric": glossary.metric(figure.name, language),
                 "operator": words[found.covenant.operator or ""], "limit": bound, "actual": actual}  # fmt: skip
        made.append(
            Case(
                words["covenant"].format(**slots),
                choices,
                answer,
                words["covenant_why"].format(answer=choices[answer], **slots),
                found.covenant.id,
            )
        )
    return made
