"""The connection to KSeF against a register of our own, through the real client package."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from claims.purchase_tables import Purchase
from claims.tables import Claim
from core import clock
from core.errors import Invalid
from core.runtime import App
from demo.ksef_stand_in import Registered, StandIn, serve
from ocr.kod import kod1_link
from ocr.reading import Code, Line, Proof, Reading, Value
from partners import ksef_connection
from partners.ksef_tables import ConnectionStatus, KsefConnection, KsefInvoice, KsefKey
from tests import make
from tests.conftest import NOON
from verification import ksef_lookup, ksef_sightings, ksef_sync
from verification.automatic import latest_opinion
from verification.ksef_lookup import Found
from verification.ksef_tables import KsefSighting, Sight
from verification.policy import Route
from verification.proof_tables import ClaimProof, ProofKind
from workers import ksef as work
from workers.jobs import HANDLERS
from workers.runtime import run_attempt

pytest.importorskip("ksef_client", reason="the ksef extra is not installed")

TOKEN = "20261120-EC-TOKEN-of-the-tests-0123456789"
NUMBER = "5265877635-20261118-0100001AF629-AF"


@pytest.fixture
def register() -> StandIn:
    return StandIn({})


@pytest.fixture
def address(register: StandIn) -> Iterator[str]:
    server, where = serve(register)
    yield where
    server.shutdown()
    server.server_close()


@pytest.fixture
def ours(app: App, address: str) -> App:
    """The application with the stand-in in the place of the Ministry's API."""
    return replace(app, settings=app.settings.model_copy(update={"ksef_url": address}))


def connected(app: App, register: StandIn, of: make.World) -> KsefConnection:
    register.tokens[TOKEN] = of.partner.nip
    with app.database.unit_of_work() as session:
        return ksef_connection.connect(
            session,
            partner_id=of.partner.id,
            person_id=of.clerk.person_id,
            environment="production",
            token=TOKEN,
            key=app.settings.derive_key(ksef_connection.PURPOSE),
            at=clock.now() - timedelta(hours=1),
        )


def registered(
    of: make.World, *, number: str = "FV/1184/11/2026", xml: bytes = b"<Faktura/>", **more: object
) -> Registered:
    values: dict[str, object] = {
        "ksef_number": NUMBER,
        "number": number,
        "xml": xml,
        "seller_nip": of.partner.nip,
        "buyer_nip": of.participant.nip,
        "issued_on": date(2026, 11, 18),
        "stored_at": clock.now() - timedelta(days=2),
        "gross_grosze": 123_450,
    } | more
    return Registered(**values)  # type: ignore[arg-type]


def lines(proof: Proof) -> list[Line]:
    return [
        Line(
            position=1,
            description=Value("GNIAZDO NOVA P/T Z/U BIAŁE"),
            quantity=Value(Decimal(60), proof),
            gtin=Value("5901234123457"),
        )
    ]


def claim_by_xml(session: Session, of: make.World, xml: bytes = b"<Faktura/>") -> Claim:
    """A claim whose participant uploaded these very bytes."""
    seen = replace(
        make.reading(of, lines=lines(Proof.STRUCTURED)),
        route="ksef-xml",
        document_sha256=hashlib.sha256(xml).hexdigest(),
    )
    return _claim(session, of, seen)


def claim_by_print(session: Session, of: make.World, xml: bytes = b"<Faktura/>") -> Claim:
    """A claim by a print whose code holds the hash of these bytes."""
    link = kod1_link(seller_nip=of.partner.nip, issued_on=date(2026, 11, 18), document=xml)
    seen = replace(
        make.reading(of, lines=lines(Proof.ARITHMETIC)),
        trust_evidence=("kod1",),
        codes=(Code(link, "QRCode", "ksef_kod1"),),
    )
    return _claim(session, of, seen)


def _claim(session: Session, of: make.World, seen: Reading) -> Claim:
    review = make.read(session, make.submitted(session, of), seen)
    return session.get_one(Claim, review.claim_id)


def sync(app: App, connection: KsefConnection) -> None:
    """One turn, as the worker takes it a quarter of an hour after the last."""
    with app.database.unit_of_work() as session:
        ksef_sync.ask_all(session, at=clock.now() + timedelta(minutes=15))
    run_waiting(app, "ksef-sync-")


def run_waiting(app: App, prefix: str) -> int:
    with app.database.unit_of_work() as session:
        ids = session.execute(
            sa.text(
                "UPDATE work SET status = 'queued', attempt = attempt + 1"
                " WHERE key LIKE :prefix AND status = 'waiting' RETURNING id, attempt"
            ),
            {"prefix": f"{prefix}%"},
        ).all()
    for work_id, attempt in ids:
        run_attempt(app, HANDLERS, work_id=work_id, attempt=attempt)
    return len(ids)


def reload(app: App, connection: KsefConnection) -> KsefConnection:
    with app.database.unit_of_work() as session:
        return session.get_one(KsefConnection, connection.id)


def proofs(app: App) -> list[tuple[ProofKind, int]]:
    with app.database.unit_of_work() as session:
        return [(p.kind, p.evidence["level"]) for p in session.exec(select(ClaimProof))]


def trust(app: App, claim: Claim) -> int:
    with app.database.unit_of_work() as session:
        return session.get_one(Purchase, claim.purchase_id).trust


def look_up(app: App, claim: Claim) -> Found:
    key = app.settings.derive_key(ksef_sync.KEY_PURPOSE)
    with app.database.unit_of_work() as session:
        return ksef_lookup.look_up(session, claim_id=claim.id, key=key, at=NOON)


def world(app: App) -> make.World:
    with app.database.unit_of_work() as session:
        return make.world(session)


def test_a_token_is_sealed_bound_to_its_connection_and_forgotten(
    app: App, register: StandIn
) -> None:
    of = world(app)
    connection = connected(app, register, of)
    key = app.settings.derive_key(ksef_connection.PURPOSE)
    assert connection.token_sealed is not None
    assert TOKEN.encode() not in connection.token_sealed
    assert ksef_connection.unseal(key, connection) == TOKEN
    with pytest.raises(ksef_connection.NotConnected):
        ksef_connection.unseal(app.settings.derive_key("other"), connection)
    with app.database.unit_of_work() as session:
        ksef_connection.revoke(
            session, partner_id=of.partner.id, person_id=of.clerk.person_id, at=NOON
        )
    ended = reload(app, connection)
    assert (ended.status, ended.token_sealed) == (ConnectionStatus.REVOKED, None)


def test_a_wholesaler_connects_once_at_a_time(app: App, register: StandIn) -> None:
    of = world(app)
    connected(app, register, of)
    with pytest.raises(ksef_connection.AlreadyConnected):
        connected(app, register, of)


def test_enrolled_firms_are_kept_and_all_others_only_as_hashes(
    ours: App, register: StandIn
) -> None:
    of = world(ours)
    stranger = make.nip()
    register.invoices += [
        registered(of),
        registered(of, buyer_nip=stranger, xml=b"<x/>", number="FV/SEKRET", ksef_number="X" * 35),
    ]
    connection = connected(ours, register, of)
    sync(ours, connection)
    with ours.database.unit_of_work() as session:
        [kept] = session.exec(select(KsefInvoice)).all()
        assert (kept.ksef_number, kept.buyer_nip) == (NUMBER, of.participant.nip)
        assert len(session.exec(select(KsefKey)).all()) == 1
        for table in ("ksef_invoice", "ksef_key", "ksef_connection", "work"):
            rows = session.execute(sa.text(f"SELECT t::text FROM {table} t")).scalars()  # noqa: S608
            assert not any(stranger in row or "SEKRET" in row for row in rows)
    assert reload(ours, connection).invoices == 2


def test_a_registered_xml_lifts_its_claim_to_level_four(ours: App, register: StandIn) -> None:
    of = world(ours)
    register.invoices.append(registered(of))
    with ours.database.unit_of_work() as session:
        claim = claim_by_xml(session, of)
    assert look_up(ours, claim) is Found.NOTHING
    assert (trust(ours, claim), proofs(ours)) == (0, [])
    sync(ours, connected(ours, register, of))
    assert (trust(ours, claim), proofs(ours)) == (4, [(ProofKind.KSEF_REGISTRY, 4)])


def test_a_claim_that_comes_after_the_sync_is_answered_without_a_call(
    ours: App, register: StandIn
) -> None:
    of = world(ours)
    register.invoices.append(registered(of))
    sync(ours, connected(ours, register, of))
    asked = len(register.questions)
    with ours.database.unit_of_work() as session:
        claim = claim_by_xml(session, of)
    assert look_up(ours, claim) is Found.REGISTERED
    look_up(ours, claim)
    assert proofs(ours) == [(ProofKind.KSEF_REGISTRY, 4)]
    assert len(register.questions) == asked


def test_a_firm_that_enrolls_later_is_answered_by_the_kept_hash(
    ours: App, register: StandIn
) -> None:
    of = world(ours)
    newcomer = make.nip()
    register.invoices.append(registered(of, buyer_nip=newcomer))
    sync(ours, connected(ours, register, of))
    with ours.database.unit_of_work() as session:
        session.add(of.participant)
        of.participant.nip = newcomer
        session.flush()
        claim = claim_by_xml(session, of)
    assert look_up(ours, claim) is Found.REGISTERED


@pytest.mark.parametrize(
    "other",
    [
        {"xml": b"<Faktura>12</Faktura>"},
        {"buyer_nip": "5260250274"},
        {"number": "FV/1185/11/2026"},
        {"gross_grosze": 99},
        {"issued_on": date(2026, 11, 17)},
    ],
)
def test_an_uploaded_xml_that_the_register_does_not_have_never_pays(
    ours: App, register: StandIn, other: dict[str, object]
) -> None:
    of = world(ours)
    register.invoices.append(registered(of, **other))
    with ours.database.unit_of_work() as session:
        claim = claim_by_xml(session, of)
    sync(ours, connected(ours, register, of))
    assert look_up(ours, claim) is Found.NOTHING
    assert (trust(ours, claim), proofs(ours)) == (0, [])


def test_a_real_code_on_a_print_proves_the_header_and_no_line(ours: App, register: StandIn) -> None:
    of = world(ours)
    register.invoices.append(registered(of))
    with ours.database.unit_of_work() as session:
        claim = claim_by_print(session, of)
    sync(ours, connected(ours, register, of))
    assert (trust(ours, claim), proofs(ours)) == (3, [])


def test_the_fetched_xml_proves_a_print_whose_lines_agree(
    ours: App, register: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = world(ours)
    register.invoices.append(registered(of))
    with ours.database.unit_of_work() as session:
        claim = claim_by_print(session, of)
    sync(ours, connected(ours, register, of))
    fetched = make.reading(of, lines=lines(Proof.STRUCTURED))
    give(monkeypatch, fetched)
    assert run_waiting(ours, "ksef-fetch-") == 1
    assert trust(ours, claim) == 5
    assert proofs(ours) == [(ProofKind.KSEF_FETCHED, 5)]
    with ours.database.unit_of_work() as session:
        opinion = latest_opinion(session, claim.id)
        assert opinion is not None
        assert (opinion.route, opinion.facts[0]["code"]) == (Route.REGISTRY, "registry_fetched")


def test_a_print_with_other_quantities_than_its_xml_stays_with_a_person(
    ours: App, register: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = world(ours)
    register.invoices.append(registered(of))
    with ours.database.unit_of_work() as session:
        claim = claim_by_print(session, of)
    sync(ours, connected(ours, register, of))
    [line] = lines(Proof.STRUCTURED)
    give(monkeypatch, make.reading(of, lines=[replace(line, quantity=Value(Decimal(6)))]))
    assert run_waiting(ours, "ksef-fetch-") == 1
    assert (trust(ours, claim), proofs(ours)) == (3, [])


def give(monkeypatch: pytest.MonkeyPatch, reading: Reading) -> None:
    """What the reader would see in the fetched bytes: reading itself is tested elsewhere."""

    class Result:
        def __init__(self) -> None:
            self.reading = reading

    monkeypatch.setattr(work.sandbox, "read_limited", lambda *_, **__: Result())


def test_pages_are_read_on_from_the_cursor_within_the_limits_of_a_turn(
    ours: App, register: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = world(ours)
    start = clock.now() - timedelta(days=3)
    register.invoices += [
        registered(
            of, xml=f"<{n}/>".encode(), number=f"FV/{n}", ksef_number=f"{n:035d}",
            stored_at=start + timedelta(minutes=n),
        )
        for n in range(1300)
    ]  # fmt: skip
    connection = connected(ours, register, of)
    sync(ours, connection)
    half = reload(ours, connection)
    assert (len(register.questions), half.invoices, half.page_offset) == (4, 1000, 4)
    with ours.database.unit_of_work() as session:
        session.execute(sa.text("DELETE FROM work"))
    sync(ours, connection)
    with ours.database.unit_of_work() as session:
        assert len(session.exec(select(KsefInvoice)).all()) == 1300
    assert len(register.questions) == 6


def test_a_truncated_answer_is_asked_on_from_its_last_record(ours: App, register: StandIn) -> None:
    of = world(ours)
    register.most_of_a_question = 20
    start = clock.now() - timedelta(days=3)
    register.invoices += [
        registered(
            of, xml=f"<{n}/>".encode(), ksef_number=f"{n:035d}",
            stored_at=start + timedelta(minutes=n),
        )
        for n in range(50)
    ]  # fmt: skip
    sync(ours, connected(ours, register, of))
    with ours.database.unit_of_work() as session:
        assert len(session.exec(select(KsefInvoice)).all()) == 50


def test_a_busy_register_is_left_alone_as_long_as_it_asks(ours: App, register: StandIn) -> None:
    of = world(ours)
    register.metadata_an_hour = 1
    register.too_often("metadata")
    connection = connected(ours, register, of)
    before = clock.now()
    sync(ours, connection)
    held = reload(ours, connection)
    assert held.busy_until is not None
    assert timedelta(seconds=3500) < held.busy_until - before < timedelta(seconds=3700)
    assert held.status is ConnectionStatus.ACTIVE
    with ours.database.unit_of_work() as session:
        session.execute(sa.text("DELETE FROM work"))
        assert ksef_sync.ask_all(session, at=clock.now()) == 0


def test_a_refused_token_ends_the_sync_and_is_forgotten(ours: App, register: StandIn) -> None:
    of = world(ours)
    connection = connected(ours, register, of)
    register.tokens.clear()
    sync(ours, connection)
    ended = reload(ours, connection)
    assert (ended.status, ended.token_sealed) == (ConnectionStatus.REFUSED, None)


def test_a_register_that_does_not_answer_is_asked_in_the_next_turn(
    app: App, register: StandIn
) -> None:
    of = world(app)
    connection = connected(app, register, of)
    gone = replace(app, settings=app.settings.model_copy(update={"ksef_url": "http://127.0.0.1:9"}))
    sync(gone, connection)
    waiting = reload(app, connection)
    assert (waiting.status, waiting.last_error) == (ConnectionStatus.ACTIVE, "unavailable")
    assert waiting.cursor_at == connection.cursor_at


def test_ending_the_connection_deletes_what_was_synced(ours: App, register: StandIn) -> None:
    of = world(ours)
    register.invoices.append(registered(of))
    sync(ours, connected(ours, register, of))
    with ours.database.unit_of_work() as session:
        ksef_connection.revoke(
            session, partner_id=of.partner.id, person_id=of.clerk.person_id, at=NOON
        )
    with ours.database.unit_of_work() as session:
        assert session.exec(select(KsefInvoice)).all() == []
        claim = claim_by_xml(session, of)
    assert look_up(ours, claim) is Found.NOTHING


def test_the_stand_in_counts_calls_like_the_real_one() -> None:
    seconds = [0.0]
    register = StandIn({}, metadata_an_hour=2, clock=lambda: seconds[0])
    assert [register.too_often("metadata") for _ in range(3)] == [0, 0, 3601]
    seconds[0] = 3600.0
    assert register.too_often("metadata") == 0


@pytest.mark.parametrize(
    ("sight", "level", "kinds"),
    [
        (Sight.REGISTERED, 3, [ProofKind.SEEN_IN_REGISTER]),
        (Sight.NOT_FOUND, 0, []),
        (Sight.DIFFERENT, 0, []),
        (Sight.UNAVAILABLE, 0, []),
    ],
)
def test_what_a_reviewer_saw_is_kept_and_only_registration_lifts(
    app: App, sight: Sight, level: int, kinds: list[ProofKind]
) -> None:
    of = world(app)
    with app.database.unit_of_work() as session:
        claim = claim_by_print(session, of)
        review = make.review_of(session, claim.id)
        ksef_sightings.record(session, review=review, clerk=of.clerk, sight=sight, at=NOON)
    with app.database.unit_of_work() as session:
        [seen] = ksef_sightings.list_sightings(session, review=review)
        assert (seen.seen_by, seen.seen_at) == (of.clerk.person_id, NOON)
        assert seen.link.startswith(
            f"https://qr.ksef.mf.gov.pl/invoice/{of.partner.nip}/18-11-2026/"
        )
        assert [p.kind for p in session.exec(select(ClaimProof))] == kinds
    assert trust(app, claim) == level


def test_a_claim_without_a_code_has_no_page_to_look_at(app: App) -> None:
    of = world(app)
    with app.database.unit_of_work() as session:
        review = make.awaiting(session, of)
        with pytest.raises(Invalid):
            ksef_sightings.record(
                session, review=review, clerk=of.clerk, sight=Sight.REGISTERED, at=NOON
            )
        assert session.exec(select(KsefSighting)).all() == []
