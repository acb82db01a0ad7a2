"""Which branches of a wholesaler count in a programme: all of them, or those that it lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from core import audit
from core.clock import local_date
from core.errors import DomainError, Invalid, Kind
from partners import places
from partners.queries import PartnerNotFound, list_branches
from partners.tables import Branch, Partner
from programs.place_tables import ProgramBranch
from programs.service import chain
from programs.tables import Program, ProgramPartner

LONGEST_REASON = 300


class Scope(StrEnum):
    """With which branches a wholesaler takes part; of `ALL`, a new one joins by itself."""

    ALL = "all"
    CHOSEN = "chosen"


class BranchTakesPart(DomainError):
    """The branch takes part already, or all of the wholesaler's do."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "branch-takes-part"


class BranchTakesNoPart(DomainError):
    """The branch takes no part in the programme on that day."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "branch-takes-no-part"


class AllBranchesTakePart(DomainError):
    """Single branches come and go only where the programme lists them."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "all-branches-take-part"


class DayPassed(Invalid):
    """What counted until today counts: a branch's part ends today or later."""

    code = "day-passed"


@dataclass(frozen=True, slots=True)
class Part:
    """An open branch and its part in the programme.

    `counts` on the day that was asked about. `since` and `until` are the days of the latest stretch
    on the list, `until` the first that counts no more; both `None` where no list decides.
    """

    branch: Branch
    counts: bool
    since: date | None = None
    until: date | None = None
    reason: str = ""


def scope_of(place: ProgramPartner, on: date) -> Scope:
    """Whether the list decides on that day."""
    begun = place.chosen_from is not None and place.chosen_from <= on
    over = place.chosen_until is not None and place.chosen_until <= on
    return Scope.CHOSEN if begun and not over else Scope.ALL


def counts_chosen(session: Session, *, program_id: UUID, partner_id: UUID, on: date) -> bool:
    """Whether only listed branches of the wholesaler count that day."""
    place = session.get(ProgramPartner, (program_id, partner_id))
    return place is not None and scope_of(place, on) is Scope.CHOSEN


def takes_part(session: Session, *, program_id: UUID, branch_id: UUID, on: date) -> bool:
    """Whether purchases of that day at the branch count; its wholesaler's part is asked apart."""
    # The database guards every award with the same function.
    found = session.execute(sa.select(sa.func.branch_takes_part(program_id, branch_id, on)))
    return bool(found.scalar_one())


def list_parts(session: Session, *, place: ProgramPartner, on: date) -> list[Part]:
    """The wholesaler's open branches by name, each with its part in the programme."""
    found = list_branches(session, place.partner_id)
    if scope_of(place, on) is Scope.ALL and not _begins_later(place, on):
        return [Part(branch, counts=True) for branch in found]
    latest: dict[UUID, ProgramBranch] = {}
    for row in session.exec(
        select(ProgramBranch)
        .where(
            ProgramBranch.program_id == place.program_id,
            ProgramBranch.partner_id == place.partner_id,
        )
        .order_by(col(ProgramBranch.joined_on), col(ProgramBranch.created_at))
    ):
        latest[row.branch_id] = row
    parts = []
    for branch in found:
        stretch = latest.get(branch.id)
        counts = takes_part(session, program_id=place.program_id, branch_id=branch.id, on=on)
        if stretch is None:
            parts.append(Part(branch, counts, until=None if not counts else place.chosen_from))
        else:
            reason = stretch.left_for or stretch.joined_for
            parts.append(Part(branch, counts, stretch.joined_on, stretch.left_on, reason))
    return parts


def list_places(session: Session, program_id: UUID, on: date) -> list[tuple[Partner, list[Branch]]]:
    """Where purchases of that day count: wholesalers that take part now, with such branches."""
    rows = session.exec(
        select(Partner, ProgramPartner)
        .join(ProgramPartner, col(ProgramPartner.partner_id) == col(Partner.id))
        .where(ProgramPartner.program_id == program_id, col(ProgramPartner.left_at).is_(None))
        .order_by(col(Partner.short_name))
    ).all()
    found = [
        (partner, [part.branch for part in list_parts(session, place=place, on=on) if part.counts])
        for partner, place in rows
    ]
    return [(partner, counting) for partner, counting in found if counting]


def _begins_later(place: ProgramPartner, on: date) -> bool:
    return place.chosen_from is not None and place.chosen_from > on


def choose(
    session: Session,
    *,
    program: Program,
    partner_id: UUID,
    branch_ids: Sequence[UUID],
    since: date,
    reason: str = "",
    actor: str,
    at: datetime,
) -> ProgramPartner:
    """From a day on only these branches count; later ones are enrolled one by one.

    Raises `PartnerNotFound`, `BranchNotFound`, `BranchTakesPart` when a list decides already,
    `DayPassed`, `Invalid` without any branch.
    """
    place = _locked(session, program, partner_id)
    today = local_date(at)
    if scope_of(place, today) is Scope.CHOSEN or _begins_later(place, today):
        raise BranchTakesPart
    _require_coming(since, today)
    wanted = {
        places.get_branch(session, partner_id=partner_id, branch_id=branch_id).id
        for branch_id in branch_ids
    }
    if not wanted:
        raise Invalid("a list has branches", field="branches")
    _keep_all_days(session, place, since, at)
    # Days of an earlier list stay under it.
    place.chosen_from, place.chosen_until = place.chosen_from or since, None
    session.add(place)
    for branch_id in sorted(wanted):
        _open_stretch(session, place, branch_id, since, reason, at)
    session.flush()
    _record(
        session, place, "partner.choose_branches", actor, at,
        since=since.isoformat(), branches=str(len(wanted)), reason=_brief(reason),
    )  # fmt: skip
    return place


def take_all(
    session: Session,
    *,
    program: Program,
    partner_id: UUID,
    since: date,
    reason: str = "",
    actor: str,
    at: datetime,
) -> ProgramPartner:
    """From a day on all branches count again, new ones too.

    Raises `PartnerNotFound`, `AllBranchesTakePart`, `DayPassed`.
    """
    place = _locked(session, program, partner_id)
    today = local_date(at)
    if scope_of(place, today) is Scope.ALL and not _begins_later(place, today):
        raise AllBranchesTakePart
    _require_coming(since, today)
    assert place.chosen_from is not None
    place.chosen_until = max(since, place.chosen_from)
    session.add(place)
    for row in _open_stretches(session, place):
        row.left_on, row.left_for = max(since, row.joined_on), _brief(reason)
        session.add(row)
    session.flush()
    _record(
        session, place, "partner.take_all_branches", actor, at,
        since=since.isoformat(), reason=_brief(reason),
    )  # fmt: skip
    return place


def enrol(
    session: Session,
    *,
    program: Program,
    partner_id: UUID,
    branch_id: UUID,
    since: date,
    reason: str = "",
    actor: str,
    at: datetime,
) -> ProgramBranch:
    """Put a branch on the list, also one whose part had ended; an earlier day only gives more.

    Raises `PartnerNotFound`, `BranchNotFound`, `AllBranchesTakePart`, `BranchTakesPart`.
    """
    place = _listing(session, program, partner_id, at)
    branch = places.get_branch(session, partner_id=partner_id, branch_id=branch_id)
    if any(row.branch_id == branch.id for row in _open_stretches(session, place)):
        raise BranchTakesPart
    row = _open_stretch(session, place, branch.id, since, reason, at)
    session.flush()
    _record(
        session, place, "branch.enrol", actor, at,
        branch=str(branch.id), since=since.isoformat(), reason=_brief(reason),
    )  # fmt: skip
    return row


def end(
    session: Session,
    *,
    program: Program,
    partner_id: UUID,
    branch_id: UUID,
    since: date,
    reason: str = "",
    actor: str,
    at: datetime,
) -> ProgramBranch:
    """Take a branch off the list: purchases from `since` on count no more, earlier ones do.

    Raises `PartnerNotFound`, `AllBranchesTakePart`, `BranchTakesNoPart`, `DayPassed`.
    """
    place = _listing(session, program, partner_id, at)
    _require_coming(since, local_date(at))
    row = next((r for r in _open_stretches(session, place) if r.branch_id == branch_id), None)
    if row is None:
        raise BranchTakesNoPart
    row.left_on, row.left_for = max(since, row.joined_on), _brief(reason)
    session.add(row)
    session.flush()
    _record(
        session, place, "branch.end", actor, at,
        branch=str(branch_id), since=row.left_on.isoformat(), reason=_brief(reason),
    )  # fmt: skip
    return row


def _locked(session: Session, program: Program, partner_id: UUID) -> ProgramPartner:
    """The wholesaler's part, one change at a time. Raises `PartnerNotFound` where it ended."""
    place = session.exec(
        select(ProgramPartner)
        .where(ProgramPartner.program_id == program.id, ProgramPartner.partner_id == partner_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if place is None or place.left_at is not None:
        raise PartnerNotFound
    return place


def _listing(session: Session, program: Program, partner_id: UUID, at: datetime) -> ProgramPartner:
    place = _locked(session, program, partner_id)
    today = local_date(at)
    if scope_of(place, today) is Scope.ALL and not _begins_later(place, today):
        raise AllBranchesTakePart
    return place


def _open_stretches(session: Session, place: ProgramPartner) -> Sequence[ProgramBranch]:
    return session.exec(
        select(ProgramBranch).where(
            ProgramBranch.program_id == place.program_id,
            ProgramBranch.partner_id == place.partner_id,
            col(ProgramBranch.left_on).is_(None),
        )
    ).all()


def _open_stretch(
    session: Session, place: ProgramPartner, branch_id: UUID, since: date, reason: str, at: datetime
) -> ProgramBranch:
    row = ProgramBranch(
        program_id=place.program_id,
        partner_id=place.partner_id,
        branch_id=branch_id,
        joined_on=since,
        joined_for=_brief(reason),
        created_at=at,
    )
    session.add(row)
    return row


def _keep_all_days(session: Session, place: ProgramPartner, since: date, at: datetime) -> None:
    """The days between an earlier list and this one counted for every branch: they still do.

    One stretch of listed days is kept beside the part; what lay between becomes rows of the list.
    """
    if place.chosen_until is None or place.chosen_until >= since:
        return
    for branch_id in session.exec(select(Branch.id).where(Branch.partner_id == place.partner_id)):
        row = _open_stretch(session, place, branch_id, place.chosen_until, "", at)
        row.left_on = since


def _require_coming(since: date, today: date) -> None:
    if since < today:
        raise DayPassed("the day has passed", field="since")


def _brief(reason: str) -> str:
    return reason.strip()[:LONGEST_REASON]


def _record(
    session: Session, place: ProgramPartner, action: str, actor: str, at: datetime, **facts: str
) -> None:
    audit.record(
        session,
        chain=chain(place.program_id),
        actor=actor,
        action=action,
        subject=f"program:{place.program_id}",
        at=at,
        partner=str(place.partner_id),
        **facts,
    )
