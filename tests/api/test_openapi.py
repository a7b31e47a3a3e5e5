"""The whole description, tried by a machine: whatever it allows or forbids, no fault of ours and no answer outside its schema."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from tests.api.house import House

SOUND = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance, response_schema_conformance,
    unsupported_method, ignored_auth,
]  # fmt: skip
PATIENCE = 300
"""Seconds: the first question loads what answers need, which on a busy machine takes longer than the attacker waits by himself."""
LONG = {"GET /api/v1/trail/verify"}
"""Read everything on every call: a few examples do."""
FEW = {"GET /api/v1/facts", "GET /api/v1/documents/{sha256}", "POST /api/v1/alerts/{alert}/snooze", "GET /api/v1/trail"}
"""For the fast run: a list, an address, a body, and clocks."""


def attacked(house: House, user: str, examples: int, only: set[str] | None = None) -> int:
    """Every operation (of `only`, when given) with `examples` generated requests, right and wrong ones; returns how many were sent."""
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", house.app)
    sent = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        if only is not None and operation.label not in only:
            continue
        count = min(examples, 3) if operation.label in LONG else examples
        for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):
            strategy = operation.as_strategy(generation_mode=mode)

            def attempt(case: Any) -> None:
                nonlocal sent
                sent += 1
                case.call_and_validate(headers=house.bearer(user), checks=SOUND, base_url="http://testserver", timeout=PATIENCE)

            # an operation without parameters cannot be asked wrongly
            with suppress(Unsatisfiable):
                run(attempt, strategy, count)
    return sent


def run(attempt: Callable[[Any], None], strategy: Any, count: int) -> None:
    limits = settings(
        max_examples=count,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    limits(given(strategy)(attempt))()


def test_a_little_of_everything(house: House) -> None:
    assert attacked(house, "S001", 3, FEW) >= 12


@pytest.mark.slow
@pytest.mark.parametrize("user", ["S001", "S008"])
def test_as_officer_and_as_auditor(house: House, user: str) -> None:
    assert attacked(house, user, 40) > 1_500
