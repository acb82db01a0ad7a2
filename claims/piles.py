"""A pile of files sent at once: each becomes a claim of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session, col, select

from claims import service
from claims.service import NoFiles, StoredFile
from claims.tables import Channel, Claim, ClaimBatch
from core.errors import Invalid, NotFound
from programs.tables import Participant, Program

MOST = 50


class PileNotFound(NotFound):
    code = "pile-not-found"


class PileTooLarge(Invalid):
    """More files at once than a pile takes."""

    code: ClassVar[str] = "pile-too-large"


def send(
    session: Session,
    *,
    program: Program,
    participant: Participant,
    files: Sequence[StoredFile],
    channel: Channel,
    actor: str,
    network: str = "",
    at: datetime,
) -> ClaimBatch:
    """One claim for each file, all of them or none; the same file twice is sent once.

    Raises `PileTooLarge` and what `claims.service.submit` raises.
    """
    named: dict[str, StoredFile] = {}
    for file in files:
        named.setdefault(file.sha256, file)  # A copy goes by the name of the first.
    different = list(named.values())
    if not different:
        raise NoFiles(field="files")
    if len(different) > MOST:
        raise PileTooLarge(field="files", most=MOST)
    batch = ClaimBatch(participant_id=participant.id, sent_at=at)
    session.add(batch)
    session.flush()
    for file in different:
        claim = service.submit(
            session,
            program=program,
            participant=participant,
            files=[file],
            channel=channel,
            actor=actor,
            network=network,
            at=at,
        )
        claim.batch_id = batch.id
        session.add(claim)
    session.flush()
    return batch


def get_for_participant(
    session: Session, *, batch_id: UUID, participant_id: UUID
) -> tuple[ClaimBatch, list[Claim]]:
    """The participant's own pile and its claims in the order of the files. `PileNotFound`."""
    batch = session.exec(
        select(ClaimBatch).where(
            ClaimBatch.id == batch_id, ClaimBatch.participant_id == participant_id
        )
    ).one_or_none()
    if batch is None:
        raise PileNotFound
    claims = session.exec(
        select(Claim).where(Claim.batch_id == batch_id).order_by(col(Claim.number))
    )
    return batch, list(claims)
