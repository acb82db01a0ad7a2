"""What is kept for later claims goes when no claim can ask for it any more."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import Session, select

from core.columns import new_id
from partners.ksef_tables import KsefInvoice, KsefKey
from tests import make
from tests.conftest import NOON
from verification import feed_memory, forgetting
from verification.feed_tables import FeedStatus, SalesFeed, SalesKey

WINDOW = timedelta(days=60)  # of the world's programme


def feed(session: Session, of: make.World, *, at: datetime, keys: int) -> SalesFeed:
    made = SalesFeed(
        partner_id=of.partner.id,
        sent_by=of.clerk.person_id,
        name="sprzedaz.csv",
        sha256=f"{new_id().int:064x}",
        file_bytes=1,
        status=FeedStatus.DONE,
        created_at=at,
        finished_at=at,
    )
    session.add(made)
    session.flush()
    hashes = {new_id().bytes for _ in range(keys)}
    feed_memory.keep_keys(session, partner_id=of.partner.id, feed_id=made.id, keys=hashes)
    return made


def of_feeds(session: Session) -> set[UUID]:
    return set(session.exec(select(SalesKey.feed_id)))


def test_hashes_live_as_long_as_a_sale_can_be_claimed(session: Session) -> None:
    of = make.world(session)
    old = feed(session, of, at=NOON - WINDOW - timedelta(minutes=1), keys=3)
    young = feed(session, of, at=NOON - WINDOW + timedelta(minutes=1), keys=2)
    assert forgetting.forget_kept(session, at=NOON) == 3
    assert of_feeds(session) == {young.id}
    session.refresh(old)
    session.refresh(young)
    assert (old.keys_forgotten_at, young.keys_forgotten_at) == (NOON, None)
    assert forgetting.forget_kept(session, at=NOON) == 0


def test_nothing_is_kept_once_no_programme_takes_claims(session: Session) -> None:
    of, other = make.world(session), make.world(session)
    feed(session, of, at=NOON - timedelta(days=1), keys=2)
    theirs = feed(session, other, at=NOON - timedelta(days=1), keys=2)
    of.program.ends_on = of.program.claim_until = date(2026, 11, 1)
    session.add(of.program)
    session.flush()
    assert forgetting.forget_kept(session, at=NOON) == 2
    assert of_feeds(session) == {theirs.id}


def test_a_large_file_goes_in_portions_over_several_runs(session: Session) -> None:
    of = make.world(session)
    old = feed(session, of, at=NOON - timedelta(days=90), keys=7)
    assert forgetting.forget_kept(session, at=NOON, portion=2, most=3) < 7
    session.refresh(old)
    assert old.keys_forgotten_at is None
    for _ in range(4):
        forgetting.forget_kept(session, at=NOON, portion=2, most=5)
    session.refresh(old)
    assert not of_feeds(session)
    assert old.keys_forgotten_at == NOON


def test_what_ksef_said_goes_by_the_same_time(session: Session) -> None:
    of = make.world(session)
    for number, days in enumerate((59, 61)):
        at = NOON - timedelta(days=days)
        session.add(KsefKey(partner_id=of.partner.id, key=new_id().bytes, stored_at=at))
        session.add(
            KsefInvoice(
                partner_id=of.partner.id,
                ksef_number=f"ksef-{number}",
                invoice_number=f"FV/{number}",
                invoice_hash=bytes(32),
                seller_nip=of.partner.nip,
                buyer_nip=of.participant.nip,
                issued_on=at.date(),
                kind="VAT",
                stored_at=at,
            )
        )
    session.flush()
    assert forgetting.forget_kept(session, at=NOON) == 2
    assert [key.stored_at for key in session.exec(select(KsefKey))] == [NOON - timedelta(days=59)]
    assert [row.ksef_number for row in session.exec(select(KsefInvoice))] == ["ksef-0"]
