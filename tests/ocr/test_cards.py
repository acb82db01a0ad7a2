"""Items drawn as cards: a name, and figures around it that stand in no columns."""

from __future__ import annotations

from decimal import Decimal

from ocr.reading import Reading
from tests.ocr.drawn import read, rows_of, shown

HEAD = """
  FAKTURA VAT nr FV/31/11/2026                      Data wystawienia: 2026-11-20
  Sprzedawca:                                       Nabywca:
  Hurtownia Zawór Sp. z o.o.                        Instalacje Anna Rak
  NIP: 526-587-76-35                                NIP 1234563218

"""
SUMS = """

  Razem netto:   618,00 zł
  VAT:           142,14 zł
  Do zapłaty:    760,14 zł
"""
LINES = [
    ("Rura PEX 16x2 mm", "100", "3.20", "320.00"),
    ("Kolano zaciskowe 20 mm", "12", "14.50", "174.00"),
    ("Klej do glazury 25 kg", "4", "31.00", "124.00"),
]


def document(body: str) -> Reading:
    return read(HEAD + body + SUMS)


def rates(reading: Reading) -> list[str]:
    return [line.vat_rate.value for line in reading.lines if line.vat_rate]


def test_a_detail_row_under_each_name_is_read() -> None:
    reading = document("""
  Rura PEX 16x2 mm                                              320,00 zł
  100 m × 3,20 zł · VAT 23 %

  Kolano zaciskowe 20 mm                                        174,00 zł
  12 szt. × 14,50 zł · VAT 23 %

  Klej do glazury 25 kg                                         124,00 zł
  4 op. × 31,00 zł · VAT 23 %
""")
    assert rows_of(reading) == LINES
    assert [line.unit.value for line in reading.lines if line.unit] == ["m", "szt.", "op."]
    assert rates(reading) == ["23"] * 3
    assert all(line.line_net and line.line_net.proof.proven for line in reading.lines)


def test_labels_and_values_on_one_row_of_each_item_are_read() -> None:
    reading = document("""
  1. Rura PEX 16x2 mm
     Ilość: 100 m     Cena netto: 3,20      VAT: 23%    Wartość netto: 320,00

  2. Kolano zaciskowe 20 mm
     Ilość: 12 szt    Cena netto: 14,50     VAT: 23%    Wartość netto: 174,00

  3. Klej do glazury 25 kg
     Ilość: 4 op.     Cena netto: 31,00     VAT: 23%    Wartość netto: 124,00
""")
    assert rows_of(reading) == LINES
    assert rates(reading) == ["23"] * 3


def test_labels_and_values_under_each_other_are_read() -> None:
    cards = [
        f"""
  Pozycja {n}
  {name}
     Ilość:            {count} szt
     Cena netto:       {price} zł
     Stawka VAT:       23 %
     Wartość netto:    {value} zł
"""
        for n, (name, count, price, value) in enumerate(
            (
                (name, count, price.replace(".", ","), value.replace(".", ","))
                for name, count, price, value in LINES
            ),
            start=1,
        )
    ]
    reading = document("\n".join(cards))
    assert rows_of(reading) == LINES
    assert rates(reading) == ["23"] * 3


def test_cards_that_add_up_to_nothing_printed_are_no_lines() -> None:
    reading = document("""
  Rura PEX 16x2 mm                                              321,00 zł
  100 m × 3,21 zł · VAT 23 %

  Kolano zaciskowe 20 mm                                        174,00 zł
  12 szt. × 14,50 zł · VAT 23 %
""")
    assert not any(line.line_net and line.line_net.proof.proven for line in reading.lines)


def test_a_lone_card_with_a_net_and_a_gross_value_keeps_both_sides() -> None:
    reading = document("""
  Rura PEX 16x2 mm
     Ilość 200 J.m. m Cena 3,09 VAT 23% Netto 618,00 Brutto 760,14
""")
    assert rows_of(reading) == [("Rura PEX 16x2 mm", "200", "3.09", "618.00")]
    gross = reading.lines[0].line_gross
    assert gross is not None
    assert gross.value == Decimal("760.14")


def test_labels_over_the_figures_of_every_card_say_what_they_are() -> None:
    card = """
  {name}
     Ilość     J.m.      Cena        VAT      Wartość
     {count}   {unit}    {price}     23%      {value}
"""
    cards = [
        card.format(
            name=name,
            count=count.ljust(7),
            unit=unit.ljust(6),
            price=price.replace(".", ",").ljust(7),
            value=value.replace(".", ","),
        )
        for (name, count, price, value), unit in zip(LINES, ("m", "szt.", "op."), strict=True)
    ]
    reading = document("\n".join(cards))
    assert rows_of(reading) == LINES
    assert [line.unit.value for line in reading.lines if line.unit] == ["m", "szt.", "op."]


def test_a_product_with_its_codes_under_a_name_is_read() -> None:
    reading = document("""
  1) Rura PEX 16x2 mm
     Indeks: RP-1620   EAN: 5901234123457
     100 m po 3,20 zł = 320,00 zł + VAT 23%

  2) Kolano zaciskowe 20 mm
     Indeks: KZ-0020   EAN: 4006381333931
     12 szt. po 14,50 zł = 174,00 zł + VAT 23%

  3) Klej do glazury 25 kg
     Indeks: KG-0025   EAN: 4012345678901
     4 op. po 31,00 zł = 124,00 zł + VAT 23%
""")
    assert rows_of(reading) == LINES
    codes = [line.article_no.value for line in reading.lines if line.article_no]
    assert codes == ["RP-1620", "KZ-0020", "KG-0025"]
    assert rates(reading) == ["23"] * 3


def test_words_of_the_sentence_under_a_name_are_no_part_of_it() -> None:
    reading = document("""
  320,00 zł        Rura PEX 16x2 mm
                   100 m po 3,20 zł netto, plus 23% VAT
  174,00 zł        Kolano zaciskowe 20 mm
                   12 szt. po 14,50 zł netto, plus 23% VAT
  124,00 zł        Klej do glazury 25 kg
                   4 op. po 31,00 zł netto, plus 23% VAT
""")
    assert rows_of(reading) == LINES


def test_a_product_in_brackets_behind_the_name_is_read() -> None:
    reading = document("""
  Rura PEX 16x2 mm (100 m @ 3,20) . . . . . . . . . . . . . . . 320,00
  Kolano zaciskowe 20 mm (12 rolls @ 14,50) . . . . . . . . . . 174,00
  Klej do glazury 25 kg (4 bags @ 31,00) . . . . . . . . . . .  124,00
""")
    assert rows_of(reading) == LINES


def test_of_two_prices_that_make_the_value_the_charged_one_is_taken() -> None:
    reading = read(
        """
  Faktura FV/12/2026 z dnia 20.11.2026
  Sprzedawca: Hurtownia Zawór Sp. z o.o., NIP 5265877635

  Lp.  Towar                    Brukwi        Zokpla    Rabat    Choper      Wyrgni   VAT
  1    Rura PEX 16x2,0           100 mb         3,20      10 %     2,88      288,00   23%
  2    Kolano zaciskowe           12 szt       14,50      20 %    11,60      139,20   23%

                            Netto                                427,20
                            VAT                                   98,26
                            Brutto                               525,46
"""
    )
    assert [shown(line.unit_price_net) for line in reading.lines] == ["2.88", "11.60"]
    assert [shown(line.line_net) for line in reading.lines] == ["288.00", "139.20"]
