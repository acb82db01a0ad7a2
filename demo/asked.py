"""What only a person knows: how much a pack holds, what goods on an invoice in euro cost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from random import Random
from uuid import UUID

from sqlmodel import Session

from claims import line_units, queries
from claims.states import Verdict
from core.clock import local_date
from demo import cast
from demo.desk import manager_of
from demo.documents import ksef_xml
from demo.documents.goods import VOLTEX
from demo.documents.purchase import Purchase
from demo.documents.scenario import invoice, line_of, send
from demo.papers import seller_of
from demo.sent import send_and_read
from demo.story import Story
from demo.world import party_of
from verification import deciding, intake
from verification.calendar import add_working_hours
from verification.judging import LineVerdict
from verification.queue import Clerk

PACK, PACK_OF, PACKS = "VX-N-R1-WH", Decimal(10), Decimal(4)
# Who buys frames by the pack, how long ago: the clerk says what a pack holds, then the manager.
BUYERS = ((5, timedelta(days=9)), (7, timedelta(days=4)))
# Who sends an invoice in euro, this morning.
ABROAD, RATE, EURO_AGO = 28, Decimal("4.2518"), timedelta(minutes=52)


def play(story: Story) -> None:
    """Two purchases by the pack, and one in euro of goods that bring points by the złoty."""
    for turn, (number, ago) in enumerate(BUYERS):
        made = _packs(number, local_date(story.now - ago), turn)
        _send(story, made, number, story.now - ago, partial(_judge, story, by_manager=turn == 1))
    _send(story, _euro(story), ABROAD, story.now - EURO_AGO, None)


def _packs(number: int, on: date, turn: int) -> Purchase:
    """Frames by the pack beside two rows of anything; the seller's catalogue says no size."""
    rng = Random(7_100 + turn)
    seller = seller_of(cast.FITTERS[number].seller)
    made = invoice(rng, lines=2, seller=seller, buyer=party_of(number), issued_on=on)
    good = next(good for good in VOLTEX if good.sku == PACK)
    row = replace(
        line_of(rng, good, seller, gross=False),
        gtin="",
        quantity=PACKS,
        unit="op.",
        unit_price=good.price * PACK_OF,
    )
    return send(rng, replace(made, lines=(row, *made.lines)))


def _euro(story: Story) -> Purchase:
    """USB sockets on an invoice in euro: the rate counts złoty, which only a person can say."""
    rng = Random(7_200)
    seller = seller_of(cast.FITTERS[ABROAD].seller)
    on = local_date(story.now - EURO_AGO)
    made = invoice(rng, lines=1, seller=seller, buyer=party_of(ABROAD), issued_on=on)
    good = next(good for good in VOLTEX if good.sku == cast.BY_VALUE[0])
    row = replace(
        line_of(rng, good, seller, gross=False),
        quantity=Decimal(12),
        unit_price=(good.price / RATE).quantize(Decimal("0.01")),
        discount_percent=Decimal(0),
    )
    return send(rng, replace(made, lines=(row,), currency="EUR", rate_to_pln=RATE))


Judge = Callable[[Session, UUID, datetime], None]


def _send(story: Story, made: Purchase, number: int, at: datetime, judge: Judge | None) -> None:
    data = ksef_xml(made)
    name = "".join(c if c.isalnum() else "_" for c in made.number) + ".xml"

    def act(session: Session, moment: datetime) -> None:
        claim_id = send_and_read(story, session, number=number, data=data, name=name, at=moment)
        if judge is not None:
            later = add_working_hours(moment, 3)
            story.at(later, lambda s, t: judge(s, claim_id, t))

    story.at(at, act)


def _judge(
    story: Story, session: Session, claim_id: UUID, at: datetime, *, by_manager: bool
) -> None:
    """Every row of ours counts; of the pack the clerk, then the manager, says that it holds ten."""
    review = intake.find_open_review(session, claim_id)
    desk = next((d for d in story.world.desks if review and d.branch.id == review.branch_id), None)
    if review is None or desk is None:
        return
    clerk: Clerk = manager_of(session, desk.clerk) if by_manager else desk.clerk
    verdicts = [
        LineVerdict(
            line.id,
            Verdict.APPROVE,
            units=PACK_OF if line_units.asked(line) is not None or line.unit == "op." else None,
        )
        for line in queries.list_lines(session, claim_id)
        if line.product_id is not None
    ]
    deciding.judge(session, review=review, clerk=clerk, verdicts=verdicts, at=at)
