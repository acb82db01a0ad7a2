"""Points whose last day has passed leave the accounts; whoever they belong to was told before."""

from __future__ import annotations

import time
from collections import defaultdict
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from core import clock
from core.runtime import App
from messages import service as messages
from messages.kinds import POINTS_EXPIRING
from points import addresses, expiry
from points.expiry import Ending
from programs.tables import Participant
from workers.runtime import Task

ACCOUNTS = 200
# Half of the lease: a year's end of 20,000 accounts is over within the hour.
MOST_S = 60.0


def expire(app: App, task: Task) -> None:
    """Expire the due lots, each account in its own transaction; after a minute the rest waits for
    the next turn."""
    today = clock.local_date(task.at)
    until = time.monotonic() + MOST_S
    while due := _due(app, today):
        for account, program_id in due:
            with app.database.unit_of_work() as session:
                expiry.expire(session, account=account, program_id=program_id, on=today, at=task.at)
        if time.monotonic() > until:
            break
    with task.finishing():
        pass


def _due(app: App, today: date) -> list[tuple[str, UUID]]:
    with app.database.unit_of_work() as session:
        return expiry.list_due(session, on=today, limit=ACCOUNTS)


def warn(app: App, task: Task) -> None:
    """Tell people 60, 30 and 7 days before their points expire, once each."""
    with app.database.unit_of_work() as session:
        ending = expiry.list_ending(session, on=clock.local_date(task.at))
    mine: dict[UUID, list[Ending]] = defaultdict(list)
    for one in ending:
        participant_id = addresses.participant_of(one.account)
        if participant_id is not None:
            mine[participant_id].append(one)
    told = sorted(mine)
    for start in range(0, len(told), ACCOUNTS):
        with app.database.unit_of_work() as session:
            _tell(session, {id: mine[id] for id in told[start : start + ACCOUNTS]}, task)
    with task.finishing():
        pass


def _tell(session: Session, ending: dict[UUID, list[Ending]], task: Task) -> None:
    people = session.exec(
        select(Participant)
        .where(col(Participant.id).in_(list(ending)))
        .order_by(col(Participant.id))
    )
    for participant in people:
        for one in ending[participant.id]:
            messages.notify(
                session,
                person_id=participant.person_id,
                kind=POINTS_EXPIRING.name,
                event_key=f"expiring:{participant.id}:{one.expires_on.isoformat()}:{one.days}",
                at=task.at,
                points=one.points,
                day=one.expires_on.isoformat(),
            )
