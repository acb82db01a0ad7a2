"""Learning from confirmed documents: the second document of a seller is read better."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from ocr import confirmed
from ocr.confirmed import Confirmed, ConfirmedLine
from ocr.reading import Hints, LayoutMemory, Reading
from tests.ocr import drawn
from tests.ocr.drawn import read, rows_of, words_of

SELLER = "5265877635"
# Prices before a discount that is not printed: no product can tell what the columns are.
PLAIN = (
    drawn.PLAIN.replace("  3,20 ", "  4,00 ")
    .replace(" 14,50 ", " 18,00 ")
    .replace(" 31,00 ", " 39,00 ")
)


def renamed(text: str) -> str:
    """The document in the words of a house that no lexicon knows."""
    return (
        text.replace("FAKTURA VAT nr", "Kwit handlowy:")
        .replace("Cena netto", "Tarif N   ")
        .replace("Wartość netto", "Obrót N      ")
        .replace("Ilość", "Licz ")
    )


def second(text: str) -> str:
    """Another document of the seller: other numbers, the same form."""
    return text.replace("FV/17/11/2026", "FV/29/11/2026")


def lesson(reading: Reading) -> Confirmed:
    """All that a person would stand for who sees the page."""
    return Confirmed(
        SELLER,
        reading.invoice_number.value if reading.invoice_number else "",
        date(2026, 11, 20),
        tuple(
            ConfirmedLine(
                line.description.value if line.description else "",
                {
                    name: value.value
                    for name in ("quantity", "unit_price_net", "line_net")
                    if (value := getattr(line, name)) is not None
                },
            )
            for line in reading.lines
        ),
    )


def learned(text: str, what: Confirmed, before: LayoutMemory | None = None) -> LayoutMemory | None:
    words, pages = words_of(text)
    return confirmed.learned_from(words, pages, what, before)


def test_the_second_document_is_read_with_what_the_first_one_taught() -> None:
    truth = read(PLAIN)
    memory = learned(renamed(PLAIN), lesson(truth))
    assert memory is not None

    cold = read(second(renamed(PLAIN)))
    warm = read(second(renamed(PLAIN)), hints=Hints(layouts=(memory,)))

    assert rows_of(warm) == rows_of(truth) != rows_of(cold)
    assert warm.invoice_number is not None
    assert warm.invoice_number.value == "FV/29/11/2026"


def test_a_document_that_is_read_anyway_teaches_nothing() -> None:
    assert learned(PLAIN, lesson(read(PLAIN))) is None


def test_values_that_are_not_on_the_page_teach_nothing() -> None:
    wrong = ConfirmedLine("Inny towar", {"quantity": Decimal(77), "line_net": Decimal("7777.77")})
    assert learned(renamed(PLAIN), Confirmed(SELLER, "XX/1", None, (wrong,))) is None


def test_what_was_known_stays() -> None:
    before = LayoutMemory(SELLER, (("kol", "unit"),), (), 3)
    memory = learned(renamed(PLAIN), lesson(read(PLAIN)), before)
    assert memory is not None
    assert ("kol", "unit") in memory.columns
    assert memory.documents_seen == 4


def test_a_rate_beside_a_price_is_not_taught_as_part_of_it() -> None:
    text = """
  Sprzedawca: Hurtownia Zawór Sp. z o.o.   NIP: 526-587-76-35
  FAKTURA VAT nr FV/17/11/2026

  Lp.  Nazwa towaru            Licz   Tarif N VAT   Obrót N
  1    Rura PEX 16x2,0          100     4,00 23%     320,00
  2    Kolano zaciskowe          12    18,00 23%     174,00

  Razem netto   494,00
"""
    numbers = ("quantity", "unit_price_net", "line_net")
    rows = (
        ("Rura PEX 16x2,0", ("100", "4.00", "320.00")),
        ("Kolano zaciskowe", ("12", "18.00", "174.00")),
    )
    lines = tuple(
        ConfirmedLine(name, dict(zip(numbers, map(Decimal, told), strict=True)))
        for name, told in rows
    )
    memory = learned(text, Confirmed(SELLER, "FV/17/11/2026", None, lines))
    assert memory is not None
    warm = read(text, hints=Hints(layouts=(memory,)))
    assert rows_of(warm) == [(name, *told) for name, told in rows]
    assert [line.vat_rate.value for line in warm.lines if line.vat_rate] == ["23", "23"]
