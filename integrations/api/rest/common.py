"""What the API's routes share: parameters with their limits, and the errors every route may give."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from integrations.api.problems import RESPONSES, Problem

Id = Annotated[str, Path(min_length=1, max_length=200)]
Sha = Annotated[str, Path(pattern=r"^[0-9a-fA-F]{8,64}$", description="SHA-256, or its first 8 or more digits")]
PageNumber = Annotated[int, Path(ge=1, le=100_000)]
OneBorrower = Annotated[
    str | None, Query(min_length=1, max_length=200, description="Borrower id, or a name that means only one")
]
Limit = Annotated[int, Query(ge=1, le=500)]
Offset = Annotated[int, Query(ge=0, le=1_000_000)]


def router(tag: str, *, signed_in: bool = True) -> APIRouter:
    """A group of routes that all may refuse in the one shape."""
    statuses: tuple[int, ...] = (400, 401, 403, 404, 405, 413, 415, 422, 429, 503) if signed_in else (405, 429, 503)
    responses: dict[int | str, dict[str, Any]] = {status: RESPONSES[status] for status in statuses}
    if not signed_in:
        # once as a model, so that the description defines the shape all others refer to
        responses[503] = {"model": Problem, "description": RESPONSES[503]["description"]}
    return APIRouter(tags=[tag], responses=responses, generate_unique_id_function=lambda route: route.name)
