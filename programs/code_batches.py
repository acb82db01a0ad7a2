"""Batches of product codes: planned, handed out once, activated with the goods, withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from core import audit
from core.clock import local_date
from core.errors import DomainError, Invalid, Kind, NotFound
from programs import code_rates, code_states, codes, products
from programs.code_states import BatchStatus
from programs.code_tables import CodeBatch, ProductCode
from programs.product_tables import Product
from programs.service import chain

MOST_UNITS = 10_000
MOST_CODES = 2_000  # The labels of more would take longer than a page may.
LONGEST_NOTE = 200


class BatchNotFound(NotFound):
    code = "code-batch-not-found"


class AlreadyIssued(DomainError):
    """The codes of this batch were handed out; nobody, we neither, can read them again."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "codes-already-issued"


class CodeUnknown(Invalid):
    """No batch of this programme has the code."""

    code = "code-unknown"


class CodeSpent(DomainError):
    """The code was used or withdrawn before: there is nothing left to withdraw."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "code-spent"


@dataclass(frozen=True, slots=True)
class ListedBatch:
    """A batch with its product, and how many of its codes were used and withdrawn one by one."""

    batch: CodeBatch
    product: Product
    used: int
    voided: int


def plan(
    session: Session,
    *,
    program_id: UUID,
    product_id: UUID,
    size: int,
    units_per_code: int = 1,
    note: str = "",
    actor: str,
    at: datetime,
) -> CodeBatch:
    """A batch of so many codes, each for so many units; none exists before they are handed out.

    Raises `ProductNotFound`, `Invalid`, `CodesNeedUnitRate`.
    """
    if not 1 <= size <= MOST_CODES:
        raise Invalid("how many codes?", field="size", most=MOST_CODES)
    if not 1 <= units_per_code <= MOST_UNITS:
        raise Invalid("how many units?", field="units_per_code", most=MOST_UNITS)
    product = products.get_product(session, program_id=program_id, product_id=product_id)
    code_rates.require_unit_rate(session, program_id=program_id, product=product, on=local_date(at))
    session.execute(
        sa.select(sa.func.pg_advisory_xact_lock(_NUMBERING, sa.func.hashtext(str(program_id))))
    )
    last = session.exec(
        select(sa.func.coalesce(sa.func.max(CodeBatch.number), 0)).where(
            CodeBatch.program_id == program_id
        )
    ).one()
    batch = CodeBatch(
        program_id=program_id,
        number=last + 1,
        product_id=product.id,
        size=size,
        units_per_code=units_per_code,
        note=note.strip()[:LONGEST_NOTE],
        created_by=actor,
        created_at=at,
    )
    session.add(batch)
    session.flush()
    _record(session, batch, "codes.plan", actor, at)
    return batch


_NUMBERING = 4_711


def lock(session: Session, *, program_id: UUID, batch_id: UUID) -> CodeBatch:
    """The batch, locked until the transaction ends. Raises `BatchNotFound`."""
    batch = session.exec(
        select(CodeBatch)
        .where(CodeBatch.id == batch_id, CodeBatch.program_id == program_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if batch is None:
        raise BatchNotFound
    return batch


def issue(
    session: Session, *, program_id: UUID, batch_id: UUID, key: bytes, actor: str, at: datetime
) -> list[str]:
    """Make the codes of a batch and hand them out: the only time that anybody sees them.

    Raises `BatchNotFound`, `AlreadyIssued`, `IllegalTransition`, `CodesNeedUnitRate`.
    """
    batch = lock(session, program_id=program_id, batch_id=batch_id)
    if batch.issued_at is not None:
        raise AlreadyIssued(number=batch.number)
    code_states.check(batch.status, BatchStatus.ISSUED)
    _require_unit_rate(session, batch, at)
    made = [codes.new_code() for _ in range(batch.size)]
    session.execute(
        sa.insert(ProductCode),
        [{"code_hmac": codes.digest(code, key=key), "batch_id": batch.id} for code in made],
    )
    batch.status, batch.issued_by, batch.issued_at = BatchStatus.ISSUED, actor, at
    session.add(batch)
    session.flush()
    _record(session, batch, "codes.issue", actor, at)
    return made


def _require_unit_rate(session: Session, batch: CodeBatch, at: datetime) -> None:
    product = session.get_one(Product, batch.product_id)
    code_rates.require_unit_rate(
        session, program_id=batch.program_id, product=product, on=local_date(at)
    )


def activate(
    session: Session, *, program_id: UUID, batch_id: UUID, actor: str, at: datetime
) -> CodeBatch:
    """The goods are on their way: the codes work from now on.

    Raises `BatchNotFound`, `IllegalTransition`, `CodesNeedUnitRate`.
    """
    batch = lock(session, program_id=program_id, batch_id=batch_id)
    code_states.check(batch.status, BatchStatus.ACTIVE)
    _require_unit_rate(session, batch, at)
    batch.status, batch.activated_by, batch.activated_at = BatchStatus.ACTIVE, actor, at
    session.add(batch)
    session.flush()
    _record(session, batch, "codes.activate", actor, at)
    return batch


def void(
    session: Session,
    *,
    program_id: UUID,
    batch_id: UUID,
    reason: str,
    actor: str,
    at: datetime,
) -> CodeBatch:
    """No code of the batch works any more; points that were given stay.

    Raises `IllegalTransition`, `Invalid` without a reason.
    """
    if not reason.replace("\0", "").strip():
        raise Invalid("say why", field="reason")
    batch = lock(session, program_id=program_id, batch_id=batch_id)
    code_states.check(batch.status, BatchStatus.VOID)
    batch.status, batch.voided_by, batch.voided_at = BatchStatus.VOID, actor, at
    batch.void_reason = reason.replace("\0", "").strip()[:LONGEST_NOTE]
    session.add(batch)
    session.flush()
    _record(session, batch, "codes.void", actor, at)
    return batch


def void_code(
    session: Session,
    *,
    program_id: UUID,
    code: str,
    key: bytes,
    reason: str,
    actor: str,
    at: datetime,
) -> CodeBatch:
    """One code of the programme works no more; its batch does.

    Raises `CodeMistyped`, `CodeUnknown`, `CodeSpent`, `Invalid` without a reason.
    """
    if not reason.replace("\0", "").strip():
        raise Invalid("say why", field="reason")
    digest = codes.digest(codes.canonical(code), key=key)
    batch = session.exec(
        select(CodeBatch)
        .join(ProductCode, col(ProductCode.batch_id) == col(CodeBatch.id))
        .where(ProductCode.code_hmac == digest, CodeBatch.program_id == program_id)
        # The batch first, as whoever uses a code locks it.
        .with_for_update(of=CodeBatch, read=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if batch is None:
        raise CodeUnknown(field="code")
    changed = session.execute(
        sa.update(ProductCode)
        .where(
            col(ProductCode.code_hmac) == digest,
            col(ProductCode.claim_id).is_(None),
            col(ProductCode.voided_at).is_(None),
        )
        .values(
            voided_by=actor,
            voided_at=at,
            void_reason=reason.replace("\0", "").strip()[:LONGEST_NOTE],
        )
        .execution_options(synchronize_session=False)
    )
    if batch.status is BatchStatus.VOID or not changed.rowcount:  # type: ignore[attr-defined]
        raise CodeSpent(number=batch.number)
    _record(session, batch, "codes.void_one", actor, at)
    return batch


def get_listed(session: Session, *, program_id: UUID, batch_id: UUID) -> ListedBatch:
    """Raises `BatchNotFound` for what is not the programme's."""
    found = _listed(session, program_id, col(CodeBatch.id) == batch_id, limit=1)
    if not found:
        raise BatchNotFound
    return found[0]


def list_batches(
    session: Session, *, program_id: UUID, before: int = 0, limit: int = 50
) -> list[ListedBatch]:
    """The batches of a programme, newest first; `before` is a batch's number."""
    within = col(CodeBatch.number) < before if before else sa.true()
    return _listed(session, program_id, within, limit=limit)


def _listed(
    session: Session, program_id: UUID, within: sa.ColumnElement[bool], *, limit: int
) -> list[ListedBatch]:
    used, voided = (
        sa.select(sa.func.count())
        .where(col(ProductCode.batch_id) == col(CodeBatch.id), col(mark).is_not(None))
        .correlate(CodeBatch)
        .scalar_subquery()
        for mark in (ProductCode.claim_id, ProductCode.voided_at)
    )
    rows = session.execute(
        sa.select(CodeBatch, Product, used, voided)
        .join(Product, col(Product.id) == col(CodeBatch.product_id))
        .where(col(CodeBatch.program_id) == program_id, within)
        .order_by(col(CodeBatch.number).desc())
        .limit(limit)
    ).all()
    return [ListedBatch(*row) for row in rows]


def _record(session: Session, batch: CodeBatch, action: str, actor: str, at: datetime) -> None:
    audit.record(
        session,
        chain=chain(batch.program_id),
        actor=actor,
        action=action,
        subject=f"code_batch:{batch.id}",
        at=at,
        number=batch.number,
        size=batch.size,
    )
