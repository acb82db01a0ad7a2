"""Documents whose time is over: the pictures and what was read of them go, the claim stays.

The hashes of the files stay too: they are the identity by which a paper is paid once.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from claims.document_tables import Document, DocumentFile, DocumentPage
from claims.states import OPEN, ClaimStatus
from claims.tables import Claim
from programs.settings import ProgramSettings
from programs.tables import Program

_LIVING = (*OPEN, ClaimStatus.APPEALED)


def list_due(session: Session, *, at: datetime, limit: int) -> list[UUID]:
    """Documents that their programme need not keep any longer, oldest first."""
    days = sa.func.coalesce(
        sa.cast(col(Program.settings)["documents_kept_days"].astext, sa.Integer),
        ProgramSettings().documents_kept_days,
    )
    decided = sa.func.coalesce(col(Claim.decided_at), col(Claim.submitted_at))
    return list(
        session.exec(
            select(Document.id)
            .join(Claim, col(Claim.id) == col(Document.claim_id))
            .join(Program, col(Program.id) == col(Claim.program_id))
            .where(
                col(Document.forgotten_at).is_(None),
                col(Claim.status).not_in(_LIVING),
                decided < sa.literal(at) - sa.func.make_interval(0, 0, 0, days),
            )
            .order_by(decided, col(Document.id))
            .limit(limit)
        )
    )


def forget(session: Session, *, document_id: UUID, at: datetime) -> list[str]:
    """Take a document's pages, readings and names away; the hashes of the files to be deleted.

    A file or a page that another document still needs is not among them. A file sent again later
    is stored anew, and its claim collides with this one as before.
    """
    document = session.exec(
        select(Document)
        .where(Document.id == document_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if document.forgotten_at is not None:
        return []
    document.forgotten_at = at
    session.add(document)
    files = session.exec(select(DocumentFile).where(DocumentFile.document_id == document_id)).all()
    pages = session.exec(select(DocumentPage).where(DocumentPage.document_id == document_id)).all()
    hashes = {file.sha256 for file in files} | {page.image_sha256 for page in pages}
    for file in files:
        file.name = ""
        session.add(file)
    for page in pages:
        session.delete(page)
    session.flush()
    session.execute(sa.select(sa.func.forget_readings(document_id)))
    return sorted(hashes - _needed(session, hashes))


def _needed(session: Session, hashes: set[str]) -> set[str]:
    """Those that a document which is still kept has too."""
    rows = session.execute(
        sa.union(
            sa.select(col(DocumentFile.sha256))
            .join(Document, col(Document.id) == col(DocumentFile.document_id))
            .where(col(Document.forgotten_at).is_(None), col(DocumentFile.sha256).in_(hashes)),
            sa.select(col(DocumentPage.image_sha256)).where(
                col(DocumentPage.image_sha256).in_(hashes)
            ),
        )
    )
    return {sha256 for (sha256,) in rows}
