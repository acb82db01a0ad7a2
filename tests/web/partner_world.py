"""A wholesaler's clerk at a real page, with claims that wait."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from PIL import Image
from sqlmodel import Session, select

from accounts import grants
from accounts.roles import Grant, Role, scope_of
from accounts.tables import Person
from claims.extraction import PageImage
from claims.states import ClaimStatus
from claims.tables import Claim
from core.runtime import App
from ocr.reading import Box, Line, Proof, Value
from partners.tables import Branch, Partner, PartnerRole, PartnerUser
from points import addresses, ledger
from programs.policy import Rules
from tests import make
from tests.conftest import NOON
from tests.web.conftest import Browser, SignIn
from verification.tables import Decision, Review


def unsure(position: int, *, quantity: str = "60") -> Line:
    """A line whose product is sure and whose quantity no sum proves."""
    return Line(
        position=position,
        description=Value("GNIAZDO NOVA P/T Z/U BIAŁE", box=Box(1, 0.1, 0.3, 0.5, 0.32)),
        quantity=Value(Decimal(quantity), Proof.READ, box=Box(1, 0.6, 0.3, 0.65, 0.32)),
        unit=Value("szt"),
        gtin=Value("5901234123457"),
        box=Box(1, 0.1, 0.3, 0.9, 0.32),
    )


def page_image(app: App) -> PageImage:
    """A blank page with one dark corner, so that a cut of it can be told from another."""
    picture = Image.new("RGB", (620, 877), "white")
    picture.paste("black", (0, 0, 60, 60))
    out = io.BytesIO()
    picture.save(out, "JPEG")
    return PageImage(app.blobs.put(out.getvalue()), "image/jpeg", 620, 877)


@dataclass(frozen=True, slots=True)
class Counter:
    """One programme with a clerk who is signed in."""

    of: make.World
    clerk: Browser


def enter(app: App, sign_in: SignIn, person: Person, role: Role, scope: str) -> Browser:
    """The browser of a person who is there already, with a role."""
    with app.database.unit_of_work() as session:
        grants.grant(session, person_id=person.id, grant=Grant(role, scope), by="test", at=NOON)
    return sign_in(person=person)


def open_counter(app: App, sign_in: SignIn, *, rules: Rules = make.RULES) -> Counter:
    with app.database.unit_of_work() as session:
        of = make.world(session, rules=rules)
        person = session.get_one(Person, of.clerk.person_id)
    clerk = enter(app, sign_in, person, Role.CLERK, scope_of("branch", of.branch.id))
    return Counter(of, clerk)


def colleague(
    app: App,
    sign_in: SignIn,
    of: make.World,
    *,
    role: PartnerRole = PartnerRole.CLERK,
    name: str = "Olga Zięba",
    branch_id: UUID | None = None,
    partner: Partner | None = None,
) -> Browser:
    """Another person of the wholesaler, or of another one."""
    firm = partner or of.partner
    place = branch_id or (of.branch.id if partner is None else None)
    with app.database.unit_of_work() as session:
        person = make.person(session, name=name)
        session.add(
            PartnerUser(
                person_id=person.id,
                partner_id=firm.id,
                branch_id=place if role is PartnerRole.CLERK else None,
                role=role,
                created_at=NOON,
            )
        )
    held = Role.CLERK if role is PartnerRole.CLERK else Role.PARTNER_MANAGER
    return enter(app, sign_in, person, held, scope_of("partner", firm.id))


def rival(session: Session) -> Partner:
    """Another wholesaler with one branch."""
    partner = Partner(name="Nord sp. z o.o.", short_name="Nord", nip=make.nip(), created_at=NOON)
    session.add(partner)
    session.flush()
    session.add(
        Branch(
            partner_id=partner.id,
            name="Nord Gdańsk",
            street="ul. Nowa 1",
            postcode="80-299",
            city="Gdańsk",
            voivodeship="22",
            created_at=NOON,
        )
    )
    session.flush()
    return partner


def waiting(app: App, of: make.World, *, number: str = "FV/1/11/2026") -> Review:
    """A sure claim: 60 sockets and two boards, 1380 points."""
    with app.database.unit_of_work() as session:
        return make.awaiting(session, of, number=number)


def doubtful(app: App, of: make.World, *, number: str = "FV/7/11/2026") -> Review:
    """One question: how many pieces in line 1."""
    with app.database.unit_of_work() as session:
        claim = make.submitted(session, of)
        seen = make.reading(of, number=number, lines=[unsure(1)], total="77.00")
        return make.read(session, claim, seen, pages=[page_image(app)])


def reload(app: App, review: Review) -> Review:
    with app.database.unit_of_work() as session:
        return session.exec(select(Review).where(Review.id == review.id)).one()


def fields(page: str) -> dict[str, object]:
    """What a browser without script would send of the decision form as it stands."""
    form = page[page.index('id="decision"') :]
    found: dict[str, object] = {}
    for tag in re.findall(r"<input[^>]*>", form[: form.index("</form>")]):
        attributes = dict(re.findall(r'([a-z_-]+)="([^"]*)"', tag))
        if attributes.get("type") == "radio" and " checked" not in tag:
            continue
        if "name" in attributes:
            found[attributes["name"]] = attributes.get("value", "")
    return found


def act(browser: Browser, review: Review, what: str, **more: object) -> object:
    address = f"/reviews/{review.id}"
    sent = fields(browser.get(address).text) | more
    return browser.post(f"{address}/{what}", data=sent, follow_redirects=False)


def balance(session: Session, of: make.World) -> int:
    return ledger.balance(session, addresses.active(of.participant.id))


def status(session: Session, review: Review) -> ClaimStatus:
    return session.get_one(Claim, review.claim_id).status


def decisions_of(session: Session) -> list[Decision]:
    return list(session.exec(select(Decision).order_by(Decision.decided_at)))
