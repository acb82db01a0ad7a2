"""The few ways in which engines misread printed numbers, and repairs that leave one choice only."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_DOWN, Decimal

from ocr import equations
from ocr.equations import CENT
from ocr.reading import Line, Proof, Reading, Value
from ocr.unit_letters import like_pieces

_CONFUSED = ("17", "08", "06", "38", "56", "58", "68", "35", "49", "27", "14", "09", "39")
_LIKE: dict[str, str] = {}
for _pair in _CONFUSED:
    _LIKE[_pair[0]] = _LIKE.get(_pair[0], "") + _pair[1]
    _LIKE[_pair[1]] = _LIKE.get(_pair[1], "") + _pair[0]
_MOST = 4000  # combinations tried for one document
_FIELDS = (
    ("net", "unit_price_net", "line_net"),
    ("gross", "unit_price_gross", "line_gross"),
)


def alternatives(value: Value[Decimal]) -> Iterator[Decimal]:
    """Other numbers that the same print may be: a lost comma, one digit taken for its like."""
    number = value.value
    text = format(abs(number), "f")
    sign = -1 if number < 0 else 1
    bare = re.sub(r"[^\d.,]", "", value.raw)
    whole = "." not in text
    if whole and not re.search(r"[.,]", bare) and len(text) >= 3:
        yield number / 100
    if whole and re.search(r"[.,]\d{3}$", bare):
        yield number / 1000
    for place, char in enumerate(text):
        for like in _LIKE.get(char, ""):
            if place == 0 and like == "0" and len(text) > 1 and text[1] != ".":
                continue
            yield sign * Decimal(text[:place] + like + text[place + 1 :])
    if "." in text and re.search(r"[.,]\d{2,3}1$", bare):
        yield number - number % (
            sign * Decimal(10) ** -(len(text.split(".")[1]) - 1)
        )  # or a 1 behind
    if (pieces := re.fullmatch(r"(\d{1,3}) (\d{3})", value.raw)) and like_pieces(pieces[2]):
        yield Decimal(pieces[1])
    # The ruling line of a cell is read as a leading 1.
    if text.startswith("1") and len(text.split(".")[0]) > 1 and text[1] != "0":
        yield sign * Decimal(text[1:])


def repaired(reading: Reading) -> Reading:
    """The reading with misread numbers put right, where exactly one choice closes the equations."""
    reading = replace(
        reading,
        lines=tuple(_decimal_price(_decimal_quantity(_unbarred(line))) for line in reading.lines),
    )
    return _totals(_lines(_with_lost_values(reading)))


def _with_lost_values(reading: Reading) -> Reading:
    """Values that an engine missed are quantity × price, where the total then is their sum."""
    for side, price, value in _FIELDS:
        lines: list[Line] = []
        for line in reading.lines:
            count, one = line.quantity, getattr(line, price)
            if getattr(line, value) is None and count and one and line.discount is None:
                lost = Value(equations.cents(count.value * one.value), Proof.GUESSED, 0.0, None, "")
                changes: Mapping[str, Value[Decimal]] = {value: lost}
                line = replace(line, **changes)  # type: ignore[arg-type]
            lines.append(line)
        tried = replace(reading, lines=tuple(lines))
        missed = sum(a is not b for a, b in zip(lines, reading.lines, strict=True))
        if 0 < missed * 3 <= len(lines) and equations.sum_closes(tried, side):
            reading = tried
    return reading


def _unbarred(line: Line) -> Line:
    """Quantity and value whose cells' ruling lines were both read as ones: `4,001`, `1 380,16`."""
    count = line.quantity
    if count is None or not re.search(r"\d[.,]\d\d1$", count.raw):
        return line
    number = count.value.quantize(CENT, ROUND_DOWN)
    for _, price, value in _FIELDS:
        one: Value[Decimal] | None = getattr(line, price)
        whole: Value[Decimal] | None = getattr(line, value)
        if one is None or whole is None or not whole.raw.startswith("1"):
            continue
        bare = Decimal(format(whole.value, "f")[1:] or "0")
        if number * one.value == bare:
            changes: Mapping[str, Value[Decimal]] = {value: _changed(whole, bare)}
            line = replace(line, **changes)  # type: ignore[arg-type]
            return replace(line, quantity=_changed(count, number))
    return line


def _decimal_quantity(line: Line) -> Line:
    """`120,000 szt` where other commas were read as points: a hundred and twenty, not thousands.

    Only where the price is for one: what looks like a price for a thousand is a misread comma.
    """
    known = line.quantity
    if known is None or known.value < 1000 or not re.search(r"\d[.,]\d{3}$", known.raw):
        return line
    for _, price, value in _FIELDS:
        one: Value[Decimal] | None = getattr(line, price)
        whole: Value[Decimal] | None = getattr(line, value)
        if one is None or whole is None:
            continue
        number = known.value / 1000
        if abs(number * one.value - whole.value) <= CENT:
            return replace(line, quantity=replace(known, value=number))
    return line


def _decimal_price(line: Line) -> Line:
    """`1757` whose comma an engine lost: 17,57, and no price for a hundred: that has decimals too.

    The text of a PDF loses no comma: its words are sure.
    """
    for _, price, value in _FIELDS:
        one: Value[Decimal] | None = getattr(line, price)
        whole: Value[Decimal] | None = getattr(line, value)
        if one is None or whole is None or line.quantity is None:
            continue
        raw = one.raw.strip()
        if not re.fullmatch(r"\d{3,}", raw) or one.confidence >= 1:
            continue
        number = Decimal(raw) / 100
        if abs(line.quantity.value * number - whole.value) <= CENT:
            seen = replace(one, value=number, raw=f"{raw[:-2]},{raw[-2:]}")
            changes: Mapping[str, Value[Decimal]] = {price: seen}
            return replace(line, **changes)  # type: ignore[arg-type]
    return line


def _lines(reading: Reading) -> Reading:
    failing = [
        i
        for i, line in enumerate(reading.lines)
        if equations.has_product(line) and equations.product_of(line) is None
    ]
    closed = [side for side in ("net", "gross") if equations.sum_closes(reading, side)]
    if not failing:
        return reading if closed else _one_value(reading)
    choices: list[list[tuple[str, Decimal, Line]]] = []
    for i in failing:
        options = list(_choices(reading.lines[i], closed))
        if not options:
            return reading
        choices.append(options)
    size = 1
    for options in choices:
        size *= len(options)
    if size > _MOST:
        return reading
    good: list[tuple[int, Reading]] = []  # with how many sums close
    for combination in itertools.product(*choices):
        lines = list(reading.lines)
        for i, (_, _, line) in zip(failing, combination, strict=True):
            lines[i] = line
        tried = replace(reading, lines=tuple(lines))
        holds = {value for side, _, value in _FIELDS if equations.sum_closes(tried, side)}
        changed = {name for name, _, _ in combination if name in ("line_net", "line_gross")}
        if holds and changed <= holds:
            good.append((len(holds), tried))
    most = max((count for count, _ in good), default=0)
    best = [tried for count, tried in good if count == most]
    return best[0] if len(best) == 1 else reading


def _choices(line: Line, closed: Sequence[str]) -> Iterator[tuple[str, Decimal, Line]]:
    """One number of the line changed so that its product holds; distinct by field and number.

    Values stay as they are on a side whose sum is `closed`.
    """
    seen: set[tuple[str, Decimal]] = set()
    for side, price, value in _FIELDS:
        if getattr(line, price) is None or getattr(line, value) is None:
            continue
        for name in ("quantity", price, *([] if side in closed else [value])):
            known: Value[Decimal] = getattr(line, name)
            for number in alternatives(known):
                if (name, number) in seen:
                    continue
                changes: Mapping[str, Value[Decimal]] = {name: _changed(known, number)}
                tried = replace(line, **changes)  # type: ignore[arg-type]
                if equations.product_of(tried) is not None:
                    seen.add((name, number))
                    yield name, number, tried


def _one_value(reading: Reading) -> Reading:
    """A line without a product whose value alone keeps the sum from closing."""
    good: list[Reading] = []
    for side, _, value in _FIELDS:
        if equations.sum_closes(reading, side) is not False:
            continue
        for i, line in enumerate(reading.lines):
            known: Value[Decimal] | None = getattr(line, value)
            if known is None or equations.product_of(line) is not None:
                continue
            for number in alternatives(known):
                changes: Mapping[str, Value[Decimal]] = {value: _changed(known, number)}
                changed = replace(line, **changes)  # type: ignore[arg-type]
                tried = replace(
                    reading, lines=(*reading.lines[:i], changed, *reading.lines[i + 1 :])
                )
                if equations.sum_closes(tried, side):
                    good.append(tried)
    return good[0] if len(good) == 1 else reading


def _totals(reading: Reading) -> Reading:
    """One total changed so that net + VAT = gross and lines or tax table agree."""
    if equations.header_closes(reading) is not False:
        return reading
    good: dict[tuple[str, Decimal], Reading] = {}
    for name in ("total_net", "total_vat", "total_gross"):
        known: Value[Decimal] = getattr(reading, name)
        for number in alternatives(known):
            changes: Mapping[str, Value[Decimal]] = {name: _changed(known, number)}
            tried = replace(reading, **changes)  # type: ignore[arg-type]
            if not equations.header_closes(tried):
                continue
            agreed = equations.rates_close(tried) or any(
                equations.sum_closes(tried, side) for side in ("net", "gross")
            )
            if agreed:
                good[(name, number)] = tried
    return next(iter(good.values())) if len(good) == 1 else reading


def _changed(value: Value[Decimal], number: Decimal) -> Value[Decimal]:
    quantized = number if number == number.to_integral() else number.quantize(CENT)
    exact = quantized if quantized == number else number
    return replace(value, value=exact, proof=Proof.GUESSED)


def doubtful(reading: Reading, engines_sure: Sequence[str] = ("pdf-text",)) -> bool:
    """Whether any word came from an engine that may misread; text layers hold what was printed."""
    return any(word.engine not in engines_sure for word in reading.words)
