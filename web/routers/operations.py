"""For machines that watch the product: alive, ready, figures."""

from __future__ import annotations

from starlette.responses import JSONResponse, PlainTextResponse, Response

from web import health, metrics
from web.access import LOOPBACK, OPERATOR, PUBLIC, Router
from web.deps import Now, Opened, UnitOfWork

router = Router(for_machines=True)


@router.get("/health/live", access=PUBLIC)
def live() -> Response:
    """This process answers."""
    return PlainTextResponse("alive\n")


@router.get("/health/ready", access=PUBLIC)
def ready(app: Opened, now: Now) -> Response:
    """200 when every part answers, else 503 with the sick parts by name."""
    sick = health.sick_parts(app, at=now)
    body = {"status": "sick" if sick else "ready", "sick": sick}
    return JSONResponse(body, 503 if sick else 200)


@router.get("/metrics", access=LOOPBACK | OPERATOR)
def figures(session: UnitOfWork, now: Now) -> Response:
    """Prometheus reads this from the same machine, or with an operator's key."""
    return PlainTextResponse(
        metrics.exposition(session, at=now), media_type="text/plain; version=0.0.4"
    )
