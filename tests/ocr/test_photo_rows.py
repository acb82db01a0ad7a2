"""Rows of photographed pages: level over wide gaps, and read past what engines misread."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from ocr import image as images
from ocr import numbers, torn_rows
from ocr.arithmetic import prove
from ocr.engines import Points
from ocr.reading import Value
from ocr.unit_letters import misread
from tests.ocr.drawn import read


def _table(bend: float) -> Points:
    """Rows of a table, 24 px apart, on paper that curls more and more to the right."""
    quads = []
    for y in range(60, 900, 24):
        for x0, x1 in ((60, 300), (520, 570), (890, 950)):
            corners = [(x0, y), (x1, y), (x1, y + 18), (x0, y + 18)]
            quads.append([(x, v - bend * (x / 1000) ** 3 * v / 10) for x, v in corners])
    return np.array(quads, np.float32)


def test_amounts_far_from_their_names_come_to_the_level_of_the_row() -> None:
    quads = _table(0.5)
    rows = quads.reshape(-1, 3, 4, 2)[..., 1].mean(axis=2)
    assert np.abs(rows[:, 2] - rows[:, 0]).max() > 18  # more than a row's height
    straight = images.straightened(np.full((1000, 1000), 200, np.uint8), quads)
    level = straight.quads.reshape(-1, 3, 4, 2)[..., 1].mean(axis=2)
    assert np.abs(level[:, 2] - level[:, 0]).max() < 5


def test_rows_that_a_dent_bends_on_one_side_come_to_the_level_of_their_amounts() -> None:
    quads = _table(0.0)
    x, y = quads[..., 0], quads[..., 1]
    quads[..., 1] += 16 * np.exp(-(((x - 60) / 170) ** 2) - ((y - 330) / 160) ** 2)
    assert np.ptp(quads.reshape(-1, 3, 4, 2)[:, :, 0, 1], axis=1).max() > 15
    straight = images.straightened(np.full((1000, 1000), 200, np.uint8), quads)
    level = straight.quads.reshape(-1, 3, 4, 2)[..., 1].mean(axis=2)
    assert np.ptp(level, axis=1).max() < 5


def test_figures_that_stand_beside_the_name_of_their_neighbour_are_not_proven() -> None:
    reading = prove(
        read(
            """
 Lp   Nazwa towaru            Ilość   Jm     Cena netto   Wart.netto   VAT
                               8,00   szt         36,10       288,80   23%
 1    Kolano 90 fi 20          2,00   szt         10,00        20,00   23%
 2    Rura PEX 16x2           20,00   szt         17,10       342,00   23%
 3    Zlaczka 20

      Razem netto: 650,80   VAT: 149,68   Brutto: 800,48
""",
            engine="rapidocr",
        )
    )
    assert sum(proven(line.quantity) for line in reading.lines) == 3
    torn = torn_rows.unproven(reading)
    assert not any(proven(line.quantity) or proven(line.line_net) for line in torn.lines)
    assert [line.line_net and line.line_net.value for line in torn.lines] == [
        line.line_net and line.line_net.value for line in reading.lines
    ]


def test_totals_of_one_rate_are_not_proven_beside_rows_that_add_up_to_more() -> None:
    page = """
 Lp   Nazwa towaru            Ilość   Jm     Cena netto   Wart.netto   VAT
 1    Kolano 90 fi 20          2,00   szt         10,00        20,00   23%
 2    Rura PEX 16x2           20,00   szt         17,10       342,00   23%
 3    Poradnik instalatora     2,00   szt         20,00        40,00    5%

      Stawka        Netto       VAT        Brutto
      23%          362,00     83,26        445,26
      Razem        362,00     83,26        445,26
"""
    reading = prove(read(page, engine="rapidocr"))
    assert proven(reading.total_net)
    assert proven(reading.total_gross)
    doubted = torn_rows.unproven(reading)
    assert not proven(doubted.total_net)
    assert not proven(doubted.total_gross)
    assert all(proven(line.line_net) for line in doubted.lines[:2])


def test_rows_that_have_names_and_figures_stay_proven() -> None:
    reading = prove(
        read(
            """
 Lp   Nazwa towaru            Ilość   Jm     Cena netto   Wart.netto   VAT
 1    Kolano 90 fi 20          2,00   szt         10,00        20,00   23%
 2    Rura PEX 16x2           20,00   szt         17,10       342,00   23%
""",
            engine="rapidocr",
        )
    )
    assert [proven(line.quantity) for line in reading.lines] == [True, True]
    assert torn_rows.unproven(reading) is reading


def proven(value: Value[Decimal] | None) -> bool:
    return value is not None and value.proof.proven


def test_a_decimal_comma_read_as_a_point_still_ends_the_thousands() -> None:
    assert numbers.amount("1.730.53") == Decimal("1730.53")
    assert numbers.amount("1.730.530") == Decimal(1730530)


def test_letters_of_a_unit_read_as_figures_are_told_from_figures() -> None:
    assert [misread(text) for text in ("Sz1", "5ZT", "s2t.", "m0", "0p")] == [
        "szt",
        "szt",
        "szt",
        "mb",
        "op",
    ]
    assert [misread(text) for text in ("szt", "921", "3x1", "IP44", "m2")] == [""] * 5


def test_columns_that_lean_become_upright_with_their_picture() -> None:
    lean = 0.09
    picture = np.full((1200, 1000), 255, np.uint8)
    quads = []
    for y in range(60, 1100, 30):
        for x0, x1 in ((200, 360), (480, 540), (760, 840)):
            x = (y - 600) * lean
            quads.append([(x0 + x, y), (x1 + x, y), (x1 + x, y + 20), (x0 + x, y + 20)])
            picture[y + 4 : y + 16, int(x0 + x) : int(x1 + x)] = 0
    straight = images.straightened(picture, np.array(quads, np.float32))
    left = straight.quads.reshape(-1, 3, 4, 2)[:, :, 0, 0]
    assert np.ptp(left, axis=0).max() < 8  # it was 90
    for quad in straight.quads:  # the boxes still hold what they held, and nothing else
        (x0, y0), (x1, y1) = quad.min(axis=0).astype(int), quad.max(axis=0).astype(int)
        assert straight.image[y0 + 6 : y1 - 6, x0 + 4 : x1 - 4].mean() < 40
        assert straight.image[y0 : y1 + 1, max(0, x0 - 20) : x0 - 6].mean() > 240


def test_counts_under_an_unread_heading_are_known_by_their_cells() -> None:
    reading = read(
        """
 LPI  Nazwa towaru           Jm      I10sc1     Cena netto   Rabat   Wart.netto   VAT
 1    Kolano 90 fi 20        szt      8,001         36,10     30%       202,16    23%
 2    Rura PEX 16x2          szt      2,00          10,00                20,00    23%
 3    Zlaczka 20             szt     30,001         17,10     1096      461,70    2396
""",
        engine="rapidocr",
    )
    assert [str(line.quantity and line.quantity.value) for line in reading.lines] == [
        "8.00",
        "2.00",
        "30.00",
    ]
    assert [line.vat_rate and line.vat_rate.value for line in reading.lines] == ["23"] * 3


def test_a_value_that_was_not_seen_is_the_product_where_the_total_says_so() -> None:
    reading = prove(
        read(
            """
 Lp   Nazwa towaru            Ilość   Jm     Cena netto   Wart.netto   VAT
 1    Kolano 90 fi 20          8,00   szt         36,10       288,80   23%
 2    Rura PEX 16x2            2,00   szt         10,00                23%
 3    Zlaczka 20              20,00   szt         17,10       342,00   23%

      Razem netto: 650,80   VAT: 149,68   Brutto: 800,48
""",
            engine="rapidocr",
        )
    )
    assert [str(line.line_net and line.line_net.value) for line in reading.lines] == [
        "288.80",
        "20.00",
        "342.00",
    ]


def test_a_price_that_lost_its_comma_is_no_price_for_a_hundred() -> None:
    reading = prove(
        read(
            """
 Lp   Nazwa towaru            Ilość   Jm     Cena netto   Wart.netto   VAT
 1    Kolano 90 fi 20         10,00   szt         1757        175,70   23%
 2    Rura PEX 16x2            2,00   szt         10,00        20,00   23%

      Razem netto: 195,70   VAT: 45,01   Brutto: 240,71
""",
            engine="tesseract",
        )
    )
    prices = [line.unit_price_net and line.unit_price_net.value for line in reading.lines]
    assert prices == [Decimal("17.57"), Decimal(10)]
    assert reading.lines[0].unit_price_net is not None
    assert reading.lines[0].unit_price_net.raw == "17,57"  # as printed, so no price for a hundred


def test_numbers_of_rows_that_slid_into_the_codes_are_not_part_of_them() -> None:
    text = """
 Lp     Indeks      Nazwa              Ilość   Jm     Cena netto   Wart.netto   VAT
 1      KOL-90      Kolano 90 fi 20     8,00   szt         36,10       288,80   23%
        2 RUR-16    Rura PEX 16x2       2,00   szt         10,00        20,00   23%
        3 ZLA-20    Zlaczka 20         20,00   szt         17,10       342,00   23%
"""
    codes = [
        line.article_no and line.article_no.value for line in read(text, engine="rapidocr").lines
    ]
    assert codes == ["KOL-90", "RUR-16", "ZLA-20"]
    skipped = text.replace("2 RUR", "5 RUR").replace("3 ZLA", "7 ZLA")
    codes = [
        line.article_no and line.article_no.value for line in read(skipped, engine="rapidocr").lines
    ]
    assert codes != ["KOL-90", "RUR-16", "ZLA-20"]


def test_ruling_lines_beside_a_wrapped_name_make_no_item() -> None:
    reading = read(
        """
 Lp   Nazwa towaru            Ilość   Jm     Cena netto   Wart.netto   Wart.brutto
 1    Rozdzielnica 5x18        4,00   szt         36,10       144,40        177,61
      transparentna               1                                              1
 2    Rura PEX 16x2            2,00   szt         10,00        20,00         24,60
""",
        engine="rapidocr",
    )
    assert len(reading.lines) == 2


def test_an_offer_and_an_order_have_numbers_of_their_own_and_an_invoice_keeps_its() -> None:
    assert number_of("ZAMÓWIENIE OD ODBIORCY FS 2249/MAG02/2026      Data: 27.06.2026") == (
        "FS 2249/MAG02/2026"
    )
    assert number_of("OFERTA Nr 2149/10/2026/F") == "2149/10/2026/F"
    assert number_of("Oferta 17/2026\nFaktura VAT nr FV/3/2026") == "FV/3/2026"


def number_of(page: str) -> str:
    number = read(page).invoice_number
    return number.value if number else ""
