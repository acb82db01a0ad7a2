"""A sample of `python -m benchmarks.hostile`, which reads all of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from benchmarks.hostile import bombs, mutations, seeds
from ocr import limits, sandbox
from ocr.reading import SourceFile, Unreadable, UnreadableReason

# What takes tens of seconds to be stopped, and what 600 MB have to be packed for.
SLOW = ("pdf-function-bomb", "pdf-tiling-bomb", "pdf-form-", "600mb", "twice", "30000", "bomb")
QUICK_BOMBS = {
    name: make for name, make in bombs.all_bombs() if not any(part in name for part in SLOW)
}


@pytest.fixture(autouse=True, scope="module")
def no_waiting_processes() -> Iterator[None]:
    yield
    sandbox.close()


def answer(name: str, data: bytes) -> str:
    """What reading said, after everything that must hold of any answer was looked at."""
    measured = sandbox.measure([SourceFile(data, name)])
    assert measured.usage.seconds < limits.DOCUMENT_WALL_S
    assert measured.usage.peak_bytes < 1 << 30
    if measured.unreadable is None:
        assert measured.result is not None
        assert len(measured.result.page_images) <= limits.PAGES
        return "read"
    assert measured.result is None
    assert isinstance(measured.unreadable, Unreadable)
    assert measured.unreadable.facts.get("error") != "invalid-answer"
    return measured.unreadable.reason.value


@pytest.mark.parametrize("name", sorted(QUICK_BOMBS))
def test_a_bomb_gets_a_typed_answer_within_limits(name: str) -> None:
    said = answer(name, QUICK_BOMBS[name]())

    assert said == "read" or UnreadableReason(said) is not UnreadableReason.TOO_SLOW


def test_damaged_files_get_typed_answers_and_honest_ones_are_read_in_between(
    honest: dict[str, bytes],
) -> None:
    said = []
    for number, (name, data) in enumerate(mutations.mutated(60, seed=20_261_122)):
        said.append(answer(name, data))
        if number % 20 == 19:
            assert answer("honest.pdf", honest["pdf"]) == "read"

    assert said.count("parser-crashed") <= 3
    assert {"damaged", "read"} <= set(said)


def test_the_same_seed_gives_the_same_damage() -> None:
    first, again = (list(mutations.mutated(20, seed=5)) for _ in range(2))

    assert [data for _, data in first if data] == [data for _, data in again if data]
    assert list(mutations.mutated(20, seed=6)) != first


def test_there_are_at_least_five_hundred_hostile_files() -> None:
    assert len(list(bombs.all_bombs())) + 500 >= 590
    assert sum(1 for _ in mutations.mutated(500, seed=1)) == 500


def test_no_hostile_file_is_an_honest_one(honest: dict[str, bytes]) -> None:
    originals = set(honest.values())
    same = [name for name, data in mutations.mutated(120, seed=3) if data in originals]

    assert len(same) <= 3  # An overwritten byte may happen to be the one that was there.


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "reasons"),
    [
        ("png-30000-square", {"too-large"}),
        ("pdf-flate-600mb", {"parser-crashed", "too-large", "too-complex"}),
        ("pdf-flate-twice", {"parser-crashed", "too-large", "too-complex"}),
        ("pdf-form-loop", {"too-large", "too-complex", "too-slow"}),
        ("pdf-form-laughs", {"too-large", "too-complex", "too-slow"}),
        # `pdf-tiling-bomb` runs into its limit of time after half a minute: only in the command.
        ("pdf-attachment-bomb", {"parser-crashed", "too-large", "read"}),
    ],
)
def test_a_heavy_bomb_is_stopped(name: str, reasons: set[str]) -> None:
    data = dict(bombs.all_bombs())[name]()

    assert answer(name, data) in reasons


def test_seeds_are_honest() -> None:
    assert all(answer(ending, data) == "read" for ending, data in seeds.all_seeds().items())
