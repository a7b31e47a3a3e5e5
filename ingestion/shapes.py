"""The `extract` shape of interfaces.md: one file's reading as JSON that other programs rely on."""

from __future__ import annotations

from typing import Any

from ingestion.extraction import Check, Extraction, Message, Unmapped
from tools.domain.money import plain
from tools.domain.shapes import fact_shape, passage_shape


def extract_shape(extraction: Extraction, borrower: str | None = None) -> dict[str, Any]:
    """Everything read; `borrower` fills the facts' borrower when routing found one."""
    return {
        "document": {
            "name": extraction.name, "sha256": extraction.sha256, "pages": extraction.pages, "kind": extraction.kind,
            "language": extraction.language, "status": extraction.status, "assurance": extraction.assurance,
            "date": extraction.document_date.isoformat() if extraction.document_date else None,
            "period_end": extraction.period_end.isoformat() if extraction.period_end else None,
        },
        "entity": extraction.entity, "registration_id": extraction.registration_id, "borrower": borrower,
        "currency": extraction.currency, "scale": plain(extraction.scale) if extraction.scale is not None else None,
        "standard": extraction.standard,
        "facts": [fact_shape(fact) | {"borrower": fact.borrower or borrower} for fact in extraction.facts],
        "checks": [check_shape(check) for check in extraction.checks],
        "unmapped": [unmapped_shape(row) for row in extraction.unmapped],
        "covenants": [covenant | {"borrower": borrower} for covenant in extraction.covenants],
        "observations": extraction.observations, "transactions": extraction.transactions, "details": extraction.details,
        "passages": [passage_shape(passage) for passage in extraction.passages],
        "messages": [message_shape(message) for message in extraction.messages],
    }  # fmt: skip


def check_shape(check: Check) -> dict[str, Any]:
    """One identity on one column."""
    return {
        "id": check.id, "period_end": check.period_end.isoformat(), "status": check.status,
        "difference": plain(check.difference) if check.difference is not None else None, "facts": list(check.facts),
        "scope": check.scope, "detail": check.detail,
    }  # fmt: skip


def unmapped_shape(row: Unmapped) -> dict[str, Any]:
    """A row no line item was found for: `raw` is the row as printed, `cells` its amounts one by one."""
    return {
        "label": row.label, "raw": "  ".join(row.raw), "cells": list(row.raw), "page": row.page, "box": list(row.box) if row.box else None,
        "locator": row.locator, "statement": row.statement,
    }  # fmt: skip


def message_shape(message: Message) -> dict[str, Any]:
    """Something to know about the reading."""
    return {"level": message.level, "page": message.page, "text": message.text}
