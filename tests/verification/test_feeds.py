"""Sales exports: compared blindly with claims, kept as hashes."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from core.blobs import BlobMissing
from core.errors import IllegalTransition
from core.queue import Work
from core.runtime import App
from partners.tables import PartnerUser
from tests import make
from tests.conftest import NOON
from tests.verification.feed_files import JPK, claim_of, compared, confirm, export, sale, take, work
from verification import (
    bulk,
    reconciliation,
    reconciliation_later,
)
from verification import reconciliation_run as run
from verification.feed_columns import Field
from verification.feed_tables import (
    FeedAnswer,
    FeedOutcome,
    FeedStatus,
    SalesFeed,
    SalesFeedFault,
    SalesKey,
)
from verification.proof_tables import ClaimProof, ProofKind
from verification.tables import Cause, Review


def boards(nip: str, quantity_: str = "2", number: str = "FV/1184/11/2026") -> tuple[str, ...]:
    return sale(
        nip, number, gtin="", index="VX-B24", name="ROZDZ. BOX 24M P/T VX-B24", quantity=quantity_
    )


def answers(app: App) -> list[FeedAnswer]:
    with app.database.unit_of_work() as session:
        return list(session.exec(select(FeedAnswer)))


def test_a_jpk_file_proves_a_claim_without_any_mapping(app: App) -> None:
    of, claim = claim_of(app)
    text = JPK.format(number="FV/1184/11/2026", nip=of.participant.nip)
    feed = compared(app, of, text, "utf-8")
    assert (feed.status, feed.claims_proven, feed.rows_used) == (FeedStatus.DONE, 1, 2)
    assert [a.claim_id for a in answers(app)] == [claim.id]


def test_a_jpk_of_another_firm_is_refused_and_nothing_is_kept(app: App) -> None:
    """Version 3 writes the tax number in the tax office's own name space, version 4 does not."""
    of, _ = claim_of(app)
    text = JPK.format(number="FV/1184/11/2026", nip=of.participant.nip)
    for sign, nip in (("etd", make.nip()), ("tns", make.nip()), ("etd", of.partner.nip)):
        who = (
            '<tns:Podmiot1 xmlns:etd="x"><tns:IdentyfikatorPodmiotu>'
            f"<{sign}:NIP>{nip}</{sign}:NIP></tns:IdentyfikatorPodmiotu></tns:Podmiot1>"
        )
        data = text.replace("<tns:Faktura>", who + "<tns:Faktura>", 1).encode()
        if nip != of.partner.nip:
            with pytest.raises(reconciliation.ForeignFeed):
                take(app, of, data)
            with app.database.unit_of_work() as session:
                assert session.exec(select(SalesFeed)).all() == []
        else:
            assert take(app, of, data).status is FeedStatus.WAITING


def test_an_export_that_holds_a_claim_records_its_proof(app: App) -> None:
    of, claim = claim_of(app)
    other = make.nip()
    feed = compared(
        app,
        of,
        export(
            sale(of.participant.nip), boards(of.participant.nip), sale(other, "FV/9/11/2026"),
            ("Razem", "", "", "", "", "", "122", ""),
        ),
    )  # fmt: skip
    assert (feed.status, feed.rows_total, feed.rows_bad, feed.rows_used) == (
        FeedStatus.DONE,
        4,
        0,
        2,
    )
    assert work(app, "prove-by-sales-") == 1
    with app.database.unit_of_work() as session:
        proof = session.exec(select(ClaimProof).where(ClaimProof.claim_id == claim.id)).one()
        assert proof.kind is ProofKind.SALES_FEED
        assert proof.evidence["lines"] == [1, 2]


def test_rows_of_one_product_add_up_before_they_are_compared(app: App) -> None:
    of, _ = claim_of(app)
    nip = of.participant.nip
    compared(app, of, export(sale(nip, quantity="50"), sale(nip, quantity="10"), boards(nip, "2")))
    assert [a.outcome for a in answers(app)] == [FeedOutcome.PROVEN]


@pytest.mark.parametrize(
    ("rows", "difference"),
    [
        (lambda nip: (sale(nip, quantity="12"), boards(nip)), "quantity"),
        (lambda nip: (sale(nip),), "not_sold"),
        (lambda _: (sale(make.nip()), boards(make.nip())), "other_buyer"),
    ],
)
def test_a_difference_proves_nothing_and_says_what_differs(app: App, rows, difference: str) -> None:  # type: ignore[no-untyped-def]
    of, _ = claim_of(app)
    feed = compared(app, of, export(*rows(of.participant.nip)))
    assert (feed.claims_proven, feed.claims_different) == (0, 1)
    [answer] = answers(app)
    assert answer.outcome is FeedOutcome.DIFFERENT
    assert difference in [line["difference"] for line in answer.lines]
    assert work(app, "prove-by-sales-") == 0
    with app.database.unit_of_work() as session:
        assert session.exec(select(ClaimProof)).all() == []
        # The queue names it as a reason of its own; nobody approves it in a bundle.
        review = session.exec(select(Review)).one()
        assert review.cause is Cause.DIFFERENCE
        assert bulk.list_sure(session, clerk=of.clerk, at=NOON) == []
    assert "777,77" not in str(answer.lines)
    assert "77777" not in str(answer.lines)


def test_a_newer_export_takes_a_difference_back_and_leaves_other_reasons(app: App) -> None:
    of, claim = claim_of(app)
    nip = of.participant.nip
    compared(app, of, export(sale(nip, quantity="12"), boards(nip)))
    with app.database.unit_of_work() as session:
        assert session.exec(select(Review)).one().cause is Cause.DIFFERENCE
    compared(app, of, export(sale(nip), boards(nip)))
    with app.database.unit_of_work() as session:
        review = session.exec(select(Review)).one()
        assert review.cause is Cause.PROOF
        review.cause = Cause.HELD
        session.add(review)
    compared(app, of, export(sale(nip, quantity="3"), boards(nip)))
    with app.database.unit_of_work() as session:
        assert session.exec(select(Review)).one().cause is Cause.HELD
    del claim


def test_the_same_file_twice_changes_nothing(app: App) -> None:
    of, _ = claim_of(app)
    text = export(sale(of.participant.nip), boards(of.participant.nip))
    first = compared(app, of, text)
    with app.database.unit_of_work() as session:
        before = [
            len(session.exec(select(t)).all()) for t in (SalesKey, FeedAnswer, Work, SalesFeed)
        ]
    again = take(app, of, text.encode("cp1250"))
    assert again.id == first.id
    with app.database.unit_of_work() as session:
        after = [
            len(session.exec(select(t)).all()) for t in (SalesKey, FeedAnswer, Work, SalesFeed)
        ]
    assert after == before


def test_the_next_file_of_the_same_shape_needs_no_person(app: App) -> None:
    of, _ = claim_of(app)
    compared(app, of, export(sale(make.nip(), "FV/1/2026")))
    second = take(app, of, export(sale(make.nip(), "FV/2/2026")).encode("cp1250"))
    assert second.status is FeedStatus.WAITING
    other = take(app, of, export(("1", "2", "3"), head=("Numer", "NIP", "Ilość")).encode())
    assert other.status is FeedStatus.MAPPING


def test_bad_rows_are_named_with_their_numbers(app: App) -> None:
    of, _ = claim_of(app)
    nip = of.participant.nip
    compared(
        app,
        of,
        export(
            sale(nip), sale("1234567890"), boards(nip), sale(nip, quantity="dwa"),
            sale(nip, "", name="bez numeru"),
        ),
    )  # fmt: skip
    with app.database.unit_of_work() as session:
        faults = session.exec(select(SalesFeedFault).order_by(SalesFeedFault.row_number)).all()  # type: ignore[arg-type]
        assert [(f.row_number, f.field, f.value) for f in faults] == [
            (3, "buyer_nip", "1234567890"), (5, "quantity", "dwa"), (6, "number", ""),
        ]  # fmt: skip


def test_a_file_of_mostly_bad_rows_is_refused_whole(app: App) -> None:
    of, _ = claim_of(app)
    nip = of.participant.nip
    rows = [sale(nip), boards(nip), *[sale("1234567890")] * 3]
    feed = compared(app, of, export(*rows))
    assert (feed.status, feed.fault) == (FeedStatus.REFUSED, "mostly_bad")
    with app.database.unit_of_work() as session:
        assert session.exec(select(SalesKey)).all() == []
        assert session.exec(select(FeedAnswer)).all() == []


def test_the_file_is_gone_and_only_hashes_stay(app: App) -> None:
    of, _ = claim_of(app)
    stranger = make.nip()
    feed = compared(app, of, export(sale(stranger, "FV/SEKRET/2026", name="Kabel tajny 3x1,5")))
    with pytest.raises(BlobMissing):
        app.blobs.get(feed.sha256)
    with app.database.unit_of_work() as session:
        assert session.exec(select(SalesKey)).all()
        for table in session.connection().dialect.get_table_names(session.connection()):  # type: ignore[attr-defined]
            rows = session.execute(sa.text(f'SELECT t::text FROM "{table}" t')).scalars().all()  # noqa: S608
            for row in rows:
                assert stranger not in row, table
                assert "SEKRET" not in row, table
                # The price; digits of a random key may look like a part of it.
                assert not re.search(r"777[.,]77|\b77777\b", row), table


def test_a_later_claim_is_answered_by_the_kept_hashes(app: App) -> None:
    with app.database.unit_of_work() as session:
        of = make.world(session)
    nip = of.participant.nip
    compared(app, of, export(sale(nip), boards(nip)))
    key = app.settings.derive_key("sales-feed")
    with app.database.unit_of_work() as session:
        review = make.awaiting(session, of)
        assert reconciliation_later.answer_from_kept(
            session, claim_id=review.claim_id, key=key, at=NOON
        )
    assert [a.outcome for a in answers(app)] == [FeedOutcome.PROVEN]


@pytest.mark.parametrize(
    "rows",
    [
        lambda nip: (sale(nip, quantity="59"), boards(nip)),
        lambda nip: (sale(nip),),
        lambda _: (sale(make.nip()), boards(make.nip())),
    ],
)
def test_a_later_claim_that_differs_stays_with_a_person(app: App, rows) -> None:  # type: ignore[no-untyped-def]
    with app.database.unit_of_work() as session:
        of = make.world(session)
    compared(app, of, export(*rows(of.participant.nip)))
    with app.database.unit_of_work() as session:
        review = make.awaiting(session, of)
        key = app.settings.derive_key("sales-feed")
        assert not reconciliation_later.answer_from_kept(
            session, claim_id=review.claim_id, key=key, at=NOON
        )
        right = app.settings.derive_key("another purpose")
        assert not reconciliation_later.answer_from_kept(
            session, claim_id=review.claim_id, key=right, at=NOON
        )
    assert answers(app) == []


def test_nobody_proves_a_purchase_of_their_own_firm(app: App) -> None:
    of, _ = claim_of(app)
    nip = of.participant.nip
    with app.database.unit_of_work() as session:
        sender = session.exec(
            select(PartnerUser).where(PartnerUser.person_id == of.clerk.person_id)
        ).one()
        sender.nip = nip
        session.add(sender)
    feed = compared(app, of, export(sale(nip), boards(nip)))
    assert (feed.status, feed.claims_proven) == (FeedStatus.DONE, 0)
    assert answers(app) == []


def test_another_wholesaler_cannot_see_or_confirm_a_feed(app: App) -> None:
    of, _ = claim_of(app)
    feed = take(app, of, export(sale(make.nip())).encode("cp1250"))
    with app.database.unit_of_work() as session, pytest.raises(reconciliation.FeedNotFound):
        reconciliation.get_feed(session, feed_id=feed.id, partner_id=make.world(session).partner.id)


def test_columns_are_confirmed_once(app: App, session: Session) -> None:
    of, _ = claim_of(app)
    feed = take(app, of, export(sale(make.nip())).encode("cp1250"))
    confirm(app, of, feed)
    with pytest.raises(IllegalTransition):
        confirm(app, of, feed)


def test_a_mapping_without_a_needed_column_changes_nothing(app: App) -> None:
    of, _ = claim_of(app)
    feed = take(app, of, export(sale(make.nip())).encode("cp1250"))
    with app.database.unit_of_work() as session, pytest.raises(reconciliation.ColumnMissing):
        reconciliation.confirm(
            session,
            feed_id=feed.id,
            partner_id=of.partner.id,
            person_id=of.clerk.person_id,
            mapping={Field.NUMBER: 0, Field.QUANTITY: 6, Field.NAME: 5},
            at=NOON,
        )
    with app.database.unit_of_work() as session:
        assert session.get_one(SalesFeed, feed.id).status is FeedStatus.MAPPING


def test_a_comparison_that_runs_twice_leaves_what_one_leaves(app: App) -> None:
    of, _ = claim_of(app)
    nip = of.participant.nip
    feed = compared(app, of, export(sale(nip), boards(nip)))
    with app.database.unit_of_work() as session:
        assert run.begin(session, feed_id=feed.id) is None
        assert run.complete(session, feed_id=feed.id, found=run.Read(), key=b"k", at=NOON) is None
        assert session.get_one(SalesFeed, feed.id).claims_proven == 1
