"""The documents of the demo's claims: drawn by our generator and read by the real reader."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from random import Random

import ocr
from demo.documents import ksef_xml, photograph, render_invoice_pdf, render_receipt
from demo.documents.firms import WHOLESALERS, Wholesaler
from demo.documents.ksef.printout import ksef_print
from demo.documents.purchase import Party, Purchase
from demo.documents.scenario import invoice, receipt, send
from ocr.reading import Hints, ReadResult, SourceFile, Unreadable


class Form(StrEnum):
    PDF = "pdf"
    XML = "xml"
    KSEF_PRINT = "ksef_print"
    RECEIPT = "receipt"
    PHOTO = "photo"


MEDIA = {
    Form.PDF: ("pdf", "application/pdf"),
    Form.KSEF_PRINT: ("pdf", "application/pdf"),
    Form.XML: ("xml", "application/xml"),
    Form.RECEIPT: ("png", "image/png"),
    Form.PHOTO: ("jpg", "image/jpeg"),
}


@dataclass(frozen=True, slots=True)
class Order:
    """A document to be drawn: whose, from whom, when, how; the same order gives the same bytes."""

    key: int
    seed: int
    form: Form
    seller: str
    buyer: Party
    issued_on: date
    lines: int
    read: bool = True


@dataclass(frozen=True, slots=True)
class Paper:
    """A drawn document as a person would send it, and what the reader saw in it."""

    order: Order
    name: str
    media_type: str
    data: bytes
    result: ReadResult | None
    unreadable: Unreadable | None = None


def make(order: Order) -> Paper:
    """Draw one document and, if asked, read it."""
    rng = Random(order.seed)
    purchase = purchase_of(order, rng)
    data = draw(order, purchase)
    ending, media_type = MEDIA[order.form]
    stem = "".join(c if c.isalnum() else "_" for c in purchase.number or "paragon")
    name = (
        f"{stem}.{ending}" if order.form is not Form.PHOTO else f"IMG_{order.seed % 9999:04d}.jpg"
    )
    result, unreadable = None, None
    if order.read:
        try:
            result = ocr.read([SourceFile(data, name)], hints=Hints(today=order.issued_on))
        except Unreadable as error:
            unreadable = error
    return Paper(order, name, media_type, data, result, unreadable)


def seller_of(key: str) -> Wholesaler:
    return next(w for w in WHOLESALERS if w.key == key)


def purchase_of(order: Order, rng: Random) -> Purchase:
    seller = seller_of(order.seller)
    if order.form is Form.RECEIPT:
        slip = receipt(rng, lines=order.lines, shop=3)
        assert slip.till is not None
        till = replace(slip.till, buyer_nip=order.buyer.nip)
        return replace(slip, seller=seller.party, issued_on=order.issued_on, till=till)
    made = invoice(
        rng, lines=order.lines, seller=seller, buyer=order.buyer, issued_on=order.issued_on
    )
    if order.form in (Form.XML, Form.KSEF_PRINT):
        return send(rng, made)
    return made


def draw(order: Order, purchase: Purchase) -> bytes:
    if order.form is Form.XML:
        return ksef_xml(purchase)
    if order.form is Form.KSEF_PRINT:
        return ksef_print(purchase)
    if order.form is Form.RECEIPT:
        return render_receipt(purchase)
    pdf = render_invoice_pdf(purchase, layout=seller_of(order.seller).layout)
    if order.form is Form.PHOTO:
        return photograph(pdf, seed=order.seed, strength=0.35)
    return pdf


def make_all(orders: Sequence[Order]) -> Iterator[Paper]:
    """Draw and read on all cores, in the order that was asked for."""
    with ProcessPoolExecutor(max_workers=os.cpu_count() or 2) as pool:
        yield from pool.map(make, orders, chunksize=4)
