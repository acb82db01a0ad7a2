"""A wholesaler's people: invited to one address, employed when they accept, away, gone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from accounts import grants, people, secrets
from accounts.contacts import ContactKind, parse_email
from accounts.roles import Grant, Role, scope_of
from accounts.tables import Person
from core.clock import local_date
from core.errors import DomainError, Invalid, Kind, NotFound
from messages.kinds import PARTNER_INVITATION
from messages.service import notify_contact
from partners.queries import get_partner, list_branches
from partners.tables import PartnerRole, PartnerUser
from partners.team_tables import PartnerAbsence, PartnerInvitation

LASTS = timedelta(days=14)


class InvitationEnded(NotFound):
    """No such invitation, or it was used, taken back, or is too old."""

    code = "invitation-ended"


class AlreadyEmployed(DomainError):
    """This person already works for a wholesaler."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "already-employed"


class LastManager(DomainError):
    """Somebody has to be able to invite the next person."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "last-manager"


def token_of(key: bytes, invitation_id: UUID) -> str:
    """The secret part of the link; it is stored nowhere."""
    return secrets.words(key, invitation_id.bytes)


def invite(
    session: Session,
    *,
    partner_id: UUID,
    invited_by: UUID,
    name: str,
    email: str,
    role: PartnerRole,
    branch_id: UUID | None,
    at: datetime,
) -> PartnerInvitation:
    """Offer a place; an earlier open offer to the same address ends. Raises `Invalid`."""
    contact = parse_email(email)
    if contact.kind is not ContactKind.EMAIL:
        raise Invalid("an e-mail address is needed", field="email")
    name = " ".join(name.split())
    if not 1 <= len(name) <= 120 or not name.isprintable():
        raise Invalid("a person has a name", field="name")
    own = {branch.id for branch in list_branches(session, partner_id)}
    if (role is PartnerRole.CLERK) != (branch_id in own) or (branch_id and branch_id not in own):
        raise Invalid("a clerk works at a branch, a manager for all", field="branch_id")
    known = people.find_by_contact(session, contact)
    if known is not None and _employed(session, known.id):
        raise AlreadyEmployed
    session.execute(
        sa.update(PartnerInvitation)
        .where(
            col(PartnerInvitation.partner_id) == partner_id,
            col(PartnerInvitation.email) == contact.text,
            col(PartnerInvitation.accepted_at).is_(None),
            col(PartnerInvitation.revoked_at).is_(None),
        )
        .values(revoked_at=at)
    )
    made = PartnerInvitation(
        partner_id=partner_id,
        branch_id=branch_id,
        role=role,
        name=name,
        email=contact.text,
        invited_by=invited_by,
        invited_at=at,
        expires_at=at + LASTS,
    )
    session.add(made)
    session.flush()
    notify_contact(
        session,
        contact=contact,
        kind=PARTNER_INVITATION.name,
        event_key=f"invitation:{made.id}",
        language="pl",
        at=at,
        invitation_id=str(made.id),
        partner=get_partner(session, partner_id).name,
        inviter=people.get(session, invited_by).name,
    )
    return made


def _employed(session: Session, person_id: UUID) -> bool:
    return (
        session.exec(
            select(PartnerUser.id).where(
                PartnerUser.person_id == person_id, col(PartnerUser.left_at).is_(None)
            )
        ).first()
        is not None
    )


def open_invitation(
    session: Session, *, invitation_id: UUID, token: str, key: bytes, at: datetime
) -> PartnerInvitation:
    """The offer behind a link, locked. Raises `InvitationEnded` for anything else."""
    row = session.exec(
        select(PartnerInvitation)
        .where(PartnerInvitation.id == invitation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    right = secrets.equal(token, token_of(key, invitation_id))
    if row is None or not right or row.accepted_at or row.revoked_at or row.expires_at <= at:
        raise InvitationEnded
    return row


def accept(
    session: Session, *, invitation_id: UUID, token: str, key: bytes, at: datetime
) -> Person:
    """Employ whoever reads the invited address: the link proves it. Works once.

    Raises `InvitationEnded`, `AlreadyEmployed`.
    """
    row = open_invitation(session, invitation_id=invitation_id, token=token, key=key, at=at)
    contact = parse_email(row.email)
    person = people.get_or_create(session, contact=contact, language="pl", name=row.name, at=at)
    if _employed(session, person.id):
        raise AlreadyEmployed
    earlier = session.exec(
        select(PartnerUser).where(
            PartnerUser.person_id == person.id, PartnerUser.partner_id == row.partner_id
        )
    ).one_or_none()
    user = earlier or PartnerUser(
        person_id=person.id, partner_id=row.partner_id, role=row.role, created_at=at
    )
    user.branch_id, user.role, user.left_at = row.branch_id, row.role, None
    row.accepted_at, row.accepted_by = at, person.id
    session.add_all([user, row])
    session.flush()
    grants.grant(
        session,
        person_id=person.id,
        grant=grant_of(user),
        by=f"person:{row.invited_by}",
        at=at,
    )
    return person


def grant_of(user: PartnerUser) -> Grant:
    """The role in accounts that goes with a place at a wholesaler."""
    if user.role is PartnerRole.MANAGER or user.branch_id is None:
        return Grant(Role.PARTNER_MANAGER, scope_of("partner", user.partner_id))
    return Grant(Role.CLERK, scope_of("branch", user.branch_id))


def revoke_invitation(
    session: Session, *, invitation_id: UUID, partner_id: UUID, at: datetime
) -> None:
    """Take an offer back. Raises `InvitationEnded`."""
    ended = session.execute(
        sa.update(PartnerInvitation)
        .where(
            col(PartnerInvitation.id) == invitation_id,
            col(PartnerInvitation.partner_id) == partner_id,
            col(PartnerInvitation.accepted_at).is_(None),
            col(PartnerInvitation.revoked_at).is_(None),
        )
        .values(revoked_at=at)
        .returning(col(PartnerInvitation.id))
    ).first()
    if ended is None:
        raise InvitationEnded


def dismiss(session: Session, *, user_id: UUID, partner_id: UUID, by: UUID, at: datetime) -> None:
    """A person leaves: the role and every session end at once; what they decided stays.

    Raises `NotFound`, `LastManager`.
    """
    staff = session.exec(
        select(PartnerUser)
        .where(PartnerUser.partner_id == partner_id, col(PartnerUser.left_at).is_(None))
        .order_by(col(PartnerUser.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    user = next((one for one in staff if one.id == user_id), None)
    if user is None:
        raise NotFound
    managers = [one for one in staff if one.role is PartnerRole.MANAGER]
    if managers == [user]:
        raise LastManager
    user.left_at = at
    session.add(user)
    session.flush()
    grants.end_grant(
        session, person_id=user.person_id, grant=grant_of(user), by=f"person:{by}", at=at
    )


def enter_absence(
    session: Session,
    *,
    partner_id: UUID,
    user_id: UUID,
    deputy_id: UUID | None,
    first_on: date,
    last_on: date,
    entered_by: UUID,
    at: datetime,
) -> PartnerAbsence:
    """Days away within a year from now, with who stands in. Raises `Invalid` with the field."""
    mine = {user.id for user, _ in list_staff(session, partner_id)}
    if user_id not in mine:
        raise Invalid("nobody of this wholesaler", field="user_id")
    if deputy_id is not None and deputy_id not in mine:
        raise Invalid("nobody of this wholesaler", field="deputy_id")
    if deputy_id == user_id:
        raise Invalid("nobody stands in for themselves", field="deputy_id")
    if abs((first_on - local_date(at)).days) > 366:
        raise Invalid("a slip of the year", field="first_on")
    if last_on < first_on or (last_on - first_on).days > 366:
        raise Invalid("the days are the wrong way round", field="last_on")
    made = PartnerAbsence(
        partner_user_id=user_id,
        deputy_id=deputy_id,
        first_on=first_on,
        last_on=last_on,
        entered_by=entered_by,
        entered_at=at,
    )
    session.add(made)
    session.flush()
    return made


def cancel_absence(session: Session, *, absence_id: UUID, partner_id: UUID, at: datetime) -> None:
    """Raises `NotFound` for another wholesaler's."""
    own = sa.select(col(PartnerUser.id)).where(col(PartnerUser.partner_id) == partner_id)
    done = session.execute(
        sa.update(PartnerAbsence)
        .where(
            col(PartnerAbsence.id) == absence_id,
            col(PartnerAbsence.partner_user_id).in_(own),
            col(PartnerAbsence.cancelled_at).is_(None),
        )
        .values(cancelled_at=at)
        .returning(col(PartnerAbsence.id))
    ).first()
    if done is None:
        raise NotFound


def find_deputy(session: Session, *, person_id: UUID, on: date) -> UUID | None:
    """Who stands in for somebody of a wholesaler on a day; None while they are there."""
    return session.exec(
        select(PartnerUser.person_id)
        .join(PartnerAbsence, col(PartnerAbsence.deputy_id) == col(PartnerUser.id))
        .where(
            col(PartnerAbsence.partner_user_id).in_(
                sa.select(col(PartnerUser.id)).where(col(PartnerUser.person_id) == person_id)
            ),
            PartnerAbsence.first_on <= on,
            PartnerAbsence.last_on >= on,
            col(PartnerAbsence.cancelled_at).is_(None),
            col(PartnerUser.left_at).is_(None),
        )
    ).first()


def list_staff(session: Session, partner_id: UUID) -> list[tuple[PartnerUser, Person]]:
    """Who works there, managers first."""
    rows = session.exec(
        select(PartnerUser, Person)
        .join(Person, col(Person.id) == col(PartnerUser.person_id))
        .where(PartnerUser.partner_id == partner_id, col(PartnerUser.left_at).is_(None))
        .order_by(col(PartnerUser.role).desc(), col(Person.name))
    )
    return [(user, person) for user, person in rows]


def list_invitations(
    session: Session, *, partner_id: UUID, at: datetime
) -> list[PartnerInvitation]:
    """Offers that wait for an answer."""
    return list(
        session.exec(
            select(PartnerInvitation)
            .where(
                PartnerInvitation.partner_id == partner_id,
                col(PartnerInvitation.accepted_at).is_(None),
                col(PartnerInvitation.revoked_at).is_(None),
                PartnerInvitation.expires_at > at,
            )
            .order_by(col(PartnerInvitation.invited_at))
        )
    )


def list_absences(session: Session, *, partner_id: UUID, on: date) -> list[PartnerAbsence]:
    """Absences that are not over."""
    own = sa.select(col(PartnerUser.id)).where(col(PartnerUser.partner_id) == partner_id)
    return list(
        session.exec(
            select(PartnerAbsence)
            .where(
                col(PartnerAbsence.partner_user_id).in_(own),
                PartnerAbsence.last_on >= on,
                col(PartnerAbsence.cancelled_at).is_(None),
            )
            .order_by(col(PartnerAbsence.first_on))
        )
    )
