"""A programme in full work: several branches, firms, months and outcomes, made by the services."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session

from accounts import consents
from claims import queries
from claims.states import ReasonCode, Verdict
from claims.tables import Claim
from ocr.reading import DocumentKind, Line, Party, Proof, Reading, Value
from partners.tables import Branch, PartnerRole, PartnerUser
from programs import service as programs
from programs.tables import Participant, ProgramPartner
from tests import make
from tests.conftest import NOON
from tests.make import World
from verification import decisions
from verification.judging import LineVerdict
from verification.queue import Clerk
from verification.tables import Decision

# What must never be seen by a manufacturer: the seller's prices, another brand's line.
PRICE, NET, GROSS = "77.31", "4638.60", "98765.43"
FOREIGN = "Przewod Konkurent YDYp 3x2,5"
SECRETS = ("77.31", "77,31", "4638.60", "4638,60", "4 638", "98765", "98 765", "Konkurent", "YDYp")


@dataclass(slots=True)
class Scene:
    """The world of tests.make with a second branch and more firms."""

    world: World
    second: Branch
    second_clerk: Clerk
    firms: list[Participant] = field(default_factory=list)


def scene(session: Session, *, firms: int = 6, agreed: int = 4) -> Scene:
    """`firms` participants of the main branch's region; the first `agreed` gave their consent."""
    of = make.world(session)
    second = Branch(
        partner_id=of.partner.id,
        name="Elmet Gniezno",
        street="ul. Witkowska 12",
        postcode="62-200",
        city="Gniezno",
        voivodeship="04",
        created_at=NOON,
    )
    session.add(second)
    membership = session.get_one(ProgramPartner, (of.program.id, of.partner.id))
    membership.joined_at = NOON - timedelta(days=300)
    session.add(membership)
    session.flush()
    clerk = make.person(session, name="Beata Nowak")
    session.add(
        PartnerUser(
            person_id=clerk.id,
            partner_id=of.partner.id,
            branch_id=second.id,
            role=PartnerRole.CLERK,
            created_at=NOON,
        )
    )
    made = Scene(of, second, Clerk(clerk.id, of.partner.id, second.id), [of.participant])
    for number in range(1, firms):
        made.firms.append(
            programs.enrol(
                session,
                program=of.program,
                person_id=make.person(session, name=f"Osoba {number}").id,
                company_name=f"Firma Tajna {number}",
                nip=make.nip(),
                voivodeship="30",
                at=NOON - timedelta(days=60),
            )
        )
    for participant in made.firms[:agreed]:
        agree(session, participant)
    return made


def agree(session: Session, participant: Participant, *, given: bool = True) -> None:
    consents.record(
        session,
        person_id=participant.person_id,
        kind=consents.SHARE_WITH_MANUFACTURER,
        version="1",
        given=given,
        at=NOON,
    )


def line(position: int, description: str, quantity: str) -> Line:
    """A line with prices that must never leave the wholesaler's side."""
    return Line(
        position=position,
        description=Value(description),
        quantity=Value(Decimal(quantity), Proof.ARITHMETIC),
        unit=Value("szt"),
        unit_price_net=Value(Decimal(PRICE), Proof.ARITHMETIC),
        line_net=Value(Decimal(NET), Proof.ARITHMETIC),
    )


def reading(
    of: Scene,
    participant: Participant,
    branch: Branch,
    *,
    number: str,
    lines: list[Line],
    on: datetime,
) -> Reading:
    return Reading(
        kind=DocumentKind.INVOICE,
        route="pdf-text",
        engine="test",
        seller=Party(
            name=Value("Elmet"),
            vat_id=Value(of.world.partner.nip, Proof.CHECKSUM),
            address=Value(f"{branch.postcode} {branch.city}"),
        ),
        buyer=Party(vat_id=Value(participant.nip, Proof.CHECKSUM)),
        invoice_number=Value(number),
        issue_date=Value(on.date()),
        total_gross=Value(Decimal(GROSS), Proof.ARITHMETIC),
        lines=tuple(lines),
    )


def bought(
    session: Session,
    of: Scene,
    participant: Participant | None = None,
    *,
    sockets: int = 10,
    boards: int = 0,
    at: datetime = NOON,
    after: timedelta = timedelta(hours=2),
    at_second: bool = False,
    reject: ReasonCode | None = None,
    number: str = "",
) -> Decision:
    """One claim from sending to decision, with a line of another brand on it."""
    participant = participant or of.firms[0]
    branch = of.second if at_second else of.world.branch
    clerk = of.second_clerk if at_second else of.world.clerk
    lines = [line(1, of.world.socket.name, str(sockets)), line(9, FOREIGN, "100")]
    if boards:
        lines.append(line(2, of.world.board.name, str(boards)))
    claim = make.submitted(session, of.world, participant=participant, at=at)
    review = make.read(
        session,
        claim,
        reading(of, participant, branch, number=number or f"FV/{claim.number}", lines=lines, on=at),
        at=at + timedelta(seconds=5),
    )
    decided_at = at + after
    if reject is not None:
        return decisions.reject(session, review=review, clerk=clerk, reason=reject, at=decided_at)
    return decisions.decide(
        session,
        review=review,
        clerk=clerk,
        verdicts=[
            LineVerdict(found.id, Verdict.APPROVE)
            for found in queries.list_lines(session, claim.id)
            if found.product_id is not None
        ],
        at=decided_at,
    )


def claim_of(session: Session, decision: Decision) -> Claim:
    return session.get_one(Claim, decision.claim_id)


def product_id(of: Scene) -> UUID:
    return of.world.socket.id
