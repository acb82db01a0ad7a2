"""Whose paper it is and to whom it goes, where imprints, windows and customers' boxes tell."""

from __future__ import annotations

from tests.ocr.drawn import read, shown


def test_a_customers_box_holds_the_buyers_number_and_the_foot_the_writers() -> None:
    reading = read("""
 Dach Online GmbH - Industriestr. 25 - 91710 Gunzenhausen

 Gruppe Inh. Jan Stark                                            Tel.: +49 9831 505-0
 Huswertstr. 14                                                   Fax: +49 9831 505-3
 60435 Frankfurt                                                  info@dach.example

                                                             Kundennummer: K0100077603
                                                                USt-IdNr.: DE199952957
                                                          Rechnungsnummer: R0005532486
                                                             Rechnungsdatum: 19.01.2026
 Rechnung R0005532486

 Pos   Produkt    Beschreibung                     Menge      Preis       Netto
 1     EQ4        Server 1                             1   41,18 EUR   41,18 EUR
                                                               Netto   41,18 EUR
                                                        USt. (19 %)     7,82 EUR
                                                              Brutto   49,00 EUR

 Dach Online GmbH                Industriestr. 25               Bankverbindung:
 Geschäftsführer: Martin Dach    Tel.: +49 9831 505-0           Deutsche Bank
 USt-IdNr. DE812871812           info@dach.example              BIC: DEUTDEMM760
""")
    assert (shown(reading.seller.name), shown(reading.seller.vat_id)) == (
        "Dach Online GmbH",
        "DE812871812",
    )
    assert shown(reading.buyer.vat_id) == "DE199952957"


def test_a_name_over_its_imprint_sells_and_not_whom_the_paper_is_addressed_to() -> None:
    reading = read("""


                                                         ALFA BAU
                                                         de Roux Alexis
                                                         27 rue Henri Roland
                                                         69100 Villeurbanne
                        Facture n° 2026089083
 Date : 28/11/2026

 Désignation                                      Nombre      P.U. HT      Montant HT
 Justificatif PDF                                      1       0,75 €          0,75 €
                                                          Total HT :           0,75 €
                                                          TVA 20% :            0,15 €
                                                          Total TTC :          0,90 €

                                    PRESSNET
     Siège social : 16 rue Molien - 92100 BOULOGNE - Tél : 01 71 17 61 67
   Sarl au capital de 10 000€ - RSC Paris B 530 848 134 - TVA FR83404833048
""")
    assert shown(reading.seller.name) == "PRESSNET"
    assert shown(reading.seller.vat_id) == "FR83404833048"


def test_a_place_of_delivery_buys_nothing_where_the_paper_is_addressed() -> None:
    reading = read("""
 Waldwerk | Somestreet 42 | 08155 Some city               Waldwerk
 Beispiel AG                                              Somestreet 42
 Feldstraße 34                                            08155 Some city
 54321 Hithausen                                          Phone: 06661556

 Rechnung RE1001
 Kunden-Nr.:     10000                      Belegdatum:        26.10.2026
 Lieferadresse: Beispiel Lager AG | Feldstraße 39 | 54321 Hithausen
 Pos.  Art.-Nr.   Bezeichnung                   Menge  Einheit  Preis/Einh €   Gesamt €
 1     AWE12M     Bohrhammer                     1,00     Stk.         84,95      84,95
""")
    assert shown(reading.buyer.name) == "Beispiel AG"


def test_a_telephones_line_and_a_register_number_no_document() -> None:
    line = read("""
 Numéro de ligne       Id.client        Adresse de l'installation
 FO20479674            20577874         35 RUE du Port
                                        69100 VILLEURBANNE
 Facture n°562044999 du 02 Juillet 2026
 Total facture                                24.99              5.00                 29.99
""")
    assert shown(line.invoice_number) == "562044999"
    register = read("""
 Factuur datum        Factuur     Vervaldatum
      8-9-2026   VF2005193039       22-9-2026

 e-Shop Nederland B.V.
 Badweg 48, 8401 BL, Gorredijk            Tel. Klantenservice: 020 7604101
 Kvk nummer: 04080176                     BTW-nr: NL815254295B01
""")
    assert shown(register.invoice_number) == "VF2005193039"


def test_a_day_is_no_tax_number_and_a_country_no_firm() -> None:
    reading = read("""
                                                            POLSKA
 FAKTURA VAT nr 12/2026
 Data wystawienia: 06.08.2026

 Nabywca: Rohr Kunde Sp. z o.o.
 USt-IdNr: 01.08.2026
""")
    assert reading.buyer.vat_id is None
    assert reading.seller.vat_id is None
    assert reading.seller.name is None
