"""Which purchase a document proves: made, or found by any of its keys."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from claims import collisions
from claims.collisions import Collision, first_living_claim
from claims.keys import HeldReason, key_texts, keys_of
from claims.purchase_tables import Purchase, PurchaseKey
from claims.tables import Claim
from core.columns import new_id

UNIQUE = (
    "number_norm",
    "ksef_number",
    "ksef_hash",
    "cash_register_id",
    "print_number",
    "file_sha256",
)
__all__ = ["Collision", "HeldReason", "attach", "keys_of"]


def attach(
    session: Session,
    claim: Claim,
    *,
    keys: dict[str, Any],
    shares: bool = False,
    at: datetime,
) -> Collision | None:
    """Point a locked claim to its purchase, made or found, and name what it collides with.

    Claims of a programme take turns here, so that of two that are only alike the second sees the
    first; equal keys are refused by the unique index besides. With `shares` another participant's
    claim on the same purchase is none: its lines protect each unit.
    """
    _take_turn(session, claim.program_id)
    texts = key_texts(keys)
    hits = _hits(session, claim, texts)
    if not hits:
        twin = collisions.receipt_twin(session, claim, keys)
        hits = [(HeldReason.RECEIPT_INVOICE, twin)] if twin else []
    ours = claim.participant_id if shares else None
    collision, purchase_id = None, hits[0][1] if hits else None
    for reason, found in hits:
        other = first_living_claim(session, claim, [found], of_participant=ours)
        if other is not None:
            collision, purchase_id = Collision(reason, other), found
            break
        if first_living_claim(session, claim, [found]) is not None:
            purchase_id = found  # Shared with somebody else.
    if any(found != claim.purchase_id for _, found in hits):
        # A released claim's purchase has one of them: unique columns stay where they are.
        known = {**keys, **dict.fromkeys(UNIQUE)}
    else:
        known = keys
    purchase = _open(session, claim, known if purchase_id else keys, purchase_id, at)
    _add_keys(session, claim, purchase, [text for _, text in texts])
    claim.purchase_id = purchase.id
    session.add(claim)
    session.flush()
    return collision or collisions.alike(session, claim, purchase)


def _take_turn(session: Session, program_id: UUID) -> None:
    """One at a time per programme, until the end of the transaction."""
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(program_id.int & (2**63 - 1))))


def _hits(
    session: Session, claim: Claim, texts: list[tuple[HeldReason, str]]
) -> list[tuple[HeldReason, UUID]]:
    """The purchases that have one of our keys, by the strongest key."""
    rows = session.execute(
        sa.select(col(PurchaseKey.key), col(PurchaseKey.purchase_id)).where(
            col(PurchaseKey.program_id) == claim.program_id,
            col(PurchaseKey.key).in_([text for _, text in texts]),
        )
    )
    known: dict[str, UUID] = {key: purchase_id for key, purchase_id in rows}
    found: dict[UUID, HeldReason] = {}
    for reason, text in texts:
        if text in known:
            found.setdefault(known[text], reason)
    return [(reason, purchase_id) for purchase_id, reason in found.items()]


def _open(
    session: Session, claim: Claim, keys: dict[str, Any], purchase_id: UUID | None, at: datetime
) -> Purchase:
    if purchase_id is None and claim.purchase_id is not None and not _is_shared(session, claim):
        purchase_id = claim.purchase_id  # Read again, or by a person: the same document.
    if purchase_id is None:
        made = Purchase(id=new_id(), program_id=claim.program_id, created_at=at, **keys)
        session.add(made)
        session.flush()
        return made
    purchase = session.get_one(Purchase, purchase_id)
    if purchase_id == claim.purchase_id and not _is_shared(session, claim):
        # What was unread when it was made is known now; what was read is not taken away.
        for name, value in keys.items():
            if value is not None:
                setattr(purchase, name, value)
        session.add(purchase)
        session.flush()
    return purchase


def _is_shared(session: Session, claim: Claim) -> bool:
    """Whether another living claim stands on this claim's purchase."""
    assert claim.purchase_id is not None
    return first_living_claim(session, claim, [claim.purchase_id]) is not None


def _add_keys(session: Session, claim: Claim, purchase: Purchase, texts: list[str]) -> None:
    """Whatever comes later with any of these keys is this purchase. Taken keys stay where they are.

    A key that was taken by a purchase whose claims are all released stays there too: a new claim
    of that document finds it, and collides with nothing.
    """
    if texts:
        session.execute(
            insert(PurchaseKey)
            .values(
                [
                    {"program_id": claim.program_id, "key": t, "purchase_id": purchase.id}
                    for t in texts
                ]
            )
            .on_conflict_do_nothing()
        )


def find_by_key(session: Session, *, program_id: UUID, key: str) -> UUID | None:
    """The purchase of a programme that has this key."""
    found = session.get(PurchaseKey, (program_id, key))
    return found.purchase_id if found else None
