"""`python -m demo seed`: fills an empty database with the demo programme and its half year."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from core import clock
from core.runtime import App
from demo import (
    adjusting,
    asked,
    branch_parts,
    cast,
    desk,
    fresh,
    history,
    mailed,
    orders,
    papers,
    product_codes,
    returned,
    wholesale,
    world,
)
from demo import (
    story as stories,
)
from demo.papers import Form, Order, Paper
from programs.queries import has_programs
from verification.calendar import is_working_day

SEED = 20261122
# How participants send their proofs; most by PDF from the wholesaler's mail.
FORMS = ((Form.PDF, 62), (Form.XML, 25), (Form.KSEF_PRINT, 9), (Form.RECEIPT, 4))
PHOTOS = 2
FRESH_PHOTOS = 2
# In the last days everybody comes before anybody comes twice: groups below five firms stay hidden.
LATELY = 30


def seed(app: App, *, now: datetime, days: int) -> bool:
    """Seed an empty database; False when it holds a programme already.

    The documents are made first; then everything is written in one transaction, so that a seeding
    that is stopped leaves an empty database and can be started again.
    """
    with app.database.unit_of_work() as session:
        if has_programs(session):
            return False
    started = time.monotonic()
    first_day = clock.local_date(now) - timedelta(days=days)
    plans = list(_plan(first_day, clock.local_date(now), now))
    drawn = []
    for done, paper in enumerate(papers.make_all([plan[0] for plan in plans]), start=1):
        drawn.append(paper)
        _progress("Drawing and reading documents", done, len(plans), started)
    with app.database.unit_of_work() as session:
        start = datetime.combine(first_day, datetime.min.time(), clock.WARSAW)
        made = world.build(session, at=start.astimezone(now.tzinfo), today=clock.local_date(now))
        story = stories.Story(app, made, now, Random(SEED))
        for paper, (_, number, desk_number, at) in zip(drawn, plans, strict=True):
            history.submit_paper(story, paper, number, made.desks[desk_number], at)
        _duplicate(story, drawn, plans)
        _copies(story, drawn, plans)
        story.at(
            now - timedelta(minutes=6),
            lambda s, t: desk.open_second_opinion(s, made.desks[0].clerk, t),
        )
        history.review_levels(story, start.astimezone(now.tzinfo))
        returned.add(story, plans)
        asked.play(story)
        wholesale.plan(story, start.astimezone(now.tzinfo))
        product_codes.play(story)
        adjusting.play(story)
        branch_parts.play(story)
        orders.play_recent(story)
        fresh.play(story)
        mailed.play(story)
        story.play(session)
    seconds = time.monotonic() - started
    sys.stdout.write(f"Seeded {len(plans)} claims and {story.done} events in {seconds:.0f} s.\n")
    return True


Plan = tuple[Order, int, int, datetime]


def _plan(first_day: date, today: date, now: datetime) -> Iterator[Plan]:
    """Who buys what, when; a little more each month, as a programme that is liked."""
    rng = Random(SEED)
    key = 0
    weights = [fitter.loyalty for fitter in cast.FITTERS]
    people = range(len(weights))
    second = first_day + timedelta(days=1)
    forms = [form for form, _ in FORMS]
    shares = [share for _, share in FORMS]
    came: set[int] = set()
    for offset in range((today - first_day).days + 1):
        day = first_day + timedelta(days=offset)
        lately = (today - day).days < LATELY
        if not is_working_day(day):
            continue
        many = rng.choice((0, 0, 1, 1, 1) if offset > 120 else (0, 0, 0, 1, 1))
        many += (offset > 90) * rng.choice((0, 0, 0, 1)) + (offset > 120) * rng.choice((0, 1))
        for _ in range(many):
            here = [n for n in people if world.joined_on(n, first_day, today) < max(day, second)]
            if lately:
                here = [n for n in here if n not in came] or here
            [number] = rng.choices(here, [weights[n] for n in here])
            came.update([number] if lately else ())
            [form] = rng.choices(forms, shares)
            sent = datetime.combine(day, datetime.min.time(), clock.WARSAW) + timedelta(
                hours=rng.choice((6, 7, 7, 12, 15, 16, 17, 19)), minutes=rng.randint(0, 59)
            )
            if sent.astimezone(now.tzinfo) > now:
                continue
            yield _one(rng, key, number, form, sent, lines=rng.choice((2, 3, 4, 5, 6, 8)))
            key += 1
    for (number, form, lines), sent in zip(
        desk.FRESH, desk.fresh_times(clock.local(now)), strict=True
    ):
        yield _one(rng, key, number, form, sent, lines=lines)
        key += 1
    for photo in range(PHOTOS):
        sent = datetime.combine(
            today - timedelta(days=3 + photo), datetime.min.time(), clock.WARSAW
        )
        sent += timedelta(hours=7, minutes=11 * photo)
        yield _one(rng, key, photo, Form.PHOTO, sent, lines=4)
        key += 1
    for photo in range(FRESH_PHOTOS):
        sent = clock.local(now) - timedelta(seconds=40 * (photo + 1))
        plan = _one(rng, key, 4 + photo, Form.PHOTO, sent, lines=3, read=False)
        yield plan
        key += 1


def _one(
    rng: Random,
    key: int,
    number: int,
    form: Form,
    sent: datetime,
    *,
    lines: int,
    read: bool = True,
) -> Plan:
    fitter = cast.FITTERS[number]
    sellers = [key for key, branches in cast.BRANCHES.items() for _ in branches]
    desks = [n for n, seller in enumerate(sellers) if seller == fitter.seller]
    issued_on = sent.date() - timedelta(days=rng.choice((0, 0, 1, 1, 2, 3, 6)))
    order = Order(
        key=key,
        seed=SEED + key * 7919,
        form=form,
        seller=fitter.seller,
        buyer=world.party_of(number),
        issued_on=issued_on,
        lines=lines,
        read=read,
    )
    return order, number, rng.choice(desks), sent


def _duplicate(story: stories.Story, drawn: list[Paper], plans: list[Plan]) -> None:
    """Some people send the same invoice twice, some send a colleague's."""
    chosen = [n for n, plan in enumerate(plans) if plan[0].form is Form.PDF][10::45]
    for index in chosen:
        order, number, desk, at = plans[index]
        other = (number + 1) % len(story.world.participants)
        later = at + timedelta(days=1, minutes=9)
        here = later >= story.world.participants[other][1].enrolled_at
        sender = other if here and order.key % 2 == 0 else number
        history.submit_paper(story, drawn[index], sender, story.world.desks[desk], later)


def _copies(story: stories.Story, drawn: list[Paper], plans: list[Plan]) -> None:
    """Today two people sent invoices that somebody had sent before."""
    chosen = [
        n for n, plan in enumerate(plans) if plan[0].form is Form.PDF and plan[0].seller == "cekao"
    ]
    for place, index in enumerate(chosen[-12:-8:2]):
        _, number, desk_number, _ = plans[index]
        later = story.now - timedelta(minutes=50 + 97 * place)
        other = 4 if number != 4 else 5
        history.submit_paper(story, drawn[index], other, story.world.desks[desk_number], later)


def _progress(what: str, done: int, of: int, started: float) -> None:
    if sys.stdout.isatty():
        bar = "█" * (30 * done // of)
        sys.stdout.write(f"\r{what} {bar:<30} {done}/{of} {time.monotonic() - started:.0f} s ")
        sys.stdout.flush()
    elif done == of:
        sys.stdout.write(f"{what}: {done} in {time.monotonic() - started:.0f} s.\n")
