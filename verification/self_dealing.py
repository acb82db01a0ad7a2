"""Who may not decide on whose claims: the claimant, the claimant's firm, and whoever is linked.

The same is said once more by a trigger of the table `decision`, for whatever forgets to ask here.
"""

from __future__ import annotations

import hashlib
import re
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from core.errors import Forbidden
from partners.tables import Partner, PartnerUser
from programs.tables import Manufacturer, Participant, Program
from verification.caution_tables import IdentityMark, MarkKind


class SelfDealing(Forbidden):
    """The decider is the claimant, of the claimant's firm, or linked to the claimant."""

    code = "self-dealing"


class NotTheSeller(Forbidden):
    """The document names another seller; the wholesaler's people may refuse it, never pay it."""

    code = "not-the-seller"


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


def refuse(
    session: Session, *, person_id: UUID, participant: Participant, for_program: bool
) -> None:
    """Raise `SelfDealing` when this person may not decide on this participant's claims.

    Roles and jobs that have ended count as well: whoever worked for the firm is still linked.
    """
    if participant.person_id == person_id or _shares(session, person_id, participant):
        raise SelfDealing
    if for_program:
        program = session.get_one(Program, participant.program_id)
        organiser = session.get_one(Manufacturer, program.manufacturer_id)
        if organiser.nip == participant.nip:
            raise SelfDealing


def _shares(session: Session, person_id: UUID, participant: Participant) -> bool:
    """A firm, an employer, or a mark in common."""
    colleague, mine, theirs = aliased(PartnerUser), aliased(IdentityMark), aliased(IdentityMark)
    same_firm = sa.exists().where(
        col(Participant.person_id) == person_id, col(Participant.nip) == participant.nip
    )
    employed = (
        sa.select(sa.literal(1))
        .select_from(PartnerUser)
        .join(Partner, col(Partner.id) == col(PartnerUser.partner_id))
        .where(
            col(PartnerUser.person_id) == person_id,
            sa.or_(
                col(PartnerUser.nip) == participant.nip,
                col(Partner.nip) == participant.nip,
                sa.exists().where(
                    col(colleague.person_id) == participant.person_id,
                    col(colleague.partner_id) == col(PartnerUser.partner_id),
                ),
            ),
        )
        .exists()
    )
    marked = sa.exists().where(
        col(mine.person_id) == person_id,
        col(theirs.person_id) == participant.person_id,
        col(mine.kind) == col(theirs.kind),
        col(mine.mark) == col(theirs.mark),
    )
    return bool(session.execute(sa.select(sa.or_(same_firm, employed, marked))).scalar_one())


def note_mark(session: Session, *, person_id: UUID, kind: MarkKind, value: str) -> None:
    """Remember a phone, an address or a bank account of a person as its digest."""
    session.execute(
        insert(IdentityMark)
        .values(person_id=person_id, kind=kind, mark=digest(kind, value), hint="")
        .on_conflict_do_nothing()
    )


def digest(kind: MarkKind, value: str) -> bytes:
    """The same digest as the database's `identity_digest`."""
    if kind is MarkKind.PHONE:
        plain = re.sub(r"[^0-9]", "", value)[-9:]
    else:
        plain = "".join(letter for letter in value if letter.isalnum()).lower()
    return hashlib.sha256(plain.encode()).digest()
