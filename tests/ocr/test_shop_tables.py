"""Tables as shops and programs draw them: rates with words, codes, lump sums."""

from __future__ import annotations

from ocr import numbers
from ocr.reading import Reading
from tests.ocr.drawn import read, rows_of, shown

HEAD = """
  INVOICE No. 31/11/2026                            Invoice date: 2026-11-20
  Seller: Northgate Valves Ltd                      Bill to: Brightspark Ltd

"""
SUMS = """

  Subtotal:   618.00
  VAT 20%:    123.60
  Total due:  741.60 GBP
"""


def document(body: str) -> Reading:
    return read(HEAD + body + SUMS)


def test_a_rate_with_the_name_of_its_tax_is_a_rate() -> None:
    found = [numbers.vat_rate(text) for text in ("VAT 23 %", "19% USt", "Tax 20%", "VAT 5")]
    assert found == ["23", "19", "20", None]


def test_codes_in_brackets_before_names_and_named_rates_are_read() -> None:
    reading = document("""
  Description                      Quantity    Unit Price    Taxes      Amount
  [E101] Ball valve 22                 4.00         80.00    VAT 20%    320.00
  [E138] Elbow 15                     12.00         14.50    VAT 20%    174.00
  [E175] Tile adhesive                 4.00         31.00    VAT 20%    124.00
""")
    assert [row[0] for row in rows_of(reading)] == ["Ball valve 22", "Elbow 15", "Tile adhesive"]
    assert [shown(line.article_no) for line in reading.lines] == ["E101", "E138", "E175"]
    assert [shown(line.vat_rate) for line in reading.lines] == ["20"] * 3


def test_prices_that_add_up_to_the_sum_are_the_values_of_their_lines() -> None:
    reading = document("""
  Product                          Quantity         Price
  Ball valve 22                           4        320.00
  Elbow 15                               12        174.00
  Tile adhesive                           4        124.00
""")
    assert [shown(line.line_net) for line in reading.lines] == ["320.00", "174.00", "124.00"]
    assert not any(line.unit_price_net or line.unit_price_gross for line in reading.lines)


def test_a_word_for_the_count_of_a_lump_sum_is_no_reason_to_lose_it() -> None:
    reading = document("""
  Description                      Quantity    Unit Price       Amount
  Ball valve 22                           4         80.00       320.00
  Elbow 15                               12         14.50       174.00
  Transport                        lump sum        124.00       124.00
""")
    assert [(row[0], row[3]) for row in rows_of(reading)][2] == ("Transport", "124.00")


def test_the_side_of_the_tax_is_not_proven_by_a_product_alone() -> None:
    reading = read(
        HEAD
        + """
  Description                      Quantity    Price    VAT     Amount
  Ball valve 22                           4    80.00    20%     320.00
  Elbow 15                               12    14.50    20%     174.00
"""
    )
    assert len(reading.lines) == 2
    assert not any(v.proof.proven for x in reading.lines for v in (x.line_net, x.line_gross) if v)
