"""What makes a password good enough (pure)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

SHORTEST = 15  # for people who work with other people's points
LONGEST = 200
FEWEST_SIGNS = 6
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "01234567890123456789")
_OBVIOUS = ("password", "haslo", "hasło", "zalicz", "qwerty", "letmein", "admin", "welcome")


class PasswordFault(StrEnum):
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    TOO_SIMPLE = "too_simple"
    ABOUT_YOU = "about_you"


def password_fault(password: str, *, about: Iterable[str]) -> PasswordFault | None:
    """What is wrong with a password, or `None`. `about` are the person's name and contacts.

    Length counts most; composition rules only make people write passwords down.
    """
    if len(password) < SHORTEST:
        return PasswordFault.TOO_SHORT
    if len(password) > LONGEST:
        return PasswordFault.TOO_LONG
    plain = password.casefold()
    foreign = plain
    for word in _words(about):
        foreign = foreign.replace(word, "")
    if foreign != plain and sum(c.isalpha() for c in foreign) < SHORTEST // 2:
        return PasswordFault.ABOUT_YOU
    rest = plain
    for word in _OBVIOUS:
        rest = rest.replace(word, "")
    if len(set(plain)) < FEWEST_SIGNS or len(rest) < SHORTEST // 2 or _is_pattern(plain):
        return PasswordFault.TOO_SIMPLE
    return None


def _words(about: Iterable[str]) -> list[str]:
    found = []
    for text in about:
        for word in text.casefold().replace("@", " ").replace(".", " ").split():
            if len(word) >= 3:
                found.append(word)
    return sorted(found, key=len, reverse=True)


def _is_pattern(text: str) -> bool:
    """One piece again and again, or a walk along the keyboard or the alphabet."""
    for size in range(1, len(text) // 3 + 1):
        if text == (text[:size] * len(text))[: len(text)]:
            return True
    steps = sum(
        any(pair in row or pair in row[::-1] for row in _ROWS)
        for pair in (text[i : i + 2] for i in range(len(text) - 1))
    )
    return steps >= 0.8 * (len(text) - 1)
