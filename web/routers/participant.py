"""The participant's first page: how much, what next, where is my parcel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from claims import queries as claim_queries
from core.clock import local_date
from logistics import shipments
from logistics.states import MOVING, ShipmentStatus
from points import addresses, ledger
from points import service as points
from rewards import queries as reward_queries
from rewards.service import shipment_reference
from rewards.tables import Redemption
from web import pages
from web.access import PARTICIPANT, Router
from web.deps import Now, UnitOfWork
from web.members import CurrentMember, Member
from web.routers.levels import level_view
from web.views import claims as claim_views
from web.views.orders import STEP_NAMES, step_of

router = Router(access=PARTICIPANT)


@dataclass(frozen=True, slots=True)
class ParcelView:
    redemption_id: UUID
    title: str
    step: int
    promised_on: date
    carrier_number: str


@dataclass(frozen=True, slots=True)
class GoalView:
    """The nearest reward that the points do not reach yet."""

    reward_id: UUID
    name: str
    price: int
    missing: int
    have: int
    claims: int


def parcel(session: Session, redemption: Redemption) -> ParcelView | None:
    """The order's parcel while it is on its way."""
    shipment = shipments.find_by_reference(session, shipment_reference(redemption))
    if shipment is None or shipment.status not in {*MOVING, ShipmentStatus.LABEL_READY}:
        return None
    lines = reward_queries.list_lines(session, redemption.id)
    return ParcelView(
        redemption_id=redemption.id,
        title=", ".join(reward.name for _, reward in lines),
        step=step_of(shipment.status),
        promised_on=shipment.promised_on,
        carrier_number=shipment.carrier_number or "",
    )


def goal(
    session: Session, member: Member, *, balance: int, debt: int, now: datetime
) -> GoalView | None:
    """The next reward above the balance, and how many claims like the last ones it takes.

    The next points pay a debt first, so it is missing too.
    """
    rewards = reward_queries.list_published(
        session,
        program_id=member.program.id,
        at=now,
    )
    above = [reward for reward in rewards if reward.price_points > balance]
    if not above:
        return None
    target = above[0]
    recent = claim_queries.list_for_participant(
        session, participant_id=member.participant.id, limit=10
    )
    paid = [claim.points for claim in recent if claim.points]
    usual = sum(paid) // len(paid) if paid else 0
    missing = target.price_points - balance + debt
    return GoalView(
        reward_id=target.id,
        name=target.name,
        price=target.price_points,
        missing=missing,
        have=balance,
        claims=-(-missing // usual) if usual else 0,
    )


@router.get("/start")
def start(request: Request, session: UnitOfWork, member: CurrentMember, now: Now) -> Response:
    participant_id = member.participant.id
    balance = ledger.balance(session, addresses.active(participant_id))
    debt = points.debt(session, participant_id=participant_id)
    recent = claim_queries.list_for_participant(session, participant_id=participant_id, limit=3)
    orders = reward_queries.list_for_participant(session, participant_id=participant_id, limit=5)
    parcels = [view for order in orders if (view := parcel(session, order)) is not None]
    context = {
        "scope_label": member.scope_label,
        "first_name": pages.viewer_of(request).name.split(" ")[0],
        "balance": balance,
        "pending": claim_queries.pending_points(session, participant_id=participant_id),
        "expiry": points.next_expiry(session, participant_id=participant_id),
        "debt": debt,
        "goal": goal(session, member, balance=balance, debt=debt, now=now),
        "level": level_view(
            session, member.participant, at=now, language=pages.viewer_of(request).language
        ),
        "claims": claim_views.rows(session, recent),
        "parcels": parcels,
        "steps": STEP_NAMES,
        "today": local_date(now),
        "now": now,
        "terms_href": f"/terms/{member.program.slug}",
    }
    return pages.render(request, "participant/start.html", context)
