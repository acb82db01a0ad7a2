"""Products from a file: upload, look at what it would do, confirm."""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
from collections.abc import Callable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, File, Form, Query, UploadFile
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from analytics.sheets import harmless
from core.clock import local_date
from core.errors import DomainError, Invalid
from core.runtime import App
from programs import product_file, product_import, product_imports, product_rates
from programs.product_import import Effect
from programs.tables import Program
from web import pages
from web.access import PROGRAM_MANAGER, Router
from web.bodies import MIB, BodyLimit
from web.deps import CurrentViewer, Now, Opened, UnitOfWork
from web.error_texts import N_
from web.idempotent import idempotent
from web.program_people import ManagedProgram
from web.views import products as views

router = Router(access=PROGRAM_MANAGER)
FILE = BodyLimit(total_bytes=6 * MIB, deadline_s=60, file_bytes=5 * MIB, max_files=1)
MOST_SHOWN = 200
Heading = Annotated[str, Form(max_length=200)]
_PURPOSE = "product-import"
# What rules judge by: a change of it counts for purchases from tomorrow on.
PAST = frozenset({"family", "unit"})
COLUMNS = "program/import_columns.html"


def _told_columns(
    sku: Heading = "",
    name_column: Heading = "",
    family: Heading = "",
    unit: Heading = "",
    gtin: Heading = "",
    carton_gtin: Heading = "",
    carton_units: Heading = "",
    pack_unit: Heading = "",
    pack_units: Heading = "",
    eligible_from: Heading = "",
    eligible_to: Heading = "",
) -> dict[str, str]:
    return {
        "sku": sku,
        "name": name_column,
        "family": family,
        "unit": unit,
        "gtin": gtin,
        "carton_gtin": carton_gtin,
        "carton_units": carton_units,
        "pack_unit": pack_unit,
        "pack_units": pack_units,
        "eligible_from": eligible_from,
        "eligible_to": eligible_to,
    }


ToldColumns = Annotated[dict[str, str], Depends(_told_columns)]


def ticket_of(app: App, program_id: UUID, sha256: str) -> str:
    """Proof that this file was uploaded here for this programme: nobody imports another file."""
    text = f"{program_id}:{sha256}".encode()
    return hmac.digest(app.settings.derive_key(_PURPOSE), text, hashlib.sha256).hex()


def uploaded(app: App, program_id: UUID, *, sha256: str, ticket: str) -> bytes:
    """The file that the ticket was given for. Raises `Invalid` for any other."""
    if not hmac.compare_digest(ticket.encode(), ticket_of(app, program_id, sha256).encode()):
        raise Invalid("this file was not uploaded here", field="file")
    return app.blobs.get(sha256)


def unread(error: Invalid, say: Callable[[str], str]) -> str:
    """Why a file cannot be read, in words that say what to send instead."""
    if missing := error.facts.get("missing"):
        return say(N_("W pliku nie widać kolumn: %(missing)s.")) % {"missing": missing}
    if most := error.facts.get("most"):
        words = N_("Plik ma więcej wierszy niż %(most)s. Podziel go na mniejsze.")
        return say(words) % {"most": most}
    if cell := error.facts.get("cell"):
        words = N_("Formuła w komórce %(cell)s nie ma wyniku. Otwórz plik, zapisz i wyślij znowu.")
        return say(words) % {"cell": cell}
    if error.facts.get("empty"):
        return say(N_("Pierwszy wiersz pliku jest pusty: powinny w nim być nazwy kolumn."))
    return say(N_("Tego pliku nie umiemy odczytać. Wyślij CSV albo XLSX z jednym arkuszem."))


@router.get("/products/import")
def ask_file(request: Request, program: ManagedProgram) -> Response:
    context = {"scope_label": program.name, "preview": None}
    return pages.render(request, "program/product_import.html", context)


@router.post("/products/import", body=FILE)
def preview_file(
    request: Request,
    app: Opened,
    session: UnitOfWork,
    program: ManagedProgram,
    now: Now,
    file: Annotated[UploadFile, File()],
) -> Response:
    """Store the file and show what each row would do; nothing changes yet."""
    data = file.file.read()
    name = (file.filename or "")[:120]
    return _preview(request, app, session, program, data, name, now)


def _preview(
    request: Request,
    app: App,
    session: Session,
    program: Program,
    data: bytes,
    name: str,
    now: datetime,
) -> Response:
    """What the file would do; or the question which column is which, where that is not plain."""
    _, language = pages.say(request), pages.viewer_of(request).language
    empty = {"scope_label": program.name, "preview": None}
    try:
        found = product_import.preview(session, program_id=program.id, data=data)
    except Invalid as error:
        if missing := error.facts.get("missing"):
            sha256 = app.blobs.put(data)
            context = _columns(request, session, program, data, name, sha256)
            context["ticket"] = ticket_of(app, program.id, sha256)
            words = _("W pliku nie widać kolumn: %(missing)s. Wskaż je poniżej.")
            lacking = [
                field
                for field in product_file.REQUIRED
                if set(product_file.HEADINGS[field]) & set(str(missing).split(", "))
            ]
            names = ", ".join(_(views.COLUMNS[field]) for field in lacking)
            fault = {lacking[0]: words % {"missing": names}}
            raise pages.wrong(COLUMNS, context, fault) from error
        fault = {"file": unread(error, _)}
        raise pages.wrong("program/product_import.html", empty, fault) from error
    sha256 = app.blobs.put(data) if data else ""
    bad = found.of(Effect.BAD)
    unpaid = product_rates.unpaid(session, found.rows, program_id=program.id, today=local_date(now))
    context = {
        "scope_label": program.name,
        "preview": {
            "file": name,
            "adds": found.count(Effect.ADDS),
            "changes": found.count(Effect.CHANGES),
            "same": found.count(Effect.SAME),
            "bad": len(bad),
            "faults": views.faults(bad[:MOST_SHOWN], say=_),
            "more_faults": len(bad) > MOST_SHOWN,
            "unpaid": len(unpaid),
            "unpaid_rows": [(row.sku, row.facts.family) for row in unpaid[:10] if row.facts],
            "moves": any(c.field in PAST for row in found.rows for c in row.changes),
            "rows": [
                (
                    row.number,
                    row.sku,
                    row.name,
                    row.effect.value,
                    views.changes(row.changes, say=_, language=language),
                )
                for row in found.rows
                if row.effect in (Effect.ADDS, Effect.CHANGES)
            ][:MOST_SHOWN],
        },
        "sha256": sha256,
        "name": name,
        "told": bool(product_import.columns_of(session, program.id)),
        "ticket": ticket_of(app, program.id, sha256),
    }
    return pages.render(request, "program/product_import.html", context)


def _columns(
    request: Request, session: Session, program: Program, data: bytes, name: str, sha256: str
) -> dict[str, object]:
    """The form that asks which heading is which of our names."""
    _ = pages.say(request)
    headings = product_file.headings_of(data)
    told = product_import.columns_of(session, program.id)
    places = product_file.places_of(headings, told)
    options = [(text, text) for text in dict.fromkeys(headings) if text]
    return {
        "scope_label": program.name,
        "name": name,
        "sha256": sha256,
        "headings": options,
        "fields": [
            (ours, _(label), headings[places[ours]] if ours in places else "")
            for ours, label in views.COLUMNS.items()
        ],
        "required": product_file.REQUIRED,
    }


@router.post("/products/import/columns")
def tell_columns(
    request: Request,
    app: Opened,
    session: UnitOfWork,
    program: ManagedProgram,
    viewer: CurrentViewer,
    now: Now,
    sha256: Annotated[str, Form(pattern="^[0-9a-f]{64}$")],
    ticket: Annotated[str, Form(max_length=64)],
    told: ToldColumns,
    name: Annotated[str, Form(max_length=120)] = "",
) -> Response:
    """Remember which heading means what for this programme, and look at the file with it."""
    _ = pages.say(request)
    data = uploaded(app, program.id, sha256=sha256, ticket=ticket)
    try:
        product_import.save_columns(
            session, program_id=program.id, columns=told, actor=viewer.actor, at=now
        )
    except Invalid as error:
        context = _columns(request, session, program, data, name, sha256) | {"ticket": ticket}
        words = (
            _("Dwie kolumny nie mogą być tym samym nagłówkiem.")
            if error.field == "columns"
            else _("Ta kolumna jest potrzebna.")
        )
        raise pages.wrong(COLUMNS, context, {error.field: words}) from error
    return _preview(request, app, session, program, data, name, now)


@router.get("/products/import/faults.csv")
def download_faults(
    request: Request,
    app: Opened,
    session: UnitOfWork,
    program: ManagedProgram,
    sha256: Annotated[str, Query(pattern="^[0-9a-f]{64}$")],
    ticket: Annotated[str, Query(max_length=64)],
) -> Response:
    """Every bad row of a file that was looked at, with its number in the file."""
    _ = pages.say(request)
    data = uploaded(app, program.id, sha256=sha256, ticket=ticket)
    found = product_import.preview(session, program_id=program.id, data=data)
    out = io.StringIO()
    sheet = csv.writer(out, delimiter=";", lineterminator="\r\n")
    sheet.writerow([_("Wiersz"), _("Kod"), _("Nazwa"), _("Co jest nie tak"), _("Wpisano")])
    for row in views.faults(found.of(Effect.BAD), say=_):
        texts = (row.sku, row.name, row.fault, row.value)
        sheet.writerow([row.number, *(harmless(text) for text in texts)])
    return Response(
        out.getvalue().encode("utf-8-sig"),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{_("wiersze-z-bledami")}.csv"'},
    )


@router.get("/products/imports/{import_id}")
def show_import(
    request: Request, session: UnitOfWork, program: ManagedProgram, import_id: UUID
) -> Response:
    """How far a long list is; the page asks again while it is being written."""
    found = product_imports.get(session, program_id=program.id, import_id=import_id)
    context = {
        "scope_label": program.name,
        "import_id": found.id,
        "file": found.file_name,
        "status": found.status.value,
        "total": found.total,
        "done": found.done,
        "added": found.added,
        "changed": found.changed,
        "left_out": found.left_out,
    }
    fragment = pages.is_fragment(request)
    template = "program/_import_progress.html" if fragment else "program/import_progress.html"
    return pages.render(request, template, context)


@router.post("/products/import/confirmation")
@idempotent
def import_file(
    request: Request,
    app: Opened,
    session: UnitOfWork,
    program: ManagedProgram,
    viewer: CurrentViewer,
    now: Now,
    sha256: Annotated[str, Form(pattern="^[0-9a-f]{64}$")],
    ticket: Annotated[str, Form(max_length=64)],
    name: Annotated[str, Form(max_length=120)] = "",
    from_start: Annotated[bool, Form()] = False,
) -> Response:
    """Write the rows of the file that was looked at; what changed since then is judged anew.

    A long list goes to a worker, and its page shows how far it is.
    """
    _ = pages.say(request)
    data = uploaded(app, program.id, sha256=sha256, ticket=ticket)
    try:
        found = product_import.preview(session, program_id=program.id, data=data)
        wanted = len(found.facts())
        if wanted > product_imports.MOST_AT_ONCE:
            asked = product_imports.request(
                session,
                program_id=program.id,
                file_sha256=sha256,
                file_name=name,
                total=wanted,
                actor=viewer.actor,
                from_start=from_start,
                at=now,
            )
            return pages.redirect(request, f"/products/imports/{asked.id}")
        done = product_import.apply(
            session,
            program_id=program.id,
            data=data,
            actor=viewer.actor,
            from_start=from_start,
            at=now,
        )
    except DomainError as error:
        empty = {"scope_label": program.name, "preview": None}
        raise pages.refused(request, "program/product_import.html", empty, error) from error
    flash = _("Dodane: %(adds)s, zmienione: %(changes)s, pominięte: %(bad)s.") % {
        "adds": done.count(Effect.ADDS),
        "changes": done.count(Effect.CHANGES),
        "bad": done.count(Effect.BAD),
    }
    return pages.redirect(request, "/products", flash=flash)
