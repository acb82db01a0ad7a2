"""The audit log: who did what, chained by hashes so that a change of history cannot hide.

`hash = SHA-256(previous hash ‖ canonical body)`; a chain's head row is locked while it grows. An
owner of the database could recompute a chain, so its head is anchored hourly under a key that the
database does not have. Personal data stays beside the chain: the body holds a salted hash of it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, Session, SQLModel, col, select

from core.columns import big_int, json_field, moment, new_id

GENESIS = bytes(32)


class AuditEntry(SQLModel, table=True):
    __tablename__ = "audit_entry"
    __table_args__ = (
        sa.UniqueConstraint("chain", "seq"),
        sa.Index("ix_audit_entry_subject", "subject"),
        {"info": {"append_only": True}},
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    chain: str
    seq: int = big_int()
    at: datetime = moment()
    actor: str
    action: str
    subject: str
    facts: dict[str, Any] = json_field()
    previous: bytes
    hash: bytes


class AuditHead(SQLModel, table=True):
    __tablename__ = "audit_head"

    chain: str = Field(primary_key=True)
    seq: int = big_int()
    hash: bytes


class AuditAnchor(SQLModel, table=True):
    """A head as it was seen at a time, signed with a key outside the database."""

    __tablename__ = "audit_anchor"
    __table_args__ = ({"info": {"append_only": True}},)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    chain: str = Field(index=True)
    seq: int = big_int()
    hash: bytes
    at: datetime = moment()
    mac: bytes


def _digest(previous: bytes, body: dict[str, Any]) -> bytes:
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(previous + text.encode()).digest()


def _body(entry: AuditEntry) -> dict[str, Any]:
    return {
        "chain": entry.chain,
        "seq": entry.seq,
        "at": entry.at.timestamp(),
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "facts": entry.facts,
    }


def record(
    session: Session,
    *,
    chain: str,
    actor: str,
    action: str,
    subject: str,
    at: datetime,
    **facts: str | int | bool | None,
) -> AuditEntry:
    """Append one entry to a chain in this transaction.

    `actor` and `subject` are references such as `partner_user:<id>` and `claim:<id>`, never names.
    Call it late in a transaction: it holds the head of the chain until the commit.
    """
    session.execute(
        insert(AuditHead).values(chain=chain, seq=0, hash=GENESIS).on_conflict_do_nothing()
    )
    head = session.exec(
        select(AuditHead)
        .where(AuditHead.chain == chain)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    entry = AuditEntry(
        chain=chain,
        seq=head.seq + 1,
        at=at,
        actor=actor,
        action=action,
        subject=subject,
        facts=facts,
        previous=head.hash,
        hash=b"",
    )
    entry.hash = _digest(head.hash, _body(entry))
    head.seq, head.hash = entry.seq, entry.hash
    session.add_all([entry, head])
    session.flush()
    return entry


def first_fault(session: Session, *, chain: str, key: bytes) -> str | None:
    """The first thing in the chain that does not hold, or `None`. Reads every entry."""
    previous, seq = GENESIS, 0
    anchors = {
        (anchor.seq): anchor
        for anchor in session.exec(select(AuditAnchor).where(AuditAnchor.chain == chain))
    }
    entries = session.exec(
        select(AuditEntry).where(AuditEntry.chain == chain).order_by(col(AuditEntry.seq))
    )
    for entry in entries:
        seq += 1
        if entry.seq != seq:
            return f"{chain}: entry {seq} is missing"
        if entry.previous != previous or entry.hash != _digest(previous, _body(entry)):
            return f"{chain}: entry {seq} was changed"
        previous = entry.hash
        anchor = anchors.pop(seq, None)
        if anchor is not None and (anchor.hash != entry.hash or anchor.mac != _mac(key, anchor)):
            return f"{chain}: entry {seq} differs from its anchor"
    if anchors:
        return f"{chain}: entries up to {max(anchors)} were anchored, {seq} remain"
    head = session.get(AuditHead, chain)
    if head is not None and (head.seq != seq or head.hash != previous):
        return f"{chain}: the head says {head.seq}, the entries end at {seq}"
    return None


def _mac(key: bytes, anchor: AuditAnchor) -> bytes:
    text = f"{anchor.chain}\n{anchor.seq}\n{anchor.at.timestamp()}\n".encode() + anchor.hash
    return hmac.digest(key, text, hashlib.sha256)


def anchor_heads(session: Session, *, key: bytes, at: datetime) -> list[AuditAnchor]:
    """Sign the head of every chain that grew since its last anchor; returns the new anchors.

    The caller hands them to a place that this database's owner does not control.
    """
    made = []
    for head in session.exec(select(AuditHead).order_by(col(AuditHead.chain))):
        newest = session.exec(
            select(sa.func.max(AuditAnchor.seq)).where(AuditAnchor.chain == head.chain)
        ).one()
        if head.seq and head.seq != newest:
            anchor = AuditAnchor(chain=head.chain, seq=head.seq, hash=head.hash, at=at, mac=b"")
            anchor.mac = _mac(key, anchor)
            session.add(anchor)
            made.append(anchor)
    return made
