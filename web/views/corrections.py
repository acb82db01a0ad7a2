"""Corrections as the people see them who settle them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from claims import queries
from claims.correction_tables import Correction, CorrectionProof, CorrectionStatus
from claims.corrections import list_originals
from claims.document_tables import DocumentPage
from claims.purchase_tables import Purchase
from claims.tables import Claim, ClaimLine
from ocr.codec import decode, encode
from ocr.reading import Box, Reading
from verification import correction_desk, correction_twins, withdrawing
from verification.correction_notes import taken_by
from verification.correction_originals import ReadBack, original_lines, read_back
from web.error_texts import N_
from web.views.correction_words import DOUBTS, ENCODINGS, OTHER_DOUBT, UNKNOWN_ENCODING
from web.views.paper import CropView, crops, page_views


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """One correction of a list; `waiting` when its original was not claimed yet."""

    id: UUID
    number: str
    issued_on: date | None
    encoding: str
    originals: tuple[str, ...]
    doubts: tuple[str, ...]
    waiting: bool
    settled: bool
    withdrawable: bool = False  # a person's word took something that can be given back
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OriginalLine:
    """A line of a corrected invoice: what is left of it, and the field for what came back."""

    field: str
    document: str
    position: int
    name: str
    left: Decimal
    unit: str
    read: str = ""  # what was read as returned, for the field; empty where it is in doubt
    doubt: str = ""  # why a person has to say it
    crops: tuple[CropView, ...] = ()  # where the correction says it


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row of the correction as it was read."""

    name: str
    quantity: Decimal | None
    unit: str
    before: bool
    change: Decimal | None


def row_of(
    session: Session, correction: Correction, *, gettext: Callable[[str], str]
) -> CorrectionRow:
    return CorrectionRow(
        id=correction.id,
        number=correction.number,
        issued_on=correction.issue_date,
        encoding=gettext(ENCODINGS.get(correction.encoding[:1], UNKNOWN_ENCODING)),
        originals=tuple(o.number for o in list_originals(session, correction.id)),
        doubts=tuple(
            dict.fromkeys(
                gettext(DOUBTS.get(code, OTHER_DOUBT))
                for code in correction.doubts
                # What was in doubt is none any more once it is settled.
                if correction.settled_at is None or code == correction_twins.SAME_DOCUMENT
            )
        ),
        waiting=correction.status is CorrectionStatus.WAITING,
        settled=correction.settled_at is not None,
        withdrawable=withdrawing.may_withdraw(session, correction),
        settled_at=correction.settled_at,
    )


def field_of(purchase_id: UUID, position: int) -> str:
    return f"back-{purchase_id}-{position}"


def original_rows(
    session: Session, correction: Correction, *, gettext: Callable[[str], str]
) -> list[OriginalLine]:
    """Every line that may have come back, with what was read of it; a person decides."""
    made = []
    found = read_back(session, correction)
    windows = _windows(session, correction)
    for original in list_originals(session, correction.id):
        if original.purchase_id is None:
            continue
        purchase = session.get_one(Purchase, original.purchase_id)
        made += [
            OriginalLine(
                field=field_of(purchase.id, line.position),
                document=purchase.number or "",
                position=line.position,
                name=line.description.value if line.description else "",
                left=line.quantity.value if line.quantity else Decimal(0),
                unit=line.unit.value if line.unit else "",
                **_read(found.get((purchase.id, line.position)), windows, gettext),
            )
            for line in original_lines(session, purchase.id)
        ]
    return made


def _read(
    back: ReadBack | None,
    windows: Mapping[int, CropView],
    gettext: Callable[[str], str],
) -> dict[str, Any]:
    if back is None:
        return {}
    quantity = back.quantity if back.quantity and back.quantity > 0 else None
    return {
        "read": f"{quantity.normalize():f}".replace(".", ",") if quantity else "",
        "doubt": gettext(DOUBTS.get(back.doubt, OTHER_DOUBT)) if back.doubt else "",
        "crops": tuple(windows[row] for row in back.rows if row in windows),
    }


def _windows(session: Session, correction: Correction) -> dict[int, CropView]:
    """Where each row of the correction stands on its pages, by its position."""
    if correction.claim_id is None:
        return {}
    pages = queries.list_pages(session, correction.claim_id)
    reading = decode(Reading, correction.reading)
    rows = [
        ClaimLine(claim_id=correction.claim_id, position=line.position, box=_encoded(line.box))
        for line in reading.lines
    ]
    views = page_views(pages, rows, reading, f"/corrections/{correction.id}/pages")
    return {position: crop for (position, name), crop in crops(views).items() if name == "quantity"}


def _encoded(box: Box | None) -> dict[str, Any] | None:
    made: dict[str, Any] | None = encode(box) if box else None
    return made


def read_rows(correction: Correction) -> Sequence[ReadRow]:
    """The rows that the reader saw on the correction."""
    reading = decode(Reading, correction.reading)
    return [
        ReadRow(
            name=line.description.value if line.description else "",
            quantity=line.quantity.value if line.quantity else None,
            unit=line.unit.value if line.unit else "",
            before=line.before,
            change=line.unit_delta,
        )
        for line in reading.lines
    ]


@dataclass(frozen=True, slots=True)
class OtherNumber:
    """A settled correction of the same invoice that another source told of by another number."""

    id: UUID
    number: str
    issued_on: date | None
    source: str
    rows: tuple[tuple[str, Decimal], ...]  # name and what came back


SOURCES: Mapping[CorrectionProof | None, str] = {
    CorrectionProof.KSEF_FETCHED: N_("z KSeF"),
    CorrectionProof.KSEF_REGISTRY: N_("z KSeF"),
    CorrectionProof.SALES_FEED: N_("z pliku sprzedaży"),
    CorrectionProof.SELLER: N_("od pracownika hurtowni"),
}


def other_numbers(
    session: Session, correction: Correction, *, gettext: Callable[[str], str]
) -> list[OtherNumber]:
    """What a person compares, where one document may have two numbers."""
    marks = {correction_twins.OTHER_NUMBER, correction_twins.SAME_DOCUMENT}
    if not marks & set(correction.doubts):
        return []
    purchases = _purchases(session, correction)
    names = _names(session, purchases)
    return [
        OtherNumber(
            one.id,
            one.number,
            one.issue_date,
            gettext(SOURCES.get(one.proof, N_("przesłana"))),
            tuple((names.get(place) or str(place[1]), back) for place, back in taken.items()),
        )
        for one in correction_twins.list_others(session, correction, purchases)
        if (taken := taken_by(session, one.id))
    ]


def taken_rows(session: Session, correction: Correction) -> list[tuple[str, Decimal]]:
    """What a correction took by now: the rows' names and what came back."""
    taken = taken_by(session, correction.id)
    names = _names(session, _purchases(session, correction)) if taken else {}
    return [(names.get(place) or str(place[1]), back) for place, back in taken.items()]


def _purchases(session: Session, correction: Correction) -> list[UUID]:
    return [
        o.purchase_id for o in list_originals(session, correction.id) if o.purchase_id is not None
    ]


def _names(session: Session, purchases: Sequence[UUID]) -> dict[tuple[UUID, int], str]:
    return {
        (purchase_id, line.position): line.description.value if line.description else ""
        for purchase_id in purchases
        for line in original_lines(session, purchase_id)
    }


@dataclass(frozen=True, slots=True)
class Papers:
    """The pages that a person compares; a document without pictures has none."""

    correction: Sequence[DocumentPage]
    invoice: Sequence[DocumentPage]


def invoice_claim(session: Session, correction: Correction) -> UUID | None:
    """The claim that brought the invoice: the first one, where several people share it."""
    purchases = [o.purchase_id for o in list_originals(session, correction.id) if o.purchase_id]
    return session.exec(
        select(Claim.id)
        .where(col(Claim.purchase_id).in_(purchases))
        .order_by(col(Claim.submitted_at), col(Claim.id))
    ).first()


def papers(session: Session, correction: Correction) -> Papers:
    invoice = invoice_claim(session, correction)
    return Papers(
        queries.list_pages(session, correction.claim_id) if correction.claim_id else (),
        queries.list_pages(session, invoice) if invoice else (),
    )


@dataclass(frozen=True, slots=True)
class Taken:
    """What one correction took from a line of a claim; `owed` of the points were spent already.

    `given`: it sold again what an earlier one had taken, and the points came back; `withdrawn`:
    they came back because its own settlement was wrong.
    """

    number: str
    position: int
    units: Decimal
    points: int
    owed: int
    # Rules whose bonus went with it, or came with it, said once for each correction.
    bonuses: str = ""
    given: bool = False
    withdrawn: bool = False


def taken(session: Session, claim_id: UUID) -> list[Taken]:
    """For the claim's page: which correction took or gave what, and which bonuses went with it.

    A line that only lost a bonus comes without units.
    """
    bonuses = {
        (str(event.facts["correction"]), given): str(event.facts[word])
        for event in queries.list_events(session, claim_id)
        for word, given in (("bonuses", False), ("regained", True))
        if "correction" in event.facts and word in event.facts
    }
    moved = correction_desk.taken_from(session, claim_id)
    took = {(one.id, line.purchase_line_id) for one, line in moved if not line.given}
    return [
        Taken(
            correction.number,
            line.position,
            line.units,
            line.points,
            line.to_debt,
            bonuses.pop((correction.number, line.given), ""),
            line.given,
            line.given and (correction.id, line.purchase_line_id) in took,
        )
        for correction, line in moved
    ]


@dataclass(frozen=True, slots=True)
class LostBonus:
    """What a claim lost because the decision on another one of theirs was undone."""

    number: str  # of the other claim
    bonuses: str
    points: int


def lost_bonuses(session: Session, claim_id: UUID) -> list[LostBonus]:
    """For the claim's page: bonuses that it had reached only with another claim's units."""
    return [
        LostBonus(
            number=str(event.facts["undone"]),
            bonuses=str(event.facts["bonuses"]),
            points=-int(event.facts["points"]),
        )
        for event in queries.list_events(session, claim_id)
        if "undone" in event.facts
    ]


def brought(session: Session, claim_id: UUID) -> dict[str, str] | None:
    """What became of the correction that was sent in as this claim."""
    found = correction_desk.brought_by(session, claim_id)
    if found is None:
        return None
    sender = queries.get_claim(session, claim_id).participant_id
    own = correction_desk.concerns_own(session, found, participant_id=sender)
    # A copy may name other invoices than the correction that stands: only its own are told.
    seen = queries.find_reading(session, claim_id) if found.claim_id != claim_id else None
    named = seen.correction.originals if seen and seen.correction else None
    return {
        "number": found.number,
        "originals": ", ".join(
            o.number for o in (list_originals(session, found.id) if named is None else named)
        ),
        # Whether somebody else claimed that invoice is not this participant's to know.
        "status": (found.status if own else CorrectionStatus.WAITING).value,
    }
