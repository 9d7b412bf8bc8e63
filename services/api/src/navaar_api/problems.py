"""Errors as RFC 9457 problem documents."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.openapi.datastructures import ResponseSpec
from litestar.types import ExceptionHandlersMap
from pydantic import BaseModel, Field

from navaar_client.errors import NotFound, Refused, Unavailable
from navaar_runtime.logs import get_logger

PROBLEM = "application/problem+json"

log = get_logger(__name__)


class WrongField(BaseModel):
    """One thing that is wrong with a request."""

    field: str = Field(examples=["limit"])
    message: str = Field(examples=["Expected `int` <= 500"])


class Problem(BaseModel):
    """RFC 9457: what went wrong, for people and programs."""

    type: str = Field(default="about:blank", examples=["about:blank"])
    title: str = Field(description="The kind of problem", examples=["Service Unavailable"])
    status: int = Field(description="The status code again", examples=[503])
    detail: str = Field(description="A sentence for a person", examples=["the ledger service is not running"])
    part: str | None = Field(default=None, description="503: the part of Navaar that is missing", examples=["ledger"])
    errors: list[WrongField] | None = Field(default=None, description="400: what does not fit")


_DESCRIPTIONS = {
    400: "Something in the request does not fit",
    401: "Sign in: a bearer token is needed, or the one given is wrong",
    403: "The browser's form is out of date or came from another site",
    404: "There is no such thing",
    409: "Makes no sense in the present state",
    413: "The request is too large",
    421: "Called under a name that is not allowed",
    429: "Too many wrong tokens; see Retry-After",
    503: "A part of Navaar does not answer; `part` names it",
}


def documented(*codes: int) -> dict[int, ResponseSpec]:
    """The OpenAPI entries of these error answers."""
    return {
        code: ResponseSpec(Problem, description=_DESCRIPTIONS[code], media_type=PROBLEM, generate_examples=False)
        for code in codes
    }


READING = {
    304: ResponseSpec(None, description="Nothing has changed since the answer with that ETag"),
    **documented(400, 401, 421, 429, 503),
}
WRITING = documented(400, 401, 403, 413, 421, 429, 503)


def document(status: int, detail: str, **more: Any) -> bytes:
    """The body of a problem; `more` are its other fields."""
    body = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail, **more)
    return body.model_dump_json(exclude_none=True).encode()


def problem(status: int, detail: str, headers: dict[str, str] | None = None, **more: Any) -> Response[bytes]:
    return Response(document(status, detail, **more), status_code=status, media_type=PROBLEM, headers=headers)


def _http(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    wrong = None
    # Other refusals of the server are meant; a traceback for each would cost more than the answer.
    if error.status_code == 500:
        log.error("request_failed", path=request.url.path, exc_info=error)
    if isinstance(error, ValidationException) and isinstance(error.extra, list):
        wrong = [
            WrongField(field=str(one.get("key") or one.get("source") or ""), message=str(one.get("message", "")))
            for one in error.extra
            if isinstance(one, dict)
        ]
    detail = error.detail or HTTPStatus(error.status_code).phrase
    return problem(error.status_code, detail, dict(error.headers or {}), errors=wrong or None)


def _unavailable(_: Request[Any, Any, Any], error: Unavailable) -> Response[bytes]:
    return problem(503, error.reason, {"retry-after": "5"}, part=error.part)


def _not_found(_: Request[Any, Any, Any], error: NotFound) -> Response[bytes]:
    return problem(404, str(error))


def _refused(_: Request[Any, Any, Any], error: Refused) -> Response[bytes]:
    return problem(409, str(error))


def _unexpected(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    log.error("request_failed", path=request.url.path, exc_info=error)
    return problem(500, "this is a fault in Navaar; its log says more")


HANDLERS: ExceptionHandlersMap = {
    HTTPException: _http,
    Unavailable: _unavailable,
    NotFound: _not_found,
    Refused: _refused,
    Exception: _unexpected,
}
