"""A document goes when its programme's time is over; that it was paid once does not."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from claims import proofs, queries, retention
from claims.document_tables import Document, DocumentFile, DocumentPage, Extraction
from claims.states import ClaimStatus, Verdict
from claims.tables import Claim
from core.blobs import BlobMissing
from core.queue import Job, later, start, take_due
from core.runtime import App
from points import service
from programs.tables import Program
from tests import make
from tests.conftest import NOON
from verification import decisions
from verification.judging import LineVerdict
from workers import retention as job
from workers.runtime import Task
from workers.verify import faults

LATER = NOON + timedelta(days=1827)


def decided(session: Session, of: make.World, number: str = "FV/1/2026") -> Claim:
    review = make.awaiting(session, of, number=number)
    verdicts = [
        LineVerdict(line.id, Verdict.APPROVE)
        for line in queries.list_lines(session, review.claim_id)
        if line.product_id is not None
    ]
    decisions.decide(session, review=review, clerk=of.clerk, verdicts=verdicts, at=NOON)
    return session.get_one(Claim, review.claim_id)


def document_of(session: Session, claim: Claim) -> Document:
    return session.exec(select(Document).where(Document.claim_id == claim.id)).one()


def turn(app: App, at: object = LATER) -> None:
    """One turn of the clock, as a worker carries it out."""
    with app.database.unit_of_work() as session:
        later(session, Job("test.retention"), key=f"retention:{at}", at=LATER)
    with app.database.unit_of_work() as session:
        [ring] = take_due(session, at=LATER, queue="default", room=1)
        start(session, work_id=ring.work_id, attempt=ring.attempt, at=LATER)
    task = Task(app, ring.work_id, ring.attempt, at)  # type: ignore[arg-type]
    job.forget_documents(app, task)
    assert task.finished


def test_pictures_and_readings_go_and_the_claim_with_its_points_stays(app: App) -> None:
    with app.database.unit_of_work() as session:
        of = make.world(session)
        claim = decided(session, of)
        points, claim_id = claim.points, claim.id
        document = document_of(session, claim)
        own, shared = app.blobs.put(b"own page"), app.blobs.put(b"shared page")
        other = document_of(session, session.get_one(Claim, make.submitted(session, of).id))
        for owner, number, sha256 in (
            (document, 1, own),
            (document, 2, shared),
            (other, 1, shared),
        ):
            session.add(
                DocumentPage(
                    document_id=owner.id,
                    number=number,
                    image_sha256=sha256,
                    media_type="image/webp",
                    width_px=10,
                    height_px=10,
                )
            )
    turn(app, LATER - timedelta(days=2))
    assert app.blobs.get(own) == b"own page"  # not yet
    turn(app)
    with app.database.unit_of_work() as session:
        claim = session.get_one(Claim, claim_id)
        document = document_of(session, claim)
        assert (claim.status, claim.points, document.forgotten_at) == (
            ClaimStatus.APPROVED, points, LATER,
        )  # fmt: skip
        assert queries.list_pages(session, claim_id) == []
        assert queries.find_reading(session, claim_id) is None
        files = session.exec(
            select(DocumentFile).where(DocumentFile.document_id == document.id)
        ).all()
        assert files
        assert {file.name for file in files} == {""}
        assert proofs.faults(session) == []
    with pytest.raises(BlobMissing):
        app.blobs.get(own)
    assert app.blobs.get(shared) == b"shared page"
    hashes = {file.sha256 for file in files}
    assert not [fault for fault in faults(app) if any(sha256 in fault for sha256 in hashes)]


def test_a_programme_keeps_longer_and_what_is_undecided_stays(app: App) -> None:
    with app.database.unit_of_work() as session:
        of = make.world(session)
        decided(session, of)
        make.awaiting(session, of, number="FV/2/2026")
        session.get_one(Program, of.program.id).settings = {"documents_kept_days": 3000}
    with app.database.unit_of_work() as session:
        assert retention.list_due(session, at=LATER, limit=10) == []
        assert len(retention.list_due(session, at=NOON + timedelta(days=3001), limit=10)) == 1


def test_readings_are_deleted_by_nothing_else(session: Session) -> None:
    of = make.world(session)
    document = document_of(session, decided(session, of))
    session.execute(sa.select(sa.func.forget_readings(document.id)))
    wanted = select(Extraction.id).where(Extraction.document_id == document.id)
    assert session.exec(wanted).all()  # The document is not forgotten.
    with pytest.raises(sa.exc.ProgrammingError, match="permission denied"), session.begin_nested():
        session.execute(sa.delete(Extraction).where(col(Extraction.document_id) == document.id))


def test_a_line_has_one_living_award_by_the_database_too(session: Session) -> None:
    of = make.world(session)
    claim = decided(session, of)
    line = next(line for line in queries.list_lines(session, claim.id) if line.points)
    with pytest.raises(IntegrityError, match="uq_point_lot_living"), session.begin_nested():
        service.award(
            session,
            reference=f"claim:{claim.id}:line:{line.position}:award:2",
            program_id=of.program.id,
            participant_id=of.participant.id,
            points=1,
            expires_on=NOON.date(),
            at=NOON,
        )
