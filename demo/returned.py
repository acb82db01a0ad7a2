"""Goods that went back: corrections that the seller settled, or that wait for it or an invoice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import partial
from random import Random

from sqlmodel import Session, select

from claims.correction_tables import Correction, CorrectionStatus
from claims.corrections import list_originals
from core.clock import local_date
from demo.documents import corrections, ksef_xml
from demo.documents.goods import VOLTEX
from demo.documents.purchase import Purchase
from demo.papers import Form, Order, purchase_of
from demo.sent import send_and_read
from demo.story import Story
from ocr.codec import decode
from ocr.reading import Reading
from partners.tables import PartnerRole, PartnerUser
from verification import corrections as settling
from verification.calendar import add_working_hours

Plan = tuple[Order, int, int, datetime]
PAUSE = timedelta(days=12, hours=2)  # from an invoice to its correction
OURS = frozenset(good.sku for good in VOLTEX)
SELLER = "cekao"  # whose desk the demo shows
LATELY = timedelta(days=100)
REGULAR = 0  # the participant whom the demo shows, by the number in the cast


class Fate(StrEnum):
    """What becomes of a correction that a buyer forwards."""

    SETTLED = "settled"  # the manager knows it and says what came back
    UNPROVEN = "unproven"  # waits at the desk until somebody compares it with the own system
    EXCEEDS = "exceeds"  # waits at the desk: more came back than was sold
    UNSENT = "unsent"  # waits for its invoice, which nobody sent in


WAIT = {Fate.EXCEEDS: 51, Fate.UNPROVEN: 5, Fate.UNSENT: 27}  # hours


def add(story: Story, plans: Sequence[Plan]) -> None:
    """Some e-invoices are corrected two weeks later; the buyer forwards the correction too."""
    found = [one for plan in plans if (one := _sold(story, plan)) is not None]
    # The newest ones wait; the one that the demo's participant sent is seen on both sides.
    found.sort(key=lambda one: (one.number == REGULAR, one.at))
    for turn, (fate, one) in enumerate(zip(Fate, [*found[:1], *reversed(found[1:])], strict=False)):
        invoice, back = one.invoice, max(one.sold // 3, Decimal(1))
        if fate is Fate.UNSENT:
            invoice = replace(invoice, number=f"{invoice.number}/B", ksef=None)
        if fate is Fate.EXCEEDS:
            back = one.sold + 5
        at = one.at + PAUSE
        if fate in WAIT:
            at = story.now - timedelta(hours=WAIT[fate])
        _send(story, invoice, one.position, back, one.number, at, turn, fate)


@dataclass(frozen=True, slots=True)
class Sold:
    """An e-invoice old enough to be corrected: its row of ours, how much of it, whose, when."""

    invoice: Purchase
    position: int
    sold: Decimal
    number: int
    at: datetime


def _sold(story: Story, plan: Plan) -> Sold | None:
    order, number, _, at = plan
    if order.form is not Form.XML or order.seller != SELLER:
        return None
    if not PAUSE < story.now - at < LATELY:
        return None
    invoice = purchase_of(order, Random(order.seed))
    for position, line in enumerate(invoice.lines, 1):
        if line.sku in OURS and line.quantity:
            return Sold(invoice, position, line.quantity, number, at)
    return None


def _send(
    story: Story,
    invoice: Purchase,
    position: int,
    back: Decimal,
    number: int,
    at: datetime,
    turn: int,
    fate: Fate,
) -> None:
    made = corrections.quantity_difference(
        invoice,
        number=f"KOR/{40 + turn}/{local_date(at):%m/%Y}",
        issued_on=local_date(at) - timedelta(days=1),
        returned={position: back},
    )
    data = ksef_xml(made)
    name = f"korekta-{40 + turn}.xml"

    def act(session: Session, moment: datetime) -> None:
        send_and_read(story, session, number=number, data=data, name=name, at=moment)

    story.at(at, act)
    if fate is Fate.SETTLED:
        story.at(add_working_hours(at, 8), partial(_confirm, number=made.number, back=back))


def _confirm(session: Session, moment: datetime, *, number: str, back: Decimal) -> None:
    """The manager of the seller knows the correction and says what came back."""
    made = session.exec(select(Correction).where(Correction.number == number)).first()
    if made is None or made.partner_id is None:
        return
    if made.status is not CorrectionStatus.NEEDS_PERSON:
        return
    manager = session.exec(
        select(PartnerUser.person_id).where(
            PartnerUser.partner_id == made.partner_id, PartnerUser.role == PartnerRole.MANAGER
        )
    ).first()
    [row] = [row for row in decode(Reading, made.reading).lines if row.unit_delta]
    for original in list_originals(session, made.id):
        if manager is None or original.purchase_id is None:
            continue
        name = row.description.value if row.description else ""
        places = {
            (original.purchase_id, line.position): back
            for line in settling.original_lines(session, original.purchase_id)
            if line.description and line.description.value == name
        }
        if places:
            settling.resolve(
                session, correction_id=made.id, returned=places, person_id=manager, at=moment
            )
