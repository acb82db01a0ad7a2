"""Drafts: one person writes, another publishes; nothing begins in the past."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlmodel import Session, select

from analytics import rule_trials
from core.db import Database
from core.errors import Invalid
from programs import rule_drafts, rule_review, service, terms
from programs.policy import (
    Budget,
    Bundle,
    BundlePart,
    Campaign,
    Cap,
    Every,
    FirstPurchase,
    Ladder,
    Level,
    PerUnit,
    Rules,
    Selection,
    Stacking,
    Target,
)
from programs.rule_review import FindingKind, Named
from programs.rule_tables import RuleStatus, RuleVersion
from programs.settings import ProgramSettings
from programs.terms import TermsFacts
from tests import make
from tests.analytics import scene as scenes
from tests.conftest import NOON
from tests.make import World

AUTHOR, SECOND = "person:author", "person:second"
FUTURE = date(2027, 1, 1)


@pytest.fixture
def of(session: Session) -> World:
    return make.world(session)


def draft(session: Session, of: World) -> RuleVersion:
    return rule_drafts.start(session, like=of.rules, author=AUTHOR, at=NOON)


RULES = Rules(
    base=(
        PerUnit(clause="Nova", points=Decimal(20), products=Selection(families=("Nova",))),
        PerUnit(clause="Wszystko", points=Decimal(1)),
    )
)


def test_a_draft_begins_as_a_copy_from_the_first_of_next_month(session: Session, of: World) -> None:
    made = draft(session, of)
    assert made.rules == of.rules.rules
    assert made.valid_from == date(2026, 12, 1)
    assert (made.number, made.status) == (2, RuleStatus.DRAFT)


def test_the_author_cannot_publish_and_nothing_changes(session: Session, of: World) -> None:
    made = draft(session, of)
    with pytest.raises(service.OwnRules):
        rule_drafts.publish(session, made, publisher=AUTHOR, at=NOON)
    session.refresh(made)
    assert (made.status, made.published_by) == (RuleStatus.DRAFT, None)


def test_a_second_person_publishes_and_the_day_decides(session: Session, of: World) -> None:
    made = draft(session, of)
    rule_drafts.publish(session, made, publisher=SECOND, at=NOON)
    today = rule_drafts.find_in_force(session, program_id=of.program.id, on=date(2026, 11, 30))
    later = rule_drafts.find_in_force(session, program_id=of.program.id, on=date(2026, 12, 1))
    assert (today, later) == (of.rules, made)


@pytest.mark.parametrize("day", [date(2026, 11, 20), date(2026, 1, 1)])
def test_rules_never_begin_today_or_in_the_past(session: Session, of: World, day: date) -> None:
    made = draft(session, of)
    rule_drafts.save(session, made, rules=RULES, valid_from=day, note="", editor=AUTHOR)
    with pytest.raises(rule_drafts.StartsTooEarly):
        rule_drafts.publish(session, made, publisher=SECOND, at=NOON)
    assert made.status is RuleStatus.DRAFT


def test_two_versions_never_begin_on_the_same_day(session: Session, of: World) -> None:
    first, second = draft(session, of), draft(session, of)
    rule_drafts.publish(session, first, publisher=SECOND, at=NOON)
    with pytest.raises(rule_drafts.DayTaken):
        rule_drafts.publish(session, second, publisher=SECOND, at=NOON)


def test_only_the_author_changes_or_removes_a_draft(session: Session, of: World) -> None:
    made = draft(session, of)
    with pytest.raises(rule_drafts.NotYourDraft):
        rule_drafts.save(session, made, rules=RULES, valid_from=FUTURE, note="", editor=SECOND)
    with pytest.raises(rule_drafts.NotYourDraft):
        rule_drafts.discard(session, made, editor=SECOND)
    assert made.rules == of.rules.rules
    rule_drafts.discard(session, made, editor=AUTHOR)
    assert session.exec(select(RuleVersion).where(RuleVersion.id == made.id)).first() is None


def test_a_published_version_is_closed(session: Session, of: World) -> None:
    with pytest.raises(service.NotADraft):
        rule_drafts.save(session, of.rules, rules=RULES, valid_from=FUTURE, note="", editor=AUTHOR)


def test_rules_without_a_rate_are_refused(session: Session, of: World) -> None:
    made = draft(session, of)
    with pytest.raises(Invalid):
        rule_drafts.save(
            session, made, rules=Rules(base=()), valid_from=FUTURE, note="", editor=AUTHOR
        )


def test_another_programmes_version_is_not_found(session: Session, of: World) -> None:
    other = make.world(session)
    with pytest.raises(rule_drafts.RuleVersionNotFound):
        rule_drafts.get_version(session, program_id=of.program.id, version_id=other.rules.id)


PRODUCTS = [Named("N1", "Nova"), Named("N2", "Nova"), Named("B1", "Box"), Named("M1", "MCB")]


def test_the_review_says_which_rule_wins_and_who_gets_nothing() -> None:
    nova, box = Selection(families=("Nova",)), Selection(families=("Box",))
    rules = Rules(
        base=(
            PerUnit(clause="A", points=Decimal(1), products=nova),
            PerUnit(clause="B", points=Decimal(2), products=Selection(skus=("N1",))),
            PerUnit(clause="C", points=Decimal(3), products=Selection(skus=("N2", "B1"))),
            PerUnit(clause="D", points=Decimal(4), products=Selection(families=("Brak",))),
        ),
        campaigns=(
            Campaign(
                clause="E", starts_on=date(2026, 1, 1), ends_on=date(2026, 1, 31), products=box
            ),
        ),
    )
    found = rule_review.findings(rules, PRODUCTS, valid_from=date(2026, 12, 1))
    assert {(f.kind, f.clause, f.number) for f in found} == {
        (FindingKind.SHADOWED, "B", 1),
        (FindingKind.OVERLAPS, "C", 1),
        (FindingKind.NO_PRODUCT, "D", 0),
        (FindingKind.NO_EFFECT, "E", 0),
        (FindingKind.OVER, "E", 0),
        (FindingKind.UNPAID, "", 1),
    }


def test_changes_are_told_by_family_and_rate() -> None:
    before = Rules(base=(PerUnit(clause="A", points=Decimal(1)),))
    after = Rules(
        base=(
            PerUnit(clause="N", points=Decimal(3), products=Selection(families=("Nova",))),
            PerUnit(clause="A", points=Decimal(1)),
        )
    )
    [change] = rule_review.changes(before, after, PRODUCTS, on=FUTURE)
    assert (change.family, change.before, change.after, change.products) == ("Nova", 1, 3, 2)


def facts(of: World, rules: Rules) -> TermsFacts:
    return TermsFacts(
        program_name=of.program.name,
        organiser="Voltex S.A.",
        starts_on=of.program.starts_on,
        ends_on=of.program.ends_on,
        claim_until=of.program.claim_until,
        redeem_until=of.program.redeem_until,
        settings=ProgramSettings(),
        number=2,
        valid_from=FUTURE,
        rules=rules,
        partners={"5252525252": "Elmet"},
    )


FULL = Rules(
    base=(
        PerUnit(clause="Osprzęt", points=Decimal("12.5"), products=Selection(families=("Nova",))),
        PerUnit(clause="Kable", points=Decimal(3), units=Decimal(100)),
    ),
    campaigns=(
        Campaign(
            clause="Zima",
            starts_on=date(2027, 1, 10),
            ends_on=date(2027, 1, 20),
            factor=Decimal(2),
            bonus_per_unit=Decimal(5),
            partner_nips=("5252525252",),
            stacking=Stacking.EXCLUSIVE,
        ),
        Campaign(
            clause="Styczeń",
            starts_on=date(2027, 1, 1),
            ends_on=date(2027, 1, 31),
            factor=Decimal("1.5"),
        ),
    ),
    bonuses=(
        FirstPurchase(clause="Start", points=Decimal(111)),
        Bundle(
            clause="Komplet",
            points=Decimal(222),
            parts=(
                BundlePart(products=Selection(families=("Box",))),
                BundlePart(products=Selection(families=("Nova",)), units=Decimal(12)),
            ),
            most=3,
        ),
        Target(
            clause="Cel",
            points=Decimal(333),
            units=Decimal(444),
            every=Every.QUARTER,
            segments=("slask",),
            stacking=Stacking.EXCLUSIVE,
        ),
    ),
    ladder=Ladder(
        window_days=270,
        sink=Every.YEAR,
        levels=(
            Level(name="Srebrny", at_least=Decimal(1_555)),
            Level(name="Złoty", at_least=Decimal(6_666)),
        ),
    ),
    tier_factors={"Złoty": Decimal("1.2")},
    cap_per_line=5_000,
    participant_caps=(Cap(points=77_777, every=Every.MONTH),),
    budget=Budget(points=888_888),
)


ALL_NUMBERS = ["111", "222", "12 × ", "333", "444", "270", "555", "666", "777", "888"]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "pl",
            [
                "12,5",
                "za każde 100",
                "× 2",
                "Elmet",
                "Złoty",
                "5 000",
                "10 stycznia 2027",
                *ALL_NUMBERS,
            ],
        ),
        (
            "en",
            [
                "12.5",
                "for every 100",
                "× 2",
                "Elmet",
                "Złoty",
                "5,000",
                "10 January 2027",
                *ALL_NUMBERS,
            ],
        ),
    ],
)
def test_the_terms_say_every_number_that_judges(
    session: Session, of: World, language: str, words: list[str]
) -> None:
    chapters = terms.chapters(facts(of, FULL), language=language)
    text = " ".join(point for chapter in chapters for point in chapter.points)
    text = text.replace("\u00a0", " ")
    assert [word for word in words if word not in text] == []
    assert "%(" not in text


def test_english_terms_hold_no_polish_sentence(of: World) -> None:
    polish = terms.chapters(facts(of, FULL), language="pl")
    english = terms.chapters(facts(of, FULL), language="en")
    assert len(polish) == len(english)
    for ours, theirs in zip(polish, english, strict=True):
        assert ours.title != theirs.title
        assert len(ours.points) == len(theirs.points)
        assert not set(ours.points) & set(theirs.points)


@pytest.mark.parametrize("language", ["pl", "en"])
def test_the_card_is_three_steps_of_at_most_120_words(of: World, language: str) -> None:
    steps = terms.card(facts(of, FULL), language=language)
    assert len(steps) == 3
    assert sum(len(f"{step.title} {step.text}".split()) for step in steps) <= 120


def test_past_lines_are_tried_on_the_first_day_and_in_each_promotion(session: Session) -> None:
    found = scenes.scene(session)
    scenes.bought(session, found, sockets=10, boards=2)
    lines = rule_trials.past_lines(
        session, found.world.program.id, today=NOON.date() + timedelta(days=1)
    )
    assert [(line.family, line.units, line.points) for line in lines] == [
        ("Box", Decimal(2), 480),
        ("Nova", Decimal(10), 150),
    ]
    [box, nova] = [rule_trials.try_on(FULL, line, valid_from=FUTURE) for line in lines]
    assert [(t.on, t.award.points) for t in nova] == [
        (date(2027, 1, 1), 188),
        (date(2027, 1, 10), 188),
    ]
    assert len(box) == 2


def test_a_rehearsal_writes_nothing_and_compares_with_what_was_paid(session: Session) -> None:
    found = scenes.scene(session)
    for firm in found.firms:
        scenes.bought(session, found, firm, sockets=10)
    doubled = Rules(
        base=(PerUnit(clause="N", points=Decimal(30), products=Selection(families=("Nova",))),)
    )
    before = session.new | session.dirty
    seen = rule_trials.rehearse(
        session,
        found.world.program.id,
        rules=doubled,
        valid_from=FUTURE,
        today=NOON.date() + timedelta(days=1),
    )
    assert (seen.lines, seen.points, seen.points_then) == (6, 900, 1_800)
    assert (seen.gaining, seen.losing, seen.same) == (6, 0, 0)
    assert session.new | session.dirty == before


def test_drafts_written_at_once_get_numbers_of_their_own(real_database: Database) -> None:
    with real_database.unit_of_work() as session:
        place = make.world(session)

    def write(author: int) -> int:
        with real_database.unit_of_work() as session:
            made = service.draft_rules(
                session,
                program_id=place.program.id,
                rules=RULES,
                valid_from=FUTURE,
                author=f"person:{author}",
                at=NOON,
            )
            return made.number

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(write, range(8))) == list(range(2, 10))
