"""Every failure as an answer: RFC 9457 for programs, a page in their language for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    InterfaceError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from core.errors import DomainError
from core.i18n import translations
from core.logs import logger
from web import pages
from web.error_texts import STATUS, describe
from web.guard import SignInRequired
from web.identify import identify
from web.pages import FormRefused

PROBLEM_JSON = "application/problem+json"
# Lock timeout, serialization failure, deadlock, statement timeout: the database was busy.
_BUSY = {"55P03", "40001", "40P01", "57014"}


def wants_json(request: Request) -> bool:
    """Programs get problem documents, below /api/ and wherever else a route is no page."""
    is_page = getattr(request.state, "is_page", None)
    return request.url.path.startswith("/api/") if is_page is None else not is_page


def answer(
    request: Request,
    *,
    status: int,
    code: str,
    facts: dict[str, Any] | None = None,
    fields: Sequence[dict[str, str]] = (),
    headers: dict[str, str] | None = None,
) -> Response:
    """The failure in the form that this caller understands."""
    facts = facts or {}
    viewer = pages.viewer_of(request)
    title, hint = describe(code, facts, translations(viewer.language).gettext)
    reference = str(getattr(request.state, "request_id", ""))
    sent = dict(headers or {})
    if "retry_after_s" in facts:
        sent["Retry-After"] = str(facts["retry_after_s"])
    if wants_json(request):
        body = {
            "type": f"/problems/{code}",
            "title": title,
            "status": status,
            "detail": hint,
            "instance": request.url.path,
            "code": code,
            "request_id": reference,
            **{name: value for name, value in facts.items() if value is not None},
        }
        if fields:
            body["errors"] = list(fields)
        return JSONResponse(body, status, headers=sent, media_type=PROBLEM_JSON)
    context = {
        "status": status,
        "heading": title,
        "message": hint,
        "reference": reference if status >= 500 else None,
        "fields": list(fields),
    }
    if pages.is_fragment(request):
        # A whole page inside a row would be no answer: the row stays, a toast says why.
        page = pages.render(request, "public/_problem.html", context, status)
        page.headers["HX-Reswap"] = "none"
    else:
        page = pages.render(request, "error.html", context, status)
    page.headers.update(sent)
    return page


def _domain(request: Request, error: Exception) -> Response:
    assert isinstance(error, DomainError)
    if isinstance(error, SignInRequired) and not wants_json(request):
        return _to_sign_in(request)
    return answer(request, status=STATUS[error.kind], code=error.code, facts=dict(error.facts))


def _to_sign_in(request: Request) -> Response:
    """Strangers are asked who they are, and come back to where they wanted to go."""
    path = request.url.path if request.method == "GET" else ""
    if path and request.url.query:
        path += f"?{request.url.query}"
    target = f"/sign-in?next={quote(path, safe='')}" if path else "/sign-in"
    return pages.redirect(request, target)


def _refused_form(request: Request, error: Exception) -> Response:
    assert isinstance(error, FormRefused)
    context = {**error.context, "errors": list(error.errors)}
    return pages.render(request, error.template, context, error.status)


def _validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    if not wants_json(request) and any(item["loc"][0] == "path" for item in error.errors()):
        # `/claims/abc` names no page, like the number of a claim that does not exist.
        return answer(request, status=404, code="not-found")
    fields = []
    for item in error.errors():
        where = [str(part) for part in item["loc"][1:]] or [str(item["loc"][0])]
        fields.append({"field": ".".join(where), "problem": str(item["type"])})
    longest = [found.get("max_length") for item in error.errors() if (found := item.get("ctx"))]
    if not wants_json(request) and longest and all(longest) and len(longest) == len(fields):
        # Only a page needs to say it: a program is told which field, and why.
        return answer(
            request, status=422, code="text-too-long", facts={"most": min(longest)}, fields=fields
        )
    return answer(request, status=422, code="invalid", fields=fields)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    _recognise(request)
    codes = {404: "not-found", 405: "method-not-allowed", 413: "body-too-large", 400: "invalid"}
    headers = dict(error.headers or {})
    code = codes.get(error.status_code, "unexpected")
    return answer(request, status=error.status_code, code=code, headers=headers)


def _recognise(request: Request) -> None:
    """Where no route was found nobody asked who it is: an absent page looks like a foreign one."""
    if getattr(request.state, "viewer", None) is not None:
        return
    request.state.is_page = not request.url.path.startswith("/api/")
    try:
        request.state.viewer = identify(request.app.state.opened, request)
    except SQLAlchemyError:
        logger().warning("nobody could be recognised")


def _database(request: Request, error: Exception) -> Response:
    state = getattr(getattr(error, "orig", None), "sqlstate", None)
    if isinstance(error, DataError):
        # A number beyond the column or a NUL byte: only what was sent can bring it here.
        logger().warning("refused by the database", error=type(error.orig).__name__)
        return answer(request, status=422, code="invalid")
    if state in _BUSY:
        return answer(request, status=503, code="busy", facts={"retry_after_s": 1})
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    if lost or isinstance(error, (OperationalError, InterfaceError, PoolTimeout)):
        logger().error("database is away", error=type(error).__name__)
        return answer(request, status=503, code="unavailable", facts={"retry_after_s": 5})
    raise error


def _unencodable(request: Request, error: Exception) -> Response:
    """Half a surrogate pair in JSON: text that no encoding can hold."""
    del error
    return answer(request, status=422, code="invalid")


def _gone(request: Request, error: Exception) -> Response:
    """Who asked left before the body had come, as a browser does that closes a page."""
    del error
    return answer(request, status=400, code="invalid")


def unexpected(request: Request) -> Response:
    """What nobody foresaw, without a word about its inside."""
    return answer(request, status=500, code="unexpected")


def install(app: FastAPI) -> None:
    """Give the application its answers to failures."""
    app.add_exception_handler(DomainError, _domain)
    app.add_exception_handler(FormRefused, _refused_form)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(DBAPIError, _database)
    app.add_exception_handler(PoolTimeout, _database)
    app.add_exception_handler(UnicodeEncodeError, _unencodable)
    app.add_exception_handler(ClientDisconnect, _gone)
