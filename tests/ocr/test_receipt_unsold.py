"""What a till prints besides sales: not fiscal, cancelled, for training, returns, reports."""

from __future__ import annotations

import pytest

from ocr.reading import DocumentKind
from ocr.unsold import noted
from tests.ocr.slips import read

_SLIP = """
        SKŁAD KORNIK SP. Z O.O.
        ul. Składowa 5, 30-002 Kraków
NIP 526-587-76-35                       nr:104233
{title}
CEMENT 25KG
  2 szt x 16,00            32,00 A
SPRZEDAŻ OPODATKOWANA A                   32,00
PTU A 23%                                  5,98
SUMA PTU                                   5,98
SUMA PLN                                  32,00
00217 #2 KASJER 02                        14:07
{foot}
"""
_TITLE = "P A R A G O N   F I S K A L N Y"
_NUMBER = "EAZ2101234567"


@pytest.mark.parametrize(
    ("title", "foot", "code"),
    [
        (_TITLE, "NIEFISKALNY", "not-fiscal"),
        (_TITLE, "N I E F I S K A L N Y", "not-fiscal"),
        (_TITLE, "### NIEFISKALNY ###", "not-fiscal"),
        ("DOKUMENT NIEFISKALNY", _NUMBER, "not-fiscal"),
        (_TITLE, "PARAGON ANULOWANY", "cancelled-slip"),
        (_TITLE, f"P A R A G O N   A N U L O W A N Y\n{_NUMBER}", "cancelled-slip"),
        ("PARAGON FISKALNY ANULOWANY", _NUMBER, "cancelled-slip"),
        (_TITLE, "TRANSAKCJA ANULOWANA", "cancelled-slip"),
        (_TITLE, f"TRYB SZKOLENIOWY\n{_NUMBER}", "not-a-sale"),
        ("PROTOKÓŁ ZWROTU TOWARU", _NUMBER, "not-a-sale"),
        ("RAPORT DOBOWY FISKALNY", _NUMBER, "not-a-sale"),
        ("RACHUNEK KELNERSKI", _NUMBER, "not-a-sale"),
        ("PARAGON TESTOWY", _NUMBER, "not-a-sale"),
        ("KOREKTA PARAGONU", _NUMBER, "not-a-sale"),
        ("DOWÓD ZWROTU", _NUMBER, "not-a-sale"),
        ("BON ZWROTNY", _NUMBER, "not-a-sale"),
        ("PARAGON FISKALNY - ANULACJA", _NUMBER, "cancelled-slip"),
        ("OFERTA CENOWA", "", "not-a-sale"),
        ("W Y C E N A", "", "not-a-sale"),
        ("ZAMÓWIENIE NR 12", "", "not-a-sale"),
        ("PROFORMA", "", "not-a-sale"),
        ("WZ 12/2026", "", "not-a-sale"),
        ("LISTA ZAKUPÓW", "", "not-a-sale"),
    ],
)
def test_what_is_no_sale_says_why(title: str, foot: str, code: str) -> None:
    reading = noted(read(_SLIP.format(title=title, foot=foot)))
    assert reading.kind is DocumentKind.OTHER
    assert [finding.code for finding in reading.findings] == [code]


@pytest.mark.parametrize(
    "foot",
    [
        _NUMBER,
        f"{_NUMBER}\nZamówienie nr 12",
        f"BON ZWROTNY  32,00\n{_NUMBER}",
        f"{_NUMBER}\nZwrot towaru w ciągu 30 dni z paragonem",
        # The terminal's slip hangs on the same paper, under the number that ends the sale.
        f"{_NUMBER}\nNIEFISKALNY\nPOTWIERDZENIE TRANSAKCJI\nKARTA 1234\nNIEFISKALNY",
    ],
)
def test_a_sale_stays_a_sale_whatever_hangs_on_it(foot: str) -> None:
    reading = noted(read(_SLIP.format(title=_TITLE, foot=foot)))
    assert reading.kind is DocumentKind.RECEIPT
    assert reading.cash_register_id is not None
    assert len(reading.lines) == 1


_TERMINAL = """
POTWIERDZENIE TRANSAKCJI
TERMINAL: 01234567
20.11.26 14:08
KWOTA: 32,00 PLN
"""


def test_the_confirmation_of_a_card_under_a_sale_does_not_undo_it() -> None:
    reading = read(_SLIP.format(title=_TITLE, foot=f"EAZ2101234567\n{_TERMINAL.strip()}"))
    assert reading.kind is DocumentKind.RECEIPT
    assert "not-a-sale" not in [finding.code for finding in reading.findings]


def test_the_confirmation_of_a_card_alone_is_no_sale() -> None:
    reading = read(f"SKŁAD KORNIK SP. Z O.O.\nNIP 526-587-76-35{_TERMINAL}DO ZAPŁATY 32,00 PLN")
    assert reading.kind is not DocumentKind.RECEIPT


_REFUND = """
   OAKFIELD MERCHANTS LTD
      22 High Street
      {title}
Date: 04/05/2026  12:30
Emulsion White 5L
   1 x 24.99            24.99
TOTAL                 {total}
CASH                  {total}
Receipt no 123456  Cashier 2  THANK YOU
"""


@pytest.mark.parametrize(
    "title", ["CREDIT VOUCHER", "R E F U N D", "QUOTATION", "Pro-forma invoice"]
)
def test_a_foreign_paper_that_names_itself_otherwise_is_no_sale(title: str) -> None:
    reading = read(_REFUND.format(title=title, total="£24.99"))
    assert reading.kind is DocumentKind.OTHER
    assert "not-a-sale" in [finding.code for finding in reading.findings]


def test_the_minus_of_a_refund_stands_before_the_sign_of_the_currency() -> None:
    slip = _REFUND.format(title="SALES RECEIPT", total="-£24.99").replace(
        "1 x 24.99  ", "-1 x 24.99 -"
    )
    reading = read(slip)
    assert reading.total_gross is not None
    assert reading.total_gross.value < 0
    assert "total-negative" in [finding.code for finding in reading.findings]


_INVOICE = """
        SKŁAD KORNIK SP. Z O.O.
NIP 526-587-76-35
2026-05-04                        nr wydr.012345
{title}
NABYWCA: Jan Nowak Usługi
NIP NABYWCY: 1234563218
CEMENT 25KG
  2 szt x 16,00            32,00 A
SPRZEDAŻ OPODATKOWANA A                   32,00
PTU A 23%                                  5,98
SUMA PLN                                  32,00
00217 #2 KASJER 02                        14:07
EAZ2101234567
"""


def test_an_invoice_to_a_receipt_is_an_invoice_of_its_own_day_and_says_so() -> None:
    title = "FAKTURA NR FP/12/05/2026\ndo paragonu nr 011999 z 2026-05-03"
    reading = read(_INVOICE.format(title=title))
    assert reading.kind is DocumentKind.INVOICE
    assert reading.invoice_number is not None
    assert reading.invoice_number.value == "FP/12/05/2026"
    assert reading.issue_date is not None
    assert reading.issue_date.value.isoformat() == "2026-05-04"
    assert [finding.code for finding in reading.findings] == ["receipt-invoice"]


def test_the_number_of_a_tills_invoice_may_stand_under_its_title() -> None:
    reading = read(_INVOICE.format(title="          FAKTURA VAT\nNr faktury: 000123/2026"))
    assert reading.invoice_number is not None
    assert reading.invoice_number.value == "000123/2026"


def test_a_slip_with_its_buyers_number_stays_a_slip() -> None:
    reading = read(_INVOICE.format(title=_TITLE))
    assert reading.kind is DocumentKind.RECEIPT
    assert reading.buyer.vat_id is not None
    assert reading.buyer.vat_id.value == "1234563218"
