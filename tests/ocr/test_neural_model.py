"""The models as they are run, and which marks of the detector are rows."""

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


def subnormals(wanted: bytes) -> int:
    """How many floats of a model are so small that processors take a detour for them."""
    graph = neural_model._one(wanted, neural_model._GRAPH)
    tensors = neural_model._all(graph, neural_model._INITIALIZER)
    raws = (neural_model._all(tensor, neural_model._RAW) for tensor in tensors)
    weights = np.frombuffer(b"".join(raw for found in raws for raw in found), "<u4") & 0x7FFFFFFF
    return int(((weights > 0) & (weights < 0x00800000)).sum())


def test_tiny_weights_are_gone_and_the_detector_says_the_same() -> None:
    whole = model("PP-OCRv6_det_small.onnx")
    fast = neural_model.without_subnormals(whole)
    assert subnormals(whole) > 100_000
    assert subnormals(fast) < 100  # integers of shapes
    assert len(fast) == len(whole)
    page = np.random.default_rng(1).uniform(-1, 1, (1, 3, 64, 96)).astype(np.float32)
    assert np.array_equal(run(fast, page), run(whole, page))


def test_the_engine_runs_models_without_tiny_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[bytes] = []
    monkeypatch.setattr(neural, "_session", loaded.append)
    engine = neural.NeuralEngine()
    assert engine._detector is engine._recogniser is None
    assert len(loaded) == 2
    assert all(subnormals(one) < 100 for one in loaded)


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
