"""What the demo's programme is about: products, rules, carriers, rewards and their stock."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlmodel import Session

from accounts.roles import Role
from accounts.tables import Person
from demo import cast
from demo.documents.goods import VOLTEX
from logistics import stock
from logistics.shipment_tables import Carrier
from logistics.tables import Item, Warehouse
from programs import segments
from programs import service as programs
from programs.policy import Campaign, Selection
from programs.policy_segments import Conditions
from programs.tables import Program
from rewards.tables import Reward

BY = "demo"


def add_products(session: Session, program: Program, at: datetime) -> None:
    for good in VOLTEX:
        gtins = [(good.gtin, Decimal(1))]
        if good.carton_gtin:
            gtins.append((good.carton_gtin, Decimal(good.carton_units)))
        programs.add_product(
            session,
            program_id=program.id,
            sku=good.sku,
            name=good.name,
            family=good.family,
            unit=good.unit.rstrip("."),
            gtins=gtins,
            at=at,
        )


def add_rules(session: Session, program: Program, staff: dict[Role, Person], at: datetime) -> None:
    year = program.starts_on.year
    november = Campaign(
        clause="Jesień z Box: podwójne punkty",
        starts_on=date(year, 11, 1),
        ends_on=date(year, 11, 30),
        factor=Decimal(2),
        products=Selection(families=("Box",)),
    )
    segment = segments.create(
        session,
        program_id=program.id,
        name=cast.COAST,
        conditions=Conditions(voivodeships=cast.COAST_VOIVODESHIPS),
        author=f"person:{staff[Role.PROGRAM_MANAGER].id}",
        at=at,
    )
    spring = Campaign(
        clause="Wiosna na Pomorzu: podwójne punkty za aparaturę",
        starts_on=date(year + 1, 3, 1),
        ends_on=date(year + 1, 3, 31),
        factor=Decimal(2),
        products=Selection(families=("MCB",)),
        segments=(segment.key,),
    )
    versions = (
        (cast.RULES_FROM_JANUARY, date(year, 1, 1), "Pierwsza wersja zasad"),
        (cast.rules_from_october(november), date(year, 10, 1), "Wyższe stawki na jesień"),
        (cast.rules_from_october(spring), date(year + 1, 1, 1), "Promocja wiosenna dla regionu"),
    )
    for rules, valid_from, note in versions:
        version = programs.draft_rules(
            session,
            program_id=program.id,
            rules=rules,
            valid_from=valid_from,
            author=f"person:{staff[Role.PROGRAM_MANAGER].id}",
            note=note,
            at=at,
        )
        programs.publish_rules(
            session,
            version_id=version.id,
            publisher=f"person:{staff[Role.OPERATOR].id}",
            at=at,
        )


def add_carriers(session: Session) -> Carrier:
    courier = Carrier(
        code="demo",
        service="kurier",
        name="Szybka Paczka – kurier",
        adapter="fake",
        delivery_attempts=2,
        pickup_wait_hours=48,
        helpdesk_phone="+48 22 100 20 30",
        tracking_url="https://szybka-paczka.example/sledz/{number}",
        absence_text=cast.ABSENCE,
        transit_days=1,
    )
    point = Carrier(
        code="demo",
        service="punkt",
        name="Szybka Paczka – punkt odbioru",
        adapter="fake",
        to_point=True,
        delivery_attempts=1,
        pickup_wait_hours=48,
        helpdesk_phone="+48 22 100 20 30",
        tracking_url="https://szybka-paczka.example/sledz/{number}",
        absence_text=cast.POINT_ABSENCE,
        transit_days=2,
    )
    session.add_all([courier, point])
    session.flush()
    return courier


def add_rewards(session: Session, program: Program, at: datetime) -> tuple[Reward, ...]:
    warehouse = Warehouse(
        name="Magazyn nagród Gądki",
        street="ul. Magazynowa 8",
        postcode="62-023",
        city="Gądki",
        phone="+48 61 100 20 30",
        email="nagrody@klub-elektryka.example",
        created_at=at,
    )
    session.add(warehouse)
    session.flush()
    made = []
    for number, prize in enumerate(cast.PRIZES, start=1):
        item = Item(
            sku=f"NG-{number:03d}",
            name=prize.name,
            weight_g=prize.weight_g,
            tracks_expiry=prize.expiry_days is not None,
            created_at=at,
        )
        session.add(item)
        session.flush()
        _receive(session, item, warehouse, prize, number, at)
        reward = Reward(
            program_id=program.id,
            item_id=item.id,
            slug=prize.slug,
            name=prize.name,
            description=prize.description,
            category=prize.category,
            price_points=prize.points,
            picture=prize.picture,
            published_at=at,
            created_at=at,
        )
        session.add(reward)
        made.append(reward)
    session.flush()
    return tuple(made)


def _receive(
    session: Session, item: Item, warehouse: Warehouse, prize: cast.Prize, number: int, at: datetime
) -> None:
    """Two deliveries of most rewards, so that the first to expire goes first."""
    first = prize.stock // 2 + prize.stock % 2
    for part, quantity in enumerate((first, prize.stock - first), start=1):
        expires_on = None
        if prize.expiry_days is not None:
            expires_on = (at + timedelta(days=prize.expiry_days + 120 * part)).date()
        stock.receive(
            session,
            item=item,
            warehouse_id=warehouse.id,
            number=f"L{at:%y%m}-{number:03d}-{part}",
            location=f"{'ABC'[number % 3]}-{number:02d}-{part}",
            quantity=quantity,
            unit_cost_grosze=prize.cost_grosze,
            expires_on=expires_on,
            reference=f"PZ/{at:%Y}/{number:03d}/{part}",
            actor=BY,
            at=at,
        )
