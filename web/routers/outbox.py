"""Every message of the demo, readable; this module's routes exist only there."""

from __future__ import annotations

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from messages import queries
from messages.tables import DeliveryStatus
from web import pages
from web.access import PUBLIC, Router
from web.deps import Opened, UnitOfWork

router = Router(access=PUBLIC)
PAGE = 30


@router.get("/outbox")
def outbox(
    request: Request, app: Opened, session: UnitOfWork, before: UUID | None = None
) -> Response:
    """The newest messages, with what they say."""
    _ = pages.say(request)
    lines = queries.list_outbox(session, settings=app.settings, limit=PAGE, before=before)
    older = f"/outbox?before={lines[-1].delivery_id}" if len(lines) == PAGE else ""
    context = {
        "lines": lines,
        "older_href": older,
        "base_url": app.settings.base_url,
        "statuses": {
            DeliveryStatus.WAITING: _("czeka"),
            DeliveryStatus.SENT: _("wysłana"),
            DeliveryStatus.KEPT: _("zostaje tutaj"),
            DeliveryStatus.FAILED: _("nie doszła"),
        },
    }
    return pages.render(request, "outbox/outbox.html", context)
