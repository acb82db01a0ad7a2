"""Products from a file: upload, look at what it would do, confirm."""

from __future__ import annotations

import hashlib
import hmac
from typing import Annotated
from uuid import UUID

from fastapi import File, Form, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from core.errors import DomainError, Invalid
from core.runtime import App
from programs import product_import
from programs.product_import import Effect
from web import pages
from web.access import PROGRAM_MANAGER, Router
from web.bodies import MIB, BodyLimit
from web.deps import CurrentViewer, Now, Opened, UnitOfWork
from web.idempotent import idempotent
from web.program_people import ManagedProgram
from web.views import products as views

router = Router(access=PROGRAM_MANAGER)
FILE = BodyLimit(total_bytes=6 * MIB, deadline_s=60, file_bytes=5 * MIB, max_files=1)
MOST_SHOWN = 200
_PURPOSE = "product-import"


def _ticket(app: App, program_id: UUID, sha256: str) -> str:
    """Proof that this file was uploaded here for this programme: nobody imports another file."""
    text = f"{program_id}:{sha256}".encode()
    return hmac.digest(app.settings.derive_key(_PURPOSE), text, hashlib.sha256).hex()


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
    file: Annotated[UploadFile, File()],
) -> Response:
    """Store the file and show what each row would do; nothing changes yet."""
    _ = pages.say(request)
    empty = {"scope_label": program.name, "preview": None}
    data = file.file.read()
    try:
        found = product_import.preview(session, program_id=program.id, data=data)
    except Invalid as error:
        missing = error.facts.get("missing")
        words = (
            _("W pliku brakuje kolumny: %(missing)s.") % {"missing": missing}
            if missing
            else _("Tego pliku nie umiemy odczytać. Wyślij CSV albo XLSX z jednym arkuszem.")
        )
        raise pages.wrong("program/product_import.html", empty, {"file": words}) from error
    sha256 = app.blobs.put(data) if data else ""
    bad = found.of(Effect.BAD)
    context = {
        "scope_label": program.name,
        "preview": {
            "file": (file.filename or "")[:120],
            "adds": found.count(Effect.ADDS),
            "changes": found.count(Effect.CHANGES),
            "same": found.count(Effect.SAME),
            "bad": len(bad),
            "faults": views.faults(bad[:MOST_SHOWN], say=_),
            "rows": [
                (row.number, row.sku, row.name, row.effect.value)
                for row in found.rows
                if row.effect in (Effect.ADDS, Effect.CHANGES)
            ][:MOST_SHOWN],
        },
        "sha256": sha256,
        "ticket": _ticket(app, program.id, sha256),
    }
    return pages.render(request, "program/product_import.html", context)


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
) -> Response:
    """Write the rows of the file that was looked at; what changed since then is judged anew."""
    _ = pages.say(request)
    if not hmac.compare_digest(ticket, _ticket(app, program.id, sha256)):
        raise Invalid("this file was not uploaded here", field="file")
    try:
        done = product_import.apply(
            session,
            program_id=program.id,
            data=app.blobs.get(sha256),
            actor=viewer.actor,
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
