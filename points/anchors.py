"""Writes digests of the ledger into the audit log, whose heads are signed outside the database.

Each entry covers the postings since the one before it. Whoever owns the database can cut the newest
postings of an account and set everything around them back: then the digest does not fit any more.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from core import audit
from points.tables import LedgerTransaction, Posting

CHAIN = "ledger"
ACTION = "ledger.anchor"
# No transaction lives so long: later ones cannot get numbers among those that are digested.
SETTLED = timedelta(minutes=10)


def record(session: Session, *, at: datetime) -> bool:
    """Digest the postings that are settled and not yet digested; whether there were any."""
    last = session.exec(
        select(audit.AuditEntry)
        .where(audit.AuditEntry.chain == CHAIN)
        .order_by(col(audit.AuditEntry.seq).desc())
        .limit(1)
    ).first()
    after = int(last.facts["upto"]) if last is not None else 0
    upto = session.execute(
        sa.select(sa.func.max(col(Posting.id)))
        .join_from(Posting, LedgerTransaction)
        .where(col(Posting.id) > after, col(LedgerTransaction.posted_at) <= at - SETTLED)
    ).scalar_one()
    if upto is None:
        return False
    audit.record(
        session,
        chain=CHAIN,
        actor="system",
        action=ACTION,
        subject="ledger",
        at=at,
        after=after,
        upto=upto,
        digest=_digest(session, after, upto),
    )
    return True


def faults(session: Session) -> list[str]:
    """The stretches of postings that are not what they were when they were digested."""
    entries = session.exec(
        select(audit.AuditEntry)
        .where(audit.AuditEntry.chain == CHAIN)
        .order_by(col(audit.AuditEntry.seq))
    ).all()
    return [
        f"ledger: postings {facts['after']} to {facts['upto']} are not those that were anchored"
        for facts in (entry.facts for entry in entries)
        if _digest(session, int(facts["after"]), int(facts["upto"])) != facts["digest"]
    ]


def _digest(session: Session, after: int, upto: int) -> str:
    """SHA-256 in hex over number and both chains of each posting in `after` < id ≤ `upto`."""
    digest = hashlib.sha256()
    rows = session.execute(
        sa.select(col(Posting.id), col(Posting.source_hash), col(Posting.destination_hash))
        .where(col(Posting.id) > after, col(Posting.id) <= upto)
        .order_by(col(Posting.id))
        .execution_options(yield_per=5_000)
    )
    for id, source, destination in rows:
        digest.update(b"%d:" % id + bytes(source) + bytes(destination))
    return digest.hexdigest()
