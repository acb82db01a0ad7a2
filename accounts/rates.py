"""Limits on how often something may happen, counted in the database for all processes together."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from accounts import rate_moments
from accounts.rate_moments import TooManyAttempts as TooManyAttempts
from accounts.tables import RateCount, RateMoments


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `per_account` from one account and `per_network` from one network per window.

    A `sliding` window is any stretch of that length; the others begin at round times, so that
    twice as many fit around the end of one.
    """

    name: str
    per_account: int
    per_network: int
    window_s: int
    sliding: bool = False


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


def _slots(rate: Rate, account: str, network: str) -> list[tuple[str, int]]:
    return keys(rate, account=account, network=network)


def _window(rate: Rate, at: datetime) -> datetime:
    number = int(at.timestamp()) // rate.window_s
    return datetime.fromtimestamp(number * rate.window_s, UTC)


def spend(session: Session, rate: Rate, *, account: str, network: str, at: datetime) -> None:
    """Count one attempt. Raises `TooManyAttempts` when a limit was used up before it.

    Commit the session also when the attempt fails later, else nothing was counted.
    """
    if rate.sliding:
        rate_moments.spend(session, _slots(rate, account, network), rate.window_s, at=at)
        return
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
    """Take the attempt that was counted at this moment back: it turned out to be a good one."""
    if rate.sliding:
        rate_moments.give_back(session, _slots(rate, account, network), at=at)
        return
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
    if rate.sliding:
        rate_moments.look(session, _slots(rate, account, network), rate.window_s, at=at)
        return
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
    session.execute(sa.delete(RateMoments).where(col(RateMoments.last_at) < before))
