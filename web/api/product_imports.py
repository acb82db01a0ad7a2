"""Products from a file over the API: looked at first, then written by a worker."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import File, UploadFile
from fastapi.encoders import jsonable_encoder
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from core.clock import local_date
from core.errors import Invalid
from programs import product_import, product_imports, product_rates
from programs.product_import import Effect
from programs.product_tables import ImportStatus, ProductImport
from web import pages
from web.access import PROGRAM_MANAGER, ApiRouter
from web.api.posting import MAY_REPEAT
from web.deps import CurrentViewer, Now, Opened, UnitOfWork
from web.idempotent import idempotent
from web.program_people import ManagedProgram
from web.routers.product_import import FILE, MOST_SHOWN, ticket_of, unread, uploaded
from web.views import products as views

router = ApiRouter(area="products", access=PROGRAM_MANAGER, prefix="/product-imports")
Heading = Annotated[str, Field(max_length=200)]


class Columns(BaseModel):
    """Which heading of the programme's files is which fact; remembered for the next files."""

    model_config = ConfigDict(extra="forbid")

    sku: Heading = ""
    name: Heading = ""
    family: Heading = ""
    unit: Heading = ""
    gtin: Heading = ""
    carton_gtin: Heading = ""
    carton_units: Heading = ""
    pack_unit: Heading = ""
    pack_units: Heading = ""
    eligible_from: Heading = ""
    eligible_to: Heading = ""


class BadRow(BaseModel):
    """A row that would be left out; `row` is its number as the spreadsheet shows it."""

    row: int
    sku: str
    name: str
    field: str = Field(description="the wrong field, or `repeated`, `foreign_gtin`")
    problem: str
    value: str


class ChangeOut(BaseModel):
    """One fact of a known product, before and after; empty where there is none."""

    model_config = ConfigDict(from_attributes=True)

    field: str
    old: str
    new: str


class PlannedRow(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    row: int = Field(validation_alias="number")
    sku: str
    name: str
    effect: Literal[Effect.ADDS, Effect.CHANGES]
    changes: list[ChangeOut]


class PreviewOut(BaseModel):
    """What the file would do: every bad row, and the first two hundred of those that are written.

    A column that the file lacks leaves known products as they are.
    """

    file_name: str
    file_sha256: str
    ticket: str = Field(description="confirms this very file")
    adds: int
    changes: int
    same: int
    bad: int
    bad_rows: list[BadRow]
    rows: list[PlannedRow]
    without_rate: list[str] = Field(
        description="codes of new products, and of those that change their family, for which rules "
        "in force or planned have no rate"
    )


class Confirmation(BaseModel):
    """The file as the preview named it."""

    file_sha256: str = Field(pattern="^[0-9a-f]{64}$")
    ticket: str = Field(max_length=64)
    file_name: str = Field("", max_length=120)
    from_start: bool = Field(
        False,
        description="the file puts mistakes right: its families and units hold for earlier "
        "purchases too, which otherwise keep those of their day",
    )


class ImportOut(BaseModel):
    """`done` of `total` rows are written; bad rows are `left_out`."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: UUID
    file_name: str
    status: ImportStatus
    total: int
    done: int
    added: int
    changed: int
    left_out: int
    requested_at: datetime
    finished_at: datetime | None

    @classmethod
    def of(cls, found: ProductImport) -> ImportOut:
        return cls.model_validate(found)


@router.get("/columns")
def show_columns(session: UnitOfWork, program: ManagedProgram) -> Columns:
    """What was told of the programme's headings; usual ones are known without."""
    return Columns(**product_import.columns_of(session, program.id))


@router.put("/columns")
def tell_columns(
    session: UnitOfWork,
    program: ManagedProgram,
    viewer: CurrentViewer,
    given: Columns,
    now: Now,
) -> Columns:
    """Say which heading is which, for files whose headings are not plain."""
    product_import.save_columns(
        session, program_id=program.id, columns=given.model_dump(), actor=viewer.actor, at=now
    )
    return Columns(**product_import.columns_of(session, program.id))


@router.post("/previews", body=FILE)
def preview_file(
    request: Request,
    app: Opened,
    session: UnitOfWork,
    program: ManagedProgram,
    now: Now,
    file: Annotated[UploadFile, File(description="CSV, or XLSX with one sheet")],
) -> PreviewOut:
    """Keep the file and say what each row would do; nothing changes yet."""
    _ = pages.say(request)
    data = file.file.read()
    try:
        found = product_import.preview(session, program_id=program.id, data=data)
    except Invalid as error:
        facts = {name: value for name, value in error.facts.items() if name != "field"}
        raise Invalid(error.detail, field="file", problem=unread(error, _), **facts) from error
    sha256 = app.blobs.put(data)
    bad = found.of(Effect.BAD)
    faults = views.faults(bad, say=_)
    return PreviewOut(
        file_name=(file.filename or "")[:120],
        file_sha256=sha256,
        ticket=ticket_of(app, program.id, sha256),
        adds=found.count(Effect.ADDS),
        changes=found.count(Effect.CHANGES),
        same=found.count(Effect.SAME),
        bad=len(bad),
        bad_rows=[
            BadRow(
                row=row.number,
                sku=row.sku,
                name=row.name,
                field=row.fault,
                problem=fault.fault,
                value=row.value,
            )
            for row, fault in zip(bad, faults, strict=True)
        ],
        rows=[
            PlannedRow.model_validate(row)
            for row in found.rows
            if row.effect is Effect.ADDS or row.effect is Effect.CHANGES
        ][:MOST_SHOWN],
        without_rate=[
            row.sku
            for row in product_rates.unpaid(
                session, found.rows, program_id=program.id, today=local_date(now)
            )
        ][:MOST_SHOWN],
    )


@router.post("", status_code=202, response_model=ImportOut, openapi_extra=MAY_REPEAT)
@idempotent
def confirm_import(
    request: Request,
    app: Opened,
    session: UnitOfWork,
    program: ManagedProgram,
    viewer: CurrentViewer,
    given: Confirmation,
    now: Now,
) -> Response:
    """Let a worker write the file that was looked at; what changed since is judged anew."""
    del request  # The idempotency around this asks for it.
    data = uploaded(app, program.id, sha256=given.file_sha256, ticket=given.ticket)
    found = product_import.preview(session, program_id=program.id, data=data)
    asked = product_imports.request(
        session,
        program_id=program.id,
        file_sha256=given.file_sha256,
        file_name=given.file_name,
        total=len(found.facts()),
        actor=viewer.actor,
        from_start=given.from_start,
        at=now,
    )
    return JSONResponse(
        jsonable_encoder(ImportOut.of(asked)),
        202,
        headers={"Location": f"/api/v1/product-imports/{asked.id}"},
    )


@router.get("/{import_id}")
def show_import(session: UnitOfWork, program: ManagedProgram, import_id: UUID) -> ImportOut:
    """How far the worker is."""
    return ImportOut.of(product_imports.get(session, program_id=program.id, import_id=import_id))
