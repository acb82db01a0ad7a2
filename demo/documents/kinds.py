"""Makers of honest documents, one for each kind of a measured set."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

from demo.documents import corrected, scenario, truth
from demo.documents.camera import scan_pages, take_photo
from demo.documents.camera.pictures import page_count
from demo.documents.firms import SHOPS, WHOLESALERS
from demo.documents.invoices import render_invoice_pdf
from demo.documents.ksef.invoice_xml import ksef_xml
from demo.documents.ksef.printout import PRINT_STYLES, ksef_print
from demo.documents.purchase import Encoding, Purchase
from demo.documents.receipts import render_receipt

_BILINGUAL = "dwujezyczna"  # half of its invoices are in euro
STAMPS = ("ZAPŁACONO", "GOTÓWKĄ", "Wydano z magazynu")
HOSTS = ("qr-test.ksef.mf.gov.pl", "qr-demo.ksef.mf.gov.pl")
STYLES = tuple(PRINT_STYLES)


@dataclass(frozen=True, slots=True)
class Made:
    """A document, its truth, and other files that belong to it (name, bytes)."""

    data: bytes
    truth: truth.Truth
    companions: tuple[tuple[str, bytes], ...] = ()


def layout_of(purchase: Purchase) -> str:
    """Each wholesaler has one invoicing program."""
    return next(w.layout for w in WHOLESALERS if w.party == purchase.seller)


def _invoice(rng: Random, turn: int) -> Purchase:
    """Wholesalers take turns, so that every layout comes up; two thirds are e-invoices."""
    seller = WHOLESALERS[turn % len(WHOLESALERS)]
    purchase = scenario.invoice(rng, seller=seller)
    if layout_of(purchase) == _BILINGUAL and rng.random() < 0.5:
        rate = Decimal(rng.randint(41_800, 43_900)) / 10_000
        purchase = replace(purchase, currency="EUR", rate_to_pln=rate)
    return scenario.send(rng, purchase) if rng.random() < 0.65 else purchase


def one_page(purchase: Purchase) -> tuple[Purchase, bytes]:
    """The invoice with as many of its rows as one page holds, and that page."""
    while True:
        pdf = render_invoice_pdf(purchase, layout=layout_of(purchase))
        if page_count(pdf) == 1 or len(purchase.lines) == 1:
            return purchase, pdf
        purchase = replace(purchase, lines=purchase.lines[: len(purchase.lines) * 2 // 3])


def _strength(rng: Random) -> float:
    """Most people take fair pictures; some do not."""
    return round(rng.choice((0.15, 0.3, 0.3, 0.45, 0.6, 0.8, 1.0)), 2)


def invoice_pdf(rng: Random, turn: int, doc_id: str) -> Made:
    purchase = _invoice(rng, turn)
    layout = layout_of(purchase)
    copies = ("ORYGINAŁ", "KOPIA") if rng.random() < 0.12 else ()
    pdf = render_invoice_pdf(purchase, layout=layout, copies=copies)
    facts = truth.invoice_truth(
        purchase, doc_id=doc_id, file=f"{doc_id}.pdf", capture="pdf-text", layout=layout
    )
    facts["copies"] = len(copies) or 1
    return Made(pdf, facts)


def invoice_photo(rng: Random, turn: int, doc_id: str) -> Made:
    purchase, pdf = one_page(_invoice(rng, turn))
    facts = truth.invoice_truth(
        purchase,
        doc_id=doc_id,
        file=f"{doc_id}.jpg",
        capture="photo",
        layout=layout_of(purchase),
    )
    return photographed(rng, pdf, facts, purchase)


def photographed(rng: Random, document: bytes, facts: truth.Truth, purchase: Purchase) -> Made:
    strength = _strength(rng)
    stamped = rng.random() < 0.35 and purchase.till is None
    stamp = (purchase.seller.name[:30], rng.choice(STAMPS)) if stamped else ()
    scribbles = rng.choice((0, 0, 1, 2, 3)) if purchase.till is None else 0
    photo = take_photo(
        document, seed=rng.randrange(2**31), strength=strength, stamp=stamp, scribbles=scribbles
    )
    facts |= {
        "strength": strength,
        "corners": [list(corner) for corner in photo.corners],
        "jpeg_quality": photo.quality,
        "stamped": stamped,
        "scribbles": scribbles,
    }
    return Made(photo.jpeg, facts)


def invoice_scan(rng: Random, turn: int, doc_id: str) -> Made:
    purchase = _invoice(rng, turn)
    layout = layout_of(purchase)
    strength = _strength(rng)
    pdf = render_invoice_pdf(purchase, layout=layout)
    scan = scan_pages(pdf, seed=rng.randrange(2**31), strength=strength)
    facts = truth.invoice_truth(
        purchase, doc_id=doc_id, file=f"{doc_id}.pdf", capture="scan", layout=layout
    )
    facts["strength"] = strength
    return Made(scan, facts)


def receipt_png(rng: Random, turn: int, doc_id: str) -> Made:
    purchase = scenario.receipt(rng, shop=turn % len(SHOPS))
    style = scenario.slip_style(purchase.seller)
    facts = truth.receipt_truth(
        purchase, doc_id=doc_id, file=f"{doc_id}.png", capture="screen", style=style
    )
    return Made(render_receipt(purchase, style=style.name), facts)


def receipt_photo(rng: Random, turn: int, doc_id: str) -> Made:
    purchase = scenario.receipt(rng, shop=turn % len(SHOPS))
    style = scenario.slip_style(purchase.seller)
    facts = truth.receipt_truth(
        purchase, doc_id=doc_id, file=f"{doc_id}.jpg", capture="photo", style=style
    )
    return photographed(rng, render_receipt(purchase, style=style.name), facts, purchase)


def _electronic(rng: Random, turn: int) -> Purchase:
    """All kinds of e-invoices in turn: ordinary, simplified, advance, final, old form, off-line."""
    form = 2 if turn % 5 == 4 else 3
    if turn % 7 == 2:
        return scenario.send(rng, scenario.simplified(rng), form=form)
    if turn % 7 in (3, 5):
        before = scenario.send(rng, scenario.advance(rng), form=form)
        if turn % 7 == 3:
            return before
        return scenario.send(rng, scenario.final(rng, before), form=form)
    purchase = scenario.decorated(rng, scenario.invoice(rng))
    return scenario.send(rng, purchase, form=form, offline=turn % 7 == 6)


def ksef_xml_file(rng: Random, turn: int, doc_id: str) -> Made:
    purchase = _electronic(rng, turn)
    facts = truth.xml_truth(purchase, doc_id=doc_id, file=f"{doc_id}.xml")
    return Made(ksef_xml(purchase), facts)


def ksef_print_file(rng: Random, turn: int, doc_id: str) -> Made:
    """A print-out; sometimes of another environment, which is worth no points."""
    purchase = _electronic(rng, turn)
    if turn % 6 == 5 and purchase.ksef is not None:
        purchase = replace(purchase, ksef=replace(purchase.ksef, host=rng.choice(HOSTS)))
    style = STYLES[turn % len(STYLES)]
    facts = truth.ksef_print_truth(
        purchase, doc_id=doc_id, file=f"{doc_id}.pdf", capture="pdf-text", style=style
    )
    name = f"{doc_id}.source.xml"
    facts["xml"] = name
    return Made(ksef_print(purchase, style=style), facts, ((name, ksef_xml(purchase)),))


def ksef_photo(rng: Random, turn: int, doc_id: str) -> Made:
    """The page with the code, photographed: an invoicing program's form on one page."""
    seller = WHOLESALERS[turn % len(WHOLESALERS)]
    purchase = scenario.invoice(rng, seller=seller, lines=rng.randint(1, 8))
    purchase = scenario.send(rng, purchase, offline=turn % 5 == 3)
    purchase, pdf = one_page(purchase)
    facts = truth.invoice_truth(
        purchase,
        doc_id=doc_id,
        file=f"{doc_id}.jpg",
        capture="photo",
        layout=layout_of(purchase),
    )
    return photographed(rng, pdf, facts, purchase)


def _correction(rng: Random, turn: int) -> Purchase:
    """The encodings in turn, then chains and corrections of final invoices."""
    choice = turn % 9
    if choice == 7:
        return scenario.send(rng, corrected.chain(rng)[2])
    if choice == 8 and turn // 9 % 2:
        return scenario.send(rng, corrected.correction(rng, Encoding.STORNO)[-1])
    if choice == 8:
        return scenario.send(rng, corrected.of_final(rng))
    encoding = list(Encoding)[choice]
    made = corrected.correction(rng, encoding)
    purchase = made[-2] if encoding is Encoding.WRONG_BUYER else made[-1]
    return scenario.send(rng, purchase)


def correction_pdf(rng: Random, turn: int, doc_id: str) -> Made:
    purchase = corrected.correction(rng, list(Encoding)[turn % 3])[-1]
    if rng.random() < 0.6:
        purchase = scenario.send(rng, purchase)
    facts = truth.invoice_truth(
        purchase, doc_id=doc_id, file=f"{doc_id}.pdf", capture="pdf-text", layout="korekta"
    )
    return Made(render_invoice_pdf(purchase, layout="korekta"), facts)


def correction_print(rng: Random, turn: int, doc_id: str) -> Made:
    purchase = _correction(rng, turn)
    style = STYLES[turn % len(STYLES)]
    facts = truth.ksef_print_truth(
        purchase, doc_id=doc_id, file=f"{doc_id}.pdf", capture="pdf-text", style=style
    )
    return Made(ksef_print(purchase, style=style), facts)


def correction_xml(rng: Random, turn: int, doc_id: str) -> Made:
    purchase = _correction(rng, turn)
    facts = truth.xml_truth(purchase, doc_id=doc_id, file=f"{doc_id}.xml")
    return Made(ksef_xml(purchase), facts)
