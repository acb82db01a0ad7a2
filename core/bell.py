"""Is Redis there? The pages work without it, but background work waits for its bell."""

from __future__ import annotations

import redis

from core.errors import DomainError, Kind


class BellSilent(DomainError):
    """Redis does not answer."""

    kind = Kind.UNAVAILABLE
    code = "bell-silent"


def check(url: str) -> None:
    """Raise `BellSilent` unless Redis answers within two seconds."""
    if not url:
        raise BellSilent("no REDIS_URL")
    try:
        with redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2) as client:
            client.ping()
    except (redis.RedisError, OSError) as error:
        raise BellSilent(type(error).__name__) from error
