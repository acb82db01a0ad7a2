"""The recogniser's model cut before its last layer, which scores 18,710 characters per column.

Nearly all of them are Chinese. The layer takes a sixth of the time and most of the memory; scoring
the few hundred Latin characters outside of the model, and all of them only where a character was
found, gives the same text and confidence. The file is an ONNX protocol buffer, of which this module
understands as much as the cut takes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_GRAPH = 7  # of a model
_NODE, _INITIALIZER, _OUTPUT, _KNOWN = 1, 5, 12, 13  # of a graph
_DIMS, _TENSOR_NAME, _RAW = 1, 8, 9  # of an initializer
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
    whole = b"".join(
        _field(_GRAPH, kept) if number == _GRAPH else field for number, _, field in _fields(model)
    )
    return Cut(whole, weights, bias)


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
