"""Chooses a layout and turns a purchase into the bytes of its PDF."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from demo.documents.invoices import (
    arkusz,
    brutto,
    chmura,
    dwujezyczna,
    hurt,
    konsola,
    korekta,
    optima,
    pietro,
    podsumowanie,
    ramka,
    szeryf,
    warunki,
)
from demo.documents.invoices.cells import Writing, habits
from demo.documents.purchase import InvoiceType, Purchase
from demo.documents.sheet import Column, Sheet

PLAIN_TYPES = frozenset({InvoiceType.VAT, InvoiceType.SIMPLIFIED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One program's form. `columns` says what its table prints of a given purchase."""

    name: str
    family: str
    draw: Callable[[Sheet, Purchase, Writing, int], None]
    columns: Callable[[Purchase], list[Column]]
    writing: Writing
    landscape: bool = False
    margin: float = 15
    bottom: float = 18
    gross: bool = False  # for gross-priced purchases only
    types: frozenset[InvoiceType] = PLAIN_TYPES


class LayoutMismatch(Exception):
    """The layout cannot say what this purchase says (its type, or its kind of prices)."""


LAYOUTS: dict[str, Layout] = {
    layout.name: layout
    for layout in (
        Layout(
            name="ramka",
            family="arimo",
            draw=ramka.draw,
            columns=ramka.columns,
            writing=ramka.WRITING,
            margin=12,
        ),
        Layout(
            name="chmura",
            family="roboto",
            draw=chmura.draw,
            columns=chmura.columns,
            writing=chmura.WRITING,
        ),
        Layout(
            name="podsumowanie",
            family="arimo",
            draw=podsumowanie.draw,
            columns=podsumowanie.columns,
            writing=podsumowanie.WRITING,
        ),
        Layout(
            name="arkusz",
            family="carlito",
            draw=arkusz.draw,
            columns=arkusz.columns,
            writing=arkusz.WRITING,
            margin=13,
        ),
        Layout(
            name="hurt",
            family="dejavu-condensed",
            draw=hurt.draw,
            columns=hurt.columns,
            writing=hurt.WRITING,
            landscape=True,
            margin=12,
            bottom=16,
        ),
        Layout(
            name="szeryf",
            family="tinos",
            draw=szeryf.draw,
            columns=szeryf.columns,
            writing=szeryf.WRITING,
            margin=18,
        ),
        Layout(
            name="optima",
            family="dejavu-condensed",
            draw=optima.draw,
            columns=optima.columns,
            writing=optima.WRITING,
            margin=12,
        ),
        Layout(
            name="konsola",
            family="cousine",
            draw=konsola.draw,
            columns=konsola.columns,
            writing=konsola.WRITING,
            margin=14,
        ),
        Layout(
            name="dwujezyczna",
            family="dejavu",
            draw=dwujezyczna.draw,
            columns=dwujezyczna.columns,
            writing=dwujezyczna.WRITING,
        ),
        Layout(
            name="brutto",
            family="arimo",
            draw=brutto.draw,
            columns=brutto.columns,
            writing=brutto.WRITING,
            gross=True,
        ),
        Layout(
            name="pietro",
            family="carlito",
            draw=pietro.draw,
            columns=pietro.columns,
            writing=pietro.WRITING,
            margin=14,
        ),
        Layout(
            name="warunki",
            family="arimo",
            draw=warunki.draw,
            columns=warunki.columns,
            writing=warunki.WRITING,
        ),
        Layout(
            name="korekta",
            family="arimo",
            draw=korekta.draw,
            columns=korekta.columns,
            writing=korekta.WRITING,
            margin=12,
            types=frozenset({InvoiceType.CORRECTION}),
        ),
    )
}


def layouts_for(purchase: Purchase) -> list[str]:
    """Names of the layouts that can draw this purchase, in a fixed order."""
    return [
        layout.name
        for layout in LAYOUTS.values()
        if purchase.type in layout.types and layout.gross == purchase.gross_priced
    ]


def render_invoice_pdf(
    purchase: Purchase, *, layout: str = "ramka", copies: Sequence[str] = ()
) -> bytes:
    """The purchase as a PDF with a text layer; the same purchase gives the same bytes.

    `layout` is a key of `LAYOUTS` (else `KeyError`); `LayoutMismatch` where it does not suit.
    `copies` puts several marked copies into one file, such as ORYGINAŁ and KOPIA.
    """
    form = LAYOUTS[layout]
    if layout not in layouts_for(purchase):
        raise LayoutMismatch(f"{layout} cannot draw {purchase.type} {purchase.number}")
    marked = [purchase.with_(marks=(copy,)) for copy in copies] or [purchase]
    sheet = _draw(form, marked, 1)
    if sheet.pages > 1:
        # Drawn again: page numbers such as "1 z 3" need the number of pages first.
        sheet.close()
        sheet = _draw(form, marked, sheet.pages)
    return sheet.bytes()


def _draw(form: Layout, copies: Sequence[Purchase], pages: int) -> Sheet:
    purchase = copies[0]
    sheet = Sheet(
        form.family,
        issued_on=purchase.issued_on,
        title=purchase.number,
        landscape=form.landscape,
        margin=form.margin,
        bottom=form.bottom,
    )
    for number, copy in enumerate(copies):
        if number:
            sheet.start_copy()
        form.draw(sheet, copy, habits(purchase, form.writing), pages)
    return sheet
