"""What a till prints of a sale: items, discounts and charges, before they are proven."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from ocr.receipt_rows import Row
from ocr.receipt_tail import Tail

DISCOUNTS = ("OPUST", "RABAT*", "UPUST", "OBNIZKA", "ZNIZKA", "PROMOCJA", "BONIFIKATA", "KUPON")
PRICED = "priced"  # what `Tail.derived` says of items whose quantity and price were not printed
_LETTERS_FOR_DIGIT = {
    "0": "CD",
    "8": "B",
    "6": "BC",
    "4": "A",
    "9": "C",
    "5": "C",
    "3": "B",
    "€": "C",
}


@dataclass(slots=True)
class Item:
    """One item as read; `letters` are the VAT letters it may have, the likeliest first."""

    name: str
    tail: Tail
    row: Row
    name_row: Row
    letters: tuple[str, ...] = ()
    sure_letter: bool = False  # it was read as a letter
    gtin: str | None = None
    article: str | None = None


@dataclass(slots=True)
class Cut:
    """A discount row; `item` is the index of the item it follows, None when it cuts the whole.

    A charge has a negative amount.
    """

    amount: Decimal
    label: str
    row: Row
    item: int | None
    letters: tuple[str, ...] = ()


@dataclass(slots=True)
class Items:
    """Everything between head and foot."""

    items: list[Item] = field(default_factory=list)
    cuts: list[Cut] = field(default_factory=list)
    cancelled: list[Item] = field(default_factory=list)
    bare: list[Row] = field(default_factory=list)  # names whose figures could not be read
    # Rows of name, amount and letter among such with quantities, and how many items stand above.
    priced: list[tuple[int, Item]] = field(default_factory=list)
    subtotal: Decimal | None = None
    unread: list[Row] = field(default_factory=list)  # names of which no item became
    minuses: int = 0  # rows that took an item back without saying so in words

    def leave_out(self, place: int) -> Item:
        """Takes an item away, with the discounts on it."""
        self.cuts = [cut for cut in self.cuts if cut.item != place]
        for cut in self.cuts:
            if cut.item is not None and cut.item > place:
                cut.item -= 1
        return self.items.pop(place)


def letters_of(letter: str) -> tuple[str, ...]:
    """The VAT letters that a sign may be, itself or misread."""
    if letter in "ABCDEFG" and letter:
        return (letter,)
    return tuple(_LETTERS_FOR_DIGIT.get(letter, ""))
