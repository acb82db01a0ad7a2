"""Hints on photos: what the measures see in spoiled pictures, and when a person is told."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr import quality
from ocr.engines import Image, Points
from ocr.quality import Measures

GOOD = Measures(40, steepness=0.5, bright=220.0, text_px=30.0, glare=0.0, cut_sides=())


def drawn(rows: int = 12, height: int = 24) -> tuple[Image, Points]:
    """Rows of sharp bars as letters are, on grey paper, and the strips around them."""
    page = np.full((rows * height * 2 + 200, 800), 190, np.uint8)
    quads = []
    for row in range(rows):
        top = 100 + row * 2 * height
        for left in range(100, 700, 12):
            page[top : top + height, left : left + 4] = 40
        box = [[96, top - 3], [704, top - 3], [704, top + height + 3], [96, top + height + 3]]
        quads.append(box)
    return page, np.array(quads, np.float32)


def soft(image: Image, sigma: float) -> Image:
    return np.asarray(cv2.GaussianBlur(image, (0, 0), sigma), np.uint8)


def codes(measures: Measures, characters: int = 400) -> list[str]:
    return [finding.code for finding in quality.findings(measures, characters=characters, page=1)]


def test_a_sharp_picture_has_no_hints() -> None:
    image, quads = drawn()
    measures = quality.measure(image, quads, 190.0)
    assert measures.steepness > 0.8
    assert measures.cut_sides == ()
    assert codes(measures) == []


def test_blur_makes_letters_less_steep_until_it_is_told() -> None:
    image, quads = drawn()
    steep = [
        quality.measure(soft(image, sigma), quads, 190.0).steepness
        for sigma in (1.0, 2.0, 4.0, 9.0)
    ]
    assert steep == sorted(steep, reverse=True)
    blurred = quality.measure(soft(image, 4.0), quads, 190.0)
    assert codes(blurred) == ["photo-blurred"]


def test_a_burnt_out_spot_on_grey_paper_is_glare_and_white_paper_is_not() -> None:
    image, quads = drawn()
    spotted = image.copy()
    cv2.circle(spotted, (400, 400), 120, 255, -1)
    assert codes(quality.measure(spotted, quads, 255.0)) == ["photo-glare"]
    white = np.where(image > 100, 255, image).astype(np.uint8)
    assert codes(quality.measure(white, quads, 255.0)) == []


def test_strips_that_run_out_of_the_picture_name_the_side() -> None:
    image, quads = drawn()
    cut = quality.measure(image[:, 96:], quads - np.array([96, 0], np.float32), 190.0)
    assert cut.cut_sides == ("left",)
    finding = quality.findings(cut, characters=400, page=2)[0]
    assert finding.facts == (("page", "2"), ("sides", "left"))


@pytest.mark.parametrize(
    ("measures", "told"),
    [
        pytest.param(Measures(40, 0.1, 18.0, 30.0, 0.0, ()), "photo-too-dark", id="dark first"),
        pytest.param(Measures(40, 0.1, 200.0, 9.0, 0.0, ()), "photo-blurred", id="blur next"),
        pytest.param(Measures(40, 0.5, 200.0, 9.0, 0.0, ()), "photo-too-far", id="far last"),
        pytest.param(Measures(40, 0.5, 200.0, 30.0, 0.1, ()), "photo-glare", id="glare"),
    ],
)
def test_of_dark_blurred_and_far_the_cause_is_told_first(measures: Measures, told: str) -> None:
    assert codes(measures) == [told]


def test_a_picture_with_next_to_no_text_is_no_document() -> None:
    assert codes(GOOD, characters=19) == ["photo-not-a-document"]
    assert codes(GOOD, characters=20) == []


def test_a_document_on_a_small_part_of_the_picture_is_too_far_even_if_it_looks_blurred() -> None:
    small = Measures(40, 0.1, 200.0, 30.0, 0.0, (), share=0.05)
    assert codes(small) == ["photo-too-far"]
    assert codes(Measures(40, 0.1, 18.0, 30.0, 0.0, (), share=0.05)) == ["photo-too-dark"]


def test_a_small_sheet_whose_letters_cannot_be_seen_is_told_from_a_picture_without_one() -> None:
    nothing = np.zeros((0, 4, 2), np.float32)
    table = np.full((900, 1200), 110, np.uint8)
    sheet = table.copy()
    sheet[400:520, 500:560] = 230
    assert codes(quality.measure(sheet, nothing, 230.0), characters=0) == ["photo-too-far"]
    assert quality.measure(table, nothing, 110.0).share == 1.0
    halves = table.copy()
    halves[:, 600:] = 230  # a wall beside a floor runs out of the picture
    assert quality.measure(halves, nothing, 230.0).share == 1.0


def test_the_share_of_text_is_that_of_the_rectangle_around_it() -> None:
    image, quads = drawn()
    around = np.full((image.shape[0] * 4, image.shape[1] * 4), 120, np.uint8)
    around[: image.shape[0], : image.shape[1]] = image
    near, far = (quality.measure(picture, quads, 190.0).share for picture in (image, around))
    assert near > 0.5
    assert far == pytest.approx(near / 16, rel=0.01)
