"""Comparing one sales export: read outside any transaction, written in one, proofs after it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from claims.tables import Claim
from core.columns import new_id
from core.queue import later
from partners import queries as partner_queries
from partners.tables import Partner, PartnerUser
from programs.tables import Participant
from verification import feed_corrections, feed_jpk, feed_returns, feed_sealed, proofs
from verification.feed_claims import Comparer, OpenClaim, list_open
from verification.feed_comparison import Compared, LineAnswer
from verification.feed_file import Layout, rows_of
from verification.feed_keys import KeyRing
from verification.feed_memory import keep_keys, portions
from verification.feed_returns import ReturnedRow, SaleCorrection
from verification.feed_rows import Fault, Row, RowReader
from verification.feed_tables import (
    FeedAnswer,
    FeedOutcome,
    FeedStatus,
    SalesFeed,
    SalesFeedFault,
)
from verification.proof_tables import ProofKind
from verification.reconciliation import PROVE, layout_of, read_mapping
from verification.tables import Cause, Review, ReviewStatus

STEP = 5_000
MOST_FAULTS = 5_000


@dataclass(frozen=True, slots=True)
class Begun:
    """What the comparison of a feed needs to know; `numbers` are those of open claims."""

    partner: Partner
    layout: Layout
    mapping: dict[Any, int]
    sha256: str
    numbers: frozenset[str]


@dataclass(slots=True)
class Read:
    """What was found in the file: rows that answer open claims, faults, keys of all sales."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    keys: set[bytes] = field(default_factory=set)
    corrections: list[SaleCorrection] = field(default_factory=list)
    total: int = 0
    sold: int = 0
    bad: int = 0


def begin(session: Session, *, feed_id: UUID) -> Begun | None:
    """`None` when the feed no longer waits."""
    feed = session.get_one(SalesFeed, feed_id)
    if feed.status is not FeedStatus.WAITING:
        return None
    partner = partner_queries.get_partner(session, feed.partner_id)
    numbers = frozenset(claim.number_norm for claim in list_open(session, partner=partner))
    return Begun(partner, layout_of(feed), read_mapping(feed.mapping), feed.sha256, numbers)


def read(data: bytes, begun: Begun, *, key: bytes, progress: Callable[[int], None]) -> Read:
    """Go through the file once. Rows of no open claim leave only their keys. Raises `Invalid`."""
    made = Read()
    returned: list[ReturnedRow] = []
    reader, ring = RowReader(begun.mapping), KeyRing(key)
    for number, cells in rows_of(data, begun.layout):
        made.total += 1
        if made.total % STEP == 0:
            progress(made.total)
        found = reader.read(number, cells)
        if found is None:
            continue
        if isinstance(found, Fault):
            made.bad += 1
            if len(made.faults) < MOST_FAULTS:
                made.faults.append(found)
            continue
        made.sold += 1
        if isinstance(found, ReturnedRow):
            returned.append(found)
            continue
        ring.add(found)
        if found.number_norm in begun.numbers:
            made.rows.setdefault(found.number_norm, []).append(found)
    made.keys = ring.keys()
    is_jpk = begun.layout.kind == "jpk"
    made.corrections = feed_jpk.corrections(data) if is_jpk else feed_returns.gather(returned)
    return made


def show_progress(session: Session, *, feed_id: UUID, rows: int) -> None:
    session.execute(
        sa.update(SalesFeed)
        .where(col(SalesFeed.id) == feed_id, col(SalesFeed.status) == FeedStatus.WAITING)
        .values(rows_done=rows)
    )


def complete(
    session: Session, *, feed_id: UUID, found: Read, key: bytes, at: datetime
) -> SalesFeed | None:
    """Write all that the file says, or nothing; ask for the proofs of the claims it confirms.

    A file of which hardly a row can be used was mapped wrongly: it is refused as a whole.
    """
    feed = session.exec(
        select(SalesFeed)
        .where(SalesFeed.id == feed_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if feed.status is not FeedStatus.WAITING:
        return None
    feed.rows_total = feed.rows_done = found.total
    feed.rows_bad = found.bad
    _write_faults(session, feed.id, found.faults)
    if found.bad > found.sold:
        feed.status, feed.fault, feed.finished_at = FeedStatus.REFUSED, "mostly_bad", at
        session.add(feed)
        return feed
    keep_keys(session, partner_id=feed.partner_id, feed_id=feed.id, keys=found.keys)
    partner = partner_queries.get_partner(session, feed.partner_id)
    # Before the comparison: what came back is proven for nobody any more.
    feed_sealed.keep(
        session, partner_id=partner.id, feed_id=feed.id, found=found.corrections, key=key
    )
    feed_corrections.take_in(session, partner=partner, found=found.corrections, at=at)
    comparer = Comparer(session, partner)
    for claim in list_open(session, partner=partner):
        rows = found.rows.get(claim.number_norm)
        compared = comparer.compare(claim, rows) if rows else None
        if compared is None or rows is None:
            continue
        if is_linked(session, claim_id=claim.claim_id, feed=feed):
            continue  # A person decides.
        feed.rows_used += len(rows)
        if compared.proven:
            feed.claims_proven += 1
        else:
            feed.claims_different += 1
        answer(session, claim=claim, feed=feed, compared=compared, at=at)
    feed.status, feed.finished_at = FeedStatus.DONE, at
    session.add(feed)
    session.flush()
    return feed


def refuse(session: Session, *, feed_id: UUID, fault: str, at: datetime) -> None:
    """The file cannot be read: nothing of it was used."""
    session.execute(
        sa.update(SalesFeed)
        .where(col(SalesFeed.id) == feed_id, col(SalesFeed.status) == FeedStatus.WAITING)
        .values(status=FeedStatus.REFUSED, fault=fault, finished_at=at)
    )


def find_forgettable(session: Session, *, feed_id: UUID) -> str | None:
    """The hash of the feed's file when nobody needs it any more."""
    feed = session.get_one(SalesFeed, feed_id)
    needed = session.exec(
        select(SalesFeed.id).where(
            SalesFeed.sha256 == feed.sha256,
            col(SalesFeed.status).in_([FeedStatus.MAPPING, FeedStatus.WAITING]),
        )
    ).first()
    return feed.sha256 if needed is None else None


def give_up(session: Session, *, feed_id: str, error: str, at: datetime) -> None:
    """The comparison died each time: the wholesaler is told, nothing was written."""
    del error
    refuse(session, feed_id=UUID(feed_id), fault="gave_up", at=at)


def is_linked(session: Session, *, claim_id: UUID, feed: SalesFeed) -> bool:
    """Whether the sender of an export is the claimant, or of the claimant's firm.

    Nobody proves a purchase of their own; nor does a wholesaler that is its own customer.
    """
    claimant, nip = session.execute(
        sa.select(col(Participant.person_id), col(Participant.nip))
        .join(Claim, col(Claim.participant_id) == col(Participant.id))
        .where(col(Claim.id) == claim_id)
    ).one()
    own = session.exec(select(PartnerUser.nip).where(PartnerUser.person_id == feed.sent_by)).first()
    mine = session.exec(select(Participant.nip).where(Participant.person_id == feed.sent_by)).all()
    seller = partner_queries.get_partner(session, feed.partner_id).nip
    return claimant == feed.sent_by or nip in {own, seller, *mine}


def answer(
    session: Session, *, claim: OpenClaim, feed: SalesFeed, compared: Compared, at: datetime
) -> None:
    """Keep what an export says of a claim; a confirmed claim is proven by its own work row."""
    feed_id = feed.id
    outcome = FeedOutcome.PROVEN if compared.proven else FeedOutcome.DIFFERENT
    session.execute(
        insert(FeedAnswer)
        .values(
            id=new_id(),
            claim_id=claim.claim_id,
            feed_id=feed_id,
            outcome=outcome,
            lines=[_stored(line) for line in compared.lines],
            at=at,
        )
        .on_conflict_do_nothing(index_elements=["claim_id", "feed_id"])
    )
    _mark(session, claim.claim_id, different=not compared.proven)
    if compared.proven:
        later(
            session,
            PROVE,
            key=f"prove-by-sales-{claim.claim_id}-{feed_id}",
            at=at,
            claim_id=str(claim.claim_id),
            feed_id=str(feed_id),
        )


def _mark(session: Session, claim_id: UUID, *, different: bool) -> None:
    """In the queue a difference is a cause of its own, until a newer export takes it back.

    What a person is asked for another reason keeps that reason.
    """
    before = (Cause.PROOF, Cause.DOUBT) if different else (Cause.DIFFERENCE,)
    session.execute(
        sa.update(Review)
        .where(
            col(Review.claim_id) == claim_id,
            col(Review.status) != ReviewStatus.DONE,
            col(Review.cause).in_(before),
        )
        .values(cause=Cause.DIFFERENCE if different else Cause.PROOF)
    )


def _stored(line: LineAnswer) -> dict[str, Any]:
    return {
        "positions": list(line.positions),
        "claimed": str(line.claimed) if line.claimed is not None else None,
        "sold": str(line.sold) if line.sold is not None else None,
        "rows": list(line.rows),
        "difference": line.difference,
    }


def prove(session: Session, *, claim_id: UUID, feed_id: UUID, at: datetime) -> None:
    """Record the proof that an export gave; the waiting claim is judged again with it."""
    found = session.exec(
        select(FeedAnswer).where(FeedAnswer.claim_id == claim_id, FeedAnswer.feed_id == feed_id)
    ).one()
    if found.outcome is not FeedOutcome.PROVEN:
        return
    proofs.record_proof(
        session,
        claim_id=claim_id,
        kind=ProofKind.SALES_FEED,
        evidence={
            "feed_id": str(feed_id),
            "lines": sorted(at_ for line in found.lines for at_ in line["positions"]),
            "rows": [row for line in found.lines for row in line["rows"]],
        },
        actor="sales-feed",
        at=at,
    )


def _write_faults(session: Session, feed_id: UUID, faults: Sequence[Fault]) -> None:
    for some in portions(iter(faults), 2_000):
        session.execute(
            insert(SalesFeedFault),
            [
                {"feed_id": feed_id, "row_number": f.number, "field": f.field, "value": f.value}
                for f in some
            ],
        )
