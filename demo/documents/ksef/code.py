"""KOD I: the verification link that binds a printed invoice to the bytes of its XML."""

from __future__ import annotations

import base64
import hashlib

from demo.documents.ksef.invoice_xml import ksef_xml
from demo.documents.purchase import KsefRecord, Purchase


def link_for(purchase: Purchase, xml: bytes) -> str:
    """The link to `xml`: seller's NIP, issue date, SHA-256 in Base64URL without padding."""
    record = purchase.ksef or KsefRecord()
    digest = base64.urlsafe_b64encode(hashlib.sha256(xml).digest()).decode().rstrip("=")
    return f"https://{record.host}/invoice/{purchase.seller.nip}/{purchase.issued_on:%d-%m-%Y}/{digest}"


def certificate_link(purchase: Purchase) -> str:
    """KOD II, which off-line invoices carry: who holds the certificate that signed the hash.

    The certificate and the signature are made up; no key stands behind them.
    """
    record = purchase.ksef or KsefRecord()
    nip = purchase.seller.nip
    serial = hashlib.sha256(f"certificate|{nip}".encode()).hexdigest()[:16].upper()
    digest = link_for(purchase, ksef_xml(purchase)).rsplit("/", 1)[1]
    signature = hashlib.sha512(f"{serial}|{digest}".encode()).digest()
    text = base64.urlsafe_b64encode(signature).decode().rstrip("=")
    return f"https://{record.host}/certificate/Nip/{nip}/{nip}/{serial}/{digest}/{text}"


def verification_link(purchase: Purchase) -> str:
    """What a print-out of this purchase shows; a record may carry a false link on purpose."""
    if purchase.ksef is not None and purchase.ksef.link:
        return purchase.ksef.link
    return link_for(purchase, ksef_xml(purchase))
