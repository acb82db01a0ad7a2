"""What two people share, as people see it: accounts typed by the operator, links that follow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from accounts import people
from accounts.contacts import parse
from accounts.tables import Person
from core import audit
from core.errors import Invalid, NotFound
from ocr.identifiers import iban_normalised
from partners.tables import Partner, PartnerUser
from programs.tables import Participant
from verification.caution_tables import IdentityMark, MarkKind
from verification.self_dealing import digest
from verification.tables import Decision


@dataclass(frozen=True, slots=True)
class Link:
    """A wholesaler's person and a participant who share something; such claims go to others.

    `before` counts decisions of that person on that participant's claims which stand.
    """

    kind: MarkKind
    hint: str  # the last digits of an account; empty for what the system noticed itself
    clerk_id: UUID
    clerk: str
    partner: str
    participant: str
    firm: str
    before: int


def add_account(session: Session, *, contact: str, account: str, by: UUID, at: datetime) -> UUID:
    """Note whose bank account it is; only its digest and last four digits are kept. Whose.

    Raises `Invalid` with the field: no such person, no such account, an own account.
    """
    number = iban_normalised(account)
    if number is None:
        raise Invalid("no account number", field="account")
    person = people.find_by_contact(session, parse(contact, field="contact"))
    if person is None:
        raise Invalid("nobody has this address", field="contact")
    if person.id == by:
        raise Invalid("somebody else notes one's own account", field="contact")
    session.execute(
        insert(IdentityMark)
        .values(
            person_id=person.id,
            kind=MarkKind.BANK_ACCOUNT,
            mark=digest(MarkKind.BANK_ACCOUNT, number),
            hint=number[-4:],
            noted_by=by,
            noted_at=at,
        )
        .on_conflict_do_nothing()
    )
    _record(session, person.id, "identity.account", number[-4:], by, at)
    return person.id


def remove_account(session: Session, *, person_id: UUID, hint: str, by: UUID, at: datetime) -> None:
    """Take back what was noted by mistake. Raises `NotFound`, `Invalid` for one's own."""
    if person_id == by:
        raise Invalid("somebody else removes one's own account", field="contact")
    gone = session.execute(
        sa.delete(IdentityMark)
        .where(
            col(IdentityMark.person_id) == person_id,
            col(IdentityMark.kind) == MarkKind.BANK_ACCOUNT,
            col(IdentityMark.hint) == hint,
            col(IdentityMark.hint) != "",
        )
        .returning(col(IdentityMark.person_id))
    ).first()
    if gone is None:
        raise NotFound
    _record(session, person_id, "identity.account_removed", hint, by, at)


def list_accounts(session: Session) -> list[tuple[UUID, str, str]]:
    """Noted accounts, newest first: person, name, last digits."""
    rows = session.execute(
        sa.select(col(Person.id), col(Person.name), col(IdentityMark.hint))
        .join_from(IdentityMark, Person, col(Person.id) == col(IdentityMark.person_id))
        .where(col(IdentityMark.hint) != "")
        .order_by(col(IdentityMark.noted_at).desc(), col(Person.name))
        .limit(200)
    )
    return [(person_id, name, hint) for person_id, name, hint in rows]


def list_links(session: Session) -> list[Link]:
    """Who of a wholesaler shares a phone, an address or an account with a participant."""
    theirs, mine = aliased(IdentityMark), aliased(IdentityMark)
    clerk, claimant = aliased(Person), aliased(Person)
    before = (
        sa.select(sa.func.count())
        .select_from(Decision)
        .where(
            col(Decision.submitted_by) == col(claimant.id),
            col(Decision.undone_at).is_(None),
            sa.or_(
                col(Decision.decided_by) == col(clerk.id), col(Decision.first_by) == col(clerk.id)
            ),
        )
        .scalar_subquery()
    )
    rows = session.execute(
        sa.select(
            col(mine.kind),
            sa.func.max(sa.func.greatest(col(mine.hint), col(theirs.hint))),
            col(clerk.id),
            col(clerk.name),
            sa.func.min(col(Partner.short_name)),
            col(claimant.name),
            sa.func.min(col(Participant.company_name)),
            before,
        )
        .select_from(mine)
        .join(theirs, sa.and_(col(theirs.kind) == mine.kind, col(theirs.mark) == mine.mark))
        .join(clerk, col(clerk.id) == mine.person_id)
        .join(claimant, col(claimant.id) == theirs.person_id)
        .join(PartnerUser, col(PartnerUser.person_id) == clerk.id)
        .join(Partner, col(Partner.id) == col(PartnerUser.partner_id))
        .join(Participant, col(Participant.person_id) == claimant.id)
        .where(col(mine.person_id) != theirs.person_id)
        .group_by(
            col(mine.kind), col(clerk.id), col(clerk.name), col(claimant.id), col(claimant.name)
        )
        .order_by(col(clerk.name), col(claimant.name))
        .limit(200)
    )
    return [Link(*row) for row in rows]


def _record(
    session: Session, person_id: UUID, action: str, hint: str, by: UUID, at: datetime
) -> None:
    audit.record(
        session,
        chain="accounts",
        actor=f"person:{by}",
        action=action,
        subject=f"person:{person_id}",
        at=at,
        last_digits=hint,
    )
