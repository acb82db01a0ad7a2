"""Participants of a wholesaler's branches: what they did here, nothing of elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from accounts.tables import Person
from claims.tables import Claim
from partners.tables import Branch
from programs import joining
from verification.tables import Decision, Review
from web.views.claims import by_id


@dataclass(frozen=True, slots=True)
class EnrolledRow:
    name: str
    company: str
    branch: str
    since: datetime
    claims: int  # on documents of this wholesaler only
    last_at: datetime | None


def rows(session: Session, *, branches: Sequence[Branch], partner_id: UUID) -> list[EnrolledRow]:
    """Who joined by these branches, newest first, with their claims at this wholesaler."""
    found = joining.list_enrolled(session, branch_ids=[branch.id for branch in branches])
    people = by_id(session, Person, [one.person_id for one in found])
    names = {branch.id: branch.name for branch in branches}
    here = {
        participant_id: (int(count), last)
        for participant_id, count, last in session.execute(
            sa.select(
                col(Claim.participant_id),
                sa.func.count(sa.distinct(col(Claim.id))),
                sa.func.max(col(Decision.decided_at)),
            )
            .join(Review, col(Review.claim_id) == col(Claim.id))
            .join(
                Decision,
                sa.and_(col(Decision.claim_id) == col(Claim.id), col(Decision.undone_at).is_(None)),
            )
            .where(
                col(Review.partner_id) == partner_id,
                col(Claim.participant_id).in_([one.id for one in found]),
            )
            .group_by(col(Claim.participant_id))
        )
    }
    return [
        EnrolledRow(
            people[one.person_id].name,
            one.company_name,
            names.get(one.enrolled_by_branch_id, "") if one.enrolled_by_branch_id else "",
            one.enrolled_at,
            *here.get(one.id, (0, None)),
        )
        for one in found
    ]
