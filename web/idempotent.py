"""A POST that came twice has one effect and one answer."""

from __future__ import annotations

import functools
import hashlib
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends
from fastapi.encoders import jsonable_encoder
from sqlalchemy.exc import OperationalError
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from core import clock, idempotency
from core.errors import Invalid
from core.idempotency import StillRunning
from web import csrf
from web.bodies import is_form
from web.viewer import Viewer

HEADER = "idempotency-key"
FIELD = "idempotency_key"
_KEPT_HEADERS = ("content-type", "location", "hx-redirect", "hx-trigger", "etag")
_LOCK_TIMEOUT = "55P03"


class KeyMissing(Invalid):
    """This route takes a request only with an idempotency key."""

    code = "idempotency-key-missing"


@dataclass(frozen=True, slots=True)
class Keyed:
    """The key of a request and a digest of all that it asks for."""

    key: str
    body_sha256: str


async def _keyed(request: Request) -> Keyed:
    key: object = request.headers.get(HEADER, "")
    digest = hashlib.sha256(request.url.query.encode())
    if is_form(request):
        form = await request.form()
        key = key or form.get(FIELD, "")
        # Boundaries of a multipart body differ from try to try: its fields are what counts.
        for name, value in sorted(form.multi_items(), key=lambda item: item[0]):
            if name in (FIELD, csrf.FIELD):
                continue
            part = (
                await run_in_threadpool(_file_sha256, value)
                if isinstance(value, UploadFile)
                else hashlib.sha256(value.encode()).digest()
            )
            digest.update(name.encode() + b"\0" + part)
    else:
        digest.update(await request.body())
    return Keyed(key if isinstance(key, str) else "", digest.hexdigest())


def _file_sha256(upload: UploadFile) -> bytes:
    upload.file.seek(0)
    found = hashlib.file_digest(upload.file, "sha256").digest()  # type: ignore[arg-type]
    upload.file.seek(0)
    return found


def idempotent(
    endpoint: Callable[..., Any] | None = None, *, required: bool = False
) -> Callable[..., Any]:
    """Answer a repeated request with the stored answer of the first; put it below the route.

        @router.post("/claims")
        @idempotent
        def submit(request: Request, session: UnitOfWork, …) -> Response: …

    The key comes in the header `Idempotency-Key` or the form field `idempotency_key`
    (`{{ new_key() }}`). Without one the request simply runs, unless `required`. Key and answer
    live in the transaction of the effect: an error takes both back, and the key may be tried again.
    """
    if endpoint is None:
        return functools.partial(idempotent, required=required)
    signature = inspect.signature(endpoint)
    for name in ("request", "session"):
        if name not in signature.parameters:
            raise TypeError(f"{endpoint.__name__} needs a parameter {name!r} to be idempotent")

    @functools.wraps(endpoint)
    def once(*, keyed: Keyed, **values: Any) -> Any:
        if not keyed.key:
            if required:
                raise KeyMissing("send an Idempotency-Key", field=FIELD)
            return endpoint(**values)
        return _once(endpoint, keyed, values)

    parameter = inspect.Parameter(
        "keyed",
        inspect.Parameter.KEYWORD_ONLY,
        annotation=Annotated[Keyed, Depends(_keyed)],
    )
    parameters = [p.replace(kind=p.KEYWORD_ONLY) for p in signature.parameters.values()]
    once.__signature__ = signature.replace(  # type: ignore[attr-defined]
        parameters=[*parameters, parameter]
    )
    return once


def _once(endpoint: Callable[..., Any], keyed: Keyed, values: dict[str, Any]) -> Response:
    request: Request = values["request"]
    session: Session = values["session"]
    actor = _actor(request)
    try:
        known = idempotency.begin(
            session,
            actor=actor,
            key=keyed.key,
            route=f"{request.method} {request.url.path}",
            body_sha256=keyed.body_sha256,
            at=clock.now(),
        )
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) == _LOCK_TIMEOUT:
            # The first request with this key is still at work and holds the row.
            raise StillRunning("the first request is not answered", retry_after_s=1) from error
        raise
    if known is not None:
        assert known.status is not None
        return Response(known.body, known.status, headers=dict(known.headers))
    response = _as_response(endpoint(**values), request)
    kept = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    idempotency.answer(
        session,
        actor=actor,
        key=keyed.key,
        status=response.status_code,
        headers=kept,
        body=bytes(response.body),
    )
    return response


def _actor(request: Request) -> str:
    viewer: Viewer = request.state.viewer
    # Strangers are told apart by their browser; its token derives from a cookie of its own.
    return viewer.actor if viewer.signed_in else f"stranger:{viewer.csrf_token}"


def _as_response(result: Any, request: Request) -> Response:
    if isinstance(result, Response):
        return result
    status = getattr(request.scope.get("route"), "status_code", None) or 200
    return JSONResponse(jsonable_encoder(result), status)
