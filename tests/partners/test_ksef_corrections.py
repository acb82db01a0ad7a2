"""A correction that KSeF tells of takes back what its original brought; nobody sends it in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import select

from claims.correction_tables import Correction, CorrectionStatus
from claims.purchase_tables import Purchase as Bought
from core import clock
from core.runtime import App
from demo.documents import ksef_xml
from demo.documents.purchase import Purchase
from demo.ksef_stand_in import Registered, StandIn, serve
from points import addresses, ledger
from tests import make
from tests.partners.test_ksef import connected, run_waiting, sync, world
from tests.verification.corrected import SOLD_ON, before_after, original, paid
from verification import ksef_corrections

pytest.importorskip("ksef_client", reason="the ksef extra is not installed")


@pytest.fixture
def register() -> StandIn:
    return StandIn({})


@pytest.fixture
def ours(app: App, register: StandIn) -> Iterator[App]:
    """The application with the stand-in in the place of the Ministry's API."""
    server, where = serve(register)
    yield replace(app, settings=app.settings.model_copy(update={"ksef_url": where}))
    server.shutdown()
    server.server_close()


def registered(of: make.World, purchase: Purchase, corrects: bytes | None, last: int) -> Registered:
    xml = ksef_xml(purchase)
    return Registered(
        ksef_number=f"{of.partner.nip}-20261115-0100001AF629-{last:02X}",
        number=purchase.number or "",
        xml=xml,
        seller_nip=of.partner.nip,
        buyer_nip=of.participant.nip,
        issued_on=SOLD_ON,
        stored_at=clock.now() - timedelta(days=2),
        gross_grosze=100,
        kind="Kor" if corrects else "Vat",
        corrects=corrects,
    )


def points_of(app: App, of: make.World) -> int:
    with app.database.unit_of_work() as session:
        return ledger.balance(session, addresses.active(of.participant.id))


def test_a_registered_correction_of_a_paid_invoice_takes_its_units_back(
    ours: App, register: StandIn
) -> None:
    of = world(ours)
    sold = original(of)
    with ours.database.unit_of_work() as session:
        paid(session, of, sold)
    sha256 = hashlib.sha256(ksef_xml(sold)).digest()
    register.invoices.append(registered(of, before_after(sold, {1: "40"}), sha256, 1))
    connection = connected(ours, register, of)
    sync(ours, connection)
    assert run_waiting(ours, "ksef-correction-") == 1
    with ours.database.unit_of_work() as session:
        correction = session.exec(select(Correction)).one()
        assert (correction.status, correction.claim_id) == (CorrectionStatus.APPLIED, None)
        assert correction.partner_id == of.partner.id
    assert points_of(ours, of) == 1380 - 20 * 15
    # The same metadata again asks for nothing and takes nothing.
    with ours.database.unit_of_work() as session:
        row = session.merge(connection)
        session.refresh(row)
        row.cursor_at, row.page_offset = clock.now() - timedelta(days=30), 0
        session.add(row)
    sync(ours, connection)
    assert run_waiting(ours, "ksef-correction-") == 0
    assert points_of(ours, of) == 1380 - 20 * 15


@pytest.mark.parametrize("claimed_first", [True, False])
def test_a_correction_finds_an_original_that_was_claimed_on_paper_before_it_or_after(
    ours: App, register: StandIn, claimed_first: bool
) -> None:
    """The paper bears the number; which XML that is, the metadata of the original say."""
    of = world(ours)
    sold = original(of)
    sha256 = hashlib.sha256(ksef_xml(sold)).digest()
    register.invoices += [
        registered(of, sold, None, 1),
        registered(of, before_after(sold, {1: "40"}), sha256, 2),
    ]

    def claim() -> UUID:
        with ours.database.unit_of_work() as session:
            made = paid(session, of, sold)
            purchase = session.exec(select(Bought)).one()
            purchase.ksef_hash = purchase.ksef_number = None
            session.add(purchase)
            return made.id

    if claimed_first:
        claim()
        sync(ours, connected(ours, register, of))
    else:
        sync(ours, connected(ours, register, of))
        assert run_waiting(ours, "ksef-correction-") == 0
        claim_id = claim()
        with ours.database.unit_of_work() as session:
            assert ksef_corrections.ask_for_claim(session, claim_id=claim_id, at=clock.now()) == 1
    assert run_waiting(ours, "ksef-correction-") == 1
    assert points_of(ours, of) == 1380 - 20 * 15


def test_a_correction_of_what_nobody_claimed_is_not_fetched(ours: App, register: StandIn) -> None:
    of = world(ours)
    sold = original(of)
    sha256 = hashlib.sha256(ksef_xml(sold)).digest()
    register.invoices.append(registered(of, before_after(sold, {1: "40"}), sha256, 1))
    sync(ours, connected(ours, register, of))
    assert run_waiting(ours, "ksef-correction-") == 0
    with ours.database.unit_of_work() as session:
        assert session.exec(select(Correction)).all() == []


def test_what_is_fetched_and_corrects_nothing_changes_nothing(ours: App, register: StandIn) -> None:
    of = world(ours)
    sold = original(of)
    with ours.database.unit_of_work() as session:
        paid(session, of, sold)
    sha256 = hashlib.sha256(ksef_xml(sold)).digest()
    other = original(of, "FV/99/11/2026")  # The metadata call a plain invoice a correction.
    register.invoices.append(registered(of, other, sha256, 1))
    sync(ours, connected(ours, register, of))
    assert run_waiting(ours, "ksef-correction-") == 1
    with ours.database.unit_of_work() as session:
        assert session.exec(select(Correction)).all() == []
    assert points_of(ours, of) == 1380
