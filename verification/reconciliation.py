"""Sales exports of a wholesaler: taken in, laid out, confirmed, looked up. Blind by design.

Only rows under the number of an open claim are compared; all others leave nothing but keyed
hashes (`verification.feed_keys`), and the file itself is deleted when it was compared.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from core.blobs import Blobs
from core.columns import new_id
from core.errors import IllegalTransition, Invalid, NotFound
from core.queue import Job, later
from partners.queries import get_partner
from verification import feed_jpk
from verification.feed_columns import Field, missing, recognise, signature
from verification.feed_file import Layout, Sample, look
from verification.feed_tables import FeedAnswer, FeedStatus, SalesFeed, SalesFeedMapping

COMPARE = Job("verification.compare_sales", timeout_s=600, lease_s=60, max_starts=3)
PROVE = Job("verification.prove_by_sales", timeout_s=60)
MOST_BYTES = 60_000_000
UNASKED = (Field.UNIT, Field.DATE, Field.KIND)
JPK_MAPPING = {
    Field.NUMBER: 0, Field.BUYER_NIP: 1, Field.QUANTITY: 2,
    Field.NAME: 3, Field.UNIT: 4, Field.DATE: 5, Field.KIND: 6,
}  # fmt: skip


class FeedNotFound(NotFound):
    code = "feed-not-found"


class ColumnMissing(Invalid):
    """No column of the file says this."""

    code = "feed-column-missing"


class ForeignFeed(Invalid):
    """The file says that its invoices are another firm's."""

    code = "feed-of-another"


@dataclass(frozen=True, slots=True)
class Taken:
    """A feed and whether this file made it; False: the same file was here before."""

    feed: SalesFeed
    new: bool


def take_in(
    session: Session,
    blobs: Blobs,
    *,
    partner_id: UUID,
    person_id: UUID,
    name: str,
    data: bytes,
    at: datetime,
) -> Taken:
    """Take a file in. When its shape is known it goes to work at once, else it waits for a person.

    The same file again is the feed that it was. Raises `UnknownFeed`, `ForeignFeed`, `Invalid`.
    """
    if not data:
        raise Invalid("an empty file", field="file")
    sha256 = hashlib.sha256(data).hexdigest()
    known = _find_by_hash(session, partner_id, sha256)
    if known is not None:
        return Taken(known, new=False)
    sample = look(data)
    if sample.layout.kind == "jpk":
        _require_own(session, partner_id, data)
    shape = signature(sample.layout.headings, kind=sample.layout.kind)
    mapping = _known_mapping(session, partner_id, shape, sample)
    made = session.execute(
        insert(SalesFeed)
        .values(
            id=new_id(),
            partner_id=partner_id,
            sent_by=person_id,
            name=name[:120],
            sha256=sha256,
            file_bytes=len(data),
            status=FeedStatus.MAPPING,
            layout=asdict(sample.layout),
            mapping={},
            signature=shape,
            fault="",
            rows_total=0,
            rows_done=0,
            rows_bad=0,
            rows_used=0,
            claims_proven=0,
            claims_different=0,
            created_at=at,
        )
        .on_conflict_do_nothing(index_elements=["partner_id", "sha256"])
        .returning(col(SalesFeed.id))
    ).scalar_one_or_none()
    found = _find_by_hash(session, partner_id, sha256)
    assert found is not None
    if made is None:
        return Taken(found, new=False)
    blobs.put(data)
    if mapping is not None:
        _start(session, found, mapping, at)
    return Taken(found, new=True)


def _require_own(session: Session, partner_id: UUID, data: bytes) -> None:
    owner = feed_jpk.owner(data)
    if owner is not None and owner != get_partner(session, partner_id).nip:
        raise ForeignFeed("the file is of another firm", field="file")


def _find_by_hash(session: Session, partner_id: UUID, sha256: str) -> SalesFeed | None:
    return session.exec(
        select(SalesFeed).where(SalesFeed.partner_id == partner_id, SalesFeed.sha256 == sha256)
    ).one_or_none()


def _known_mapping(
    session: Session, partner_id: UUID, shape: str, sample: Sample
) -> dict[Field, int] | None:
    if sample.layout.kind == "jpk":
        return dict(JPK_MAPPING)
    remembered = session.get(SalesFeedMapping, (partner_id, shape))
    if remembered is None:
        return None
    # Shapes that were confirmed before anybody asked for the corrected number still give it.
    seen = recognise(sample.layout.headings, sample.rows)
    return complete_mapping(read_mapping(remembered.mapping), seen, (*UNASKED, Field.ORIGINAL))


def complete_mapping(
    mapping: Mapping[Field, int], seen: Mapping[Field, int], fields: Sequence[Field] = UNASKED
) -> dict[Field, int]:
    """With what nobody needs to be asked about, where its column serves nothing else."""
    found = dict(mapping)
    for field in fields:
        if field not in found and field in seen and seen[field] not in found.values():
            found[field] = seen[field]
    return found


def read_mapping(stored: Mapping[str, Any]) -> dict[Field, int]:
    return {Field(name): int(at) for name, at in stored.items()}


def layout_of(feed: SalesFeed) -> Layout:
    return Layout(**{**feed.layout, "headings": tuple(feed.layout["headings"])})


def get_feed(session: Session, *, feed_id: UUID, partner_id: UUID) -> SalesFeed:
    """A feed of this wholesaler. Raises `FeedNotFound` for anybody else's."""
    feed = session.exec(
        select(SalesFeed).where(SalesFeed.id == feed_id, SalesFeed.partner_id == partner_id)
    ).one_or_none()
    if feed is None:
        raise FeedNotFound
    return feed


def list_feeds(session: Session, *, partner_id: UUID, limit: int = 50) -> list[SalesFeed]:
    return list(
        session.exec(
            select(SalesFeed)
            .where(SalesFeed.partner_id == partner_id)
            .order_by(col(SalesFeed.created_at).desc())
            .limit(limit)
        )
    )


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the columns seem to be, with some rows to check it by."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    mapping: dict[Field, int]


def propose(blobs: Blobs, feed: SalesFeed) -> Proposal:
    """Recognise the columns of a file that waits for its mapping."""
    sample = look(blobs.get(feed.sha256))
    found = recognise(sample.layout.headings, sample.rows)
    return Proposal(sample.layout.headings, sample.rows[:5], found)


def confirm(
    session: Session,
    *,
    feed_id: UUID,
    partner_id: UUID,
    person_id: UUID,
    mapping: Mapping[Field, int],
    at: datetime,
) -> SalesFeed:
    """Say which column is what; it is remembered for every later file of this shape.

    Raises `ColumnMissing` with the field, `IllegalTransition`, `FeedNotFound`.
    """
    get_feed(session, feed_id=feed_id, partner_id=partner_id)
    feed = session.exec(
        select(SalesFeed)
        .where(SalesFeed.id == feed_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if feed.status is not FeedStatus.MAPPING:
        raise IllegalTransition("the columns were confirmed already")
    width = len(layout_of(feed).headings)
    if lacking := missing(mapping):
        raise ColumnMissing("a column is needed", field=lacking[0].value)
    places = list(mapping.values())
    if len(set(places)) != len(places) or not all(0 <= at_ < width for at_ in places):
        raise Invalid("one column cannot be two things", field=next(iter(mapping)).value)
    stored = {field.value: place for field, place in mapping.items()}
    session.execute(
        insert(SalesFeedMapping)
        .values(
            partner_id=partner_id,
            signature=feed.signature,
            mapping=stored,
            confirmed_by=person_id,
            confirmed_at=at,
        )
        .on_conflict_do_update(
            index_elements=["partner_id", "signature"],
            set_={"mapping": stored, "confirmed_by": person_id, "confirmed_at": at},
        )
    )
    _start(session, feed, mapping, at)
    return feed


def _start(session: Session, feed: SalesFeed, mapping: Mapping[Field, int], at: datetime) -> None:
    feed.mapping = {field.value: place for field, place in mapping.items()}
    feed.status = FeedStatus.WAITING
    session.add(feed)
    session.flush()
    later(session, COMPARE, key=f"compare-sales-{feed.id}", at=at, feed_id=str(feed.id))


def forget_mapping(session: Session, *, partner_id: UUID, shape: str) -> None:
    """Ask again for the columns of the next file of this shape."""
    session.execute(
        sa.delete(SalesFeedMapping).where(
            col(SalesFeedMapping.partner_id) == partner_id,
            col(SalesFeedMapping.signature) == shape,
        )
    )


def find_answer(session: Session, *, claim_id: UUID) -> FeedAnswer | None:
    """The newest that the seller's exports say of a claim."""
    return session.exec(
        select(FeedAnswer)
        .where(FeedAnswer.claim_id == claim_id)
        .order_by(col(FeedAnswer.at).desc())
        .limit(1)
    ).first()
