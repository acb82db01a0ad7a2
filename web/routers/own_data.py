"""A person's data: taken home, or forgotten."""

from __future__ import annotations

import json

from starlette.requests import Request
from starlette.responses import Response

from web import pages, personal_data, signing_in
from web.access import ANYONE_SIGNED_IN, Router
from web.deps import CurrentViewer, Now, UnitOfWork

router = Router(access=ANYONE_SIGNED_IN)


@router.get("/account/data")
def own_data(session: UnitOfWork, viewer: CurrentViewer) -> Response:
    """All that is known about the person, as a JSON file."""
    found = personal_data.show(session, person_id=viewer.id)
    return Response(
        json.dumps(found, ensure_ascii=False, indent=2),
        media_type="application/json",
        headers={"Content-Disposition": 'attachment; filename="zalicz.json"'},
    )


@router.get("/account/erasure")
def ask_erasure(request: Request) -> Response:
    """The same question as the dialog, for those without script."""
    _ = pages.say(request)
    context = {
        "heading": _("Usunąć konto?"),
        "text": _(
            "Zapomnimy, kim jesteś. Punkty i nieodebrane nagrody przepadną. Tego nie da się cofnąć."
        ),
        "action": "/account/erasure",
        "confirm_label": _("Usuń konto"),
        "cancel_href": "/account",
        "danger": True,
    }
    return pages.render(request, "confirm.html", context)


@router.post("/account/erasure")
def erase(request: Request, session: UnitOfWork, viewer: CurrentViewer, now: Now) -> Response:
    """Forget the person and sign them out."""
    personal_data.forget(session, person_id=viewer.id, at=now)
    signing_in.leave(request, session)
    _ = pages.say(request)
    text = _("Konto usunięte.")
    return pages.redirect(request, "/", flash=text)
