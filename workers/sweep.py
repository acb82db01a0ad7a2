"""Keeps the technical tables small and the audit log anchored."""

from __future__ import annotations

import json
from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import col

from accounts import sweep as accounts_sweep
from accounts.tables import Person
from core import audit, clock, idempotency, queue
from core.runtime import App
from points import anchors
from programs.tables import Participant
from rewards import personal as rewards_personal
from verification import forgetting
from workers import seals
from workers.runtime import Task

KEEP_DONE = timedelta(days=30)
KEEP_ANSWERS = timedelta(days=2)


def sweep(app: App, task: Task) -> None:
    """Forget what nobody will ask for again."""
    del app
    with task.finishing() as session:
        queue.forget_done(session, before=task.at - KEEP_DONE)
        idempotency.forget(session, before=task.at - KEEP_ANSWERS)
        accounts_sweep.forget(session, at=task.at)
        erased = (
            sa.select(col(Participant.id))
            .join(Person, col(Person.id) == col(Participant.person_id))
            .where(col(Person.erased_at).is_not(None))
        )
        rewards_personal.forget_delivered(session, erased=erased)
        forgetting.forget_kept(session, at=task.at)


def anchor(app: App, task: Task) -> None:
    """Digest ledger and decided rows, sign the audit chains; append what was signed to a file."""
    with task.finishing() as session:
        anchors.record(session, at=clock.now())
        seals.record(session, at=clock.now())
        made = audit.anchor_heads(session, key=app.settings.derive_key("audit"), at=clock.now())
        lines = [
            json.dumps(
                {
                    "chain": anchor.chain,
                    "seq": anchor.seq,
                    "hash": anchor.hash.hex(),
                    "at": anchor.at.isoformat(),
                    "mac": anchor.mac.hex(),
                }
            )
            for anchor in made
        ]
    if lines:
        path = app.settings.data_dir / "audit_anchors.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a") as file:
            file.write("".join(f"{line}\n" for line in lines))
