"""Damage to honest files, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterator

from benchmarks.hostile.seeds import all_seeds

_EXTREMES = (
    b"\xff\xff\xff\xff",
    b"\x7f\xff\xff\xff",
    b"\0\0\0\0",
    b"\x80\0\0\0",
    b"\xff\xff",
    b"\0",
)


def mutated(count: int, *, seed: int) -> Iterator[tuple[str, bytes]]:
    """`count` damaged files with names that say how; the kinds of file take turns."""
    chance = random.Random(seed)
    files = sorted(all_seeds().items())
    ways = (_cut, _flip, _overwrite, _extreme, _repeat, _swap, _insert, _scramble, _hollow, _weld)
    for number in range(count):
        ending, data = files[number % len(files)]
        way = chance.choice(ways)
        other = chance.choice(files)[1]
        yield f"{number:04d}{way.__name__}.{ending}", way(data, chance, other)


def _place(data: bytes, chance: random.Random) -> int:
    """Anywhere, but half of the time near the start, where the headers are."""
    return chance.randrange(max(1, len(data) // chance.choice((1, 20))))


def _cut(data: bytes, chance: random.Random, _: bytes) -> bytes:
    return data[: chance.randrange(len(data))]


def _flip(data: bytes, chance: random.Random, _: bytes) -> bytes:
    changed = bytearray(data)
    for _time in range(chance.choice((1, 2, 5, 20, 200))):
        changed[_place(data, chance)] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _overwrite(data: bytes, chance: random.Random, _: bytes) -> bytes:
    at, length = _place(data, chance), chance.choice((1, 4, 64, 1_000))
    return data[:at] + chance.randbytes(length) + data[at + length :]


def _extreme(data: bytes, chance: random.Random, _: bytes) -> bytes:
    """Length and count fields of every kind become the largest or the smallest."""
    changed = bytearray(data)
    for _time in range(chance.choice((1, 3, 10))):
        at, value = _place(data, chance), chance.choice(_EXTREMES)
        changed[at : at + len(value)] = value
    return bytes(changed)


def _repeat(data: bytes, chance: random.Random, _: bytes) -> bytes:
    at, length = _place(data, chance), chance.choice((8, 200, 3_000))
    return data[:at] + data[at : at + length] * chance.choice((2, 10, 200)) + data[at:]


def _swap(data: bytes, chance: random.Random, _: bytes) -> bytes:
    a, b = sorted((_place(data, chance), _place(data, chance)))
    length = min(chance.choice((16, 500)), b - a)
    return data[:a] + data[b : b + length] + data[a + length : b] + data[a : a + length] + data[b:]


def _insert(data: bytes, chance: random.Random, _: bytes) -> bytes:
    at = _place(data, chance)
    return data[:at] + chance.randbytes(chance.choice((1, 100, 5_000))) + data[at:]


def _scramble(data: bytes, chance: random.Random, _: bytes) -> bytes:
    """The start is left, the rest is noise."""
    kept = chance.choice((16, 64, 300, len(data) // 2))
    return data[:kept] + chance.randbytes(max(0, min(len(data), 20_000) - kept))


def _hollow(data: bytes, chance: random.Random, _: bytes) -> bytes:
    at = _place(data, chance)
    return data[:at] + bytes(min(len(data) - at, 4_000)) + data[at + 4_000 :]


def _weld(data: bytes, chance: random.Random, other: bytes) -> bytes:
    return data[: chance.randrange(len(data))] + other[chance.randrange(len(other)) :]
