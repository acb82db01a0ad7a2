"""Discounts on rows of their own between items."""

from __future__ import annotations

import pytest

from tests.ocr.drawn import read, shown

_ITEM = "  1    Rura PEX 16x2,0              4   mb          5,00           20,00   23%"


@pytest.mark.parametrize("label", ["abzgl. 10% Rabatt", "Rabat 10%", "Rabat na pozycję 10%"])
def test_a_row_of_a_discount_is_no_part_of_the_name_above(label: str) -> None:
    """The printed value stands; what is taken off it is told beside."""
    end = _ITEM.index("20,00") + 5
    reading = read(
        f"""
  Faktura FV/12/2026 z dnia 20.11.2026

  Lp.  Nazwa                    Ilość   Jm    Cena netto   Wartość netto   VAT
{_ITEM}
{f"       {label}".ljust(end - 5)}-2,00
  2    Kolano zaciskowe            12   szt        15,00          180,00   23%

                            Netto                            198,00
                            VAT                               45,54
                            Brutto                           243,54
"""
    )
    names = [shown(line.description) for line in reading.lines]
    assert names == ["Rura PEX 16x2,0", "Kolano zaciskowe"]
    assert [shown(line.line_net) for line in reading.lines] == ["20.00", "180.00"]
    assert [str(cut.amount.value) for cut in reading.discounts] == ["2.00"]
    assert not any(f.code == "line-sum-mismatch" for f in reading.findings)
