"""Cross Industry Invoices (Factur-X, ZUGFeRD): exact rows, both versions, credit notes."""

from datetime import date
from decimal import Decimal

import pytest

from ocr import cii, structured
from ocr.reading import DocumentKind, Reading, Unreadable

_STANDARD = "urn:un:unece:uncefact:data:standard"
_NAMESPACES = (
    f'xmlns:rsm="{_STANDARD}:CrossIndustryInvoice:100"'
    f' xmlns:ram="{_STANDARD}:ReusableAggregateBusinessInformationEntity:100"'
    f' xmlns:udt="{_STANDARD}:UnqualifiedDataType:100"'
)


def row(
    *,
    number: str = "1",
    name: str = "Przewód YDYp",
    quantity: str = "100",
    unit: str = "MTR",
    price: str = "5.00",
    basis: str = "",
    net: str = "500.00",
    status: str = "",
    allowance: str = "",
    rate: str = "23.00",
) -> str:
    state = f"<ram:LineStatusReasonCode>{status}</ram:LineStatusReasonCode>" if status else ""
    per = f'<ram:BasisQuantity unitCode="{unit}">{basis}</ram:BasisQuantity>' if basis else ""
    cut = (
        "<ram:SpecifiedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>false"
        "</udt:Indicator></ram:ChargeIndicator>"
        f"<ram:ActualAmount>{allowance}</ram:ActualAmount></ram:SpecifiedTradeAllowanceCharge>"
        if allowance
        else ""
    )
    return f"""<ram:IncludedSupplyChainTradeLineItem>
      <ram:AssociatedDocumentLineDocument><ram:LineID>{number}</ram:LineID>{state}
      </ram:AssociatedDocumentLineDocument>
      <ram:SpecifiedTradeProduct><ram:GlobalID schemeID="0160">5901234123457</ram:GlobalID>
        <ram:SellerAssignedID>100-7</ram:SellerAssignedID><ram:Name>{name}</ram:Name>
      </ram:SpecifiedTradeProduct>
      <ram:SpecifiedLineTradeAgreement><ram:NetPriceProductTradePrice>
        <ram:ChargeAmount>{price}</ram:ChargeAmount>{per}
      </ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement>
      <ram:SpecifiedLineTradeDelivery><ram:BilledQuantity unitCode="{unit}">{quantity}
      </ram:BilledQuantity></ram:SpecifiedLineTradeDelivery>
      <ram:SpecifiedLineTradeSettlement>
        <ram:ApplicableTradeTax><ram:CategoryCode>S</ram:CategoryCode>
          <ram:RateApplicablePercent>{rate}</ram:RateApplicablePercent></ram:ApplicableTradeTax>
        {cut}
        <ram:SpecifiedTradeSettlementLineMonetarySummation>
          <ram:LineTotalAmount>{net}</ram:LineTotalAmount>
        </ram:SpecifiedTradeSettlementLineMonetarySummation>
      </ram:SpecifiedLineTradeSettlement></ram:IncludedSupplyChainTradeLineItem>"""


def invoice(*rows: str, type_code: str = "380", net: str = "500.00", vat: str = "115.00") -> bytes:
    gross = Decimal(net) + Decimal(vat)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice {_NAMESPACES}>
  <rsm:ExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter>
    <ram:ID>urn:cen.eu:en16931:2017</ram:ID></ram:GuidelineSpecifiedDocumentContextParameter>
  </rsm:ExchangedDocumentContext>
  <rsm:ExchangedDocument><ram:ID>RE/7</ram:ID><ram:TypeCode>{type_code}</ram:TypeCode>
    <ram:IssueDateTime><udt:DateTimeString format="102">20260715</udt:DateTimeString>
    </ram:IssueDateTime></rsm:ExchangedDocument>
  <rsm:SupplyChainTradeTransaction>{"".join(rows)}
    <ram:ApplicableHeaderTradeAgreement>
      <ram:SellerTradeParty><ram:Name>Hurtownia Próbna</ram:Name>
        <ram:SpecifiedTaxRegistration><ram:ID schemeID="FC">1/2/3</ram:ID>
        </ram:SpecifiedTaxRegistration>
        <ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">PL5265877635</ram:ID>
        </ram:SpecifiedTaxRegistration></ram:SellerTradeParty>
      <ram:BuyerTradeParty><ram:Name>Kunde</ram:Name><ram:SpecifiedTaxRegistration>
        <ram:ID schemeID="VA">DE136695976</ram:ID></ram:SpecifiedTaxRegistration>
      </ram:BuyerTradeParty>
      <ram:BuyerOrderReferencedDocument><ram:IssuerAssignedID>ZAM/9</ram:IssuerAssignedID>
      </ram:BuyerOrderReferencedDocument>
    </ram:ApplicableHeaderTradeAgreement>
    <ram:ApplicableHeaderTradeDelivery><ram:ActualDeliverySupplyChainEvent>
      <ram:OccurrenceDateTime><udt:DateTimeString format="102">20260710</udt:DateTimeString>
      </ram:OccurrenceDateTime></ram:ActualDeliverySupplyChainEvent>
    </ram:ApplicableHeaderTradeDelivery>
    <ram:ApplicableHeaderTradeSettlement>
      <ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
      <ram:ApplicableTradeTax><ram:CalculatedAmount>{vat}</ram:CalculatedAmount>
        <ram:BasisAmount>{net}</ram:BasisAmount>
        <ram:RateApplicablePercent>23.00</ram:RateApplicablePercent></ram:ApplicableTradeTax>
      <ram:SpecifiedTradeSettlementHeaderMonetarySummation>
        <ram:LineTotalAmount>{net}</ram:LineTotalAmount>
        <ram:TaxBasisTotalAmount>{net}</ram:TaxBasisTotalAmount>
        <ram:TaxTotalAmount currencyID="PLN">490.00</ram:TaxTotalAmount>
        <ram:TaxTotalAmount currencyID="EUR">{vat}</ram:TaxTotalAmount>
        <ram:GrandTotalAmount>{gross}</ram:GrandTotalAmount>
        <ram:DuePayableAmount>{gross}</ram:DuePayableAmount>
      </ram:SpecifiedTradeSettlementHeaderMonetarySummation>
      <ram:InvoiceReferencedDocument><ram:IssuerAssignedID>RE/1</ram:IssuerAssignedID>
      </ram:InvoiceReferencedDocument>
    </ram:ApplicableHeaderTradeSettlement>
  </rsm:SupplyChainTradeTransaction>
</rsm:CrossIndustryInvoice>""".encode()


def codes(reading: Reading) -> set[str]:
    return {finding.code for finding in reading.findings} - {"foreign-currency"}


def test_header_and_rows_are_exact() -> None:
    reading = structured.read_xml(invoice(row()))
    assert (reading.kind, reading.route) == (DocumentKind.INVOICE, "facturx")
    assert reading.seller.vat_id is not None
    assert reading.seller.vat_id.value == "5265877635"
    assert reading.buyer.vat_id is not None
    assert reading.buyer.vat_id.value == "DE136695976"
    assert reading.issue_date is not None
    assert reading.issue_date.value == date(2026, 7, 15)
    assert reading.sale_date is not None
    assert reading.sale_date.value == date(2026, 7, 10)
    assert [(r.kind, r.value) for r in reading.references] == [("order", "ZAM/9")]
    (line,) = reading.lines
    assert line.unit is not None
    assert (line.unit.value, line.unit.raw) == ("m", "MTR")
    assert line.vat_rate is not None
    assert line.vat_rate.value == "23"
    assert line.gtin is not None
    assert line.article_no is not None
    assert (line.gtin.value, line.article_no.value) == ("5901234123457", "100-7")
    assert codes(reading) == set()


def test_the_tax_is_the_one_in_the_invoices_currency() -> None:
    reading = cii.facturx(invoice(row()))
    assert reading.total_vat is not None
    assert reading.total_vat.value == 115


def test_a_price_for_a_hundred_becomes_a_price_for_one() -> None:
    reading = cii.facturx(invoice(row(price="500.00", basis="100")))
    price = reading.lines[0].unit_price_net
    assert price is not None
    assert (price.value, price.raw) == (5, "500.00")
    assert codes(reading) == set()


def test_a_rows_allowance_is_its_discount() -> None:
    reading = cii.facturx(invoice(row(net="450.00", allowance="50.00"), net="450.00", vat="103.50"))
    assert reading.lines[0].discount is not None
    assert reading.lines[0].discount.value == 50
    assert codes(reading) == set()


def test_group_and_information_rows_are_not_counted_twice() -> None:
    rows = (
        row(number="01.1", status="DETAIL"),
        row(number="01", status="GROUP", name="Zestaw"),
        row(number="02", status="INFORMATION", name="Część zestawu", price="0", net="0"),
    )
    reading = cii.facturx(invoice(*rows))
    assert [(line.position, line.printed_number) for line in reading.lines] == [(1, "01.1")]
    assert codes(reading) == {"rows-left-out"}


@pytest.mark.parametrize(
    ("type_code", "kind", "person", "units"),
    [
        ("380", DocumentKind.INVOICE, None, None),
        ("875", DocumentKind.INVOICE, None, None),
        ("386", DocumentKind.ADVANCE_INVOICE, None, None),
        ("325", DocumentKind.OTHER, None, None),
        ("381", DocumentKind.CREDIT_NOTE, False, -100),
        ("81", DocumentKind.CREDIT_NOTE, False, -100),
        ("261", DocumentKind.CREDIT_NOTE, False, -100),
        ("396", DocumentKind.CREDIT_NOTE, False, -100),
        ("83", DocumentKind.CREDIT_NOTE, True, None),
        ("420", DocumentKind.CREDIT_NOTE, True, None),
        ("458", DocumentKind.CREDIT_NOTE, True, None),
        ("532", DocumentKind.CREDIT_NOTE, True, None),
        ("384", DocumentKind.CORRECTED_INVOICE, True, None),
    ],
)
def test_the_type_code_decides_and_unclear_corrections_go_to_a_person(
    type_code: str, kind: DocumentKind, person: bool | None, units: int | None
) -> None:
    reading = cii.facturx(invoice(row(), type_code=type_code))
    assert reading.kind is kind
    assert (reading.correction.needs_person if reading.correction else None) is person
    assert reading.lines[0].unit_delta == units
    if reading.correction:
        assert [o.number for o in reading.correction.originals] == ["RE/1"]
        assert reading.correction.encoding == ("C" if units else "")
        assert ("correction-units-unknown" in codes(reading)) is (units is None)


@pytest.mark.parametrize(
    "odd",
    [
        row(quantity="-100", net="-500.00"),  # a credit taken back, or a minus too many?
        row(quantity="100", price="-5.00", net="-500.00"),
        row(net="0", price="0"),
    ],
)
def test_a_credit_note_with_a_minus_or_no_worth_is_for_a_person(odd: str) -> None:
    reading = cii.facturx(invoice(row(), odd, type_code="381"))
    assert reading.correction is not None
    assert reading.correction.needs_person
    assert [line.unit_delta for line in reading.lines] == [None, None]


def test_an_invoice_below_nought_is_found() -> None:
    data = invoice(row(quantity="-100", net="-500.00"), net="-500.00", vat="-115.00")
    assert codes(cii.facturx(data)) == {"total-negative"}


@pytest.mark.parametrize(
    ("category", "stated", "rate"),
    [("E", "0.00", "0"), ("E", "", "zw"), ("AE", "", "oo"), ("O", "", "np"), ("K", "", "0 WDT")],
)
def test_a_rate_is_the_stated_one_else_the_word_of_its_category(
    category: str, stated: str, rate: str
) -> None:
    data = invoice(row(rate=stated).replace("Code>S<", f"Code>{category}<"), vat="0")
    read = cii.facturx(data).lines[0].vat_rate
    assert read is not None
    assert read.value == rate


def test_where_only_the_price_before_discount_stands_its_discount_is_taken_off() -> None:
    cut = (
        "<ram:AppliedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>false"
        "</udt:Indicator></ram:ChargeIndicator><ram:ActualAmount>1.00</ram:ActualAmount>"
        "</ram:AppliedTradeAllowanceCharge>"
    )
    old = row(price="6.00").replace("NetPriceProduct", "GrossPriceProduct")
    data = invoice(old.replace("</ram:ChargeAmount>", f"</ram:ChargeAmount>{cut}"))
    price = cii.facturx(data).lines[0].unit_price_net
    assert price is not None
    assert (price.value, codes(cii.facturx(data))) == (5, set())


def test_sums_that_do_not_hold_are_found() -> None:
    off = {"line-sum-mismatch", "rate-sum-mismatch", "rate-tax-mismatch"}
    assert codes(cii.facturx(invoice(row(), net="600.00"))) == off
    assert codes(cii.facturx(invoice(row(quantity="90")))) == {"line-product-mismatch"}


def test_rows_of_another_rate_than_the_tax_table_has_are_found() -> None:
    both = invoice(row(net="300.00", quantity="60"), row(net="200.00", quantity="40", rate="8"))
    found = [f.facts for f in cii.facturx(both).findings if f.code == "rate-sum-mismatch"]
    assert [dict(facts)["rate"] for facts in found] == ["23", "8"]
    assert dict(found[0]) == {"rate": "23", "lines": "300.00", "stated": "500.00"}
    assert codes(cii.facturx(invoice(row(), vat="100.00"))) == {"rate-tax-mismatch"}


def test_what_is_taken_off_without_its_rate_leaves_the_rates_alone() -> None:
    data = invoice(row(), net="490.00", vat="112.70").decode()
    stated = "<ram:LineTotalAmount>490.00</ram:LineTotalAmount>\n        <ram:TaxBasis"
    assert stated in data
    off = "<ram:AllowanceTotalAmount>10.00</ram:AllowanceTotalAmount>"
    data = data.replace(
        stated, stated.replace("490.00", "500.00").replace("<ram:Tax", f"{off}<ram:Tax")
    )
    assert codes(cii.facturx(data.encode())) == set()


def test_an_invoice_without_rows_or_parties_is_still_read() -> None:
    bare = f"<rsm:CrossIndustryInvoice {_NAMESPACES}/>".encode()
    reading = structured.read_xml(bare)
    assert reading.lines == ()
    assert {"no-lines", "number-missing", "seller-without-number", "total-missing"} <= codes(
        reading
    )


def test_version_one_names_the_same_things_otherwise() -> None:
    renamed = invoice(row()).decode()
    for new, old in (
        ("CrossIndustryInvoice>", "CrossIndustryDocument>"),
        ("rsm:CrossIndustryInvoice ", "rsm:CrossIndustryDocument "),
        ("rsm:ExchangedDocument>", "rsm:HeaderExchangedDocument>"),
        ("rsm:SupplyChainTradeTransaction", "rsm:SpecifiedSupplyChainTradeTransaction"),
        ("ApplicableHeaderTrade", "ApplicableSupplyChainTrade"),
        ("SpecifiedLineTrade", "SpecifiedSupplyChainTrade"),
        ("SettlementLineMonetarySummation", "SettlementMonetarySummation"),
        ("SettlementHeaderMonetarySummation", "SettlementMonetarySummation"),
        ("RateApplicablePercent", "ApplicablePercent"),
    ):
        assert new in renamed
        renamed = renamed.replace(new, old)
    older, newer = structured.read_xml(renamed.encode()), structured.read_xml(invoice(row()))
    assert older.lines == newer.lines
    assert older.total_gross == newer.total_gross
    assert older.seller == newer.seller


def test_too_many_rows_are_refused() -> None:
    short = "<ram:IncludedSupplyChainTradeLineItem/>" * 10_001
    with pytest.raises(Unreadable):
        cii.facturx(invoice(short))


@pytest.mark.parametrize("type_code", ["310", "231", "350", "9999", "380a"])
def test_what_the_standard_does_not_call_an_invoice_is_none(type_code: str) -> None:
    reading = cii.facturx(invoice(row(), type_code=type_code))
    assert reading.kind is DocumentKind.OTHER
    assert "invoice-type-unknown" in codes(reading)
