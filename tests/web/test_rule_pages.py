"""Changing a programme's rules by its pages: written by one person, published by another."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, fields
from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import col, select

from accounts.roles import Role
from core.runtime import App
from programs.policy import (
    Budget,
    Bundle,
    BundlePart,
    Campaign,
    Cap,
    Every,
    FirstPurchase,
    Joining,
    Ladder,
    Level,
    Multiplier,
    PerUnit,
    PerValue,
    Rules,
    Selection,
    Stacking,
    Target,
)
from programs.rule_tables import RuleStatus, RuleVersion
from programs.tables import Program
from tests.analytics.scene import Scene
from tests.web.conftest import Browser, SignIn
from web import rule_form, rule_rows

RULES = {
    "valid_from": "2031-01-01",
    "note": "Nowy rok",
    "cap": "",
    "base-0-clause": "Osprzęt Nova",
    "base-0-points": "14,5",
    "base-0-units": "1",
    "base-0-families": ["Nova"],
    "base-0-skus": "",
    "campaign-0-clause": "Start",
    "campaign-0-starts_on": "2031-01-07",
    "campaign-0-ends_on": "2031-01-20",
    "campaign-0-factor": "2",
    "campaign-0-bonus": "0",
    "campaign-0-families": ["Nova"],
    "campaign-0-skus": "",
}


def start_draft(browser: Browser, found: Scene) -> str:
    made = browser.form(f"/rules/{found.world.rules.id}/drafts")
    assert made.status_code == 303
    return str(made.headers["location"]).removesuffix("/edit")


def version_of(app: App, path: str) -> RuleVersion:
    with app.database.unit_of_work() as session:
        return session.exec(
            select(RuleVersion).where(col(RuleVersion.id) == path.rsplit("/", 1)[1])
        ).one()


def test_one_person_writes_the_rules_and_another_publishes(
    app: App, found: Scene, manager: Browser, place: str, sign_in: SignIn
) -> None:
    path = start_draft(manager, found)
    assert manager.form(path, RULES).status_code == 303
    assert version_of(app, path).valid_from == date(2031, 1, 1)
    own = manager.form(f"{path}/publication")
    assert own.status_code == 403
    assert version_of(app, path).status is RuleStatus.DRAFT
    assert f'action="{path}/publication"' not in manager.get(path).text
    second = sign_in(Role.PROGRAM_MANAGER, scope=place)
    assert f'action="{path}/publication"' in second.get(path).text
    assert second.form(f"{path}/publication").status_code == 303
    assert version_of(app, path).status is RuleStatus.PUBLISHED
    assert second.form(path, RULES).status_code in (403, 409)


def test_an_operator_may_publish_and_an_analyst_may_not(
    app: App, found: Scene, manager: Browser, place: str, sign_in: SignIn
) -> None:
    path = start_draft(manager, found)
    manager.form(path, RULES)
    assert sign_in(Role.ANALYST, scope=place).form(f"{path}/publication").status_code == 404
    assert version_of(app, path).status is RuleStatus.DRAFT
    assert sign_in(Role.OPERATOR).form(f"{path}/publication").status_code == 303
    assert version_of(app, path).status is RuleStatus.PUBLISHED


def test_a_past_day_is_not_published(
    app: App, found: Scene, manager: Browser, sign_in: SignIn
) -> None:
    path = start_draft(manager, found)
    manager.form(path, RULES | {"valid_from": "2020-01-01"})
    assert sign_in(Role.OPERATOR).form(f"{path}/publication").status_code == 422
    assert version_of(app, path).status is RuleStatus.DRAFT


def test_the_example_shows_a_real_line_under_what_is_typed(
    app: App, found: Scene, manager: Browser
) -> None:
    path = start_draft(manager, found)
    before = version_of(app, path).rules
    answer = manager.form(f"{path}/example", RULES, headers={"hx-request": "true"})
    text = answer.text.replace("\u00a0", " ")
    assert "<h1" not in text
    assert "60 szt" in text
    assert '<b class="num">900</b>' in text
    assert '<b class="num">870</b>' in text
    assert '<b class="num">1 740</b>' in text
    assert version_of(app, path).rules == before
    page = manager.form(f"{path}/example", RULES)
    assert 'value="14,5"' in page.text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("base-0-points", "dużo"),
        ("base-0-units", "0"),
        ("base-0-clause", ""),
        ("campaign-0-ends_on", "2031-01-01"),
        ("campaign-0-factor", "0,5"),
        ("cap", "1,5"),
        ("valid_from", "jutro"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_saved(
    app: App, found: Scene, manager: Browser, field: str, value: str
) -> None:
    path = start_draft(manager, found)
    before = version_of(app, path).rules
    answer = manager.form(path, RULES | {field: value})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert version_of(app, path).rules == before


def test_rows_are_added_and_removed_without_script(found: Scene, manager: Browser) -> None:
    path = start_draft(manager, found)
    more = manager.form(path, RULES | {"add": "base"})
    assert more.status_code == 200
    assert 'name="base-1-clause"' in more.text
    fewer = manager.form(f"{path}/example", RULES | {"campaign-0-removed": "1"})
    assert 'name="campaign-0-clause"' not in fewer.text


NOVA = Selection(families=("Nova",), skus=("VX-B24", "VX-B36"))


EVERY_KIND = Rules(
    base=(
        PerUnit(clause="m", points=Decimal("0.5"), units=Decimal(100), products=NOVA),
        PerValue(clause="zł", points=Decimal(1), zloty=Decimal(10)),
    ),
    multipliers=(
        Multiplier(clause="x", factor=Decimal("1.5"), products=NOVA, stacking=Joining.MULTIPLIES),
    ),
    campaigns=(
        Campaign(
            clause="Jesień",
            starts_on=date(2031, 9, 1),
            ends_on=date(2031, 11, 30),
            factor=Decimal(2),
            bonus_per_unit=Decimal("0.25"),
            products=NOVA,
            partner_nips=("5210000000",),
            segments=("slask", "duze"),
            tiers=("Złoty",),
            stacking=Stacking.EXCLUSIVE,
        ),
    ),
    bonuses=(
        FirstPurchase(
            clause="Start", key="Start", points=Decimal(50), products=NOVA, segments=("slask",)
        ),
        Bundle(
            clause="Komplet",
            key="0001",
            points=Decimal(40),
            parts=(
                BundlePart(products=NOVA, units=Decimal(2)),
                BundlePart(products=Selection(families=("Box",))),
            ),
            most=3,
            stacking=Stacking.EXCLUSIVE,
        ),
        Target(
            clause="Cel",
            key="Dawny cel",
            points=Decimal(500),
            units=Decimal("99.5"),
            every=Every.YEAR,
            segments=("duze",),
        ),
    ),
    ladder=Ladder(
        window_days=180,
        rise="month",
        sink=Every.YEAR,
        levels=(
            Level(name="Srebrny", at_least=Decimal(1_000)),
            Level(name="Złoty", at_least=Decimal(5_000)),
        ),
    ),
    tier_factors={"Złoty": Decimal("1.2")},
    cap_per_line=700,
    participant_caps=(Cap(points=900), Cap(points=5_000, every=Every.YEAR)),
    budget=Budget(points=100_000, every=Every.QUARTER),
)


def test_every_kind_of_rule_is_shown_sent_and_kept_as_it_was() -> None:
    form = rule_form.shown(EVERY_KIND, valid_from=date(2031, 1, 1), note="Wszystko")
    sent: dict[str, list[str]] = {}
    for name, value in asdict(form).items():
        if not isinstance(value, tuple):
            sent[name] = [str(value)]
    rows = [row for value in (getattr(form, f.name) for f in fields(form)) for row in value
            if isinstance(value, tuple)]  # fmt: skip
    numbers: Counter[str] = Counter()
    for row in rows:
        for name, value in asdict(row).items():
            texts = list(value) if isinstance(value, tuple) else [value]
            sent[f"{row.noun}-{numbers[row.noun]}-{name}"] = [
                "1" if t is True else t or "" for t in texts
            ]
        numbers[row.noun] += 1
    again = rule_form.typed(sent)
    assert again == form
    assert again.rules() == EVERY_KIND
    assert set(numbers) == {kind.noun for kind in rule_rows.KINDS}
    # Its author says that it is a new one; a row that was added is one as well.
    fresh = rule_form.typed(sent | {"target-0-fresh": ["1"], "first-0-key": [""]}).rules()
    both = zip(fresh.bonuses, EVERY_KIND.bonuses, strict=True)
    assert [one.key == old.key for one, old in both] == [False, True, False]
    assert all(one.key for one in fresh.bonuses)


MORE = {
    "limit-0-points": "5000",
    "limit-0-every": "month",
    "budget": "100000",
    "budget_every": "year",
    "level-0-clause": "Srebrny",
    "level-0-at_least": "1000",
    "level-0-factor": "1,1",
    "target-0-clause": "Setka",
    "target-0-points": "500",
    "target-0-units": "100",
    "target-0-every": "quarter",
    "target-0-skus": "VX-N210",
    "first-0-clause": "Na start",
    "first-0-points": "50",
}


def test_bonuses_levels_and_limits_are_typed_and_said_back(
    app: App, found: Scene, manager: Browser
) -> None:
    path = start_draft(manager, found)
    assert manager.form(path, RULES | MORE).status_code == 303
    kept = Rules.model_validate(version_of(app, path).rules)
    assert kept.budget == Budget(points=100_000, every=Every.YEAR)
    assert [type(bonus).__name__ for bonus in kept.bonuses] == ["FirstPurchase", "Target"]
    page = manager.get(path).text.replace("\u00a0", " ")
    assert "500 pkt, gdy zaliczone zakupy w kwartale osiągną 100 szt." in page
    assert "Cała faktura" in page


@pytest.mark.parametrize(
    ("field", "more", "words"),
    [
        ("target-0-clause", {"target-0-clause": "Osprzęt Nova"}, "własną"),
        ("target-0-skus", {"target-0-skus": "VX-N210, BRAK-1"}, "BRAK-1"),
        ("target-0-units", {"target-0-units": "wiele"}, "jednostek"),
        ("level-0-at_least", {"level-0-at_least": ""}, "próg"),
        ("limit-0-points", {"limit-0-points": "-5"}, "punkty"),
        ("budget", {"budget": "12,5"}, "pełną"),
        ("bundle-0-skus1", {"bundle-0-clause": "Komplet", "bundle-0-points": "5"}, "dwie"),
    ],
)
def test_a_fault_of_a_bonus_a_level_or_a_limit_is_named_beside_what_was_typed(
    app: App, found: Scene, manager: Browser, field: str, more: dict[str, str], words: str
) -> None:
    path = start_draft(manager, found)
    before = version_of(app, path).rules
    answer = manager.form(path, RULES | MORE | more)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert words in answer.text
    assert 'value="Na start"' in answer.text
    assert version_of(app, path).rules == before


def test_points_by_value_need_partners_who_share_prices(
    app: App, found: Scene, manager: Browser
) -> None:
    path = start_draft(manager, found)
    before = version_of(app, path).rules
    by_value = RULES | {"base-0-per": "value", "base-0-units": "10"}
    assert manager.form(path, by_value).status_code == 409
    assert version_of(app, path).rules == before
    with app.database.unit_of_work() as session:
        program = session.get_one(Program, found.world.program.id)
        program.settings = {**program.settings, "prices_visible": True}
        session.add(program)
    assert manager.form(path, by_value).status_code == 303
    assert version_of(app, path).rules["base"][0]["kind"] == "per_value"


def test_a_draft_is_removed_by_its_author_only(
    app: App, found: Scene, manager: Browser, place: str, sign_in: SignIn
) -> None:
    path = start_draft(manager, found)
    other = sign_in(Role.PROGRAM_MANAGER, scope=place)
    assert other.form(f"{path}/removal").status_code == 403
    assert manager.form(f"{path}/removal").status_code == 303
    assert manager.get(path).status_code == 404
    # Where no version stands yet, the page of the rules begins with one rate for everything.
    first = manager.form("/rules")
    assert first.status_code == 303
    assert "Wszystkie produkty" in manager.get(first.headers["location"]).text


def test_everybody_reads_the_terms_of_today(found: Scene, browser: Browser) -> None:
    slug = found.world.program.slug
    polish = browser.get(f"/terms/{slug}", headers={"accept-language": "pl"}).text
    english = browser.get(f"/terms/{slug}", headers={"accept-language": "en"}).text
    assert "Osprzęt Nova" in polish
    assert "15 pkt za sztukę" in polish
    assert "15 pts per piece" in english
    assert browser.get("/terms/nie-ma").status_code == 404
