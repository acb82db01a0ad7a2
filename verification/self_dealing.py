"""Who may not decide on whose claims: the claimant, the claimant's firm, and whoever is linked."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from partners.tables import Partner, PartnerUser
from programs.tables import Participant


def is_linked_to_seller(
    session: Session, participant: Participant, partner_id: UUID | None
) -> bool:
    """Whether the participant is, worked for, or shares a firm with somebody of the seller.

    Such a claim is decided by the programme's own people, never by the rules or the seller.
    """
    if partner_id is None:
        return False
    own_firm = sa.exists().where(col(Partner.id) == partner_id, col(Partner.nip) == participant.nip)
    colleague = sa.exists().where(
        col(PartnerUser.partner_id) == partner_id,
        sa.or_(
            col(PartnerUser.person_id) == participant.person_id,
            col(PartnerUser.nip) == participant.nip,
        ),
    )
    return bool(session.execute(sa.select(sa.or_(own_firm, colleague))).scalar_one())
