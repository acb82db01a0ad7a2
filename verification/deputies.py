"""Who is away today, and who stands in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from partners.tables import PartnerUser
from partners.team_tables import PartnerAbsence


def _absences(session: Session, partner_id: UUID, on: date) -> Sequence[PartnerAbsence]:
    return session.exec(
        select(PartnerAbsence)
        .join(PartnerUser, col(PartnerUser.id) == col(PartnerAbsence.partner_user_id))
        .where(
            PartnerUser.partner_id == partner_id,
            PartnerAbsence.first_on <= on,
            PartnerAbsence.last_on >= on,
            col(PartnerAbsence.cancelled_at).is_(None),
        )
    ).all()


def stands_in(session: Session, user: PartnerUser, *, on: date) -> bool:
    """Whether somebody who is away that day named this person as deputy."""
    return any(row.deputy_id == user.id for row in _absences(session, user.partner_id, on))


def on_duty(
    session: Session, *, partner_id: UUID, branch_id: UUID | None, on: date
) -> list[PartnerUser]:
    """Who works on a branch's reviews that day: its own people or their deputies, else those of
    the whole firm."""
    users = session.exec(
        select(PartnerUser).where(
            PartnerUser.partner_id == partner_id, col(PartnerUser.left_at).is_(None)
        )
    ).all()
    by_id = {user.id: user for user in users}
    away = {row.partner_user_id: row.deputy_id for row in _absences(session, partner_id, on)}
    own = [user for user in users if user.branch_id == branch_id and branch_id is not None]
    general = [user for user in users if user.branch_id is None]
    return _present(own, by_id, away) or _present(general, by_id, away) or own or general


def _present(
    group: Sequence[PartnerUser],
    by_id: dict[UUID, PartnerUser],
    away: dict[UUID, UUID | None],
) -> list[PartnerUser]:
    found: dict[UUID, PartnerUser] = {}
    for user in group:
        deputy = away.get(user.id)
        if user.id not in away:
            found[user.id] = user
        elif deputy is not None and deputy in by_id and deputy not in away:
            found[deputy] = by_id[deputy]
    return list(found.values())
