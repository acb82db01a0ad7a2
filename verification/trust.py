"""Trust that participants and partners earned, counted from what became of their claims."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from claims.states import ClaimStatus
from claims.tables import Claim
from programs.settings import ProgramSettings
from verification.automatic_tables import SecondLook
from verification.tables import Decision, Review

# One refused or wrong in twenty is as much as trust bears; a wrong look ends it for half a year.
BEARABLE = 20
MEMORY = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Record:
    """What became of somebody's claims or decisions: `good` of them stood, `bad` did not."""

    good: int
    bad: int
    wrong_looks: int = 0

    def earned(self, *, at_least: int) -> bool:
        """Enough that stood, hardly any that did not, and no recent one proved wrong."""
        return self.good >= at_least and self.bad * BEARABLE <= self.good and self.wrong_looks == 0


def participant_record(session: Session, participant_id: UUID, *, at: datetime) -> Record:
    """Decided claims of a membership; claims that were reversed or refused count against it."""
    good, bad = session.execute(
        sa.select(
            sa.func.count().filter(
                col(Claim.status).in_(
                    [
                        ClaimStatus.APPROVED,
                        ClaimStatus.PARTIALLY_APPROVED,
                        ClaimStatus.OVERTURNED,
                    ]
                )
            ),
            sa.func.count().filter(
                col(Claim.status).in_(
                    [ClaimStatus.REJECTED, ClaimStatus.UPHELD, ClaimStatus.REVERSED]
                )
            ),
        ).where(col(Claim.participant_id) == participant_id)
    ).one()
    wrong = session.execute(
        sa.select(sa.func.count())
        .select_from(SecondLook)
        .join(Claim, col(Claim.id) == col(SecondLook.claim_id))
        .where(
            col(Claim.participant_id) == participant_id,
            col(SecondLook.wrong_points) > 0,
            col(SecondLook.checked_at) > at - MEMORY,
        )
    ).scalar_one()
    return Record(int(good), int(bad), int(wrong))


def partner_record(session: Session, *, program_id: UUID, partner_id: UUID) -> Record:
    """Decisions of a partner's people that stood, and those that an appeal overturned."""
    good, bad = session.execute(
        sa.select(
            sa.func.count().filter(col(Claim.status) != ClaimStatus.OVERTURNED),
            sa.func.count().filter(col(Claim.status) == ClaimStatus.OVERTURNED),
        )
        .select_from(Decision)
        .join(Review, col(Review.id) == col(Decision.review_id))
        .join(Claim, col(Claim.id) == col(Decision.claim_id))
        .where(
            col(Review.program_id) == program_id,
            col(Review.partner_id) == partner_id,
            sa.not_(col(Decision.automatic)),
            col(Decision.undone_at).is_(None),
        )
    ).one()
    return Record(int(good), int(bad))


def earned(
    session: Session,
    *,
    program_id: UUID,
    participant_id: UUID,
    partner_id: UUID | None,
    settings: ProgramSettings,
    at: datetime,
) -> tuple[bool, bool]:
    """Whether the participant and the partner have earned the programme's trust."""
    participant = participant_record(session, participant_id, at=at)
    partner = (
        partner_record(session, program_id=program_id, partner_id=partner_id)
        if partner_id
        else Record(0, 0)
    )
    return (
        participant.earned(at_least=settings.trust_claims),
        partner.earned(at_least=settings.trust_decisions),
    )
