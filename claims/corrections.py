"""Correcting invoices taken in once and linked to what they correct; their effect lies above."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from claims.alignment import plain
from claims.correction_tables import (
    Correction,
    CorrectionOriginal,
    CorrectionProof,
    CorrectionStatus,
)
from claims.identity import normalise_number
from claims.keys import nip_of, text_of
from claims.tables import Claim
from core.errors import NotFound
from ocr.codec import decode, encode
from ocr.reading import CorrectionReference, DocumentKind, Reading

UNKNOWN_ENCODING = "?"
NUMBER_AGAIN = "correction-number-again"
PROVEN_SINCE = "correction-proven-since"
PARTLY_SETTLED = "correction-partly-settled"
SETTLED_OTHERWISE = "correction-settled-otherwise"
_NUMBERS = 20261122  # of the locks on a seller's number while it is kept


class CorrectionNotFound(NotFound):
    code = "correction-not-found"


def is_correction(reading: Reading) -> bool:
    """Whether the document takes back or changes an earlier one instead of proving a purchase."""
    return reading.correction is not None or reading.kind in (
        DocumentKind.CORRECTED_INVOICE,
        DocumentKind.CREDIT_NOTE,
    )


def register(
    session: Session,
    claim: Claim,
    *,
    reading: Reading,
    partner_id: UUID | None,
    proof: CorrectionProof | None,
    at: datetime,
) -> Correction | None:
    """Keep a correction that came with a claim; the same one twice is kept once.

    `None` when its seller or number could not be read: a person has to look.
    """
    return register_found(
        session,
        program_id=claim.program_id,
        claim_id=claim.id,
        reading=reading,
        partner_id=partner_id,
        proof=proof,
        at=at,
    )


def register_found(
    session: Session,
    *,
    program_id: UUID,
    claim_id: UUID | None,
    reading: Reading,
    partner_id: UUID | None,
    proof: CorrectionProof | None,
    at: datetime,
) -> Correction | None:
    """As `register`, also for a correction that nobody claimed: a register told of it.

    A seller's number is that of one document unless it names other originals: a sales file tells
    of a collective correction original by original, and some sellers begin anew every year. One
    with a proof takes the place of one without; what a person settled is then opened again, unless
    they settled just this.
    """
    seller, number = nip_of(reading.seller.vat_id), text_of(reading.invoice_number)
    if seller is None or number is None:
        return None
    facts = _facts(reading, seller=seller, number=number, partner_id=partner_id, proof=proof)
    named = list(reading.correction.originals) if reading.correction else []
    numbered = _numbered(session, program_id, facts)
    same = [one for one in numbered if _is_same(session, one, facts, named)]
    if not same:
        again = any(_names_any(session, one, named) for one in numbered)
        return _keep(
            session,
            Correction(
                program_id=program_id,
                claim_id=claim_id,
                part=_next_part(numbered),
                status=CorrectionStatus.WAITING,
                doubts=[NUMBER_AGAIN] if again else [],
                created_at=at,
                **facts,
            ),
            named,
        )
    known = next((one for one in same if one.proof is not None), same[0])
    if proof is None:
        return known
    if known.proof is None:
        return _take_over(session, known, facts, named)
    further = _further(session, same, named)
    if not further or not _changes(facts["reading"]):
        return known
    # A part of it was told before, by a sales file: only a person can tell its rows apart.
    rest = {**facts, "ksef_number": None if known.ksef_number else facts["ksef_number"]}
    return _keep(
        session,
        Correction(
            program_id=program_id,
            claim_id=claim_id,
            part=_next_part(numbered),
            status=CorrectionStatus.WAITING,
            doubts=[PARTLY_SETTLED],
            created_at=at,
            **rest,
        ),
        further,
    )


def _take_over(
    session: Session,
    known: Correction,
    facts: dict[str, Any],
    named: Sequence[CorrectionReference],
) -> Correction:
    """Put a proven document in the place of an unproven one that has its number.

    Nothing moved for one that was dismissed: the proven one settles itself. Of one for which a
    person took something back, they say what of the proven one is still missing.
    """
    as_told = _changes(known.reading) == _changes(facts["reading"])
    if known.settled_by is None:
        status, doubts = CorrectionStatus.WAITING, list[str]()
    elif known.status is CorrectionStatus.DISMISSED:
        status = CorrectionStatus.NEEDS_PERSON if as_told else CorrectionStatus.WAITING
        doubts = [PROVEN_SINCE] if as_told else []
    elif as_told:
        known.proof = facts["proof"]  # It was settled as what it is.
        session.add(known)
        session.flush()
        return known
    else:
        status, doubts = CorrectionStatus.NEEDS_PERSON, [SETTLED_OTHERWISE]
    for original in list_originals(session, known.id):
        session.delete(original)
    for name, value in facts.items():
        setattr(known, name, value)
    known.status, known.doubts = status, doubts
    known.settled_at = known.settled_by = None
    session.flush()
    return _keep(session, known, named)


def _keep(
    session: Session, correction: Correction, named: Sequence[CorrectionReference]
) -> Correction:
    """Write a correction with the originals that it names."""
    session.add(correction)
    session.flush()
    session.add_all(
        CorrectionOriginal(
            correction_id=correction.id,
            position=position,
            number=original.number,
            number_norm=normalise_number(original.number),
            ksef_number=original.ksef_number,
            issue_date=original.issue_date,
        )
        for position, original in enumerate(named, start=1)
    )
    session.flush()
    return correction


def _facts(
    reading: Reading,
    *,
    seller: str,
    number: str,
    partner_id: UUID | None,
    proof: CorrectionProof | None,
) -> dict[str, Any]:
    """The columns that a reading fills. An unproven file gets no hold on a number of KSeF."""
    seen = reading.correction
    return {
        "partner_id": partner_id,
        "seller_nip": seller,
        "number": number,
        "number_norm": normalise_number(number),
        "ksef_number": text_of(reading.ksef_number) if proof is not None else None,
        "issue_date": reading.issue_date.value if reading.issue_date else None,
        "encoding": seen.encoding if seen else UNKNOWN_ENCODING,
        "reason": seen.reason[:500] if seen else "",
        "proof": proof,
        "reading": encode(reading),
    }


def _numbered(session: Session, program_id: UUID, facts: dict[str, Any]) -> list[Correction]:
    """The corrections with this number of this seller, or of KSeF, locked; the number as well."""
    number = f"{program_id}/{facts['seller_nip']}/{facts['number_norm']}"
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(_NUMBERS, sa.func.hashtext(number))))
    same = [
        sa.and_(
            col(Correction.seller_nip) == facts["seller_nip"],
            col(Correction.number_norm) == facts["number_norm"],
        )
    ]
    if facts["ksef_number"]:
        same.insert(0, col(Correction.ksef_number) == facts["ksef_number"])
    return list(
        session.exec(
            select(Correction)
            .where(Correction.program_id == program_id, sa.or_(*same))
            # One that KSeF numbered is proven: it is the one that stands.
            .order_by(sa.case((same[0], 0), else_=1), col(Correction.part))
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def _next_part(numbered: Sequence[Correction]) -> int:
    return max((one.part for one in numbered), default=0) + 1


def _is_same(
    session: Session,
    known: Correction,
    facts: dict[str, Any],
    named: Sequence[CorrectionReference],
) -> bool:
    """Whether a correction with this number is this document, whoever told of it."""
    if known.ksef_number and facts["ksef_number"]:
        return bool(known.ksef_number == facts["ksef_number"])
    if named and list_originals(session, known.id) and not _names_any(session, known, named):
        return False
    theirs, ours = known.issue_date, facts["issue_date"]
    return theirs is None or ours is None or theirs.year == ours.year


def _names_any(session: Session, known: Correction, named: Sequence[CorrectionReference]) -> bool:
    theirs = list_originals(session, known.id)
    numbers = {one.number_norm for one in theirs}
    registered = {one.ksef_number for one in theirs if one.ksef_number}
    return any(
        normalise_number(one.number) in numbers or one.ksef_number in registered for one in named
    )


def _further(
    session: Session, same: Sequence[Correction], named: Sequence[CorrectionReference]
) -> list[CorrectionReference]:
    """The originals that no correction with this number names; none where one names nothing."""
    if not all(list_originals(session, one.id) for one in same):
        return []
    return [one for one in named if not any(_names_any(session, known, [one]) for known in same)]


def _changes(reading: dict[str, Any]) -> list[tuple[str, str]]:
    """What a kept reading takes back or adds, in any order: goods and units."""
    return sorted(
        (
            plain(line.description.value) if line.description else "",
            "" if line.unit_delta is None else f"{line.unit_delta.normalize():f}",
        )
        for line in decode(Reading, reading).lines
        if line.unit_delta != 0
    )


def lock(session: Session, correction_id: UUID) -> Correction:
    """The correction, locked until the end of the transaction. Raises `CorrectionNotFound`."""
    found = session.exec(
        select(Correction)
        .where(Correction.id == correction_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise CorrectionNotFound
    return found


def list_originals(session: Session, correction_id: UUID) -> list[CorrectionOriginal]:
    return list(
        session.exec(
            select(CorrectionOriginal)
            .where(CorrectionOriginal.correction_id == correction_id)
            .order_by(col(CorrectionOriginal.position))
        )
    )


def list_named(
    session: Session, correction: Correction, original: CorrectionOriginal
) -> list[Correction]:
    """The earlier correction that this one names as its original: a link of a chain.

    Several where a sales file told of it original by original. Of those that only share its number
    those with its day, where the day is known.
    """
    found = session.exec(
        select(Correction)
        .where(
            Correction.program_id == correction.program_id,
            Correction.seller_nip == correction.seller_nip,
            Correction.number_norm == original.number_norm,
            Correction.id != correction.id,
        )
        .order_by(col(Correction.part))
    ).all()
    same_day = [one for one in found if one.issue_date == original.issue_date]
    return same_day or list(found)
