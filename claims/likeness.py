"""When two pictures look the same: 256 bits that a re-saved or resized copy keeps. Pure."""

from __future__ import annotations

BITS = 256
BANDS = 16
# Re-saved and resized copies differ in up to 6 bits, invoices of one seller in 14 and more.
NEAR = 10


def bands(bits: str) -> list[int]:
    """Sixteen pieces, each with its place: two likenesses within `NEAR` bits share at least one.

    By the pigeonhole principle that holds for up to BANDS - 1 differing bits.
    """
    width = BITS // BANDS
    return [
        number << width | int(bits[number * width : (number + 1) * width], 2)
        for number in range(BANDS)
    ]


def distance(one: str, other: str) -> int:
    """In how many bits two likenesses differ."""
    return (int(one, 2) ^ int(other, 2)).bit_count()
