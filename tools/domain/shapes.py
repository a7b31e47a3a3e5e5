"""The JSON shapes of interfaces: facts, figures, rows and passages as other programs read them.

Money and ratios leave as strings of plain decimals; dates as ISO; coordinates as numbers.
"""

from __future__ import annotations

from typing import Any

from tools.domain.facts import Fact, Passage, Row
from tools.domain.figures import Figure
from tools.domain.money import plain


def fact_shape(fact: Fact) -> dict[str, Any]:
    """The `fact` shape."""
    source = fact.source
    return {
        "id": fact.id, "kind": "fact", "item": fact.item, "value": plain(fact.value), "currency": fact.currency,
        "period_start": fact.period.start.isoformat() if fact.period.start else None,
        "period_end": fact.period.end.isoformat(), "period_months": fact.period.months, "scope": fact.scope,
        "assurance": fact.assurance, "statement": fact.statement, "borrower": fact.borrower,
        "document": source.document, "sha256": source.sha256, "page": source.page,
        "box": list(source.box) if source.box else None,
        "label_box": list(source.label_box) if source.label_box else None, "locator": source.locator,
        "label": fact.label, "raw": fact.raw, "scale": plain(fact.scale), "confidence": plain(fact.confidence),
        "recorded_at": fact.recorded_at.isoformat() if fact.recorded_at else None,
        "superseded_by": fact.superseded_by, "flags": list(fact.flags),
    }  # fmt: skip


def figure_shape(figure: Figure) -> dict[str, Any]:
    """The `figure` shape, inputs nested to the facts."""
    return {
        "id": figure.id, "kind": "figure", "name": figure.name, "status": figure.status,
        "value": plain(figure.value) if figure.value is not None else None, "unit": figure.unit,
        "currency": figure.currency, "period_end": figure.period_end.isoformat(), "scope": figure.scope,
        "basis": figure.basis, "borrower": figure.borrower, "formula": figure.formula, "rule": figure.rule,
        "missing": list(figure.missing), "reason": figure.reason, "flags": list(figure.flags),
        "inputs": [node_shape(node) for node in figure.inputs],
    }  # fmt: skip


def row_shape(row: Row) -> dict[str, Any]:
    """The `row` shape."""
    return {"kind": "row", "table": row.table, "id": row.id, "columns": dict(row.columns)}


def node_shape(node: Figure | Fact | Row) -> dict[str, Any]:
    """Whichever of the three a figure's input is."""
    if isinstance(node, Figure):
        return figure_shape(node)
    return fact_shape(node) if isinstance(node, Fact) else row_shape(node)


def passage_shape(passage: Passage) -> dict[str, Any]:
    """The `passage` shape."""
    source = passage.source
    return {
        "id": passage.id, "text": passage.text, "document": source.document, "sha256": source.sha256,
        "kind": passage.kind, "borrower": passage.borrower, "page": source.page,
        "boxes": [list(box) for box in passage.boxes], "locator": source.locator, "date": passage.date,
        "score": plain(passage.score) if passage.score is not None else None, "heading": passage.heading,
    }  # fmt: skip
