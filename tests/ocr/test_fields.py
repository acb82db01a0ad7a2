"""Header fields: numbers, dates, parties, kind, KSeF numbers."""

from datetime import date

import pytest

from ocr.reading import DocumentKind, Proof
from tests.ocr.drawn import PLAIN, read, shown


def test_a_plain_polish_header_is_read_whole() -> None:
    reading = read(PLAIN)
    assert reading.kind is DocumentKind.INVOICE
    assert shown(reading.invoice_number) == "FV/17/11/2026"
    assert shown(reading.issue_date) == "2026-11-20"
    assert shown(reading.sale_date) == "2026-11-18"
    assert shown(reading.seller.name) == "Hurtownia Zawór Sp. z o.o."
    assert shown(reading.seller.vat_id) == "5265877635"
    assert shown(reading.seller.address) == "ul. Składowa 5 30-002 Kraków"
    assert shown(reading.buyer.name) == "Instalacje Anna Rak"
    assert shown(reading.buyer.vat_id) == "1234563218"
    assert shown(reading.currency) == "PLN"
    assert reading.language == "pl"


def test_tax_numbers_are_proven_by_their_checksum_and_warned_of_without_it() -> None:
    reading = read(PLAIN.replace("526-587-76-35", "526-587-76-36"))
    assert read(PLAIN).seller.vat_id.proof is Proof.CHECKSUM  # type: ignore[union-attr]
    assert shown(reading.seller.vat_id) == "5265877636"
    assert reading.seller.vat_id is not None
    assert reading.seller.vat_id.proof is Proof.READ
    assert [(f.code, dict(f.facts)["party"]) for f in reading.findings] == [
        ("nip-checksum", "seller")
    ]


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ("FAKTURA VAT nr FS 12/MAG/2026", "FS 12/MAG/2026"),
        ("Faktura nr: 7/11/2026 z dnia 20.11.2026", "7/11/2026"),
        ("Numer faktury: F/0001234/26/KRA", "F/0001234/26/KRA"),
        ("FAKTURA VAT FS 4067/MAG02/2026", "FS 4067/MAG02/2026"),
        ("Invoice No. INV-2026-114", "INV-2026-114"),
        ("Rechnung # RE-20171118/506 vom 18.11.2026", "RE-20171118/506"),
        ("Handelsrechnung (380) Nr. 471102 vom 15.11.2026", "471102"),
        ("FACTURE N° : F20260023", "F20260023"),
        ("Factuurnummer: 8587333880016", "8587333880016"),
    ],
)
def test_numbers_stand_behind_many_titles(title: str, number: str) -> None:
    reading = read(PLAIN.replace("FAKTURA VAT nr FV/17/11/2026", title))
    assert shown(reading.invoice_number) == number


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ("FAKTURA VAT nrFV/17/11/2026", "FV/17/11/2026"),
        ("FAKTURA VAT Nr6883/07/2026", "6883/07/2026"),
        ("FAKTURA VAT nr NOWA/17/2026", "NOWA/17/2026"),
    ],
)
def test_a_label_that_an_engine_glued_to_the_number_is_no_part_of_it(
    title: str, number: str
) -> None:
    reading = read(PLAIN.replace("FAKTURA VAT nr FV/17/11/2026", title), engine="rapidocr")
    assert shown(reading.invoice_number) == number


def test_a_number_may_stand_under_its_title() -> None:
    reading = read(
        PLAIN.replace("FAKTURA VAT nr FV/17/11/2026", "FAKTURA VAT")
        .replace(
            "Wadowice, 20.11.2026                             ",
            "Wadowice, 20.11.2026                              nr 2/15",
            1,
        )
        .replace("nr 2/15 Data wystawienia", "nr 2/15\n  Data wystawienia")
    )
    assert shown(reading.invoice_number) == "2/15"


def test_an_order_number_is_not_the_invoice_number() -> None:
    reading = read(PLAIN.replace("FAKTURA VAT nr FV/17/11/2026", "Zamówienie nr 991/2026"))
    assert reading.invoice_number is None


@pytest.mark.parametrize(
    ("label", "day"),
    [
        ("Data wystawienia: 20.11.2026", date(2026, 11, 20)),
        ("Wystawiono dnia: 2026-11-20, Kraków", date(2026, 11, 20)),
        ("Rechnungsdatum: 20. November 2026", date(2026, 11, 20)),
        ("Date de facture : 20/11/2026", date(2026, 11, 20)),
        ("Issue date: Nov 20, 2026", date(2026, 11, 20)),
    ],
)
def test_the_date_of_issue_is_found_by_its_label(label: str, day: date) -> None:
    reading = read(PLAIN.replace("Data wystawienia: 2026-11-20", label))
    assert reading.issue_date is not None
    assert reading.issue_date.value == day


def test_without_a_label_the_date_behind_the_town_counts_and_not_the_due_date() -> None:
    text = PLAIN.replace("Data wystawienia: 2026-11-20", "Termin płatności: 2026-12-20").replace(
        "Data sprzedaży: 2026-11-18", ""
    )
    reading = read(text)
    assert shown(reading.issue_date) == "2026-11-20"


def test_american_dates_are_told_by_a_day_above_twelve() -> None:
    text = (
        PLAIN.replace("Data wystawienia: 2026-11-20", "Invoice date: 03/04/2026")
        .replace("Data sprzedaży: 2026-11-18", "Delivery date: 03/31/2026")
        .replace("20.11.2026", "")
    )
    assert shown(read(text).issue_date) == "2026-03-04"
    european = text.replace("03/31/2026", "31/03/2026")
    assert shown(read(european).issue_date) == "2026-04-03"


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("FAKTURA KORYGUJĄCA nr KOR/1/2026", DocumentKind.CORRECTED_INVOICE),
        ("FAKTURA ZALICZKOWA nr FZ/1/2026", DocumentKind.ADVANCE_INVOICE),
        ("FAKTURA PRO FORMA nr PF/1/2026", DocumentKind.OTHER),
        ("Credit Note No. CN-1", DocumentKind.CREDIT_NOTE),
        ("WZ nr 12/2026", DocumentKind.OTHER),
        ("F A K T U R A nr 1/2026", DocumentKind.INVOICE),
    ],
)
def test_the_kind_of_paper_is_in_its_title(title: str, kind: DocumentKind) -> None:
    assert read(PLAIN.replace("FAKTURA VAT nr FV/17/11/2026", title)).kind is kind


def test_the_own_ksef_number_is_told_from_the_one_of_the_corrected_invoice() -> None:
    own, other = "5265877635-20250826-0100001AF629-AF", "6159700086-20260407-0F9B163A1AAF-26"
    text = PLAIN.replace(
        "FAKTURA VAT nr FV/17/11/2026", "FAKTURA KORYGUJĄCA nr KOR/7/2026"
    ).replace(
        "  Do zapłaty:",
        f"  do faktury nr FV/1/2026 z dnia 2026-10-01, numer KSeF {other}\n\n"
        f"  Numer KSeF:\n  {own}\n  Do zapłaty:",
    )
    reading = read(text)
    assert shown(reading.ksef_number) == own
    assert reading.correction is not None
    assert [(o.number, o.ksef_number) for o in reading.correction.originals] == [
        ("FV/1/2026", other)
    ]


def test_a_seller_without_a_heading_is_known_by_the_senders_line() -> None:
    reading = read(
        """
  Kraxner GmbH · Flugzeugallee 17 · 12345 Papierfeld

  Papierflieger Vertrieb                                          Tel. 0123 4567
  Rabattstr. 25                                                   info@kraxner.example
  34567 Osterhausen

  Rechnungsnummer: 2026-03                       Rechnungsdatum: 11. Juli 2026

  Pos.   Artikelbeschreibung                 Menge        Preis       Betrag
  1      Superdrachen                            2        20,00        40,00
  2      Turbo Flyer                             5        40,00       200,00

                                      Rechnungssumme netto            240,00
                                      zuzüglich 19% MwSt.              45,60
                                      Rechnungssumme brutto           285,60

  USt-IdNr: DE136695976
"""
    )
    assert shown(reading.seller.name) == "Kraxner GmbH"
    assert shown(reading.seller.vat_id) == "DE136695976"
    assert reading.buyer.vat_id is None
    assert shown(reading.buyer.name) == "Papierflieger Vertrieb"
    assert shown(reading.buyer.address) == "Rabattstr. 25 34567 Osterhausen"
    assert (shown(reading.total_net), shown(reading.total_gross)) == ("240.00", "285.60")
    assert reading.language == "de"


def test_an_own_address_in_the_window_is_no_buyer() -> None:
    reading = read(
        """
  Kraxner GmbH
  Flugzeugallee 17
  12345 Papierfeld

  Customer: 2                                     Invoice no: 2026-04
  Date: 2026-07-11

  Description                             Quantity        Price       Amount
  Superdrachen                                   2        20.00        40.00

                                      Net total                        40.00
"""
    )
    assert shown(reading.seller.name) == "Kraxner GmbH"
    assert reading.buyer.name is None


def test_a_number_like_a_date_behind_the_title_is_no_tax_number() -> None:
    reading = read(PLAIN.replace("FAKTURA VAT nr FV/17/11/2026", "Faktura VAT 15/03/2026"))
    assert shown(reading.invoice_number) == "15/03/2026"
    assert shown(reading.seller.vat_id) == "5265877635"


@pytest.mark.parametrize("label", ["Umsatzsteuer 19 %", "MwSt. (19 % von 240,00)", "VAT 19%:"])
def test_the_tax_keeps_its_amount_behind_a_rate(label: str) -> None:
    reading = read(
        f"""
  Kraxner GmbH · Flugzeugallee 17 · 12345 Papierfeld
  Rechnungsnummer: 2026-03                       Rechnungsdatum: 11. Juli 2026

  Pos.   Artikelbeschreibung                 Menge        Preis       Betrag
  1      Superdrachen                            2        20,00        40,00
  2      Turbo Flyer                             5        40,00       200,00

                                      Summe netto               240,00 EUR
                                      {label:<26} 45,60 EUR
                                      Summe brutto              285,60 EUR
"""
    )
    assert shown(reading.total_vat) == "45.60"
    assert reading.total_gross is not None
    assert reading.total_gross.proof is Proof.ARITHMETIC


def test_nothing_is_made_up_for_an_empty_page() -> None:
    reading = read("   \n")
    assert reading.invoice_number is None
    assert reading.issue_date is None
    assert reading.total_gross is None
    assert reading.lines == ()


def test_a_written_ksef_number_whose_check_fails_is_named_and_not_mended() -> None:
    printed = "5265877635-20250826-O100001AF629-AF"
    reading = read(PLAIN.replace("  Do zapłaty:", f"  Numer KSeF: {printed}\n  Do zapłaty:"))
    assert reading.ksef_number is None
    (finding,) = reading.findings
    assert (finding.code, finding.facts) == ("ksef-number-checksum", (("value", printed),))
