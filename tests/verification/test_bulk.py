"""Only claims without any doubt are approved together."""

from __future__ import annotations

from sqlmodel import Session

from accounts.roles import Role, scope_of
from accounts.tables import Person
from claims.states import ClaimStatus
from claims.tables import Claim
from core.runtime import App
from points import addresses, ledger
from tests import make
from tests.conftest import NOON
from tests.verification.test_automatic import awaiting
from tests.verification.test_four_eyes import colleague
from tests.web.conftest import SignIn, plain_logs, sign_in, web  # noqa: F401
from tests.web.partner_world import enter
from verification import bulk, queue


def test_what_is_sure_is_approved_and_the_rest_stays(session: Session) -> None:
    of = make.world(session)
    sure, same = awaiting(session, of, "FV/1/2026"), awaiting(session, of, "FV/2/2026")
    doubtful = make.read(
        session,
        make.submitted(session, of),
        make.reading(of, number="FV/3/2026", lines=[], total="3.00"),
    )
    held = awaiting(session, of, "FV/1/2026")  # sent a second time
    listed = {review.id for review, _ in bulk.list_sure(session, clerk=of.clerk, at=NOON)}
    assert listed == {sure.id, same.id}
    everything = [sure.id, doubtful.id, held.id, sure.id]
    made = bulk.approve_sure(session, clerk=of.clerk, review_ids=everything, at=NOON)
    assert [decision.claim_id for decision in made] == [sure.claim_id]
    assert ledger.balance(session, addresses.active(of.participant.id)) == 1380
    for review in (same, doubtful, held):
        claim = session.get_one(Claim, review.claim_id)
        assert claim.status is ClaimStatus.AWAITING_PARTNER


def test_what_a_colleague_holds_or_two_people_must_see_is_not_offered(session: Session) -> None:
    of = make.world(session)
    review = awaiting(session, of, "FV/1/2026")
    queue.take(session, review_id=review.id, clerk=colleague(session, of), at=NOON)
    assert bulk.list_sure(session, clerk=of.clerk, at=NOON) == []
    awaiting(session, of, "FV/2/2026")
    of.program.settings = {"four_eyes_points": 1000}
    session.flush()
    assert bulk.list_sure(session, clerk=of.clerk, at=NOON) == []


def test_the_page_shows_the_list_and_asks_once(app: App, sign_in: SignIn) -> None:  # noqa: F811
    with app.database.unit_of_work() as session:
        of = make.world(session)
        review = awaiting(session, of, "FV/1/2026")
        person = session.get_one(Person, of.clerk.person_id)
        review_id, claim_id = review.id, review.claim_id
    clerk = enter(app, sign_in, person, Role.CLERK, scope_of("branch", of.branch.id))
    assert "/queue/sure" in clerk.get("/queue").text
    page = clerk.get("/queue/sure").text
    assert str(review_id) in page
    done = clerk.form("/queue/sure", {"review": str(review_id), "idempotency_key": "k1k1k1k1k1k1"})
    assert done.status_code == 303  # type: ignore[attr-defined]
    with app.database.unit_of_work() as session:
        assert session.get_one(Claim, claim_id).status is ClaimStatus.APPROVED
