"""Points whose last day has passed leave the accounts, some accounts at a time."""

from __future__ import annotations

from sqlmodel import col, select

from core import clock
from core.runtime import App
from points import addresses, service
from points.tables import PointLot
from programs.tables import Participant
from workers.runtime import Task

ACCOUNTS = 200


def expire(app: App, task: Task) -> None:
    """Expire the oldest due lots; what is left over waits for the next turn."""
    del app
    today = clock.local_date(task.at)
    with task.finishing() as session:
        due = session.exec(
            select(PointLot.account)
            .where(PointLot.remaining > 0, PointLot.expires_on < today)
            .distinct()
            .limit(ACCOUNTS)
        ).all()
        if not due:
            return
        ids = {address.split(":")[1] for address in due}
        people = session.exec(select(Participant).where(col(Participant.id).in_(ids)))
        program_of = {addresses.active(person.id): person.program_id for person in people}
        service.expire_due(session, program_of=program_of, on=today, at=task.at)
