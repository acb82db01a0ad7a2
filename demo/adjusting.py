"""Adjustments by hand in the demo: one posted, one that waits for the programme's manager."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session

from accounts import grants
from accounts.roles import EVERYWHERE, Role
from demo.story import Act, Story
from points import adjustments
from points.adjustments import Account
from programs.queries import settings_of
from programs.service import chain
from programs.tables import Participant

WISHES = (
    (0, 150, "Przeprosiny za paczkę, która przyszła cztery dni po terminie", timedelta(days=9)),
    (1, 900, "Wyrównanie po pomyłce w liście produktów", timedelta(hours=2)),
)


def play(story: Story) -> None:
    """The operator adds points twice; the second time so many that somebody else must agree."""
    for number, points, reason, ago in WISHES:
        story.at(story.now - ago, _ask(story, number, points, reason))


def _ask(story: Story, number: int, points: int, reason: str) -> Act:
    participant = story.world.participants[number][1]

    def ask(session: Session, at: datetime) -> None:
        [operator, *_] = grants.list_holders(session, role=Role.OPERATOR, scope=EVERYWHERE)
        adjustments.propose(
            session,
            account=_account(story, participant),
            points=points,
            reason=reason,
            requested_by=operator,
            actor=f"person:{operator}",
            at=at,
        )

    return ask


def _account(story: Story, participant: Participant) -> Account:
    program = story.world.program
    return Account(
        program_id=program.id,
        participant_id=participant.id,
        person_id=participant.person_id,
        chain=chain(program.id),
        limit=settings_of(program).adjustment_limit,
        valid_days=settings_of(program).points_valid_days,
    )
