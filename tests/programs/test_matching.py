"""Which product a line names: proofs first, likeness last, dimensions always."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import pytest

from benchmarks.matching import __main__ as measured
from programs.matching import (
    Candidate,
    Catalogue,
    MatchReason,
    NamedProduct,
    fold,
    match,
    numbers_of,
)
from programs.matching_words import take_apart

SOCKET, BOX12, BOX24, B16, C16 = (UUID(int=n) for n in range(1, 6))
CATALOGUE = Catalogue(
    products=(
        NamedProduct(SOCKET, "VX-N210", "Gniazdo Nova pojedyncze z uziemieniem 16A białe"),
        NamedProduct(BOX12, "VX-B12", "Rozdzielnica Box 1x12 podtynkowa"),
        NamedProduct(BOX24, "VX-B24", "Rozdzielnica Box 2x12 podtynkowa"),
        NamedProduct(B16, "VX-MB16", "Wyłącznik nadprądowy MCB B16 1P"),
        NamedProduct(C16, "VX-MC16", "Wyłącznik nadprądowy MCB C16 1P"),
    ),
    gtins={"5901234123457": (SOCKET, Decimal(1)), "15901234123454": (SOCKET, Decimal(10))},
    alias_indexes={"K4711": (BOX24, Decimal(1))},
    alias_texts={fold("ROZDZ. 24M"): (BOX24, Decimal(1))},
)


def find(
    description: str = "", index: str | None = None, gtin: str | None = None
) -> Candidate | None:
    return match(description=description, seller_index=index, gtin=gtin, catalogue=CATALOGUE).best


@pytest.mark.parametrize(
    ("description", "index", "gtin", "product", "reason"),
    [
        ("cokolwiek", None, "5901234123457", SOCKET, MatchReason.GTIN),
        ("cokolwiek", "K-4711", None, BOX24, MatchReason.ALIAS_INDEX),
        ("Rozdz. 24m", None, None, BOX24, MatchReason.ALIAS_TEXT),
        ("ROZDZ. VX-B12 P/T", None, None, BOX12, MatchReason.SKU),
        ("Rozdzielnica BOX 2x12 podtynkowa", None, None, BOX24, MatchReason.TEXT),
        ("Wył. nadprąd. MCB B16 1P", None, None, B16, MatchReason.TEXT),
    ],
)
def test_a_line_finds_its_product(
    description: str, index: str | None, gtin: str | None, product: UUID, reason: MatchReason
) -> None:
    best = find(description, index, gtin)
    assert best is not None
    assert (best.product_id, best.reason) == (product, reason)


def test_a_carton_counts_its_units() -> None:
    best = find(gtin="15901234123454")
    assert best is not None
    assert best.units == 10


@pytest.mark.parametrize(
    "description",
    [
        "Przewód YDYp 3x2,5",
        "Taśma izolacyjna 19mm",
        "Transport",
        "Rozdzielnica Box 3x12 podtynkowa",
    ],
)
def test_what_is_not_in_the_programme_is_never_sure(description: str) -> None:
    best = find(description)
    assert best is None or best.score < Decimal("0.92")


def test_two_products_that_are_as_like_leave_a_doubt_and_both_as_candidates() -> None:
    found = match(
        description="Wyłącznik nadprądowy MCB 1P", seller_index=None, gtin=None, catalogue=CATALOGUE
    )
    assert found.best is None or found.best.score < Decimal("0.92")


def test_dimensions_are_compared_as_numbers() -> None:
    assert numbers_of("YDYp 3x1,5") == {"3", "1.5"}
    assert numbers_of("YDYp 3×1.50") == {"3", "1.5"}
    assert numbers_of("3x2,5") != numbers_of("3x1,5")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("B16", "C16"),
        ("30mA", "300mA"),
        ("3x1,5", "3x2,5"),
        ("1P", "1P+N"),
        ("IP44", "IP54"),
        ("kat. 6", "kat. 5e"),
        ("ramka podwójna", "ramka potrójna"),
        ("typ A 2P", "typ AC 2P"),
    ],
)
def test_marks_of_one_kind_differ_by_value(one: str, other: str) -> None:
    first, second = take_apart(one).marks, take_apart(other).marks
    assert {kind for kind, _ in first} == {kind for kind, _ in second} != set()
    assert first != second


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("3×2.50", "3x2,5"),
        ("3 x 2,5mm2", "3X2,5"),
        ("3G2,5", "3x2,5"),
        ("3OmA", "30 mA"),
        ("lP", "1-bieg."),
        ("ramka x2", "ramka podwójna"),
        ("B16/3", "B16 3P"),
        ("25/4/003-A", "25A 4P 30mA typ A"),
        ("T1+T2", "typ 1+2"),
    ],
)
def test_one_mark_is_written_in_many_ways(one: str, other: str) -> None:
    assert take_apart(one).marks == take_apart(other).marks != frozenset()


def test_a_gtin_in_the_text_counts_only_with_its_check_digit() -> None:
    found = find("5901234123457 gniazdo")
    assert found is not None
    assert (found.product_id, found.reason) == (SOCKET, MatchReason.GTIN)
    assert find("5901234123458") is None


def test_a_code_of_a_thing_for_which_another_is_made_is_a_doubt() -> None:
    found = find("Puszka do VX-N210")
    assert found is not None
    assert found.score < Decimal("0.92")


def test_an_alias_of_the_seller_wins_over_the_code_in_the_text() -> None:
    found = find("cokolwiek VX-N210", index="K4711")
    assert found is not None
    assert (found.product_id, found.reason) == (BOX24, MatchReason.ALIAS_INDEX)


def test_automatic_matches_of_the_labelled_lines_are_right_in_99_of_100() -> None:
    lines = measured.stored()
    assert len(lines) >= 500
    score = measured.measure(lines, measured.ours(), measured.THRESHOLD)
    assert score.wrong <= 0.01 * (score.right + score.wrong), score.wrong_lines
    assert score.right >= 0.95 * score.nameable
    assert score.among >= 0.98 * score.of_programme


def test_lines_written_to_deceive_are_left_to_people_in_99_of_100() -> None:
    score = measured.near_misses()
    assert score.lines >= 300
    assert score.lines - score.of_programme >= 200
    assert score.wrong <= 0.01 * (score.right + score.wrong), score.wrong_lines
    assert score.right >= 0.45 * score.nameable
    assert score.among >= 0.85 * score.of_programme
