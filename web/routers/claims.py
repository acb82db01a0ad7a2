"""The participant's claims: send a proof, follow it, see each line's verdict."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import File, Form, UploadFile
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from accounts import consents
from accounts.rates import Rate
from claims import eligibility, queries, service
from claims.branches import Bar, bar_of
from claims.document_tables import DocumentPage
from claims.extraction import get_document, list_files
from claims.service import ClaimNotFound, StoredFile
from claims.states import OPEN, ClaimStatus
from claims.tables import BuyerRelation, Channel, Claim
from core.blobs import Blobs
from core.errors import DomainError
from programs.queries import settings_of
from verification import appeals, asking, proposals, receipts
from web import pages
from web.access import PARTICIPANT, UPLOAD, Router
from web.crops import strip
from web.cursors import cursor_of, read_cursor
from web.deps import CurrentViewer, Now, Opened, UnitOfWork
from web.idempotent import idempotent
from web.members import CurrentMember, Member
from web.views import appeals as appeal_views
from web.views import claims as views
from web.views import conversation, left_codes
from web.views import corrections as correction_views
from web.views.receipts import ReceiptWords, words_of

router = Router(access=PARTICIPANT)
PAGE = 20
FILTERS: dict[str, tuple[ClaimStatus, ...]] = {
    "open": tuple(sorted(OPEN)),
    "paid": (ClaimStatus.APPROVED, ClaimStatus.PARTIALLY_APPROVED, ClaimStatus.OVERTURNED),
    "refused": (ClaimStatus.REJECTED, ClaimStatus.UPHELD, ClaimStatus.REVERSED),
}
# Pages and programs of one person spend the same allowance.
SENDING = Rate("claims", per_account=60, per_network=600, window_s=3600)
BUSY = (ClaimStatus.SUBMITTED, ClaimStatus.READING, ClaimStatus.MATCHING)


@router.get("/claims")
def list_claims(
    request: Request,
    session: UnitOfWork,
    member: CurrentMember,
    now: Now,
    show: str = "",
    after: str = "",
) -> Response:
    found = queries.list_for_participant(
        session,
        participant_id=member.participant.id,
        statuses=FILTERS.get(show, ()),
        corrections=show != "refused",  # Nobody refused what asked for no points.
        before=read_cursor(after) if after else None,
        limit=PAGE + 1,
    )
    more = found[PAGE - 1] if len(found) > PAGE else None
    next_href = f"/claims?show={show}&after={cursor_of(more.submitted_at, more.id)}" if more else ""
    context = {
        "scope_label": member.scope_label,
        "claims": views.rows(session, found[:PAGE]),
        "show": show if show in FILTERS else "",
        "next_href": next_href,
        "first_href": f"/claims?show={show}" if after else "",
        "now": now,
    }
    return pages.render(request, "participant/claims.html", context)


@router.get("/claims/new")
def new_claim(request: Request, session: UnitOfWork, member: CurrentMember, now: Now) -> Response:
    may = eligibility.is_eligible(
        session, program=member.program, participant=member.participant, at=now
    )
    return pages.render(
        request, "participant/new_claim.html", {**_new(member, ""), "eligible": may}
    )


def _new(member: Member, note: str) -> dict[str, object]:
    return {"scope_label": member.scope_label, "note": note}


def store_uploads(blobs: Blobs, files: list[UploadFile]) -> list[StoredFile]:
    """Put what was sent into the store before the row that promises it."""
    stored = []
    for upload in files:
        data = upload.file.read()
        if not data and not upload.filename:
            continue  # An empty file field of a browser without script.
        stored.append(
            StoredFile(
                sha256=blobs.put(data),
                name=(upload.filename or "").rsplit("/", 1)[-1].rsplit("\\", 1)[-1],
                media_type=(upload.content_type or "application/octet-stream")[:100],
                file_bytes=max(len(data), 1),
            )
        )
    return stored


@router.post("/claims", body=UPLOAD, rate=SENDING)
@idempotent
def submit_claim(
    request: Request,
    app: Opened,
    session: UnitOfWork,
    viewer: CurrentViewer,
    member: CurrentMember,
    now: Now,
    files: Annotated[list[UploadFile] | None, File()] = None,
    note: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    try:
        claim = service.submit(
            session,
            program=member.program,
            participant=member.participant,
            files=store_uploads(app.blobs, files or []),
            channel=Channel.PAGE,
            actor=viewer.actor,
            note=note,
            network=viewer.network,
            at=now,
        )
    except DomainError as error:
        raise pages.refused(
            request, "participant/new_claim.html", _new(member, note), error
        ) from error
    return pages.redirect(request, f"/claims/{claim.id}")


@router.get("/claims/{claim_id}")
def show_claim(
    request: Request, session: UnitOfWork, member: CurrentMember, claim_id: UUID, now: Now
) -> Response:
    claim = queries.get_for_participant(
        session, claim_id=claim_id, participant_id=member.participant.id
    )
    template = (
        "participant/_claim_fragment.html"
        if pages.is_fragment(request)
        else "participant/claim.html"
    )
    return pages.render(request, template, claim_context(request, session, member, claim, now))


def claim_context(
    request: Request, session: Session, member: Member, claim: Claim, now: datetime
) -> dict[str, object]:
    gettext = pages.say(request)
    [row] = views.rows(session, [claim])
    shown = queries.list_pages(session, claim.id)
    purchase = queries.find_purchase(session, claim)
    happened = queries.list_events(session, claim.id)
    appeal_until = None
    if claim.decided_at is not None:
        days = settings_of(member.program).appeal_days
        appeal_until = claim.decided_at + timedelta(days=days)
    held = None
    if claim.held_by_claim_id is not None:
        earlier = session.get_one(Claim, claim.held_by_claim_id)
        # Another participant's claim stays nameless.
        held = earlier if earlier.participant_id == claim.participant_id else None
    return {
        "scope_label": member.scope_label,
        "claim": row,
        "held": claim.held_reason is not None,
        "held_by": {"id": held.id, "number": held.number} if held else None,
        "note": claim.note,
        "unreadable": gettext(views.UNREADABLE[claim.unreadable_reason])
        if claim.unreadable_reason
        else "",
        "said": conversation.said(session, asking.list_messages(session, claim.id), gettext),
        "asked": claim.status is ClaimStatus.NEEDS_INFORMATION,
        "answer": "",
        "busy": claim.status in BUSY,
        "forgotten_at": queries.find_forgotten(session, claim.id),
        "draft": [file.name for file in list_files(session, claim.id)]
        if claim.status is ClaimStatus.DRAFT
        else None,
        "may_cancel": claim.status in OPEN,
        "may_propose": proposals.may_propose(claim),
        "purchased_on": views.purchased_on(purchase),
        "lines": views.lines(session, claim, pages=shown, gettext=gettext),
        "terms_href": f"/terms/{member.program.slug}",
        "unsold": _unsold(session, claim, gettext),
        "branch_out": claim.status is ClaimStatus.AWAITING_PARTNER
        and bar_of(session, claim.id) is Bar.OUT,
        "ask_employer": _lacks_employer(session, member, claim),
        "company": member.participant.company_name,
        "brought": correction_views.brought(session, claim.id),
        "taken": correction_views.taken(session, claim.id),
        "lost_bonuses": correction_views.lost_bonuses(session, claim.id),
        "receipt": _receipt(session, claim, pages.viewer_of(request).language),
        "events": views.events(happened, gettext),
        "left_codes": left_codes.of_events(happened, gettext),
        "pages": [{"number": p.number, "width": p.width_px, "height": p.height_px} for p in shown],
        "appeal_until": appeal_until,
        "may_appeal": appeals.may_appeal(claim, settings_of(member.program), at=now),
        "appeal": appeal_views.of_claim(session, claim.id, gettext),
        "valid_days": settings_of(member.program).points_valid_days,
        "decided_at": claim.decided_at,
        "now": now,
    }


def _unsold(session: Session, claim: Claim, gettext: views.Gettext) -> str:
    """Why the paper that waits proves no sale; nothing where it does."""
    kind = get_document(session, claim.id).kind
    waits = claim.status is ClaimStatus.AWAITING_PARTNER
    return gettext(views.UNSOLD[kind]) if waits and kind in views.UNSOLD else ""


def _lacks_employer(session: Session, member: Member, claim: Claim) -> bool:
    """Whether the claim stands on an employer's purchase and the employer's word is missing."""
    return claim.buyer_relation is BuyerRelation.EMPLOYEE and not consents.holds(
        session,
        person_id=member.participant.person_id,
        kind=consents.EMPLOYER,
        scope=f"program:{claim.program_id}",
    )


def _receipt(session: Session, claim: Claim, language: str) -> ReceiptWords | None:
    """The words of the decision; none before there is one."""
    try:
        return words_of(receipts.receipt_of(session, claim), language=language)
    except receipts.NotDecided:
        return None


@router.get("/claims/{claim_id}/cancellation")
def ask_cancel(
    request: Request, session: UnitOfWork, member: CurrentMember, claim_id: UUID
) -> Response:
    """The question on a page of its own, for browsers without script."""
    claim = queries.get_for_participant(
        session, claim_id=claim_id, participant_id=member.participant.id
    )
    _ = pages.say(request)
    return pages.render(
        request,
        "confirm.html",
        {
            "heading": _("Wycofać zgłoszenie?"),
            "text": _(
                "Hurtownia przestanie je sprawdzać. Ten sam dokument możesz zgłosić ponownie."
            ),
            "action": f"/claims/{claim.id}/cancellation",
            "confirm_label": _("Wycofaj"),
            "cancel_href": f"/claims/{claim.id}",
            "danger": True,
        },
    )


@router.post("/claims/{claim_id}/cancellation")
@idempotent
def cancel_claim(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    member: CurrentMember,
    claim_id: UUID,
    now: Now,
) -> Response:
    service.cancel(
        session,
        claim_id=claim_id,
        participant_id=member.participant.id,
        actor=viewer.actor,
        at=now,
    )
    _ = pages.say(request)
    return pages.redirect(request, f"/claims/{claim_id}", flash=_("Zgłoszenie wycofane."))


@router.post("/claims/{claim_id}/employer-consent")
@idempotent
def record_employer_consent(
    request: Request, session: UnitOfWork, member: CurrentMember, claim_id: UUID, now: Now
) -> Response:
    """The participant states that their employer agreed; it holds for the whole programme."""
    claim = queries.get_for_participant(
        session, claim_id=claim_id, participant_id=member.participant.id
    )
    consents.record(
        session,
        person_id=member.participant.person_id,
        kind=consents.EMPLOYER,
        version="1",
        given=True,
        scope=f"program:{claim.program_id}",
        source=f"claim:{claim.id}",
        at=now,
    )
    _ = pages.say(request)
    return pages.redirect(request, f"/claims/{claim_id}", flash=_("Zapisane."))


@router.get("/claims/{claim_id}/pages/{number}")
def show_page(
    app: Opened, session: UnitOfWork, member: CurrentMember, claim_id: UUID, number: int
) -> Response:
    """The page as re-rendered by the reader: no EXIF, nothing active."""
    claim = queries.get_for_participant(
        session, claim_id=claim_id, participant_id=member.participant.id
    )
    page = page_of(session, claim.id, number)
    return picture(app.blobs.get(page.image_sha256), page.media_type)


@router.get("/claims/{claim_id}/lines/{position}/crop")
def show_crop(
    app: Opened, session: UnitOfWork, member: CurrentMember, claim_id: UUID, position: int
) -> Response:
    """The strip of the document that a line was read from."""
    claim = queries.get_for_participant(
        session, claim_id=claim_id, participant_id=member.participant.id
    )
    return crop(app.blobs, session, claim.id, position)


def page_of(session: Session, claim_id: UUID, number: int) -> DocumentPage:
    for page in queries.list_pages(session, claim_id):
        if page.number == number:
            return page
    raise ClaimNotFound


def crop(blobs: Blobs, session: Session, claim_id: UUID, position: int) -> Response:
    for line in queries.list_lines(session, claim_id):
        if line.position == position and line.box:
            page = page_of(session, claim_id, int(line.box["page"]))
            return picture(strip(blobs, page, line.box), "image/jpeg")
    raise ClaimNotFound


def picture(data: bytes, media_type: str) -> Response:
    """A picture that only this person may see, kept by the browser for a while."""
    return Response(
        data,
        media_type=media_type,
        headers={
            "Cache-Control": "private, max-age=3600",
            "Content-Disposition": "inline",
            "X-Content-Type-Options": "nosniff",
        },
    )
