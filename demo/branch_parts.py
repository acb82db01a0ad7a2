"""One wholesaler of the demo will take part with two of its three branches only."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session

from accounts import grants
from accounts.roles import Role, scope_of
from core.clock import local_date
from demo.story import Story
from programs import branches

LEAVING = "Elbląg"
IN_DAYS = 14  # what the half year of the demo holds is judged as it was


def play(story: Story) -> None:
    """The manager listed the branches yesterday, from a day that is still to come."""
    story.at(story.now - timedelta(days=1), lambda s, t: _choose(s, story, t))


def _choose(session: Session, story: Story, at: datetime) -> None:
    program, desks = story.world.program, story.world.desks_of("nord")
    manager = grants.list_holders(
        session, role=Role.PROGRAM_MANAGER, scope=scope_of("program", program.id)
    )[0]
    branches.choose(
        session,
        program=program,
        partner_id=desks[0].partner.id,
        branch_ids=[desk.branch.id for desk in desks if desk.branch.name != LEAVING],
        since=local_date(story.now) + timedelta(days=IN_DAYS),
        reason="Umowa na dwa oddziały",
        actor=f"person:{manager}",
        at=at,
    )
