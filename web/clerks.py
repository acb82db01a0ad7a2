"""Who decides behind a request: a wholesaler's people at their branch, or the programme's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from sqlmodel import Session

from accounts.roles import Role
from core import clock
from core.clock import local_date
from core.i18n import translations
from partners import queries as partner_queries
from partners.queries import PartnerNotFound
from partners.tables import Branch, Partner, PartnerRole
from verification import deputies
from verification.queue import Clerk, Decider, Organiser
from web.deps import CurrentViewer, UnitOfWork
from web.program_people import label_of, programs_of
from web.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Desk:
    """A decider with what their pages show; `partner` is None on the programme's side."""

    decider: Decider
    name: str
    scope_label: str
    home: str  # where their queue is
    partner: Partner | None = None
    branches: tuple[Branch, ...] = ()  # those whose reviews they see
    # The manufacturer's own people: a wholesaler's prices are none of their business.
    of_manufacturer: bool = False

    @property
    def sees_all_branches(self) -> bool:
        return isinstance(self.decider, Clerk) and self.decider.branch_id is None


@dataclass(frozen=True, slots=True)
class Counter:
    """The desk of a wholesaler's clerk or manager."""

    desk: Desk
    clerk: Clerk
    partner: Partner
    manager: bool


def _counter(session: Session, viewer: Viewer) -> Counter | None:
    user = partner_queries.find_partner_user(session, viewer.id)
    if user is None or not viewer.has(Role.CLERK, Role.PARTNER_MANAGER):
        return None
    partner = partner_queries.get_partner(session, user.partner_id)
    branches = partner_queries.list_branches(session, partner.id)
    manager = user.role is PartnerRole.MANAGER
    # A manager sees every branch; so does a clerk who was given none.
    # So does a deputy of somebody who is away today.
    away = deputies.stands_in(session, user, on=local_date(clock.now()))
    branch_id = None if manager or away else user.branch_id
    mine = tuple(b for b in branches if branch_id in (None, b.id))
    place = mine[0].name if branch_id and mine else ""
    clerk = Clerk(viewer.id, partner.id, branch_id)
    desk = Desk(
        decider=clerk,
        name=viewer.name,
        scope_label=f"{partner.short_name} · {place}" if place else partner.short_name,
        home="/queue",
        partner=partner,
        branches=mine,
    )
    return Counter(desk, clerk, partner, manager)


def _current_counter(session: UnitOfWork, viewer: CurrentViewer) -> Counter:
    found = _counter(session, viewer)
    if found is None:
        raise PartnerNotFound
    return found


def _organiser(session: Session, viewer: Viewer) -> Desk:
    everywhere = viewer.everywhere(Role.OPERATOR)
    ids = viewer.ids("program", Role.PROGRAM_MANAGER, Role.OPERATOR)
    organiser = Organiser(viewer.id, None if everywhere else ids)
    return Desk(
        organiser,
        viewer.name,
        scope_label=label_of(
            programs_of(session, viewer, Role.PROGRAM_MANAGER, Role.OPERATOR),
            translations(viewer.language).gettext,
        ),
        home="/escalations",
        of_manufacturer=not viewer.has(Role.OPERATOR),
    )


def _current_organiser(session: UnitOfWork, viewer: CurrentViewer) -> Desk:
    return _organiser(session, viewer)


def _current_desk(session: UnitOfWork, viewer: CurrentViewer) -> Desk:
    found = _counter(session, viewer)
    return found.desk if found else _organiser(session, viewer)


# The wholesaler's person; nobody else. Raises `PartnerNotFound`.
CurrentClerk = Annotated[Counter, Depends(_current_counter)]
# The programme's own person.
CurrentOrganiser = Annotated[Desk, Depends(_current_organiser)]
# Whichever of the two this person is; a wholesaler's person never decides for the programme.
CurrentDesk = Annotated[Desk, Depends(_current_desk)]
