"""Nobody, neither a person nor the rules, pays for what was bought outside its days."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from analytics import past_claims
from claims import queries
from claims.remedies import Remedy
from claims.states import ClaimStatus, ReasonCode, Verdict
from claims.tables import Claim
from programs.queries import settings_of
from tests import make
from tests.conftest import NOON
from verification import decisions, preview, receipts
from verification.days import DayFact, day_fact
from verification.judging import BoughtLater, LineVerdict, OutsidePeriod, SentTooLate
from verification.tables import Decision, Review
from web.views.receipts import words_of

BOUGHT = date(2026, 11, 18)
SOCKETS, BOARDS = 900, 480


def approve(session: Session, of: make.World, review: Review, *, at: datetime = NOON) -> Decision:
    verdicts = [
        LineVerdict(line.id, Verdict.APPROVE)
        for line in queries.list_lines(session, review.claim_id)
        if line.product_id
    ]
    return decisions.decide(session, review=review, clerk=of.clerk, verdicts=verdicts, at=at)


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        (None, date(2026, 1, 31), "Produkt był w programie do 31 stycznia 2026."),
        (date(2026, 11, 19), None, "Produkt jest w programie od 19 listopada 2026."),
    ],
)
def test_a_product_outside_its_days_brings_nothing_and_the_receipt_says_why(
    session: Session, first: date | None, last: date | None, told: str
) -> None:
    of = make.world(session)
    of.socket.eligible_from, of.socket.eligible_to = first, last
    session.add(of.socket)
    session.flush()
    review = make.awaiting(session, of)
    claim = session.get_one(Claim, review.claim_id)
    assert claim.estimate_points == BOARDS
    wishes = {
        line.position: preview.wish_of(line) for line in queries.list_lines(session, claim.id)
    }
    seen = preview.count(session, review=review, claim=claim, wishes=wishes)
    assert (seen[1].points, seen[1].in_days, seen[2].points) == (0, False, BOARDS)
    decision = approve(session, of, review)
    assert (decision.points, decision.outcome) == (BOARDS, ClaimStatus.PARTIALLY_APPROVED)
    socket = queries.list_lines(session, claim.id)[0]
    assert (socket.verdict, socket.reason) == (Verdict.REJECT, ReasonCode.PRODUCT_NOT_IN_DAYS)
    assert socket.purchase_line_id is None
    receipt = receipts.receipt_of(session, claim)
    assert receipt.lines[0].remedy is Remedy.BUY_IN_DAYS
    [words] = [line for line in words_of(receipt, language="pl").lines if line.position == 1]
    assert words.reason == "W dniu zakupu ten produkt nie był w programie."
    assert words.remedy.replace("\u00a0", " ") == told


@pytest.mark.parametrize(("first", "last"), [(None, BOUGHT), (BOUGHT, None), (BOUGHT, BOUGHT)])
def test_the_first_and_the_last_day_of_a_product_count(
    session: Session, first: date | None, last: date | None
) -> None:
    of = make.world(session)
    of.socket.eligible_from, of.socket.eligible_to = first, last
    session.add(of.socket)
    session.flush()
    assert approve(session, of, make.awaiting(session, of)).points == SOCKETS + BOARDS


def test_a_rehearsal_leaves_out_what_a_product_sold_outside_its_days(session: Session) -> None:
    of = make.world(session)
    approve(session, of, make.awaiting(session, of))

    def replayed() -> list[str]:
        found = past_claims.stream(session, of.program.id)
        return [line.sku for claim in found for line in claim.lines]

    assert replayed() == ["VX-N210", "VX-B24"]
    of.socket.eligible_to = date(2026, 1, 31)
    session.add(of.socket)
    session.flush()
    assert replayed() == ["VX-B24"]


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [(BOUGHT + timedelta(days=1), date(2027, 12, 31)), (date(2026, 1, 1), date(2026, 11, 17))],
)
def test_no_clerk_approves_a_purchase_outside_the_programme(
    session: Session, starts_on: date, ends_on: date
) -> None:
    of = make.world(session)
    review = make.awaiting(session, of)
    of.program.starts_on, of.program.ends_on = starts_on, ends_on
    session.add(of.program)
    session.flush()
    with pytest.raises(OutsidePeriod), session.begin_nested():
        approve(session, of, review)
    claim = session.get_one(Claim, review.claim_id)
    assert (claim.status, claim.points) == (ClaimStatus.AWAITING_PARTNER, 0)
    refused = decisions.reject(
        session, review=review, clerk=of.clerk, reason=ReasonCode.OUTSIDE_PERIOD, at=NOON
    )
    assert refused.outcome is ClaimStatus.REJECTED


def test_no_clerk_approves_a_claim_that_came_after_its_window(session: Session) -> None:
    of = make.world(session)
    of.program.settings = {**of.program.settings, "claim_window_days": 3}
    session.add(of.program)
    session.flush()
    day = NOON.date() - timedelta(days=3)
    late = make.reading(of, number="FV/1/11/2026", issue_date=day - timedelta(days=1))
    review = make.read(session, make.submitted(session, of), late)
    with pytest.raises(SentTooLate), session.begin_nested():
        approve(session, of, review)
    assert session.get_one(Claim, review.claim_id).points == 0
    timely = make.reading(of, number="FV/2/11/2026", issue_date=day, total="99.00")
    assert approve(session, of, make.read(session, make.submitted(session, of), timely)).points


def test_a_day_that_has_not_come_is_a_person_s_to_compare(session: Session) -> None:
    of = make.world(session)
    tomorrow = NOON.date() + timedelta(days=1)
    later = make.reading(of, issue_date=tomorrow)
    review = make.read(session, make.submitted(session, of), later)
    claim = session.get_one(Claim, review.claim_id)
    assert day_fact(of.program, tomorrow, claim, settings_of(of.program)) is DayFact.FUTURE
    with pytest.raises(BoughtLater), session.begin_nested():
        approve(session, of, review)
    assert session.get_one(Claim, review.claim_id).points == 0
    # A sale of the next day that somebody approves on the next day is one.
    assert approve(session, of, review, at=NOON + timedelta(days=1)).points


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE product SET eligible_to = '2026-01-31' WHERE id = :socket",
        "UPDATE program SET starts_on = '2026-11-19' WHERE id = :program",
    ],
)
def test_the_database_pays_for_nothing_outside_its_days(session: Session, statement: str) -> None:
    of = make.world(session)
    review = make.awaiting(session, of)
    session.execute(sa.text(statement).bindparams(
        **({"socket": of.socket.id} if "socket" in statement else {"program": of.program.id})
    ))  # fmt: skip
    with pytest.raises(sa.exc.IntegrityError, match="outside the days"), session.begin_nested():
        session.execute(
            sa.text(
                "UPDATE claim_line SET verdict = 'approve', reason = 'counted', points = 5, "
                "quantity_accepted = 1 WHERE claim_id = :claim AND position = 1"
            ).bindparams(claim=review.claim_id)
        )
    assert queries.list_lines(session, review.claim_id)[0].verdict is None
