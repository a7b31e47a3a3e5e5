"""Every refusal in one JSON shape, and as a page for people: what is wrong, where, and what to do. Never a traceback.

A failure nobody foresaw gets a number; the log has its traceback under the same number, the client only the number.
"""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from tools.errors import (
    BadRequest,
    ImportRefused,
    LoanwardError,
    ModelUnavailable,
    NothingInForce,
    NotPermitted,
    StoreError,
    UnknownBorrower,
    UnreadableFile,
)

log = logging.getLogger("loanward.api")
API = "/api/"


class ProblemDetail(BaseModel):
    """What is wrong (`what`), `where`, what to do (`fix`), and a stable `code`; `incident` numbers a failure of ours."""

    code: str
    what: str
    where: str = ""
    fix: str = ""
    incident: str | None = None


class Problem(BaseModel):
    """The one shape of every error."""

    error: ProblemDetail


class Refused(Exception):
    """A refusal of the API itself."""

    def __init__(self, status: int, code: str, what: str, *, where: str = "", fix: str = "", headers: dict[str, str] | None = None) -> None:  # fmt: skip
        super().__init__(what)
        self.status, self.code, self.what, self.where, self.fix, self.headers = status, code, what, where, fix, headers or {}


def not_found(what: str, fix: str = "Check the id; what you may not see looks the same as what does not exist") -> Refused:
    """The same words whether it does not exist or may not be seen."""
    return Refused(404, "not_found", what, fix=fix)


_STATUS: tuple[tuple[type[LoanwardError], int, str], ...] = (
    (UnknownBorrower, 404, "not_found"),
    (BadRequest, 400, "bad_request"),
    (NotPermitted, 403, "not_permitted"),
    (UnreadableFile, 422, "unreadable_file"),
    (ImportRefused, 422, "import_refused"),
    (NothingInForce, 422, "nothing_in_force"),
    (ModelUnavailable, 503, "model_unavailable"),
    (StoreError, 503, "store_unavailable"),
)
RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"description": said, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    for status, said in {
        400: "The request is wrong",
        401: "No valid token",
        403: "The role may not do this",
        404: "Not there, or not yours to see",
        405: "The address has no such method",
        413: "The body is too large",
        415: "The body is of another kind",
        422: "A parameter or field is wrong",
        429: "Too many requests",
        503: "The store or the model cannot be used now",
    }.items()
}


def as_refused(problem: LoanwardError) -> Refused:
    """The HTTP side of an error of the house."""
    status, code = next(((s, c) for kind, s, c in _STATUS if isinstance(problem, kind)), (500, "failed"))
    headers = {"Retry-After": "5"} if status == 503 else {}
    return Refused(status, code, problem.what, where=problem.where, fix=problem.fix, headers=headers)


def install(app: FastAPI, page: Any) -> None:
    """Handlers for everything that can go wrong. `page(request, refused)` writes the same for people."""

    def answer(request: Request, refused: Refused, incident: str | None = None) -> Response:
        if wants_json(request):
            return problem_response(refused, incident)
        return page(request, refused, incident)  # type: ignore[no-any-return]

    @app.exception_handler(Refused)
    def refused(request: Request, problem: Refused) -> Response:
        return answer(request, problem)

    @app.exception_handler(LoanwardError)
    def of_the_house(request: Request, problem: LoanwardError) -> Response:
        told = as_refused(problem)
        if told.status >= 500:
            log.error("%s %s: %s", request.method, request.url.path, problem)
        return answer(request, told)

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, problem: RequestValidationError) -> Response:
        first = problem.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        fix = "See /api/v1/openapi.json for what each parameter may be"
        return answer(request, Refused(422, "invalid", str(first["msg"]), where=where, fix=fix))

    @app.exception_handler(HTTPException)
    def http(request: Request, problem: HTTPException) -> Response:
        status = HTTPStatus(problem.status_code)
        fixes = {404: "See /api/v1/openapi.json for the addresses there are", 405: "Use a method the Allow header names"}
        told = Refused(status, status.phrase.lower().replace(" ", "_"), str(problem.detail or status.phrase),
                       where=request.url.path, fix=fixes.get(status, ""), headers=dict(problem.headers or {}))  # fmt: skip
        return answer(request, told)

    @app.exception_handler(Exception)
    def unforeseen(request: Request, problem: Exception) -> Response:
        incident = uuid4().hex[:12]
        log.error("incident %s: %s %s", incident, request.method, request.url.path, exc_info=problem)
        told = Refused(
            500, "failed", "an unforeseen fault stopped this request", fix=f"Tell your administrator: incident {incident}"
        )
        return answer(request, told, incident)


def problem_response(refused: Refused, incident: str | None = None) -> JSONResponse:
    """The JSON shape."""
    detail = ProblemDetail(
        code=refused.code, what=clean(refused.what), where=clean(refused.where), fix=clean(refused.fix), incident=incident
    )
    return JSONResponse({"error": detail.model_dump()}, refused.status, headers=refused.headers)


def clean(text: str) -> str:
    """Text that can be encoded whatever was typed."""
    return text.encode("utf-8", "replace").decode()


def wants_json(request: Request) -> bool:
    """Programs get JSON."""
    return request.url.path.startswith(API)
