"""The participant's side of rewards: catalogue, order, parcel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Form
from sqlmodel import Session, col, select
from starlette.requests import Request
from starlette.responses import Response

from core.clock import local_date
from core.errors import DomainError, Invalid
from logistics.shipment_tables import Carrier
from logistics.shipments import Recipient
from points import addresses, ledger
from programs.queries import settings_of
from rewards import queries, service
from rewards.service import Wanted
from rewards.tables import Reward
from verification.calendar import add_working_days
from web import pages
from web.access import PARTICIPANT, Router
from web.deps import CurrentViewer, Now, UnitOfWork
from web.idempotent import idempotent
from web.members import CurrentMember, Member
from web.views.tax import sentences_on

router = Router(access=PARTICIPANT)
PAGE = 20
Text = Annotated[str, Form(max_length=200)]


@dataclass(frozen=True, slots=True)
class RewardView:
    id: UUID
    name: str
    description: str
    category: str
    points: int
    picture: str
    available: int
    missing: int


def reward_view(reward: Reward, *, available: int, balance: int) -> RewardView:
    return RewardView(
        id=reward.id,
        name=reward.name,
        description=reward.description,
        category=reward.category,
        points=reward.price_points,
        picture=reward.picture,
        available=available,
        missing=max(0, reward.price_points - balance),
    )


@router.get("/rewards")
def catalogue(
    request: Request,
    session: UnitOfWork,
    member: CurrentMember,
    now: Now,
    show: str = "",
    category: str = "",
) -> Response:
    found = queries.list_published(session, program_id=member.program.id, at=now)
    balance = ledger.balance(session, addresses.active(member.participant.id))
    stock = queries.available(session, found, on=local_date(now))
    views = [reward_view(r, available=stock[r.id], balance=balance) for r in found]
    categories = sorted({view.category for view in views})
    if show == "affordable":
        views = [view for view in views if not view.missing and view.available]
    if category in categories:
        views = [view for view in views if view.category == category]
    context = {
        "scope_label": member.scope_label,
        "balance": balance,
        "rewards": views,
        "categories": categories,
        "show": show,
        "category": category,
    }
    return pages.render(request, "participant/rewards.html", context)


def carriers(session: Session) -> list[Carrier]:
    """How a parcel may come, to the door first."""
    return list(
        session.exec(select(Carrier).where(col(Carrier.active)).order_by(col(Carrier.to_point)))
    )


def promised_day(member: Member, now: datetime) -> date:
    """The day by which what is ordered now arrives."""
    return add_working_days(local_date(now), settings_of(member.program).reward_margin_days)


def _detail(
    session: Session,
    member: Member,
    reward_id: UUID,
    now: datetime,
    typed: dict[str, str],
    *,
    language: str,
) -> dict[str, object]:
    reward = queries.get_published(
        session, program_id=member.program.id, reward_id=reward_id, at=now
    )
    balance = ledger.balance(session, addresses.active(member.participant.id))
    stock = queries.available(session, [reward], on=local_date(now))
    return {
        "scope_label": member.scope_label,
        "balance": balance,
        "reward": reward_view(reward, available=stock[reward.id], balance=balance),
        "promised_on": promised_day(member, now),
        "carriers": [(str(c.id), c.name) for c in carriers(session)],
        "typed": typed,
        "taxes": sentences_on(session, member.program, on=local_date(now), language=language),
    }


def _last_address(session: Session, member: Member, name: str) -> dict[str, str]:
    """What was typed for the last parcel, so that nobody types it again."""
    before = queries.list_for_participant(session, participant_id=member.participant.id, limit=1)
    typed = {"recipient_name": name, "company": member.participant.company_name}
    fields = ("street", "postcode", "city", "phone", "absence", "point_code")
    if before:
        typed |= {field: getattr(before[0], field) or "" for field in fields}
        typed["recipient_name"] = before[0].recipient_name
        typed["carrier"] = str(before[0].carrier_id)
        return typed
    return typed | dict.fromkeys((*fields, "carrier"), "")


@router.get("/rewards/{reward_id}")
def show_reward(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    member: CurrentMember,
    reward_id: UUID,
    now: Now,
) -> Response:
    typed = _last_address(session, member, viewer.name)
    context = _detail(session, member, reward_id, now, typed, language=viewer.language)
    return pages.render(request, "participant/reward.html", context)


@router.post("/orders")
@idempotent
def place_order(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    member: CurrentMember,
    now: Now,
    reward_id: Annotated[UUID, Form()],
    shown_points: Annotated[int, Form(gt=0)],
    recipient_name: Text = "",
    company: Text = "",
    street: Text = "",
    postcode: Text = "",
    city: Text = "",
    phone: Text = "",
    carrier: Text = "",
    point_code: Text = "",
    absence: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    typed = {
        "recipient_name": recipient_name,
        "company": company,
        "street": street,
        "postcode": postcode,
        "city": city,
        "phone": phone,
        "carrier": carrier,
        "point_code": point_code,
        "absence": absence,
    }
    context = _detail(session, member, reward_id, now, typed, language=viewer.language)
    try:
        chosen = next((c for c in carriers(session) if str(c.id) == carrier), None)
        if chosen is None:
            raise Invalid("choose how it should come", field="carrier")
        redemption = service.place(
            session,
            program=member.program,
            participant=member.participant,
            wanted=[Wanted(reward_id, 1, shown_points)],
            recipient=Recipient(
                name=recipient_name,
                company=company,
                street=street,
                postcode=postcode,
                city=city,
                phone=phone,
                language=viewer.language,
                point_code=point_code.strip() or None,
            ),
            carrier=chosen,
            absence=absence,
            promised_on=promised_day(member, now),
            actor=viewer.actor,
            at=now,
        )
    except DomainError as error:
        raise pages.refused(request, "participant/reward.html", context, error) from error
    _ = pages.say(request)
    return pages.redirect(
        request,
        f"/orders/{redemption.id}",
        flash=_("Zamówione. Nagroda i punkty są zarezerwowane."),
    )
