"""Pictures of documents, read with the real engines: routes, orientation, pages, surroundings."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from demo.documents.camera.pictures import page_count
from ocr import neural, picture, tesseract
from ocr.reading import DocumentKind, Hints, Page, Proof, Word
from tests.ocr import pictured
from tests.ocr.pictured import made, photo, read, wrong


def test_a_photo_of_a_slip_is_read_whole_by_the_neural_engine() -> None:
    reading = read([photo("receipt-png", 1)])
    assert wrong(made("receipt-png", 1), reading) == []
    assert reading.kind is DocumentKind.RECEIPT
    assert reading.route == "photo"
    assert reading.engine == neural.shared().version
    assert reading.total_gross is not None
    assert reading.total_gross.proof is Proof.ARITHMETIC
    assert {word.engine for word in reading.words} == {"rapidocr"}


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_a_photo_that_lies_on_its_side_or_head_is_set_upright(turned: int) -> None:
    upright = photo("receipt-png", 1)
    reading = read([np.ascontiguousarray(np.rot90(upright, turned // 90))])
    assert wrong(made("receipt-png", 1), reading) == []
    assert [page.turned for page in reading.pages] == [turned]


def test_a_dense_page_upside_down_is_set_upright() -> None:
    page = pictured.page_of("invoice-pdf", 0)
    reading = read([np.ascontiguousarray(page[::-1, ::-1])])
    assert wrong(made("invoice-pdf", 0), reading) == []
    assert [page.turned for page in reading.pages] == [180]


def test_a_scan_that_lies_on_its_side_is_read_as_print() -> None:
    page = pictured.page_of("invoice-pdf", 0)
    reading = read([np.ascontiguousarray(np.rot90(page, 3))])
    assert wrong(made("invoice-pdf", 0), reading) == []
    assert (reading.route, [page.turned for page in reading.pages]) == ("scan", [270])


def test_a_dark_screenshot_is_read_as_it_is() -> None:
    light = pictured.pixels(made("receipt-png", 1).data)
    dark = ((255 - light.astype(np.uint16)) * 85 // 100 + 24).clip(0, 255).astype(np.uint8)
    reading = read([dark])
    assert wrong(made("receipt-png", 1), reading) == []


def test_a_slip_that_fills_a_small_part_of_the_picture_is_found() -> None:
    near = photo("receipt-png", 1)
    height, width = near.shape[:2]
    small = cv2.resize(near, (width // 3, height // 3), interpolation=cv2.INTER_AREA)
    table = np.full_like(near, 110)
    table[900 : 900 + small.shape[0], 300 : 300 + small.shape[1]] = small
    assert wrong(made("receipt-png", 1), read([table])) == []


def test_of_two_slips_in_a_picture_the_longer_is_read_and_the_other_reported() -> None:
    first, second = photo("receipt-png", 1), photo("receipt-png", 11)
    counts = [len(made("receipt-png", turn).truth["lines"]) for turn in (1, 11)]
    assert counts[0] < counts[1]
    longer = made("receipt-png", 11)
    height = max(first.shape[0], second.shape[0])
    both = np.full((height, first.shape[1] + second.shape[1], 3), 120, np.uint8)
    both[: first.shape[0], : first.shape[1]] = first
    both[: second.shape[0], first.shape[1] :] = second
    reading = read([both])
    assert wrong(longer, reading) == []
    assert ("slips", "2") in [
        fact
        for finding in reading.findings
        if finding.code == "second-slip"
        for fact in finding.facts
    ]


def test_an_even_scan_goes_to_the_engine_for_print_and_proves_itself() -> None:
    reading = read([pictured.page_of("invoice-pdf", 0)])
    assert wrong(made("invoice-pdf", 0), reading) == []
    assert reading.route.startswith("scan")
    assert reading.kind is DocumentKind.INVOICE


def test_a_photo_of_an_invoice_is_read_by_the_neural_engine() -> None:
    reading = read([photo("invoice-pdf", 0)])
    assert wrong(made("invoice-pdf", 0), reading) == []
    assert (reading.route, reading.kind) == ("photo", DocumentKind.INVOICE)


def test_pages_of_one_table_are_joined() -> None:
    turn = 11
    assert page_count(made("invoice-pdf", turn).data) == 2
    reading = read([pictured.page_of("invoice-pdf", turn, page) for page in (0, 1)])
    # Its number prints `MAG02`, which no engine tells from `MAGO2`: the table is what counts here.
    faults = wrong(made("invoice-pdf", turn), reading)
    assert [fault for fault in faults if not fault.startswith("invoice_number")] == []
    assert [page.number for page in reading.pages] == [1, 2]


def test_photos_of_original_and_copy_are_one_document() -> None:
    turn = 8
    assert made("invoice-pdf", turn).truth["copies"] == 2
    dim = [(pictured.page_of("invoice-pdf", turn, page) * 0.8).astype(np.uint8) for page in (0, 1)]
    reading = read(dim)
    assert wrong(made("invoice-pdf", turn), reading) == []
    assert reading.route == "photo"


def test_a_print_that_does_not_prove_itself_is_read_again_by_the_neural_engine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine = tesseract.shared()
    recognise = engine.recognise

    def without_figures(image: np.ndarray, page: int) -> tuple[object, ...]:
        return tuple(w for w in recognise(image, page) if not any(c.isdigit() for c in w.text))

    monkeypatch.setattr(engine, "recognise", without_figures)
    reading = read([pictured.page_of("invoice-pdf", 0)])
    assert reading.route == "scan+neural"
    assert wrong(made("invoice-pdf", 0), reading) == []


def test_of_a_print_whose_head_alone_is_in_doubt_the_head_alone_is_read_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine = tesseract.shared()
    recognise = engine.recognise

    def without_the_head(image: np.ndarray, page: int) -> tuple[Word, ...]:
        return tuple(w for w in recognise(image, page) if w.box.y0 > 0.1)

    monkeypatch.setattr(engine, "recognise", without_the_head)
    reading = read([pictured.page_of("invoice-pdf", 1)])
    assert reading.route == "scan+neural"
    assert wrong(made("invoice-pdf", 1), reading) == []
    first = min(line.box.y0 for line in reading.lines if line.box)
    engines = {w.engine for w in reading.words if w.box.y1 < first}
    assert engines == {"rapidocr"}
    assert {w.engine for w in reading.words if w.box.y0 > first} == {"tesseract"}


def test_a_picture_without_text_gives_an_empty_reading_that_says_so() -> None:
    y, x = np.mgrid[0:900, 0:1200]
    tiles = np.where((x // 60 + y // 45) % 2 == 0, 60, 190).astype(np.uint8)
    reading = read([np.dstack([tiles, 255 - tiles, np.full_like(tiles, 90)])])
    assert reading.words == ()
    assert reading.total_gross is None
    assert "photo-not-a-document" in [finding.code for finding in reading.findings]


def test_boxes_are_fractions_of_the_page_that_is_shown() -> None:
    reading, shown = picture.read_pictures([photo("receipt-png", 1)], hints=Hints())
    (page,), (image,) = reading.pages, shown
    assert (page.height_px, page.width_px) == image.shape[:2]
    assert isinstance(page, Page)
    assert all(
        0 <= w.box.x0 < w.box.x1 <= 1 and 0 <= w.box.y0 < w.box.y1 <= 1 for w in reading.words
    )


def test_the_models_are_loaded_once_per_process() -> None:
    engine = neural.shared()
    assert engine is neural.shared()
    engine.detect(np.full((64, 64, 3), 255, np.uint8))
    assert engine._detector is neural.shared()._detector
