"""One review: its page, its document, its lease and its draft."""

from __future__ import annotations

from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from claims import queries as claim_queries
from claims.service import ClaimNotFound
from core.formats import Formats
from core.i18n import translations
from verification import preview, queue
from web import pages, review_form, review_page
from web.access import CLERK, OPERATOR, PROGRAM_MANAGER, Router
from web.clerks import CurrentDesk
from web.deps import Now, Opened, UnitOfWork
from web.masked_pages import hides_others, hides_prices, mask, shown_parts, shown_words
from web.review_form import Fields
from web.routers.claims import page_of, picture
from web.views import reviews as views
from web.views.paper import page_views
from web.views.review_lines import units_text

router = Router(access=CLERK | PROGRAM_MANAGER | OPERATOR)


@router.get("/reviews/{review_id}")
def show_review(
    request: Request, session: UnitOfWork, desk: CurrentDesk, review_id: UUID, now: Now
) -> Response:
    review = queue.get_for_clerk(session, review_id=review_id, clerk=desk.decider)
    material = views.gather(session, review)
    form = review_form.read(review.draft, material.lines, material.facts.doubts)
    context = review_page.context(request, session, material, form, desk=desk, now=now)
    return pages.render(request, review_page.TEMPLATE, context)


@router.post("/reviews/{review_id}/lease")
def renew(
    session: UnitOfWork, desk: CurrentDesk, review_id: UUID, now: Now, fields: Fields
) -> Response:
    """Take the review or lengthen the lease while somebody works on it; `give_back` ends it."""
    if fields.get("give_back"):
        queue.release(session, review_id=review_id, clerk=desk.decider)
        return JSONResponse({"until": None})
    review = queue.take(session, review_id=review_id, clerk=desk.decider, at=now)
    until = review.taken_until
    return JSONResponse({"until": until.isoformat() if until else None})


@router.post("/reviews/{review_id}/draft")
def keep_draft(
    request: Request,
    session: UnitOfWork,
    desk: CurrentDesk,
    review_id: UUID,
    now: Now,
    fields: Fields,
) -> Response:
    """Keep what is on the form, and say what it would bring."""
    review = queue.take(session, review_id=review_id, clerk=desk.decider, at=now)
    queue.require_workable(review, desk.decider)
    material = views.gather(session, review)
    review.draft = review_form.draft_of(fields)
    session.add(review)
    form = review_form.read(fields, material.lines, material.facts.doubts)
    counted = preview.count(
        session,
        review=review,
        claim=material.claim,
        wishes=review_form.wishes(form, material.lines, material.products),
    )
    language = pages.viewer_of(request).language
    formats, gettext = Formats(language), translations(language).gettext
    return JSONResponse(
        {
            "total": formats.number(sum(one.points for one in counted.values())),
            "lines": {str(place): formats.number(one.points) for place, one in counted.items()},
            "units": {
                str(place): units_text(one, formats, gettext) for place, one in counted.items()
            },
            "until": review.taken_until.isoformat() if review.taken_until else None,
        }
    )


@router.get("/reviews/{review_id}/words")
def show_words(session: UnitOfWork, desk: CurrentDesk, review_id: UUID) -> Response:
    """Every word that was read with its place on its page: for click-to-fill."""
    review = queue.get_for_clerk(session, review_id=review_id, clerk=desk.decider)
    reading = claim_queries.find_reading(session, review.claim_id)
    hidden = hides_prices(session, review, desk)
    words = list(reading.words[:MOST_WORDS]) if reading and not hidden else []
    if words and hides_others(review, desk):
        lines = claim_queries.list_lines(session, review.claim_id)
        shown = claim_queries.list_pages(session, review.claim_id)
        words = [
            word
            for view in page_views(shown, lines, reading, "")
            for word in shown_words(words, view, shown_parts(view, lines, prices=True))
        ]
    return JSONResponse(
        [
            [word.text, word.box.page, word.box.x0, word.box.y0, word.box.x1, word.box.y1]
            for word in words
        ]
    )


MOST_WORDS = 4000


@router.get("/reviews/{review_id}/pages/{number}")
def show_page(
    app: Opened, session: UnitOfWork, desk: CurrentDesk, review_id: UUID, number: int
) -> Response:
    """A page as re-rendered by the reader."""
    review = queue.get_for_clerk(session, review_id=review_id, clerk=desk.decider)
    page = page_of(session, review.claim_id, number)
    data = app.blobs.get(page.image_sha256)
    if hides_others(review, desk):
        lines = claim_queries.list_lines(session, review.claim_id)
        reading = claim_queries.find_reading(session, review.claim_id)
        [view] = page_views([page], lines, reading, "")
        parts = shown_parts(view, lines, prices=not hides_prices(session, review, desk))
        return picture(mask(data, parts), "image/jpeg")
    return picture(data, page.media_type)


@router.get("/reviews/{review_id}/earlier/{number}")
def show_earlier_page(
    app: Opened, session: UnitOfWork, desk: CurrentDesk, review_id: UUID, number: int
) -> Response:
    """A page of the document that this one looks like."""
    review = queue.get_for_clerk(session, review_id=review_id, clerk=desk.decider)
    claim = claim_queries.get_claim(session, review.claim_id)
    if claim.held_by_claim_id is None or hides_others(review, desk):
        raise ClaimNotFound
    page = page_of(session, claim.held_by_claim_id, number)
    return picture(app.blobs.get(page.image_sha256), page.media_type)
