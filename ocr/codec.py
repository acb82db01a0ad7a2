"""Readings to JSON and back: how they cross a process border and rest in the database."""

from __future__ import annotations

import dataclasses
import types
import typing
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, TypeVar

from ocr import reading as model

T = TypeVar("T")


def encode(value: Any) -> Any:
    """Plain JSON for any dataclass of `ocr.reading`; fields at their default are left out."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: encode(item)
            for field in dataclasses.fields(value)
            if (item := getattr(value, field.name)) != field.default
        }
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (tuple, list)):
        return [encode(item) for item in value]
    if isinstance(value, float):
        return round(value, 5)
    return value


def decode(kind: type[T], data: Any) -> T:
    """The `kind` that `encode` wrote; `TypeError`, `ValueError` or `KeyError` on anything else."""
    result: T = _decode(kind, data)
    return result


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind, vars(model))


def _decode(kind: Any, data: Any) -> Any:
    origin = typing.get_origin(kind)
    if origin in (types.UnionType, typing.Union):
        if data is None:
            return None
        return _decode(next(a for a in typing.get_args(kind) if a is not types.NoneType), data)
    if origin is model.Value:
        return _record(model.Value, data, {"value": typing.get_args(kind)[0]})
    if origin is tuple:
        if not isinstance(data, list):
            raise TypeError("a list was expected")
        args = typing.get_args(kind)
        if len(args) == 2 and args[1] is Ellipsis:
            return tuple(_decode(args[0], item) for item in data)
        return tuple(_decode(a, item) for a, item in zip(args, data, strict=True))
    if dataclasses.is_dataclass(kind):
        return _record(kind, data, {})
    if kind is Decimal:
        return _decimal(data)
    if kind is date:
        return date.fromisoformat(data)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(data)
    if kind is float and isinstance(data, (int, float)):
        return float(data)
    if not isinstance(data, kind):
        raise TypeError(f"{kind} was expected, not {type(data)}")
    return data


def _decimal(data: Any) -> Decimal:
    """A number that can be reckoned with: text, finite, of a size that documents have."""
    if not isinstance(data, str):
        raise TypeError("a decimal number is text")
    try:
        number = Decimal(data)
    except ArithmeticError as error:
        raise ValueError(f"{data[:40]!r} is not a number") from error
    if not number.is_finite() or len(data) > 60 or abs(number.adjusted()) > 30:
        raise ValueError(f"{data[:40]!r} is out of range")
    return number


def _record(kind: Any, data: Any, known: dict[str, Any]) -> Any:
    if not isinstance(data, dict):
        raise TypeError("an object was expected")
    hints = _hints(kind) | known
    return kind(**{name: _decode(hints[name], item) for name, item in data.items()})
