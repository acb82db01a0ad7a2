"""Codes printed on products: twelve random symbols and one that checks them. Pure.

Thirty-two symbols without I, L, O and U, so that nothing looks like anything else; twelve of them
carry 60 random bits. Only the HMAC-SHA-256 of a code is ever stored.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

from core.errors import Invalid

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SYMBOLS = 12
PURPOSE = "product-codes"  # The key: `settings.derive_key(PURPOSE)`.
_VALUES = {symbol: value for value, symbol in enumerate(ALPHABET)}
# What people type for what they see.
_TYPED = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
_FIELD = 0b100101  # x^5 + x^2 + 1 is primitive over GF(2): its powers visit all 31 elements.


class CodeMistyped(Invalid):
    """The check symbol does not fit: the code was not typed as it is printed."""

    code = "code-mistyped"


def new_code() -> str:
    """A code from the system's randomness, with its check symbol, without hyphens."""
    symbols = "".join(secrets.choice(ALPHABET) for _ in range(SYMBOLS))
    return symbols + check_symbol(symbols)


def check_symbol(symbols: str) -> str:
    """The symbol that makes the weighted sum over GF(32) zero.

    The weights are different powers of x, so that every single wrong symbol and every two symbols
    that changed places are found.
    """
    total, weight = 0, 1
    for symbol in symbols:
        weight = _times(weight, 2)
        total ^= _times(weight, _VALUES[symbol])
    return ALPHABET[total]


def _times(one: int, other: int) -> int:
    """The product in GF(32)."""
    product = 0
    while other:
        if other & 1:
            product ^= one
        one <<= 1
        if one & 0b100000:
            one ^= _FIELD
        other >>= 1
    return product


def canonical(text: str) -> str:
    """The thirteen symbols of what a person typed or a label's link carries.

    Blanks, hyphens and case do not matter. Raises `CodeMistyped`.
    """
    text = text.strip()
    if "://" in text:
        text = text.rstrip("/").rpartition("/")[2]
    symbols = re.sub(r"[\s\-–—.]+", "", text).upper().translate(_TYPED)
    if len(symbols) != SYMBOLS + 1 or not set(symbols) <= _VALUES.keys():
        raise CodeMistyped("a code has thirteen symbols", field="code")
    if not hmac.compare_digest(check_symbol(symbols[:SYMBOLS]), symbols[SYMBOLS]):
        raise CodeMistyped("the last symbol does not fit the others", field="code")
    return symbols


def grouped(code: str) -> str:
    """The code as it is printed: `4F7K-9Q2M-XB3D-6`."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def masked(text: str) -> str:
    """`4F7K-····-····-6`: enough to find the label again, too little to use."""
    if len(text) < 6:
        return re.sub(r"[^\s-]", "·", text)
    return text[:4] + re.sub(r"[^\s-]", "·", text[4:-1][:15]) + text[-1]


def digest(code: str, *, key: bytes) -> bytes:
    """What is stored of a code: 32 bytes. `code` is canonical."""
    return hmac.digest(key, code.encode(), hashlib.sha256)
