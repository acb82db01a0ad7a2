"""The catalogue of rewards for programs."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request

from core.clock import local_date
from points import addresses, ledger
from programs import tax, tax_modes
from programs.tax import TaxMode
from rewards import queries
from web import pages
from web.access import PARTICIPANT, ApiRouter
from web.api.paging import Cursor, Limit, Page, after, page
from web.deps import Now, UnitOfWork
from web.members import CurrentMember
from web.routers.rewards import carriers, promised_day, reward_view

router = ApiRouter(area="rewards", access=PARTICIPANT, prefix="/rewards")


class RewardOut(BaseModel):
    """A reward: `available` units can be promised today, `missing` points are not yet earned."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    description: str
    category: str
    points: int
    available: int
    missing: int


class CarrierOut(BaseModel):
    """A way for the parcel to come; one `to_point` needs the code of a pick-up point."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    to_point: bool


class RewardDetailOut(RewardOut):
    """A reward with all that an order of it needs to know."""

    promised_on: date
    carriers: list[CarrierOut]
    tax_mode: TaxMode | None
    tax_note: list[str]


@router.get("")
def list_rewards(
    session: UnitOfWork, member: CurrentMember, now: Now, limit: Limit = 50, cursor: Cursor = ""
) -> Page[RewardOut]:
    """The rewards that can be ordered now, in the order in which they joined the catalogue."""
    last = after(cursor)
    published = queries.list_published(session, program_id=member.program.id, at=now)
    found = sorted((r for r in published if last is None or r.id > last), key=lambda r: r.id)
    rows = found[: limit + 1]
    balance = ledger.balance(session, addresses.active(member.participant.id))
    stock = queries.available(session, rows, on=local_date(now))
    return page(
        rows,
        limit=limit,
        id_of=lambda reward: reward.id,
        item=lambda reward: RewardOut.model_validate(
            reward_view(reward, available=stock[reward.id], balance=balance)
        ),
    )


@router.get("/{reward_id}")
def get_reward(
    request: Request, session: UnitOfWork, member: CurrentMember, reward_id: UUID, now: Now
) -> RewardDetailOut:
    """One reward, the ways it can come and the day it would arrive if ordered now."""
    reward = queries.get_published(
        session, program_id=member.program.id, reward_id=reward_id, at=now
    )
    balance = ledger.balance(session, addresses.active(member.participant.id))
    stock = queries.available(session, [reward], on=local_date(now))
    shown = RewardOut.model_validate(
        reward_view(reward, available=stock[reward.id], balance=balance)
    )
    mode = tax_modes.mode_on(session, program_id=member.program.id, on=local_date(now))
    language = pages.viewer_of(request).language
    return RewardDetailOut(
        **shown.model_dump(),
        promised_on=promised_day(member, now),
        carriers=[CarrierOut.model_validate(carrier) for carrier in carriers(session)],
        tax_mode=mode,
        tax_note=list(tax.sentences(mode, language=language)),
    )
