"""Codes in pictures: found, placed, understood, and never invented."""

import io
import json
from datetime import date
from pathlib import Path

import cv2
import numpy as np
import pytest
import segno
import zxingcpp
from PIL import Image, ImageDraw

from ocr import code_kinds, code_places, codes, kod

LINK = kod.kod1_link(seller_nip="1234563218", issued_on=date(2026, 7, 15), document=b"x")


def qr(text: str, *, scale: int = 4) -> np.ndarray:
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="png", scale=scale, border=4)
    return np.asarray(Image.open(out).convert("L"))


def page(*placed: tuple[np.ndarray, int, int]) -> np.ndarray:
    """A printed page with pictures at (x, y)."""
    sheet = Image.new("L", (1240, 1754), 250)
    draw = ImageDraw.Draw(sheet)
    for line in range(60, 1000, 28):
        draw.text((80, line), "Przewód YDYp 3x1,5 450/750V 100 m 5,00 500,00 23%", fill=30)
    for image, x, y in placed:
        sheet.paste(Image.fromarray(image), (x, y))
    return np.asarray(sheet)


def photographed(image: np.ndarray, *, degrees: float, blur: float, noise: float) -> np.ndarray:
    height, width = image.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 0.72)
    turned = cv2.warpAffine(image, matrix, (width, height), borderValue=90)
    shade = np.linspace(0.6, 1.0, width)[None, :]
    soft = cv2.GaussianBlur(turned * shade, (0, 0), blur)
    rough = soft + np.random.default_rng(7).normal(0, noise, soft.shape)
    return np.clip(rough, 0, 255).astype(np.uint8)


def test_a_code_is_found_where_it_stands() -> None:
    found = codes.find_codes(page((qr(LINK), 700, 1200)), 3)
    assert [(c.text, c.format, c.kind) for c in found] == [(LINK, "QRCode", "ksef_kod1")]
    box = found[0].box
    assert box is not None
    assert box.page == 3
    size = qr(LINK).shape[0]
    assert box.x0 == pytest.approx((700 + 16) / 1240, abs=0.01)
    assert box.y1 == pytest.approx((1200 + size - 16) / 1754, abs=0.01)


def test_colour_and_grey_give_the_same() -> None:
    grey = page((qr(LINK), 700, 1200))
    colour = np.stack([grey] * 3, axis=2)
    assert [c.text for c in codes.find_codes(colour, 1)] == [LINK]
    assert [c.text for c in codes.find_codes(grey[:, :, None], 1)] == [LINK]


def test_a_blurred_and_turned_code_is_found_only_by_trying_again() -> None:
    picture = photographed(page((qr(LINK, scale=4), 650, 1150)), degrees=24, blur=1.5, noise=5)
    assert codes.find_codes(picture, 1, persist=False) == ()
    found = codes.find_codes(picture, 1)
    assert [c.text for c in found] == [LINK]
    # The box is mapped back to the untouched picture: its middle is that of the turned code.
    middle = np.array([650 + qr(LINK).shape[0] / 2, 1150 + qr(LINK).shape[0] / 2, 1.0])
    x, y = cv2.getRotationMatrix2D((620, 877), 24, 0.72) @ middle
    box = found[0].box
    assert box is not None
    assert (box.x0 + box.x1) / 2 == pytest.approx(x / 1240, abs=0.01)
    assert (box.y0 + box.y1) / 2 == pytest.approx(y / 1754, abs=0.01)


def test_bars_on_their_side_are_found_on_a_level_scan_and_print_is_no_such_bars() -> None:
    text = "5901234123457"
    bars = np.asarray(zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.EAN13).to_image(scale=3))
    scan = page((np.ascontiguousarray(np.rot90(bars)), 700, 1100)).copy()
    cv2.line(scan, (80, 1050), (1160, 1050), 0, 3)
    assert [code.text for code in codes.find_codes(scan, 1, level=True)] == [text]
    assert code_places.stripes_lie(scan)
    scan[1100:, 700:] = 250
    assert not code_places.stripes_lie(scan)


def test_several_codes_come_in_reading_order_and_each_once() -> None:
    payment = "|PL|61109010140000071219812874|012345|Hurtownia|||"
    sheet = page((qr(payment), 100, 1250), (qr(LINK), 700, 1250), (qr(LINK), 700, 100))
    kinds = [c.kind for c in codes.find_codes(sheet, 1)]
    assert kinds == ["ksef_kod1", "payment"]


def test_a_hatched_square_is_not_searched_like_a_code() -> None:
    sheet = np.full((900, 900), 235, np.uint8)
    sheet[500:700:14, 500:700] = sheet[501:700:14, 500:700] = 30
    sheet[500:700, 500:700:14] = sheet[500:700, 501:700:14] = 30
    assert code_places.likely_places(sheet) == ()
    code = qr(LINK)
    sheet[100 : 100 + code.shape[0], 100 : 100 + code.shape[1]] = code
    (place,) = code_places.likely_places(sheet)
    assert place.holds(100 + code.shape[1] / 2, 100 + code.shape[0] / 2)


def test_a_page_of_print_holds_no_codes() -> None:
    assert codes.find_codes(page(), 1) == ()
    noise = np.random.default_rng(3).integers(0, 255, (800, 600), dtype=np.uint8)
    assert codes.find_codes(noise, 1) == ()
    assert codes.find_codes(np.zeros((40, 40), np.uint8), 1) == ()


@pytest.mark.parametrize(
    ("symbology", "text", "name", "kind"),
    [
        (zxingcpp.BarcodeFormat.EAN13, "5901234123457", "EAN13", "gtin"),
        (zxingcpp.BarcodeFormat.EAN8, "20807474", "EAN8", "gtin"),
        (zxingcpp.BarcodeFormat.ITF, "15901234123454", "ITF14", "gtin"),
        (
            zxingcpp.BarcodeFormat.Code128,
            "5265877635-20250826-0100001AF629-AF",
            "Code128",
            "ksef_number",
        ),
        (zxingcpp.BarcodeFormat.DataMatrix, "K7M2-9QXT-4HZB-P", "DataMatrix", "product_code"),
    ],
)
def test_bar_codes_are_read_and_understood(
    symbology: object, text: str, name: str, kind: str
) -> None:
    bars = np.asarray(zxingcpp.create_barcode(text, symbology).to_image(scale=3))
    found = codes.find_codes(page((np.pad(bars, 30, constant_values=255), 80, 1200)), 1)
    assert [(c.text, c.format, c.kind) for c in found] == [(text, name, kind)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (LINK, "ksef_kod1"),
        (LINK.replace("qr.ksef", "qr-demo.ksef"), "ksef_kod1"),
        (LINK.replace("gov.pl", "gov.pl.example.com"), "other"),
        (LINK[:-1], "other"),
        ("https://ksef.mf.gov.pl/web/verify?nr=5265877635-20250826-0100001AF629-AF", "ksef_link"),
        ("5265877635|PL|61109010140000071219812874|012345|Nazwa|tytul|||", "payment"),
        ("BCD\n002\n1\nSCT\n\nHurtownia\nPL61109010140000071219812874", "payment"),
        ("https://programme.example/k/K7M2-9QXT-4HZB-P", "product_code"),
        ("https://programme.example/scan?code=K7M29QXT4HZBP", "product_code"),
        ("https://programme.example/k/K7M2-9QXT-4HZB", "other"),
        ("https://id.gs1.org/01/05901234123457/21/X1", "gtin"),
        ("(01)05901234123457(21)X1", "gtin"),
        ("05901234123457", "gtin"),
        ("1234567890123", "other"),
        ("https://sklep.example/promocja", "other"),
        ("tel:+48221234567", "other"),
        ("http://[broken", "other"),
        ("", "other"),
    ],
)
def test_the_text_of_a_code_says_what_it_is(text: str, kind: str) -> None:
    assert code_kinds.kind_of(text, "QRCode") == kind


def test_the_gtin_is_taken_out_of_every_writing() -> None:
    for text in (
        "5901234123457",
        "(01)05901234123457(21)X1",
        "https://id.gs1.org/01/05901234123457",
    ):
        found = code_kinds.gtin_in(text)
        assert found is not None
        assert found.endswith("5901234123457")
    assert code_kinds.gtin_in("5901234123458") is None


def test_the_codes_of_the_reference_prints_are_found(ksef: Path) -> None:
    import pypdfium2 as pdfium

    truth = json.loads((ksef / "pdf" / "truth.json").read_text())
    for entry in truth:
        with pdfium.PdfDocument(ksef / entry["pdf"]) as document:
            texts = {
                code.text
                for number in range(len(document))
                for code in codes.find_codes(
                    np.asarray(document[number].render(scale=2).to_pil().convert("RGB")),
                    number + 1,
                    persist=False,
                )
            }
        assert entry["kod1_url"] in texts, entry["pdf"]
        assert entry["kod2_url"] is None or entry["kod2_url"] in texts
