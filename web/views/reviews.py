"""A review as its page shows it: facts, questions, lines with their answers, the document."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from accounts.tables import Person
from claims import queries
from claims.states import ClaimStatus
from claims.tables import Claim, ClaimLine
from core.formats import Formats
from programs import queries as program_queries
from programs.product_tables import Product
from programs.tables import Participant, Program
from verification import entries, four_eyes, handing, preview
from verification.doubts import About
from verification.facts import Facts, facts_of
from verification.queue import is_for_another, statuses
from verification.tables import Review
from web import review_boxes, review_form
from web.clerks import Desk
from web.masked_pages import hides_others, hides_prices
from web.review_form import Header, NewLine, Products, ReviewForm
from web.views import appeals
from web.views import review_words as words
from web.views.appeals import AppealedView
from web.views.findings import FindingView, finding_views
from web.views.nameless import NAMELESS, nameless
from web.views.paper import PageView, PaperView, crops, page_views, paper_view
from web.views.review_lines import DoubtView, LineView, doubt_view, line_view

Gettext = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class FactView:
    label: str
    value: str
    state: str
    href: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True)
class Lease:
    """Whose turn it is: `mine`, or a colleague's name since when; `until` ends it."""

    mine: bool
    name: str
    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class ReviewView:
    id: UUID
    number: str
    document: str
    person: str
    company: str
    standing_label: str
    standing_state: str
    cause: tuple[str, str, str]
    due_at: datetime
    facts: tuple[FactView, ...]
    doubts: tuple[DoubtView, ...]
    lines: tuple[LineView, ...]
    outside: tuple[LineView, ...]
    pages: tuple[PageView, ...]
    paper: PaperView | None
    findings: tuple[FindingView, ...]  # what the reader noticed on the document
    total: int
    lease: Lease
    earlier: EarlierView | None
    same: str
    sold: str
    note: str
    products: tuple[str, ...]
    workable: bool
    sealed_values: tuple[int, ...]  # lines whose value is asked for, which this person may not see
    may_return: bool  # to the wholesaler, which sees it
    may_draw: bool  # the boxes of its lines may be drawn again
    own_entry: bool  # who looks entered it at the counter
    appealed: AppealedView | None  # the participant's words against the first decision
    first: FirstView | None  # what the first of two people said
    may_ask: bool  # the participant waits for the answer, so a question makes sense
    branch_id: UUID | None
    sent_note: str
    manual: bool  # nothing says which document it is: a person types it
    header: Header
    added: bool
    new_lines: tuple[NewLine, ...]


@dataclass(frozen=True, slots=True)
class FirstView:
    """A first opinion that waits for a second person."""

    name: str
    at: datetime
    points: int
    mine: bool


@dataclass(frozen=True, slots=True)
class EarlierView:
    """The claim that this one looks like."""

    claim_id: UUID
    number: str
    submitted_at: datetime
    why: str
    person: str
    pages: tuple[PageView, ...]


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that a review's page, its preview and its decision are made from."""

    review: Review
    claim: Claim
    participant: Participant
    program: Program
    lines: Sequence[ClaimLine]
    facts: Facts
    products: Products
    rows: Sequence[tuple[UUID, str, str]]  # id, SKU, name of the programme's products


def gather(session: Session, review: Review) -> Material:
    claim = session.get_one(Claim, review.claim_id)
    participant = program_queries.get_participant(session, claim.participant_id)
    program = program_queries.get_program(session, claim.program_id)
    lines = queries.list_lines(session, claim.id)
    found: Any = session.execute(
        select(Product.id, Product.sku, Product.name)
        .where(Product.program_id == program.id)
        .order_by(col(Product.family), col(Product.name))
    )
    rows = [(row[0], row[1], row[2]) for row in found]
    return Material(
        review=review,
        claim=claim,
        participant=participant,
        program=program,
        lines=lines,
        facts=facts_of(
            session,
            review=review,
            claim=claim,
            participant=participant,
            program=program,
            lines=lines,
        ),
        products=Products.of(rows),
        rows=rows,
    )


def view(
    session: Session,
    material: Material,
    form: ReviewForm,
    *,
    desk: Desk,
    now: datetime,
    gettext: Gettext,
    formats: Formats,
) -> ReviewView:
    """The page of a review with a form on it: as read, as drafted, or as sent and refused."""
    review, claim, facts = material.review, material.claim, material.facts
    reading = queries.find_reading(session, claim.id)
    base = f"/reviews/{review.id}"
    shown = queries.list_pages(session, claim.id)
    may_draw = bool(shown) and not desk.of_manufacturer
    boxes = review_boxes.drawn(form, material.lines, [page.number for page in shown])[0]
    pages = page_views(
        shown, material.lines, reading, f"{base}/pages", drawn=boxes if may_draw else None
    )
    windows = crops(pages)
    secret, foreign = hides_prices(session, review, desk), hides_others(review, desk)
    by_id = {row[0]: (row[1], row[2]) for row in material.rows}
    counted = preview.count(
        session,
        review=review,
        claim=claim,
        wishes=review_form.wishes(form, material.lines, material.products),
    )
    sealed = _sealed_values(facts, form) if secret else ()
    by_value = not secret and preview.pays_by_value(session, claim)
    lines = [
        line_view(
            line,
            form,
            facts.doubts,
            by_id,
            counted[line.position],
            windows,
            gettext,
            formats,
            asks_value=by_value,
        )
        for line in material.lines
    ]
    own = {line.position for line in material.lines if line.product_id is not None}
    person = session.get_one(Person, material.participant.person_id)
    hidden = desk.of_manufacturer and bool(nameless(session, [material.participant]))
    purchase = queries.find_purchase(session, claim)
    standing_label, standing_state = _standing(facts, gettext, formats)
    return ReviewView(
        id=review.id,
        number=claim.number,
        document=(purchase.number or "") if purchase else "",
        person=gettext(NAMELESS) if hidden else person.name,
        company="" if hidden else material.participant.company_name,
        standing_label=standing_label,
        standing_state=standing_state,
        cause=words.CAUSES[review.cause],
        due_at=review.due_at,
        facts=_facts(material, base, gettext, formats),
        doubts=tuple(
            doubt_view(doubt, material.lines, claim.held_reason, by_id, windows, gettext, counted)
            for doubt in facts.doubts
            if by_value or doubt.about is not About.VALUE
        ),
        lines=tuple(line for line in lines if not line.outside),
        outside=tuple(line for line in lines if line.outside and not foreign),
        pages=pages,
        paper=paper_view(reading, own=own if foreign else None, prices=not secret)
        if reading is not None and not pages
        else None,
        findings=() if secret else finding_views(reading, gettext),
        total=sum(one.points for one in counted.values()),
        lease=lease_of(session, review, desk, now),
        earlier=_earlier(
            session, material, base, gettext, secret=foreign, of_manufacturer=desk.of_manufacturer
        ),
        same=form.same,
        sold=form.sold,
        note=form.note,
        products=tuple(review_form.choice_text(sku, name) for _, sku, name in material.rows),
        workable=review.status in statuses(desk.decider)
        and not is_for_another(session, review, desk.decider),
        may_draw=may_draw,
        sealed_values=sealed,
        may_return=bool(sealed) and handing.may_return(session, review, claim),
        own_entry=entries.entered_by(session, claim) == desk.decider.person_id,
        appealed=appeals.of_review(session, review, claim, gettext),
        first=_first(session, review, desk),
        may_ask=claim.status is ClaimStatus.AWAITING_PARTNER,
        branch_id=review.branch_id,
        sent_note=claim.note,
        manual=claim.purchase_id is None,
        header=form.header,
        added=any(row.product or row.quantity for row in form.added),
        new_lines=form.added,
    )


def _sealed_values(facts: Facts, form: ReviewForm) -> tuple[int, ...]:
    """Positions whose value has to be said by somebody who may see prices."""
    asked = {doubt.position for doubt in facts.doubts if doubt.about is About.VALUE}
    changed = {n for n, line in form.lines.items() if line.worth == review_form.SAID}
    return tuple(sorted(asked | changed))


def _first(session: Session, review: Review, desk: Desk) -> FirstView | None:
    waiting = four_eyes.find_waiting(session, review.id)
    if waiting is None:
        return None
    name = session.get_one(Person, waiting.given_by).name
    mine = waiting.given_by == desk.decider.person_id
    return FirstView(name, waiting.given_at, waiting.points, mine)


def lease_of(session: Session, review: Review, desk: Desk, now: datetime) -> Lease:
    until = review.taken_until if review.taken_until and review.taken_until >= now else None
    if until is None or review.taken_by is None:
        return Lease(False, "", None, None)
    mine = review.taken_by == desk.decider.person_id
    name = "" if mine else session.get_one(Person, review.taken_by).name
    return Lease(mine, name, review.taken_at, until)


def _standing(facts: Facts, gettext: Gettext, formats: Formats) -> tuple[str, str]:
    known = facts.standing
    if known.approved == 0 and known.refused == 0:
        return gettext("pierwsze zgłoszenie"), "info"
    label = gettext("zaliczone: %(n)s") % {"n": formats.number(known.approved)}
    if known.refused and not known.trusted:
        refused = gettext("odrzucone: %(n)s") % {"n": formats.number(known.refused)}
        label = f"{label}, {refused}"
    if known.trusted:
        return f"{gettext('zaufany')}, {label}", "ok"
    return label, "plain"


def _facts(
    material: Material, base: str, gettext: Gettext, formats: Formats
) -> tuple[FactView, ...]:
    facts, earlier = material.facts, material.facts.earlier
    seller, buyer, day = words.SELLER[facts.seller], words.BUYER[facts.buyer], words.DAY[facts.day]
    date_text = formats.short_date(facts.purchased_on) if facts.purchased_on else ""
    day_text = gettext(day[0])
    if facts.purchased_on:
        day_text = date_text if day[1] == "ok" else f"{date_text}, {day_text}"
    return (
        FactView(gettext("Sprzedawca"), gettext(seller[0]), seller[1], target="seller"),
        FactView(gettext("Nabywca"), gettext(buyer[0]), buyer[1], target="buyer"),
        FactView(gettext("Zakup"), day_text, day[1], target="day"),
        FactView(
            gettext("Powtórka"),
            earlier.number if earlier else gettext("brak"),
            "bad" if earlier else "ok",
            href=f"{base}?earlier=1" if earlier else "",
        ),
    )


def _earlier(
    session: Session,
    material: Material,
    base: str,
    gettext: Gettext,
    *,
    secret: bool,
    of_manufacturer: bool,
) -> EarlierView | None:
    earlier = material.facts.earlier
    if earlier is None:
        return None
    participant = program_queries.get_participant(session, earlier.participant_id)
    person = session.get_one(Person, participant.person_id)
    hidden = of_manufacturer and bool(nameless(session, [participant]))
    shown = [] if secret else queries.list_pages(session, earlier.id)
    pages = page_views(shown, (), None, f"{base}/earlier")
    return EarlierView(
        claim_id=earlier.id,
        number=earlier.number,
        submitted_at=earlier.submitted_at,
        why=gettext(words.HELD.get(material.claim.held_reason or "", "")),
        person=gettext(NAMELESS) if hidden else f"{person.name} · {participant.company_name}",
        pages=pages,
    )
