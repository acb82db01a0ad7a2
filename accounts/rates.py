"""Limits on how often something may happen, counted in the database for all processes together."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from accounts.tables import RateCount
from core.errors import DomainError, Kind


class TooManyAttempts(DomainError):
    """The limit of this window is used up; `retry_after_s` says when the next one begins."""

    kind = Kind.TOO_MANY
    code = "too-many-attempts"


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `per_account` from one account and `per_network` from one network per window."""

    name: str
    per_account: int
    per_network: int
    window_s: int


def network_of(address: str) -> str:
    """The network that an address belongs to for counting: /24 of IPv4, /48 of IPv6."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    ip = getattr(ip, "ipv4_mapped", None) or ip
    kept = 24 if ip.version == 4 else 48
    number = int(ip) >> (ip.max_prefixlen - kept)
    return f"{ip.version}:{number:x}"


def keys(rate: Rate, *, account: str, network: str) -> list[tuple[str, int]]:
    """What is counted for one attempt, with the limit of each. Keys hold no personal data."""
    found = []
    for text, limit in ((account, rate.per_account), (network, rate.per_network)):
        if text:
            digest = hashlib.sha256(text.encode()).hexdigest()[:32]
            found.append((f"{rate.name}:{digest}", limit))
    return found


def _window(rate: Rate, at: datetime) -> datetime:
    number = int(at.timestamp()) // rate.window_s
    return datetime.fromtimestamp(number * rate.window_s, UTC)


def spend(session: Session, rate: Rate, *, account: str, network: str, at: datetime) -> None:
    """Count one attempt. Raises `TooManyAttempts` when a limit was used up before it.

    Commit the session also when the attempt fails later, else nothing was counted.
    """
    start = _window(rate, at)
    for key, limit in keys(rate, account=account, network=network):
        statement = insert(RateCount).values(key=key, window_start=start, count=1)
        count = session.execute(
            statement.on_conflict_do_update(
                index_elements=["key", "window_start"], set_={"count": RateCount.count + 1}
            ).returning(col(RateCount.count))
        ).scalar_one()
        if count > limit:
            raise TooManyAttempts(rate.name, retry_after_s=_left_s(rate, start, at))


def give_back(session: Session, rate: Rate, *, account: str, network: str, at: datetime) -> None:
    """Take one counted attempt back: it turned out to be a good one."""
    start = _window(rate, at)
    for key, _ in keys(rate, account=account, network=network):
        mine = (col(RateCount.key) == key, col(RateCount.window_start) == start)
        # The last one goes with its row: a count is never zero.
        session.execute(sa.delete(RateCount).where(*mine, col(RateCount.count) == 1))
        session.execute(
            sa.update(RateCount)
            .where(*mine, col(RateCount.count) > 1)
            .values(count=RateCount.count - 1)
        )


def look(session: Session, rate: Rate, *, account: str, network: str, at: datetime) -> None:
    """Raise `TooManyAttempts` when a limit is used up, counting nothing."""
    start = _window(rate, at)
    for key, limit in keys(rate, account=account, network=network):
        count = session.exec(
            select(RateCount.count).where(
                col(RateCount.key) == key, col(RateCount.window_start) == start
            )
        ).first()
        if count is not None and count >= limit:
            raise TooManyAttempts(rate.name, retry_after_s=_left_s(rate, start, at))


def _left_s(rate: Rate, start: datetime, at: datetime) -> int:
    return max(1, int((start + timedelta(seconds=rate.window_s) - at).total_seconds()))


def forget(session: Session, *, before: datetime) -> None:
    """Delete the counts of windows that began before that moment."""
    session.execute(sa.delete(RateCount).where(col(RateCount.window_start) < before))
