"""Whether the server that took a message in proved its sender (RFC 8601, DKIM, DMARC). Pure.

A `From` line is written by whoever sends. Only the receiving server's own `Authentication-Results`
say more, and only when they carry the name that its operator configured: anybody can write others.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_COMMENT = re.compile(r"\((?:[^()\\]|\\.)*\)")
_METHOD = re.compile(r"\s*(dmarc|dkim)\s*(?:/\s*\d+\s*)?=\s*([a-z]+)", re.IGNORECASE)
_PROPERTY = re.compile(r"\b(header\.(?:from|d|i))\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE)
LONGEST = 10_000


def is_proven(results: Sequence[str], *, sender: str, server: str) -> bool:
    """Whether the first result of `server` passes for the domain of `sender`.

    DMARC that passed for the domain of the `From` line is proof; so is a DKIM signature of that
    very domain (strict alignment, RFC 7489 §3.1.1: no list of public endings is needed) where the
    server says nothing of DMARC. Only the topmost header of the server counts: it removes older
    ones that bear its name (RFC 8601 §5).
    """
    domain = _domain(sender)
    if not server or not domain:
        return False
    for result in results:
        name, _, methods = _COMMENT.sub(" ", result[:LONGEST]).partition(";")
        # A version may follow the name: `mx.example.com 1`.
        if (name.split() or [""])[0].lower() == server.strip().lower():
            return _passes(methods, domain)
    return False


def _passes(methods: str, domain: str) -> bool:
    signed = False
    for part in methods.split(";"):
        method = _METHOD.match(part)
        if method is None:
            continue
        properties = {name.lower(): _domain(text) for name, text in _PROPERTY.findall(part)}
        passed = method[2].lower() == "pass"
        if method[1].lower() == "dmarc":
            # What the domain's own policy says stands above a single signature.
            return passed and properties.get("header.from", domain) == domain
        signer = properties.get("header.d") or properties.get("header.i", "")
        signed = signed or (passed and signer == domain)
    return signed


def _domain(address: str) -> str:
    return address.rpartition("@")[2].strip().rstrip(".").lower()
