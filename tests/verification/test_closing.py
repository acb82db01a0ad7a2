"""A branch is closed only with somebody who takes its people and its work over."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from accounts import grants
from accounts.roles import Grant, Role, scope_of
from claims.tables import Claim
from core.errors import Invalid
from partners import places
from partners.places import BranchExists, BranchFacts, BranchNotFound
from partners.tables import Branch, PartnerUser
from programs import joining
from tests import make
from tests.conftest import NOON
from tests.verification.test_entries import approve
from verification import closing, queue, undoing
from verification.closing import LastBranch
from verification.queue import Clerk
from verification.tables import Decision, Review

LUBON = BranchFacts("Elmet Luboń", "ul. Prosta 1", "62030", "Luboń", "30")


def second(session: Session, of: make.World) -> Branch:
    return places.add_branch(session, partner_id=of.partner.id, facts=LUBON, at=NOON)


def close(session: Session, of: make.World, to: Branch | None) -> Branch:
    return closing.close_branch(
        session,
        partner_id=of.partner.id,
        branch_id=of.branch.id,
        successor_id=to.id if to else None,
        by=of.clerk.person_id,
        at=NOON,
    )


def test_people_and_reviews_go_to_the_successor_and_promises_stay(session: Session) -> None:
    of = make.world(session)
    place = Grant(Role.CLERK, scope_of("branch", of.branch.id))
    grants.grant(session, person_id=of.clerk.person_id, grant=place, by="test", at=NOON)
    review = make.awaiting(session, of)
    due_at, lubon = review.due_at, second(session, of)
    link = joining.link_of(session, branch_id=of.branch.id, program_id=of.program.id, at=NOON)
    close(session, of, lubon)
    session.refresh(review)
    assert (review.branch_id, review.due_at) == (lubon.id, due_at)
    user = session.exec(
        select(PartnerUser).where(PartnerUser.person_id == of.clerk.person_id)
    ).one()
    assert user.branch_id == lubon.id
    held = {g.scope for g in grants.list_grants(session, person_id=of.clerk.person_id)}
    assert held == {scope_of("branch", lubon.id)}
    moved = Clerk(of.clerk.person_id, of.partner.id, lubon.id)
    assert queue.take_next(session, clerk=moved, at=NOON) == review
    with pytest.raises(joining.NoSuchLink):
        joining.find_place(session, code=link.code, at=NOON)


def test_what_is_reopened_later_waits_at_the_successor(session: Session) -> None:
    of = make.world(session)
    review = make.awaiting(session, of)
    approve(session, review, of.clerk)
    lubon = second(session, of)
    close(session, of, lubon)
    claim = session.get_one(Claim, review.claim_id)
    assert claim.branch_id == of.branch.id  # History: this branch sold.
    [decision] = session.exec(select(Decision)).all()
    again = undoing.undo(session, decision_id=decision.id, clerk=of.clerk, at=NOON)
    assert again.branch_id == lubon.id


def test_the_only_branch_and_a_missing_successor_are_refused(session: Session) -> None:
    of = make.world(session)
    with pytest.raises(LastBranch), session.begin_nested():
        close(session, of, None)
    lubon = second(session, of)
    with pytest.raises(Invalid), session.begin_nested():
        close(session, of, None)
    with pytest.raises(Invalid), session.begin_nested():
        close(session, of, make.world(session).branch)
    assert (of.branch.closed_at, lubon.closed_at) == (None, None)


def test_the_database_refuses_a_closed_branch_with_work_or_people(session: Session) -> None:
    of = make.world(session)
    make.awaiting(session, of)
    lubon = second(session, of)
    closed = sa.update(Branch).where(col(Branch.id) == of.branch.id)
    with pytest.raises(sa.exc.IntegrityError, match="leaves its work"), session.begin_nested():
        session.execute(closed.values(closed_at=NOON, succeeded_by=lubon.id))
    with pytest.raises(sa.exc.IntegrityError, match="leaves its work"), session.begin_nested():
        session.execute(closed.values(closed_at=NOON))
    close(session, of, lubon)
    with pytest.raises(sa.exc.IntegrityError, match="closed"), session.begin_nested():
        session.execute(sa.update(Review).values(branch_id=of.branch.id))
    with pytest.raises(sa.exc.IntegrityError, match="closed"), session.begin_nested():
        session.execute(sa.update(PartnerUser).values(branch_id=of.branch.id))


def test_a_branch_is_corrected_by_its_own_wholesaler_only(session: Session) -> None:
    of, rival = make.world(session), make.world(session)
    lubon = second(session, of)
    changed = BranchFacts("Elmet Luboń", "ul. Nowa 7", "62-031", "Luboń", "30", "61 800 10 20")
    with pytest.raises(BranchNotFound):
        places.change_branch(
            session, partner_id=rival.partner.id, branch_id=lubon.id, facts=changed
        )
    taken = BranchFacts(of.branch.name, "ul. Nowa 7", "62-031", "Luboń", "30")
    with pytest.raises(BranchExists):
        places.change_branch(session, partner_id=of.partner.id, branch_id=lubon.id, facts=taken)
    assert lubon.street == "ul. Prosta 1"
    places.change_branch(session, partner_id=of.partner.id, branch_id=lubon.id, facts=changed)
    assert (lubon.street, lubon.postcode, lubon.phone) == ("ul. Nowa 7", "62-031", "61 800 10 20")
