"""What happened at the desks today: talks, an escalation, a claim at the counter, a sales file."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from accounts.tables import Person
from claims.service import StoredFile
from claims.states import ClaimStatus
from claims.tables import Claim
from core.clock import local, local_date
from demo import cast, papers
from demo.papers import Form, Order
from demo.story import Act, Story
from demo.wholesale import manager_of, sales_export
from demo.world import party_of
from verification import asking, counter, handing, intake, links, reconciliation
from verification.asking import Question
from verification.queue import Clerk
from verification.tables import Review

# Whose fresh claim, by the number in the cast.
ASKED, ANSWERED, ESCALATED, AT_COUNTER, SHARES_ACCOUNT = 0, 5, 19, 10, 3
OPERATOR = "tomasz.lipski@operator.example"
ACCOUNT = "PL61109010140000071219812874"  # the example of the standard: nobody's
SOLD = (4, 28)  # The first of them stands in the export in another quantity.
QUESTION = "Na zdjęciu widać dwa gniazda. Czy wszystkie trafiły do jednej inwestycji?"
ANSWER = "Tak, wszystko na jedną budowę, faktura na moją firmę."
ESCALATION = "Klient prosi o zaliczenie zakupu sprzed przystąpienia do programu."


def play(story: Story) -> None:
    """Everything within the last hours, so that every list has something in it."""
    now = story.now
    story.at(now - timedelta(minutes=178), _escalate(story))
    story.at(now - timedelta(minutes=80), _ask(story, ANSWERED, Question.OTHER_BUYER, ""))
    story.at(now - timedelta(minutes=35), _send_sales(story))
    story.at(now - timedelta(minutes=30), _answer(story))
    story.at(now - timedelta(minutes=20), _share_account(story))
    story.at(now - timedelta(minutes=9), _ask(story, ASKED, None, QUESTION))
    story.at(now - timedelta(minutes=1), _enter(story))


def _find(story: Story, session: Session, number: int) -> tuple[Claim, Review, Clerk] | None:
    """Somebody's claim of today that waits for a clerk, and the clerk of that branch."""
    for claim in session.exec(
        select(Claim)
        .where(
            Claim.participant_id == story.world.participants[number][1].id,
            Claim.submitted_at > story.now - timedelta(hours=8),
            col(Claim.status).in_((ClaimStatus.AWAITING_PARTNER, ClaimStatus.NEEDS_INFORMATION)),
        )
        .order_by(col(Claim.submitted_at).desc())
    ):
        review = intake.find_open_review(session, claim.id)
        for desk in story.world.desks:
            if review is not None and desk.branch.id == review.branch_id:
                return claim, review, desk.clerk
    return None


def _ask(story: Story, number: int, question: Question | None, text: str) -> Act:
    def act(session: Session, at: datetime) -> None:
        if (found := _find(story, session, number)) is not None:
            _, review, clerk = found
            asking.ask(
                session, review_id=review.id, clerk=clerk, question=question, text=text, at=at
            )

    return act


def _answer(story: Story) -> Act:
    def act(session: Session, at: datetime) -> None:
        found = _find(story, session, ANSWERED)
        if found is not None and found[0].status is ClaimStatus.NEEDS_INFORMATION:
            claim = found[0]
            asking.answer(
                session,
                claim_id=claim.id,
                participant_id=claim.participant_id,
                text=ANSWER,
                at=at,
            )

    return act


def _escalate(story: Story) -> Act:
    def act(session: Session, at: datetime) -> None:
        if (found := _find(story, session, ESCALATED)) is not None:
            _, review, clerk = found
            handing.escalate(session, review_id=review.id, clerk=clerk, note=ESCALATION, at=at)

    return act


def _share_account(story: Story) -> Act:
    """The operator notes one bank account for a clerk of the last desk and a fitter elsewhere."""

    def act(session: Session, at: datetime) -> None:
        operator = session.exec(select(Person).where(Person.email == OPERATOR)).one()
        ids = (
            story.world.desks[-1].clerk.person_id,
            story.world.participants[SHARES_ACCOUNT][1].person_id,
        )
        for person_id in ids:
            person = session.get_one(Person, person_id)
            contact = person.email or person.phone or ""
            links.add_account(session, contact=contact, account=ACCOUNT, by=operator.id, at=at)

    return act


def _enter(story: Story) -> Act:
    """A customer left an invoice at the counter of the first desk; the workers read it."""
    order = Order(
        key=9_000,
        seed=90_001,
        form=Form.PDF,
        seller=cast.FITTERS[AT_COUNTER].seller,
        buyer=party_of(AT_COUNTER),
        issued_on=local_date(story.now),
        lines=3,
        read=False,
    )

    def act(session: Session, at: datetime) -> None:
        paper = papers.make(order)
        file = StoredFile(
            story.app.blobs.put(paper.data), paper.name, paper.media_type, len(paper.data)
        )
        counter.enter(
            session,
            clerk=story.world.desks[0].clerk,
            who=order.buyer.nip,
            files=[file],
            note="Faktura zostawiona na ladzie.",
            at=at,
        )

    return act


def _send_sales(story: Story) -> Act:
    """The manager sends an export; two waiting invoices stand there, one with another quantity."""

    def act(session: Session, at: datetime) -> None:
        partner = story.world.desks[0].partner
        found = [_find(story, session, number) for number in SOLD]
        sold = frozenset(each[0].id for each in found if each is not None)
        sender: UUID = manager_of(session, partner.id).person_id
        taken = reconciliation.take_in(
            session,
            story.app.blobs,
            partner_id=partner.id,
            person_id=sender,
            name=f"sprzedaz_{local(at):%Y-%m-%d}.csv",
            data=sales_export(session, partner=partner, now=local(at), only=sold, returned=True),
            at=at,
        )
        proposal = reconciliation.propose(story.app.blobs, taken.feed)
        reconciliation.confirm(
            session,
            feed_id=taken.feed.id,
            partner_id=partner.id,
            person_id=sender,
            mapping=proposal.mapping,
            at=at,
        )

    return act
