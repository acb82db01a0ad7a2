"""A claim's invoice in the synced metadata: what it lifts, and what it does not.

The trust ladder: an uploaded XML alone never pays (level 2). Its hash found in the register's own
metadata, between the same two firms, is registration (level 4). A number or a code on a *print*
proves the document, not the lines that stand on the paper: level 3, until the XML itself is
fetched and its lines agree (level 5).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from claims import queries
from claims.identity import normalise_number
from claims.purchase_tables import Purchase
from claims.states import ClaimStatus
from claims.tables import Claim
from core.queue import Job, later
from ocr.reading import Reading
from partners import ksef_connection
from partners import queries as partner_queries
from partners.ksef_tables import ConnectionStatus, KsefInvoice, KsefKey
from partners.tables import Partner
from verification import ksef_corrections, proofs
from verification.feed_claims import Comparer, list_open
from verification.feed_rows import Row
from verification.ksef_sync import metadata_key
from verification.proof_tables import ProofKind

FETCH = Job("verification.fetch_ksef_invoice", timeout_s=120)
ACTOR = "ksef"


class Found(StrEnum):
    """What the metadata says of a claim's invoice."""

    REGISTERED = "registered"  # this very XML, between these firms: level 4
    HEADER = "header"  # the print names a registered invoice: level 3
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class _Asked:
    claim: Claim
    purchase: Purchase
    partner: Partner
    xml: bool


def look_up(session: Session, *, claim_id: UUID, key: bytes, at: datetime) -> Found:
    """Look a waiting claim up, lift its purchase, record the proof; no call to KSeF is made."""
    ksef_corrections.ask_for_claim(session, claim_id=claim_id, at=at)
    asked = _asked(session, claim_id)
    if asked is None:
        return Found.NOTHING
    invoice = _find(session, asked)
    if asked.xml and (
        (invoice is not None and invoice.invoice_hash.hex() == asked.purchase.ksef_hash)
        or _kept(session, asked, key)
    ):
        _lift(session, asked.purchase, level=4)
        proofs.record_proof(
            session,
            claim_id=claim_id,
            kind=ProofKind.KSEF_REGISTRY,
            evidence=_evidence(asked, level=4),
            actor=ACTOR,
            at=at,
        )
        return Found.REGISTERED
    if invoice is None or asked.xml:
        return Found.NOTHING
    _lift(session, asked.purchase, level=3)
    connection = ksef_connection.find(session, partner_id=asked.partner.id)
    if connection is not None and connection.status is ConnectionStatus.ACTIVE:
        later(
            session,
            FETCH,
            key=f"ksef-fetch-{claim_id}",
            at=at,
            claim_id=str(claim_id),
            connection_id=str(connection.id),
            ksef_number=invoice.ksef_number,
        )
    return Found.HEADER


def list_waiting(session: Session, *, partner_id: UUID, limit: int = 200) -> list[UUID]:
    """The waiting claims of a wholesaler that the metadata may answer; each is asked by itself."""
    partner = partner_queries.get_partner(session, partner_id)
    known = sa.select(col(KsefInvoice.ksef_number)).where(
        col(KsefInvoice.partner_id) == partner_id,
        sa.or_(
            sa.func.encode(col(KsefInvoice.invoice_hash), "hex") == col(Purchase.ksef_hash),
            col(KsefInvoice.ksef_number) == col(Purchase.ksef_number),
        ),
    )
    return list(
        session.exec(
            select(Claim.id)
            .join(Purchase, col(Purchase.id) == col(Claim.purchase_id))
            .where(
                Claim.status == ClaimStatus.AWAITING_PARTNER,
                Purchase.seller_nip == partner.nip,
                col(Purchase.trust) < 3,
                sa.exists(known),
            )
            .limit(limit)
        )
    )


def _asked(session: Session, claim_id: UUID) -> _Asked | None:
    claim = queries.get_claim(session, claim_id)
    purchase = queries.find_purchase(session, claim)
    if claim.status is not ClaimStatus.AWAITING_PARTNER or purchase is None:
        return None
    if purchase.seller_nip is None or not (purchase.ksef_hash or purchase.ksef_number):
        return None
    partner = partner_queries.find_by_nip(session, purchase.seller_nip)
    reading = queries.find_reading(session, claim_id)
    if partner is None or reading is None:
        return None
    own = reading.document_sha256 is not None and reading.document_sha256 == purchase.ksef_hash
    return _Asked(claim, purchase, partner, reading.route.startswith("ksef-xml") and own)


def _find(session: Session, asked: _Asked) -> KsefInvoice | None:
    """The registered invoice between the same firms; number, day and amount must not contradict."""
    wanted = []
    if asked.purchase.ksef_hash:
        wanted.append(col(KsefInvoice.invoice_hash) == bytes.fromhex(asked.purchase.ksef_hash))
    if asked.purchase.ksef_number and not asked.xml:
        wanted.append(col(KsefInvoice.ksef_number) == asked.purchase.ksef_number)
    if not wanted:
        return None
    found = session.exec(
        select(KsefInvoice).where(KsefInvoice.partner_id == asked.partner.id, sa.or_(*wanted))
    ).all()
    return next((one for one in found if _agrees(one, asked.purchase)), None)


def _agrees(one: KsefInvoice, purchase: Purchase) -> bool:
    same_parties = (one.seller_nip, one.buyer_nip) == (purchase.seller_nip, purchase.buyer_nip)
    same_number = purchase.number_norm in (None, normalise_number(one.invoice_number))
    same_day = purchase.issue_date in (None, one.issued_on)
    gross = purchase.total_gross_grosze
    same_total = gross is None or one.gross_grosze in (None, gross)
    same_hash = purchase.ksef_hash in (None, one.invoice_hash.hex())
    return same_parties and same_number and same_day and same_total and same_hash


def _kept(session: Session, asked: _Asked, key: bytes) -> bool:
    """Whether the hash of an invoice to a firm that enrolled later was kept."""
    purchase = asked.purchase
    if not purchase.ksef_hash or not purchase.buyer_nip or not purchase.seller_nip:
        return False
    wanted = metadata_key(
        key,
        invoice_hash=bytes.fromhex(purchase.ksef_hash),
        seller_nip=purchase.seller_nip,
        buyer_nip=purchase.buyer_nip,
    )
    return session.get(KsefKey, (asked.partner.id, wanted)) is not None


def _lift(session: Session, purchase: Purchase, *, level: int) -> None:
    session.execute(
        sa.update(Purchase)
        .where(col(Purchase.id) == purchase.id, col(Purchase.trust) < level)
        .values(trust=level)
    )


def _evidence(asked: _Asked, *, level: int) -> dict[str, object]:
    return {
        "level": level,
        "invoice_hash": asked.purchase.ksef_hash,
        "ksef_number": asked.purchase.ksef_number,
        "seller_nip": asked.purchase.seller_nip,
        "buyer_nip": asked.purchase.buyer_nip,
    }


def accept_fetched(
    session: Session, *, claim_id: UUID, sha256: str, reading: Reading, at: datetime
) -> bool:
    """Compare a claim with the XML that KSeF itself gave; True when every line agrees.

    `sha256` is that of the fetched bytes and must be the one in the metadata.
    """
    asked = _asked(session, claim_id)
    invoice = _find(session, asked) if asked is not None else None
    if asked is None or invoice is None or invoice.invoice_hash.hex() != sha256:
        return False
    rows = [
        Row(
            number=line.position,
            buyer_nip=invoice.buyer_nip,
            number_norm=normalise_number(invoice.invoice_number),
            quantity=line.quantity.value,
            gtin=line.gtin.value if line.gtin else "",
            index=line.article_no.value if line.article_no else "",
            name=line.description.value if line.description else "",
        )
        for line in reading.lines
        if line.quantity is not None
    ]
    for claim in list_open(session, partner=asked.partner, claim_id=claim_id):
        compared = Comparer(session, asked.partner).compare(claim, rows)
        if compared is None or not compared.proven:
            return False
        _lift(session, asked.purchase, level=5)
        proofs.record_proof(
            session,
            claim_id=claim_id,
            kind=ProofKind.KSEF_FETCHED,
            evidence={
                **_evidence(asked, level=5),
                "lines": sorted(at_ for line in compared.lines for at_ in line.positions),
            },
            actor=ACTOR,
            at=at,
        )
        return True
    return False
