"""The wholesaler's connection to KSeF and the reviewer's sighting, as pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import select

from accounts.roles import Role
from claims.purchase_tables import Purchase
from claims.tables import Claim
from core.queue import Work
from core.runtime import App
from ocr.kod import kod1_link
from ocr.reading import Code
from partners.ksef_tables import ConnectionStatus, KsefConnection
from partners.tables import PartnerRole
from tests import make
from tests.web.conftest import Browser, SignIn
from tests.web.partner_world import Counter, colleague, open_counter, rival
from verification import ksef_sync
from verification.ksef_tables import KsefSighting, Sight
from verification.proof_tables import ClaimProof
from verification.tables import Review

TOKEN = "20261122-EC-TOKEN-of-the-pages-0123456789"


@pytest.fixture
def counter(app: App, sign_in: SignIn) -> Counter:
    return open_counter(app, sign_in)


@pytest.fixture
def boss(app: App, sign_in: SignIn, counter: Counter) -> Browser:
    pytest.importorskip("ksef_client", reason="the ksef extra is not installed")
    return colleague(app, sign_in, counter.of, role=PartnerRole.MANAGER, name="Robert Zieliński")


def printed(app: App, of: make.World) -> Review:
    """A waiting claim whose print carries the code of an e-invoice."""
    link = kod1_link(
        seller_nip=of.partner.nip, issued_on=date(2026, 11, 18), document=b"<Faktura/>"
    )
    with app.database.unit_of_work() as session:
        seen = replace(
            make.reading(of, number="FV/9/11/2026"),
            trust_evidence=("kod1",),
            codes=(Code(link, "QRCode", "ksef_kod1"),),
        )
        return make.read(session, make.submitted(session, of), seen)


def sight(browser: Browser, review: Review, what: str, key: str = "sighting-key-1") -> int:
    sent: dict[str, object] = {"sight": what, "idempotency_key": key}
    return browser.form(f"/reviews/{review.id}/ksef-sighting", sent).status_code


def connections(app: App) -> list[KsefConnection]:
    with app.database.unit_of_work() as session:
        return list(session.exec(select(KsefConnection)))


def test_a_manager_connects_and_ends_it_and_the_token_is_never_shown(
    app: App, boss: Browser, counter: Counter
) -> None:
    assert "Połącz z KSeF" in boss.get("/ksef").text
    sent: dict[str, object] = {
        "token": TOKEN,
        "environment": "production",
        "idempotency_key": "connect-key",
    }
    assert boss.form("/ksef/connection", sent).status_code == 303
    page = boss.get("/ksef").text
    assert "Połączono" in page
    assert "Robert Zieliński" in page
    assert TOKEN not in page
    [row] = connections(app)
    with app.database.unit_of_work() as session:  # The first round does not wait for its turn.
        asked = session.exec(select(Work.key).where(Work.job == ksef_sync.SYNC.name)).all()
        assert asked == [f"ksef-sync-{row.id}-first"]
    assert row.token_sealed is not None
    assert TOKEN.encode() not in row.token_sealed
    assert row.nip == counter.of.partner.nip
    end: dict[str, object] = {"idempotency_key": "revoke-key"}
    assert boss.form("/ksef/connection/revocation", end).status_code == 303
    [row] = connections(app)
    assert (row.status, row.token_sealed) == (ConnectionStatus.REVOKED, None)
    assert "Połącz z KSeF" in boss.get("/ksef").text


@pytest.mark.parametrize("wrong", [{"token": "krótki"}, {"token": TOKEN, "environment": "nowhere"}])
def test_a_wrong_token_or_environment_connects_nothing(
    app: App, boss: Browser, wrong: dict[str, object]
) -> None:
    sent: dict[str, object] = {"environment": "production", "idempotency_key": "wrong-key", **wrong}
    answer = boss.form("/ksef/connection", sent)
    assert answer.status_code == 422
    assert "krótki" not in answer.text
    assert TOKEN not in answer.text
    assert connections(app) == []


def test_clerks_and_strangers_find_no_connection(
    app: App, sign_in: SignIn, counter: Counter
) -> None:
    sent: dict[str, object] = {
        "token": TOKEN,
        "environment": "production",
        "idempotency_key": "foreign-key",
    }
    for browser in (counter.clerk, sign_in(Role.PARTICIPANT), sign_in(Role.ANALYST)):
        assert browser.get("/ksef").status_code == 404
        assert browser.form("/ksef/connection", sent).status_code == 404
        assert browser.form("/ksef/connection/revocation", sent).status_code == 404
    assert connections(app) == []


def test_what_a_reviewer_saw_stands_on_the_page_with_name_and_lifts_the_header_only(
    app: App, counter: Counter
) -> None:
    review = printed(app, counter.of)
    page = counter.clerk.get(f"/reviews/{review.id}").text
    assert "Czy ta faktura jest w KSeF?" in page
    assert "https://qr.ksef.mf.gov.pl/invoice/" in page
    assert sight(counter.clerk, review, Sight.REGISTERED.value) == 303
    page = counter.clerk.get(f"/reviews/{review.id}").text
    assert "jest, dane się zgadzają" in page or "jest w KSeF" in page
    assert "Anna Nowak" in page
    with app.database.unit_of_work() as session:
        claim = session.get_one(Claim, review.claim_id)
        assert session.get_one(Purchase, claim.purchase_id).trust == 3
        assert session.get_one(Review, review.id).status == review.status


def test_a_sighting_of_another_wholesaler_or_of_nothing_is_refused(
    app: App, sign_in: SignIn, counter: Counter
) -> None:
    review = printed(app, counter.of)
    with app.database.unit_of_work() as session:
        other = rival(session)
        plain = make.awaiting(session, counter.of)
    stranger = colleague(app, sign_in, counter.of, partner=other)
    assert sight(stranger, review, Sight.REGISTERED.value) == 404
    assert sight(counter.clerk, review, "invented") == 422
    assert sight(counter.clerk, plain, Sight.REGISTERED.value, "sighting-key-2") == 422
    assert "Czy ta faktura jest w KSeF?" not in counter.clerk.get(f"/reviews/{plain.id}").text
    with app.database.unit_of_work() as session:
        assert session.exec(select(KsefSighting)).all() == []
        assert session.exec(select(ClaimProof)).all() == []
