"""The wholesalers' side of the demo: branches' own points, a connected register, a sales export."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session, col, select

from claims.purchase_tables import Purchase
from claims.states import ClaimStatus
from claims.tables import Claim, ClaimLine
from demo.documents.identifiers import make_nip
from demo.story import Story
from partners import ksef_connection, team
from partners.ksef import Metadata, Page
from partners.ksef_client_adapter import installed
from partners.tables import Partner, PartnerRole, PartnerUser
from programs.tables import Program
from verification import ksef_lookup, ksef_sync, partner_rewards
from verification.feed_claims import claimed_lines, list_open

HEADINGS = (
    "Nr dokumentu", "Data wyst.", "NIP nabywcy", "Kod EAN", "Indeks", "Nazwa towaru", "J.m.",
    "Ilość", "Cena netto", "Wartość netto", "Nr faktury korygowanej",
)  # fmt: skip
REWARDS = {"branch_points_per_decision": 4, "branch_points_per_enrolment": 120}
STRANGE_GOODS = (
    ("KX-3015", "Przewód YDYp 3x1,5 450/750V krążek 100 m", "szt", "189,00"),
    ("KX-3025", "Przewód YDYp 3x2,5 450/750V krążek 100 m", "szt", "289,00"),
    ("RR-2010", "Rura elektroinstalacyjna RL 20 biała 3 m", "szt", "4,10"),
    ("ZL-0012", "Złączka 3-torowa 0,2–4 mm² (op. 50 szt.)", "op", "61,50"),
)


def plan(story: Story, start: datetime) -> None:
    """Branches are paid every week; Poznań's firm connects its register some weeks ago."""
    story.at(start, lambda s, _: _set_rewards(s, story.world.program.id))
    moment = start + timedelta(days=7)
    while moment <= story.now:
        story.at(moment, _pay)
        moment += timedelta(days=7)
    story.at(story.now - timedelta(minutes=4), lambda s, t: _connect(story, s, t))


def _set_rewards(session: Session, program_id: UUID) -> None:
    program = session.get_one(Program, program_id)
    program.settings = {**program.settings, **REWARDS}
    session.add(program)
    session.flush()


def _pay(session: Session, at: datetime) -> None:
    partner_rewards.pay_due(session, at=at)


def _connect(story: Story, session: Session, at: datetime) -> None:
    """A connection to the stand-in, synced up to now; waiting e-invoices are looked up in it."""
    if not installed():
        return
    partner = story.world.desks[0].partner
    settings = story.app.settings
    manager = manager_of(session, partner.id)
    connection = ksef_connection.connect(
        session,
        partner_id=partner.id,
        person_id=manager.person_id,
        environment=ksef_connection.STAND_IN,
        token="demo-token-of-the-stand-in-register",  # noqa: S106 - opens nothing
        key=settings.derive_key(ksef_connection.PURPOSE),
        at=at - timedelta(days=21),
    )
    key = settings.derive_key(ksef_sync.KEY_PURPOSE)
    due = ksef_sync.find_due(session, connection_id=connection.id, at=at)
    assert due is not None
    page = Page(tuple(_registered(session, partner.nip)), False, False, at)
    ksef_sync.store(session, due, page, key=key, at=at)
    for claim_id in ksef_lookup.list_waiting(session, partner_id=partner.id):
        ksef_lookup.look_up(session, claim_id=claim_id, key=key, at=at)
    team.enter_absence(
        session,
        partner_id=partner.id,
        user_id=session.exec(
            select(PartnerUser.id).where(
                PartnerUser.person_id == story.world.desks[1].clerk.person_id
            )
        ).one(),
        deputy_id=manager.id,
        first_on=at.date(),
        last_on=at.date() + timedelta(days=4),
        entered_by=manager.person_id,
        at=at,
    )


def manager_of(session: Session, partner_id: UUID) -> PartnerUser:
    return session.exec(
        select(PartnerUser).where(
            PartnerUser.partner_id == partner_id, PartnerUser.role == PartnerRole.MANAGER
        )
    ).one()


def _registered(session: Session, seller_nip: str) -> Iterator[Metadata]:
    """The seller's e-invoices of the demo as the register would list them."""
    for purchase in session.exec(
        select(Purchase)
        .where(Purchase.seller_nip == seller_nip, col(Purchase.ksef_hash).is_not(None))
        .order_by(col(Purchase.created_at))
    ):
        if purchase.ksef_hash is None or purchase.issue_date is None:
            continue
        yield Metadata(
            ksef_number=purchase.ksef_number or f"{seller_nip}-{purchase.id.hex[:24]}",
            invoice_number=purchase.number or "",
            invoice_hash=bytes.fromhex(purchase.ksef_hash),
            seller_nip=seller_nip,
            buyer_nip=purchase.buyer_nip or "",
            issued_on=purchase.issue_date,
            kind="Vat",
            gross_grosze=purchase.total_gross_grosze,
            stored_at=purchase.created_at,
        )


def sales_export(
    session: Session,
    *,
    partner: Partner,
    now: datetime,
    only: frozenset[UUID] | None = None,
    returned: bool = False,
) -> bytes:
    """What the seller's system would export: the waiting claims' invoices among many others.

    One quantity differs, one row is broken: to see what happens with them. Windows-1250, `;`.
    `only` says which of the waiting claims are in it; None: all. With `returned` a customer brought
    two units of something back that was paid for already: the correcting invoice stands in it.
    """
    rows: list[tuple[str, ...]] = []
    day = f"{now - timedelta(days=2):%d.%m.%Y}"
    waiting = list_open(session, partner=partner)
    if only is not None:
        waiting = [claim for claim in waiting if claim.claim_id in only]
    for order, claim in enumerate(waiting):
        for place, line in enumerate(claimed_lines(session, claim.claim_id)):
            amount = line.quantity or Decimal(1)
            if order == 0 and place == 0:
                amount += 3
            rows.append(
                (
                    claim.number_norm, day, next(iter(claim.buyers)), line.gtin, line.index,
                    line.name, "szt", f"{amount.normalize():f}".replace(".", ","), "23,90", "0,00",
                )
            )  # fmt: skip
    if returned:
        rows += _brought_back(session, partner, now)
    for number in range(240):
        index, name, unit, price = STRANGE_GOODS[number % len(STRANGE_GOODS)]
        rows.append(
            (
                f"FV/{7000 + number // 3}/11", day, make_nip(2000 + number // 3), "", index,
                name, unit, str(1 + number % 17), price, price,
            )
        )  # fmt: skip
    rows.append(
        (f"FV/7999/11/{now:%Y}", day, "1234567890", "", "KX-3015", "Przewód YDYp 3x1,5", "szt", "2",
         "189,00", "378,00")
    )  # fmt: skip
    text = "\r\n".join(";".join(row) for row in [HEADINGS, *rows]) + "\r\n"
    return text.encode("cp1250", errors="replace")


def _brought_back(session: Session, partner: Partner, now: datetime) -> list[tuple[str, ...]]:
    """One row of a correcting invoice: two units of the newest paid line that has as many."""
    found = session.exec(
        select(ClaimLine, Claim, Purchase)
        .join(Claim, col(Claim.id) == col(ClaimLine.claim_id))
        .join(Purchase, col(Purchase.id) == col(Claim.purchase_id))
        .where(
            Purchase.seller_nip == partner.nip,
            col(Purchase.number).is_not(None),
            col(Purchase.buyer_nip).is_not(None),
            Claim.status == ClaimStatus.APPROVED,
            col(ClaimLine.quantity_accepted) >= 10,
            ClaimLine.units_per_quantity == 1,
        )
        .order_by(col(Claim.decided_at).desc(), col(ClaimLine.position))
        .limit(1)
    ).first()
    if found is None:
        return []
    line, _, purchase = found
    return [
        (
            f"KFS/31/{now:%m/%Y}", f"{now:%d.%m.%Y}", purchase.buyer_nip or "", line.gtin or "",
            line.seller_index or "", line.description, line.unit, "-2", "23,90", "-47,80",
            purchase.number or "",
        )
    ]  # fmt: skip
