"""Who agreed that the manufacturer may see who they are; everybody else stays nameless."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import Session, col

from accounts.consents import SHARE_WITH_MANUFACTURER
from accounts.roles import EVERYWHERE, scope_of
from accounts.tables import Consent
from programs.tables import Participant


def agreed(program_id: UUID) -> Any:
    """A subquery of the ids of people whose newest word for this programme is a yes."""
    newest = (
        sa.select(col(Consent.person_id), col(Consent.given))
        .where(
            col(Consent.kind) == SHARE_WITH_MANUFACTURER,
            col(Consent.scope).in_([EVERYWHERE, scope_of("program", program_id)]),
        )
        .order_by(col(Consent.person_id), col(Consent.at).desc(), col(Consent.id).desc())
        .ext(distinct_on(col(Consent.person_id)))
        .subquery()
    )
    return sa.select(newest.c.person_id).where(newest.c.given)


def firms(
    session: Session, *, program_id: UUID, participant_ids: Iterable[UUID]
) -> dict[UUID, str]:
    """The firm of each of these participants who agreed, by participant."""
    wanted = list(set(participant_ids))
    if not wanted:
        return {}
    rows = session.execute(
        sa.select(col(Participant.id), col(Participant.company_name)).where(
            col(Participant.program_id) == program_id,
            col(Participant.id).in_(wanted),
            col(Participant.person_id).in_(agreed(program_id)),
        )
    )
    return {participant_id: name for participant_id, name in rows}
