"""KSeF invoices of every type: exact, tolerant, with findings instead of gates."""

import hashlib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from ocr import ksef, limits, structured
from ocr.reading import DocumentKind, Proof, Reading, Severity, Unreadable, UnreadableReason
from tests.ocr import fa


def codes(reading: Reading) -> dict[str, Severity]:
    return {finding.code: finding.severity for finding in reading.findings}


def test_without_schema_files_the_finding_says_so(tmp_path: Path) -> None:
    reading = structured.read_xml(fa.invoice(fa.goods()))
    assert codes(reading)["schema-not-checked"] is Severity.INFO
    (tmp_path / "broken.xsd").write_text(f'<schema targetNamespace="{fa.FA3}">')
    reading = structured.read_xml(fa.invoice(fa.goods()), schema_folder=tmp_path)
    assert "schema-not-checked" in codes(reading)


def test_a_plain_invoice_has_its_header_rows_and_no_complaint() -> None:
    row = fa.goods(Indeks="100-7", GTIN="5901234123457", UU_ID="u1", P_6A="2026-05-03")
    reading = ksef.read_fa(fa.invoice(row, sold=[("P_6", "2026-05-03")]))
    assert reading.kind is DocumentKind.INVOICE
    assert reading.sale_date is not None
    assert reading.sale_date.value == date(2026, 5, 3)
    assert reading.buyer.customer_number is not None
    assert reading.buyer.customer_number.value == "K-77"
    (line,) = reading.lines
    assert line.quantity is not None
    assert (line.quantity.value, line.quantity.proof) == (10, Proof.STRUCTURED)
    assert line.gtin is not None
    assert (line.gtin.value, line.row_id, line.printed_number) == ("5901234123457", "u1", "1")
    assert [t.vat_rate for t in reading.rate_totals] == ["23"]
    assert reading.total_net is not None
    assert reading.total_net.value == 50
    assert reading.total_vat is not None
    assert reading.total_vat.value == Decimal("11.50")
    assert codes(reading) == {}


@pytest.mark.parametrize("prefix", ["", "tns", "ns0"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", ""])
@pytest.mark.parametrize("form", [2, 3])
def test_prefixes_line_ends_and_forms_make_no_difference(
    prefix: str, newline: str, form: int
) -> None:
    data = fa.invoice(fa.goods(), fa.goods(), prefix=prefix, newline=newline, form=form)
    reading = ksef.read_fa(data)
    plain = ksef.read_fa(fa.invoice(fa.goods(), fa.goods(), form=form))
    assert reading.lines == plain.lines
    assert reading.engine == f"FA ({form})"
    assert reading.document_sha256 == hashlib.sha256(data).hexdigest()


def test_elements_of_another_namespace_are_not_ours() -> None:
    data = fa.invoice(fa.goods()).replace(
        b"<P_2>", b'<x:P_2 xmlns:x="http://example.com/">FALSE</x:P_2><P_2>'
    )
    reading = ksef.read_fa(data)
    assert reading.invoice_number is not None
    assert reading.invoice_number.value == "FV/2/2026"


def test_a_form_of_the_future_is_read_and_reported() -> None:
    data = fa.invoice(fa.goods()).replace(b"2025/06/25/13775", b"2029/01/01/99999")
    reading = ksef.read_fa(data)
    assert len(reading.lines) == 1
    assert "form-unknown" in codes(reading)


def test_blanks_around_amounts_are_trimmed_and_other_writings_are_reported() -> None:
    reading = ksef.read_fa(fa.invoice(fa.goods(" 10.000 ", "\n5.00\t", "1 234,50")))
    (line,) = reading.lines
    assert line.quantity is not None
    assert line.quantity.value == 10
    assert line.unit_price_net is not None
    assert line.unit_price_net.value == 5
    assert line.line_net is None
    assert codes(reading)["value-malformed"] is Severity.ERROR


@pytest.mark.parametrize("missing", ["P_8B", "P_9A", "P_11", "P_12", "P_7", "P_8A", "NrWierszaFa"])
def test_any_field_of_a_row_may_be_missing(missing: str) -> None:
    name, fields = fa.goods()
    row = (name, [(key, value) for key, value in fields if key != missing])
    reading = ksef.read_fa(fa.invoice(row, fa.goods()))
    assert [line.position for line in reading.lines] == [1, 2]
    assert ("line-without-quantity" in codes(reading)) is (missing == "P_8B")
    assert ("line-without-value" in codes(reading)) is (missing == "P_11")


def test_a_document_without_anything_is_still_a_reading() -> None:
    reading = ksef.read_fa(f'<Faktura xmlns="{fa.FA3}"/>'.encode())
    assert reading.kind is DocumentKind.OTHER
    assert reading.lines == ()
    assert {"seller-without-number", "total-missing", "invoice-type-unknown"} <= set(codes(reading))


def test_gross_priced_rows_are_kept_gross() -> None:
    row = fa.row(P_7="Puszka", P_8A="szt", P_8B="2", P_9B="12.30", P_11A="24.60", P_12="23")
    reading = ksef.read_fa(
        fa.invoice(row, sums=[("P_13_1", "20.00"), ("P_14_1", "4.60")], due="24.60")
    )
    (line,) = reading.lines
    assert line.line_net is None
    assert line.line_gross is not None
    assert line.line_gross.value == Decimal("24.60")
    assert codes(reading) == {}


@pytest.mark.parametrize(
    ("discount", "value", "odd"),
    [("100", "18000.00", False), ("2000", "18000.00", False), ("100", "17000.00", True)],
)
def test_a_discount_may_be_per_unit_or_of_the_line(discount: str, value: str, odd: bool) -> None:
    row = fa.goods("20", "1000", value, P_10=discount)
    reading = ksef.read_fa(fa.invoice(row, sums=[("P_13_1", value)], due=value))
    assert reading.lines[0].line_net is not None
    assert reading.lines[0].line_net.value == Decimal(value)
    assert ("line-product-mismatch" in codes(reading)) is odd


def test_an_advance_shows_its_order_and_waits_for_the_final_invoice() -> None:
    order = fa.order_row(
        NrWierszaZam="1", P_7Z="Kocioł", GTINZ="5901234123457", IndeksZ="K1", P_8AZ="szt.",
        P_8BZ="2", P_9AZ="5000", P_11NettoZ="10000", P_11VatZ="2300", P_12Z="23",
    )  # fmt: skip
    data = fa.invoice(
        kind="ZAL",
        sums=[("P_13_1", "1000"), ("P_14_1", "230")],
        due="1230",
        after=[("Zamowienie", [("WartoscZamowienia", "12300"), order])],
    )
    reading = ksef.read_fa(data)
    assert reading.kind is DocumentKind.ADVANCE_INVOICE
    (line,) = reading.lines
    assert line.quantity is not None
    assert line.line_net is not None
    assert line.line_vat is not None
    assert (line.quantity.value, line.line_net.value, line.line_vat.value) == (2, 10000, 2300)
    assert "waiting-for-final-invoice" in codes(reading)


def test_a_final_invoice_credits_full_rows_although_only_the_rest_is_due() -> None:
    notes = [
        (
            "FakturaZaliczkowa",
            [("NrKSeFFaZaliczkowej", "5265877635-20250826-0100001AF629-AF")],
        ),
        ("FakturaZaliczkowa", [("NrKSeFZN", "1"), ("NrFaZaliczkowej", "ZAL/1")]),
    ]
    data = fa.invoice(
        fa.goods("10", "100.00", "1000.00"),
        kind="ROZ",
        sums=[("P_13_1", "400"), ("P_14_1", "92")],
        due="492",
        notes=notes,
    )
    reading = ksef.read_fa(data)
    assert reading.kind is DocumentKind.INVOICE
    assert reading.lines[0].quantity is not None
    assert reading.lines[0].quantity.value == 10
    assert [(r.kind, r.value) for r in reading.references] == [
        ("advance_ksef", "5265877635-20250826-0100001AF629-AF"),
        ("advance_invoice", "ZAL/1"),
    ]
    assert "rate-sum-mismatch" not in codes(reading)


def test_a_simplified_invoice_may_lack_quantity_and_price() -> None:
    reading = ksef.read_fa(fa.invoice(fa.row(P_7="Towary"), kind="UPR", sums=[], due="450"))
    assert reading.kind is DocumentKind.INVOICE
    assert "simplified-invoice" in codes(reading)


@pytest.mark.parametrize("kind", ["", "XYZ"])
def test_an_unknown_type_is_no_proof_of_purchase(kind: str) -> None:
    reading = ksef.read_fa(fa.invoice(fa.goods(), kind=kind))
    assert reading.kind is DocumentKind.OTHER
    assert codes(reading)["invoice-type-unknown"] is Severity.ERROR


def test_ten_thousand_rows_are_read_and_one_more_is_refused() -> None:
    data = fa.invoice(*[fa.row(P_8B="1")] * limits.XML_LINES, sums=[])
    assert len(ksef.read_fa(data).lines) == 10_000
    with pytest.raises(Unreadable) as refused:
        ksef.read_fa(fa.invoice(*[fa.row(P_8B="1")] * (limits.XML_LINES + 1)))
    assert refused.value.reason is UnreadableReason.TOO_COMPLEX


def test_a_farmers_invoice_goes_to_a_person() -> None:
    data = fa.invoice(fa.goods()).replace(
        b"<KodFormularza>FA", b'<KodFormularza kodSystemowy="FA_RR (1)">FA_RR'
    )
    reading = structured.read_xml(data)
    assert reading.kind is DocumentKind.OTHER
    assert set(codes(reading)) == {"form-unsupported"}


def test_of_two_values_in_one_place_none_is_taken() -> None:
    data = fa.invoice(fa.goods())
    reading = ksef.read_fa(data.replace(b"<P_2>", b"<P_2>FV/9</P_2><P_2>"))
    assert reading.invoice_number is None
    assert codes(reading)["value-malformed"] is Severity.ERROR
    reading = ksef.read_fa(data.replace(b"<P_8B>", b"<P_8B>100</P_8B><P_8B>"))
    assert reading.lines[0].quantity is None
    assert codes(reading)["value-malformed"] is Severity.ERROR
    reading = ksef.read_fa(data.replace(b"<P_15>", b"<P_15>99.00</P_15><P_15>"))
    assert reading.total_gross is None
    twice = ksef.read_fa(data.replace(b"<P_8B>", b"<P_8B>10</P_8B><P_8B>"))
    assert twice.lines == ksef.read_fa(data).lines


def test_two_bodies_in_one_file_are_told() -> None:
    body = fa.invoice(fa.goods()).split(b"<Fa>")[1].split(b"</Fa>")[0]
    data = fa.invoice(fa.goods()).replace(b"</Fa>", b"</Fa><Fa>" + body + b"</Fa>")
    assert "several-invoices" in codes(ksef.read_fa(data))


def test_an_invoice_without_a_number_says_so() -> None:
    data = fa.invoice(fa.goods()).replace(b"<P_2>FV/2/2026</P_2>", b"")
    assert codes(ksef.read_fa(data))["number-missing"] is Severity.ERROR
