"""The rewards of the demo: ordered, packed, sent, delivered; and the queue of today's warehouse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from uuid import UUID

from sqlmodel import Session

from core.clock import local, local_date
from demo.story import Act, Story
from logistics.shipments import Recipient
from logistics.states import ShipmentStatus
from points import addresses, ledger
from programs.tables import Participant
from rewards import fulfilment, queries
from rewards import service as rewards
from rewards.service import Wanted
from verification.calendar import add_working_days, is_working_day


class Reached(IntEnum):
    """How far an order has come by now."""

    PLACED = 0
    BEGUN = 1
    LABELLED = 2
    SENT = 3
    DELIVERED = 4


@dataclass(frozen=True, slots=True)
class Recent:
    """An order of the last days: how long ago, how far by now."""

    ago: timedelta
    reached: Reached
    by: int | None = None  # by number in the cast; None: who has saved most


RECENT: Sequence[Recent] = (
    Recent(timedelta(days=9, hours=3), Reached.PLACED),  # Overlooked: late by now.
    Recent(timedelta(days=4, hours=2), Reached.SENT, by=0),
    Recent(timedelta(days=3, hours=4), Reached.SENT),
    Recent(timedelta(days=2, hours=5), Reached.LABELLED),
    Recent(timedelta(days=2, hours=1), Reached.BEGUN),
    Recent(timedelta(days=1, hours=6), Reached.PLACED),
    Recent(timedelta(hours=20), Reached.PLACED),
    Recent(timedelta(hours=5), Reached.PLACED),
    Recent(timedelta(minutes=50), Reached.PLACED),
)
SAVING = 8_000  # The demo's own participant saves for the drill.


def play_recent(story: Story) -> None:
    """The warehouse of today: the one of the demo and whoever has saved most order something."""
    for recent in RECENT:
        story.at(story.now - recent.ago, _recent(story, recent))


def _recent(story: Story, recent: Recent) -> Act:
    def act(session: Session, at: datetime) -> None:
        people = [participant.id for _, participant, _ in story.world.participants]
        if recent.by is not None:
            buyer = people[recent.by]
        else:
            buyer = max(
                people[1:],
                key=lambda someone: ledger.balance(session, addresses.active(someone)),
            )
        order(story, session, buyer, at, reached=recent.reached)

    return act


def order(
    story: Story,
    session: Session,
    participant_id: UUID,
    at: datetime,
    *,
    reached: Reached = Reached.DELIVERED,
) -> None:
    """Order the dearest reward that the participant can pay, or save for a dearer one."""
    world = story.world
    number, (fitter, participant, party) = next(
        (n, row) for n, row in enumerate(world.participants) if row[1].id == participant_id
    )
    balance = ledger.balance(session, addresses.active(participant_id))
    if number == 0:
        balance -= SAVING
    stock = queries.available(session, world.rewards, on=local_date(at))
    within = [r for r in world.rewards if r.price_points <= balance and stock[r.id] > 1]
    if not within:
        return
    reward = story.rng.choice(within[-3:])
    redemption = rewards.place(
        session,
        program=world.program,
        participant=participant,
        wanted=[Wanted(reward.id, 1, reward.price_points)],
        recipient=Recipient(
            name=fitter.name,
            company=party.name,
            street=party.street,
            postcode=party.postcode,
            city=party.city,
            phone=f"+48 60{number % 10} {217 + number * 13} {104 + number * 7}",
        ),
        carrier=world.courier,
        absence="Proszę zostawić u sąsiada z warsztatu obok." if number % 5 == 0 else "",
        promised_on=add_working_days(local_date(at), 5),
        actor=f"person:{participant.person_id}",
        at=at,
    )
    packed_at = _next_working_time(at + timedelta(hours=story.rng.randint(4, 30)))
    if reached > Reached.PLACED:
        if reached < Reached.DELIVERED:
            packed_at = min(packed_at, story.now - timedelta(minutes=40))
        story.at(packed_at, lambda s, t: _pack(story, s, redemption.id, participant, t, reached))


def _next_working_time(moment: datetime) -> datetime:
    while not is_working_day(local_date(moment)):
        moment += timedelta(days=1)
    start = local(moment).replace(hour=9, minute=30)
    return max(moment, start) if local(moment).hour < 17 else start + timedelta(days=1)


def _pack(
    story: Story,
    session: Session,
    redemption_id: UUID,
    participant: Participant,
    at: datetime,
    reached: Reached,
) -> None:
    actor = story.world.warehouse_actor
    shipment = fulfilment.start(session, redemption_id=redemption_id, actor=actor, at=at)
    if reached is Reached.BEGUN:
        return
    for _, lot, _ in fulfilment.pick_list(session, redemption_id):
        fulfilment.scan(
            session, redemption_id=redemption_id, lot_number=lot.number, actor=actor, at=at
        )
    fulfilment.label(
        session,
        redemption_id=redemption_id,
        carrier_number=f"SP{int(shipment.id.int % 10**12):012d}",
        actor=actor,
        at=at + timedelta(minutes=6),
    )
    if reached is Reached.LABELLED:
        return
    story.at(
        min(local(at).replace(hour=16, minute=15), local(story.now)),
        lambda s, t: _hand_over(story, s, redemption_id, participant, t, reached),
    )


def _hand_over(
    story: Story,
    session: Session,
    redemption_id: UUID,
    participant: Participant,
    at: datetime,
    reached: Reached,
) -> None:
    shipment = fulfilment.hand_over(
        session, redemption_id=redemption_id, actor=story.world.warehouse_actor, at=at
    )
    day = _next_working_time(local(at).replace(hour=8, minute=0) + timedelta(days=1))
    steps = (
        ("SORT", ShipmentStatus.IN_TRANSIT, at + timedelta(hours=6), "Sortownia Komorniki"),
        ("OUT", ShipmentStatus.OUT_FOR_DELIVERY, day, "Oddział docelowy"),
        ("DLV", ShipmentStatus.DELIVERED, day + timedelta(hours=story.rng.randint(2, 7)), ""),
    )
    for code, status, moment, place in steps[: 1 if reached is Reached.SENT else 3]:
        story.at(moment, _carrier_says(shipment.id, code, status, place))
    if reached is Reached.DELIVERED and story.rng.random() < 0.6:
        story.at(
            day + timedelta(hours=9),
            lambda s, t: _confirm(s, redemption_id, participant, t),
        )


def _carrier_says(shipment_id: UUID, code: str, status: ShipmentStatus, place: str) -> Act:
    def act(session: Session, at: datetime) -> None:
        fulfilment.carrier_event(
            session,
            shipment_id=shipment_id,
            raw_code=code,
            status=status,
            event_at=at,
            place=place,
            actor="carrier:demo",
            at=at,
        )

    return act


def _confirm(session: Session, redemption_id: UUID, participant: Participant, at: datetime) -> None:
    fulfilment.confirm_delivery(
        session,
        redemption_id=redemption_id,
        participant_id=participant.id,
        actor=f"person:{participant.person_id}",
        at=at,
    )
