"""What a person changed of a reading, kept: it teaches the matching and measures the readers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from claims import extraction, purchases, queries, service
from claims.identity import normalise_number, skeleton
from claims.purchase_tables import PurchaseKind
from claims.purchases import Collision
from claims.states import ReasonCode
from claims.tables import ClaimLine
from core.errors import Invalid
from core.money import to_amount
from ocr.codec import encode
from ocr.reading import Box
from programs.product_tables import Product
from verification.conversation_tables import FieldCorrection
from verification.judging import LineVerdict
from verification.queue import Decider
from verification.tables import Cause, Review

MOST_LINES = 200
TYPED = "typed"  # the reason of a match that a person made


def record(
    session: Session,
    *,
    review: Review,
    clerk: Decider,
    verdicts: Sequence[LineVerdict],
    ms_spent: int | None = None,
    at: datetime,
) -> int:
    """Keep every value that these verdicts change; call it before they are applied. How many."""
    by_id = {line.id: line for line in queries.list_lines(session, review.claim_id)}
    made = []
    for verdict in verdicts:
        line = by_id.get(verdict.line_id)
        if line is None:
            continue
        for name, before, after in _changes(line, verdict):
            made.append(
                FieldCorrection(
                    claim_id=review.claim_id,
                    review_id=review.id,
                    field=f"line-{line.position}-{name}",
                    before=before,
                    after=after,
                    corrected_by=clerk.person_id,
                    at=at,
                    ms_spent=ms_spent,
                )
            )
    session.add_all(made)
    session.flush()
    return len(made)


def _changes(line: ClaimLine, verdict: LineVerdict) -> list[tuple[str, str, str]]:
    found = []
    if verdict.product_id is not None and verdict.product_id != line.product_id:
        found.append(("product", str(line.product_id or ""), str(verdict.product_id)))
    elif verdict.reason is ReasonCode.NOT_IN_PROGRAM and line.product_id is not None:
        found.append(("product", str(line.product_id), ""))
    if verdict.quantity is not None and verdict.quantity != line.quantity:
        found.append(("quantity", _plain(line.quantity), _plain(verdict.quantity)))
    if verdict.units is not None and verdict.units != line.units_per_quantity:
        found.append(("units", _plain(line.units_per_quantity), _plain(verdict.units)))
    before = to_amount(line.line_net_grosze) if line.line_net_grosze is not None else None
    if verdict.value is not None and verdict.value != before:
        found.append(("value", _plain(before), _plain(verdict.value)))
    return found


def _plain(quantity: Decimal | None) -> str:
    return "" if quantity is None else f"{quantity.normalize():f}"


def place_lines(
    session: Session,
    *,
    review: Review,
    clerk: Decider,
    boxes: Mapping[UUID, Box],
    at: datetime,
) -> None:
    """Lines whose place on the document a person drew again, by id; kept beside what was read."""
    for line in queries.list_lines(session, review.claim_id):
        box = boxes.get(line.id)
        if box is None:
            continue
        after: dict[str, Any] = encode(box)
        session.add(
            FieldCorrection(
                claim_id=review.claim_id,
                review_id=review.id,
                field=f"line-{line.position}-box",
                before=json.dumps(line.box, sort_keys=True) if line.box else "",
                after=json.dumps(after, sort_keys=True),
                corrected_by=clerk.person_id,
                at=at,
            )
        )
        line.box = after
        session.add(line)
    session.flush()


def add_line(
    session: Session,
    *,
    review: Review,
    clerk: Decider,
    product_id: UUID,
    quantity: Decimal,
    description: str = "",
    units: Decimal = Decimal(1),
    at: datetime,
) -> ClaimLine:
    """A row that the reader missed, typed by a person. Raises `Invalid`."""
    lines = queries.list_lines(session, review.claim_id)
    if len(lines) >= MOST_LINES:
        raise Invalid("no claim has that many lines", field="new-product")
    product = session.exec(
        select(Product).where(Product.id == product_id, Product.program_id == review.program_id)
    ).one_or_none()
    if product is None:
        raise Invalid("no such product in the programme", field="new-product")
    if not 0 < quantity < 1_000_000:
        raise Invalid("a quantity is above zero", field="new-quantity")
    made = ClaimLine(
        claim_id=review.claim_id,
        position=max((line.position for line in lines), default=0) + 1,
        description=description.strip()[:512] or product.name,
        quantity=quantity,
        unit=product.unit,
        units_per_quantity=units,
        product_id=product.id,
        match_score=Decimal(1),
        match_reason=TYPED,
    )
    session.add(made)
    session.add(
        FieldCorrection(
            claim_id=review.claim_id,
            review_id=review.id,
            field=f"line-{made.position}",
            before="",
            after=f"{product.sku} × {_plain(quantity)}",
            corrected_by=clerk.person_id,
            at=at,
        )
    )
    session.flush()
    return made


def identify(
    session: Session,
    *,
    review: Review,
    number: str,
    issued_on: date,
    seller_nip: str,
    at: datetime,
) -> Collision | None:
    """A person reads what no reader could: which document this is.

    Returns what it collides with: the claim is then held and the same person is asked about it.
    """
    claim = service.lock(session, review.claim_id)
    files = extraction.list_files(session, claim.id)
    keys: dict[str, Any] = {
        "kind": PurchaseKind.INVOICE,
        "seller_nip": seller_nip,
        "buyer_nip": None,
        "number": number,
        "number_norm": normalise_number(number),
        "number_skeleton": skeleton(number),
        "ksef_number": None,
        "ksef_hash": None,
        "cash_register_id": None,
        "print_number": None,
        "file_sha256": files[0].sha256 if len(files) == 1 else None,
        "issue_date": issued_on,
        "sale_date": None,
        "total_gross_grosze": None,
        "currency": "PLN",
        "trust": 0,
        "of_receipt": False,
    }
    collision = purchases.attach(session, claim, keys=keys, at=at)
    if collision is not None:
        claim.held_reason, claim.held_by_claim_id = collision.reason, collision.claim_id
        review.cause = Cause.HELD
        session.add_all([claim, review])
        session.flush()
    return collision
