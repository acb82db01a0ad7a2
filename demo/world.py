"""Sets the demo's programme up by calling the services: firms, people, products, rules, rewards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlmodel import Session

from accounts import consents, grants, passwords, people, secrets
from accounts import demo as demo_signins
from accounts.contacts import parse_email
from accounts.roles import Grant, Role, scope_of
from accounts.tables import Person
from core.clock import WARSAW, local_date
from demo import cast, desk, goods
from demo.documents.firms import WHOLESALERS, Wholesaler
from demo.documents.identifiers import make_nip
from demo.documents.purchase import Party
from logistics.shipment_tables import Carrier
from partners.tables import Branch, Partner, PartnerRole, PartnerUser
from programs import service as programs
from programs import tax_modes
from programs.tables import Manufacturer, Participant, Program, ProgramPartner
from rewards.tables import Reward
from verification.queue import Clerk

BY = "demo"
CONSENT_VERSION = "1"


@dataclass(frozen=True, slots=True)
class Desk:
    """One branch with the clerk who verifies there and the seller's habits on paper."""

    seller: Wholesaler
    partner: Partner
    branch: Branch
    clerk: Clerk


@dataclass(frozen=True, slots=True)
class World:
    """All that the history of the demo needs to know."""

    program: Program
    desks: tuple[Desk, ...]
    participants: tuple[tuple[cast.Fitter, Participant, Party], ...]
    rewards: tuple[Reward, ...]
    courier: Carrier
    warehouse_actor: str

    def desks_of(self, key: str) -> list[Desk]:
        return [desk for desk in self.desks if desk.seller.key == key]


def build(session: Session, *, at: datetime, today: date) -> World:
    """Everything but the history, as it stood at `at` (before the first claim)."""
    program = _program(session, at)
    people_by_role = _staff(session, program, at)
    tax_modes.choose(
        session,
        program_id=program.id,
        mode="business",
        since=local_date(at),
        reason="Opinia doradcy podatkowego przed startem programu",
        actor=f"person:{people_by_role[Role.PROGRAM_MANAGER].id}",
        at=at,
    )
    desks = _partners(session, program, at)
    goods.add_products(session, program, at)
    goods.add_rules(session, program, people_by_role, at)
    courier = goods.add_carriers(session)
    rewards = goods.add_rewards(session, program, at)
    participants = _participants(session, program, desks, at, today)
    _offer_signins(session, people_by_role, desks, participants)
    return World(
        program=program,
        desks=desks,
        participants=participants,
        rewards=rewards,
        courier=courier,
        warehouse_actor=f"person:{people_by_role[Role.LOGISTICS].id}",
    )


def joined_on(number: int, first_day: date, today: date) -> date:
    """The first eight came at the start, others through the months, the last one three days ago."""
    last = len(cast.FITTERS) - 1
    if number == last:
        return max(first_day, today - timedelta(days=3))
    share = max(0, number - 7) / (last - 7) * 0.9
    return first_day + timedelta(days=int((today - first_day).days * share))


def party_of(number: int) -> Party:
    """A participant's firm as documents name it."""
    fitter = cast.FITTERS[number]
    return Party(
        name=fitter.company,
        nip=make_nip(400 + number),
        street=fitter.street,
        postcode=fitter.postcode,
        city=fitter.city,
    )


def _person(session: Session, name: str, email: str, at: datetime) -> Person:
    person = people.get_or_create(session, contact=parse_email(email), language="pl", at=at)
    people.rename(session, person_id=person.id, name=name)
    return person


def _colleague(session: Session, name: str, email: str, at: datetime) -> Person:
    """Somebody who works here since long: has a password, which nobody knows."""
    person = _person(session, name, email, at)
    passwords.set_password(session, person_id=person.id, password=secrets.new_token(), at=at)
    return person


def _program(session: Session, at: datetime) -> Program:
    manufacturer = Manufacturer(name=cast.MANUFACTURER, nip=make_nip(901), created_at=at)
    session.add(manufacturer)
    session.flush()
    program = Program(
        manufacturer_id=manufacturer.id,
        name=cast.PROGRAM_NAME,
        slug="klub-elektryka",
        starts_on=date(at.year, 1, 1),
        ends_on=date(at.year + 1, 12, 31),
        claim_until=date(at.year + 2, 1, 31),
        redeem_until=date(at.year + 2, 6, 30),
        settings=dict(desk.SETTINGS),
        created_at=at,
    )
    session.add(program)
    session.flush()
    return program


def _staff(session: Session, program: Program, at: datetime) -> dict[Role, Person]:
    """The manufacturer's and the operator's people."""
    cast_of = {
        Role.PROGRAM_MANAGER: ("Katarzyna Zych", "katarzyna.zych@voltex.example"),
        Role.ANALYST: ("Filip Olszewski", "filip.olszewski@voltex.example"),
        Role.LOGISTICS: ("Grażyna Kubiak", "grazyna.kubiak@magazyn.example"),
        Role.SUPPORT: ("Oliwia Majewska", "pomoc@klub-elektryka.example"),
        Role.OPERATOR: ("Tomasz Lipski", "tomasz.lipski@operator.example"),
        Role.AUDITOR: ("Hanna Zawada", "hanna.zawada@audyt.example"),
    }
    made = {}
    for role, (name, email) in cast_of.items():
        person = _colleague(session, name, email, at)
        scope = "*" if role is Role.OPERATOR else scope_of("program", program.id)
        grants.grant(session, person_id=person.id, grant=Grant(role, scope), by=BY, at=at)
        made[role] = person
    return made


CLERKS = {
    "Poznań": "Anna Kurek",
    "Gniezno": "Paweł Ostrowski",
    "Rzeszów": "Beata Nowak",
    "Tarnów": "Iwona Maj",
    "Gdańsk": "Marek Lis",
    "Gdynia": "Karolina Wójcik",
    "Elbląg": "Damian Sadowski",
}


def _partners(session: Session, program: Program, at: datetime) -> tuple[Desk, ...]:
    desks = []
    for key, branches in cast.BRANCHES.items():
        seller = next(w for w in WHOLESALERS if w.key == key)
        name = seller.party.name
        partner = Partner(
            name=name, short_name=SHORT_NAMES[key], nip=seller.party.nip, created_at=at
        )
        session.add(partner)
        session.flush()
        # As long as the programme: purchases of its first days count.
        since = datetime.combine(program.starts_on, time.min, WARSAW).astimezone(at.tzinfo)
        session.add(ProgramPartner(program_id=program.id, partner_id=partner.id, joined_at=since))
        for branch_name, street, postcode, city, voivodeship in branches:
            branch = Branch(
                partner_id=partner.id,
                name=branch_name,
                street=street,
                postcode=postcode,
                city=city,
                voivodeship=voivodeship,
                created_at=at,
            )
            session.add(branch)
            session.flush()
            clerk = _employ(session, partner, branch, CLERKS[branch_name], PartnerRole.CLERK, at)
            desks.append(Desk(seller, partner, branch, clerk))
        _employ(session, partner, None, MANAGERS[key], PartnerRole.MANAGER, at)
    return tuple(desks)


SHORT_NAMES = {"cekao": "Centrum Kabla", "eltrans": "Eltrans", "nord": "Nordelektro"}
MANAGERS = {"cekao": "Robert Zieliński", "eltrans": "Magdalena Krupa", "nord": "Jerzy Formela"}


def _employ(
    session: Session,
    partner: Partner,
    branch: Branch | None,
    name: str,
    role: PartnerRole,
    at: datetime,
) -> Clerk:
    mailbox = ".".join(_plain(part) for part in name.lower().split())
    person = _colleague(
        session, name, f"{mailbox}@{_plain(partner.short_name.lower())}.example", at
    )
    session.add(
        PartnerUser(
            person_id=person.id,
            partner_id=partner.id,
            branch_id=branch.id if branch else None,
            role=role,
            created_at=at,
        )
    )
    given = (
        Grant(Role.CLERK, scope_of("branch", branch.id))
        if branch
        else Grant(Role.PARTNER_MANAGER, scope_of("partner", partner.id))
    )
    grants.grant(session, person_id=person.id, grant=given, by=BY, at=at)
    session.flush()
    return Clerk(person.id, partner.id, branch.id if branch else None)


def _plain(text: str) -> str:
    return text.translate(str.maketrans("ąćęłńóśźż ", "acelnoszz-"))


def _participants(
    session: Session, program: Program, desks: tuple[Desk, ...], start: datetime, today: date
) -> tuple[tuple[cast.Fitter, Participant, Party], ...]:
    made = []
    first_day = local_date(start)
    for number, fitter in enumerate(cast.FITTERS):
        at = start
        if (day := joined_on(number, first_day, today)) > first_day:
            at = datetime.combine(day, time(6 + number % 4, 7 * number % 60), WARSAW)
            at = at.astimezone(start.tzinfo)
        mailbox = ".".join(_plain(part) for part in fitter.name.lower().split())
        person = _person(session, fitter.name, f"{mailbox}@poczta.example", at)
        party = party_of(number)
        branch = next(desk.branch for desk in desks if desk.seller.key == fitter.seller)
        participant = programs.enrol(
            session,
            program=program,
            person_id=person.id,
            company_name=fitter.company,
            nip=party.nip,
            voivodeship=fitter.voivodeship,
            branch_id=branch.id,
            at=at,
        )
        grants.grant(
            session,
            person_id=person.id,
            grant=Grant(Role.PARTICIPANT, scope_of("program", program.id)),
            by=BY,
            at=at,
        )
        # Most firms let the manufacturer see who they are; some do not, and stay nameless.
        consents.record(
            session,
            person_id=person.id,
            kind=consents.SHARE_WITH_MANUFACTURER,
            version=CONSENT_VERSION,
            given=number % 7 != 3,
            source=BY,
            at=at,
        )
        made.append((fitter, participant, party))
    return tuple(made)


def N_(text: str) -> str:
    """Marks a text that the start page translates."""
    return text


def _offer_signins(
    session: Session,
    staff: dict[Role, Person],
    desks: tuple[Desk, ...],
    participants: tuple[tuple[cast.Fitter, Participant, Party], ...],
) -> None:
    manager = desk.manager_of(session, desks[0].clerk)
    offers = (
        (
            "participant",
            participants[0][1].person_id,
            N_("Uczestnik"),
            N_("Marek, elektryk z Wrześni"),
        ),
        (
            "clerk",
            desks[0].clerk.person_id,
            N_("Hurtownia"),
            N_("Anna sprawdza zgłoszenia w Poznaniu"),
        ),
        (
            "partner_manager",
            manager.person_id,
            N_("Kierownik hurtowni"),
            N_("Robert prowadzi zespół i łączy hurtownię z KSeF"),
        ),
        (
            "manufacturer",
            staff[Role.PROGRAM_MANAGER].id,
            N_("Producent"),
            N_("Katarzyna prowadzi program w Voltex"),
        ),
        (
            "logistics",
            staff[Role.LOGISTICS].id,
            N_("Magazyn nagród"),
            N_("Grażyna pakuje i wysyła"),
        ),
        ("operator", staff[Role.OPERATOR].id, N_("Operator"), N_("Tomasz pomaga i wyjaśnia")),
        ("auditor", staff[Role.AUDITOR].id, N_("Audytor"), N_("Hanna sprawdza każdy punkt")),
    )
    for position, (persona, person_id, title, description) in enumerate(offers, start=1):
        demo_signins.offer_demo_signin(
            session,
            persona=persona,
            person_id=person_id,
            title=title,
            description=description,
            position=position,
        )
