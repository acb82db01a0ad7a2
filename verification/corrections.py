"""A correction finds its original and takes back exactly what was paid for the returned units.

What a document alone does not settle goes to a person; what has no original yet waits for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session, col, select

from claims import correction_links, corrections, paper, queries, service
from claims.correction_links import ROW_NOT_FOUND
from claims.correction_tables import Correction, CorrectionOriginal, CorrectionStatus
from claims.living import living
from claims.purchase_tables import Purchase
from claims.tables import Claim
from core import audit
from core.errors import DomainError, Invalid, Kind
from ocr.codec import decode
from ocr.reading import Reading
from programs import queries as program_queries
from programs import service as program_service
from verification import corrected_claims, correction_originals, correction_twins, returns
from verification.corrected_claims import ACTOR
from verification.correction_notes import Return
from verification.correction_originals import Laid, purchases_of
from verification.correction_originals import original_lines as original_lines

PATIENCE = timedelta(days=3)
BUYER_BEFORE = "buyer-before"
RAISES = "correction-raises-quantity"
UNPROVEN = "correction-unproven"
LATE = "correction-late"
DAY_DIFFERS = "correction-day-differs"
CLAIMED_LATER = "correction-claimed-later"


class AlreadySettled(DomainError):
    """Somebody settled this correction before."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "correction-settled"


def settle(session: Session, *, correction_id: UUID, at: datetime) -> Correction:
    """Apply a waiting correction if its originals are here, it is proven and nothing in doubt."""
    correction = corrections.lock(session, correction_id)
    if not correction_links.may_settle(correction):
        return correction
    originals = correction_links.link(session, correction)
    linked = purchases_of(session, correction, originals)
    reading = decode(Reading, correction.reading)
    changing = [row for row in reading.lines if row.unit_delta != 0]
    if linked is None or (not linked and (changing or not originals)):
        if originals:
            return correction  # It waits.
        return _to_person(session, correction, ["correction-names-no-original"])
    claimed = [one for one in linked if paper.fullest_claim(session, one) is not None]
    if changing and linked and not claimed:
        return correction  # It waits: the claims that showed what is on it were all let go.
    doubts = _doubts(session, correction, reading, linked)
    if changing:
        # What was in doubt when it was taken in.
        doubts += [word for word in correction.doubts if word != ROW_NOT_FOUND]
    missing = len(claimed) < len(linked) or _some_missing(session, correction, originals)
    if changing and missing:
        if at < correction.created_at + PATIENCE:
            return correction  # An earlier link of the chain may be on its way.
        # Of several originals one stays unknown: the rows could be any of theirs.
        doubts.append("correction-original-missing")
    # Locked before anything is compared: two documents of one invoice may come at once.
    for claim_id in returns.concerned(session, linked) if changing and linked else ():
        service.lock(session, claim_id)
    laid = correction_originals.laid(session, reading, linked) if linked else []
    found, unclear = _returns(laid)
    same, like = correction_twins.compare(session, correction, reading, laid, linked)
    if same is not None and not doubts:
        correction.doubts = [correction_twins.SAME_DOCUMENT]
        return _close(session, correction, CorrectionStatus.APPLIED, None, 0, at)
    if like or same is not None:
        doubts.append(correction_twins.OTHER_NUMBER)
    if found and correction.proof is None:
        # Whoever sent it, and whomever it would cost: anybody can write such a file, and what is
        # made up would stand in the way of the real document with the same number.
        doubts.append(UNPROVEN)
    if found and _late(session, correction, linked or []):
        doubts.append(LATE)
    if changing and any(correction_links.day_differs(session, one) for one in originals):
        doubts.append(DAY_DIFFERS)
    if doubts or unclear:
        return _to_person(session, correction, [*doubts, *unclear])
    return _apply(session, correction, found, at=at)


def settle_overdue(session: Session, *, at: datetime, limit: int = 100) -> int:
    """Look again at what waits for too long though an original of it is claimed; how many."""
    ids = correction_links.list_overdue(session, before=at - PATIENCE, limit=limit)
    for correction_id in ids:
        settle(session, correction_id=correction_id, at=at)
    return len(ids)


def settle_waiting(session: Session, claim: Claim, *, at: datetime) -> int:
    """Apply what waited for a claim's document; call it before anybody decides. How many."""
    purchase = queries.find_purchase(session, claim)
    if purchase is None:
        return 0
    ids = correction_links.waiting_for(
        session,
        program_id=claim.program_id,
        seller_nip=purchase.seller_nip,
        number_norm=purchase.number_norm,
        ksef_number=purchase.ksef_number,
    )
    for correction_id in ids:
        settle(session, correction_id=correction_id, at=at)
    for correction_id in correction_links.list_settled_before(session, purchase):
        _open_again(session, corrections.lock(session, correction_id))
    return len(ids)


def _open_again(session: Session, correction: Correction) -> None:
    """Ask a person for the share of an original that was not known when they settled the rest."""
    missing = {
        one.id for one in corrections.list_originals(session, correction.id) if not one.purchase_id
    }
    found = [one for one in correction_links.link(session, correction) if one.purchase_id]
    if correction.status is CorrectionStatus.APPLIED and any(one.id in missing for one in found):
        correction.settled_at = correction.settled_by = None
        _to_person(session, correction, [CLAIMED_LATER])


def resolve(
    session: Session,
    *,
    correction_id: UUID,
    returned: Mapping[tuple[UUID, int], Decimal],
    person_id: UUID,
    at: datetime,
) -> Correction:
    """A person says how much of which lines came back; nothing named means nothing came back.

    What was read beside what they said is kept in the audit.

    Raises `AlreadySettled`, and `Invalid` for a line that is no original's or more than was sold.
    """
    correction = corrections.lock(session, correction_id)
    if correction.status not in (CorrectionStatus.NEEDS_PERSON, CorrectionStatus.WAITING):
        raise AlreadySettled(correction.number)
    linked = purchases_of(session, correction, correction_links.link(session, correction)) or []
    lines = {
        (purchase_id, line.position): line.quantity.value if line.quantity else Decimal(0)
        for purchase_id in linked
        for line in original_lines(session, purchase_id)
    }
    for place, quantity in returned.items():
        if not 0 <= quantity <= lines.get(place, Decimal(-1)):
            raise Invalid("no more comes back than was sold", field=f"line-{place[1]}")
    found = [Return(*place, quantity) for place, quantity in sorted(returned.items()) if quantity]
    read = correction_originals.read_back(session, correction)
    audit.record(
        session,
        chain=program_service.chain(correction.program_id),
        actor=f"person:{person_id}",
        action="correction.answer",
        subject=f"correction:{correction.id}",
        at=at,
        answers=correction_originals.answers(read, returned)[:2000],
    )
    return _apply(session, correction, found, person_id=person_id, at=at)


def dismiss(session: Session, *, correction_id: UUID, person_id: UUID, at: datetime) -> Correction:
    """A person says that this document changes nothing here. Raises `AlreadySettled`."""
    correction = corrections.lock(session, correction_id)
    if correction.status not in (CorrectionStatus.NEEDS_PERSON, CorrectionStatus.WAITING):
        raise AlreadySettled(correction.number)
    made = _close(session, correction, CorrectionStatus.DISMISSED, person_id, 0, at)
    _settle_next(session, correction, at=at)
    return made


def _some_missing(
    session: Session, correction: Correction, originals: Sequence[CorrectionOriginal]
) -> bool:
    """Whether an original is neither a purchase here nor a correction that was taken in."""
    return any(
        original.purchase_id is None and not corrections.list_named(session, correction, original)
        for original in originals
    )


def _doubts(
    session: Session, correction: Correction, reading: Reading, linked: Sequence[UUID]
) -> list[str]:
    found = []
    if reading.correction is None:
        found.append("correction-unread")
    elif reading.correction.needs_person:
        found += [f.code for f in reading.findings if f.code.startswith("correction-")] or [
            "correction-unclear"
        ]
    if _buyer_changed(session, correction, reading, linked):
        found.append("correction-other-buyer")
    return found


def _late(session: Session, correction: Correction, linked: Sequence[UUID]) -> bool:
    """Whether it was issued after the programme's days for taking points back by itself."""
    program = program_queries.get_program(session, correction.program_id)
    days = timedelta(days=program_queries.settings_of(program).reversal_days)
    bought = [session.get_one(Purchase, purchase_id) for purchase_id in linked]
    known = [day for one in bought if (day := one.sale_date or one.issue_date)]
    said = correction.issue_date
    return said is not None and any(said > day + days for day in known)


def _buyer_changed(
    session: Session, correction: Correction, reading: Reading, linked: Sequence[UUID]
) -> bool:
    """Whether data-only corrections name a buyer that no claimant of the original is."""
    before = next((p for p in reading.third_parties if p.role == BUYER_BEFORE), None)
    after = reading.buyer.vat_id.value if reading.buyer.vat_id else None
    if before is None or before.vat_id is None or before.vat_id.value == after:
        return False
    claimants = session.exec(
        select(Claim).where(col(Claim.purchase_id).in_(list(linked)), living())
    )
    del correction
    return any(
        program_queries.get_participant(session, claim.participant_id).nip != after
        for claim in claimants
    )


def _returns(laid: Sequence[Laid]) -> tuple[list[Return], list[str]]:
    """What comes back, and the doubts that keep it from being taken without a person."""
    found, unclear = [], []
    for one in laid:
        change = one.change
        if change.doubt and change.doubt != RAISES:
            unclear.append(change.doubt)
        elif one.place is not None and change.units:
            found.append(Return(*one.place, -change.units, one.sold))
    return found, list(dict.fromkeys(unclear))


def _apply(
    session: Session,
    correction: Correction,
    found: Sequence[Return],
    *,
    person_id: UUID | None = None,
    at: datetime,
) -> Correction:
    """Take the returns out of their lines, the claims out of their status, and write it down."""
    if person_id is not None:
        correction.settled_by = person_id  # Who answers for it stands there before anything moves.
        session.add(correction)
        session.flush()
    ids = returns.concerned(session, {back.purchase_id for back in found}) if found else []
    locked = {claim_id: service.lock(session, claim_id) for claim_id in ids}
    before = {claim.id: claim.points for claim in locked.values()}
    in_order = sorted(found, key=lambda one: (one.purchase_id, one.position))
    lost = 0
    for claim_id, changed in returns.apply(session, correction, in_order, at=at).items():
        claim = session.get_one(Claim, claim_id)
        lost += corrected_claims.restate(
            session, correction, claim, before.get(claim_id, claim.points), changed, at
        )
    made = _close(session, correction, CorrectionStatus.APPLIED, person_id, lost, at)
    _settle_next(session, correction, at=at)
    return made


def _settle_next(session: Session, correction: Correction, *, at: datetime) -> None:
    """Settle the corrections that name this one as their original: the next links of a chain."""
    for waiting in correction_links.waiting_for(
        session,
        program_id=correction.program_id,
        seller_nip=correction.seller_nip,
        number_norm=correction.number_norm,
    ):
        settle(session, correction_id=waiting, at=at)


def _to_person(session: Session, correction: Correction, doubts: Sequence[str]) -> Correction:
    correction.status = CorrectionStatus.NEEDS_PERSON
    correction.doubts = list(dict.fromkeys(doubts))
    session.add(correction)
    session.flush()
    return correction


def _close(
    session: Session,
    correction: Correction,
    status: CorrectionStatus,
    person_id: UUID | None,
    lost: int,
    at: datetime,
) -> Correction:
    correction.status, correction.settled_at, correction.settled_by = status, at, person_id
    session.add(correction)
    session.flush()
    audit.record(
        session,
        chain=program_service.chain(correction.program_id),
        actor=f"person:{person_id}" if person_id else ACTOR,
        action=f"correction.{status}",
        subject=f"correction:{correction.id}",
        at=at,
        points=lost,
    )
    return correction
