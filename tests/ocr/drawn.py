"""Invoices drawn as text on a grid, turned into the words of a text layer or of an engine."""

from __future__ import annotations

import re

from ocr import invoice
from ocr.reading import Box, Hints, Page, Reading, Word

COLUMNS = 110
LINES = 62  # of a full page: its shape is that of A4


def words_of(*pages: str, engine: str = "pdf-text") -> tuple[tuple[Word, ...], tuple[Page, ...]]:
    """One word per blank-free piece of every page's text, in a font of one width."""
    words: list[Word] = []
    sure = 1.0 if engine == "pdf-text" else 0.97
    for number, text in enumerate(pages, start=1):
        for place, row in enumerate(text.strip("\n").splitlines()):
            top, bottom = (place + 0.15) / LINES, (place + 0.85) / LINES
            for piece in re.finditer(r"\S+", row):
                box = Box(number, piece.start() / COLUMNS, top, piece.end() / COLUMNS, bottom)
                words.append(Word(piece[0], box, sure, engine))
    sheets = tuple(Page(n, 1654, 2339, 0, engine) for n in range(1, len(pages) + 1))
    return tuple(words), sheets


def read(*pages: str, engine: str = "pdf-text", hints: Hints | None = None) -> Reading:
    """The reading of drawn pages."""
    words, sheets = words_of(*pages, engine=engine)
    return invoice.interpret(words, sheets, hints=hints or Hints())


def shown(value: object) -> str:
    """A value as text, "" for none."""
    return "" if value is None else str(getattr(value, "value", value))


def rows_of(reading: Reading) -> list[tuple[str, str, str, str]]:
    """Name, quantity, price and value of each line, whichever side is printed."""
    return [
        (
            shown(line.description),
            shown(line.quantity),
            shown(line.unit_price_net or line.unit_price_gross),
            shown(line.line_net or line.line_gross),
        )
        for line in reading.lines
    ]


PLAIN = """
                                                    FAKTURA VAT nr FV/17/11/2026
  Wadowice, 20.11.2026                              Data wystawienia: 2026-11-20
                                                    Data sprzedaży: 2026-11-18

  Sprzedawca:                                       Nabywca:
  Hurtownia Zawór Sp. z o.o.                        Instalacje Anna Rak
  ul. Składowa 5                                    ul. Leśna 7
  30-002 Kraków                                     34-100 Wadowice
  NIP: 526-587-76-35                                NIP 1234563218



  Lp.  Nazwa towaru            Kod    Ilość  J.m.  Cena netto  Wartość netto  VAT  Wartość brutto

  1    Rura PEX 16x2,0         R-162    100  mb          3,20         320,00  23%          393,60
  2    Kolano zaciskowe        K-90      12  szt.       14,50         174,00  23%          214,02
       16 x 1/2 GW
  3    Klej do glazury 25 kg   CM11       4  worek      31,00         124,00   8%          133,92


                                        Stawka VAT    Netto      VAT       Brutto
                                        23%           494,00     113,62    607,62
                                        8%            124,00       9,92    133,92
                                        Razem         618,00     123,54    741,54

  Do zapłaty: 741,54 PLN
  Słownie: siedemset czterdzieści jeden złotych 54/100
"""
