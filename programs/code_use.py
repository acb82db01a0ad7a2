"""Using a product code up: once, by one participant, in its own programme."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from accounts.rates import Rate
from core.errors import DomainError, Invalid, Kind
from programs import codes, product_history
from programs.code_rates import CodeBringsNothing, rate_of
from programs.code_states import BatchStatus
from programs.code_tables import CodeBatch, ProductCode
from programs.policy import PerUnit, Rules
from programs.product_days import takes_part
from programs.product_tables import Product
from programs.tables import Participant

# Only wrong codes count in the end: good ones are given back.
GUESSES = Rate("product-codes", per_account=20, per_network=500, window_s=3600, sliding=True)


class CodeRefused(Invalid):
    """One answer for codes that are unknown, used by others, of another programme, void or early.

    Whoever guesses must not learn which of them it was.
    """

    code = "code-refused"


class CodeAlreadyYours(DomainError):
    """The participant used this very code before; `claim_id` tells on which claim."""

    kind = Kind.CONFLICT
    code = "code-already-yours"


@dataclass(frozen=True, slots=True)
class Used:
    product: Product
    batch: CodeBatch


def use(
    session: Session,
    *,
    code: str,
    key: bytes,
    participant: Participant,
    claim_id: UUID,
    rules: Rules,
    on: date,
    at: datetime,
) -> Used:
    """Use a code for a claim, or raise: `CodeMistyped`, `CodeAlreadyYours`, `CodeRefused`,
    `CodeBringsNothing` where `rules` have no rate per unit for its product.

    Of any number of people at once with one code, one gets through: the update takes the row only
    while nobody has it, and waits for whoever is at it.
    """
    digest = codes.digest(codes.canonical(code), key=key)
    found = session.execute(
        sa.select(ProductCode, CodeBatch, Product)
        .join(CodeBatch, col(CodeBatch.id) == col(ProductCode.batch_id))
        .join(Product, col(Product.id) == col(CodeBatch.product_id))
        .where(col(ProductCode.code_hmac) == digest)
        # A batch that is being withdrawn is waited for; codes of one batch do not wait for another.
        .with_for_update(of=CodeBatch, read=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise CodeRefused(field="code")
    known, batch, product = found
    if known.used_by == participant.id:
        raise CodeAlreadyYours(field="code", claim_id=str(known.claim_id))
    if (
        batch.program_id != participant.program_id
        or batch.status is not BatchStatus.ACTIVE
        or known.voided_at is not None
        or not takes_part(product, on)
    ):
        raise CodeRefused(field="code")
    facts = product_history.of(session, product, on=on)
    if known.claim_id is None and not isinstance(rate_of(rules, facts), PerUnit):
        raise CodeBringsNothing(field="code", product=product.name)
    if not take(session, digest=digest, participant_id=participant.id, claim_id=claim_id, at=at):
        used_by, by_claim = session.execute(
            sa.select(col(ProductCode.used_by), col(ProductCode.claim_id)).where(
                col(ProductCode.code_hmac) == digest
            )
        ).one()
        if used_by == participant.id:
            raise CodeAlreadyYours(field="code", claim_id=str(by_claim))
        raise CodeRefused(field="code")
    return Used(product, batch)


def take(
    session: Session, *, digest: bytes, participant_id: UUID, claim_id: UUID, at: datetime
) -> bool:
    """Mark a code as used while nobody has; whether it was ours to take."""
    result = session.execute(
        sa.update(ProductCode)
        .where(
            col(ProductCode.code_hmac) == digest,
            col(ProductCode.claim_id).is_(None),
            col(ProductCode.voided_at).is_(None),
        )
        .values(claim_id=claim_id, used_by=participant_id, used_at=at)
        .execution_options(synchronize_session=False)
    )
    return bool(result.rowcount)  # type: ignore[attr-defined]


def find_claim_of(session: Session, *, claim_id: UUID) -> CodeBatch | None:
    """The batch whose code paid a claim; none for claims by document."""
    return session.exec(
        select(CodeBatch)
        .join(ProductCode, col(ProductCode.batch_id) == col(CodeBatch.id))
        .where(ProductCode.claim_id == claim_id)
    ).first()
