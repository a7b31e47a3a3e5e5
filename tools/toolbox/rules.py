"""What a rule means: ratios, building blocks, scores, line items and parameters, with formula, source and this bank's version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tools.domain.facts import Passage, Row, Source
from tools.rulebook.vocabulary import describe
from tools.toolbox.artifacts import Artifact, ToolResult
from tools.toolbox.desk import Desk
from tools.toolbox.references import mark


def explain_rule(desk: Desk, rule: str) -> ToolResult:
    """The tool: one entry of the rulebook as a row (its fields) and as a passage (its words, to be quoted and cited).

    Raises BadRequest when nothing is called so."""
    found = describe(desk.rulebook, rule)
    row = _row(found)
    text = "\n".join(f"{key}: {value}" for key, value in row.columns.items() if value)
    source = Source(f"rulebook/{found.get('file') or 'line_items'}", desk.rulebook.digest, None, None, None, str(found["id"]))
    passage = Passage(f"rule:{row.id}", text, source, "rule", "")
    artifact = Artifact("explain_rule", {"rule": rule}, rows=(row,), passages=(passage,))
    return ToolResult(f"{text} {mark(passage.id)}", artifact)


def _row(found: Mapping[str, Any]) -> Row:
    columns: dict[str, str | None] = {"id": str(found["id"]), "kind": str(found["kind"])}
    for field in ("name", "explain", "formula_in_words"):
        for language in ("zh", "en"):
            columns[f"{field}_{language}"] = (found.get(field) or {}).get(language)
    columns["formula"] = found.get("formula")
    columns["unit"] = found.get("unit")
    columns["better"] = found.get("better")
    columns["basis"] = found.get("basis")
    columns["warn_when"] = "; ".join(f"{w['when']} ({w['set']})" for w in found.get("warn_when", ())) or None
    columns["bands"] = "; ".join(f"{b['id']}: {b['when']}" for b in found.get("bands", ())) or None
    columns["derived_from"] = "; ".join(found.get("derived_from", ())) or None
    columns["labels"] = "; ".join(said for labels in (found.get("labels") or {}).values() for said in labels[:4]) or None
    columns["used_by"] = ", ".join(found.get("used_by", ())) or None
    columns["statement"] = found.get("statement")
    columns["value"] = found.get("value")
    source = found.get("source") or {}
    columns["source"] = " ".join(str(part) for part in source.values() if part) or None
    columns["rule"] = found.get("rule")
    columns["effective_from"] = found.get("effective_from")
    return Row("rulebook", str(found.get("rule") or found["id"]), columns)
