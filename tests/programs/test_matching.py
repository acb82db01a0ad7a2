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


@pytest.mark.parametrize("written", measured.BY_HAND, ids=lambda written: written.name)
def test_lines_written_to_deceive_are_left_to_people_in_99_of_100(
    written: measured.HandWritten,
) -> None:
    score = measured.by_hand(written)
    assert score.lines >= 120
    assert score.lines - score.of_programme >= 60
    assert score.wrong <= 0.01 * (score.right + score.wrong), score.wrong_lines
    assert score.right >= 0.7 * score.nameable
    assert score.among >= 0.95 * score.of_programme


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('zawór 1/2"x3/8"', "zawór 3/8x1/2 cala"),
        ("zawór ½ cala", 'zawór 1/2"'),
        ("opaska 3,6x200", "opaska 200x3,6 mm"),
        ("trójnik 20x16x16", "trójnik 16/16/20"),
        ("panel 600x600", "panel 60x60"),
        ("silikon 0,28 l", "silikon 280ml"),
        ("wąż 40 cm", "wąż 400 mm"),
        ("przewód 450/750", "przewód 450/750V"),
        ("kabel 0,6/1kV", "kabel 600/1000 V"),
        ("złączka gwint wewnętrzny", "złączka GW"),
        ("rura kr. 100", "rura 100 mb"),
        ("kołek op.100", "kołek 100 szt."),
        ("rozdzielacz 6-fach", "rozdzielacz 6 obw."),
    ],
)
def test_sellers_write_one_size_in_many_ways(one: str, other: str) -> None:
    assert take_apart(one).marks == take_apart(other).marks != frozenset()


def test_a_tee_with_its_narrow_side_elsewhere_is_another_one() -> None:
    assert take_apart("trójnik 20x16x20").marks != take_apart("trójnik 20x20x16").marks


FRAME, SEALANT, GREY = (UUID(int=n) for n in range(60, 63))
KELVARO = Catalogue(
    products=(
        NamedProduct(FRAME, "KL10302", "Ramka 2-krotna Kelvaro Linea biała"),
        NamedProduct(SEALANT, "900281", "Silikon sanitarny 280 ml biały Kelvaro"),
        NamedProduct(GREY, "940201", "Fuga elastyczna 2 kg szara Kelvaro"),
    ),
    brands=("Kelvaro",),
)


@pytest.mark.parametrize(
    ("description", "product"),
    [
        ("Kelvaro Linea Rahmen 2-fach weiß", FRAME),
        ("Kelvaro Linea 2-gang frame white", FRAME),
        ("Kelvaro silikon san. biały 280", SEALANT),
        ("900281 silikon Kelvaro", SEALANT),
        ("Kelvaro silikon sanitarny transparentny 280 ml", None),
        ("Kelvaro Linea Rahmen 2-fach schwarz", None),
        ("Tynk gipsowy 900281 30 kg", None),
        ("KL10302 ramka czarna", None),
        ("Fuga elastyczna szara 2 kg Kelvaro 900281", None),
        ("Kelvaro silikon sanitarny biały 310", None),
    ],
)
def test_the_trades_words_of_three_languages_name_a_product_and_no_other(
    description: str, product: UUID | None
) -> None:
    best = match(description=description, seller_index=None, gtin=None, catalogue=KELVARO).best
    sure = best is not None and best.score >= Decimal("0.92")
    assert sure == (product is not None), best
    assert not sure or (best is not None and best.product_id == product)
