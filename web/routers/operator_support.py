"""Support: from a phone number or a claim's number to the page that says where the points are."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from accounts.rates import Rate
from accounts.roles import Role
from analytics import own_lines, support
from analytics.support import Hit
from claims import queries as claim_queries
from claims.service import ClaimNotFound
from claims.states import OPEN, ClaimStatus
from claims.tables import Claim
from core.clock import local_date
from logistics import shipments
from points import addresses, ledger, statements
from points import service as points
from rewards import queries as reward_queries
from rewards.service import shipment_reference
from rewards.states import RedemptionStatus
from verification import receipts
from verification.reduced import How, Reduced
from web import pages
from web.access import SUPPORT, Router
from web.cursors import cursor_of, read_cursor
from web.deps import CurrentViewer, Now, UnitOfWork
from web.error_texts import N_
from web.program_people import label_of, programs_of
from web.viewer import Viewer
from web.views import claims as claim_views
from web.views import ledger as ledger_views
from web.views import program_claims as views
from web.views.orders import ORDER_CHIPS, SHIPMENT_LABELS
from web.views.receipts import reduced_words

router = Router(access=SUPPORT)
PAGE = 20
ENTRIES = 14
HELD = {
    "same_file": N_("ten sam plik"),
    "same_ksef": N_("ten sam numer KSeF"),
    "same_number": N_("ten sam numer dokumentu"),
    "same_receipt": N_("ten sam paragon"),
    "similar_number": N_("podobny numer dokumentu"),
    "same_total": N_("ten sam dzień i kwota"),
}
STAFF = (Role.SUPPORT, Role.OPERATOR)
# Somebody who tries number after number is not looking for one person.
SEARCHES = Rate("support-search", per_account=120, per_network=600, window_s=3600)


def _programs(session: Session, viewer: Viewer) -> list[UUID]:
    return [program.id for program in programs_of(session, viewer, *STAFF)]


@router.get("/support", rate=SEARCHES)
def search(
    request: Request, session: UnitOfWork, viewer: CurrentViewer, now: Now, q: str = ""
) -> Response:
    """One search field; below it, what is late and will be asked about next."""
    allowed = _programs(session, viewer)
    found = support.find(session, program_ids=allowed, text=q) if q.strip() else []
    if len(found) == 1:
        hit = found[0]
        path = f"/support/participants/{hit.participant_id}"
        return pages.redirect(request, f"/support/claims/{hit.claim_id}" if hit.claim_id else path)
    context = {
        "scope_label": label_of(programs_of(session, viewer, *STAFF), pages.say(request)),
        "q": q,
        "hits": found,
        "late_claims": support.late_claims(session, program_ids=allowed, now=now),
        "late_orders": [
            (order, ORDER_CHIPS[order.status])
            for order in support.late_orders(session, program_ids=allowed, today=local_date(now))
        ],
        "now": now,
    }
    return pages.render(request, "operator/support.html", context)


@router.get("/support/participants/{participant_id}")
def show_participant(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    participant_id: UUID,
    now: Now,
    after: str = "",
    before: int | None = None,
) -> Response:
    """Balance, what waits and for whom, claims, entries and orders of one participant."""
    _ = pages.say(request)
    who = support.get_participant(
        session, program_ids=_programs(session, viewer), participant_id=participant_id
    )
    here = f"/support/participants/{participant_id}"
    found = claim_queries.list_for_participant(
        session,
        participant_id=participant_id,
        before=read_cursor(after) if after else None,
        limit=PAGE + 1,
    )
    more = found[PAGE - 1] if len(found) > PAGE else None
    address = addresses.active(participant_id)
    rows = statements.list_rows(session, address=address, before=before, limit=ENTRIES + 1)
    open_claims = claim_queries.list_for_participant(
        session, participant_id=participant_id, statuses=tuple(OPEN), limit=50
    )
    context = {
        "scope_label": who.program,
        "who": who,
        "balance": ledger.balance(session, address),
        "pending": claim_queries.pending_points(session, participant_id=participant_id),
        "expiry": points.next_expiry(session, participant_id=participant_id),
        "waiting": _waiting(session, open_claims, now, _),
        "claims": claim_views.rows(session, found[:PAGE]),
        "chips": views.OWN_CHIPS,
        "claims_next": f"{here}?after={cursor_of(more.submitted_at, more.id)}" if more else "",
        "claims_first": here if after else "",
        "entries": ledger_views.entries(session, rows[:ENTRIES], say=_),
        "entries_next": f"{here}?before={rows[ENTRIES - 1].posting_id}#entries"
        if len(rows) > ENTRIES
        else "",
        "entries_first": f"{here}#entries" if before else "",
        "orders": _orders(session, participant_id, now),
        "debt": points.debt(session, participant_id=participant_id),
        "participant_id": participant_id,
        "may_adjust": viewer.has(Role.OPERATOR),
        "now": now,
    }
    return pages.render(request, "operator/participant.html", context)


def _waiting(
    session: Session, claims: list[Claim], now: datetime, say: views.Say
) -> list[dict[str, object]]:
    """Each open claim: whose turn it is, until when, and whether that has passed."""
    made = []
    for claim, row in zip(claims, claim_views.rows(session, claims), strict=True):
        if claim.status is ClaimStatus.NEEDS_INFORMATION:
            turn = say("czeka na uczestnika")
        elif claim.status is ClaimStatus.AWAITING_PARTNER:
            turn = say("czeka na hurtownię") if row.seller else say("czeka na ludzi programu")
        else:
            turn = say("w trakcie czytania")
        made.append(
            {
                "id": claim.id,
                "number": claim.number,
                "seller": row.seller,
                "turn": turn,
                "due_at": claim.due_at if claim.status is ClaimStatus.AWAITING_PARTNER else None,
                "late": claim.status is ClaimStatus.AWAITING_PARTNER
                and claim.due_at is not None
                and claim.due_at < now,
                "points": claim.estimate_points,
                "unreadable": say(claim_views.UNREADABLE[claim.unreadable_reason])
                if claim.unreadable_reason
                else "",
                "held": claim.held_reason is not None,
            }
        )
    return made


def _orders(session: Session, participant_id: UUID, now: datetime) -> list[dict[str, object]]:
    made = []
    for order in reward_queries.list_for_participant(
        session, participant_id=participant_id, limit=20
    ):
        label, colour, icon = ORDER_CHIPS[order.status]
        shipment = shipments.find_by_reference(session, shipment_reference(order))
        open_still = order.delivered_at is None and order.status is not RedemptionStatus.CANCELLED
        made.append(
            {
                "number": order.number,
                "title": ", ".join(r.name for _, r in reward_queries.list_lines(session, order.id)),
                "placed_at": order.placed_at,
                "points": order.points,
                "promised_on": order.promised_on,
                "late": open_still and order.promised_on < local_date(now),
                "label": label,
                "colour": colour,
                "icon": icon,
                "parcel": f"{SHIPMENT_LABELS[shipment.status]}" if shipment else "",
                "carrier_number": (shipment.carrier_number or "") if shipment else "",
            }
        )
    return made


def _taken_off(session: Session, claim: Claim) -> list[Reduced]:
    """What the decision refused or shortened, without amounts and without the seller's words."""
    try:
        found = receipts.receipt_of(session, claim).reduced
    except receipts.NotDecided:
        return []
    lines = claim_queries.list_lines(session, claim.id)
    named = {line.position for line in lines if line.product_id is not None}
    return [
        one if one.position in named else replace(one, name="")
        for one in found
        if one.how is not How.VALUE
    ]


@router.get("/support/claims/{claim_id}")
def show_claim(
    request: Request, session: UnitOfWork, viewer: CurrentViewer, claim_id: UUID, now: Now
) -> Response:
    """One claim line by line, as support may see it: no prices, other brands only counted."""
    language, _ = viewer.language, pages.say(request)
    claim = session.get(Claim, claim_id)
    allowed = _programs(session, viewer)
    if claim is None or claim.program_id not in allowed:
        raise ClaimNotFound
    who: Hit = support.get_participant(
        session, program_ids=allowed, participant_id=claim.participant_id
    )
    lines = own_lines.own_lines(session, claim, sure_from=Decimal(0))
    total = len(claim_queries.list_lines(session, claim.id))
    [row] = claim_views.rows(session, [claim])
    label, colour, icon = views.OWN_CHIPS[claim.status]
    if row.corrects:
        label, colour, icon = row.status_label, row.colour, row.icon
    earlier = session.get(Claim, claim.held_by_claim_id) if claim.held_by_claim_id else None
    context = {
        "scope_label": who.program,
        "who": who,
        "claim": row,
        "chip": (colour, label, icon),
        "points": claim.points,
        "due_at": row.due_at,
        "late": row.due_at is not None and row.due_at < now,
        "held": _(HELD[claim.held_reason]) if claim.held_reason in HELD else "",
        "held_by": earlier.number if earlier else "",
        "held_by_same": earlier is not None and earlier.participant_id == claim.participant_id,
        "unreadable": _(claim_views.UNREADABLE[claim.unreadable_reason])
        if claim.unreadable_reason
        else "",
        "lines": views.lines(lines, say=_, language=language),
        "reduced": reduced_words(_taken_off(session, claim), language=language),
        "others": total - len(lines),
        "events": claim_views.events(claim_queries.list_events(session, claim.id), _),
        "now": now,
    }
    return pages.render(request, "operator/claim.html", context)
