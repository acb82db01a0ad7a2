"""Joining a programme by a branch's poster: the link, and who came by it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from accounts import grants
from accounts.roles import Grant, Role, scope_of
from accounts.secrets import new_token
from core.clock import local_date
from core.columns import new_id
from core.errors import NotFound
from partners.queries import find_branch
from partners.tables import Branch
from programs import branches, queries, service
from programs.joining_tables import EnrolmentLink
from programs.tables import Participant, Program, ProgramPartner


class NoSuchLink(NotFound):
    code = "no-such-link"


def list_programs(session: Session, *, partner_id: UUID) -> list[Program]:
    """The programmes that a wholesaler takes part in; its branches are asked one by one."""
    return list(
        session.exec(
            select(Program)
            .join(ProgramPartner, col(ProgramPartner.program_id) == col(Program.id))
            .where(ProgramPartner.partner_id == partner_id, col(ProgramPartner.left_at).is_(None))
            .order_by(col(Program.name))
        )
    )


def link_of(session: Session, *, branch_id: UUID, program_id: UUID, at: datetime) -> EnrolmentLink:
    """The branch's link for a programme; made when it is asked for first."""
    session.execute(
        insert(EnrolmentLink)
        .values(
            id=new_id(),
            code=new_token()[:16],
            branch_id=branch_id,
            program_id=program_id,
            created_at=at,
        )
        .on_conflict_do_nothing()
    )
    return session.exec(
        select(EnrolmentLink).where(
            EnrolmentLink.branch_id == branch_id,
            EnrolmentLink.program_id == program_id,
            col(EnrolmentLink.closed_at).is_(None),
        )
    ).one()


def enrols(session: Session, *, branch: Branch, program_id: UUID, at: datetime) -> bool:
    """Whether people may join a programme by this branch: it takes part today."""
    return queries.takes_part(
        session, program_id=program_id, partner_id=branch.partner_id, on=local_date(at)
    ) and branches.takes_part(
        session, program_id=program_id, branch_id=branch.id, on=local_date(at)
    )


def find_place(session: Session, *, code: str, at: datetime) -> tuple[Program, Branch]:
    """Which programme and branch a poster's code leads to.

    Raises `NoSuchLink`, also while the branch takes no part: its purchases would not count.
    """
    link = session.exec(
        select(EnrolmentLink).where(
            EnrolmentLink.code == code, col(EnrolmentLink.closed_at).is_(None)
        )
    ).one_or_none()
    branch = find_branch(session, link.branch_id) if link else None
    if link is None or branch is None:
        raise NoSuchLink
    if not enrols(session, branch=branch, program_id=link.program_id, at=at):
        raise NoSuchLink
    return session.get_one(Program, link.program_id), branch


def join(
    session: Session,
    *,
    code: str,
    person_id: UUID,
    company_name: str,
    nip: str,
    voivodeship: str,
    at: datetime,
) -> Participant:
    """Enrol a signed-in person by a branch. Raises `NoSuchLink`, `AlreadyEnrolled`, `Invalid`."""
    program, branch = find_place(session, code=code, at=at)
    participant = service.enrol(
        session,
        program=program,
        person_id=person_id,
        company_name=company_name,
        nip=nip,
        voivodeship=voivodeship,
        branch_id=branch.id,
        at=at,
    )
    grants.grant(
        session,
        person_id=person_id,
        grant=Grant(Role.PARTICIPANT, scope_of("program", program.id)),
        by=f"branch:{branch.id}",
        at=at,
    )
    return participant


def list_enrolled(
    session: Session, *, branch_ids: list[UUID], limit: int = 200
) -> list[Participant]:
    """Who joined by these branches, newest first; nobody of other wholesalers."""
    return list(
        session.exec(
            select(Participant)
            .where(
                col(Participant.enrolled_by_branch_id).in_(branch_ids),
                col(Participant.left_at).is_(None),
            )
            .order_by(col(Participant.enrolled_at).desc())
            .limit(limit)
        )
    )
