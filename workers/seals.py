"""Digests of rows that never change again, written into the audit log and recomputed from there.

Heads of the audit log are signed outside the database: whoever owns the database can rewrite,
delete or slip in a decided row with everything around it, and its digest does not fit any more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from core import audit
from workers.sealed_rows import SEALED, Sealed

CHAIN = "records"
ACTION = "records.seal"
# No transaction lives so long: later rows cannot be born among those that are digested.
SETTLED = timedelta(minutes=10)
# A moment is what a job was told when it began, and jobs can wait for each other.
SETTLED_MOMENTS = timedelta(days=1)


def record(session: Session, *, at: datetime) -> int:
    """Digest what settled since the last time, an entry for each kind of rows; how many entries."""
    last = _last(session)
    made = 0
    for sealed in SEALED:
        key, after = _key(sealed), last.get(sealed.name)
        upto = session.execute(
            sa.select(key)
            .where(key.is_not(None), key <= _newest(key, at), _later(key, after))
            .order_by(key.desc())
            .limit(1)
        ).scalar_one_or_none()
        if upto is None:
            continue
        [(rows, digest)] = _digests(session, sealed, sealed.columns, after, [_text(upto)])
        audit.record(
            session,
            chain=CHAIN,
            actor="system",
            action=ACTION,
            subject=sealed.name,
            at=at,
            columns=" ".join(sealed.columns),
            after=after,
            upto=_text(upto),
            rows=rows,
            digest=digest,
            **_days(session, sealed, after, _text(upto)),
        )
        made += 1
    return made


def faults(session: Session) -> list[str]:
    """The stretches of rows that are not what they were when they were digested, in words."""
    known = {sealed.name: sealed for sealed in SEALED}
    found: list[str] = []
    passes: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for entry in _entries(session):
        if entry.subject not in known:
            found.append(f"{entry.subject}: rows were anchored that nobody knows")
            continue
        passes.setdefault((entry.subject, entry.facts["columns"]), []).append(entry.facts)
    for (name, columns), stretches in passes.items():
        sealed, after = known[name], stretches[0]["after"]
        if set(columns.split()) - set(_table(sealed).c.keys()):
            found.append(f"{name}: columns were anchored that the table has not")
            continue
        digests = _digests(
            session, sealed, columns.split(), after, [one["upto"] for one in stretches]
        )
        for facts, (rows, digest) in zip(stretches, digests, strict=True):
            if digest != facts["digest"]:
                found.append(
                    f"{name}: rows after {facts['after'] or 'the first'} up to {facts['upto']} are"
                    f" not those that were anchored ({facts['rows']} then, {rows} now)"
                )
            found += _other_days(session, sealed, facts)
    return found


def _entries(session: Session) -> Iterator[audit.AuditEntry]:
    yield from session.exec(
        select(audit.AuditEntry)
        .where(audit.AuditEntry.chain == CHAIN, audit.AuditEntry.action == ACTION)
        .order_by(col(audit.AuditEntry.seq))
    )


def _last(session: Session) -> dict[str, str]:
    """Up to where each kind of rows was digested."""
    entry = audit.AuditEntry
    newest = (
        sa.select(sa.func.max(col(entry.seq)))
        .where(col(entry.chain) == CHAIN, col(entry.action) == ACTION)
        .group_by(col(entry.subject))
    )
    found = session.exec(select(entry).where(col(entry.chain) == CHAIN, col(entry.seq).in_(newest)))
    return {one.subject: str(one.facts["upto"]) for one in found}


def _table(sealed: Sealed) -> sa.Table:
    return SQLModel.metadata.tables[sealed.table]


def _key(sealed: Sealed) -> sa.Column[Any]:
    return _table(sealed).c[sealed.key]


def _is_moment(key: sa.ColumnElement[Any]) -> bool:
    return isinstance(key.type, sa.DateTime)


def _newest(key: sa.ColumnElement[Any], at: datetime) -> sa.ColumnElement[Any]:
    """The last key that can be settled: a moment, or the first UUID of a moment (RFC 9562)."""
    if _is_moment(key):
        return sa.literal(at - SETTLED_MOMENTS, sa.DateTime(timezone=True))
    milliseconds = int((at - SETTLED).timestamp() * 1000)
    return sa.literal(UUID(int=milliseconds << 80), key.type)


def _later(key: sa.ColumnElement[Any], after: str | None) -> sa.ColumnElement[bool]:
    return sa.true() if after is None else key > _value(key, after)


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _value(key: sa.ColumnElement[Any], text: str) -> sa.ColumnElement[Any]:
    value = datetime.fromisoformat(text) if _is_moment(key) else UUID(text)
    return sa.literal(value, key.type)


def _digests(
    session: Session,
    sealed: Sealed,
    columns: Sequence[str],
    after: str | None,
    upto: Sequence[str],
) -> list[tuple[int, str]]:
    """How many rows each stretch has and their SHA-256 in hex; all stretches are read in one pass.

    A row is the JSON of its columns as the database writes it: numbers with all their digits, times
    in UTC (every connection of ours is), objects with sorted keys.
    """
    table, key = _table(sealed), _key(sealed)
    row = sa.func.jsonb_build_array(*(table.c[name] for name in columns))
    found = session.execute(
        sa.select(key, sa.func.sha256(sa.func.convert_to(sa.cast(row, sa.Text), "UTF8")))
        .where(_later(key, after), key <= _value(key, upto[-1]))
        .order_by(key, *table.primary_key.columns)
        .execution_options(yield_per=5_000)
    )
    bounds = [datetime.fromisoformat(one) if _is_moment(key) else UUID(one) for one in upto]
    digests = [hashlib.sha256() for _ in upto]
    rows = [0] * len(upto)
    at = 0
    for value, digest in found:
        while value > bounds[at]:
            at += 1
        digests[at].update(bytes(digest))
        rows[at] += 1
    return [(n, one.hexdigest()) for n, one in zip(rows, digests, strict=True)]


def _days(session: Session, sealed: Sealed, after: str | None, upto: str) -> dict[str, str]:
    """For how many days the lots of a stretch were good; only days of grace change that."""
    if sealed.name != "point_lot":
        return {}
    return {"days": " ".join(map(str, _days_of(session, sealed, after, upto)))}


def _other_days(session: Session, sealed: Sealed, facts: dict[str, Any]) -> list[str]:
    if sealed.name != "point_lot":
        return []
    now = _days_of(session, sealed, facts["after"], facts["upto"])
    other = sorted(set(map(str, now)) - set(facts["days"].split()))
    return [f"point_lot: lots up to {facts['upto']} are good for {days} days" for days in other]


def _days_of(session: Session, sealed: Sealed, after: str | None, upto: str) -> list[int]:
    lot, key = _table(sealed).c, _key(sealed)
    born = sa.cast(sa.func.timezone("Europe/Warsaw", lot.created_at), sa.Date)
    found = session.execute(
        sa.select(lot.expires_on - born)
        .where(~lot.graced, _later(key, after), key <= _value(key, upto))
        .distinct()
    ).scalars()
    return sorted(int(getattr(days, "days", days)) for days in found)
