"""Secrets that are derived from a key outside the database, so that no row gives them away."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

SALT_BYTES = 16


def new_salt() -> bytes:
    return secrets.token_bytes(SALT_BYTES)


def new_token() -> str:
    """192 random bits as text for a URL or a cookie."""
    return secrets.token_urlsafe(24)


def fingerprint(token: str) -> bytes:
    """What is stored of a random token. A plain hash suffices: nobody guesses 192 bits."""
    return hashlib.sha256(token.encode()).digest()


def keyed(key: bytes, *parts: bytes) -> bytes:
    """A 32-byte code of the parts under a key; parts cannot run into each other."""
    text = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return hmac.digest(key, text, hashlib.sha256)


def digits(key: bytes, *parts: bytes, length: int = 6) -> str:
    """A decimal code of the parts, every value (nearly) equally likely."""
    number = int.from_bytes(keyed(key, *parts)[:16], "big")
    return f"{number % 10**length:0{length}d}"


def words(key: bytes, *parts: bytes) -> str:
    """A code of the parts as text for a link, 192 bits."""
    return base64.urlsafe_b64encode(keyed(key, *parts)[:24]).decode()


def equal(one: str, other: str) -> bool:
    """Whether two secrets are the same, in a time that says nothing."""
    return hmac.compare_digest(one.encode(), other.encode())
