"""A code from a product: typed, scanned by its link, or photographed; the points come at once."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import File, Form, UploadFile
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from claims import queries
from claims.tables import Claim
from core.errors import DomainError, Invalid
from core.runtime import App
from ocr import SourceFile, Unreadable, sandbox
from programs import codes
from programs.code_use import CodeAlreadyYours, CodeRefused
from verification import code_claims
from web import limits, pages
from web.access import PARTICIPANT, Router
from web.bodies import MIB, BodyLimit
from web.deps import CurrentViewer, Now, Opened, UnitOfWork
from web.idempotent import idempotent
from web.members import CurrentMember, Member

router = Router(access=PARTICIPANT)
PHOTO = BodyLimit(total_bytes=16 * MIB, deadline_s=60, file_bytes=15 * MIB, max_files=1)
TEMPLATE = "participant/code.html"
LIST = "participant/code_list.html"
MOST = 50  # codes of one list


@router.get("/code")
def ask_code(request: Request, member: CurrentMember, code: str = "") -> Response:
    return pages.render(request, TEMPLATE, _context(member, code[:40]))


@router.get("/k/{code}")
def open_link(request: Request, member: CurrentMember, code: str) -> Response:
    """The link of a label: shows the code and asks; nothing is claimed by opening a link."""
    return pages.render(request, TEMPLATE, _context(member, code[:40], scanned=True))


def _context(member: Member, code: str, *, scanned: bool = False) -> dict[str, object]:
    try:
        shown = codes.grouped(codes.canonical(code)) if code else ""
    except codes.CodeMistyped:
        shown, scanned = code, False
    return {
        "scope_label": member.scope_label,
        "code": shown,
        "scanned": scanned,
        "program_name": member.program.name,
        "own": None,
    }


def list_context(member: Member, text: str) -> dict[str, object]:
    """What the page of many codes shows; `text` holds the codes, one in a line."""
    return {"scope_label": member.scope_label, "codes": text, "most": MOST}


@router.post("/code")
@idempotent
def claim_code(
    request: Request,
    app: Opened,
    session: UnitOfWork,
    viewer: CurrentViewer,
    member: CurrentMember,
    now: Now,
    code: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """Claim the points of one code; the answer is the decided claim."""
    _ = pages.say(request)
    try:
        made = claim_once(
            request, app, session, member=member, code=code, actor=viewer.actor, at=now
        )
    except DomainError as error:
        raise _refused(request, session, member, code, error) from error
    flash = _("Kod zaliczony: +%(points)s pkt.") % {"points": made.points}
    return pages.redirect(request, f"/claims/{made.id}", flash=flash)


def claim_once(
    request: Request,
    app: App,
    session: Session,
    *,
    member: Member,
    code: str,
    actor: str,
    at: datetime,
) -> Claim:
    """Claim a code within the limits for guessing: a wrong one counts, a good one does not.

    Every attempt is counted before the code is looked up, so that many at once cannot pass by.
    """
    canonical = codes.canonical(code)  # A slip of the finger tells nobody anything and is free.
    account = str(member.participant.person_id)
    counted_at = limits.spend(request, limits.CODE_GUESSES, account)
    try:
        made = code_claims.claim(
            session,
            program=member.program,
            participant=member.participant,
            code=canonical,
            key=app.settings.derive_key(codes.PURPOSE),
            actor=actor,
            at=at,
        )
    except CodeRefused:
        raise
    except DomainError:
        limits.give_back(request, limits.CODE_GUESSES, account, at=counted_at)
        raise
    limits.give_back(request, limits.CODE_GUESSES, account, at=counted_at)
    return made


def _refused(
    request: Request, session: Session, member: Member, code: str, error: DomainError
) -> pages.FormRefused:
    context = _context(member, code[:40])
    if isinstance(error, CodeAlreadyYours):
        claim = queries.get_for_participant(
            session,
            claim_id=UUID(str(error.facts["claim_id"])),
            participant_id=member.participant.id,
        )
        context["own"] = {"id": claim.id, "number": claim.number, "at": claim.submitted_at}
    return pages.refused(request, TEMPLATE, context, error)


@router.post("/code/photo", body=PHOTO)
def read_photo(
    request: Request, member: CurrentMember, file: Annotated[UploadFile, File()]
) -> Response:
    """Find the code in a photo of the label and ask for the confirmation; nothing is kept of it.

    Several codes go to the list of many, so that none is left out unsaid.
    """
    _ = pages.say(request)
    empty = _context(member, "")
    try:
        found = sandbox.product_codes_limited([SourceFile(file.file.read(), file.filename or "")])
    except Unreadable as error:
        words = _("Tego zdjęcia nie umiemy otworzyć. Zrób je jeszcze raz.")
        raise pages.wrong(TEMPLATE, empty, {"file": words}) from error
    good = list(dict.fromkeys(codes.canonical(code) for code in found if _fits(code)))
    if not good:
        words = _("Na zdjęciu nie widać kodu. Podejdź bliżej albo przepisz kod z etykiety.")
        raise pages.wrong(TEMPLATE, empty, {"file": words})
    if len(good) > 1:
        return pages.render(request, LIST, list_context(member, "\n".join(good)))
    return pages.redirect(request, f"/k/{good[0]}")


def _fits(code: str) -> bool:
    try:
        codes.canonical(code)
    except Invalid:
        return False
    return True
