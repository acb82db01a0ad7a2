"""The limits above which two people decide, as they count: raised ones only after a while.

Whoever may change a limit could otherwise lift it, act alone and put it back. A lowered limit
counts at once; a raised one counts when it was never lower in the last `SETTLED` days.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, select

from core.audit import AuditEntry
from programs.settings import ProgramSettings

SETTLED = timedelta(days=30)


def adjustment_limit(
    session: Session, program_id: UUID, settings: ProgramSettings, at: datetime
) -> int:
    """Points that one person may adjust by hand now."""
    before = _before(session, program_id, "adjustment_limit", at)
    return min([settings.adjustment_limit, *before])


def two_people_above(
    session: Session, program_id: UUID, settings: ProgramSettings, at: datetime
) -> int:
    """Points above which two people decide on a claim now; 0 where one always suffices."""
    found = [settings.four_eyes_points, *_before(session, program_id, "four_eyes_points", at)]
    return min((points for points in found if points), default=0)


def _before(session: Session, program_id: UUID, name: str, at: datetime) -> list[int]:
    """What the setting was before each of its latest changes, by the audit log."""
    entries = session.exec(
        select(AuditEntry.facts).where(
            AuditEntry.subject == f"program:{program_id}",
            AuditEntry.action == "program.change",
            AuditEntry.at > at - SETTLED,
        )
    )
    return [int(str(facts[name]).partition(" ")[0]) for facts in entries if name in facts]
