"""Corrections of many rows: legal ones are grouped, tangled ones go to a person, none take long."""

from collections.abc import Callable

import pytest

from ocr import ksef
from ocr.reading import Reading
from tests.ocr import fa


def correction(about: Callable[[int], dict[str, str]], pairs: int) -> Reading:
    rows = []
    for index in range(pairs):
        rows.append(fa.goods("10", "5.00", "50.00", StanPrzed="1", **about(index)))
        rows.append(fa.goods("9", "5.00", "45.00", **about(index)))
    sums = [("P_13_1", f"-{5 * pairs}.00")]
    return ksef.read_fa(fa.invoice(*rows, kind="KOR", sums=sums, notes=[fa.original()]))


def test_thousands_of_rows_are_grouped_by_product() -> None:
    """Every row carries the same number here: the work must not grow with its square."""
    reading = correction(lambda index: {"P_7": f"Towar {index}"}, pairs=2000)
    assert reading.correction is not None
    assert (reading.correction.encoding, reading.correction.needs_person) == ("A", False)
    assert sum(line.unit_delta or 0 for line in reading.lines) == -2000


@pytest.mark.parametrize(
    "about",
    [
        lambda index: {"P_7": "Towar", "GTIN": f"{index:08}"},
        lambda index: {"P_7": "Towar", "Indeks": f"{index}"},
        lambda index: {"P_7": "".join(chr(97 + int(digit)) * 4 for digit in f"{index:04}")},
    ],
    ids=["one name, other codes", "one name, other indexes", "one number, other names"],
)
def test_goods_that_share_a_mark_hundreds_of_times_go_to_a_person(
    about: Callable[[int], dict[str, str]],
) -> None:
    reading = correction(about, pairs=200)
    assert reading.correction is not None
    assert reading.correction.needs_person
    assert "correction-tangled" in {finding.code for finding in reading.findings}
