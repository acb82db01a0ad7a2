"""The chain of hashes of one account: what each posting adds to it. Pure.

`hash = SHA-256(previous hash ‖ line)`, beginning with the SHA-256 of the account's address. The
database's trigger writes the same (function `ledger_line`); a statement is checked with this alone.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def genesis(address: str) -> bytes:
    """What the first posting of an account is chained to."""
    return hashlib.sha256(address.encode()).digest()


def line(
    *,
    reference: str,
    kind: str,
    posted_at: datetime,
    points: int,
    counterparty: str,
    balance: int,
) -> bytes:
    """One posting as its account sees it: `points` signed, `balance` after it."""
    microseconds = (posted_at - _EPOCH) // timedelta(microseconds=1)
    parts = (reference, kind, str(microseconds), str(points), counterparty, str(balance))
    return "\n".join(parts).encode()


def extend(previous: bytes, added: bytes) -> bytes:
    return hashlib.sha256(previous + added).digest()
