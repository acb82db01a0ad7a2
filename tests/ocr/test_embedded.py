"""The e-invoice inside a hybrid PDF."""

import json
from pathlib import Path

import pytest
from fpdf import FPDF

from ocr import embedded, route, structured
from ocr.reading import Hints, SourceFile
from tests.ocr import fa
from tests.ocr.test_cii import invoice, row


def hybrid(**attachments: bytes) -> bytes:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("helvetica", size=12)
    pdf.cell(text="Faktura")
    for name, data in attachments.items():
        pdf.embed_file(basename=name.replace("_", "."), bytes=data, mime_type="text/xml")
    return bytes(pdf.output())


def test_the_attached_xml_is_found_byte_for_byte() -> None:
    data = invoice(row())
    assert embedded.find_xml(hybrid(invoice_xml=data)) == data


def test_a_pdf_without_an_invoice_inside_gives_nothing() -> None:
    assert embedded.find_xml(hybrid()) is None
    assert embedded.find_xml(hybrid(notes_txt=b"<notes/>", plain_txt=b"Faktura")) is None
    assert embedded.find_xml(hybrid(drawing_xml=b"<svg/>")) is None


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 rubbish", b"no pdf"])
def test_a_damaged_pdf_gives_nothing(data: bytes) -> None:
    assert embedded.find_xml(data) is None


def test_among_several_the_standards_name_wins_and_a_ksef_invoice_before_all() -> None:
    first, second = invoice(row(name="A")), invoice(row(name="B"))
    files = {"zugferd-invoice_xml": first, "factur-x_xml": second}
    assert embedded.find_xml(hybrid(**files)) == second
    polish = fa.invoice(fa.goods())
    assert embedded.find_xml(hybrid(**files, faktura_xml=polish)) == polish


@pytest.mark.parametrize(
    "name_and_data",
    [
        ("faktura", fa.invoice(fa.goods())),
        ("KSEF_XML", fa.invoice(fa.goods())),
        ("ksef_xml", fa.invoice(fa.goods(), declaration="").decode().encode("utf-16")),
        ("ksef_xml", fa.invoice(fa.goods(), declaration="<!--" + "x" * 50_000 + "-->")),
        ("ksef_xml", fa.invoice(fa.goods(), declaration="<!DOCTYPE F [<!ENTITY a '>'>]>")),
        ("upo_xml", b"<?xml version='1.0'?>\n<u:Potwierdzenie xmlns:u='x'/>"),
    ],
    ids=range(6),
)
def test_the_root_tells_an_invoice_whatever_name_and_writing(
    name_and_data: tuple[str, bytes],
) -> None:
    name, data = name_and_data
    assert embedded.find_all(hybrid(**{name: data})) == (data,)


@pytest.mark.parametrize(
    "data",
    [b"", b"<", b"<!-- <Faktura>", b"<?xml <Faktura>", b"<!DOCTYPE a [<Faktura>", b"Faktura"],
)
def test_what_has_no_root_has_no_name(data: bytes) -> None:
    assert embedded.root_name(data) == ""


def findings(pdf: bytes) -> tuple[str, set[str]]:
    reading = route.read([SourceFile(pdf, "x.pdf")], hints=Hints()).reading
    return reading.route, {finding.code for finding in reading.findings}


def test_several_invoices_in_one_pdf_are_told_and_two_forms_of_one_are_not() -> None:
    first = fa.invoice(fa.goods())
    other = fa.invoice(fa.goods(), number="FV/3/2026")
    cross = invoice(row())
    same = invoice(row(), net="50.00", vat="11.50").replace(b"RE/7", b"FV/2/2026")
    same = same.replace(b"20260715", b"20260505")
    for one, two, several in (
        (first, other, True),
        (first, cross, True),
        (cross, cross.replace(b"RE/7", b"RE/8"), True),
        (first, fa.invoice(fa.goods("20", "2.50")), True),  # the same number, other goods
        (first, same, False),
        (first, first.replace(b"\n", b"\r\n"), False),
    ):
        _, told = findings(hybrid(one_xml=one, two_xml=two))
        assert ("several-invoices" in told) is several


def test_a_broken_attachment_does_not_hide_a_sound_one_and_leaves_its_trace() -> None:
    broken = b'<rsm:CrossIndustryInvoice xmlns:rsm="urn:x">'
    named, told = findings(hybrid(**{"factur-x_xml": broken, "other_xml": invoice(row())}))
    assert (named, "xml-refused" in told) == ("facturx", True)
    forbidden = fa.invoice(fa.goods(), declaration="<!DOCTYPE Faktura>")
    named, told = findings(hybrid(ksef_xml=forbidden))
    assert named not in ("ksef-xml", "facturx")
    assert "xml-refused" in told
    assert "xml-refused" not in findings(hybrid(letter_xml=b"<Invoice xmlns='urn:other'/>"))[1]


def test_an_attachment_past_the_limit_is_left_alone() -> None:
    assert embedded.find_xml(hybrid(invoice_xml=invoice(row()) + b" " * 3_000_000)) is None


def test_the_reference_hybrids_give_exactly_their_rows(documents: Path) -> None:
    """29 files: every header field, and every row where the truth's rows count."""
    compared = 0
    for file in sorted((documents / "zugferd" / "truth").glob("*.json")):
        truth = json.loads(file.read_text())
        xml = embedded.find_xml((documents / "zugferd" / truth["file"]).read_bytes())
        assert xml is not None, truth["doc_id"]
        reading = structured.read_xml(xml)
        for name in ("total_net", "total_vat", "total_gross"):
            value = getattr(reading, name)
            assert f"{value.value:.2f}" == truth[name], (truth["doc_id"], name)
        assert reading.invoice_number is not None
        assert reading.issue_date is not None
        assert reading.invoice_number.value == truth["invoice_number"]
        assert reading.issue_date.value.isoformat() == truth["issue_date"]
        if not truth["lines_scored"]:
            continue
        seen = [
            (
                line.description and line.description.value,
                line.quantity and float(line.quantity.value),
                line.line_net and float(line.line_net.value),
            )
            for line in reading.lines
        ]
        expected = [
            (line["description"], float(line["quantity"]), float(line["line_net"]))
            for line in truth["lines"]
        ]
        assert [row[1:] for row in seen] == [row[1:] for row in expected], truth["doc_id"]
        assert all(
            str(true[0]).startswith(str(row[0])) or str(row[0]).startswith(str(true[0]))
            for row, true in zip(seen, expected, strict=True)
        ), truth["doc_id"]
        compared += len(expected)
    assert compared == 51
