"""An invoice of sockets and boards, claims of it, and its corrections as somebody sends them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from sqlmodel import Session, select

import ocr
from claims import proofs as claim_proofs
from claims import queries
from claims.correction_tables import Correction, CorrectionStatus
from claims.states import Verdict
from claims.tables import Claim
from demo.documents import corrections as makers
from demo.documents import ksef_xml, scenario
from demo.documents.firms import BUYERS
from demo.documents.purchase import Purchase, PurchaseLine
from ocr.reading import Hints, Reading, SourceFile
from partners.ksef_tables import KsefInvoice
from points import addresses, ledger, proofs
from programs import service as programs
from programs.tables import Participant
from tests import make
from tests.conftest import NOON
from verification import decisions, intake
from verification.judging import LineVerdict
from verification.tables import Decision, Review

SOLD_ON = date(2026, 11, 10)


def read(purchase: Purchase) -> Reading:
    return ocr.read([SourceFile(ksef_xml(purchase), "f.xml")], hints=Hints()).reading


def original(of: make.World, number: str = "FV/1184/11/2026") -> Purchase:
    """Sixty sockets, two boards and a cable that is no product of the programme."""
    rng = Random(number)
    drawn = scenario.invoice(
        rng, lines=3, seller=rng.choice(scenario.NET_SELLERS), buyer=BUYERS[0], issued_on=SOLD_ON
    )

    def line(name: str, quantity: str, price: str, gtin: str = "") -> PurchaseLine:
        return replace(
            drawn.lines[0],
            name=name,
            quantity=Decimal(quantity),
            unit="szt.",
            unit_price=Decimal(price),
            discount_percent=Decimal(0),
            gtin=gtin,
            index="",
        )

    return replace(
        drawn,
        number=number,
        vat_by_line=False,
        marks=(),
        seller=replace(drawn.seller, nip=of.partner.nip),
        buyer=replace(BUYERS[0], nip=of.participant.nip),
        lines=(
            line("GNIAZDO NOVA P/T Z/U BIAŁE", "60", "10.00", "5901234123457"),
            line("ROZDZ. BOX 24M P/T VX-B24", "2", "100.00"),
            line("Przewód YDYp 3x2,5", "100", "4.00"),
        ),
    )


def paid(session: Session, of: make.World, purchase: Purchase) -> Claim:
    """A claim of this purchase with 900 points for the sockets and 480 for the boards."""
    claim = make.submitted(session, of)
    review = make.read(session, claim, read(purchase))
    approve(session, of, review)
    assert claim.points == 1380
    return claim


def approve(session: Session, of: make.World, review: Review) -> Decision:
    return decisions.decide(
        session,
        review=review,
        clerk=of.clerk,
        verdicts=[
            LineVerdict(line.id, Verdict.APPROVE)
            for line in queries.list_lines(session, review.claim_id)
            if line.product_id is not None
        ],
        at=NOON,
    )


def send(
    session: Session,
    of: make.World,
    purchase: Purchase,
    *,
    by: Participant | None = None,
    proven: bool = True,
) -> Claim:
    """A participant sends the correction in as well; a proven one stands in KSeF's metadata."""
    seen = read(purchase)
    if proven:
        register(session, of, seen)
    claim = make.submitted(session, of, participant=by)
    intake.begin_reading(session, claim_id=claim.id, at=NOON)
    intake.complete_reading(session, claim_id=claim.id, reading=seen, pages=[], at=NOON)
    return claim


def register(session: Session, of: make.World, seen: Reading) -> None:
    """KSeF tells the seller's connection of this very file."""
    assert seen.seller.vat_id is not None
    assert seen.invoice_number is not None
    session.merge(
        KsefInvoice(
            partner_id=of.partner.id,
            ksef_number=f"K-{seen.document_sha256[:20]}",
            invoice_number=seen.invoice_number.value,
            invoice_hash=bytes.fromhex(seen.document_sha256),
            seller_nip=seen.seller.vat_id.value,
            buyer_nip=of.participant.nip,
            issued_on=SOLD_ON,
            kind="Kor",
            stored_at=NOON,
        )
    )
    session.flush()


def only_correction(session: Session) -> Correction:
    return session.exec(select(Correction)).one()


def spendable(session: Session, of: make.World) -> int:
    return ledger.balance(session, addresses.active(of.participant.id))


def before_after(
    of: Purchase, quantities: Mapping[int, str], number: str = "KOR/1/2026"
) -> Purchase:
    return makers.before_after(
        of,
        number=number,
        issued_on=SOLD_ON + timedelta(days=5),
        quantities={k: Decimal(v) for k, v in quantities.items()},
    )


def stranger(session: Session, of: make.World) -> Participant:
    return programs.enrol(
        session,
        program=of.program,
        person_id=make.person(session, name="Jan Obcy").id,
        company_name="Obcy",
        nip=make.nip(),
        voivodeship="30",
        at=NOON,
    )


def with_sockets(invoice: Purchase, left: str) -> Purchase:
    """The invoice as a correction left it."""
    first, *others = invoice.lines
    return replace(invoice, lines=(replace(first, quantity=Decimal(left)), *others))


def next_of(invoice: Purchase, first: Purchase, before: str, after: str, number: str) -> Purchase:
    made = before_after(with_sockets(invoice, before), {1: after}, number)
    assert made.correction is not None
    both = (makers.reference(invoice), makers.reference(first))
    return replace(made, correction=replace(made.correction, originals=both))


def claimed(session: Session, of: make.World, invoice: Purchase) -> Claim:
    claim = make.submitted(session, of)
    approve(session, of, make.read(session, claim, read(invoice)))
    return claim


def no_faults(session: Session) -> bool:
    applied = set(session.exec(select(Correction.status))) == {CorrectionStatus.APPLIED}
    return applied and [*proofs.faults(session), *claim_proofs.faults(session)] == []
