"""Many codes at once: scanned one after another or typed in lines, then sent together."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import File, Form, UploadFile
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from accounts.rates import TooManyAttempts
from claims import queries
from core.errors import Invalid
from core.runtime import App
from ocr import SourceFile, Unreadable, sandbox
from programs import codes
from programs.code_rates import CodeBringsNothing
from programs.code_use import CodeAlreadyYours, CodeRefused
from web import pages
from web.access import PARTICIPANT, Router
from web.bodies import MIB, BodyLimit
from web.deps import CurrentViewer, Now, Opened, UnitOfWork
from web.idempotent import idempotent
from web.members import CurrentMember, Member
from web.routers.code_claims import LIST, MOST, claim_once, list_context

router = Router(access=PARTICIPANT)
PHOTOS = BodyLimit(total_bytes=40 * MIB, deadline_s=90, file_bytes=15 * MIB, max_files=5)
ANSWER = "participant/code_list_done.html"


class Outcome(StrEnum):
    PAID = "paid"
    YOURS = "yours"
    REFUSED = "refused"
    MISTYPED = "mistyped"
    TOO_MANY = "too_many"
    BRINGS_NOTHING = "brings_nothing"  # good, and still unused: no rate per unit today


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one code. `shown` is too little of it to use: answers are kept."""

    shown: str
    outcome: Outcome
    points: int = 0
    claim_id: UUID | None = None
    claim_number: str = ""


def lines_of(text: str) -> list[str]:
    """The codes of a text, one in a line or with commas between, each once."""
    found = [part.strip() for part in re.split(r"[\n\r,;]+", text)]
    return list(dict.fromkeys(part for part in found if part))


def claim_many(
    request: Request,
    app: App,
    session: Session,
    *,
    member: Member,
    texts: list[str],
    actor: str,
    at: datetime,
) -> list[Sent]:
    """Claim each code for itself, within the same limits of guessing as a single one.

    Raises `Invalid` for none or more than `MOST`, `ProgramClosed`, `NoRulesInForce`.
    """
    if not 1 <= len(texts) <= MOST:
        raise Invalid("how many codes?", field="codes", most=MOST)
    answers: dict[str, Sent] = {}
    for text in texts:
        try:
            code = codes.canonical(text)
        except codes.CodeMistyped:
            answers.setdefault(text, Sent(codes.masked(text), Outcome.MISTYPED))
            continue
        if code not in answers:
            answers[code] = _claim_one(request, app, session, member, code, actor, at)
    return list(answers.values())


def _claim_one(
    request: Request,
    app: App,
    session: Session,
    member: Member,
    code: str,
    actor: str,
    at: datetime,
) -> Sent:
    shown = codes.masked(codes.grouped(code))
    try:
        with session.begin_nested():
            made = claim_once(request, app, session, member=member, code=code, actor=actor, at=at)
    except CodeRefused:
        return Sent(shown, Outcome.REFUSED)
    except CodeBringsNothing:
        return Sent(shown, Outcome.BRINGS_NOTHING)
    except TooManyAttempts:
        return Sent(shown, Outcome.TOO_MANY)
    except CodeAlreadyYours as error:
        claim = queries.get_for_participant(
            session,
            claim_id=UUID(str(error.facts["claim_id"])),
            participant_id=member.participant.id,
        )
        return Sent(shown, Outcome.YOURS, claim.points, claim.id, claim.number)
    return Sent(shown, Outcome.PAID, made.points, made.id, made.number)


@router.get("/code/list")
def ask_codes(request: Request, member: CurrentMember) -> Response:
    return pages.render(request, LIST, list_context(member, ""))


@router.post("/code/list")
@idempotent
def claim_codes(
    request: Request,
    app: Opened,
    session: UnitOfWork,
    viewer: CurrentViewer,
    member: CurrentMember,
    now: Now,
    codes: Annotated[str, Form(max_length=5000)] = "",
) -> Response:
    """Claim the points of all codes; the answer says of each what became of it."""
    _ = pages.say(request)
    try:
        sent = claim_many(
            request, app, session, member=member, texts=lines_of(codes), actor=viewer.actor, at=now
        )
    except Invalid as error:
        words = {"codes": _("Podaj od 1 do %(most)s kodów, po jednym w wierszu.") % {"most": MOST}}
        raise pages.wrong(LIST, list_context(member, codes), words) from error
    context = {
        "scope_label": member.scope_label,
        "sent": sent,
        "paid": sum(one.outcome is Outcome.PAID for one in sent),
        "points": sum(one.points for one in sent if one.outcome is Outcome.PAID),
    }
    return pages.render(request, ANSWER, context)


@router.post("/code/list/photos", body=PHOTOS)
def read_photos(
    request: Request,
    member: CurrentMember,
    files: Annotated[list[UploadFile] | None, File()] = None,
    codes: Annotated[str, Form(max_length=5000)] = "",
) -> Response:
    """Add the codes on pictures to the list; nothing is kept of them and nothing is claimed yet."""
    _ = pages.say(request)
    known, failed = lines_of(codes), False
    fresh: list[str] = []
    for file in files or []:
        try:
            fresh += sandbox.product_codes_limited(
                [SourceFile(file.file.read(), file.filename or "")]
            )
        except Unreadable:
            failed = True
    text = "\n".join(dict.fromkeys([*known, *fresh]))
    if failed or not fresh:
        words = _("Na zdjęciu nie widać kodu. Podejdź bliżej albo przepisz kod z etykiety.")
        if failed:
            words = _("Tego zdjęcia nie umiemy otworzyć. Zrób je jeszcze raz.")
            if fresh:  # Of the other pictures; they are on the list.
                words = _("Jednego ze zdjęć nie umiemy otworzyć; kody z pozostałych są na liście.")
        raise pages.wrong(LIST, list_context(member, text), {"files": words})
    return pages.render(request, LIST, list_context(member, text))
