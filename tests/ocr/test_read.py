from __future__ import annotations

import hashlib
import io
import json
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from fpdf import FPDF
from PIL import Image

import ocr
from benchmarks.hostile import seeds
from benchmarks.hostile.rawpdf import raw_pdf
from ocr.reading import (
    DocumentKind,
    Hints,
    Proof,
    Reading,
    SourceFile,
    TrustLevel,
    Unreadable,
    UnreadableReason,
    Word,
)

INVOICE_NUMBER = "FV/12/11/2026"


def read(*files: bytes) -> ocr.ReadResult:
    return ocr.read([SourceFile(data) for data in files])


def hybrid(xml: str, page: str = seeds.INVOICE) -> bytes:
    """A PDF that shows `page` and carries `xml`."""
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("helvetica", size=11)
    pdf.multi_cell(0, 7, page)
    return with_attachment(bytes(pdf.output()), xml.encode())


def with_attachment(pdf: bytes, xml: bytes) -> bytes:
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    document.new_attachment("factur-x.xml").set_data(xml)
    buffer = io.BytesIO()
    document.save(buffer)
    document.close()
    return buffer.getvalue()


def codes(reading: Reading) -> set[str]:
    return {finding.code for finding in reading.findings}


@lru_cache(maxsize=2)
def grey(image: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(image)).convert("L"))


def ink_in(image: bytes, word: Word) -> float:
    """The darkest pixel inside of a word's box on its page image."""
    pixels = grey(image)
    height, width = pixels.shape
    box = word.box
    part = pixels[
        int(box.y0 * height) : int(box.y1 * height) + 1,
        int(box.x0 * width) : int(box.x1 * width) + 1,
    ]
    return float(part.min(initial=255))


# Routes


def test_a_structured_invoice_is_taken_as_it_is(honest: dict[str, bytes]) -> None:
    result = read(honest["xml"])

    assert result.reading.route == "ksef-xml"
    assert result.reading.invoice_number is not None
    assert result.reading.invoice_number.proof is Proof.STRUCTURED
    assert result.reading.document_sha256 == hashlib.sha256(honest["xml"]).hexdigest()
    assert result.page_images == ()


def test_a_text_pdf_is_read_without_recognition(honest: dict[str, bytes]) -> None:
    result = read(honest["pdf"])

    assert result.reading.kind is DocumentKind.INVOICE
    assert {word.engine for word in result.reading.words} == {"pdf-text"}
    assert result.reading.pages[0].engine == "pdf-text"
    assert result.reading.document_sha256 == hashlib.sha256(honest["pdf"]).hexdigest()


def test_a_scan_in_a_pdf_and_a_photo_of_it_give_the_same(honest: dict[str, bytes]) -> None:
    scan, photo = read(honest["scan.pdf"]).reading, read(honest["jpg"]).reading

    assert scan.total_gross is not None
    assert photo.total_gross is not None
    assert scan.total_gross.value == photo.total_gross.value
    assert scan.pages[0].engine not in ("", "pdf-text", "xml")


def test_a_pdf_locked_only_against_editing_is_read() -> None:
    pdf = FPDF()
    pdf.set_encryption(owner_password="owner")
    pdf.add_page()
    pdf.set_font("helvetica", size=11)
    pdf.multi_cell(0, 7, seeds.INVOICE)

    reading = read(bytes(pdf.output())).reading

    assert reading.invoice_number is not None
    assert reading.invoice_number.value == INVOICE_NUMBER


def test_a_slip_with_a_text_layer_is_read_as_a_slip() -> None:
    plain = seeds.SLIP.translate(str.maketrans("ŻŁżłóÓąęś", "ZLzloOaes"))
    drawn = " ".join(
        f"BT /F 8 Tf 1 0 0 1 20 {300 - 12 * n} Tm ({line}) Tj ET"
        for n, line in enumerate(plain.splitlines())
    )

    reading = read(raw_pdf(content=drawn.encode(), box=(227, 340))).reading

    assert reading.kind is DocumentKind.RECEIPT
    assert reading.route == "pdf-text"
    assert reading.receipt_number is not None
    assert reading.receipt_number.value == "00217"
    assert len(reading.lines) == 2


def test_an_e_invoice_inside_a_pdf_is_read_and_its_page_is_shown() -> None:
    result = read(hybrid(seeds.FA3))

    assert result.reading.route == "ksef-xml"
    assert str(result.reading.total_gross.value) == "246.00"  # type: ignore[union-attr]
    assert len(result.page_images) == 1
    assert result.reading.words


def test_xml_inside_a_pdf_can_be_passed_over() -> None:
    from ocr import route

    result = route.read([SourceFile(hybrid(seeds.FA3))], hints=Hints(), structured=False)

    assert result.reading.route == "pdf-text"
    assert str(result.reading.total_gross.value) == "264.45"  # type: ignore[union-attr]


def test_an_attachment_that_is_no_invoice_does_not_spoil_the_page() -> None:
    for attached in ("<order/>", "<Faktura", "<!DOCTYPE Invoice [<!ENTITY a 'b'>]><Invoice/>"):
        result = read(hybrid(attached))
        assert result.reading.route == "pdf-text"


def test_a_pdf_that_shows_another_total_than_it_carries_is_reported() -> None:
    told = seeds.INVOICE.replace("264,45", "246,00").replace("200,00", "200,00")
    liar = seeds.FA3.replace(">246.00<", ">9246.00<").replace(">200.00<", ">9200.00<")

    assert "print-differs-from-xml" not in codes(read(hybrid(seeds.FA3, told)).reading)
    assert "print-differs-from-xml" in codes(read(hybrid(liar, told)).reading)


def test_the_xml_beside_its_print_out_is_the_document(honest: dict[str, bytes]) -> None:
    for files in ((honest["xml"], honest["pdf"]), (honest["pdf"], honest["xml"])):
        result = read(*files)
        assert result.reading.route == "ksef-xml"
        assert result.reading.document_sha256 == hashlib.sha256(honest["xml"]).hexdigest()
        assert len(result.page_images) == 1


def test_two_different_e_invoices_in_one_document_are_reported(honest: dict[str, bytes]) -> None:
    other = seeds.FA3.replace(INVOICE_NUMBER, "FV/13/11/2026").encode()

    assert "several-invoices" in codes(read(honest["xml"], other).reading)
    assert "several-invoices" not in codes(read(honest["xml"], honest["xml"]).reading)


def test_what_was_refused_beside_a_good_e_invoice_leaves_its_trace(
    honest: dict[str, bytes],
) -> None:
    broken = seeds.FA3.encode()[:-30]
    reading = read(honest["xml"], broken).reading
    assert reading.route == "ksef-xml"
    assert "xml-refused" in codes(reading)


def test_a_print_with_its_xml_reaches_the_second_rung_and_a_changed_one_does_not(
    ksef: Path,
) -> None:
    pair = json.loads((ksef / "pdf" / "truth.json").read_text("utf-8"))[0]
    pdf, xml = (ksef / pair["pdf"]).read_bytes(), (ksef / pair["xml"]).read_bytes()

    assert read(pdf).reading.trust is TrustLevel.NUMBER
    assert read(pdf, xml).reading.trust is TrustLevel.XML_MATCHES_CODE
    assert read(pdf, xml.replace(b"2051", b"9051")).reading.trust < TrustLevel.XML_MATCHES_CODE


# Pages


def test_files_of_one_document_are_its_pages_in_order() -> None:
    first, second = seeds.text_pdf(seeds.INVOICE), seeds.text_pdf("Strona druga " * 12)

    result = read(first, second)

    assert [page.number for page in result.reading.pages] == [1, 2]
    assert len(result.page_images) == 2
    assert {word.box.page for word in result.reading.words if word.text == "druga"} == {2}
    digests = hashlib.sha256(first).digest() + hashlib.sha256(second).digest()
    assert result.reading.document_sha256 == hashlib.sha256(digests).hexdigest()


def test_pictures_and_pdf_pages_can_be_one_document(honest: dict[str, bytes]) -> None:
    result = read(honest["png"], honest["scan.pdf"])

    assert len(result.page_images) == len(result.reading.pages) == 2
    assert {word.box.page for word in result.reading.words} == {1, 2}


def test_more_pages_than_the_limit_are_refused_together() -> None:
    eleven = seeds.text_pdf(pages=11)
    assert len(ocr.read([SourceFile(eleven)]).page_images) == 11

    with pytest.raises(Unreadable) as caught:
        read(eleven, eleven)
    assert caught.value.reason is UnreadableReason.TOO_MANY_PAGES


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", ["", "/CropBox[20 30 580 790]"])
def test_boxes_lie_on_the_ink_of_the_shown_page(turn: int, crop: str) -> None:
    lines = seeds.INVOICE.splitlines()
    # Text written sideways and a page turned back: upright for whoever looks at it.
    matrix = {0: "1 0 0 1 {a} {b}", 90: "0 1 -1 0 {c} {a}", 180: "-1 0 0 -1 {d} {c}"}
    matrix[270] = "0 -1 1 0 {e} {f}"
    drawn = ""
    for n, line in enumerate(lines):
        place = {"a": 60, "b": 700 - 22 * n, "c": 120 + 22 * n, "d": 540}
        place |= {"e": 500 - 22 * n, "f": 740}
        drawn += f"BT /F 10 Tf {matrix[turn].format(**place)} Tm ({line}) Tj ET "
    pdf = raw_pdf(content=drawn.encode(), page_extra=f"/Rotate {turn}{crop}")

    result = read(pdf)

    assert len(result.reading.words) > 50
    assert "FV/12/11/2026" in {word.text for word in result.reading.words}
    dark = [ink_in(result.page_images[0], word) < 128 for word in result.reading.words]
    assert all(dark)
    shown = Image.open(io.BytesIO(result.page_images[0]))
    assert (shown.width > shown.height) == (turn in (90, 270))


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_whose_text_stands_sideways_is_shown_upright(turn: int) -> None:
    drawn = " ".join(
        f"BT /F 11 Tf 1 0 0 1 60 {740 - 22 * n} Tm ({line}) Tj ET"
        for n, line in enumerate(seeds.INVOICE.splitlines())
    )

    result = read(raw_pdf(content=drawn.encode(), page_extra=f"/Rotate {turn}"))

    page, shown = result.reading.pages[0], Image.open(io.BytesIO(result.page_images[0]))
    assert INVOICE_NUMBER in {word.text for word in result.reading.words}
    assert page.turned == 360 - turn
    assert (page.width_px, page.height_px) == shown.size
    assert all(ink_in(result.page_images[0], word) < 128 for word in result.reading.words)


def test_boxes_of_a_photo_lie_on_the_ink_of_the_page_that_was_set_upright(
    honest: dict[str, bytes],
) -> None:
    picture = seeds.picture().rotate(3, expand=True, fillcolor="white")

    result = read(seeds.encoded(picture, "PNG"))

    dark = [ink_in(result.page_images[0], word) < 160 for word in result.reading.words]
    assert len(dark) > 20
    assert sum(dark) >= 0.95 * len(dark)


def test_page_images_are_small_and_carry_no_trace_of_the_camera() -> None:
    exif = Image.Exif()
    exif[0x0110] = "Camera of Jan"
    exif.get_ifd(0x8825)[1] = "N"
    picture = seeds.picture().resize((2_400, 2_100))
    photo = seeds.encoded(picture, "JPEG", exif=exif.tobytes(), comment=b"secret place")
    assert b"Camera of Jan" in photo

    (image,) = read(photo).page_images

    shown = Image.open(io.BytesIO(image))
    assert max(shown.size) <= 2_000
    assert dict(shown.getexif()) == {}
    assert b"Camera" not in image
    assert b"secret place" not in image


def test_an_empty_page_ends_in_a_reading_without_values() -> None:
    white = seeds.encoded(Image.new("RGB", (400, 500), "white"), "PNG")

    for data in (white, raw_pdf()):
        reading = read(data).reading
        assert reading.total_gross is None
        assert reading.lines == ()


def test_reading_says_how_long_it_took(honest: dict[str, bytes]) -> None:
    assert read(honest["pdf"]).reading.seconds > 0


# The promise to whoever keeps layouts


def test_the_layout_of_a_seller_comes_back_with_a_proven_document(
    honest: dict[str, bytes],
) -> None:
    layout = read(honest["pdf"]).layout

    assert layout is None or layout.seller_vat_id == "1234563218"


@pytest.mark.parametrize("name", ["fakturaxl_a4", "witkac_2_15"])
def test_a_real_text_invoice_is_read_from_front_to_back(name: str, documents: Path) -> None:
    truth = json.loads((documents / "polish_invoices" / "truth" / f"{name}.json").read_text())
    file = documents / "polish_invoices" / truth["file"]

    reading = ocr.read([SourceFile(file.read_bytes())]).reading

    assert reading.invoice_number is not None
    assert reading.invoice_number.value == truth["invoice_number"]
    assert reading.total_gross is not None
    assert f"{reading.total_gross.value:.2f}" == truth["total_gross"]
