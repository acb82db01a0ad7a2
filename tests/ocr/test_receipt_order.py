"""Items of a slip on two and three rows, in whatever order a till prints their parts."""

from __future__ import annotations

import pytest

from tests.ocr.slips import items, proven, read, shown
from tests.ocr.test_receipt_forms import fiscal

BOUGHT = [
    ("MLEKO UHT 3,2% 1L", "2", "3.99", "7.98"),
    ("FARBA BIAŁA MAT 10L", "1", "89.90", "89.90"),
    ("KLEJ CM11 25KG", "4", "32.50", "130.00"),
]
NAME, COUNT, AMOUNT, BOTH = "{0}", "   {1} x {2}", "{0:34}{3}A", "   {1} x {2}                 {3}A"
ALONE = " " * 34 + "{3}A"
STYLES = {
    "name, figures": (NAME, BOTH),
    "figures, name": (BOTH, NAME),
    "name with amount, count": (AMOUNT, COUNT),
    "count, name with amount": (COUNT, AMOUNT),
    "name, count, amount": (NAME, COUNT, ALONE),
}


def slip(style: tuple[str, ...], *, misread: str = "") -> str:
    """The items in a style, the third with a discount; `misread` is printed for its amount."""
    body = ""
    for name, *figures in BOUGHT:
        count, price, amount = (figure.replace(".", ",") for figure in figures)
        amount = misread if misread and amount == "130,00" else amount
        body += "\n".join(part.format(name, count, price, amount) for part in style) + "\n"
    return fiscal(body + " OPUST -5%                        -6,50A\n", "221,38")


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
def test_the_rows_of_an_item_are_joined_in_every_order(style: tuple[str, ...]) -> None:
    reading = read(slip(style))

    assert items(reading) == BOUGHT
    assert [(str(cut.amount.value), cut.applies_to) for cut in reading.discounts] == [("6.50", 3)]
    assert shown(reading.total_gross) == "221.38"
    assert all(proven(line.line_gross) and proven(line.quantity) for line in reading.lines)


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
def test_a_misread_amount_stays_with_its_item_and_the_sum_repairs_it(
    style: tuple[str, ...],
) -> None:
    assert items(read(slip(style, misread="180,00"))) == BOUGHT


def test_a_remark_under_the_last_figures_does_not_turn_the_names_round() -> None:
    remark = slip(STYLES["name, figures"]).replace(
        " OPUST -5%                        -6,50A\n",
        " OPUST -5%   -6,50A\nWYDAJE KASJER PRZY BRAMIE\n",
    )
    assert items(read(remark)) == BOUGHT
