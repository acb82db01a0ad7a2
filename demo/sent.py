"""A participant sends a KSeF file in, and it is read at once: no worker takes turns in a story."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

import ocr
from claims import service
from claims.service import StoredFile
from claims.tables import Channel
from core.clock import local_date
from core.queue import Work, WorkStatus
from demo.story import Story
from ocr.reading import Hints, SourceFile
from verification import intake


def send_and_read(
    story: Story, session: Session, *, number: int, data: bytes, name: str, at: datetime
) -> UUID:
    """The claim of the participant with that number in the cast, as the readers leave it."""
    participant = story.world.participants[number][1]
    claim = service.submit(
        session,
        program=story.world.program,
        participant=participant,
        files=[StoredFile(story.app.blobs.put(data), name, "application/xml", len(data))],
        channel=Channel.PAGE,
        actor=f"person:{participant.person_id}",
        at=at,
    )
    session.execute(
        sa.update(Work)
        .where(col(Work.key) == f"claim-read-{claim.id}")
        .values(status=WorkStatus.DONE, finished_at=at)
    )
    seen = ocr.read([SourceFile(data, name)], hints=Hints(today=local_date(at)))
    intake.begin_reading(session, claim_id=claim.id, at=at)
    intake.complete_reading(session, claim_id=claim.id, reading=seen.reading, pages=[], at=at)
    return claim.id
