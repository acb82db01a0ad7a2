"""Photographs and scans: repeatable, plausible, and readable when taken with care."""

import io
from random import Random

import numpy as np
import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from demo.documents import scenario
from demo.documents.camera import photograph, scan_pages, take_photo
from demo.documents.camera.ink import annotate
from demo.documents.invoices import render_invoice_pdf
from demo.documents.ksef.code import verification_link
from demo.documents.receipts import render_receipt


@pytest.fixture(scope="module")
def purchase():
    rng = Random(5)
    return scenario.send(rng, scenario.invoice(rng, lines=4, seller=scenario.NET_SELLERS[0]))


@pytest.fixture(scope="module")
def invoice(purchase):
    return render_invoice_pdf(purchase, layout="ramka")


@pytest.fixture(scope="module")
def slip():
    return render_receipt(scenario.receipt(Random(5), shop=0, lines=4))


def test_the_same_seed_takes_the_same_picture_and_another_seed_another(slip):
    first = photograph(slip, seed=1, strength=0.6)
    assert first == photograph(slip, seed=1, strength=0.6)
    assert first != photograph(slip, seed=2, strength=0.6)
    assert first != photograph(slip, seed=1, strength=0.5)


def test_a_photograph_is_a_plain_jpeg_of_a_phones_shape(invoice):
    picture = Image.open(io.BytesIO(photograph(invoice, seed=3)))
    assert picture.format == "JPEG"
    assert picture.size == (2250, 3000)
    assert not picture.getexif()


@pytest.mark.parametrize("strength", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("seed", range(3))
def test_the_whole_paper_is_in_the_picture_and_brighter_than_nothing(invoice, seed, strength):
    photo = take_photo(invoice, seed=seed, strength=strength)
    assert all(-0.02 <= x <= 1.02 and -0.02 <= y <= 1.02 for x, y in photo.corners)
    (x0, y0), (x1, _), (_, y2), _ = photo.corners
    assert x1 - x0 > 0.4
    assert y2 - y0 > 0.4
    pixels = np.asarray(Image.open(io.BytesIO(photo.jpeg)).convert("L"))
    assert pixels[1500, 1125 - 40 : 1125 + 40].max() > 90


def test_the_corners_tell_where_the_paper_lies(invoice):
    photo = take_photo(invoice, seed=1, strength=0.0)
    picture = np.asarray(Image.open(io.BytesIO(photo.jpeg)).convert("L")).astype(int)
    height, width = picture.shape
    x, y = photo.corners[0]
    inside = picture[int(y * height) + 40, int(x * width) + 40]
    outside = picture[max(int(y * height) - 30, 0), max(int(x * width) - 30, 0)]
    assert inside > outside


def test_a_careful_photograph_keeps_the_code_readable(purchase, invoice):
    picture = Image.open(io.BytesIO(photograph(invoice, seed=4, strength=0.1)))
    assert verification_link(purchase) in [c.text for c in zxingcpp.read_barcodes(picture)]


def test_a_harder_picture_is_noisier(slip):
    def grain(strength):
        picture = Image.open(io.BytesIO(photograph(slip, seed=6, strength=strength)))
        pixels = np.asarray(picture.convert("L")).astype(float)
        patch = pixels[:120, :120]
        return float((patch[1:] - patch[:-1]).std())

    assert grain(1.0) > grain(0.0)


def test_a_stamp_and_pen_marks_only_darken_the_paper():
    paper = np.full((1400, 1000, 3), 255, dtype=np.uint8)
    paper[600:620, 100:900] = 0
    rng = np.random.default_rng(1)
    marked = annotate(rng, paper, stamp=("HURTOWNIA", "ZAPŁACONO"), scribbles=3)
    assert (marked <= paper).all()
    assert (marked < paper).any()
    assert (marked[600:620, 100:900] == 0).all()


def test_a_scan_keeps_every_page_and_has_no_text(purchase):
    rng = Random(9)
    long = scenario.invoice(rng, lines=40, seller=scenario.NET_SELLERS[0])
    pdf = render_invoice_pdf(long, layout="ramka")
    scan = scan_pages(pdf, seed=2)
    assert scan == scan_pages(pdf, seed=2)
    document = pypdfium2.PdfDocument(io.BytesIO(scan))
    assert len(document) == len(pypdfium2.PdfDocument(io.BytesIO(pdf)))
    assert all(page.get_textpage().get_text_range() == "" for page in document)


def test_wide_forms_are_photographed_across_and_scanned_upright():
    seller = next(w for w in scenario.WHOLESALERS if w.layout == "hurt")
    pdf = render_invoice_pdf(scenario.invoice(Random(1), lines=3, seller=seller), layout="hurt")
    photo = Image.open(io.BytesIO(photograph(pdf, seed=1)))
    assert photo.width > photo.height
    page = pypdfium2.PdfDocument(scan_pages(pdf, seed=1))[0]
    assert page.get_height() > page.get_width()
