"""Taking back what somebody said of a seller's papers: a product's name there, or a unit."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlmodel import Session, select

from core import audit
from core.errors import NotFound
from programs.product_tables import ProductAlias, SellerUnit
from programs.service import chain

Said = TypeVar("Said", ProductAlias, SellerUnit)


def withdraw(
    session: Session,
    said: type[Said],
    said_id: UUID,
    *,
    program_id: UUID,
    missing: type[NotFound],
    noun: str,
    actor: str,
    at: datetime,
) -> Said:
    """It counts no more; what was decided by it stays. Withdrawing twice leaves the first one.

    `noun` is what the audit calls it. Raises `missing` for what is not the programme's.
    """
    found = session.exec(
        select(said)
        .where(said.id == said_id, said.program_id == program_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise missing
    if found.withdrawn_at is None:
        found.withdrawn_by, found.withdrawn_at = actor, at
        session.add(found)
        session.flush()
        audit.record(
            session,
            chain=chain(program_id),
            actor=actor,
            action=f"{noun}.withdraw",
            subject=f"{said.__tablename__}:{found.id}",
            at=at,
        )
    return found
