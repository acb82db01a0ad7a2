"""The models as they are run: without the recogniser's last layer, and without tiny weights.

That layer scores 18,710 characters per column, nearly all of them Chinese. It takes a sixth of the
time and most of the memory; scoring the few hundred Latin characters outside of the model, and all
of them only where a character was found, gives the same text and confidence. The files are ONNX
protocol buffers, of which this module understands as much as that takes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_GRAPH = 7  # of a model
_NODE, _INITIALIZER, _OUTPUT, _KNOWN = 1, 5, 12, 13  # of a graph
_DIMS, _TYPE, _TENSOR_NAME, _RAW = 1, 2, 8, 9  # of an initializer
_FLOATS = b"\x01"  # the type of an initializer
_INPUTS, _OUTPUTS, _OPERATOR = 1, 2, 4  # of a node
_NAME = 1  # of an output


@dataclass(frozen=True, slots=True)
class Cut:
    """A model whose output goes through `weights` and `bias` (then a softmax) to be the old one."""

    model: bytes
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]


def before_last_layer(model: bytes) -> Cut:
    """Cuts MatMul, Add and Softmax off the end; ValueError when the model does not end so."""
    graph = _one(model, _GRAPH)
    producers = {name: node for node in _all(graph, _NODE) for name in _texts(node, _OUTPUTS)}
    name = _texts(_one(graph, _OUTPUT), _NAME)[0]
    dropped: list[bytes] = []
    constants: list[str] = []
    for operator in ("Softmax", "Add", "MatMul"):
        node = producers[name]
        while _texts(node, _OPERATOR) == ["Identity"]:
            dropped.append(node)
            node = producers[_texts(node, _INPUTS)[0]]
        if _texts(node, _OPERATOR) != [operator]:
            raise ValueError(f"{operator} was expected, not {_texts(node, _OPERATOR)}")
        dropped.append(node)
        name, *rest = _texts(node, _INPUTS)
        constants += rest
    bias, weights = (_tensor(graph, constant) for constant in constants)
    dropped += [_one(graph, _OUTPUT), *(_initializer(graph, constant) for constant in constants)]
    kept = b"".join(field for _, content, field in _fields(graph) if content not in dropped)
    known = next(value for value in _all(graph, _KNOWN) if _texts(value, _NAME) == [name])
    kept += _field(_OUTPUT, known)
    return Cut(_changed(model, _GRAPH, lambda _: kept), weights, bias)


def without_subnormals(model: bytes) -> bytes:
    """The model with its weights below 1.2e-38 as zeros, which no result can tell from them.

    Training left a quarter of a million such weights in the detector. Processors multiply them by
    microcode, so that two of its layers took two thirds of its time.
    """
    return _changed(model, _GRAPH, lambda graph: _changed(graph, _INITIALIZER, _normal))


def _normal(tensor: bytes) -> bytes:
    if (_TYPE, _FLOATS) not in ((number, content) for number, content, _ in _fields(tensor)):
        return tensor
    return _changed(tensor, _RAW, _without_tiny)


def _without_tiny(raw: bytes) -> bytes:
    weights = np.frombuffer(raw, "<f4")
    return np.where(np.abs(weights) < np.finfo("<f4").tiny, np.float32(0), weights).tobytes()


def _changed(message: bytes, number: int, change: Callable[[bytes], bytes]) -> bytes:
    """The message with the content of each field of that number changed."""
    return b"".join(
        _field(found, change(content)) if found == number else field
        for found, content, field in _fields(message)
    )


def _fields(message: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Number, content and whole encoding of each field."""
    at = 0
    while at < len(message):
        start = at
        key, at = _varint(message, at)
        kind = key & 7
        if kind == 2:
            length, begin = _varint(message, at)
            at = begin + length
        elif kind == 0:
            begin = at
            _, at = _varint(message, at)
        else:
            begin = at
            at += {1: 8, 5: 4}[kind]
        yield key >> 3, message[begin:at], message[start:at]


def _all(message: bytes, number: int) -> list[bytes]:
    return [content for found, content, _ in _fields(message) if found == number]


def _one(message: bytes, number: int) -> bytes:
    (content,) = _all(message, number)
    return content


def _texts(message: bytes, number: int) -> list[str]:
    return [content.decode() for content in _all(message, number)]


def _initializer(graph: bytes, name: str) -> bytes:
    return next(t for t in _all(graph, _INITIALIZER) if _texts(t, _TENSOR_NAME) == [name])


def _tensor(graph: bytes, name: str) -> NDArray[np.float32]:
    tensor = _initializer(graph, name)
    shape = [_varint(dim, 0)[0] for dim in _all(tensor, _DIMS)]
    return np.frombuffer(_one(tensor, _RAW), "<f4").reshape(shape).astype(np.float32)


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7


def _field(number: int, content: bytes) -> bytes:
    """A field of bytes with its number and length in front."""
    head = bytearray()
    for value in (number << 3 | 2, len(content)):
        while value > 127:
            head.append(value & 127 | 128)
            value >>= 7
        head.append(value)
    return bytes(head) + content
