"""Makers of documents that a reader must not take at their word: false, doubled, no proof."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

from demo.documents import scenario, truth
from demo.documents.firms import BUYERS, SHOPS, WHOLESALERS, Wholesaler
from demo.documents.invoices import render_invoice_pdf
from demo.documents.kinds import Made, layout_of, one_page, photographed
from demo.documents.ksef.code import link_for
from demo.documents.ksef.invoice_xml import ksef_xml
from demo.documents.ksef.printout import PRINT_STYLES, ksef_print
from demo.documents.purchase import KsefRecord, Purchase, PurchaseLine
from demo.documents.receipts import render_receipt

FALSE_LINKS = (
    "wrong-environment",
    "foreign-host",
    "hash-mismatch",
    "nip-mismatch",
    "date-mismatch",
    "bad-number",
)
NO_PROOFS = ("Faktura pro forma", "Zamówienie od odbiorcy", "Oferta")


def false_xml(rng: Random, turn: int, doc_id: str) -> Made:
    """An XML that is not the one that was sent, with the honest print-out beside it.

    In turn: a raised quantity, other line ends, a byte order mark; the truth names which.
    """
    honest = scenario.send(rng, scenario.invoice(rng, lines=rng.randint(1, 6)))
    assert honest.ksef is not None
    sent = ksef_xml(honest)
    link = link_for(honest, sent)
    falsity = ("quantity", "line-ends", "byte-order-mark")[turn % 3]
    claimed = honest
    if falsity == "quantity":
        raised = _raised(honest.lines[0])
        claimed = replace(honest, lines=(raised, *honest.lines[1:]))
        shown = ksef_xml(claimed)
    elif falsity == "line-ends":
        record: KsefRecord = honest.ksef
        honest = replace(honest, ksef=replace(record, newline="\r\n", indent="  "))
        sent, claimed = ksef_xml(honest), honest
        link = link_for(honest, sent)
        shown = sent.replace(b"\r\n", b"\n")
    else:
        shown = b"\xef\xbb\xbf" + sent
    facts = truth.xml_truth(claimed, doc_id=doc_id, file=f"{doc_id}.xml")
    name = f"{doc_id}.print.pdf"
    facts |= {"falsity": falsity, "ksef_link": link, "print": name}
    return Made(shown, facts, ((name, ksef_print(honest)),))


def _raised(line: PurchaseLine) -> PurchaseLine:
    """Ten times as many, as a cheat would like it."""
    assert line.quantity is not None
    return replace(line, quantity=line.quantity * 10)


def false_print(rng: Random, turn: int, doc_id: str) -> Made:
    """A print-out whose code or number does not fit it; the truth names the falsity."""
    honest = scenario.send(rng, scenario.invoice(rng, lines=rng.randint(1, 6)))
    assert honest.ksef is not None
    falsity = FALSE_LINKS[turn % len(FALSE_LINKS)]
    link = link_for(honest, ksef_xml(honest))
    record = honest.ksef
    if falsity == "bad-number":
        last = "0" if record.number[-1] != "0" else "1"
        record = replace(record, number=record.number[:-1] + last)
    else:
        record = replace(record, link=_bent(honest, link, falsity))
    purchase = replace(honest, ksef=record)
    style = tuple(PRINT_STYLES)[turn % len(PRINT_STYLES)]
    facts = truth.ksef_print_truth(
        purchase, doc_id=doc_id, file=f"{doc_id}.pdf", capture="pdf-text", style=style
    )
    facts |= {"falsity": falsity, "xml": f"{doc_id}.source.xml"}
    xml = ksef_xml(purchase)
    return Made(ksef_print(purchase, style=style), facts, ((facts["xml"], xml),))


def _bent(purchase: Purchase, link: str, falsity: str) -> str:
    """The right link with one part replaced."""
    digest = link.rsplit("/", 1)[1]
    match falsity:
        case "wrong-environment":
            return link.replace("qr.ksef", "qr-test.ksef")
        case "foreign-host":
            return link.replace("ksef.mf.gov.pl", "ksef-mf-gov.example")
        case "hash-mismatch":
            other = replace(purchase, number=purchase.number + "X")
            return link.replace(digest, link_for(other, ksef_xml(other)).rsplit("/", 1)[1])
        case "nip-mismatch":
            return link.replace(purchase.seller.nip, BUYERS[0].nip)
    day = purchase.issued_on + timedelta(days=1)
    return link.replace(f"{purchase.issued_on:%d-%m-%Y}", f"{day:%d-%m-%Y}")


def twins(rng: Random, turn: int, doc_id: str) -> Made:
    """One purchase in several files: photo, PDF and XML, or a receipt and the invoice to it."""
    if turn % 2 == 0:
        seller = scenario.NET_SELLERS[turn // 2 % len(scenario.NET_SELLERS)]
        purchase = scenario.invoice(rng, seller=seller, lines=rng.randint(1, 8))
        purchase, pdf = one_page(scenario.send(rng, purchase))
        facts = truth.invoice_truth(
            purchase,
            doc_id=doc_id,
            file=f"{doc_id}.jpg",
            capture="photo",
            layout=layout_of(purchase),
        )
        made = photographed(rng, pdf, facts, purchase)
        others = [(f"{doc_id}.twin.pdf", pdf), (f"{doc_id}.twin.xml", ksef_xml(purchase))]
    else:
        slip = scenario.receipt(rng, shop=turn // 2 % len(SHOPS))
        style = scenario.slip_style(slip.seller)
        facts = truth.receipt_truth(
            slip, doc_id=doc_id, file=f"{doc_id}.png", capture="screen", style=style
        )
        made = Made(render_receipt(slip, style=style.name), facts)
        number = f"FP/{rng.randint(1, 999)}/{slip.issued_on:%m/%Y}"
        invoice = replace(slip, number=number, buyer=rng.choice(BUYERS), to_receipt=True, till=None)
        others = [(f"{doc_id}.twin.pdf", render_invoice_pdf(invoice, layout="brutto"))]
        facts["twin_invoice_number"] = number
    made.truth["twins"] = [name for name, _ in others]
    return Made(made.data, made.truth, tuple(others))


def no_proof(rng: Random, turn: int, doc_id: str) -> Made:
    """What looks like a purchase and proves none: pro forma, order, offer, non-fiscal slip."""
    choice = turn % (len(NO_PROOFS) + 1)
    if choice == len(NO_PROOFS):
        slip = scenario.receipt(rng, shop=turn % len(SHOPS))
        assert slip.till is not None
        slip = replace(slip, till=replace(slip.till, non_fiscal=True))
        style = scenario.slip_style(slip.seller)
        facts = truth.receipt_truth(
            slip, doc_id=doc_id, file=f"{doc_id}.png", capture="screen", style=style
        )
        data = render_receipt(slip, style=style.name)
        facts["cash_register_id"] = None  # No fiscal mark, no register number.
        facts["scored"].remove("cash_register_id")
    else:
        seller: Wholesaler = WHOLESALERS[turn % len(WHOLESALERS)]
        paper = replace(scenario.invoice(rng, seller=seller), heading=NO_PROOFS[choice])
        layout = layout_of(paper)
        facts = truth.invoice_truth(
            paper, doc_id=doc_id, file=f"{doc_id}.pdf", capture="pdf-text", layout=layout
        )
        data = render_invoice_pdf(paper, layout=layout)
    facts["doc_type"] = "other"
    return Made(data, facts)
