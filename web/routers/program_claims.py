"""The claims behind the manufacturer's figures, and what one of them says of its products."""

from __future__ import annotations

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from analytics import claim_list, consent, own_lines, tracing
from analytics.claim_list import Moment, Show
from claims import queries
from claims.brought import corrections_among
from core.errors import Invalid
from partners.queries import get_partner
from partners.tables import Branch
from programs.queries import settings_of
from web import pages
from web.access import PROGRAM_ANALYST, Router
from web.cursors import cursor_of, read_cursor
from web.deps import Now, UnitOfWork
from web.error_texts import N_
from web.program_filters import CurrentFilters
from web.program_people import CurrentProgram
from web.views import claims as claim_views
from web.views import program_claims as views
from web.views.claim_chips import CORRECTION
from web.views.filters import filter_bar

router = Router(access=PROGRAM_ANALYST)
PAGE = 50

SHOWN = {
    Show.ALL: N_("Wszystkie"),
    Show.READ: N_("Odczytane"),
    Show.MATCHED: N_("Z produktem programu"),
    Show.OPEN: N_("W toku"),
    Show.DECIDED: N_("Rozpatrzone"),
    Show.PAID: N_("Zaliczone"),
    Show.REFUSED: N_("Niezaliczone"),
}
MOMENTS = {
    Moment.SUBMITTED: N_("wysłane w okresie"),
    Moment.DECIDED: N_("rozpatrzone w okresie"),
    Moment.PURCHASED: N_("zakup w okresie"),
}


@router.get("/program/claims")
def list_claims(
    request: Request,
    session: UnitOfWork,
    program: CurrentProgram,
    filters: CurrentFilters,
    now: Now,
    show: str = "",
    moment: str = "",
    after: str = "",
) -> Response:
    language, say = pages.viewer_of(request).language, pages.say(request)
    try:
        shown, at = Show(show), Moment(moment or Moment.SUBMITTED)
    except ValueError as error:
        raise Invalid("no such view of the claims", field="show") from error
    found = claim_list.list_claims(
        session,
        filters.selection,
        show=shown,
        moment=at,
        before=read_cursor(after) if after else None,
        limit=PAGE + 1,
    )
    page = found[:PAGE]
    firms = consent.firms(
        session, program_id=program.id, participant_ids=[c.participant_id for c in page]
    )
    narrowed = bool(filters.selection.family or filters.selection.product_id)
    here = {"show": shown.value, "moment": at.value}
    first = filters.href("/program/claims", **here)
    following = ""
    if len(found) > PAGE:
        cursor = cursor_of(page[-1].submitted_at, page[-1].claim_id)
        following = filters.href("/program/claims", **here, after=cursor)
    context = {
        "scope_label": program.name,
        "bar": filter_bar(
            filters, "/program/claims", say=say, language=language, compares=False, kept=here
        ),
        "now": now,
        "claims": views.rows(
            page,
            firms,
            corrections=corrections_among(session, [c.claim_id for c in page]),
            narrowed=narrowed,
        ),
        "totals": claim_list.totals(session, filters.selection, show=shown, moment=at),
        "views": [
            (
                say(words),
                filters.href("/program/claims", show=choice.value, moment=at.value),
                choice is shown,
            )
            for choice, words in SHOWN.items()
        ],
        "moments": [
            {
                "label": say(words),
                "href": filters.href("/program/claims", show=shown.value, moment=choice.value),
                "active": choice is at,
            }
            for choice, words in MOMENTS.items()
        ],
        "moment_label": say(MOMENTS[at]),
        "narrowed_products": narrowed,
        "next_href": following,
        "first_href": first if after else "",
        "back_href": filters.href("/overview"),
    }
    return pages.render(request, "program/claims.html", context)


@router.get("/program/claims/{claim_id}")
def show_claim(
    request: Request, session: UnitOfWork, program: CurrentProgram, claim_id: UUID, now: Now
) -> Response:
    language, say = pages.viewer_of(request).language, pages.say(request)
    claim = tracing.get_claim(session, program_id=program.id, claim_id=claim_id)
    found = own_lines.own_lines(session, claim, sure_from=settings_of(program).match_threshold)
    firms = consent.firms(session, program_id=program.id, participant_ids=[claim.participant_id])
    branch = session.get(Branch, claim.branch_id) if claim.branch_id else None
    partner = get_partner(session, branch.partner_id) if branch else None
    label, colour, icon = views.OWN_CHIPS[claim.status]
    if corrections_among(session, [claim.id]):
        label, colour, icon = CORRECTION
    purchase = queries.find_purchase(session, claim)
    context = {
        "scope_label": program.name,
        "claim": {
            "number": claim.number,
            "points": claim.points,
            "submitted_at": claim.submitted_at,
            "decided_at": claim.decided_at,
            "due_at": claim.due_at,
            "channel": say(views.CHANNELS[claim.channel]),
            "purchased_on": claim_views.purchased_on(purchase),
            "label": label,
            "colour": colour,
            "icon": icon,
        },
        "place": f"{partner.short_name}, {branch.name}" if partner and branch else "",
        "city": branch.city if branch else "",
        "firm": firms.get(claim.participant_id, ""),
        "lines": views.lines(found, say=say, language=language),
        # Notes are words between the participant and the wholesaler; only the steps are shown.
        "events": views.steps(queries.list_events(session, claim.id), say=say),
        "now": now,
    }
    return pages.render(request, "program/claim.html", context)
