"""Segments, levels and rehearsals by their pages: who may, what is said, what is kept."""

from __future__ import annotations

import html
import io
from datetime import timedelta
from decimal import Decimal

import pdfplumber
import pytest
from sqlmodel import select

from accounts import grants
from accounts.roles import Grant, Role, scope_of
from accounts.tables import Person
from analytics.groups import Group
from claims import levels
from core import clock
from core.runtime import App
from programs import rule_drafts, segments
from programs.policy import Ladder, Level, PerUnit, Rules
from programs.rehearsal_tables import Rehearsal
from programs.segment_tables import Segment, SegmentMember
from programs.tables import Participant
from tests import make
from tests.analytics.scene import Scene
from tests.web.conftest import Browser, SignIn
from web.api import rules as rules_api
from web.views import rehearsals as rehearsal_views
from web.views import segments as views

RULES = Rules(
    base=(PerUnit(clause="Nova", points=Decimal(10)),),
    ladder=Ladder(
        levels=(
            Level(name="Srebrny", at_least=Decimal(500)),
            Level(name="Złoty", at_least=Decimal(5_000)),
        )
    ),
    tier_factors={"Złoty": Decimal("1.2")},
)


@pytest.mark.parametrize(
    ("sizes", "said"),
    [
        # Eighteen in all: with seven and nine shown, two would be left.
        ({"": 7, "Srebrny": 2, "Złoty": 9}, ["≥ 5", "< 5", "9"]),
        ({"": 3, "Srebrny": 4, "Złoty": 9}, ["< 5", "< 5", "9"]),
        ({"": 7, "Srebrny": 8, "Złoty": 0}, ["7", "8", "0"]),
    ],
)
def test_a_small_level_cannot_be_found_by_subtraction(
    sizes: dict[str, int], said: list[str]
) -> None:
    groups = [Group(name, firms) for name, firms in sizes.items()]
    rows = views.levels(RULES, groups, say=str, language="pl")
    assert [row.firms.replace("<\u00a0", "< ").replace("≥\u00a0", "≥ ") for row in rows] == said


def test_a_segment_by_attributes_is_made_and_described(
    app: App, found: Scene, manager: Browser
) -> None:
    facts = {"name": "Wielkopolska", "kind": "attributes", "voivodeships": ["30"], "firm_from": "1"}
    made = manager.form("/segments", facts)
    assert made.status_code == 303
    page = manager.get(made.headers["location"]).text
    assert "województwo: wielkopolskie" in page
    assert "/members" not in page
    assert "Wielkopolska" in manager.get("/segments").text
    again = manager.form("/segments", facts)
    assert again.status_code == 409
    with app.database.unit_of_work() as session:
        assert len(session.exec(select(Segment)).all()) == 1


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": "", "kind": "list"}, "name"),
        ({"name": "Wszyscy", "kind": "attributes"}, "conditions"),
        ({"name": "Duże", "kind": "attributes", "firm_from": "dużo"}, "firm_from"),
        ({"name": "Duże", "kind": "attributes", "firm_from": "5", "firm_to": "2"}, "firm_to"),
    ],
)
def test_a_wrong_segment_names_its_field_and_is_not_made(
    app: App, found: Scene, manager: Browser, facts: dict[str, str], field: str
) -> None:
    answer = manager.form("/segments", facts)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    with app.database.unit_of_work() as session:
        assert session.exec(select(Segment)).all() == []


def test_a_list_takes_only_firms_that_agreed_and_tells_nothing_of_the_others(
    app: App, found: Scene, manager: Browser
) -> None:
    made = manager.form("/segments", {"name": "Wybrani", "kind": "list"})
    path = made.headers["location"]
    agreed, silent = found.firms[0], found.firms[-1]
    assert manager.form(f"{path}/members", {"nips": " "}).status_code == 422
    sent = manager.form(f"{path}/members", {"nips": f"{agreed.nip}\n{silent.nip}, 1234567890"})
    assert sent.status_code == 303
    with app.database.unit_of_work() as session:
        assert session.exec(select(SegmentMember.participant_id)).all() == [agreed.id]
    page = manager.get(path).text
    # The one who takes part without consent is named together with the stranger.
    assert f"{silent.nip}, 1234567890" in page
    assert agreed.company_name in page
    assert manager.form(f"{path}/members/{agreed.id}/removal").status_code == 303
    assert agreed.company_name not in manager.get(path).text


def test_an_analyst_reads_segments_and_changes_none(
    app: App, found: Scene, place: str, sign_in: SignIn
) -> None:
    analyst = sign_in(Role.ANALYST, scope=place)
    assert analyst.get("/segments").status_code == 200
    assert analyst.get("/segments/new").status_code == 404
    assert analyst.form("/segments", {"name": "X", "kind": "list"}).status_code == 404
    with app.database.unit_of_work() as session:
        assert session.exec(select(Segment)).all() == []


def test_a_segment_of_another_programme_is_not_found(
    app: App, found: Scene, manager: Browser
) -> None:
    with app.database.unit_of_work() as session:
        other = make.world(session)
        foreign = segments.create(
            session, program_id=other.program.id, name="Obcy", author="person:x", at=clock.now()
        )
    assert manager.get(f"/segments/{foreign.id}").status_code == 404
    assert manager.form(f"/segments/{foreign.id}/archival").status_code == 404


def test_two_segments_on_the_page_do_not_give_a_small_cohort_away(
    app: App, found: Scene, manager: Browser
) -> None:
    with app.database.unit_of_work() as session:
        people = session.exec(
            select(Participant).where(Participant.program_id == found.world.program.id)
        ).all()
        firms = sorted({one.nip for one in people})
        where = {nip: ("02" if at == 0 else "30") for at, nip in enumerate(firms)}
        for one in people:
            one.voivodeship = where[one.nip]
            session.add(one)
    assert len(firms) >= 6, "one firm apart from five or more"
    for name, places in (("Zachód", ["30"]), ("Zachód i reszta", ["30", "02"]), ("Reszta", ["02"])):
        facts = {"name": name, "kind": "attributes", "voivodeships": places}
        path = manager.form("/segments", facts).headers["location"]
        said = "<\u00a05" if name == "Reszta" else "≥\u00a05"
        assert said in html.unescape(manager.get(path).text)
        # What is in the archive was seen: it still counts.
        manager.form(f"{path}/archival")


def test_a_rehearsal_is_asked_for_once_and_shows_its_progress(
    app: App, found: Scene, manager: Browser, place: str, sign_in: SignIn
) -> None:
    path = f"/rules/{found.world.rules.id}/rehearsals"
    asked = manager.form(path)
    assert asked.status_code == 303
    assert manager.form(path).headers["location"] == asked.headers["location"]
    page = manager.get(asked.headers["location"]).text
    assert 'hx-trigger="every 2s"' in page
    assert "Zgłoszenia: 0 z 1." in page.replace("\u00a0", " ")
    with app.database.unit_of_work() as session:
        assert len(session.exec(select(Rehearsal)).all()) == 1
    analyst = sign_in(Role.ANALYST, scope=place)
    assert analyst.get(asked.headers["location"]).status_code == 200
    assert analyst.form(path).status_code == 404


def test_a_rehearsal_names_who_agreed_and_counts_no_few(found: Scene) -> None:
    agreed, silent = found.firms[0], found.firms[-1]
    made = {
        "claims": 30, "lines": 90, "points": 900, "points_then": 1_200, "cut_lines": 0,
        "budget_ends_on": None, "budget_ended": False, "gaining": 2, "losing": 0, "same": 12,
        "most_gaining": [[str(silent.id), 200], [str(agreed.id), 100]], "most_losing": [],
        "families": [], "months": [], "levels": {"": 11, "Srebrny": 3}, "withheld": [],
    }  # fmt: skip
    seen = rehearsal_views.result(
        Rehearsal(rules=RULES.model_dump(mode="json"), result=made),
        cost_per_point=None,
        firms={agreed.id: "Prądex"},
        language="pl",
    )
    assert [name for name, _ in seen.most_gaining] == ["Prądex"]
    # Fourteen took part: two of them could be what is left.
    assert (seen.gaining, seen.losing, seen.same) == ("<\u00a05", "0", "≥\u00a05")
    assert [people for _, people in seen.levels] == ["≥\u00a05", "<\u00a05", "0"]


def test_a_participant_sees_the_way_to_the_next_level(app: App, sign_in: SignIn) -> None:
    with app.database.unit_of_work() as session:
        of = make.world(session, rules=RULES)
        member = of.participant
        person = session.get_one(Person, member.person_id)
        place = scope_of("program", of.program.id)
        grants.grant(
            session,
            person_id=person.id,
            grant=Grant(Role.PARTICIPANT, place),
            by="person:test",
            at=clock.now(),
        )
    browser = sign_in(person=person)
    start = browser.get("/start").text.replace("\u00a0", " ")
    assert "do poziomu Srebrny: 500 pkt" in start
    page = browser.get("/level").text.replace("\u00a0", " ")
    assert "Poziom „Złoty”: co najmniej 5 000 pkt z ostatnich 365 dni. Punkty × 1,2." in page
    assert "Pierwszy poziom dopiero przed Tobą." in page
    with app.database.unit_of_work() as session:
        assert levels.review_program(session, of.program, at=clock.now() + timedelta(1)) == []
        assert rule_drafts.list_versions(session, of.program.id)[0].number == 1


@pytest.mark.parametrize("language", ["pl", "en"])
def test_the_terms_are_printed_from_the_version_that_judges(
    found: Scene, manager: Browser, browser: Browser, language: str
) -> None:
    own = manager.get(f"/rules/{found.world.rules.id}/terms.pdf?language={language}")
    public = browser.get(f"/terms/{found.world.program.slug}/{language}.pdf")
    for answer in (own, public):
        assert answer.headers["content-type"] == "application/pdf"
        with pdfplumber.open(io.BytesIO(answer.content)) as paper:
            text = " ".join(page.extract_text() for page in paper.pages)
        assert "Osprzęt Nova" in text
        assert ("Jak liczymy" if language == "pl" else "How we count") in text


def test_programs_read_versions_and_levels_and_strangers_do_not(
    found: Scene, manager: Browser, browser: Browser
) -> None:
    [version] = manager.get("/api/v1/rules/versions").json()
    assert (version["number"], version["in_force"]) == (1, True)
    detail = manager.get(f"/api/v1/rules/versions/{version['id']}").json()
    assert detail["rules"]["base"][0]["clause"] == "Osprzęt Nova"
    assert "15 pkt za sztukę" in detail["sentences"]["base"][0]
    assert manager.get("/api/v1/rules/levels").json() == []
    sizes = [Group("", 7), Group("Srebrny", 2), Group("Złoty", 9)]
    # With those without a level known, Srebrny would be what is left of all.
    assert [one.firms for one in rules_api.levels_out(RULES, sizes)] == [None, 9]
    sizes[0] = Group("", 20)
    assert [one.firms for one in rules_api.levels_out(RULES, sizes)] == [None, None]
    assert browser.get("/api/v1/rules/versions").status_code == 401
