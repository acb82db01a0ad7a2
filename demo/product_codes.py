"""Codes on the demo's products: a batch in use, one waiting for its goods, one to be printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, select

from demo.goods import BY
from demo.story import Act, Story
from programs import code_batches, codes
from programs.code_states import BatchStatus
from programs.product_tables import Product
from verification import code_claims


@dataclass(frozen=True, slots=True)
class Batch:
    sku: str
    size: int
    note: str
    days_ago: int
    until: BatchStatus
    used: int = 0
    units: int = 1
    voided: int = 0  # labels that were torn and withdrawn one by one


BATCHES = (
    Batch("VX-N-SLE-WH", 60, "druk 14/2026, ściemniacze", 45, BatchStatus.ACTIVE, used=9, voided=2),
    Batch("VX-B-108-NTT", 12, "kartony po 10 sztuk", 20, BatchStatus.ACTIVE, used=1, units=10),
    Batch("VX-N-RTP-WH", 24, "druk 15/2026, regulatory", 12, BatchStatus.ISSUED),
    Batch("VX-N-CRU-WH", 36, "zamówienie druku 16/2026", 2, BatchStatus.PLANNED),
)


def play(story: Story) -> None:
    """Put the life of the batches into the story, before it is played."""
    for batch in BATCHES:
        story.at(story.now - timedelta(days=batch.days_ago, hours=3), _life_of(story, batch))


def _life_of(story: Story, batch: Batch) -> Act:
    def act(session: Session, at: datetime) -> None:
        program_id = story.world.program.id
        product = session.exec(
            select(Product).where(Product.program_id == program_id, Product.sku == batch.sku)
        ).one()
        made = code_batches.plan(
            session,
            program_id=program_id,
            product_id=product.id,
            size=batch.size,
            units_per_code=batch.units,
            note=batch.note,
            actor=BY,
            at=at,
        )
        if batch.until is BatchStatus.PLANNED:
            return
        key = story.app.settings.derive_key(codes.PURPOSE)
        handed_out = code_batches.issue(
            session, program_id=program_id, batch_id=made.id, key=key, actor=BY, at=at
        )
        if batch.until is BatchStatus.ISSUED:
            return
        code_batches.activate(session, program_id=program_id, batch_id=made.id, actor=BY, at=at)
        for code in handed_out[len(handed_out) - batch.voided :]:
            code_batches.void_code(
                session,
                program_id=program_id,
                code=code,
                key=key,
                reason="etykieta rozdarta przy pakowaniu",
                actor=BY,
                at=at,
            )
        for number, code in enumerate(handed_out[: batch.used]):
            moment = at + timedelta(days=3 + 4 * number, minutes=37 * number)
            story.at(moment, _use(story, number % 4, code, key))

    return act


def _use(story: Story, number: int, code: str, key: bytes) -> Act:
    def act(session: Session, at: datetime) -> None:
        _, participant, _ = story.world.participants[number]
        code_claims.claim(
            session,
            program=story.world.program,
            participant=participant,
            code=code,
            key=key,
            actor=f"person:{participant.person_id}",
            at=at,
        )

    return act
