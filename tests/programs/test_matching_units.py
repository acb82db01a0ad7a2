"""The units of a line: what is printed, what a GTIN or a seller's name says, and who is asked."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import pytest

from programs.matching import (
    Candidate,
    Catalogue,
    LearnedUnit,
    MatchReason,
    NamedProduct,
    SoldIn,
    fold,
    match,
)
from programs.matching_units import name_key, with_units

SURE = Decimal("0.92")
CABLE, SOCKET, PLAIN = (UUID(int=n) for n in range(50, 53))
ROLL_GTIN, PIECE_GTIN, CARTON_GTIN = "5901234123457", "5901234123464", "5901234123471"
CODES = {ROLL_GTIN: (CABLE, 100), PIECE_GTIN: (SOCKET, 1), CARTON_GTIN: (SOCKET, 10)}
SKUS = {CABLE: "VX-YDYP-325", SOCKET: "VX-N210", PLAIN: "VX-R100"}
GOODS = tuple(NamedProduct(key, sku, f"Wyrób {sku}") for key, sku in SKUS.items())


def found(
    product: UUID,
    unit: str,
    *,
    alias: int | None = None,
    gtin: str | None = None,
    packs: dict[str, int] | None = None,
) -> Candidate:
    """A line of a product in a unit, as its seller's name, a GTIN or the maker's code tells it."""
    others = {name: Decimal(units) for name, units in (packs or {}).items()}
    catalogue = Catalogue(
        products=GOODS,
        gtins={code: (of, Decimal(units)) for code, (of, units) in CODES.items()},
        alias_texts={fold("nasza nazwa"): (product, Decimal(alias))} if alias else {},
        units={
            CABLE: SoldIn("m", others),
            SOCKET: SoldIn("szt", others),
            PLAIN: SoldIn("szt", others),
        },
    )
    text = "nasza nazwa" if alias else SKUS[product]
    read = match(description=text, seller_index=None, gtin=gtin, catalogue=catalogue)
    best = with_units(read, printed_unit=unit, catalogue=catalogue).best
    assert best is not None
    assert best.product_id == product
    return best


ROLL, PACK, CARTON = {"krążek": 100}, {"opak": 10}, {"karton": 10}


# unit, factor of the seller's name, GTIN, packs of the maker → units, answers (None: it is sure).
LABELLED = [
    # By the maker's own code: the printed unit alone.
    (CABLE, "mb", None, None, ROLL, 1, None),
    (CABLE, "krąż.", None, None, ROLL, 100, None),
    (CABLE, "km", None, None, ROLL, 1000, None),
    (CABLE, "KMT", None, None, ROLL, 1000, None),
    (CABLE, "100m", None, None, {}, 100, None),
    (CABLE, "kg", None, None, ROLL, 1, ()),
    (CABLE, "szt", None, None, ROLL, 1, ()),
    (SOCKET, "opak", None, None, {}, 1, ()),
    (SOCKET, "tys. szt", None, None, {}, 1000, None),
    (SOCKET, "km", None, None, {}, 1, ()),
    (SOCKET, "", None, None, PACK, 1, None),
    # A roll's GTIN of a cable sold by the metre.
    (CABLE, "m", None, ROLL_GTIN, ROLL, 1, (1, 100)),
    (CABLE, "mb", None, ROLL_GTIN, {}, 1, (1, 100)),
    (CABLE, "km", None, ROLL_GTIN, ROLL, 1000, (1000, 100)),
    (CABLE, "100m", None, ROLL_GTIN, ROLL, 100, None),
    (CABLE, "50m", None, ROLL_GTIN, ROLL, 50, (50, 100)),
    (CABLE, "krążek", None, ROLL_GTIN, ROLL, 100, None),
    (CABLE, "rol.", None, ROLL_GTIN, ROLL, 100, None),
    (CABLE, "rol.", None, ROLL_GTIN, {}, 100, None),
    (CABLE, "rol.", None, ROLL_GTIN, {"krążek": 25}, 25, (25, 100)),
    (CABLE, "bęben", None, ROLL_GTIN, {"krążek": 25}, 1, (100,)),
    (CABLE, "szt", None, ROLL_GTIN, ROLL, 1, (100,)),
    (CABLE, "", None, ROLL_GTIN, ROLL, 100, (100, 1)),
    # The GTIN of the piece says nothing of packs.
    (SOCKET, "szt", None, PIECE_GTIN, PACK, 1, None),
    (SOCKET, "opak", None, PIECE_GTIN, PACK, 10, None),
    (SOCKET, "opak", None, PIECE_GTIN, {}, 1, ()),
    (SOCKET, "kpl", None, PIECE_GTIN, PACK, 1, ()),
    (SOCKET, "", None, PIECE_GTIN, PACK, 1, None),
    # A carton's GTIN.
    (SOCKET, "szt", None, CARTON_GTIN, CARTON, 1, (1, 10)),
    (SOCKET, "karton", None, CARTON_GTIN, CARTON, 10, None),
    (SOCKET, "karton", None, CARTON_GTIN, {}, 10, None),
    (SOCKET, "opak", None, CARTON_GTIN, {"karton": 100}, 1, (10,)),
    (SOCKET, "opak", None, CARTON_GTIN, {"opak": 5}, 5, (5, 10)),
    (SOCKET, "", None, CARTON_GTIN, CARTON, 10, (10, 1)),
    # A name that a clerk confirmed, of whatever unit it was then.
    (PLAIN, "szt", 1, None, PACK, 1, None),
    (PLAIN, "szt", 10, None, PACK, 1, (1, 10)),
    (PLAIN, "opak", 10, None, PACK, 10, None),
    (PLAIN, "opak", 1, None, PACK, 10, (10, 1)),
    (PLAIN, "opak", 10, None, {}, 10, (10,)),
    (PLAIN, "para", 2, None, {}, 2, (2,)),
    (PLAIN, "", 1, None, PACK, 1, None),
    (PLAIN, "", 10, None, PACK, 10, (10, 1)),
    (CABLE, "m", 100, None, ROLL, 1, (1, 100)),
    (CABLE, "zwój", 100, None, ROLL, 100, None),
]


@pytest.mark.parametrize(("product", "unit", "alias", "gtin", "packs", "units", "asks"), LABELLED)
def test_the_printed_unit_decides_and_what_contradicts_it_is_asked(
    product: UUID,
    unit: str,
    alias: int | None,
    gtin: str | None,
    packs: dict[str, int],
    units: int,
    asks: tuple[int, ...] | None,
) -> None:
    best = found(product, unit, alias=alias, gtin=gtin, packs=packs)
    assert best.units == units
    assert best.asks == (None if asks is None else tuple(Decimal(one) for one in asks))
    assert (best.score >= SURE) == (asks is None)


def test_a_doubt_of_units_alone_is_no_doubt_of_the_product() -> None:
    best = found(PLAIN, "szt", alias=10, packs=PACK)
    assert best.reason is MatchReason.ALIAS_TEXT
    assert best.likeness is not None
    assert best.likeness >= SURE > best.score


OTHER_NAME, MANY = ("text", fold("inna nazwa")), Decimal(25)


# unit, GTIN, packs of the maker, unit that was remembered, what it holds → units, answers.
REMEMBERED = [
    ("op", None, {}, "OP", 25, 25, None),
    ("opak", None, {}, "OP", 25, 1, ()),  # another word of the same seller
    ("op", None, {"opak": 25}, "OP", 25, 25, None),
    ("op", None, {"opak": 10}, "OP", 25, 10, None),  # the product says it now
    ("op", CARTON_GTIN, {}, "OP", 25, 10, None),  # its GTIN says ten
    ("op", PIECE_GTIN, {}, "OP", 25, 25, None),
    ("szt", CARTON_GTIN, {}, "SZT", 1, 1, None),  # printed and said agree
    ("szt", CARTON_GTIN, {}, "SZT", 10, 1, (1, 10)),  # nobody overrides the product's own unit
    ("", None, {}, "OP", 25, 1, (1, 25)),  # unprinted or unread, and sold in packs too
]


@pytest.mark.parametrize(("unit", "gtin", "packs", "printed", "holds", "units", "asks"), REMEMBERED)
def test_a_remembered_unit_answers_only_what_the_product_leaves_open(
    unit: str,
    gtin: str | None,
    packs: dict[str, int],
    printed: str,
    holds: int,
    units: int,
    asks: tuple[int, ...] | None,
) -> None:
    name = name_key(description=SKUS[SOCKET], seller_index=None)
    assert name is not None
    remembered = {printed: LearnedUnit(UUID(int=1), SOCKET, Decimal(holds))}
    catalogue = Catalogue(
        products=GOODS,
        gtins={code: (of, Decimal(count)) for code, (of, count) in CODES.items()},
        units={SOCKET: SoldIn("szt", {key: Decimal(count) for key, count in packs.items()})},
        learned={name: remembered, OTHER_NAME: {"OP": LearnedUnit(UUID(int=2), SOCKET, MANY)}},
    )
    read = match(description=SKUS[SOCKET], seller_index=None, gtin=gtin, catalogue=catalogue)
    best = with_units(read, printed_unit=unit, catalogue=catalogue, name=name).best
    assert best is not None
    assert (best.units, best.asks) == (units, None if asks is None else tuple(map(Decimal, asks)))
    by_word = asks is None and holds == units and not packs
    assert best.learned == (UUID(int=1) if by_word else None)
