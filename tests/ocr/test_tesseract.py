"""Tesseract inside of the process and its program: one text, one way to give up."""

from __future__ import annotations

import time

import cv2
import numpy as np
import pytest

from ocr import tesseract, tesseract_library
from ocr.tesseract import TesseractEngine, by_program
from ocr.tesseract_library import TesseractLibrary


def page() -> np.ndarray:
    image = np.full((120, 560), 255, np.uint8)
    for row, text in enumerate(("Wire 3 x 2,5 round", "Socket double 12,90")):
        cv2.putText(image, text, (20, 45 + 50 * row), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 0, 2)
    return image


def test_the_library_tells_what_the_program_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    inside = tesseract.shared()
    assert inside._library is not None, "libtesseract is not installed"
    found = inside.recognise(page(), 1)
    assert inside.recognise(page(), 1) == found
    assert "Socket" in [word.text for word in found]

    monkeypatch.setattr(tesseract_library, "_LIBRARY", "libtesseract.so.missing")
    outside = TesseractEngine()
    assert outside.recognise(page(), 1) == found
    assert outside.version == inside.version


def test_a_page_that_takes_too_long_has_no_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tesseract, "LIMIT_CPU_S", 0.001)
    monkeypatch.setattr(tesseract, "PROGRAM_WALL_S", 0.001)
    assert tesseract.shared().recognise(page(), 1) == ()
    assert by_program(page()) == ""
    monkeypatch.undo()
    assert tesseract.shared().recognise(page(), 1) != ()


def test_time_that_others_have_the_processor_does_not_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = tesseract.shared().recognise(page(), 1)
    clock = time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: clock() + 10_000 * clock())
    monkeypatch.setattr(tesseract, "LIMIT_CPU_S", 5.0)

    assert tesseract.shared().recognise(page(), 1) == found != ()


def test_an_engine_kept_to_the_program_never_calls_the_library(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(TesseractLibrary, "table", lambda *_, **__: pytest.fail("called"))
    engine = TesseractEngine()
    engine.warm_up()
    engine.keep_to_program()

    assert "Socket" in [word.text for word in engine.recognise(page(), 1)]


def test_languages_without_a_model_are_refused() -> None:
    with pytest.raises(OSError, match="qqq"):
        TesseractLibrary("qqq")
