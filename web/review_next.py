"""Where a decider comes to after a review: the next of the queue, drawn already or not, or home."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from verification import queue, seen
from verification.caution_tables import FirstOpinion
from verification.tables import Decision, Review
from web import pages, review_page
from web.clerks import Desk
from web.review_page import filters_of
from web.views.queue import Filters

AHEAD = "x-ahead"  # the mark of the next page that the browser has drawn already


def go_on(
    request: Request,
    session: Session,
    desk: Desk,
    fields: Mapping[str, str],
    now: datetime,
    *,
    decision: Decision | FirstOpinion | None = None,
    aside: UUID | None = None,
    flash: str = "",
) -> Response:
    """On to the next review of the queue that the decider came from, or back to the queue."""
    filters = filters_of(fields)
    taken = queue.take_next(session, clerk=desk.decider, at=now, chosen=filters.chosen(now))
    if taken is not None and request.headers.get(AHEAD) == seen.page_of(session, taken):
        offer = None
        if isinstance(decision, Decision):
            offer = review_page.offer_of(request, session, decision)
        elif aside is not None:
            offer = review_page.aside_offer(session, desk, aside, pages.say(request))
        return _confirmed(request, session, desk, taken, filters, now, offer=offer, flash=flash)
    path = f"/reviews/{taken.id}{filters.query}" if taken else f"{desk.home}{filters.query}"
    joint = "&" if filters.query else "?"
    if decision is not None:
        path += f"{joint}done={decision.id}"
    elif aside is not None:
        path += f"{joint}aside={aside}"
    return pages.redirect(request, path, flash=flash)


def _confirmed(
    request: Request,
    session: Session,
    desk: Desk,
    review: Review,
    filters: Filters,
    now: datetime,
    *,
    offer: dict[str, str] | None,
    flash: str,
) -> Response:
    """The browser shows the next review already, as it still stands: only what is around it."""
    context = review_page.around(session, review, filters, desk=desk, now=now) | {
        "review": review,
        "undo": offer,
        "flashes": [pages.Flash("ok", flash)] if flash else [],
    }
    return pages.render(request, "partner/_review_confirmed.html", context)


def look_again(request: Request, review: Review, fields: Mapping[str, str]) -> Response:
    """Something came in while the page was open: nothing is decided, the page is drawn anew."""
    _ = pages.say(request)
    return pages.redirect(
        request,
        f"/reviews/{review.id}{filters_of(fields).query}",
        flash=_("Zgłoszenie zmieniło się, gdy było otwarte. Sprawdź je jeszcze raz."),
        kind="warn",
    )
