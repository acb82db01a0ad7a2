"""A queue of exceptions for the scripted clerk: real documents, read by the real reader."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from sqlmodel import Session, col, select

from claims.tables import Claim, ClaimLine
from core import clock
from core.runtime import App
from demo import cast, history, papers, world
from demo.papers import Form, Order
from demo.story import Story
from ocr.reading import Proof
from programs.product_tables import Product
from verification import queue
from verification.caution_tables import FirstOpinion, OpinionStatus
from verification.queue import Clerk
from verification.tables import Review, ReviewStatus

LONG = 5  # lines of a claim that counts as long
SPARE = 8  # documents beyond the asked number: some are decided without anybody
MIX = ((Form.PDF, 40), (Form.XML, 25), (Form.KSEF_PRINT, 25), (Form.PHOTO, 10))


def waiting(app: App, clerk: Clerk) -> int:
    """How many reviews the clerk still has to look at."""
    with app.database.unit_of_work() as session:
        return _waiting(session, clerk)


def _waiting(session: Session, clerk: Clerk) -> int:
    at = clock.now()
    found = queue.count_queue(session, clerk=clerk, at=at, today_ends=at)
    return found.open + found.postponed


def became(app: App) -> Counter[str]:
    """What the claims are now that were meant for people, at this desk or another."""
    with app.database.unit_of_work() as session:
        rows = session.exec(
            select(Review, Claim)
            .where(col(Review.claim_id) == col(Claim.id))
            .order_by(col(Review.id))
        )
        waits = select(FirstOpinion.review_id).where(FirstOpinion.status == OpinionStatus.WAITING)
        second = set(session.exec(waits))
        found: dict[UUID, str] = {}
        for review, claim in rows:
            handed = review.status is ReviewStatus.ESCALATED
            said = "waits for a second person" if review.id in second else claim.status
            found[claim.id] = "handed over" if handed else said
        return Counter(str(became) for became in found.values())


def fill(app: App, claims: int) -> tuple[int, Clerk]:
    """The demo's programme with that many reviews in the clerk's queue; how many, and whose."""
    now, rng = clock.now(), Random(7)
    forms = [form for form, _ in MIX]
    orders = [
        Order(
            key=number,
            seed=900_000 + number,
            form=rng.choices(forms, [share for _, share in MIX])[0],
            seller=cast.FITTERS[0].seller,
            buyer=world.party_of(number % len(cast.FITTERS)),
            issued_on=clock.local_date(now) - timedelta(days=rng.randint(0, 5)),
            lines=rng.choice((2, 3, 4, 5, 5, 6, 8)),
        )
        for number in range(claims + SPARE)
    ]
    drawn = []
    for done, paper in enumerate(papers.make_all(orders), start=1):
        drawn.append(paper)
        sys.stderr.write(f"\rDrawing and reading {done}/{len(orders)}")
    sys.stderr.write("\n")
    with app.database.unit_of_work() as session:
        made = world.build(session, at=now - timedelta(days=30), today=clock.local_date(now))
        story = Story(app, made, now, Random(7))
        desk = made.desks_of(cast.FITTERS[0].seller)[0]
        for number, paper in enumerate(drawn):
            # What the rules decide alone, or is no matter of this desk, is made up for.
            if number >= claims and _waiting(session, desk.clerk) == claims:
                break
            sent = now - timedelta(minutes=30, seconds=-number)
            history.submit_paper(story, paper, number % len(cast.FITTERS), desk, sent)
            if number >= claims - 1:
                story.play(session)
        put_in_doubt(session)
        return _waiting(session, desk.clerk), desk.clerk


def put_in_doubt(session: Session) -> None:
    """Every second claim of five or more lines keeps two values as a blurred photo leaves them.

    One product is as like the text as another of the programme, one quantity stands in no sum that
    holds: what the reader and the matching say of such a line, written where they write it.
    """
    by_claim: dict[UUID, list[ClaimLine]] = {}
    for line in session.exec(
        select(ClaimLine).order_by(col(ClaimLine.claim_id), col(ClaimLine.position))
    ):
        by_claim.setdefault(line.claim_id, []).append(line)
    products = {product.id: product for product in session.exec(select(Product))}
    long = [lines for lines in by_claim.values() if len(lines) >= LONG]
    for lines in long[::2]:
        matched = [line for line in lines if line.product_id is not None]
        if len(matched) < 2 or any(not Proof(line.proof).proven for line in matched):
            continue
        first, last = matched[0], matched[-1]
        other = next(
            product.id
            for product in products.values()
            if product.id != first.product_id
            and product.family == products[first.product_id or product.id].family
        )
        first.match_score = Decimal("0.71")
        first.candidates = [
            {"product_id": str(first.product_id), "score": "0.71"},
            {"product_id": str(other), "score": "0.69"},
        ]
        last.proof = Proof.READ
        session.add_all([first, last])
