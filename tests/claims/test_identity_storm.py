"""One invoice in twenty guises, sent by two people, is payable once; the others are held."""

from __future__ import annotations

import hashlib
import io
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import numpy as np
import pytest
from PIL import Image
from sqlmodel import Session, select

import ocr
from claims import purchases, queries
from claims.extraction import PageImage
from claims.keys import HeldReason
from claims.likeness import NEAR, bands, distance
from claims.pictures import likeness
from claims.states import RELEASED, ReasonCode, Verdict
from claims.tables import BuyerRelation, Claim
from core.db import Database
from demo.documents import ksef_xml, photograph, render_invoice_pdf, scenario
from demo.documents.firms import BUYERS, WHOLESALERS
from demo.documents.ksef.printout import ksef_print
from demo.documents.purchase import Purchase
from ocr.reading import Finding, Hints, Party, Proof, Reading, ReadResult, SourceFile, Value
from programs import service as programs
from programs.tables import Participant
from tests import make
from tests.conftest import NOON
from tests.verification.corrected import approve
from verification import asking, decisions, intake
from verification.judging import LineVerdict

NUMBERS = (
    "FV/1O5/11/2026",
    "fv/1o5/11/2026",
    "FV / 1O5 / 11 / 2026",
    "ＦＶ／１O５／１１／２０２６",
    "FV/1O5/11/\u200b2026",
    "FV/1O5/11/2026\u00a0",
    "FV/105/11/2026",
    "FV/l05/11/2026",
    "FV/0105/11/2026",
    "FV-105-11-2026",
    "\u200dFV/1o5/11/2026",
    "FV/1O5/11/2026\t",
)


def second_participant(session: Session, of: make.World) -> Participant:
    return programs.enrol(
        session,
        program=of.program,
        person_id=make.person(session, name="Ewa Lis").id,
        company_name="Elektro Ewa",
        nip=make.nip(),
        voivodeship="30",
        at=NOON,
    )


def exclusive(session: Session, of: make.World) -> None:
    """The programme lets nobody share a document."""
    of.program.settings = {**of.program.settings, "share_documents": False}
    session.add(of.program)
    session.flush()


def payable(claims: Sequence[Claim]) -> list[Claim]:
    return [c for c in claims if c.held_reason is None and c.status not in RELEASED]


def drawn(seed: int) -> Purchase:
    rng = Random(seed)
    made = scenario.invoice(
        rng, lines=4, seller=WHOLESALERS[seed % 2], buyer=BUYERS[0], issued_on=date(2026, 11, 10)
    )
    return scenario.send(rng, made)


def turned(picture: bytes) -> bytes:
    out = io.BytesIO()
    with Image.open(io.BytesIO(picture)) as image:
        image.rotate(90, expand=True).save(out, "JPEG", quality=90)
    return out.getvalue()


def saved_again(picture: bytes) -> bytes:
    out = io.BytesIO()
    with Image.open(io.BytesIO(picture)) as image:
        image.resize((image.width * 4 // 5, image.height * 4 // 5)).save(out, "JPEG", quality=60)
    return out.getvalue()


def guises(purchase: Purchase) -> list[tuple[str, bytes]]:
    layout = next(w.layout for w in WHOLESALERS if w.party == purchase.seller)
    pdf, xml = render_invoice_pdf(purchase, layout=layout), ksef_xml(purchase)
    photo = photograph(pdf, seed=3, strength=0.2)
    return [
        ("faktura.pdf", pdf),
        ("inna nazwa.pdf", pdf),
        ("zapisana.pdf", pdf + b"\n% saved again\n"),
        ("faktura.xml", xml),
        ("zapisany.xml", xml.replace(b"\n", b"\r\n") + b"\r\n"),
        ("wizualizacja.pdf", ksef_print(purchase)),
        ("zdjecie.jpg", photo),
        ("obrocone.jpg", turned(photo)),
    ]


def page_of(image: bytes) -> PageImage:
    with Image.open(io.BytesIO(image)) as opened:
        seen = likeness(np.asarray(opened.convert("L")))
        return PageImage("0" * 64, "image/jpeg", *opened.size, seen)


def claimed(
    session: Session, of: make.World, by: Participant, data: bytes, result: ReadResult, minute: int
) -> Claim:
    at = NOON + timedelta(minutes=minute)
    sha = hashlib.sha256(data).hexdigest()
    claim = make.submitted(session, of, participant=by, sha256=sha, at=at)
    make.read(session, claim, result.reading, pages=[page_of(x) for x in result.page_images], at=at)
    return claim


def test_every_guise_of_an_invoice_is_held_behind_the_first(session: Session) -> None:
    sent = guises(drawn(4))
    # Reading takes seconds: all of it before the first statement of the transaction.
    results = [
        ocr.read([SourceFile(data, name)], hints=Hints(today=date(2026, 11, 20)))
        for name, data in sent
    ]
    of = make.world(session)
    exclusive(session, of)
    people = [of.participant, second_participant(session, of)]
    claims = []
    for turn, ((_, data), result) in enumerate(zip(sent, results, strict=True)):
        claims.append(claimed(session, of, people[turn % 2], data, result, turn))
    assert [c.id for c in payable(claims)] == [claims[0].id]
    for other in claims[1:]:
        assert other.held_reason is not None
        assert other.held_by_claim_id is not None
    assert {c.held_reason for c in claims[1:]} >= {HeldReason.SAME_FILE, HeldReason.SAME_NUMBER}


def test_numbers_written_otherwise_are_one_number_or_hold(session: Session) -> None:
    of = make.world(session)
    exclusive(session, of)
    people = [of.participant, second_participant(session, of)]
    claims = []
    for turn, number in enumerate(NUMBERS):
        claim = make.submitted(session, of, participant=people[turn % 2])
        # Another total each time: nothing but the number says that it is the same document.
        make.read(session, claim, make.reading(of, number=number, total=f"{100 + turn}.00"))
        claims.append(claim)
    assert len(payable(claims)) == 1
    assert {c.held_reason for c in claims[1:]} == {
        HeldReason.SAME_NUMBER, HeldReason.SIMILAR_NUMBER,
    }  # fmt: skip


def at_once(
    database: Database, of: make.World, people: list[Participant], numbers: Sequence[str]
) -> list[Claim]:
    """All claims submitted, then read by as many workers as there are."""
    with database.unit_of_work() as session:
        ids = [
            make.submitted(session, of, participant=people[turn % 2]).id
            for turn in range(len(numbers))
        ]
    start = threading.Barrier(len(numbers))

    def work(turn: int) -> None:
        seen = make.reading(of, number=numbers[turn], total=f"{100 + turn}.00")
        start.wait(timeout=30)
        with database.unit_of_work() as session:
            intake.begin_reading(session, claim_id=ids[turn], at=NOON)
        with database.unit_of_work() as session:
            intake.complete_reading(session, claim_id=ids[turn], reading=seen, pages=[], at=NOON)

    with ThreadPoolExecutor(len(numbers)) as pool:
        list(pool.map(work, range(len(numbers))))
    with database.unit_of_work() as session:
        return list(session.exec(select(Claim)))


def shared_world(database: Database) -> tuple[make.World, list[Participant]]:
    with database.unit_of_work() as session:
        of = make.world(session)
        exclusive(session, of)
        return of, [of.participant, second_participant(session, of)]


def test_two_people_at_once_leave_one_payable_claim(real_database: Database) -> None:
    of, people = shared_world(real_database)
    found = at_once(real_database, of, people, NUMBERS[:8])
    assert len(found) == 8
    assert len(payable(found)) == 1
    assert all(c.held_by_claim_id is not None for c in found if c not in payable(found))


def test_without_taking_turns_two_are_payable(
    real_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: two confusable numbers pass each other when nobody waits."""
    meet = threading.Barrier(2)
    monkeypatch.setattr(purchases, "_take_turn", lambda *_: meet.wait(timeout=30))
    alike: Callable[..., object] = purchases.collisions.alike

    def late(*arguments: object) -> object:
        found = alike(*arguments)
        meet.wait(timeout=30)  # Both look before either commits.
        return found

    monkeypatch.setattr(purchases.collisions, "alike", late)
    of, people = shared_world(real_database)
    found = at_once(real_database, of, people, (NUMBERS[0], NUMBERS[6]))
    assert len(payable(found)) == 2


def test_a_copy_that_is_read_before_its_original_does_not_hold_it(session: Session) -> None:
    """The same file was sent twice and the second one read first: one of the two stays payable."""
    of = make.world(session)
    exclusive(session, of)
    first = make.submitted(session, of, sha256="a" * 64)
    copy = make.submitted(session, of, sha256="a" * 64)
    other = make.submitted(session, of)
    for claim in (copy, other, first):
        make.read(session, claim, make.reading(of))
    assert (copy.held_reason, copy.held_by_claim_id) == (HeldReason.SAME_FILE, first.id)
    assert other.held_by_claim_id == copy.id
    assert [c.id for c in payable([first, copy, other])] == [first.id]


def test_a_claim_that_is_read_again_is_not_held_for_those_that_wait_for_it(
    session: Session,
) -> None:
    of = make.world(session)
    exclusive(session, of)
    first, second = make.submitted(session, of), make.submitted(session, of)
    review = make.read(session, first, make.reading(of))
    make.read(session, second, make.reading(of))
    asking.ask(session, review_id=review.id, clerk=of.clerk, text="Brakuje strony.", at=NOON)
    asking.answer(
        session, claim_id=first.id, participant_id=of.participant.id,
        files=[make.StoredFile("b" * 64, "b.jpg", "image/jpeg", 10)], at=NOON,
    )  # fmt: skip
    make.read(session, first, make.reading(of))
    assert (first.held_reason, second.held_by_claim_id) == (None, first.id)


def test_an_xml_teaches_the_keys_by_which_a_later_photo_is_known(session: Session) -> None:
    of = make.world(session)
    exclusive(session, of)
    first = make.submitted(session, of)
    make.read(session, first, make.reading(of))
    number = "5265877635-20250826-0100001AF629"
    second = make.submitted(session, of)
    make.read(session, second, replace(make.reading(of), ksef_number=Value(number)))
    third = make.submitted(session, of)
    only_code = replace(
        make.reading(of, lines=()), invoice_number=None, total_gross=None, ksef_number=Value(number)
    )
    make.read(session, third, only_code)
    assert (second.held_reason, third.held_reason) == (HeldReason.SAME_NUMBER, HeldReason.SAME_KSEF)
    assert first.purchase_id == second.purchase_id == third.purchase_id


def test_an_invoice_to_a_receipt_is_the_receipt(session: Session) -> None:
    of = make.world(session)
    invoice = replace(
        make.reading(of, issue_date=date(2026, 11, 20)),
        sale_date=Value(date(2026, 11, 18)),
        findings=(Finding("receipt-invoice"),),
    )
    slip = replace(
        make.reading(of),
        kind=ocr.reading.DocumentKind.RECEIPT,
        invoice_number=None,
        receipt_number=Value("00217"),
        cash_register_id=Value("EAZ2101234567"),
        print_number=Value("104233"),
    )
    first, second = make.submitted(session, of), make.submitted(session, of)
    make.read(session, first, slip)
    make.read(session, second, invoice)
    assert (second.held_reason, second.held_by_claim_id) == (HeldReason.RECEIPT_INVOICE, first.id)
    assert first.purchase_id == second.purchase_id
    third = make.submitted(session, of)
    make.read(session, third, replace(invoice, findings=()))
    assert third.held_reason == HeldReason.SAME_NUMBER


def test_a_picture_saved_again_is_held_when_nothing_could_be_read(session: Session) -> None:
    of = make.world(session)
    layout = WHOLESALERS[0].layout
    photo = photograph(render_invoice_pdf(drawn(4), layout=layout), seed=5, strength=0.2)
    other = photograph(render_invoice_pdf(drawn(6), layout=layout), seed=5, strength=0.2)
    blank = Reading(kind=ocr.reading.DocumentKind.OTHER, route="photo", engine="test")
    claims = []
    for picture in (photo, saved_again(photo), other):
        claim = make.submitted(session, of)
        make.read(session, claim, blank, pages=[page_of(picture)])
        claims.append(claim)
    assert [c.held_reason for c in claims] == [None, HeldReason.SIMILAR_PICTURE, None]
    assert claims[1].held_by_claim_id == claims[0].id


def test_bands_of_near_likenesses_always_meet() -> None:
    rng = Random(1)
    for _ in range(200):
        bits = "".join(rng.choice("01") for _ in range(256))
        flipped = list(bits)
        for place in rng.sample(range(256), NEAR):
            flipped[place] = "1" if flipped[place] == "0" else "0"
        other = "".join(flipped)
        assert distance(bits, other) == NEAR
        assert set(bands(bits)) & set(bands(other))


def test_a_programme_that_shares_documents_pays_each_unit_once(session: Session) -> None:
    """A colleague of the same firm claims the boards that the first did not."""
    of = make.world(session)
    colleague = programs.enrol(
        session,
        program=of.program,
        person_id=make.person(session, name="Ewa Lis").id,
        company_name="Instalacje Marek Wrona",
        nip=of.participant.nip,
        voivodeship="30",
        at=NOON,
    )
    first, second = make.submitted(session, of), make.submitted(session, of, participant=colleague)
    one = make.read(session, first, make.reading(of))
    two = make.read(session, second, make.reading(of))
    assert (first.buyer_relation, second.held_reason) == (BuyerRelation.BUYER, None)
    assert first.purchase_id == second.purchase_id
    sockets, boards, _ = queries.list_lines(session, first.id)
    decisions.decide(
        session,
        review=one,
        clerk=of.clerk,
        verdicts=[
            LineVerdict(sockets.id, Verdict.APPROVE, quantity=Decimal(60)),
            LineVerdict(boards.id, Verdict.REJECT, ReasonCode.OTHER),
        ],
        at=NOON,
    )
    approve(session, of, two)
    sockets, boards, _ = queries.list_lines(session, second.id)
    assert (sockets.verdict, sockets.reason) == (Verdict.REJECT, ReasonCode.ALREADY_CLAIMED)
    assert (boards.verdict, boards.quantity_accepted) == (Verdict.APPROVE, 2)
    assert (first.points, second.points) == (900, 480)
    third = make.submitted(session, of, participant=second_participant(session, of))
    make.read(session, third, make.reading(of))
    assert (third.buyer_relation, third.held_reason) == (
        BuyerRelation.OTHER, HeldReason.SAME_NUMBER,
    )  # fmt: skip


def test_an_additional_buyer_and_an_employee_are_recognised(session: Session) -> None:
    of = make.world(session)
    nip = Value(of.participant.nip, Proof.CHECKSUM)
    other = Party(vat_id=Value(make.nip(), Proof.CHECKSUM))
    found = []
    for number, (buyer, third) in enumerate(
        [
            (Party(vat_id=nip), ()),
            (other, (Party(vat_id=nip, role="4"),)),
            (other, (Party(vat_id=nip, role="11"),)),
            (other, ()),
            (Party(), ()),
        ]
    ):
        seen = replace(make.reading(of, number=f"FV/{number}"), buyer=buyer, third_parties=third)
        claim = make.submitted(session, of)
        make.read(session, claim, replace(seen, total_gross=None))
        found.append(claim.buyer_relation)
    assert found == [
        BuyerRelation.BUYER,
        BuyerRelation.ADDITIONAL_BUYER,
        BuyerRelation.EMPLOYEE,
        BuyerRelation.OTHER,
        BuyerRelation.UNREAD,
    ]
