"""A claim from its upload to its matched lines; who decides lies above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from claims import states
from claims.document_tables import Document, DocumentFile
from claims.eligibility import require_eligible
from claims.sent import WAS_SENT
from claims.states import ClaimStatus
from claims.tables import Channel, Claim, ClaimEvent
from core.clock import local_date
from core.errors import DomainError, Invalid, Kind, NotFound
from core.queue import Job, later
from programs.tables import Participant, Program

READ = Job("claims.read", queue="ocr", timeout_s=600, lease_s=30, max_starts=3)

MAX_FILES = 10
MAX_FILE_BYTES = 25_000_000
MAX_TOTAL_BYTES = 60_000_000
QUOTA_FILES_A_DAY = 100
QUOTA_BYTES_A_DAY = 200_000_000
MOST_DRAFTS = 10
DRAFT_STAYS = timedelta(days=14)
NUMBERS = "claim_number"


class ClaimNotFound(NotFound):
    code = "claim-not-found"


class NoFiles(Invalid):
    code = "no-files"


class TooManyFiles(Invalid):
    code = "too-many-files"


class FileTooLarge(DomainError):
    kind: ClassVar[Kind] = Kind.TOO_LARGE
    code = "file-too-large"


class QuotaUsedUp(DomainError):
    """The participant sent as much as one person may send in a day."""

    kind: ClassVar[Kind] = Kind.TOO_MANY
    code = "upload-quota-used-up"


class ProgramClosed(DomainError):
    """The programme does not take claims today."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "program-closed"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that already lies in the store."""

    sha256: str
    name: str
    media_type: str
    file_bytes: int


def submit(
    session: Session,
    *,
    program: Program,
    participant: Participant,
    files: Sequence[StoredFile],
    channel: Channel,
    actor: str,
    note: str = "",
    network: str = "",
    confirmed: bool = True,
    at: datetime,
) -> Claim:
    """Take in one proof of purchase and ask for its reading.

    Without `confirmed` it stays a draft that is not read before the participant says that it is
    theirs (`confirm`); few such drafts wait at a time.

    `network` is where it came from, for the limits of guessing codes (`accounts.rates`).
    Raises `NoFiles`, `TooManyFiles`, `FileTooLarge`, `QuotaUsedUp`, `ProgramClosed`, `NotEligible`.
    """
    require_open(program, at)
    require_eligible(session, program=program, participant=participant, at=at)
    _require_limits(session, participant, files, at)
    if not confirmed:
        _require_few_drafts(session, participant)
    status = ClaimStatus.SUBMITTED if confirmed else ClaimStatus.DRAFT
    claim = Claim(
        number=next_number(session, at),
        program_id=program.id,
        participant_id=participant.id,
        channel=channel,
        status=status,
        submitted_at=at,
        note=note.strip()[:1000],
    )
    session.add(claim)
    session.flush()
    document = Document(claim_id=claim.id, program_id=program.id, created_at=at)
    session.add(document)
    session.flush()
    _store(session, document, files, first=1)
    session.add(
        ClaimEvent(
            claim_id=claim.id,
            status=status,
            actor=actor,
            at=at,
            facts={"files": len(files), "channel": channel},
        )
    )
    if confirmed:
        _ask_reading(session, claim, network, at)
    return claim


def _ask_reading(session: Session, claim: Claim, network: str, at: datetime) -> None:
    key = f"claim-read-{claim.id}"
    later(session, READ, key=key, at=at, claim_id=str(claim.id), network=network)


def confirm(
    session: Session,
    *,
    claim_id: UUID,
    participant_id: UUID,
    actor: str,
    network: str = "",
    at: datetime,
) -> Claim:
    """The participant says that a draft is theirs; it goes the way of any other claim.

    It counts as sent now. Raises `ClaimNotFound`, `IllegalTransition`, `ProgramClosed`,
    `NotEligible`.
    """
    claim = lock(session, claim_id)
    if claim.participant_id != participant_id:
        raise ClaimNotFound
    states.check(claim.status, ClaimStatus.SUBMITTED)
    program = session.get_one(Program, claim.program_id)
    require_open(program, at)
    participant = session.get_one(Participant, participant_id)
    require_eligible(session, program=program, participant=participant, at=at)
    claim.submitted_at = at
    advance(session, claim, to=ClaimStatus.SUBMITTED, actor=actor, at=at)
    _ask_reading(session, claim, network, at)
    return claim


def expire_drafts(session: Session, *, at: datetime, limit: int = 200) -> int:
    """End the drafts that nobody confirmed in time; how many."""
    found = session.exec(
        select(Claim.id)
        .where(Claim.status == ClaimStatus.DRAFT, col(Claim.submitted_at) < at - DRAFT_STAYS)
        .order_by(col(Claim.id))
        .limit(limit)
    ).all()
    for claim_id in found:
        claim = lock(session, claim_id)
        if claim.status is ClaimStatus.DRAFT:
            advance(session, claim, to=ClaimStatus.EXPIRED, actor="system", at=at)
    return len(found)


def _require_few_drafts(session: Session, participant: Participant) -> None:
    """Whoever forges a sender must not fill somebody's list."""
    waiting = session.execute(
        sa.select(sa.func.count()).where(
            col(Claim.participant_id) == participant.id, col(Claim.status) == ClaimStatus.DRAFT
        )
    ).scalar_one()
    if waiting >= MOST_DRAFTS:
        raise QuotaUsedUp(files=MOST_DRAFTS, megabytes=QUOTA_BYTES_A_DAY // 1_000_000)


def add_files(
    session: Session,
    claim: Claim,
    *,
    participant: Participant,
    files: Sequence[StoredFile],
    actor: str,
    network: str = "",
    at: datetime,
) -> None:
    """Put more pages behind those of a locked claim that waits for them; it is read again.

    Raises `NoFiles`, `TooManyFiles`, `FileTooLarge`, `QuotaUsedUp`, `IllegalTransition`.
    """
    _require_limits(session, participant, files, at)
    document = session.exec(select(Document).where(Document.claim_id == claim.id)).one()
    known = session.exec(
        select(sa.func.count()).where(col(DocumentFile.document_id) == document.id)
    ).one()
    if known + len(files) > MAX_FILES:
        raise TooManyFiles(field="files", most=MAX_FILES)
    _store(session, document, files, first=known + 1)
    advance(session, claim, to=ClaimStatus.READING, actor=actor, at=at, files=len(files))
    claim.unreadable_reason = None
    key = f"claim-read-{claim.id}-{known + len(files)}"
    later(session, READ, key=key, at=at, claim_id=str(claim.id), network=network)


def _store(
    session: Session, document: Document, files: Sequence[StoredFile], *, first: int
) -> None:
    session.add_all(
        DocumentFile(
            document_id=document.id,
            position=position,
            sha256=file.sha256,
            name=file.name[:200],
            media_type=file.media_type,
            file_bytes=file.file_bytes,
        )
        for position, file in enumerate(files, start=first)
    )


def is_open(program: Program, at: datetime) -> bool:
    """Whether the programme takes claims on the day of a moment."""
    return program.starts_on <= local_date(at) <= program.claim_until


def require_open(program: Program, at: datetime) -> None:
    """Raise `ProgramClosed` unless the programme takes claims today."""
    if not is_open(program, at):
        raise ProgramClosed(
            program.slug,
            starts_on=program.starts_on.isoformat(),
            claim_until=program.claim_until.isoformat(),
        )


def _require_limits(
    session: Session, participant: Participant, files: Sequence[StoredFile], at: datetime
) -> None:
    if not files:
        raise NoFiles(field="files")
    if len(files) > MAX_FILES:
        raise TooManyFiles(field="files", most=MAX_FILES)
    total = sum(file.file_bytes for file in files)
    if total > MAX_TOTAL_BYTES or any(file.file_bytes > MAX_FILE_BYTES for file in files):
        raise FileTooLarge(megabytes=MAX_FILE_BYTES // 1_000_000)
    number, size = session.execute(
        sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(col(DocumentFile.file_bytes)), 0))
        .join_from(DocumentFile, Document)
        .join(Claim, col(Claim.id) == col(Document.claim_id))
        .where(
            col(Claim.participant_id) == participant.id,
            WAS_SENT,
            col(Claim.submitted_at) > at - sa.func.make_interval(0, 0, 0, 1),
        )
    ).one()
    if number + len(files) > QUOTA_FILES_A_DAY or size + total > QUOTA_BYTES_A_DAY:
        raise QuotaUsedUp(files=QUOTA_FILES_A_DAY, megabytes=QUOTA_BYTES_A_DAY // 1_000_000)


def next_number(session: Session, at: datetime) -> str:
    """The number of a new claim, as people say it; a gap stays where a claim was refused."""
    value = session.execute(sa.select(sa.func.nextval(NUMBERS))).scalar_one()
    return f"Z/{local_date(at).year}/{value:06d}"


def lock(session: Session, claim_id: UUID) -> Claim:
    """The claim, locked until the end of the transaction. Raises `ClaimNotFound`."""
    claim = session.exec(
        select(Claim)
        .where(Claim.id == claim_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if claim is None:
        raise ClaimNotFound
    return claim


def advance(
    session: Session,
    claim: Claim,
    *,
    to: ClaimStatus,
    actor: str,
    at: datetime,
    note: str = "",
    **facts: str | int | None,
) -> None:
    """Move a locked claim to its next status and record who moved it, when and why."""
    states.check(claim.status, to)
    claim.status = to
    session.add(claim)
    session.add(
        ClaimEvent(claim_id=claim.id, status=to, actor=actor, at=at, note=note, facts=facts)
    )
    session.flush()


def cancel(
    session: Session, *, claim_id: UUID, participant_id: UUID, actor: str, at: datetime
) -> Claim:
    """The participant withdraws a claim that is not decided yet."""
    claim = lock(session, claim_id)
    if claim.participant_id != participant_id:
        raise ClaimNotFound
    advance(session, claim, to=ClaimStatus.CANCELLED, actor=actor, at=at)
    return claim
