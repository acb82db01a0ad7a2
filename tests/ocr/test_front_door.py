"""What the front door passes on: schema files, the number on a print beside its XML."""

from __future__ import annotations

from pathlib import Path

from fpdf import FPDF

import ocr
from ocr import sandbox
from ocr.reading import Reading, SourceFile
from tests.ocr import fa

NUMBER = "5265877635-20260505-0100001AF629-"
SCHEMA = f"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"
 targetNamespace="{fa.FA3}"><xs:element name="%s"/></xs:schema>"""


def numbered() -> str:
    """A KSeF number of the seller with a right checksum."""
    from ocr import ksef_number

    return f"{NUMBER}{ksef_number.crc8(NUMBER[:-1]):02X}"


def print_of(*lines: str) -> bytes:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("helvetica", size=11)
    pdf.multi_cell(0, 7, "\n".join(("Faktura FV/2/2026", "NIP 526-587-76-35", *lines)))
    return bytes(pdf.output())


def read(*files: bytes) -> Reading:
    return ocr.read([SourceFile(data) for data in files]).reading


def codes(reading: Reading) -> set[str]:
    return {finding.code for finding in reading.findings}


def test_schema_files_are_used_in_the_limited_process_too(tmp_path: Path) -> None:
    source = [SourceFile(fa.invoice(fa.goods()))]
    for name, verdict in (("Faktura", "schema-valid"), ("Rachunek", "schema-invalid")):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "form.xsd").write_text(SCHEMA % name)
        assert verdict in codes(ocr.read(source, schema_folder=folder).reading)
        assert verdict in codes(sandbox.read_limited(source, schema_folder=folder).reading)


def test_a_folder_that_is_not_there_leaves_the_schema_unchecked(tmp_path: Path) -> None:
    source = [SourceFile(fa.invoice(fa.goods()))]
    reading = sandbox.read_limited(source, schema_folder=tmp_path / "gone").reading
    assert "schema-not-checked" in codes(reading)


def test_the_xml_takes_its_number_from_the_print_beside_it() -> None:
    reading = read(fa.invoice(fa.goods()), print_of("Numer KSeF", numbered()))
    assert reading.ksef_number is not None
    assert reading.ksef_number.value == numbered()
    assert "ksef-number" in reading.trust_evidence


def test_the_number_of_the_corrected_invoice_is_not_the_corrections_own() -> None:
    original = fa.original(ksef=numbered())
    data = fa.invoice(fa.goods("-1", "5.00", "-5.00"), kind="KOR", notes=[original])
    assert read(data, print_of("Numer KSeF faktury korygowanej", numbered())).ksef_number is None
