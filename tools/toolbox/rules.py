"""What a rule means: ratios, building blocks, scores, line items, terms and rules, with formula, source and this bank's version; and
which categories days past due lead to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from tools.domain.facts import Passage, Row, Source
from tools.domain.rules import Known, judge_all
from tools.errors import BadRequest
from tools.rulebook.entries import HERE, read_file
from tools.rulebook.loan_rules import classification_under
from tools.rulebook.rule_words import rules_speaking_of
from tools.rulebook.terms import describe_term
from tools.rulebook.vocabulary import condition_in_words, describe
from tools.search.tokens import query_tokens
from tools.toolbox.artifacts import Artifact, ToolResult, Value
from tools.toolbox.desk import Desk
from tools.toolbox.references import mark

LANGUAGES = ("zh", "en")
MOST_DAYS = 6
MOST_RULES = 4
ID = re.compile(r"[A-Z]{2,4}-\d", re.IGNORECASE)
LEFT_OUT = frozenset({"mark", "also", "issued"})
"""What a reader of a rule's source need not see."""
_SETS: Mapping[str, Mapping[str, str]] = {
    "red": {"zh": "红色", "en": "red"}, "orange": {"zh": "橙色", "en": "orange"}, "yellow": {"zh": "黄色", "en": "yellow"},
}  # fmt: skip


def explain_rule(desk: Desk, rule: str, asked: str = "") -> ToolResult:
    """The tool: an entry of the rulebook as a row (its fields) and as a passage (its words, to be quoted and cited); several where a
    description (`asked`: the whole question) fits several classification rules.

    Raises BadRequest when nothing is called so."""
    rows, passages = [], []
    for found in _found(desk, rule, asked):
        row = _row(desk, found)
        text = "\n".join(f"{key}: {value}" for key, value in row.columns.items() if value)
        source = Source(
            f"rulebook/{found.get('file') or 'line_items'}", desk.rulebook.digest, None, None, None, str(found["id"])
        )
        rows.append(row)
        passages.append(Passage(f"rule:{row.id}", text, source, "rule", ""))
    artifact = Artifact("explain_rule", {"rule": rule}, rows=tuple(rows), passages=tuple(passages))
    return ToolResult("\n".join(f"{passage.text} {mark(passage.id)}" for passage in passages), artifact)


def _found(desk: Desk, rule: str, asked: str) -> list[Mapping[str, Any]]:
    try:
        return [describe(desk.rulebook, rule)]
    except BadRequest:
        words = [token for token in query_tokens(rule) if not any(letter.isdigit() for letter in token)]
        near = [] if ID.match(rule.strip()) else rules_speaking_of(words, desk.rulebook)
        term = describe_term(asked, desk.rulebook) if asked else None
        if term is not None and (not near or len(near) > 1):
            return [term]
        if not near:
            raise
        return [*near[:MOST_RULES]]


def _row(desk: Desk, found: Mapping[str, Any]) -> Row:
    columns: dict[str, str | None] = {"id": str(found["id"]), "kind": str(found["kind"])}
    for field in ("name", "explain", "formula_in_words"):
        for language in LANGUAGES:
            columns[f"{field}_{language}"] = (found.get(field) or {}).get(language)
    columns["formula_in_words_zh"] = _with_short_names(desk, columns["formula_in_words_zh"], found)
    columns["formula"] = found.get("formula")
    columns["unit"] = found.get("unit")
    columns["better"] = found.get("better")
    columns["basis"] = found.get("basis")
    for language in LANGUAGES:
        columns[f"warn_when_{language}"] = _levels(desk, found, language)
    columns["bands"] = "; ".join(f"{b['id']}: {b['when']}" for b in found.get("bands", ())) or None
    columns["derived_from"] = "; ".join(found.get("derived_from", ())) or None
    columns["labels"] = "; ".join(said for labels in (found.get("labels") or {}).values() for said in labels[:4]) or None
    columns["used_by"] = ", ".join(found.get("used_by", ())) or None
    columns["statement"] = found.get("statement")
    columns["value"] = found.get("value")
    source = found.get("source") or {}
    columns["source"] = " ".join(str(part) for key, part in source.items() if part and key not in LEFT_OUT) or None
    columns["rule"] = found.get("rule")
    columns["effective_from"] = found.get("effective_from")
    return Row("rulebook", str(found.get("rule") or found["id"]), columns)


def _with_short_names(desk: Desk, formula: str | None, found: Mapping[str, Any]) -> str | None:
    """A Chinese formula with the abbreviations officers use beside the long names: 息税折旧摊销前利润(EBITDA)."""
    for id in found.get("uses", ()):
        held = desk.rulebook.definition(id)
        if formula and held is not None and held.name["en"].isupper():
            formula = formula.replace(held.name["zh"], f"{held.name['zh']}({held.name['en']})")
    return formula


def _levels(desk: Desk, found: Mapping[str, Any], language: str) -> str | None:
    """Warning levels in words; sets of borrowers with the same level stand together."""
    groups: dict[str, list[str]] = {}
    measures = {m["id"]: m["name"] for m in found.get("measures", ())}
    names = _set_names()
    for level in found.get("warn_when", ()):
        said = condition_in_words(desk.rulebook, level["when"], language, measures)
        held = names.get(level["set"])
        groups.setdefault(said, []).append(held[language] if held else str(level["set"]))
    joint = ("、", ";", "({})") if language == "zh" else (", ", "; ", " ({})")
    return joint[1].join(said + joint[2].format(joint[0].join(sets)) for said, sets in groups.items()) or None


def _set_names() -> Mapping[str, Mapping[str, str]]:
    sets = read_file(HERE / "sets.yaml")["sets"]
    return {**{one["id"]: one["name"] for one in sets}, **_SETS}


def arrears_classes(desk: Desk, days: Sequence[int]) -> ToolResult:
    """The tool: the least category and the stage that so many days past due lead to by themselves, with the rules that say so."""
    if not days or len(days) > MOST_DAYS or any(day < 0 for day in days):
        raise BadRequest(
            f"days {list(days)} cannot be classified", fix=f"Give one to {MOST_DAYS} numbers of days, none below nought"
        )
    known = classification_under(desk.rulebook)
    values: list[Value] = []
    passages: dict[str, Passage] = {}
    lines: list[str] = []
    for day in dict.fromkeys(days):
        results = judge_all(known.rules, {"days_past_due": Known(Decimal(day))}, desk.clocks.as_of)
        hits = [result for result in results if result.verdict == "hit" and result.rule.asks == ("days_past_due",)]
        floors = [result for result in hits if result.rule.effect[0] == "classification_floor"]
        worst = known.worst(result.rule.effect[1] for result in floors)
        deciding = [result for result in floors if result.rule.effect[1] == worst]
        stages = [result for result in hits if result.rule.effect[0] == "stage"]
        stage = max((result.rule.effect[1] for result in stages), default="")
        told = [*deciding, *(result for result in stages if result.rule.effect[1] == stage)]
        for result in told:
            passage = _rule_passage(desk, result.rule.id, {language: result.told(language) for language in LANGUAGES}, day)
            passages[passage.id] = passage
        inputs = tuple(f"rule:{result.rule.id}:{day}" for result in told)
        values += [
            Value(
                f"days_class:{day}", "dpd", None, "days", Decimal(day), about=str(day), state=worst or "normal", inputs=inputs
            ),
            Value(f"days_stage:{day}", "stage", None, "count", Decimal(stage or "1"), about=str(day), inputs=inputs),
        ]
        lines.append(
            f"{day} days past due: at least {worst or 'normal'}, stage {stage or '1'}; "
            + "; ".join(p.text for p in passages.values() if p.id in inputs)
        )
    artifact = Artifact("arrears_classes", {"days": list(days)}, values=tuple(values), passages=tuple(passages.values()))
    return ToolResult("\n".join(lines), artifact)


def _rule_passage(desk: Desk, id: str, told: Mapping[str, str], day: int) -> Passage:
    source = Source("rulebook/classification/floors.yaml", desk.rulebook.digest, None, None, None, id)
    return Passage(f"rule:{id}:{day}", "\n".join(f"{id} {said}" for said in told.values()), source, "rule", "")
