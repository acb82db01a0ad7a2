"""A picture of product labels that came in as a document: each code on it becomes a code claim."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Session

from claims import service
from claims.extraction import PageImage
from claims.states import ClaimStatus
from claims.tables import Claim, ClaimEvent
from core.errors import DomainError, Invalid
from messages import service as messages
from messages.kinds import CODES_LEFT
from ocr import code_kinds
from ocr.reading import Reading
from programs import codes
from programs import queries as program_queries
from programs.code_rates import CodeBringsNothing
from programs.code_use import CodeAlreadyYours, CodeRefused
from programs.tables import Participant
from verification import code_claims, intake

MOST = 24  # a sheet of labels
FEW_WORDS = 60  # A package says little; a page on which nothing was recognised goes to a person.


class LabelReason(StrEnum):
    """Why no code of a picture was paid; for strangers' codes one reason, whatever it is."""

    REFUSED = "code-refused"
    ALREADY_YOURS = "code-already-yours"
    BRINGS_NOTHING = "code-brings-nothing"
    TOO_MANY = "too-many-codes"
    OVER_SHEET = "over-one-picture"
    ONLY_GTIN = "only-gtin"


@dataclass(frozen=True, slots=True)
class Labels:
    """What a picture shows instead of a document: codes of ours, or only an article's bar code."""

    codes: tuple[str, ...]
    over: tuple[str, ...] = ()  # beyond the most of one picture: they are named, not tried


LEFT = "left_codes"  # the fact of a claim's event that names the codes its picture was not paid for


def labels_of(reading: Reading) -> Labels | None:
    """The labels of a reading in which no document was found; `None` for documents and the rest."""
    if reading.lines or any(
        (
            reading.invoice_number,
            reading.receipt_number,
            reading.ksef_number,
            reading.print_number,
            reading.total_gross,
            reading.seller.vat_id,
        )
    ):
        return None
    found = []
    for seen in reading.codes:
        code = code_kinds.product_code_in(seen.text)
        if seen.kind == code_kinds.PRODUCT_CODE and code is not None and _fits(code):
            found.append(codes.canonical(code))
    if found:
        different = tuple(dict.fromkeys(found))
        return Labels(different[:MOST], over=different[MOST:])
    only_gtin = {seen.kind for seen in reading.codes} == {code_kinds.GTIN}
    return Labels(()) if only_gtin and len(reading.words) <= FEW_WORDS else None


def _fits(code: str) -> bool:
    try:
        codes.canonical(code)
    except Invalid:
        return False
    return True


def complete(
    session: Session,
    *,
    claim_id: UUID,
    labels: Labels,
    permitted: Collection[str],
    pages: Sequence[PageImage],
    key: bytes,
    at: datetime,
) -> set[str]:
    """Pay the codes of a picture, the first by its own claim; the codes that were no wrong guess.

    Only `permitted` codes are looked up: the others went over the limits of guessing. A claim
    none of whose codes pays goes back to the participant. Of several codes on one picture those
    that brought nothing are named with their reason. Harmless when it came too late.
    """
    claim = service.lock(session, claim_id)
    if claim.status is not ClaimStatus.READING:
        return set()
    participant = program_queries.get_participant(session, claim.participant_id)
    program = program_queries.get_program(session, claim.program_id)
    actor = f"person:{participant.person_id}"
    left: dict[str, LabelReason] = {}
    right: set[str] = set()
    paid = False
    for code in labels.codes:
        if code not in permitted:
            left[code] = LabelReason.TOO_MANY
            continue
        try:
            with session.begin_nested():
                if not paid:
                    code_claims.claim_label(
                        session, claim, code=code, key=key, pages=pages, actor=actor, at=at
                    )
                else:
                    code_claims.claim(
                        session,
                        program=program,
                        participant=participant,
                        code=code,
                        key=key,
                        actor=actor,
                        at=at,
                        submitted_at=claim.submitted_at,
                    )
        except CodeRefused:
            left[code] = LabelReason.REFUSED
            continue
        except CodeAlreadyYours:
            left[code] = LabelReason.ALREADY_YOURS
        except CodeBringsNothing:
            left[code] = LabelReason.BRINGS_NOTHING
        except DomainError:
            left[code] = LabelReason.REFUSED  # The programme is closed, or has no rules today.
        else:
            paid = True
        right.add(code)
    left |= dict.fromkeys(labels.over, LabelReason.OVER_SHEET)
    if not paid:
        reason = next(iter(left.values()), LabelReason.ONLY_GTIN)
        intake.send_back(session, claim, reason=reason, at=at)
    if left and len(labels.codes) > 1:  # A single one is the claim's own reason.
        _name_left(session, claim, participant, left, at)
    return right


def _name_left(
    session: Session,
    claim: Claim,
    participant: Participant,
    left: Mapping[str, LabelReason],
    at: datetime,
) -> None:
    """Say which codes brought nothing, and why; of a code only so much that its label is found."""
    named = [
        {"shown": codes.masked(codes.grouped(code)), "reason": reason}
        for code, reason in left.items()
    ]
    session.add(
        ClaimEvent(
            claim_id=claim.id, status=claim.status, actor=intake.READER, at=at, facts={LEFT: named}
        )
    )
    session.flush()
    messages.notify(
        session,
        person_id=participant.person_id,
        kind=CODES_LEFT.name,
        event_key=f"claim:{claim.id}:codes-left:{at.isoformat()}",
        at=at,
        number=claim.number,
        claim_id=str(claim.id),
        codes=len(named),
    )
