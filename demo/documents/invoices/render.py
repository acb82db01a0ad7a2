"""Chooses a layout and turns a purchase into the bytes of its PDF."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from demo.documents.invoices import ramka
from demo.documents.purchase import Purchase
from demo.documents.sheet import Column, Sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One program's form. `columns` says what its table prints of a given purchase."""

    name: str
    family: str
    draw: Callable[[Sheet, Purchase, int], None]
    columns: Callable[[Purchase], list[Column]]
    landscape: bool = False
    margin: float = 15
    bottom: float = 18


LAYOUTS: dict[str, Layout] = {
    layout.name: layout
    for layout in (
        Layout(name="ramka", family="arimo", draw=ramka.draw, columns=ramka.columns, margin=12),
    )
}


def render_invoice_pdf(purchase: Purchase, *, layout: str = "ramka") -> bytes:
    """The purchase as a PDF with a text layer; the same purchase gives the same bytes.

    `layout` is a key of `LAYOUTS`; any other is a `KeyError`.
    """
    form = LAYOUTS[layout]
    # Drawn twice: page numbers such as "1 z 3" need the number of pages first.
    pages = _draw(form, purchase, 1).pages
    return _draw(form, purchase, pages).bytes()


def _draw(form: Layout, purchase: Purchase, pages: int) -> Sheet:
    sheet = Sheet(
        form.family,
        issued_on=purchase.issued_on,
        title=purchase.number,
        landscape=form.landscape,
        margin=form.margin,
        bottom=form.bottom,
    )
    form.draw(sheet, purchase, pages)
    return sheet
