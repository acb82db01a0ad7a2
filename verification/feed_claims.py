"""The claims that a wholesaler's sales can answer, and what they claim."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from claims.purchase_tables import Purchase, PurchaseKind
from claims.queries import list_lines
from claims.states import ClaimStatus
from claims.tables import Claim
from partners.tables import Partner
from programs import queries as program_queries
from programs.matching import Catalogue, match
from programs.tables import Participant
from verification.feed_comparison import ClaimedLine, Compared, compare
from verification.feed_rows import Row


@dataclass(frozen=True, slots=True)
class OpenClaim:
    """A claim that waits for its seller, with the keys of its document."""

    claim_id: UUID
    program_id: UUID
    number_norm: str
    buyers: frozenset[str]


def list_open(
    session: Session, *, partner: Partner, claim_id: UUID | None = None
) -> list[OpenClaim]:
    """Claims on this wholesaler's invoices that wait for a decision; or only the one named."""
    query = (
        sa.select(
            col(Claim.id),
            col(Claim.program_id),
            col(Purchase.number_norm),
            col(Purchase.buyer_nip),
            col(Participant.nip),
        )
        .join_from(Claim, Purchase, col(Purchase.id) == col(Claim.purchase_id))
        .join(Participant, col(Participant.id) == col(Claim.participant_id))
        .where(
            col(Claim.status) == ClaimStatus.AWAITING_PARTNER,
            col(Claim.held_reason).is_(None),
            col(Purchase.seller_nip) == partner.nip,
            col(Purchase.kind) == PurchaseKind.INVOICE,
            col(Purchase.number_norm).is_not(None),
        )
        .order_by(col(Claim.id))
    )
    if claim_id is not None:
        query = query.where(col(Claim.id) == claim_id)
    return [
        OpenClaim(found, program_id, number, frozenset({buyer or own}))
        for found, program_id, number, buyer, own in session.execute(query)
    ]


def claimed_lines(session: Session, claim_id: UUID) -> list[ClaimedLine]:
    """The lines of a claim that name a product of the programme."""
    return [
        ClaimedLine(
            position=line.position,
            product_id=line.product_id,
            quantity=line.quantity,
            factor=line.units_per_quantity,
            gtin=line.gtin or "",
            index=line.seller_index or "",
            name=line.description,
        )
        for line in list_lines(session, claim_id)
        if line.product_id is not None
    ]


class Comparer:
    """Compares claims of several programmes with one seller's rows; catalogues are loaded once."""

    def __init__(self, session: Session, partner: Partner) -> None:
        self._session, self._partner = session, partner
        self._catalogues: dict[UUID, Catalogue] = {}
        self._thresholds: dict[UUID, Decimal] = {}

    def _catalogue(self, program_id: UUID) -> Catalogue:
        if program_id not in self._catalogues:
            self._catalogues[program_id] = program_queries.load_catalogue(
                self._session, program_id=program_id, seller_nip=self._partner.nip
            )
            program = program_queries.get_program(self._session, program_id)
            self._thresholds[program_id] = program_queries.settings_of(program).match_threshold
        return self._catalogues[program_id]

    def compare(self, claim: OpenClaim, rows: Iterable[Row]) -> Compared | None:
        """The claim beside the rows of its number; None when it claims nothing, or no rows."""
        lines = claimed_lines(self._session, claim.claim_id)
        if not lines:
            return None
        catalogue = self._catalogue(claim.program_id)
        threshold = self._thresholds[claim.program_id]

        def resolve(row: Row) -> tuple[UUID, Decimal] | None:
            found = match(
                description=row.name,
                seller_index=row.index or None,
                gtin=row.gtin or None,
                catalogue=catalogue,
            ).best
            sure = found is not None and found.score >= threshold
            return (found.product_id, found.units) if found is not None and sure else None

        return compare(
            lines,
            rows,
            buyers=claim.buyers,
            gtins=_plain(catalogue.gtins),
            resolve=resolve,
        )


def _plain(gtins: Mapping[str, tuple[UUID, Decimal]]) -> dict[str, tuple[UUID, Decimal]]:
    return {gtin.lstrip("0"): named for gtin, named in gtins.items()}
