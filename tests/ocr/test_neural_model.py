"""The recogniser without its last layer, and which marks of the detector are rows."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
import pytest
from numpy.typing import NDArray

from ocr import neural, neural_model


@cache
def model(name: str) -> bytes:
    found = importlib.util.find_spec("rapidocr")
    assert found is not None
    assert found.submodule_search_locations
    return (Path(found.submodule_search_locations[0]) / "models" / name).read_bytes()


def run(wanted: bytes, strips: NDArray[np.float32]) -> NDArray[np.float32]:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(wanted, options, providers=["CPUExecutionProvider"])
    return np.asarray(session.run(None, {session.get_inputs()[0].name: strips})[0])


def test_the_cut_model_and_its_last_layer_say_what_the_whole_model_says() -> None:
    whole = model("PP-OCRv6_rec_small.onnx")
    cut = neural_model.before_last_layer(whole)
    strips = np.random.default_rng(1).uniform(-1, 1, (2, 3, 48, 160)).astype(np.float32)
    scores = run(cut.model, strips) @ cut.weights + cut.bias
    likely = np.exp(scores - scores.max(axis=2, keepdims=True))
    likely /= likely.sum(axis=2, keepdims=True)
    said = run(whole, strips)
    assert likely.shape == said.shape
    assert np.abs(likely - said).max() < 1e-3
    assert len(cut.model) < len(whole) - cut.weights.nbytes


def test_a_model_that_ends_otherwise_is_refused() -> None:
    with pytest.raises(ValueError, match="Softmax was expected"):
        neural_model.before_last_layer(model("PP-OCRv6_det_small.onnx"))


def test_a_row_that_a_fold_bends_is_found_and_bent_dashes_are_not() -> None:
    along = np.arange(40, 480)
    bow = 100 + 24 * ((along - 260) / 220) ** 2
    row = np.stack([along, bow], axis=1).round().astype(np.int32)
    for sure, count in ((0.85, 1), (0.6, 0)):
        heat = np.zeros((256, 512), np.float32)
        cv2.polylines(heat, [row], False, sure, thickness=10)
        quads = neural._boxes(heat)
        assert len(quads) == count
        if count:
            assert quads[0, :, 0].min() < 40
            assert quads[0, :, 0].max() > 480
            assert np.ptp(quads[0, :, 1]) < 60
