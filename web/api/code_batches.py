"""Product codes over the API: batches planned, handed out once, activated, withdrawn."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from core.i18n import translations
from programs import code_batches, codes, products
from programs.code_batches import ListedBatch
from programs.code_states import BatchStatus
from web import label_files
from web.access import PROGRAM_ANALYST, PROGRAM_MANAGER, ApiRouter
from web.api.paging import Limit
from web.api.posting import MAY_REPEAT
from web.deps import CurrentViewer, Now, Opened, UnitOfWork
from web.idempotent import idempotent
from web.program_people import CurrentProgram, ManagedProgram

router = ApiRouter(area="codes", access=PROGRAM_ANALYST, prefix="/code-batches")
FILES: dict[str, dict[str, object]] = {kind: {} for kind in label_files.MEDIA_TYPES.values()}


class BatchIn(BaseModel):
    """A batch to be made: so many codes of one product, each for so many of its units."""

    sku: str = Field(max_length=100)
    size: int = Field(ge=1, le=code_batches.MOST_CODES)
    units_per_code: int = Field(1, ge=1, le=code_batches.MOST_UNITS)
    note: str = Field("", max_length=code_batches.LONGEST_NOTE)


class BatchOut(BaseModel):
    """A batch; its codes are nowhere, only how many of them were used or withdrawn."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    number: int
    product_id: UUID
    sku: str
    product: str
    unit: str
    status: BatchStatus
    size: int
    units_per_code: int
    used: int
    voided: int = Field(description="codes withdrawn one by one")
    note: str
    created_at: datetime
    issued_at: datetime | None
    activated_at: datetime | None
    voided_at: datetime | None
    void_reason: str

    @classmethod
    def of(cls, found: ListedBatch) -> BatchOut:
        batch, product = found.batch, found.product
        return cls(
            id=batch.id,
            number=batch.number,
            product_id=product.id,
            sku=product.sku,
            product=product.name,
            unit=product.unit,
            status=batch.status,
            size=batch.size,
            units_per_code=batch.units_per_code,
            used=found.used,
            voided=found.voided,
            note=batch.note,
            created_at=batch.created_at,
            issued_at=batch.issued_at,
            activated_at=batch.activated_at,
            voided_at=batch.voided_at,
            void_reason=batch.void_reason,
        )


class BatchList(BaseModel):
    """Batches, the newest first; `next_before` asks for the piece after these."""

    items: list[BatchOut]
    next_before: int | None


class ReasonIn(BaseModel):
    reason: str = Field(max_length=code_batches.LONGEST_NOTE)


class CodeIn(ReasonIn):
    """One code as it is printed, and why it must not work any more."""

    code: str = Field(max_length=100)


def _shown(session: Session, program_id: UUID, batch_id: UUID) -> BatchOut:
    return BatchOut.of(code_batches.get_listed(session, program_id=program_id, batch_id=batch_id))


@router.get("")
def list_batches(
    session: UnitOfWork,
    program: CurrentProgram,
    limit: Limit = 50,
    before: Annotated[int, Query(ge=0, description="a batch's number")] = 0,
) -> BatchList:
    """The programme's batches."""
    found = code_batches.list_batches(
        session, program_id=program.id, before=before, limit=limit + 1
    )
    more = found[limit - 1].batch.number if len(found) > limit else None
    return BatchList(items=[BatchOut.of(row) for row in found[:limit]], next_before=more)


@router.post(
    "", access=PROGRAM_MANAGER, status_code=201, response_model=BatchOut, openapi_extra=MAY_REPEAT
)
@idempotent
def create_batch(
    request: Request,
    session: UnitOfWork,
    program: ManagedProgram,
    viewer: CurrentViewer,
    given: BatchIn,
    now: Now,
) -> BatchOut:
    """Plan a batch; no code exists before it is handed out."""
    del request  # The idempotency around this asks for it.
    product = products.find_by_sku(session, program_id=program.id, sku=given.sku.strip())
    if product is None:
        raise products.ProductNotFound(field="sku")
    batch = code_batches.plan(
        session,
        program_id=program.id,
        product_id=product.id,
        size=given.size,
        units_per_code=given.units_per_code,
        note=given.note,
        actor=viewer.actor,
        at=now,
    )
    return _shown(session, program.id, batch.id)


@router.post("/code-voiding", access=PROGRAM_MANAGER, openapi_extra=MAY_REPEAT)
@idempotent
def void_code(
    request: Request,
    app: Opened,
    session: UnitOfWork,
    program: ManagedProgram,
    viewer: CurrentViewer,
    given: CodeIn,
    now: Now,
) -> BatchOut:
    """Withdraw one code, of a label that was lost or torn; answers with its batch."""
    del request
    batch = code_batches.void_code(
        session,
        program_id=program.id,
        code=given.code,
        key=app.settings.derive_key(codes.PURPOSE),
        reason=given.reason,
        actor=viewer.actor,
        at=now,
    )
    return _shown(session, program.id, batch.id)


@router.get("/{batch_id}")
def get_batch(session: UnitOfWork, program: CurrentProgram, batch_id: UUID) -> BatchOut:
    """One batch."""
    return _shown(session, program.id, batch_id)


@router.post(
    "/{batch_id}/issue",
    access=PROGRAM_MANAGER,
    response_class=Response,
    responses={200: {"content": FILES, "description": "The codes: table, labels, or both."}},
)
def issue_batch(
    app: Opened,
    session: UnitOfWork,
    program: ManagedProgram,
    viewer: CurrentViewer,
    batch_id: UUID,
    now: Now,
    form: label_files.Form = label_files.Form.ZIP,
) -> Response:
    """Make the codes and hand them out: this answer is the only time that anybody sees them.

    `form`: `csv` (a table), `pdf` (24 labels with QR to an A4 sheet) or `zip` with both. Not
    repeatable by key on purpose: a kept answer would be a kept list of codes.
    """
    found = code_batches.get_listed(session, program_id=program.id, batch_id=batch_id)
    made = code_batches.issue(
        session,
        program_id=program.id,
        batch_id=batch_id,
        key=app.settings.derive_key(codes.PURPOSE),
        actor=viewer.actor,
        at=now,
    )
    return label_files.answer(
        made,
        found,
        program=program.name,
        base_url=app.settings.base_url,
        language=viewer.language,
        gettext=translations(viewer.language).gettext,
        form=form,
    )


@router.post("/{batch_id}/activation", access=PROGRAM_MANAGER, openapi_extra=MAY_REPEAT)
@idempotent
def activate_batch(
    request: Request,
    session: UnitOfWork,
    program: ManagedProgram,
    viewer: CurrentViewer,
    batch_id: UUID,
    now: Now,
) -> BatchOut:
    """The goods are on their way: the codes work from now on."""
    del request
    code_batches.activate(
        session, program_id=program.id, batch_id=batch_id, actor=viewer.actor, at=now
    )
    return _shown(session, program.id, batch_id)


@router.post("/{batch_id}/voiding", access=PROGRAM_MANAGER, openapi_extra=MAY_REPEAT)
@idempotent
def void_batch(
    request: Request,
    session: UnitOfWork,
    program: ManagedProgram,
    viewer: CurrentViewer,
    batch_id: UUID,
    given: ReasonIn,
    now: Now,
) -> BatchOut:
    """No code of the batch works any more; points that were given stay."""
    del request
    code_batches.void(
        session,
        program_id=program.id,
        batch_id=batch_id,
        reason=given.reason,
        actor=viewer.actor,
        at=now,
    )
    return _shown(session, program.id, batch_id)
