"""Half a year of the demo's programme, played through the services in the order of time."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from PIL import Image
from sqlmodel import Session, col

from claims import levels
from claims import queries as claim_queries
from claims import service as claims
from claims.extraction import PageImage
from claims.service import StoredFile
from claims.states import ClaimStatus, ReasonCode, Verdict
from claims.tables import Channel, Claim
from core.clock import local_date
from core.queue import Work, WorkStatus
from demo import desk as lively
from demo import orders
from demo.papers import Form, Paper
from demo.story import Story
from demo.world import Desk
from programs.tables import Participant, Program
from verification import decisions, intake, undoing
from verification.calendar import add_working_hours
from verification.judging import LineVerdict
from verification.queue import Clerk
from verification.tables import Cause


def review_levels(story: Story, first: datetime) -> None:
    """Levels are reviewed once a week: often enough for a story, and quick."""
    moment = first
    while moment <= story.now:
        story.at(moment, lambda s, t: _review_levels(s, story.world.program, t))
        moment += timedelta(days=7)


def _review_levels(session: Session, program: Program, at: datetime) -> None:
    levels.review_program(session, program, at=at)


def submit_paper(story: Story, paper: Paper, number: int, desk: Desk, at: datetime) -> None:
    """One claim: sent, read, and decided when its time comes."""
    _, participant, _ = story.world.participants[number]
    file = StoredFile(
        story.app.blobs.put(paper.data), paper.name, paper.media_type, len(paper.data)
    )
    pages = [_page(story, image) for image in (paper.result.page_images if paper.result else ())]
    actor = f"person:{participant.person_id}"

    def submit(session: Session, moment: datetime) -> None:
        claim = claims.submit(
            session,
            program=story.world.program,
            participant=participant,
            files=[file],
            channel=Channel.PAGE if paper.order.form is not Form.XML else Channel.API,
            actor=actor,
            at=moment,
        )
        if not paper.order.read:
            return  # The workers read this one, as they would for a person.
        # Read already, above: the workers have nothing to do for it.
        session.execute(
            sa.update(Work)
            .where(col(Work.key) == f"claim-read-{claim.id}")
            .values(status=WorkStatus.DONE, finished_at=moment)
        )
        story.at(
            moment + timedelta(seconds=story.rng.randint(2, 9)),
            lambda s, t: _read(story, s, claim.id, paper, pages, desk, participant, t),
        )

    story.at(at, submit)


def _page(story: Story, image: bytes) -> PageImage:
    with Image.open(io.BytesIO(image)) as opened:
        media_type = "image/jpeg" if opened.format == "JPEG" else "image/png"
        width, height = opened.size
    return PageImage(story.app.blobs.put(image), media_type, width, height)


def _read(
    story: Story,
    session: Session,
    claim_id: UUID,
    paper: Paper,
    pages: list[PageImage],
    desk: Desk,
    participant: Participant,
    at: datetime,
) -> None:
    intake.begin_reading(session, claim_id=claim_id, at=at)
    if paper.unreadable is not None:
        intake.fail_reading(session, claim_id=claim_id, error=paper.unreadable, at=at)
        return
    assert paper.result is not None
    intake.complete_reading(
        session, claim_id=claim_id, reading=paper.result.reading, pages=pages, at=at
    )
    if lively.is_provable(paper, at, story.now):
        story.at(
            at + timedelta(minutes=11), lambda s, t: _prove(story, s, claim_id, paper, desk, t)
        )
    if story.rng.random() < 0.015:
        story.at(at + timedelta(minutes=7), lambda s, t: _withdraw(s, claim_id, participant, t))
    elif local_date(story.now) - local_date(at) > timedelta(days=story.rng.choice((2, 2, 3, 4))):
        hours = min(story.rng.expovariate(1 / 2.2), 7.6)
        story.at(
            add_working_hours(at, hours), lambda s, t: _decide(story, s, claim_id, desk.clerk, t)
        )


def _prove(
    story: Story, session: Session, claim_id: UUID, paper: Paper, desk: Desk, at: datetime
) -> None:
    look = lively.prove(session, claim_id, paper, at)
    if look is None or look.review_id is None or story.now - at < lively.UNLOOKED:
        return
    review_id, branch_id = look.review_id, session.get_one(Claim, claim_id).branch_id
    clerk = next((d.clerk for d in story.world.desks if d.branch.id == branch_id), desk.clerk)
    story.at(add_working_hours(at, 6), lambda s, t: lively.look_again(s, review_id, clerk, t))


def _withdraw(session: Session, claim_id: UUID, participant: Participant, at: datetime) -> None:
    claims.cancel(
        session,
        claim_id=claim_id,
        participant_id=participant.id,
        actor=f"person:{participant.person_id}",
        at=at,
    )


def _decide(story: Story, session: Session, claim_id: UUID, clerk: Clerk, at: datetime) -> None:
    review = intake.find_open_review(session, claim_id)
    claim = session.get_one(Claim, claim_id)
    if review is None or claim.status is not ClaimStatus.AWAITING_PARTNER:
        return
    if review.partner_id != clerk.partner_id:
        return  # Nobody's document: it waits for the programme's own people.
    # A branch of the same wholesaler may have been named on the paper: its clerk decides.
    clerk = next((d.clerk for d in story.world.desks if d.branch.id == review.branch_id), clerk)
    own = clerk
    if clerk == story.world.desks[0].clerk and lively.was_away(at, story.now):
        clerk = lively.manager_of(session, clerk)
    if review.cause is Cause.HELD:
        decisions.reject(session, review=review, clerk=clerk, reason=ReasonCode.DUPLICATE, at=at)
        return
    if story.rng.random() < 0.04:
        reason = story.rng.choice(
            (ReasonCode.OTHER_BUYER, ReasonCode.UNREADABLE, ReasonCode.NOT_OUR_DOCUMENT)
        )
        decisions.reject(session, review=review, clerk=clerk, reason=reason, at=at)
        return
    verdicts: list[LineVerdict] = []
    for line in claim_queries.list_lines(session, claim_id):
        if line.product_id is None:
            continue
        returned = story.rng.random() < 0.03
        if own != clerk and not story.appealed:
            returned = story.appealed = True  # Whose line this was will disagree.
            story.at(story.now - timedelta(hours=5), lambda s, t: _disagree(s, claim_id, t))
        if line.quantity is None or returned:
            verdicts.append(LineVerdict(line.id, Verdict.REJECT, ReasonCode.RETURNED_GOODS))
        else:
            verdicts.append(LineVerdict(line.id, Verdict.APPROVE))
    own_claim = claim.participant_id == story.world.participants[0][1].id
    if own_claim and not story.shortened and story.now - at < timedelta(days=12):
        shorter = lively.shorten(session, review, clerk, verdicts, at)
        story.shortened, verdicts = shorter != verdicts, shorter
    decision = lively.judge(session, review, clerk, verdicts, at)
    if decision.outcome is ClaimStatus.PARTIALLY_APPROVED and not story.answered and own == clerk:
        story.answered = True
        story.at(lively.next_day(at), lambda s, t: _appeal(story, s, claim_id, clerk, t))
    if decision.points and story.rng.random() < 0.012:
        undoing.undo(session, decision_id=decision.id, clerk=clerk, at=at + timedelta(seconds=6))
        story.at(at + timedelta(minutes=3), lambda s, t: _decide(story, s, claim_id, clerk, t))
    elif story.rng.random() < 0.22:
        story.at(
            at + timedelta(hours=story.rng.randint(1, 60)),
            lambda s, t: orders.order(story, s, claim.participant_id, t),
        )


def _disagree(session: Session, claim_id: UUID, at: datetime) -> None:
    """Today's appeal, which nobody has answered yet."""
    text = "Tej pozycji nie zwracałem, mogę dosłać zdjęcie z budowy."
    lively.appeal(session, claim_id, text, at)


def _appeal(story: Story, session: Session, claim_id: UUID, clerk: Clerk, at: datetime) -> None:
    text = "Proszę sprawdzić jeszcze raz: towar odebrałem w całości."
    review_id = lively.appeal(session, claim_id, text, at)
    if review_id is not None:
        story.at(add_working_hours(at, 9), lambda s, t: lively.answer(s, review_id, clerk, t))
