"""UBL invoices and credit notes."""

from datetime import date
from decimal import Decimal

import pytest

from ocr import structured, ubl
from ocr.reading import DocumentKind, Reading, Unreadable

_CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
_CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"


def document(
    *,
    name: str = "Invoice",
    type_code: str = "380",
    rows: int = 1,
    price: str = "5.00",
    basis: str = "",
    percent: str = "23",
    extra: str = "",
) -> bytes:
    line, quantity = ("CreditNoteLine", "CreditedQuantity")
    if name == "Invoice":
        line, quantity = ("InvoiceLine", "InvoicedQuantity")
    per = f'<cbc:BaseQuantity unitCode="H87">{basis}</cbc:BaseQuantity>' if basis else ""
    body = "".join(
        f"""<cac:{line}><cbc:ID>{number}</cbc:ID>
        <cbc:{quantity} unitCode="H87">10</cbc:{quantity}>
        <cbc:LineExtensionAmount currencyID="PLN">50.00</cbc:LineExtensionAmount>
        <cac:Item><cbc:Name>Puszka 60</cbc:Name>
          <cac:SellersItemIdentification><cbc:ID>P-60</cbc:ID></cac:SellersItemIdentification>
          <cac:StandardItemIdentification><cbc:ID schemeID="0160">5901234123457</cbc:ID>
          </cac:StandardItemIdentification>
          <cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>{percent}</cbc:Percent>
          </cac:ClassifiedTaxCategory></cac:Item>
        <cac:Price><cbc:PriceAmount currencyID="PLN">{price}</cbc:PriceAmount>{per}</cac:Price>
        </cac:{line}>"""
        for number in range(1, rows + 1)
    )
    net, vat = Decimal(50) * rows, Decimal("11.50") * rows
    return f"""<{name} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{name}-2"
      xmlns:cbc="{_CBC}" xmlns:cac="{_CAC}">
      <cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>
      <cbc:ID>PEF/7/2026</cbc:ID><cbc:IssueDate>2026-07-15</cbc:IssueDate>
      <cbc:{name}TypeCode>{type_code}</cbc:{name}TypeCode>
      <cbc:DocumentCurrencyCode>PLN</cbc:DocumentCurrencyCode>
      <cac:OrderReference><cbc:ID>ZAM/9</cbc:ID></cac:OrderReference>
      <cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>PEF/1</cbc:ID>
        <cbc:IssueDate>2026-06-01</cbc:IssueDate></cac:InvoiceDocumentReference>
      </cac:BillingReference>
      <cac:AccountingSupplierParty><cac:Party>
        <cac:PartyTaxScheme><cbc:CompanyID>77/X</cbc:CompanyID><cac:TaxScheme><cbc:ID>FC</cbc:ID>
          </cac:TaxScheme></cac:PartyTaxScheme>
        <cac:PartyTaxScheme><cbc:CompanyID>PL5265877635</cbc:CompanyID><cac:TaxScheme>
          <cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
        <cac:PartyLegalEntity><cbc:RegistrationName>Hurtownia Próbna</cbc:RegistrationName>
        </cac:PartyLegalEntity></cac:Party></cac:AccountingSupplierParty>
      <cac:AccountingCustomerParty><cac:Party><cac:PartyTaxScheme>
        <cbc:CompanyID>1234563218</cbc:CompanyID></cac:PartyTaxScheme></cac:Party>
      </cac:AccountingCustomerParty>
      <cac:Delivery><cbc:ActualDeliveryDate>2026-07-10</cbc:ActualDeliveryDate></cac:Delivery>
      {extra}
      <cac:TaxTotal><cbc:TaxAmount currencyID="EUR">2.60</cbc:TaxAmount></cac:TaxTotal>
      <cac:TaxTotal><cbc:TaxAmount currencyID="PLN">{vat}</cbc:TaxAmount>
        <cac:TaxSubtotal><cbc:TaxableAmount currencyID="PLN">{net}</cbc:TaxableAmount>
          <cbc:TaxAmount currencyID="PLN">{vat}</cbc:TaxAmount>
          <cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>{percent}</cbc:Percent>
          </cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>
      <cac:LegalMonetaryTotal><cbc:LineExtensionAmount>{net}</cbc:LineExtensionAmount>
        <cbc:TaxExclusiveAmount>{net}</cbc:TaxExclusiveAmount>
        <cbc:TaxInclusiveAmount>{net + vat}</cbc:TaxInclusiveAmount>
        <cbc:PayableAmount>{net + vat}</cbc:PayableAmount></cac:LegalMonetaryTotal>
      {body}</{name}>""".encode()


def codes(reading: Reading) -> set[str]:
    return {finding.code for finding in reading.findings}


def test_header_and_rows_are_exact() -> None:
    reading = structured.read_xml(document(rows=2))
    assert (reading.kind, reading.route) == (DocumentKind.INVOICE, "ubl")
    assert reading.seller.vat_id is not None
    assert reading.seller.vat_id.value == "5265877635"
    assert reading.buyer.vat_id is not None
    assert reading.buyer.vat_id.value == "1234563218"
    assert reading.issue_date is not None
    assert reading.issue_date.value == date(2026, 7, 15)
    assert reading.sale_date is not None
    assert reading.sale_date.value == date(2026, 7, 10)
    assert reading.total_vat is not None
    assert reading.total_gross is not None
    assert (reading.total_vat.value, reading.total_gross.value) == (23, 123)
    assert [t.vat_rate for t in reading.rate_totals] == ["23"]
    first, second = reading.lines
    assert first.quantity is not None
    assert first.line_net is not None
    assert (first.quantity.value, first.line_net.value) == (10, 50)
    assert second.gtin is not None
    assert second.article_no is not None
    assert (second.gtin.value, second.article_no.value) == ("5901234123457", "P-60")
    assert codes(reading) == set()


def test_a_price_for_a_hundred_becomes_a_price_for_one() -> None:
    reading = ubl.read_ubl(document(price="500.00", basis="100"))
    assert reading.lines[0].unit_price_net is not None
    assert reading.lines[0].unit_price_net.value == 5
    assert codes(reading) == set()


def test_a_credit_note_names_its_original_and_takes_back_what_it_lists() -> None:
    reading = structured.read_xml(document(name="CreditNote", type_code="381"))
    assert reading.kind is DocumentKind.CREDIT_NOTE
    assert reading.correction is not None
    assert (reading.correction.encoding, reading.correction.needs_person) == ("C", False)
    assert [(o.number, o.issue_date) for o in reading.correction.originals] == [
        ("PEF/1", date(2026, 6, 1))
    ]
    assert (reading.lines[0].unit_delta, reading.lines[0].value_delta) == (-10, -50)


def test_a_credit_note_without_its_original_is_for_a_person() -> None:
    data = document(name="CreditNote", type_code="381").replace(b"BillingReference", b"Other")
    reading = structured.read_xml(data)
    assert reading.correction is not None
    assert reading.correction.needs_person
    assert "correction-without-original" in codes(reading)


def test_an_envelope_around_the_invoice_is_taken_off() -> None:
    plain = document(rows=2)
    head = b"<StandardBusinessDocumentHeader><HeaderVersion>1.0</HeaderVersion>"
    head += b"</StandardBusinessDocumentHeader>"
    name = b'<sh:StandardBusinessDocument xmlns:sh="http://www.unece.org/cefact/namespaces/x">'
    wrapped = structured.read_xml(name + head + plain + b"</sh:StandardBusinessDocument>")
    assert wrapped.lines == structured.read_xml(plain).lines
    assert wrapped.document_sha256 != structured.read_xml(plain).document_sha256
    with pytest.raises(Unreadable):  # Which of two is meant?
        structured.read_xml(name + head + plain * 2 + b"</sh:StandardBusinessDocument>")


def test_an_invoice_of_public_procurement_says_so() -> None:
    ours = b"2017#conformant#urn:fdc:www.efaktura.gov.pl:ver1.0:trns"
    reading = ubl.read_ubl(document().replace(b"en16931:2017", b"en16931:" + ours))
    assert codes(reading) == {"public-procurement"}


def test_a_credit_note_stays_one_whatever_its_code() -> None:
    reading = ubl.read_ubl(document(name="CreditNote", type_code="380"))
    assert reading.kind is DocumentKind.CREDIT_NOTE


def test_allowances_of_the_document_are_discounts_and_charges_are_noted() -> None:
    cut = "<cac:AllowanceCharge><cbc:ChargeIndicator>{}</cbc:ChargeIndicator><cbc:Amount>7.00"
    cut += "</cbc:Amount></cac:AllowanceCharge>"
    reading = ubl.read_ubl(document(extra=cut.format("false") + cut.format("true")))
    assert [d.amount.value for d in reading.discounts] == [7]
    assert "document-charge" in codes(reading)


def test_a_category_stands_in_for_a_missing_rate() -> None:
    data = document(percent="").replace(b"<cbc:ID>S</cbc:ID>", b"<cbc:ID>AE</cbc:ID>")
    reading = ubl.read_ubl(data)
    assert reading.lines[0].vat_rate is not None
    assert reading.lines[0].vat_rate.value == "oo"


def test_too_many_rows_are_refused() -> None:
    with pytest.raises(Unreadable):
        ubl.read_ubl(
            f'<Invoice xmlns="urn:oasis:x" xmlns:cac="{_CAC}">'.encode()
            + b"<cac:InvoiceLine/>" * 10_001
            + b"</Invoice>"
        )
