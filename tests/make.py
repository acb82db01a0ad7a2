"""Things to test with: valid by default, any fact by name, made by the services."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from uuid import UUID

from sqlmodel import Session, col, select

from accounts import grants
from accounts.roles import Grant, Role, scope_of
from accounts.tables import Person
from claims import service as claims
from claims.extraction import PageImage
from claims.service import StoredFile
from claims.tables import Channel, Claim
from logistics import stock
from logistics.shipment_tables import Carrier
from logistics.shipments import Recipient
from logistics.tables import Item, Warehouse
from ocr.reading import DocumentKind, Line, Party, Proof, Reading, Value
from partners.tables import Branch, Partner, PartnerRole, PartnerUser
from points import service as points_service
from programs import service as programs
from programs.policy import Campaign, PerUnit, Rules, Selection
from programs.product_tables import Product
from programs.rule_tables import RuleVersion
from programs.tables import Manufacturer, Participant, Program, ProgramPartner
from rewards import service as rewards
from rewards.service import Wanted
from rewards.tables import Redemption, Reward
from tests.conftest import NOON
from verification import intake
from verification.queue import Clerk, Organiser
from verification.tables import Review

STARTED = datetime(2026, 1, 1, tzinfo=UTC)  # The programme, and its wholesaler's part in it.
_numbers = count(1)


def nip(seed: int | None = None) -> str:
    """A tax number with the right check digit; each call gives another one."""
    weights = (6, 5, 7, 2, 3, 4, 5, 6, 7)
    number = 521_000_000 + (seed if seed is not None else next(_numbers)) * 7
    while True:
        digits = f"{number:09d}"
        check = sum(w * int(d) for w, d in zip(weights, digits, strict=True)) % 11
        if check < 10:
            return f"{digits}{check}"
        number += 1


def person(session: Session, *, name: str = "Marek Wrona", email: str | None = None) -> Person:
    made = Person(name=name, email=email or f"osoba{next(_numbers)}@example.pl", created_at=NOON)
    session.add(made)
    session.flush()
    return made


def organiser(session: Session, program: Program) -> Organiser:
    """Somebody who runs the programme."""
    made = person(session, name="Iga Lis")
    held = Grant(Role.PROGRAM_MANAGER, scope_of("program", program.id))
    grants.grant(session, person_id=made.id, grant=held, by="test", at=NOON)
    return Organiser(made.id, frozenset({program.id}))


RULES = Rules(
    base=(
        PerUnit(clause="Osprzęt Nova", points=Decimal(15), products=Selection(families=("Nova",))),
        PerUnit(
            clause="Rozdzielnice Box", points=Decimal(120), products=Selection(families=("Box",))
        ),
    ),
    campaigns=(
        Campaign(
            clause="Jesień z Box",
            starts_on=date(2026, 11, 1),
            ends_on=date(2026, 11, 30),
            factor=Decimal(2),
            products=Selection(families=("Box",)),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class World:
    """One programme with its people, ready for a claim."""

    program: Program
    partner: Partner
    branch: Branch
    clerk: Clerk
    participant: Participant
    socket: Product
    board: Product
    rules: RuleVersion


def world(session: Session, *, rules: Rules = RULES) -> World:
    manufacturer = Manufacturer(name="Voltex S.A.", nip=nip(), created_at=NOON)
    session.add(manufacturer)
    session.flush()
    program = Program(
        manufacturer_id=manufacturer.id,
        name="Klub Elektryka",
        slug=f"klub-{next(_numbers)}",
        starts_on=date(2026, 1, 1),
        ends_on=date(2027, 12, 31),
        claim_until=date(2028, 1, 31),
        redeem_until=date(2028, 6, 30),
        created_at=NOON,
    )
    partner = Partner(name="Elmet sp. z o.o.", short_name="Elmet", nip=nip(), created_at=NOON)
    session.add_all([program, partner])
    session.flush()
    branch = Branch(
        partner_id=partner.id,
        name="Elmet Poznań",
        street="ul. Obornicka 12",
        postcode="60-650",
        city="Poznań",
        voivodeship="30",
        created_at=NOON,
    )
    session.add_all(
        [branch, ProgramPartner(program_id=program.id, partner_id=partner.id, joined_at=STARTED)]
    )
    session.flush()
    clerk = person(session, name="Anna Nowak")
    session.add(
        PartnerUser(
            person_id=clerk.id,
            partner_id=partner.id,
            branch_id=branch.id,
            role=PartnerRole.CLERK,
            created_at=NOON,
        )
    )
    participant = programs.enrol(
        session,
        program=program,
        person_id=person(session).id,
        company_name="Instalacje Marek Wrona",
        nip=nip(),
        voivodeship="30",
        at=NOON,
    )
    version = programs.draft_rules(
        session,
        program_id=program.id,
        rules=rules,
        valid_from=date(2026, 1, 1),
        author="person:author",
        at=NOON,
    )
    programs.publish_rules(session, version_id=version.id, publisher="person:second", at=NOON)
    socket = programs.add_product(
        session,
        program_id=program.id,
        sku="VX-N210",
        name="Gniazdo Nova p/t z uziemieniem białe",
        family="Nova",
        unit="szt",
        gtins=[("5901234123457", Decimal(1))],
        at=NOON,
    )
    board = programs.add_product(
        session,
        program_id=program.id,
        sku="VX-B24",
        name="Rozdzielnica Box 24M podtynkowa",
        family="Box",
        unit="szt",
        at=NOON,
    )
    return World(
        program=program,
        partner=partner,
        branch=branch,
        clerk=Clerk(clerk.id, partner.id, branch.id),
        participant=participant,
        socket=socket,
        board=board,
        rules=version,
    )


def line(
    position: int,
    description: str,
    quantity: str,
    *,
    gtin: str | None = None,
    index: str | None = None,
) -> Line:
    return Line(
        position=position,
        description=Value(description),
        quantity=Value(Decimal(quantity), Proof.ARITHMETIC),
        unit=Value("szt"),
        unit_price_net=Value(Decimal("10.00"), Proof.ARITHMETIC),
        line_net=Value(Decimal("10.00") * Decimal(quantity), Proof.ARITHMETIC),
        gtin=Value(gtin) if gtin else None,
        article_no=Value(index) if index else None,
    )


def reading(
    of: World,
    *,
    number: str = "FV/1184/11/2026",
    lines: Sequence[Line] | None = None,
    issue_date: date = date(2026, 11, 18),
    total: str = "1234.50",
) -> Reading:
    return Reading(
        kind=DocumentKind.INVOICE,
        route="pdf-text",
        engine="test",
        seller=Party(name=Value(of.partner.name), vat_id=Value(of.partner.nip, Proof.CHECKSUM)),
        buyer=Party(vat_id=Value(of.participant.nip, Proof.CHECKSUM)),
        invoice_number=Value(number),
        issue_date=Value(issue_date),
        total_gross=Value(Decimal(total), Proof.ARITHMETIC),
        lines=tuple(
            lines
            if lines is not None
            else (
                line(1, "GNIAZDO NOVA P/T Z/U BIAŁE", "60", gtin="5901234123457"),
                line(2, "ROZDZ. BOX 24M P/T VX-B24", "2"),
                line(3, "Przewód YDYp 3x2,5", "100"),
            )
        ),
    )


def submitted(
    session: Session,
    of: World,
    *,
    participant: Participant | None = None,
    sha256: str | None = None,
    at: datetime = NOON,
) -> Claim:
    return claims.submit(
        session,
        program=of.program,
        participant=participant or of.participant,
        files=[
            StoredFile(sha256 or f"{next(_numbers):064x}", "faktura.pdf", "application/pdf", 1000)
        ],
        channel=Channel.PAGE,
        actor="person:test",
        at=at,
    )


def read(
    session: Session,
    claim: Claim,
    seen: Reading,
    *,
    pages: Sequence[PageImage] = (),
    at: datetime = NOON,
) -> Review:
    """What the worker does with a finished reading."""
    intake.begin_reading(session, claim_id=claim.id, at=at)
    intake.complete_reading(session, claim_id=claim.id, reading=seen, pages=pages, at=at)
    return review_of(session, claim.id)


def review_of(session: Session, claim_id: UUID) -> Review:
    return (
        session.exec(
            select(Review)
            .where(Review.claim_id == claim_id)
            .order_by(col(Review.created_at).desc())
        ).first()
        or _missing()
    )


def _missing() -> Review:
    raise AssertionError("the claim has no review")


def awaiting(session: Session, of: World, *, number: str = "FV/1184/11/2026") -> Review:
    """A claim that was read and waits for the clerk."""
    return read(session, submitted(session, of), reading(of, number=number))


def stocked_reward(
    session: Session, of: World, *, units: int = 5, price: int = 500, expires_on: date | None = None
) -> Reward:
    """A published reward with stock of one lot."""
    number = next(_numbers)
    item = Item(sku=f"N-{number}", name="Wkrętarka 18 V", weight_g=1800, created_at=NOON)
    warehouse = Warehouse(
        name=f"Magazyn {number}",
        street="ul. Składowa 5",
        postcode="62-023",
        city="Gądki",
        phone="+48 61 100 20 30",
        email="magazyn@example.pl",
        created_at=NOON,
    )
    session.add_all([item, warehouse])
    session.flush()
    stock.receive(
        session,
        item=item,
        warehouse_id=warehouse.id,
        number=f"L{number}",
        location="A-01-1",
        quantity=units,
        unit_cost_grosze=30_000,
        expires_on=expires_on,
        reference="test",
        actor="person:test",
        at=NOON,
    )
    reward = Reward(
        program_id=of.program.id,
        item_id=item.id,
        slug=f"nagroda-{number}",
        name="Wkrętarka 18 V",
        description="Z dwoma akumulatorami.",
        category="narzędzia",
        price_points=price,
        published_at=NOON,
        created_at=NOON,
    )
    session.add(reward)
    session.flush()
    return reward


def carrier(session: Session) -> Carrier:
    made = Carrier(
        code="manual",
        service=f"kurier-{next(_numbers)}",
        name="Kurier",
        adapter="manual",
        delivery_attempts=2,
        pickup_wait_hours=48,
        helpdesk_phone="+48 22 100 20 30",
        tracking_url="https://kurier.example/{number}",
        absence_text={"pl": "Kurier przyjedzie drugi raz następnego dnia roboczego."},
    )
    session.add(made)
    session.flush()
    return made


RECIPIENT = Recipient(
    name="Marek Wrona",
    company="Instalacje Marek Wrona",
    street="ul. Polna 4",
    postcode="62-300",
    city="Września",
    phone="+48 600 100 200",
)


def give_points(
    session: Session, of: World, points: int, *, expires_on: date = date(2027, 11, 20)
) -> None:
    points_service.award(
        session,
        reference=f"test:{next(_numbers)}",
        program_id=of.program.id,
        participant_id=of.participant.id,
        points=points,
        expires_on=expires_on,
        at=NOON,
    )


def place(
    session: Session, of: World, reward: Reward, *, quantity: int = 1, by: Carrier | None = None
) -> Redemption:
    return rewards.place(
        session,
        program=of.program,
        participant=of.participant,
        wanted=[Wanted(reward.id, quantity, reward.price_points)],
        recipient=RECIPIENT,
        carrier=by or carrier(session),
        promised_on=date(2026, 11, 27),
        actor="person:test",
        at=NOON,
    )
