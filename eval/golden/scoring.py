"""Is an answer right? Each thing a question asks for is checked by itself, so that a miss says what was missed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from eval.golden.questions import FactKey, Question
from eval.golden.shown import expected, shows

_QUOTIENT = re.compile(r"(?P<who>C\d+\S*) (?P<above>\w+)/(?P<below>\w+) (?P<end>\d{4}-\d\d-\d\d)(?: %)?")
Truth = Mapping[FactKey, Decimal]


def truth_of(folder: Path) -> Truth:
    """Printed figures of the sample bank by borrower (C009/parent for the parent's own), item, period end and months; later papers win."""
    found: dict[FactKey, Decimal] = {}
    with (folder / "truth" / "printed.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            owner = row["file"].split("_")[0] + ("" if row["scope"] == "consolidated" else f"/{row['scope']}")
            found[(owner, row["item"], row["period_end"], row["period_months"])] = Decimal(row["value"])
    return found


def faults(question: Question, answer: Mapping[str, Any], truth: Truth) -> list[str]:
    """What is wrong with an answer (the `ask` shape); empty when it is right."""
    wrong: list[str] = []
    text = str(answer["answer"])
    if question.status and answer["status"] != question.status:
        wrong.append(f"status {answer['status']} instead of {question.status}")
    if answer["language"] != question.language:
        wrong.append(f"language {answer['language']}")
    if not answer["verified"]:
        wrong.append("not verified")
    wrong += _borrowers(question, answer)
    for key in question.facts:
        value = truth.get(key)
        if value is None:
            wrong.append(f"the golden set names no printed figure: {key}")
        elif not shows(text, value):
            wrong.append(f"does not show {key[1]} {key[2]} = {value}")
        elif not _rests_on(answer, key):
            wrong.append(f"no fact or figure behind {key[1]} {key[2]}")
    wrong += [
        f"does not show {number}" for number in question.numbers if not shows(text, _worked(number, truth) or expected(number))
    ]
    wrong += [
        f"does not say {words}" for words in question.says if not any(word.lower() in text.lower() for word in words.split("|"))
    ]
    wrong += [f"says {words}" for words in question.never if any(word.lower() in text.lower() for word in words.split("|"))]
    wrong += _citations(question, answer)
    return wrong


def _worked(number: str, truth: Truth) -> Decimal | None:
    """`C006 total_liabilities/total_assets 2026-06-30 %`: a share or multiple of two printed balances; None for a plain number."""
    match = _QUOTIENT.fullmatch(number)
    if match is None:
        return None
    above, below = (truth[(match["who"], match[part], match["end"], 0)] for part in ("above", "below"))
    return above / below


def _borrowers(question: Question, answer: Mapping[str, Any]) -> list[str]:
    about = {node["borrower"] for node in (*answer["figures"], *answer["facts"])}
    about |= {row["columns"].get("customer_id") for row in answer["rows"]} - {None}
    wrong = [f"nothing about {id}" for id in question.borrowers if about and id not in about]
    if question.borrowers and (others := about - set(question.borrowers)):
        wrong.append(f"speaks of {', '.join(sorted(others))}")
    return wrong


def _rests_on(answer: Mapping[str, Any], key: FactKey) -> bool:
    borrower, item, end, _ = key
    return any(
        node["borrower"] == borrower and end == node["period_end"] and item in (node.get("item"), node.get("name"))
        for node in (*answer["facts"], *answer["figures"])
    )


def _citations(question: Question, answer: Mapping[str, Any]) -> list[str]:
    marks = set(re.findall(r"\[(\d+)\]", str(answer["answer"])))
    ids = {citation["id"] for citation in answer["citations"]}
    wrong = [f"mark [{mark}] has no source" for mark in sorted(marks - ids)]
    if question.status == "answered" and (question.facts or question.numbers) and not marks:
        wrong.append("no source is named")
    for citation in answer["citations"]:
        if not (citation["page"] or citation["locator"]):
            wrong.append(f"source [{citation['id']}] has neither page nor place")
    return wrong
