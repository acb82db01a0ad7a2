"""Pictures made ready: which are print, how rows are levelled, what light and markers leave."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr import image as images
from ocr import ruled
from tests.ocr import pictured


def slanted(degrees: float, bend: float = 0.0) -> np.ndarray:
    """Strips of text on lines that rise by `degrees` and bend by `bend` of their length."""
    quads = []
    for row in range(12):
        y = 100 + row * 60
        for x in range(60, 900, 220):
            rise = np.tan(np.radians(degrees))
            a, b = x, x + 180
            ya = y + rise * a + bend * (a - 500) ** 2 / 1000
            yb = y + rise * b + bend * (b - 500) ** 2 / 1000
            quads.append([[a, ya], [b, yb], [b, yb + 24], [a, ya + 24]])
    return np.array(quads, np.float32)


def slope(quads: np.ndarray) -> float:
    along = quads[:, 1] - quads[:, 0]
    return float(np.abs(along[:, 1] / along[:, 0]).max())


def test_a_page_in_print_is_known_from_a_photo_of_it() -> None:
    page = pictured.page_of("invoice-pdf", 0)
    assert images.printed_page(page)
    shaded = page * np.linspace(0.5, 1.0, page.shape[1])[None, :, None]
    assert not images.printed_page(shaded.astype(np.uint8))
    assert not images.printed_page(pictured.pixels(pictured.made("receipt-png", 1).data))


def test_a_scan_that_went_in_askew_is_levelled_and_a_level_one_left() -> None:
    page = pictured.page_of("invoice-pdf", 0, width_px=1000)
    assert images.levelled_scan(page) is page
    height, width = page.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), 2.0, 1.0)
    askew = cv2.warpAffine(page, matrix, (width, height), borderValue=(255, 255, 255))
    again = images.levelled_scan(np.asarray(askew, np.uint8))
    inside = (slice(height // 4, height // 2), slice(width // 4, width // 2))
    before = np.abs(askew[inside].astype(int) - page[inside]).mean()
    after = np.abs(again[inside].astype(int) - page[inside]).mean()
    assert after < before / 2


def test_slanted_and_bent_rows_become_level_with_their_picture() -> None:
    picture = np.full((1000, 1000, 3), 200, np.uint8)
    for quads in (slanted(5.0), slanted(0.0, bend=0.12), slanted(3.0, bend=-0.1)):
        straight = images.straightened(picture, quads)
        assert slope(quads) > 0.03
        assert slope(straight.quads) < 0.012
        assert straight.quads.shape == quads.shape


def test_evening_takes_shadow_and_marker_away_and_keeps_the_letters() -> None:
    page = np.full((400, 600, 3), 230, np.uint8)
    quads = []
    for y in range(40, 380, 40):
        page[y : y + 16 : 4, 60:540] = 40
        quads.append([[60, y], [540, y], [540, y + 16], [60, y + 16]])
    shade = np.linspace(0.4, 1.0, 600)[None, :, None]
    marked = page.copy()
    marked[100:200, 100:400] = (marked[100:200, 100:400] * np.array([1.0, 1.0, 0.3])).astype(
        np.uint8
    )
    even = images.evened((marked * shade).astype(np.uint8), np.array(quads, np.float32))
    assert even.ndim == 2
    paper = even[20:38, 40:560]
    assert int(paper.max()) - int(paper.min()) < 60
    assert even[40:56:4, 100:500].max() < paper.min()
    assert int(even[102:118, 105:395].min()) > 200  # under the marker, between two rows


def test_light_text_on_a_dark_ground_is_left_alone() -> None:
    screen = np.full((200, 300, 3), 30, np.uint8)
    screen[50:70:2, 40:260] = 220
    quads = np.array([[[40, 48], [260, 48], [260, 72], [40, 72]]], np.float32)
    assert images.evened(screen, quads) is screen


def test_a_picture_taken_in_the_dark_is_lifted_and_one_in_the_light_left() -> None:
    dim = np.full((80, 80, 3), 40, np.uint8)
    assert images.brightness(images.lit(dim, images.brightness(dim))) > 200
    bright = np.full((80, 80, 3), 220, np.uint8)
    assert images.lit(bright, images.brightness(bright)) is bright


def test_ruling_lines_go_and_letters_stay() -> None:
    page = np.full((1200, 900), 255, np.uint8)
    cv2.putText(page, "25,83", (300, 400), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 0, 3)
    letters = page.copy()
    page[200:800, 290:293] = 0  # a cell's left side
    page[420:422, 100:800] = 0  # its bottom
    page[700:703, [x for x in range(100, 800) if x % 12 < 7]] = 0  # a row of dashes
    page[900:960, 100:800] = 60  # a filled heading
    bare = ruled.without_rules(page)
    assert bare[200:370, 280:299].min() > 250
    assert bare[419:424, 500:800].min() > 250
    assert bare[698:705].min() > 250
    assert (bare[900:960, 100:800] == 60).all()
    assert ((bare < 128) & (letters < 128))[370:410].sum() == (letters < 128)[370:410].sum()


@pytest.mark.parametrize("length", [3, 20, 21, 130])
def test_long_stretches_are_what_an_opening_by_a_row_leaves(length: int) -> None:
    ink = (np.random.default_rng(length).random((64, 200)) < 0.9).astype(np.uint8) * 255
    ink[10, :80] = ink[20, 60:] = ink[30] = 255
    assert np.array_equal(ruled._runs(ink, length), ruled._opened(ink, length, 1))


def test_a_scan_without_colours_has_one_channel_and_a_stamp_keeps_three() -> None:
    scan = np.full((200, 160, 3), 250, np.uint8)
    assert images.without_colour(scan).shape == (200, 160)
    scan[100, 50] = (30, 30, 200)
    assert images.without_colour(scan) is scan


def test_rows_that_run_up_the_page_are_told_from_level_ones() -> None:
    page = np.full((1200, 900), 255, np.uint8)
    for row, y in enumerate(range(100, 1100, 40)):
        text = f"{'Przewod gumowy'[row % 9 :]} {row * 37}V {row * 7919 % 997},00"
        cv2.putText(page, text, (60, y), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 0, 2)
    page[50:1150, 500:503] = 0  # a column's border
    assert not ruled.runs_sideways(ruled.without_rules(page))
    turned = np.ascontiguousarray(np.rot90(page))
    assert ruled.runs_sideways(ruled.without_rules(turned))
