"""The manufacturer's product codes: batches planned, handed out once, activated, withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Form
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from accounts.roles import Role
from core.errors import DomainError, Invalid
from programs import code_batches, codes, products
from programs.code_batches import ListedBatch
from programs.code_rates import CodesNeedUnitRate
from programs.code_states import BatchStatus
from programs.tables import Program
from web import label_files, pages, rule_fields
from web.access import PROGRAM_ANALYST, PROGRAM_MANAGER, Router
from web.deps import CurrentViewer, Now, Opened, UnitOfWork
from web.error_texts import N_
from web.idempotent import idempotent
from web.program_people import CurrentProgram, ManagedProgram, holds

router = Router(access=PROGRAM_ANALYST)
PAGE = 30
# More than any field takes: what is too long is answered beside its field, not by an error page.
Typed = Annotated[str, Form(max_length=10_000)]
LONGEST_SHOWN = 300
VOIDING = "program/code_voiding.html"
# Status → words, colour and icon of the chip.
CHIPS = {
    BatchStatus.PLANNED: (N_("Do wydania"), "plain", "pencil"),
    BatchStatus.ISSUED: (N_("Wydana, nieaktywna"), "warn", "clock"),
    BatchStatus.ACTIVE: (N_("Aktywna"), "ok", "check"),
    BatchStatus.VOID: (N_("Unieważniona"), "bad", "x"),
}


@dataclass(frozen=True, slots=True)
class BatchView:
    id: UUID
    number: int
    product_id: UUID
    product: str
    sku: str
    size: int
    used: int
    voided: int
    units: int
    unit: str
    note: str
    status: str
    label: str
    colour: str
    icon: str
    created_at: datetime
    issued_at: datetime | None
    activated_at: datetime | None
    voided_at: datetime | None
    void_reason: str

    @classmethod
    def of(cls, found: ListedBatch) -> BatchView:
        batch = found.batch
        return cls(
            batch.id,
            batch.number,
            found.product.id,
            found.product.name,
            found.product.sku,
            batch.size,
            found.used,
            found.voided,
            batch.units_per_code,
            found.product.unit,
            batch.note,
            batch.status.value,
            *CHIPS[batch.status],
            batch.created_at,
            batch.issued_at,
            batch.activated_at,
            batch.voided_at,
            batch.void_reason,
        )


@router.get("/codes")
def list_batches(
    request: Request,
    session: UnitOfWork,
    program: CurrentProgram,
    viewer: CurrentViewer,
    before: int = 0,
) -> Response:
    found = code_batches.list_batches(
        session, program_id=program.id, before=max(before, 0), limit=PAGE + 1
    )
    context = {
        "scope_label": program.name,
        "batches": [BatchView.of(row) for row in found[:PAGE]],
        "next_number": found[PAGE - 1].batch.number if len(found) > PAGE else 0,
        "paged": before > 0,
        "may_manage": holds(viewer, program, Role.PROGRAM_MANAGER),
    }
    return pages.render(request, "program/code_batches.html", context)


@router.get("/codes/new", access=PROGRAM_MANAGER)
def new_batch(
    request: Request, session: UnitOfWork, program: ManagedProgram, product_id: UUID | None = None
) -> Response:
    sku = ""
    if product_id is not None:
        sku = products.get_product(session, program_id=program.id, product_id=product_id).sku
    return pages.render(request, "program/code_batch_form.html", _form(session, program, sku=sku))


def _form(
    session: Session,
    program: Program,
    *,
    sku: str = "",
    size: str = "100",
    units: str = "1",
    note: str = "",
) -> dict[str, object]:
    found = products.search(session, program_id=program.id, limit=500)
    return {
        "scope_label": program.name,
        "sku": sku,
        "size": size,
        "units_per_code": units,
        "note": note,
        "most": code_batches.MOST_CODES,
        "choices": [(row.product.sku, row.product.name) for row in found],
    }


@router.post("/codes", access=PROGRAM_MANAGER)
@idempotent
def create_batch(
    request: Request,
    session: UnitOfWork,
    program: ManagedProgram,
    viewer: CurrentViewer,
    now: Now,
    sku: Typed = "",
    size: Typed = "",
    units_per_code: Typed = "1",
    note: Typed = "",
) -> Response:
    _ = pages.say(request)
    sku, note = sku.replace("\0", "").strip(), note.replace("\0", "").strip()
    product = products.find_by_sku(session, program_id=program.id, sku=sku)
    codes_wanted = _counted(size, most=code_batches.MOST_CODES)
    units = _counted(units_per_code, most=code_batches.MOST_UNITS)
    wrong: dict[str, str] = {}
    if product is None:
        wrong["sku"] = (
            _("Nie ma produktu o kodzie %(sku)s. Wybierz go z listy.") % {"sku": sku[:40]}
            if sku
            else _("Wybierz produkt z listy albo wpisz jego kod producenta.")
        )
    if codes_wanted is None:
        wrong["size"] = _("Od 1 do %(most)s kodów w partii.") % {"most": code_batches.MOST_CODES}
    if units is None:
        wrong["units_per_code"] = _("Od 1 do %(most)s jednostek na kod.") % {
            "most": code_batches.MOST_UNITS
        }
    if len(note) > code_batches.LONGEST_NOTE:
        wrong["note"] = _("Najwyżej %(most)s znaków.") % {"most": code_batches.LONGEST_NOTE}
    if product is None or codes_wanted is None or units is None or wrong:
        shown = (text[:LONGEST_SHOWN] for text in (sku, size, units_per_code))
        typed = dict(zip(("sku", "size", "units"), shown, strict=True), note=note)
        context = _form(session, program, **typed)
        raise pages.wrong("program/code_batch_form.html", context, wrong)
    try:
        batch = code_batches.plan(
            session,
            program_id=program.id,
            product_id=product.id,
            size=codes_wanted,
            units_per_code=units,
            note=note,
            actor=viewer.actor,
            at=now,
        )
    except CodesNeedUnitRate as error:
        context = _form(session, program, sku=sku, size=size, units=units_per_code, note=note)
        raise pages.refused(request, "program/code_batch_form.html", context, error) from error
    return pages.redirect(request, f"/codes/{batch.id}", flash=_("Partia utworzona."))


def _counted(text: str, *, most: int) -> int | None:
    """A count as people type it, `1 000` too; None when it is none, or out of bounds."""
    try:
        return rule_fields.whole(text.strip(), "", most=most)
    except Invalid:
        return None


@router.get("/codes/voiding", access=PROGRAM_MANAGER)
def ask_void_code(request: Request, program: ManagedProgram) -> Response:
    return pages.render(request, VOIDING, {"scope_label": program.name, "code": "", "reason": ""})


@router.post("/codes/voiding", access=PROGRAM_MANAGER)
@idempotent
def void_code(
    request: Request,
    app: Opened,
    session: UnitOfWork,
    program: ManagedProgram,
    viewer: CurrentViewer,
    now: Now,
    code: Typed = "",
    reason: Typed = "",
) -> Response:
    """One code stops working: a label that was lost or torn, on a batch that goes on."""
    _ = pages.say(request)
    try:
        batch = code_batches.void_code(
            session,
            program_id=program.id,
            code=code,
            key=app.settings.derive_key(codes.PURPOSE),
            reason=reason,
            actor=viewer.actor,
            at=now,
        )
    except DomainError as error:
        typed = {"code": code[:40], "reason": reason[:LONGEST_SHOWN]}
        context = {"scope_label": program.name, **typed}
        if isinstance(error, Invalid) and error.field == "reason":
            words = {"reason": _("Napisz, dlaczego ten kod ma przestać działać.")}
            raise pages.wrong(VOIDING, context, words) from error
        raise pages.refused(request, VOIDING, context, error) from error
    flash = _("Kod unieważniony. Reszta partii działa dalej.")
    return pages.redirect(request, f"/codes/{batch.id}", flash=flash)


@router.get("/codes/{batch_id}")
def show_batch(
    request: Request,
    session: UnitOfWork,
    program: CurrentProgram,
    viewer: CurrentViewer,
    batch_id: UUID,
) -> Response:
    return pages.render(
        request, "program/code_batch.html", _shown(session, program, viewer, batch_id)
    )


def _shown(
    session: Session, program: Program, viewer: CurrentViewer, batch_id: UUID
) -> dict[str, object]:
    found = code_batches.get_listed(session, program_id=program.id, batch_id=batch_id)
    return {
        "scope_label": program.name,
        "batch": BatchView.of(found),
        "may_manage": holds(viewer, program, Role.PROGRAM_MANAGER),
    }


@router.post("/codes/{batch_id}/issue", access=PROGRAM_MANAGER)
def issue_batch(
    request: Request,
    app: Opened,
    session: UnitOfWork,
    program: ManagedProgram,
    viewer: CurrentViewer,
    batch_id: UUID,
    now: Now,
) -> Response:
    """Make the codes and send them as a ZIP with a CSV and a PDF of labels: only this once.

    Not repeatable by key on purpose: a kept answer would be a kept list of codes.
    """
    _ = pages.say(request)
    found = code_batches.get_listed(session, program_id=program.id, batch_id=batch_id)
    try:
        made = code_batches.issue(
            session,
            program_id=program.id,
            batch_id=batch_id,
            key=app.settings.derive_key(codes.PURPOSE),
            actor=viewer.actor,
            at=now,
        )
    except DomainError as error:
        context = _shown(session, program, viewer, batch_id)
        raise pages.refused(request, "program/code_batch.html", context, error) from error
    return label_files.answer(
        made,
        found,
        program=program.name,
        base_url=app.settings.base_url,
        language=viewer.language,
        gettext=_,
    )


@router.post("/codes/{batch_id}/activation", access=PROGRAM_MANAGER)
@idempotent
def activate_batch(
    request: Request,
    session: UnitOfWork,
    program: ManagedProgram,
    viewer: CurrentViewer,
    batch_id: UUID,
    now: Now,
) -> Response:
    _ = pages.say(request)
    try:
        code_batches.activate(
            session, program_id=program.id, batch_id=batch_id, actor=viewer.actor, at=now
        )
    except CodesNeedUnitRate as error:
        context = _shown(session, program, viewer, batch_id)
        raise pages.refused(request, "program/code_batch.html", context, error) from error
    return pages.redirect(
        request, f"/codes/{batch_id}", flash=_("Partia aktywna. Kody działają od teraz.")
    )


@router.post("/codes/{batch_id}/voiding", access=PROGRAM_MANAGER)
@idempotent
def void_batch(
    request: Request,
    session: UnitOfWork,
    program: ManagedProgram,
    viewer: CurrentViewer,
    batch_id: UUID,
    now: Now,
    reason: Typed = "",
) -> Response:
    _ = pages.say(request)
    try:
        code_batches.void(
            session,
            program_id=program.id,
            batch_id=batch_id,
            reason=reason,
            actor=viewer.actor,
            at=now,
        )
    except Invalid as error:
        context = _shown(session, program, viewer, batch_id)
        words = {"reason": _("Napisz, dlaczego ta partia ma przestać działać.")}
        raise pages.wrong("program/code_batch.html", context, words) from error
    return pages.redirect(
        request, f"/codes/{batch_id}", flash=_("Partia unieważniona. Zaliczone kody zostają.")
    )
