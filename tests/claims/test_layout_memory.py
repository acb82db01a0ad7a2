"""What a seller's decided documents teach, and how the next one is read with it."""

from __future__ import annotations

from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from claims import layout_memory, queries
from claims.memory_tables import LayoutLesson, SellerLayout
from claims.states import Verdict
from core.queue import Work, WorkStatus, later
from core.runtime import App
from ocr.reading import Hints, Reading
from tests import make
from tests.conftest import NOON
from tests.make import World
from tests.ocr import drawn
from verification import decisions
from verification.judging import LineVerdict
from workers import jobs, layouts
from workers.runtime import Task

# A form whose word for quantity no lexicon knows, and whose discount is printed nowhere: no product
# of two columns tells which one it is.
FORM = """
                                                    FAKTURA VAT nr {number}
                                                    Data wystawienia: 2026-11-18

  Sprzedawca:                                       Nabywca:
  Elmet sp. z o.o.                                  Instalacje Anna Rak
  NIP: {seller}                                     NIP: {buyer}

  Lp.  Nazwa towaru                      Liczydło  J.m.  Cena netto  Wartość netto  VAT

  1    GNIAZDO NOVA P/T Z/U BIAŁE              60  szt.       12,50         600,00  23%
  2    ROZDZ. BOX 24M P/T VX-B24                2  szt.      250,00         400,00  23%

                                        Stawka VAT    Netto      VAT       Brutto
                                        23%          1000,00     230,00   1230,00
  Do zapłaty: 1230,00 PLN
"""


def read(of: World, number: str, hints: Hints = Hints()) -> Reading:  # noqa: B008  (frozen)
    text = FORM.format(number=number, seller=of.partner.nip, buyer=of.participant.nip)
    return drawn.read(text, hints=hints)


def quantities(reading: Reading) -> list[Decimal | None]:
    return [line.quantity.value if line.quantity else None for line in reading.lines]


def decided(session: Session, of: World, number: str) -> LayoutLesson | None:
    """A claim whose clerk typed the quantities that were not read; its lesson, if one was had."""
    review = make.read(session, make.submitted(session, of), read(of, number))
    lines = queries.list_lines(session, review.claim_id)
    verdicts = [
        LineVerdict(line.id, Verdict.APPROVE, product_id=product.id, quantity=Decimal(quantity))
        for line, product, quantity in zip(lines, (of.socket, of.board), ("60", "2"), strict=True)
    ]
    decisions.decide(session, review=review, clerk=of.clerk, verdicts=verdicts, at=NOON)
    for claim_id in layout_memory.untaught(session, limit=10):
        layout_memory.learn(session, claim_id=claim_id, at=NOON)
    return session.get(LayoutLesson, review.claim_id)


def test_the_second_document_of_a_seller_is_read_with_what_the_first_one_taught(
    session: Session,
) -> None:
    of = make.world(session)
    lesson = decided(session, of, "FV/1/11/2026")
    assert lesson is not None
    assert lesson.taught

    layouts = layout_memory.load(session)
    assert [memory.seller_vat_id for memory in layouts] == [of.partner.nip]
    assert quantities(read(of, "FV/2/11/2026")) != [60, 2]
    assert quantities(read(of, "FV/2/11/2026", Hints(layouts=layouts))) == [60, 2]


def test_a_claim_teaches_once(session: Session) -> None:
    of = make.world(session)
    lesson = decided(session, of, "FV/1/11/2026")
    assert lesson is not None
    assert not layout_memory.learn(session, claim_id=lesson.claim_id, at=NOON)
    assert layout_memory.untaught(session, limit=10) == []
    assert session.exec(select(SellerLayout)).one().documents_seen == 1


def test_a_claim_that_waits_or_has_no_words_teaches_nothing(session: Session) -> None:
    of = make.world(session)
    make.awaiting(session, of)
    assert layout_memory.untaught(session, limit=10) == []
    review = make.awaiting(session, of, number="FV/9/11/2026")
    lines = [line for line in queries.list_lines(session, review.claim_id) if line.product_id]
    verdicts = [LineVerdict(line.id, Verdict.APPROVE) for line in lines]
    decisions.decide(session, review=review, clerk=of.clerk, verdicts=verdicts, at=NOON)

    (claim_id,) = layout_memory.untaught(session, limit=10)
    assert not layout_memory.learn(session, claim_id=claim_id, at=NOON)
    assert layout_memory.load(session) == ()


def test_lessons_cannot_be_changed(session: Session) -> None:
    lesson = decided(session, make.world(session), "FV/1/11/2026")
    assert lesson is not None
    with pytest.raises(DBAPIError, match="permission denied"), session.begin_nested():
        session.execute(sa.update(LayoutLesson).values(taught=False))
    session.refresh(lesson)
    assert lesson.taught


def test_a_turn_of_the_worker_teaches_claim_by_claim_and_ends(app: App) -> None:
    with app.database.unit_of_work() as session:
        of = make.world(session)
        for number in ("FV/1/11/2026", "FV/2/11/2026"):
            review = make.read(session, make.submitted(session, of), read(of, number))
            lines = queries.list_lines(session, review.claim_id)
            goods = zip(lines, (of.socket, of.board), ("60", "2"), strict=True)
            verdicts = [
                LineVerdict(x.id, Verdict.APPROVE, product_id=y.id, quantity=Decimal(z))
                for x, y, z in goods
            ]
            decisions.decide(session, review=review, clerk=of.clerk, verdicts=verdicts, at=NOON)
        later(session, jobs.LAYOUTS, key="layouts-1", at=NOON)
        work = session.exec(select(Work).where(Work.key == "layouts-1")).one()
        work.status, work.attempt = WorkStatus.RUNNING, 1
        session.add(work)
        session.flush()
        work_id = work.id
    task = Task(app, work_id, 1, NOON)
    layouts.learn(app, task)
    assert task.finished
    with app.database.unit_of_work() as session:
        assert layout_memory.untaught(session, limit=10) == []
        assert len(session.exec(select(LayoutLesson)).all()) == 2
        assert session.get_one(SellerLayout, of.partner.nip).documents_seen >= 1
