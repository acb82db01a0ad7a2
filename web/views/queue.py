"""The queue as its page shows it: filters in the address, counts, rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from urllib.parse import urlencode
from uuid import UUID

import sqlalchemy as sa
from babel.dates import format_timedelta
from sqlmodel import Session, col

from accounts.tables import Person
from claims.purchase_tables import Purchase
from claims.tables import Claim, ClaimLine
from core.clock import WARSAW, local, local_date
from core.i18n import translations
from partners.tables import Branch
from programs.tables import Participant
from verification.queue import SOON, Chosen
from verification.tables import Cause, Review
from web.views.claims import by_id
from web.views.nameless import NAMELESS, nameless
from web.views.review_words import CAUSES

LONGEST_SEARCH = 60


def day_ends(at: datetime) -> datetime:
    """Midnight in Poland after this moment."""
    tomorrow = local_date(at) + timedelta(days=1)
    return datetime.combine(tomorrow, time(0), WARSAW)


def day_begins(at: datetime) -> datetime:
    return datetime.combine(local_date(at), time(0), WARSAW)


@dataclass(frozen=True, slots=True)
class Filters:
    """The view of a queue as it stands in the address; unknown words mean no filter."""

    cause: Cause | None = None
    branch: UUID | None = None
    today: bool = False
    text: str = ""

    @classmethod
    def read(cls, cause: str = "", branch: str = "", due: str = "", q: str = "") -> Filters:
        try:
            place = UUID(branch) if branch else None
        except ValueError:
            place = None
        known = {member.value: member for member in Cause}
        text = "".join(letter for letter in q if letter.isprintable())[:LONGEST_SEARCH].strip()
        return cls(known.get(cause), place, due == "today", text)

    @property
    def query(self) -> str:
        """`?cause=doubt&due=today`, or nothing."""
        pairs = []
        if self.cause:
            pairs.append(("cause", self.cause.value))
        if self.branch:
            pairs.append(("branch", str(self.branch)))
        if self.today:
            pairs.append(("due", "today"))
        if self.text:
            pairs.append(("q", self.text))
        return f"?{urlencode(pairs)}" if pairs else ""

    def with_cause(self, cause: Cause | None) -> Filters:
        return replace(self, cause=cause)

    def with_branch(self, branch: UUID | None) -> Filters:
        return replace(self, branch=branch)

    def with_today(self, today: bool) -> Filters:
        return replace(self, today=today)

    def chosen(self, now: datetime) -> Chosen:
        return Chosen(
            causes=(self.cause,) if self.cause else (),
            branch_id=self.branch,
            due_before=day_ends(now) if self.today else None,
            text=self.text,
        )


@dataclass(frozen=True, slots=True)
class QueueRow:
    id: UUID
    number: str
    document: str
    person: str
    company: str
    branch: str
    lines: int
    matched: int
    points: int
    cause: tuple[str, str, str]
    age: str
    due_at: datetime
    overdue: bool
    soon: bool
    taken_by: str
    mine: bool


def span(seconds: float, language: str) -> str:
    """`12 min`, `3 godz.`, `2 dni`: how long something lasts or waits."""
    locale = "en_GB" if language == "en" else language
    return format_timedelta(
        timedelta(seconds=max(60, seconds)), format="short", locale=locale, threshold=1.2
    ).replace(" ", "\u00a0")


def rows(
    session: Session,
    found: Sequence[tuple[Review, Claim]],
    *,
    person_id: UUID,
    now: datetime,
    language: str,
    of_manufacturer: bool = False,
) -> list[QueueRow]:
    """Views of several reviews with few queries."""
    participants = by_id(session, Participant, [claim.participant_id for _, claim in found])
    hidden = nameless(session, participants.values()) if of_manufacturer else frozenset()
    unnamed = translations(language).gettext(NAMELESS)
    holders = [review.taken_by for review, _ in found if review.taken_by]
    owners = [participant.person_id for participant in participants.values()]
    people = by_id(session, Person, [*owners, *holders])
    purchases = by_id(session, Purchase, [c.purchase_id for _, c in found if c.purchase_id])
    branches = by_id(session, Branch, [r.branch_id for r, _ in found if r.branch_id])
    counts = {
        claim_id: (int(lines), int(matched))
        for claim_id, lines, matched in session.execute(
            sa.select(
                col(ClaimLine.claim_id),
                sa.func.count(),
                sa.func.count(col(ClaimLine.product_id)),
            )
            .where(col(ClaimLine.claim_id).in_([claim.id for _, claim in found]))
            .group_by(col(ClaimLine.claim_id))
        )
    }
    made = []
    for review, claim in found:
        participant = participants[claim.participant_id]
        purchase = purchases.get(claim.purchase_id) if claim.purchase_id else None
        branch = branches.get(review.branch_id) if review.branch_id else None
        lines, matched = counts.get(claim.id, (0, 0))
        held = review.taken_by if review.taken_until and review.taken_until >= now else None
        made.append(
            QueueRow(
                id=review.id,
                number=claim.number,
                document=(purchase.number or "") if purchase else "",
                person=unnamed if participant.id in hidden else people[participant.person_id].name,
                company="" if participant.id in hidden else participant.company_name,
                branch=branch.name if branch else "",
                lines=lines,
                matched=matched,
                points=claim.estimate_points,
                cause=CAUSES[review.cause],
                age=span((now - claim.submitted_at).total_seconds(), language),
                due_at=review.due_at,
                overdue=review.due_at < now,
                soon=now <= review.due_at < now + SOON,
                taken_by=people[held].name if held and held != person_id else "",
                mine=held == person_id,
            )
        )
    return made


def due_text(at: datetime, now: datetime, day: Callable[[datetime, datetime], str]) -> str:
    """`14:00` today, `jutro 9:30`, `24 listopada 9:30`."""
    clock = f"{local(at).hour}:{local(at).minute:02d}"
    return clock if local_date(at) == local_date(now) else f"{day(at, now)} {clock}"
